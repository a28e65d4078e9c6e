/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the commands that show a table share: options, rows, output. */
#ifndef CMD_VIEW_H
#define CMD_VIEW_H

#include "base/outfile.h"
#include "cmd/cmd.h"
#include "host/source.h"
#include "out/table.h"
#include "snap/snapshot.h"

enum {
	VIEW_COLUMNS = CMD_OPT(100),
	VIEW_SORT,
	VIEW_TOP,
	VIEW_RAW,
};

/* For a command's table of options; @names are those of its columns ("name|bytes"), a literal. */
#define VIEW_OPTIONS(names)                                                                       \
	{ VIEW_COLUMNS, "columns", "LIST",                                                        \
	  "columns to show; +LIST adds to the default, all, or help to list them", names "|all|help" }, \
	{ VIEW_SORT, "sort", "COLUMN", "sort by COLUMN, largest first; -COLUMN reverses", names }, \
	{ VIEW_TOP, "top", "N", "show N rows, 0 all (default 20)", NULL },                        \
	{ VIEW_RAW, "raw", NULL, "all rows, exact numbers, no alignment: for scripts", NULL }

struct view_opts {
	const char *columns, *sort;
	int top;
	bool raw;
};

#define VIEW_OPTS_INIT ((struct view_opts){ NULL, NULL, -1, false })

/* Take an option of VIEW_OPTIONS. 0, or an exit status when it is wrong and reported. */
int view_take_option(struct cmd_line *line, int opt, struct view_opts *v);
/*
 * @sources, and for a tree those of which the page size of its machine is
 * found, which a running kernel tells by itself.
 */
uint64_t view_sources(const struct cmd_line *line, uint64_t sources);
/* Rows and columns by the options; @sort where none was given. An exit status. */
int view_choose(struct cmd_line *line, const struct view_opts *v, const struct table *t,
		const char *sort, struct table_choice *choice);

/* Say why the source @name is not there: one line. Returns EXIT_CANNOT. */
int view_missing(const struct snapshot *s, const char *name, const char *what);

/* Remark on standard error if lines of the source @name could not be used. */
void view_warn_bad_lines(const struct cmd_line *line, const struct snapshot *s, const char *name);

#endif
