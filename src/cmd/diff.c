// SPDX-License-Identifier: GPL-2.0-or-later
/* memtool diff: what changed between two snapshots, over a recording, or from interval to interval. */
#include <string.h>
#include <sys/ioctl.h>

#include "base/num.h"
#include "base/timefmt.h"
#include "cmd/film.h"
#include "cmd/get_snapshot.h"
#include "cmd/output.h"
#include "cmd/summary.h"
#include "out/diff.h"

enum {
	OPT_AFTER = CMD_OPT(0),
	OPT_FOR,
};

/* Who allocated, where the kernel keeps account of that: read on a running machine where asked for only. */
#define LEAK_SOURCES (SRC_BIT(SRC_KMEMLEAK) | SRC_BIT(SRC_PAGE_OWNER))

static const struct cmd_option options[] = {
	{ 'i', "interval", "TIME", "a row of levels and rates each TIME", NULL },
	{ 'n', "count", "N", "stop after N rows", NULL },
	{ OPT_AFTER, "after", "TIME", "compare now with TIME later (5s when nothing else is given)", NULL },
	{ OPT_FOR, "for", "REQUEST", "over a recording: when will REQUEST ('alloc_pages order=4') run out of"
				     " blocks", NULL },
	{ 0, NULL, NULL, NULL, NULL },
};

struct args {
	uint64_t interval_ns, after_ns, count;
	const char *request_text;
	struct request request;
};

/* ---- the command line ---- */

/* "alloc_pages order=4", "kmalloc 64K". 0 or an exit status. */
static int take_request(struct cmd_line *line, struct args *a)
{
	struct slice rest = slice_of(line->optarg), word;
	const char *why;
	char measure[32];
	enum api api;
	int order;

	a->request_text = line->optarg;
	if (!slice_word(&rest, &word) || !api_from_name(word, &api))
		return cmd_usage(line, "--for: unknown API in '%s'", line->optarg);
	a->request = request_of(api);
	while (slice_word(&rest, &word)) {
		if (word.len >= sizeof(measure))
			return cmd_usage(line, "--for: '%s' is no request", line->optarg);
		memcpy(measure, word.p, word.len);
		measure[word.len] = '\0';
		if (strncmp(measure, "order=", 6) == 0 && num_int(measure + 6, 0, 63, &order) == 0)
			a->request.order = order;
		else if (num_size(measure, &a->request.size.v) == 0)
			a->request.size.known = true;
		else
			return cmd_usage(line, "--for: '%s' is neither a size nor order=N", measure);
	}
	if (request_check(&a->request, &why))
		return cmd_usage(line, "--for: %s", why);
	return 0;
}

static int take_time(struct cmd_line *line, const char *name, uint64_t *ns)
{
	if (num_span_ns(line->optarg, ns) || *ns < 10000000 || *ns > UINT64_C(86400) * 1000000000)
		return cmd_usage(line, "--%s takes a time such as 2 or 5m, not '%s'", name, line->optarg);
	return 0;
}

static int parse(struct cmd_line *line, struct args *a)
{
	int opt, ret = 0;

	while ((opt = cmd_next_option(line)) >= 0) {
		if (opt == 'i')
			ret = take_time(line, "interval", &a->interval_ns);
		else if (opt == OPT_AFTER)
			ret = take_time(line, "after", &a->after_ns);
		else if (opt == OPT_FOR)
			ret = take_request(line, a);
		else if (num_u64(line->optarg, strlen(line->optarg), &a->count) || a->count == 0)
			ret = cmd_usage(line, "--count takes a number of rows, not '%s'", line->optarg);
		if (ret)
			return ret;
	}
	if (opt == CMD_STOP)
		return line->status;
	if (line->n_args > 2)
		return cmd_usage(line, "two files at most, not also '%s'", line->args[2]);
	if (line->global->from && line->n_args > 1)
		return cmd_usage(line, "--from and two files exclude each other");
	if (line->global->n_at && !line->global->from && line->n_args == 0)
		return cmd_usage(line, "--at needs a file");
	if ((a->interval_ns || a->after_ns) && (line->global->from || line->n_args))
		return cmd_usage(line, "--interval and --after are for the running machine, not for files");
	if (a->count && !a->interval_ns)
		return cmd_usage(line, "--count needs --interval");
	return -1;
}

