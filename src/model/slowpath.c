// SPDX-License-Identifier: GPL-2.0-or-later
/* What reclaim and compaction can bring. */
#include "model/slowpath.h"

#include <math.h>

#include "kernel/compaction.h"
#include "kernel/fragmentation.h"
#include "model/calibration.h"

const char *slowpath_class_name(enum slowpath_class c)
{
	static const char *const names[] = { "none",	"noretry_costly", "noretry", "costly",
					     "mayfail", "no_oom",	  "oom" };

	return names[c];
}

const char *slow_feature_name(enum slow_feature f)
{
	static const char *const names[F_COUNT] = {
		"one",		"order_x100",	"short_of_pages", "reclaim",	   "suitable",
		"source",	"purity",	"target",	  "room",	   "free",
		"file",		"deficit_x100", "movable_blocks", "extfrag_index", "async_barred",
		"no_fs",	"success_rate", "compact_fails",  "compact_stalls", "scanned",
		"kswapd",	"pcp",		"pcp_block",	  "rules_5_14",	    "rules_6_9",
		"rules_6_16",
	};

	return names[f];
}

enum slowpath_class slowpath_class(const struct mm *mm, uint32_t gfp, unsigned int order,
				   enum gfp_zone highest)
{
	const uint32_t thisnode = GF_THISNODE | GF_NOWARN | GF_NORETRY;
	bool costly = order > PAGE_ALLOC_COSTLY_ORDER, old = mm->rules.slowpath == SLOWPATH_3_10;

	if (!(gfp & GF_DIRECT_RECLAIM))
		return SLOW_NONE;
	/* To 4.3 all three bits of GFP_THISNODE give up at once. */
	if (old && (gfp & thisnode) == thisnode)
		return SLOW_NONE;
	if (gfp & GF_NOFAIL)
		return SLOW_OOM;
	if (gfp & GF_NORETRY)
		return costly ? SLOW_NORETRY_COSTLY : SLOW_NORETRY;
	if (costly)
		return gfp & GF_RETRY_MAYFAIL ? SLOW_MAYFAIL : SLOW_COSTLY;
	if (gfp & GF_RETRY_MAYFAIL && mm->rules.oom_retry_mayfail)
		return SLOW_MAYFAIL;
	/* __alloc_pages_may_oom: no killing for lower zones or a node's own sake; to 4.3 the latter loops on. */
	if (highest < GFP_ZONE_NORMAL || (gfp & GF_THISNODE && !old))
		return SLOW_NO_OOM;
	return SLOW_OOM;
}

/* log2(a / b) within +-8, in thousandths of the range. */
static int64_t log_ratio(double a, double b)
{
	double l = log2((a + 1) / (b + 1));

	if (l > 8)
		l = 8;
	if (l < -8)
		l = -8;
	return (int64_t)lround(l * 125);
}

/*
 * Pages of the zone that compaction may move for @gfp. Without __GFP_FS only anonymous ones
 * (isolate_migratepages_block); the LRU of anonymous pages also holds shared memory.
 */
static uint64_t movable_pages(const struct mm *mm, const struct mm_zone *z, uint32_t gfp)
{
	uint64_t lru = z->anon_lru;

	if (gfp & GF_FS)
		return sat_add(sat_add(z->file_lru, lru), mm->unevictable_moves ? z->unevictable : 0);
	return mm->anon_known && mm->anon_pages < lru ? mm->anon_pages : lru;
}

/* Free pages that may take moved ones: below a pageblock, in Movable and CMA blocks. */
static uint64_t target_pages(const struct mm *mm, const struct mm_zone *z)
{
	static const int types[] = { MIGRATE_MOVABLE, MIGRATE_CMA };
	uint64_t n = 0;

	for (unsigned int o = 0; o < z->n_orders && o < mm->pageblock_order; o++) {
		if (!z->types_known)
			n = sat_add(n, sat_shl(z->nr_free[o], o));
		for (size_t i = 0; z->types_known && i < ARRAY_SIZE(types); i++) {
			if (z->type_free[types[i]])
				n = sat_add(n, sat_shl(z->type_free[types[i]][o], o));
		}
	}
	return n;
}

/*
 * How promising a zone is: what compaction has to work with there, movable pages and room for
 * them; less where pages must be reclaimed first.
 */
static double promise(const struct mm *mm, const struct mm_zone *z, uint32_t gfp,
		      const struct watermark_test *t)
{
	double source = (double)movable_pages(mm, z, gfp), target = (double)target_pages(mm, z);
	double p = (source < target ? source : target) + (double)z->free / 64;

	return t->marks_ok ? p : p / 4 + (double)t->margin / 1e6;
}

static int64_t share(uint64_t part, uint64_t whole)
{
	if (!whole)
		return 0;
	return part >= whole ? 1000 : (int64_t)(part * 1000 / whole);
}

/*
 * Pages to move and where to. Blocks that async compaction passes over
 * (suitable_migration_source) count too: kcompactd, woken by the same request, takes them.
 */
static void fill_source(const struct mm *mm, const struct mm_zone *z, uint32_t gfp, double block,
			int64_t *f)
{
	uint64_t movable = movable_pages(mm, z, gfp);

	f[F_SOURCE] = log_ratio((double)movable, block);
	f[F_PURITY] = share(movable, sat_sub(z->managed, sat_add(z->free, z->pcp_count)));
	f[F_TARGET] = log_ratio((double)target_pages(mm, z), block);
	f[F_ROOM] = f[F_SOURCE] < f[F_TARGET] ? f[F_SOURCE] : f[F_TARGET];
}

