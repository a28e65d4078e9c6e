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
