/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the kernel's files to a snapshot. */
#ifndef SNAP_TAKE_H
#define SNAP_TAKE_H

#include "host/capture.h"
#include "snap/snapshot.h"

/*
 * Capture and parse in one. 0 and a snapshot for snapshot_free, or negative
 * errno and a one-line message in @why (free it; NULL when memory is out).
 * A source that is missing is no error as long as any that was wanted could be
 * read; it is named in the snapshot's sources.
 */
int snapshot_take(const struct capture_opts *opts, struct snapshot **out, char **why);

/*
 * The same in two steps, so that what is there can be written while the largest file of a tree, its
 * vmallocinfo, is still being read. Of the snapshot, vmalloc, has_vmalloc and the
 * state of that source hold only after snapshot_finish, which takes @rest to its end and frees it (NULL is
 * fine): 0 or -ENOMEM. It is to be called before snapshot_free.
 */
struct snapshot_rest;
int snapshot_begin(const struct capture_opts *opts, struct snapshot **out, struct snapshot_rest **rest,
		   char **why);
int snapshot_finish(struct snapshot_rest *rest);

/*
 * Parse what was captured; @raw stays the caller's and may be freed at once.
 * @sysroot, or NULL, is for the message only. Errors as snapshot_take.
 */
int snapshot_from_raw(const struct raw_capture *raw, const char *sysroot, struct snapshot **out,
		      char **why);

#endif
