// SPDX-License-Identifier: GPL-2.0-or-later
/* Hash table of callers; names are compared whole. */
#include "read/vmalloc_callers.h"

#include <errno.h>

#include "base/cleanup.h"
#include "read/swar.h"

#define SLOTS_FIRST	 256
#define CALLER_MAX_BYTES 1023

void vmalloc_callers_done(struct vmalloc_callers *c)
{
	free(c->v);
	free(c->slots);
	free(c->node_ids);
	nameset_done(&c->node_places);
}

/* Of the first bytes, so that it can be had before a name's end is known. */
static inline uint32_t hash_text(const char *p)
{
	uint64_t h = swar_load(p) * UINT64_C(0x9e3779b97f4a7c15);

	h = ((h ^ h >> 32) ^ swar_load(p + 8)) * UINT64_C(0x9e3779b97f4a7c15);
	return (uint32_t)(h >> 32);
}

static uint32_t hash_name(struct slice name)
{
	char first[VMALLOC_HASHED_BYTES] = { 0 };

	memcpy(first, name.p, name.len < sizeof(first) ? name.len : sizeof(first));
	return hash_text(first);
}

/* memcmp for at least 16 bytes; most names have no more than 32, and no branch depends on their length. */
static inline bool same_bytes(const char *a, const char *b, size_t len)
{
	uint64_t differ = (swar_load(a) ^ swar_load(b)) | (swar_load(a + 8) ^ swar_load(b + 8)) |
			  (swar_load(a + len - 16) ^ swar_load(b + len - 16)) |
			  (swar_load(a + len - 8) ^ swar_load(b + len - 8));

	return !differ && (len <= 32 || memcmp(a + 16, b + 16, len - 32) == 0);
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

/* The slot that has the caller, or the empty one where it belongs. There is an empty one. */
static struct vmalloc_callers_slot *find_slot(const struct vmalloc_callers *c, uint32_t hash,
					      struct slice name, enum vmalloc_kind kind)
{
	struct vmalloc_callers_slot *slot;

	for (size_t at = hash;; at++) {
		const struct vmalloc_callers_entry *e;

		slot = &c->slots[at & (c->n_slots - 1)];
		if (!slot->index)
			return slot;
		e = &c->v[slot->index - 1];
		if (slot->hash == hash && e->len == name.len && e->sums.kind == kind &&
		    memcmp(e->sums.caller, name.p, name.len) == 0)
			return slot;
	}
}

struct vmalloc_callers_entry *vmalloc_callers_at(const struct vmalloc_callers *c, const char *text)
{
	uint32_t hash = hash_text(text);

	if (!c->n_slots)
		return NULL;
	for (size_t at = hash;; at++) {
		const struct vmalloc_callers_slot *slot = &c->slots[at & (c->n_slots - 1)];
		struct vmalloc_callers_entry *e;

		if (!slot->index)
			return NULL;
		e = &c->v[slot->index - 1];
		if (slot->hash == hash && e->len >= VMALLOC_HASHED_BYTES && e->len < VMALLOC_TEXT_ROOM - 2 &&
		    same_bytes(e->sums.caller, text, e->len) && text[e->len] == ' ' &&
		    text[e->len + 1] != '[')
			return e;
	}
}

static int new_caller(struct vmalloc_callers *c, struct slice name, enum vmalloc_kind kind)
{
	struct vmalloc_callers_entry e = { .len = name.len };

	if (!is_visible(name))
		return -EINVAL;
	e.sums.kind = kind;
	e.sums.caller = arena_strndup(c->arena, name.p, name.len);
	if (!e.sums.caller || vec_grow(&c->v, &c->cap, c->n, sizeof(*c->v)) != 0)
		return -ENOMEM;
	c->v[c->n++] = e;
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

/* Room for the pages of the node at @place. */
static int grow_node_pages(struct vmalloc_callers *c, struct vmalloc_callers_entry *e, size_t place)
{
	size_t have = e->n_node_pages, want = have ? have : 1;
	uint64_t *bigger;

	while (want <= place)
		want *= 2;
	bigger = arena_array(c->arena, want, sizeof(*bigger));
	if (!bigger)
		return -ENOMEM;
	if (have)
		memcpy(bigger, e->sums.node_pages, have * sizeof(*bigger));
	e->sums.node_pages = bigger;
	e->n_node_pages = want;
	c->node_cells += want - have;
	return 0;
}

static int add_node(struct vmalloc_callers *c, struct vmalloc_callers_entry *e, unsigned int node,
		    uint64_t pages)
{
	uint64_t *cell = vmalloc_callers_cell(c, e, node);
	size_t place;
	int r;

	if (cell) {
		*cell = sat_add(*cell, pages);
		return 0;
	}
	if (c->node_cells > c->node_cells_max)
		return 0;
	r = find_node(c, node, &place);
	if (r == 0 && place >= e->n_node_pages)
		r = grow_node_pages(c, e, place);
	if (r == 0)
		e->sums.node_pages[place] = sat_add(e->sums.node_pages[place], pages);
	return r;
}

static int add_nodes(struct vmalloc_callers *c, struct vmalloc_callers_entry *e,
		     const struct vmalloc_line *line)
{
	int r = add_node(c, e, line->node, line->node_pages);
	struct slice more = line->more_nodes;
	unsigned int node;
	uint64_t pages;

	while (r == 0 && more.len && vmalloc_line_node(&more, &node, &pages))
		r = add_node(c, e, node, pages);
	return r;
}

int vmalloc_callers_add(struct vmalloc_callers *c, const struct vmalloc_line *line)
{
	uint32_t hash = hash_name(line->caller);
	struct vmalloc_callers_slot *slot;
	int r;

	if (c->n >= c->n_slots / 4) {
		r = grow_slots(c);
		if (r)
			return r;
	}
	slot = find_slot(c, hash, line->caller, line->kind);
	if (!slot->index) {
		r = new_caller(c, line->caller, line->kind);
		if (r)
			return r;
		*slot = (struct vmalloc_callers_slot){ hash, (uint32_t)c->n };
	}
	vmalloc_callers_sum(&c->v[slot->index - 1], line);
	return line->n_nodes ? add_nodes(c, &c->v[slot->index - 1], line) : 0;
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

/* The counts of each caller of @out move to the places of the sorted nodes. */
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
		uint64_t *pages = out->callers[i].node_pages, *sorted;

		if (!pages)
			continue;
		sorted = arena_array(c->arena, c->n_nodes, sizeof(*sorted));
		if (!sorted)
			return -ENOMEM;
		for (size_t j = 0; j < c->n_nodes && j < c->v[i].n_node_pages; j++)
			sorted[to[j]] = pages[j];
		out->callers[i].node_pages = sorted;
	}
	out->node_ids = ids;
	out->n_nodes = c->n_nodes;
	return 0;
}

static void sum_kinds(struct vmallocinfo *out)
{
	for (size_t i = 0; i < out->n_callers; i++) {
		const struct vmalloc_caller *v = &out->callers[i];
		struct vmalloc_sums *kind = &out->kinds[v->kind];

		out->areas += v->areas;
		out->bytes = sat_add(out->bytes, v->bytes);
		out->pages = sat_add(out->pages, v->pages);
		kind->areas += v->areas;
		kind->bytes = sat_add(kind->bytes, v->bytes);
		kind->pages = sat_add(kind->pages, v->pages);
	}
}

int vmalloc_callers_take(struct vmalloc_callers *c, struct vmallocinfo *out)
{
	bool nodes = c->node_cells <= c->node_cells_max && c->n_nodes <= c->node_cells_max / (c->n + 1);
	int r = 0;

	out->callers = arena_array(c->arena, c->n, sizeof(*out->callers));
	if (!out->callers)
		return -ENOMEM;
	out->n_callers = c->n;
	for (size_t i = 0; i < c->n; i++) {
		out->callers[i] = c->v[i].sums;
		if (!nodes)
			out->callers[i].node_pages = NULL;
	}
	if (nodes && c->n_nodes)
		r = sort_nodes(c, out);
	if (r)
		return r;
	sum_kinds(out);
	if (c->n)
		qsort(out->callers, c->n, sizeof(*out->callers), by_bytes);
	return 0;
}
