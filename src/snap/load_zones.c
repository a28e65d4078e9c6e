// SPDX-License-Identifier: GPL-2.0-or-later
/* Loading of the snapshot document: zones and nodes. */
#include "snap/load_priv.h"

/* Counts of a zone, one an order: as many as its other lists have. */
static uint64_t *load_blocks(struct loading *l, const cJSON *obj, const char *name, struct snap_zone *z)
{
	size_t n;
	uint64_t *v = load_u64s(l, obj, name, &n);

	if (!v)
		return NULL;
	if (n > 64 || (z->n_orders && z->n_orders != n)) {
		load_bad(l, name);
		return NULL;
	}
	z->n_orders = (unsigned int)n;
	return v;
}

static struct snap_type *type_named(struct snap_zone *z, const char *name)
{
	for (size_t i = 0; i < z->n_types; i++) {
		if (strcmp(z->types[i].name, name) == 0)
			return &z->types[i];
	}
	return NULL;
}

static void add_types(struct loading *l, struct snap_zone *z, const cJSON *table)
{
	const cJSON *item;

	cJSON_ArrayForEach(item, table) {
		if (!item->string)
			load_bad(l, "pageblocks");
		else if (!type_named(z, item->string))
			z->types[z->n_types++].name = load_text(l, item->string);
	}
}

static void load_capped(struct loading *l, const cJSON *table, struct snap_zone *z)
{
	const cJSON *item, *order;

	cJSON_ArrayForEach(item, table) {
		struct snap_type *t = item->string ? type_named(z, item->string) : NULL;

		if (!t) {
			load_bad(l, "capped_orders");
			continue;
		}
		t->capped = load_array(l, z->n_orders, sizeof(*t->capped));
		cJSON_ArrayForEach(order, item) {
			struct opt_u64 o = jr_u64(order);

			if (!o.known || o.v >= z->n_orders)
				load_bad(l, "capped_orders");
			else if (t->capped)
				t->capped[o.v] = true;
		}
	}
}

/* "pageblocks" names every type; "free_blocks_by_type" those that have lists. */
static void load_types(struct loading *l, const cJSON *obj, struct snap_zone *z)
{
	const cJSON *lists = jr_get(obj, "free_blocks_by_type"), *blocks = jr_get(obj, "pageblocks");
	const cJSON *mixed = jr_get(obj, "mixed_pageblocks"), *item;
	size_t max = 0;

	cJSON_ArrayForEach(item, lists)
		max++;
	cJSON_ArrayForEach(item, blocks)
		max++;
	if (!max)
		return;
	z->types = load_array(l, max, sizeof(*z->types));
	if (!z->types)
		return;
	add_types(l, z, blocks);
	add_types(l, z, lists);
	for (size_t i = 0; i < z->n_types && !l->no_memory; i++) {
		struct snap_type *t = &z->types[i];

		t->free_blocks = load_blocks(l, lists, t->name, z);
		t->pageblocks = load_u64(l, blocks, t->name);
		t->mixed_pageblocks = load_u64(l, mixed, t->name);
	}
	load_capped(l, jr_get(obj, "capped_orders"), z);
}

static void load_pageset(struct loading *l, const cJSON *item, struct zoneinfo_pageset *to)
{
	to->cpu = load_int(l, item, "cpu");
	for (const struct snap_member *m = snap_pageset_members; m->name; m++) {
		struct opt_u64 v = load_u64(l, item, m->name);

		if (v.known && v.v > INT32_MAX)
			load_bad(l, m->name);
		*snap_int_member_of(to, m) = v.known && v.v <= INT32_MAX ? (int32_t)v.v : -1;
	}
}

static void load_pagesets(struct loading *l, const cJSON *obj, struct snap_zone *z)
{
	size_t n = load_count(l, obj, "pagesets");
	const cJSON *item;

	if (!n)
		return;
	z->pagesets = load_array(l, n, sizeof(*z->pagesets));
	if (!z->pagesets)
		return;
	cJSON_ArrayForEach(item, jr_get(obj, "pagesets"))
		load_pageset(l, item, &z->pagesets[z->n_pagesets++]);
}

