// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/log_snapshot.h"

#include <errno.h>
#include <string.h>

#include "host/release.h"

/* kB to pages; a page that the report does not tell is 4 KiB. */
static uint64_t page_kb(const struct log_report *r)
{
	return opt_or(r->page_size, 4096) / 1024;
}

static struct opt_u64 pages(const struct log_report *r, struct opt_u64 kb)
{
	return kb.known ? opt_u64(kb.v / page_kb(r)) : OPT_UNKNOWN;
}

static int take_kernel(struct snapshot *s, const struct log_report *r)
{
	struct kernel_release rel;
	struct snap_kernel *k = &s->kernel;

	k->page_size = r->page_size;
	if (!r->kernel)
		return 0;
	k->release = arena_strdup(&s->arena, r->kernel);
	kernel_release_parse(r->kernel, NULL, &rel);
	k->arch = kernel_release_arch(r->kernel);
	k->has_version = rel.known;
	k->major = rel.major;
	k->minor = rel.minor;
	k->patch = rel.patch;
	k->el = rel.el;
	k->el_build = rel.el_build;
	return k->release ? 0 : -ENOMEM;
}

/* ---- free lists ---- */

static const char *type_name(char letter)
{
	switch (letter) {
	case 'U': return "Unmovable";
	case 'M': return "Movable";
	case 'E': return "Reclaimable";
	case 'H': return "HighAtomic";
	case 'R': return "Reserve";
	case 'C': return "CMA";
	case 'I': return "Isolate";
	default: return NULL;
	}
}

static struct snap_type *type_of(struct snapshot *s, struct snap_zone *z, char letter)
{
	const char *name = type_name(letter);
	struct snap_type *t;

	if (!name)
		return NULL;
	for (size_t i = 0; i < z->n_types; i++) {
		if (strcmp(z->types[i].name, name) == 0)
			return &z->types[i];
	}
	t = &z->types[z->n_types];
	t->name = name;
	t->free_blocks = arena_array(&s->arena, z->n_orders, sizeof(uint64_t));
	if (!t->free_blocks)
		return NULL;
	z->n_types++;
	return t;
}

/*
 * The letters say whose lists are not empty, not how full each is: one block
 * for each, and what is left to the first. Whether a list that the request may
 * use holds a block, which is what the kernel asks, comes out exact.
 */
static int take_types(struct snapshot *s, struct snap_zone *z, const struct log_zone *lz)
{
	bool any = false;

	for (size_t o = 0; o < lz->n_orders; o++)
		any |= lz->free_types[o] != NULL;
	if (!any)
		return 0;
	z->types = arena_array(&s->arena, 8, sizeof(*z->types));
	if (!z->types)
		return -ENOMEM;
	for (size_t o = 0; o < lz->n_orders; o++) {
		uint64_t left = lz->free_blocks[o];
		const char *l = lz->free_types[o];
		struct snap_type *first = NULL;

		for (; l && *l && left; l++) {
			struct snap_type *t = z->n_types < 8 || type_name(*l) ? type_of(s, z, *l) : NULL;

			if (!t || t->free_blocks[o])
				continue;
			t->free_blocks[o] = 1;
			left--;
			if (!first)
				first = t;
		}
		if (first)
			first->free_blocks[o] += left;
	}
	return 0;
}

static int take_lists(struct snapshot *s, struct snap_zone *z, const struct log_zone *lz)
{
	if (!lz->n_orders)
		return 0;
	z->in_buddyinfo = true;
	z->n_orders = (unsigned int)lz->n_orders;
	z->free_blocks = arena_memdup(&s->arena, lz->free_blocks, lz->n_orders * sizeof(uint64_t));
	return z->free_blocks ? take_types(s, z, lz) : -ENOMEM;
}

/* ---- zones ---- */

static int counter(struct snapshot *s, struct snap_zone *z, const struct log_report *r,
		   const struct log_zone *lz, const char *from, const char *to)
{
	struct opt_u64 v = pages(r, log_kv_get(&lz->kv, from));

	return v.known ? kv_add(&s->arena, &z->counters, slice_of(to), v.v) : 0;
}

/*
 * The zone's line was cut before its own number: what of all free CMA pages cannot lie elsewhere, since not as
 * much is free there.
 */
static int cma_of_all(struct snapshot *s, struct snap_zone *z, const struct log_report *r, const struct log_zone *lz)
{
	struct opt_u64 free = log_kv_get(&r->global, "free_pages"), cma = log_kv_get(&r->global, "free_cma_pages");
	uint64_t elsewhere;

	if (log_kv_get(&lz->kv, "free_cma_kb").known || !free.known || !cma.known || !z->free_pages.known)
		return 0;
	elsewhere = sat_sub(free.v, z->free_pages.v);
	return cma.v > elsewhere ? kv_add(&s->arena, &z->counters, slice_of("nr_free_cma"), cma.v - elsewhere) : 0;
}

