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
 * Parse what was captured; @raw stays the caller's and may be freed at once.
 * @sysroot, or NULL, is for the message only. Errors as snapshot_take.
 */
int snapshot_from_raw(const struct raw_capture *raw, const char *sysroot, struct snapshot **out,
		      char **why);

#endif
