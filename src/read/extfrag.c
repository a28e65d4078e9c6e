// SPDX-License-Identifier: GPL-2.0-or-later
/* Reader of debugfs extfrag files: mm/vmstat.c:extfrag_show_print, unusable_show_print. */
#include "read/extfrag.h"

#include <errno.h>

#include "base/num.h"
#include "read/lines.h"
#include "read/nameset.h"

#define WHOLE_MAX 1000000

struct parser {
	struct arena *arena;
	struct lines lines;
	struct nameset seen;
	struct extfrag_row *rows;
	size_t n, cap;
};

/*
 * The kernel prints "%d.%03d" of index / 1000 and index % 1000, both with the
 * sign of the index: -500 is "0.-500", -5 is "0.-05", -1000 is "-1.000".
 */
static bool parse_milli(struct slice word, int64_t *milli)
{
	const char *dot = memchr(word.p, '.', word.len);
	size_t whole_len = dot ? (size_t)(dot - word.p) : 0, frac_len;
	bool whole_negative = word.p[0] == '-', frac_negative;
	int64_t whole, frac;

	if (!dot || num_i64(word.p, whole_len, &whole) != 0 || whole > WHOLE_MAX ||
	    whole < -WHOLE_MAX || (whole_negative && whole == 0))
		return false;
	frac_len = word.len - whole_len - 1;
	if (frac_len < 3 || frac_len > 4 || num_i64(dot + 1, frac_len, &frac) != 0)
		return false;
	frac_negative = dot[1] == '-';
	if ((frac_len == 4 && !frac_negative) || (frac_negative && (frac == 0 || whole > 0)) ||
	    (whole_negative && frac > 0) || (frac_negative && frac_len == 4 && frac > -100))
		return false;
	*milli = whole * 1000 + frac;
	return true;
}

/* What is wrong with the row, or NULL and its figures. */
static const char *parse_figures(struct slice rest, int64_t *milli, unsigned int *n)
{
	struct slice word;

	for (*n = 0; slice_word(&rest, &word); (*n)++) {
		if (*n == LINES_ORDERS_MAX)
			return "more columns than there can be orders";
		if (!parse_milli(word, &milli[*n]))
			return "not an index";
	}
	return *n ? NULL : "no figures";
}

static int parse_row(void *parser, const char **why)
{
	struct parser *p = parser;
	struct slice rest = p->lines.line, zone;
	unsigned int expected = p->n ? p->rows[0].n_orders : 0;
	struct extfrag_row row = { 0 };
	int64_t milli[LINES_ORDERS_MAX];
	size_t index = p->n;
	int r;

	*why = lines_zone(&rest, &row.node, &zone);
	if (!*why)
		*why = parse_figures(rest, milli, &row.n_orders);
	if (!*why && !lines_row_whole(&p->lines, row.n_orders, expected))
		*why = "cut off";
	if (!*why && expected && row.n_orders != expected)
		*why = "number of orders differs from the first row";
	if (*why)
		return 0;
	r = nameset_add(&p->seen, (uint64_t)row.node, zone, &index);
	if (r > 0)
		*why = "this zone was given before";
	if (r != 0)
		return r < 0 ? r : 0;
	row.zone = arena_strndup(p->arena, zone.p, zone.len);
	row.milli = arena_memdup(p->arena, milli, row.n_orders * sizeof(*milli));
	if (!row.zone || !row.milli || vec_grow(&p->rows, &p->cap, p->n, sizeof(row)) != 0)
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

int read_extfrag(struct arena *arena, struct slice text, struct extfrag *out,
		 struct read_notes *notes)
{
	struct parser p = { .arena = arena, .lines.rest = text };
	int r;

	*out = (struct extfrag){ 0 };
	*notes = (struct read_notes){ 0 };
	r = parse(&p, notes);
	if (r == 0 && p.n) {
		out->rows = arena_memdup(arena, p.rows, p.n * sizeof(*p.rows));
		out->n_rows = out->rows ? p.n : 0;
		r = out->rows ? 0 : -ENOMEM;
	}
	nameset_done(&p.seen);
	free(p.rows);
	return r;
}
