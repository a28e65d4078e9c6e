// SPDX-License-Identifier: GPL-2.0-or-later
/* Differences as memtool.diff/1. */
#include <inttypes.h>

#include "out/diff.h"

/* {"before":1,"after":3,"change":2} */
static void change_members(struct jsonw *jw, const struct change *c)
{
	jw_opt(jw, "before", c->before);
	jw_opt(jw, "after", c->after);
	if (c->kind == CHANGE_UNKNOWN || c->kind == CHANGE_RESET)
		jw_null(jw, "change");
	else if (!c->negative)
		jw_u64(jw, "change", c->delta);
	else
		jw_i64(jw, "change", change_signed(c));
}

static void json_change(struct jsonw *jw, const char *name, const struct change *c)
{
	jw_object_inline(jw, name);
	change_members(jw, c);
	jw_end_object(jw);
}

static void json_side(struct jsonw *jw, const char *name, const struct snapshot *s)
{
	jw_object(jw, name);
	if (s->time_ns.known)
		jw_time_ns(jw, "time", (int64_t)s->time_ns.v);
	else
		jw_null(jw, "time");
	jw_str(jw, "host", s->host);
	jw_str(jw, "boot_id", s->boot_id);
	jw_str(jw, "kernel", s->kernel.release);
	jw_end_object(jw);
}

static void json_finding(struct jsonw *jw, const struct finding *x)
{
	jw_object(jw, NULL);
	jw_str(jw, "kind", finding_name(x->kind));
	jw_str(jw, "subject", x->subject);
	jw_opt(jw, "bytes", x->bytes);
	jw_opt(jw, "events", x->events);
	if (x->has_trend) {
		jw_object_inline(jw, "trend");
		jw_double(jw, "bytes_per_hour", 3600 * x->trend.slope, 0);
		jw_double(jw, "bytes_per_hour_low", 3600 * x->trend.slope_lo, 0);
		jw_double(jw, "bytes_per_hour_high", 3600 * x->trend.slope_hi, 0);
		jw_double(jw, "fit", x->trend.fit, 3);
		jw_double(jw, "span_s", x->trend.span_s, 1);
		jw_u64(jw, "samples", x->trend.n);
		jw_end_object(jw);
	} else {
		jw_null(jw, "trend");
	}
	jw_str(jw, "sentence", x->sentence);
	jw_str(jw, "next", x->next);
	jw_end_object(jw);
}

void json_findings(struct jsonw *jw, const struct findings *fs)
{
	const struct forecast *c = &fs->forecast;

	jw_array(jw, "findings");
	for (size_t i = 0; i < fs->n; i++)
		json_finding(jw, &fs->v[i]);
	jw_end_array(jw);
	jw_array(jw, "not_judged");
	for (size_t i = 0; i < fs->n_unjudged; i++) {
		jw_object_inline(jw, NULL);
		jw_str(jw, "source", fs->unjudged[i].source);
		jw_str(jw, "reason", fs->unjudged[i].reason);
		jw_end_object(jw);
	}
	jw_end_array(jw);
	if (!fs->has_forecast) {
		jw_null(jw, "forecast");
		return;
	}
	jw_object(jw, "forecast");
	jw_str(jw, "request", c->what);
	jw_u64(jw, "order", c->order);
	jw_bool(jw, "supported", c->supported);
	if (c->supported) {
		jw_double(jw, "seconds", c->s, 0);
		jw_double(jw, "earliest_seconds", c->earliest_s, 0);
		jw_double(jw, "latest_seconds", c->latest_s, 0);
	}
	jw_str(jw, "sentence", c->sentence);
	jw_end_object(jw);
}

static void json_zone(struct jsonw *jw, const struct diff_zone *z)
{
	jw_object(jw, NULL);
	jw_i64(jw, "node", z->node);
	jw_str(jw, "zone", z->zone);
	json_change(jw, "free_pages", &z->free_pages);
	if (z->n_orders) {
		jw_array(jw, "free_blocks");
		for (unsigned int o = 0; o < z->n_orders; o++)
			json_change(jw, NULL, &z->free_blocks[o]);
		jw_end_array(jw);
	}
	jw_object(jw, "pageblocks");
	for (size_t i = 0; i < z->n_types; i++) {
		if (z->types[i].pageblocks.kind != CHANGE_UNKNOWN)
			json_change(jw, z->types[i].name, &z->types[i].pageblocks);
	}
	jw_end_object(jw);
	jw_end_object(jw);
}

