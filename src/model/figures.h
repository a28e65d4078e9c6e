/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Figures derived from a snapshot's zones: the kernel's indices for every zone
 * and order, the same by migratetype, how far free memory is from the
 * watermarks, the mix of pageblocks, the score of proactive compaction, and
 * which zone is worst off.
 */
#ifndef MODEL_FIGURES_H
#define MODEL_FIGURES_H

#include "snap/snapshot.h"

/* The orders that summaries speak of: 2, 4 and 9, or the largest where 9 is beyond it. */
#define FIGURES_ORDERS 3

/* Free lists: those of a zone, or of one migratetype in it. */
struct list_figures {
	const uint64_t *free_blocks; /* of the snapshot */
	unsigned int n_orders;
	uint64_t free_pages;	 /* sum of the lists */
	int largest_order;	 /* with a free block; -1 none */
	int64_t *unusable_milli; /* unusable_free_index, one an order */
	int64_t usable_milli[FIGURES_ORDERS]; /* share of free memory usable at figures.orders */
	bool bound;		 /* some count is the kernel's cap: all here is a lower bound */
};

struct type_figures {
	const struct snap_type *type;
	bool has_lists;
	struct list_figures lists;
	struct opt_u64 pageblocks;
	struct opt_u64 pageblocks_milli; /* of the zone's pageblocks */
};

struct pages_between {
	int64_t pages; /* free pages above the mark; negative: below it */
	bool known;
};

/* What the free lists say of contiguous memory. In the order of severity. */
enum zone_state {
	ZONE_UNKNOWN,	 /* no free lists */
	ZONE_SOUND,	 /* half or more of free memory is usable at every order up to the pageblock's */
	ZONE_PARTLY,	 /* blocks of every such order are free, but hold less than half of it */
	ZONE_SHORT,	 /* no block from missing_order on: by the index for lack of memory */
	ZONE_FRAGMENTED, /* no block from missing_order on: by the index for fragmentation */
};

struct zone_figures {
	const struct snap_zone *zone;
	bool populated;	  /* has managed pages, or they are not known */
	bool significant; /* holds a tenth or more of its node */
	bool for_kernel;  /* serves kernel requests: not HighMem, Movable, Device */
	struct opt_u64 free_pages; /* zoneinfo's count, else the sum of the lists */
	bool has_lists;
	struct list_figures lists;
	int64_t *extfrag_milli; /* fragmentation_index, one an order */
	struct type_figures *types; /* as the snapshot's */
	size_t n_types;
	struct opt_u64 pageblocks; /* of all types */
	struct pages_between above_min, above_low, above_high;
	bool below_min;		  /* known to be */
	enum zone_state state;
	unsigned int from_order;  /* smallest order at which over half of free memory is unusable; n_orders: none */
	unsigned int missing_order; /* smallest order without a block that the kernel may take; n_orders: none */
	struct opt_u64 score;	       /* fragmentation_score_zone, percent */
	struct opt_u64 weighted_score; /* fragmentation_score_zone_weighted */
};

struct node_figures {
	int node;
	struct opt_u64 score;	  /* fragmentation_score_node */
	struct opt_u64 low, high; /* fragmentation_score_wmark; unknown: no proactive compaction */
};

struct figures {
	unsigned int orders[FIGURES_ORDERS];
	uint64_t threshold;	   /* extfrag_threshold, or the kernel's default 500 */
	struct zone_figures *zones; /* order of the snapshot */
	size_t n_zones;
	const struct zone_figures **worst_first; /* populated ones only */
	size_t n_worst;
	struct node_figures *nodes;
	size_t n_nodes;
	size_t n_states[ZONE_FRAGMENTED + 1]; /* populated zones in each state */
};

/* All memory comes from @arena; the snapshot must outlive the figures. 0 or -ENOMEM. */
int figures_build(struct arena *arena, const struct snapshot *s, struct figures *out);

/* Bytes of a block of @order; unknown if the page size is. */
struct opt_u64 figures_block_bytes(const struct snapshot *s, unsigned int order);
/* Bytes of @pages pages; unknown if the page size or @pages is. */
struct opt_u64 figures_bytes(const struct snapshot *s, struct opt_u64 pages);

#endif
