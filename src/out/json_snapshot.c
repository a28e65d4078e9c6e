// SPDX-License-Identifier: GPL-2.0-or-later
/* The snapshot document: kernel, zones, nodes, counters and settings. */
#include "out/json_snapshot.h"

#include <errno.h>

#include "base/timefmt.h"
#include "out/json_snapshot_priv.h"

void json_members(struct jsonw *jw, const void *object, const struct snap_member *m)
{
	for (; m->name; m++)
		jw_opt(jw, m->name, snap_member_get(object, m));
}

void json_known_members(struct jsonw *jw, const void *object, const struct snap_member *m)
{
	for (; m->name; m++) {
		if (snap_member_get(object, m).known)
			jw_opt(jw, m->name, snap_member_get(object, m));
	}
}

static void write_kv(struct jsonw *jw, const char *name, const struct kv_table *t)
{
	jw_object(jw, name);
	for (size_t i = 0; i < t->n; i++) {
		const struct kv *kv = &t->v[i];

		if (kv->is_negative)
			jw_i64(jw, kv->name, (int64_t)(0 - kv->value));
		else
			jw_u64(jw, kv->name, kv->value);
	}
	jw_end_object(jw);
}

/* A table that was not read is null. */
static void write_kv_opt(struct jsonw *jw, const char *name, const struct kv_table *t)
{
	if (t->n)
		write_kv(jw, name, t);
	else
		jw_null(jw, name);
}

static void write_millis(struct jsonw *jw, const char *name, const int64_t *v, unsigned int n)
{
	jw_array_inline(jw, name);
	for (unsigned int i = 0; i < n; i++)
		jw_milli(jw, NULL, v[i]);
	jw_end_array(jw);
}

static void write_kernel(struct jsonw *jw, const struct snap_kernel *k)
{
	struct opt_u64 unknown = OPT_UNKNOWN;

	jw_object(jw, "kernel");
	jw_str(jw, "release", k->release);
	jw_str(jw, "arch", k->arch);
	json_members(jw, k, snap_kernel_members);
	jw_opt(jw, "major", k->has_version ? opt_u64(k->major) : unknown);
	jw_opt(jw, "minor", k->has_version ? opt_u64(k->minor) : unknown);
	jw_opt(jw, "patch", k->has_version ? opt_u64(k->patch) : unknown);
	if (k->el) {
		jw_u64(jw, "el", k->el);
		jw_u64(jw, "el_build", k->el_build);
	}
	jw_str(jw, "version", k->version);
	jw_end_object(jw);
}

/* ---- zones ---- */

static void write_type_blocks(struct jsonw *jw, const struct snap_zone *z)
{
	jw_object(jw, "free_blocks_by_type");
	for (size_t i = 0; i < z->n_types; i++) {
		if (z->types[i].free_blocks)
			jw_u64s(jw, z->types[i].name, z->types[i].free_blocks, z->n_orders);
	}
	jw_end_object(jw);
	if (!z->capped)
		return;
	/* The orders at which a count is only the kernel's cap. */
	jw_object(jw, "capped_orders");
	for (size_t i = 0; i < z->n_types; i++) {
		if (!z->types[i].capped)
			continue;
		jw_array_inline(jw, z->types[i].name);
		for (unsigned int o = 0; o < z->n_orders; o++) {
			if (z->types[i].capped[o])
				jw_u64(jw, NULL, o);
		}
		jw_end_array(jw);
	}
	jw_end_object(jw);
}

static void write_pageblocks(struct jsonw *jw, const struct snap_zone *z)
{
	bool mixed = false;

	jw_object_inline(jw, "pageblocks");
	for (size_t i = 0; i < z->n_types; i++) {
		jw_opt(jw, z->types[i].name, z->types[i].pageblocks);
		mixed |= z->types[i].mixed_pageblocks.known;
	}
	jw_end_object(jw);
	if (!mixed)
		return;
	jw_object_inline(jw, "mixed_pageblocks");
	for (size_t i = 0; i < z->n_types; i++)
		jw_opt(jw, z->types[i].name, z->types[i].mixed_pageblocks);
	jw_end_object(jw);
}

