// SPDX-License-Identifier: GPL-2.0-or-later
/* memtool watch: a live view, and replay of a recording. */
#include <string.h>

#include "base/num.h"
#include "base/timefmt.h"
#include "cmd/get_snapshot.h"
#include "cmd/replay.h"
#include "cmd/summary.h"
#include "cmd/verdicts.h"
#include "out/screen.h"
#include "out/watch.h"

#define NS_PER_S INT64_C(1000000000)

static const struct cmd_option options[] = {
	{ 'i', "interval", "TIME", "a new look each TIME (2s)", NULL },
	{ 'n', "count", "N", "stop after N looks", NULL },
	{ 0, NULL, NULL, NULL, NULL },
};

struct watch {
	struct cmd_line *line;
	struct timeline *t; /* NULL: live */
	struct screen *screen; /* NULL: frames as text */
	struct held held; /* this look and the one before; of the costly files the last two that have them */
	struct watch_opts o;
	int64_t interval_ns, next_ns;
	uint64_t count, looks;
	bool quit;
	bool ahead; /* the place in a recording is the sample after the one held */
};

/* ---- looks ---- */

static int look(struct watch *w)
{
	/* What is shown; attributes of caches and settings are not worth their cost each second. */
	const uint64_t sources = SRC_ALL & ~(SRC_BIT(SRC_SYSSLAB) | SRC_BIT(SRC_EXTFRAG) | SRC_BIT(SRC_UNUSABLE));
	struct snapshot *s = NULL;
	int status;

	if (!w->t)
		status = cmd_get_snapshot(w->line, sources, &s);
	else if (w->ahead)
		status = timeline_here(w->t, &s);
	else
		status = replay_look(w->t, &w->held);
	if (status != EXIT_DONE)
		return status;
	if (s && w->held.n)
		held_move(&w->held, s);
	else if (s)
		held_begin(&w->held, s);
	w->looks++;
	return EXIT_DONE;
}

/* Step the recording; false at its end. */
static bool step(struct watch *w, int64_t by)
{
	timeline_refresh(w->t);
	w->ahead = by == 1;
	return timeline_step(w->t, by) != 0;
}

/* ---- frames ---- */

static void put_screen(struct watch *w, const struct watch_frame *f)
{
	unsigned int rows, columns;

	screen_size(w->screen, &rows, &columns);
	screen_clear(w->screen);
	for (size_t i = 0; i < f->n && i < rows; i++)
		screen_line(w->screen, (unsigned int)i, f->v[i].tone, f->v[i].text);
	screen_show(w->screen);
}

static int put_text(struct watch *w, const struct text_style *st, const struct watch_frame *f)
{
	if (w->looks > 1)
		putchar('\n');
	for (size_t i = 0; i < f->n; i++)
		printf("%s%s%s\n", tone_begin(st, f->v[i].tone), f->v[i].text, tone_end(st, f->v[i].tone));
	return cmd_flush_stdout();
}

static int show(struct watch *w)
{
	struct text_style st = cmd_style(w->line, stdout);
	struct watch_frame f = { 0 };
	struct verdicts v = { 0 };
	struct diff *d = NULL;
	unsigned int rows = 40, columns = st.width;
	int status = EXIT_DONE;

	if (w->screen) {
		screen_size(w->screen, &rows, &columns);
		st.width = columns;
		st.color = false;
	}
	if (diff_new_over(&w->held.ends, NULL, &d) || verdicts_make(&v, w->held.ends.b) ||
	    watch_frame_make(&f, &st, &w->o, d, v.known ? &v.table : NULL, rows))
		status = cmd_error(EXIT_CANNOT, "out of memory");
	else if (w->screen)
		put_screen(w, &f);
	else
		status = put_text(w, &st, &f);
	watch_frame_done(&f);
	verdicts_done(&v);
	diff_free(d);
	return status;
}

/* ---- keys ---- */

static void change_view(struct watch *w, enum watch_view view)
{
	w->o.view = view;
	w->o.scroll = 0;
}

static void scroll(struct watch *w, int64_t by)
{
	if (by < 0 && (uint64_t)-by > w->o.scroll)
		w->o.scroll = 0;
	else
		w->o.scroll = (size_t)((int64_t)w->o.scroll + by);
	if (w->o.scroll > 5000)
		w->o.scroll = 5000;
}

/* Keys of a replay. True if it was one, and stands elsewhere now. */
static bool replay_key(struct watch *w, int key)
{
	int64_t by = 0;

	if (!w->t)
		return false;
	switch (key) {
	case KEY_LEFT_ARROW:
		by = -1;
		break;
	case KEY_RIGHT_ARROW:
		by = 1;
		break;
	case '<':
		by = -100;
		break;
	case '>':
		by = 100;
		break;
	case KEY_TO_FIRST:
		by = -INT32_MAX;
		break;
	case KEY_TO_LAST:
		by = INT32_MAX;
		break;
	default:
		return false;
	}
	w->o.paused = true;
	return step(w, by);
}

