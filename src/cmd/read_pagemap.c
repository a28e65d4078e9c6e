// SPDX-License-Identifier: GPL-2.0-or-later
/* The page map, from the page flags of this machine or of a --sysroot. */
#include "cmd/read_pagemap.h"

#include <errno.h>
#include <stdlib.h>

#include "host/pageflags.h"

/* Counts the blocks planned. 0, -ENODATA if all lie behind the file's end, or negative errno. */
static int read_blocks(int fd, struct pagemap *m, uint64_t *cut)
{
	uint64_t blocks = 0;
	size_t n = (size_t)1 << m->order;
	auto_free uint64_t *flags = calloc(n, sizeof(*flags));

	if (!flags)
		return -ENOMEM;
	for (size_t i = 0; i < m->n_zones; i++) {
		struct pagemap_zone *z = &m->zones[i];

		for (size_t j = 0; j < z->n_sampled; j++) {
			int64_t got = pageflags_read(fd, z->blocks[j].pfn, flags, n);

			if (got < 0)
				return (int)got;
			blocks++;
			*cut += got == 0;
			pagemap_count(m, &z->blocks[j], flags, (size_t)got);
		}
	}
	return blocks && *cut == blocks ? -ENODATA : 0;
}

int cmd_read_pagemap(struct arena *arena, const struct snapshot *s, int fd, unsigned int order, uint64_t max,
		     struct pagemap *out, uint64_t *cut)
{
	int err = pagemap_plan(arena, s, order, max, out);

	*cut = 0;
	if (!err && out->n_zones == 0)
		return -ENXIO;
	if (!err)
		err = read_blocks(fd, out, cut);
	return err ? err : pagemap_finish(arena, out);
}

static bool told(const struct mm *mm)
{
	for (size_t i = 0; i < mm->n_zones; i++) {
		if (mm->zones[i].could_free.known)
			return true;
	}
	return false;
}

void cmd_bound_compaction(const struct cmd_line *line, struct mm *mm, uint64_t pages)
{
	uint64_t max = pages >> mm->pageblock_order, cut;
	struct arena arena = { 0 };
	auto_close int fd = -1;
	struct pagemap m;
	struct root root;

	if (line->global->from || !mm->compaction || told(mm))
		return;
	if (root_open(&root, line->global->sysroot) == 0)
		fd = pageflags_open(&root, NULL);
	root_close(&root);
	if (fd < 0)
		return;
	if (cmd_read_pagemap(&arena, mm->snap, fd, mm->pageblock_order, max ? max : 1, &m, &cut) == 0 && !cut)
		pagemap_tell(&m, mm);
	arena_done(&arena);
}
