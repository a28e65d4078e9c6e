// SPDX-License-Identifier: GPL-2.0-or-later
/* Figures of zones and nodes. */
#include "model/figures.h"

#include <errno.h>
#include <stdlib.h>

#include "kernel/fragmentation.h"
#include "kernel/proactive.h"

struct opt_u64 figures_bytes(const struct snapshot *s, struct opt_u64 pages)
{
	if (!pages.known || !s->kernel.page_size.known)
		return OPT_UNKNOWN;
	return opt_u64(sat_mul(pages.v, s->kernel.page_size.v));
}

struct opt_u64 figures_block_bytes(const struct snapshot *s, unsigned int order)
{
	if (!s->kernel.page_size.known)
		return OPT_UNKNOWN;
	return opt_u64(sat_shl(s->kernel.page_size.v, order));
}

static int build_lists(struct arena *arena, const struct figures *f, const uint64_t *blocks,
		       unsigned int n_orders, struct list_figures *l)
{
	l->free_blocks = blocks;
	l->n_orders = n_orders;
	l->largest_order = -1;
	l->unusable_milli = arena_array(arena, n_orders, sizeof(*l->unusable_milli));
	if (!l->unusable_milli)
		return -ENOMEM;
	for (unsigned int o = 0; o < n_orders; o++) {
		l->unusable_milli[o] = unusable_free_index(blocks, n_orders, o);
		l->free_pages = sat_add(l->free_pages, sat_shl(blocks[o], o));
		if (blocks[o])
			l->largest_order = (int)o;
	}
	for (size_t i = 0; i < FIGURES_ORDERS; i++)
		l->usable_milli[i] = 1000 - unusable_free_index(blocks, n_orders, f->orders[i]);
	return 0;
}

static int build_types(struct arena *arena, const struct figures *f, struct zone_figures *z)
{
	const struct snap_zone *zone = z->zone;

	z->n_types = zone->n_types;
	z->types = arena_array(arena, zone->n_types, sizeof(*z->types));
	if (!z->types)
		return -ENOMEM;
	for (size_t i = 0; i < zone->n_types; i++) {
		const struct snap_type *t = &zone->types[i];
		struct type_figures *tf = &z->types[i];

		tf->type = t;
		tf->pageblocks = t->pageblocks;
		if (t->pageblocks.known)
			z->pageblocks = opt_u64(sat_add(opt_or(z->pageblocks, 0), t->pageblocks.v));
		if (!t->free_blocks)
			continue;
		tf->has_lists = true;
		if (build_lists(arena, f, t->free_blocks, zone->n_orders, &tf->lists))
			return -ENOMEM;
		for (unsigned int o = 0; t->capped && o < zone->n_orders; o++)
			tf->lists.bound |= t->capped[o];
	}
	for (size_t i = 0; i < z->n_types; i++) {
		struct type_figures *tf = &z->types[i];

		if (tf->pageblocks.known && z->pageblocks.v)
			tf->pageblocks_milli =
				opt_u64(sat_mul(tf->pageblocks.v, 1000) / z->pageblocks.v);
	}
	return 0;
}

static struct pages_between above(struct opt_u64 free_pages, struct opt_u64 mark)
{
	struct pages_between p = { 0, false };

	if (!free_pages.known || !mark.known || free_pages.v > INT64_MAX || mark.v > INT64_MAX)
		return p;
	p.pages = (int64_t)free_pages.v - (int64_t)mark.v;
	p.known = true;
	return p;
}

static bool serves_kernel(const char *zone)
{
	return strcmp(zone, "HighMem") != 0 && strcmp(zone, "Movable") != 0 &&
	       strcmp(zone, "Device") != 0;
}

/*
 * Lists that no ordinary kernel request takes from: the reserve, the pages of
 * CMA and those being taken away. 3.10's Reserve is open to all in need.
 */
static bool closed_to_kernel(const char *type)
{
	return strcmp(type, "HighAtomic") == 0 || strcmp(type, "CMA") == 0 ||
	       strcmp(type, "Isolate") == 0;
}

static int largest_open_order(const struct zone_figures *z)
{
	int largest = -1;

	for (size_t i = 0; i < z->n_types; i++) {
		const struct type_figures *t = &z->types[i];

		if (!t->has_lists)
			return z->lists.largest_order;
		if (z->for_kernel && closed_to_kernel(t->type->name))
			continue;
		if (t->lists.largest_order > largest)
			largest = t->lists.largest_order;
	}
	/* No list is longer than buddyinfo's of all types, read last. */
	if (z->n_types == 0 || largest > z->lists.largest_order)
		return z->lists.largest_order;
	return largest;
}

