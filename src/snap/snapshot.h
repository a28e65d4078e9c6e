/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The typed snapshot: what the kernel's files said, joined by node and zone,
 * without opinion. It owns all it holds through one arena; nothing points at
 * raw file bytes. Sizes carry their unit in the name; where a number may be
 * missing its type says so.
 */
#ifndef SNAP_SNAPSHOT_H
#define SNAP_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/num.h"
#include "base/str.h"
#include "read/allocinfo.h"
#include "read/extfrag.h"
#include "read/gfpformat.h"
#include "read/kconfig.h"
#include "read/kmemleak.h"
#include "read/page_owner.h"
#include "read/kv.h"
#include "read/slabinfo.h"
#include "read/sysctl.h"
#include "read/sysslab.h"
#include "read/vmallocinfo.h"
#include "read/zoneinfo.h"

/* Who the kernel is. Never taken from the machine that reads, unless it is the one read. */
struct snap_kernel {
	const char *release;		    /* "6.1.0-53-cloud-amd64"; NULL if unknown */
	const char *arch;		    /* "x86_64", "aarch64", "arm", "i686", "ppc64le", ...; NULL */
	const char *version;		    /* rest of /proc/version; NULL */
	bool has_version;		    /* the three numbers below were found */
	bool guessed;			    /* from signs of some releases, not from the release's name */
	unsigned int major, minor, patch;   /* patch: Debian's from /proc/version where that tells more */
	unsigned int el;		    /* RHEL major version by ".elN" in the release, 0 if not */
	unsigned int el_build;		    /* 1160 in 3.10.0-1160.el7; 0 if unknown */
	struct opt_u64 page_size;	    /* bytes */
	struct opt_u64 max_order;	    /* largest buddy order */
	struct opt_u64 pageblock_order;
	struct opt_u64 online_cpus, possible_cpus;
	struct opt_u64 word_bits;	    /* 32 or 64 */
};

/* Free blocks and pageblocks of one migratetype in one zone. */
struct snap_type {
	const char *name; /* as pagetypeinfo names it */
	uint64_t *free_blocks; /* one an order; NULL if not given */
	bool *capped;	       /* parallel; NULL if none is */
	struct opt_u64 pageblocks, mixed_pageblocks;
};

struct snap_zone {
	int node;
	const char *name;
	int index;		/* zone index (position among the zones compiled in), -1 unknown */
	bool in_buddyinfo, in_zoneinfo, in_pagetypeinfo;
	struct opt_u64 free_pages, spanned_pages, present_pages, managed_pages, cma_pages;
	struct opt_u64 boost, min, low, high, promo; /* pages, as printed: min, low, high hold the boost */
	uint64_t *protection;
	size_t n_protection;
	uint64_t *free_blocks;	/* buddyinfo, the read nearest to zoneinfo; NULL if unknown */
	unsigned int n_orders;
	uint64_t *free_blocks_before; /* the read before the costly files; NULL if none */
	struct opt_u64 drift_pages;   /* pages by which the lists moved between the two reads */
	struct snap_type *types; /* order of the header */
	size_t n_types;
	bool capped;		/* some count of pagetypeinfo is a bound */
	struct kv_table counters;
	struct zoneinfo_pageset *pagesets;
	size_t n_pagesets;
	struct opt_u64 start_pfn, unreclaimable, reserved_highatomic, free_highatomic; /* pages */
};

struct snap_hugepages {
	uint64_t size_kb;
	struct opt_u64 nr, free, resv, surplus, overcommit;
};

struct snap_node {
	int node;
	struct kv_table counters; /* per-node stats of zoneinfo, else nodeN/vmstat */
	struct kv_table meminfo;  /* nodeN/meminfo, kB */
	int *cpus;		  /* nodeN/cpulist; NULL unknown */
	size_t n_cpus;
	bool has_cpulist;
	uint64_t *distance;	  /* to the nodes of distance order: online nodes ascending */
	size_t n_distance;
	struct snap_hugepages *hugepages;
	size_t n_hugepages;
};

