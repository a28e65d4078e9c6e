/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A decoded report: what the kernel's log said of one failed allocation, typed,
 * without opinion. It owns all it holds through its arena; nothing points into
 * the log. Units are in the names; what the text did not say is unknown.
 */
#ifndef LOG_REPORT_H
#define LOG_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/num.h"
#include "base/str.h"

enum log_kind {
	LOG_PAGE_ALLOC_FAILURE,
	LOG_OOM,
	LOG_SLUB,    /* SLUB or SLAB could not get pages for a cache */
	LOG_VMALLOC, /* pages, page tables or the area of a vmalloc */
	LOG_VMAP,    /* no room in the address space, and no more was said */
	LOG_CMA,
	LOG_SWIOTLB,
	LOG_PERCPU,
	LOG_OTHER,   /* see enum log_event */
};

/* What a report is, finer than its kind. */
enum log_event {
	LOG_EV_NONE,
	LOG_EV_STALL,		/* page allocation stalls */
	LOG_EV_ORDER_ABOVE_MAX,	/* warning in mm/page_alloc.c, and nothing else */
	LOG_EV_NOFAIL_ORDER,	/* such a warning for __GFP_NOFAIL with an order above 1 */
	LOG_EV_DMA_POOL,	/* the pool of atomic coherent memory */
	LOG_EV_KMEMLEAK,
	LOG_EV_PAGE_OWNER,
	LOG_EV_UNEXPECTED_GFP,
	LOG_EV_NOMMU,		/* mmap without an MMU: all of it in one piece */
	LOG_EV_IOMMU,		/* no run of entries in the table of a device's IOMMU */
	LOG_EV_HUGETLB,		/* huge pages that the command line asked for */
	LOG_EV_MEMINFO_ONLY,	/* a Mem-Info block whose first line is lost */
	LOG_EV_SHOW_MEMORY,	/* a Mem-Info block that was asked for, by SysRq */
};

/* A number by the name the kernel printed, made a member name: "active_anon_kb". */
struct log_kv {
	const char *name;
	uint64_t value;
	bool negative; /* value is the magnitude */
};

struct log_kvs {
	struct log_kv *v;
	size_t n, cap;
};

/* A text by its name. */
struct log_text {
	const char *name, *value;
};

struct log_texts {
	struct log_text *v;
	size_t n, cap;
};

struct log_gfp {
	bool has_mask;
	uint64_t mask;
	const char *names; /* as printed, "GFP_KERNEL|__GFP_COMP"; NULL if only the mask was */
};

/* Per-CPU page list of a zone: "hi:  186, btch:  31 usd: 142", before 4.4. */
struct log_pcp {
	const char *zone;
	int node;
	uint64_t cpu, high, batch, used;
	bool cold; /* of two lists, the cold one */
};

struct log_zone {
	int node;	  /* 0 where the kernel prints none: it has one node only */
	const char *name; /* "Normal" */
	struct opt_u64 free_kb, boost_kb, min_kb, low_kb, high_kb;
	struct opt_u64 reserved_highatomic_kb, free_highatomic_kb;
	struct log_kvs kv; /* all other members, units in the names */
	bool has_unreclaimable, unreclaimable;
	uint64_t *lowmem_reserve; /* pages, by zone index */
	size_t n_lowmem_reserve, cap_lowmem_reserve;
	bool protections;	  /* it was called so: what must stay free in all, the low mark included */
	bool has_line;		  /* its line of watermarks was there */
	bool has_free_list;
	uint64_t *free_blocks;	  /* by order */
	const char **free_types;  /* by order: letters of the migratetypes whose list is not empty; NULL: none printed */
	size_t n_orders, cap_orders, cap_types;
	struct opt_u64 free_list_total_kb;
};

struct log_node {
	int node;
	struct log_kvs kv;
	bool has_unreclaimable, unreclaimable;
};

struct log_hugepages {
	int node;
	uint64_t size_kb, total, free, surplus;
};

struct log_frame {
	const char *function; /* without offset and compiler suffixes as printed */
	const char *module;   /* NULL: built in */
	bool maybe;	      /* printed with '?': not surely part of the chain */
};

struct log_task {
	uint64_t pid;
	const char *name;
	struct log_kvs kv; /* by the header's column names */
};

struct log_slab_node {
	uint64_t node;
	struct log_kvs kv;
};

struct log_report {
	struct arena arena;
	enum log_kind kind;
	enum log_event event;
	uint64_t line; /* number of its first line in the log, from 1 */

	/* when */
	struct opt_u64 time_ns;	  /* unix time, where the prefix says it with its zone */
	struct opt_u64 uptime_us; /* the kernel's own stamp */
	const char *stamp;	  /* the prefix's time as printed; NULL */

