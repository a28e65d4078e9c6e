// SPDX-License-Identifier: GPL-2.0-or-later
/* The table of sources. */
#include "host/source.h"

#include <errno.h>

#define DEBUGFS "root may mount it: mount -t debugfs none /sys/kernel/debug"

const struct source source_table[SRC_COUNT] = {
	[SRC_BUDDYINFO] = {
		.name = "buddyinfo",
		.path = "proc/buddyinfo",
		.what = "free blocks by order",
		.cost = "each zone's lock for a moment",
		.absent = "is /proc mounted?",
	},
	[SRC_BUDDYINFO_BEFORE] = {
		.name = "buddyinfo-before",
		.alias = "buddyinfo",
		.path = "proc/buddyinfo",
		.other = "memtool/buddyinfo.before",
		.optional = true,
		.what = "how far the free lists moved while the snapshot was taken",
		.cost = "each zone's lock for a moment",
	},
	[SRC_PAGETYPEINFO] = {
		.name = "pagetypeinfo",
		.path = "proc/pagetypeinfo",
		.what = "free blocks by migratetype",
		.cost = "walks the free lists under the zone lock with interrupts off; can stall a host "
			"whose kernel lacks the cap of 100000 blocks (before 5.4), or above 1 TiB",
		.absent = "is /proc mounted?",
	},
	[SRC_ZONEINFO] = {
		.name = "zoneinfo",
		.path = "proc/zoneinfo",
		.what = "watermarks and zone counters",
		.cost = "each zone's lock for a moment",
		.absent = "is /proc mounted?",
	},
	[SRC_VMSTAT] = {
		.name = "vmstat",
		.path = "proc/vmstat",
		.what = "event counters",
		.cost = "sums per-CPU counters",
		.absent = "is /proc mounted?",
	},
	[SRC_MEMINFO] = {
		.name = "meminfo",
		.path = "proc/meminfo",
		.what = "memory totals",
		.cost = "sums per-CPU counters",
		.absent = "is /proc mounted?",
	},
	[SRC_SLABINFO] = {
		.name = "slabinfo",
		.alias = "slab",
		.path = "proc/slabinfo",
		.what = "slab caches",
		.cost = "holds slab_mutex, walks the partial slabs of every cache",
		.absent = "the kernel needs CONFIG_SLUB_DEBUG",
	},
	[SRC_SYSSLAB] = {
		.name = "slab-sysfs",
		.alias = "slab",
		.path = "sys/kernel/slab",
		.folder = true,
		.optional = true,
		.what = "the orders and debugging of slab caches",
		.cost = "four small files a cache; with --with slab-sysfs some twenty",
		.absent = "the kernel needs CONFIG_SLUB and CONFIG_SYSFS",
	},
	[SRC_VMALLOCINFO] = {
		.name = "vmallocinfo",
		.alias = "vmalloc",
		.path = "proc/vmallocinfo",
		.what = "vmalloc areas",
		.cost = "resolves a symbol a line under the vmap locks",
		.absent = "the kernel needs CONFIG_MMU",
	},
	[SRC_ALLOCINFO] = {
		.name = "allocinfo",
		.path = "proc/allocinfo",
		.optional = true,
		.what = "memory by allocating line",
		.cost = "sums per-CPU counters of every call site",
		.absent = "the kernel needs CONFIG_MEM_ALLOC_PROFILING (6.10 and later)",
	},
	[SRC_KMEMLEAK] = {
		.name = "kmemleak",
		.path = "sys/kernel/debug/kmemleak",
		.may_be_empty = true,
		.optional = true,
		.what = "objects that nothing points to",
		.cost = "holds off a scan and walks the records of all objects; starts no scan",
		.on_request = "left out but where asked for: a scan makes its reader wait",
		.absent = "the kernel needs CONFIG_DEBUG_KMEMLEAK and a mounted debugfs",
	},
	[SRC_PAGE_OWNER] = {
		.name = "page_owner",
		.path = "sys/kernel/debug/page_owner",
		.optional = true,
		.what = "the function that took each page",
		.cost = "prints a backtrace a page: half a kilobyte each",
		.on_request = "left out but where asked for: it takes seconds a gigabyte",
		.absent = "the kernel needs CONFIG_PAGE_OWNER, page_owner=on at boot and a mounted debugfs",
	},
	[SRC_SYSCTL] = {
		.name = "sysctl",
		.path = "proc/sys/vm",
		.folder = true,
		.what = "the settings that decide allocations",
		.cost = "some thirty small files",
		.absent = "is /proc mounted?",
	},
	[SRC_NODES] = {
		.name = "nodes",
		.path = "sys/devices/system/node",
		.folder = true,
		.optional = true,
		.what = "counters, processors and distances of NUMA nodes",
		.cost = "some ten small files a node",
		.absent = "the kernel needs CONFIG_NUMA and a mounted /sys",
	},
	[SRC_SETTINGS] = {
		.name = "settings",
		.alias = "thp",
		.path = "sys/kernel/mm",
		.folder = true,
		.optional = true,
		.what = "settings of transparent huge pages",
		.cost = "some thirty small files",
		.absent = "the kernel needs CONFIG_TRANSPARENT_HUGEPAGE and a mounted /sys",
	},
	[SRC_HUGEPAGES] = {
		.name = "hugepages",
		.path = "sys/kernel/mm/hugepages",
		.folder = true,
		.optional = true,
		.what = "huge page pools",
		.cost = "five small files a size",
		.absent = "the kernel needs CONFIG_HUGETLBFS and a mounted /sys",
	},
	[SRC_CMA] = {
		.name = "cma",
		.path = "sys/kernel/mm/cma",
		.other = "sys/kernel/debug/cma",
		.folder = true,
		.optional = true,
		.what = "CMA areas",
		.cost = "a bitmap walk an area",
		.absent = "the kernel needs CONFIG_CMA_SYSFS or CONFIG_CMA_DEBUGFS, and debugfs mounted",
	},
	[SRC_SWIOTLB] = {
		.name = "swiotlb",
		.path = "sys/kernel/debug/swiotlb",
		.folder = true,
		.optional = true,
		.what = "bounce buffers for DMA",
		.cost = "two small files",
		.absent = DEBUGFS,
	},
	[SRC_IOMMU] = {
		.name = "iommu",
		.path = "sys/class/iommu",
		.other = "sys/kernel/iommu_groups",
		.folder = true,
		.optional = true,
		.what = "whether devices stand behind an IOMMU",
		.cost = "a small file a group of devices",
		.absent = "the kernel needs CONFIG_IOMMU_SUPPORT and a mounted /sys",
	},
	[SRC_MEMCG] = {
		.name = "memcg",
		.alias = "cgroup",
		.path = "sys/fs/cgroup",
		.folder = true,
		.optional = true,
		.what = "memory limits of the reader's own cgroup",
		.cost = "two small files a level",
		.absent = "no memory controller, or the cgroup is the root",
	},
	[SRC_EXTFRAG] = {
		.name = "extfrag_index",
		.alias = "extfrag",
		.path = "sys/kernel/debug/extfrag/extfrag_index",
		.optional = true,
		.what = "the kernel's own fragmentation index",
		.cost = "each zone's lock for a moment",
		.absent = DEBUGFS,
	},
	[SRC_UNUSABLE] = {
		.name = "unusable_index",
		.alias = "extfrag",
		.path = "sys/kernel/debug/extfrag/unusable_index",
		.optional = true,
		.what = "the kernel's own unusable free space index",
		.cost = "each zone's lock for a moment",
		.absent = DEBUGFS,
	},
	[SRC_GFPFORMAT] = {
		.name = "gfpformat",
		.path = "sys/kernel/tracing/events/kmem/mm_page_alloc/format",
		.other = "sys/kernel/debug/tracing/events/kmem/mm_page_alloc/format",
		.optional = true,
		.what = "this kernel's gfp bits",
		.cost = "nothing",
		.absent = "root may mount it: mount -t tracefs none /sys/kernel/tracing",
	},
	[SRC_KCONFIG] = {
		.name = "kconfig",
		.alias = "config",
		.path = "boot/config-RELEASE",
		.other = "proc/config.gz",
		.optional = true,
		.what = "how the kernel was built",
		.cost = "nothing",
		.absent = "the kernel package's /boot/config-RELEASE, or CONFIG_IKCONFIG_PROC",
	},
	[SRC_KERNEL] = {
		.name = "kernel",
		.path = "proc/version",
		.folder = true,
		.what = "which kernel this is",
		.cost = "nothing",
		.absent = "is /proc mounted?",
	},
};

