/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which block a zone gives once the watermark holds: mm/page_alloc.c:rmqueue and below. */
#ifndef KERNEL_RMQUEUE_H
#define KERNEL_RMQUEUE_H

#include "kernel/watermark.h"

enum rmqueue_path {
	RMQUEUE_PCP,	    /* per-CPU list, filled from the buddy lists if empty */
	RMQUEUE_OWN,	    /* own migratetype's list (__rmqueue_smallest) */
	RMQUEUE_CMA,	    /* CMA pageblocks, movable requests only */
	RMQUEUE_CLAIM,	    /* another type's block, and its pageblock changes owner */
	RMQUEUE_STEAL,	    /* a block of another type's pageblock */
	RMQUEUE_HIGHATOMIC, /* the reserve for high-order atomic requests */
	RMQUEUE_UNKNOWN,    /* a block is free, its list was not readable */
	RMQUEUE_NONE,
};

struct rmqueue_block {
	enum rmqueue_path path;
	int order;		/* of the block that is split; -1 none */
	enum migratetype type;	/* of the list it comes from */
	bool claims_pageblock;
};

/* __rmqueue, 3.10 to 7.3. Assumes that the watermark test passed. */
struct rmqueue_block rmqueue(const struct mm *mm, const struct mm_zone *z, unsigned int order,
			     enum migratetype type, unsigned int alloc_flags);

#endif
