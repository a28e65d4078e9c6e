// SPDX-License-Identifier: GPL-2.0-or-later
/* memtool report: one self-contained HTML page. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/film.h"
#include "cmd/output.h"
#include "cmd/run_gnuplot.h"
#include "cmd/verdicts.h"
#include "out/html.h"

enum { OPT_NO_PLOTS = CMD_OPT(0) };

static const struct cmd_option options[] = {
	{ OPT_NO_PLOTS, "no-plots", NULL, "leave the pictures out", NULL },
	{ 0, NULL, NULL, NULL, NULL },
};

/* The picture of one kind as text; NULL if there is none. */
static char *draw(const struct film *f, enum plot_kind k, int *err, struct strbuf *why)
{
	struct plot_opts o = { .terminal = PLOT_SVG, .kinds = 1U << k, .width = 1000, .height = 360 };
	auto_free char *script = NULL;
	auto_fclose FILE *picture = NULL;
	FILE *mem;
	char *svg = NULL;
	size_t len = 0;
	long size;

	if (!plot_has(k, f->history, f->held.ends.b))
		return NULL;
	mem = open_memstream(&script, &len);
	if (!mem)
		return NULL;
	plot_write(mem, &o, f->history, f->held.ends.b);
	if (fclose(mem) || !(picture = tmpfile()))
		return NULL;
	*err = gnuplot_run((struct slice){ script, len }, picture, why);
	if (*err || fflush(picture) || ferror(picture) || fseek(picture, 0, SEEK_END) || (size = ftell(picture)) <= 0)
		return NULL;
	svg = calloc(1, (size_t)size + 1);
	rewind(picture);
	if (svg && fread(svg, 1, (size_t)size, picture) != (size_t)size) {
		free(svg);
		svg = NULL;
	}
	return svg;
}

static void draw_all(const struct cmd_line *line, const struct film *f, struct html_report *r, char *svg[PLOT_KINDS])
{
	auto_strbuf struct strbuf why = STRBUF_INIT;
	int err = gnuplot_is_there() ? 0 : -ENOENT;

	for (unsigned int k = 0; k < PLOT_KINDS && err == 0; k++)
		r->svg[k] = svg[k] = draw(f, k, &err, &why);
	if (err == -EIO)
		cmd_warn(line, "gnuplot: %s", why.len ? sb_str(&why) : "it failed");
	if (err == -ENOENT)
		r->no_pictures = "No pictures: gnuplot is not installed where this report was made.";
}

static int write_out(struct cmd_line *line, const struct html_report *r)
{
	struct outfile out;
	int status = cmd_output_open(line, &out);

	if (status)
		return status;
	if (html_report(out.f, r))
		status = cmd_error(EXIT_CANNOT, "out of memory");
	return cmd_output_close(line, &out, status);
}

static int report(struct cmd_line *line, const struct film *f, bool plots)
{
	struct html_report r = { .d = f->diff, .fs = f->findings, .samples = f->judged };
	char *svg[PLOT_KINDS] = { NULL };
	struct verdicts v;
	int status;

	if (verdicts_make(&v, f->held.ends.b)) {
		verdicts_done(&v);
		return cmd_error(EXIT_CANNOT, "out of memory");
	}
	if (v.known) {
		r.mm = &v.mm;
		r.requests = &v.table;
	}
	if (plots)
		draw_all(line, f, &r, svg);
	status = write_out(line, &r);
	for (unsigned int k = 0; k < PLOT_KINDS; k++)
		free(svg[k]);
	verdicts_done(&v);
	return status;
}

static int run(struct cmd_line *line)
{
	struct film f = { 0 };
	bool plots = true;
	int opt, status;

	while ((opt = cmd_next_option(line)) >= 0)
		plots = false;
	if (opt == CMD_STOP)
		return line->status;
	if (line->n_args > 1 || (line->n_args && line->global->from))
		return cmd_usage(line, "one file is enough, not also '%s'", line->args[line->n_args - 1]);
	if (line->global->json)
		return cmd_usage(line, "a report is HTML; memtool diff --json and snapshot --json have the data");
	status = film_of_line(&f, line);
	if (status == EXIT_DONE)
		status = report(line, &f, plots);
	film_done(&f);
	return status;
}

const struct cmd cmd_report = {
	.name = "report",
	.summary = "one self-contained HTML page",
	.args = "[FILE]",
	.arg_values = "FILE",
	.description = "Writes one HTML page on a snapshot or a recording: findings, verdicts on common requests,\n"
		       "pictures (where gnuplot is installed), tables that sort. It needs no network, and no script\n"
		       "to be read.",
	.options = options,
	.run = run,
};
