/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One frame of the live view, as lines. */
#ifndef OUT_WATCH_H
#define OUT_WATCH_H

#include "model/common.h"
#include "model/diff.h"
#include "out/style.h"

enum watch_view { WATCH_OVERVIEW, WATCH_CACHES, WATCH_CALLERS, WATCH_REQUESTS, WATCH_HELP, WATCH_VIEWS };

struct watch_line {
	enum text_tone tone;
	const char *text;
};

struct watch_frame {
	struct arena arena;
	struct watch_line *v;
	size_t n, cap;
	bool failed;
};

struct watch_opts {
	enum watch_view view;
	bool by_change; /* sort by change, else by size */
	bool paused;
	size_t scroll;	/* rows left out at the top of a list */
	const char *status; /* right of the time; NULL */
};

/* Append the lines of a frame. @requests NULL: none. 0 or -ENOMEM. Empty it with watch_frame_done. */
int watch_frame_make(struct watch_frame *w, const struct text_style *st, const struct watch_opts *o,
		     const struct diff *d, const struct common_table *requests, unsigned int rows);
void watch_frame_done(struct watch_frame *w);

#endif
