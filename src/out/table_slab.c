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

static struct table_cell cell_bool(enum known_bool b)
{
	return (struct table_cell){ .known = b != BOOL_UNKNOWN, .number = b == BOOL_YES };
}

static struct table_cell slab_geometry(const struct slab_row *r, size_t column)
{
	const struct slabinfo_cache *c = r->cache;

	switch (column) {
	case SLAB_OBJECTS:
		return cell_number(c->objects);
	case SLAB_ACTIVE:
		return cell_number(c->active_objects);
	case SLAB_OBJSIZE:
		return cell_number(c->object_size);
	case SLAB_PER_SLAB:
		return cell_opt(c->objects_per_slab ? opt_u64(c->objects_per_slab) : OPT_UNKNOWN);
	case SLAB_PAGES:
		return cell_number(c->pages_per_slab);
	case SLAB_ORDER:
		return cell_number(r->order);
	case SLAB_SLABS:
		return cell_number(c->slabs);
	case SLAB_ACTIVE_SLABS:
		return cell_number(c->active_slabs);
	default:
		return cell_opt(OPT_UNKNOWN);
	}
}

static struct table_cell slab_cell(const void *data, size_t row, size_t column)
{
	const struct slabview *v = data;
	const struct slab_row *r = &v->rows[row];

	switch (column) {
	case SLAB_NAME:
		return cell_text(r->cache->name);
	case SLAB_BYTES:
		return cell_opt(r->bytes);
	case SLAB_ACTIVE_BYTES:
		return cell_number(r->active_bytes);
	case SLAB_WASTE:
		return cell_opt(r->wasted_bytes);
	case SLAB_FREE:
		return cell_number(r->free_bytes);
	case SLAB_SLACK:
		return cell_opt(r->slack_bytes);
	case SLAB_PADDING:
		return cell_opt(r->padding_bytes);
	case SLAB_USE:
		return cell_opt(r->used_milli);
	case SLAB_MINORDER:
		return cell_opt(r->minimum_order_slabs);
	case SLAB_SURPLUS:
		return cell_opt(r->surplus_bytes);
	case SLAB_RECLAIM:
		return cell_bool(r->reclaimable);
	case SLAB_EXACT:
		return cell_number(r->active_exact);
	case SLAB_DEBUG:
		return cell_bool(r->debugged);
	case SLAB_ALIASES:
		return cell_text(r->sys ? r->alias_text : NULL);
	default:
		return slab_geometry(r, column);
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

enum site_column { SITE_BYTES, SITE_CALLS, SITE_FUNCTION, SITE_MODULE, SITE_PLACE, SITE_LOCATION, SITE_COLUMNS };

static const struct table_column site_columns[SITE_COLUMNS] = {
	[SITE_BYTES] = { "bytes", "bytes", TABLE_BYTES, true, "memory allocated and not freed" },
	[SITE_CALLS] = { "calls", "calls", TABLE_COUNT, true, "allocations not freed" },
	[SITE_FUNCTION] = { "function", "function", TABLE_TEXT, true, "allocating function" },
	[SITE_MODULE] = { "module", "module", TABLE_TEXT, true, "module; none: the kernel proper" },
	[SITE_PLACE] = { "place", NULL, TABLE_TEXT, true, "file and line; of a module built apart without folders" },
	[SITE_LOCATION] = { "location", "location", TABLE_TEXT, false, "file and line, with all folders" },
};

static struct table_cell site_cell(const void *data, size_t row, size_t column)
{
	const struct allocinfo *a = data;
	const struct allocinfo_site *site = &a->sites[row];

	switch (column) {
	case SITE_BYTES:
		return cell_number(site->bytes);
	case SITE_CALLS:
		return cell_number(site->calls);
	case SITE_FUNCTION:
		return cell_text(site->function);
	case SITE_PLACE:
		return cell_text(allocinfo_place(slice_of(site->location)).p);
	case SITE_LOCATION:
		return cell_text(site->location);
	default:
		return cell_text(site->module);
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

static struct table_cell loser_cell(const void *data, size_t row, size_t column)
{
	const struct kmemleak *k = data;
	const struct kmemleak_caller *c = &k->callers[row];

	switch (column) {
	case LOSER_BYTES:
		return cell_number(c->bytes);
	case LOSER_OBJECTS:
		return cell_number(c->objects);
	case LOSER_FUNCTION:
		return cell_text(c->function);
	default:
		return cell_text(c->module);
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

static struct table_cell owner_cell(const void *data, size_t row, size_t column)
{
	const struct page_owner *o = data;
	const struct page_owner_caller *c = &o->callers[row];

	switch (column) {
	case OWNER_PAGES:
		return cell_number(c->pages);
	case OWNER_STRAY:
		return cell_number(c->stray_pages);
	case OWNER_PAGEBLOCKS:
		return cell_number(c->stray_pageblocks);
	case OWNER_FUNCTION:
		return cell_text(c->function);
	default:
		return cell_text(c->module);
	}
}

struct table page_owner_table(const struct page_owner *o)
{
	return (struct table){ owner_columns, OWNER_COLUMNS, o->n_callers, owner_cell, o, NULL };
}
