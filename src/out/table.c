// SPDX-License-Identifier: GPL-2.0-or-later
/* Tables through libsmartcols and as JSON. */
#include "out/table.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <libsmartcols.h>
#include <stdlib.h>

static bool find_column(const struct table *t, struct slice name, size_t *at)
{
	for (size_t i = 0; i < t->n_columns; i++) {
		if (strlen(t->columns[i].name) == name.len &&
		    strncasecmp(t->columns[i].name, name.p, name.len) == 0) {
			*at = i;
			return true;
		}
	}
	return false;
}

static int add_column(struct table_choice *c, size_t *cap, size_t column)
{
	if (vec_grow(&c->columns, cap, c->n_columns, sizeof(*c->columns)))
		return -ENOMEM;
	c->columns[c->n_columns++] = column;
	return 0;
}

static int add_columns(const struct table *t, struct table_choice *c, size_t *cap, bool all)
{
	for (size_t i = 0; i < t->n_columns; i++) {
		if ((all || t->columns[i].shown) && add_column(c, cap, i))
			return -ENOMEM;
	}
	return 0;
}

static int choose_columns(const struct table *t, const char *list, struct table_choice *c,
			  struct slice *bad)
{
	size_t cap = 0;

	if (list && strcmp(list, "all") == 0)
		return add_columns(t, c, &cap, true);
	if ((!list || *list == '+') && add_columns(t, c, &cap, false))
		return -ENOMEM;
	if (!list)
		return 0;
	for (const char *p = *list == '+' ? list + 1 : list;; p++) {
		struct slice name = { p, strcspn(p, ",") };
		size_t at;

		if (!find_column(t, name, &at)) {
			*bad = name;
			return -EINVAL;
		}
		if (add_column(c, &cap, at))
			return -ENOMEM;
		p += name.len;
		if (*p == '\0')
			return 0;
	}
}

struct sort_key {
	struct table_cell cell;
	enum table_type type;
	bool reverse;
	size_t row;
};

/* Unknown values come last whatever the direction; equal rows keep their order. */
static int by_key(const void *pa, const void *pb)
{
	const struct sort_key *a = pa, *b = pb;
	int c = 0;

	if (a->cell.known != b->cell.known)
		return a->cell.known ? -1 : 1;
	if (a->cell.known && a->type == TABLE_TEXT)
		c = strcmp(a->cell.text, b->cell.text);
	else if (a->cell.known && a->cell.number != b->cell.number)
		c = a->cell.number > b->cell.number ? -1 : 1;
	if (a->reverse)
		c = -c;
	return c ? c : (a->row < b->row ? -1 : a->row > b->row);
}

static int order_rows(const struct table *t, const char *sort, struct table_choice *c,
		      struct slice *bad)
{
	bool reverse = sort && *sort == '-';
	auto_free struct sort_key *keys = NULL;
	size_t column = 0;

	c->rows = calloc(t->n_rows + 1, sizeof(*c->rows));
	keys = calloc(t->n_rows + 1, sizeof(*keys));
	if (!c->rows || !keys)
		return -ENOMEM;
	if (sort) {
		struct slice name = slice_of(sort + (reverse ? 1 : 0));

		if (!find_column(t, name, &column)) {
			*bad = name;
			return -EINVAL;
		}
	}
	for (size_t i = 0; i < t->n_rows; i++) {
		keys[i].row = i;
		keys[i].type = t->columns[column].type;
		keys[i].reverse = reverse;
		if (sort)
			keys[i].cell = t->cell(t->data, i, column);
	}
	if (sort)
		qsort(keys, t->n_rows, sizeof(*keys), by_key);
	for (size_t i = 0; i < t->n_rows; i++)
		c->rows[i] = keys[i].row;
	c->n_rows = t->n_rows;
	return 0;
}

int table_choose(const struct table *t, const char *columns, const char *sort, size_t limit,
		 struct table_choice *choice, struct slice *bad)
{
	struct table_choice c = { .by_name = columns != NULL };
	int err;

	err = choose_columns(t, columns, &c, bad);
	if (!err)
		err = order_rows(t, sort, &c, bad);
	if (err) {
		table_choice_done(&c);
		return err;
	}
	if (limit && c.n_rows > limit)
		c.n_rows = limit;
	*choice = c;
	return 0;
}

void table_choice_done(struct table_choice *choice)
{
	free(choice->columns);
	free(choice->rows);
	memset(choice, 0, sizeof(*choice));
}