/* ---- output of one difference ---- */

static int forecast(struct film *f, const struct args *a)
{
	if (!a->request_text)
		return EXIT_DONE;
	if (a->request.api == API_CMA_ALLOC)
		return cmd_error(EXIT_USAGE, "--for: cma_alloc takes no blocks of the free lists, but a range of its area");
	if (findings_forecast(f->findings, f->diff, f->history, request_block_order(f->diff->b, &a->request),
			      a->request_text))
		return cmd_error(EXIT_CANNOT, "out of memory");
	return EXIT_DONE;
}

static int put(struct cmd_line *line, struct film *f, const struct args *a)
{
	int status = forecast(f, a);
	struct text_style st;
	struct outfile out;

	if (status != EXIT_DONE)
		return status;
	status = cmd_output_open(line, &out);
	if (status != EXIT_DONE)
		return status;
	st = cmd_style(line, out.f);
	if (line->global->json)
		json_diff(out.f, isatty(fileno(out.f)), f->diff, f->findings, f->judged);
	else
		text_diff(out.f, &st, f->diff, f->findings, f->judged);
	return cmd_output_close(line, &out, EXIT_DONE);
}

/* ---- where the two come from ---- */

static int get_one(struct cmd_line *line, const char *path, const char *at, struct snapshot **out)
{
	auto_timeline struct timeline *t = NULL;
	int status = timeline_open(line, path, &t);

	return status == EXIT_DONE ? timeline_get(t, at, out) : status;
}

static int diff_two_files(struct cmd_line *line, struct film *f)
{
	const struct global_opts *g = line->global;
	auto_snapshot struct snapshot *a = NULL;
	struct snapshot *b = NULL, *first;
	int status = get_one(line, line->args[0], g->at[0], &a);

	if (status == EXIT_DONE)
		status = get_one(line, line->args[1], g->n_at > 1 ? g->at[1] : g->at[0], &b);
	if (status != EXIT_DONE)
		return status;
	first = a;
	a = NULL;
	return film_of_two(f, first, b);
}

/* A file alone: its whole length, or what is between two moments; a single snapshot against now. */
static int diff_file(struct cmd_line *line, const char *path, struct film *f)
{
	const struct global_opts *g = line->global;
	auto_timeline struct timeline *t = NULL;
	struct snapshot *now = NULL, *then;
	struct capture_opts opts = { .sysroot = g->sysroot, .insist = LEAK_SOURCES };
	int status = timeline_open(line, path, &t);

	if (status == EXIT_DONE)
		status = film_read(f, t, g->at[0], g->at[1]);
	if (status != EXIT_DONE || f->n > 1)
		return status;
	if (g->n_at)
		return cmd_error(EXIT_CANNOT, "%s: only one snapshot there, nothing to compare it with", path);
	then = film_take_one(f);
	line->global->from = NULL;
	status = cmd_get_snapshot_with(line, &opts, &now);
	if (status != EXIT_DONE) {
		snapshot_free(then);
		return status;
	}
	return film_of_two(f, then, now);
}

static int diff_after(struct cmd_line *line, uint64_t after_ns, struct film *f)
{
	struct capture_opts opts = { .sysroot = line->global->sysroot, .insist = LEAK_SOURCES };
	struct snapshot *a = NULL, *b = NULL;
	int64_t begin = time_monotonic_ns();
	int status = cmd_get_snapshot_with(line, &opts, &a);

	if (status != EXIT_DONE)
		return status;
	time_sleep_until(begin + (int64_t)after_ns);
	status = cmd_get_snapshot_with(line, &opts, &b);
	if (status != EXIT_DONE) {
		snapshot_free(a);
		return status;
	}
	return film_of_two(f, a, b);
}

/* ---- rows ---- */

