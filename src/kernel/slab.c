// SPDX-License-Identifier: GPL-2.0-or-later
/* The slab layer's decisions. */
#include "kernel/slab.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define V(major, minor) ((unsigned int)(major) << 16 | (unsigned int)(minor) << 8)

static bool config_is(const struct mm *mm, const char *name)
{
	const char *v = kconfig_get(&mm->snap->kconfig, name);

	return v && strcmp(v, "y") == 0;
}

static enum slab_layer slab_layer(const struct mm *mm)
{
	const struct snapshot *s = mm->snap;

	if (config_is(mm, "SLUB") || s->has_sysslab)
		return LAYER_SLUB;
	if (config_is(mm, "SLAB"))
		return LAYER_SLAB;
	if (config_is(mm, "SLOB"))
		return LAYER_SLOB;
	for (size_t i = 0; i < s->slab.n_caches; i++) {
		if (opt_or(s->slab.caches[i].limit, 0) > 0)
			return LAYER_SLAB;
	}
	return LAYER_SLUB;
}

uint64_t kmalloc_max_cache_size(const struct mm *mm)
{
	switch (mm->slab.layer) {
	case LAYER_SLOB:
		return mm->page_size;
	case LAYER_SLAB:
		if (mm->rules.version < V(6, 0)) {
			uint64_t max = sat_shl(mm->page_size, mm->max_order);

			return max < UINT64_C(32) << 20 ? max : UINT64_C(32) << 20;
		}
		return 2 * mm->page_size;
	case LAYER_SLUB:
		break;
	}
	return 2 * mm->page_size;
}

uint64_t kmalloc_max_size(const struct mm *mm)
{
	if (mm->slab.layer == LAYER_SLAB && mm->rules.version < V(6, 0))
		return kmalloc_max_cache_size(mm);
	return sat_shl(mm->page_size, mm->max_order);
}

/* Tags of mm->slab.caches: names of slabinfo; names and aliases of /sys/kernel/slab. */
enum { IN_SLABINFO, IN_SYSSLAB };

static const struct slabinfo_cache *find_slabinfo(const struct mm *mm, const char *name)
{
	size_t i;

	return nameset_get(&mm->slab.caches, IN_SLABINFO, slice_of(name), &i) ? &mm->snap->slab.caches[i]
									     : NULL;
}

static const struct sysslab_cache *find_sysslab(const struct mm *mm, const char *name)
{
	size_t i;

	return nameset_get(&mm->slab.caches, IN_SYSSLAB, slice_of(name), &i) ? &mm->snap->sysslab[i] : NULL;
}

static void size_name(const struct mm *mm, uint64_t size, char buf[32])
{
	if (mm->rules.kmalloc_k_names && size >= 1024 && size % 1024 == 0) {
		if (size >= 1024 * 1024)
			snprintf(buf, 32, "%" PRIu64 "M", size >> 20);
		else
			snprintf(buf, 32, "%" PRIu64 "k", size >> 10);
	} else {
		snprintf(buf, 32, "%" PRIu64, size);
	}
}

/* The smallest kmalloc cache: 8 on x86; larger where DMA demands it, then slabinfo shows none below. */
static uint64_t kmalloc_min_size(const struct mm *mm)
{
	static const uint64_t sizes[] = { 8, 16, 32, 64, 128 };
	const char *arch = mm->snap->kernel.arch;
	char name[64];

	if (mm->snap->has_slab) {
		for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
			snprintf(name, sizeof(name), "kmalloc-%" PRIu64, sizes[i]);
			if (find_slabinfo(mm, name))
				return sizes[i];
		}
	}
	if (mm->slab.layer == LAYER_SLAB)
		return 32;
	if (arch && strcmp(arch, "aarch64") == 0 && mm->rules.version < V(6, 5))
		return 128;
	if (arch && strncmp(arch, "arm", 3) == 0 && strcmp(arch, "arm64") != 0)
		return 64;
	if (arch && strncmp(arch, "riscv", 5) == 0 && mm->rules.version < V(6, 5))
		return 64;
	return 8;
}

