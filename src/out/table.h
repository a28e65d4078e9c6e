/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tables: columns are data (name, JSON member, unit, type, help), cells come
 * from a finished model. Text goes through libsmartcols, JSON through our
 * writer, which knows big integers and bad UTF-8.
 */
#ifndef OUT_TABLE_H
#define OUT_TABLE_H

#include "base/jsonw.h"
#include "out/style.h"

enum table_type {
	TABLE_TEXT,
	TABLE_COUNT,
	TABLE_BYTES,
	TABLE_MILLI, /* thousandths: percent in text, a fraction in JSON */
	TABLE_BOOL,
};

struct table_column {
	const char *name; /* what --columns takes; upper case is the heading */
	const char *json; /* member name; NULL: not a column of the JSON */
	enum table_type type;
	bool shown; /* in the default text */
	const char *help;
};

/* A value. Unknown is "-" in text, null in JSON. */
struct table_cell {
	bool known;
	uint64_t number;   /* also TABLE_BOOL: 0 or 1 */
	const char *text;  /* TABLE_TEXT */
};

static inline struct table_cell cell_number(uint64_t v)
{
	return (struct table_cell){ .known = true, .number = v };
}

static inline struct table_cell cell_opt(struct opt_u64 v)
{
	return (struct table_cell){ .known = v.known, .number = v.v };
}

/* NULL is unknown. */
static inline struct table_cell cell_text(const char *text)
{
	return (struct table_cell){ .known = text != NULL, .text = text };
}

struct table {
	const struct table_column *columns;
	size_t n_columns;
	size_t n_rows;
	/* The value of @column in @row. */
	struct table_cell (*cell)(const void *data, size_t row, size_t column);
	const void *data;
	/* More members for a row's JSON object, such as arrays; NULL if there are none. */
	void (*more_json)(struct jsonw *jw, const void *data, size_t row);
};

/* What the user chose of a table. */
struct table_choice {
	size_t *columns; /* indices in the order to show; free with table_choice_done */
	size_t n_columns;
	size_t *rows; /* indices in the order to show, at most limit of them */
	size_t n_rows;
	bool by_name; /* the user named the columns */
	bool raw; /* no alignment, no headings' decoration, exact numbers */
};

/*
 * @columns: names with commas, "+" in front adds to the default, "all"; NULL is
 * the default. @sort: a column, "-" in front reverses; numbers come largest
 * first, text smallest first; NULL keeps the order of rows. @limit: how many
 * rows, 0 all. 0, -ENOMEM, or -EINVAL and the name that is no column in @bad.
 */
int table_choose(const struct table *t, const char *columns, const char *sort, size_t limit,
		 struct table_choice *choice, struct slice *bad);
void table_choice_done(struct table_choice *choice);

/* 0 or negative errno. */
int table_print(FILE *f, const struct table *t, const struct table_choice *choice,
		const struct text_style *st);
/* An array of objects: every column, the chosen rows. */
void table_json(struct jsonw *jw, const char *name, const struct table *t,
		const struct table_choice *choice);
/* The columns and what they mean, for --columns help. */
void table_list_columns(FILE *f, const struct table *t);

#endif