static int take_key(struct watch *w, int key)
{
	switch (key) {
	case 'q':
		w->quit = true;
		break;
	case 'o':
		change_view(w, WATCH_OVERVIEW);
		break;
	case 'c':
		change_view(w, WATCH_CACHES);
		break;
	case 'v':
		change_view(w, WATCH_CALLERS);
		break;
	case 'r':
		change_view(w, WATCH_REQUESTS);
		break;
	case 'h':
	case '?':
		change_view(w, w->o.view == WATCH_HELP ? WATCH_OVERVIEW : WATCH_HELP);
		break;
	case 's':
		w->o.by_change = !w->o.by_change;
		break;
	case ' ':
		w->o.paused = !w->o.paused;
		break;
	case '+':
		w->interval_ns = w->interval_ns < 60 * NS_PER_S ? 2 * w->interval_ns : w->interval_ns;
		break;
	case '-':
		w->interval_ns = w->interval_ns > NS_PER_S / 5 ? w->interval_ns / 2 : w->interval_ns;
		break;
	case KEY_UP_ARROW:
		scroll(w, -1);
		break;
	case KEY_DOWN_ARROW:
		scroll(w, 1);
		break;
	case KEY_PAGE_UP:
		scroll(w, -20);
		break;
	case KEY_PAGE_DOWN:
		scroll(w, 20);
		break;
	default:
		if (replay_key(w, key))
			return look(w);
		break;
	}
	return EXIT_DONE;
}

/* ---- the loop ---- */

/* Take keys until the next look is due. */
static int wait_keys(struct watch *w)
{
	int status = EXIT_DONE;

	while (status == EXIT_DONE && !w->quit) {
		int64_t left = w->next_ns - time_monotonic_ns();
		int key;

		if (left <= 0 && !w->o.paused)
			break;
		key = screen_key(w->screen, w->o.paused || left > 250000000 ? 250 : (int)(left / 1000000) + 1);
		if (key == KEY_NOTHING)
			continue;
		status = take_key(w, key);
		if (status == EXIT_DONE && !w->quit)
			status = show(w);
	}
	return status;
}

static int loop(struct watch *w)
{
	int status = look(w);

	w->next_ns = time_monotonic_ns();
	while (status == EXIT_DONE) {
		status = show(w);
		if (status != EXIT_DONE || (w->count && w->looks >= w->count))
			break;
		w->next_ns += w->interval_ns;
		if (w->next_ns < time_monotonic_ns())
			w->next_ns = time_monotonic_ns();
		if (w->screen)
			status = wait_keys(w);
		else
			time_sleep_until(w->next_ns);
		if (status != EXIT_DONE || w->quit)
			break;
		/* The end of a recording: stand there on a screen, it may grow; leave otherwise. */
		if (w->t && !step(w, 1)) {
			if (!w->screen)
				break;
			continue;
		}
		status = look(w);
	}
	return status;
}

static int parse(struct watch *w)
{
	struct cmd_line *line = w->line;
	uint64_t ns;
	int opt;

	while ((opt = cmd_next_option(line)) >= 0) {
		if (opt == 'i') {
			if (num_span_ns(line->optarg, &ns) || ns < 50000000 || ns > UINT64_C(86400) * 1000000000)
				return cmd_usage(line, "--interval takes a time such as 2 or 5m, not '%s'", line->optarg);
			w->interval_ns = (int64_t)ns;
		} else if (num_u64(line->optarg, strlen(line->optarg), &w->count) || w->count == 0) {
			return cmd_usage(line, "--count takes a number of looks, not '%s'", line->optarg);
		}
	}
	if (opt == CMD_STOP)
		return line->status;
	if (line->global->json)
		return cmd_usage(line, "memtool diff --interval --json is the view for programs");
	if (line->global->output)
		return cmd_usage(line, "watch writes to the terminal, or to a pipe");
	if (line->n_args > 1 || (line->n_args && line->global->from))
		return cmd_usage(line, "one recording at a time, not also '%s'", line->args[line->n_args - 1]);
	return -1;
}

/* The recording to replay, standing at --at or at its first sample. */
static int open_replay(struct watch *w, const char *path)
{
	int status = timeline_open(w->line, path, &w->t);

	if (status != EXIT_DONE)
		return status;
	if (!timeline_can_step(w->t))
		return cmd_error(EXIT_CANNOT, "%s: not a recording (memtool record makes them)", path);
	w->o.status = "replay";
	status = timeline_seek(w->t, w->line->global->at[0] ? w->line->global->at[0] : "first");
	return status;
}

/* A full screen where there is one; else frames as text. */
static bool wants_screen(void)
{
	const char *term = getenv("TERM");

	return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && term && *term && strcmp(term, "dumb") != 0;
}

static int run(struct cmd_line *line)
{
	struct watch w = { .line = line, .interval_ns = 2 * NS_PER_S };
	const char *path;
	char *why = NULL;
	int status = parse(&w);

	if (status >= 0)
		return status;
	path = line->n_args ? line->args[0] : line->global->from;
	line->global->from = NULL;
	status = path ? open_replay(&w, path) : EXIT_DONE;
	if (status == EXIT_DONE && wants_screen()) {
		w.screen = screen_open(cmd_use_color(line, stdout), &why);
		if (!w.screen)
			cmd_warn(line, "%s; printing text", why ? why : "out of memory");
	}
	if (status == EXIT_DONE)
		status = loop(&w);
	screen_close(w.screen);
	free(why);
	held_clear(&w.held);
	timeline_close(w.t);
	return status;
}

const struct cmd cmd_watch = {
	.name = "watch",
	.summary = "a full-screen live view, or replay of a recording",
	.args = "[FILE]",
	.arg_values = "FILE",
	.description = "Shows zones with their free blocks by order, verdicts on common requests, the largest slab\n"
		       "caches and vmalloc callers, and rates, anew each interval; h shows the keys. With FILE it\n"
		       "replays a recording. Without a terminal it prints one frame after another as text.",
	.options = options,
	.run = run,
};
