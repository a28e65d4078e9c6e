/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The snapshot document, memtool.snapshot/1. */
#ifndef OUT_JSON_SNAPSHOT_H
#define OUT_JSON_SNAPSHOT_H

#include <stdio.h>

#include "base/jsonw.h"
#include "snap/snapshot.h"

/*
 * Write the whole snapshot with its figures to @f: all that snapshot_load
 * needs to make it again, so that what is loaded prints the same bytes.
 * @pretty: indented; otherwise one line. 0 or -ENOMEM; errors of @f stay in @f.
 */
int json_write_snapshot(const struct snapshot *s, FILE *f, bool pretty);

/*
 * The same document in two steps: of the snapshot, vmalloc and the states of its sources need hold only at the
 * second. 0 or -ENOMEM; after an error the document is not to be ended.
 */
struct json_snapshot {
	const struct snapshot *s;
	struct arena arena;
	struct jsonw jw;
};
int json_begin_snapshot(struct json_snapshot *doc, const struct snapshot *s, FILE *f, bool pretty);
int json_end_snapshot(struct json_snapshot *doc);

#endif
