// SPDX-License-Identifier: GPL-2.0-or-later
/* Open addressing with linear probing, at most half full. */
#include "read/nameset.h"

#include <errno.h>
#include <stdlib.h>

#define CAP_FIRST 64
#define KEEP_MAX  1024 /* entries that stay over nameset_clear */

void nameset_done(struct nameset *s)
{
	free(s->v);
	*s = (struct nameset){ 0 };
}

void nameset_clear(struct nameset *s)
{
	/* What one large set took must not be swept for each small one behind it. */
	if (s->cap > KEEP_MAX)
		nameset_done(s);
	if (s->n)
		memset(s->v, 0, s->cap * sizeof(*s->v));
	s->n = 0;
}

static uint64_t mix(uint64_t h, uint64_t v)
{
	h = (h ^ v) * UINT64_C(0xbf58476d1ce4e5b9);
	return h ^ h >> 32;
}

static size_t hash(uint64_t tag, struct slice name)
{
	uint64_t h = mix(name.len, tag), v;

	for (; name.len >= sizeof(v); name.p += sizeof(v), name.len -= sizeof(v)) {
		memcpy(&v, name.p, sizeof(v));
		h = mix(h, v);
	}
	v = 0;
	if (name.len)
		memcpy(&v, name.p, name.len);
	return (size_t)mix(h, v);
}

static struct nameset_entry *slot(const struct nameset *s, uint64_t tag, struct slice name)
{
	size_t i = hash(tag, name) & (s->cap - 1);

	while (s->v[i].used && (s->v[i].tag != tag || s->v[i].name.len != name.len ||
				memcmp(s->v[i].name.p, name.p, name.len) != 0))
		i = (i + 1) & (s->cap - 1);
	return &s->v[i];
}

static int grow(struct nameset *s)
{
	struct nameset bigger = { .cap = s->cap ? s->cap * 2 : CAP_FIRST, .n = s->n };

	bigger.v = calloc(bigger.cap, sizeof(*bigger.v));
	if (!bigger.v)
		return -ENOMEM;
	for (size_t i = 0; i < s->cap; i++) {
		if (s->v[i].used)
			*slot(&bigger, s->v[i].tag, s->v[i].name) = s->v[i];
	}
	free(s->v);
	*s = bigger;
	return 0;
}

int nameset_add(struct nameset *s, uint64_t tag, struct slice name, size_t *value)
{
	struct nameset_entry *e;

	if (s->n >= s->cap / 2 && grow(s) != 0)
		return -ENOMEM;
	e = slot(s, tag, name);
	if (e->used) {
		*value = e->value;
		return 1;
	}
	*e = (struct nameset_entry){ name, tag, *value, true };
	s->n++;
	return 0;
}

bool nameset_get(const struct nameset *s, uint64_t tag, struct slice name, size_t *value)
{
	const struct nameset_entry *e;

	if (s->cap == 0)
		return false;
	e = slot(s, tag, name);
	if (e->used)
		*value = e->value;
	return e->used;
}