static int index_name(struct mm *mm, uint64_t tag, const char *name, size_t index)
{
	return nameset_add(&mm->slab.caches, tag, slice_of(name), &index) < 0 ? -ENOMEM : 0;
}

/* Of two caches of one name the first counts. */
static int index_caches(struct mm *mm)
{
	const struct snapshot *s = mm->snap;
	int r = 0;

	for (size_t i = 0; i < s->slab.n_caches && !r; i++) {
		r = index_name(mm, IN_SLABINFO, s->slab.caches[i].name, i);
		mm->slab.has_copies |= strncmp(s->slab.caches[i].name, "kmalloc-rnd-", 12) == 0 ||
				       strncmp(s->slab.caches[i].name, "kmalloc-part-", 13) == 0;
	}
	for (size_t i = 0; i < s->n_sysslab && !r; i++) {
		r = index_name(mm, IN_SYSSLAB, s->sysslab[i].name, i);
		for (size_t a = 0; a < s->sysslab[i].n_aliases && !r; a++)
			r = index_name(mm, IN_SYSSLAB, s->sysslab[i].alias_names[a], i);
	}
	return r;
}

int mm_slab_init(struct mm *mm)
{
	mm->slab.layer = slab_layer(mm);
	if (index_caches(mm))
		return -ENOMEM;
	mm->slab.kmalloc_min_size = kmalloc_min_size(mm);
	return 0;
}

uint64_t kmalloc_object_size(const struct mm *mm, uint64_t size)
{
	uint64_t min = mm->slab.kmalloc_min_size, object = min;

	if (size <= min)
		return min;
	if (min <= 32 && size > 64 && size <= 96)
		return 96;
	if (min <= 64 && size > 128 && size <= 192)
		return 192;
	while (object < size && object < UINT64_C(1) << 62)
		object *= 2;
	return object;
}

void kmalloc_cache_name(const struct mm *mm, uint64_t object_size, uint32_t gfp, char name[64])
{
	const char *prefix = "kmalloc-";
	char size[32];

	size_name(mm, object_size, size);
	/* kmalloc_type: DMA before RECLAIMABLE before ACCOUNT. */
	if (gfp & GF_DMA && mm->has_zone[GFP_ZONE_DMA])
		prefix = "dma-kmalloc-";
	else if (gfp & GF_RECLAIMABLE && mm->rules.kmalloc_rcl)
		prefix = "kmalloc-rcl-";
	else if (gfp & GF_ACCOUNT && mm->rules.kmalloc_cg)
		prefix = "kmalloc-cg-";
	snprintf(name, 64, "%s%s", prefix, size);
	/* Types that the configuration lacks, or cgroup.memory=nokmem, stand for the ordinary caches. */
	if (strcmp(prefix, "kmalloc-") != 0 && mm->snap->has_slab && !find_slabinfo(mm, name)) {
		char plain[64];

		snprintf(plain, sizeof(plain), "kmalloc-%s", size);
		if (find_slabinfo(mm, plain))
			memcpy(name, plain, sizeof(plain));
	}
}

uint32_t kmalloc_fix_flags(uint32_t gfp)
{
	return gfp & ~(uint32_t)(GF_DMA32 | GF_HIGHMEM);
}

uint32_t new_slab_flags(uint32_t gfp, const struct slab_cache *c)
{
	const uint32_t kept = GF_RECLAIM | GF_HIGH | GF_IO | GF_FS | GF_NOWARN | GF_RETRY_MAYFAIL |
			      GF_NOFAIL | GF_NORETRY | GF_MEMALLOC | GF_NOMEMALLOC | GF_ATOMIC |
			      GF_NOLOCKDEP | GF_HARDWALL | GF_THISNODE;

	gfp &= kept;
	if (c->dma)
		gfp |= GF_DMA;
	if (c->reclaimable)
		gfp |= GF_RECLAIMABLE;
	if (c->preferred_order)
		gfp |= GF_COMP;
	return gfp;
}

