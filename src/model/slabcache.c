// SPDX-License-Identifier: GPL-2.0-or-later
/* What slabinfo tells of a cache, and whether the kernel frees its objects. */
#include "model/slabcache.h"

#include <string.h>

uint64_t slab_cache_bytes(const struct slabinfo_cache *c, uint64_t page_size)
{
	return sat_mul(sat_mul(c->slabs, c->pages_per_slab), page_size);
}

uint64_t slab_cache_idle_bytes(const struct slabinfo_cache *c, uint64_t page_size)
{
	return sat_sub(slab_cache_bytes(c, page_size), sat_mul(c->active_objects, c->object_size));
}

static bool is_one_of(const char *name, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(name, list[i]) == 0)
			return true;
	}
	return false;
}

static bool ends_in(const char *name, const char *end)
{
	size_t len = strlen(name), n = strlen(end);

	return len >= n && strcmp(name + len - n, end) == 0;
}

/* SLAB_RECLAIM_ACCOUNT caches of the kernel, where /sys/kernel/slab does not tell; 4.18 to 7.3. */
static bool name_is_reclaimable(const char *name)
{
	/* Two names: before and since KMEM_CACHE made them of the structures' (6.9). */
	static const char *const exact[] = {
		"dentry",  "radix_tree_node",	 "xarray_node",	  "buffer_head",	      "bdev_cache",
		"xfs_ili", "ext4_extent_status", "extent_status", "ext4_pending_reservation", "pending_reservation",
		"mbcache", "mb_cache_entry",	 "inode_cache",	  "dquot",
	};
	/* Their inodes go with their files only. */
	static const char *const held[] = { "shmem_inode_cache", "hugetlbfs_inode_cache", "mqueue_inode_cache" };

	if (is_one_of(name, held, ARRAY_SIZE(held)))
		return false;
	return is_one_of(name, exact, ARRAY_SIZE(exact)) || strncmp(name, "kmalloc-rcl-", 12) == 0 ||
	       ends_in(name, "_inode_cache") || ends_in(name, "_inode");
}

/*
 * Caches without SLAB_RECLAIM_ACCOUNT whose objects live and go with an inode of another
 * cache: they shrink when that one does.
 */
static bool goes_with_inodes(const char *name)
{
	static const char *const names[] = { "lsm_inode_cache", "selinux_inode_security", "iint_cache", "ima_iint_cache" };

	return is_one_of(name, names, ARRAY_SIZE(names));
}

bool slab_cache_is_reclaimable(const struct snapshot *s, const char *name)
{
	if (goes_with_inodes(name))
		return true;
	for (size_t i = 0; i < s->n_sysslab; i++) {
		const struct sysslab_cache *c = &s->sysslab[i];
		bool is = strcmp(c->name, name) == 0;

		for (size_t j = 0; j < c->n_aliases && !is; j++)
			is = strcmp(c->alias_names[j], name) == 0;
		if (is && c->reclaim_account.known)
			return c->reclaim_account.v != 0;
	}
	return name_is_reclaimable(name);
}
