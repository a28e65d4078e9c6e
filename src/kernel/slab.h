/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The slab layer's decisions: which cache serves a kmalloc, and what a new slab needs. */
#ifndef KERNEL_SLAB_H
#define KERNEL_SLAB_H

#include "kernel/mm.h"

/*
 * Fill mm->slab, as mm_init does; 0 or -ENOMEM. The allocator is known by the configuration,
 * /sys/kernel/slab, slabinfo's tunables; SLUB if nothing tells.
 */
int mm_slab_init(struct mm *mm);

/* KMALLOC_MAX_CACHE_SIZE: above it kmalloc asks the page allocator. Bytes. */
uint64_t kmalloc_max_cache_size(const struct mm *mm);
/* KMALLOC_MAX_SIZE, bytes. */
uint64_t kmalloc_max_size(const struct mm *mm);

/*
 * mm/slab_common.c:kmalloc_slab: size of the object that serves @size bytes
 * (at most kmalloc_max_cache_size), by the caches that slabinfo names where
 * it was read, by the rules otherwise.
 */
uint64_t kmalloc_object_size(const struct mm *mm, uint64_t size);

/*
 * Name of the cache for an object of @object_size bytes and these flags
 * (kmalloc_type): "kmalloc-1k", "kmalloc-rcl-64", "dma-kmalloc-512". Written to @name.
 */
void kmalloc_cache_name(const struct mm *mm, uint64_t object_size, uint32_t gfp, char name[64]);

/*
 * mm/slub.c:calculate_order: the order that a new slab for objects of @size
 * bytes (padded) is first tried with, by version, processors and the command
 * line's slub_max_order and its like.
 */
unsigned int calculate_order(const struct mm *mm, uint64_t size);

/* mm/slab_common.c:slab_nomerge: no cache is merged with one alike; false if nothing tells. */
bool slab_nomerge(const struct mm *mm);

/* mm/slab.h:GFP_SLAB_BUG_MASK: kmalloc warns of __GFP_DMA32 and __GFP_HIGHMEM and goes on without. */
uint32_t kmalloc_fix_flags(uint32_t gfp);

/*
 * mm/slub.c:new_slab: the flags that a new slab's pages are asked with. What
 * is neither about reclaim nor about nodes is dropped (GFP_RECLAIM_MASK,
 * GFP_CONSTRAINT_MASK); the cache's own flags come in.
 */
struct slab_cache;
uint32_t new_slab_flags(uint32_t gfp, const struct slab_cache *c);

/* A cache as far as the snapshot tells. */
struct slab_cache {
	const struct slabinfo_cache *info;  /* NULL: slabinfo does not have it */
	const struct sysslab_cache *sys;    /* NULL */
	uint64_t object_size;		    /* padded, bytes; 0 unknown */
	unsigned int min_order, preferred_order;
	uint64_t free_objects;		    /* on node partial lists (SLUB), in all slabs (SLAB) */
	bool free_known;
	unsigned int copies;		    /* caches of which the caller uses one (random kmalloc) */
	bool dma, reclaimable;		    /* flags that the cache forces */
};

/*
 * The cache @name, or the one it was merged into. False if the snapshot does
 * not know it; then @c has what @fallback_size (bytes, 0: nothing) yields.
 */
bool slab_cache_find(const struct mm *mm, const char *name, uint64_t fallback_size,
		     struct slab_cache *c);

#endif
