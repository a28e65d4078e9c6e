// SPDX-License-Identifier: GPL-2.0-or-later
/* Zones: what buddyinfo, zoneinfo and pagetypeinfo say of one, joined by node and name. */
#include <stdlib.h>

#include "snap/build_priv.h"

struct zones {
	struct snap_zone *v;
	size_t n, cap, last; /* last: where the latest match was; the files have nearly one order */
};

static struct snap_zone *zone_at(struct building *b, struct zones *z, int node, const char *name)
{
	struct snap_zone *new;

	for (size_t i = 0; i < z->n; i++) {
		size_t at = z->last + i < z->n ? z->last + i : z->last + i - z->n;

		if (z->v[at].node == node && strcmp(z->v[at].name, name) == 0) {
			z->last = at;
			return &z->v[at];
		}
	}
	if (vec_grow(&z->v, &z->cap, z->n, sizeof(*z->v))) {
		b->no_memory = true;
		return NULL;
	}
	z->last = z->n;
	new = &z->v[z->n++];
	memset(new, 0, sizeof(*new));
	new->node = node;
	new->name = name;
	new->index = -1;
	return new;
}

static void join_zoneinfo(struct building *b, struct zones *zones)
{
	for (size_t i = 0; i < b->zoneinfo.n_zones; i++) {
		const struct zoneinfo_zone *f = &b->zoneinfo.zones[i];
		struct snap_zone *z = zone_at(b, zones, f->node, f->zone);

		if (!z || z->in_zoneinfo)
			continue;
		z->in_zoneinfo = true;
		z->free_pages = f->free;
		z->boost = f->boost;
		z->min = f->min;
		z->low = f->low;
		z->high = f->high;
		z->promo = f->promo;
		z->spanned_pages = f->spanned;
		z->present_pages = f->present;
		z->managed_pages = f->managed;
		z->cma_pages = f->cma;
		z->protection = f->protection;
		z->n_protection = f->n_protection;
		z->counters = f->counters;
		z->pagesets = f->pagesets;
		z->n_pagesets = f->n_pagesets;
		z->start_pfn = f->start_pfn;
		z->unreclaimable = f->unreclaimable;
		z->reserved_highatomic = f->reserved_highatomic;
		z->free_highatomic = f->free_highatomic;
	}
}

static void join_buddyinfo(struct building *b, struct zones *zones)
{
	for (size_t i = 0; i < b->buddy.n_rows; i++) {
		const struct buddyinfo_row *r = &b->buddy.rows[i];
		struct snap_zone *z = zone_at(b, zones, r->node, r->zone);

		if (!z || z->in_buddyinfo)
			continue;
		z->in_buddyinfo = true;
		z->free_blocks = r->free_blocks;
		z->n_orders = r->n_orders;
	}
}

/* Pages by which the lists moved: at each order the blocks that came or went, in pages. */
static struct opt_u64 drift(const struct snap_zone *z)
{
	uint64_t pages = 0;

	for (unsigned int o = 0; o < z->n_orders; o++) {
		uint64_t a = z->free_blocks[o], b = z->free_blocks_before[o];

		pages = sat_add(pages, sat_shl(a > b ? a - b : b - a, o));
	}
	return opt_u64(pages);
}

static void join_before(struct building *b, struct zones *zones)
{
	for (size_t i = 0; i < b->before.n_rows; i++) {
		const struct buddyinfo_row *r = &b->before.rows[i];
		struct snap_zone *z = zone_at(b, zones, r->node, r->zone);

		/* A zone that the later reading lacks went offline, or the file is damaged. */
		if (!z || z->free_blocks_before || !z->in_buddyinfo || z->n_orders != r->n_orders)
			continue;
		z->free_blocks_before = r->free_blocks;
		z->drift_pages = drift(z);
	}
}

