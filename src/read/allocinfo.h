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
	struct allocinfo_site *sites; /* that hold anything, most bytes first */
	size_t n_sites;
	uint64_t bytes, calls; /* of all sites; a document may list the largest only */
};

int read_allocinfo(struct arena *arena, struct slice text, struct allocinfo *out, struct read_notes *notes);

#endif