bool slab_nomerge(const struct mm *mm)
{
	struct slice line = slice_of(mm->snap->cmdline ? mm->snap->cmdline : ""), word;
	const char *merge = kconfig_get(&mm->snap->kconfig, "SLAB_MERGE_DEFAULT");
	bool nomerge = merge && strcmp(merge, "n") == 0;

	while (slice_word(&line, &word)) {
		if (slice_eq(word, "slab_nomerge") || slice_eq(word, "slub_nomerge"))
			nomerge = true;
		else if (slice_eq(word, "slab_merge") || slice_eq(word, "slub_merge"))
			nomerge = false;
	}
	return nomerge;
}

/* A number of the kernel command line: "slub_max_order=" to 6.7, "slab_max_order=" as well from 6.8 on. */
static unsigned int boot_number(const struct mm *mm, const char *rest, unsigned int otherwise)
{
	struct slice line = slice_of(mm->snap->cmdline ? mm->snap->cmdline : ""), word;
	unsigned int found = otherwise;
	uint64_t v;

	while (slice_word(&line, &word)) {
		size_t skip = 5 + strlen(rest);

		if (word.len <= skip || (strncmp(word.p, "slub_", 5) != 0 && strncmp(word.p, "slab_", 5) != 0) ||
		    strncmp(word.p + 5, rest, strlen(rest)) != 0)
			continue;
		if (num_u64(word.p + skip, word.len - skip, &v) == 0 && v <= 1024)
			found = (unsigned int)v;
	}
	return found;
}

static unsigned int order_of_bytes(const struct mm *mm, uint64_t bytes)
{
	unsigned int o = 0;

	while (o < 40 && sat_shl(mm->page_size, o) < bytes)
		o++;
	return o;
}

/* calc_slab_order: the first order whose rest is at most 1/@fraction of the slab; @max + 1 if none. */
static unsigned int calc_slab_order(const struct mm *mm, uint64_t size, unsigned int min,
				    unsigned int max, unsigned int fraction)
{
	unsigned int order = min;

	while (order <= max && sat_shl(mm->page_size, order) % size > sat_shl(mm->page_size, order) / fraction)
		order++;
	return order > max ? max + 1 : order;
}

/* To 6.6: fewer and fewer objects, each at 1/16, 1/8, 1/4 of waste; else one object a slab. */
static unsigned int calculate_order_to_6_6(const struct mm *mm, uint64_t size, uint64_t objects,
					   unsigned int least, unsigned int max)
{
	unsigned int order;

	for (; objects > 1; objects--) {
		unsigned int min = order_of_bytes(mm, objects * size);

		for (unsigned int fraction = 16; fraction >= 4; fraction /= 2) {
			order = calc_slab_order(mm, size, min > least ? min : least, max, fraction);
			if (order <= max)
				return order;
		}
	}
	order = order_of_bytes(mm, size);
	return order > least ? order : least;
}

static unsigned int fls_of(unsigned int v)
{
	unsigned int n = 0;

	for (; v; v >>= 1)
		n++;
	return n;
}

unsigned int calculate_order(const struct mm *mm, uint64_t size)
{
	bool tiny = config_is(mm, "SLUB_TINY");
	unsigned int max = boot_number(mm, "max_order=", tiny ? 1 : PAGE_ALLOC_COSTLY_ORDER);
	unsigned int least = boot_number(mm, "min_order=", 0), order;
	/* To 5.13 nr_cpu_ids counts; later the processors that are there, unless that is one. */
	unsigned int cpus = mm->rules.slub_present_cpus && mm->online_cpus > 1 ? mm->online_cpus
									      : mm->possible_cpus;
	uint64_t objects = boot_number(mm, "min_objects=", 4 * (fls_of(cpus ? cpus : 1) + 1)), fit;

	if (size == 0 || size > sat_shl(mm->page_size, mm->max_order))
		return 0;
	if (max > mm->max_order)
		max = mm->max_order;
	fit = sat_shl(mm->page_size, max) / size;
	objects = objects > fit ? fit : objects;
	if (mm->rules.slub_order_by_loops)
		return calculate_order_to_6_6(mm, size, objects, least, max);
	order = order_of_bytes(mm, (objects ? objects : 1) * size);
	least = order > least ? order : least;
	for (unsigned int fraction = 16; fraction > 1; fraction /= 2) {
		order = calc_slab_order(mm, size, least, max, fraction);
		if (order <= max)
			return order;
	}
	return order_of_bytes(mm, size);
}

