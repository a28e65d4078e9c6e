/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One slab cache of a snapshot. */
#ifndef MODEL_SLABCACHE_H
#define MODEL_SLABCACHE_H

#include "snap/snapshot.h"

/* Bytes in the slabs of a cache, and those of them not in active objects. */
uint64_t slab_cache_bytes(const struct slabinfo_cache *c, uint64_t page_size);
uint64_t slab_cache_idle_bytes(const struct slabinfo_cache *c, uint64_t page_size);
/*
 * By /sys/kernel/slab where it was read, else by the kernel's names; also what goes with an
 * inode of another cache (lsm_inode_cache).
 */
bool slab_cache_is_reclaimable(const struct snapshot *s, const char *name);

#endif
