// SPDX-License-Identifier: GPL-2.0
/* States made of plain pages: holes, hoards, drained zones, the atomic reserve. */
#include <linux/hash.h>
#include <linux/jhash.h>
#include <linux/log2.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/string.h>

#include "memtool.h"

/* The migratetype that a page is allocated as; all of ours are unmovable in truth. */
static int mt_mobility(const char *name, gfp_t *gfp)
{
	if (!strcmp(name, "unmovable"))
		*gfp = 0;
	else if (!strcmp(name, "movable"))
		*gfp = __GFP_MOVABLE;
	else if (!strcmp(name, "reclaimable"))
		*gfp = __GFP_RECLAIMABLE;
	else
		return -EINVAL;
	return 0;
}

struct mt_sweep {
	struct mt_state *st;
	gfp_t gfp;
	const char *bound;	/* the last bound that stopped a sweep */
	u64 held_here;
	struct mt_hold spare;	/* whole areas that mix leaves alone */
};

/* Takes every free block of order in the zone and hands it to use. 0, or -EINTR. */
static int mt_sweep_order(struct mt_sweep *s, struct zone *zone, unsigned int order,
			  void (*use)(struct mt_sweep *s, struct page *page, unsigned int order))
{
	for (;;) {
		struct page *page;
		int ret = mt_state_check_zone(s->st, zone, s->held_here, 1ULL << order);

		if (ret < 0)
			return ret;
		if (ret) {
			s->bound = s->st->bound;	/* smaller blocks may still fit */
			return 0;
		}
		page = mt_zone_take(zone, order, s->gfp);
		if (!page)
			return 0;
		mt_state_charge(s->st, PAGE_SIZE << order);
		s->held_here += 1ULL << order;
		use(s, page, order);
	}
}

/* ---- unmovable holes ---- */

bool mt_stays(const struct mt_args *a, unsigned long unit)
{
	unsigned int stride = a->stride, place = 0;

	if (a->random)
		place = jhash_2words((u32)(unit / stride), (u32)a->seed, 0) % stride;
	return unit % stride == place;
}

/*
 * Order from which on no block can come back: holes are stride - 1 units, or
 * twice that where two random places lie furthest apart. A sweep that took
 * smaller blocks again would never end.
 */
int mt_stays_least(const struct mt_args *a)
{
	return ilog2(a->stride - 1) + (a->random ? 2 : 1);
}

/* Keeps one of every stride units of the block, by frame number; frees the rest. */
static void mt_punch(struct mt_sweep *s, struct page *page, unsigned int order)
{
	const struct mt_args *a = &s->st->a;
	unsigned long pfn = page_to_pfn(page), i, n = 1UL << order, freed = 0;
	bool any = false;

	if (hash_32((u32)(pfn >> MT_MAX_ORDER) ^ hash_32((u32)a->seed, 32), 32) % 100 >= a->mix) {
		mt_hold_add(&s->spare, page, order);
		return;
	}
	for (i = 0; i < n && !any; i += 1UL << a->order)
		any = mt_stays(a, (pfn + i) >> a->order);
	split_page(page, order);
	for (i = 0; i < n; i++) {
		/* a block that chance spares whole would be taken again for ever */
		if (any ? mt_stays(a, (pfn + i) >> a->order) : i < 1UL << a->order) {
			mt_hold_add(&s->st->hold, page + i, 0);
		} else {
			__free_page(page + i);
			freed++;
		}
	}
	mt_state_charge(s->st, -(s64)(freed << PAGE_SHIFT));
	s->held_here -= freed;
}

static int mt_holes_least(const struct mt_args *a)
{
	return a->order + mt_stays_least(a);
}

static int mt_holes_zone(struct zone *zone, void *arg)
{
	struct mt_sweep *s = arg;
	const struct mt_args *a = &s->st->a;
	int ret = 0, order, least = mt_holes_least(a);

	s->held_here = 0;
	for (order = MT_MAX_ORDER; order >= least && !ret; order--)
		ret = mt_sweep_order(s, zone, order, mt_punch);
	mt_leave_free(s->st, &s->spare);
	return ret;
}