static void write_figures(struct jsonw *jw, const struct zone_figures *f)
{
	if (!f->has_lists) {
		jw_null(jw, "extfrag_index");
		jw_null(jw, "unusable_index");
		return;
	}
	write_millis(jw, "extfrag_index", f->extfrag_milli, f->lists.n_orders);
	write_millis(jw, "unusable_index", f->lists.unusable_milli, f->lists.n_orders);
	jw_opt(jw, "fragmentation_score", f->score);
	jw_opt(jw, "weighted_fragmentation_score", f->weighted_score);
	if (!f->n_types)
		return;
	jw_object(jw, "unusable_index_by_type");
	for (size_t i = 0; i < f->n_types; i++) {
		if (f->types[i].has_lists && !f->types[i].lists.bound)
			write_millis(jw, f->types[i].type->name, f->types[i].lists.unusable_milli,
				     f->types[i].lists.n_orders);
	}
	jw_end_object(jw);
}

/* A machine of many CPUs has more of these than of all else. */
static void write_pagesets(struct jsonw *jw, const struct snap_zone *z)
{
	struct jw_names names = { .n = 0 };

	jw_names_add(jw, &names, "cpu", offsetof(struct zoneinfo_pageset, cpu));
	for (const struct snap_member *m = snap_pageset_members; m->name; m++)
		jw_names_add(jw, &names, m->name, m->offset);
	jw_array(jw, "pagesets");
	for (size_t i = 0; i < z->n_pagesets; i++)
		jw_object_of(jw, &names, &z->pagesets[i]);
	jw_end_array(jw);
}

static void write_zone(struct jsonw *jw, const struct snap_zone *z, const struct zone_figures *f)
{
	jw_object(jw, NULL);
	jw_i64(jw, "node", z->node);
	jw_str(jw, "zone", z->name);
	jw_opt(jw, "index", z->index >= 0 ? opt_u64((uint64_t)z->index) : OPT_UNKNOWN);
	jw_array_inline(jw, "seen_in");
	if (z->in_buddyinfo)
		jw_str(jw, NULL, "buddyinfo");
	if (z->in_zoneinfo)
		jw_str(jw, NULL, "zoneinfo");
	if (z->in_pagetypeinfo)
		jw_str(jw, NULL, "pagetypeinfo");
	jw_end_array(jw);
	json_members(jw, z, snap_zone_members);
	jw_object_inline(jw, "watermarks");
	json_members(jw, z, snap_watermark_members);
	jw_end_object(jw);
	if (z->protection)
		jw_u64s(jw, "protection", z->protection, z->n_protection);
	else
		jw_null(jw, "protection");
	if (z->free_blocks)
		jw_u64s(jw, "free_blocks", z->free_blocks, z->n_orders);
	else
		jw_null(jw, "free_blocks");
	if (z->free_blocks_before)
		jw_u64s(jw, "free_blocks_before", z->free_blocks_before, z->n_orders);
	if (z->n_types) {
		write_type_blocks(jw, z);
		write_pageblocks(jw, z);
	}
	jw_bool(jw, "capped", z->capped);
	write_figures(jw, f);
	if (z->counters.n)
		write_kv(jw, "counters", &z->counters);
	if (z->n_pagesets)
		write_pagesets(jw, z);
	jw_end_object(jw);
}

static void write_pools(struct jsonw *jw, const char *name, const struct snap_hugepages *v, size_t n)
{
	jw_array(jw, name);
	for (size_t i = 0; i < n; i++) {
		jw_object_inline(jw, NULL);
		jw_u64(jw, "size_kb", v[i].size_kb);
		json_known_members(jw, &v[i], snap_pool_members);
		jw_end_object(jw);
	}
	jw_end_array(jw);
}

static void write_node(struct jsonw *jw, const struct snap_node *n, const struct node_figures *f)
{
	jw_object(jw, NULL);
	jw_i64(jw, "node", n->node);
	if (n->has_cpulist) {
		jw_array_inline(jw, "cpus");
		for (size_t i = 0; i < n->n_cpus; i++)
			jw_i64(jw, NULL, n->cpus[i]);
		jw_end_array(jw);
	} else {
		jw_null(jw, "cpus");
	}
	if (n->distance)
		jw_u64s(jw, "distance", n->distance, n->n_distance);
	else
		jw_null(jw, "distance");
	jw_opt(jw, "fragmentation_score", f ? f->score : OPT_UNKNOWN);
	jw_opt(jw, "fragmentation_score_low", f ? f->low : OPT_UNKNOWN);
	jw_opt(jw, "fragmentation_score_high", f ? f->high : OPT_UNKNOWN);
	if (n->n_hugepages)
		write_pools(jw, "hugepages", n->hugepages, n->n_hugepages);
	if (n->counters.n)
		write_kv(jw, "counters", &n->counters);
	if (n->meminfo.n)
		write_kv(jw, "meminfo", &n->meminfo);
	jw_end_object(jw);
}

