// SPDX-License-Identifier: GPL-2.0-or-later
/* Sums by caller. */
#include "read/vmalloc_callers.h"

#include <errno.h>

#include "base/cleanup.h"

#define CALLER_MAX_BYTES 1023

struct vmalloc_callers_entry {
	struct vmalloc_caller sums;
	uint32_t len;	       /* of the name */
	uint32_t n_node_pages; /* room of sums.node_pages */
};

void vmalloc_callers_done(struct vmalloc_callers *c)
{
	free(c->v);
	nameset_done(&c->places);
	free(c->node_ids);
	nameset_done(&c->node_places);
}

static bool is_name(struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] < ' ' || s.p[i] > '~')
			return false;
	}
	return s.len <= CALLER_MAX_BYTES;
}

static int new_caller(struct vmalloc_callers *c, struct slice name, enum vmalloc_kind kind)
{
	struct vmalloc_callers_entry *e;

	if (vec_grow(&c->v, &c->cap, c->n, sizeof(*c->v)) != 0)
		return -ENOMEM;
	e = arena_array(c->arena, 1, sizeof(*e));
	if (!e)
		return -ENOMEM;
	e->sums.kind = kind;
	e->sums.caller = arena_strndup(c->arena, name.p, name.len);
	e->len = (uint32_t)name.len;
	if (!e->sums.caller)
		return -ENOMEM;
	c->v[c->n++] = e;
	return 0;
}

int vmalloc_callers_find(struct vmalloc_callers *c, struct slice name, enum vmalloc_kind kind,
			 struct vmalloc_callers_entry **e)
{
	size_t place = c->n;
	int r;

	*e = NULL;
	if (!nameset_get(&c->places, kind, name, &place)) {
		if (!is_name(name))
			return 0;
		r = new_caller(c, name, kind);
		if (r)
			return r;
		*e = c->v[place];
		return nameset_add(&c->places, kind, (struct slice){ (*e)->sums.caller, (*e)->len }, &place);
	}
	*e = c->v[place];
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
	e->n_node_pages = (uint32_t)want;
	c->node_cells += want - have;
	return 0;
}

static int add_node(struct vmalloc_callers *c, struct vmalloc_callers_entry *e, unsigned int node,
		    uint64_t pages)
{
	size_t place;
	int r;

	r = find_node(c, node, &place);
	if (r)
		return r;
	if (place >= e->n_node_pages) {
		if (c->node_cells > c->node_cells_max)
			return 0;
		r = grow_node_pages(c, e, place);
	}
	if (r == 0)
		e->sums.node_pages[place] = sat_add(e->sums.node_pages[place], pages);
	return r;
}

static int add_nodes(struct vmalloc_callers *c, struct vmalloc_callers_entry *e,
		     const struct vmalloc_line *line, uint64_t times)
{
	int r = add_node(c, e, line->node, sat_mul(line->node_pages, times));
	struct slice more = line->more_nodes;
	unsigned int node;
	uint64_t pages;

	while (r == 0 && more.len && vmalloc_line_node(&more, &node, &pages))
		r = add_node(c, e, node, sat_mul(pages, times));
	return r;
}

int vmalloc_callers_add(struct vmalloc_callers *c, struct vmalloc_callers_entry *e,
			const struct vmalloc_line *line, uint64_t times)
{
	e->sums.areas += times;
	e->sums.bytes = sat_add(e->sums.bytes, sat_mul(line->bytes, times));
	e->sums.pages = sat_add(e->sums.pages, sat_mul(line->pages, times));
	e->sums.vpages += line->vpages ? times : 0;
	return line->n_nodes ? add_nodes(c, e, line, times) : 0;
}

static int join_caller(struct vmalloc_callers *c, const struct vmalloc_callers *later,
		       const struct vmalloc_callers_entry *from)
{
	const struct vmalloc_caller *sums = &from->sums;
	struct vmalloc_callers_entry *e = NULL;
	int r = vmalloc_callers_find(c, (struct slice){ sums->caller, from->len }, sums->kind, &e);

	if (r)
		return r;
	e->sums.areas += sums->areas;
	e->sums.bytes = sat_add(e->sums.bytes, sums->bytes);
	e->sums.pages = sat_add(e->sums.pages, sums->pages);
	e->sums.vpages += sums->vpages;
	for (size_t i = 0; r == 0 && i < from->n_node_pages && i < later->n_nodes; i++)
		r = add_node(c, e, (unsigned int)later->node_ids[i], sums->node_pages[i]);
	return r;
}

int vmalloc_callers_join(struct vmalloc_callers *c, const struct vmalloc_callers *later)
{
	int r = 0;

	c->node_cells_max += later->node_cells_max;
	for (size_t i = 0; r == 0 && i < later->n; i++)
		r = join_caller(c, later, later->v[i]);
	/* What was not counted there is missing here. */
	if (later->node_cells > later->node_cells_max)
		c->node_cells = c->node_cells_max + 1;
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
		for (size_t j = 0; j < c->n_nodes && j < c->v[i]->n_node_pages; j++)
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
		out->callers[i] = c->v[i]->sums;
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
