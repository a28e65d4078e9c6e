/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's own measures of external fragmentation, in its integer
 * arithmetic. @nr_free: free blocks an order, all migratetypes, @n_orders of
 * them. The results equal debugfs extfrag/ and the proactive compaction score.
 */
#ifndef KERNEL_FRAGMENTATION_H
#define KERNEL_FRAGMENTATION_H

#include <stdint.h>

/* mm/vmstat.c:fill_contig_page_info */
struct contig_page_info {
	uint64_t free_pages;	       /* base pages */
	uint64_t free_blocks_total;    /* blocks of any order */
	uint64_t free_blocks_suitable; /* blocks of the order that these hold */
};

struct contig_page_info fill_contig_page_info(const uint64_t *nr_free, unsigned int n_orders,
					      unsigned int order);

/*
 * mm/vmstat.c:__fragmentation_index, 3.10 to 7.3, in thousandths: -1000 a
 * suitable block is free; towards 0 memory is short, towards 1000 it is
 * fragmented. Other negative values occur (few large blocks, no larger one).
 */
int64_t fragmentation_index(const uint64_t *nr_free, unsigned int n_orders, unsigned int order);

/*
 * mm/vmstat.c:unusable_free_index, in thousandths: the share of free memory
 * that cannot serve @order; 1000 when nothing is free.
 */
int64_t unusable_free_index(const uint64_t *nr_free, unsigned int n_orders, unsigned int order);

/* mm/vmstat.c:extfrag_for_order, 5.9 and later: as unusable_free_index in percent, 0 when nothing is free. */
uint64_t extfrag_for_order(const uint64_t *nr_free, unsigned int n_orders, unsigned int order);

#endif
