/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /sys/kernel/debug/page_owner: mm/page_owner.c:print_page_owner, 4.6 to 7.3: a record for
 * each allocation from the buddy lists that is still held, in the order of page frames.
 */
#ifndef READ_PAGE_OWNER_H
#define READ_PAGE_OWNER_H

#include "read/notes.h"

/* Pages that one function took and holds. */
struct page_owner_caller {
	const char *function; /* the first of the backtrace that is no allocator; "" if it shows none */
	const char *module;   /* NULL for the kernel proper */
	uint64_t blocks, pages; /* allocations; what they amount to */
	/* Of them what compaction cannot move, in pageblocks kept for Movable pages or CMA. */
	uint64_t stray_pages, stray_pageblocks;
};

struct page_owner {
	struct page_owner_caller *callers; /* most stray pages first, then most pages */
	size_t n_callers;
	uint64_t pages, stray_pages, stray_pageblocks; /* of all callers, kept or not */
	uint64_t mixed_pageblocks; /* that hold a page of another migratetype, as pagetypeinfo counts them */
};

/* Keep the first @max_callers of them (0: all). */
int read_page_owner(struct arena *arena, struct slice text, size_t max_callers, struct page_owner *out,
		    struct read_notes *notes);

#endif
