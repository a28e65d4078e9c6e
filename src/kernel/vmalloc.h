/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The vmalloc address range: mm/vmalloc.c:alloc_vmap_area, as far as files show it. */
#ifndef KERNEL_VMALLOC_H
#define KERNEL_VMALLOC_H

#include "kernel/mm.h"

/* The largest run of free address space, as far as the addresses tell. */
struct vmalloc_hole {
	struct opt_u64 at_least, at_most; /* bytes */
	const char *why; /* if unknown */
};

struct vmalloc_hole vmalloc_hole(const struct snapshot *s);

struct vmalloc_space {
	struct opt_u64 total_bytes;  /* VmallocTotal */
	struct opt_u64 used_bytes;   /* areas in it, guard pages included */
	struct opt_u64 largest_hole; /* bytes, at most; only with real addresses */
	bool ample;		     /* 64-bit: no request of physical size can exhaust it */
};

struct vmalloc_space vmalloc_space(const struct mm *mm);

/*
 * Order-0 pages that a request with these flags could take from all zones that
 * it may use, before the min watermark (rights applied) holds it back; with
 * @reclaimable, pages that reclaim may add. Without zones by meminfo.
 */
uint64_t order0_available(struct mm *mm, uint32_t gfp, int node, struct mm_zone **scratch,
			  uint64_t *reclaimable);

#endif
