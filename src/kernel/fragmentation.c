// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernel's measures of external fragmentation. */
#include "kernel/fragmentation.h"

#include "base/num.h"

struct contig_page_info fill_contig_page_info(const uint64_t *nr_free, unsigned int n_orders,
					      unsigned int order)
{
	struct contig_page_info info = { 0, 0, 0 };

	for (unsigned int o = 0; o < n_orders; o++) {
		info.free_blocks_total = sat_add(info.free_blocks_total, nr_free[o]);
		info.free_pages = sat_add(info.free_pages, sat_shl(nr_free[o], o));
		if (o >= order)
			info.free_blocks_suitable =
				sat_add(info.free_blocks_suitable, sat_shl(nr_free[o], o - order));
	}
	return info;
}

int64_t fragmentation_index(const uint64_t *nr_free, unsigned int n_orders, unsigned int order)
{
	struct contig_page_info info = fill_contig_page_info(nr_free, n_orders, order);
	uint64_t requested;

	if (order >= n_orders || order >= 63 || !info.free_blocks_total)
		return 0;
	if (info.free_blocks_suitable)
		return -1000;
	requested = UINT64_C(1) << order;
	return 1000 - (int64_t)(sat_add(1000, sat_mul(info.free_pages, 1000) / requested) /
				info.free_blocks_total);
}

int64_t unusable_free_index(const uint64_t *nr_free, unsigned int n_orders, unsigned int order)
{
	struct contig_page_info info = fill_contig_page_info(nr_free, n_orders, order);
	uint64_t unusable;

	if (info.free_pages == 0)
		return 1000;
	unusable = sat_sub(info.free_pages, sat_shl(info.free_blocks_suitable, order));
	return (int64_t)(sat_mul(unusable, 1000) / info.free_pages);
}

uint64_t extfrag_for_order(const uint64_t *nr_free, unsigned int n_orders, unsigned int order)
{
	struct contig_page_info info = fill_contig_page_info(nr_free, n_orders, order);

	if (info.free_pages == 0)
		return 0;
	return sat_mul(sat_sub(info.free_pages, sat_shl(info.free_blocks_suitable, order)), 100) /
	       info.free_pages;
}
