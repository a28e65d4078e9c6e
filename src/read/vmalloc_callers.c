// SPDX-License-Identifier: GPL-2.0-or-later
/* Hash table of callers; names are compared whole. */
#include "read/vmalloc_callers.h"

#include <errno.h>

#include "base/cleanup.h"
#include "base/num.h"

#define SLOTS_FIRST	 256
#define CALLER_MAX_BYTES 1023

void vmalloc_callers_done(struct vmalloc_callers *c)
{
	free(c->v);
	free(c->lens);
	free(c->n_node_pages);
	free(c->slots);
	free(c->node_ids);
	nameset_done(&c->node_places);
}

static uint32_t hash_caller(struct slice s, enum vmalloc_kind kind)
{
	const uint64_t k = UINT64_C(0x9e3779b97f4a7c15);
	uint64_t h = s.len * 31 + (uint64_t)kind, v;

	for (; s.len >= 8; s.p += 8, s.len -= 8) {
		memcpy(&v, s.p, 8);
		h = (h ^ v) * k;
		h ^= h >> 32;
	}
	v = 0;
	if (s.len)
		memcpy(&v, s.p, s.len);
	h = (h ^ v) * k;
	return (uint32_t)(h >> 32);
}

/* memcmp for what is about 30 bytes: eight at a time, the last ones overlapping. */
static inline bool same_bytes(const char *a, const char *b, size_t len)
{
	uint64_t x, y;

	if (len < 8)
		return memcmp(a, b, len) == 0;
	for (size_t i = 0; i + 8 < len; i += 8) {
		memcpy(&x, a + i, 8);
		memcpy(&y, b + i, 8);
		if (x != y)
			return false;
	}
	memcpy(&x, a + len - 8, 8);
	memcpy(&y, b + len - 8, 8);
	return x == y;
}

static bool is_same(const struct vmalloc_callers *c, size_t i, struct slice name,
		    enum vmalloc_kind kind)
{
	return c->lens[i] == name.len && c->v[i].kind == kind &&
	       same_bytes(c->v[i].caller, name.p, name.len);
}

static int grow_slots(struct vmalloc_callers *c)
{
	size_t n = c->n_slots ? c->n_slots * 2 : SLOTS_FIRST;
	struct vmalloc_callers_slot *slots;

	if (c->n >= UINT32_MAX / 2)
		return -ENOMEM;
	slots = calloc(n, sizeof(*slots));
	if (!slots)
		return -ENOMEM;
	for (size_t i = 0; i < c->n_slots; i++) {
		size_t at = c->slots[i].hash & (n - 1);

		if (!c->slots[i].index)
			continue;
		while (slots[at].index)
			at = (at + 1) & (n - 1);
		slots[at] = c->slots[i];
	}
	free(c->slots);
	c->slots = slots;
	c->n_slots = n;
	return 0;
}

static bool is_visible(struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] < ' ' || s.p[i] > '~')
			return false;
	}
	return s.len <= CALLER_MAX_BYTES;
}

static int new_caller(struct vmalloc_callers *c, struct slice name, enum vmalloc_kind kind)
{
	size_t cap = c->cap;
	int r;

	if (!is_visible(name))
		return -EINVAL;
	r = vec_grow(&c->v, &cap, c->n, sizeof(*c->v));
	cap = c->cap;
	if (r == 0)
		r = vec_grow(&c->lens, &cap, c->n, sizeof(*c->lens));
	if (r == 0)
		r = vec_grow(&c->n_node_pages, &c->cap, c->n, sizeof(*c->n_node_pages));
	if (r)
		return r;
	c->v[c->n] = (struct vmalloc_caller){ .kind = kind };
	c->v[c->n].caller = arena_strndup(c->arena, name.p, name.len);
	if (!c->v[c->n].caller)
		return -ENOMEM;
	c->lens[c->n] = name.len;
	c->n_node_pages[c->n++] = 0;
	return 0;
}

/* The index of the caller, which is made if it is new; or a negative errno. */
static int find(struct vmalloc_callers *c, struct slice name, enum vmalloc_kind kind, size_t *index)
{
	uint32_t h = hash_caller(name, kind);
	struct vmalloc_callers_slot *slot;
	size_t at;
	int r;

	if (c->n >= c->n_slots / 2) {
		r = grow_slots(c);
		if (r)
			return r;
	}
	for (at = h & (c->n_slots - 1);; at = (at + 1) & (c->n_slots - 1)) {
		slot = &c->slots[at];
		if (!slot->index)
			break;
		if (slot->hash == h && is_same(c, slot->index - 1, name, kind)) {
			*index = slot->index - 1;
			return 0;
		}
	}
	r = new_caller(c, name, kind);
	if (r)
		return r;
	*slot = (struct vmalloc_callers_slot){ h, (uint32_t)c->n };
	*index = c->n - 1;
	return 0;
}

