/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The physical page map: what each pageblock holds, and how many whole blocks
 * compaction could free at most. Blocks may be a sample, evenly spread.
 */
#ifndef MODEL_PAGEMAP_H
#define MODEL_PAGEMAP_H

#include "kernel/mm.h"
#include "read/kpageflags.h"
#include "snap/snapshot.h"

/* What a pageblock is to compaction. In the order of severity. */
enum block_kind {
	BLOCK_FREE,	 /* wholly free */
	BLOCK_MOVABLE,	 /* free and movable pages only: can be emptied */
	BLOCK_MIXED,	 /* movable pages beside ones that stay */
	BLOCK_UNMOVABLE, /* pages that stay, and perhaps free ones */
	BLOCK_HUGETLB,	 /* a huge page, or part of one */
	BLOCK_ABSENT,	 /* reserved, or no memory */
	BLOCK_KINDS
};

const char *block_kind_name(enum block_kind kind);

struct pagemap_block {
	uint64_t pfn;
	uint32_t pages[PAGE_USES];
	enum block_kind kind;
};

/* Pageblocks of a zone that are to be looked at. */
struct pagemap_zone {
	const struct snap_zone *zone;
	uint64_t start_pfn, end_pfn; /* aligned to blocks, end exclusive */
	uint64_t n_blocks;	/* in the zone's span */
	struct pagemap_block *blocks; /* ascending; those looked at */
	size_t n_sampled;
	/* Figures, of the sampled blocks: */
	uint64_t kinds[BLOCK_KINDS];
	uint64_t pages[PAGE_USES];
	uint64_t could_free;	/* blocks that compaction could empty, at most */
	uint64_t hole_pages;	/* of PAGE_KERNEL, known to be no memory: spanned, not present */
	uint64_t pinning_few;	/* mixed blocks where a sixteenth of the pages or fewer keep the rest */
};

struct pagemap {
	unsigned int order;	/* of a block */
	bool unevictable_moves;	/* compact_unevictable_allowed */
	struct pagemap_zone *zones; /* populated zones whose place is known */
	size_t n_zones;
	size_t n_without_place; /* populated zones that are left out: zoneinfo does not tell where they are */
};

/* The order of a pageblock: as printed, else that of a huge page; unknown if neither is known. */
struct opt_u64 pagemap_order(const struct snapshot *s);
/*
 * Choose the blocks: all, or @max of them spread evenly over the zones
 * (@max 0: all, or 2^21 if there are more). Memory from @arena. 0, -ENOMEM, or -EINVAL if @order is
 * beyond 24.
 */
int pagemap_plan(struct arena *arena, const struct snapshot *s, unsigned int order, uint64_t max,
		 struct pagemap *out);
/* Take the flags of @n pages, the first ones of @b; what is missing is absent. */
void pagemap_count(const struct pagemap *m, struct pagemap_block *b, const uint64_t *flags, size_t n);
/* Sum up when all blocks are counted. 0 or -ENOMEM. */
int pagemap_finish(struct arena *arena, struct pagemap *m);
/* @blocks of the sample as of the whole zone. */
uint64_t pagemap_scale(const struct pagemap_zone *z, uint64_t blocks);
/* Tell @mm's zones what compaction could free in them; @m is summed up, of @mm's snapshot and its order. */
void pagemap_tell(const struct pagemap *m, struct mm *mm);

#endif
