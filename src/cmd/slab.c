// SPDX-License-Identifier: GPL-2.0-or-later
/* memtool slab */
#include <string.h>

#include "cmd/get_snapshot.h"
#include "cmd/output.h"
#include "cmd/summary.h"
#include "cmd/view.h"
#include "out/views.h"

static const struct cmd_option options[] = {
	VIEW_OPTIONS("name|bytes|used|waste|free|slack|padding|use|objects|active|size|perslab|pages|order|slabs|"
		     "actslabs|minorder|surplus|reclaim|exact|debug|aliases"),
	{ 0, NULL, NULL, NULL, NULL },
};

static int print(struct cmd_line *line, const struct view_opts *opts, const struct snapshot *s,
		 const struct slabview *v)
{
	struct table t = slab_table(v);
	struct table_choice choice;
	struct outfile out;
	int status = view_choose(line, opts, &t, "bytes", &choice), err = 0;

	if (status)
		return status;
	status = cmd_output_open(line, &out);
	if (!status) {
		struct text_style st = cmd_style(line, out.f);

		if (line->global->json)
			json_slab(out.f, isatty(fileno(out.f)), s, v, &t, &choice);
		else
			err = text_slab(out.f, &st, s, v, &t, &choice);
		status = cmd_output_close(line, &out, err ? cmd_error(EXIT_CANNOT, "%s", strerror(-err)) : EXIT_DONE);
	}
	table_choice_done(&choice);
	return status;
}

/* Of several names those that are no cache's are said. 0, or EXIT_CANNOT if none is. */
static int choose(struct cmd_line *line, const struct snapshot *s, struct slabview *v)
{
	int known = 0;

	for (int i = 0; i < line->n_args; i++)
		known += slabview_has(v, line->args[i]);
	if (!known)
		return cmd_error(EXIT_CANNOT, "no cache is named '%s'", line->args[0]);
	for (int i = 0; i < line->n_args; i++) {
		if (!slabview_has(v, line->args[i]))
			cmd_warn(line, "no cache is named '%s'", line->args[i]);
	}
	slabview_filter(s, v, line->args);
	return 0;
}

static int show(struct cmd_line *line, const struct view_opts *opts, const struct snapshot *s)
{
	struct arena arena = { 0 };
	struct slabview v;
	int status;

	if (!s->has_slab)
		return view_missing(s, "slabinfo", "slab caches");
	view_warn_bad_lines(line, s, "slabinfo");
	if (slabview_build(&arena, s, &v))
		status = cmd_error(EXIT_CANNOT, "out of memory");
	else if (line->n_args == 0 || (status = choose(line, s, &v)) == 0)
		status = print(line, opts, s, &v);
	arena_done(&arena);
	return status;
}

static int run(struct cmd_line *line)
{
	const uint64_t sources = SRC_BIT(SRC_SLABINFO) | SRC_BIT(SRC_SYSSLAB) | SRC_BIT(SRC_ALLOCINFO) |
				 SRC_BIT(SRC_KMEMLEAK) | SRC_BIT(SRC_PAGE_OWNER) | SRC_BIT(SRC_KERNEL) |
				 SRC_BIT(SRC_KCONFIG);
	struct capture_opts capture = { .insist = SRC_BIT(SRC_KMEMLEAK) | SRC_BIT(SRC_PAGE_OWNER) };
	struct view_opts opts = VIEW_OPTS_INIT;
	auto_snapshot struct snapshot *s = NULL;
	int opt, status;

	while ((opt = cmd_next_option(line)) >= 0) {
		status = view_take_option(line, opt, &opts);
		if (status)
			return status;
	}
	if (opt == CMD_STOP)
		return line->status;
	if (opts.columns && strcmp(opts.columns, "help") == 0) {
		struct slabview none = { 0 };
		struct table t = slab_table(&none);

		table_list_columns(stdout, &t);
		return EXIT_DONE;
	}
	capture.sysroot = line->global->sysroot;
	capture.sources = view_sources(line, sources);
	status = cmd_get_snapshot_with(line, &capture, &s);
	return status ? status : show(line, &opts, s);
}

const struct cmd cmd_slab = {
	.name = "slab",
	.summary = "slab caches by memory and by waste",
	.args = "[CACHE...]",
	.description = "Shows what each slab cache holds of the page allocator, how much of it is in use, and what\n"
		       "is lost; with CACHE only the caches of that name (a shell pattern, aliases too).",
	.options = options,
	.run = run,
};
