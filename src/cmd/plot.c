// SPDX-License-Identifier: GPL-2.0-or-later
/* memtool plot: pictures through gnuplot. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/num.h"
#include "cmd/film.h"
#include "cmd/get_snapshot.h"
#include "cmd/output.h"
#include "cmd/run_gnuplot.h"
#include "out/plot.h"

enum { OPT_WHAT = CMD_OPT(0), OPT_TERMINAL, OPT_SIZE, OPT_SCRIPT };

static const struct cmd_option options[] = {
	{ OPT_WHAT, "what", "LIST", "blocks, unusable, pageblocks, memory, caches, vmalloc, stalls, profile, all",
	  "blocks|unusable|pageblocks|memory|caches|vmalloc|stalls|profile|all" },
	{ OPT_TERMINAL, "terminal", "NAME", "svg, png or dumb (text); else by the name of --output", "svg|png|dumb" },
	{ OPT_SIZE, "size", "WxH", "width and height in points, or in characters for dumb", NULL },
	{ OPT_SCRIPT, "script", NULL, "print the gnuplot script, data included, instead of running it", NULL },
	{ 0, NULL, NULL, NULL, NULL },
};

struct args {
	unsigned int kinds;
	int terminal; /* -1: by the output */
	int width, height;
	bool script;
};

static int take_kinds(struct cmd_line *line, unsigned int *kinds)
{
	const char *p = line->optarg;

	for (;;) {
		size_t len = strcspn(p, ",");
		unsigned int k = 0;

		if (len == 3 && memcmp(p, "all", 3) == 0) {
			*kinds |= (1U << PLOT_KINDS) - 1;
		} else {
			while (k < PLOT_KINDS && (strlen(plot_kind_name(k)) != len ||
						  memcmp(plot_kind_name(k), p, len) != 0))
				k++;
			if (k == PLOT_KINDS)
				return cmd_usage(line, "--what: nothing is called '%.*s'", (int)len, p);
			*kinds |= 1U << k;
		}
		if (!p[len])
			return 0;
		p += len + 1;
	}
}

static int take_terminal(struct cmd_line *line, int *terminal)
{
	static const char *const names[] = { "svg", "png", "dumb" };

	for (int i = 0; i < 3; i++) {
		if (strcmp(line->optarg, names[i]) == 0) {
			*terminal = i;
			return 0;
		}
	}
	return cmd_usage(line, "--terminal takes svg, png or dumb, not '%s'", line->optarg);
}

static int take_size(struct cmd_line *line, struct args *a)
{
	const char *x = strchr(line->optarg, 'x');
	char width[16];

	if (x && (size_t)(x - line->optarg) < sizeof(width)) {
		memcpy(width, line->optarg, (size_t)(x - line->optarg));
		width[x - line->optarg] = '\0';
		if (num_int(width, 20, 20000, &a->width) == 0 && num_int(x + 1, 8, 20000, &a->height) == 0)
			return 0;
	}
	return cmd_usage(line, "--size takes WIDTHxHEIGHT, not '%s'", line->optarg);
}

/* By what the name of --output ends in; a name that ends in nothing says nothing. 0, or -EINVAL. */
static int terminal_of_name(const char *output, int *terminal)
{
	static const char *const ends[] = { [PLOT_SVG] = ".svg", [PLOT_PNG] = ".png", [PLOT_DUMB] = ".txt" };
	const char *name = output ? strrchr(output, '/') : NULL, *dot;

	name = name ? name + 1 : output;
	dot = name ? strrchr(name, '.') : NULL;
	if (!dot || dot == name)
		return 0;
	for (int i = 0; i < (int)ARRAY_SIZE(ends); i++) {
		if (strcasecmp(dot, ends[i]) == 0) {
			*terminal = i;
			return 0;
		}
	}
	return -EINVAL;
}

static int parse(struct cmd_line *line, struct args *a)
{
	int opt, ret = 0;

	a->terminal = -1;
	while ((opt = cmd_next_option(line)) >= 0) {
		if (opt == OPT_WHAT)
			ret = take_kinds(line, &a->kinds);
		else if (opt == OPT_TERMINAL)
			ret = take_terminal(line, &a->terminal);
		else if (opt == OPT_SIZE)
			ret = take_size(line, a);
		else
			a->script = true;
		if (ret)
			return ret;
	}
	if (opt == CMD_STOP)
		return line->status;
	if (line->n_args > 1 || (line->n_args && line->global->from))
		return cmd_usage(line, "one file is enough, not also '%s'", line->args[line->n_args - 1]);
	if (a->terminal < 0 && terminal_of_name(line->global->output, &a->terminal) && !a->script)
		return cmd_usage(line, "--output '%s': pictures are .svg, .png or .txt (--terminal says it too)",
				 line->global->output);
	if (line->global->json)
		return cmd_usage(line, "a picture is no JSON; memtool snapshot --json and record --json have the data");
	return -1;
}