static int mt_sweep_zones(struct mt_state *st, struct mt_text *err, unsigned int least,
			  int (*fn)(struct zone *zone, void *arg))
{
	struct mt_sweep s = { .st = st };
	struct mt_hold leave = {};
	int ret = mt_mobility(st->a.migratetype, &s.gfp);

	if (ret)
		return mt_fail(err, ret, "migratetype: unmovable, movable or reclaimable");
	mt_leave_take(st, &leave, least);
	ret = mt_walk_zones(st->a.zone, st->a.node, fn, &s);
	mt_leave_free(st, &leave);
	st->bound = s.bound;
	return ret;
}

/* What the kernel gave back since: the same again, in as many pages as the bounds allow. */
static void mt_sweep_new(struct mt_state *st, int (*fn)(struct zone *zone, void *arg))
{
	/* more than is held in any one zone: the bounds are only the stricter for it */
	struct mt_sweep s = { .st = st, .held_here = st->hold.pages };
	const char *bound = st->bound;

	if (!st->a.follow || mt_mobility(st->a.migratetype, &s.gfp))
		return;
	mt_walk_zones(st->a.zone, st->a.node, fn, &s);
	st->bound = bound;
}

static int mt_holes_build(struct mt_state *st, struct mt_text *err)
{
	if (st->a.follow && st->a.mix < 100)
		return mt_fail(err, -EINVAL, "follow: not with mix, which leaves blocks alone");
	if (mt_holes_least(&st->a) > MT_MAX_ORDER)
		return mt_fail(err, -EINVAL, "stride: wider than the largest block");
	return mt_sweep_zones(st, err, mt_holes_least(&st->a), mt_holes_zone);
}

static int mt_holes_new(struct zone *zone, void *arg)
{
	struct mt_sweep *s = arg;
	int ret = 0, order, least = mt_follow_least(s->st, mt_holes_least(&s->st->a));

	for (order = MT_MAX_ORDER; order >= least && !ret && mt_zone_has(zone, least); order--)
		ret = mt_sweep_order(s, zone, order, mt_punch);
	return ret;
}

static void mt_holes_tick(struct mt_state *st)
{
	mt_sweep_new(st, mt_holes_new);
}

const struct mt_state_ops mt_state_unmovable_holes = {
	.name = "unmovable_holes",
	.keys = "zone=all node=-1 migratetype=unmovable " MT_HOLES_KEYS
		" order=0 mix=100 leave follow=0",
	.build = mt_holes_build,
	.tick = mt_holes_tick,
};

/* ---- hoard ---- */

static void mt_keep(struct mt_sweep *s, struct page *page, unsigned int order)
{
	mt_hold_add(&s->st->hold, page, order);
	s->st->objects++;
}

/* Keeps every other piece of the next lower order: what is free is as much, and too small. */
static void mt_halve(struct mt_sweep *s, struct page *page, unsigned int order)
{
	unsigned int piece = s->st->a.order - 1;
	unsigned long i;

	split_page(page, order);
	for (i = 0; i < 1UL << order; i++) {
		if ((i >> piece) & 1) {
			__free_page(page + i);
			continue;
		}
		mt_hold_add(&s->st->halves, page + i, 0);
		mt_state_charge(s->st, PAGE_SIZE);
	}
}

/*
 * What the bounds or the kernel's watermarks leave free must not lie in the blocks that shall be
 * gone: as much again is given back, and all of it halved. What is held and what is free stay
 * the same; below the watermark in between, hence __GFP_HIGH.
 */
static int mt_hoard_rest(struct mt_sweep *s, struct zone *zone)
{
	struct mt_state *st = s->st;
	unsigned long back = mt_zone_left(zone);
	int order;

	if (back > s->held_here)
		return 0;
	back = mt_hold_shrink(&st->hold, back);
	mt_state_charge(st, -(s64)(back << PAGE_SHIFT));
	for (order = MT_MAX_ORDER; order >= (int)st->a.order; order--) {
		struct page *page;

		while ((page = mt_zone_take(zone, order, s->gfp | __GFP_HIGH)) != NULL) {
			mt_halve(s, page, order);
			cond_resched();
			if (fatal_signal_pending(current))
				return -EINTR;
		}
	}
	return 0;
}

