// SPDX-License-Identifier: GPL-2.0-or-later
/* From a request to a verdict: dispatch by API, and the steps of a verdict. */
#include "model/explain.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/memcg.h"

int explain_init(struct explain *e, struct mm *mm)
{
	memset(e, 0, sizeof(*e));
	e->mm = mm;
	e->zonelist = calloc(mm->n_zones + 1, sizeof(*e->zonelist));
	return e->zonelist ? 0 : -ENOMEM;
}

void explain_done(struct explain *e)
{
	arena_done(&e->arena);
	free(e->zonelist);
	e->zonelist = NULL;
}

static void (*const handlers[API_COUNT])(struct explain *, const struct request *,
					 struct verdict *) = {
	[API_ALLOC_PAGES] = explain_pages,
	[API_GET_FREE_PAGES] = explain_pages,
	[API_GET_ZEROED_PAGE] = explain_pages,
	[API_ALLOC_PAGES_EXACT] = explain_pages,
	[API_FOLIO_ALLOC] = explain_pages,
	[API_KMALLOC] = explain_kmalloc,
	[API_KZALLOC] = explain_kmalloc,
	[API_KCALLOC] = explain_kmalloc,
	[API_KREALLOC] = explain_kmalloc,
	[API_KVMALLOC] = explain_kvmalloc,
	[API_KVZALLOC] = explain_kvmalloc,
	[API_VMALLOC] = explain_vmalloc,
	[API_VZALLOC] = explain_vmalloc,
	[API_KMEM_CACHE_ALLOC] = explain_kmem_cache,
	[API_DMA_ALLOC_COHERENT] = explain_dma,
	[API_ALLOC_PERCPU] = explain_percpu,
	[API_CMA_ALLOC] = explain_cma,
	[API_HUGETLB] = explain_hugetlb,
	[API_THP] = explain_thp,
	[API_ALLOC_SKB] = explain_skb,
};

/* Kernel memory that is accounted is charged to the caller's cgroup once it is taken. */
static void charge_memcg(struct explain *e, const struct request *r, struct verdict *v)
{
	uint64_t bytes = v->bytes_used ? v->bytes_used : e->mm->page_size;
	struct memcg_room room;
	enum charge c;
	struct step *s;

	if (!(r->gfp.flags & GF_ACCOUNT))
		return;
	room = memcg_room(e->mm);
	c = try_charge_memcg(e->mm, &room, r->gfp.flags, bytes);
	if (!room.limited)
		return;
	s = verdict_step(e, v, "memcg", c == CHARGE_REFUSED ? "fail" : c == CHARGE_RECLAIM ? "maybe" : "pass",
			 -1, NULL);
	step_text(s, "level", room.level);
	step_number(s, "limit_bytes", (int64_t)room.limit_bytes);
	step_number(s, "room_bytes", (int64_t)room.room_bytes);
	step_number(s, "charge_bytes", (int64_t)bytes);
	step_rule(s, "mm/memcontrol.c:try_charge_memcg");
	step_note(e, s, "%" PRIu64 " bytes to charge, room for %" PRIu64 " of %" PRIu64 " (%s)", bytes,
		  room.room_bytes, room.limit_bytes, room.level);
	if (c != CHARGE_REFUSED && c != CHARGE_RECLAIM)
		return;
	v->probability *= c == CHARGE_REFUSED ? 0.01 : 0.6;
	v->cause = CAUSE_MEMCG_LIMIT;
	v->at_once = v->at_once && c == CHARGE_REFUSED;
	v->may_wait = c == CHARGE_RECLAIM;
	v->summary = arena_printf(&e->arena,
				  "%s: the cgroup has room for %" PRIu64 " of %" PRIu64
				  " bytes (%s); but for that: %s",
				  c == CHARGE_REFUSED ? "its charge would be refused"
						      : "its charge waits for the cgroup's own reclaim",
				  room.room_bytes, room.limit_bytes, room.level,
				  v->summary ? v->summary : "");
}

/* Whether nodes without memory would have been seen: zoneinfo shows their empty zones from 4.14 on. */
static bool all_nodes_seen(const struct mm *mm)
{
	for (size_t i = 0; i < mm->n_nodes; i++) {
		if (mm->nodes[i].has_cpulist)
			return true;
	}
	for (size_t i = 0; i < mm->snap->n_zones; i++) {
		const struct snap_zone *z = &mm->snap->zones[i];

		if (z->in_zoneinfo && z->managed_pages.known && z->managed_pages.v == 0)
			return true;
	}
	return false;
}

static bool lacks(const struct mm *mm, int node)
{
	return node >= 0 && !mm_node(mm, node);
}

/* A node that is not there: the kernel's callers must not ask it, nor is there a CPU to ask from. */
static bool no_such_node(struct explain *e, const struct request *r, struct verdict *v)
{
	int none = lacks(e->mm, r->node) ? r->node : r->local_node;

	if (!lacks(e->mm, none) || !all_nodes_seen(e->mm))
		return false;
	v->cause = CAUSE_NODE_BOUND;
	v->at_once = true;
	v->summary = arena_printf(&e->arena, "there is no node %d", none);
	return true;
}

static bool goes_to_slab(enum api api)
{
	return (api >= API_KMALLOC && api <= API_KREALLOC) || api == API_KMEM_CACHE_ALLOC;
}

