/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a request to a verdict: walks the decisions of the kernel at hand on
 * one state. No I/O. A struct explain is for one thread and reusable for any
 * number of requests.
 */
#ifndef MODEL_EXPLAIN_H
#define MODEL_EXPLAIN_H

#include "kernel/mm.h"
#include "model/verdict.h"

struct explain {
	struct mm *mm;
	struct arena arena;	   /* of the verdict last made */
	struct mm_zone **zonelist; /* scratch, mm->n_zones */
	bool want_steps;	   /* fill verdict.steps */
	bool want_notes;	   /* sentences in the steps */
	bool want_remedies;
	unsigned int depth;	   /* of requests made on behalf of others */
};

/* @mm is lent and must outlive @e. 0 or -ENOMEM. */
int explain_init(struct explain *e, struct mm *mm);
void explain_done(struct explain *e);

/*
 * The verdict on @r, which request_check accepts. It lives in @e until the
 * next call. 0 or -ENOMEM.
 */
int explain_request(struct explain *e, const struct request *r, struct verdict *v);

/* ---- for the parts of the model that answer for one API (model/api_*.c) ---- */

/* A request of the page allocator. */
struct page_request {
	unsigned int order;
	uint32_t gfp;	/* GF_... */
	int node;	/* preferred, -1: local */
	int local_node; /* -1 unknown */
};

/* What the page allocator makes of it. */
struct page_outcome {
	double probability;
	enum mechanism mechanism;
	enum cause cause;
	const struct mm_zone *zone; /* that gives the block, or came nearest; NULL if none is allowed */
	int block_order;	    /* of the block that is split; -1 */
	bool at_once, may_kill, may_wait;
	const char *why; /* clause with the numbers, in the arena */
};

/* Walk of __alloc_pages; adds steps to @v if e->want_steps. */
void page_alloc(struct explain *e, const struct page_request *r, struct page_outcome *o,
		struct verdict *v);

/* New step at the end of @v, or NULL (not wanted, or out of memory). */
struct step *verdict_step(struct explain *e, struct verdict *v, const char *step, const char *outcome,
			  int node, const char *zone);
void step_number(struct step *s, const char *key, int64_t value); /* NULL @s: nothing */
void step_text(struct step *s, const char *key, const char *text);
void step_rule(struct step *s, const char *rule);
/* A sentence for the step, if notes are wanted. */
void step_note(struct explain *e, struct step *s, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* The APIs, by layer. Each fills all of @v but the remedies. */
void explain_pages(struct explain *e, const struct request *r, struct verdict *v);
void explain_kmalloc(struct explain *e, const struct request *r, struct verdict *v);
void explain_kmem_cache(struct explain *e, const struct request *r, struct verdict *v);
void explain_vmalloc(struct explain *e, const struct request *r, struct verdict *v);
void explain_kvmalloc(struct explain *e, const struct request *r, struct verdict *v);
void explain_dma(struct explain *e, const struct request *r, struct verdict *v);
void explain_cma(struct explain *e, const struct request *r, struct verdict *v);
void explain_percpu(struct explain *e, const struct request *r, struct verdict *v);
void explain_hugetlb(struct explain *e, const struct request *r, struct verdict *v);
void explain_thp(struct explain *e, const struct request *r, struct verdict *v);
void explain_skb(struct explain *e, const struct request *r, struct verdict *v);

/* model/remedies.c: what would change the verdict, computed on changed states and requests, best first. */
void explain_remedies(struct explain *e, const struct request *r, struct verdict *v);

#endif
