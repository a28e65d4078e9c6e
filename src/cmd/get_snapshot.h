/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The snapshot a command works on: from --from, --sysroot, or this machine. */
#ifndef CMD_GET_SNAPSHOT_H
#define CMD_GET_SNAPSHOT_H

#include "cmd/cmd.h"
#include "host/capture.h"
#include "snap/take.h"

/*
 * @sources: SRC_BIT mask of what the command needs, 0 for all; with --from it
 * has no meaning. EXIT_DONE and a snapshot for snapshot_free, or another exit
 * status when the error has been reported.
 */
int cmd_get_snapshot(struct cmd_line *line, uint64_t sources, struct snapshot **out);
/* The same with all the options of a capture; @opts->sysroot must be the global one. */
int cmd_get_snapshot_with(struct cmd_line *line, const struct capture_opts *opts, struct snapshot **out);
/* The same by snapshot_begin: what @rest is left at, if not NULL, is for snapshot_finish. */
int cmd_begin_snapshot(struct cmd_line *line, const struct capture_opts *opts, struct snapshot **out,
		       struct snapshot_rest **rest);

#endif