static int mt_hoard_zone(struct zone *zone, void *arg)
{
	struct mt_sweep *s = arg;
	const struct mt_args *a = &s->st->a;
	const char *before = s->bound;
	int ret = 0, order;

	s->held_here = 0;
	s->bound = NULL;
	for (order = MT_MAX_ORDER; order >= (int)a->order && !ret; order--)
		ret = mt_sweep_order(s, zone, order, mt_keep);
	if (!ret && a->order && mt_zone_has(zone, a->order) &&
	    (!s->bound || strcmp(s->bound, MEMTOOL_BOUND_BYTES)))
		ret = mt_hoard_rest(s, zone);
	s->bound = s->bound ?: before;
	return ret;
}

static int mt_hoard_build(struct mt_state *st, struct mt_text *err)
{
	return mt_sweep_zones(st, err, st->a.order, mt_hoard_zone);
}

/* Of every block of order that page is made of, its first page stays: nothing merges to that order again. */
static void mt_pin(struct mt_state *st, struct page *page, unsigned int size, unsigned int order)
{
	unsigned long i;

	split_page(page, size);
	for (i = 0; i < 1UL << size; i++) {
		if (i & ((1UL << order) - 1))
			__free_page(page + i);
		else
			mt_hold_add(&st->pins, page + i, 0);
	}
	mt_state_charge(st, PAGE_SIZE << (size - order));
}

/* As many pages of the halves are given back as are pinned, so that no bound is passed. */
static int mt_hoard_new(struct zone *zone, void *arg)
{
	struct mt_sweep *s = arg;
	struct mt_state *st = s->st;
	int order, least = mt_follow_least(st, st->a.order);

	for (order = MT_MAX_ORDER; order >= least; order--) {
		while (mt_zone_has(zone, order)) {
			unsigned long n = 1UL << (order - least), back;
			struct page *page;

			page = mt_zone_take(zone, order, s->gfp | __GFP_HIGH);
			if (!page)
				break;
			back = mt_hold_shrink(&st->halves, n);
			mt_state_charge(st, -(s64)(back << PAGE_SHIFT));
			if (back < n && mt_state_check_zone(st, zone, st->hold.pages, n - back)) {
				__free_pages(page, order);
				return 0;
			}
			mt_pin(st, page, order, least);
		}
	}
	return 0;
}

static void mt_hoard_tick(struct mt_state *st)
{
	mt_sweep_new(st, mt_hoard_new);
}

const struct mt_state_ops mt_state_hoard = {
	.name = "hoard",
	.keys = "zone=all node=-1 migratetype=unmovable order=9 leave follow=0",
	.build = mt_hoard_build,
	.tick = mt_hoard_tick,
};

/* ---- drain, dma ---- */

static int mt_drain_target(const struct mt_args *a, struct zone *zone, u64 *pages)
{
	if (a->free_bytes)
		*pages = a->free_bytes >> PAGE_SHIFT;
	else if (a->free_percent)
		*pages = div_u64(zone_managed_pages(zone) * a->free_percent, 100);
	else if (!strcmp(a->to, "min"))
		*pages = min_wmark_pages(zone);
	else if (!strcmp(a->to, "low"))
		*pages = low_wmark_pages(zone);
	else if (!strcmp(a->to, "high"))
		*pages = high_wmark_pages(zone);
	else
		return -EINVAL;
	return 0;
}

static int mt_drain_zone(struct zone *zone, void *arg)
{
	struct mt_state *st = arg;
	gfp_t extra = 0;
	u64 target;
	int ret;

	if (mt_drain_target(&st->a, zone, &target))
		return -EINVAL;
	/* below min only what has high priority may go */
	if (target < min_wmark_pages(zone))
		extra = __GFP_HIGH | MT_GFP_ATOMIC;
	ret = mt_hold_fill(st, &st->hold, zone, st->a.order, extra, target);
	return ret < 0 ? ret : 0;
}

static int mt_drain(struct mt_state *st)
{
	struct zone *zone;

	if (*st->a.zone)
		return mt_walk_zones(st->a.zone, st->a.node, mt_drain_zone, st);
	zone = mt_zone_largest(st->a.node);
	return zone ? mt_drain_zone(zone, st) : -ENODEV;
}

/* The target is what shall be left; the floor only keeps it from being nothing. */
static int mt_drain_build(struct mt_state *st, struct mt_text *err)
{
	int ret;

	if (!st->a.floor)
		st->a.floor = MT_FLOOR_MIN;
	ret = mt_drain(st);
	if (ret == -EINVAL)
		return mt_fail(err, ret, "to: min, low or high");
	return ret;
}

