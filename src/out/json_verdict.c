// SPDX-License-Identifier: GPL-2.0-or-later
/* A verdict as JSON. */
#include "out/json_verdict.h"

#include <string.h>

#include "base/jsonr.h"

/* jr_parse keeps an integer of 16 digits and more as the string of them; no name in a request looks so. */
static bool is_long_number(const cJSON *item)
{
	return cJSON_IsString(item) && strlen(item->valuestring) >= 16 && jr_u64(item).known;
}

void json_echo(struct jsonw *jw, const char *name, const cJSON *item)
{
	const cJSON *child;
	int64_t i;

	if (cJSON_IsObject(item)) {
		jw_object_inline(jw, name);
		cJSON_ArrayForEach(child, item)
			json_echo(jw, child->string, child);
		jw_end_object(jw);
	} else if (cJSON_IsArray(item)) {
		jw_array_inline(jw, name);
		cJSON_ArrayForEach(child, item)
			json_echo(jw, NULL, child);
		jw_end_array(jw);
	} else if (is_long_number(item)) {
		jw_opt(jw, name, jr_u64(item));
	} else if (cJSON_IsString(item)) {
		jw_str(jw, name, item->valuestring);
	} else if (cJSON_IsNumber(item)) {
		if (jr_i64(item, &i))
			jw_i64(jw, name, i);
		else
			jw_double(jw, name, item->valuedouble, 6);
	} else if (cJSON_IsBool(item)) {
		jw_bool(jw, name, cJSON_IsTrue(item));
	} else {
		jw_null(jw, name);
	}
}

void json_request(struct jsonw *jw, const char *name, const struct request *r,
		  const struct gfp_names *names)
{
	auto_strbuf struct strbuf gfp = STRBUF_INIT;

	gfp_format(names, r->gfp, &gfp);
	jw_object_inline(jw, name);
	jw_str(jw, "api", api_name(r->api));
	if (r->order >= 0)
		jw_i64(jw, "order", r->order);
	else
		jw_null(jw, "order");
	jw_opt(jw, "size", r->size);
	/* A page fault's flags are the kernel's own choice. */
	jw_str(jw, "gfp", r->api == API_THP && !r->gfp_given ? NULL : sb_str(&gfp));
	jw_i64(jw, "node", r->node);
	if (r->local_node >= 0)
		jw_i64(jw, "local_node", r->local_node);
	if (r->cache)
		jw_str(jw, "cache", r->cache);
	if (r->dma_mask)
		jw_i64(jw, "dma_mask", r->dma_mask);
	jw_end_object(jw);
}

static void node_or_null(struct jsonw *jw, int node)
{
	if (node >= 0)
		jw_i64(jw, "node", node);
	else
		jw_null(jw, "node");
}

static void json_step(struct jsonw *jw, const struct step *s)
{
	jw_object_inline(jw, NULL);
	jw_str(jw, "step", s->step);
	node_or_null(jw, s->node);
	jw_str(jw, "zone", s->zone);
	jw_str(jw, "outcome", s->outcome);
	jw_object_inline(jw, "evidence");
	for (size_t i = 0; i < s->n_evidence; i++) {
		if (s->evidence[i].text)
			jw_str(jw, s->evidence[i].key, s->evidence[i].text);
		else
			jw_i64(jw, s->evidence[i].key, s->evidence[i].value);
	}
	jw_end_object(jw);
	if (s->note)
		jw_str(jw, "note", s->note);
	if (s->rule)
		jw_str(jw, "rule", s->rule);
	jw_end_object(jw);
}

static void json_remedies(struct jsonw *jw, const struct verdict *v)
{
	jw_array(jw, "remedies");
	for (size_t i = 0; i < v->n_remedies; i++) {
		const struct remedy *r = &v->remedies[i];

		jw_object_inline(jw, NULL);
		jw_str(jw, "action", r->action);
		jw_str(jw, "command", r->command);
		jw_str(jw, "for", r->for_author ? "author" : "operator");
		jw_object_inline(jw, "expected");
		jw_str(jw, "verdict", verdict_name(verdict_of(r->probability)));
		jw_double(jw, "probability", r->probability, 3);
		jw_end_object(jw);
		jw_end_object(jw);
	}
	jw_end_array(jw);
}

void json_verdict(struct jsonw *jw, const char *name, const struct request *r,
		  const struct gfp_names *names, const cJSON *echo, const struct verdict *v)
{
	bool document = jw->depth == 0;

	jw_object(jw, name);
	if (document)
		jw_str(jw, "schema", "memtool.explain/1");
	if (echo)
		json_echo(jw, "request", echo);
	else
		json_request(jw, "request", r, names);
	jw_str(jw, "verdict", verdict_name(verdict_of(v->probability)));
	jw_double(jw, "probability", v->probability, 3);
	jw_str(jw, "cause", cause_name(v->cause));
	jw_str(jw, "mechanism", mechanism_name(v->mechanism));
	jw_bool(jw, "at_once", v->at_once);
	jw_bool(jw, "may_wait", v->may_wait);
	jw_bool(jw, "may_oom_kill", v->may_kill);
	node_or_null(jw, v->node);
	jw_str(jw, "zone", v->zone);
	if (v->bytes_used)
		jw_u64(jw, "bytes_used", v->bytes_used);
	else
		jw_null(jw, "bytes_used");
	jw_str(jw, "summary", v->summary);
	jw_str(jw, "tradeoff", v->tradeoff);
	jw_str(jw, "missing", v->missing);
	jw_array(jw, "steps");
	for (size_t i = 0; i < v->n_steps; i++)
		json_step(jw, &v->steps[i]);
	jw_end_array(jw);
	json_remedies(jw, v);
	jw_end_object(jw);
}
