// SPDX-License-Identifier: GPL-2.0-or-later
/* Uses of memory from meminfo, zoneinfo and vmallocinfo. */
#include "model/accounts.h"

#include "kernel/rules.h"

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
	[ACC_COMPRESSED] = { "compressed", "zswap and zram" },
	[ACC_BALLOON] = { "balloon", "balloon" },
	[ACC_GPU] = { "gpu", "GPU drivers" },
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

/*
 * fs/proc/meminfo.c: VmallocUsed is the pages behind vmalloc since 5.3. Before it was 0, and to 4.3
 * the address space of all areas, those of ioremap too: then VmallocChunk was not 0.
 */
static bool vmalloc_used_is_pages(const struct snapshot *s, const struct mm_rules *r)
{
	struct opt_u64 used = kv_get(&s->meminfo, "VmallocUsed");

	if (!used.known || opt_or(kv_get(&s->meminfo, "VmallocChunk"), 0) != 0)
		return false;
	return r->vmalloc_used_pages && (!r->assumed || used.v > 0);
}

/* meminfo first: a recording holds it in each sample, vmallocinfo in some. */
static struct opt_u64 vmalloc_bytes(const struct snapshot *s, const struct mm_rules *r)
{
	if (vmalloc_used_is_pages(s, r))
		return kb(s, "VmallocUsed");
	if (s->has_vmalloc)
		return opt_u64(sat_mul(s->vmalloc.pages, snapshot_page_size(s)));
	return OPT_UNKNOWN;
}

struct opt_u64 accounts_vmalloc_bytes(const struct snapshot *s)
{
	struct mm_rules r = mm_rules_of(s);

	return vmalloc_bytes(s, &r);
}

bool vmalloc_caller_is_stack(const char *caller)
{
	return strncmp(caller, "dup_task_struct", 15) == 0 || strncmp(caller, "alloc_thread_stack_node", 23) == 0 ||
	       strncmp(caller, "copy_process", 12) == 0;
}

/* CONFIG_VMAP_STACK, by the configuration, else by the callers, else by the architecture's default. */
static bool stacks_are_vmalloced(const struct snapshot *s, const struct mm_rules *r)
{
	static const char *const usual[] = { "x86_64", "aarch64", "s390x", "riscv64", "arm64" };
	const char *set = s->has_kconfig ? kconfig_get(&s->kconfig, "VMAP_STACK") : NULL;

	if (!r->vmap_stack)
		return false;
	if (set)
		return strcmp(set, "y") == 0;
	for (size_t i = 0; s->has_vmalloc && i < s->vmalloc.n_callers; i++) {
		if (vmalloc_caller_is_stack(s->vmalloc.callers[i].caller))
			return true;
	}
	for (size_t i = 0; s->kernel.arch && i < ARRAY_SIZE(usual); i++) {
		if (strcmp(s->kernel.arch, usual[i]) == 0)
			return true;
	}
	return !s->kernel.arch;
}

static struct opt_u64 vmalloc_but_stacks(const struct snapshot *s)
{
	struct mm_rules r = mm_rules_of(s);
	struct opt_u64 v = vmalloc_bytes(s, &r);

	if (v.known && stacks_are_vmalloced(s, &r))
		v.v = sat_sub(v.v, opt_or(kb(s, "KernelStack"), 0));
	return v;
}

/* The line Hugetlb came with 4.16; before, the pool of the default size alone is told. */
static struct opt_u64 hugetlb_bytes(const struct snapshot *s)
{
	struct opt_u64 pages = kv_get(&s->meminfo, "HugePages_Total"), size = kb(s, "Hugepagesize");

	if (kv_get(&s->meminfo, "Hugetlb").known)
		return kb(s, "Hugetlb");
	return pages.known && size.known ? opt_u64(sat_mul(pages.v, size.v)) : OPT_UNKNOWN;
}

/* The pool of zswap, where it is zsmalloc's, is among the pages of zsmalloc (zram's are too). */
static struct opt_u64 compressed_bytes(const struct snapshot *s)
{
	struct opt_u64 zswap = kb(s, "Zswap"), zspages = kv_get(&s->vmstat, "nr_zspages");

	zspages.v = sat_mul(zspages.v, snapshot_page_size(s));
	if (!zswap.known || (zspages.known && zspages.v > zswap.v))
		return zspages;
	return zswap;
}

/*
 * A balloon takes its pages off MemTotal (adjust_managed_page_count), but for one that deflates on
 * OOM: then pages are missing from the managed ones, as many as it holds at least.
 */
static struct opt_u64 balloon_bytes(const struct snapshot *s)
{
	struct opt_u64 balloon = kb(s, "Balloon");
	uint64_t absent = 0;

	for (size_t i = 0; i < s->n_zones; i++) {
		const struct snap_zone *z = &s->zones[i];

		if (z->present_pages.known && z->managed_pages.known)
			absent = sat_add(absent, sat_sub(z->present_pages.v, z->managed_pages.v));
	}
	if (balloon.known && sat_mul(absent, snapshot_page_size(s)) >= balloon.v)
		balloon.v = 0;
	return balloon;
}

static struct opt_u64 gpu_bytes(const struct snapshot *s)
{
	struct opt_u64 active = kb(s, "GPUActive"), idle = kb(s, "GPUReclaim");

	if (active.known)
		active.v = sat_add(active.v, opt_or(idle, 0));
	return active;
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
	a.bytes[ACC_HUGETLB] = hugetlb_bytes(s);
	a.bytes[ACC_COMPRESSED] = compressed_bytes(s);
	a.bytes[ACC_BALLOON] = balloon_bytes(s);
	a.bytes[ACC_GPU] = gpu_bytes(s);
	if (cached.known) {
		uint64_t sum = sat_add(cached.v, sat_add(opt_or(kb(s, "Buffers"), 0),
							 opt_or(kb(s, "SwapCached"), 0)));

		a.bytes[ACC_PAGE_CACHE] = opt_u64(sat_sub(sum, opt_or(shmem, 0)));
	}
	if (a.bytes[ACC_PAGE_TABLES].known)
		a.bytes[ACC_PAGE_TABLES].v = sat_add(a.bytes[ACC_PAGE_TABLES].v,
						     opt_or(kb(s, "SecPageTables"), 0));
	if (!a.total_bytes.known || !a.bytes[ACC_FREE].known || !cached.known ||
	    !a.bytes[ACC_ANON].known || !a.bytes[ACC_VMALLOC].known || !a.bytes[ACC_SLAB_UNRECLAIMABLE].known)
		return a;
	for (unsigned int i = 0; i < ACC_OTHER; i++)
		known = sat_add(known, opt_or(a.bytes[i], 0));
	a.bytes[ACC_OTHER] = opt_u64(sat_sub(a.total_bytes.v, known));
	return a;
}
