// SPDX-License-Identifier: GPL-2.0-or-later
/* The state as it would be after an action. */
#include "model/whatif.h"

#include "kernel/watermark.h"

static const char *const names[WHAT_IF_COUNT] = { "compact", "drop_caches", "min_free_kbytes",
						  "release_highatomic" };

const char *what_if_name(enum what_if w)
{
	return names[w];
}

bool what_if_from_name(struct slice name, enum what_if *w)
{
	for (int i = 0; i < WHAT_IF_COUNT; i++) {
		if (slice_eq(name, names[i])) {
			*w = (enum what_if)i;
			return true;
		}
	}
	return false;
}

static void set_block(struct mm_zone *z, unsigned int o, uint64_t blocks, bool add)
{
	uint64_t *movable = z->type_free[MIGRATE_MOVABLE];

	z->nr_free[o] = add ? sat_add(z->nr_free[o], blocks) : sat_sub(z->nr_free[o], blocks);
	if (movable)
		movable[o] = add ? sat_add(movable[o], blocks) : sat_sub(movable[o], blocks);
}

/* Free blocks that compaction fills and so gathers: of movable pageblocks only (suitable_migration_target). */
static uint64_t room_of_order(const struct mm_zone *z, unsigned int o)
{
	if (!z->types_known)
		return z->nr_free[o];
	return z->type_free[MIGRATE_MOVABLE] ? z->type_free[MIGRATE_MOVABLE][o] : 0;
}

/*
 * Thousandths of the free pages below a pageblock that come together.
 *
 * compact_zone moves pages from the zone's bottom into free ones at its top until its two scanners
 * meet. All that is free below the meeting point would come together if nothing stayed between; in the
 * guests of tests/vm/compact half of it did, at every order. Pages that stay are as common there as
 * among all in use, unless the page flags tell. Without the lists by type nothing says how much
 * room is in movable pageblocks: the same share of it, and half of that.
 */
static uint64_t gathered_permille(const struct mm *mm, const struct mm_zone *z)
{
	uint64_t used = sat_sub(z->managed, z->free), movable = sat_add(z->file_lru, z->anon_lru);
	uint64_t share = !used || movable >= used ? 1000 : sat_mul(movable, 1000) / used;
	uint64_t most, room = 0;

	if (!z->could_free.known)
		return z->types_known ? share / 2 : share * share / 4000;
	for (unsigned int o = 0; o < mm->pageblock_order; o++)
		room = sat_add(room, sat_shl(room_of_order(z, o), o));
	/* A pageblock more where the scanners meet, and one for what is lost in rounding. */
	most = sat_shl(sat_add(z->could_free.v, 2), mm->pageblock_order);
	return room / 2 <= most ? 500 : sat_mul(most, 1000) / room;
}

/*
 * Of whole pageblocks there is one fewer than the pages would make, as the block where the scanners meet
 * stays in use. Of 721 that came in 544 zones (5.10, 6.1, 6.12, 7.3) 429 are foretold by the counters, and
 * 111 of those did not come; with the page flags 681 and 182.
 */
static void compact_zone(const struct mm *mm, struct mm_zone *z)
{
	uint64_t permille, gathered = 0, whole;

	if (!mm->compaction || mm->pageblock_order >= z->n_orders)
		return;
	permille = gathered_permille(mm, z);
	for (unsigned int o = 0; o < mm->pageblock_order; o++) {
		uint64_t source = room_of_order(z, o);
		uint64_t blocks = source / 1000 * permille + source % 1000 * permille / 1000;

		gathered = sat_add(gathered, sat_shl(blocks, o));
		set_block(z, o, blocks, false);
	}
	whole = sat_sub(gathered >> mm->pageblock_order, 1);
	if (z->could_free.known) {
		if (whole > z->could_free.v)
			whole = z->could_free.v;
		z->could_free.v -= whole;
		z->movable_blocks.v = sat_sub(z->movable_blocks.v, whole);
	}
	set_block(z, mm->pageblock_order, whole, true);
	gathered -= whole << mm->pageblock_order;
	for (unsigned int o = mm->pageblock_order; o-- > 0;) {
		uint64_t blocks = gathered >> o;

		set_block(z, o, blocks, true);
		gathered -= blocks << o;
	}
}

