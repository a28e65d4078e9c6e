/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Slab caches as memory: what each holds of the page allocator, how much of
 * that is in use, what is lost to free objects, to the rest of each slab and
 * to padding, and how far the kernel's counts can be trusted.
 */
#ifndef MODEL_SLABVIEW_H
#define MODEL_SLABVIEW_H

#include "snap/snapshot.h"

enum slab_allocator { SLAB_UNKNOWN, SLAB_SLAB, SLAB_SLUB };

enum known_bool { BOOL_UNKNOWN, BOOL_NO, BOOL_YES };

struct slab_row {
	const struct slabinfo_cache *cache;
	const struct sysslab_cache *sys; /* NULL: not readable, or no match */
	struct opt_u64 bytes;		 /* slabs x pages_per_slab x page size */
	uint64_t active_bytes;		 /* active objects x padded size */
	struct opt_u64 wasted_bytes;	 /* bytes - active_bytes = free + slack */
	uint64_t free_bytes;		 /* objects allocated with their slab, not in use */
	struct opt_u64 slack_bytes;	 /* rest of the slabs that no object fits in */
	struct opt_u64 padding_bytes;	 /* of active objects: padded size less the object's own */
	struct opt_u64 used_milli;	 /* active_bytes of bytes; unknown for an empty cache */
	unsigned int order;		 /* preferred order of a slab */
	/*
	 * Slabs that got only the minimum order, by the count of objects:
	 * unknown where no whole number of them explains it. bytes counts them as
	 * of the preferred order; surplus_bytes is what that is too much.
	 */
	struct opt_u64 minimum_order_slabs, surplus_bytes;
	enum known_bool reclaimable; /* SLAB_RECLAIM_ACCOUNT: a shrinker can free it */
	const char **aliases;	     /* names merged into this cache, its own left out */
	size_t n_aliases;
	const char *alias_text; /* the same, with commas; "" if none */
	enum known_bool debugged; /* sanity checks, red zones, poison or owners on */
	bool active_exact;     /* active objects are counted, not bounded from above */
	bool bytes_exact;      /* every slab is known to be of the preferred order */
};

struct slabview {
	struct slab_row *rows; /* order of the file */
	size_t n_rows;
	enum slab_allocator allocator;
	bool counts_approx;    /* beyond 10,000 partial slabs a node the kernel extrapolates */
	bool counts_all_exact; /* active objects are exact everywhere */
	struct opt_u64 bytes, wasted_bytes, reclaimable_bytes; /* sums; the last over known rows only */
	uint64_t active_bytes;
	bool has_sysfs; /* aliases and reclaimable come from /sys/kernel/slab */
};

/* All memory comes from @arena; the snapshot must outlive the view. 0 or -ENOMEM. */
int slabview_build(struct arena *arena, const struct snapshot *s, struct slabview *out);
/*
 * Keep the rows whose name or an alias matches any of @patterns (shell
 * patterns, ended by NULL), and sum anew. How many are left.
 */
size_t slabview_filter(const struct snapshot *s, struct slabview *v, char *const *patterns);
/* Whether a row's name or alias matches the shell pattern. */
bool slabview_has(const struct slabview *v, const char *pattern);

#endif
