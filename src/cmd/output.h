/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a command writes: standard output, or the file that --output names. */
#ifndef CMD_OUTPUT_H
#define CMD_OUTPUT_H

#include "base/outfile.h"
#include "cmd/cmd.h"

/* EXIT_DONE, or an exit status; the error is reported. */
int cmd_output_open(const struct cmd_line *line, struct outfile *o);
/* For output without an end: --output FILE is written as it comes, not whole or not at all. */
int cmd_output_open_direct(const struct cmd_line *line, struct outfile *o);
/*
 * Finish it if @status is EXIT_DONE, drop what was written else. Returns @status, or
 * EXIT_CANNOT, reported, when not all of it arrived.
 */
int cmd_output_close(const struct cmd_line *line, struct outfile *o, int status);

#endif
