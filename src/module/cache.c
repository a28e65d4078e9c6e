// SPDX-License-Identifier: GPL-2.0
/*
 * Our own slab caches. A cache that lets a part be copied to user space is never
 * merged with another one, on any kernel: its row in slabinfo is ours alone.
 */
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "memtool.h"

#define MT_CACHES	64	/* different sizes; each costs a sysfs folder */

struct mt_cache {
	struct list_head node;
	struct kmem_cache *cache;
	unsigned int size;
	bool reclaimable;
	char name[40];
};

static LIST_HEAD(mt_caches);
static DEFINE_MUTEX(mt_caches_lock);

static struct kmem_cache *mt_cache_new(unsigned int size, bool reclaimable)
{
	struct mt_cache *c = kzalloc(sizeof(*c), GFP_KERNEL);

	if (!c)
		return ERR_PTR(-ENOMEM);
	c->size = size;
	c->reclaimable = reclaimable;
	snprintf(c->name, sizeof(c->name), "memtool%s-%u", reclaimable ? "-rcl" : "", size);
	c->cache = kmem_cache_create_usercopy(c->name, size, 0,
					      reclaimable ? SLAB_RECLAIM_ACCOUNT : 0,
					      0, size, NULL);
	if (!c->cache) {
		kfree(c);
		return ERR_PTR(-ENOMEM);
	}
	list_add(&c->node, &mt_caches);
	return c->cache;
}

struct kmem_cache *mt_cache_get(unsigned int size, bool reclaimable)
{
	struct kmem_cache *found = NULL;
	struct mt_cache *c;
	int n = 0;

	if (size < MT_CACHE_MIN || size > MT_CACHE_MAX)
		return ERR_PTR(-EINVAL);
	mutex_lock(&mt_caches_lock);
	list_for_each_entry(c, &mt_caches, node) {
		n++;
		if (c->size == size && c->reclaimable == reclaimable)
			found = c->cache;
	}
	if (!found)
		found = n < MT_CACHES ? mt_cache_new(size, reclaimable) : ERR_PTR(-ENOSPC);
	mutex_unlock(&mt_caches_lock);
	return found;
}

void mt_cache_exit(void)
{
	struct mt_cache *c, *next;

	list_for_each_entry_safe(c, next, &mt_caches, node) {
		kmem_cache_destroy(c->cache);
		list_del(&c->node);
		kfree(c);
	}
}

/* slabinfo writes 8192 as 8k */
static size_t mt_cache_size(const char *s)
{
	char num[MT_WORD];
	unsigned int mul = 1;
	u64 v;
	size_t n;

	strscpy(num, s, sizeof(num));
	n = strlen(num);
	if (n && (num[n - 1] == 'k' || num[n - 1] == 'M')) {
		mul = num[n - 1] == 'k' ? SZ_1K : SZ_1M;
		num[n - 1] = '\0';
	}
	if (num[0] < '0' || num[0] > '9' || kstrtoull(num, 10, &v) || v > SZ_64M / mul)
		return 0;
	return v * mul;
}

size_t mt_cache_parse(const char *cache, bool *own, gfp_t *extra)
{
	static const struct {
		const char *prefix;
		gfp_t gfp;
	} names[] = {
		{ "kmalloc-rcl-", __GFP_RECLAIMABLE },
		{ "kmalloc-cg-", __GFP_ACCOUNT },
		{ "dma-kmalloc-", __GFP_DMA },
		{ "kmalloc-", 0 },
	};
	unsigned int i;

	*extra = 0;
	*own = !strncmp(cache, "own:", 4);
	if (*own)
		return mt_cache_size(cache + 4);
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		size_t n = strlen(names[i].prefix);

		if (strncmp(cache, names[i].prefix, n))
			continue;
		*extra = names[i].gfp;
		return mt_cache_size(cache + n);
	}
	return 0;
}
