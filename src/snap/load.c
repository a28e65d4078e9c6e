// SPDX-License-Identifier: GPL-2.0-or-later
/* Loading of the snapshot document: its head, sources, and the shared pieces. */
#include "snap/load.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/timefmt.h"
#include "snap/load_priv.h"

#define SCHEMA "memtool.snapshot/1"

void load_bad(struct loading *l, const char *name)
{
	if (!l->bad)
		l->bad = name;
}

void *load_array(struct loading *l, size_t n, size_t elem)
{
	void *p = arena_array(&l->s->arena, n, elem);

	if (!p)
		l->no_memory = true;
	return p;
}

const char *load_text(struct loading *l, const char *s)
{
	const char *copy = s ? arena_strdup(&l->s->arena, s) : NULL;

	if (s && !copy)
		l->no_memory = true;
	return copy;
}

const char *load_str(struct loading *l, const cJSON *obj, const char *name)
{
	const cJSON *item = jr_get(obj, name);

	if (!item || cJSON_IsNull(item))
		return NULL;
	if (!cJSON_IsString(item)) {
		load_bad(l, name);
		return NULL;
	}
	return load_text(l, item->valuestring);
}

struct opt_u64 load_u64(struct loading *l, const cJSON *obj, const char *name)
{
	const cJSON *item = jr_get(obj, name);
	struct opt_u64 v = jr_u64(item);

	if (item && !cJSON_IsNull(item) && !v.known)
		load_bad(l, name);
	return v;
}

uint64_t load_need_u64(struct loading *l, const cJSON *obj, const char *name)
{
	struct opt_u64 v = load_u64(l, obj, name);

	if (!v.known)
		load_bad(l, name);
	return v.v;
}

int load_int(struct loading *l, const cJSON *obj, const char *name)
{
	int64_t v;

	if (!jr_i64(jr_get(obj, name), &v) || v < INT32_MIN || v > INT32_MAX) {
		load_bad(l, name);
		return 0;
	}
	return (int)v;
}

bool load_bool(struct loading *l, const cJSON *obj, const char *name)
{
	const cJSON *item = jr_get(obj, name);

	if (item && !cJSON_IsNull(item) && !cJSON_IsBool(item))
		load_bad(l, name);
	return cJSON_IsTrue(item);
}

void load_members(struct loading *l, const cJSON *obj, void *to, const struct snap_member *m)
{
	for (; m->name; m++)
		*snap_member_of(to, m) = load_u64(l, obj, m->name);
}

size_t load_count(struct loading *l, const cJSON *obj, const char *name)
{
	const cJSON *array = jr_get(obj, name), *item;
	size_t n = 0;

	if (!array || cJSON_IsNull(array))
		return 0;
	if (!cJSON_IsArray(array))
		load_bad(l, name);
	cJSON_ArrayForEach(item, array)
		n++;
	return n;
}

uint64_t *load_u64s(struct loading *l, const cJSON *obj, const char *name, size_t *n)
{
	const cJSON *array = jr_get(obj, name), *item;
	size_t at = 0;
	uint64_t *v;

	*n = 0;
	if (!cJSON_IsArray(array)) {
		load_count(l, obj, name);
		return NULL;
	}
	v = load_array(l, load_count(l, obj, name), sizeof(*v));
	cJSON_ArrayForEach(item, array) {
		struct opt_u64 u = jr_u64(item);

		if (!u.known)
			load_bad(l, name);
		if (v)
			v[at++] = u.v;
	}
	*n = at;
	return v;
}

void load_kv(struct loading *l, const cJSON *obj, const char *name, struct kv_table *out)
{
	const cJSON *table = jr_get(obj, name), *item;

	if (table && !cJSON_IsNull(table) && !cJSON_IsObject(table))
		load_bad(l, name);
	cJSON_ArrayForEach(item, table) {
		struct opt_u64 u = jr_u64(item);
		int64_t i;
		int ret = 0;

		if (!item->string)
			load_bad(l, name);
		else if (u.known)
			ret = kv_add(&l->s->arena, out, slice_of(item->string), u.v);
		else if (jr_i64(item, &i))
			ret = kv_add_signed(&l->s->arena, out, slice_of(item->string), i);
		else
			load_bad(l, name);
		if (ret)
			l->no_memory = true;
	}
}