static void load_seen(struct loading *l, const cJSON *obj, struct snap_zone *z)
{
	const cJSON *item;

	cJSON_ArrayForEach(item, jr_get(obj, "seen_in")) {
		const char *file = cJSON_IsString(item) ? item->valuestring : "";

		if (strcmp(file, "buddyinfo") == 0)
			z->in_buddyinfo = true;
		else if (strcmp(file, "zoneinfo") == 0)
			z->in_zoneinfo = true;
		else if (strcmp(file, "pagetypeinfo") == 0)
			z->in_pagetypeinfo = true;
		else
			load_bad(l, "seen_in");
	}
}

static void load_zone(struct loading *l, const cJSON *obj, struct snap_zone *z)
{
	struct opt_u64 index = load_u64(l, obj, "index");

	z->node = load_int(l, obj, "node");
	z->name = load_str(l, obj, "zone");
	if (!z->name)
		load_bad(l, "zone");
	if (index.known && index.v > 63)
		load_bad(l, "index");
	z->index = index.known ? (int)index.v : -1;
	load_seen(l, obj, z);
	load_members(l, obj, z, snap_zone_members);
	load_members(l, jr_get(obj, "watermarks"), z, snap_watermark_members);
	z->protection = load_u64s(l, obj, "protection", &z->n_protection);
	z->free_blocks = load_blocks(l, obj, "free_blocks", z);
	z->free_blocks_before = load_blocks(l, obj, "free_blocks_before", z);
	load_types(l, obj, z);
	z->capped = load_bool(l, obj, "capped");
	load_kv(l, obj, "counters", &z->counters);
	load_pagesets(l, obj, z);
}

void load_zones(struct loading *l, const cJSON *doc)
{
	size_t n = load_count(l, doc, "zones");
	struct snap_zone *v = load_array(l, n, sizeof(*v));
	const cJSON *item;

	if (!v)
		return;
	l->s->zones = v;
	cJSON_ArrayForEach(item, jr_get(doc, "zones"))
		load_zone(l, item, &v[l->s->n_zones++]);
}

struct snap_hugepages *load_pools(struct loading *l, const cJSON *obj, const char *name, size_t *n)
{
	size_t count = load_count(l, obj, name);
	struct snap_hugepages *v = count ? load_array(l, count, sizeof(*v)) : NULL;
	const cJSON *item;

	*n = 0;
	if (!v)
		return NULL;
	cJSON_ArrayForEach(item, jr_get(obj, name)) {
		v[*n].size_kb = load_need_u64(l, item, "size_kb");
		load_members(l, item, &v[*n], snap_pool_members);
		(*n)++;
	}
	return v;
}

static void load_cpus(struct loading *l, const cJSON *obj, struct snap_node *to)
{
	const cJSON *array = jr_get(obj, "cpus"), *item;
	size_t n = load_count(l, obj, "cpus");

	if (!cJSON_IsArray(array))
		return;
	to->has_cpulist = true;
	to->cpus = load_array(l, n, sizeof(*to->cpus));
	if (!to->cpus)
		return;
	cJSON_ArrayForEach(item, array) {
		int64_t cpu;

		if (!jr_i64(item, &cpu) || cpu < 0 || cpu > INT32_MAX)
			load_bad(l, "cpus");
		else
			to->cpus[to->n_cpus++] = (int)cpu;
	}
}

void load_nodes(struct loading *l, const cJSON *doc)
{
	size_t n = load_count(l, doc, "nodes");
	struct snap_node *v = load_array(l, n, sizeof(*v));
	const cJSON *item;

	if (!v)
		return;
	l->s->nodes = v;
	cJSON_ArrayForEach(item, jr_get(doc, "nodes")) {
		struct snap_node *to = &v[l->s->n_nodes++];

		to->node = load_int(l, item, "node");
		load_cpus(l, item, to);
		to->distance = load_u64s(l, item, "distance", &to->n_distance);
		to->hugepages = load_pools(l, item, "hugepages", &to->n_hugepages);
		load_kv(l, item, "counters", &to->counters);
		load_kv(l, item, "meminfo", &to->meminfo);
	}
}
