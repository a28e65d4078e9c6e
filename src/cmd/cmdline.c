// SPDX-License-Identifier: GPL-2.0-or-later
/* Options of a command: its own table and the global one through getopt_long. */
#include <errno.h>
#include <getopt.h>
#include <locale.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "base/num.h"
#include "base/outfile.h"
#include "base/str.h"
#include "cmd/cmd.h"
#include "cmd/timeline.h"
#include "out/screen.h"
#include "snap/recording.h"

enum {
	OPT_COLOR = CMD_OPT(900),
	OPT_BYTES,
	OPT_AT,
};

const struct cmd_option cmd_global_options[] = {
	{ 's', "sysroot", "DIR", "read DIR/proc, DIR/sys, DIR/boot instead of this machine", "DIR" },
	{ 'f', "from", "FILE", "read a snapshot or recording; - is standard input", "FILE" },
	{ OPT_AT, "at", "TIME", "the moment in that file: a time, +2h after its start, -10m before its end", NULL },
	{ 'J', "json", NULL, "print JSON", NULL },
	{ 'o', "output", "FILE", "write to FILE, whole or not at all", "FILE" },
	{ 'v', "verbose", NULL, "say more; repeat for still more", NULL },
	{ 'q', "quiet", NULL, "no remarks on standard error", NULL },
	{ OPT_COLOR, "color", "WHEN", "auto, always or never", "auto|always|never" },
	{ OPT_BYTES, "bytes", NULL, "print sizes in bytes", NULL },
	{ 'h', "help", NULL, "print this help", NULL },
	{ 'V', "version", NULL, "print the version", NULL },
	{ 0, NULL, NULL, NULL, NULL },
};

static size_t count_options(const struct cmd_option *o)
{
	size_t n = 0;

	while (o && o[n].name)
		n++;
	return n;
}

static void add_options(const struct cmd_option *table, struct option *l, char *s)
{
	size_t at = 0, n = count_options(table);

	for (size_t i = 0; i < n; i++) {
		l[i].name = table[i].name;
		l[i].has_arg = table[i].arg ? required_argument : no_argument;
		l[i].val = table[i].id;
		if (table[i].id < CMD_OPT(0)) {
			s[at++] = (char)table[i].id;
			if (table[i].arg)
				s[at++] = ':';
		}
	}
	s[at] = '\0';
}

static int prepare(struct cmd_line *line)
{
	size_t own = count_options(line->cmd->options);
	size_t global = count_options(cmd_global_options);

	line->longopts = calloc(own + global + 1, sizeof(*line->longopts));
	line->shortopts = calloc(2 * (own + global) + 2, 1);
	if (!line->longopts || !line->shortopts)
		return -ENOMEM;
	line->shortopts[0] = ':';
	add_options(line->cmd->options, line->longopts, line->shortopts + 1);
	add_options(cmd_global_options, line->longopts + own,
		    line->shortopts + strlen(line->shortopts));
	optind = 0;
	opterr = 0;
	return 0;
}

static int stop(struct cmd_line *line, int status)
{
	line->status = status;
	return CMD_STOP;
}

/* @opt if it is not one of the global options. */
static int take_global(struct cmd_line *line, int opt)
{
	struct global_opts *g = line->global;

	switch (opt) {
	case 's':
		g->sysroot = optarg;
		return 0;
	case 'f':
		g->from = optarg;
		return 0;
	case OPT_AT:
		if (g->n_at == (int)ARRAY_SIZE(g->at))
			return stop(line, cmd_usage(line, "--at is given more than twice"));
		if (!timeline_moment_is_valid(optarg))
			return stop(line, cmd_usage(line, "--at takes a time such as 2026-01-31T12:00:00Z, "
							  "@SECONDS, +2h, -10m, first or last, not '%s'",
						    optarg));
		g->at[g->n_at++] = optarg;
		return 0;
	case 'J':
		g->json = true;
		return 0;
	case 'o':
		g->output = optarg;
		return 0;
	case 'v':
		g->verbose++;
		return 0;
	case 'q':
		g->quiet = true;
		return 0;
	case OPT_BYTES:
		g->bytes = true;
		return 0;
	case OPT_COLOR:
		if (strcmp(optarg, "auto") == 0)
			g->color = COLOR_AUTO;
		else if (strcmp(optarg, "always") == 0)
			g->color = COLOR_ALWAYS;
		else if (strcmp(optarg, "never") == 0)
			g->color = COLOR_NEVER;
		else
			return stop(line, cmd_usage(line, "--color takes auto, always or never, not '%s'",
						    optarg));
		return 0;
	case 'h':
		cmd_print_help(stdout, line->cmd);
		return stop(line, EXIT_DONE);
	default:
		return opt;
	}
}

