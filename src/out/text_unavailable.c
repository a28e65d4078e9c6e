// SPDX-License-Identifier: GPL-2.0-or-later
/* What could not be read, why, and how to get it. */
#include <inttypes.h>

#include "host/source.h"
#include "out/text_snapshot.h"

static bool is_optional(const struct snap_source *src)
{
	for (size_t i = 0; i < SRC_COUNT; i++) {
		if (strcmp(source_table[i].name, src->name) == 0)
			return source_table[i].optional;
	}
	return false;
}

static bool same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* Sources of which one remedy helps share a line: the first one stands for all. */
static bool same_trouble(const struct snap_source *a, const struct snap_source *b)
{
	return a->state == b->state && a->state != SNAP_READ && same(a->reason, b->reason) &&
	       same(a->hint, b->hint);
}

static void add_trouble(struct strbuf *sb, const struct snap_source *src)
{
	if (src->state == SNAP_READ) {
		sb_printf(sb, ": %" PRIu64 " line%s not understood", src->bad_lines, plural(src->bad_lines));
		if (src->bad_excerpt && *src->bad_excerpt)
			sb_printf(sb, ", the first: %s", src->bad_excerpt);
		return;
	}
	sb_printf(sb, ": %s", src->reason ? src->reason : "left out");
	if (src->hint)
		sb_printf(sb, " (%s)", src->hint);
}

/* By its path, unless another source before it has the same. */
static void add_source(struct strbuf *sb, const struct snapshot *s, const struct snap_source *src)
{
	bool shared = !src->path;

	for (const struct snap_source *other = s->sources; other < src && !shared; other++)
		shared = other->path && strcmp(other->path, src->path) == 0;
	sb_add_shown(sb, shared ? src->name : src->path, 128);
}

static void put_group(FILE *f, const struct text_style *st, const struct snapshot *s, size_t first)
{
	const struct snap_source *src = &s->sources[first];
	auto_strbuf struct strbuf sb = STRBUF_INIT;

	for (size_t i = 0; i < first; i++) {
		if (same_trouble(&s->sources[i], src) && is_optional(&s->sources[i]) == is_optional(src))
			return; /* said with that one */
	}
	add_source(&sb, s, src);
	for (size_t i = first + 1; i < s->n_sources; i++) {
		const struct snap_source *other = &s->sources[i];

		if (!same_trouble(other, src) || is_optional(other) != is_optional(src))
			continue;
		sb_addstr(&sb, ", ");
		add_source(&sb, s, other);
	}
	add_trouble(&sb, src);
	fputs("  ", f);
	put_wrapped_at(f, st, 2, 6, sb_str(&sb));
}

void text_unavailable(FILE *f, const struct text_style *st, const struct snapshot *s)
{
	auto_strbuf struct strbuf absent = STRBUF_INIT, line = STRBUF_INIT;
	bool any = false;

	for (size_t i = 0; i < s->n_sources; i++) {
		const struct snap_source *src = &s->sources[i];

		if (src->state == SNAP_READ && src->bad_lines == 0)
			continue;
		if (is_optional(src) && src->state != SNAP_READ && !st->verbose) {
			sb_printf(&absent, "%s%s", absent.len ? ", " : "", src->name);
			continue;
		}
		if (!any)
			fputs("\nnot read:\n", f);
		any = true;
		put_group(f, st, s, i);
	}
	if (!absent.len)
		return;
	sb_printf(&line, "%snot read, of use but not needed: %s (snapshot -v tells why)",
		  any ? "  " : "", sb_str(&absent));
	if (!any)
		putc('\n', f);
	put_wrapped(f, st, 2, sb_str(&line));
}