struct snap_cma {
	const char *name;
	struct opt_u64 base_pfn, total_pages, used_pages, maxchunk_pages, available_pages;
	struct opt_u64 alloc_success, alloc_fail;
};

struct snap_swiotlb {
	struct opt_u64 nslabs, used; /* slots of 2 KiB */
};

/* A small setting by its path below /sys/kernel/mm, e.g. "transparent_hugepage/defrag": "madvise". */
struct snap_setting {
	const char *name, *text; /* text: the whole line */
};

enum snap_source_state {
	SNAP_READ,	  /* read and used */
	SNAP_UNAVAILABLE, /* wanted, could not be read */
	SNAP_SKIPPED,	  /* left out: by option, or because it may stall this host */
};

/* One source as it was read: for doctor, JSON and the messages. */
struct snap_source {
	const char *name;   /* "buddyinfo" */
	const char *path;   /* "/proc/buddyinfo", as on the machine that was read */
	bool optional;	    /* its absence is normal: a summary need not name it */
	enum snap_source_state state;
	const char *reason; /* if not SNAP_READ */
	const char *hint;   /* what would help; NULL */
	int64_t start_ns;   /* unix time; 0 if not read now */
	uint64_t duration_ns;
	uint64_t bytes;
	uint64_t bad_lines; /* lines that could not be used */
	const char *bad_excerpt;
};

struct snapshot {
	struct arena arena;
	struct opt_u64 time_ns; /* unix time of the coherent reads */
	const char *host;	/* NULL unknown */
	const char *boot_id;	/* NULL unknown */
	struct opt_u64 uptime_ms;
	const char *cmdline;	/* NULL unknown */
	struct snap_kernel kernel;

	struct snap_zone *zones; /* by node, then as the kernel orders them */
	size_t n_zones;
	struct snap_node *nodes; /* ascending */
	size_t n_nodes;

	bool has_slab, has_sysslab, has_vmalloc;
	struct slabinfo slab;
	struct sysslab_cache *sysslab;
	size_t n_sysslab;
	struct vmallocinfo vmalloc;

	struct kv_table vmstat, meminfo; /* n 0: not read */
	struct sysctl_table sysctl;	 /* /proc/sys/vm, plus kernel.kptr_restrict */
	bool has_kconfig;
	struct kconfig kconfig;
	struct snap_setting *settings; /* /sys/kernel/mm/... */
	size_t n_settings;
	struct snap_hugepages *hugepages;
	size_t n_hugepages;
	struct snap_cma *cma;
	size_t n_cma;
	struct snap_swiotlb swiotlb;
	bool has_allocinfo;
	struct allocinfo allocinfo; /* the largest sites */
	bool has_kmemleak;
	struct kmemleak kmemleak; /* the callers that lost most */
	bool has_page_owner;
	struct page_owner page_owner; /* the callers with most stray pages, and most pages */

	bool has_extfrag, has_unusable; /* the kernel's own figures (debugfs) */
	struct extfrag extfrag, unusable;
	bool has_gfpformat;
	struct gfpformat gfpformat;
	const char *memcg_limit; /* reserved: limit of the reader's own cgroup; NULL */

	struct snap_source *sources; /* in the order of the table of sources */
	size_t n_sources;
};

struct snapshot *snapshot_new(void);
void snapshot_free(struct snapshot *s); /* NULL is fine */

/* NULL if there is none. */
struct snap_zone *snapshot_zone(const struct snapshot *s, int node, const char *name);
struct snap_node *snapshot_node(const struct snapshot *s, int node);
const struct snap_type *snap_zone_type(const struct snap_zone *z, const char *type);
const struct snap_source *snapshot_source(const struct snapshot *s, const char *name);
/* The text of a file below /sys/kernel/mm ("transparent_hugepage/enabled"), or NULL. */
const char *snapshot_setting(const struct snapshot *s, const char *name);

static inline void cleanup_snapshot(struct snapshot **s)
{
	snapshot_free(*s);
}
#define auto_snapshot __attribute__((cleanup(cleanup_snapshot)))

#endif
