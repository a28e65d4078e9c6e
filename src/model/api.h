/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files model/api_*.c share: from the page allocator's answer to a verdict. */
#ifndef MODEL_API_H
#define MODEL_API_H

#include "model/explain.h"

void verdict_from_pages(struct verdict *v, const struct page_outcome *o);
/* "would fail" ... "would succeed". */
const char *verdict_phrase(double probability);
/* The outcome's reason with its numbers, and what it depends on. In the arena. */
const char *page_clause(struct explain *e, const struct page_outcome *o);
/* A page request with the nodes of @r. */
struct page_request page_request_of(const struct request *r, unsigned int order, uint32_t gfp);

/* Bytes asked for, of a request with a size or an order. */
static inline uint64_t request_bytes(const struct explain *e, const struct request *r)
{
	return r->size.known ? r->size.v : sat_shl(e->mm->page_size, (unsigned int)r->order);
}

/*
 * include/asm-generic/getorder.h:get_order of a request's size. That of 0 is what is left of a word beside
 * the page's own bits: 52 with 4 KiB, above any order.
 */
static inline unsigned int request_order(const struct explain *e, const struct request *r)
{
	if (r->order >= 0)
		return (unsigned int)r->order;
	if (r->size.known && r->size.v == 0)
		return (unsigned int)opt_or(e->mm->snap->kernel.word_bits, 64) - get_order(e->mm->page_size, 1);
	return get_order(r->size.v, e->mm->page_size);
}

/* One object of a cache: free objects, else a new slab. */
struct slab_outcome {
	double probability;
	struct page_outcome pages; /* of the new slab */
	bool from_partial;
	unsigned int order;
};

/*
 * That @need single pages are had: @available of them are free above the mark, @reclaimable may be
 * added by who may wait for them.
 */
double single_pages_odds(uint64_t need, uint64_t available, uint64_t reclaimable, uint32_t gfp);

/* vmalloc of @bytes with @gfp. Fills @v but the remedies. */
void vmalloc_area(struct explain *e, const struct request *r, uint64_t bytes, uint32_t gfp,
		  struct verdict *v);

#endif
