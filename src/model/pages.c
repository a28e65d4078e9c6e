// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The page allocator's walk: mm/page_alloc.c:__alloc_pages, first at the low
 * watermark, then at min with the request's rights, then the slow path.
 */
#include <inttypes.h>

#include "kernel/rmqueue.h"
#include "model/explain.h"
#include "model/slowpath.h"

#define NEVER_MISSED 0.003 /* the doubt that is left anywhere: the world moves on */

/* One attempt of get_page_from_freelist. */
struct attempt {
	const struct mm_zone *zone; /* that passed; NULL */
	size_t position;	    /* in the zonelist */
	struct watermark_test test; /* of that zone; else of the one that came nearest */
	const struct mm_zone *nearest;
	struct rmqueue_block block;
};

struct walk {
	struct explain *e;
	struct verdict *v;
	const struct page_request *r;
	size_t n_zones;
	enum gfp_zone highest;
	int zone_idx;
};

static void add_watermark_step(struct walk *w, const struct mm_zone *z, const char *mark,
			       const struct watermark_test *t)
{
	bool ok = t->ok;
	struct step *s = verdict_step(w->e, w->v, "watermark", ok ? "pass" : "fail", z->node, z->name);

	if (!s)
		return;
	step_text(s, "mark", mark);
	step_number(s, "free_pages", t->free);
	if (z->marks_known) {
		step_number(s, "mark_pages", t->mark);
		step_number(s, "min_pages", t->min);
		step_number(s, "reserve_pages", t->reserve);
	}
	if (w->r->order)
		step_number(s, "order_unusable_pages", t->order_unusable);
	if (t->highatomic)
		step_number(s, "highatomic_pages", t->highatomic);
	if (t->cma)
		step_number(s, "free_cma_pages", t->cma);
	if (t->unaccepted)
		step_number(s, "unaccepted_pages", t->unaccepted);
	if (z->marks_known)
		step_number(s, "margin_pages", t->margin);
	if (w->r->order) {
		step_number(s, "largest_usable_order", t->largest_order);
		step_number(s, "usable_blocks", (int64_t)t->usable_blocks);
		if (t->barred_blocks)
			step_number(s, "barred_blocks", (int64_t)t->barred_blocks);
	}
	step_rule(s, w->e->mm->rules.rights == RIGHTS_MIN_RESERVE
			     ? "mm/page_alloc.c:__zone_watermark_ok, as in 6.3 and later"
		     : w->e->mm->rules.per_order_lists
			     ? "mm/page_alloc.c:__zone_watermark_ok, as in 4.4 to 6.2"
			     : "mm/page_alloc.c:__zone_watermark_ok, to 4.3");
	if (!z->marks_known)
		step_note(w->e, s, "%" PRId64 " pages free, the %s mark is not known%s", t->free, mark,
			  !w->r->order ? "" : t->list_ok ? ", a block of the order is free"
						 : ", no block of the order is free");
	else if (!t->marks_ok)
		step_note(w->e, s,
			  "%" PRId64 " free less %" PRId64 " that may not count is %" PRId64
			  " pages short of the %s mark (%" PRId64 " + %" PRId64 " reserved)",
			  t->free, t->order_unusable + t->highatomic + t->cma + t->unaccepted,
			  1 - t->margin, mark, t->min, t->reserve);
	else if (!t->ok)
		step_note(w->e, s,
			  "%" PRId64 " pages above the %s mark, but no free block of order %u or "
			  "more; the largest usable is order %d",
			  t->margin, mark, w->r->order, t->largest_order);
	else
		step_note(w->e, s, "%" PRId64 " pages above the %s mark%s", t->margin, mark,
			  w->r->order ? ", a block of the order is free" : "");
}

