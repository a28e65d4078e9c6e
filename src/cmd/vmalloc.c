// SPDX-License-Identifier: GPL-2.0-or-later
/* memtool vmalloc */
#include <string.h>

#include "cmd/get_snapshot.h"
#include "cmd/output.h"
#include "cmd/summary.h"
#include "cmd/view.h"
#include "out/views.h"

enum { OPT_BY = CMD_OPT(0) };

static const struct cmd_option options[] = {
	{ OPT_BY, "by", "WHAT", "a row for each caller (default), module or kind",
	  "caller|module|kind" },
	VIEW_OPTIONS("caller|module|kind|areas|bytes|virtual|guard|guarded|real|pages|vpages|average"),
	{ 0, NULL, NULL, NULL, NULL },
};

static int take_grouping(struct cmd_line *line, enum vmalloc_grouping *by)
{
	static const char *const names[] = {
		[VMALLOC_BY_CALLER] = "caller",
		[VMALLOC_BY_MODULE] = "module",
		[VMALLOC_BY_KIND] = "kind",
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(names); i++) {
		if (strcmp(line->optarg, names[i]) == 0) {
			*by = (enum vmalloc_grouping)i;
			return 0;
		}
	}
	return cmd_usage(line, "--by takes caller, module or kind, not '%s'", line->optarg);
}

/* Columns that the grouping leaves empty are not shown unless asked for. */
static void set_columns(struct view_opts *opts, enum vmalloc_grouping by)
{
	if (opts->columns)
		return;
	if (by == VMALLOC_BY_MODULE)
		opts->columns = "module,kind,areas,bytes,real";
	else if (by == VMALLOC_BY_KIND)
		opts->columns = "kind,areas,bytes,guard,guarded,real";
}

static int print(struct cmd_line *line, const struct view_opts *opts, const struct snapshot *s,
		 const struct vmallocview *v)
{
	struct table t = vmalloc_table(v);
	struct table_choice choice;
	struct outfile out;
	int status = view_choose(line, opts, &t, NULL, &choice), err = 0;

	if (status)
		return status;
	status = cmd_output_open(line, &out);
	if (!status) {
		struct text_style st = cmd_style(line, out.f);

		if (line->global->json)
			json_vmalloc(out.f, isatty(fileno(out.f)), s, v, &t, &choice);
		else
			err = text_vmalloc(out.f, &st, s, v, &t, &choice);
		status = cmd_output_close(line, &out, err ? cmd_error(EXIT_CANNOT, "%s", strerror(-err)) : EXIT_DONE);
	}
	table_choice_done(&choice);
	return status;
}

static int show(struct cmd_line *line, const struct view_opts *opts, enum vmalloc_grouping by,
		const struct snapshot *s)
{
	struct arena arena = { 0 };
	struct vmallocview v;
	int status;

	if (!s->has_vmalloc)
		return view_missing(s, "vmallocinfo", "vmalloc areas");
	view_warn_bad_lines(line, s, "vmallocinfo");
	if (vmallocview_build(&arena, s, by, &v))
		status = cmd_error(EXIT_CANNOT, "out of memory");
	else
		status = print(line, opts, s, &v);
	arena_done(&arena);
	return status;
}

static int run(struct cmd_line *line)
{
	const uint64_t sources = SRC_BIT(SRC_VMALLOCINFO) | SRC_BIT(SRC_MEMINFO) | SRC_BIT(SRC_KERNEL);
	enum vmalloc_grouping by = VMALLOC_BY_CALLER;
	struct view_opts opts = VIEW_OPTS_INIT;
	auto_snapshot struct snapshot *s = NULL;
	int opt, status;

	while ((opt = cmd_next_option(line)) >= 0) {
		status = opt == OPT_BY ? take_grouping(line, &by) : view_take_option(line, opt, &opts);
		if (status)
			return status;
	}
	if (opt == CMD_STOP)
		return line->status;
	if (opts.columns && strcmp(opts.columns, "help") == 0) {
		struct vmallocview none = { 0 };
		struct table t = vmalloc_table(&none);

		table_list_columns(stdout, &t);
		return EXIT_DONE;
	}
	set_columns(&opts, by);
	status = cmd_get_snapshot(line, view_sources(line, sources), &s);
	return status ? status : show(line, &opts, by, s);
}

const struct cmd cmd_vmalloc = {
	.name = "vmalloc",
	.summary = "vmalloc areas by caller, module or kind",
	.args = "",
	.description = "Shows who holds the vmalloc address space: without the guard pages that the kernel adds,\n"
		       "with the real pages apart, and the largest hole where addresses can be read.",
	.options = options,
	.run = run,
};
