// SPDX-License-Identifier: GPL-2.0-or-later
/* Rights of a request and the test of a zone against its watermark. */
#include "kernel/watermark.h"

unsigned int gfp_pfmemalloc_flags(uint32_t gfp)
{
	if (gfp & GF_NOMEMALLOC)
		return 0;
	return gfp & GF_MEMALLOC ? ALLOC_NO_WATERMARKS : 0;
}

static unsigned int common_flags(uint32_t gfp)
{
	unsigned int flags = 0;

	if (gfp_migratetype(gfp) == MIGRATE_MOVABLE)
		flags |= ALLOC_CMA;
	if (gfp & GF_KSWAPD_RECLAIM)
		flags |= ALLOC_KSWAPD;
	return flags;
}

unsigned int alloc_flags_no_watermarks(uint32_t gfp)
{
	unsigned int reserve = gfp_pfmemalloc_flags(gfp);

	return reserve ? common_flags(gfp) | reserve : 0;
}

/* alloc_flags_nonblocking (7.3), inline in gfp_to_alloc_flags before. */
static unsigned int nonblocking_flags(const struct mm_rules *r, uint32_t gfp, unsigned int order)
{
	unsigned int flags = ALLOC_NON_BLOCK;

	if (gfp & (GF_DIRECT_RECLAIM | GF_NOMEMALLOC))
		return 0;
	if (order > 0 && (!r->highatomic_needs_high || gfp & GF_HIGH))
		flags |= ALLOC_HIGHATOMIC;
	return flags;
}

unsigned int alloc_flags_fast_path(const struct mm_rules *r, uint32_t gfp, unsigned int order)
{
	unsigned int flags = common_flags(gfp);

	if (r->fast_path_highatomic)
		flags |= nonblocking_flags(r, gfp, order) & ALLOC_HIGHATOMIC;
	return flags;
}

unsigned int gfp_to_alloc_flags(const struct mm_rules *r, uint32_t gfp, unsigned int order)
{
	unsigned int flags = common_flags(gfp);

	if (gfp & GF_HIGH)
		flags |= ALLOC_MIN_RESERVE;
	switch (r->rights) {
	case RIGHTS_WAIT:
		/* NO_KSWAPD without WAIT (THP) is not atomic. */
		if (!(gfp & GF_DIRECT_RECLAIM) && gfp & GF_KSWAPD_RECLAIM && !(gfp & GF_NOMEMALLOC))
			flags |= ALLOC_HARDER;
		break;
	case RIGHTS_ATOMIC:
		if (gfp & GF_ATOMIC && !(gfp & GF_NOMEMALLOC))
			flags |= ALLOC_HARDER;
		break;
	case RIGHTS_MIN_RESERVE:
		flags |= nonblocking_flags(r, gfp, order);
		break;
	}
	return flags;
}

uint64_t usable_blocks(const struct mm *mm, const struct mm_zone *z, unsigned int o,
		       unsigned int alloc_flags)
{
	uint64_t barred = 0;
	unsigned int highatomic = ALLOC_OOM;

	highatomic |= mm->rules.rights == RIGHTS_MIN_RESERVE ? ALLOC_HIGHATOMIC : ALLOC_HARDER;
	if (o >= z->n_orders)
		return 0;
	if (z->types_known) {
		/* The total is from buddyinfo, read last; the lists that do not count come off it. */
		if (z->type_free[MIGRATE_ISOLATE])
			barred = sat_add(barred, z->type_free[MIGRATE_ISOLATE][o]);
		if (z->type_free[MIGRATE_CMA] && !(alloc_flags & ALLOC_CMA))
			barred = sat_add(barred, z->type_free[MIGRATE_CMA][o]);
		if (z->type_free[MIGRATE_HIGHATOMIC] && !(alloc_flags & highatomic) &&
		    !mm->rules.reserve_migratetype)
			barred = sat_add(barred, z->type_free[MIGRATE_HIGHATOMIC][o]);
	}
	return sat_sub(z->nr_free[o], barred);
}

/* 3.10 to 4.3: every order below the requested one must leave half of what the one below left. */
static bool orders_ok_3_10(const struct mm_zone *z, unsigned int order, int64_t free, int64_t min)
{
	for (unsigned int o = 0; o < order && o < z->n_orders; o++) {
		free -= (int64_t)sat_shl(z->nr_free[o], o);
		min >>= 1;
		if (free <= min)
			return false;
	}
	return true;
}

