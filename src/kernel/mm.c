// SPDX-License-Identifier: GPL-2.0-or-later
/* From a snapshot to the state that decisions look at. */
#include "kernel/mm.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/order.h"
#include "kernel/slab.h"

static enum gfp_zone zone_kind(const char *name)
{
	static const struct {
		const char *name;
		enum gfp_zone kind;
	} kinds[] = {
		{ "DMA", GFP_ZONE_DMA },	 { "DMA32", GFP_ZONE_DMA32 },
		{ "Normal", GFP_ZONE_NORMAL },	 { "HighMem", GFP_ZONE_HIGHMEM },
		{ "Movable", GFP_ZONE_MOVABLE },
	};

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (strcmp(name, kinds[i].name) == 0)
			return kinds[i].kind;
	}
	return GFP_ZONE_MOVABLE; /* Device: no request reaches it */
}

static int type_index(const char *name)
{
	for (int t = 0; t < MIGRATE_TYPES; t++) {
		if (strcmp(name, migratetype_name((enum migratetype)t)) == 0)
			return t;
	}
	return strcmp(name, "Reserve") == 0 ? MIGRATE_HIGHATOMIC : -1;
}

static uint64_t pages_of(const uint64_t *nr_free, unsigned int n)
{
	uint64_t sum = 0;

	for (unsigned int o = 0; nr_free && o < n; o++)
		sum = sat_add(sum, sat_shl(nr_free[o], o));
	return sum;
}

static int take_lists(struct mm *mm, struct mm_zone *z, const struct snap_zone *s)
{
	z->n_orders = s->n_orders;
	for (size_t i = 0; i < s->n_types; i++) {
		const struct snap_type *t = &s->types[i];
		int type = type_index(t->name);

		if (type < 0)
			continue;
		if (t->free_blocks) {
			z->type_free[type] =
				arena_memdup(&mm->arena, t->free_blocks, s->n_orders * sizeof(uint64_t));
			if (!z->type_free[type])
				return -ENOMEM;
			z->types_known = true;
		}
		if (t->pageblocks.known) {
			z->pageblocks[type] = t->pageblocks.v;
			z->pageblocks_known = true;
		}
	}
	z->lists_known = s->free_blocks || z->types_known;
	z->nr_free = arena_array(&mm->arena, s->n_orders, sizeof(uint64_t));
	if (!z->nr_free)
		return -ENOMEM;
	for (unsigned int o = 0; o < s->n_orders; o++) {
		if (s->free_blocks) {
			z->nr_free[o] = s->free_blocks[o];
			continue;
		}
		for (int t = 0; t < MIGRATE_TYPES; t++) {
			if (z->type_free[t])
				z->nr_free[o] = sat_add(z->nr_free[o], z->type_free[t][o]);
		}
	}
	return 0;
}

/* First of two names under which versions print a counter. */
static struct opt_u64 counter2(const struct kv_table *t, const char *a, const char *b)
{
	struct opt_u64 v = kv_get(t, a);

	return v.known ? v : kv_get(t, b);
}

static void take_lru(struct mm_zone *z, const struct kv_table *t)
{
	struct opt_u64 fa = counter2(t, "nr_zone_active_file", "nr_active_file");
	struct opt_u64 fi = counter2(t, "nr_zone_inactive_file", "nr_inactive_file");
	struct opt_u64 aa = counter2(t, "nr_zone_active_anon", "nr_active_anon");
	struct opt_u64 ai = counter2(t, "nr_zone_inactive_anon", "nr_inactive_anon");

	z->lru_known = fa.known && fi.known;
	z->file_lru = sat_add(opt_or(fa, 0), opt_or(fi, 0));
	z->anon_lru = sat_add(opt_or(aa, 0), opt_or(ai, 0));
	z->unevictable = opt_or(counter2(t, "nr_zone_unevictable", "nr_unevictable"), 0);
}

/*
 * The reserve for high-order atomic requests. Its size is printed from 6.19
 * on; before, the pageblocks that carry the tag tell it; without root only
 * its bound is known (reserve_highatomic_pageblock: about 1 % of the zone).
 */
