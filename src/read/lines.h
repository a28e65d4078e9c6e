/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the readers of line-wise files share: walking the lines, the row
 * beginning "Node N, zone NAME", and rows of counts.
 *
 * Parsers of a line return NULL, or a static text that says what is wrong.
 */
#ifndef READ_LINES_H
#define READ_LINES_H

#include "base/str.h"
#include "read/notes.h"

struct lines {
	struct slice rest, line;
	bool complete;	 /* the line ended in a newline: if not, its end may be cut off */
	uint64_t number; /* of the line, from 1 */
};

bool lines_next(struct lines *l);

/*
 * What a line of a file is handed to: @parser is the reader's own. Leaves
 * *@why NULL, or says there why the line was of no use. Returns 0 or a
 * negative errno, which ends the walk.
 */
typedef int lines_parse_fn(void *parser, const char **why);

/* Hand each line of @l that is not blank to @parse, and note in @notes those of no use. */
int lines_each(struct lines *l, lines_parse_fn *parse, void *parser, struct arena *arena,
	       struct read_notes *notes);

/* A page has an address of 64 bits at most, so no buddy order reaches this. */
#define LINES_ORDERS_MAX 64

struct counts {
	uint64_t v[LINES_ORDERS_MAX];
	unsigned int n;
};

/* Take "Node N, zone NAME" and the comma after it, if there is one, off @s. */
const char *lines_zone(struct slice *s, int *node, struct slice *zone);
/* All of @s as decimal counts, at least one. */
const char *lines_counts(struct slice s, struct counts *out);
/*
 * A row of counts ends in a blank in the kernel's files. Without its newline
 * it is whole only if that blank and all @expected columns are there
 * (0: not known, so it cannot be told).
 */
bool lines_row_whole(const struct lines *l, unsigned int n, unsigned int expected);
/* A name of the kernel's: visible ASCII, no blanks, at most 127 bytes. */
bool lines_name_ok(struct slice name);
bool lines_blank(struct slice line);

#endif
