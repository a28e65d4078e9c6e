// SPDX-License-Identifier: GPL-2.0-or-later
/* What the commands that show a table share. */
#include "cmd/view.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <string.h>

#define DEFAULT_TOP 20

int view_take_option(struct cmd_line *line, int opt, struct view_opts *v)
{
	switch (opt) {
	case VIEW_COLUMNS:
		v->columns = line->optarg;
		break;
	case VIEW_SORT:
		v->sort = line->optarg;
		break;
	case VIEW_TOP:
		if (num_int(line->optarg, 0, INT_MAX, &v->top))
			return cmd_usage(line, "--top takes a number, not '%s'", line->optarg);
		break;
	case VIEW_RAW:
		v->raw = true;
		break;
	default:
		break;
	}
	return 0;
}

uint64_t view_sources(const struct cmd_line *line, uint64_t sources)
{
	if (!line->global->sysroot)
		return sources;
	return sources | SRC_BIT(SRC_MEMINFO) | SRC_BIT(SRC_VMSTAT) | SRC_BIT(SRC_ZONEINFO) |
	       SRC_BIT(SRC_BUDDYINFO) | SRC_BIT(SRC_KCONFIG);
}

int view_choose(struct cmd_line *line, const struct view_opts *v, const struct table *t,
		const char *sort, struct table_choice *choice)
{
	bool whole = v->raw || line->global->json;
	size_t limit = v->top >= 0 ? (size_t)v->top : whole ? 0 : DEFAULT_TOP;
	struct slice bad;
	int err;

	err = table_choose(t, v->columns, v->sort ? v->sort : sort, limit, choice, &bad);
	if (err == -EINVAL)
		return cmd_usage(line, "no column is named '%.*s'; --columns help lists them",
				 (int)bad.len, bad.p);
	if (err)
		return cmd_error(EXIT_CANNOT, "%s", strerror(-err));
	choice->raw = v->raw;
	return EXIT_DONE;
}

int view_missing(const struct snapshot *s, const char *name, const char *what)
{
	const struct snap_source *src = snapshot_source(s, name);

	if (!src || src->state == SNAP_READ)
		return cmd_error(EXIT_CANNOT, "the snapshot has no %s", what);
	return cmd_error(EXIT_CANNOT, "%s: %s%s%s%s", src->path ? src->path : src->name,
			 src->reason ? src->reason : "not read", src->hint ? " (" : "",
			 src->hint ? src->hint : "", src->hint ? ")" : "");
}

void view_warn_bad_lines(const struct cmd_line *line, const struct snapshot *s, const char *name)
{
	const struct snap_source *src = snapshot_source(s, name);

	if (!src || src->bad_lines == 0)
		return;
	cmd_warn(line, "%s: %" PRIu64 " line%s not understood%s%s", src->path ? src->path : name,
		 src->bad_lines, plural(src->bad_lines), src->bad_excerpt ? ", the first: " : "",
		 src->bad_excerpt ? src->bad_excerpt : "");
}
