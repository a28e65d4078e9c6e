// SPDX-License-Identifier: GPL-2.0-or-later
/* What a page is used for, by /proc/kpageflags. */
#include "read/kpageflags.h"

#define KPF(bit) (UINT64_C(1) << (bit))

enum {
	KPF_LRU = 5,
	KPF_SLAB = 7,
	KPF_BUDDY = 10,
	KPF_ANON = 12,
	KPF_COMPOUND_HEAD = 15,
	KPF_COMPOUND_TAIL = 16,
	KPF_HUGE = 17,
	KPF_UNEVICTABLE = 18,
	KPF_HWPOISON = 19,
	KPF_NOPAGE = 20,
	KPF_THP = 22,
	KPF_OFFLINE = 23,
	KPF_ZERO_PAGE = 24,
	KPF_PGTABLE = 26,
	KPF_RESERVED = 32,
};

const char *page_use_name(enum page_use use)
{
	static const char *const names[PAGE_USES] = {
		[PAGE_FREE] = "free",	     [PAGE_MOVABLE] = "movable",
		[PAGE_UNEVICTABLE] = "unevictable", [PAGE_HUGETLB] = "hugetlb",
		[PAGE_SLAB] = "slab",	     [PAGE_TABLES] = "page_tables",
		[PAGE_KERNEL] = "kernel",    [PAGE_OFFLINE] = "offline",
		[PAGE_RESERVED] = "reserved", [PAGE_ABSENT] = "absent",
	};

	return names[use];
}

static enum page_use by_flags(uint64_t f)
{
	if (f & KPF(KPF_NOPAGE))
		return PAGE_ABSENT;
	if (f & KPF(KPF_BUDDY))
		return PAGE_FREE;
	if (f & (KPF(KPF_RESERVED) | KPF(KPF_HWPOISON)))
		return PAGE_RESERVED;
	if (f & KPF(KPF_HUGE))
		return PAGE_HUGETLB;
	if (f & KPF(KPF_SLAB))
		return PAGE_SLAB;
	if (f & KPF(KPF_PGTABLE))
		return PAGE_TABLES;
	if (f & KPF(KPF_OFFLINE))
		return PAGE_OFFLINE;
	if (f & KPF(KPF_ZERO_PAGE)) /* the huge one is THP as well, and stays where it is */
		return PAGE_KERNEL;
	if (f & (KPF(KPF_LRU) | KPF(KPF_THP) | KPF(KPF_ANON)))
		return f & KPF(KPF_UNEVICTABLE) ? PAGE_UNEVICTABLE : PAGE_MOVABLE;
	return PAGE_KERNEL;
}

enum page_use page_use_of(uint64_t flags, struct page_walk *walk)
{
	enum page_use use = by_flags(flags);

	if (flags & KPF(KPF_COMPOUND_HEAD)) {
		walk->in_compound = true;
		walk->head = use;
	} else if (!(flags & KPF(KPF_COMPOUND_TAIL))) {
		walk->in_compound = false;
	} else if (walk->in_compound && (use == PAGE_KERNEL || use == PAGE_MOVABLE)) {
		return walk->head;
	}
	return use;
}
