/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a difference means: who took memory and does not give it back, what
 * broke free memory up, what the kernel struggled with. Each finding names a
 * culprit with its numbers; what is normal (page cache that fills, a process
 * that starts) is none.
 */
#ifndef MODEL_FINDINGS_H
#define MODEL_FINDINGS_H

#include "model/diff.h"
#include "model/history.h"
#include "model/request.h"
#include "model/trend.h"

enum finding_kind {
	FINDING_SLAB_LEAK,	  /* a cache grows steadily and gives nothing back */
	FINDING_VMALLOC_LEAK,	  /* so does a vmalloc caller */
	FINDING_SLAB_GROWTH,	  /* a cache grew much; not steadily, or too few samples to tell */
	FINDING_VMALLOC_GROWTH,
	FINDING_UNREFERENCED,	  /* kmemleak found objects that nothing points to */
	FINDING_STRAY_PAGES,	  /* page_owner shows who put unmovable pages among movable ones */
	FINDING_POLLUTION,	  /* unmovable pages lie scattered over more pageblocks than they need */
	FINDING_UNACCOUNTED,	  /* pages that no file accounts for grew: taken straight from alloc_pages */
	FINDING_BLOCKS_LOST,	  /* free blocks of high order went to what cannot be moved or reclaimed */
	FINDING_FRAGMENTED,	  /* free memory broke up without getting less */
	FINDING_SLAB_WASTE,	  /* free objects in slabs that cannot be given back grew */
	FINDING_COMPACTION_FAILS,
	FINDING_STALLS,		  /* allocations had to reclaim by themselves, with little success */
	FINDING_OOM,
};

struct finding {
	enum finding_kind kind;
	const char *subject;	 /* cache, caller, migratetype, ... */
	struct opt_u64 bytes;	 /* by how much it grew, or what was lost */
	struct opt_u64 events;	 /* of those that are counts */
	bool has_trend;
	struct trend trend;	 /* bytes a second */
	const char *sentence;
	const char *next;	 /* what to do next; NULL */
	bool of_addresses;	 /* bytes of address space, not of memory */
};

/* A file that could not be judged. */
struct unjudged {
	const char *source; /* "slabinfo" */
	const char *reason; /* "read before only" */
};

/* Whether, and when, a request is going to run out. */
struct forecast {
	unsigned int order;
	const char *what;     /* the request, as given */
	bool supported;	      /* the three times hold */
	double s, earliest_s, latest_s; /* after the last sample */
	const char *sentence; /* the estimate, or why there is none */
};

struct findings {
	struct arena arena;
	struct finding *v; /* the culprit first */
	size_t n, cap;
	struct unjudged *unjudged; /* none: all was judged */
	size_t n_unjudged;
	const char *extent; /* a sentence: what no finding means, or what was not judged; NULL: findings, of all */
	bool has_forecast;
	struct forecast forecast;
};

/* "slab_leak" */
const char *finding_name(enum finding_kind k);

/*
 * @h: the rows between, or NULL when there are only the two ends. Findings
 * are about one boot, in the order of time: with @d over two, or back, there are none. 0 or -ENOMEM. Free with
 * findings_free.
 */
int findings_new(const struct diff *d, const struct history *h, struct findings **out);
void findings_free(struct findings *fs); /* NULL is fine */

/* The order of the blocks that a request takes, as far as the free lists matter to it: 0 where single pages do. */
unsigned int request_block_order(const struct snapshot *s, const struct request *r);
/* Add the forecast for a request of pages of @order, called @what. 0 or -ENOMEM. */
int findings_forecast(struct findings *fs, const struct diff *d, const struct history *h,
		      unsigned int order, const char *what);

#endif
