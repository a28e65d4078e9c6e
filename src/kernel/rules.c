// SPDX-License-Identifier: GPL-2.0-or-later
/* Which rules the kernel at hand follows: the only place that compares versions. */
#include "kernel/rules.h"

#include <string.h>

#define V(major, minor) ((unsigned int)(major) << 16 | (unsigned int)(minor) << 8)
#define VP(major, minor, patch) (V(major, minor) | (unsigned int)(patch))
#define NEWEST VP(7, 3, 255)

static enum gfp_epoch epoch_of(unsigned int v, unsigned int el)
{
	if (el == 8)
		return GFP_E4;
	if (v < V(4, 4))
		return GFP_E1;
	if (v < V(4, 12))
		return GFP_E2;
	if (v < V(4, 17)) /* reports of 4.15 and 4.16 show it; 4.18 is E4 */
		return GFP_E3;
	return v < V(5, 1) ? GFP_E4 : GFP_E5;
}

/* In a stable series from @patch on. */
static bool backported(unsigned int v, unsigned int major, unsigned int minor, unsigned int patch)
{
	return v >= VP(major, minor, patch) && v < V(major, minor + 1);
}

/* The rework of the reserves (ALLOC_MIN_RESERVE): 6.3, and 6.1.116 by Debian's changelog. */
static bool has_min_reserve(unsigned int v)
{
	return v >= V(6, 3) || backported(v, 6, 1, 116);
}

/*
 * "only set ALLOC_HIGHATOMIC for __GFP_HIGH": absent in 6.14, there in 6.18; 6.1.157 and 6.12.54
 * by Debian's changelogs, in the other series of that day where their next release would be.
 */
static bool highatomic_needs_high(unsigned int v)
{
	return v >= V(6, 18) || backported(v, 6, 1, 157) || backported(v, 6, 6, 113) ||
	       backported(v, 6, 12, 54) || backported(v, 6, 17, 4);
}

static void set_page_rules(struct mm_rules *r, unsigned int v, unsigned int el, unsigned int build)
{
	bool el85 = el == 8 && build >= 305;

	r->epoch = epoch_of(v, el);
	r->gfp_atomic = v >= V(4, 4) && v < V(6, 3);
	r->nowait_nowarn = v >= V(6, 7);
	r->rights = v < V(4, 4) ? RIGHTS_WAIT : has_min_reserve(v) ? RIGHTS_MIN_RESERVE : RIGHTS_ATOMIC;
	r->highatomic_needs_high = highatomic_needs_high(v);
	r->fast_path_highatomic = v >= V(7, 3);
	if (v < V(4, 4))
		r->highatomic = HIGHATOMIC_NONE;
	else if (v >= V(6, 12)) /* absent 6.11 */
		r->highatomic = HIGHATOMIC_FREE;
	else
		r->highatomic = HIGHATOMIC_RESERVED;
	r->per_order_lists = v >= V(4, 4);
	r->reserve_by_request = v >= V(5, 8) || el85;
	r->unaccepted_unusable = v >= V(6, 5) && v < V(6, 11);
	r->min_ignores_boost = v >= V(5, 8) || el85;
	r->has_boost = v >= V(5, 0) || el85;
	r->boost_printed = v >= V(5, 18);
	r->cma_first = v >= V(5, 7) && !el;
	r->pcp_high_order = v >= V(5, 13);
	r->nofragment = v >= V(5, 0) || el85;
	r->reserve_migratetype = v < V(4, 4);
	r->slowpath = v < V(4, 4) ? SLOWPATH_3_10 : v < V(4, 7) ? SLOWPATH_4_4 : SLOWPATH_4_9;
	r->compaction = v < V(4, 4)    ? COMPACTION_3_10
			: v < V(4, 8)  ? COMPACTION_4_4
			: v < V(6, 15) ? COMPACTION_4_9
				       : COMPACTION_6_16;
	r->compaction_needs_fs = v < V(4, 13);
	/* present in 5.4 and 5.10, absent in 4.19 and 5.15 */
	r->compact_stall_counts_deferred = (v >= V(4, 20) && v < V(5, 15)) || el85;
	r->compaction_of_folios = v >= V(6, 9); /* unsourced border: by the date of the patches, February 2024 */
	r->compact_gap_capped = v >= V(7, 2);
	r->compact_first_noncostly = v >= V(4, 12);
	r->noretry_stop_deferred = v >= V(4, 7);
	r->noretry_stop_skipped = v >= V(5, 9);
	r->proactive_leeway = v >= V(6, 15); /* absent 6.14, present 6.18 */
	r->retry_loop_7_1 = v >= V(7, 0);
	r->oom_retry_mayfail = v >= V(4, 13);
}

