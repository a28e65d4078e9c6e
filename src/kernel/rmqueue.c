// SPDX-License-Identifier: GPL-2.0-or-later
/* Which block a zone gives once the watermark holds. */
#include "kernel/rmqueue.h"

/* The fallbacks[] table: 4.4 and later; to 4.3 Movable falls back to CMA first and all to Reserve last. */
static const enum migratetype fallbacks[3][2] = {
	[MIGRATE_UNMOVABLE] = { MIGRATE_RECLAIMABLE, MIGRATE_MOVABLE },
	[MIGRATE_MOVABLE] = { MIGRATE_RECLAIMABLE, MIGRATE_UNMOVABLE },
	[MIGRATE_RECLAIMABLE] = { MIGRATE_UNMOVABLE, MIGRATE_MOVABLE },
};

static uint64_t count(const struct mm_zone *z, enum migratetype type, unsigned int o)
{
	return z->type_free[type] ? z->type_free[type][o] : 0;
}

/* __rmqueue_smallest: smallest sufficient order of one list, or -1. */
static int smallest(const struct mm_zone *z, enum migratetype type, unsigned int order)
{
	for (unsigned int o = order; o < z->n_orders; o++) {
		if (count(z, type, o) && z->nr_free[o])
			return (int)o;
	}
	return -1;
}

/* can_steal_fallback, should_try_claim_block: large blocks, or requests that would pollute. */
static bool may_claim(const struct mm *mm, unsigned int block_order, enum migratetype type)
{
	if (block_order >= mm->pageblock_order / 2)
		return true;
	return type != MIGRATE_MOVABLE || mm->mobility_disabled;
}

/* __rmqueue_fallback: the largest block of another type; a movable request that may not claim takes the smallest. */
static struct rmqueue_block fallback(const struct mm *mm, const struct mm_zone *z,
				     unsigned int order, enum migratetype type)
{
	struct rmqueue_block b = { RMQUEUE_NONE, -1, type, false };

	for (unsigned int o = z->n_orders; o-- > order;) {
		for (int f = 0; f < 2; f++) {
			enum migratetype from = fallbacks[type][f];

			if (!count(z, from, o) || !z->nr_free[o])
				continue;
			b.type = from;
			b.order = (int)o;
			if (may_claim(mm, o, type)) {
				b.path = RMQUEUE_CLAIM;
				b.claims_pageblock = true;
			} else {
				b.path = RMQUEUE_STEAL;
				b.order = smallest(z, from, order);
			}
			return b;
		}
	}
	return b;
}

static struct rmqueue_block from_lists(const struct mm *mm, const struct mm_zone *z,
				       unsigned int order, enum migratetype type,
				       unsigned int alloc_flags)
{
	struct rmqueue_block b = { RMQUEUE_NONE, -1, type, false };
	bool cma = alloc_flags & ALLOC_CMA;
	unsigned int first = mm->rules.rights == RIGHTS_MIN_RESERVE ? ALLOC_HIGHATOMIC : ALLOC_HARDER;

	if (order > 0 && alloc_flags & first) {
		b.order = smallest(z, MIGRATE_HIGHATOMIC, order);
		if (b.order >= 0) {
			b.path = RMQUEUE_HIGHATOMIC;
			b.type = MIGRATE_HIGHATOMIC;
			return b;
		}
	}
	if (cma && mm->rules.cma_first && z->free_cma > z->free / 2) {
		b.order = smallest(z, MIGRATE_CMA, order);
		b.path = RMQUEUE_CMA;
	}
	if (b.order < 0) {
		b.order = smallest(z, type, order);
		b.path = RMQUEUE_OWN;
	}
	if (b.order < 0 && cma) {
		b.order = smallest(z, MIGRATE_CMA, order);
		b.path = RMQUEUE_CMA;
	}
	if (b.order >= 0) {
		b.type = b.path == RMQUEUE_CMA ? MIGRATE_CMA : type;
		return b;
	}
	b = fallback(mm, z, order, type);
	if (b.order < 0 && (alloc_flags & (ALLOC_NON_BLOCK | ALLOC_OOM) || mm->rules.reserve_migratetype)) {
		b.order = smallest(z, MIGRATE_HIGHATOMIC, order);
		b.type = MIGRATE_HIGHATOMIC;
		b.path = b.order >= 0 ? RMQUEUE_HIGHATOMIC : RMQUEUE_NONE;
	}
	return b;
}

struct rmqueue_block rmqueue(const struct mm *mm, const struct mm_zone *z, unsigned int order,
			     enum migratetype type, unsigned int alloc_flags)
{
	struct rmqueue_block b = { RMQUEUE_UNKNOWN, -1, type, false };
	bool pcp = order == 0 || (mm->rules.pcp_high_order &&
				  (order <= PAGE_ALLOC_COSTLY_ORDER || order == mm->pageblock_order));

	if (z->types_known) {
		b = from_lists(mm, z, order, type, alloc_flags);
	} else {
		for (unsigned int o = order; o < z->n_orders && b.order < 0; o++) {
			if (z->nr_free[o])
				b.order = (int)o;
		}
		if (b.order < 0)
			b.path = RMQUEUE_NONE;
	}
	if (pcp && (b.path == RMQUEUE_OWN || (b.path == RMQUEUE_UNKNOWN && order == 0) ||
		    (order == 0 && b.path == RMQUEUE_NONE && z->pcp_count)))
		b.path = RMQUEUE_PCP;
	return b;
}
