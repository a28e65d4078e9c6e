// SPDX-License-Identifier: GPL-2.0
/*
 * Holes between pages that compaction can really move: those of an unlinked tmpfs
 * file, which lie on the LRU. A module's own pages are never movable, whatever
 * their gfp says.
 */
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/pagemap.h>
#include <linux/shmem_fs.h>

#include "memtool.h"

struct mt_movable {
	struct mt_state *st;
	struct file *file;
	pgoff_t next;		/* first page of the file not used yet */
};

static void mt_drop(struct file *file, pgoff_t first, pgoff_t end)
{
	if (first < end)
		shmem_truncate_range(file_inode(file), (loff_t)first << PAGE_SHIFT,
				     ((loff_t)end << PAGE_SHIFT) - 1);
}

static struct page *mt_file_page(struct file *file, pgoff_t i, gfp_t gfp)
{
	return shmem_read_mapping_page_gfp(file->f_mapping, i, gfp);
}

static gfp_t mt_file_gfp(struct zone *zone)
{
	gfp_t gfp = mt_zone_gfp(zone);

	return MT_QUIET_GFP | __GFP_MOVABLE | (gfp ? gfp : __GFP_HIGHMEM);
}

/* Fills the zone with pages of the file up to the bounds. 0, or -EINTR. */
static int mt_file_fill(struct mt_movable *m, struct zone *zone)
{
	struct mt_state *st = m->st;
	pgoff_t first = m->next;

	for (;;) {
		struct page *page;
		bool other;
		int ret = mt_state_check_zone(st, zone, m->next - first, 1);

		if (ret)
			return ret < 0 ? ret : 0;
		if (!(m->next % MT_CALM_PAGES))
			mt_calm_refill(zone);
		page = mt_file_page(m->file, m->next, mt_file_gfp(zone));
		if (IS_ERR(page)) {
			st->bound = MEMTOOL_BOUND_MEMORY;
			return 0;
		}
		other = page_zone(page) != zone;
		put_page(page);
		if (other) {
			mt_drop(m->file, m->next, m->next + 1);
			return 0;
		}
		m->next++;
		mt_state_charge(st, PAGE_SIZE);
	}
}

/* Of the pages from first on, only those at the stride stay. 0, or -EINTR. */
static int mt_file_punch(struct mt_movable *m, struct zone *zone, pgoff_t first)
{
	struct mt_state *st = m->st;
	pgoff_t i, run = first;

	for (i = first; i < m->next; i++) {
		struct page *page = mt_file_page(m->file, i, mt_file_gfp(zone));
		bool keep;

		if (IS_ERR(page))
			continue;
		keep = mt_stays(&st->a, page_to_pfn(page));
		put_page(page);
		cond_resched();
		if (!keep) {
			mt_state_charge(st, -(s64)PAGE_SIZE);
			continue;
		}
		mt_drop(m->file, run, i);
		run = i + 1;
		st->objects++;
		if (fatal_signal_pending(current))
			return -EINTR;
	}
	mt_drop(m->file, run, m->next);
	return 0;
}

/* The blocks that the floor kept from being filled: held whole. 0, or -EINTR. */
static int mt_file_top(struct mt_state *st, struct zone *zone, int least, u64 held)
{
	int order;

	for (order = MT_MAX_ORDER; order >= least; order--) {
		struct page *page;

		for (;;) {
			int ret = mt_state_check_zone(st, zone, held, 1ULL << order);

			if (ret < 0)
				return ret;
			page = ret ? NULL : mt_zone_take(zone, order, __GFP_MOVABLE);
			if (!page)
				break;
			mt_hold_add(&st->hold, page, order);
			mt_state_charge(st, PAGE_SIZE << order);
			held += 1ULL << order;
		}
	}
	return 0;
}

static int mt_movable_zone(struct zone *zone, void *arg)
{
	struct mt_movable *m = arg;
	pgoff_t first = m->next;
	const char *bound;
	int ret;

	ret = mt_file_fill(m, zone);
	bound = m->st->bound;
	if (!ret)
		ret = mt_file_punch(m, zone, first);
	if (!ret && m->st->a.top)
		ret = mt_file_top(m->st, zone, mt_stays_least(&m->st->a), 0);
	m->st->bound = bound;
	return ret;
}

static int mt_movable_build(struct mt_state *st, struct mt_text *err)
{
	struct mt_movable m = { .st = st };
	struct mt_hold leave = {};
	int ret;

	m.file = mt_shmem_file("memtool", (loff_t)totalram_pages() << PAGE_SHIFT);
	if (IS_ERR(m.file))
		return PTR_ERR(m.file);
	st->priv = m.file;
	mt_leave_take(st, &leave, mt_stays_least(&st->a));
	ret = mt_walk_zones(st->a.zone, st->a.node, mt_movable_zone, &m);
	mt_leave_free(st, &leave);
	return ret;
}

static int mt_movable_new(struct zone *zone, void *arg)
{
	struct mt_state *st = arg;
	int least = mt_follow_least(st, mt_stays_least(&st->a));

	/* held of all zones: the bounds are only the stricter for it */
	if (!mt_zone_has(zone, least))
		return 0;
	return mt_file_top(st, zone, least, st->hold.pages);
}

static void mt_movable_tick(struct mt_state *st)
{
	const char *bound = st->bound;

	if (!st->a.follow || !st->a.top)
		return;
	mt_walk_zones(st->a.zone, st->a.node, mt_movable_new, st);
	st->bound = bound;
}

/* The last fput() may be put off to a worker: give the pages back here and now. */
static void mt_movable_release(struct mt_state *st)
{
	if (!st->priv)
		return;
	shmem_truncate_range(file_inode(st->priv), 0, -1);
	fput(st->priv);
	st->priv = NULL;
}

const struct mt_state_ops mt_state_movable_holes = {
	.name = "movable_holes",
	.keys = "zone=all node=-1 " MT_HOLES_KEYS " top=1 leave follow=0",
	.build = mt_movable_build,
	.tick = mt_movable_tick,
	.release = mt_movable_release,
};
