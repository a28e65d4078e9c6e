// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The size of a page on the machine that was read. Its kernel prints the same
 * memory in kB in one file and in pages in another, areas and slabs in bytes and in
 * pages; else its configuration, its architecture or the name of its release may say.
 */
#include "snap/build_priv.h"

static const uint64_t sizes_kb[] = { 4, 8, 16, 32, 64, 256 };

/* Both kB and pages are of moments a little apart: the size that fits within one part in @part. */
static int vote(struct opt_u64 kb, struct opt_u64 pages, uint64_t part)
{
	if (!kb.known || !pages.known || pages.v < 64)
		return -1;
	for (int i = 0; i < (int)ARRAY_SIZE(sizes_kb); i++) {
		uint64_t expect = sat_mul(pages.v, sizes_kb[i]);
		uint64_t off = expect > kb.v ? expect - kb.v : kb.v - expect;

		if (off <= expect / part)
			return i;
	}
	return -1;
}

static struct opt_u64 sum_managed(const struct snapshot *s)
{
	uint64_t sum = 0;
	bool any = false;

	for (size_t i = 0; i < s->n_zones; i++) {
		any |= s->zones[i].managed_pages.known;
		sum = sat_add(sum, opt_or(s->zones[i].managed_pages, 0));
	}
	return any ? opt_u64(sum) : OPT_UNKNOWN;
}

static struct opt_u64 sum_free(const struct snapshot *s)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < s->n_zones; i++) {
		for (unsigned int o = 0; o < s->zones[i].n_orders && s->zones[i].free_blocks; o++)
			sum = sat_add(sum, sat_shl(s->zones[i].free_blocks[o], o));
	}
	return sum ? opt_u64(sum) : OPT_UNKNOWN;
}

/* The size most pairs agree on; unknown if two tie. */
static struct opt_u64 by_pairs(const struct snapshot *s)
{
	static const struct {
		const char *meminfo, *vmstat;
	} pairs[] = {
		{ "MemFree", "nr_free_pages" },	      { "AnonPages", "nr_anon_pages" },
		{ "Mapped", "nr_mapped" },	      { "PageTables", "nr_page_table_pages" },
		{ "Shmem", "nr_shmem" },	      { "Active(file)", "nr_active_file" },
		{ "Inactive(file)", "nr_inactive_file" }, { "Active(anon)", "nr_active_anon" },
		{ "Inactive(anon)", "nr_inactive_anon" },
	};
	unsigned int votes[ARRAY_SIZE(sizes_kb)] = { 0 }, best = 0;
	struct opt_u64 found = OPT_UNKNOWN;
	int v;

	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
		v = vote(kv_get(&s->meminfo, pairs[i].meminfo), kv_get(&s->vmstat, pairs[i].vmstat),
			 16);
		if (v >= 0)
			votes[v]++;
	}
	/* totalram_pages is the sum of the managed pages; only hotplug and balloons change it. */
	v = vote(kv_get(&s->meminfo, "MemTotal"), sum_managed(s), 512);
	if (v >= 0)
		votes[v] += 2;
	v = vote(kv_get(&s->meminfo, "MemFree"), sum_free(s), 16);
	if (v >= 0)
		votes[v]++;
	for (size_t i = 0; i < ARRAY_SIZE(sizes_kb); i++) {
		if (votes[i] > best) {
			best = votes[i];
			found = opt_u64(sizes_kb[i] * 1024);
		} else if (votes[i] == best) {
			found = OPT_UNKNOWN;
		}
	}
	return best ? found : OPT_UNKNOWN;
}

static struct opt_u64 by_config(const struct snapshot *s)
{
	static const struct {
		const char *option;
		uint64_t kb;
	} options[] = {
		{ "ARM64_4K_PAGES", 4 },	{ "ARM64_16K_PAGES", 16 },    { "ARM64_64K_PAGES", 64 },
		{ "PPC_4K_PAGES", 4 },		{ "PPC_16K_PAGES", 16 },      { "PPC_64K_PAGES", 64 },
		{ "PPC_256K_PAGES", 256 },	{ "PAGE_SIZE_4KB", 4 },	      { "PAGE_SIZE_8KB", 8 },
		{ "PAGE_SIZE_16KB", 16 },	{ "PAGE_SIZE_32KB", 32 },     { "PAGE_SIZE_64KB", 64 },
		{ "PAGE_SIZE_256KB", 256 },
	};
	uint64_t shift;
	const char *text;