const char *const source_sysctls[] = {
	"admin_reserve_kbytes",
	"compact_unevictable_allowed",
	"compaction_proactiveness",
	"defrag_mode",
	"extfrag_threshold",
	"highmem_is_dirtyable",
	"hugepages_treat_as_movable",
	"lowmem_reserve_ratio",
	"max_map_count",
	"mem_profiling",
	"min_free_kbytes",
	"min_slab_ratio",
	"min_unmapped_ratio",
	"movable_gigantic_pages",
	"nr_hugepages",
	"nr_overcommit_hugepages",
	"numa_zonelist_order",
	"oom_kill_allocating_task",
	"overcommit_kbytes",
	"overcommit_memory",
	"overcommit_ratio",
	"panic_on_oom",
	"percpu_pagelist_fraction",
	"percpu_pagelist_high_fraction",
	"swappiness",
	"user_reserve_kbytes",
	"vfs_cache_pressure",
	"watermark_boost_factor",
	"watermark_scale_factor",
	"zone_reclaim_mode",
	NULL,
};

/* Each file costs some microseconds, and there are hundreds of caches. */
const char *const source_slab_attrs[] = { "object_size", "order", "reclaim_account", "partial", NULL };

const char *const source_slab_debug_attrs[] = { "sanity_checks", "red_zone", "poison", "store_user", NULL };

/* No "objects" and "total_objects": slabinfo tells them, and they walk the partial lists again. */
const char *const source_slab_more_attrs[] = {
	"slab_size",   "align",	      "objs_per_slab", "min_partial",	 "cpu_partial", "aliases",
	"cache_dma",   "destroy_by_rcu", "hwcache_align", "usersize",	 "cpu_slabs",	"sheaf_capacity",
	"ctor",	       NULL,
};

static uint64_t mask_of_name(struct slice name)
{
	uint64_t mask = 0;

	for (unsigned int i = 0; i < SRC_COUNT; i++) {
		const struct source *s = &source_table[i];

		if (slice_eq(name, s->name) || (s->alias && slice_eq(name, s->alias)))
			mask |= SRC_BIT(i);
	}
	return mask;
}

int source_mask(const char *list, uint64_t *mask, struct slice *bad)
{
	uint64_t sum = 0;

	for (const char *p = list;; p++) {
		size_t len = strcspn(p, ",");
		struct slice name = slice_trim((struct slice){ p, len });
		uint64_t one = mask_of_name(name);

		if (!one && name.len) {
			*bad = name;
			return -EINVAL;
		}
		sum |= one;
		p += len;
		if (*p == '\0')
			break;
	}
	if (!sum) {
		*bad = slice_of(list); /* names nothing */
		return -EINVAL;
	}
	*mask = sum;
	return 0;
}