static void take_highatomic(const struct mm *mm, struct mm_zone *z)
{
	const struct snap_zone *s = z->snap;
	uint64_t block = UINT64_C(1) << mm->pageblock_order;
	uint64_t free = pages_of(z->type_free[MIGRATE_HIGHATOMIC], z->n_orders);

	switch (mm->rules.highatomic) {
	case HIGHATOMIC_NONE:
		return;
	case HIGHATOMIC_FREE:
		if (s->free_highatomic.known)
			free = s->free_highatomic.v;
		else if (!z->types_known)
			break;
		z->highatomic_lo = z->highatomic_hi = free;
		return;
	case HIGHATOMIC_RESERVED:
		if (s->reserved_highatomic.known)
			z->highatomic_lo = s->reserved_highatomic.v;
		else if (z->pageblocks_known)
			z->highatomic_lo = sat_mul(z->pageblocks[MIGRATE_HIGHATOMIC], block);
		else
			break;
		z->highatomic_hi = z->highatomic_lo;
		return;
	}
	z->highatomic_lo = 0;
	z->highatomic_hi = z->managed / 100 + block;
}

static void take_pagesets(struct mm_zone *z, const struct snap_zone *s)
{
	for (size_t i = 0; i < s->n_pagesets; i++) {
		const struct zoneinfo_pageset *p = &s->pagesets[i];
		uint64_t batch = opt_or(opt_i32(p->batch), 0);
		uint64_t threshold = opt_or(opt_i32(p->stat_threshold), 0);

		z->pcp_count = sat_add(z->pcp_count, opt_or(opt_i32(p->count), 0));
		if (batch > z->batch)
			z->batch = batch;
		if (threshold > z->stat_threshold)
			z->stat_threshold = threshold;
	}
}

/*
 * zoneinfo of 5.0 to 5.17 shows the marks with the boost and not the boost itself. Without it low
 * lies at least a quarter of min above min (__setup_per_zone_wmarks), so this much of it is
 * boost at least; of HighMem min follows another rule.
 */
static uint64_t boost_at_least(const struct mm *mm, const struct mm_zone *z)
{
	uint64_t step = sat_sub(z->low, z->min), most = sat_add(sat_mul(step, 4), 3);

	if (!mm->rules.has_boost || mm->rules.boost_printed || !z->marks_known || z->kind > GFP_ZONE_NORMAL)
		return 0;
	return sat_sub(z->min, most);
}

static int take_zone(struct mm *mm, struct mm_zone *z, const struct snap_zone *s)
{
	struct opt_u64 cma = kv_get(&s->counters, "nr_free_cma");

	z->node = s->node;
	z->name = s->name;
	z->kind = zone_kind(s->name);
	z->index = s->index;
	z->snap = s;
	if (take_lists(mm, z, s))
		return -ENOMEM;
	z->managed = opt_or(s->managed_pages, opt_or(s->present_pages, 0));
	z->free = s->free_pages.known ? s->free_pages.v : pages_of(z->nr_free, z->n_orders);
	z->marks_known = s->min.known && s->low.known;
	z->min = opt_or(s->min, 0);
	z->low = opt_or(s->low, z->min);
	z->high = opt_or(s->high, z->low);
	z->boost = opt_or(s->boost, boost_at_least(mm, z));
	z->protection = s->protection;
	z->n_protection = s->n_protection;
	z->free_cma_known = cma.known || z->types_known;
	z->free_cma = cma.known ? cma.v : pages_of(z->type_free[MIGRATE_CMA], z->n_orders);
	z->unaccepted = opt_or(kv_get(&s->counters, "nr_unaccepted"), 0);
	take_lru(z, &s->counters);
	take_pagesets(z, s);
	take_highatomic(mm, z);
	return 0;
}

static bool populated(const struct snap_zone *s)
{
	if (s->managed_pages.known)
		return s->managed_pages.v > 0;
	if (s->present_pages.known)
		return s->present_pages.v > 0;
	/* A report's line may end before both: what has free pages has memory. */
	return s->in_buddyinfo || s->in_pagetypeinfo || opt_or(s->free_pages, 0);
}