/* What was not readable and would have made the verdict surer. */
static const char *missing_inputs(struct explain *e, const struct request *r, const struct verdict *v)
{
	static const char *const names[] = { "zoneinfo (watermarks)", "buddyinfo (free lists)",
					     "pagetypeinfo (free lists by type)", "slabinfo (free objects)" };
	const struct mm *mm = e->mm;
	bool marks = mm->n_zones > 0, lists = mm->n_zones > 0, types = true;
	const char *text = NULL;
	bool slab = goes_to_slab(r->api) || r->api == API_ALLOC_SKB;

	for (size_t i = 0; i < mm->n_zones; i++) {
		marks &= mm->zones[i].marks_known;
		lists &= mm->zones[i].lists_known;
		types &= mm->zones[i].types_known;
	}
	slab &= !mm->snap->has_slab && v->mechanism == MECHANISM_SLAB_NEW;
	types |= v->at_once && verdict_of(v->probability) == SUCCEEDS;
	if (v->cause == CAUSE_UNSUPPORTED || v->cause == CAUSE_SIZE_LIMIT || v->cause == CAUSE_ORDER_TOO_BIG)
		return v->missing;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const bool lacking[] = { !marks, !lists, !types, slab };

		if (lacking[i])
			text = text ? arena_printf(&e->arena, "%s, %s", text, names[i]) : names[i];
	}
	return text ? text : v->missing;
}

/* What the kernel says of such flags, beside what it does. */
static const char *warning_on_flags(const struct explain *e, const struct request *r, const struct verdict *v)
{
	const struct mm_rules *rules = &e->mm->rules;
	bool nofail = r->gfp.flags & GF_NOFAIL && r->gfp.flags & GF_DIRECT_RECLAIM &&
		      v->bytes_used > sat_mul(e->mm->page_size, 2);

	if (goes_to_slab(r->api) && r->gfp.flags & (GF_DMA32 | GF_HIGHMEM))
		return rules->slab_fixes_flags
			       ? "slab takes no __GFP_DMA32 or __GFP_HIGHMEM: it warns (\"Unexpected gfp ... Fixing "
				 "up\"), drops them, and the memory may lie anywhere"
			       : "slab takes no __GFP_DMA32 or __GFP_HIGHMEM: a new slab with them is a BUG";
	/* kvmalloc and vmalloc keep the flag from what is above order 0 */
	if (!nofail || r->api == API_VMALLOC || r->api == API_VZALLOC || r->api == API_KVMALLOC ||
	    r->api == API_KVZALLOC || r->api == API_ALLOC_PERCPU || r->api == API_CMA_ALLOC)
		return NULL;
	if (rules->nofail_warns)
		return "__GFP_NOFAIL above order 1 is honoured with a warning: it never returns NULL, and may try for ever";
	return "__GFP_NOFAIL above order 1: it never returns NULL, and may try for ever";
}

int explain_request(struct explain *e, const struct request *r, struct verdict *v)
{
	const char *warning;

	arena_reset(&e->arena);
	memset(v, 0, sizeof(*v));
	v->node = -1;
	v->cause = CAUSE_UNKNOWN;
	if (!no_such_node(e, r, v)) {
		handlers[r->api](e, r, v);
		charge_memcg(e, r, v);
	}
	if (verdict_of(v->probability) >= LIKELY_SUCCEEDS)
		v->cause = CAUSE_NULL;
	else if (v->cause == CAUSE_NULL)
		v->cause = CAUSE_UNKNOWN;
	if (!v->summary)
		return -ENOMEM;
	v->missing = missing_inputs(e, r, v);
	warning = warning_on_flags(e, r, v);
	if (warning)
		v->tradeoff = v->tradeoff ? arena_printf(&e->arena, "%s; %s", warning, v->tradeoff) : warning;
	if (e->want_remedies && verdict_of(v->probability) != SUCCEEDS)
		explain_remedies(e, r, v);
	return 0;
}

struct step *verdict_step(struct explain *e, struct verdict *v, const char *step, const char *outcome,
			  int node, const char *zone)
{
	struct step *s;

	if (!e->want_steps || !v)
		return NULL;
	if (v->n_steps == v->cap_steps) {
		size_t cap = v->cap_steps ? v->cap_steps * 2 : 8;
		struct step *grown = arena_array(&e->arena, cap, sizeof(*grown));

		if (!grown)
			return NULL;
		if (v->n_steps)
			memcpy(grown, v->steps, v->n_steps * sizeof(*grown));
		v->steps = grown;
		v->cap_steps = cap;
	}
	s = &v->steps[v->n_steps++]; /* zeroed, as all of an arena */
	s->arena = &e->arena;
	s->step = step;
	s->outcome = outcome;
	s->node = node;
	s->zone = zone;
	return s;
}

/* A request whose evidence finds no memory has none for its summary either. */
static void add_evidence(struct step *s, struct evidence what)
{
	if (s->n_evidence == s->cap_evidence) {
		size_t cap = s->cap_evidence ? s->cap_evidence * 2 : 8;
		struct evidence *grown = arena_array(s->arena, cap, sizeof(*grown));

		if (!grown)
			return;
		if (s->n_evidence)
			memcpy(grown, s->evidence, s->n_evidence * sizeof(*grown));
		s->evidence = grown;
		s->cap_evidence = cap;
	}
	s->evidence[s->n_evidence++] = what;
}

void step_number(struct step *s, const char *key, int64_t value)
{
	if (s)
		add_evidence(s, (struct evidence){ key, value, NULL });
}

void step_text(struct step *s, const char *key, const char *text)
{
	if (s && text)
		add_evidence(s, (struct evidence){ key, 0, text });
}

void step_rule(struct step *s, const char *rule)
{
	if (s)
		s->rule = rule;
}

void step_note(struct explain *e, struct step *s, const char *fmt, ...)
{
	char buf[512];
	va_list ap;

	if (!s || !e->want_notes)
		return;
	va_start(ap, fmt);
	vsnprintf(buf, sizeof(buf), fmt, ap);
	va_end(ap);
	s->note = arena_strdup(&e->arena, buf);
}