static void choose(const struct cmd_line *line, const struct args *a, const struct film *f, FILE *out,
		   struct plot_opts *o)
{
	bool many = plot_spans_time(f->history);
	unsigned int n = 0, rows;

	o->terminal = a->terminal >= 0 ? (enum plot_terminal)a->terminal
		      : !line->global->output && isatty(fileno(out)) ? PLOT_DUMB
								       : PLOT_SVG;
	o->kinds = a->kinds ? a->kinds
		   : !many  ? 1U << PLOT_PROFILE
		   : o->terminal == PLOT_DUMB ? 1U << PLOT_BLOCKS
					      : (1U << PLOT_PROFILE) - 1;
	for (unsigned int k = 0; k < PLOT_KINDS; k++)
		n += (o->kinds & 1U << k) && plot_has(k, f->history, f->held.ends.b);
	rows = n > 2 ? (n + 1) / 2 : n;
	o->width = a->width ? (unsigned int)a->width : o->terminal == PLOT_DUMB ? cmd_width(out) : n > 2 ? 1400 : 800;
	o->height = a->height ? (unsigned int)a->height
		    : o->terminal == PLOT_DUMB ? 24 * (rows ? rows : 1)
					       : 400 * (rows ? rows : 1);
}

static int draw(struct cmd_line *line, const struct args *a, const struct film *f, FILE *out)
{
	auto_strbuf struct strbuf why = STRBUF_INIT;
	auto_free char *script = NULL;
	struct plot_opts o;
	size_t len = 0;
	FILE *mem = open_memstream(&script, &len);
	unsigned int n;
	int ret;

	if (!mem)
		return cmd_error(EXIT_CANNOT, "out of memory");
	choose(line, a, f, out, &o);
	n = plot_write(mem, &o, f->history, f->held.ends.b);
	if (fclose(mem))
		return cmd_error(EXIT_CANNOT, "out of memory");
	if (n == 0)
		return cmd_error(EXIT_CANNOT, "nothing to draw: %s", plot_spans_time(f->history) ? "the samples hold no such numbers"
									      : "it takes samples of more than one moment");
	if (a->script) {
		fwrite(script, 1, len, out);
		return EXIT_DONE;
	}
	ret = gnuplot_run((struct slice){ script, len }, out, &why);
	if (ret == -ENOENT)
		return cmd_error(EXIT_CANNOT, "gnuplot is not installed (install gnuplot-nox, or use --script)");
	if (ret)
		return cmd_error(EXIT_CANNOT, "gnuplot: %s", why.len ? sb_str(&why) : ret == -EIO ? "it failed"
												 : strerror(-ret));
	return EXIT_DONE;
}

static int draw_to_output(struct cmd_line *line, const struct args *a, const struct film *f)
{
	struct outfile out;
	int status = cmd_output_open(line, &out);

	return status ? status : cmd_output_close(line, &out, draw(line, a, f, out.f));
}

static int run(struct cmd_line *line)
{
	struct args a = { 0 };
	struct film f = { 0 };
	int status = parse(line, &a);

	if (status >= 0)
		return status;
	status = film_of_line(&f, line);
	if (status == EXIT_DONE && f.lost)
		cmd_warn(line, "%zu samples are damaged in the file and left out", f.lost);
	if (status == EXIT_DONE)
		status = draw_to_output(line, &a, &f);
	film_done(&f);
	return status;
}

const struct cmd cmd_plot = {
	.name = "plot",
	.summary = "pictures through gnuplot",
	.args = "[FILE]",
	.arg_values = "FILE",
	.description = "Draws a recording over time: free memory by order, unusable index, pageblocks, uses of\n"
		       "memory, slab caches, vmalloc callers, stalls and compaction; or the order profile of one\n"
		       "snapshot. SVG unless --output or --terminal says otherwise; text on a terminal.",
	.options = options,
	.run = run,
};