static unsigned int rows_of_screen(void)
{
	struct winsize ws;

	if (isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &ws) == 0 && ws.ws_row > 5)
		return ws.ws_row - 2U;
	return 20;
}

static int put_row(struct cmd_line *line, const struct text_style *st, struct snapshot *a,
		   struct snapshot *b, uint64_t n)
{
	struct findings *fs = NULL;
	struct diff *d = NULL;
	int status = EXIT_DONE;

	/* Rows are numbers alone. */
	if (diff_new(a, b, &d) || (line->global->json && findings_new(d, NULL, &fs))) {
		status = cmd_error(EXIT_CANNOT, "out of memory");
	} else if (line->global->json) {
		json_diff(stdout, false, d, fs, 2);
	} else {
		if (n % rows_of_screen() == 0)
			text_rates_header(stdout, st);
		text_rates_row(stdout, st, d);
		for (size_t i = 0; i < d->n_said; i++) {
			fputs("note: ", stdout);
			put_shown(stdout, d->said[i].text, 500);
			putchar('\n');
		}
	}
	if (status == EXIT_DONE)
		status = cmd_flush_stdout();
	findings_free(fs);
	diff_free(d);
	return status;
}

static int diff_rows(struct cmd_line *line, const struct args *a)
{
	/* Rows need totals, lists and counters; with --json all that a difference holds. */
	const uint64_t rows = SRC_BIT(SRC_BUDDYINFO) | SRC_BIT(SRC_PAGETYPEINFO) | SRC_BIT(SRC_ZONEINFO) |
			      SRC_BIT(SRC_VMSTAT) | SRC_BIT(SRC_MEMINFO) | SRC_BIT(SRC_KERNEL);
	const uint64_t all = rows | SRC_BIT(SRC_SLABINFO) | SRC_BIT(SRC_VMALLOCINFO) | SRC_BIT(SRC_ALLOCINFO);
	struct text_style st = cmd_style(line, stdout);
	auto_snapshot struct snapshot *before = NULL;
	int64_t next = time_monotonic_ns();
	int status = cmd_get_snapshot(line, line->global->json ? all : rows, &before);

	for (uint64_t n = 0; status == EXIT_DONE && (a->count == 0 || n < a->count); n++) {
		auto_snapshot struct snapshot *now = NULL;
		struct snapshot *seen;

		next += (int64_t)a->interval_ns;
		if (next < time_monotonic_ns())
			next = time_monotonic_ns();
		time_sleep_until(next);
		status = cmd_get_snapshot(line, line->global->json ? all : rows, &now);
		if (status == EXIT_DONE)
			status = put_row(line, &st, before, now, n);
		seen = before;
		before = now;
		now = seen;
	}
	return status;
}

static int run(struct cmd_line *line)
{
	struct args a = { 0 };
	struct film f = { 0 };
	int status = parse(line, &a);

	if (status >= 0)
		return status;
	if (a.interval_ns)
		return diff_rows(line, &a);
	if (line->n_args == 2)
		status = diff_two_files(line, &f);
	else if (line->n_args == 1 && line->global->from)
		status = cmd_usage(line, "--from and '%s': one file is enough", line->args[0]);
	else if (line->n_args == 1 || line->global->from)
		status = diff_file(line, line->n_args ? line->args[0] : line->global->from, &f);
	else
		status = diff_after(line, a.after_ns ? a.after_ns : UINT64_C(5000000000), &f);
	if (status == EXIT_DONE)
		status = put(line, &f, &a);
	film_done(&f);
	return status;
}

const struct cmd cmd_diff = {
	.name = "diff",
	.summary = "what changed between two snapshots, or over a recording, or live",
	.args = "[FILE [FILE]]",
	.arg_values = "FILE",
	.description =
		"Compares two snapshots (files, recordings, sysroots), or the begin and end of a recording, or,\n"
		"without a file, now and a little later. Findings come first: who took memory and does not give\n"
		"it back, what broke free memory up; then what changed most. -v shows all that changed.",
	.options = options,
	.run = run,
};
