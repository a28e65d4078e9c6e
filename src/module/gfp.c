// SPDX-License-Identifier: GPL-2.0
/*
 * Requests that must not reach the kernel: those that it answers with a warning
 * or a stop, and those that may end in the OOM killer.
 */
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "memtool.h"

static const char *mt_bad_anywhere(gfp_t gfp, u64 order)
{
	if (gfp & MT_GFP_INTERNAL)
		return "a flag that only the memory manager itself passes";
	/* include/linux/gfp.h:gfp_zone() */
	if ((GFP_ZONE_BAD >> (__force int)(gfp & GFP_ZONEMASK)) & 1)
		return "zone modifiers that exclude one another";
	/* include/linux/gfp.h:gfp_migratetype() */
	if ((gfp & __GFP_MOVABLE) && (gfp & __GFP_RECLAIMABLE))
		return "__GFP_MOVABLE and __GFP_RECLAIMABLE exclude one another";
	/* mm/page_alloc.c:__alloc_pages_slowpath(), rmqueue() */
	if ((gfp & __GFP_NOFAIL) && !(gfp & __GFP_DIRECT_RECLAIM))
		return "__GFP_NOFAIL needs __GFP_DIRECT_RECLAIM";
	if ((gfp & __GFP_NOFAIL) && order > 1)
		return "__GFP_NOFAIL above order 1";
	if ((gfp & MT_GFP_ATOMIC) && (gfp & __GFP_DIRECT_RECLAIM))
		return "__GFP_ATOMIC and __GFP_DIRECT_RECLAIM exclude one another";
	return NULL;
}

/* mm/vmalloc.c:GFP_VMALLOC_SUPPORTED of 7.x, which warns of all else, on every kernel */
#define MT_GFP_VMALLOC	(GFP_KERNEL | GFP_ATOMIC | MT_GFP_ATOMIC | __GFP_NOFAIL | __GFP_ZERO | \
			 __GFP_NORETRY | __GFP_RETRY_MAYFAIL | __GFP_ACCOUNT | \
			 __GFP_HARDWALL | __GFP_NOWARN | __GFP_NOLOCKDEP)
#define MT_GFP_ZONES	(__GFP_DMA | __GFP_DMA32 | __GFP_HIGHMEM | __GFP_MOVABLE)

static const char *mt_bad_for_api(const struct mt_api *api, gfp_t gfp)
{
	switch (api->kind) {
	case MT_PAGES:
		if (gfp & __GFP_HIGHMEM && strstr(api->name, "get_"))
			return "__GFP_HIGHMEM has no address to return";
		return NULL;
	case MT_EXACT:
		return gfp & (__GFP_COMP | __GFP_HIGHMEM) ?
			"alloc_pages_exact takes neither __GFP_COMP nor __GFP_HIGHMEM" : NULL;
	case MT_SLAB:
	case MT_SKB:
		/* mm/slab.h:GFP_SLAB_BUG_MASK */
		return gfp & (__GFP_DMA32 | __GFP_HIGHMEM | __GFP_MOVABLE) ?
			"slab takes no __GFP_DMA32, __GFP_HIGHMEM, __GFP_MOVABLE" : NULL;
	case MT_KVMALLOC:
		if (gfp & (__GFP_DMA32 | __GFP_HIGHMEM))
			return "kvmalloc takes no __GFP_DMA32, __GFP_HIGHMEM";
		fallthrough;
	case MT_VMALLOC:
		return gfp & ~MT_GFP_VMALLOC ? "a flag that vmalloc does not support" : NULL;
	case MT_PERCPU:
		return gfp & (MT_GFP_ZONES | __GFP_NOFAIL) ?
			"percpu takes no zone modifiers and no __GFP_NOFAIL" : NULL;
	case MT_DMA:
	case MT_CMA:
		return gfp & (__GFP_COMP | __GFP_HIGHMEM | __GFP_MOVABLE) ?
			"dma takes no __GFP_COMP, __GFP_HIGHMEM, __GFP_MOVABLE" : NULL;
	}
	return NULL;
}

static const char *mt_bad_context(const struct mt_api *api, gfp_t gfp)
{
	if (gfp & __GFP_DIRECT_RECLAIM)
		return "context=atomic cannot wait: no __GFP_DIRECT_RECLAIM";
	if (api->kind == MT_VMALLOC || api->kind == MT_KVMALLOC || api->kind == MT_DMA ||
	    api->kind == MT_CMA)
		return "this API may sleep: not with context=atomic";
	return NULL;
}

const char *mt_gfp_bad(const struct mt_api *api, const struct mt_request *r)
{
	gfp_t gfp = (__force gfp_t)r->gfp;
	const char *why;

	if (r->gfp & ~(u64)(__force u32)__GFP_BITS_MASK)
		return "bits that this kernel does not know";
	why = mt_bad_anywhere(gfp, api->kind == MT_VMALLOC ? 0 : r->order);
	if (!why)
		why = mt_bad_for_api(api, gfp);
	if (!why && !strcmp(r->context, "atomic"))
		why = mt_bad_context(api, gfp);
	return why;
}

static int mt_sum_easy(struct zone *zone, void *arg)
{
	u64 *easy = arg, keep = high_wmark_pages(zone) + zone->lowmem_reserve[ZONE_NORMAL];
	u64 free = mt_zone_left(zone);

	*easy += free > keep ? free - keep : 0;
	return 0;
}

/* Order-0 pages in mass: harmless while no zone comes near its watermarks for them. */
static bool mt_beyond_free(u64 bytes)
{
	u64 easy = 0, pages = DIV_ROUND_UP(bytes, PAGE_SIZE);

	mt_walk_zones(NULL, -1, mt_sum_easy, &easy);
	/* an eighth for page tables and for the others */
	return pages > easy - easy / 8;
}

bool mt_may_oom(const struct mt_api *api, const struct mt_request *r)
{
	gfp_t gfp = (__force gfp_t)r->gfp;

	if (!(gfp & __GFP_DIRECT_RECLAIM))
		return false;
	if (gfp & __GFP_NOFAIL)
		return true;
	if (gfp & (__GFP_NORETRY | __GFP_RETRY_MAYFAIL))
		return false;
	switch (api->kind) {
	case MT_VMALLOC:
		/* the kernel refuses by itself what is larger than all memory */
		return r->size >> PAGE_SHIFT <= totalram_pages() &&
		       mt_beyond_free(r->size * r->count);
	case MT_PERCPU:
		return mt_beyond_free(r->size * num_possible_cpus() * r->count);
	case MT_KVMALLOC:
		if (r->size > PAGE_SIZE)	/* kmalloc is tried with __GFP_NORETRY */
			return r->size >> PAGE_SHIFT <= totalram_pages() && r->size <= INT_MAX &&
			       mt_beyond_free(r->size * r->count);
		return true;
	case MT_SLAB:
		return r->size <= KMALLOC_MAX_CACHE_SIZE || r->order <= PAGE_ALLOC_COSTLY_ORDER;
	case MT_SKB:
		return true;	/* struct sk_buff is a small object */
	default:
		return r->order <= PAGE_ALLOC_COSTLY_ORDER;
	}
}
