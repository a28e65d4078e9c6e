/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /sys/kernel/debug/kmemleak: mm/kmemleak.c:print_unreferenced, 2.6.31 to 7.3: objects that
 * nothing points to, as the last scan found them.
 */
#ifndef READ_KMEMLEAK_H
#define READ_KMEMLEAK_H

#include "read/notes.h"

/* Objects that one function allocated and lost. */
struct kmemleak_caller {
	const char *function; /* the first of the backtrace that is no allocator; "" if it shows none */
	const char *module;   /* NULL for the kernel proper */
	uint64_t objects, bytes;
};

struct kmemleak {
	struct kmemleak_caller *callers; /* most bytes first */
	size_t n_callers;
	uint64_t objects, bytes; /* of all callers, kept or not */
};

/* Keep the @max_callers that lost most (0: all). An empty file tells that nothing was found. */
int read_kmemleak(struct arena *arena, struct slice text, size_t max_callers, struct kmemleak *out,
		  struct read_notes *notes);

#endif
