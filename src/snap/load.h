/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the snapshot document (memtool.snapshot/1) back to a snapshot. */
#ifndef SNAP_LOAD_H
#define SNAP_LOAD_H

#include <stdio.h>

#include "snap/snapshot.h"

/*
 * One document. 0 and a snapshot for snapshot_free; or negative errno with a
 * message in @why (free it; NULL when memory is out): not JSON, another
 * schema, a member of the wrong form. Members that are unknown are ignored,
 * missing ones are unknown. Figures are not taken from the document but made
 * anew from its counts.
 */
int snapshot_parse(struct slice text, struct snapshot **out, char **why);

/*
 * Documents one after another, each on a line of its own or over many lines,
 * from a file or "-" for standard input.
 */
struct snapshot_stream;

int snapshot_stream_open(const char *path, struct snapshot_stream **out, char **why);
void snapshot_stream_close(struct snapshot_stream *st); /* NULL is fine */
/* 1 and a snapshot, 0 at the end, negative errno as snapshot_parse. */
int snapshot_stream_next(struct snapshot_stream *st, struct snapshot **out, char **why);

/* The last document of a file: the newest where it is a recording of lines. */
int snapshot_load(const char *path, struct snapshot **out, char **why);

#endif