static const struct node_figures *figures_of(const struct figures *f, int node)
{
	for (size_t i = 0; i < f->n_nodes; i++) {
		if (f->nodes[i].node == node)
			return &f->nodes[i];
	}
	return NULL;
}

/* ---- settings ---- */

static void write_sysctl(struct jsonw *jw, const struct sysctl_table *t)
{
	if (!t->n) {
		jw_null(jw, "sysctl");
		return;
	}
	jw_object(jw, "sysctl");
	for (size_t i = 0; i < t->n; i++) {
		const struct sysctl *v = &t->v[i];

		if (!v->values) {
			jw_str(jw, v->name, v->text);
			continue;
		}
		if (v->n_values == 1) {
			jw_i64(jw, v->name, v->values[0]);
			continue;
		}
		jw_array_inline(jw, v->name);
		for (size_t k = 0; k < v->n_values; k++)
			jw_i64(jw, NULL, v->values[k]);
		jw_end_array(jw);
	}
	jw_end_object(jw);
}

static void write_settings(struct jsonw *jw, const struct snapshot *s)
{
	if (s->n_settings) {
		jw_object(jw, "settings");
		for (size_t i = 0; i < s->n_settings; i++)
			jw_str(jw, s->settings[i].name, s->settings[i].text);
		jw_end_object(jw);
	} else {
		jw_null(jw, "settings");
	}
	if (s->has_kconfig) {
		jw_object(jw, "kconfig");
		for (size_t i = 0; i < s->kconfig.n; i++)
			jw_str(jw, s->kconfig.v[i].name, s->kconfig.v[i].value);
		jw_end_object(jw);
	} else {
		jw_null(jw, "kconfig");
	}
}

static void write_areas(struct jsonw *jw, const struct snapshot *s)
{
	write_pools(jw, "hugepages", s->hugepages, s->n_hugepages);
	jw_array(jw, "cma");
	for (size_t i = 0; i < s->n_cma; i++) {
		jw_object_inline(jw, NULL);
		jw_str(jw, "name", s->cma[i].name);
		json_members(jw, &s->cma[i], snap_cma_members);
		jw_end_object(jw);
	}
	jw_end_array(jw);
	if (s->swiotlb.nslabs.known || s->swiotlb.used.known) {
		jw_object_inline(jw, "swiotlb");
		json_members(jw, &s->swiotlb, snap_swiotlb_members);
		jw_end_object(jw);
	} else {
		jw_null(jw, "swiotlb");
	}
}

/* The kernel's own figures, in thousandths so that they stay whole numbers. */
static void write_extfrag(struct jsonw *jw, const char *name, bool has, const struct extfrag *e)
{
	if (!has)
		return;
	jw_array(jw, name);
	for (size_t i = 0; i < e->n_rows; i++) {
		jw_object_inline(jw, NULL);
		jw_i64(jw, "node", e->rows[i].node);
		jw_str(jw, "zone", e->rows[i].zone);
		jw_array_inline(jw, "thousandths");
		for (unsigned int o = 0; o < e->rows[i].n_orders; o++)
			jw_i64(jw, NULL, e->rows[i].milli[o]);
		jw_end_array(jw);
		jw_end_object(jw);
	}
	jw_end_array(jw);
}

static void write_debugfs(struct jsonw *jw, const struct snapshot *s)
{
	if (s->has_extfrag || s->has_unusable) {
		jw_object(jw, "debugfs");
		write_extfrag(jw, "extfrag_index", s->has_extfrag, &s->extfrag);
		write_extfrag(jw, "unusable_index", s->has_unusable, &s->unusable);
		jw_end_object(jw);
	}
	if (s->has_gfpformat) {
		jw_array(jw, "gfp_flags");
		for (size_t i = 0; i < s->gfpformat.n_flags; i++) {
			jw_object_inline(jw, NULL);
			jw_str(jw, "name", s->gfpformat.flags[i].name);
			jw_hex(jw, "mask", s->gfpformat.flags[i].mask);
			jw_end_object(jw);
		}
		jw_end_array(jw);
	}
}

/* ---- sources ---- */