static int take_zone(struct snapshot *s, struct snap_zone *z, const struct log_report *r,
		     const struct log_zone *lz)
{
	static const struct {
		const char *from, *to;
	} counters[] = {
		{ "free_cma_kb", "nr_free_cma" },
		{ "active_anon_kb", "nr_zone_active_anon" },
		{ "inactive_anon_kb", "nr_zone_inactive_anon" },
		{ "active_file_kb", "nr_zone_active_file" },
		{ "inactive_file_kb", "nr_zone_inactive_file" },
		{ "unevictable_kb", "nr_zone_unevictable" },
	};

	z->node = lz->node;
	z->index = -1;
	z->name = arena_strdup(&s->arena, lz->name);
	if (!z->name)
		return -ENOMEM;
	z->in_zoneinfo = lz->has_line;
	z->free_pages = pages(r, lz->free_kb);
	z->boost = pages(r, lz->boost_kb);
	z->min = pages(r, lz->min_kb);
	z->low = pages(r, lz->low_kb);
	z->high = pages(r, lz->high_kb);
	z->present_pages = pages(r, log_kv_get(&lz->kv, "present_kb"));
	z->managed_pages = pages(r, log_kv_get(&lz->kv, "managed_kb"));
	z->reserved_highatomic = pages(r, lz->reserved_highatomic_kb);
	z->free_highatomic = pages(r, lz->free_highatomic_kb);
	if (lz->n_lowmem_reserve) {
		z->protection = arena_memdup(&s->arena, lz->lowmem_reserve,
					     lz->n_lowmem_reserve * sizeof(uint64_t));
		if (!z->protection)
			return -ENOMEM;
		z->n_protection = lz->n_lowmem_reserve;
		/* Early 2.6 kernels compare it in place of the mark, and have the low mark in it. */
		for (size_t i = 0; lz->protections && i < z->n_protection; i++)
			z->protection[i] = sat_sub(z->protection[i], opt_or(z->low, 0));
	}
	for (size_t i = 0; i < ARRAY_SIZE(counters); i++) {
		if (counter(s, z, r, lz, counters[i].from, counters[i].to))
			return -ENOMEM;
	}
	if (cma_of_all(s, z, r, lz))
		return -ENOMEM;
	/* A kernel that prints no CMA has none; free_cma is printed from 3.8 on. */
	return take_lists(s, z, lz);
}

static int rank(const char *name)
{
	static const char *const order[] = { "DMA", "DMA32", "Normal", "HighMem", "Movable", "Device" };

	for (int i = 0; i < (int)ARRAY_SIZE(order); i++) {
		if (strcmp(order[i], name) == 0)
			return i;
	}
	return (int)ARRAY_SIZE(order);
}

static void sort_zones(struct snapshot *s)
{
	for (size_t i = 1; i < s->n_zones; i++) {
		struct snap_zone z = s->zones[i];
		size_t k = i;

		while (k > 0 && (s->zones[k - 1].node > z.node ||
				 (s->zones[k - 1].node == z.node && rank(s->zones[k - 1].name) > rank(z.name)))) {
			s->zones[k] = s->zones[k - 1];
			k--;
		}
		s->zones[k] = z;
	}
}

/*
 * Which index a zone's name has is not printed. A zone's lowmem_reserve is 0 up
 * to its own index and grows at each populated zone above it: the first entry
 * that is not 0 is the index of the next zone of the node.
 */
static void find_indices(struct snapshot *s)
{
	int of_rank[8] = { -1, -1, -1, -1, -1, -1, -1, -1 };

	for (size_t i = 0; i + 1 < s->n_zones; i++) {
		const struct snap_zone *z = &s->zones[i], *next = &s->zones[i + 1];

		if (z->node != next->node)
			continue;
		for (size_t k = 0; k < z->n_protection; k++) {
			if (z->protection[k]) {
				of_rank[rank(next->name)] = (int)k;
				break;
			}
		}
	}
	for (int k = 0; k < 7; k++) {
		/* The lowest zone stands below the next known one; DMA is always the first. */
		if (of_rank[k] < 0) {
			int below = 0;

			for (int j = 0; j < k; j++) {
				if (of_rank[j] >= 0)
					below = of_rank[j] + 1;
			}
			for (int j = k + 1; j < 7; j++) {
				if (of_rank[j] > 0 && below >= of_rank[j])
					below = of_rank[j] - 1;
			}
			for (size_t i = 0; i < s->n_zones; i++) {
				if (rank(s->zones[i].name) == k)
					of_rank[k] = below;
			}
		}
	}
	for (size_t i = 0; i < s->n_zones; i++)
		s->zones[i].index = of_rank[rank(s->zones[i].name)];
}

static int take_nodes(struct snapshot *s)
{
	s->nodes = arena_array(&s->arena, s->n_zones ? s->n_zones : 1, sizeof(*s->nodes));
	if (!s->nodes)
		return -ENOMEM;
	for (size_t i = 0; i < s->n_zones; i++) {
		if (!s->n_nodes || s->nodes[s->n_nodes - 1].node != s->zones[i].node)
			s->nodes[s->n_nodes++].node = s->zones[i].node;
	}
	return 0;
}

static int fill(struct snapshot *s, const struct log_report *r)
{
	struct opt_u64 swap = log_kv_get(&r->totals, "free_swap_kb");

	if (take_kernel(s, r))
		return -ENOMEM;
	s->zones = arena_array(&s->arena, r->n_zones ? r->n_zones : 1, sizeof(*s->zones));
	if (!s->zones)
		return -ENOMEM;
	for (size_t i = 0; i < r->n_zones; i++) {
		if (take_zone(s, &s->zones[s->n_zones++], r, &r->zones[i]))
			return -ENOMEM;
	}
	sort_zones(s);
	find_indices(s);
	if (swap.known && kv_add(&s->arena, &s->meminfo, slice_of("SwapFree"), swap.v))
		return -ENOMEM;
	return take_nodes(s);
}

struct snapshot *log_snapshot(const struct log_report *r)
{
	struct snapshot *s = snapshot_new();

	if (s && fill(s, r)) {
		snapshot_free(s);
		s = NULL;
	}
	return s;
}
