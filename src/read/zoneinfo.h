/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/zoneinfo: mm/vmstat.c:zoneinfo_show_print, 2.6.32 to 7.3. */
#ifndef READ_ZONEINFO_H
#define READ_ZONEINFO_H

#include "read/kv.h"
#include "read/notes.h"

/*
 * The kernel keeps each of them as an int; -1 where it is not printed. A machine of many nodes has
 * a pageset for each CPU in each zone, some hundred thousand: hence no struct opt_u64.
 */
struct zoneinfo_pageset {
	int32_t cpu;
	int32_t count, high, batch, high_min, high_max; /* pages */
	int32_t stat_threshold;
};
#define ZONEINFO_PAGESET_INIT { 0, -1, -1, -1, -1, -1, -1 }

/* All counts in pages. */
struct zoneinfo_zone {
	int node;
	const char *zone;
	struct opt_u64 free, boost, min, low, high, promo;
	struct opt_u64 spanned, present, managed, cma;
	uint64_t *protection; /* lowmem_reserve[], one a zone index; NULL if not printed */
	size_t n_protection;
	struct kv_table counters; /* zone counters, names as printed */
	struct zoneinfo_pageset *pagesets;
	size_t n_pagesets;
	struct opt_u64 start_pfn, unreclaimable, reserved_highatomic, free_highatomic;
};

struct zoneinfo_node {
	int node;
	struct kv_table counters; /* "per-node stats", 4.9 and later */
};

struct zoneinfo {
	struct zoneinfo_zone *zones; /* order of the file, unpopulated ones too */
	size_t n_zones;
	struct zoneinfo_node *nodes;
	size_t n_nodes;
};

int read_zoneinfo(struct arena *arena, struct slice text, struct zoneinfo *out,
		  struct read_notes *notes);

/*
 * The same in pieces, for a file that need not be in memory as a whole. Each
 * piece is whole lines, but for the last one. NULL, and -ENOMEM of the others,
 * when memory is out. The results of _take are in @arena; it ends the reading.
 */
struct zoneinfo_reader;
struct zoneinfo_reader *zoneinfo_reader_new(void);
int zoneinfo_reader_add(struct zoneinfo_reader *r, struct slice piece);
int zoneinfo_reader_take(struct zoneinfo_reader *r, struct arena *arena, struct zoneinfo *out,
			 struct read_notes *notes);
void zoneinfo_reader_free(struct zoneinfo_reader *r); /* NULL is fine */

#endif
