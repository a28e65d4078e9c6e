/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a command is: one constant record and one file. The array of records in
 * main.c yields dispatch and help; the option tables yield getopt_long, --help,
 * and (through `memtool --list-options`) the check that man pages and
 * completions keep up.
 */
#ifndef CMD_CMD_H
#define CMD_CMD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/cleanup.h"

enum exit_status {
	EXIT_DONE = 0,
	EXIT_CANNOT = 1,  /* nothing readable, bad file, no such module */
	EXIT_USAGE = 2,	  /* the command line is wrong */
	EXIT_VERDICT = 3, /* explain --exit-code: some request would fail, or likely fail */
	EXIT_NO_READER,	  /* the reader of a pipe has enough: work ends, and main.c makes it EXIT_DONE */
};

enum color_mode { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* Options that mean the same everywhere. */
struct global_opts {
	const char *sysroot; /* NULL: the live machine */
	const char *from;    /* NULL, a file, or "-" */
	const char *at[2];   /* moments in the file, see timeline_get; NULL */
	int n_at;
	const char *output;  /* NULL: standard output */
	bool json, quiet, bytes;
	int verbose;
	enum color_mode color;
};

/* One option of a command. */
struct cmd_option {
	int id;		  /* what cmd_next_option returns: the short letter, or CMD_OPT(n) */
	const char *name; /* long name without dashes */
	const char *arg;  /* name of its argument in help; NULL: takes none */
	const char *help;
	const char *values; /* for completion: words separated by '|', or "FILE", "DIR"; NULL.
			 * An argument named LIST takes several, with commas. */
};

/* Ids of options without a short letter. */
#define CMD_OPT(n) (1000 + (n))

struct cmd_line;

struct cmd {
	const char *name;
	const char *summary;	 /* one line for `memtool --help` */
	const char *args;	 /* usage: what follows the options; "" if nothing may */
	const char *arg_values;	 /* for completion of what follows the options: as cmd_option.values */
	const char *description; /* a few sentences for `memtool COMMAND --help` */
	const struct cmd_option *options; /* ends with name NULL; NULL if there are none */
	int (*run)(struct cmd_line *line); /* returns an enum exit_status */
};

/* State of one command line while it is parsed; made by main.c. */
struct cmd_line {
	const struct cmd *cmd;
	struct global_opts *global;
	int argc;
	char **argv;	    /* argv[0] is the command's name */
	const char *optarg; /* argument of the option just returned */
	char **args;	    /* after CMD_END: what is no option; NULL terminated */
	int n_args;
	int status;	    /* after CMD_STOP: what the command must return */
	struct option *longopts; /* the parser's own */
	char *shortopts;
};

#define CMD_END (-1)
#define CMD_STOP (-2)

/*
 * The next option of the command's own table: its id. CMD_END when all are
 * taken: args and n_args are set. CMD_STOP after --help or a mistake, which is
 * then already reported: return line->status. Options of struct global_opts
 * are taken on the way. Typical use:
 *
 *	while ((opt = cmd_next_option(line)) >= 0)
 *		switch (opt) { ... }
 *	if (opt == CMD_STOP)
 *		return line->status;
 */
int cmd_next_option(struct cmd_line *line);

/* "memtool: " and the message on standard error; returns @status. */
int cmd_error(int status, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Usage mistake: the message and a pointer to --help; returns EXIT_USAGE. */
int cmd_usage(const struct cmd_line *line, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* A remark on standard error unless --quiet. */
void cmd_warn(const struct cmd_line *line, const char *fmt, ...) PRINTF_LIKE(2, 3);
/*
 * What was written so far goes to the reader now. EXIT_DONE, or EXIT_CANNOT
 * after a message, or EXIT_NO_READER without one.
 */
int cmd_flush_stdout(void);

/* Whether to colour output to @f: --color, NO_COLOR, the terminal. */
bool cmd_use_color(const struct cmd_line *line, FILE *f);
/* Columns of the terminal behind @f, 80 if it is none; COLUMNS overrides. */
unsigned int cmd_width(FILE *f);

/* "memtool 0.1.0" and the libraries that commands open on demand, as built in or not. */
void cmd_print_version(FILE *f);

/* Help of the program, of a command, and the option tables for tests and completions. */
void cmd_print_program_help(FILE *f, const struct cmd *const *table);
void cmd_print_help(FILE *f, const struct cmd *cmd);
void cmd_list_options(FILE *f, const struct cmd *const *table);

/* The options of struct global_opts; ends with name NULL. */
extern const struct cmd_option cmd_global_options[];

#endif
