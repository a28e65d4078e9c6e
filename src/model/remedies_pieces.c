// SPDX-License-Identifier: GPL-2.0-or-later
/* The same memory in smaller blocks: for who can do with several. */
#include <inttypes.h>

#include "kernel/dma.h"
#include "kernel/memcg.h"
#include "kernel/pieces.h"
#include "kernel/vmalloc.h"
#include "model/remedies.h"

/* The flags by which a piece is asked for; false if no zone is wholly within the device's reach. */
static bool flags_of_piece(struct search *s, uint32_t *gfp)
{
	*gfp = s->r->gfp.flags;
	if (s->r->api != API_DMA_ALLOC_COHERENT)
		return true;
	*gfp &= ~(uint32_t)(GF_DMA | GF_DMA32 | GF_HIGHMEM);
	return dma_page_flags(s->e->mm, s->r->dma_mask ? s->r->dma_mask : 32, gfp);
}

/* Single pages: those that are free, and what reclaim may add. */
static double single_pages(struct search *s, uint32_t gfp, int node, uint64_t pages)
{
	uint64_t reclaimable;
	uint64_t available = order0_available(s->inner.mm, gfp, node, s->inner.zonelist, &reclaimable);

	return single_pages_odds(pages, available, reclaimable, gfp);
}

/* All the pieces of @order; 0 if they are not there. */
static double pieces_odds(struct search *s, uint32_t gfp, unsigned int order)
{
	struct request one = request_of(API_ALLOC_PAGES);
	uint64_t bytes = remedy_bytes(s), each = sat_shl(s->e->mm->page_size, order);
	uint64_t pieces = bytes / each + (bytes % each != 0);
	int node = s->r->node >= 0 ? s->r->node : s->r->local_node;
	double p, all = 1;

	if (order == 0)
		all = single_pages(s, gfp, node, pieces);
	else if (blocks_available(s->inner.mm, gfp, node, order, s->inner.zonelist) < pieces)
		return 0;
	one.order = (int)order;
	one.gfp.flags = gfp;
	one.node = s->r->node;
	one.local_node = s->r->local_node;
	p = remedy_ask(s, &one);
	return p < all ? p : all;
}

static bool charge_refused(struct search *s)
{
	struct memcg_room room;

	if (!(s->r->gfp.flags & GF_ACCOUNT))
		return false;
	room = memcg_room(s->e->mm);
	return try_charge_memcg(s->e->mm, &room, s->r->gfp.flags, remedy_bytes(s)) == CHARGE_REFUSED;
}

static void add_pieces(struct search *s, double p, unsigned int order)
{
	struct arena *a = &s->e->arena;

	if (s->r->api == API_DMA_ALLOC_COHERENT)
		remedy_add(s, p, true,
			   arena_printf(a, "let the device take a list of buffers of order %u, each coherent by itself",
					order),
			   arena_printf(a, "dma_alloc_coherent(dev, %" PRIu64 ", &dma[i], gfp) a piece",
					sat_shl(s->e->mm->page_size, order)));
	else if (s->r->api == API_FOLIO_ALLOC)
		remedy_add(s, p, true, arena_printf(a, "take smaller folios, of order %u", order),
			   arena_printf(a, "folio_alloc(gfp, %u) a piece", order));
	else
		remedy_add(s, p, true,
			   arena_printf(a, "ask for blocks of order %u and join them by scatter-gather", order),
			   arena_printf(a, "sg_alloc_table(); alloc_pages(%s, %u) a piece",
					s->r->gfp.flags & GF_DIRECT_RECLAIM ? "gfp | __GFP_NOWARN" : "gfp", order));
}

void remedy_pieces(struct search *s)
{
	unsigned int order = get_order(remedy_bytes(s), s->e->mm->page_size);
	uint32_t gfp;

	if (!remedy_contiguous(s->r) || s->r->api == API_HUGETLB || s->r->api == API_THP ||
	    s->v->cause == CAUSE_UNSUPPORTED || charge_refused(s) || !flags_of_piece(s, &gfp))
		return;
	if (order > s->e->mm->max_order + 1)
		order = s->e->mm->max_order + 1;
	while (order-- > 0) {
		double p = pieces_odds(s, gfp, order);

		if (verdict_of(p) == SUCCEEDS || (order == 0 && verdict_of(p) >= LIKELY_SUCCEEDS)) {
			add_pieces(s, p, order);
			return;
		}
	}
}
