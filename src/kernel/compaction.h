/* SPDX-License-Identifier: GPL-2.0-or-later */
/* mm/compaction.c: when compaction is tried, and on what. */
#ifndef KERNEL_COMPACTION_H
#define KERNEL_COMPACTION_H

#include "kernel/watermark.h"

/* compact_gap: free pages above the mark that compaction wants for @order. */
uint64_t compact_gap(const struct mm_rules *r, unsigned int order);

/* Whether direct compaction is allowed at all (gfp_compaction_allowed; may_enter_fs to 4.12). */
bool gfp_compaction_allowed(const struct mm *mm, uint32_t gfp, unsigned int order);

enum compact_result {
	COMPACT_SKIPPED,  /* too little free memory, or the index says memory is short */
	COMPACT_CONTINUE, /* it would run */
	COMPACT_SUCCESS,  /* the watermark is met already */
};

struct compaction_test {
	enum compact_result result;
	bool by_index;	      /* SKIPPED because of extfrag_threshold */
	int64_t fragindex;    /* thousandths; for order > 3 (any order to 4.8) */
	int64_t missing;      /* pages missing to mark + gap, 0 if none */
	uint64_t gap;
};

/*
 * compaction_suit_allocation_order with compaction_suitable (6.16 and later),
 * compaction_suitable before: zone @z at watermark MIN for a direct compactor.
 * @free_pages: usually z->free, more to ask what reclaim would bring.
 */
struct compaction_test compaction_suitable(const struct mm *mm, const struct mm_zone *z,
					   unsigned int order, int zone_idx,
					   unsigned int alloc_flags, bool async,
					   uint64_t free_pages);

#endif
