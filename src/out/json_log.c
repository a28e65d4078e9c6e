// SPDX-License-Identifier: GPL-2.0-or-later
#include "out/json_log.h"

#include "base/jsonw.h"

static void kvs(struct jsonw *jw, const struct log_kvs *t)
{
	for (size_t i = 0; i < t->n; i++) {
		if (!t->v[i].negative)
			jw_u64(jw, t->v[i].name, t->v[i].value);
		else if (t->v[i].value <= INT64_MAX)
			jw_i64(jw, t->v[i].name, -(int64_t)t->v[i].value);
		else
			jw_null(jw, t->v[i].name);
	}
}

static void kv_object(struct jsonw *jw, const char *name, const struct log_kvs *t)
{
	if (!t->n)
		return;
	jw_object(jw, name);
	kvs(jw, t);
	jw_end_object(jw);
}

static void opt_str(struct jsonw *jw, const char *name, const char *s)
{
	if (s)
		jw_str(jw, name, s);
}

static void opt_num(struct jsonw *jw, const char *name, struct opt_u64 v)
{
	if (v.known)
		jw_u64(jw, name, v.v);
}

static void signed_or_null(struct jsonw *jw, const char *name, bool has, int64_t v)
{
	if (has)
		jw_i64(jw, name, v);
	else
		jw_null(jw, name);
}

static void when(struct jsonw *jw, const struct log_report *r)
{
	if (r->time_ns.known && r->time_ns.v <= INT64_MAX)
		jw_time_ns(jw, "time", (int64_t)r->time_ns.v);
	else
		jw_null(jw, "time");
	jw_str(jw, "stamp", r->stamp);
	if (r->uptime_us.known && r->uptime_us.v < INT64_MAX / 1000)
		jw_milli(jw, "uptime_seconds", (int64_t)(r->uptime_us.v / 1000));
	else
		jw_null(jw, "uptime_seconds");
	jw_u64(jw, "line", r->line);
}

static void gfp(struct jsonw *jw, const struct log_report *r, const struct log_diagnosis *d)
{
	if (!r->gfp.has_mask && !r->gfp.names) {
		jw_null(jw, "gfp");
		return;
	}
	jw_object(jw, "gfp");
	if (r->gfp.has_mask)
		jw_hex(jw, "mask", r->gfp.mask);
	else
		jw_null(jw, "mask");
	jw_array(jw, "flags");
	for (size_t i = 0; i < d->n_gfp_names; i++)
		jw_str(jw, NULL, d->gfp_names[i]);
	jw_end_array(jw);
	jw_bool(jw, "named_in_log", r->gfp.names != NULL);
	opt_str(jw, "mismatch", d->gfp_mismatch);
	jw_end_object(jw);
}

static void zones(struct jsonw *jw, const struct log_report *r)
{
	jw_array(jw, "zones");
	for (size_t i = 0; i < r->n_zones; i++) {
		const struct log_zone *z = &r->zones[i];
		bool typed = false;

		jw_object(jw, NULL);
		jw_i64(jw, "node", z->node);
		jw_str(jw, "zone", z->name);
		jw_opt(jw, "free_kb", z->free_kb);
		opt_num(jw, "boost_kb", z->boost_kb);
		jw_opt(jw, "min_kb", z->min_kb);
		jw_opt(jw, "low_kb", z->low_kb);
		jw_opt(jw, "high_kb", z->high_kb);
		opt_num(jw, "reserved_highatomic_kb", z->reserved_highatomic_kb);
		opt_num(jw, "free_highatomic_kb", z->free_highatomic_kb);
		kvs(jw, &z->kv);
		if (z->has_unreclaimable)
			jw_bool(jw, "all_unreclaimable", z->unreclaimable);
		if (z->n_lowmem_reserve)
			jw_u64s(jw, "lowmem_reserve_pages", z->lowmem_reserve, z->n_lowmem_reserve);
		if (z->has_free_list && z->n_orders)
			jw_u64s(jw, "free_blocks", z->free_blocks, z->n_orders);
		else
			jw_null(jw, "free_blocks");
		for (size_t o = 0; o < z->n_orders; o++)
			typed |= z->free_types[o] != NULL;
		if (typed) {
			jw_array(jw, "free_types");
			for (size_t o = 0; o < z->n_orders; o++)
				jw_str(jw, NULL, z->free_types[o]);
			jw_end_array(jw);
		}
		opt_num(jw, "free_list_total_kb", z->free_list_total_kb);
		jw_end_object(jw);
	}
	jw_end_array(jw);
}

