// SPDX-License-Identifier: GPL-2.0-or-later
/* JSON Lines of record --json. */
#include "cmd/sample_line.h"

#include <errno.h>
#include <string.h>

#include "cmd/cmd.h"
#include "out/json_snapshot.h"
#include "snap/take.h"

int cmd_sample_line(const struct raw_capture *raw, const char *sysroot, const char *name, FILE *f)
{
	auto_snapshot struct snapshot *s = NULL;
	auto_free char *why = NULL;

	if (snapshot_from_raw(raw, sysroot, &s, &why))
		return cmd_error(EXIT_CANNOT, "%s", why ? why : "out of memory");
	if (json_write_snapshot(s, f, false))
		return cmd_error(EXIT_CANNOT, "out of memory");
	/* A line is worth something to the reader of the pipe when it comes, not when the buffer is full. */
	if (!name)
		return cmd_flush_stdout();
	return fflush(f) ? cmd_error(EXIT_CANNOT, "%s: %s", name, strerror(errno)) : EXIT_DONE;
}
