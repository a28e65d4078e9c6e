// SPDX-License-Identifier: GPL-2.0-or-later
/* The snapshot a command works on. */
#include "cmd/get_snapshot.h"

#include <stdlib.h>

#include "snap/load.h"
#include "snap/take.h"

int cmd_get_snapshot(struct cmd_line *line, uint64_t sources, struct snapshot **out)
{
	const struct global_opts *g = line->global;
	struct capture_opts opts = { .sysroot = g->sysroot, .sources = sources };

	return cmd_get_snapshot_with(line, &opts, out);
}

int cmd_get_snapshot_with(struct cmd_line *line, const struct capture_opts *opts, struct snapshot **out)
{
	const struct global_opts *g = line->global;
	auto_free char *why = NULL;
	int ret;

	if (g->from && g->sysroot)
		return cmd_usage(line, "--from and --sysroot exclude each other");
	ret = g->from ? snapshot_load(g->from, out, &why) : snapshot_take(opts, out, &why);
	if (ret)
		return cmd_error(EXIT_CANNOT, "%s", why ? why : "out of memory");
	return EXIT_DONE;
}
