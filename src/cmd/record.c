// SPDX-License-Identifier: GPL-2.0-or-later
/* memtool record: samples at an interval, into a recording or as JSON Lines. */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <time.h>

#include "base/num.h"
#include "base/timefmt.h"
#include "cmd/cmd.h"
#include "cmd/output.h"
#include "cmd/sample_line.h"
#include "host/capture.h"
#include "snap/recording.h"
#include "snap/take.h"

#define DEFAULT_FILE "memtool.rec"
#define NS_PER_S UINT64_C(1000000000)

/* Sources that cost the host, or this process, more than the rest together. */
#define COSTLY                                                                                 \
	(SRC_BIT(SRC_SLABINFO) | SRC_BIT(SRC_VMALLOCINFO) | SRC_BIT(SRC_PAGETYPEINFO) |        \
	 SRC_BIT(SRC_ALLOCINFO))

enum {
	OPT_KEEP = CMD_OPT(0),
	OPT_MAX_SIZE,
	OPT_ONLY,
	OPT_WITHOUT,
	OPT_WITH,
	OPT_COSTLY_EVERY,
	OPT_BUDGET,
};

static const struct cmd_option options[] = {
	{ 'i', "interval", "TIME", "take a sample each TIME (10s; units s, m, h, d)", NULL },
	{ 'n', "count", "N", "stop after N samples", NULL },
	{ OPT_KEEP, "keep", "TIME", "drop samples older than TIME, such as 7d", NULL },
	{ OPT_MAX_SIZE, "max-size", "SIZE", "drop the oldest samples when the file exceeds SIZE", NULL },
	{ OPT_ONLY, "only", "LIST", "read these sources only", NULL },
	{ OPT_WITHOUT, "without", "LIST", "leave these sources out", NULL },
	{ OPT_WITH, "with", "LIST", "read these even where they may stall the host", NULL },
	{ OPT_COSTLY_EVERY, "costly-every", "TIME", "read slabinfo, vmallocinfo, pagetypeinfo and allocinfo"
						    " each TIME only", NULL },
	{ OPT_BUDGET, "budget", "PERCENT", "read those so rarely that they take at most PERCENT of a"
					   " processor", NULL },
	{ 0, NULL, NULL, NULL, NULL },
};

struct job {
	struct cmd_line *line;
	const char *path;
	uint64_t interval_ns, count, costly_every_ns;
	uint64_t budget_ppm; /* of a processor, for the costly sources; 0: no bound */
	uint64_t sources, insist;
	struct recording_limits limits;

	struct outfile lines;	    /* with --json */
	struct recording_writer *w; /* NULL with --json, and before the first sample */
	uint64_t done, missed;
	int64_t start_ns, next_costly_ns;
	uint64_t cpu_start_ns;
};

/* ---- the command line ---- */

static int take_mask(struct cmd_line *line, const char *option, uint64_t *mask)
{
	struct slice bad;

	if (source_mask(line->optarg, mask, &bad) == 0)
		return 0;
	return cmd_usage(line, "--%s: no source is called '%.*s'", option, (int)bad.len, bad.p);
}

static int take_span(struct cmd_line *line, const char *option, uint64_t min_ns, uint64_t *ns)
{
	if (num_span_ns(line->optarg, ns) || *ns < min_ns || *ns > 366 * 86400 * NS_PER_S)
		return cmd_usage(line, "%s takes a time such as 10s or 7d, not '%s'", option, line->optarg);
	return 0;
}

static int take_budget(struct cmd_line *line, uint64_t *ppm)
{
	uint64_t v;

	/* A decimal percentage: the seconds' reader gives it in billionths. */
	if (num_duration_ns(line->optarg, &v) || v > 100 * NS_PER_S || v < NS_PER_S / 1000)
		return cmd_usage(line, "--budget takes a percentage from 0.001 to 100, not '%s'", line->optarg);
	*ppm = v / 100000;
	return 0;
}