static void write_source(struct jsonw *jw, const struct snap_source *src)
{
	static const char *const states[] = {
		[SNAP_READ] = "read", [SNAP_UNAVAILABLE] = "unavailable", [SNAP_SKIPPED] = "skipped"
	};

	jw_object_inline(jw, NULL);
	jw_str(jw, "name", src->name);
	jw_str(jw, "path", src->path);
	jw_str(jw, "state", states[src->state]);
	jw_bool(jw, "optional", src->optional);
	if (src->reason)
		jw_str(jw, "reason", src->reason);
	if (src->hint)
		jw_str(jw, "hint", src->hint);
	if (src->start_ns) {
		char ms[TIME_RFC3339_MAX], ns[TIME_RFC3339_MAX + 16];

		/* All nine digits: the reads are microseconds apart. */
		time_rfc3339(src->start_ns, ms);
		snprintf(ns, sizeof(ns), "%.*s%06dZ", (int)strcspn(ms, "Z"), ms,
			 (int)(src->start_ns % 1000000));
		jw_str(jw, "time", ns);
		jw_u64(jw, "duration_ns", src->duration_ns);
	}
	jw_u64(jw, "bytes", src->bytes);
	if (src->bad_lines) {
		jw_u64(jw, "bad_lines", src->bad_lines);
		jw_str(jw, "bad_excerpt", src->bad_excerpt);
	}
	jw_end_object(jw);
}

static void write_sources(struct jsonw *jw, const struct snapshot *s)
{
	jw_array(jw, "sources");
	for (size_t i = 0; i < s->n_sources; i++)
		write_source(jw, &s->sources[i]);
	jw_end_array(jw);
	jw_array(jw, "unavailable");
	for (size_t i = 0; i < s->n_sources; i++) {
		const struct snap_source *src = &s->sources[i];

		/* What the user left out is not missing; what may stall the host is. */
		if (src->state == SNAP_READ || (src->state == SNAP_SKIPPED && !src->hint))
			continue;
		jw_object_inline(jw, NULL);
		jw_str(jw, "source", src->path);
		jw_str(jw, "reason", src->reason);
		jw_str(jw, "hint", src->hint);
		jw_end_object(jw);
	}
	jw_end_array(jw);
}

static void write_head(struct jsonw *jw, const struct snapshot *s)
{
	jw_str(jw, "schema", "memtool.snapshot/1");
	if (s->time_ns.known)
		jw_time_ns(jw, "time", (int64_t)s->time_ns.v);
	else
		jw_null(jw, "time");
	jw_str(jw, "host", s->host);
	jw_str(jw, "boot_id", s->boot_id);
	jw_opt(jw, "uptime_ms", s->uptime_ms);
	jw_str(jw, "cmdline", s->cmdline);
	write_kernel(jw, &s->kernel);
}

int json_begin_snapshot(struct json_snapshot *doc, const struct snapshot *s, FILE *f, bool pretty)
{
	struct jsonw *jw = &doc->jw;
	struct figures fig;
	int ret;

	doc->s = s;
	doc->arena = (struct arena){ 0 };
	ret = figures_build(&doc->arena, s, &fig);
	if (ret == 0) {
		jw_init(jw, f, pretty);
		jw_object(jw, NULL);
		write_head(jw, s);
		jw_array(jw, "zones");
		for (size_t i = 0; i < s->n_zones; i++)
			write_zone(jw, &s->zones[i], &fig.zones[i]);
		jw_end_array(jw);
		jw_array(jw, "nodes");
		for (size_t i = 0; i < s->n_nodes; i++)
			write_node(jw, &s->nodes[i], figures_of(&fig, s->nodes[i].node));
		jw_end_array(jw);
		ret = json_write_slab(jw, s, &doc->arena);
	}
	if (ret)
		arena_done(&doc->arena);
	return ret;
}

int json_end_snapshot(struct json_snapshot *doc)
{
	const struct snapshot *s = doc->s;
	struct jsonw *jw = &doc->jw;
	int ret = json_write_vmalloc(jw, s, &doc->arena);

	json_write_allocinfo(jw, s);
	json_write_kmemleak(jw, s);
	json_write_page_owner(jw, s);
	write_kv_opt(jw, "vmstat", &s->vmstat);
	write_kv_opt(jw, "meminfo", &s->meminfo);
	write_sysctl(jw, &s->sysctl);
	write_settings(jw, s);
	write_areas(jw, s);
	write_debugfs(jw, s);
	write_sources(jw, s);
	jw_end_object(jw);
	jw_finish(jw);
	arena_done(&doc->arena);
	return ret;
}

int json_write_snapshot(const struct snapshot *s, FILE *f, bool pretty)
{
	struct json_snapshot doc;
	int ret = json_begin_snapshot(&doc, s, f, pretty);

	return ret ? ret : json_end_snapshot(&doc);
}
