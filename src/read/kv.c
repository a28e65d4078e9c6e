// SPDX-License-Identifier: GPL-2.0-or-later
/* Tables of names and numbers. */
#include "read/kv.h"

#include <errno.h>

#define CAP_FIRST 64

struct opt_u64 kv_get(const struct kv_table *t, const char *name)
{
	for (size_t i = 0; i < t->n; i++) {
		/* Most differ in the first letter, and a call costs more than to look. */
		if (t->v[i].name[0] == name[0] && strcmp(t->v[i].name, name) == 0)
			return t->v[i].is_negative ? OPT_UNKNOWN : opt_u64(t->v[i].value);
	}
	return OPT_UNKNOWN;
}

static int push(struct arena *arena, struct kv_table *t, struct slice name, struct kv kv)
{
	if (t->n == t->cap) {
		size_t cap = t->cap ? t->cap * 2 : CAP_FIRST;
		struct kv *v = arena_array(arena, cap, sizeof(*v));

		if (!v)
			return -ENOMEM;
		if (t->n)
			memcpy(v, t->v, t->n * sizeof(*v));
		t->v = v;
		t->cap = cap;
	}
	kv.name = arena_strndup(arena, name.p, name.len);
	if (!kv.name)
		return -ENOMEM;
	t->v[t->n++] = kv;
	return 0;
}

int kv_add(struct arena *arena, struct kv_table *t, struct slice name, uint64_t value)
{
	return push(arena, t, name, (struct kv){ .value = value });
}

int kv_add_signed(struct arena *arena, struct kv_table *t, struct slice name, int64_t value)
{
	bool neg = value < 0;
	uint64_t magnitude = neg ? 0 - (uint64_t)value : (uint64_t)value;

	return push(arena, t, name, (struct kv){ .value = magnitude, .is_negative = neg });
}