static unsigned int order_of_pages(uint64_t pages)
{
	unsigned int o = 0;

	while (o < 40 && UINT64_C(1) << o < pages)
		o++;
	return o;
}

static void take_info(struct slab_cache *c, const struct slabinfo_cache *info)
{
	c->info = info;
	c->object_size = info->object_size;
	c->preferred_order = order_of_pages(info->pages_per_slab);
	c->free_known = true;
	c->free_objects = sat_sub(info->objects, info->active_objects);
}

/* kmalloc caches of CONFIG_RANDOM_KMALLOC_CACHES: a call site uses always the same one. */
static unsigned int count_copies(const struct mm *mm, const char *name)
{
	char copy[80];
	unsigned int n = 1;

	if (!mm->slab.has_copies || strncmp(name, "kmalloc-", 8) != 0 || name[8] < '0' || name[8] > '9')
		return 1;
	for (unsigned int i = 1; i < 64; i++) {
		snprintf(copy, sizeof(copy), "kmalloc-rnd-%02u-%s", i, name + 8);
		if (!find_slabinfo(mm, copy)) {
			snprintf(copy, sizeof(copy), "kmalloc-part-%02u-%s", i, name + 8);
			if (!find_slabinfo(mm, copy))
				break;
		}
		n++;
	}
	return n;
}

bool slab_cache_find(const struct mm *mm, const char *name, uint64_t fallback_size,
		     struct slab_cache *c)
{
	const struct slabinfo_cache *own = find_slabinfo(mm, name);

	memset(c, 0, sizeof(*c));
	c->copies = count_copies(mm, name);
	c->sys = find_sysslab(mm, name);
	if (own) {
		take_info(c, own);
	} else if (c->sys) {
		/* Merged: slabinfo has the cache under its first name. */
		for (size_t a = 0; a < c->sys->n_aliases && !c->info; a++) {
			const struct slabinfo_cache *info = find_slabinfo(mm, c->sys->alias_names[a]);

			if (info)
				take_info(c, info);
		}
	}
	if (c->sys) {
		c->dma = opt_or(c->sys->cache_dma, 0) != 0;
		c->reclaimable = opt_or(c->sys->reclaim_account, 0) != 0;
		if (!c->object_size)
			c->object_size = opt_or(c->sys->slab_size, 0);
		if (!c->info && c->sys->order.known)
			c->preferred_order = (unsigned int)c->sys->order.v;
		if (!c->free_known && c->sys->total_objects.known && c->sys->objects.known) {
			c->free_known = true;
			c->free_objects = sat_sub(c->sys->total_objects.v, c->sys->objects.v);
		}
	}
	if (!c->object_size)
		c->object_size = fallback_size;
	/* SLUB falls back to the smallest slab that holds one object; SLAB has no lower order. */
	c->min_order = mm->slab.layer == LAYER_SLAB && c->info ? c->preferred_order
								  : order_of_bytes(mm, c->object_size);
	/* What kmalloc_type chose the cache by, the cache forces on its pages. */
	c->dma |= strncmp(name, "dma-kmalloc-", 12) == 0;
	c->reclaimable |= strncmp(name, "kmalloc-rcl-", 12) == 0;
	if (!c->info && !(c->sys && c->sys->order.known))
		c->preferred_order = calculate_order(mm, c->object_size);
	if (c->preferred_order < c->min_order)
		c->preferred_order = c->min_order;
	return c->info || c->sys;
}
