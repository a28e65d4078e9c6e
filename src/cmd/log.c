// SPDX-License-Identifier: GPL-2.0-or-later
/* memtool log */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "cmd/cmd.h"
#include "cmd/output.h"
#include "log/parser.h"
#include "model/log_group.h"
#include "out/json_log.h"
#include "out/text_log.h"

#define CHUNK (256u << 10)
#define IDLE_MS 1000	/* --follow: after this silence a report is over */
#define FEW 3		/* this many reports are shown one by one */

enum { OPT_SUMMARY = CMD_OPT(1) };

static const struct cmd_option options[] = {
	{ 'F', "follow", NULL, "keep reading as the log grows: a pipe, or /dev/kmsg", NULL },
	{ OPT_SUMMARY, "summary", NULL, "only the table of groups", NULL },
	{ 0, NULL, NULL, NULL, NULL },
};

struct state {
	struct cmd_line *line;
	FILE *out;
	struct text_style style;
	bool follow, summary;
	struct log_groups groups;
	/* The last one of the page allocator, for the messages of slab and DMA pools that follow it; and
	 * the first few of all, until it is known whether they are many. */
	struct log_report *kept[FEW + 1];
	struct log_diagnosis kept_d[FEW + 1];
	size_t n_kept;
	struct log_report *last;
	struct log_diagnosis last_d;
};

static void forget(struct state *s)
{
	for (size_t i = 0; i < s->n_kept; i++) {
		log_report_free(s->kept[i]);
		log_diagnosis_done(&s->kept_d[i]);
	}
	s->n_kept = 0;
	log_report_free(s->last);
	log_diagnosis_done(&s->last_d);
	log_groups_done(&s->groups);
}

static bool one_by_one(const struct state *s)
{
	return !s->summary && (s->follow || s->line->global->verbose > 0);
}

/* Keep it: as the one before the next, or to be shown at the end if there are few. */
static void keep(struct state *s, struct log_report *r, struct log_diagnosis *d)
{
	bool json = s->line->global->json;

	if (!json && !one_by_one(s) && s->n_kept < FEW) {
		s->kept[s->n_kept] = r;
		s->kept_d[s->n_kept++] = *d;
		return;
	}
	if (r->kind != LOG_PAGE_ALLOC_FAILURE) {
		log_report_free(r);
		log_diagnosis_done(d);
		return;
	}
	log_report_free(s->last);
	log_diagnosis_done(&s->last_d);
	s->last = r;
	s->last_d = *d;
}

static int sink(void *ctx, struct log_report *r)
{
	struct state *s = ctx;
	const struct log_report *before = s->last;
	const struct log_diagnosis *before_d = &s->last_d;
	struct log_diagnosis d;
	int err;

	for (size_t i = s->n_kept; !before && i-- > 0;) {
		if (s->kept[i]->kind != LOG_PAGE_ALLOC_FAILURE)
			continue;
		before = s->kept[i];
		before_d = &s->kept_d[i];
	}
	err = log_diagnose(&d, r, before, before ? before_d : NULL);
	if (!err)
		err = log_groups_add(&s->groups, r, &d);
	if (err) {
		log_diagnosis_done(&d);
		log_report_free(r);
		return err;
	}
	if (s->line->global->json)
		json_log(s->out, r, &d);
	else if (one_by_one(s))
		text_log(s->out, &s->style, r, &d);
	if (s->follow && fflush(s->out))
		err = -errno;
	keep(s, r, &d);
	return err;
}

/* Read what is there; 1 at the end, 0 for more, negative errno: -EAGAIN if there is nothing now. */
static int take(struct log_parser *p, int fd, bool kmsg)
{
	char *room = log_parser_room(p, CHUNK);
	ssize_t n;

	if (!room)
		return -ENOMEM;
	do
		n = read(fd, room, CHUNK);
	while (n < 0 && errno == EINTR);
	if (n < 0 && kmsg && errno == EPIPE)
		return 0; /* records were overwritten before we read them */
	if (n < 0)
		return -errno;
	if (n == 0)
		return 1;
	return log_parser_fed(p, (size_t)n);
}

static int follow(struct log_parser *p, int fd, bool kmsg)
{
	for (;;) {
		struct pollfd pfd = { .fd = fd, .events = POLLIN };
		int ret = poll(&pfd, 1, log_parser_busy(p) ? IDLE_MS : -1);

		if (ret < 0 && errno != EINTR)
			return -errno;
		ret = ret == 0 ? log_parser_idle(p) : take(p, fd, kmsg);
		if (ret < 0 && ret != -EAGAIN)
			return ret;
		if (ret > 0)
			return log_parser_end(p);
	}
}

/* journalctl -r, and many a log viewer's export */
static void say_backwards(const struct state *s, const char *name)
{
	bool std = strcmp(name, "-") == 0;

	cmd_warn(s->line, "%s: the newest line comes first; try: %s%s | memtool log", std ? "standard input" : name,
		 std ? "... | tac" : "tac ", std ? "" : name);
}

