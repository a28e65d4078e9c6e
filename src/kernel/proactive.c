// SPDX-License-Identifier: GPL-2.0-or-later
/* The score of proactive compaction. */
#include "kernel/proactive.h"

#include "kernel/fragmentation.h"

uint64_t fragmentation_score_zone(const uint64_t *nr_free, unsigned int n_orders,
				  unsigned int hpage_order)
{
	return extfrag_for_order(nr_free, n_orders, hpage_order);
}

uint64_t fragmentation_score_zone_weighted(uint64_t score, uint64_t present_pages,
					   uint64_t node_present_pages)
{
	return sat_mul(present_pages, score) / sat_add(node_present_pages, 1);
}

uint64_t fragmentation_score_wmark(const struct mm_rules *rules, uint64_t proactiveness, bool low)
{
	uint64_t mark = sat_sub(100, proactiveness), leeway = 10;

	if (rules->proactive_leeway)
		leeway = mark / 2 < leeway ? mark / 2 : leeway;
	else if (mark < 5)
		mark = 5;
	if (low)
		return mark;
	return mark + leeway < 100 ? mark + leeway : 100;
}