static void print_cell(const struct text_style *st, enum table_type type, bool raw,
		       const struct table_cell *cell, struct strbuf *sb)
{
	struct text_style exact = *st;
	char buf[SIZE_TEXT_MAX];

	sb_reset(sb);
	if (!cell->known) {
		sb_addch(sb, '-');
		return;
	}
	exact.bytes |= raw;
	switch (type) {
	case TABLE_TEXT:
		/* libsmartcols escapes what must not reach a terminal. */
		sb_addstr(sb, *cell->text ? cell->text : "-");
		break;
	case TABLE_COUNT:
		sb_printf(sb, "%" PRIu64, cell->number);
		break;
	case TABLE_BYTES:
		sb_addstr(sb, size_text(&exact, opt_u64(cell->number), buf));
		break;
	case TABLE_MILLI:
		if (raw)
			sb_printf(sb, "%" PRIu64 ".%" PRIu64, cell->number / 10, cell->number % 10);
		else
			sb_addstr(sb, percent_text(cell->number, buf));
		break;
	case TABLE_BOOL:
		sb_addstr(sb, cell->number ? "yes" : "no");
		break;
	}
}

/* As util-linux does: what was asked for by name goes whole into a pipe or a file. */
static bool may_cut(const struct table_choice *choice, const struct text_style *st)
{
	return st->terminal || !choice->by_name;
}

static int add_headings(struct libscols_table *sc, const struct table *t, const struct table_choice *choice, bool cut)
{
	for (size_t i = 0; i < choice->n_columns; i++) {
		const struct table_column *col = &t->columns[choice->columns[i]];
		char heading[32];
		size_t len = strlen(col->name);
		bool text = col->type == TABLE_TEXT || col->type == TABLE_BOOL;

		if (len >= sizeof(heading))
			len = sizeof(heading) - 1;
		for (size_t j = 0; j < len; j++)
			heading[j] = (char)toupper((unsigned char)col->name[j]);
		heading[len] = '\0';
		/* Only text may be cut, and the last column takes what is left. */
		if (!scols_table_new_column(sc, heading, 0, !text ? SCOLS_FL_RIGHT : cut ? SCOLS_FL_TRUNC : 0))
			return -ENOMEM;
	}
	return 0;
}

static int add_rows(struct libscols_table *sc, const struct table *t,
		    const struct table_choice *choice, const struct text_style *st)
{
	auto_strbuf struct strbuf sb = STRBUF_INIT;

	for (size_t r = 0; r < choice->n_rows; r++) {
		struct libscols_line *line = scols_table_new_line(sc, NULL);

		if (!line)
			return -ENOMEM;
		for (size_t i = 0; i < choice->n_columns; i++) {
			size_t column = choice->columns[i];
			struct table_cell cell = t->cell(t->data, choice->rows[r], column);

			print_cell(st, t->columns[column].type, choice->raw, &cell, &sb);
			if (sb.failed || scols_line_set_data(line, i, sb_str(&sb)))
				return -ENOMEM;
		}
	}
	return 0;
}

int table_print(FILE *f, const struct table *t, const struct table_choice *choice,
		const struct text_style *st)
{
	struct libscols_table *sc = scols_new_table();
	bool cut = may_cut(choice, st);
	int err;

	if (!sc)
		return -ENOMEM;
	scols_table_set_stream(sc, f);
	scols_table_enable_raw(sc, choice->raw);
	scols_table_enable_colors(sc, st->color);
	scols_table_enable_maxout(sc, false);
	scols_table_set_termforce(sc, choice->raw || !cut ? SCOLS_TERMFORCE_NEVER : SCOLS_TERMFORCE_ALWAYS);
	scols_table_set_termwidth(sc, st->width);
	err = add_headings(sc, t, choice, cut);
	if (!err)
		err = add_rows(sc, t, choice, st);
	if (!err && scols_print_table(sc))
		err = -EIO;
	scols_unref_table(sc);
	return err;
}

static void cell_json(struct jsonw *jw, const struct table_column *col, const struct table_cell *cell)
{
	if (!cell->known) {
		jw_null(jw, col->json);
		return;
	}
	switch (col->type) {
	case TABLE_TEXT:
		jw_str(jw, col->json, cell->text);
		break;
	case TABLE_COUNT:
	case TABLE_BYTES:
		jw_u64(jw, col->json, cell->number);
		break;
	case TABLE_MILLI:
		jw_milli(jw, col->json, (int64_t)cell->number);
		break;
	case TABLE_BOOL:
		jw_bool(jw, col->json, cell->number != 0);
		break;
	}
}

void table_json(struct jsonw *jw, const char *name, const struct table *t,
		const struct table_choice *choice)
{
	jw_array(jw, name);
	for (size_t r = 0; r < choice->n_rows; r++) {
		jw_object(jw, NULL);
		for (size_t i = 0; i < t->n_columns; i++) {
			struct table_cell cell;

			if (!t->columns[i].json)
				continue;
			cell = t->cell(t->data, choice->rows[r], i);
			cell_json(jw, &t->columns[i], &cell);
		}
		if (t->more_json)
			t->more_json(jw, t->data, choice->rows[r]);
		jw_end_object(jw);
	}
	jw_end_array(jw);
}

void table_list_columns(FILE *f, const struct table *t)
{
	for (size_t i = 0; i < t->n_columns; i++)
		fprintf(f, "%-14s %c %s\n", t->columns[i].name, t->columns[i].shown ? '*' : ' ',
			t->columns[i].help);
	fputs("* shown by default\n", f);
}