/* Half of what is clean page cache comes back at once; shared and dirty pages stay. */
static void drop_caches_zone(const struct mm *mm, struct mm_zone *z)
{
	const struct mm_node *n = mm_node(mm, z->node);
	uint64_t pages = z->file_lru / 2, slab = 0;

	/* Of the slab's share the lowest zone has next to none. */
	if (n && mm->total_pages && z->kind != GFP_ZONE_DMA)
		slab = n->slab_reclaimable / 2 * (z->managed / 16) / (mm->total_pages / 16 + 1);
	pages = sat_add(pages, slab);
	z->free = sat_add(z->free, pages);
	z->file_lru -= z->file_lru / 2;
	z->could_free = z->movable_blocks; /* there is room for their pages now */
	/* File pages are read in runs: what is freed merges to about order 3. */
	for (unsigned int o = 0; o < 4 && o < z->n_orders; o++)
		set_block(z, o, (pages / 4) >> o, true);
}

/*
 * __setup_per_zone_wmarks: min doubles with min_free_kbytes but in highmem; the gap above it is a quarter of
 * min or a share of the zone, which is more.
 */
static void raise_marks(struct mm_zone *z)
{
	uint64_t gap = z->low - z->min, boost = z->boost;

	if (!z->marks_known || z->low < z->min || z->kind == GFP_ZONE_HIGHMEM || z->kind == GFP_ZONE_MOVABLE)
		return;
	if (z->min > boost)
		z->min = sat_add(z->min, z->min - boost);
	if (gap < (z->min - boost) / 4)
		gap = (z->min - boost) / 4;
	z->low = sat_add(z->min, gap);
	z->high = sat_add(z->low, gap);
}

/*
 * balance_pgdat for order 0: kswapd reclaims single pages of a node until one of its zones is above
 * high beside what is held against the highest (pgdat_balanced), and then sleeps: no zone is filled
 * for its own sake. All of it comes from where most can be reclaimed.
 */
static void balance_node(struct mm *mm, const struct mm_node *n)
{
	struct mm_zone *most = NULL;
	int highest = 0;
	uint64_t short_by, room;

	for (size_t i = 0; i < mm->n_zones; i++) {
		if (mm->zones[i].node == n->node && mm->zones[i].index > highest)
			highest = mm->zones[i].index;
	}
	for (size_t i = 0; i < mm->n_zones; i++) {
		struct mm_zone *z = &mm->zones[i];

		if (z->node != n->node)
			continue;
		if (zone_watermark_ok(mm, z, 0, z->high, highest, 0, z->free).ok)
			return;
		if (!most || zone_reclaimable_pages(mm, z) > zone_reclaimable_pages(mm, most))
			most = z;
	}
	if (!most)
		return;
	room = zone_reclaimable_pages(mm, most);
	short_by = (uint64_t)(1 - zone_watermark_ok(mm, most, 0, most->high, highest, 0, most->free).margin);
	if (short_by > room)
		short_by = room;
	most->free = sat_add(most->free, short_by);
	if (most->n_orders)
		set_block(most, 0, short_by, true);
}

void what_if_apply(struct mm *mm, enum what_if w)
{
	for (size_t i = 0; i < mm->n_zones; i++) {
		struct mm_zone *z = &mm->zones[i];

		switch (w) {
		case WHAT_IF_COMPACT:
			compact_zone(mm, z);
			break;
		case WHAT_IF_DROP_CACHES:
			drop_caches_zone(mm, z);
			break;
		case WHAT_IF_MIN_FREE:
			raise_marks(z);
			break;
		case WHAT_IF_RELEASE_HIGHATOMIC:
			for (unsigned int o = 0; o < z->n_orders && z->type_free[MIGRATE_HIGHATOMIC]; o++) {
				if (z->type_free[MIGRATE_MOVABLE])
					z->type_free[MIGRATE_MOVABLE][o] =
						sat_add(z->type_free[MIGRATE_MOVABLE][o],
							z->type_free[MIGRATE_HIGHATOMIC][o]);
				z->type_free[MIGRATE_HIGHATOMIC][o] = 0;
			}
			z->highatomic_lo = z->highatomic_hi = 0;
			break;
		case WHAT_IF_COUNT:
			break;
		}
	}
	for (size_t i = 0; w == WHAT_IF_MIN_FREE && i < mm->n_nodes; i++)
		balance_node(mm, &mm->nodes[i]);
}
