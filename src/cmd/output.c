// SPDX-License-Identifier: GPL-2.0-or-later
/* What a command writes: standard output, or the file that --output names. */
#include "cmd/output.h"

#include <errno.h>
#include <string.h>

static int failed(const struct cmd_line *line, int err)
{
	const char *name = line->global->output ? line->global->output : "standard output";

	return cmd_error(EXIT_CANNOT, "%s: %s", name, strerror(-err));
}

int cmd_output_open(const struct cmd_line *line, struct outfile *o)
{
	int err = outfile_open(o, line->global->output);

	return err ? failed(line, err) : EXIT_DONE;
}

int cmd_output_open_direct(const struct cmd_line *line, struct outfile *o)
{
	int err = outfile_open_direct(o, line->global->output);

	return err ? failed(line, err) : EXIT_DONE;
}

int cmd_output_close(const struct cmd_line *line, struct outfile *o, int status)
{
	int err = status == EXIT_DONE ? outfile_commit(o) : 0;

	outfile_done(o);
	/* main.c says what there is to say about a closed standard output. */
	if (!err || (err == -EPIPE && !line->global->output))
		return status;
	return failed(line, err);
}