/* get_page_from_freelist: of the zones from the place @from on, the first whose mark holds and that has a block. */
static bool try_zones(struct walk *w, size_t from, bool min_mark, unsigned int alloc_flags, struct attempt *a)
{
	struct mm *mm = w->e->mm;
	bool first = true;

	*a = (struct attempt){ 0 };
	for (size_t i = from; i < w->n_zones; i++) {
		const struct mm_zone *z = w->e->zonelist[i];
		struct watermark_test t = zone_watermark_fast(mm, z, w->r->order,
							      min_mark ? z->min : z->low, min_mark,
							      w->zone_idx, alloc_flags);

		add_watermark_step(w, z, min_mark ? "min" : "low", &t);
		if (t.ok || (alloc_flags & ALLOC_NO_WATERMARKS && (t.list_ok || (!w->r->order && z->pcp_count)))) {
			a->zone = z;
			a->position = i;
			a->test = t;
			a->block = rmqueue(mm, z, w->r->order, gfp_migratetype(w->r->gfp), alloc_flags);
			return true;
		}
		/* Nearest: a zone that only lacks a block comes before one that lacks pages. */
		if (first || (t.marks_ok && !a->test.marks_ok) ||
		    (t.marks_ok == a->test.marks_ok && t.margin > a->test.margin)) {
			a->test = t;
			a->nearest = z;
		}
		first = false;
	}
	return false;
}

static void add_block_step(struct walk *w, const struct attempt *a)
{
	static const char *const paths[] = { "pcp",   "own_list",   "cma",     "claim_pageblock",
					     "steal", "highatomic", "unknown", "none" };
	struct step *s = verdict_step(w->e, w->v, "free_list", "pass", a->zone->node, a->zone->name);
	/* MIGRATE_RESERVE stands where MIGRATE_HIGHATOMIC came. */
	bool reserve = a->block.path == RMQUEUE_HIGHATOMIC && w->e->mm->rules.reserve_migratetype;

	if (!s)
		return;
	step_text(s, "path", reserve ? "reserve" : paths[a->block.path]);
	step_text(s, "migratetype", a->block.path == RMQUEUE_UNKNOWN ? "unknown"
				    : reserve			     ? "Reserve"
								     : migratetype_name(a->block.type));
	if (a->block.order >= 0)
		step_number(s, "block_order", a->block.order);
	step_rule(s, "mm/page_alloc.c:rmqueue, __rmqueue");
	if (a->block.path == RMQUEUE_PCP)
		step_note(w->e, s, "from the CPU's own list, refilled from the buddy lists if empty");
	else if (a->block.order == (int)w->r->order + 1)
		step_note(w->e, s, "splits a block of order %d; one of order %u remains", a->block.order, w->r->order);
	else if (a->block.order > (int)w->r->order)
		step_note(w->e, s, "splits a block of order %d; blocks of order %u to %d remain",
			  a->block.order, w->r->order, a->block.order - 1);
	else
		step_note(w->e, s, "an exact block of order %u", w->r->order);
}

static enum mechanism mechanism_of(const struct walk *w, const struct attempt *a, bool reserve)
{
	if (reserve || a->block.path == RMQUEUE_HIGHATOMIC)
		return MECHANISM_RESERVE;
	if (a->block.path == RMQUEUE_CMA)
		return MECHANISM_CMA;
	if (a->block.path == RMQUEUE_CLAIM || a->block.path == RMQUEUE_STEAL)
		return MECHANISM_STEAL;
	if (a->position > 0)
		return MECHANISM_FALLBACK_ZONE;
	if (a->block.path == RMQUEUE_PCP && w->r->order == 0)
		return MECHANISM_PCP;
	return MECHANISM_BUDDY;
}

/* That the zone serves: right at the border it may turn by what other CPUs do between reading and asking. */
static double certainty(const struct attempt *a)
{
	const struct watermark_test *t = &a->test;
	double marks = t->uncertain ? 0.7 : t->margin > 64 ? 1 - NEVER_MISSED : 0.985;

	if (t->lists_unknown)
		return marks * (t->order_unusable < 8 ? 0.8 : 0.5);
	if (!t->uncertain && t->lists_guessed && t->block_order >= 0 &&
	    t->usable_blocks + t->larger_blocks < 4 && a->zone->highatomic_hi + a->zone->free_cma > 0)
		return 0.9;
	return marks;
}

/*
 * The odds of the request once its first zone is found: should that one not serve after all, the kernel
 * asks the zones behind it, then all of them at min, and then takes the slow path.
 */
