// SPDX-License-Identifier: GPL-2.0-or-later
/* Many blocks one after the other. */
#include "kernel/pieces.h"

#include "kernel/watermark.h"

/* What one zone gives before __zone_watermark_ok says no. */
static uint64_t zone_blocks(const struct mm *mm, const struct mm_zone *z, unsigned int order, int zone_idx,
			    unsigned int rights)
{
	struct watermark_test t = zone_watermark_ok(mm, z, order, z->min, zone_idx, rights, z->free);
	uint64_t listed = 0, above;

	if (!t.ok || t.margin <= 0)
		return 0;
	/* each takes its pages off the margin, and the last may go right down to it */
	above = ((uint64_t)t.margin - 1) / sat_shl(1, order) + 1;
	for (unsigned int o = order; o < z->n_orders; o++)
		listed = sat_add(listed, sat_shl(usable_blocks(mm, z, o, rights), o - order));
	if (!z->lists_known)
		listed = order ? 0 : above;
	return listed < above ? listed : above;
}

uint64_t blocks_available(struct mm *mm, uint32_t gfp, int node, unsigned int order,
			  struct mm_zone **scratch)
{
	enum gfp_zone highest;
	int idx = gfp_zone_index(mm, gfp, &highest);
	size_t n = mm_zonelist(mm, node, highest, gfp & GF_THISNODE, scratch);
	unsigned int rights = gfp_to_alloc_flags(&mm->rules, gfp, order);
	uint64_t blocks = 0;

	if (!mm->rules.reserve_by_request && n)
		idx = scratch[0]->index;
	for (size_t i = 0; i < n; i++)
		blocks = sat_add(blocks, zone_blocks(mm, scratch[i], order, idx, rights));
	return blocks;
}
