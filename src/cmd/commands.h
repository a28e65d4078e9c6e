/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The list of commands: a new one is a file in cmd/ and a line here. */
#ifndef CMD_COMMANDS_H
#define CMD_COMMANDS_H

#include "cmd/cmd.h"

#define COMMANDS(X) \
	X(snapshot) \
	X(log) \
	X(explain) \
	X(advise) \
	X(record) \
	X(diff) \
	X(export) \
	X(plot) \
	X(report) \
	X(watch) \
	X(verify) \
	X(provoke) \
	X(slab) \
	X(vmalloc) \
	X(doctor) \
	X(map) \
	/* every line ends in a backslash, so that lines can be added anywhere */

#define CMD(name) extern const struct cmd cmd_##name;
COMMANDS(CMD)
#undef CMD

#endif
