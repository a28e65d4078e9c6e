// SPDX-License-Identifier: GPL-2.0-or-later
/* The contract's words for verdicts. */
#include "model/verdict.h"

#include <math.h>

enum cause cause_of_shortage(const struct shortage *s)
{
	if (s->this_node || (s->no_zone && s->other_node))
		return CAUSE_NODE_BOUND;
	if (s->no_zone)
		return CAUSE_ZONE_RESTRICTED;
	if (s->enough)
		return CAUSE_FRAGMENTATION;
	if (s->other_node)
		return CAUSE_NODE_BOUND;
	if (s->other_zone)
		return CAUSE_ZONE_RESTRICTED;
	return s->kept_back ? CAUSE_WATERMARK_RESERVE : CAUSE_LOW_MEMORY;
}

const char *verdict_name(enum verdict_class v)
{
	static const char *const names[] = { "fails", "likely_fails", "uncertain",
					     "likely_succeeds", "succeeds" };

	return names[v];
}

const char *verdict_words(enum verdict_class v)
{
	static const char *const words[] = { "fails", "likely fails", "uncertain", "likely succeeds", "succeeds" };

	return words[v];
}

const char *mechanism_name(enum mechanism m)
{
	static const char *const names[MECHANISM_COUNT] = {
		"none",		  "pcp",	       "buddy",	   "fallback_zone",
		"steal",	  "reserve",	       "direct_reclaim", "direct_compaction",
		"oom_kill",	  "slab_partial",      "slab_new", "vmalloc",
		"vmalloc_fallback", "cma",	       "iommu",	   "swiotlb",
	};

	return names[m];
}

const char *cause_name(enum cause c)
{
	static const char *const names[CAUSE_COUNT] = {
		NULL,		   "fragmentation", "low_memory",  "watermark_reserve",
		"zone_restricted", "node_bound",    "order_too_big", "size_limit",
		"memcg_limit",	   "vmalloc_space", "dma_mask",	   "cma",
		"swiotlb",	   "unsupported",   "unknown",
	};

	return names[c];
}

/* Of the probability as it is printed, in thousandths: a reader compares that with the bounds. */
enum verdict_class verdict_of(double probability)
{
	long thousandths = lround(probability * 1000);

	if (thousandths >= 980)
		return SUCCEEDS;
	if (thousandths >= 750)
		return LIKELY_SUCCEEDS;
	if (thousandths > 250)
		return UNCERTAIN;
	return thousandths > 20 ? LIKELY_FAILS : FAILS;
}