static int take_option(struct job *j, int opt)
{
	struct cmd_line *line = j->line;
	uint64_t mask = 0;
	int ret = 0;

	switch (opt) {
	case 'i':
		return take_span(line, "--interval", NS_PER_S / 100, &j->interval_ns);
	case 'n':
		if (num_u64(line->optarg, strlen(line->optarg), &j->count) || j->count == 0)
			return cmd_usage(line, "--count takes a number of samples, not '%s'", line->optarg);
		return 0;
	case OPT_KEEP:
		return take_span(line, "--keep", NS_PER_S, &j->limits.keep_ns);
	case OPT_MAX_SIZE:
		if (num_size(line->optarg, &j->limits.max_bytes) || j->limits.max_bytes < 1 << 20)
			return cmd_usage(line, "--max-size takes a size of at least 1M, not '%s'", line->optarg);
		return 0;
	case OPT_ONLY:
		ret = take_mask(line, "only", &mask);
		j->sources = mask;
		return ret;
	case OPT_WITHOUT:
		ret = take_mask(line, "without", &mask);
		j->sources &= ~mask;
		return ret;
	case OPT_WITH:
		ret = take_mask(line, "with", &mask);
		j->sources |= mask;
		j->insist |= mask;
		return ret;
	case OPT_COSTLY_EVERY:
		return take_span(line, "--costly-every", 1, &j->costly_every_ns);
	default:
		return take_budget(line, &j->budget_ppm);
	}
}

/* -1 to go on, else the exit status. */
static int parse(struct job *j)
{
	struct cmd_line *line = j->line;
	int opt, ret;

	while ((opt = cmd_next_option(line)) >= 0) {
		ret = take_option(j, opt);
		if (ret)
			return ret;
	}
	if (opt == CMD_STOP)
		return line->status;
	if (line->global->from)
		return cmd_usage(line, "record takes its samples from a machine, not from a file");
	if (line->n_args > 1)
		return cmd_usage(line, "one recording at a time, not also '%s'", line->args[1]);
	if (line->n_args == 1 && line->global->output)
		return cmd_usage(line, "two names for the output: '%s' and '%s'", line->args[0],
				 line->global->output);
	j->path = line->n_args == 1 ? line->args[0] : line->global->output;
	if (line->global->json && line->n_args == 1 && strcmp(j->path, "-") != 0)
		return cmd_usage(line, "--json writes to standard output, or to --output FILE, not to the recording '%s'",
				 j->path);
	if (j->path && !line->global->json && strcmp(j->path, "-") == 0)
		return cmd_usage(line, "a recording cannot go to standard output; --json can");
	if (!j->path)
		j->path = DEFAULT_FILE;
	return -1;
}

/* ---- one sample ---- */

static uint64_t cpu_ns(void)
{
	struct timespec ts;

	if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts))
		return 0;
	return (uint64_t)ts.tv_sec * NS_PER_S + (uint64_t)ts.tv_nsec;
}

/* When the costly sources are due again, after a sample of @spent_ns with them. */
static void plan_costly(struct job *j, int64_t now_ns, uint64_t spent_ns)
{
	/* Half an interval of grace: a tick that comes a little early is the one meant. None for the
	 * budget, which would be passed by so much. */
	uint64_t pause = sat_sub(j->costly_every_ns, j->interval_ns / 2);

	if (j->budget_ppm && spent_ns * 1000000 / j->budget_ppm > pause)
		pause = spent_ns * 1000000 / j->budget_ppm;
	j->next_costly_ns = now_ns + (int64_t)pause;
}

/*
 * The file is opened, and made, by the first sample, and only if that says
 * something: where nothing can be read there is nothing to record.
 */
static int open_recording(struct job *j, const struct raw_capture *c)
{
	auto_snapshot struct snapshot *s = NULL;
	auto_free char *why = NULL;
	int ret = snapshot_from_raw(c, j->line->global->sysroot, &s, &why);

	if (ret == 0)
		ret = recording_append_open(j->path, &j->limits, &j->w, &why);
	return ret ? cmd_error(EXIT_CANNOT, "%s", why ? why : strerror(-ret)) : EXIT_DONE;
}

static int append(struct job *j, const struct raw_capture *c, bool key, int64_t now_ns)
{
	char *why = NULL;
	int ret, status = j->w ? EXIT_DONE : open_recording(j, c);

	if (status != EXIT_DONE)
		return status;
	ret = recording_append(j->w, c, key, now_ns, &why);
	if (ret)
		status = cmd_error(EXIT_CANNOT, "%s (%llu samples are recorded)", why ? why : strerror(-ret),
				   (unsigned long long)j->done);
	free(why);
	return status;
}