static void load_kernel(struct loading *l, const cJSON *doc)
{
	const cJSON *k = jr_get(doc, "kernel");
	struct snap_kernel *to = &l->s->kernel;
	struct opt_u64 major = load_u64(l, k, "major");

	to->release = load_str(l, k, "release");
	to->arch = load_str(l, k, "arch");
	to->version = load_str(l, k, "version");
	load_members(l, k, to, snap_kernel_members);
	/* Shifts and sizes are made from these. */
	if (opt_or(to->max_order, 0) > 63 || opt_or(to->pageblock_order, 0) > 63)
		load_bad(l, "max_order");
	if (to->page_size.known && (to->page_size.v == 0 || (to->page_size.v & (to->page_size.v - 1))))
		load_bad(l, "page_size");
	to->has_version = major.known;
	to->major = (unsigned int)major.v;
	to->minor = (unsigned int)load_u64(l, k, "minor").v;
	to->patch = (unsigned int)load_u64(l, k, "patch").v;
	to->el = (unsigned int)load_u64(l, k, "el").v;
	to->el_build = (unsigned int)load_u64(l, k, "el_build").v;
}

static enum snap_source_state load_state(struct loading *l, const cJSON *item)
{
	const char *state = jr_get_str(item, "state");

	if (state && strcmp(state, "read") == 0)
		return SNAP_READ;
	if (state && strcmp(state, "skipped") == 0)
		return SNAP_SKIPPED;
	if (!state || strcmp(state, "unavailable") != 0)
		load_bad(l, "state");
	return SNAP_UNAVAILABLE;
}

static int64_t load_time(struct loading *l, const cJSON *obj, const char *name)
{
	const char *text = load_str(l, obj, name);
	int64_t ns = 0;

	if (text && (time_parse_rfc3339(text, &ns) || ns < 0)) {
		load_bad(l, name);
		return 0;
	}
	return ns;
}

static void load_sources(struct loading *l, const cJSON *doc)
{
	size_t n = load_count(l, doc, "sources");
	const cJSON *item;
	struct snap_source *src;

	l->s->sources = src = load_array(l, n, sizeof(*src));
	if (!src)
		return;
	cJSON_ArrayForEach(item, jr_get(doc, "sources")) {
		src->name = load_str(l, item, "name");
		src->path = load_str(l, item, "path");
		if (!src->name || !src->path)
			load_bad(l, "sources");
		src->state = load_state(l, item);
		src->optional = load_bool(l, item, "optional");
		src->reason = load_str(l, item, "reason");
		src->hint = load_str(l, item, "hint");
		src->start_ns = load_time(l, item, "time");
		src->duration_ns = load_u64(l, item, "duration_ns").v;
		src->bytes = load_u64(l, item, "bytes").v;
		src->bad_lines = load_u64(l, item, "bad_lines").v;
		src->bad_excerpt = load_str(l, item, "bad_excerpt");
		src++;
	}
	l->s->n_sources = n;
}

static void load_head(struct loading *l, const cJSON *doc)
{
	struct snapshot *s = l->s;

	if (jr_get_str(doc, "time"))
		s->time_ns = opt_u64((uint64_t)load_time(l, doc, "time"));
	s->host = load_str(l, doc, "host");
	s->boot_id = load_str(l, doc, "boot_id");
	s->uptime_ms = load_u64(l, doc, "uptime_ms");
	s->cmdline = load_str(l, doc, "cmdline");
	load_kernel(l, doc);
}

static char *message(const char *before, const char *what, const char *after)
{
	char *text;

	return asprintf(&text, "%s%s%s", before, what, after) < 0 ? NULL : text;
}

static int load_document(const cJSON *doc, struct snapshot **out, char **why)
{
	struct loading l = { .s = snapshot_new() };
	const char *schema = jr_get_str(doc, "schema");

	if (!l.s)
		return -ENOMEM;
	if (!schema || strcmp(schema, SCHEMA) != 0) {
		snapshot_free(l.s);
		*why = schema ? message("not a snapshot but ", schema, "")
			      : message("not a snapshot: no schema ", SCHEMA, "");
		return -EINVAL;
	}
	load_head(&l, doc);
	load_zones(&l, doc);
	load_nodes(&l, doc);
	load_slab(&l, doc);
	load_vmalloc(&l, doc);
	load_allocinfo(&l, doc);
	load_kmemleak(&l, doc);
	load_page_owner(&l, doc);
	load_kv(&l, doc, "vmstat", &l.s->vmstat);
	load_kv(&l, doc, "meminfo", &l.s->meminfo);
	load_settings(&l, doc);
	load_sources(&l, doc);
	if (l.no_memory || l.bad) {
		/* The name may be the snapshot's own. */
		if (!l.no_memory)
			*why = message("snapshot with a bad \"", l.bad, "\"");
		snapshot_free(l.s);
		return l.no_memory ? -ENOMEM : -EINVAL;
	}
	*out = l.s;
	return 0;
}

int snapshot_parse(struct slice text, struct snapshot **out, char **why)
{
	const char *reason = NULL;
	cJSON *doc = jr_parse(text.p, text.len, &reason);
	int ret;

	*why = NULL;
	if (!doc) {
		*why = message("", reason, "");
		return -EINVAL;
	}
	ret = load_document(doc, out, why);
	cJSON_Delete(doc);
	return ret;
}