static void set_slab_rules(struct mm_rules *r, unsigned int v, unsigned int el, unsigned int build)
{
	bool el85 = el == 8 && build >= 305, el83 = el == 8 && build >= 240;

	r->kmalloc_k_names = v >= V(4, 20) || el83;
	r->kmalloc_rcl = v >= V(4, 20) || el83;
	r->kmalloc_cg = v >= V(5, 14) || el85;
	r->slub_order_by_loops = v < V(6, 7); /* so in 6.6, not in 6.8 */
	r->slub_present_cpus = v >= V(5, 14) || el85;
	r->slub_cheap_first_try = v >= V(4, 2);
	r->slub_counts_approx = v >= V(6, 10);
	r->memcg_forces_high = v >= V(6, 1);
	/* "do not consider sleepable allocations atomic": the stable ones by Debian's changelogs. */
	r->percpu_by_blocking = v >= V(6, 15) || backported(v, 6, 1, 159) || backported(v, 6, 12, 59);
	r->dma_refuses_comp = v >= V(6, 2); /* absent 6.1, present 6.12 */
	r->cma_in_meminfo = v >= V(3, 19);
	r->nofail_warns = v < V(6, 19);
	r->slab_fixes_flags = v >= V(4, 8);
	r->dma_iommu_generic = v >= V(5, 11);
}

static void set_vmalloc_rules(struct mm_rules *r, unsigned int v)
{
	r->kvmalloc = v < V(4, 12)   ? KVMALLOC_NONE
		      : v < V(5, 18) ? KVMALLOC_GFP_KERNEL
		      : v < V(6, 19) ? KVMALLOC_BLOCKING
				     : KVMALLOC_ALWAYS;
	r->kvmalloc_no_direct_reclaim = v >= V(6, 16);
	r->kvmalloc_int_max = v >= VP(5, 14, 10) || (v >= VP(5, 10, 200) && v < V(5, 11));
	r->vmalloc_bulk = v >= V(5, 13);
	r->vmalloc_used_pages = v >= V(5, 3);
	r->vmap_stack = v >= V(4, 9);
	r->vmalloc_huge_kvmalloc = v >= V(5, 18);
	r->vmalloc_nonblocking = v >= V(6, 19);
}

static void set_operator_rules(struct mm_rules *r, unsigned int v)
{
	r->kfence_late = v >= V(5, 18);
	r->thp_defrag_madvise = v >= V(4, 6);
	r->slab_traces = v >= V(5, 14);
}

/* Which helpers are there: include/linux/sched/mm.h, gfp.h, scatterlist.h, dmapool.h. */
static void set_author_rules(struct mm_rules *r, unsigned int v)
{
	r->nofs_scope = v >= V(4, 12);
	r->noio_scope = v >= V(3, 9);
	r->noio_scope_keeps_fs_out = v >= V(3, 17);
	r->sgtable_helpers = v >= V(5, 8);
	r->dma_alloc_zeroes = v >= V(5, 0);
	r->dma_pool_zalloc = v >= V(4, 3);
}

struct mm_rules mm_rules_for(unsigned int major, unsigned int minor, unsigned int patch,
			     unsigned int el, unsigned int el_build)
{
	unsigned int v = VP(major > 255 ? 255 : major, minor > 255 ? 255 : minor,
			    patch > 255 ? 255 : patch);
	struct mm_rules r = { 0 };

	r.version = v;
	set_page_rules(&r, v, el, el_build);
	set_slab_rules(&r, v, el, el_build);
	set_vmalloc_rules(&r, v);
	set_operator_rules(&r, v);
	set_author_rules(&r, v);
	return r;
}

/* What the files reveal outranks the number: enterprise kernels carry later rules. */
static void probe(struct mm_rules *r, const struct snapshot *s)
{
	bool saw_boost = false, saw_highatomic = false, saw_reserve = false, reserved = false, free = false;

	for (size_t i = 0; i < s->n_zones; i++) {
		const struct snap_zone *z = &s->zones[i];

		saw_boost |= z->boost.known;
		saw_highatomic |= snap_zone_type(z, "HighAtomic") != NULL;
		saw_reserve |= snap_zone_type(z, "Reserve") != NULL;
		reserved |= z->reserved_highatomic.known;
		free |= z->free_highatomic.known;
	}
	/* Both are printed from 6.19 on; a release without a name that prints one only is most likely before 6.12. */
	if (free)
		r->highatomic = HIGHATOMIC_FREE;
	else if (reserved && (s->kernel.guessed || !s->kernel.has_version) && r->highatomic == HIGHATOMIC_FREE)
		r->highatomic = HIGHATOMIC_RESERVED;
	if (sysctl_get(&s->sysctl, "watermark_boost_factor"))
		r->has_boost = true;
	if (saw_boost)
		r->has_boost = r->boost_printed = true;
	if (saw_reserve) {
		r->reserve_migratetype = true;
		r->highatomic = HIGHATOMIC_NONE;
	} else if (saw_highatomic && r->highatomic == HIGHATOMIC_NONE) {
		r->highatomic = HIGHATOMIC_RESERVED;
	}
}

struct mm_rules mm_rules_of(const struct snapshot *s)
{
	const struct snap_kernel *k = &s->kernel;
	struct mm_rules r;

	if (k->has_version) {
		r = mm_rules_for(k->major, k->minor, k->patch, k->el, k->el_build);
		r.label = k->release ? k->release : "";
	} else {
		r = mm_rules_for(NEWEST >> 16, (NEWEST >> 8) & 255, NEWEST & 255, 0, 0);
		r.assumed = true;
		r.label = "unknown release, newest rules assumed";
	}
	probe(&r, s);
	return r;
}