static void judge(const struct snapshot *s, const struct figures *f, struct zone_figures *z)
{
	unsigned int n = z->lists.n_orders;
	uint64_t highest = opt_or(s->kernel.pageblock_order, f->orders[FIGURES_ORDERS - 1]);

	z->missing_order = (unsigned int)(largest_open_order(z) + 1);
	for (z->from_order = 0; z->from_order < n; z->from_order++) {
		if (z->lists.unusable_milli[z->from_order] > 500)
			break;
	}
	if (z->missing_order < n && z->missing_order <= highest) {
		int64_t index = fragmentation_index(z->lists.free_blocks, n, z->missing_order);

		/* -1000: a block is there, but in a list that is closed. */
		z->state = index == -1000 || index > (int64_t)f->threshold ? ZONE_FRAGMENTED
									    : ZONE_SHORT;
	} else if (z->from_order < n && z->from_order <= highest) {
		z->state = ZONE_PARTLY;
	} else {
		z->state = ZONE_SOUND;
	}
}

static int build_zone(struct arena *arena, const struct snapshot *s, const struct figures *f,
		      const struct snap_zone *zone, struct zone_figures *z)
{
	z->zone = zone;
	z->for_kernel = serves_kernel(zone->name);
	z->populated = !zone->managed_pages.known || zone->managed_pages.v > 0;
	z->free_pages = zone->free_pages;
	z->from_order = z->missing_order = zone->n_orders;
	if (zone->free_blocks) {
		z->has_lists = true;
		z->extfrag_milli = arena_array(arena, zone->n_orders, sizeof(*z->extfrag_milli));
		if (!z->extfrag_milli ||
		    build_lists(arena, f, zone->free_blocks, zone->n_orders, &z->lists))
			return -ENOMEM;
		for (unsigned int o = 0; o < zone->n_orders; o++)
			z->extfrag_milli[o] =
				fragmentation_index(zone->free_blocks, zone->n_orders, o);
		if (!z->free_pages.known)
			z->free_pages = opt_u64(z->lists.free_pages);
	}
	if (build_types(arena, f, z))
		return -ENOMEM;
	z->above_min = above(z->free_pages, zone->min);
	z->above_low = above(z->free_pages, zone->low);
	z->above_high = above(z->free_pages, zone->high);
	z->below_min = z->populated && z->above_min.known && z->above_min.pages < 0;
	if (z->has_lists && z->populated)
		judge(s, f, z);
	return 0;
}

static void mark_significant(struct figures *f)
{
	for (size_t i = 0; i < f->n_zones; i++) {
		struct zone_figures *z = &f->zones[i];
		uint64_t node = 0;

		for (size_t j = 0; j < f->n_zones; j++) {
			if (f->zones[j].zone->node == z->zone->node)
				node = sat_add(node, opt_or(f->zones[j].zone->managed_pages, 0));
		}
		z->significant = !z->zone->managed_pages.known ||
				 z->zone->managed_pages.v >= node / 10;
	}
}

static unsigned int severity(const struct zone_figures *z)
{
	/* SHORT and FRAGMENTED weigh the same: the order decides between them. */
	static const unsigned int weight[] = {
		[ZONE_UNKNOWN] = 0, [ZONE_SOUND] = 1,	   [ZONE_PARTLY] = 2,
		[ZONE_SHORT] = 3,   [ZONE_FRAGMENTED] = 3,
	};

	return weight[z->state] + (z->below_min ? 4 : 0);
}

static int by_severity(const void *pa, const void *pb)
{
	const struct zone_figures *a = *(const struct zone_figures *const *)pa;
	const struct zone_figures *b = *(const struct zone_figures *const *)pb;
	uint64_t size_a = opt_or(a->zone->managed_pages, 0), size_b = opt_or(b->zone->managed_pages, 0);
	unsigned int order_a = a->missing_order, order_b = b->missing_order;

	if (a->significant != b->significant)
		return a->significant ? -1 : 1;
	if (a->for_kernel != b->for_kernel)
		return a->for_kernel ? -1 : 1;
	if (severity(a) != severity(b))
		return severity(a) > severity(b) ? -1 : 1;
	if (a->state == ZONE_PARTLY || a->state == ZONE_SOUND) {
		order_a = a->from_order;
		order_b = b->from_order;
	}
	if (order_a != order_b)
		return order_a < order_b ? -1 : 1;
	if (size_a != size_b)
		return size_a > size_b ? -1 : 1;
	return a < b ? -1 : 1;
}

