// SPDX-License-Identifier: GPL-2.0-or-later
/* The physical page map. */
#include "model/pagemap.h"

#include <errno.h>
#include <stdlib.h>

const char *block_kind_name(enum block_kind kind)
{
	static const char *const names[BLOCK_KINDS] = {
		[BLOCK_FREE] = "free",		 [BLOCK_MOVABLE] = "movable",
		[BLOCK_MIXED] = "mixed",	 [BLOCK_UNMOVABLE] = "unmovable",
		[BLOCK_HUGETLB] = "hugetlb",	 [BLOCK_ABSENT] = "absent",
	};

	return names[kind];
}

static unsigned int log2_of(uint64_t v)
{
	unsigned int n = 0;

	while (v > 1) {
		v >>= 1;
		n++;
	}
	return n;
}

struct opt_u64 pagemap_order(const struct snapshot *s)
{
	struct opt_u64 huge_kb = kv_get(&s->meminfo, "Hugepagesize");
	uint64_t pages;
	unsigned int order;

	if (s->kernel.pageblock_order.known)
		return s->kernel.pageblock_order;
	if (!huge_kb.known || !s->kernel.page_size.known || s->kernel.page_size.v == 0)
		return OPT_UNKNOWN;
	pages = sat_mul(huge_kb.v, 1024) / s->kernel.page_size.v;
	order = log2_of(pages);
	if (pages == 0 || pages != UINT64_C(1) << order)
		return OPT_UNKNOWN;
	if (s->kernel.max_order.known && order > s->kernel.max_order.v)
		order = (unsigned int)s->kernel.max_order.v;
	return opt_u64(order);
}

static bool place_zone(const struct snap_zone *z, uint64_t block, struct pagemap_zone *out)
{
	uint64_t end;

	if (!z->start_pfn.known || !z->spanned_pages.known || z->spanned_pages.v == 0)
		return false;
	end = sat_add(z->start_pfn.v, z->spanned_pages.v);
	if (end > UINT64_MAX / 16)
		return false;
	out->zone = z;
	out->start_pfn = z->start_pfn.v / block * block;
	out->end_pfn = (end + block - 1) / block * block;
	out->n_blocks = (out->end_pfn - out->start_pfn) / block;
	return true;
}

/* However many are asked for: 4 TiB of blocks of 2 MiB; beyond that a sample says enough. */
#define MAX_BLOCKS (UINT64_C(1) << 21)

static int choose_blocks(struct arena *arena, uint64_t block, uint64_t total, uint64_t max,
			 struct pagemap_zone *z)
{
	uint64_t n = z->n_blocks;

	/* A zone's share of the sample by its size, but enough of it to mean something. */
	if (total > max) {
		uint64_t share = sat_mul(z->n_blocks, max) / total;

		n = share < 32 ? 32 : share;
		if (n > z->n_blocks)
			n = z->n_blocks;
	}
	z->blocks = arena_array(arena, n, sizeof(*z->blocks));
	if (!z->blocks)
		return -ENOMEM;
	for (uint64_t i = 0; i < n; i++) {
		uint64_t at = n == z->n_blocks ? i : sat_mul(i, z->n_blocks) / n;

		z->blocks[i].pfn = z->start_pfn + at * block;
	}
	z->n_sampled = (size_t)n;
	return 0;
}

int pagemap_plan(struct arena *arena, const struct snapshot *s, unsigned int order, uint64_t max,
		 struct pagemap *out)
{
	struct opt_u64 unevictable = sysctl_u64(&s->sysctl, "compact_unevictable_allowed");
	struct pagemap m = { .order = order, .unevictable_moves = opt_or(unevictable, 1) != 0 };
	uint64_t block = UINT64_C(1) << (order & 31), total = 0;

	if (order > 24)
		return -EINVAL;
	if (max == 0 || max > MAX_BLOCKS)
		max = MAX_BLOCKS;
	m.zones = arena_array(arena, s->n_zones, sizeof(*m.zones));
	if (!m.zones)
		return -ENOMEM;
	for (size_t i = 0; i < s->n_zones; i++) {
		const struct snap_zone *z = &s->zones[i];

		if (z->managed_pages.known && z->managed_pages.v == 0)
			continue;
		if (place_zone(z, block, &m.zones[m.n_zones]))
			total = sat_add(total, m.zones[m.n_zones++].n_blocks);
		else
			m.n_without_place++;
	}
	for (size_t i = 0; i < m.n_zones; i++) {
		if (choose_blocks(arena, block, total, max, &m.zones[i]))
			return -ENOMEM;
	}
	*out = m;
	return 0;
}

/* Pages that compaction cannot move out of the way; hugetlb is moved for CMA and offlining only. */
static uint64_t staying(const struct pagemap *m, const struct pagemap_block *b)
{
	uint64_t n = (uint64_t)b->pages[PAGE_SLAB] + b->pages[PAGE_TABLES] + b->pages[PAGE_KERNEL] +
		     b->pages[PAGE_OFFLINE] + b->pages[PAGE_HUGETLB] + b->pages[PAGE_RESERVED] +
		     b->pages[PAGE_ABSENT];

	return m->unevictable_moves ? n : n + b->pages[PAGE_UNEVICTABLE];
}

