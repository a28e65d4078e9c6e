// SPDX-License-Identifier: GPL-2.0
/* States made of slab objects, linked through their own memory. */
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "memtool.h"

/* kswapd may be woken: without any reclaim flag newer kernels take the caller for one in NMI */
#define MT_SLAB_GFP	(MT_QUIET_GFP | __GFP_KSWAPD_RECLAIM)
#define MT_SLAB_LARGEST	8192	/* two objects a slab at least */

struct mt_slabobj {
	struct mt_slabobj *next;
};

struct mt_slab {
	struct kmem_cache *cache;	/* NULL: kmalloc */
	size_t size;
	gfp_t gfp;
	struct mt_slabobj *head;
};

static struct mt_slabobj *mt_slab_new(struct mt_slab *s)
{
	struct mt_slabobj *o = s->cache ? kmem_cache_alloc(s->cache, s->gfp) :
					  kmalloc(s->size, s->gfp);

	if (o) {
		o->next = s->head;
		s->head = o;
	}
	return o;
}

static void mt_slab_del(struct mt_slab *s, struct mt_slabobj *o)
{
	if (s->cache)
		kmem_cache_free(s->cache, o);
	else
		kfree(o);
}

static void mt_slab_release(struct mt_state *st)
{
	struct mt_slab *s = st->priv;

	if (!s)
		return;
	while (s->head) {
		struct mt_slabobj *o = s->head;

		s->head = o->next;
		mt_slab_del(s, o);
		cond_resched();
	}
	if (s->cache)
		kmem_cache_shrink(s->cache);	/* our empty slabs go back, too */
	kfree(s);
	st->priv = NULL;
}

static int mt_slab_init(struct mt_state *st, struct mt_text *err)
{
	struct mt_slab *s = kzalloc(sizeof(*s), GFP_KERNEL);
	gfp_t extra;
	bool own;

	if (!s)
		return -ENOMEM;
	st->priv = s;
	s->size = mt_cache_parse(st->a.cache, &own, &extra);
	if (s->size < MT_CACHE_MIN || s->size > MT_SLAB_LARGEST)
		return mt_fail(err, -EINVAL, "cache: own:SIZE or kmalloc-SIZE, %d to %d bytes",
			       MT_CACHE_MIN, MT_SLAB_LARGEST);
	s->gfp = MT_SLAB_GFP | extra;
	if (!own) {
		s->gfp |= st->a.reclaimable ? __GFP_RECLAIMABLE : 0;
		return 0;
	}
	s->cache = mt_cache_get(s->size, st->a.reclaimable);
	if (IS_ERR(s->cache)) {
		int ret = PTR_ERR(s->cache);

		s->cache = NULL;
		return ret;
	}
	return 0;
}

/* Allocates until target bytes are held, or a bound. As mt_state_check. */
static int mt_slab_grow(struct mt_state *st, u64 target)
{
	struct mt_slab *s = st->priv;

	while (st->bytes < target) {
		/* the sums over all zones are dear: mind them once in a while */
		int ret = st->objects % 64 ? mt_state_check(st, s->size) :
					     mt_state_check_all(st, 64 * s->size);

		if (ret)
			return ret;
		if (!mt_slab_new(s)) {
			st->bound = MEMTOOL_BOUND_MEMORY;
			return 1;
		}
		st->objects++;
		mt_state_charge(st, s->size);
	}
	return 0;
}

/* ---- mass allocation, sparse freeing ---- */

/*
 * Keeps the objects at the first places of each slab, and counts the slabs thereby
 * pinned: a slab that was filled has an object at place 0.
 */
static void mt_slab_thin(struct mt_state *st)
{
	struct mt_slab *s = st->priv;
	struct mt_slabobj *o = s->head, *next;
	size_t step = ALIGN(s->size, sizeof(void *));
	u64 pinned = 0, kept = 0;

	s->head = NULL;
	for (; o; o = next) {
		struct page *head = compound_head(virt_to_page(o));
		size_t place = ((void *)o - page_address(head)) / step;

		next = o->next;
		if (place < st->a.keep) {
			o->next = s->head;
			s->head = o;
			kept++;
			pinned += place ? 0 : PAGE_SIZE << mt_page_order(head);
		} else {
			mt_slab_del(s, o);
		}
		cond_resched();
	}
	st->objects = kept;
	mt_state_charge(st, (s64)pinned - (s64)st->bytes);
}

static int mt_sparse_build(struct mt_state *st, struct mt_text *err)
{
	int ret = mt_slab_init(st, err);

	if (!ret)
		ret = mt_slab_grow(st, st->a.bytes);
	if (ret < 0)
		return ret;
	mt_slab_thin(st);
	return 0;
}

const struct mt_state_ops mt_state_slab_sparse = {
	.name = "slab_sparse",
	.keys = "cache=own:256 keep=1 reclaimable=0 bytes=16777216",
	.build = mt_sparse_build,
	.release = mt_slab_release,
};

/* ---- a leak ---- */

static void mt_leak_tick(struct mt_state *st)
{
	u64 age_ms = div_u64(ktime_get_ns() - st->born, NSEC_PER_MSEC);
	u64 target = min(div_u64(age_ms * st->a.rate, MSEC_PER_SEC), st->a.bytes);

	mt_slab_grow(st, target);
	if (st->bytes >= st->a.bytes)
		st->bound = MEMTOOL_BOUND_BYTES;
}

const struct mt_state_ops mt_state_slab_leak = {
	.name = "slab_leak",
	.keys = "cache=own:512 reclaimable=0 rate=1048576 bytes=67108864",
	.build = mt_slab_init,
	.release = mt_slab_release,
	.tick = mt_leak_tick,
};