static double odds_of(struct walk *w, const struct attempt *a, bool min_mark, unsigned int fast, unsigned int rights)
{
	double missed = 1 - certainty(a);
	bool steps = w->e->want_steps;
	struct attempt next = *a;
	struct slowpath s;

	w->e->want_steps = false; /* they tell of the likely way */
	while (missed > NEVER_MISSED) {
		bool found = try_zones(w, next.position + 1, min_mark, min_mark ? rights : fast, &next);

		if (!found && !min_mark) {
			min_mark = true;
			found = try_zones(w, 0, true, rights, &next);
		}
		if (!found)
			break;
		/* Marks that are unknown in one zone are in all, and most likely hold or fail together. */
		if (next.zone->marks_known)
			missed *= 1 - certainty(&next);
	}
	if (missed > NEVER_MISSED) {
		slowpath(w->e->mm, w->e->zonelist, w->n_zones, w->r, w->zone_idx, w->highest, rights, &s);
		missed *= 1 - s.probability;
	}
	w->e->want_steps = steps;
	return missed > NEVER_MISSED ? 1 - missed : 1 - NEVER_MISSED;
}

/* How the zone stands to the mark that let the request through. */
static const char *marks_text(const struct walk *w, const struct mm_zone *z, const struct watermark_test *t,
			      bool min_mark)
{
	if (!z->marks_known)
		return arena_printf(&w->e->arena, "has %" PRId64 " pages free (its watermarks are not known)",
				    t->free);
	return arena_printf(&w->e->arena, "is %" PRId64 " page%s above its %s watermark", t->margin,
			    plural((uint64_t)t->margin), min_mark ? "min" : "low");
}

static void found_at_once(struct walk *w, const struct attempt *a, bool min_mark,
			  struct page_outcome *o)
{
	const struct watermark_test *t = &a->test;
	bool reserve = min_mark && t->min < t->mark &&
		       t->margin <= t->mark - t->min; /* without the rights it would have failed */
	const char *marks = marks_text(w, a->zone, t, min_mark);

	add_block_step(w, a);
	o->probability = certainty(a);
	o->mechanism = mechanism_of(w, a, reserve);
	o->cause = CAUSE_NULL;
	o->zone = a->zone;
	o->block_order = a->block.order;
	o->at_once = true;
	if (t->lists_unknown)
		o->why = arena_printf(&w->e->arena, "node %d %s %s; its free lists could not be read",
				      a->zone->node, a->zone->name, marks);
	else if (w->r->order && t->block_order >= 0)
		o->why = arena_printf(&w->e->arena,
				      "node %d %s %s and has %" PRIu64 " usable block%s of order %d",
				      a->zone->node, a->zone->name, marks, t->usable_blocks,
				      plural(t->usable_blocks), t->block_order);
	else
		o->why = arena_printf(&w->e->arena, "node %d %s %s", a->zone->node, a->zone->name, marks);
	if (t->uncertain && !t->lists_unknown && a->zone->marks_known)
		o->why = arena_printf(&w->e->arena, "%s; but what is reserved there could not be read", o->why);
}

/* Whether some zone outside the allowed ones would have served. */
static void look_outside(struct walk *w, unsigned int alloc_flags, struct shortage *s)
{
	struct mm *mm = w->e->mm;

	for (size_t i = 0; i < mm->n_zones; i++) {
		const struct mm_zone *z = &mm->zones[i];
		struct watermark_test t;
		bool listed = false;

		for (size_t k = 0; k < w->n_zones; k++)
			listed |= w->e->zonelist[k] == z;
		if (listed)
			continue;
		/* Movable and CMA pages are never for kernel data. */
		if (z->kind == GFP_ZONE_MOVABLE && !(w->r->gfp & GF_MOVABLE))
			continue;
		t = zone_watermark_ok(mm, z, w->r->order, z->low, z->index, alloc_flags, z->free);
		if (t.ok && z->kind > w->highest)
			s->other_zone = true;
		else if (t.ok && w->r->gfp & GF_THISNODE)
			s->this_node = true;
	}
}

