// SPDX-License-Identifier: GPL-2.0-or-later
/* Wiring of a snapshot to its models and the summary for a person. */
#include "cmd/summary.h"

#include <langinfo.h>
#include <string.h>
#include <unistd.h>

#include "out/text_snapshot.h"

struct text_style cmd_style(const struct cmd_line *line, FILE *f)
{
	return (struct text_style){
		.color = cmd_use_color(line, f),
		.terminal = isatty(fileno(f)),
		.utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0,
		.bytes = line->global->bytes,
		.width = cmd_width(f),
		.verbose = line->global->verbose,
	};
}

static int build_and_print(FILE *f, const struct text_style *st, const struct snapshot *s,
			   struct arena *arena)
{
	struct figures fig;
	struct slabview slab;
	struct vmallocview vmalloc;
	int err = figures_build(arena, s, &fig);

	if (!err)
		err = slabview_build(arena, s, &slab);
	if (!err)
		err = vmallocview_build(arena, s, VMALLOC_BY_CALLER, &vmalloc);
	if (!err)
		err = text_snapshot(f, st, s, &fig, &slab, &vmalloc);
	return err;
}

int cmd_put_summary(struct cmd_line *line, FILE *f, const struct snapshot *s)
{
	struct text_style st = cmd_style(line, f);
	struct arena arena = { 0 };
	int err = build_and_print(f, &st, s, &arena);

	arena_done(&arena);
	return err ? cmd_error(EXIT_CANNOT, "%s", strerror(-err)) : EXIT_DONE;
}
