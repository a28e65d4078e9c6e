/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The areas of /proc/vmallocinfo added up by caller and kind. */
#ifndef READ_VMALLOC_CALLERS_H
#define READ_VMALLOC_CALLERS_H

#include "base/num.h"
#include "read/nameset.h"
#include "read/vmalloc_line.h"

/* As many nodes as kernels can be built for. */
#define VMALLOC_NODES_DIRECT 1024

struct vmalloc_callers_entry;

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
/* The caller of that name and kind, a new one if there is none; NULL if it can be no caller's name. 0 or -ENOMEM. */
int vmalloc_callers_find(struct vmalloc_callers *c, struct slice name, enum vmalloc_kind kind,
			 struct vmalloc_callers_entry **e);
/* Add @times areas of @e, each as the line tells. 0 or -ENOMEM. */
int vmalloc_callers_add(struct vmalloc_callers *c, struct vmalloc_callers_entry *e,
			const struct vmalloc_line *line, uint64_t times);
/* Add the sums of @later. 0 or -ENOMEM. */
int vmalloc_callers_join(struct vmalloc_callers *c, const struct vmalloc_callers *later);

/* Callers, most bytes first, nodes, ascending, and the sums of all to @out. 0 or -ENOMEM. */
int vmalloc_callers_take(struct vmalloc_callers *c, struct vmallocinfo *out);

#endif