static int sample(struct job *j)
{
	int64_t now = time_monotonic_ns();
	bool costly = now >= j->next_costly_ns;
	bool json = j->line->global->json;
	bool key = !json && costly && (!j->w || recording_wants_slow(j->w, now));
	struct capture_opts opts = { .sysroot = j->line->global->sysroot, .sources = j->sources,
				     .insist = j->insist };
	uint64_t before = cpu_ns();
	struct raw_capture *c;
	int ret, status;

	if (!costly)
		opts.sources &= ~COSTLY;
	if (!json && !key)
		opts.sources &= ~RECORDING_SLOW;
	ret = raw_capture_take(&opts, &c);
	if (ret)
		return cmd_error(EXIT_CANNOT, "%s: %s", opts.sysroot ? opts.sysroot : "/proc", strerror(-ret));
	status = json ? cmd_sample_line(c, opts.sysroot, j->line->global->output, j->lines.f) : append(j, c, key, now);
	raw_capture_free(c);
	if (costly)
		plan_costly(j, now, cpu_ns() - before);
	if (status == EXIT_DONE) {
		j->done++;
		if (j->line->global->verbose)
			fprintf(stderr, "sample %llu\n", (unsigned long long)j->done);
	}
	return status;
}

/* ---- the loop ---- */

/*
 * Sleep to @target_ns on the monotonic clock, which neither drifts by what a
 * sample takes nor jumps with the wall clock, and stands still in suspend. The
 * signals that end the recording are blocked everywhere else, so that they
 * never cut a sample in two. True when one came.
 */
static bool sleep_until(const sigset_t *signals, int64_t target_ns)
{
	for (;;) {
		int64_t left = target_ns - time_monotonic_ns();
		struct timespec ts = { 0 };

		if (left > 0) {
			ts.tv_sec = (time_t)(left / (int64_t)NS_PER_S);
			ts.tv_nsec = (long)(left % (int64_t)NS_PER_S);
		}
		if (sigtimedwait(signals, NULL, &ts) > 0)
			return true;
		if (errno != EINTR)
			return false;
	}
}

static int loop(struct job *j)
{
	sigset_t signals, old;
	int64_t next = j->start_ns;
	int status = EXIT_DONE;

	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGHUP);
	sigprocmask(SIG_BLOCK, &signals, &old);
	while (status == EXIT_DONE) {
		status = sample(j);
		if (status || (j->count && j->done >= j->count))
			break;
		next += (int64_t)j->interval_ns;
		if (time_monotonic_ns() >= next) {
			uint64_t late = (uint64_t)(time_monotonic_ns() - next) / j->interval_ns;

			/* Ticks that passed during the sample are not made up for. */
			j->missed += late;
			next += (int64_t)(late * j->interval_ns);
		}
		if (sleep_until(&signals, next))
			break;
	}
	sigprocmask(SIG_SETMASK, &old, NULL);
	return status;
}

static void tell_cost(const struct job *j)
{
	double wall = (double)(time_monotonic_ns() - j->start_ns) / 1e9;
	double cpu = (double)(cpu_ns() - j->cpu_start_ns) / 1e9;

	if (j->missed)
		cmd_warn(j->line, "%llu sample%s left out: taking one took longer than the interval",
			 (unsigned long long)j->missed, j->missed == 1 ? " was" : "s were");
	if (j->w && j->done)
		cmd_warn(j->line, "%s: %llu samples in %.0f s; a sample took %.2f ms of a processor, all %.2f %%",
			 j->path, (unsigned long long)j->done, wall, 1e3 * cpu / (double)j->done,
			 wall > 0 ? 100 * cpu / wall : 0);
}

static int run(struct cmd_line *line)
{
	struct job j = { .line = line, .interval_ns = 10 * NS_PER_S, .sources = SRC_ALL & ~RECORDING_DERIVED };
	int status = parse(&j);

	if (status >= 0)
		return status;
	if (line->global->json && (status = cmd_output_open_direct(line, &j.lines)) != EXIT_DONE)
		return status;
	j.start_ns = time_monotonic_ns();
	j.cpu_start_ns = cpu_ns();
	status = loop(&j);
	tell_cost(&j);
	if (line->global->json)
		return cmd_output_close(line, &j.lines, status);
	if (recording_writer_close(j.w) && status == EXIT_DONE)
		status = cmd_error(EXIT_CANNOT, "%s: could not be closed in order", j.path);
	return status;
}

const struct cmd cmd_record = {
	.name = "record",
	.summary = "append snapshots at an interval to a recording",
	.args = "[FILE]",
	.arg_values = "FILE",
	.description = "Takes a sample of the kernel's memory each interval and appends it to the recording FILE\n"
		       "(memtool.rec), until it is interrupted. With --json, one JSON document a line goes to\n"
		       "standard output instead. Every command reads recordings by --from FILE.",
	.options = options,
	.run = run,
};