static uint64_t moving(const struct pagemap *m, const struct pagemap_block *b)
{
	return b->pages[PAGE_MOVABLE] + (m->unevictable_moves ? b->pages[PAGE_UNEVICTABLE] : 0);
}

static enum block_kind kind_of(const struct pagemap *m, const struct pagemap_block *b)
{
	uint64_t all = UINT64_C(1) << m->order;

	if (b->pages[PAGE_FREE] == all)
		return BLOCK_FREE;
	if ((uint64_t)b->pages[PAGE_ABSENT] + b->pages[PAGE_RESERVED] == all)
		return BLOCK_ABSENT;
	if (b->pages[PAGE_HUGETLB])
		return BLOCK_HUGETLB;
	if (staying(m, b) == 0)
		return BLOCK_MOVABLE;
	return moving(m, b) ? BLOCK_MIXED : BLOCK_UNMOVABLE;
}

void pagemap_count(const struct pagemap *m, struct pagemap_block *b, const uint64_t *flags, size_t n)
{
	size_t all = (size_t)1 << m->order;
	struct page_walk walk = { PAGE_KERNEL, false };

	memset(b->pages, 0, sizeof(b->pages));
	for (size_t i = 0; i < n && i < all; i++)
		b->pages[page_use_of(flags[i], &walk)]++;
	if (n < all)
		b->pages[PAGE_ABSENT] += (uint32_t)(all - n);
	b->kind = kind_of(m, b);
}

static int by_number(const void *pa, const void *pb)
{
	uint64_t a = *(const uint64_t *)pa, b = *(const uint64_t *)pb;

	return a < b ? -1 : a > b;
}

/*
 * Blocks that hold nothing but free and movable pages can be emptied as long as
 * there is room elsewhere: free pages in blocks that are in use and stay so.
 * Those with fewest pages to move first; more cannot be had.
 */
static int count_freeable(struct arena *arena, const struct pagemap *m, struct pagemap_zone *z)
{
	uint64_t *to_move = arena_array(arena, z->n_sampled, sizeof(*to_move));
	uint64_t all = UINT64_C(1) << m->order, room = 0, moved = 0;
	size_t n = 0;

	if (!to_move)
		return -ENOMEM;
	for (size_t i = 0; i < z->n_sampled; i++) {
		const struct pagemap_block *b = &z->blocks[i];

		if (b->kind == BLOCK_FREE)
			continue;
		room += b->pages[PAGE_FREE];
		if (b->kind == BLOCK_MOVABLE)
			to_move[n++] = moving(m, b);
	}
	if (n)
		qsort(to_move, n, sizeof(*to_move), by_number);
	for (size_t i = 0; i < n; i++) {
		moved += to_move[i];
		room = sat_sub(room, all - to_move[i]); /* its own free pages are no room any more */
		if (moved > room)
			break;
		z->could_free++;
	}
	return 0;
}

/* Frames in a hole of a zone can have a struct page without any flag. Only a whole map tells. */
static uint64_t count_holes(const struct pagemap_zone *z)
{
	uint64_t holes, told = z->pages[PAGE_ABSENT] + z->pages[PAGE_RESERVED];

	if (z->n_sampled < z->n_blocks || !z->zone->present_pages.known)
		return 0;
	holes = sat_sub(sat_sub(z->zone->spanned_pages.v, z->zone->present_pages.v), told);
	return holes < z->pages[PAGE_KERNEL] ? holes : z->pages[PAGE_KERNEL];
}

int pagemap_finish(struct arena *arena, struct pagemap *m)
{
	for (size_t i = 0; i < m->n_zones; i++) {
		struct pagemap_zone *z = &m->zones[i];

		for (size_t j = 0; j < z->n_sampled; j++) {
			const struct pagemap_block *b = &z->blocks[j];

			z->kinds[b->kind]++;
			for (unsigned int u = 0; u < PAGE_USES; u++)
				z->pages[u] += b->pages[u];
			if (b->kind == BLOCK_MIXED && staying(m, b) * 16 <= UINT64_C(1) << m->order)
				z->pinning_few++;
		}
		z->hole_pages = count_holes(z);
		if (count_freeable(arena, m, z))
			return -ENOMEM;
	}
	return 0;
}

uint64_t pagemap_scale(const struct pagemap_zone *z, uint64_t blocks)
{
	if (z->n_sampled == 0 || z->n_sampled == z->n_blocks)
		return blocks;
	return sat_add(sat_mul(blocks, z->n_blocks), z->n_sampled / 2) / z->n_sampled;
}

void pagemap_tell(const struct pagemap *m, struct mm *mm)
{
	size_t at = 0;

	/* Both list zones in the snapshot's order. */
	for (size_t i = 0; i < m->n_zones; i++) {
		const struct pagemap_zone *told = &m->zones[i];

		while (at < mm->n_zones && mm->zones[at].snap < told->zone)
			at++;
		if (at == mm->n_zones || mm->zones[at].snap != told->zone)
			continue;
		mm->zones[at].could_free = opt_u64(pagemap_scale(told, told->could_free));
		mm->zones[at].movable_blocks = opt_u64(pagemap_scale(told, told->kinds[BLOCK_MOVABLE]));
	}
}
