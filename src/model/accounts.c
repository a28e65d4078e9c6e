// SPDX-License-Identifier: GPL-2.0-or-later
/* Uses of memory from meminfo, zoneinfo and vmallocinfo. */
#include "model/accounts.h"

static const struct {
	const char *name, *label;
} names[ACC_COUNT] = {
	[ACC_FREE] = { "free", "free memory" },
	[ACC_PER_CPU_LISTS] = { "per_cpu_lists", "per-CPU lists" },
	[ACC_PAGE_CACHE] = { "page_cache", "page cache" },
	[ACC_SHMEM] = { "shmem", "shared memory" },
	[ACC_ANON] = { "anon", "anonymous memory" },
	[ACC_SLAB_RECLAIMABLE] = { "slab_reclaimable", "reclaimable slab" },
	[ACC_SLAB_UNRECLAIMABLE] = { "slab_unreclaimable", "unreclaimable slab" },
	[ACC_VMALLOC] = { "vmalloc", "vmalloc" },
	[ACC_KERNEL_STACKS] = { "kernel_stacks", "kernel stacks" },
	[ACC_PAGE_TABLES] = { "page_tables", "page tables" },
	[ACC_PERCPU] = { "percpu", "per-CPU variables" },
	[ACC_HUGETLB] = { "hugetlb", "huge page pools" },
	[ACC_OTHER] = { "other", "pages no file accounts for" },
};

const char *account_name(enum account a)
{
	return names[a].name;
}

const char *account_label(enum account a)
{
	return names[a].label;
}

uint64_t snapshot_page_size(const struct snapshot *s)
{
	return opt_or(s->kernel.page_size, 4096);
}

static struct opt_u64 kb(const struct snapshot *s, const char *name)
{
	struct opt_u64 v = kv_get(&s->meminfo, name);

	v.v = sat_mul(v.v, 1024);
	return v;
}

static struct opt_u64 per_cpu_lists(const struct snapshot *s)
{
	struct opt_u64 sum = OPT_UNKNOWN;

	for (size_t i = 0; i < s->n_zones; i++) {
		for (size_t j = 0; j < s->zones[i].n_pagesets; j++)
			sum = opt_u64(sat_add(sum.v, opt_or(opt_i32(s->zones[i].pagesets[j].count), 0)));
	}
	sum.v = sat_mul(sum.v, snapshot_page_size(s));
	return sum;
}

/* Since 5.3 meminfo counts the pages behind vmalloc; before, VmallocUsed was 0 or a size in address space. */
struct opt_u64 accounts_vmalloc_bytes(const struct snapshot *s)
{
	if (s->has_vmalloc)
		return opt_u64(sat_mul(s->vmalloc.pages, snapshot_page_size(s)));
	return kb(s, "VmallocUsed");
}

static struct opt_u64 vmalloc_but_stacks(const struct snapshot *s)
{
	struct opt_u64 v = accounts_vmalloc_bytes(s);

	if (v.known)
		v.v = sat_sub(v.v, opt_or(kb(s, "KernelStack"), 0));
	return v;
}

struct accounts accounts_of(const struct snapshot *s)
{
	struct accounts a = { .total_bytes = kb(s, "MemTotal") };
	struct opt_u64 cached = kb(s, "Cached"), shmem = kb(s, "Shmem");
	uint64_t known = 0;

	a.bytes[ACC_FREE] = kb(s, "MemFree");
	a.bytes[ACC_PER_CPU_LISTS] = per_cpu_lists(s);
	a.bytes[ACC_SHMEM] = shmem;
	a.bytes[ACC_ANON] = kb(s, "AnonPages");
	a.bytes[ACC_SLAB_RECLAIMABLE] = kb(s, "SReclaimable");
	a.bytes[ACC_SLAB_UNRECLAIMABLE] = kb(s, "SUnreclaim");
	a.bytes[ACC_VMALLOC] = vmalloc_but_stacks(s);
	a.bytes[ACC_KERNEL_STACKS] = kb(s, "KernelStack");
	a.bytes[ACC_PAGE_TABLES] = kb(s, "PageTables");
	a.bytes[ACC_PERCPU] = kb(s, "Percpu");
	a.bytes[ACC_HUGETLB] = kb(s, "Hugetlb");
	if (cached.known) {
		uint64_t sum = sat_add(cached.v, sat_add(opt_or(kb(s, "Buffers"), 0),
							 opt_or(kb(s, "SwapCached"), 0)));

		a.bytes[ACC_PAGE_CACHE] = opt_u64(sat_sub(sum, opt_or(shmem, 0)));
	}
	if (a.bytes[ACC_PAGE_TABLES].known)
		a.bytes[ACC_PAGE_TABLES].v = sat_add(a.bytes[ACC_PAGE_TABLES].v,
						     opt_or(kb(s, "SecPageTables"), 0));
	if (!a.total_bytes.known || !a.bytes[ACC_FREE].known || !cached.known ||
	    !a.bytes[ACC_ANON].known || !a.bytes[ACC_SLAB_UNRECLAIMABLE].known)
		return a;
	for (unsigned int i = 0; i < ACC_OTHER; i++)
		known = sat_add(known, opt_or(a.bytes[i], 0));
	a.bytes[ACC_OTHER] = opt_u64(sat_sub(a.total_bytes.v, known));
	return a;
}