static void meminfo(struct jsonw *jw, const struct log_report *r)
{
	kv_object(jw, "global", &r->global);
	if (r->n_nodes) {
		jw_array(jw, "nodes");
		for (size_t i = 0; i < r->n_nodes; i++) {
			jw_object(jw, NULL);
			jw_i64(jw, "node", r->nodes[i].node);
			kvs(jw, &r->nodes[i].kv);
			if (r->nodes[i].has_unreclaimable)
				jw_bool(jw, "all_unreclaimable", r->nodes[i].unreclaimable);
			jw_end_object(jw);
		}
		jw_end_array(jw);
	}
	if (r->n_hugepages) {
		jw_array(jw, "hugepages");
		for (size_t i = 0; i < r->n_hugepages; i++) {
			const struct log_hugepages *h = &r->hugepages[i];

			jw_object(jw, NULL);
			jw_i64(jw, "node", h->node);
			jw_u64(jw, "size_kb", h->size_kb);
			jw_u64(jw, "total", h->total);
			jw_u64(jw, "free", h->free);
			jw_u64(jw, "surplus", h->surplus);
			jw_end_object(jw);
		}
		jw_end_array(jw);
	}
	kv_object(jw, "totals", &r->totals);
	if (!r->n_pcps)
		return;
	jw_array(jw, "percpu_lists");
	for (size_t i = 0; i < r->n_pcps; i++) {
		const struct log_pcp *p = &r->pcps[i];

		jw_object(jw, NULL);
		jw_i64(jw, "node", p->node);
		jw_str(jw, "zone", p->zone);
		jw_u64(jw, "cpu", p->cpu);
		jw_bool(jw, "cold", p->cold);
		jw_u64(jw, "high_pages", p->high);
		jw_u64(jw, "batch_pages", p->batch);
		jw_u64(jw, "used_pages", p->used);
		jw_end_object(jw);
	}
	jw_end_array(jw);
}

static void slab(struct jsonw *jw, const struct log_report *r)
{
	if (r->kind != LOG_SLUB)
		return;
	jw_object(jw, "slab");
	jw_str(jw, "cache", r->cache);
	signed_or_null(jw, "node", r->has_slab_node, r->slab_node);
	jw_opt(jw, "object_size", r->object_size);
	jw_opt(jw, "buffer_size", r->buffer_size);
	jw_opt(jw, "default_order", r->default_order);
	jw_opt(jw, "min_order", r->min_order);
	jw_bool(jw, "order_raised_by_debugging", r->order_raised_by_debugging);
	jw_array(jw, "nodes");
	for (size_t i = 0; i < r->n_slab_nodes; i++) {
		jw_object(jw, NULL);
		jw_u64(jw, "node", r->slab_nodes[i].node);
		kvs(jw, &r->slab_nodes[i].kv);
		jw_end_object(jw);
	}
	jw_end_array(jw);
	jw_end_object(jw);
}

