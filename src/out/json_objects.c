// SPDX-License-Identifier: GPL-2.0-or-later
/* The snapshot document: slab caches, vmalloc areas, allocation sites. */
#include "model/slabview.h"
#include "model/vmallocview.h"
#include "out/json_snapshot_priv.h"

static void write_cache(struct jsonw *jw, const struct slab_row *row)
{
	const struct slabinfo_cache *c = row->cache;

	jw_object_inline(jw, NULL);
	jw_str(jw, "name", c->name);
	jw_u64(jw, "active_objects", c->active_objects);
	jw_u64(jw, "objects", c->objects);
	jw_u64(jw, "object_size", c->object_size);
	jw_u64(jw, "objects_per_slab", c->objects_per_slab);
	jw_u64(jw, "pages_per_slab", c->pages_per_slab);
	jw_u64(jw, "active_slabs", c->active_slabs);
	jw_u64(jw, "slabs", c->slabs);
	jw_opt(jw, "bytes", row->bytes);
	jw_opt(jw, "wasted_bytes", row->wasted_bytes);
	json_known_members(jw, c, snap_tunable_members);
	if (c->has_statistics) {
		jw_u64s(jw, "globalstat", c->globalstat, ARRAY_SIZE(c->globalstat));
		jw_u64s(jw, "cpustat", c->cpustat, ARRAY_SIZE(c->cpustat));
	}
	jw_end_object(jw);
}

static void write_node_counts(struct jsonw *jw, const char *name, const struct sysslab_node_count *v,
			      size_t n)
{
	if (!v)
		return;
	jw_array_inline(jw, name);
	for (size_t i = 0; i < n; i++) {
		jw_object_inline(jw, NULL);
		jw_i64(jw, "node", v[i].node);
		jw_u64(jw, "count", v[i].count);
		jw_end_object(jw);
	}
	jw_end_array(jw);
}

static void write_sysslab(struct jsonw *jw, const struct snapshot *s)
{
	jw_array(jw, "sysfs");
	for (size_t i = 0; i < s->n_sysslab; i++) {
		const struct sysslab_cache *c = &s->sysslab[i];

		jw_object_inline(jw, NULL);
		jw_str(jw, "name", c->name);
		if (c->n_aliases) {
			jw_array_inline(jw, "alias_names");
			for (size_t k = 0; k < c->n_aliases; k++)
				jw_str(jw, NULL, c->alias_names[k]);
			jw_end_array(jw);
		}
		json_known_members(jw, c, snap_sysslab_members);
		if (c->ctor)
			jw_str(jw, "ctor", c->ctor);
		write_node_counts(jw, "node_total", c->node_total, c->n_node_total);
		write_node_counts(jw, "node_objects", c->node_objects, c->n_node_objects);
		jw_end_object(jw);
	}
	jw_end_array(jw);
}

int json_write_slab(struct jsonw *jw, const struct snapshot *s, struct arena *arena)
{
	struct slabview view;
	int ret;

	if (!s->has_slab && !s->has_sysslab) {
		jw_null(jw, "slab");
		return 0;
	}
	ret = slabview_build(arena, s, &view);
	if (ret)
		return ret;
	jw_object(jw, "slab");
	if (s->has_slab) {
		jw_array_inline(jw, "version");
		jw_u64(jw, NULL, s->slab.version_major);
		jw_u64(jw, NULL, s->slab.version_minor);
		jw_end_array(jw);
		jw_bool(jw, "statistics", s->slab.statistics);
		jw_opt(jw, "bytes", view.bytes);
		jw_opt(jw, "wasted_bytes", view.wasted_bytes);
		jw_array(jw, "caches");
		for (size_t i = 0; i < view.n_rows; i++)
			write_cache(jw, &view.rows[i]);
		jw_end_array(jw);
	} else {
		jw_null(jw, "caches");
	}
	if (s->has_sysslab)
		write_sysslab(jw, s);
	jw_end_object(jw);
	return 0;
}

/* ---- vmalloc ---- */

static void write_caller(struct jsonw *jw, const struct vmallocinfo *v, const struct vmalloc_caller *c)
{
	jw_object_inline(jw, NULL);
	jw_str(jw, "caller", c->caller);
	jw_str(jw, "kind", vmalloc_kind_name(c->kind));
	jw_u64(jw, "areas", c->areas);
	jw_u64(jw, "bytes", c->bytes);
	jw_u64(jw, "pages", c->pages);
	if (c->vpages)
		jw_u64(jw, "vpages", c->vpages);
	if (c->node_pages)
		jw_u64s(jw, "node_pages", c->node_pages, v->n_nodes);
	jw_end_object(jw);
}

static void write_kinds(struct jsonw *jw, const struct vmallocinfo *v)
{
	jw_object(jw, "kinds");
	for (int k = 0; k < VMALLOC_KINDS; k++) {
		if (!v->kinds[k].areas)
			continue;
		jw_object_inline(jw, vmalloc_kind_name((enum vmalloc_kind)k));
		jw_u64(jw, "areas", v->kinds[k].areas);
		jw_u64(jw, "bytes", v->kinds[k].bytes);
		jw_u64(jw, "pages", v->kinds[k].pages);
		jw_end_object(jw);
	}
	jw_end_object(jw);
}

