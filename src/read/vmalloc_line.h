/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One line of /proc/vmallocinfo, of any kernel. */
#ifndef READ_VMALLOC_LINE_H
#define READ_VMALLOC_LINE_H

#include "read/vmallocinfo.h"

struct vmalloc_line {
	uint64_t start, end; /* as printed: real, hashed or zero */
	uint64_t bytes, pages;
	struct slice caller; /* borrowed; "" if none */
	enum vmalloc_kind kind;
	bool vpages;
	unsigned int n_nodes;	 /* N<node>= parts */
	unsigned int node;	 /* the first of them */
	uint64_t node_pages;
	struct slice more_nodes; /* borrowed: the parts after the first */
};

/*
 * Parse the line at *@at, which ends before @end, and move *@at behind its
 * newline. NULL, or what is wrong with the line, then @out is undefined. A
 * line without newline is always wrong: its end may be missing.
 */
const char *vmalloc_line_parse(const char **at, const char *end, struct vmalloc_line *out);

/* Take the next " N<node>=<pages>" off @s. False when there is none. */
bool vmalloc_line_node(struct slice *s, unsigned int *node, uint64_t *pages);

#endif
