/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /proc/kpageflags: fs/proc/page.c:stable_page_flags, a word of flags a page
 * frame. What each page is used for, as far as its flags tell.
 */
#ifndef READ_KPAGEFLAGS_H
#define READ_KPAGEFLAGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum page_use {
	PAGE_FREE,	  /* in the buddy lists */
	PAGE_MOVABLE,	  /* on an LRU list, or THP: can be migrated unless pinned, which no flag tells */
	PAGE_UNEVICTABLE, /* the same, mlocked: migrated if compact_unevictable_allowed */
	PAGE_HUGETLB,
	PAGE_SLAB,
	PAGE_TABLES,	  /* page tables (4.18 and later; before, PAGE_KERNEL) */
	PAGE_KERNEL,	  /* no flag that tells: kernel data, vmalloc, drivers, per-CPU lists */
	PAGE_OFFLINE,	  /* balloon */
	PAGE_RESERVED,	  /* reserved at boot, or poisoned */
	PAGE_ABSENT,	  /* no page frame here */
	PAGE_USES
};

const char *page_use_name(enum page_use use); /* "free", "movable", ... */

/*
 * Tail pages of compound pages have few flags of their own: they are what
 * their head is. Zeroed before the first of pages that follow each other.
 */
struct page_walk {
	enum page_use head;
	bool in_compound;
};

/* What the page of @flags is used for; @walk is carried from page to page. */
enum page_use page_use_of(uint64_t flags, struct page_walk *walk);

#endif
