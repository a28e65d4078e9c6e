/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Members of the snapshot document that are numbers or unknown: their names in
 * JSON and their places in the structures, one table for writing and reading.
 */
#ifndef SNAP_MEMBERS_H
#define SNAP_MEMBERS_H

#include <stddef.h>

#include "base/num.h"

struct snap_member {
	const char *name; /* NULL ends a table */
	size_t offset;	  /* of a struct opt_u64; of an int32_t, negative where unknown, in pagesets */
};

static inline struct opt_u64 *snap_member_of(void *object, const struct snap_member *m)
{
	return (struct opt_u64 *)(void *)((char *)object + m->offset);
}

static inline struct opt_u64 snap_member_get(const void *object, const struct snap_member *m)
{
	return *(const struct opt_u64 *)(const void *)((const char *)object + m->offset);
}

/* Negative where unknown. */
static inline int32_t *snap_int_member_of(void *object, const struct snap_member *m)
{
	return (int32_t *)(void *)((char *)object + m->offset);
}

extern const struct snap_member snap_kernel_members[];	  /* struct snap_kernel */
extern const struct snap_member snap_zone_members[];	  /* struct snap_zone */
extern const struct snap_member snap_watermark_members[]; /* struct snap_zone */
extern const struct snap_member snap_pageset_members[];	  /* struct zoneinfo_pageset, ints */
extern const struct snap_member snap_pool_members[];	  /* struct snap_hugepages */
extern const struct snap_member snap_cma_members[];	  /* struct snap_cma */
extern const struct snap_member snap_swiotlb_members[];	  /* struct snap_swiotlb */
extern const struct snap_member snap_tunable_members[];	  /* struct slabinfo_cache */
extern const struct snap_member snap_sysslab_members[];	  /* struct sysslab_cache */

#endif
