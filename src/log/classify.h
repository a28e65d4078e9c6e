/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a line of the kernel is, by its own words alone. */
#ifndef LOG_CLASSIFY_H
#define LOG_CLASSIFY_H

#include "base/str.h"

enum line_kind {
	L_NONE, /* not of a report, or the rest of a line that was broken */

	/* lines that open a report */
	L_PAGE_FAILURE,	/* "...: page allocation failure" and "stall", and vmalloc's of the same form */
	L_OOM,		/* "... invoked oom-killer:" */
	L_SLUB,
	L_VMAP,		/* "vmap allocation for size", "vmalloc_node_range for size" */
	L_VMALLOC_OLD,	/* "vmalloc: allocation failure: N bytes", before 4.9 */
	L_CMA,
	L_SWIOTLB,
	L_PERCPU,
	L_WARN_ORDER,	/* "WARNING: ... at mm/page_alloc.c:N" */
	L_DMA_POOL,
	L_KMEMLEAK,
	L_PAGE_OWNER,
	L_NOMMU,	/* "Allocation of length N from process N (x) failed": mmap without an MMU */
	L_IOMMU,	/* "iommu_alloc failed, tbl ... vaddr ... npages N" of powerpc; GART's "Out of IOMMU space for N bytes" */
	L_HUGETLB,	/* "HugeTLB: allocating N of page size ... failed." */
	L_UNEXPECTED_GFP,

	/* lines that go on with one */
	L_CPU,		/* "CPU: 0 PID: 1 Comm: x ...", "Pid: 1, comm: x ..." */
	L_HARDWARE,
	L_WORKQUEUE,
	L_CPUSET,	/* "x cpuset=/ mems_allowed=0" */
	L_TRACE,	/* "Call Trace:" */
	L_FRAME,	/* one function of it */
	L_FRAME_MARK,	/* "<IRQ>", "</TASK>" */
	L_REGS,		/* registers, code, stack words, modules, "cut here" */
	L_MEMINFO,	/* "Mem-Info:" */
	L_GLOBAL,	/* counts of all nodes, in pages */
	L_NODE,		/* "Node 0 active_anon:..." */
	L_ZONE,		/* "Node 0 DMA free:..." */
	L_LOWMEM,	/* "lowmem_reserve[]: ..." */
	L_FREE_LIST,	/* "Node 0 DMA: 1*4kB ..." */
	L_HUGEPAGES,
	L_TOTALS,	/* "N pages RAM", "Free swap  = NkB", "Swap cache stats" */
	L_PCP_ZONE,	/* "Node 0 DMA per-cpu:" */
	L_PCP,		/* "CPU    0: hi:  186, btch:  31 usd:  30" */
	L_ALLOC_SITES,	/* "Memory allocations:", and its lines */
	L_ALLOC_SITE,
	L_SLUB_CACHE,	/* "  cache: x, object size: ..." */
	L_SLUB_NODE,	/* "  node 0: slabs: ..." */
	L_SLUB_DEBUG,	/* "... debugging increased min order" */
	L_CMA_FREE,	/* "number of available pages: ..." */
	L_OOM_MEMCG,	/* "memory: usage NkB, limit NkB, failcnt N", "Task in ... killed as a result" */
	L_OOM_MEMCG_STATS,
	L_OOM_STAT,	/* "anon 123" below it */
	L_OOM_SLABS,	/* "Unreclaimable slab info:" and its heading */
	L_OOM_SLAB,
	L_OOM_TASKS,	/* heading of the task table */
	L_OOM_TASK,
	L_OOM_KILL,	/* "oom-kill:constraint=..." */
	L_OOM_KILLED,	/* "Out of memory: Killed process ..." and "Killed process ..." */
	L_OOM_OTHER,	/* reaper, protection, no killable processes */
	L_SUPPRESSED,	/* "...: N callbacks suppressed" */
	L_COMPACTION_OFF,
	L_LEAK_BODY,	/* comm, hex dump and backtrace of kmemleak */
	L_OWNER_BODY,
	L_KV_REST,	/* members like "inactive_anon:0kB": the rest of a broken line */
	L_FREE_REST,	/* "2*64kB (UM) 1*128kB": the rest of a free list */
	L_NUM_REST,	/* numbers alone: the rest of lowmem_reserve */
	L_NODE_REST,	/* "Node 0" alone: the start of a broken line */
	L_KINDS
};

static inline bool line_opens(enum line_kind k)
{
	return k >= L_PAGE_FAILURE && k <= L_UNEXPECTED_GFP;
}

/* Words that only stand within a line. */
static inline bool line_is_rest(enum line_kind k)
{
	return k == L_NONE || k == L_KV_REST || k == L_FREE_REST || k == L_NUM_REST || k == L_NODE_REST;
}

#define COMM_MAX 15 /* bytes of a task's name */

/* The kind of report that @s begins, or L_NONE. */
enum line_kind classify_opening(struct slice s);

/* The title of a mail on a report: names it, and is none. */
bool classify_is_title(struct slice body);

/* What the words of @body are. */
enum line_kind classify(struct slice body);

/*
 * "Node N " if it is there (node 0 if not), then the zone's name. False if
 * @s does not begin with the name of a zone. Moves behind what it took.
 */
bool classify_zone(struct slice *s, int *node, struct slice *name);
/*
 * The same for a zone's line of watermarks, before which the rest of another
 * CPU's line may stand: "7*2048kB Normal free:12kB min:34kB".
 */
bool classify_zone_marks(struct slice *s, int *node, struct slice *name);
/* The same for its free list: "7*2048kB Normal: 1*4kB 0*8kB". Leaves @s at the colon. */
bool classify_zone_list(struct slice *s, int *node, struct slice *name);

#endif
