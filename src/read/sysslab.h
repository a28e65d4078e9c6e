/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Attributes of one cache below /sys/kernel/slab. */
#ifndef READ_SYSSLAB_H
#define READ_SYSSLAB_H

#include "base/num.h"
#include "read/notes.h"

struct sysslab_node_count {
	int node;
	uint64_t count;
};

struct sysslab_cache {
	const char *name;	  /* a directory's own name, e.g. kmalloc-64 or :at-0000192 */
	const char **alias_names; /* links that lead to it */
	size_t n_aliases;
	struct opt_u64 object_size, slab_size, align, objs_per_slab, order, min_partial, cpu_partial,
		aliases, reclaim_account, cache_dma, destroy_by_rcu, hwcache_align, usersize,
		sanity_checks, red_zone, poison, store_user, total_objects, objects, partial, slabs,
		cpu_slabs, sheaf_capacity, remote_node_defrag_ratio;
	const char *ctor; /* NULL if none */
	struct sysslab_node_count *node_total, *node_objects; /* N0=.. parts; NULL if not printed */
	size_t n_node_total, n_node_objects;
};

/*
 * Take the attribute file @attr (its name) with content @text into @c. Unknown
 * attributes are ignored. 0, -ENOMEM, or -EINVAL if the content is not of the
 * attribute's form.
 */
int read_sysslab_attr(struct arena *arena, const char *attr, struct slice text,
		      struct sysslab_cache *c);
/* Names of the attributes that read_sysslab_attr knows, NULL terminated. */
const char *const *sysslab_attrs(void);

#endif
