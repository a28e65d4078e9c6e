// SPDX-License-Identifier: GPL-2.0-or-later
/* Names of the snapshot document's numbers. */
#include "snap/members.h"

#include "snap/snapshot.h"

#define END { NULL, 0 }

#define K(n) { #n, offsetof(struct snap_kernel, n) }
const struct snap_member snap_kernel_members[] = {
	K(page_size), K(max_order), K(pageblock_order), K(word_bits), K(online_cpus), K(possible_cpus), END,
};

#define Z(name, member) { name, offsetof(struct snap_zone, member) }
const struct snap_member snap_zone_members[] = {
	Z("free_pages", free_pages),
	Z("managed_pages", managed_pages),
	Z("present_pages", present_pages),
	Z("spanned_pages", spanned_pages),
	Z("cma_pages", cma_pages),
	Z("start_pfn", start_pfn),
	Z("unreclaimable", unreclaimable),
	Z("reserved_highatomic_pages", reserved_highatomic),
	Z("free_highatomic_pages", free_highatomic),
	Z("drift", drift_pages),
	END,
};

const struct snap_member snap_watermark_members[] = {
	Z("boost", boost), Z("min", min), Z("low", low), Z("high", high), Z("promo", promo), END,
};

#define P(n) { #n, offsetof(struct zoneinfo_pageset, n) }
const struct snap_member snap_pageset_members[] = {
	P(count), P(high), P(batch), P(high_min), P(high_max), P(stat_threshold), END,
};

#define H(name, member) { name, offsetof(struct snap_hugepages, member) }
const struct snap_member snap_pool_members[] = {
	H("total", nr), H("free", free), H("reserved", resv), H("surplus", surplus),
	H("overcommit", overcommit), END,
};

#define C(n) { #n, offsetof(struct snap_cma, n) }
const struct snap_member snap_cma_members[] = {
	C(base_pfn), C(total_pages), C(used_pages), C(maxchunk_pages), C(available_pages),
	C(alloc_success), C(alloc_fail), END,
};

#define W(name, member) { name, offsetof(struct snap_swiotlb, member) }
const struct snap_member snap_swiotlb_members[] = {
	W("slots", nslabs), W("used_slots", used), END,
};

#define T(name, member) { name, offsetof(struct slabinfo_cache, member) }
const struct snap_member snap_tunable_members[] = {
	T("limit", limit), T("batchcount", batchcount), T("sharedfactor", sharedfactor),
	T("sharedavail", sharedavail), END,
};

#define S(n) { #n, offsetof(struct sysslab_cache, n) }
const struct snap_member snap_sysslab_members[] = {
	S(object_size), S(slab_size), S(align), S(objs_per_slab), S(order), S(min_partial),
	S(cpu_partial), S(aliases), S(reclaim_account), S(cache_dma), S(destroy_by_rcu),
	S(hwcache_align), S(usersize), S(sanity_checks), S(red_zone), S(poison), S(store_user),
	S(total_objects), S(objects), S(partial), S(slabs), S(cpu_slabs), S(sheaf_capacity),
	S(remote_node_defrag_ratio), END,
};
