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

static bool one_in(struct draw *d, unsigned int n)
{
	return below(d, n) == 0;
}

/* Flags that say how hard to try; none of them can call the OOM killer in for blocks of @order or more. */
static uint32_t draw_flags(struct draw *d, const struct mm *mm, unsigned int order)
{
	uint32_t atomic = GF_HIGH | GF_KSWAPD_RECLAIM | (mm->rules.gfp_atomic ? (uint32_t)GF_ATOMIC : 0);
	uint32_t gfp;

	switch (below(d, d->waiting ? 12 : 5)) {
	case 0:
	case 1:
		gfp = atomic;
		break;
	case 2:
	case 3:
		gfp = GF_KSWAPD_RECLAIM;
		break;
	case 4:
		gfp = one_in(d, 2) ? 0 : (uint32_t)GF_HIGH;
		break;
	case 5:
	case 6:
		gfp = GF_KERNEL | GF_NORETRY;
		break;
	case 7:
		gfp = GF_KERNEL | GF_RETRY_MAYFAIL;
		break;
	case 8:
		gfp = GF_RECLAIM | GF_IO | (order > PAGE_ALLOC_COSTLY_ORDER ? 0 : (uint32_t)GF_NORETRY);
		break;
	case 9:
		gfp = GF_KERNEL | GF_HIGH | GF_NORETRY;
		break;
	default:
		/* Orders up to 3 without NORETRY may kill: they get RETRY_MAYFAIL. */
		gfp = GF_KERNEL | (order > PAGE_ALLOC_COSTLY_ORDER ? 0 : (uint32_t)GF_RETRY_MAYFAIL);
		break;
	}
	/* The reserves below min may be had too, but not by what leaves no trace. */
	if (one_in(d, 8))
		gfp |= d->waiting && !(gfp & GF_DIRECT_RECLAIM) && one_in(d, 2) ? GF_MEMALLOC : GF_NOMEMALLOC;
	return gfp | GF_NOWARN;
}

static void draw_node(struct draw *d, const struct mm *mm, struct request *r)
{
	if (mm->n_nodes < 2 || !one_in(d, 3))
		return;
	r->node = mm->nodes[below(d, (unsigned int)mm->n_nodes)].node;
	r->gfp.flags |= one_in(d, 2) ? (uint32_t)GF_THISNODE : 0;
}

/* A zone modifier or a mobility, where the API takes them. */
static void draw_place(struct draw *d, const struct mm *mm, struct request *r)
{
	bool address = r->api == API_GET_FREE_PAGES || r->api == API_ALLOC_PAGES_EXACT;

	switch (below(d, 10)) {
	case 0:
	case 1:
		r->gfp.flags |= GF_MOVABLE | (address ? 0 : (uint32_t)GF_HIGHMEM);
		break;
	case 2:
		r->gfp.flags |= GF_RECLAIMABLE;
		break;
	case 3:
		r->gfp.flags |= mm->has_zone[GFP_ZONE_DMA32] ? (uint32_t)GF_DMA32 : 0;
		break;
	case 4:
		r->gfp.flags |= mm->has_zone[GFP_ZONE_DMA] ? (uint32_t)GF_DMA : 0;
		break;
	default:
		break;
	}
}

static struct request draw_pages(struct draw *d, const struct mm *mm, enum api api)
{
	struct request r = request_of(api);

	r.order = api == API_GET_ZEROED_PAGE ? 0 : (int)below(d, d->max_order + 1);
	r.gfp.flags = draw_flags(d, mm, (unsigned int)r.order);
	r.gfp_given = true;
	if (api != API_GET_ZEROED_PAGE)
		draw_place(d, mm, &r);
	if (api == API_ALLOC_PAGES || api == API_FOLIO_ALLOC)
		draw_node(d, mm, &r);
	return r;
}

/* Sizes of every magnitude up to @top, exact powers and what lies between. */
static struct opt_u64 draw_size(struct draw *d, uint64_t top)
{
	return opt_u64(one_in(d, 2) ? top : top / 2 + 1 + next(d) % (top / 2));
}

static struct request draw_bytes(struct draw *d, const struct mm *mm, enum api api)
{
	struct request r = request_of(api);

	r.size = draw_size(d, sat_shl(mm->page_size, below(d, d->max_order + 1)));
	r.gfp.flags = draw_flags(d, mm, get_order(r.size.v, mm->page_size));
	r.gfp_given = true;
	return r;
}

