// SPDX-License-Identifier: GPL-2.0-or-later
/* From snapshots in time to a difference, rows and findings. */
#include "cmd/film.h"

#include <string.h>

#include "base/timefmt.h"
#include "cmd/get_snapshot.h"

/* ---- the samples ---- */

struct snapshot *film_take_one(struct film *f)
{
	struct snapshot *s = f->held.v[0];

	f->held.n = 0;
	film_done(f);
	return s;
}

static bool differ(const char *a, const char *b)
{
	return a && b && strcmp(a, b) != 0;
}

/* Another host or kernel, or the same started anew: of the last sample and this one. */
static void count_break(struct film *f, const struct snapshot *s)
{
	const struct snapshot *last = f->held.ends.b;

	if (differ(last->host, s->host))
		f->hosts++;
	else if (differ(last->kernel.release, s->kernel.release))
		f->kernels++;
	else
		f->reboots++;
}

static int visit(void *arg, struct snapshot **s)
{
	struct film *f = arg;
	unsigned int boot = f->n ? f->history->points[f->n - 1].boot : 0;
	bool begins;

	if (history_add(f->history, *s))
		return cmd_error(EXIT_CANNOT, "out of memory");
	begins = f->n == 0 || f->history->points[f->n].boot != boot;
	if (begins && f->n)
		count_break(f, *s);
	if (begins)
		held_begin(&f->held, *s);
	else
		held_lengthen(&f->held, *s);
	*s = NULL;
	f->n++;
	f->judged = f->n - history_last_boot(f->history);
	return EXIT_DONE;
}

/* ---- notes ---- */

static int say_break(struct film *f, enum diff_note note, unsigned int n, const char *what)
{
	const struct history *h = f->history;
	char time[TIME_RFC3339_MAX];

	if (n == 0)
		return 0;
	time_rfc3339(h->points[history_last_boot(h)].time_ns, time);
	return diff_say(f->diff, note, "%s %u time%s within the recording: what follows is about the time since %s", what,
			n, plural(n), time);
}

static int say_boots(struct film *f)
{
	const struct snapshot *now = f->held.ends.b;
	char host[160], kernel[160];

	snprintf(host, sizeof(host), "the samples went over to another host (%.100s now)", now->host ? now->host : "");
	snprintf(kernel, sizeof(kernel), "the machine was started anew with another kernel (%.100s now)",
		 now->kernel.release ? now->kernel.release : "");
	if (say_break(f, DIFF_HOST_CHANGED, f->hosts, host) ||
	    say_break(f, DIFF_KERNEL_CHANGED, f->kernels, kernel))
		return -1;
	return say_break(f, DIFF_REBOOTED, f->reboots, "the machine was started anew");
}

static int compare_doubles(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* A stretch without samples that is long against the usual distance. */
static int say_gaps(struct film *f)
{
	const struct history *h = f->history;
	size_t first = history_last_boot(h), n = h->n_points - first, at = 0;
	auto_free double *step = NULL;
	double longest = 0, usual;
	char from[TIME_RFC3339_MAX], to[TIME_RFC3339_MAX];

	if (n < 8)
		return 0;
	step = malloc((n - 1) * sizeof(*step));
	if (!step)
		return -1;
	for (size_t i = 0; i + 1 < n; i++) {
		step[i] = h->points[first + i + 1].t_s - h->points[first + i].t_s;
		if (step[i] > longest) {
			longest = step[i];
			at = first + i;
		}
	}
	qsort(step, n - 1, sizeof(*step), compare_doubles);
	usual = step[(n - 1) / 2];
	if (longest < 60 || longest < 10 * usual)
		return 0;
	time_rfc3339(h->points[at].time_ns, from);
	time_rfc3339(h->points[at + 1].time_ns, to);
	return diff_say(f->diff, DIFF_GAP, "no samples from %s to %s: the machine slept, or nothing recorded",
			from, to);
}

static int say_lost(struct film *f)
{
	if (f->lost == 0)
		return 0;
	return diff_say(f->diff, DIFF_DAMAGED, "%zu of the %zu samples looked at are damaged in the file and left out",
			f->lost, f->lost + f->n);
}

static int judge(struct film *f)
{
	if (diff_new_over(&f->held.ends, f->history, &f->diff) || say_boots(f) || say_gaps(f) || say_lost(f) ||
	    findings_new(f->diff, f->n > 2 ? f->history : NULL, &f->findings))
		return cmd_error(EXIT_CANNOT, "out of memory");
	return EXIT_DONE;
}

static int begin(struct film *f)
{
	memset(f, 0, sizeof(*f));
	f->history = history_new();
	return f->history ? EXIT_DONE : cmd_error(EXIT_CANNOT, "out of memory");
}

int film_read(struct film *f, struct timeline *t, const char *from, const char *to)
{
	int status = begin(f);

	if (status == EXIT_DONE)
		status = timeline_each(t, from, to, FILM_SAMPLES, visit, f);
	f->lost = timeline_lost(t);
	if (status == EXIT_DONE && f->n == 0)
		status = cmd_error(EXIT_CANNOT, "no snapshot between the two moments");
	return status == EXIT_DONE ? judge(f) : status;
}

int film_of_two(struct film *f, struct snapshot *a, struct snapshot *b)
{
	int status = begin(f);

	held_begin(&f->held, a);
	held_lengthen(&f->held, b);
	f->n = f->judged = 2;
	if (status != EXIT_DONE)
		return status;
	if (history_add(f->history, a) || history_add(f->history, b) || diff_new(a, b, &f->diff) ||
	    findings_new(f->diff, NULL, &f->findings))
		return cmd_error(EXIT_CANNOT, "out of memory");
	return EXIT_DONE;
}

int film_of_line(struct film *f, struct cmd_line *line)
{
	const struct global_opts *g = line->global;
	const char *path = line->n_args ? line->args[0] : g->from;
	auto_timeline struct timeline *t = NULL;
	struct snapshot *s = NULL;
	int status;

	if (path) {
		status = timeline_open(line, path, &t);
		if (status == EXIT_DONE && g->n_at != 1)
			return film_read(f, t, g->at[0], g->at[1]);
		if (status == EXIT_DONE)
			status = timeline_get(t, g->at[0], &s);
	} else {
		status = cmd_get_snapshot(line, 0, &s);
	}
	if (status != EXIT_DONE)
		return status;
	status = begin(f);
	if (status == EXIT_DONE)
		status = visit(f, &s);
	snapshot_free(s);
	return status == EXIT_DONE ? judge(f) : status;
}

void film_done(struct film *f)
{
	findings_free(f->findings);
	diff_free(f->diff);
	history_free(f->history);
	held_clear(&f->held);
	memset(f, 0, sizeof(*f));
}
