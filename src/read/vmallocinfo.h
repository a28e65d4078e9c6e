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

/* Address space that areas occupy, neighbours joined. */
struct vmalloc_range {
	uint64_t start, end;
};

struct vmalloc_sums {
	uint64_t areas, bytes, pages;
};

struct vmallocinfo {
	uint64_t areas, bytes, pages;
	struct vmalloc_sums kinds[VMALLOC_KINDS];
	enum vmalloc_addresses addresses;
	struct vmalloc_caller *callers; /* most bytes first, then by name and kind */
	size_t n_callers;
	int *node_ids; /* nodes named by N<node>=, ascending */
	size_t n_nodes;
	/*
	 * Ascending; NULL unless addresses are real. Freed areas that wait to be
	 * purged are free space. Of more than about a thousand ranges, those that
	 * lie closest to each other are joined: the larger holes stay what they are.
	 */
	struct vmalloc_range *ranges;
	size_t n_ranges;
};

int read_vmallocinfo(struct arena *arena, struct slice text, struct vmallocinfo *out,
		     struct read_notes *notes);

/*
 * The same in pieces, for a file that need not be in memory as a whole. Each
 * piece is whole lines, but for the last one. NULL, and -ENOMEM of the others,
 * when memory is out. The results of _take are in @arena; it ends the reading.
 */
struct vmallocinfo_reader;
struct vmallocinfo_reader *vmallocinfo_reader_new(void);
int vmallocinfo_reader_add(struct vmallocinfo_reader *r, struct slice piece);
/*
 * The lines from now on are of that part of the file: several readers may share
 * one, each with some of its parts, whose numbers then say what comes before
 * what. All begin with part 0.
 */
int vmallocinfo_reader_part(struct vmallocinfo_reader *r, uint64_t number);
/* As if the lines that @later took had come to @r, behind its own of the same part. @later is only to be freed then. */
int vmallocinfo_reader_join(struct vmallocinfo_reader *r, struct vmallocinfo_reader *later);
int vmallocinfo_reader_take(struct vmallocinfo_reader *r, struct arena *arena, struct vmallocinfo *out,
			    struct read_notes *notes);
void vmallocinfo_reader_free(struct vmallocinfo_reader *r); /* NULL is fine */

#endif