static int take_zones(struct mm *mm, const struct snapshot *s)
{
	mm->zones = arena_array(&mm->arena, s->n_zones, sizeof(*mm->zones));
	if (!mm->zones)
		return -ENOMEM;
	for (int k = 0; k <= GFP_ZONE_MOVABLE; k++)
		mm->zone_index[k] = -1;
	for (size_t i = 0; i < s->n_zones; i++) {
		const struct snap_zone *sz = &s->zones[i];
		enum gfp_zone kind = zone_kind(sz->name);

		if (strcmp(sz->name, "Device") == 0)
			continue;
		mm->has_zone[kind] = true;
		if (sz->index >= 0)
			mm->zone_index[kind] = sz->index;
		if (!populated(sz))
			continue;
		if (take_zone(mm, &mm->zones[mm->n_zones], sz))
			return -ENOMEM;
		mm->total_pages = sat_add(mm->total_pages, mm->zones[mm->n_zones].managed);
		mm->n_zones++;
	}
	/* Movable is always compiled in; its index is that of the last but Device. */
	mm->has_zone[GFP_ZONE_MOVABLE] = true;
	if (mm->zone_index[GFP_ZONE_MOVABLE] < 0) {
		for (int k = 0; k < GFP_ZONE_MOVABLE; k++) {
			if (mm->zone_index[k] >= mm->zone_index[GFP_ZONE_MOVABLE])
				mm->zone_index[GFP_ZONE_MOVABLE] = mm->zone_index[k] + 1;
		}
	}
	return 0;
}

static int take_nodes(struct mm *mm, const struct snapshot *s)
{
	mm->nodes = arena_array(&mm->arena, s->n_nodes + mm->n_zones, sizeof(*mm->nodes));
	if (!mm->nodes)
		return -ENOMEM;
	for (size_t i = 0; i < s->n_nodes; i++) {
		struct mm_node *n = &mm->nodes[mm->n_nodes++];

		n->node = s->nodes[i].node;
		n->snap = &s->nodes[i];
		n->has_cpulist = s->nodes[i].has_cpulist;
		n->has_cpus = !n->has_cpulist || s->nodes[i].n_cpus > 0;
		n->slab_reclaimable = opt_or(kv_get(&s->nodes[i].counters, "nr_slab_reclaimable"), 0);
	}
	for (size_t i = 0; i < mm->n_zones; i++) {
		if (mm_node(mm, mm->zones[i].node))
			continue;
		mm->nodes[mm->n_nodes].node = mm->zones[i].node;
		mm->nodes[mm->n_nodes++].has_cpus = true;
	}
	return 0;
}

/* As of 64 GiB, where default marks reach their limit. */
#define MEMORY_UNKNOWN_KB (UINT64_C(64) << 20)

/* Pages that a pass of the watermark needs at most: the whole of min_free_kbytes in one zone. */
static uint64_t bound_of_min(const struct mm *mm, uint64_t total_kb)
{
	struct opt_u64 set = sysctl_u64(&mm->snap->sysctl, "min_free_kbytes");
	uint64_t kb = 128;

	/* init_per_zone_wmark_min: the root of 16 times the memory; khugepaged may take 5 % of it. */
	while (!set.known && kb < 262144 && kb * kb < sat_mul(total_kb, 16))
		kb += 64;
	if (!set.known && total_kb / 20 > kb && total_kb != MEMORY_UNKNOWN_KB)
		kb = total_kb / 20;
	return sat_mul(opt_or(set, kb), 1024) / mm->page_size + 1;
}

/* The machine's memory in kB. Without MemTotal and zoneinfo nothing tells: free pages are no more than a part of it. */
static uint64_t memory_kb(const struct mm *mm)
{
	struct opt_u64 total = kv_get(&mm->snap->meminfo, "MemTotal");

	for (size_t i = 0; !total.known && i < mm->n_zones; i++) {
		if (!mm->zones[i].marks_known)
			return MEMORY_UNKNOWN_KB;
	}
	return opt_or(total, sat_mul(mm->total_pages, mm->page_size) / 1024);
}