static int read_fd(struct state *s, int fd, const char *name, bool kmsg)
{
	struct log_parser *p = log_parser_new(sink, s);
	int ret = p ? 0 : -ENOMEM;

	if (p && s->follow) {
		ret = follow(p, fd, kmsg);
	} else if (p) {
		do
			ret = take(p, fd, kmsg);
		while (ret == 0);
		if (ret > 0 || ret == -EAGAIN) /* the latter of /dev/kmsg: all that the kernel said so far */
			ret = log_parser_end(p);
	}
	if (p && ret == 0)
		s->groups.suppressed = sat_add(s->groups.suppressed, log_parser_suppressed(p));
	if (p && ret == 0 && log_parser_backwards(p))
		say_backwards(s, name);
	log_parser_free(p);
	return ret;
}

/* A descriptor, or -1 after a message. */
static int open_file(const struct state *s, const char *name)
{
	bool kmsg = strcmp(name, "/dev/kmsg") == 0;
	int fd = strcmp(name, "-") == 0 ? STDIN_FILENO
					: open(name, O_RDONLY | O_CLOEXEC | (kmsg && !s->follow ? O_NONBLOCK : 0));

	if (fd < 0)
		cmd_error(EXIT_CANNOT, "%s: %s%s", name, strerror(errno),
			  kmsg && errno == EPERM ? " (run as root to read the kernel's log)" : "");
	return fd;
}

static int read_file(struct state *s, int fd, const char *name)
{
	bool std = fd == STDIN_FILENO;
	int ret = read_fd(s, fd, name, strcmp(name, "/dev/kmsg") == 0);

	if (!std)
		close(fd);
	if (ret == -EPIPE)
		return EXIT_DONE;
	return ret ? cmd_error(EXIT_CANNOT, "%s: %s", std ? "standard input" : name, strerror(-ret)) : EXIT_DONE;
}

static int read_files(struct state *s, const char *const *files)
{
	int status = EXIT_DONE;

	for (; *files; files++) {
		int fd = open_file(s, *files);

		if (fd < 0 || read_file(s, fd, *files) != EXIT_DONE)
			status = EXIT_CANNOT;
	}
	return status;
}

static void close_with_summary(struct state *s, int status)
{
	if (s->line->global->json || one_by_one(s))
		return;
	if (!s->groups.reports) {
		if (!s->line->global->quiet && status == EXIT_DONE)
			fputs("no report of a failed allocation\n", s->out);
		return;
	}
	if (!s->summary && s->groups.reports <= FEW) {
		for (size_t i = 0; i < s->n_kept; i++)
			text_log(s->out, &s->style, s->kept[i], &s->kept_d[i]);
		return;
	}
	log_groups_sort(&s->groups);
	text_log_groups(s->out, &s->style, &s->groups, s->groups.suppressed);
	if (!s->summary && s->n_kept)
		fputs("\n-v shows each report, --json all of its numbers\n", s->out);
}

static int run(struct cmd_line *line)
{
	const char *one_file[] = { "-", NULL };
	const char *const *files = one_file;
	struct state s = { .line = line };
	struct outfile out;
	int opt, status, fd = -1;

	while ((opt = cmd_next_option(line)) >= 0) {
		if (opt == 'F')
			s.follow = true;
		else if (opt == OPT_SUMMARY)
			s.summary = true;
	}
	if (opt == CMD_STOP)
		return line->status;
	if (line->n_args && line->global->from)
		return cmd_usage(line, "--from names the log already");
	if (line->global->from)
		one_file[0] = line->global->from;
	if (line->n_args)
		files = (const char *const *)line->args;
	if (s.follow && files[1])
		return cmd_usage(line, "--follow takes one file");
	if (s.summary && line->global->json)
		return cmd_usage(line, "--summary is text, --json has a line for each report");
	/* What has no end is written as it comes, but not before there is a log. */
	if (s.follow && (fd = open_file(&s, *files)) < 0)
		return EXIT_CANNOT;
	status = s.follow ? cmd_output_open_direct(line, &out) : cmd_output_open(line, &out);
	if (status)
		return status;
	s.out = out.f;
	s.style = (struct text_style){ .color = cmd_use_color(line, out.f), .bytes = line->global->bytes,
				       .width = cmd_width(out.f), .verbose = line->global->verbose };
	status = s.follow ? read_file(&s, fd, *files) : read_files(&s, files);
	close_with_summary(&s, status);
	status = cmd_output_close(line, &out, status);
	forget(&s);
	return status;
}

const struct cmd cmd_log = {
	.name = "log",
	.summary = "decode the kernel's own reports of failed allocations",
	.args = "[FILE]...",
	.arg_values = "FILE",
	.description =
		"Finds the reports of failed allocations in a kernel log of any form (dmesg, journalctl, syslog, JSON,\n"
		"a mail), and says for each who asked for what, which check failed by how much, and what helps.\n"
		"Without FILE, or with -, it reads standard input: dmesg | memtool log",
	.options = options,
	.run = run,
};
