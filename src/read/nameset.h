/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A set of (tag, name) pairs with a number each: finds repeated rows in linear time. */
#ifndef READ_NAMESET_H
#define READ_NAMESET_H

#include "base/str.h"

struct nameset_entry {
	struct slice name; /* borrowed */
	uint64_t tag;
	size_t value;
	bool used;
};

/* Zeroed is empty and valid; the names must outlive it. */
struct nameset {
	struct nameset_entry *v;
	size_t n, cap;
};

void nameset_done(struct nameset *s);
/* Empty again, in time that does not depend on what a set before needed. */
void nameset_clear(struct nameset *s);
/*
 * 1 and *@value set if the pair is there already; 0 if it was added with
 * *@value; -ENOMEM.
 */
int nameset_add(struct nameset *s, uint64_t tag, struct slice name, size_t *value);
/* False if it is not there. */
bool nameset_get(const struct nameset *s, uint64_t tag, struct slice name, size_t *value);

static inline void cleanup_nameset(struct nameset *s)
{
	nameset_done(s);
}
#define auto_nameset __attribute__((cleanup(cleanup_nameset)))

#endif