static enum cause cause_of(struct walk *w, const struct attempt *a, unsigned int alloc_flags)
{
	const struct watermark_test *t = &a->test;
	struct shortage s = {
		.no_zone = !w->n_zones,
		.enough = w->n_zones && t->marks_ok,
		/* Enough is free, but held back from this request. */
		.kept_back = t->free - t->order_unusable > t->min,
	};

	look_outside(w, alloc_flags, &s);
	return cause_of_shortage(&s);
}

static const char *why_not(struct walk *w, const struct attempt *a)
{
	const struct watermark_test *t = &a->test;
	const struct mm_zone *z = a->nearest;

	if (!z)
		return "no zone that the request may use has memory";
	if (t->marks_ok && t->barred_blocks)
		return arena_printf(&w->e->arena,
				    "node %d %s has %" PRId64 " free pages and no usable block of order %u (%" PRIu64
				    " %s in lists barred to it: CMA, HighAtomic or Isolate)",
				    z->node, z->name, t->free, w->r->order, t->barred_blocks,
				    t->barred_blocks == 1 ? "stands" : "stand");
	if (t->marks_ok)
		return arena_printf(&w->e->arena,
				    "node %d %s has %" PRId64 " free pages but none in a block of order %u or "
				    "more; the largest usable is order %d",
				    z->node, z->name, t->free, w->r->order, t->largest_order);
	return arena_printf(&w->e->arena,
			    "node %d %s has %" PRId64 " free pages, %" PRId64
			    " short of what this request must leave (min %" PRId64 " + reserve %" PRId64 ")",
			    z->node, z->name, t->free, 1 - t->margin, t->min, t->reserve);
}

/* With all features: tests/vm/fit reads them from the step. */
static void add_slowpath_step(struct walk *w, const struct slowpath *s)
{
	struct step *st = verdict_step(w->e, w->v, "slow_path",
				       s->class == SLOW_NONE ? "fail" : "maybe",
				       s->zone ? s->zone->node : -1, s->zone ? s->zone->name : NULL);

	if (!st)
		return;
	step_text(st, "class", slowpath_class_name(s->class));
	step_rule(st, "mm/page_alloc.c:__alloc_pages_slowpath");
	if (s->class == SLOW_NONE) {
		step_note(w->e, st, "without __GFP_DIRECT_RECLAIM it may neither reclaim nor compact");
		return;
	}
	step_number(st, "missing_pages", s->missing);
	step_number(st, "reclaimable_pages", (int64_t)s->reclaimable);
	for (int f = F_ORDER; f < F_COUNT; f++)
		step_number(st, slow_feature_name((enum slow_feature)f), s->features[f]);
	if (s->short_of_pages)
		step_note(w->e, st, "%" PRId64 " pages missing, at most %" PRIu64 " reclaimable", s->missing,
			  s->reclaimable);
	else if (!w->e->mm->compaction)
		step_note(w->e, st, "this kernel has no compaction");
	else if (!s->compaction_allowed)
		step_note(w->e, st, "compaction is not allowed to this request");
	else
		step_note(w->e, st, "compaction %s; %" PRId64 " %% of what is in use there is movable",
			  s->suitable ? "would run" : "would be skipped",
			  s->features[F_PURITY] / 10);
}

static void end_in_slow_path(struct walk *w, const struct attempt *a, unsigned int alloc_flags,
			     struct page_outcome *o)
{
	struct slowpath s;

	slowpath(w->e->mm, w->e->zonelist, w->n_zones, w->r, w->zone_idx, w->highest, alloc_flags, &s);
	/* __alloc_pages_slowpath: without a preferred zone to nopage at once; to 4.7 not even entered */
	if (w->n_zones)
		add_slowpath_step(w, &s);
	else
		s = (struct slowpath){ .class = SLOW_NONE, .mechanism = MECHANISM_NONE };
	o->cause = cause_of(w, a, alloc_flags);
	o->zone = a->nearest;
	o->block_order = -1;
	o->mechanism = s.mechanism;
	o->at_once = s.class == SLOW_NONE;
	o->may_wait = s.class != SLOW_NONE;
	/* out_of_memory kills nobody for who may not enter the filesystem. */
	if (o->mechanism == MECHANISM_OOM_KILL && !(w->r->gfp & GF_FS))
		o->mechanism = MECHANISM_DIRECT_RECLAIM;
	o->may_kill = s.class == SLOW_OOM && o->mechanism == MECHANISM_OOM_KILL;
	o->why = why_not(w, a);
	if (s.class != SLOW_NONE) {
		o->probability = s.probability;
		return;
	}
	/* Decided by the rules; what is left is the world moving on, and lists that were not readable. */
	o->probability = a->test.margin > -16 && !a->test.marks_ok ? 0.02 : 0.004;
}