static void json_users(struct jsonw *jw, const struct diff *d)
{
	jw_array(jw, "caches");
	for (size_t i = 0; i < d->n_caches; i++) {
		jw_object(jw, NULL);
		jw_str(jw, "name", d->caches[i].name);
		jw_bool(jw, "reclaimable", d->caches[i].reclaimable);
		json_change(jw, "bytes", &d->caches[i].bytes);
		json_change(jw, "active_objects", &d->caches[i].objects);
		json_change(jw, "idle_bytes", &d->caches[i].idle_bytes);
		jw_end_object(jw);
	}
	jw_end_array(jw);
	jw_array(jw, "callers");
	for (size_t i = 0; i < d->n_callers; i++) {
		jw_object(jw, NULL);
		jw_str(jw, "caller", d->callers[i].caller);
		jw_str(jw, "kind", vmalloc_kind_name(d->callers[i].kind));
		json_change(jw, "bytes", &d->callers[i].bytes);
		json_change(jw, "areas", &d->callers[i].areas);
		json_change(jw, "pages", &d->callers[i].pages);
		jw_end_object(jw);
	}
	jw_end_array(jw);
	jw_array(jw, "sites");
	for (size_t i = 0; i < d->n_sites; i++) {
		jw_object(jw, NULL);
		jw_str(jw, "location", d->sites[i].location);
		jw_str(jw, "function", d->sites[i].function);
		jw_str(jw, "module", d->sites[i].module);
		json_change(jw, "bytes", &d->sites[i].bytes);
		json_change(jw, "calls", &d->sites[i].calls);
		jw_end_object(jw);
	}
	jw_end_array(jw);
	jw_array(jw, "unreferenced");
	for (size_t i = 0; i < d->n_losers; i++) {
		jw_object(jw, NULL);
		jw_str(jw, "function", d->losers[i].function);
		jw_str(jw, "module", d->losers[i].module);
		json_change(jw, "objects", &d->losers[i].objects);
		json_change(jw, "bytes", &d->losers[i].bytes);
		jw_end_object(jw);
	}
	jw_end_array(jw);
	jw_array(jw, "page_owners");
	for (size_t i = 0; i < d->n_owners; i++) {
		jw_object(jw, NULL);
		jw_str(jw, "function", d->owners[i].function);
		jw_str(jw, "module", d->owners[i].module);
		json_change(jw, "bytes", &d->owners[i].bytes);
		json_change(jw, "stray_bytes", &d->owners[i].stray_bytes);
		json_change(jw, "stray_pageblocks", &d->owners[i].stray_pageblocks);
		jw_end_object(jw);
	}
	jw_end_array(jw);
}

static void json_counters(struct jsonw *jw, const struct diff *d)
{
	jw_object(jw, "vmstat");
	for (size_t i = 0; i < d->n_counters; i++) {
		const struct diff_counter *c = &d->counters[i];

		jw_object_inline(jw, c->name);
		change_members(jw, &c->change);
		if (!c->gauge && c->change.kind == CHANGE_BOTH && d->span_ns)
			jw_double(jw, "per_second", change_per_s(&c->change, d->span_ns), 3);
		jw_end_object(jw);
	}
	jw_end_object(jw);
}

void json_diff(FILE *f, bool pretty, const struct diff *d, const struct findings *fs, size_t samples)
{
	struct jsonw jw;

	jw_init(&jw, f, pretty);
	jw_object(&jw, NULL);
	jw_str(&jw, "schema", "memtool.diff/1");
	json_side(&jw, "from", d->a);
	json_side(&jw, "to", d->b);
	if (d->span_ns)
		jw_double(&jw, "span_s", (double)d->span_ns / 1e9, 3);
	else
		jw_null(&jw, "span_s");
	jw_bool(&jw, "same_boot", d->same_boot);
	jw_u64(&jw, "samples", samples);
	jw_array(&jw, "notes");
	for (size_t i = 0; i < d->n_said; i++) {
		jw_object(&jw, NULL);
		jw_str(&jw, "note", diff_note_name(d->said[i].note));
		jw_str(&jw, "text", d->said[i].text);
		jw_end_object(&jw);
	}
	jw_end_array(&jw);
	json_findings(&jw, fs);
	jw_object(&jw, "memory");
	for (unsigned int i = 0; i < ACC_COUNT; i++)
		json_change(&jw, account_name(i), &d->accounts[i]);
	jw_end_object(&jw);
	jw_array(&jw, "zones");
	for (size_t i = 0; i < d->n_zones; i++)
		json_zone(&jw, &d->zones[i]);
	jw_end_array(&jw);
	json_users(&jw, d);
	json_counters(&jw, d);
	jw_end_object(&jw);
	jw_finish(&jw);
}
