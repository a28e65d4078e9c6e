/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The areas of /proc/vmallocinfo added up by caller and kind. */
#ifndef READ_VMALLOC_CALLERS_H
#define READ_VMALLOC_CALLERS_H

#include "base/num.h"
#include "read/nameset.h"
#include "read/vmalloc_line.h"

/* As many nodes as kernels can be built for. */
#define VMALLOC_NODES_DIRECT 1024

struct vmalloc_callers_entry {
	struct vmalloc_caller sums;
	uint32_t len;	       /* of the name */
	uint32_t n_node_pages; /* room of sums.node_pages */
};

struct vmalloc_callers {
	struct arena *arena;
	struct vmalloc_callers_entry **v;
	size_t n, cap;
	struct nameset places; /* of name and kind in v */
	int *node_ids;	/* in the order seen */
	size_t n_nodes, nodes_cap;
	uint32_t direct[VMALLOC_NODES_DIRECT]; /* place of a node in node_ids, plus 1 */
	struct nameset node_places;	       /* of the nodes beyond */
	size_t node_cells, node_cells_max; /* against input made to blow up the table */
};

void vmalloc_callers_done(struct vmalloc_callers *c);
/* Add the area, and set *@e to its caller. 0, -ENOMEM, or -EINVAL if its caller is not a name. */
int vmalloc_callers_add(struct vmalloc_callers *c, const struct vmalloc_line *line,
			struct vmalloc_callers_entry **e);

/* Add the sums of @later. 0 or -ENOMEM. */
int vmalloc_callers_join(struct vmalloc_callers *c, const struct vmalloc_callers *later);

/* What the area adds to its caller's sums, the pages by node left out. */
static inline void vmalloc_callers_sum(struct vmalloc_callers_entry *e, const struct vmalloc_line *line)
{
	e->sums.areas++;
	e->sums.bytes = sat_add(e->sums.bytes, line->bytes);
	e->sums.pages = sat_add(e->sums.pages, line->pages);
	e->sums.vpages += line->vpages;
}

/* Where the pages of @node are counted; NULL if this caller had none there yet, or none is counted so. */
static inline uint64_t *vmalloc_callers_cell(const struct vmalloc_callers *c, const struct vmalloc_callers_entry *e,
					     unsigned int node)
{
	uint32_t place = node < VMALLOC_NODES_DIRECT ? c->direct[node] : 0;

	return place && place <= e->n_node_pages ? &e->sums.node_pages[place - 1] : NULL;
}

/* Callers, most bytes first, nodes, ascending, and the sums of all to @out. 0 or -ENOMEM. */
int vmalloc_callers_take(struct vmalloc_callers *c, struct vmallocinfo *out);

#endif
