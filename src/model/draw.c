// SPDX-License-Identifier: GPL-2.0-or-later
/* Requests drawn at random. */
#include "model/draw.h"

const char *gfp_class_name(enum gfp_class c)
{
	static const char *const names[CLASS_COUNT] = { "atomic", "nowait", "noretry",
							"kernel", "mayfail", "nofs" };

	return names[c];
}

enum gfp_class gfp_class_of(uint32_t flags)
{
	if (!(flags & GF_DIRECT_RECLAIM))
		return flags & GF_HIGH ? CLASS_ATOMIC : CLASS_NOWAIT;
	if (flags & GF_NORETRY)
		return CLASS_NORETRY;
	if (flags & GF_RETRY_MAYFAIL)
		return CLASS_MAYFAIL;
	return flags & GF_FS ? CLASS_KERNEL : CLASS_NOFS;
}

/* splitmix64 */
static uint64_t next(struct draw *d)
{
	uint64_t z = d->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static unsigned int below(struct draw *d, unsigned int n)
{
	return (unsigned int)(next(d) % n);
}

static uint32_t draw_flags(struct draw *d, const struct mm *mm, unsigned int order)
{
	uint32_t atomic = GF_HIGH | GF_KSWAPD_RECLAIM | (mm->rules.gfp_atomic ? (uint32_t)GF_ATOMIC : 0);
	uint32_t gfp;

	switch (below(d, d->waiting ? 10 : 4)) {
	case 0:
	case 1:
		gfp = atomic;
		break;
	case 2:
	case 3:
		gfp = GF_KSWAPD_RECLAIM;
		break;
	case 4:
	case 5:
		gfp = GF_KERNEL | GF_NORETRY;
		break;
	case 6:
		gfp = GF_KERNEL | GF_RETRY_MAYFAIL;
		break;
	case 7:
		gfp = GF_RECLAIM | GF_IO | (order > PAGE_ALLOC_COSTLY_ORDER ? 0 : (uint32_t)GF_NORETRY);
		break;
	default:
		/* Orders up to 3 without NORETRY may kill: they get RETRY_MAYFAIL. */
		gfp = GF_KERNEL | (order > PAGE_ALLOC_COSTLY_ORDER ? 0 : (uint32_t)GF_RETRY_MAYFAIL);
		break;
	}
	return gfp | GF_NOWARN;
}

static struct request draw_pages(struct draw *d, const struct mm *mm, enum api api)
{
	struct request r = request_of(api);

	r.order = (int)below(d, d->max_order + 1);
	r.gfp.flags = draw_flags(d, mm, (unsigned int)r.order);
	if (api == API_ALLOC_PAGES) {
		switch (below(d, 8)) {
		case 0:
		case 1:
			r.gfp.flags |= GF_MOVABLE | GF_HIGHMEM;
			break;
		case 2:
			r.gfp.flags |= GF_RECLAIMABLE;
			break;
		case 3:
			if (mm->has_zone[GFP_ZONE_DMA32])
				r.gfp.flags |= GF_DMA32;
			break;
		case 4:
			if (mm->n_nodes > 1) {
				r.node = mm->nodes[below(d, (unsigned int)mm->n_nodes)].node;
				r.gfp.flags |= below(d, 2) ? (uint32_t)GF_THISNODE : 0;
			}
			break;
		default:
			break;
		}
	}
	r.gfp_given = true;
	return r;
}

static struct request draw_bytes(struct draw *d, const struct mm *mm, enum api api)
{
	struct request r = request_of(api);
	unsigned int order = below(d, d->max_order + 1);
	uint64_t top = sat_shl(mm->page_size, order);

	/* Sizes of every magnitude, exact powers and what lies between. */
	if (api == API_KMALLOC && below(d, 3) == 0)
		top = UINT64_C(16) << below(d, 9);
	r.size = opt_u64(below(d, 2) ? top : top / 2 + 1 + next(d) % (top / 2));
	r.gfp.flags = draw_flags(d, mm, get_order(r.size.v, mm->page_size));
	r.gfp_given = true;
	return r;
}

struct request draw_request(struct draw *d, const struct mm *mm)
{
	struct request r;

	switch (below(d, 16)) {
	case 0:
		return draw_pages(d, mm, API_GET_FREE_PAGES);
	case 1:
		return draw_pages(d, mm, API_FOLIO_ALLOC);
	case 2:
		return draw_bytes(d, mm, API_ALLOC_PAGES_EXACT);
	case 3:
	case 4:
	case 5:
		return draw_bytes(d, mm, API_KMALLOC);
	case 6:
		r = draw_bytes(d, mm, API_KVMALLOC);
		if (!(r.gfp.flags & GF_DIRECT_RECLAIM))
			return draw_bytes(d, mm, API_KZALLOC);
		/* Its vmalloc part asks for single pages, which would kill. */
		r.gfp.flags = (r.gfp.flags & ~(uint32_t)GF_NORETRY) | GF_RETRY_MAYFAIL;
		return r;
	case 7:
		r = draw_bytes(d, mm, API_DMA_ALLOC_COHERENT);
		r.dma_mask = below(d, 3) == 0 ? 24 : below(d, 2) ? 32 : 64;
		return r;
	case 8:
		r = draw_bytes(d, mm, API_ALLOC_SKB);
		if (r.size.v > 256 * 1024)
			r.size = opt_u64(r.size.v / 16);
		return r;
	default:
		return draw_pages(d, mm, API_ALLOC_PAGES);
	}
}