/* The place of type @name in @z, which gets the whole list of types first. */
static struct snap_type *zone_type(struct building *b, struct snap_zone *z, const char *name)
{
	const struct pagetypeinfo *p = &b->types;
	struct snap_type *wider;

	if (!z->types && p->n_types) {
		z->types = arena_array(&b->s->arena, p->n_types, sizeof(*z->types));
		for (size_t i = 0; z->types && i < p->n_types; i++)
			z->types[i].name = p->types[i];
		z->n_types = z->types ? p->n_types : 0;
	}
	for (size_t i = 0; i < z->n_types; i++) {
		if (strcmp(z->types[i].name, name) == 0)
			return &z->types[i];
	}
	/* A row that no header announced. */
	wider = arena_array(&b->s->arena, z->n_types + 1, sizeof(*wider));
	if (!wider) {
		b->no_memory = true;
		return NULL;
	}
	if (z->n_types)
		memcpy(wider, z->types, z->n_types * sizeof(*wider));
	wider[z->n_types].name = name;
	z->types = wider;
	return &z->types[z->n_types++];
}

static void join_type_rows(struct building *b, struct zones *zones)
{
	for (size_t i = 0; i < b->types.n_rows; i++) {
		const struct pagetypeinfo_row *r = &b->types.rows[i];
		struct snap_zone *z = zone_at(b, zones, r->node, r->zone);
		struct snap_type *t = z ? zone_type(b, z, r->type) : NULL;

		if (!t || t->free_blocks)
			continue;
		z->in_pagetypeinfo = true;
		if (z->n_orders == 0)
			z->n_orders = r->n_orders;
		/* One count of orders a zone, or the arrays would not fit each other. */
		if (z->n_orders != r->n_orders)
			continue;
		t->free_blocks = r->free_blocks;
		t->capped = r->any_capped ? r->capped : NULL;
		z->capped |= r->any_capped;
	}
}

static void join_type_blocks(struct building *b, struct zones *zones)
{
	for (size_t i = 0; i < b->types.n_blocks; i++) {
		const struct pagetypeinfo_blocks *r = &b->types.blocks[i];
		struct snap_zone *z = zone_at(b, zones, r->node, r->zone);

		if (!z)
			continue;
		z->in_pagetypeinfo = true;
		for (size_t k = 0; k < b->types.n_types; k++) {
			struct snap_type *t = zone_type(b, z, b->types.types[k]);

			if (!t)
				return;
			if (r->pageblocks)
				t->pageblocks = opt_u64(r->pageblocks[k]);
			if (r->mixed)
				t->mixed_pageblocks = opt_u64(r->mixed[k]);
		}
	}
}

/* Where the kernel has a zone among the others: include/linux/mmzone.h, enum zone_type. */
static int zone_rank(const char *name)
{
	static const char *const order[] = { "DMA", "DMA32", "Normal", "HighMem", "Movable", "Device" };
	int i = 0;

	while (i < (int)ARRAY_SIZE(order) && strcmp(order[i], name) != 0)
		i++;
	return i;
}

static int by_place(const void *a, const void *b)
{
	const struct snap_zone *x = a, *y = b;
	int rx = zone_rank(x->name), ry = zone_rank(y->name);

	if (x->node != y->node)
		return x->node < y->node ? -1 : 1;
	return rx != ry ? (rx < ry ? -1 : 1) : strcmp(x->name, y->name);
}

void build_zones(struct building *b)
{
	struct zones zones = { 0 };

	join_zoneinfo(b, &zones);
	join_buddyinfo(b, &zones);
	join_before(b, &zones);
	join_type_rows(b, &zones);
	join_type_blocks(b, &zones);
	if (zones.n && !b->no_memory) {
		qsort(zones.v, zones.n, sizeof(*zones.v), by_place);
		b->s->zones = arena_memdup(&b->s->arena, zones.v, zones.n * sizeof(*zones.v));
		b->s->n_zones = b->s->zones ? zones.n : 0;
		b->no_memory |= !b->s->zones;
	}
	free(zones.v);
}

