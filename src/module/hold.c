// SPDX-License-Identifier: GPL-2.0
/* Holding pages without bookkeeping beside them: the links lie in the pages. */
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/sched.h>

#include "memtool.h"

struct mt_link {
	struct mt_link *next;
	unsigned int order;
};

struct page *mt_zone_take(struct zone *zone, unsigned int order, gfp_t extra)
{
	/* wakes not even kswapd: the state is to stay as it is made */
	gfp_t gfp = MT_QUIET_GFP | __GFP_THISNODE | mt_zone_gfp(zone) | extra;
	struct page *page;

	page = alloc_pages_node(zone_to_nid(zone), gfp, order);
	if (!page)
		return NULL;
	/* the zonelist went on below the zone asked for, or has no linear address */
	if (page_zone(page) != zone || PageHighMem(page)) {
		__free_pages(page, order);
		return NULL;
	}
	return page;
}

void mt_hold_add(struct mt_hold *h, struct page *page, unsigned int order)
{
	struct mt_link *l = page_address(page);

	l->next = h->head;
	l->order = order;
	h->head = l;
	h->pages += 1UL << order;
}

unsigned long mt_hold_shrink(struct mt_hold *h, unsigned long pages)
{
	unsigned long freed = 0;

	while (h->head && freed < pages) {
		struct mt_link *l = h->head;
		unsigned int order = l->order;

		h->head = l->next;
		__free_pages(virt_to_page(l), order);
		h->pages -= 1UL << order;
		freed += 1UL << order;
		if (!(freed & 255))
			cond_resched();
	}
	return freed;
}

void mt_hold_free(struct mt_hold *h)
{
	mt_hold_shrink(h, ULONG_MAX);
}

/*
 * Single pages that are freed wait in per-CPU lists, oldest first out; each of ours
 * keeps the block around it from merging. Pages that lie together are sent after them,
 * so that these wait instead: more than such lists grow to in a zone of 512 MiB from 6.7 on.
 */
#define MT_FLUSH_PAGES	16384

static int mt_flush_zone(struct zone *zone, void *arg)
{
	unsigned long sent = 0, i;
	int order;

	for (order = MT_MAX_ORDER; order > PAGE_ALLOC_COSTLY_ORDER; order--) {
		while (sent < MT_FLUSH_PAGES) {
			struct page *page = mt_zone_take(zone, order, 0);

			if (!page)
				break;
			split_page(page, order);
			for (i = 0; i < 1UL << order; i++)
				__free_page(page + i);
			sent += 1UL << order;
			cond_resched();
		}
	}
	return 0;
}

void mt_flush_lists(void)
{
	mt_walk_zones(NULL, -1, mt_flush_zone, NULL);
}

void mt_calm_refill(struct zone *zone)
{
	struct page *page = mt_zone_take(zone, 0, 0);

	if (page)
		__free_page(page);
}

int mt_hold_fill(struct mt_state *st, struct mt_hold *h, struct zone *zone,
		 unsigned int order, gfp_t extra, u64 target_free)
{
	u64 start = h->pages;

	for (;;) {
		struct page *page;
		int ret = mt_state_check_zone(st, zone, h->pages - start, 1UL << order);

		if (ret)
			return ret;
		if (mt_zone_left(zone) <= target_free)
			return 0;
		if (!order && !(h->pages % MT_CALM_PAGES))
			mt_calm_refill(zone);
		page = mt_zone_take(zone, order, extra);
		if (!page) {
			st->bound = MEMTOOL_BOUND_MEMORY;
			return 0;
		}
		mt_hold_add(h, page, order);
		mt_state_charge(st, PAGE_SIZE << order);
	}
}

void mt_leave_take(struct mt_state *st, struct mt_hold *h, unsigned int least)
{
	struct zone *zone = mt_zone_largest(-1);

	if (st->a.leave == MT_LEAVE_AUTO)
		st->a.leave = least <= PAGE_ALLOC_COSTLY_ORDER ? SZ_2M : 0;
	while (zone && h->pages << PAGE_SHIFT < st->a.leave) {
		struct page *page = NULL;

		if (!mt_state_check(st, PAGE_SIZE << MT_LEAVE_ORDER))
			page = mt_zone_take(zone, MT_LEAVE_ORDER, 0);
		if (!page)
			break;
		mt_hold_add(page_to_pfn(page) >> MT_LEAVE_ORDER & 1 ? &st->hold : h, page,
			    MT_LEAVE_ORDER);
		mt_state_charge(st, PAGE_SIZE << MT_LEAVE_ORDER);
	}
}

int mt_follow_least(const struct mt_state *st, int least)
{
	return st->a.leave ? max(least, MT_LEAVE_ORDER + 1) : least;
}

void mt_leave_free(struct mt_state *st, struct mt_hold *h)
{
	u64 pages = h->pages;

	mt_hold_free(h);
	mt_state_charge(st, -(s64)(pages << PAGE_SHIFT));
}