/* The option without an argument of its own that getopt_long found in @word, "--NAME=VALUE"; NULL. */
static const char *given_a_value(const struct cmd_line *line, const char *word)
{
	if (strncmp(word, "--", 2) != 0 || !strchr(word, '='))
		return NULL;
	for (const struct option *o = line->longopts; optopt && o->name; o++) {
		if (o->val == optopt && o->has_arg == no_argument)
			return o->name;
	}
	return NULL;
}

/* argv[optind - 1] is not the culprit when short options are bundled. */
static int report_mistake(struct cmd_line *line, int opt)
{
	const char *word = optind > 0 && optind <= line->argc ? line->argv[optind - 1] : "";

	if (opt == ':') {
		if (strncmp(word, "--", 2) == 0)
			return cmd_usage(line, "option '%s' needs an argument", word);
		return cmd_usage(line, "option '-%c' needs an argument", optopt);
	}
	if (given_a_value(line, word))
		return cmd_usage(line, "--%s takes no value, as in '%s'", given_a_value(line, word), word);
	if (optopt && optopt < CMD_OPT(0))
		return cmd_usage(line, "unknown option '-%c'", optopt);
	return cmd_usage(line, "unknown option '%s'", word);
}

int cmd_next_option(struct cmd_line *line)
{
	int opt;

	if (!line->longopts && prepare(line))
		return stop(line, cmd_error(EXIT_CANNOT, "out of memory"));
	for (;;) {
		opt = getopt_long(line->argc, line->argv, line->shortopts, line->longopts, NULL);
		if (opt == -1)
			break;
		if (opt == '?' || opt == ':')
			return stop(line, report_mistake(line, opt));
		line->optarg = optarg;
		if (opt == 'V' || (opt = take_global(line, opt)) == CMD_STOP) {
			if (opt == 'V') {
				cmd_print_version(stdout);
				return stop(line, EXIT_DONE);
			}
			return CMD_STOP;
		}
		if (opt)
			return opt;
	}
	/* Only text asks how wide characters are, and to load the locale is a tenth of start-up. */
	if (!line->global->json)
		setlocale(LC_CTYPE, "");
	line->args = line->argv + optind;
	line->n_args = line->argc - optind;
	if (line->n_args > 0 && line->cmd->args[0] == '\0')
		return stop(line, cmd_usage(line, "unexpected argument '%s'", line->args[0]));
	return CMD_END;
}

__attribute__((format(printf, 2, 0))) static void message(const char *hint, const char *fmt,
							 va_list ap)
{
	auto_strbuf struct strbuf quoted = STRBUF_INIT;
	auto_free char *text = NULL;

	/* A name from a file or the command line must not steer the terminal, or fill it. */
	if (vasprintf(&text, fmt, ap) < 0)
		text = NULL;
	sb_add_quoted(&quoted, slice_of(text ? text : "out of memory"), 2000);
	fflush(stdout);
	fprintf(stderr, MEMTOOL_NAME ": %s%s\n", sb_str(&quoted), hint);
}

int cmd_error(int status, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	message("", fmt, ap);
	va_end(ap);
	return status;
}

int cmd_usage(const struct cmd_line *line, const char *fmt, ...)
{
	char hint[100];
	va_list ap;

	snprintf(hint, sizeof(hint), " (see " MEMTOOL_NAME " %s --help)", line->cmd->name);
	va_start(ap, fmt);
	message(hint, fmt, ap);
	va_end(ap);
	return EXIT_USAGE;
}

void cmd_warn(const struct cmd_line *line, const char *fmt, ...)
{
	va_list ap;

	if (line->global->quiet)
		return;
	va_start(ap, fmt);
	message("", fmt, ap);
	va_end(ap);
}

int cmd_flush_stdout(void)
{
	int ret = stream_flush(stdout);

	if (ret == 0)
		return EXIT_DONE;
	return ret == -EPIPE ? EXIT_NO_READER
			     : cmd_error(EXIT_CANNOT, "standard output: %s", strerror(-ret));
}

bool cmd_use_color(const struct cmd_line *line, FILE *f)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	if (line->global->color != COLOR_AUTO)
		return line->global->color == COLOR_ALWAYS;
	if (no_color && *no_color)
		return false;
	return isatty(fileno(f)) && term && strcmp(term, "dumb") != 0;
}

