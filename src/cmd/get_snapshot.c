// SPDX-License-Identifier: GPL-2.0-or-later
/* The snapshot a command works on. */
#include "cmd/get_snapshot.h"

#include <stdlib.h>

#include "cmd/timeline.h"

int cmd_get_snapshot(struct cmd_line *line, uint64_t sources, struct snapshot **out)
{
	const struct global_opts *g = line->global;
	struct capture_opts opts = { .sysroot = g->sysroot, .sources = sources };

	return cmd_get_snapshot_with(line, &opts, out);
}

int cmd_get_snapshot_with(struct cmd_line *line, const struct capture_opts *opts, struct snapshot **out)
{
	return cmd_begin_snapshot(line, opts, out, NULL);
}

int cmd_begin_snapshot(struct cmd_line *line, const struct capture_opts *opts, struct snapshot **out,
		       struct snapshot_rest **rest)
{
	const struct global_opts *g = line->global;
	auto_timeline struct timeline *t = NULL;
	auto_free char *why = NULL;
	int status, ret;

	if (g->from && g->sysroot)
		return cmd_usage(line, "--from and --sysroot exclude each other");
	if (g->n_at > 1)
		return cmd_usage(line, "one --at is enough");
	if (g->n_at && !g->from)
		return cmd_usage(line, "--at needs --from FILE");
	if (g->from) {
		status = timeline_open(line, g->from, &t);
		return status == EXIT_DONE ? timeline_get(t, g->at[0], out) : status;
	}
	ret = rest ? snapshot_begin(opts, out, rest, &why) : snapshot_take(opts, out, &why);
	if (ret)
		return cmd_error(EXIT_CANNOT, "%s", why ? why : "out of memory");
	return EXIT_DONE;
}