	/* who and what */
	const char *process;  /* NULL unknown */
	struct opt_u64 pid, cpu, uid;
	const char *kernel;   /* release; NULL */
	const char *tainted;  /* letters, "" when not tainted; NULL unknown */
	const char *hardware, *workqueue;
	bool has_order;
	int64_t order;
	struct log_gfp gfp;
	const char *nodemask; /* "(null)" or a list; NULL not said */
	const char *cpuset, *mems_allowed;
	const char *first_line; /* the line that names the kind, without its prefix */

	/* one-line kinds and extras */
	struct opt_u64 size_bytes;	/* vmalloc, vmap, swiotlb, percpu */
	struct opt_u64 allocated_bytes; /* vmalloc: of it, reached */
	struct opt_u64 vmap_bytes;	/* size of the area that did not fit */
	struct opt_u64 range_start, range_end;
	struct opt_u64 align_bytes;
	struct opt_u64 pages;		/* cma: requested */
	bool has_error;
	int64_t error;			/* cma: ret, as printed */
	const char *area;		/* cma area */
	const char *device;		/* swiotlb, dma */
	struct opt_u64 slots, used_slots;
	bool has_atomic, atomic;	/* percpu */
	const char *reason;		/* percpu, vmalloc: words after the numbers */
	struct opt_u64 stall_ms;
	struct opt_u64 free_pages, total_pages, longest_run_pages; /* cma debug */
	const char *source;		/* "mm/page_alloc.c:5023" of a warning */

	/* slub */
	const char *cache;
	bool has_slab_node;
	int64_t slab_node;
	struct opt_u64 object_size, buffer_size, default_order, min_order;
	bool order_raised_by_debugging;
	struct log_slab_node *slab_nodes;
	size_t n_slab_nodes, cap_slab_nodes;

	/* call trace */
	struct log_frame *frames;
	size_t n_frames, cap_frames;
	const char *api;	/* outermost allocation function; NULL */
	unsigned int address_bits; /* of its addresses: 64, 32, or 0 where none is printed */
	const char *requester;	/* first function outside the allocator; NULL */
	const char *module;	/* module of the requester, NULL: built in or unknown */
	const char *subsystem;	/* "network", "usb", module's name, ...; NULL */

	/* Mem-Info */
	bool has_meminfo;
	struct log_kvs global; /* pages */
	struct log_node *nodes;
	size_t n_nodes, cap_nodes;
	struct log_zone *zones;
	size_t n_zones, cap_zones;
	struct log_hugepages *hugepages;
	size_t n_hugepages, cap_hugepages;
	struct log_pcp *pcps;
	size_t n_pcps, cap_pcps;
	struct log_kvs totals; /* "ram_pages", "reserved_pages", "free_swap_kb", ... */
	struct opt_u64 page_size; /* bytes, where the numbers tell it */

	/* oom */
	bool is_memcg;
	bool has_oom_score_adj;
	int64_t oom_score_adj;
	const char *constraint, *oom_memcg, *task_memcg;
	struct opt_u64 killed_pid;
	const char *killed;
	bool is_killed; /* not only chosen */
	struct log_kvs killed_kv; /* "total_vm_kb", ... */
	struct log_kvs memcg;	  /* "memory_usage_kb", "memory_limit_kb", "memory_failcnt", ... */
	struct log_kvs memcg_stats;
	const char **task_columns; /* of the task table's heading: "uid", "tgid", ... */
	size_t n_task_columns, cap_task_columns;
	struct log_task *tasks;
	size_t n_tasks, cap_tasks;
	struct log_kvs slab_info; /* "Unreclaimable slab info": NAME_used_kb, NAME_total_kb */
	bool no_killable;
	bool no_compaction; /* "COMPACTION is disabled": built without */
	struct log_texts alloc_sites; /* memory profiling, most first: log_alloc_site_parse */

	/* state of the report itself */
	bool complete;	      /* nothing that its kind carries is missing */
	struct log_texts missing; /* what is: name and why */
	uint64_t suppressed;  /* "callbacks suppressed" said just before it */
	bool truncated;	      /* longer than any real report: the rest was dropped */
	struct log_texts raw; /* lines that were understood as part of it and hold no field */
};

struct log_report *log_report_new(void);
void log_report_free(struct log_report *r); /* NULL is fine */

/* The zone, made if there is none; NULL when memory is out. */
struct log_zone *log_report_zone(struct log_report *r, int node, struct slice name);
/* Append with the name copied. 0 or -ENOMEM. */
int log_kv_add(struct arena *a, struct log_kvs *t, const char *name, uint64_t value, bool negative);
/* Unknown if absent or negative. */
struct opt_u64 log_kv_get(const struct log_kvs *t, const char *name);
int log_text_add(struct arena *a, struct log_texts *t, const char *name, const char *value);
/* Room for one more element of an array in @a: copied to twice its size when full. */
int log_grow(struct arena *a, void *arrayp, size_t *cap, size_t n, size_t elem);

const char *log_kind_name(enum log_kind k);
const char *log_event_name(enum log_event e); /* NULL for LOG_EV_NONE */

#endif
