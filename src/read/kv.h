/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tables of the kernel's own names and numbers, in the order of the file. */
#ifndef READ_KV_H
#define READ_KV_H

#include "base/num.h"
#include "base/str.h"

struct kv {
	const char *name;
	uint64_t value;
	bool is_negative; /* value holds the magnitude: the kernel printed a minus */
};

struct kv_table {
	struct kv *v;
	size_t n, cap; /* the array is the arena's; cap is the growth room */
};

/* The value of @name; unknown if absent or negative. Linear. */
struct opt_u64 kv_get(const struct kv_table *t, const char *name);
/* Append, names copied to @arena. 0 or -ENOMEM. */
int kv_add(struct arena *arena, struct kv_table *t, struct slice name, uint64_t value);
int kv_add_signed(struct arena *arena, struct kv_table *t, struct slice name, int64_t value);

#endif
