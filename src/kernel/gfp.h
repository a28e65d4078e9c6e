/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gfp flags. Their bits moved four times, so the model knows them as a set of
 * its own (GF_...) and translates at the border: masks and names of the
 * kernel at hand on one side, decisions on the other.
 */
#ifndef KERNEL_GFP_H
#define KERNEL_GFP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "kernel/rules.h"
#include "read/gfpformat.h"

enum gfp_bit {
#define GFP_FLAG(name, e1, e2, e3, e4, e5) GFP_BIT_##name,
#include "tables/gfp_flags.h"
#undef GFP_FLAG
	GFP_BITS
};

enum {
#define GFP_FLAG(name, e1, e2, e3, e4, e5) GF_##name = 1u << GFP_BIT_##name,
#include "tables/gfp_flags.h"
#undef GFP_FLAG
};

/* The composites that decisions name. */
#define GF_RECLAIM ((uint32_t)(GF_DIRECT_RECLAIM | GF_KSWAPD_RECLAIM))
#define GF_KERNEL ((uint32_t)(GF_RECLAIM | GF_IO | GF_FS))

/* A gfp argument as a set of flags, with what the kernel at hand has no name for. */
struct gfp {
	uint32_t flags;	  /* GF_... */
	uint64_t unknown; /* bits of the mask that are no flag of this kernel */
};

/* Where names and masks are translated: the kernel's rules, and its own list where it was read. */
struct gfp_names {
	const struct mm_rules *rules;
	const struct gfpformat *format; /* NULL: not read */
};

/* Mask of the kernel at hand to flags and back. */
struct gfp gfp_from_mask(const struct gfp_names *names, uint64_t mask);
uint64_t gfp_to_mask(const struct gfp_names *names, struct gfp gfp);
/*
 * "GFP_KERNEL|__GFP_NOWARN", "GFP_ATOMIC & ~__GFP_HIGH" is not supported; a
 * hexadecimal mask, with or without 0x; parts separated by '|', blanks ignored. Names of
 * other kernel versions that mean the same here are accepted (__GFP_WAIT,
 * __GFP_REPEAT, __GFP_RECLAIM). -EINVAL: @culprit, if not NULL, is the part.
 */
int gfp_parse(const struct gfp_names *names, struct slice text, struct gfp *out,
	      struct slice *culprit);
/* As the kernel prints it: composites first, then single flags, rest in hexadecimal. */
void gfp_format(const struct gfp_names *names, struct gfp gfp, struct strbuf *sb);
/* Name of the i-th flag, with its underscores: "__GFP_HIGH". */
const char *gfp_bit_name(const struct mm_rules *rules, enum gfp_bit bit);
/* Mask of one flag in the kernel at hand, 0 if it has none. */
uint64_t gfp_bit_mask(const struct gfp_names *names, enum gfp_bit bit);
/* Flags of a composite ("GFP_ATOMIC") by this kernel's definition; false if there is none. */
bool gfp_composite(const struct mm_rules *rules, struct slice name, uint32_t *flags);
/* The i-th composite in the kernel's order of printing; false past the last. */
bool gfp_composite_at(const struct mm_rules *rules, unsigned int i, const char **name,
		      uint32_t *flags);

/* include/linux/gfp.h:gfp_zone: highest zone by name, before asking which zones exist. */
enum gfp_zone { GFP_ZONE_DMA, GFP_ZONE_DMA32, GFP_ZONE_NORMAL, GFP_ZONE_HIGHMEM, GFP_ZONE_MOVABLE };
enum gfp_zone gfp_zone(uint32_t flags);
/* Combinations of zone flags that the kernel calls a bug (GFP_ZONE_BAD). */
bool gfp_zone_valid(uint32_t flags);

enum migratetype {
	MIGRATE_UNMOVABLE,
	MIGRATE_MOVABLE,
	MIGRATE_RECLAIMABLE,
	MIGRATE_HIGHATOMIC, /* MIGRATE_RESERVE to 4.3 */
	MIGRATE_CMA,
	MIGRATE_ISOLATE,
	MIGRATE_TYPES
};
const char *migratetype_name(enum migratetype type);
/* include/linux/gfp.h:gfp_migratetype, all versions. */
enum migratetype gfp_migratetype(uint32_t flags);

#endif
