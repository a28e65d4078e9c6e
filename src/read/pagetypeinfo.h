/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/pagetypeinfo: mm/vmstat.c:pagetypeinfo_show, 2.6.24 to 7.3. */
#ifndef READ_PAGETYPEINFO_H
#define READ_PAGETYPEINFO_H

#include "read/notes.h"

/* Free blocks of one node, zone and migratetype. */
struct pagetypeinfo_row {
	int node;
	const char *zone, *type;
	uint64_t *free_blocks; /* one count an order */
	bool *capped;	       /* the kernel stopped counting: ">100000" is given as its bound */
	unsigned int n_orders;
	bool any_capped;
};

/* Pageblocks of one node and zone, a count a migratetype of @types. */
struct pagetypeinfo_blocks {
	int node;
	const char *zone;
	uint64_t *pageblocks;
	uint64_t *mixed; /* NULL unless page_owner gave the mixed section */
};

struct pagetypeinfo {
	bool has_pageblock_order;
	unsigned int pageblock_order;
	uint64_t pages_per_block; /* 0 if not printed */
	const char **types; /* names in the header's order */
	size_t n_types;
	struct pagetypeinfo_row *rows;
	size_t n_rows;
	struct pagetypeinfo_blocks *blocks;
	size_t n_blocks;
};

int read_pagetypeinfo(struct arena *arena, struct slice text, struct pagetypeinfo *out,
		      struct read_notes *notes);

#endif
