/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/slabinfo 1.1, 2.0, 2.1, with and without statistics. */
#ifndef READ_SLABINFO_H
#define READ_SLABINFO_H

#include "base/num.h"
#include "read/notes.h"

struct slabinfo_cache {
	const char *name;
	uint64_t active_objects, objects;
	uint64_t object_size;	   /* bytes, padded (s->size) */
	uint64_t objects_per_slab; /* version 1.1 does not say: derived, 0 if it cannot be */
	uint64_t pages_per_slab;
	uint64_t active_slabs, slabs;
	struct opt_u64 limit, batchcount, sharedfactor; /* tunables */
	struct opt_u64 sharedavail;
	bool has_statistics; /* CONFIG_DEBUG_SLAB columns, SLAB only */
	uint64_t globalstat[9], cpustat[4];
};

struct slabinfo {
	unsigned int version_major, version_minor; /* 0.0 if the header is missing */
	bool statistics;
	struct slabinfo_cache *caches;
	size_t n_caches;
};

int read_slabinfo(struct arena *arena, struct slice text, struct slabinfo *out,
		  struct read_notes *notes);

#endif
