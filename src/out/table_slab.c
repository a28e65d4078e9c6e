// SPDX-License-Identifier: GPL-2.0-or-later
/* Slab caches and allocation sites as tables. */
#include "out/tables.h"

enum slab_column {
	SLAB_NAME, SLAB_BYTES, SLAB_ACTIVE_BYTES, SLAB_WASTE, SLAB_FREE, SLAB_SLACK, SLAB_PADDING,
	SLAB_USE, SLAB_OBJECTS, SLAB_ACTIVE, SLAB_OBJSIZE, SLAB_PER_SLAB, SLAB_PAGES, SLAB_ORDER,
	SLAB_SLABS, SLAB_ACTIVE_SLABS, SLAB_MINORDER, SLAB_SURPLUS, SLAB_RECLAIM, SLAB_EXACT,
	SLAB_DEBUG, SLAB_ALIASES, SLAB_COLUMNS
};

static const struct table_column slab_columns[SLAB_COLUMNS] = {
	[SLAB_NAME] = { "name", "name", TABLE_TEXT, true, "cache" },
	[SLAB_BYTES] = { "bytes", "bytes", TABLE_BYTES, true,
			 "memory held: slabs x pages of a slab x page size" },
	[SLAB_ACTIVE_BYTES] = { "used", "active_bytes", TABLE_BYTES, false,
				"active objects x object size" },
	[SLAB_WASTE] = { "waste", "wasted_bytes", TABLE_BYTES, true, "bytes not in use: free + slack" },
	[SLAB_FREE] = { "free", "free_bytes", TABLE_BYTES, false, "free objects x object size" },
	[SLAB_SLACK] = { "slack", "slack_bytes", TABLE_BYTES, false,
			 "rest of slabs in which no object fits" },
	[SLAB_PADDING] = { "padding", "padding_bytes", TABLE_BYTES, false,
			   "of active objects: alignment, red zones, debugging" },
	[SLAB_USE] = { "use", "used", TABLE_MILLI, true, "used of bytes" },
	[SLAB_OBJECTS] = { "objects", "objects", TABLE_COUNT, false, "objects that the slabs hold" },
	[SLAB_ACTIVE] = { "active", "active_objects", TABLE_COUNT, true, "objects in use" },
	[SLAB_OBJSIZE] = { "size", "object_size", TABLE_BYTES, true, "size of an object, padded" },
	[SLAB_PER_SLAB] = { "perslab", "objects_per_slab", TABLE_COUNT, false, "objects of a slab" },
	[SLAB_PAGES] = { "pages", "pages_per_slab", TABLE_COUNT, false, "pages of a slab" },
	[SLAB_ORDER] = { "order", "order", TABLE_COUNT, true, "preferred order of a new slab" },
	[SLAB_SLABS] = { "slabs", "slabs", TABLE_COUNT, false, "slabs" },
	[SLAB_ACTIVE_SLABS] = { "actslabs", "active_slabs", TABLE_COUNT, false,
				"slabs with objects in use (SLUB: all)" },
	[SLAB_MINORDER] = { "minorder", "minimum_order_slabs", TABLE_COUNT, false,
			    "slabs that got the minimum order only, by the count of objects" },
	[SLAB_SURPLUS] = { "surplus", "surplus_bytes", TABLE_BYTES, false,
			   "what bytes counts too much because of them" },
	[SLAB_RECLAIM] = { "reclaim", "reclaimable", TABLE_BOOL, true, "a shrinker can free it" },
	[SLAB_EXACT] = { "exact", "active_exact", TABLE_BOOL, false,
			 "active is counted; otherwise objects in CPU slabs count as active" },
	[SLAB_DEBUG] = { "debug", "debugged", TABLE_BOOL, false,
			 "sanity checks, red zones, poison or owners are on" },
	[SLAB_ALIASES] = { "aliases", NULL, TABLE_TEXT, false,
			   "caches merged into this one" },
};

static void set(struct table_cell *c, uint64_t v)
{
	c->known = true;
	c->number = v;
}

