// SPDX-License-Identifier: GPL-2.0-or-later
/* The state as it would be after an action. */
#include "model/whatif.h"

#include <string.h>

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

/*
 * Compaction gathers free pages of blocks whose rest is movable. The share of
 * a zone's used pages that is movable says how much of the free memory below a
 * pageblock can be gathered.
 */
static void compact_zone(const struct mm *mm, struct mm_zone *z)
{
	uint64_t used = sat_sub(z->managed, z->free);
	uint64_t movable = sat_add(z->file_lru, z->anon_lru);
	uint64_t permille = !used ? 1000 : movable >= used ? 1000 : movable * 1000 / used;
	uint64_t gathered = 0;

	if (mm->pageblock_order >= z->n_orders)
		return;
	for (unsigned int o = 0; o < mm->pageblock_order; o++) {
		uint64_t source = z->type_free[MIGRATE_MOVABLE] ? z->type_free[MIGRATE_MOVABLE][o]
								: z->nr_free[o];
		uint64_t blocks = source / 1000 * permille + source % 1000 * permille / 1000;

		gathered = sat_add(gathered, sat_shl(blocks, o));
		set_block(z, o, blocks, false);
	}
	for (unsigned int o = mm->pageblock_order + 1; o-- > 0;) {
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
	/* File pages are read in runs: what is freed merges to about order 3. */
	for (unsigned int o = 0; o < 4 && o < z->n_orders; o++)
		set_block(z, o, (pages / 4) >> o, true);
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
		case WHAT_IF_MIN_FREE: {
			/* kswapd keeps the zone at high: twice today's, taken from the page cache. */
			uint64_t want = sat_mul(z->high, 2), give = sat_sub(want, z->free);
			uint64_t room = zone_reclaimable_pages(mm, z);

			z->free = sat_add(z->free, give < room ? give : room);
			if (z->n_orders)
				set_block(z, 0, give < room ? give : room, true);
			break;
		}
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
}
