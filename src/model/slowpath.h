/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What reclaim and compaction can bring: mm/page_alloc.c:__alloc_pages_slowpath.
 * Its rules decide who may try and for how long; whether a try comes through
 * hangs on state that /proc does not show, so that part is a probability
 * whose constants are fitted (model/calibration.h).
 */
#ifndef MODEL_SLOWPATH_H
#define MODEL_SLOWPATH_H

#include "model/explain.h"

/* How a request ends when nothing is found at once. */
enum slowpath_class {
	SLOW_NONE,	    /* no direct reclaim: fails now */
	SLOW_NORETRY_COSTLY, /* one async compaction, perhaps one reclaim round */
	SLOW_NORETRY,	    /* one round of reclaim and compaction */
	SLOW_COSTLY,	    /* order > 3: one full round */
	SLOW_MAYFAIL,	    /* retries while there is progress; no OOM killer */
	SLOW_NO_OOM,	    /* loops, but may not kill: DMA zones, THISNODE, no __GFP_FS */
	SLOW_OOM,	    /* loops and kills: never fails */
};

enum slowpath_class slowpath_class(const struct mm *mm, uint32_t gfp, unsigned int order,
				   enum gfp_zone highest);

/*
 * Inputs of the fit, of the zone where most could be had. Shares in thousandths; "over" is
 * log2 of the quotient within +-8, times 125.
 */
enum slow_feature {
	F_ONE,
	F_ORDER,	 /* order x 100 */
	F_SHORT,	 /* order-0 part of MIN fails in every allowed zone */
	F_RECLAIM,	 /* reclaimable over missing pages; 0 if none is missing */
	F_SUITABLE,	 /* compaction would run in some zone */
	F_SOURCE,	 /* pages that this request may move, over the block */
	F_PURITY,	 /* their share of what is in use */
	F_TARGET,	 /* free pages where moved ones may go, over the block */
	F_ROOM,		 /* the lesser of source and target */
	F_FREE,		 /* free pages over the block */
	F_FILE,		 /* page cache over the block */
	F_DEFICIT,	 /* orders between the largest usable block and the request x 100 */
	F_MOVABLE_BLOCKS, /* share of pageblocks tagged Movable */
	F_INDEX,	 /* fragmentation index, 0 if negative */
	F_ASYNC_BARRED,	 /* only async compaction, and its sources are not the request's */
	F_NO_FS,	 /* may move anonymous pages only */
	F_SUCCESS_RATE,	 /* compact_success of all tries since boot; 500 if none or unknown */
	F_FAILS,	 /* compact_fail since boot over 1: deferral and skip marks are likelier */
	F_STALLS,	 /* compact_stall since boot over 1 */
	F_SCANNED,	 /* pages scanned a stall, over 64: marked blocks are passed over */
	F_KSWAPD,	 /* pages that kswapd reclaimed since boot over 1: there is what it finds */
	/* Pages on per-CPU lists, which come back and merge when direct reclaim got any: */
	F_PCP,		 /* over pages in use */
	F_PCP_BLOCK,	 /* of all allowed zones, over the block */
	F_RULES_5_14,	 /* stalls that were deferred are counted too: to 5.14 */
	F_RULES_6_9,	 /* compaction moves folios of any order */
	F_RULES_6_16,	 /* compaction by the rules of 6.15 and later */
	F_COUNT
};

struct slowpath {
	enum slowpath_class class;
	bool compaction_allowed, suitable, short_of_pages;
	const struct mm_zone *zone; /* where most could be had */
	int64_t missing;	    /* pages to the order-0 part, 0 if it holds */
	uint64_t reclaimable;	    /* pages, allowed zones */
	uint64_t on_lists;	    /* pages on per-CPU lists, allowed zones */
	int64_t features[F_COUNT];
	double probability;
	enum mechanism mechanism;
};

/*
 * @zones: the zonelist; @zone_idx: index into lowmem_reserve. Nothing was found
 * at MIN with @alloc_flags.
 */
void slowpath(const struct mm *mm, struct mm_zone *const *zones, size_t n_zones,
	      const struct page_request *r, int zone_idx, enum gfp_zone highest,
	      unsigned int alloc_flags, struct slowpath *out);

/* Name of a class and a feature, for steps. */
const char *slowpath_class_name(enum slowpath_class c);
const char *slow_feature_name(enum slow_feature f);

#endif