/*
 * Zone indices. Linux 4.14 and later print every zone of a node, populated or
 * not, so the place in the record is the index. Older ones print populated
 * zones only; then the number of protection values is the number of zones, and
 * the names that are there, with the ones that must be, fill the places.
 */
struct index_map {
	bool has[6]; /* by zone_rank */
	size_t n;
};

static void map_add(struct index_map *m, int rank)
{
	if (!m->has[rank]) {
		m->has[rank] = true;
		m->n++;
	}
}

static bool map_index(const struct index_map *m, int rank, int *index)
{
	*index = 0;
	if (rank >= (int)ARRAY_SIZE(m->has) || !m->has[rank])
		return false;
	for (int i = 0; i < rank; i++)
		*index += m->has[i];
	return true;
}

/* Zones the configuration or the architecture compiles in, until there are @want (0: unknown). */
static void map_fill(const struct snapshot *s, struct index_map *m, size_t want)
{
	static const char *const options[] = { "ZONE_DMA", "ZONE_DMA32", NULL, "HIGHMEM", NULL,
					       "ZONE_DEVICE" };
	const char *arch = s->kernel.arch ? s->kernel.arch : "";
	bool x86_64 = strcmp(arch, "x86_64") == 0;

	for (int rank = 0; rank < (int)ARRAY_SIZE(options); rank++) {
		const char *v = options[rank] && s->has_kconfig ? kconfig_get(&s->kconfig, options[rank])
								 : NULL;

		if (v && strcmp(v, "y") == 0)
			map_add(m, rank);
	}
	if (s->has_kconfig)
		return;
	/* x86-64 distributions build both; the one that a small machine lacks is empty, not missing. */
	if (x86_64 && (want == 0 || m->n < want))
		map_add(m, 1);
	if (x86_64 && (want == 0 || m->n < want))
		map_add(m, 0);
	if (want > m->n)
		map_add(m, 5);
}

/* Every node prints as many zones as there are protection values: positions are indices. */
static bool all_zones_printed(const struct building *b)
{
	const struct zoneinfo *f = &b->zoneinfo;
	size_t i = 0;

	while (i < f->n_zones) {
		size_t start = i;

		while (i < f->n_zones && f->zones[i].node == f->zones[start].node)
			i++;
		if (i - start != f->zones[start].n_protection)
			return false;
	}
	return f->n_zones > 0;
}

static void index_by_position(struct building *b)
{
	const struct zoneinfo *f = &b->zoneinfo;
	int index = 0;

	for (size_t i = 0; i < f->n_zones; i++) {
		struct snap_zone *z = snapshot_zone(b->s, f->zones[i].node, f->zones[i].zone);

		index = i > 0 && f->zones[i].node == f->zones[i - 1].node ? index + 1 : 0;
		if (z)
			z->index = index;
	}
}

void build_zone_indices(struct building *b)
{
	struct index_map map = { 0 };
	size_t want = 0;

	if (all_zones_printed(b))
		index_by_position(b);
	map_add(&map, 4); /* Movable is always compiled */
	for (size_t i = 0; i < b->s->n_zones; i++) {
		const struct snap_zone *z = &b->s->zones[i];

		if (zone_rank(z->name) < (int)ARRAY_SIZE(map.has))
			map_add(&map, zone_rank(z->name));
		if (z->n_protection > want)
			want = z->n_protection;
	}
	if (map.n < want || want == 0)
		map_fill(b->s, &map, want);
	/* Zones that are left over: which they are cannot be told. */
	if (want ? map.n != want : !b->s->has_kconfig && !b->s->kernel.arch)
		return;
	for (size_t i = 0; i < b->s->n_zones; i++) {
		struct snap_zone *z = &b->s->zones[i];

		if (z->index < 0 && !map_index(&map, zone_rank(z->name), &z->index))
			z->index = -1;
	}
}
