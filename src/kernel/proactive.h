/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Proactive compaction (5.10 and later, RHEL 8.5): the score of zones and
 * nodes, 0 to 100, and the marks between which kcompactd works. Scores are
 * taken at the order of a huge page (COMPACTION_HPAGE_ORDER).
 */
#ifndef KERNEL_PROACTIVE_H
#define KERNEL_PROACTIVE_H

#include <stdbool.h>
#include <stdint.h>

#include "kernel/rules.h"

/* mm/compaction.c:fragmentation_score_zone, 5.12 and later: percent of free memory below @hpage_order. */
uint64_t fragmentation_score_zone(const uint64_t *nr_free, unsigned int n_orders,
				  unsigned int hpage_order);

/*
 * mm/compaction.c:fragmentation_score_zone_weighted (5.10: fragmentation_score_zone):
 * the zone's share of the node's score.
 */
uint64_t fragmentation_score_zone_weighted(uint64_t score, uint64_t present_pages,
					   uint64_t node_present_pages);

/*
 * mm/compaction.c:fragmentation_score_wmark: kcompactd starts when the node's
 * score is above the high mark (@low false) and stops at the low one. Nothing
 * starts when @proactiveness is 0.
 */
uint64_t fragmentation_score_wmark(const struct mm_rules *rules, uint64_t proactiveness, bool low);

#endif