/* [start, end] each; kernel addresses are only here when the kernel showed them. */
static void write_ranges(struct jsonw *jw, const struct vmallocinfo *v)
{
	jw_array(jw, "ranges");
	for (size_t i = 0; i < v->n_ranges; i++) {
		jw_array_inline(jw, NULL);
		jw_hex(jw, NULL, v->ranges[i].start);
		jw_hex(jw, NULL, v->ranges[i].end);
		jw_end_array(jw);
	}
	jw_end_array(jw);
}

static void write_space(struct jsonw *jw, const struct vmallocview *view)
{
	jw_opt(jw, "guard_bytes", view->total.guard_bytes);
	jw_opt(jw, "space_bytes", view->space_bytes);
	jw_opt(jw, "largest_hole_bytes",
	       view->hole.at_least.known && view->hole.at_most.known &&
			       view->hole.at_least.v == view->hole.at_most.v
		       ? view->hole.at_least
		       : OPT_UNKNOWN);
	jw_opt(jw, "largest_hole_at_least_bytes", view->hole.at_least);
	jw_opt(jw, "largest_hole_at_most_bytes", view->hole.at_most);
}

int json_write_vmalloc(struct jsonw *jw, const struct snapshot *s, struct arena *arena)
{
	static const char *const addresses[] = {
		[VMALLOC_ADDR_NONE] = "none",
		[VMALLOC_ADDR_REAL] = "real",
		[VMALLOC_ADDR_HASHED] = "hashed",
		[VMALLOC_ADDR_ZERO] = "zero",
	};
	const struct vmallocinfo *v = &s->vmalloc;
	struct vmallocview view;
	int ret;

	if (!s->has_vmalloc) {
		jw_null(jw, "vmalloc");
		return 0;
	}
	ret = vmallocview_build(arena, s, VMALLOC_BY_KIND, &view);
	if (ret)
		return ret;
	jw_object(jw, "vmalloc");
	jw_u64(jw, "areas", v->areas);
	jw_u64(jw, "bytes", v->bytes);
	jw_u64(jw, "pages", v->pages);
	write_space(jw, &view);
	jw_str(jw, "addresses", addresses[v->addresses]);
	write_kinds(jw, v);
	if (v->n_nodes) {
		jw_array_inline(jw, "nodes");
		for (size_t i = 0; i < v->n_nodes; i++)
			jw_i64(jw, NULL, v->node_ids[i]);
		jw_end_array(jw);
	}
	jw_array(jw, "callers");
	for (size_t i = 0; i < v->n_callers; i++)
		write_caller(jw, v, &v->callers[i]);
	jw_end_array(jw);
	if (v->ranges)
		write_ranges(jw, v);
	jw_end_object(jw);
	return 0;
}

void json_write_allocinfo(struct jsonw *jw, const struct snapshot *s)
{
	const struct allocinfo *a = &s->allocinfo;

	if (!s->has_allocinfo)
		return;
	jw_object(jw, "allocinfo");
	jw_u64(jw, "bytes", a->bytes);
	jw_u64(jw, "calls", a->calls);
	jw_array(jw, "sites");
	for (size_t i = 0; i < a->n_sites; i++) {
		jw_object_inline(jw, NULL);
		jw_str(jw, "location", a->sites[i].location);
		jw_str(jw, "function", a->sites[i].function);
		jw_str(jw, "module", a->sites[i].module);
		jw_u64(jw, "bytes", a->sites[i].bytes);
		jw_u64(jw, "calls", a->sites[i].calls);
		jw_bool(jw, "inaccurate", a->sites[i].inaccurate);
		jw_end_object(jw);
	}
	jw_end_array(jw);
	jw_end_object(jw);
}

void json_write_kmemleak(struct jsonw *jw, const struct snapshot *s)
{
	const struct kmemleak *k = &s->kmemleak;

	if (!s->has_kmemleak)
		return;
	jw_object(jw, "kmemleak");
	jw_u64(jw, "objects", k->objects);
	jw_u64(jw, "bytes", k->bytes);
	jw_array(jw, "callers");
	for (size_t i = 0; i < k->n_callers; i++) {
		jw_object_inline(jw, NULL);
		jw_str(jw, "function", k->callers[i].function);
		jw_str(jw, "module", k->callers[i].module);
		jw_u64(jw, "objects", k->callers[i].objects);
		jw_u64(jw, "bytes", k->callers[i].bytes);
		jw_end_object(jw);
	}
	jw_end_array(jw);
	jw_end_object(jw);
}

void json_write_page_owner(struct jsonw *jw, const struct snapshot *s)
{
	const struct page_owner *o = &s->page_owner;

	if (!s->has_page_owner)
		return;
	jw_object(jw, "page_owner");
	jw_u64(jw, "pages", o->pages);
	jw_u64(jw, "stray_pages", o->stray_pages);
	jw_u64(jw, "stray_pageblocks", o->stray_pageblocks);
	jw_u64(jw, "mixed_pageblocks", o->mixed_pageblocks);
	jw_array(jw, "callers");
	for (size_t i = 0; i < o->n_callers; i++) {
		const struct page_owner_caller *c = &o->callers[i];

		jw_object_inline(jw, NULL);
		jw_str(jw, "function", c->function);
		jw_str(jw, "module", c->module);
		jw_u64(jw, "blocks", c->blocks);
		jw_u64(jw, "pages", c->pages);
		jw_u64(jw, "stray_pages", c->stray_pages);
		jw_u64(jw, "stray_pageblocks", c->stray_pageblocks);
		jw_end_object(jw);
	}
	jw_end_array(jw);
	jw_end_object(jw);
}
