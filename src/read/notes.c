// SPDX-License-Identifier: GPL-2.0-or-later
/* Notes on lines that a reader could not use. */
#include "read/notes.h"

#define EXCERPT_MAX 60

void notes_bad(struct read_notes *n, struct arena *arena, uint64_t number, struct slice line,
	       const char *why)
{
	auto_strbuf struct strbuf sb = STRBUF_INIT;

	if (n->bad_lines++ > 0)
		return;
	n->first_bad = number;
	n->why = why;
	sb_add_quoted(&sb, line, EXCERPT_MAX);
	if (!sb.failed)
		n->excerpt = arena_strndup(arena, sb_str(&sb), sb.len);
}

void notes_join(struct read_notes *n, const struct read_notes *later)
{
	if (n->bad_lines == 0 && later->bad_lines) {
		n->first_bad = n->lines + later->first_bad;
		n->excerpt = later->excerpt;
		n->why = later->why;
	}
	n->lines += later->lines;
	n->bad_lines += later->bad_lines;
}
