/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/vmallocinfo: mm/vmalloc.c:s_show, vmalloc_info_show; 2.6.28 to 7.3. */
#ifndef READ_VMALLOCINFO_H
#define READ_VMALLOCINFO_H

#include "base/num.h"
#include "read/notes.h"

enum vmalloc_kind {
	VMALLOC_VMALLOC,
	VMALLOC_VMAP,
	VMALLOC_IOREMAP,
	VMALLOC_USER,	      /* vmalloc_user: mappable to user space */
	VMALLOC_DMA_COHERENT,
	VMALLOC_SPARSE,
	VMALLOC_VM_MAP_RAM,
	VMALLOC_UNPURGED,     /* freed lazily, address space not yet reusable */
	VMALLOC_OTHER,	      /* no flag printed */
	VMALLOC_KINDS
};

/* "vmalloc", "vmap", "ioremap", "user", "dma-coherent", "sparse", "vm_map_ram", "unpurged", "other". */
const char *vmalloc_kind_name(enum vmalloc_kind kind);

enum vmalloc_addresses {
	VMALLOC_ADDR_NONE,   /* no area */
	VMALLOC_ADDR_REAL,   /* end - start equals the size on every line */
	VMALLOC_ADDR_HASHED, /* %p hashing: equality means something, order and distance do not;
			      * also when some lines are real and some are not */
	VMALLOC_ADDR_ZERO,   /* kptr_restrict */
};

/* All areas of one caller and kind. */
struct vmalloc_caller {
	const char *caller; /* as printed: symbol+0xoff/0xlen [module]; "" where none is */
	enum vmalloc_kind kind;
	uint64_t areas;
	uint64_t bytes;	     /* as printed, guard pages included */
	uint64_t pages;	     /* base pages backing them (pages=); 0 for ioremap */
	uint64_t vpages;     /* areas whose page array is itself vmalloc'ed */
	uint64_t *node_pages; /* pages per node of vmallocinfo.node_ids; NULL if not printed */
};

/* One area as an address range, kept only when addresses are real. */
struct vmalloc_range {
	uint64_t start, end;
	enum vmalloc_kind kind;
};

struct vmallocinfo {
	uint64_t areas, bytes, pages;
	struct { uint64_t areas, bytes, pages; } kinds[VMALLOC_KINDS];
	enum vmalloc_addresses addresses;
	uint64_t adjacent; /* areas whose start equals another's end (real or hashed) ; 0 if unknown */
	struct vmalloc_caller *callers; /* most bytes first, then by name and kind */
	size_t n_callers;
	int *node_ids; /* nodes named by N<node>=, ascending */
	size_t n_nodes;
	struct vmalloc_range *ranges; /* sorted by start; NULL unless addresses are real */
	size_t n_ranges;
};

int read_vmallocinfo(struct arena *arena, struct slice text, struct vmallocinfo *out,
		     struct read_notes *notes);

#endif
