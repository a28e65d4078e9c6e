/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Snapshots in time, wherever they are: a recording, snapshot documents one
 * after another, a sysroot. What commands share that take a FILE and a TIME.
 */
#ifndef CMD_TIMELINE_H
#define CMD_TIMELINE_H

#include <stdbool.h>
#include <stdint.h>

#include "cmd/cmd.h"
#include "snap/snapshot.h"

struct recording;
struct timeline;

/* Any of those; "-" is standard input. An exit status; the error has been reported. */
int timeline_open(const struct cmd_line *line, const char *path, struct timeline **out);
void timeline_close(struct timeline *t); /* NULL is fine */
/* Holds more than one moment, as far as can be told without reading it all. */
bool timeline_is_long(const struct timeline *t);

/*
 * The last snapshot at or before the moment @at: a time by RFC 3339, @SECONDS
 * since 1970, "first", "last", +SPAN after the first or -SPAN before the last
 * (30s, 5m, 2h, 7d). NULL is "last". An exit status.
 */
int timeline_get(struct timeline *t, const char *at, struct snapshot **out);

/* Told each snapshot in the order of time; keeps it (and frees it) by setting *s NULL. An exit status. */
typedef int timeline_visit(void *arg, struct snapshot **s);
/*
 * Visit about @max of the snapshots from @from to @to (as above; NULL: first
 * and last), the two ends among them. Documents are all visited.
 */
int timeline_each(struct timeline *t, const char *from, const char *to, size_t max,
		  timeline_visit *visit, void *arg);
/* How many of them could not be visited because they are damaged in the file. */
size_t timeline_lost(const struct timeline *t);

/* Check a moment's form, for the command line. */
bool timeline_moment_is_valid(const char *at);

/* Access by place, of recordings only: for replay. */
bool timeline_can_step(const struct timeline *t);
/* Move @by samples from where it stands (first call: the first), within the ends; how far it went. */
int64_t timeline_step(struct timeline *t, int64_t by);
/* Go to the moment @at. An exit status. */
int timeline_seek(struct timeline *t, const char *at);
/* The sample where it stands. An exit status. */
int timeline_here(struct timeline *t, struct snapshot **out);
/* Its id, and the recording, which stays the timeline's. */
int64_t timeline_place(struct timeline *t);
struct recording *timeline_recording(struct timeline *t);
/* A sample by its id. 0 or a negative errno, with *why: -EBADMSG if it is damaged in the file. */
int timeline_sample(struct timeline *t, int64_t id, struct snapshot **out, char **why);
/* Look again for new samples at the end. */
void timeline_refresh(struct timeline *t);

static inline void cleanup_timeline(struct timeline **t)
{
	timeline_close(*t);
}
#define auto_timeline __attribute__((cleanup(cleanup_timeline)))

#endif