static void set_opt(struct table_cell *c, struct opt_u64 v)
{
	c->known = v.known;
	c->number = v.v;
}

static void slab_geometry(const struct slab_row *r, size_t column, struct table_cell *cell)
{
	const struct slabinfo_cache *c = r->cache;

	switch (column) {
	case SLAB_OBJECTS:
		set(cell, c->objects);
		break;
	case SLAB_ACTIVE:
		set(cell, c->active_objects);
		break;
	case SLAB_OBJSIZE:
		set(cell, c->object_size);
		break;
	case SLAB_PER_SLAB:
		set(cell, c->objects_per_slab);
		cell->known = c->objects_per_slab > 0;
		break;
	case SLAB_PAGES:
		set(cell, c->pages_per_slab);
		break;
	case SLAB_ORDER:
		set(cell, r->order);
		break;
	case SLAB_SLABS:
		set(cell, c->slabs);
		break;
	case SLAB_ACTIVE_SLABS:
		set(cell, c->active_slabs);
		break;
	default:
		break;
	}
}

static void slab_cell(const void *data, size_t row, size_t column, struct table_cell *cell)
{
	const struct slabview *v = data;
	const struct slab_row *r = &v->rows[row];

	switch (column) {
	case SLAB_NAME:
		cell->known = true;
		cell->text = r->cache->name;
		break;
	case SLAB_BYTES:
		set_opt(cell, r->bytes);
		break;
	case SLAB_ACTIVE_BYTES:
		set(cell, r->active_bytes);
		break;
	case SLAB_WASTE:
		set_opt(cell, r->wasted_bytes);
		break;
	case SLAB_FREE:
		set(cell, r->free_bytes);
		break;
	case SLAB_SLACK:
		set_opt(cell, r->slack_bytes);
		break;
	case SLAB_PADDING:
		set_opt(cell, r->padding_bytes);
		break;
	case SLAB_USE:
		set_opt(cell, r->used_milli);
		break;
	case SLAB_MINORDER:
		set_opt(cell, r->minimum_order_slabs);
		break;
	case SLAB_SURPLUS:
		set_opt(cell, r->surplus_bytes);
		break;
	case SLAB_RECLAIM:
		set(cell, r->reclaimable == BOOL_YES);
		cell->known = r->reclaimable != BOOL_UNKNOWN;
		break;
	case SLAB_EXACT:
		set(cell, r->active_exact);
		break;
	case SLAB_DEBUG:
		set(cell, r->debugged == BOOL_YES);
		cell->known = r->debugged != BOOL_UNKNOWN;
		break;
	case SLAB_ALIASES:
		cell->known = r->sys != NULL;
		cell->text = r->alias_text;
		break;
	default:
		slab_geometry(r, column, cell);
	}
}

static void slab_more(struct jsonw *jw, const void *data, size_t row)
{
	const struct slabview *v = data;
	const struct slab_row *r = &v->rows[row];

	if (!r->sys) {
		jw_null(jw, "aliases");
		return;
	}
	jw_array_inline(jw, "aliases");
	for (size_t i = 0; i < r->n_aliases; i++)
		jw_str(jw, NULL, r->aliases[i]);
	jw_end_array(jw);
}

struct table slab_table(const struct slabview *v)
{
	return (struct table){ slab_columns, SLAB_COLUMNS, v->n_rows, slab_cell, v, slab_more };
}

enum site_column { SITE_BYTES, SITE_CALLS, SITE_FUNCTION, SITE_LOCATION, SITE_MODULE, SITE_COLUMNS };

static const struct table_column site_columns[SITE_COLUMNS] = {
	[SITE_BYTES] = { "bytes", "bytes", TABLE_BYTES, true, "memory allocated and not freed" },
	[SITE_CALLS] = { "calls", "calls", TABLE_COUNT, true, "allocations not freed" },
	[SITE_FUNCTION] = { "function", "function", TABLE_TEXT, true, "allocating function" },
	[SITE_LOCATION] = { "location", "location", TABLE_TEXT, true, "file and line" },
	[SITE_MODULE] = { "module", "module", TABLE_TEXT, false, "module; none: the kernel proper" },
};

