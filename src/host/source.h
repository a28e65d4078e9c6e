/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table of sources: every file of the kernel that memtool reads, what it
 * costs the host, who may read it, and what to do when it cannot be read.
 * Options, doctor, man page and "unavailable" come from it.
 */
#ifndef HOST_SOURCE_H
#define HOST_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

enum source_id {
	SRC_BUDDYINFO,
	SRC_BUDDYINFO_BEFORE, /* the first reading of buddyinfo, before the costly files */
	SRC_PAGETYPEINFO,
	SRC_ZONEINFO,
	SRC_VMSTAT,
	SRC_MEMINFO,
	SRC_SLABINFO,
	SRC_SYSSLAB,
	SRC_VMALLOCINFO,
	SRC_ALLOCINFO,
	SRC_KMEMLEAK,
	SRC_PAGE_OWNER,
	SRC_SYSCTL,
	SRC_NODES,
	SRC_SETTINGS,
	SRC_HUGEPAGES,
	SRC_CMA,
	SRC_SWIOTLB,
	SRC_IOMMU,
	SRC_MEMCG,
	SRC_EXTFRAG,
	SRC_UNUSABLE,
	SRC_GFPFORMAT,
	SRC_KCONFIG,
	SRC_KERNEL,
	SRC_COUNT
};

#define SRC_BIT(id) (UINT64_C(1) << (id))
#define SRC_ALL (SRC_BIT(SRC_COUNT) - 1)
/* Who the kernel is and its settings: small, and no memory data by themselves. */
#define SRC_CONTEXT (SRC_BIT(SRC_KERNEL) | SRC_BIT(SRC_KCONFIG) | SRC_BIT(SRC_SYSCTL) | \
		     SRC_BIT(SRC_SETTINGS) | SRC_BIT(SRC_GFPFORMAT))

struct source {
	const char *name;    /* "vmallocinfo": for options and messages */
	const char *alias;   /* a shorter name that options take too; one alias may stand for several */
	const char *path;    /* below the root: a file, or the folder for a source of many files */
	const char *other;   /* where it is otherwise, or NULL */
	bool folder;	     /* many files below path */
	bool may_be_empty;   /* an empty file says that there is nothing */
	const char *on_request; /* why it is left out on a running machine but where asked for; NULL: it is not */
	bool optional;	     /* the common summary does without; its absence is normal */
	const char *what;    /* what it tells, for hints: "slab caches" */
	const char *cost;    /* what reading it costs the host */
	const char *absent;  /* hint when it is not there */
};

/* Indexed by enum source_id. */
extern const struct source source_table[SRC_COUNT];

/*
 * Names or aliases separated by commas to a mask of SRC_BIT. 0, or -EINVAL and
 * the name that is none in @bad (borrowed from @list).
 */
int source_mask(const char *list, uint64_t *mask, struct slice *bad);

/* Attribute files read below each folder of a source; NULL terminated. */
extern const char *const source_sysctls[];    /* below proc/sys/vm */
/* Below sys/kernel/slab/CACHE: read always; where a cache may be debugged; only on request. */
extern const char *const source_slab_attrs[];
extern const char *const source_slab_debug_attrs[];
extern const char *const source_slab_more_attrs[];

#endif
