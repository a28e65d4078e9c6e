// SPDX-License-Identifier: GPL-2.0-or-later
/* Reader of /proc/buddyinfo. */
#include "read/buddyinfo.h"

#include <errno.h>

#include "read/lines.h"
#include "read/nameset.h"

struct parser {
	struct arena *arena;
	struct lines lines;
	struct nameset seen;
	struct buddyinfo_row *rows;
	size_t n, cap;
};

/* One row; *@why says what is wrong with it. 0 or -ENOMEM. */
static int parse_row(void *parser, const char **why)
{
	struct parser *p = parser;
	struct slice rest = p->lines.line, zone;
	unsigned int expected = p->n ? p->rows[0].n_orders : 0;
	struct buddyinfo_row row = { 0 };
	size_t index = p->n;
	struct counts c;
	int r;

	*why = lines_zone(&rest, &row.node, &zone);
	if (!*why)
		*why = lines_counts(rest, &c);
	if (!*why && !lines_row_whole(&p->lines, c.n, expected))
		*why = "cut off";
	if (!*why && expected && c.n != expected)
		*why = "number of orders differs from the first row";
	if (*why)
		return 0;
	r = nameset_add(&p->seen, (uint64_t)row.node, zone, &index);
	if (r > 0)
		*why = "this zone was given before";
	if (r != 0)
		return r < 0 ? r : 0;
	row.zone = arena_strndup(p->arena, zone.p, zone.len);
	row.free_blocks = arena_memdup(p->arena, c.v, c.n * sizeof(*c.v));
	row.n_orders = c.n;
	if (!row.zone || !row.free_blocks || vec_grow(&p->rows, &p->cap, p->n, sizeof(row)) != 0)
		return -ENOMEM;
	p->rows[p->n++] = row;
	return 0;
}

static int parse(struct parser *p, struct read_notes *notes)
{
	int r = lines_each(&p->lines, parse_row, p, p->arena, notes);

	if (r)
		return r;
	return p->n == 0 && notes->bad_lines ? -EINVAL : 0;
}

int read_buddyinfo(struct arena *arena, struct slice text, struct buddyinfo *out,
		   struct read_notes *notes)
{
	struct parser p = { .arena = arena, .lines.rest = text };
	int r;

	*out = (struct buddyinfo){ 0 };
	*notes = (struct read_notes){ 0 };
	r = parse(&p, notes);
	if (r == 0 && p.n) {
		out->rows = arena_memdup(arena, p.rows, p.n * sizeof(*p.rows));
		out->n_rows = p.n;
		if (!out->rows)
			r = -ENOMEM;
	}
	nameset_done(&p.seen);
	free(p.rows);
	return r;
}