/* Place of a node in node_ids. */
static int find_node(struct vmalloc_callers *c, unsigned int node, size_t *place)
{
	int r = 0;

	*place = c->n_nodes;
	if (node < VMALLOC_NODES_DIRECT) {
		if (c->direct[node]) {
			*place = c->direct[node] - 1U;
			return 0;
		}
	} else {
		r = nameset_add(&c->node_places, node, SLICE(""), place);
		if (r != 0)
			return r < 0 ? r : 0;
	}
	if (vec_grow(&c->node_ids, &c->nodes_cap, c->n_nodes, sizeof(*c->node_ids)) != 0)
		return -ENOMEM;
	c->node_ids[c->n_nodes++] = (int)node;
	if (node < VMALLOC_NODES_DIRECT)
		c->direct[node] = (uint32_t)c->n_nodes;
	return 0;
}

static int add_node(struct vmalloc_callers *c, size_t index, unsigned int node, uint64_t pages)
{
	struct vmalloc_caller *v = &c->v[index];
	size_t place, have = c->n_node_pages[index], want = have ? have : 1;
	int r;

	if (c->node_cells > c->node_cells_max)
		return 0;
	r = find_node(c, node, &place);
	if (r)
		return r;
	if (place >= have) {
		uint64_t *bigger;

		while (want <= place)
			want *= 2;
		bigger = arena_array(c->arena, want, sizeof(*bigger));
		if (!bigger)
			return -ENOMEM;
		if (have)
			memcpy(bigger, v->node_pages, have * sizeof(*bigger));
		v->node_pages = bigger;
		c->n_node_pages[index] = want;
		c->node_cells += want - have;
	}
	v->node_pages[place] = sat_add(v->node_pages[place], pages);
	return 0;
}

int vmalloc_callers_add(struct vmalloc_callers *c, const struct vmalloc_line *line)
{
	struct slice more = line->more_nodes;
	struct vmalloc_caller *v;
	unsigned int node;
	uint64_t pages;
	size_t index;
	int r = find(c, line->caller, line->kind, &index);

	if (r)
		return r;
	v = &c->v[index];
	v->areas++;
	v->bytes = sat_add(v->bytes, line->bytes);
	v->pages = sat_add(v->pages, line->pages);
	v->vpages += line->vpages;
	if (line->n_nodes == 0)
		return 0;
	r = add_node(c, index, line->node, line->node_pages);
	while (r == 0 && vmalloc_line_node(&more, &node, &pages))
		r = add_node(c, index, node, pages);
	return r;
}

static int by_bytes(const void *a, const void *b)
{
	const struct vmalloc_caller *x = a, *y = b;
	int r;

	if (x->bytes != y->bytes)
		return x->bytes < y->bytes ? 1 : -1;
	r = strcmp(x->caller, y->caller);
	return r ? r : (int)x->kind - (int)y->kind;
}

static int by_number(const void *a, const void *b)
{
	int x = *(const int *)a, y = *(const int *)b;

	return (x > y) - (x < y);
}

/* The counts of each caller move to the places of the sorted nodes. */
static int sort_nodes(struct vmalloc_callers *c, struct vmallocinfo *out)
{
	auto_free size_t *to = calloc(c->n_nodes + 1, sizeof(*to));
	int *ids = arena_memdup(c->arena, c->node_ids, c->n_nodes * sizeof(*ids));

	if (!to || !ids)
		return -ENOMEM;
	qsort(ids, c->n_nodes, sizeof(*ids), by_number);
	for (size_t i = 0; i < c->n_nodes; i++)
		to[i] = (size_t)((int *)bsearch(&c->node_ids[i], ids, c->n_nodes, sizeof(*ids),
						by_number) - ids);
	for (size_t i = 0; i < c->n; i++) {
		uint64_t *pages = c->v[i].node_pages, *sorted;

		if (!pages)
			continue;
		sorted = arena_array(c->arena, c->n_nodes, sizeof(*sorted));
		if (!sorted)
			return -ENOMEM;
		for (size_t j = 0; j < c->n_nodes && j < c->n_node_pages[i]; j++)
			sorted[to[j]] = pages[j];
		c->v[i].node_pages = sorted;
	}
	out->node_ids = ids;
	out->n_nodes = c->n_nodes;
	return 0;
}

int vmalloc_callers_take(struct vmalloc_callers *c, struct vmallocinfo *out)
{
	int r = 0;

	if (c->node_cells > c->node_cells_max || c->n_nodes > c->node_cells_max / (c->n + 1)) {
		for (size_t i = 0; i < c->n; i++)
			c->v[i].node_pages = NULL;
	} else if (c->n_nodes) {
		r = sort_nodes(c, out);
	}
	if (r)
		return r;
	if (c->n)
		qsort(c->v, c->n, sizeof(*c->v), by_bytes);
	out->callers = arena_memdup(c->arena, c->v, c->n * sizeof(*c->v));
	out->n_callers = out->callers ? c->n : 0;
	return out->callers ? 0 : -ENOMEM;
}
