/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rights of a request and the test of a zone against its watermark. */
#ifndef KERNEL_WATERMARK_H
#define KERNEL_WATERMARK_H

#include "kernel/mm.h"

/* mm/internal.h, mm/page_alloc.h: what a request may do. */
enum {
	ALLOC_MIN_RESERVE = 1 << 0,   /* ALLOC_HIGH to 6.2: half of min */
	ALLOC_NON_BLOCK = 1 << 1,     /* a further quarter, with MIN_RESERVE (6.3) */
	ALLOC_HARDER = 1 << 2,	      /* to 6.2: a quarter of min, HighAtomic blocks */
	ALLOC_HIGHATOMIC = 1 << 3,    /* HighAtomic blocks for order > 0 (6.3) */
	ALLOC_OOM = 1 << 4,
	ALLOC_CMA = 1 << 5,
	ALLOC_NO_WATERMARKS = 1 << 6,
	ALLOC_KSWAPD = 1 << 7,
	ALLOC_NOFRAGMENT = 1 << 8,
};

/* mm/page_alloc.c:gfp_to_alloc_flags (alloc_flags_slowpath in 7.3) for a task that is neither realtime nor an OOM victim. */
unsigned int gfp_to_alloc_flags(const struct mm_rules *r, uint32_t gfp, unsigned int order);
/* Rights of the first attempt, at the low watermark. */
unsigned int alloc_flags_fast_path(const struct mm_rules *r, uint32_t gfp, unsigned int order);
/* __gfp_pfmemalloc_flags for a task without PF_MEMALLOC: ALLOC_NO_WATERMARKS or 0. */
unsigned int gfp_pfmemalloc_flags(uint32_t gfp);
/*
 * __alloc_pages_slowpath's reserve_flags with what joins them; 0 without ALLOC_NO_WATERMARKS. They take
 * the place of gfp_to_alloc_flags: the right to the HIGHATOMIC lists is gone.
 */
unsigned int alloc_flags_no_watermarks(uint32_t gfp);

/* How a zone stood the test, with every term. All in pages. */
struct watermark_test {
	bool ok;	     /* the kernel's answer */
	bool uncertain;	     /* an unknown HighAtomic reserve, or unknown marks, could turn it */
	bool marks_ok;	     /* the order-0 part holds */
	bool list_ok;	     /* a block of the order stands in a list that the request may use */
	bool lists_guessed;  /* which lists hold the blocks was not readable */
	bool lists_unknown;  /* no list was: whether a block of the order is free is not known */
	int64_t free, mark, min, reserve;
	int64_t order_unusable, highatomic, cma, unaccepted; /* taken off free */
	int64_t margin;	     /* free less all of it less min less reserve: passes above 0 */
	int block_order;     /* smallest order with a usable block, -1 if none */
	uint64_t usable_blocks; /* at that order */
	uint64_t larger_blocks; /* usable ones above that order */
	int largest_order;   /* largest order with a usable block, -1 if none */
	uint64_t barred_blocks; /* blocks >= order in lists that the request may not use */
};

/*
 * mm/page_alloc.c:__zone_watermark_ok. @zone_idx: index into lowmem_reserve,
 * negative if unknown (then the smallest entry counts). @free_pages: usually z->free.
 */
struct watermark_test zone_watermark_ok(const struct mm *mm, const struct mm_zone *z,
					unsigned int order, uint64_t mark, int zone_idx,
					unsigned int alloc_flags, uint64_t free_pages);
/* zone_watermark_fast: as above, and order-0 requests with MIN_RESERVE disregard the boost at MIN. */
struct watermark_test zone_watermark_fast(const struct mm *mm, const struct mm_zone *z,
					  unsigned int order, uint64_t mark, bool is_min,
					  int zone_idx, unsigned int alloc_flags);

/* Blocks of order @o that a request with these rights may take, of any type. */
uint64_t usable_blocks(const struct mm *mm, const struct mm_zone *z, unsigned int o,
		       unsigned int alloc_flags);

#endif
