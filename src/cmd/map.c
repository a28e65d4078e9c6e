// SPDX-License-Identifier: GPL-2.0-or-later
/* memtool map */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <string.h>

#include "cmd/get_snapshot.h"
#include "cmd/output.h"
#include "cmd/read_pagemap.h"
#include "cmd/summary.h"
#include "cmd/view.h"
#include "host/pageflags.h"
#include "out/map.h"

enum {
	OPT_BLOCKS = CMD_OPT(0),
	OPT_ORDER,
};

static const struct cmd_option options[] = {
	{ OPT_BLOCKS, "blocks", "N", "look at N pageblocks, spread evenly; 0 all (default 4096)", NULL },
	{ OPT_ORDER, "order", "N", "blocks of this order rather than the kernel's pageblocks", NULL },
	{ 0, NULL, NULL, NULL, NULL },
};

struct map_opts {
	int blocks, order; /* order -1: the kernel's */
};

static int take_options(struct cmd_line *line, struct map_opts *o)
{
	int opt;

	while ((opt = cmd_next_option(line)) >= 0) {
		if (opt == OPT_BLOCKS && num_int(line->optarg, 0, INT_MAX, &o->blocks))
			return cmd_usage(line, "--blocks takes a number, not '%s'", line->optarg);
		if (opt == OPT_ORDER && num_int(line->optarg, 0, 24, &o->order))
			return cmd_usage(line, "--order takes a number up to 24, not '%s'", line->optarg);
	}
	if (opt == CMD_STOP)
		return line->status;
	if (line->global->from)
		return cmd_usage(line, "a snapshot has no page flags: map reads the machine or a --sysroot");
	return -1;
}

static int print(struct cmd_line *line, const struct snapshot *s, const struct pagemap *m)
{
	struct outfile out;
	int status = cmd_output_open(line, &out);
	struct text_style st;

	if (status)
		return status;
	st = cmd_style(line, out.f);
	if (line->global->json)
		json_map(out.f, isatty(fileno(out.f)), s, m);
	else
		text_map(out.f, &st, s, m);
	return cmd_output_close(line, &out, EXIT_DONE);
}

static int open_flags(struct cmd_line *line)
{
	const char *why = NULL, *hint = "";
	struct root root;
	int fd = root_open(&root, line->global->sysroot);

	if (fd) {
		cmd_error(EXIT_CANNOT, "%s: %s", line->global->sysroot ? line->global->sysroot : "/", strerror(-fd));
		return fd;
	}
	fd = pageflags_open(&root, &why);
	root_close(&root);
	if (fd >= 0)
		return fd;
	if (fd == -EACCES || fd == -EPERM)
		hint = " (run as root to see what pages are used for)";
	else if (fd == -ENOENT)
		hint = line->global->sysroot ? "; in this tree it is not recorded"
					     : " (the kernel needs CONFIG_PROC_PAGE_MONITOR)";
	cmd_error(EXIT_CANNOT, "/proc/kpageflags: %s%s", why ? why : strerror(-fd), hint);
	return fd;
}

static int show(struct cmd_line *line, const struct map_opts *o, const struct snapshot *s, int fd)
{
	struct opt_u64 order = o->order >= 0 ? opt_u64((uint64_t)o->order) : pagemap_order(s);
	struct arena arena = { 0 };
	struct pagemap m;
	uint64_t cut = 0;
	int err, status;

	if (!order.known || order.v > 24)
		return cmd_error(EXIT_CANNOT, "the size of a pageblock is not known (--order says it)");
	err = cmd_read_pagemap(&arena, s, fd, (unsigned int)order.v, (uint64_t)o->blocks, &m, &cut);
	if (err == -ENXIO) {
		arena_done(&arena);
		return cmd_error(EXIT_CANNOT, "/proc/zoneinfo: does not tell where the zones lie");
	}
	if (!err && cut)
		cmd_warn(line, "/proc/kpageflags: cut off: %" PRIu64 " pageblocks stand behind its end and count as absent", cut);
	status = err ? cmd_error(EXIT_CANNOT, "/proc/kpageflags: %s", err == -ENODATA ? "empty" : strerror(-err))
		     : print(line, s, &m);
	arena_done(&arena);
	return status;
}

static int run(struct cmd_line *line)
{
	const uint64_t sources = SRC_BIT(SRC_ZONEINFO) | SRC_BIT(SRC_PAGETYPEINFO) | SRC_BIT(SRC_MEMINFO) |
				 SRC_BIT(SRC_BUDDYINFO) | SRC_BIT(SRC_KERNEL) | SRC_BIT(SRC_SYSCTL);
	struct map_opts opts = { PAGEMAP_BLOCKS, -1 };
	auto_snapshot struct snapshot *s = NULL;
	auto_close int fd = -1;
	int status = take_options(line, &opts);

	if (status >= 0)
		return status;
	fd = open_flags(line);
	if (fd < 0)
		return EXIT_CANNOT;
	status = cmd_get_snapshot(line, view_sources(line, sources), &s);
	return status ? status : show(line, &opts, s, fd);
}

const struct cmd cmd_map = {
	.name = "map",
	.summary = "what each pageblock holds, and what compaction could free",
	.args = "",
	.description = "Draws the physical page map from /proc/kpageflags: which pageblocks are free, which hold\n"
		       "only pages that can be moved, and which are held by a few that cannot. Looks at a sample\n"
		       "of the blocks unless told otherwise: eight bytes are read for every page.",
	.options = options,
	.run = run,
};
