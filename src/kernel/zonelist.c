// SPDX-License-Identifier: GPL-2.0-or-later
/* The order in which zones are tried: mm/page_alloc.c:build_zonelists. */
#include <errno.h>
#include <string.h>

#include "kernel/mm.h"

#define UNKNOWN_DISTANCE 20
#define LOCAL_DISTANCE 10

/* Row and column of the distance matrix are the online nodes, ascending. */
static uint64_t distance(const struct mm *mm, const struct mm_node *from, const struct mm_node *to)
{
	size_t column = (size_t)(to - mm->nodes);

	if (from == to)
		return LOCAL_DISTANCE;
	if (!from->snap || column >= from->snap->n_distance)
		return UNKNOWN_DISTANCE;
	return from->snap->distance[column];
}

/*
 * find_next_best_node: the nearest node not yet used; later numbers before
 * earlier ones at the same distance, nodes without CPUs before those with.
 * The kernel breaks what ties remain round-robin by node_load, which is not to
 * be seen from outside; here the lowest number wins.
 */
static struct mm_node *find_next_best_node(const struct mm *mm, const struct mm_node *local,
					   const bool *used)
{
	struct mm_node *best = NULL;
	uint64_t best_value = UINT64_MAX;

	for (size_t i = 0; i < mm->n_nodes; i++) {
		struct mm_node *n = &mm->nodes[i];
		uint64_t value;

		if (used[i])
			continue;
		if (n == local)
			return n;
		value = distance(mm, local, n) + (n->node < local->node) +
			(n->has_cpulist && n->has_cpus);
		if (value < best_value) {
			best_value = value;
			best = n;
		}
	}
	return best;
}

/* Zones of a node from highest to lowest: mm->zones has them lowest first. */
static size_t add_node_zones(struct mm *mm, const struct mm_node *n, struct mm_zone **out)
{
	size_t count = 0;

	for (size_t i = mm->n_zones; i-- > 0;) {
		if (mm->zones[i].node == n->node)
			out[count++] = &mm->zones[i];
	}
	return count;
}

static int build_zonelists(struct mm *mm, struct mm_node *local)
{
	bool *used = arena_array(&mm->arena, mm->n_nodes, sizeof(*used));
	struct mm_node *n;

	local->zonelist = arena_array(&mm->arena, mm->n_zones, sizeof(*local->zonelist));
	if (!used || !local->zonelist) {
		local->zonelist = NULL;
		return -ENOMEM;
	}
	local->n_zonelist = 0;
	while ((n = find_next_best_node(mm, local, used))) {
		used[n - mm->nodes] = true;
		local->n_zonelist += add_node_zones(mm, n, local->zonelist + local->n_zonelist);
	}
	return 0;
}

static struct mm_node *local_node(struct mm *mm, int node)
{
	struct mm_node *n = node >= 0 ? mm_node(mm, node) : NULL;

	for (size_t i = 0; !n && i < mm->n_nodes; i++) {
		if (mm->nodes[i].has_cpus)
			n = &mm->nodes[i];
	}
	return n ? n : mm->n_nodes ? &mm->nodes[0] : NULL;
}

size_t mm_zonelist(struct mm *mm, int node, enum gfp_zone highest, bool thisnode,
		   struct mm_zone **out)
{
	struct mm_node *local = local_node(mm, node);
	size_t n = 0;

	if (!local || (!local->zonelist && build_zonelists(mm, local)))
		return 0;
	for (size_t i = 0; i < local->n_zonelist; i++) {
		struct mm_zone *z = local->zonelist[i];

		if (z->kind > highest || (thisnode && z->node != local->node))
			continue;
		out[n++] = z;
	}
	return n;
}