/*
 * Without zoneinfo: bounds in place of marks, and setup_per_zone_lowmem_reserve's
 * figure for the default ratio of 256 by the memory that lies above the zone.
 */
static void guess_marks(const struct mm *mm, struct mm_zone *z)
{
	uint64_t kb = memory_kb(mm);
	uint64_t below_kb = z->kind == GFP_ZONE_DMA ? UINT64_C(16) << 10 : UINT64_C(4) << 20;

	if (!z->marks_known)
		z->min_bound = bound_of_min(mm, kb);
	if (!z->n_protection && z->kind <= GFP_ZONE_DMA32 && kb != MEMORY_UNKNOWN_KB)
		z->reserve_guess = sat_mul(sat_sub(kb, below_kb), 1024) / mm->page_size / 256;
}

/* pgsteal_kswapd; to 4.7 one for each kind of zone, pgsteal_kswapd_normal. */
static uint64_t kswapd_steal(const struct kv_table *vmstat)
{
	static const char name[] = "pgsteal_kswapd";
	uint64_t n = 0;

	for (size_t i = 0; i < vmstat->n; i++) {
		if (strncmp(vmstat->v[i].name, name, sizeof(name) - 1) == 0)
			n = sat_add(n, vmstat->v[i].value);
	}
	return n;
}

static void take_totals(struct mm *mm, const struct snapshot *s)
{
	struct opt_u64 swap = kv_get(&s->meminfo, "SwapFree");
	struct opt_u64 ok = kv_get(&s->vmstat, "compact_success");
	struct opt_u64 fail = kv_get(&s->vmstat, "compact_fail");
	struct opt_u64 anon = kv_get(&s->vmstat, "nr_anon_pages");
	const char *config = kconfig_get(&s->kconfig, "COMPACTION");
	uint64_t types = 0;

	if (mm->n_zones == 0)
		mm->total_pages = sat_mul(opt_or(kv_get(&s->meminfo, "MemTotal"), 0), 1024) / mm->page_size;
	mm->swap_known = swap.known;
	if (mm->page_size)
		mm->swap_free_pages = sat_mul(opt_or(swap, 0), 1024) / mm->page_size;
	mm->compact_known = ok.known && fail.known;
	mm->compact_success = opt_or(ok, 0);
	mm->compact_fail = opt_or(fail, 0);
	mm->compact_stall = opt_or(kv_get(&s->vmstat, "compact_stall"), 0);
	mm->compact_scanned = sat_sub(opt_or(kv_get(&s->vmstat, "compact_migrate_scanned"), 0),
				      opt_or(kv_get(&s->vmstat, "compact_daemon_migrate_scanned"), 0));
	mm->kswapd_steal = kswapd_steal(&s->vmstat);
	mm->anon_known = anon.known;
	mm->anon_pages = opt_or(anon, 0);
	mm->unevictable_moves = opt_or(sysctl_u64(&s->sysctl, "compact_unevictable_allowed"), 1) != 0;
	mm->extfrag_threshold = (unsigned int)opt_or(sysctl_u64(&s->sysctl, "extfrag_threshold"), 500);
	mm->defrag_mode = opt_or(sysctl_u64(&s->sysctl, "defrag_mode"), 0) != 0;
	mm->compaction = !config || strcmp(config, "y") == 0;
	if (!config && s->vmstat.n && !ok.known)
		mm->compaction = false;
	mm->online_cpus = (unsigned int)opt_or(s->kernel.online_cpus, 0);
	mm->possible_cpus = (unsigned int)opt_or(s->kernel.possible_cpus, mm->online_cpus);
	for (size_t i = 0; i < s->n_zones; i++) {
		if (s->zones[i].n_types > types)
			types = s->zones[i].n_types;
	}
	for (size_t i = 0; i < mm->n_zones; i++)
		guess_marks(mm, &mm->zones[i]);
	mm->mobility_disabled = mm->total_pages &&
				mm->total_pages < sat_mul(types, UINT64_C(1) << mm->pageblock_order);
}

