/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The state that decisions look at: a snapshot with its names resolved, its
 * sums made and its gaps marked, so that a decision costs no look-up. Counts
 * are base pages, lists are blocks. It borrows from the snapshot and does not
 * change it; a "what if" works on a copy (mm_copy).
 */
#ifndef KERNEL_MM_H
#define KERNEL_MM_H

#include "kernel/gfp.h"
#include "kernel/rules.h"
#include "read/nameset.h"
#include "snap/snapshot.h"

#define PAGE_ALLOC_COSTLY_ORDER 3

/* What kernel/slab.c looks up once. */
enum slab_layer { LAYER_SLUB, LAYER_SLAB, LAYER_SLOB };
struct mm_slab {
	enum slab_layer layer;
	uint64_t kmalloc_min_size; /* bytes: the smallest kmalloc cache */
	bool has_copies;	   /* of kmalloc caches, for random call sites */
	struct nameset caches;	   /* by name, to their index; tags are kernel/slab.c's */
};

struct mm_zone {
	int node, index; /* index: position among the zones compiled in */
	const char *name;
	enum gfp_zone kind;
	const struct snap_zone *snap;
	uint64_t managed, free; /* free: NR_FREE_PAGES */
	bool marks_known;
	uint64_t min, low, high; /* as the kernel uses them, boost included */
	uint64_t boost; /* where zoneinfo hides it, what is at least */
	uint64_t min_bound; /* pages: marks unknown, and min is not above this; 0 if known */
	const uint64_t *protection;
	size_t n_protection;
	uint64_t reserve_guess; /* pages, in place of protection where that is unknown */
	unsigned int n_orders;
	uint64_t *nr_free;		   /* all migratetypes; of the mm's arena */
	bool lists_known;		   /* buddyinfo or pagetypeinfo was read */
	bool types_known;		   /* the lists by migratetype were readable */
	uint64_t *type_free[MIGRATE_TYPES]; /* NULL: none of this type */
	bool pageblocks_known;
	uint64_t pageblocks[MIGRATE_TYPES];
	uint64_t free_cma;
	bool free_cma_known;
	/* Pages that requests without reserve rights may not count, between these bounds. */
	uint64_t highatomic_lo, highatomic_hi;
	uint64_t file_lru, anon_lru, unevictable; /* of this zone */
	bool lru_known;
	/*
	 * By /proc/kpageflags, which no snapshot holds (pagemap_tell): pageblocks in use without a page
	 * that stays, and how many of them compaction could empty at most, for want of room.
	 */
	struct opt_u64 movable_blocks, could_free;
	uint64_t unaccepted;
	uint64_t batch, pcp_count; /* per-CPU lists: batch of one, pages on all */
	uint64_t stat_threshold; /* largest of the CPUs; drift of a counter is below this times CPUs */
};

struct mm_node {
	int node;
	bool has_cpus, has_cpulist;
	const struct snap_node *snap;
	uint64_t slab_reclaimable; /* pages */
	struct mm_zone **zonelist; /* lazily: this node's fallback order; NULL until asked */
	size_t n_zonelist;
};

struct mm {
	struct arena arena;
	const struct snapshot *snap;
	struct mm_rules rules;
	struct gfp_names names;
	uint64_t page_size; /* 0 unknown */
	unsigned int max_order;
	bool max_order_known;
	unsigned int pageblock_order;
	struct mm_zone *zones; /* populated ones, by node, lowest zone first */
	size_t n_zones;
	struct mm_node *nodes;
	size_t n_nodes;
	bool has_zone[GFP_ZONE_MOVABLE + 1]; /* zone types that are compiled in */
	int zone_index[GFP_ZONE_MOVABLE + 1]; /* their index, -1 if not */
	uint64_t total_pages;	 /* managed, all zones */
	uint64_t swap_free_pages;
	bool swap_known;
	unsigned int online_cpus, possible_cpus;
	unsigned int extfrag_threshold;
	bool compaction; /* CONFIG_COMPACTION, as far as files tell */
	bool defrag_mode;
	bool mobility_disabled; /* page_group_by_mobility_disabled */
	uint64_t compact_success, compact_fail, compact_stall; /* direct compactions since boot */
	uint64_t compact_scanned; /* pages that direct compaction looked at to move, since boot */
	bool compact_known;
	uint64_t kswapd_steal; /* pages that kswapd reclaimed since boot */
	uint64_t anon_pages; /* anonymous pages that are mapped; shared memory, on the same LRU, is not */
	bool anon_known;
	bool unevictable_moves; /* compact_unevictable_allowed */
	struct mm_slab slab;
};

/* 0 or -ENOMEM. @s must outlive @mm. Release with mm_done, also after an error. */
int mm_init(struct mm *mm, const struct snapshot *s);
void mm_done(struct mm *mm);
/*
 * A copy whose zones' numbers and lists may be changed. 0 or -ENOMEM. The rest is still
 * @from's, which must outlive it: release no more than the copy's arena.
 */
int mm_copy(struct mm *to, const struct mm *from);

struct mm_node *mm_node(const struct mm *mm, int node);

/*
 * mm/page_alloc.c:build_zonelists: the zones that a request from @node with
 * highest zone @highest walks, in order; only @node's own with @thisnode.
 * @out has room for mm->n_zones. Returns how many.
 */
size_t mm_zonelist(struct mm *mm, int node, enum gfp_zone highest, bool thisnode,
		   struct mm_zone **out);

/*
 * mm/vmscan.c:zone_reclaimable_pages (4.9 and later): file LRU pages, anonymous ones if
 * swap is free.
 */
uint64_t zone_reclaimable_pages(const struct mm *mm, const struct mm_zone *z);

/* Index of the highest zone that @flags allows, of those that exist. */
int gfp_zone_index(const struct mm *mm, uint32_t flags, enum gfp_zone *kind);

#endif
