/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The areas of /proc/vmallocinfo added up by caller and kind. */
#ifndef READ_VMALLOC_CALLERS_H
#define READ_VMALLOC_CALLERS_H

#include "read/nameset.h"
#include "read/vmalloc_line.h"

struct vmalloc_callers_slot {
	uint32_t hash;
	uint32_t index; /* into v, plus 1; 0: empty */
};

/* As many nodes as kernels can be built for. */
#define VMALLOC_NODES_DIRECT 1024

struct vmalloc_callers {
	struct arena *arena;
	struct vmalloc_caller *v;
	size_t *lens;	     /* of the names */
	size_t *n_node_pages; /* room of each node_pages */
	size_t n, cap;
	struct vmalloc_callers_slot *slots;
	size_t n_slots; /* a power of two */
	int *node_ids;	/* in the order seen */
	size_t n_nodes, nodes_cap;
	uint32_t direct[VMALLOC_NODES_DIRECT]; /* place of a node in node_ids, plus 1 */
	struct nameset node_places;	       /* of the nodes beyond */
	size_t node_cells, node_cells_max; /* against input made to blow up the table */
};

void vmalloc_callers_done(struct vmalloc_callers *c);
/* Add the area. 0, -ENOMEM, or -EINVAL if its caller is not a name. */
int vmalloc_callers_add(struct vmalloc_callers *c, const struct vmalloc_line *line);
/* Callers, most bytes first, and nodes, ascending, to @out. 0 or -ENOMEM. */
int vmalloc_callers_take(struct vmalloc_callers *c, struct vmallocinfo *out);

#endif
