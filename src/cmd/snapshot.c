// SPDX-License-Identifier: GPL-2.0-or-later
/* memtool snapshot */
#include "cmd/cmd.h"

static int run(struct cmd_line *line)
{
	int opt;

	while ((opt = cmd_next_option(line)) >= 0)
		;
	if (opt == CMD_STOP)
		return line->status;
	return cmd_error(EXIT_CANNOT, "not yet");
}

const struct cmd cmd_snapshot = {
	.name = "snapshot",
	.summary = "take one snapshot of the kernel's memory",
	.args = "",
	.description = "Reads what the kernel tells of its memory and prints a summary, or all of it as JSON.",
	.run = run,
};
