// SPDX-License-Identifier: GPL-2.0-or-later
/* The document memtool.map/1. */
#include "out/json_common.h"
#include "out/map.h"

static void write_map(struct jsonw *jw, const struct pagemap_zone *z)
{
	auto_strbuf struct strbuf sb = STRBUF_INIT;

	for (size_t i = 0; i < z->n_sampled; i++)
		sb_addch(&sb, block_char(z->blocks[i].kind));
	jw_str(jw, "map", sb.failed ? NULL : sb_str(&sb));
}

static void write_zone(struct jsonw *jw, const struct pagemap *m, const struct pagemap_zone *z)
{
	jw_object(jw, NULL);
	jw_i64(jw, "node", z->zone->node);
	jw_str(jw, "zone", z->zone->name);
	jw_u64(jw, "start_pfn", z->start_pfn);
	jw_u64(jw, "pageblocks", z->n_blocks);
	jw_u64(jw, "sampled", z->n_sampled);
	jw_object_inline(jw, "blocks");
	for (unsigned int k = 0; k < BLOCK_KINDS; k++)
		jw_u64(jw, block_kind_name(k), z->kinds[k]);
	jw_end_object(jw);
	jw_object_inline(jw, "pages");
	for (unsigned int u = 0; u < PAGE_USES; u++)
		jw_u64(jw, page_use_name(u), z->pages[u]);
	jw_end_object(jw);
	jw_u64(jw, "hole_pages", z->hole_pages);
	jw_object_inline(jw, "compaction");
	jw_u64(jw, "free_blocks", pagemap_scale(z, z->kinds[BLOCK_FREE]));
	jw_u64(jw, "could_free_blocks_at_most", pagemap_scale(z, z->could_free));
	jw_u64(jw, "could_free_pages_at_most", sat_shl(pagemap_scale(z, z->could_free), m->order));
	jw_u64(jw, "mixed_blocks_of_few_unmovable", pagemap_scale(z, z->pinning_few));
	jw_end_object(jw);
	write_map(jw, z);
	jw_end_object(jw);
}

void json_map(FILE *f, bool pretty, const struct snapshot *s, const struct pagemap *m)
{
	struct jsonw jw;

	jw_init(&jw, f, pretty);
	json_head(&jw, "memtool.map/1", s);
	jw_u64(&jw, "block_order", m->order);
	jw_bool(&jw, "unevictable_moves", m->unevictable_moves);
	jw_array(&jw, "zones");
	for (size_t i = 0; i < m->n_zones; i++)
		write_zone(&jw, m, &m->zones[i]);
	jw_end_array(&jw);
	jw_u64(&jw, "zones_without_place", m->n_without_place);
	json_unavailable(&jw, s);
	jw_end_object(&jw);
	jw_finish(&jw);
}