/* What direct compactions since boot came to. */
static void fill_history(const struct mm *mm, int64_t *f)
{
	uint64_t tries = sat_add(mm->compact_success, mm->compact_fail);

	f[F_SUCCESS_RATE] = mm->compact_known && tries ? share(mm->compact_success, tries) : 500;
	f[F_FAILS] = log_ratio((double)mm->compact_fail, 0);
	f[F_STALLS] = log_ratio((double)mm->compact_stall, 0);
	f[F_KSWAPD] = log_ratio((double)mm->kswapd_steal, 0);
	f[F_SCANNED] = log_ratio((double)mm->compact_scanned, 64 * (double)mm->compact_stall);
}

static void fill_features(const struct mm *mm, const struct mm_zone *z, unsigned int order,
			  const struct watermark_test *t, struct slowpath *s, uint32_t gfp)
{
	int64_t *f = s->features;
	double block = ldexp(1, (int)order);
	uint64_t blocks = 0;
	int64_t index = fragmentation_index(z->nr_free, z->n_orders, order);

	for (int i = 0; i < MIGRATE_TYPES; i++)
		blocks = sat_add(blocks, z->pageblocks[i]);
	f[F_ONE] = 1000;
	f[F_ORDER] = (int64_t)order * 100;
	f[F_SHORT] = s->short_of_pages ? 1000 : 0;
	f[F_RECLAIM] =
		s->missing > 0 ? log_ratio((double)s->reclaimable, (double)s->missing) : 0;
	f[F_SUITABLE] = s->suitable ? 1000 : 0;
	fill_source(mm, z, gfp, block, f);
	f[F_FREE] = log_ratio((double)z->free, block);
	f[F_FILE] = log_ratio((double)z->file_lru, block);
	f[F_DEFICIT] = order ? ((int64_t)order - t->largest_order) * 100 : 0;
	f[F_MOVABLE_BLOCKS] = z->pageblocks_known ? share(z->pageblocks[MIGRATE_MOVABLE], blocks) : 500;
	f[F_INDEX] = index > 0 ? index : 0;
	f[F_ASYNC_BARRED] = s->class == SLOW_NORETRY_COSTLY && !(gfp & GF_MOVABLE) ? 1000 : 0;
	f[F_NO_FS] = gfp & GF_FS ? 0 : 1000;
	/* __alloc_pages_direct_reclaim: drain_all_pages() before it looks again */
	f[F_PCP] = log_ratio((double)z->pcp_count, (double)sat_sub(z->managed, z->free));
	f[F_PCP_BLOCK] = log_ratio((double)s->on_lists, block);
	f[F_RULES_5_14] = mm->rules.compact_stall_counts_deferred ? 1000 : 0;
	f[F_RULES_6_9] = mm->rules.compaction_of_folios ? 1000 : 0;
	f[F_RULES_6_16] = mm->rules.compaction == COMPACTION_6_16 ? 1000 : 0;
	fill_history(mm, f);
}

static void look_at_zones(const struct mm *mm, struct mm_zone *const *zones, size_t n_zones,
			  const struct page_request *r, int zone_idx, unsigned int alloc_flags,
			  struct slowpath *s)
{
	bool async = s->class == SLOW_NORETRY_COSTLY;
	struct watermark_test best_test = { 0 };
	double best = -1e300;

	s->short_of_pages = true;
	for (size_t i = 0; i < n_zones; i++) {
		const struct mm_zone *z = zones[i];
		struct watermark_test t =
			zone_watermark_ok(mm, z, r->order, z->min, zone_idx, alloc_flags, z->free);
		double p = promise(mm, z, r->gfp, &t);

		s->reclaimable = sat_add(s->reclaimable, zone_reclaimable_pages(mm, z));
		s->on_lists = sat_add(s->on_lists, z->pcp_count);
		if (t.marks_ok)
			s->short_of_pages = false;
		if (s->compaction_allowed &&
		    compaction_suitable(mm, z, r->order, zone_idx, alloc_flags, async, z->free).result !=
			    COMPACT_SKIPPED)
			s->suitable = true;
		if (p > best) {
			best = p;
			best_test = t;
			s->zone = z;
		}
	}
	if (!s->zone)
		return;
	s->missing = best_test.margin > 0 ? 0 : 1 - best_test.margin;
	fill_features(mm, s->zone, r->order, &best_test, s, r->gfp);
}

void slowpath(const struct mm *mm, struct mm_zone *const *zones, size_t n_zones,
	      const struct page_request *r, int zone_idx, enum gfp_zone highest,
	      unsigned int alloc_flags, struct slowpath *out)
{
	*out = (struct slowpath){ .class = slowpath_class(mm, r->gfp, r->order, highest) };
	out->compaction_allowed = gfp_compaction_allowed(mm, r->gfp, r->order);
	look_at_zones(mm, zones, n_zones, r, zone_idx, alloc_flags, out);
	out->mechanism = out->compaction_allowed && (out->suitable || !out->short_of_pages)
				 ? MECHANISM_DIRECT_COMPACTION
				 : MECHANISM_DIRECT_RECLAIM;
	switch (out->class) {
	case SLOW_NONE:
		out->probability = 0;
		out->mechanism = MECHANISM_NONE;
		break;
	case SLOW_OOM:
		/* Too small to fail: it loops, and kills when nothing else helps. */
		out->probability = n_zones ? 0.99 : 0;
		if (out->short_of_pages && out->reclaimable < (uint64_t)out->missing)
			out->mechanism = MECHANISM_OOM_KILL;
		break;
	case SLOW_NORETRY_COSTLY:
	case SLOW_NORETRY:
	case SLOW_COSTLY:
	case SLOW_MAYFAIL:
	case SLOW_NO_OOM:
		out->probability = n_zones ? calibrated_probability(out->class, out->features) : 0;
		break;
	}
}
