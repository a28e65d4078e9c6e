// SPDX-License-Identifier: GPL-2.0
/* Zones by name and node. next_zone() and its like are not exported: walk the nodes. */
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/nodemask.h>
#include <linux/string.h>
#include <linux/topology.h>

#include "memtool.h"

bool mt_node_ok(s64 node)
{
	if (node == -1)
		return true;
	return node >= 0 && node < MAX_NUMNODES && node_online(node);
}

int mt_walk_zones(const char *name, s64 node,
		  int (*fn)(struct zone *zone, void *arg), void *arg)
{
	bool all = !name || !*name || !strcmp(name, "all");
	int nid, i, ret, found = 0;

	for_each_online_node(nid) {
		if (node != -1 && nid != node)
			continue;
		/* downwards, as a zonelist does */
		for (i = MAX_NR_ZONES - 1; i >= 0; i--) {
			struct zone *z = &NODE_DATA(nid)->node_zones[i];

			if (!populated_zone(z) || !zone_managed_pages(z))
				continue;
			if (!all && strcmp(name, z->name))
				continue;
			found++;
			ret = fn(z, arg);
			if (ret)
				return ret;
		}
	}
	return found ? 0 : -ENODEV;
}

static int mt_larger(struct zone *z, void *arg)
{
	struct zone **best = arg;

	if (!*best || zone_managed_pages(z) > zone_managed_pages(*best))
		*best = z;
	return 0;
}

struct zone *mt_zone_largest(s64 node)
{
	struct zone *best = NULL;

	mt_walk_zones(NULL, node, mt_larger, &best);
	return best;
}

struct zone *mt_zone_preferred(gfp_t gfp, int node)
{
	int nid = node == -1 ? numa_mem_id() : node;
	int i;

	for (i = gfp_zone(gfp); i >= 0; i--) {
		struct zone *z = &NODE_DATA(nid)->node_zones[i];

		if (populated_zone(z))
			return z;
	}
	return NULL;
}

gfp_t mt_zone_gfp(struct zone *zone)
{
	switch (zone_idx(zone)) {
#ifdef CONFIG_ZONE_DMA
	case ZONE_DMA:
		return __GFP_DMA;
#endif
#ifdef CONFIG_ZONE_DMA32
	case ZONE_DMA32:
		return __GFP_DMA32;
#endif
	case ZONE_MOVABLE:
		return __GFP_HIGHMEM | __GFP_MOVABLE;
	default:
		return 0;
	}
}

/* with what the CPUs have not folded into the zone's counter yet */
unsigned long mt_zone_free(struct zone *zone)
{
	return zone_page_state_snapshot(zone, NR_FREE_PAGES);
}

/* as mm/page_alloc.c:__zone_watermark_unusable_free counts where CMA may not be used */
unsigned long mt_zone_left(struct zone *zone)
{
	unsigned long free = mt_zone_free(zone);
	unsigned long cma = zone_page_state_snapshot(zone, NR_FREE_CMA_PAGES);

	return free > cma ? free - cma : 0;
}

bool mt_zone_has(struct zone *zone, unsigned int order)
{
	int type;

	for (; order <= MT_MAX_ORDER; order++)
		for (type = 0; type < MIGRATE_PCPTYPES; type++)
			if (!list_empty(&zone->free_area[order].free_list[type]))
				return true;
	return false;
}