static void order_too_big(struct walk *w, struct page_outcome *o)
{
	struct mm *mm = w->e->mm;
	struct step *s = verdict_step(w->e, w->v, "order_limit", "fail", -1, NULL);

	step_number(s, "order", w->r->order);
	step_number(s, "max_order", mm->max_order);
	step_rule(s, "mm/page_alloc.c:__alloc_pages: order above the largest is refused at entry");
	o->probability = mm->max_order_known ? 0 : 0.02;
	o->mechanism = MECHANISM_NONE;
	o->cause = CAUSE_ORDER_TOO_BIG;
	o->block_order = -1;
	o->at_once = true;
	o->why = arena_printf(&w->e->arena, "order %u is above %u, the largest order of this kernel",
			      w->r->order, mm->max_order);
}

/* Neither buddyinfo nor zoneinfo: what can be said holds for any machine. */
static void no_zone_known(struct walk *w, struct page_outcome *o)
{
	bool may_fail = !(w->r->gfp & GF_DIRECT_RECLAIM) || w->r->order > PAGE_ALLOC_COSTLY_ORDER ||
			w->r->gfp & (GF_NORETRY | GF_RETRY_MAYFAIL);

	o->probability = may_fail ? 0.6 : 0.97;
	o->mechanism = may_fail ? MECHANISM_BUDDY : MECHANISM_DIRECT_RECLAIM;
	o->cause = CAUSE_UNKNOWN;
	o->block_order = -1;
	o->may_wait = w->r->gfp & GF_DIRECT_RECLAIM;
	o->why = "the free lists could not be read";
}

static void walk_zones(struct walk *w, struct page_outcome *o)
{
	const struct mm_rules *rules = &w->e->mm->rules;
	unsigned int fast = alloc_flags_fast_path(rules, w->r->gfp, w->r->order);
	unsigned int rights = gfp_to_alloc_flags(rules, w->r->gfp, w->r->order);
	unsigned int reserve = alloc_flags_no_watermarks(w->r->gfp);
	struct attempt a;

	if (try_zones(w, 0, false, fast, &a)) {
		found_at_once(w, &a, false, o);
		o->probability = odds_of(w, &a, false, fast, rights);
		return;
	}
	if (try_zones(w, 0, true, rights, &a)) {
		found_at_once(w, &a, true, o);
		o->probability = odds_of(w, &a, true, fast, rights);
		return;
	}
	if (reserve && try_zones(w, 0, true, reserve, &a)) {
		found_at_once(w, &a, true, o);
		o->mechanism = MECHANISM_RESERVE;
		return;
	}
	end_in_slow_path(w, &a, rights, o);
}

void page_alloc(struct explain *e, const struct page_request *r, struct page_outcome *o,
		struct verdict *v)
{
	struct walk w = { .e = e, .v = v, .r = r };
	struct mm *mm = e->mm;
	int node = r->node >= 0 ? r->node : r->local_node;

	*o = (struct page_outcome){ .block_order = -1 };
	if (r->order > mm->max_order) {
		order_too_big(&w, o);
		return;
	}
	if (mm->n_zones == 0) {
		no_zone_known(&w, o);
		return;
	}
	w.zone_idx = gfp_zone_index(mm, r->gfp, &w.highest);
	w.n_zones = mm_zonelist(mm, node, w.highest, r->gfp & GF_THISNODE, e->zonelist);
	/* To 5.7 the reserve of the preferred zone counts, not that of the requested one. */
	if (!mm->rules.reserve_by_request && w.n_zones)
		w.zone_idx = e->zonelist[0]->index;
	walk_zones(&w, o);
}