static struct request draw_slab(struct draw *d, const struct mm *mm, enum api api)
{
	struct request r = draw_bytes(d, mm, api);

	if (one_in(d, 3))
		r.size = draw_size(d, UINT64_C(16) << below(d, 10));
	r.gfp.flags = draw_flags(d, mm, get_order(r.size.v, mm->page_size));
	switch (below(d, 8)) {
	case 0:
		r.gfp.flags |= GF_RECLAIMABLE;
		break;
	case 1:
		r.gfp.flags |= GF_ACCOUNT;
		break;
	case 2:
		r.gfp.flags |= mm->has_zone[GFP_ZONE_DMA] ? (uint32_t)GF_DMA : 0;
		break;
	default:
		break;
	}
	if (api != API_KREALLOC)
		draw_node(d, mm, &r);
	return r;
}

/* Pages one by one, whatever the size. */
static struct request draw_percpu(struct draw *d, const struct mm *mm)
{
	struct request r = request_of(API_ALLOC_PERCPU);

	r.size = draw_size(d, UINT64_C(16) << below(d, 12));
	r.gfp.flags = draw_flags(d, mm, 0);
	r.gfp_given = true;
	return r;
}

static struct request draw_cache(struct draw *d, const struct mm *mm)
{
	static const char *const caches[] = { "kmalloc-64", "kmalloc-256", "kmalloc-512", "kmalloc-rcl-128" };
	struct request r = request_of(API_KMEM_CACHE_ALLOC);

	r.cache = caches[below(d, ARRAY_SIZE(caches))];
	r.gfp.flags = draw_flags(d, mm, 0);
	r.gfp_given = true;
	return r;
}

/* What vmalloc gets one by one are single pages: without RETRY_MAYFAIL they would kill. */
static struct request draw_areas(struct draw *d, const struct mm *mm, enum api api)
{
	struct request r = draw_bytes(d, mm, api);

	if (!(r.gfp.flags & GF_DIRECT_RECLAIM))
		return draw_slab(d, mm, API_KZALLOC);
	r.gfp.flags = GF_KERNEL | GF_NOWARN | (one_in(d, 2) ? GF_RETRY_MAYFAIL : GF_NORETRY);
	return r;
}

static struct request draw_dma(struct draw *d, const struct mm *mm)
{
	static const int masks[] = { 24, 24, 28, 31, 32, 32, 32, 36, 40, 64, 64 };
	struct request r = draw_bytes(d, mm, API_DMA_ALLOC_COHERENT);

	r.dma_mask = masks[below(d, ARRAY_SIZE(masks))];
	return r;
}

static struct request draw_skb(struct draw *d, const struct mm *mm)
{
	struct request r = draw_bytes(d, mm, API_ALLOC_SKB);

	if (r.size.v > 256 * 1024)
		r.size = opt_u64(r.size.v / 16);
	/* struct sk_buff is a small object, however large the data. */
	r.gfp.flags = draw_flags(d, mm, 0);
	draw_node(d, mm, &r);
	return r;
}

struct request draw_request(struct draw *d, const struct mm *mm)
{
	struct request r;

	switch (below(d, 24)) {
	case 0:
	case 1:
		return draw_pages(d, mm, API_GET_FREE_PAGES);
	case 2:
		return draw_pages(d, mm, one_in(d, 2) ? API_GET_ZEROED_PAGE : API_FOLIO_ALLOC);
	case 3:
		return draw_pages(d, mm, API_FOLIO_ALLOC);
	case 4:
	case 5:
		r = draw_bytes(d, mm, API_ALLOC_PAGES_EXACT);
		draw_place(d, mm, &r);
		return r;
	case 6:
	case 7:
	case 8:
	case 9:
		return draw_slab(d, mm, API_KMALLOC);
	case 10:
		return draw_slab(d, mm, one_in(d, 2) ? API_KZALLOC : API_KCALLOC);
	case 11:
		return draw_slab(d, mm, API_KREALLOC);
	case 12:
		return draw_areas(d, mm, one_in(d, 2) ? API_KVMALLOC : API_KVZALLOC);
	case 13:
		return draw_areas(d, mm, one_in(d, 2) ? API_VMALLOC : API_VZALLOC);
	case 14:
		return draw_cache(d, mm);
	case 15:
	case 16:
		return draw_dma(d, mm);
	case 17:
		return draw_skb(d, mm);
	case 18:
		return draw_percpu(d, mm);
	default:
		return draw_pages(d, mm, API_ALLOC_PAGES);
	}
}