/*
 * What per-CPU lists and kswapd give back would undo the state: with follow=1 it is
 * taken as it comes.
 */
static void mt_drain_tick(struct mt_state *st)
{
	if (st->a.follow)
		mt_drain(st);
}

const struct mt_state_ops mt_state_drain = {
	.name = "drain",
	.keys = "zone node=-1 order=0 to=low free_percent free_bytes follow=0 percent=99",
	.build = mt_drain_build,
	.tick = mt_drain_tick,
};

static int mt_dma_build(struct mt_state *st, struct mt_text *err)
{
	strscpy(st->a.zone, "DMA", sizeof(st->a.zone));
	if (!st->a.free_bytes)
		st->a.free_bytes = MT_FLOOR_MIN;
	return mt_drain_build(st, err);
}

const struct mt_state_ops mt_state_dma = {
	.name = "dma",
	.keys = "node=-1 order=0 free_bytes follow=0 percent=99",
	.build = mt_dma_build,
	.tick = mt_drain_tick,
};

/* ---- the high-order atomic reserve ---- */

/*
 * mm/page_alloc.c:reserve_highatomic_pageblock() acts only where an atomic request
 * had to go below the low watermark: drain to there, ask, and let the drained go.
 * The reserve stays after release until the kernel needs it (unreserve_highatomic_pageblock).
 */
static int mt_atomic_blocks(struct mt_state *st, struct zone *zone)
{
	const gfp_t gfp = __GFP_HIGH | MT_GFP_ATOMIC | __GFP_NOWARN | __GFP_THISNODE |
			  mt_zone_gfp(zone);
	unsigned int order = st->a.order;

	while (st->objects < st->a.count) {
		struct page *page;
		int ret = mt_state_check_zone(st, zone, st->hold.pages, 1ULL << order);

		if (ret)
			return ret;
		page = alloc_pages_node(zone_to_nid(zone), gfp, order);
		if (page && (page_zone(page) != zone || PageHighMem(page))) {
			__free_pages(page, order);
			page = NULL;
		}
		if (!page) {
			st->bound = MEMTOOL_BOUND_MEMORY;
			return 1;
		}
		mt_hold_add(&st->hold, page, order);
		mt_state_charge(st, PAGE_SIZE << order);
		st->objects++;
	}
	st->bound = MEMTOOL_BOUND_COUNT;
	return 0;
}

/* Below the watermark that a request for zone has to meet here: the slow path begins. */
static int mt_sink(struct mt_state *st, struct mt_hold *h, struct zone *zone, struct zone *here)
{
	return mt_hold_fill(st, h, here, 0, 0,
			    low_wmark_pages(here) + here->lowmem_reserve[zone_idx(zone)]);
}

static int mt_highatomic_zone(struct zone *zone, void *arg)
{
	struct mt_state *st = arg;
	struct mt_hold drained = {};
	int i, ret = 0;

	/* the lower zones would serve the request without touching the reserve */
	for (i = zone_idx(zone); i >= 0 && ret >= 0; i--) {
		struct zone *here = &zone->zone_pgdat->node_zones[i];

		if (populated_zone(here))
			ret = mt_sink(st, &drained, zone, here);
	}
	if (ret >= 0)
		ret = mt_atomic_blocks(st, zone);
	mt_leave_free(st, &drained);
	return ret < 0 ? ret : 0;
}

static int mt_highatomic_build(struct mt_state *st, struct mt_text *err)
{
	struct zone *zone;

	if (!st->a.order)
		return mt_fail(err, -EINVAL, "order: 1 or more");
	if (!st->a.floor)
		st->a.floor = MT_FLOOR_MIN;
	if (*st->a.zone)
		return mt_walk_zones(st->a.zone, st->a.node, mt_highatomic_zone, st);
	zone = mt_zone_largest(st->a.node);
	return zone ? mt_highatomic_zone(zone, st) : -ENODEV;
}

const struct mt_state_ops mt_state_highatomic = {
	.name = "highatomic",
	.keys = "zone node=-1 order=3 count=16 percent=99",
	.build = mt_highatomic_build,
};
