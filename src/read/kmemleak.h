/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /sys/kernel/debug/kmemleak: mm/kmemleak.c:print_unreferenced, 2.6.31 and later with CONFIG_DEBUG_KMEMLEAK. */
#ifndef READ_KMEMLEAK_H
#define READ_KMEMLEAK_H

#include "read/notes.h"

struct kmemleak_frame {
	const char *function; /* "0x..." where the kernel knew no name */
	const char *module;   /* NULL for the kernel proper */
};

/* Objects allocated through the same functions; the offsets in them do not tell stacks apart. */
struct kmemleak_stack {
	const struct kmemleak_frame *frames; /* innermost first, the allocator's own too */
	size_t n_frames;		     /* 0: the kernel kept no trace */
	uint64_t objects, bytes;
};

struct kmemleak {
	struct kmemleak_stack *stacks; /* most bytes first */
	size_t n_stacks;
	uint64_t objects, bytes; /* of all stacks */
};

/* Of an object only size and trace are kept: not its address, its bytes or whose process it was. */
int read_kmemleak(struct arena *arena, struct slice text, struct kmemleak *out, struct read_notes *notes);

#endif
