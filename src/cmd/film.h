/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Many snapshots of one source, boiled down: the ends of the last boot and the rows between. */
#ifndef CMD_FILM_H
#define CMD_FILM_H

#include "cmd/held.h"
#include "cmd/timeline.h"
#include "model/findings.h"

/* So many samples of a long recording are looked at: enough for a plot and a trend. */
#define FILM_SAMPLES 400

struct film {
	struct held held;	       /* of the last boot; its ends are the same if there is one sample only */
	struct history *history;
	struct diff *diff;	       /* first to last, with notes on reboots and gaps */
	struct findings *findings;
	size_t n;
	size_t judged;		       /* of them: those of the last boot */
	unsigned int hosts, kernels, reboots; /* how often the samples go over to another */
	size_t lost;		       /* samples that are damaged in the file: left out */
};

/*
 * Read @t from @from to @to (as timeline_each) and judge it. An exit status;
 * on EXIT_DONE, or any other, film_done.
 */
int film_read(struct film *f, struct timeline *t, const char *from, const char *to);
/* The same of two snapshots, which it takes. */
int film_of_two(struct film *f, struct snapshot *a, struct snapshot *b);
/*
 * What a command line names: FILE or --from, with --at for its ends (one
 * moment alone: that one snapshot); else one snapshot of this machine or of
 * --sysroot.
 */
int film_of_line(struct film *f, struct cmd_line *line);
/* The snapshot of a film of one, for the caller to free, and film_done. */
struct snapshot *film_take_one(struct film *f);
void film_done(struct film *f);

#endif
