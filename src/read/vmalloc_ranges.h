/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The address ranges of /proc/vmallocinfo: whether they are real, their order, which touch. */
#ifndef READ_VMALLOC_RANGES_H
#define READ_VMALLOC_RANGES_H

#include "read/vmalloc_line.h"

struct vmalloc_hashed {
	uint32_t start, end;
};

/* Zeroed but for arena and expected, it is empty and valid. */
struct vmalloc_ranges {
	struct arena *arena;
	size_t expected; /* about so many will come */
	struct vmalloc_range *real; /* in the arena, while all lines are real */
	size_t n, cap;
	struct vmalloc_hashed *hashed; /* while all lines are hashed */
	size_t n_hashed, hashed_cap;
	bool any_real, any_hashed, any_zero, any_wide; /* wide: wrong, but no 32 bits of hash either */
};

void vmalloc_ranges_done(struct vmalloc_ranges *r);
/* 0 or -ENOMEM. */
int vmalloc_ranges_add(struct vmalloc_ranges *r, const struct vmalloc_line *line);
/* Set addresses, adjacent and ranges of @out. 0 or -ENOMEM. */
int vmalloc_ranges_take(struct vmalloc_ranges *r, struct vmallocinfo *out);

#endif
