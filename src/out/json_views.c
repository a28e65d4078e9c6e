// SPDX-License-Identifier: GPL-2.0-or-later
/* The documents memtool.slab/1 and memtool.vmalloc/1. */
#include "out/json_common.h"
#include "out/views.h"

static void write_sites(struct jsonw *jw, const struct snapshot *s)
{
	struct table t = allocinfo_table(&s->allocinfo);
	struct table_choice choice;
	struct slice bad;

	if (!s->has_allocinfo || table_choose(&t, NULL, NULL, 0, &choice, &bad)) {
		jw_null(jw, "allocation_sites");
		return;
	}
	table_json(jw, "allocation_sites", &t, &choice);
	table_choice_done(&choice);
}

static void write_unreferenced(struct jsonw *jw, const struct snapshot *s)
{
	struct table t = kmemleak_table(&s->kmemleak);
	struct table_choice choice;
	struct slice bad;

	if (!s->has_kmemleak || table_choose(&t, NULL, NULL, 0, &choice, &bad)) {
		jw_null(jw, "unreferenced");
		return;
	}
	table_json(jw, "unreferenced", &t, &choice);
	table_choice_done(&choice);
}

static void write_page_owners(struct jsonw *jw, const struct snapshot *s)
{
	struct table t = page_owner_table(&s->page_owner);
	struct table_choice choice;
	struct slice bad;

	if (!s->has_page_owner || table_choose(&t, NULL, NULL, 0, &choice, &bad)) {
		jw_null(jw, "page_owners");
		return;
	}
	table_json(jw, "page_owners", &t, &choice);
	table_choice_done(&choice);
}

static void write_slab_totals(struct jsonw *jw, const struct slabview *v)
{
	jw_object_inline(jw, "total");
	jw_u64(jw, "caches", v->n_rows);
	jw_opt(jw, "bytes", v->bytes);
	jw_u64(jw, "active_bytes", v->active_bytes);
	jw_opt(jw, "wasted_bytes", v->wasted_bytes);
	jw_opt(jw, "reclaimable_bytes", v->has_sysfs ? v->reclaimable_bytes : OPT_UNKNOWN);
	jw_end_object(jw);
}

void json_slab(FILE *f, bool pretty, const struct snapshot *s, const struct slabview *v, const struct table *t,
	       const struct table_choice *choice)
{
	struct jsonw jw;

	jw_init(&jw, f, pretty);
	json_head(&jw, "memtool.slab/1", s);
	jw_str(&jw, "allocator",
	       v->allocator == SLAB_SLUB ? "SLUB" : v->allocator == SLAB_SLAB ? "SLAB" : NULL);
	jw_bool(&jw, "active_exact", v->counts_all_exact);
	jw_bool(&jw, "counts_extrapolated", v->counts_approx);
	write_slab_totals(&jw, v);
	table_json(&jw, "caches", t, choice);
	write_sites(&jw, s);
	write_unreferenced(&jw, s);
	write_page_owners(&jw, s);
	json_unavailable(&jw, s);
	jw_end_object(&jw);
	jw_finish(&jw);
}

static const char *addresses_text(enum vmalloc_addresses a)
{
	static const char *const names[] = {
		[VMALLOC_ADDR_NONE] = NULL, [VMALLOC_ADDR_REAL] = "real",
		[VMALLOC_ADDR_HASHED] = "hashed", [VMALLOC_ADDR_ZERO] = "zero",
	};

	return names[a];
}

static void write_vmalloc_total(struct jsonw *jw, const struct vmallocview *v)
{
	const struct vmalloc_row *r = &v->total;

	jw_object(jw, "total");
	jw_u64(jw, "areas", r->areas);
	jw_u64(jw, "bytes", r->bytes);
	jw_u64(jw, "virtual_bytes", r->virtual_bytes);
	jw_opt(jw, "guard_bytes", r->guard_bytes);
	jw_u64(jw, "pages", r->pages);
	jw_opt(jw, "page_bytes", r->page_bytes);
	jw_u64(jw, "vpages", r->vpages);
	vmalloc_nodes_json(jw, v, r);
	jw_end_object(jw);
}

void json_vmalloc(FILE *f, bool pretty, const struct snapshot *s, const struct vmallocview *v,
		  const struct table *t, const struct table_choice *choice)
{
	struct jsonw jw;

	jw_init(&jw, f, pretty);
	json_head(&jw, "memtool.vmalloc/1", s);
	jw_str(&jw, "addresses", addresses_text(s->vmalloc.addresses));
	jw_opt(&jw, "space_bytes", v->space_bytes);
	jw_object_inline(&jw, "largest_hole");
	jw_opt(&jw, "at_least_bytes", v->hole.at_least);
	jw_opt(&jw, "at_most_bytes", v->hole.at_most);
	jw_str(&jw, "unknown_because", v->hole.why);
	jw_end_object(&jw);
	write_vmalloc_total(&jw, v);
	table_json(&jw, "groups", t, choice);
	json_unavailable(&jw, s);
	jw_end_object(&jw);
	jw_finish(&jw);
}
