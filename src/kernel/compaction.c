// SPDX-License-Identifier: GPL-2.0-or-later
/* mm/compaction.c: when compaction is tried, and on what. */
#include "kernel/compaction.h"

#include "kernel/fragmentation.h"

uint64_t compact_gap(const struct mm_rules *r, unsigned int order)
{
	uint64_t gap = sat_shl(2, order);

	return r->compact_gap_capped && gap > 32 ? 32 : gap;
}

bool gfp_compaction_allowed(const struct mm *mm, uint32_t gfp, unsigned int order)
{
	if (!mm->compaction || order == 0 || !(gfp & GF_DIRECT_RECLAIM) || !(gfp & GF_IO))
		return false;
	return !mm->rules.compaction_needs_fs || gfp & GF_FS;
}

/* The order-0 mark that must hold beside the gap. */
static uint64_t suitable_mark(const struct mm *mm, const struct mm_zone *z, unsigned int order)
{
	bool costly = order > PAGE_ALLOC_COSTLY_ORDER;

	switch (mm->rules.compaction) {
	case COMPACTION_3_10:
	case COMPACTION_4_4:
		return z->low;
	case COMPACTION_4_9:
		return costly ? z->low : z->min;
	case COMPACTION_6_16:
		return costly ? sat_add(z->min, z->low - z->min) : z->min;
	}
	return z->min;
}

static bool index_applies(const struct mm_rules *r, unsigned int order)
{
	return order > PAGE_ALLOC_COSTLY_ORDER || r->compaction == COMPACTION_3_10 ||
	       r->compaction == COMPACTION_4_4;
}

struct compaction_test compaction_suitable(const struct mm *mm, const struct mm_zone *z,
					   unsigned int order, int zone_idx,
					   unsigned int alloc_flags, bool async,
					   uint64_t free_pages)
{
	const struct mm_rules *r = &mm->rules;
	bool new_rules = r->compaction >= COMPACTION_4_9;
	struct compaction_test c = { .result = COMPACT_CONTINUE, .gap = compact_gap(r, order) };
	struct watermark_test t;

	t = zone_watermark_ok(mm, z, order, r->compaction == COMPACTION_4_4 ? z->low : z->min,
			      zone_idx, alloc_flags, free_pages);
	if (t.ok && r->compaction != COMPACTION_3_10) {
		c.result = COMPACT_SUCCESS;
		return c;
	}
	/* 6.14 and later: async costly compaction must find the room outside CMA. */
	if (r->compaction == COMPACTION_6_16 && async && order > PAGE_ALLOC_COSTLY_ORDER &&
	    !(alloc_flags & ALLOC_CMA)) {
		t = zone_watermark_ok(mm, z, 0, sat_add(z->min, c.gap), zone_idx, 0, free_pages);
		if (!t.ok) {
			c.result = COMPACT_SKIPPED;
			c.missing = 1 - t.margin;
			return c;
		}
	}
	t = zone_watermark_ok(mm, z, 0, sat_add(suitable_mark(mm, z, order), c.gap), zone_idx,
			      new_rules ? ALLOC_CMA : 0, free_pages);
	if (!t.ok) {
		c.result = COMPACT_SKIPPED;
		c.missing = 1 - t.margin;
		return c;
	}
	c.fragindex = fragmentation_index(z->nr_free, z->n_orders, order);
	if (index_applies(r, order) && c.fragindex >= 0 && c.fragindex <= mm->extfrag_threshold) {
		c.result = COMPACT_SKIPPED;
		c.by_index = true;
	}
	return c;
}