unsigned int cmd_width(FILE *f)
{
	const char *env = getenv("COLUMNS");
	struct winsize ws;
	int width;

	if (env && num_int(env, 20, 10000, &width) == 0)
		return (unsigned int)width;
	if (ioctl(fileno(f), TIOCGWINSZ, &ws) == 0 && ws.ws_col >= 20)
		return ws.ws_col;
	return 80;
}

/*
 * @text broken at blanks before column 80, then a newline; @column: where the
 * first line starts. A single newline in it is a blank, two end a paragraph.
 */
static void print_wrapped(FILE *f, const char *text, size_t column, size_t indent)
{
	while (*text) {
		size_t word = strcspn(text, " \n");

		if (column > indent && column + 1 + word > 79) {
			fprintf(f, "\n%*s", (int)indent, "");
			column = indent;
		} else if (column > indent) {
			putc(' ', f);
			column++;
		}
		fprintf(f, "%.*s", (int)word, text);
		column += word;
		text += word;
		if (strncmp(text, "\n\n", 2) == 0) {
			fprintf(f, "\n\n%*s", (int)indent, "");
			column = indent;
			text++;
		}
		text += *text != '\0';
	}
	putc('\n', f);
}

static void print_options(FILE *f, const struct cmd_option *o)
{
	for (; o && o->name; o++) {
		char left[64];

		snprintf(left, sizeof(left), "%c%c%s --%s%s%s", o->id < CMD_OPT(0) ? '-' : ' ',
			 o->id < CMD_OPT(0) ? o->id : ' ', o->id < CMD_OPT(0) ? "," : " ", o->name,
			 o->arg ? " " : "", o->arg ? o->arg : "");
		if (strlen(left) > 26)
			fprintf(f, "  %s\n%29s", left, "");
		else
			fprintf(f, "  %-26s ", left);
		print_wrapped(f, o->help, 29, 29);
	}
}

void cmd_print_version(FILE *f)
{
	fprintf(f, MEMTOOL_NAME " " MEMTOOL_VERSION " (%csqlite %cncurses)\n",
		recording_supported() ? '+' : '-', screen_supported() ? '+' : '-');
}

void cmd_print_help(FILE *f, const struct cmd *cmd)
{
	fprintf(f, "Usage: " MEMTOOL_NAME " %s [OPTIONS]%s%s\n\n", cmd->name, *cmd->args ? " " : "",
		cmd->args);
	print_wrapped(f, cmd->description, 0, 0);
	if (cmd->options && cmd->options->name) {
		fputs("\nOptions:\n", f);
		print_options(f, cmd->options);
	}
	fputs("\nGlobal options:\n", f);
	print_options(f, cmd_global_options);
	fprintf(f, "\nSee " MEMTOOL_NAME "-%s(1).\n", cmd->name);
}

void cmd_print_program_help(FILE *f, const struct cmd *const *table)
{
	fputs("Usage: " MEMTOOL_NAME " [GLOBAL OPTIONS] COMMAND [OPTIONS] [ARGUMENTS]\n\n"
	      "Says which kernel memory allocation would fail now, and why.\n\nCommands:\n",
	      f);
	for (; *table; table++) {
		fprintf(f, "  %-10s ", (*table)->name);
		print_wrapped(f, (*table)->summary, 13, 13);
	}
	fputs("\nGlobal options:\n", f);
	print_options(f, cmd_global_options);
	fputs("\n" MEMTOOL_NAME " COMMAND --help tells a command's options; see " MEMTOOL_NAME "(1).\n", f);
}

static void list_table(FILE *f, const char *name, const struct cmd_option *o)
{
	for (; o && o->name; o++) {
		char letter[2] = { o->id < CMD_OPT(0) ? (char)o->id : '\0', '\0' };

		fprintf(f, "%s\t--%s\t%s%s\t%s\t%s\t%s\n", name, o->name, *letter ? "-" : "", letter,
			o->arg ? o->arg : "", o->values ? o->values : "", o->help);
	}
}

void cmd_list_options(FILE *f, const struct cmd *const *table)
{
	list_table(f, "", cmd_global_options);
	for (; *table; table++) {
		fprintf(f, "%s\t\t\t%s\t%s\t%s\n", (*table)->name, (*table)->args,
			(*table)->arg_values ? (*table)->arg_values : "", (*table)->summary);
		list_table(f, (*table)->name, (*table)->options);
	}
}