static void look_at_lists(const struct mm *mm, const struct mm_zone *z, unsigned int order,
			  unsigned int alloc_flags, struct watermark_test *t)
{
	t->block_order = t->largest_order = -1;
	t->lists_guessed = !z->types_known;
	t->lists_unknown = !z->lists_known && order > 0;
	for (unsigned int o = z->n_orders; o-- > 0;) {
		uint64_t usable = usable_blocks(mm, z, o, alloc_flags);

		if (usable && t->largest_order < 0)
			t->largest_order = (int)o;
		if (o < order)
			continue;
		if (usable) {
			t->larger_blocks = sat_add(t->larger_blocks, t->usable_blocks);
			t->block_order = (int)o;
			t->usable_blocks = usable;
		}
		t->barred_blocks = sat_add(t->barred_blocks, z->nr_free[o] - usable);
	}
	t->list_ok = t->block_order >= 0 || !z->lists_known;
}

static int64_t lowmem_reserve(const struct mm_zone *z, int zone_idx)
{
	if (z->n_protection == 0 && zone_idx > z->index)
		return (int64_t)z->reserve_guess;
	if (zone_idx < 0 || (size_t)zone_idx >= z->n_protection)
		return 0;
	return (int64_t)z->protection[zone_idx];
}

static int64_t reduce_min(const struct mm_rules *r, int64_t min, unsigned int alloc_flags)
{
	if (alloc_flags & ALLOC_MIN_RESERVE) {
		min -= min / 2;
		if (r->rights == RIGHTS_MIN_RESERVE && alloc_flags & ALLOC_NON_BLOCK)
			min -= min / 4;
	}
	if (alloc_flags & ALLOC_OOM)
		min -= min / 2;
	else if (alloc_flags & ALLOC_HARDER)
		min -= min / 4;
	return min;
}

struct watermark_test zone_watermark_ok(const struct mm *mm, const struct mm_zone *z,
					unsigned int order, uint64_t mark, int zone_idx,
					unsigned int alloc_flags, uint64_t free_pages)
{
	const struct mm_rules *r = &mm->rules;
	const unsigned int reserves = r->rights == RIGHTS_MIN_RESERVE
		? ALLOC_NON_BLOCK | ALLOC_MIN_RESERVE | ALLOC_HIGHATOMIC | ALLOC_OOM
		: ALLOC_HARDER | ALLOC_OOM;
	struct watermark_test t = { 0 };
	int64_t widest;

	t.free = (int64_t)free_pages;
	t.mark = (int64_t)mark;
	t.min = reduce_min(r, t.mark, alloc_flags);
	t.reserve = lowmem_reserve(z, zone_idx);
	t.order_unusable = ((int64_t)1 << order) - 1;
	if (!(alloc_flags & reserves))
		t.highatomic = (int64_t)z->highatomic_lo;
	if (!(alloc_flags & ALLOC_CMA))
		t.cma = (int64_t)z->free_cma;
	if (r->unaccepted_unusable)
		t.unaccepted = (int64_t)z->unaccepted;
	t.margin = t.free - t.order_unusable - t.highatomic - t.cma - t.unaccepted - t.min - t.reserve;
	t.marks_ok = t.margin > 0;
	widest = (int64_t)z->min_bound;
	if (!(alloc_flags & reserves))
		widest += (int64_t)(z->highatomic_hi - z->highatomic_lo);
	t.uncertain = t.marks_ok && t.margin <= widest;
	look_at_lists(mm, z, order, alloc_flags, &t);
	if (order == 0)
		t.ok = t.marks_ok;
	else if (r->per_order_lists)
		t.ok = t.marks_ok && t.list_ok;
	else
		t.ok = t.marks_ok && t.list_ok &&
		       orders_ok_3_10(z, order, t.free - t.order_unusable, t.min);
	return t;
}

struct watermark_test zone_watermark_fast(const struct mm *mm, const struct mm_zone *z,
					  unsigned int order, uint64_t mark, bool is_min,
					  int zone_idx, unsigned int alloc_flags)
{
	struct watermark_test t =
		zone_watermark_ok(mm, z, order, mark, zone_idx, alloc_flags, z->free);
	const unsigned int rights = mm->rules.rights == RIGHTS_MIN_RESERVE ? ALLOC_MIN_RESERVE
									   : ALLOC_HARDER;

	if (!t.ok && order == 0 && is_min && z->boost && mm->rules.min_ignores_boost &&
	    alloc_flags & rights)
		t = zone_watermark_ok(mm, z, order, mark > z->boost ? mark - z->boost : 0, zone_idx,
				      alloc_flags, z->free);
	return t;
}
