/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/allocinfo: lib/alloc_tag.c:allocinfo_show, 6.10 and later with CONFIG_MEM_ALLOC_PROFILING. */
#ifndef READ_ALLOCINFO_H
#define READ_ALLOCINFO_H

#include "read/notes.h"

struct allocinfo_site {
	const char *location; /* file:line */
	const char *function;
	const char *module; /* NULL for the kernel proper */
	uint64_t bytes, calls;
	bool inaccurate; /* accurate:no */
};

struct allocinfo {
	struct allocinfo_site *sites; /* that hold anything, most bytes first; behind them those of bytes and no call */
	size_t n_sites;
	uint64_t bytes, calls; /* of all sites; a document may list the largest only */
};

/* Where a site is, without the folders in which someone built a module apart: "leak.c:17" of "/var/lib/dkms/leak.c:17". */
struct slice allocinfo_place(struct slice location);

/*
 * Bytes of no allocation, and so of no memory. Linux 6.12 leaves 4095 for each page that is migrated, at the site
 * that the new one is taken at (include/linux/mm.h:pgalloc_tag_copy takes off the number of pages for that of bytes).
 */
uint64_t allocinfo_bytes_left(const struct allocinfo *a);
/* How many sites stand before those. */
size_t allocinfo_held(const struct allocinfo *a);

int read_allocinfo(struct arena *arena, struct slice text, struct allocinfo *out, struct read_notes *notes);

#endif
