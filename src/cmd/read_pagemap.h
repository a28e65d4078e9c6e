/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The page map, from the page flags of this machine or of a --sysroot. */
#ifndef CMD_READ_PAGEMAP_H
#define CMD_READ_PAGEMAP_H

#include "cmd/cmd.h"
#include "model/pagemap.h"

/* 4096 blocks of 512 pages are 16 MiB of flags and well under a second. */
#define PAGEMAP_BLOCKS 4096

/*
 * Plan, read and sum up (model/pagemap.h). @fd: of pageflags_open, lent. @cut: blocks that lie behind the
 * file's end, as no running kernel's do. 0; -ENXIO if zoneinfo tells the place of no zone; -ENODATA if
 * the file has nothing of any block; or another negative errno.
 */
int cmd_read_pagemap(struct arena *arena, const struct snapshot *s, int fd, unsigned int order, uint64_t max,
		     struct pagemap *out, uint64_t *cut);
/*
 * Tell @mm, of the command line's machine or tree, what compaction can free: by @pages page flags at most, but
 * some blocks of each zone. Where they cannot be read, or @mm was told before, it stays as it is.
 */
void cmd_bound_compaction(const struct cmd_line *line, struct mm *mm, uint64_t pages);

#endif