static int rank_zones(struct arena *arena, struct figures *f)
{
	f->worst_first = arena_array(arena, f->n_zones, sizeof(*f->worst_first));
	if (!f->worst_first)
		return -ENOMEM;
	for (size_t i = 0; i < f->n_zones; i++) {
		if (!f->zones[i].populated)
			continue;
		f->n_states[f->zones[i].state]++;
		f->worst_first[f->n_worst++] = &f->zones[i];
	}
	if (f->n_worst)
		qsort(f->worst_first, f->n_worst, sizeof(*f->worst_first), by_severity);
	return 0;
}

/* fragmentation_score_node: the sum of the weighted scores of its zones. */
static void score_node(const struct snapshot *s, struct figures *f, struct node_figures *n)
{
	uint64_t present = 0, sum = 0, order = opt_or(s->kernel.pageblock_order, 0);
	bool complete = s->kernel.pageblock_order.known && order < 64, any = false;

	for (size_t i = 0; i < f->n_zones; i++) {
		if (f->zones[i].zone->node == n->node)
			present = sat_add(present, opt_or(f->zones[i].zone->present_pages, 0));
	}
	for (size_t i = 0; i < f->n_zones; i++) {
		struct zone_figures *z = &f->zones[i];

		if (z->zone->node != n->node || !z->populated)
			continue;
		any = true;
		if (!complete || !z->has_lists || !z->zone->present_pages.known) {
			complete = false;
			continue;
		}
		z->score = opt_u64(fragmentation_score_zone(z->lists.free_blocks, z->lists.n_orders,
							    (unsigned int)order));
		z->weighted_score = opt_u64(fragmentation_score_zone_weighted(
			z->score.v, z->zone->present_pages.v, present));
		sum = sat_add(sum, z->weighted_score.v);
	}
	if (complete && any)
		n->score = opt_u64(sum);
}

static int build_nodes(struct arena *arena, const struct snapshot *s, struct figures *f)
{
	struct opt_u64 proactiveness = sysctl_u64(&s->sysctl, "compaction_proactiveness");
	struct mm_rules rules = mm_rules_of(s);

	f->nodes = arena_array(arena, f->n_zones, sizeof(*f->nodes));
	if (!f->nodes)
		return -ENOMEM;
	for (size_t i = 0; i < f->n_zones; i++) {
		int node = f->zones[i].zone->node;
		struct node_figures *n;

		if (f->n_nodes && f->nodes[f->n_nodes - 1].node == node)
			continue;
		n = &f->nodes[f->n_nodes++];
		n->node = node;
		score_node(s, f, n);
		if (proactiveness.known && proactiveness.v > 0) {
			n->low = opt_u64(fragmentation_score_wmark(&rules, proactiveness.v, true));
			n->high = opt_u64(fragmentation_score_wmark(&rules, proactiveness.v, false));
		}
	}
	return 0;
}

static void choose_orders(const struct snapshot *s, struct figures *f)
{
	static const unsigned int wanted[FIGURES_ORDERS] = { 2, 4, 9 };
	unsigned int max = 0;

	for (size_t i = 0; i < s->n_zones; i++) {
		if (s->zones[i].n_orders > max + 1)
			max = s->zones[i].n_orders - 1;
	}
	if (max == 0)
		max = wanted[FIGURES_ORDERS - 1];
	for (size_t i = 0; i < FIGURES_ORDERS; i++)
		f->orders[i] = wanted[i] < max ? wanted[i] : max;
}

int figures_build(struct arena *arena, const struct snapshot *s, struct figures *out)
{
	struct figures f = { 0 };

	choose_orders(s, &f);
	f.threshold = opt_or(sysctl_u64(&s->sysctl, "extfrag_threshold"), 500);
	f.n_zones = s->n_zones;
	f.zones = arena_array(arena, s->n_zones, sizeof(*f.zones));
	if (!f.zones)
		return -ENOMEM;
	for (size_t i = 0; i < s->n_zones; i++) {
		if (build_zone(arena, s, &f, &s->zones[i], &f.zones[i]))
			return -ENOMEM;
	}
	mark_significant(&f);
	if (rank_zones(arena, &f) || build_nodes(arena, s, &f))
		return -ENOMEM;
	*out = f;
	return 0;
}
