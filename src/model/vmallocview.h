/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The vmalloc area by who made it: address space without the guard pages that
 * the kernel adds, real pages beside it, and what of the space is free.
 */
#ifndef MODEL_VMALLOCVIEW_H
#define MODEL_VMALLOCVIEW_H

#include "kernel/vmalloc.h"
#include "snap/snapshot.h"

enum vmalloc_grouping {
	VMALLOC_BY_CALLER, /* function, module and kind */
	VMALLOC_BY_MODULE, /* module and kind; the kernel proper is one of them */
	VMALLOC_BY_KIND,
};

/* Whether an area's printed size holds a guard page. */
enum vmalloc_guard {
	GUARD_COUNTED, /* pages= is printed and tells it */
	GUARD_ADDED,   /* __get_vm_area_node adds one */
	GUARD_NONE,    /* vm_map_ram, per-CPU chunks, early mappings have none */
	GUARD_UNKNOWN, /* freed areas, areas without a flag: not taken off */
	GUARD_MIXED,   /* a row of several of these */
};

/* "counted", "added", "none", "unknown", "mixed" */
const char *vmalloc_guard_name(enum vmalloc_guard guard);

struct vmalloc_row {
	const char *caller; /* function without offset; NULL in other groupings, "" if the kernel printed none */
	const char *module; /* NULL: kernel proper, or unknown */
	bool has_kind;
	enum vmalloc_kind kind;
	uint64_t areas;
	uint64_t virtual_bytes; /* as printed */
	struct opt_u64 guard_bytes; /* taken off; unknown without the page size */
	enum vmalloc_guard guard;
	uint64_t bytes;		/* virtual_bytes - guard_bytes */
	uint64_t pages;		/* real pages that pages= tells */
	struct opt_u64 page_bytes;
	uint64_t average_bytes; /* bytes of an area */
	uint64_t vpages;	/* areas whose array of pages is itself vmalloc'ed */
	uint64_t *node_pages;	/* parallel to vmallocinfo.node_ids; NULL if not printed */
};

struct vmallocview {
	struct vmalloc_row *rows; /* most bytes first, then by name */
	size_t n_rows;
	struct vmalloc_row total;
	const int *node_ids; /* of the snapshot */
	size_t n_nodes;
	struct opt_u64 space_bytes; /* VmallocTotal */
	struct vmalloc_hole hole;
};

/* All memory comes from @arena; the snapshot must outlive the view. 0 or -ENOMEM. */
int vmallocview_build(struct arena *arena, const struct snapshot *s,
		      enum vmalloc_grouping grouping, struct vmallocview *out);

#endif
