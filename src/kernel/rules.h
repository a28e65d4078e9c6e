/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which rules the kernel at hand follows, as named properties. Version numbers
 * are looked at in rules.c and nowhere else; a file's format outranks them.
 */
#ifndef KERNEL_RULES_H
#define KERNEL_RULES_H

#include <stdbool.h>

#include "snap/snapshot.h"

/* Numberings of the gfp bits. */
enum gfp_epoch {
	GFP_E1, /* to 4.3: __GFP_WAIT */
	GFP_E2, /* 4.4 - 4.11 */
	GFP_E3, /* 4.12 - 4.16 */
	GFP_E4, /* 4.17 - 5.0, RHEL 8 */
	GFP_E5, /* 5.1 and later */
	GFP_EPOCHS
};

/* How gfp flags become rights to the reserves (gfp_to_alloc_flags). */
enum rights_rule {
	RIGHTS_WAIT,	    /* to 4.3: HARDER for all that cannot wait */
	RIGHTS_ATOMIC,	    /* 4.4 - 6.2: HARDER by __GFP_ATOMIC */
	RIGHTS_MIN_RESERVE, /* 6.3 and later: MIN_RESERVE, NON_BLOCK, HIGHATOMIC */
};

/* What of the high-order atomic reserve is not free for others. */
enum highatomic_rule {
	HIGHATOMIC_NONE,     /* to 4.3 */
	HIGHATOMIC_RESERVED, /* nr_reserved_highatomic, used or not */
	HIGHATOMIC_FREE,     /* nr_free_highatomic */
};

enum slowpath_rule {
	SLOWPATH_3_10, /* to 4.3 */
	SLOWPATH_4_4,  /* 4.4 - 4.6 */
	SLOWPATH_4_9,  /* 4.7 and later */
};

enum compaction_rule {
	COMPACTION_3_10, /* LOW + gap, extfrag index at any order */
	COMPACTION_4_4,	 /* LOW + gap, index at any order */
	COMPACTION_4_9,	 /* (order > 3 ? LOW : MIN) + gap, index above order 3 */
	COMPACTION_6_16, /* caller's mark + gap (+ LOW - MIN above order 3) */
};

enum kvmalloc_rule {
	KVMALLOC_NONE,	       /* no such function, to 4.11 */
	KVMALLOC_GFP_KERNEL,   /* 4.12 - 5.17: falls back only with all of GFP_KERNEL */
	KVMALLOC_BLOCKING,     /* 5.18 - 6.18: falls back if the flags allow to block */
	KVMALLOC_ALWAYS,       /* 6.19 and later */
};