static void site_cell(const void *data, size_t row, size_t column, struct table_cell *cell)
{
	const struct allocinfo *a = data;
	const struct allocinfo_site *site = &a->sites[row];

	switch (column) {
	case SITE_BYTES:
		set(cell, site->bytes);
		break;
	case SITE_CALLS:
		set(cell, site->calls);
		break;
	case SITE_FUNCTION:
		cell->known = true;
		cell->text = site->function;
		break;
	case SITE_LOCATION:
		cell->known = true;
		cell->text = site->location;
		break;
	default:
		cell->known = site->module != NULL;
		cell->text = site->module;
	}
}

struct table allocinfo_table(const struct allocinfo *a)
{
	return (struct table){ site_columns, SITE_COLUMNS, a->n_sites, site_cell, a, NULL };
}

enum loser_column { LOSER_BYTES, LOSER_OBJECTS, LOSER_FUNCTION, LOSER_MODULE, LOSER_COLUMNS };

static const struct table_column loser_columns[LOSER_COLUMNS] = {
	[LOSER_BYTES] = { "bytes", "bytes", TABLE_BYTES, true, "memory that nothing points to" },
	[LOSER_OBJECTS] = { "objects", "objects", TABLE_COUNT, true, "objects that nothing points to" },
	[LOSER_FUNCTION] = { "function", "function", TABLE_TEXT, true, "allocating function" },
	[LOSER_MODULE] = { "module", "module", TABLE_TEXT, true, "module; none: the kernel proper" },
};

static void loser_cell(const void *data, size_t row, size_t column, struct table_cell *cell)
{
	const struct kmemleak *k = data;
	const struct kmemleak_caller *c = &k->callers[row];

	switch (column) {
	case LOSER_BYTES:
		set(cell, c->bytes);
		break;
	case LOSER_OBJECTS:
		set(cell, c->objects);
		break;
	case LOSER_FUNCTION:
		cell->known = true;
		cell->text = c->function;
		break;
	default:
		cell->known = c->module != NULL;
		cell->text = c->module;
	}
}

struct table kmemleak_table(const struct kmemleak *k)
{
	return (struct table){ loser_columns, LOSER_COLUMNS, k->n_callers, loser_cell, k, NULL };
}

enum owner_column { OWNER_PAGES, OWNER_STRAY, OWNER_PAGEBLOCKS, OWNER_FUNCTION, OWNER_MODULE, OWNER_COLUMNS };

static const struct table_column owner_columns[OWNER_COLUMNS] = {
	[OWNER_PAGES] = { "pages", "pages", TABLE_COUNT, true, "pages that it took and holds" },
	[OWNER_STRAY] = { "stray", "stray", TABLE_COUNT, true,
			  "of them unmovable or reclaimable ones in pageblocks kept for movable pages" },
	[OWNER_PAGEBLOCKS] = { "pageblocks", "pageblocks", TABLE_COUNT, true, "how many pageblocks these lie in" },
	[OWNER_FUNCTION] = { "function", "function", TABLE_TEXT, true, "function that took them" },
	[OWNER_MODULE] = { "module", "module", TABLE_TEXT, true, "module; none: the kernel proper" },
};

static void owner_cell(const void *data, size_t row, size_t column, struct table_cell *cell)
{
	const struct page_owner *o = data;
	const struct page_owner_caller *c = &o->callers[row];

	switch (column) {
	case OWNER_PAGES:
		set(cell, c->pages);
		break;
	case OWNER_STRAY:
		set(cell, c->stray_pages);
		break;
	case OWNER_PAGEBLOCKS:
		set(cell, c->stray_pageblocks);
		break;
	case OWNER_FUNCTION:
		cell->known = true;
		cell->text = c->function;
		break;
	default:
		cell->known = c->module != NULL;
		cell->text = c->module;
	}
}

struct table page_owner_table(const struct page_owner *o)
{
	return (struct table){ owner_columns, OWNER_COLUMNS, o->n_callers, owner_cell, o, NULL };
}
