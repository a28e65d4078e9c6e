/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The gfp names and bits that a tracepoint's format file prints (print fmt: ... __print_flags). */
#ifndef READ_GFPFORMAT_H
#define READ_GFPFORMAT_H

#include "read/notes.h"

struct gfpformat_flag {
	const char *name;
	uint64_t mask;
};

struct gfpformat {
	struct gfpformat_flag *flags; /* order of the file */
	size_t n_flags;
};

/* events/kmem/mm_page_alloc/format; masks may be sums of casts and shifts as the kernel writes them. */
int read_gfpformat(struct arena *arena, struct slice text, struct gfpformat *out,
		   struct read_notes *notes);

#endif
