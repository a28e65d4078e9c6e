// SPDX-License-Identifier: GPL-2.0-or-later
/* Members that every document of a command has. */
#include "out/json_common.h"

void json_head(struct jsonw *jw, const char *schema, const struct snapshot *s)
{
	jw_object(jw, NULL);
	jw_str(jw, "schema", schema);
	if (s->time_ns.known && s->time_ns.v <= INT64_MAX)
		jw_time_ns(jw, "time", (int64_t)s->time_ns.v);
	else
		jw_null(jw, "time");
	jw_str(jw, "host", s->host);
	jw_object_inline(jw, "kernel");
	jw_str(jw, "release", s->kernel.release);
	jw_str(jw, "arch", s->kernel.arch);
	jw_opt(jw, "page_size", s->kernel.page_size);
	jw_opt(jw, "max_order", s->kernel.max_order);
	jw_opt(jw, "pageblock_order", s->kernel.pageblock_order);
	jw_end_object(jw);
}

void json_unavailable(struct jsonw *jw, const struct snapshot *s)
{
	jw_array(jw, "unavailable");
	for (size_t i = 0; i < s->n_sources; i++) {
		const struct snap_source *src = &s->sources[i];

		if (src->state != SNAP_UNAVAILABLE)
			continue;
		jw_object_inline(jw, NULL);
		jw_str(jw, "source", src->path ? src->path : src->name);
		jw_str(jw, "reason", src->reason);
		jw_str(jw, "hint", src->hint);
		jw_end_object(jw);
	}
	jw_end_array(jw);
}