static void small(struct jsonw *jw, const struct log_report *r, const struct log_diagnosis *d)
{
	jw_opt(jw, "size_bytes", d->size_bytes);
	opt_num(jw, "allocated_bytes", r->allocated_bytes);
	opt_num(jw, "vmap_bytes", r->vmap_bytes);
	opt_num(jw, "align_bytes", r->align_bytes);
	if (r->range_start.known)
		jw_hex(jw, "range_start", r->range_start.v);
	if (r->range_end.known)
		jw_hex(jw, "range_end", r->range_end.v);
	opt_num(jw, "requested_pages", r->pages);
	if (r->has_error)
		jw_i64(jw, "error", r->error);
	opt_str(jw, "area", r->area);
	opt_str(jw, "device", r->device);
	opt_num(jw, "slots", r->slots);
	opt_num(jw, "used_slots", r->used_slots);
	opt_num(jw, "free_pages", r->free_pages);
	opt_num(jw, "total_pages", r->total_pages);
	opt_num(jw, "longest_run_pages", r->longest_run_pages);
	if (r->has_atomic)
		jw_bool(jw, "atomic", r->atomic);
	opt_str(jw, "reason", r->reason);
	opt_num(jw, "stall_ms", r->stall_ms);
	opt_str(jw, "source", r->source);
	slab(jw, r);
}

static void tasks(struct jsonw *jw, const struct log_report *r)
{
	if (!r->n_tasks)
		return;
	jw_array(jw, "tasks");
	for (size_t i = 0; i < r->n_tasks; i++) {
		jw_object(jw, NULL);
		jw_u64(jw, "pid", r->tasks[i].pid);
		jw_str(jw, "name", r->tasks[i].name);
		kvs(jw, &r->tasks[i].kv);
		jw_end_object(jw);
	}
	jw_end_array(jw);
}

static void oom(struct jsonw *jw, const struct log_report *r)
{
	if (r->kind != LOG_OOM)
		return;
	jw_object(jw, "oom");
	jw_bool(jw, "memcg", r->is_memcg);
	signed_or_null(jw, "oom_score_adj", r->has_oom_score_adj, r->oom_score_adj);
	jw_str(jw, "constraint", r->constraint);
	opt_str(jw, "oom_memcg", r->oom_memcg);
	opt_str(jw, "task_memcg", r->task_memcg);
	jw_str(jw, "killed", r->killed);
	jw_opt(jw, "killed_pid", r->killed_pid);
	kv_object(jw, "killed_usage", &r->killed_kv);
	kv_object(jw, "memcg_usage", &r->memcg);
	kv_object(jw, "memcg_stats", &r->memcg_stats);
	kv_object(jw, "unreclaimable_slab", &r->slab_info);
	tasks(jw, r);
	jw_end_object(jw);
}

static void trace(struct jsonw *jw, const struct log_report *r)
{
	jw_str(jw, "api", r->api);
	jw_str(jw, "requester", r->requester);
	jw_str(jw, "module", r->module);
	jw_str(jw, "subsystem", r->subsystem);
	if (!r->n_frames)
		return;
	jw_array(jw, "call_trace");
	for (size_t i = 0; i < r->n_frames; i++) {
		jw_object(jw, NULL);
		jw_str(jw, "function", r->frames[i].function);
		opt_str(jw, "module", r->frames[i].module);
		if (r->frames[i].maybe)
			jw_bool(jw, "unreliable", true);
		jw_end_object(jw);
	}
	jw_end_array(jw);
}

static void check(struct jsonw *jw, const struct log_zone_check *c)
{
	const struct watermark_test *t = &c->test;

	jw_object(jw, NULL);
	jw_i64(jw, "node", c->node);
	jw_str(jw, "zone", c->zone);
	jw_bool(jw, "allowed", c->allowed);
	opt_str(jw, "why_not", c->why_not);
	if (!c->no_marks) {
		jw_str(jw, "outcome", !c->allowed ? "skip" : t->ok ? "pass" : "fail");
		jw_i64(jw, "free_pages", t->free);
		jw_i64(jw, "mark_pages", t->mark);
		jw_i64(jw, "min_with_rights_pages", t->min);
		jw_i64(jw, "lowmem_reserve_pages", t->reserve);
		jw_i64(jw, "highatomic_pages", t->highatomic);
		jw_i64(jw, "cma_pages", t->cma);
		jw_i64(jw, "margin_pages", t->margin);
		jw_bool(jw, "marks_pass", t->marks_ok);
		jw_bool(jw, "block_in_list", t->list_ok);
		signed_or_null(jw, "largest_usable_order", t->largest_order >= 0, t->largest_order);
	}
	jw_end_object(jw);
}

