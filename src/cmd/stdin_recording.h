/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A recording on standard input: SQLite reads files, and wants them whole. */
#ifndef CMD_STDIN_RECORDING_H
#define CMD_STDIN_RECORDING_H

#include <stdbool.h>

struct stdin_recording {
	char path[4096];
	bool temporary;
};

/*
 * 1 and where the recording can be opened, if standard input is one: a file's own name, or a copy of
 * what a pipe brings. 0 if it is anything else, nothing of it taken; negative errno.
 */
int stdin_recording(struct stdin_recording *r);
/* Once it is open, or could not be: the copy has no name any more. */
void stdin_recording_opened(struct stdin_recording *r);

#endif
