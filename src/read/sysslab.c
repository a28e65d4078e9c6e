// SPDX-License-Identifier: GPL-2.0-or-later
/* Reader of /sys/kernel/slab attributes: mm/slub.c:*_show. */
#include "read/sysslab.h"

#include <errno.h>
#include <limits.h>
#include <stddef.h>

#include "base/cleanup.h"
#include "read/lines.h"

#define FIELDS(X)                                                                                  \
	X(object_size) X(slab_size) X(align) X(objs_per_slab) X(order) X(min_partial)             \
	X(cpu_partial) X(aliases) X(reclaim_account) X(cache_dma) X(destroy_by_rcu)               \
	X(hwcache_align) X(usersize) X(sanity_checks) X(red_zone) X(poison) X(store_user)         \
	X(total_objects) X(objects) X(partial) X(slabs) X(cpu_slabs) X(sheaf_capacity)            \
	X(remote_node_defrag_ratio)

#define NAME(field)   #field,
#define OFFSET(field) offsetof(struct sysslab_cache, field),

static const char *const names[] = { FIELDS(NAME) "ctor", NULL };
static const size_t offsets[] = { FIELDS(OFFSET) };

const char *const *sysslab_attrs(void)
{
	return names;
}

/* "N0=12 N3=4": 0, -EINVAL or -ENOMEM. */
static int parse_nodes(struct arena *arena, struct slice s, struct sysslab_node_count **out,
		       size_t *n)
{
	auto_free struct sysslab_node_count *v = NULL;
	size_t count = 0, cap = 0;
	struct slice word;

	while (slice_word(&s, &word)) {
		const char *eq = memchr(word.p, '=', word.len);
		struct sysslab_node_count c;
		uint64_t node;

		if (!eq || word.p[0] != 'N' ||
		    num_u64(word.p + 1, (size_t)(eq - word.p - 1), &node) != 0 || node > INT_MAX ||
		    num_u64(eq + 1, word.len - (size_t)(eq + 1 - word.p), &c.count) != 0)
			return -EINVAL;
		if (vec_grow(&v, &cap, count, sizeof(*v)) != 0)
			return -ENOMEM;
		c.node = (int)node;
		v[count++] = c;
	}
	if (count == 0)
		return 0;
	*out = arena_memdup(arena, v, count * sizeof(*v));
	*n = *out ? count : 0;
	return *out ? 0 : -ENOMEM;
}

/* A number, and for counts the same by node after it. */
static int parse_number(struct arena *arena, size_t field, struct slice s, struct sysslab_cache *c)
{
	struct sysslab_node_count *nodes = NULL;
	size_t n = 0;
	uint64_t v;
	int r = slice_u64(&s, &v);

	if (r == 0)
		r = parse_nodes(arena, s, &nodes, &n);
	if (r)
		return r == -ENOMEM ? r : -EINVAL;
	*(struct opt_u64 *)(void *)((char *)c + offsets[field]) = opt_u64(v);
	if (offsets[field] == offsetof(struct sysslab_cache, total_objects)) {
		c->node_total = nodes;
		c->n_node_total = n;
	} else if (offsets[field] == offsetof(struct sysslab_cache, objects)) {
		c->node_objects = nodes;
		c->n_node_objects = n;
	}
	return 0;
}

int read_sysslab_attr(struct arena *arena, const char *attr, struct slice text,
		      struct sysslab_cache *c)
{
	struct lines l = { .rest = text };
	struct slice s;

	/* Empty where there is no constructor, or nothing to count. */
	if (!lines_next(&l) || l.line.len == 0)
		return 0;
	s = slice_trim(l.line);
	for (size_t i = 0; i < ARRAY_SIZE(offsets); i++) {
		if (strcmp(attr, names[i]) == 0)
			return l.complete ? parse_number(arena, i, s, c) : -EINVAL;
	}
	if (strcmp(attr, "ctor") != 0)
		return 0;
	if (!l.complete || !lines_name_ok(s))
		return -EINVAL;
	c->ctor = arena_strndup(arena, s.p, s.len);
	return c->ctor ? 0 : -ENOMEM;
}