struct mm_rules {
	unsigned int version; /* major << 16 | minor << 8, patch capped at 255; 0 unknown */
	const char *label;    /* "6.1.176": what the rules were chosen by, for messages */
	bool assumed;	      /* the release was not known: the newest rules are taken */
	enum gfp_epoch epoch;
	bool gfp_atomic;      /* __GFP_ATOMIC exists (4.4 - 6.2) */
	bool nowait_nowarn;   /* GFP_NOWAIT holds __GFP_NOWARN (6.7 and later) */
	enum rights_rule rights;
	bool highatomic_needs_high; /* HIGHATOMIC right only with __GFP_HIGH */
	bool fast_path_highatomic;  /* the first attempt holds the HIGHATOMIC right (7.3) */
	enum highatomic_rule highatomic;
	bool per_order_lists;	/* order > 0 needs a block in an eligible list (4.4); else marks halve an order */
	bool reserve_by_request; /* lowmem_reserve of the requested zone index, not of the preferred zone (5.8) */
	bool unaccepted_unusable; /* NR_UNACCEPTED taken off (6.5 - 6.8) */
	bool min_ignores_boost;	/* order-0 __GFP_ATOMIC/HIGH retry without boost (5.8) */
	bool has_boost;
	bool boost_printed;	/* zoneinfo shows the boost: min, low, high include it */
	bool cma_first;		/* movable takes CMA first when it holds over half of the free pages (5.7) */
	bool pcp_high_order;	/* per-CPU lists also of order 1-3 and THP (5.13) */
	bool nofragment;	/* ALLOC_NOFRAGMENT (5.0, RHEL 8.5) */
	bool reserve_migratetype; /* MIGRATE_RESERVE (to 4.3) */
	enum slowpath_rule slowpath;
	enum compaction_rule compaction;
	bool compaction_needs_fs; /* direct compaction needs __GFP_FS as well as __GFP_IO (to 4.12) */
	bool compact_stall_counts_deferred; /* compact_stall and _fail count skipped and deferred tries (4.20 to 5.14) */
	bool compaction_of_folios; /* moves folios above order 0, keeps free pages in blocks (6.9) */
	bool compact_gap_capped;  /* compact_gap at most 32 pages (7.2) */
	bool compact_first_noncostly; /* order > 0 not movable compacts first (4.14) */
	bool noretry_stop_skipped; /* costly NORETRY stops when compaction was skipped (5.10) */
	bool noretry_stop_deferred;
	bool retry_loop_7_1;	  /* compact-first round only stops for NORETRY and THISNODE */
	bool oom_retry_mayfail;	  /* RETRY_MAYFAIL keeps the OOM killer away (4.13) */
	bool proactive_leeway;	  /* marks of proactive compaction: leeway of half the low mark (6.15), else low at least 5 */
	enum kvmalloc_rule kvmalloc;
	bool kvmalloc_no_direct_reclaim; /* kmalloc part has DIRECT_RECLAIM cleared (6.17), else NORETRY */
	bool kvmalloc_int_max;	  /* above INT_MAX: NULL (5.10.223, 5.15) */
	bool vmalloc_bulk;	  /* pages in bulks (5.14) */
	bool vmalloc_used_pages;  /* VmallocUsed of meminfo counts pages (5.3); before: 0 or address space */
	bool vmap_stack;	  /* kernel stacks may be vmalloc'ed (4.9) */
	bool vmalloc_huge_kvmalloc; /* kvmalloc may map huge pages (5.18) */
	bool vmalloc_nonblocking; /* vmalloc may be called without DIRECT_RECLAIM (6.19) */
	bool kmalloc_k_names;	  /* kmalloc-1k rather than kmalloc-1024 */
	bool kmalloc_rcl, kmalloc_cg;
	bool slub_order_by_loops; /* calculate_order tries fewer objects (to 6.6); later a fixed minimum */
	bool slub_present_cpus;	  /* calculate_order counts present processors (5.14), else possible ones */
	bool slub_cheap_first_try; /* preferred order without reclaim if larger than the minimum (4.4) */
	bool slub_counts_approx;  /* slabinfo extrapolates beyond 10,000 partial slabs a node (6.10) */
	bool memcg_forces_high;	  /* __GFP_HIGH goes over a cgroup's limit (6.1), __GFP_ATOMIC before */
	bool percpu_by_blocking;  /* alloc_percpu is atomic only if it may not block (6.15, 6.1.159), else without all of GFP_KERNEL */
	bool dma_refuses_comp;	  /* dma_alloc_attrs: NULL for __GFP_COMP (6.2) */
	bool cma_in_meminfo;	  /* a kernel with CMA prints CmaTotal, area or not (3.19) */
	bool nofail_warns;	  /* __GFP_NOFAIL above order 1 warns once (to 6.18) */
	bool slab_fixes_flags;	  /* zone flags in a slab request: a warning (4.8), a BUG before */
	bool dma_iommu_generic;	  /* VT-d through dma-iommu (5.15) */
	/* What an operator may turn on, and how. */
	bool kfence_late;	  /* KFENCE can be turned on after boot (5.18) */
	bool thp_defrag_madvise;  /* default of transparent_hugepage/defrag (4.6); "always" before */
	bool slab_traces;	  /* debugfs slab/CACHE/alloc_traces (5.14); sysfs alloc_calls before */
	/* What an author may write; kvmalloc is above, the old name of a flag gfp_bit_name tells. */
	bool nofs_scope;	  /* memalloc_nofs_save (4.12) */
	bool noio_scope;	  /* memalloc_noio_save (3.9) */
	bool noio_scope_keeps_fs_out; /* it takes __GFP_FS away too (3.17) */
	bool sgtable_helpers;	  /* for_each_sgtable_sg, dma_map_sgtable (5.8) */
	bool dma_alloc_zeroes;	  /* dma_alloc_coherent zeroes on every architecture (5.0) */
	bool dma_pool_zalloc;	  /* the function (4.3) */
};

/* The rules for a snapshot's kernel; probes its files where versions lie. */
struct mm_rules mm_rules_of(const struct snapshot *s);
/* The rules for a version alone, as for a log: @el is RHEL's major or 0. */
struct mm_rules mm_rules_for(unsigned int major, unsigned int minor, unsigned int patch,
			     unsigned int el, unsigned int el_build);

#endif