int mm_init(struct mm *mm, const struct snapshot *s)
{
	const struct snap_kernel *k = &s->kernel;
	unsigned int orders = 0;

	memset(mm, 0, sizeof(*mm));
	mm->snap = s;
	mm->rules = mm_rules_of(s);
	mm->names.rules = &mm->rules;
	mm->names.format = s->has_gfpformat ? &s->gfpformat : NULL;
	mm->page_size = opt_or(k->page_size, 4096);
	for (size_t i = 0; i < s->n_zones; i++) {
		if (s->zones[i].n_orders > orders)
			orders = s->zones[i].n_orders;
	}
	mm->max_order_known = k->max_order.known || orders > 0;
	mm->max_order = (unsigned int)opt_or(k->max_order, orders ? orders - 1 : arch_max_order(mm->page_size));
	mm->pageblock_order = (unsigned int)opt_or(k->pageblock_order, hpage_pmd_order(s, mm->page_size));
	if (mm->max_order > 40)
		mm->max_order = 40;
	if (mm->pageblock_order > mm->max_order)
		mm->pageblock_order = mm->max_order;
	if (take_zones(mm, s) || take_nodes(mm, s))
		return -ENOMEM;
	take_totals(mm, s);
	return mm_slab_init(mm);
}

void mm_done(struct mm *mm)
{
	nameset_done(&mm->slab.caches);
	arena_done(&mm->arena);
	memset(mm, 0, sizeof(*mm));
}

static int copy_list(struct mm *to, uint64_t **list, unsigned int n)
{
	if (!*list)
		return 0;
	*list = arena_memdup(&to->arena, *list, n * sizeof(uint64_t));
	return *list ? 0 : -ENOMEM;
}

int mm_copy(struct mm *to, const struct mm *from)
{
	*to = *from;
	to->arena = (struct arena){ 0 };
	to->names.rules = &to->rules;
	to->zones = arena_memdup(&to->arena, from->zones, from->n_zones * sizeof(*to->zones));
	to->nodes = arena_memdup(&to->arena, from->nodes, from->n_nodes * sizeof(*to->nodes));
	if (!to->zones || !to->nodes)
		return -ENOMEM;
	for (size_t i = 0; i < to->n_nodes; i++)
		to->nodes[i].zonelist = NULL;
	for (size_t i = 0; i < to->n_zones; i++) {
		struct mm_zone *z = &to->zones[i];

		if (copy_list(to, &z->nr_free, z->n_orders))
			return -ENOMEM;
		for (int t = 0; t < MIGRATE_TYPES; t++) {
			if (copy_list(to, &z->type_free[t], z->n_orders))
				return -ENOMEM;
		}
	}
	return 0;
}

struct mm_node *mm_node(const struct mm *mm, int node)
{
	for (size_t i = 0; i < mm->n_nodes; i++) {
		if (mm->nodes[i].node == node)
			return &mm->nodes[i];
	}
	return NULL;
}

uint64_t zone_reclaimable_pages(const struct mm *mm, const struct mm_zone *z)
{
	uint64_t n = z->file_lru;

	if (mm->swap_free_pages > 0)
		n = sat_add(n, z->anon_lru < mm->swap_free_pages ? z->anon_lru : mm->swap_free_pages);
	return n;
}

int gfp_zone_index(const struct mm *mm, uint32_t flags, enum gfp_zone *kind)
{
	enum gfp_zone k = gfp_zone(flags);

	/* A zone type that is not compiled in stands for the next one that is. */
	if (k == GFP_ZONE_HIGHMEM && !mm->has_zone[k])
		k = GFP_ZONE_NORMAL;
	if ((k == GFP_ZONE_DMA || k == GFP_ZONE_DMA32) && !mm->has_zone[k])
		k = GFP_ZONE_NORMAL;
	*kind = k;
	return mm->zone_index[k];
}