	if (!s->has_kconfig)
		return OPT_UNKNOWN;
	text = kconfig_get(&s->kconfig, "PAGE_SHIFT");
	if (text && num_u64(text, strlen(text), &shift) == 0 && shift >= 12 && shift <= 18)
		return opt_u64(UINT64_C(1) << shift);
	for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
		text = kconfig_get(&s->kconfig, options[i].option);
		if (text && strcmp(text, "y") == 0)
			return opt_u64(options[i].kb * 1024);
	}
	return OPT_UNKNOWN;
}

/* Architectures with one size. */
static struct opt_u64 by_arch(const struct snapshot *s)
{
	static const char *const four[] = { "x86_64", "i686", "s390x", "arm", "armv5tel", "armv6l",
					    "armv7l", "riscv64" };

	for (size_t i = 0; s->kernel.arch && i < ARRAY_SIZE(four); i++) {
		if (strcmp(s->kernel.arch, four[i]) == 0)
			return opt_u64(4096);
	}
	return OPT_UNKNOWN;
}

/* The size that @bytes over @pages is, within a sixteenth. */
static struct opt_u64 quotient(uint64_t bytes, uint64_t pages)
{
	int v = vote(opt_u64(bytes / 1024), opt_u64(pages), 16);

	return v < 0 ? OPT_UNKNOWN : opt_u64(sizes_kb[v] * 1024);
}

/* vmallocinfo prints an area in bytes, its guard page included, and in pages. */
static struct opt_u64 by_vmallocinfo(struct building *b)
{
	const struct vmallocinfo *v = &b->s->vmalloc;
	uint64_t areas;

	build_vmalloc(b);
	areas = v->kinds[VMALLOC_VMALLOC].areas;
	return quotient(v->kinds[VMALLOC_VMALLOC].bytes, sat_add(v->kinds[VMALLOC_VMALLOC].pages, areas));
}

/* slabinfo: the objects of a slab fill its pages, nearly: over all caches within the half. */
static struct opt_u64 by_slabinfo(const struct snapshot *s)
{
	uint64_t least = 0;

	for (size_t i = 0; i < s->slab.n_caches; i++) {
		const struct slabinfo_cache *c = &s->slab.caches[i];
		uint64_t bytes = sat_mul(c->object_size, c->objects_per_slab);

		if (c->pages_per_slab && bytes / c->pages_per_slab > least)
			least = bytes / c->pages_per_slab;
	}
	for (size_t i = 0; i < ARRAY_SIZE(sizes_kb); i++) {
		if (least > sizes_kb[i] * 512 && least <= sizes_kb[i] * 1024)
			return opt_u64(sizes_kb[i] * 1024);
	}
	return OPT_UNKNOWN;
}

/* "6.12.1-arm64-16k" */
static struct opt_u64 by_release(const struct snapshot *s)
{
	const char *r = s->kernel.release;

	if (r && strstr(r, "-16k"))
		return opt_u64(16384);
	return r && strstr(r, "-64k") ? opt_u64(65536) : OPT_UNKNOWN;
}

struct opt_u64 build_page_size(struct building *b)
{
	struct opt_u64 v = build_number(raw_slice(raw_find(b->raw, SRC_KERNEL, "memtool/page_size")));

	/* What was recorded by sysconf, if it can be a page size at all. */
	if (v.known && (v.v < 4096 || v.v > 1 << 20 || (v.v & (v.v - 1))))
		v = OPT_UNKNOWN;
	if (!v.known)
		v = by_config(b->s);
	if (!v.known)
		v = by_arch(b->s);
	if (!v.known)
		v = by_pairs(b->s);
	if (!v.known)
		v = by_vmallocinfo(b);
	if (!v.known)
		v = by_slabinfo(b->s);
	return v.known ? v : by_release(b->s);
}
