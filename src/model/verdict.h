/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What comes of a request, why, and what would change it: the contract's words. */
#ifndef MODEL_VERDICT_H
#define MODEL_VERDICT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "model/request.h"

enum verdict_class { FAILS, LIKELY_FAILS, UNCERTAIN, LIKELY_SUCCEEDS, SUCCEEDS };

enum mechanism {
	MECHANISM_NONE,
	MECHANISM_PCP,
	MECHANISM_BUDDY,
	MECHANISM_FALLBACK_ZONE,
	MECHANISM_STEAL,
	MECHANISM_RESERVE,
	MECHANISM_DIRECT_RECLAIM,
	MECHANISM_DIRECT_COMPACTION,
	MECHANISM_OOM_KILL,
	MECHANISM_SLAB_PARTIAL,
	MECHANISM_SLAB_NEW,
	MECHANISM_VMALLOC,
	MECHANISM_VMALLOC_FALLBACK,
	MECHANISM_CMA,
	MECHANISM_IOMMU,
	MECHANISM_SWIOTLB,
	MECHANISM_COUNT
};

enum cause {
	CAUSE_NULL, /* it succeeds */
	CAUSE_FRAGMENTATION,
	CAUSE_LOW_MEMORY,
	CAUSE_WATERMARK_RESERVE,
	CAUSE_ZONE_RESTRICTED,
	CAUSE_NODE_BOUND,
	CAUSE_ORDER_TOO_BIG,
	CAUSE_SIZE_LIMIT,
	CAUSE_MEMCG_LIMIT,
	CAUSE_VMALLOC_SPACE,
	CAUSE_DMA_MASK,
	CAUSE_CMA,
	CAUSE_SWIOTLB,
	CAUSE_UNSUPPORTED,
	CAUSE_UNKNOWN,
	CAUSE_COUNT
};

/* How the zones stood to a request for pages that none of them serves. */
struct shortage {
	bool enough;	 /* a zone that it may use keeps its mark: only the block is missing */
	bool kept_back;	 /* their free pages would do, but for what is reserved against it */
	bool no_zone;	 /* no zone with memory is allowed */
	bool this_node;	 /* held to one node by __GFP_THISNODE, and another would serve it */
	bool other_node; /* so too by a nodemask or cpuset */
	bool other_zone; /* a zone above the highest that its flags allow would serve it */
};

/*
 * Its cause. Broken-up memory where it may look comes before memory where it may
 * not: who finds a zone with pages enough and no block of the size calls it
 * fragmented, whatever lies in other zones.
 */
enum cause cause_of_shortage(const struct shortage *s);

const char *verdict_name(enum verdict_class v);
/* The same for a person: "likely fails". */
const char *verdict_words(enum verdict_class v);
const char *mechanism_name(enum mechanism m);
const char *cause_name(enum cause c); /* NULL for CAUSE_NULL */
/* Of @probability in rounded thousandths, as it is printed: succeeds >= .98, likely_succeeds >= .75, likely_fails <= .25, fails <= .02. */
enum verdict_class verdict_of(double probability);

/* One number or word behind a step. Keys are the field's names; counts in pages unless the key says otherwise. */
struct evidence {
	const char *key;
	int64_t value;
	const char *text; /* if not NULL it stands in place of value */
};


struct step {
	const char *step;    /* "order_limit", "watermark", "free_list", "slab", ... */
	const char *outcome; /* "pass", "fail", "skip", "maybe" */
	int node;	     /* -1: none */
	const char *zone;    /* NULL: none */
	struct evidence *evidence;
	size_t n_evidence, cap_evidence;
	struct arena *arena; /* of the evidence */
	const char *note; /* a sentence; NULL unless asked for */
	const char *rule; /* the kernel function, and the versions it is so in; NULL */
};

struct remedy {
	const char *action;  /* what to do, one clause */
	const char *command; /* a command or a piece of C; NULL */
	bool for_author;     /* a code change, not the operator's to do */
	bool at_boot;	     /* the operator's, but no shell takes it: a boot parameter */
	double probability;  /* of success with it */
};

struct verdict {
	double probability; /* of success */
	enum mechanism mechanism;
	enum cause cause;
	const char *summary;
	struct step *steps;
	size_t n_steps, cap_steps;
	struct remedy *remedies;
	size_t n_remedies;
	int node;	     /* where the memory comes from; -1 unknown */
	const char *zone;    /* NULL unknown */
	bool at_once;	     /* decided without reclaim or compaction */
	bool may_kill;	     /* the OOM killer may come in */
	bool may_wait;	     /* the path may sleep in reclaim or compaction */
	uint64_t bytes_used; /* what the request takes, rounding included; 0 unknown */
	const char *tradeoff; /* what it costs; NULL */
	const char *missing;  /* inputs that were not readable; NULL */
};

#endif
