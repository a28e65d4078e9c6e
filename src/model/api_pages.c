// SPDX-License-Identifier: GPL-2.0-or-later
/* alloc_pages and its wrappers; what all APIs that end in pages share. */
#include "model/api.h"

#include <inttypes.h>

void verdict_from_pages(struct verdict *v, const struct page_outcome *o)
{
	v->probability = o->probability;
	v->mechanism = o->mechanism;
	v->cause = o->cause;
	v->at_once = o->at_once;
	v->may_kill = o->may_kill;
	v->may_wait = o->may_wait;
	if (o->zone) {
		v->node = o->zone->node;
		v->zone = o->zone->name;
	}
}

const char *verdict_phrase(double probability)
{
	static const char *const phrases[] = { "would fail", "would likely fail", "may fail",
					       "would likely succeed", "would succeed" };

	return phrases[verdict_of(probability)];
}

const char *page_clause(struct explain *e, const struct page_outcome *o)
{
	static const char *const slow[MECHANISM_COUNT] = {
		[MECHANISM_DIRECT_RECLAIM] = "; it depends on direct reclaim",
		[MECHANISM_DIRECT_COMPACTION] = "; it depends on direct compaction",
		[MECHANISM_OOM_KILL] = "; it waits for the OOM killer to free memory",
	};

	if (o->at_once || !slow[o->mechanism])
		return o->why;
	return arena_printf(&e->arena, "%s%s", o->why, slow[o->mechanism]);
}

struct page_request page_request_of(const struct request *r, unsigned int order, uint32_t gfp)
{
	return (struct page_request){ .order = order, .gfp = gfp, .node = r->node,
				      .local_node = r->local_node };
}

void explain_pages(struct explain *e, const struct request *r, struct verdict *v)
{
	uint64_t page = e->mm->page_size;
	unsigned int order;
	struct page_request pr;
	struct page_outcome o;
	uint32_t gfp = r->gfp.flags;
	const char *round = "";

	if (r->api == API_GET_ZEROED_PAGE)
		order = 0;
	else
		order = request_order(e, r);
	/* What returns an address cannot take highmem. */
	if (r->api == API_GET_FREE_PAGES || r->api == API_GET_ZEROED_PAGE ||
	    r->api == API_ALLOC_PAGES_EXACT)
		gfp &= ~(uint32_t)GF_HIGHMEM;
	if (r->api == API_GET_ZEROED_PAGE)
		gfp |= GF_ZERO;
	if (r->api == API_FOLIO_ALLOC)
		gfp |= GF_COMP;
	if (r->api == API_ALLOC_PAGES_EXACT && r->size.v && sat_shl(page, order) != r->size.v)
		round = " (alloc_pages_exact first takes the whole power of two)";
	pr = page_request_of(r, order, gfp);
	page_alloc(e, &pr, &o, v);
	verdict_from_pages(v, &o);
	v->bytes_used = r->api == API_ALLOC_PAGES_EXACT && r->size.known
				? (r->size.v + page - 1) / page * page
				: sat_shl(page, order);
	v->summary = arena_printf(&e->arena, "order %u %s: %s%s", order,
				  verdict_phrase(o.probability), page_clause(e, &o), round);
}