static void diagnosis(struct jsonw *jw, const struct log_diagnosis *d)
{
	jw_object(jw, "diagnosis");
	jw_str(jw, "rules", d->rules);
	jw_bool(jw, "transient", d->transient);
	jw_bool(jw, "weak", d->weak);
	signed_or_null(jw, "largest_usable_order", d->largest_order >= 0, d->largest_order);
	jw_bool(jw, "may_reclaim", d->may_reclaim);
	jw_bool(jw, "may_compact", d->may_compact);
	jw_str(jw, "could_help", d->could_help);
	jw_str(jw, "pattern", d->pattern);
	jw_array(jw, "checks");
	for (size_t i = 0; i < d->n_checks; i++)
		check(jw, &d->checks[i]);
	jw_end_array(jw);
	jw_end_object(jw);
}

static void texts(struct jsonw *jw, const char *name, const struct log_texts *t)
{
	jw_array(jw, name);
	for (size_t i = 0; i < t->n; i++) {
		jw_object(jw, NULL);
		jw_str(jw, "what", t->v[i].name);
		jw_str(jw, "reason", t->v[i].value);
		jw_end_object(jw);
	}
	jw_end_array(jw);
}

static void remedies(struct jsonw *jw, const struct log_diagnosis *d)
{
	jw_array(jw, "remedies");
	for (size_t i = 0; i < d->n_remedies; i++) {
		jw_object(jw, NULL);
		jw_str(jw, "action", d->remedies[i].action);
		jw_str(jw, "command", d->remedies[i].command);
		jw_str(jw, "for", d->remedies[i].whom);
		jw_end_object(jw);
	}
	jw_end_array(jw);
}

void json_log(FILE *f, const struct log_report *r, const struct log_diagnosis *d)
{
	struct jsonw jw;

	jw_init(&jw, f, false);
	jw_object(&jw, NULL);
	jw_str(&jw, "schema", "memtool.log/1");
	jw_str(&jw, "kind", log_kind_name(r->kind));
	opt_str(&jw, "event", log_event_name(r->event));
	when(&jw, r);
	signed_or_null(&jw, "order", r->has_order, r->order);
	jw_str(&jw, "process", r->process);
	jw_opt(&jw, "pid", r->pid);
	opt_num(&jw, "uid", r->uid);
	jw_opt(&jw, "cpu", r->cpu);
	jw_str(&jw, "kernel", r->kernel);
	opt_str(&jw, "tainted", r->tainted);
	opt_str(&jw, "hardware", r->hardware);
	opt_str(&jw, "workqueue", r->workqueue);
	gfp(&jw, r, d);
	jw_str(&jw, "nodemask", r->nodemask);
	jw_str(&jw, "cpuset", r->cpuset);
	jw_str(&jw, "mems_allowed", r->mems_allowed);
	jw_opt(&jw, "page_size", r->page_size);
	small(&jw, r, d);
	trace(&jw, r);
	zones(&jw, r);
	meminfo(&jw, r);
	oom(&jw, r);
	if (r->alloc_sites.n) {
		jw_array(&jw, "allocation_sites");
		for (size_t i = 0; i < r->alloc_sites.n; i++)
			jw_str(&jw, NULL, r->alloc_sites.v[i].value);
		jw_end_array(&jw);
	}
	jw_str(&jw, "cause", cause_name(d->cause));
	jw_str(&jw, "summary", d->summary);
	diagnosis(&jw, d);
	remedies(&jw, d);
	jw_bool(&jw, "complete", r->complete);
	texts(&jw, "missing", &r->missing);
	if (r->truncated)
		jw_bool(&jw, "truncated", true);
	if (r->suppressed)
		jw_u64(&jw, "suppressed_before", r->suppressed);
	jw_str(&jw, "text", r->first_line);
	jw_end_object(&jw);
	jw_finish(&jw);
}
