// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/log_diagnose.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "model/log_gfp.h"
#include "model/log_kinds.h"
#include "model/log_snapshot.h"

void log_diagnosis_done(struct log_diagnosis *d)
{
	arena_done(&d->arena);
	memset(d, 0, sizeof(*d));
}

/* "0,2-3" holds @node; NULL and "(null)" hold all. */
static bool in_list(const char *list, int node)
{
	const char *p = list;

	if (!list || !*list || *list == '(')
		return true;
	while (*p) {
		uint64_t a = 0, b;
		size_t n = strspn(p, "0123456789");

		if (!n || num_u64(p, n, &a))
			return true;
		p += n;
		b = a;
		if (*p == '-') {
			n = strspn(++p, "0123456789");
			if (!n || num_u64(p, n, &b))
				return true;
			p += n;
		}
		if (node >= 0 && (uint64_t)node >= a && (uint64_t)node <= b)
			return true;
		if (*p != ',')
			break;
		p++;
	}
	return false;
}

const char *log_bytes(struct log_diagnosis *d, uint64_t n)
{
	auto_strbuf struct strbuf sb = STRBUF_INIT;

	format_bytes(&sb, n);
	return arena_strdup(&d->arena, sb_str(&sb));
}

/* ---- the zones ---- */

struct walk {
	struct log_diagnosis *d;
	const struct log_report *r;
	struct mm mm;
	enum gfp_zone highest;
	unsigned int order, rights;
	int zone_idx;
	const struct log_zone_check *main; /* the allowed zone that counts most */
	const struct mm_zone *main_zone;
	const struct log_zone_check *passes; /* the largest of them that would serve the request; NULL: none */
	bool any_order0;		     /* of the allowed zones */
	bool other_zone, other_node;	    /* one that was not allowed would have done */
	uint64_t allowed_pages, held_back;
	size_t n_allowed, n_unknown;
};

static const char *not_allowed(const struct walk *w, const struct mm_zone *z)
{
	if (z->kind > w->highest)
		return "above the highest zone that the flags allow";
	if (!in_list(w->r->nodemask, z->node))
		return "not in the nodemask";
	/* Requests that cannot wait may leave the cpuset (ALLOC_CPUSET is dropped). */
	if (!in_list(w->r->mems_allowed, z->node) && w->d->gfp.flags & GF_DIRECT_RECLAIM)
		return "not in mems_allowed";
	return NULL;
}

static void check_zone(struct walk *w, const struct mm_zone *z, struct log_zone_check *c)
{
	/* Without watermarks nothing is kept back from it but the lists that are not its own. */
	uint64_t mark = w->d->in_reclaim ? 0 : z->min;
	int idx = w->d->in_reclaim ? -1 : w->zone_idx;

	c->node = z->node;
	c->zone = z->name;
	c->managed = z->managed;
	c->weight = z->managed ? z->managed : sat_add(sat_mul(z->min, 256), z->free);
	c->why_not = not_allowed(w, z);
	c->allowed = !c->why_not;
	c->no_marks = !z->marks_known;
	c->test = zone_watermark_ok(&w->mm, z, w->order, mark, idx, w->rights, z->free);
	c->order0_ok = zone_watermark_ok(&w->mm, z, 0, mark, idx, w->rights, z->free).ok;
	if (w->d->in_reclaim && z->n_orders) { /* whatever it finds in the lists */
		c->test.ok = c->test.list_ok;
		c->order0_ok = c->test.largest_order >= 0;
	}
	if (!z->n_orders && w->order) /* no free list: the marks alone are known */
		c->test.ok = c->test.list_ok = false;
}

static void weigh(struct walk *w, const struct mm_zone *z, const struct log_zone_check *c)
{
	if (!c->allowed) {
		struct watermark_test t = zone_watermark_ok(&w->mm, z, w->order, z->low, z->index, w->rights, z->free);

		if (z->kind == GFP_ZONE_MOVABLE && z->kind > w->highest)
			return; /* never for kernel data */
		if (t.ok && !c->no_marks) {
			if (z->kind > w->highest)
				w->other_zone = true;
			else
				w->other_node = true;
		}
		return;
	}
	w->n_allowed++;
	w->n_unknown += c->no_marks;
	w->allowed_pages = sat_add(w->allowed_pages, c->weight);
	if (!w->main || c->weight > w->main->weight) {
		w->main = c;
		w->main_zone = z;
	}
	if (c->no_marks)
		return;
	if (c->test.ok && (!w->passes || c->weight > w->passes->weight))
		w->passes = c;
	w->any_order0 |= c->order0_ok;
	/* Free above the mark, and yet kept from this request. */
	if (!c->order0_ok && c->test.free > c->test.min)
		w->held_back = sat_add(w->held_back, (uint64_t)(c->test.free - c->test.min));
	if (c->test.largest_order > w->d->largest_order)
		w->d->largest_order = c->test.largest_order;
}

static int first_allowed_index(struct walk *w)
{
	int idx = -1;

	/* The preferred zone is the highest allowed one that has memory. */
	for (size_t i = 0; i < w->mm.n_zones; i++) {
		const struct mm_zone *z = &w->mm.zones[i];

		if (!not_allowed(w, z) && z->index > idx)
			idx = z->index;
	}
	return idx;
}

static int walk_zones(struct walk *w)
{
	struct log_diagnosis *d = w->d;
	int by_flags = gfp_zone_index(&w->mm, d->gfp.flags, &w->highest);

	/* To 2.6.25 calls are not told from what lay on the stack. */
	d->in_reclaim = !(d->gfp.flags & GF_NOMEMALLOC) && d->version >= (2u << 16 | 6 << 8 | 26) && log_in_reclaim(w->r);
	w->rights = gfp_to_alloc_flags(&w->mm.rules, d->gfp.flags, w->order) |
		    gfp_pfmemalloc_flags(d->gfp.flags);
	if (d->in_reclaim)
		w->rights = alloc_flags_no_watermarks(d->gfp.flags | GF_MEMALLOC);
	w->zone_idx = w->mm.rules.reserve_by_request && by_flags >= 0 ? by_flags : first_allowed_index(w);
	d->largest_order = -1;
	d->checks = arena_array(&d->arena, w->mm.n_zones ? w->mm.n_zones : 1, sizeof(*d->checks));
	if (!d->checks)
		return -ENOMEM;
	for (size_t i = 0; i < w->mm.n_zones; i++) {
		struct log_zone_check *c = &d->checks[d->n_checks++];

		check_zone(w, &w->mm.zones[i], c);
		c->zone = arena_strdup(&d->arena, c->zone);
		if (!c->zone)
			return -ENOMEM;
		weigh(w, &w->mm.zones[i], c);
	}
	return 0;
}

/* With __GFP_THISNODE one node alone was allowed, which the report does not name: if some node holds
 * what others lack, it was not the one. */
static bool nodes_differ(const struct walk *w)
{
	bool ok_somewhere = false, fails_somewhere = false;

	for (size_t i = 0; i < w->d->n_checks; i++) {
		const struct log_zone_check *c = &w->d->checks[i];
		bool node_ok = false;

		if (!c->allowed || c->no_marks)
			continue;
		for (size_t k = 0; k < w->d->n_checks; k++)
			node_ok |= w->d->checks[k].node == c->node && w->d->checks[k].allowed && w->d->checks[k].test.ok;
		ok_somewhere |= node_ok;
		fails_somewhere |= !node_ok;
	}
	return ok_somewhere && fails_somewhere;
}

/* Zones that the report was not asked to print: newer kernels leave out those above the request's highest. */
static bool unseen_memory(const struct walk *w)
{
	struct opt_u64 ram = log_kv_get(&w->r->totals, "ram_pages");
	uint64_t shown = 0;

	for (size_t i = 0; i < w->mm.n_zones; i++)
		shown = sat_add(shown, w->mm.zones[i].managed);
	/* Without the footer: no machine has but the zone of a PC's old devices, of 16 MiB. */
	return ram.known ? ram.v / 2 > shown : shown && sat_mul(shown, w->mm.page_size) <= (UINT64_C(16) << 20);
}

/* ---- the cause ---- */

/* The zone that such requests fill first: the highest allowed one of some size. */
static const struct log_zone_check *preferred(const struct walk *w)
{
	const struct log_zone_check *best = w->main;
	enum gfp_zone kind = GFP_ZONE_DMA;

	for (size_t i = 0; i < w->mm.n_zones; i++) {
		const struct log_zone_check *c = &w->d->checks[i];

		if (c->allowed && !c->no_marks && c->weight >= w->allowed_pages / 16 &&
		    w->mm.zones[i].kind > kind) {
			best = c;
			kind = w->mm.zones[i].kind;
		}
	}
	return best;
}

/* min_free_kbytes beyond the memory itself: no freeing meets it. */
static bool marks_absurd(const struct walk *w)
{
	uint64_t pages = w->main_zone->managed;

	if (!pages)
		pages = opt_or(log_kv_get(&w->r->totals, "ram_pages"), 0);
	return pages && w->main_zone->min > pages;
}

static bool kept_back(struct walk *w)
{
	const struct log_zone_check *c = preferred(w);

	w->d->marks_absurd = marks_absurd(w);
	if (w->d->marks_absurd)
		return true;
	/* Its own numbers are enough but for what is kept back; or much is elsewhere. */
	return (!c->order0_ok && c->test.free > c->test.min) ||
	       (w->held_back > w->allowed_pages / 20 && w->held_back > 2048);
}

/* Whether half of what is free lies in blocks of @order or more. */
static bool mostly_in_blocks(const struct mm_zone *z, unsigned int order)
{
	uint64_t n = 0;

	for (unsigned int o = order; o < z->n_orders; o++)
		n = sat_add(n, sat_shl(z->nr_free[o], o));
	return n > z->free / 2;
}

/*
 * The numbers would let it pass: what was missing has come back since. What is
 * scarce still tells it.
 */
static enum cause cause_when_back(const struct walk *w)
{
	const struct mm_zone *z = w->main_zone;
	bool lowzone = w->highest < GFP_ZONE_NORMAL, scarce = z->free <= z->high + z->high / 4;

	if (lowzone && w->order == 0)
		return CAUSE_ZONE_RESTRICTED;
	if (scarce && w->other_zone)
		return CAUSE_ZONE_RESTRICTED;
	if (w->order == 0)
		/* A burst that may not wait drains the lists within milliseconds. */
		return z->free > 4 * z->high + 1024 && w->d->gfp.flags & GF_DIRECT_RECLAIM ? CAUSE_UNKNOWN
											    : CAUSE_LOW_MEMORY;
	/* The OOM killer comes for small orders only when reclaim finds nothing more. */
	if (w->r->kind == LOG_OOM && (scarce || w->order == 1))
		return CAUSE_LOW_MEMORY;
	if (z->free <= z->low && z->free > 0 && (!w->any_order0 || mostly_in_blocks(z, w->order)))
		return CAUSE_LOW_MEMORY;
	return CAUSE_FRAGMENTATION;
}

/* Enough is free for the marks, and the blocks are too small; of a zone without its free list only where it counts. */
static bool in_pieces(const struct walk *w)
{
	for (size_t i = 0; i < w->mm.n_zones; i++) {
		const struct log_zone_check *c = &w->d->checks[i];

		if (c->allowed && !c->no_marks && c->test.marks_ok && (w->mm.zones[i].n_orders || c->weight >= w->allowed_pages / 16))
			return w->order > 0;
	}
	return false;
}

/*
 * A few pages are missing to the mark where reclaim could have had many times as many, and no block
 * of the order is free: the blocks brought the OOM killer in, not the pages.
 */
static bool lacks_blocks_rather(const struct walk *w)
{
	const struct log_zone_check *c = w->r->kind == LOG_OOM && w->order > 1 ? preferred(w) : NULL;
	const struct mm_zone *z = c ? &w->mm.zones[c - w->d->checks] : NULL;
	int64_t missing = c ? 1 - c->test.margin : 0;

	return missing > 0 && z->n_orders && !c->test.list_ok && missing < (int64_t)(z->min / 16) &&
	       zone_reclaimable_pages(&w->mm, z) > sat_mul((uint64_t)missing, 64);
}

static enum cause cause_by_zones(struct walk *w)
{
	struct log_diagnosis *d = w->d;
	bool thisnode = d->gfp.flags & GF_THISNODE;
	struct shortage s = {
		.no_zone = !w->n_allowed || !w->allowed_pages,
		.enough = in_pieces(w) || lacks_blocks_rather(w),
		.this_node = thisnode && (w->other_node || nodes_differ(w)),
		.other_node = w->other_node && (w->r->nodemask || w->r->mems_allowed),
		.other_zone = w->other_zone || (w->highest < GFP_ZONE_NORMAL && unseen_memory(w)),
	};

	d->transient = w->passes && !s.no_zone && !s.this_node;
	if (d->transient)
		return cause_when_back(w);
	s.kept_back = !s.no_zone && kept_back(w);
	return cause_of_shortage(&s);
}

/* Without an MMU a mapping is one block; its message says the length only. */
static unsigned int order_asked(const struct log_report *r)
{
	unsigned int order = 0;

	if (r->has_order)
		return r->order > 0 && r->order < 64 ? (unsigned int)r->order : 0;
	if (r->event != LOG_EV_NOMMU || !r->size_bytes.known)
		return 0;
	while (order < 52 && sat_shl(opt_or(r->page_size, 4096), order) < r->size_bytes.v)
		order++;
	return order;
}

static bool at_boot(const struct log_report *r)
{
	if (r->pid.known && r->pid.v == 1 && r->process && strncmp(r->process, "swapper", 7) == 0)
		return true;
	for (size_t i = 0; i < r->n_frames; i++) {
		if (strcmp(r->frames[i].function, "kernel_init_freeable") == 0 ||
		    strncmp(r->frames[i].function, "__dma_atomic_pool_init", 22) == 0)
			return true;
	}
	return false;
}

/* No Mem-Info: what an expert would bet on. */
static enum cause cause_by_request(struct log_diagnosis *d, const struct log_report *r)
{
	d->weak = true;
	if (!r->has_order && r->event != LOG_EV_NOMMU)
		return CAUSE_UNKNOWN;
	/* Later kernels show the zones that the request may use: whose Mem-Info has none has none of them. */
	if (d->gfp.flags & (GF_DMA | GF_DMA32) && r->has_meminfo && r->totals.n) {
		d->weak = false;
		return CAUSE_ZONE_RESTRICTED;
	}
	/*
	 * A zone of a few MiB on nearly all machines: it is the one that is empty. But for a
	 * large block on a running machine, it has pages and they lie apart.
	 */
	if (d->gfp.flags & GF_DMA)
		return order_asked(r) > 3 && !at_boot(r) ? CAUSE_FRAGMENTATION : CAUSE_ZONE_RESTRICTED;
	/*
	 * Nothing is in pieces yet: the machine has no memory there. And later a page of any
	 * zone would be had, if need be by killing a task, which is not done for a lower one's.
	 */
	if (d->gfp.flags & GF_DMA32 && (at_boot(r) || (d->gfp.flags & GF_DIRECT_RECLAIM && order_asked(r) == 0)))
		return CAUSE_ZONE_RESTRICTED;
	return order_asked(r) > 0 ? CAUSE_FRAGMENTATION : CAUSE_LOW_MEMORY;
}

static bool too_big(const struct walk *w)
{
	unsigned int orders = 0;

	for (size_t i = 0; i < w->mm.n_zones; i++) {
		if (w->mm.zones[i].n_orders > orders)
			orders = w->mm.zones[i].n_orders;
	}
	return orders ? w->order >= orders : w->order > 17;
}

/* ---- words ---- */

static void could_help(struct walk *w)
{
	struct log_diagnosis *d = w->d;
	const struct mm_rules *rules = &w->mm.rules;
	uint64_t reclaimable = 0;
	const char *there = ""; /* what reclaim could have had */

	d->costly = w->order > PAGE_ALLOC_COSTLY_ORDER;
	d->may_reclaim = d->gfp.flags & GF_DIRECT_RECLAIM && !d->in_reclaim;
	d->may_compact = d->may_ever_compact && d->may_reclaim && w->order > 0 && d->gfp.flags & GF_IO &&
			 (!rules->compaction_needs_fs || d->gfp.flags & GF_FS);
	for (size_t i = 0; i < w->mm.n_zones; i++) {
		if (!not_allowed(w, &w->mm.zones[i]))
			reclaimable = sat_add(reclaimable, zone_reclaimable_pages(&w->mm, &w->mm.zones[i]));
	}
	if (w->n_allowed)
		there = arena_printf(&d->arena, "; reclaimable in the allowed zones: %s",
				     log_bytes(d, sat_mul(reclaimable, w->mm.page_size)));
	if (!d->has_gfp || !there)
		d->could_help = NULL;
	else if (d->in_reclaim)
		d->could_help = arena_printf(&d->arena, "the task was reclaiming memory itself: no watermark held it back, and it could not reclaim further%s", there);
	else if (!d->may_reclaim)
		d->could_help = arena_printf(&d->arena, "the request may not wait: %s tried%s",
					     d->may_ever_compact ? "neither reclaim nor compaction was" : "reclaim was not", there);
	else if (d->gfp.flags & GF_NORETRY || d->costly)
		d->could_help = arena_printf(&d->arena, "%s allowed for one round only (%s), then the kernel gives up%s",
					     d->may_compact ? "reclaim and compaction were" : "reclaim was",
					     d->gfp.flags & GF_NORETRY ? "__GFP_NORETRY" : "order above 3", there);
	else
		d->could_help = arena_printf(&d->arena, "reclaim %s allowed and retried%s",
					     d->may_compact ? "and compaction were" : "was", there);
}

static const char *what(struct log_diagnosis *d, const struct log_report *r)
{
	auto_strbuf struct strbuf sb = STRBUF_INIT;

	if (r->has_order && r->order >= 0 && r->order < 64 && r->page_size.known)
		sb_printf(&sb, "order %d (%s)", (int)r->order, log_bytes(d, sat_shl(r->page_size.v, (unsigned int)r->order)));
	else if (r->has_order)
		sb_printf(&sb, "order %" PRId64, r->order);
	else
		sb_addstr(&sb, "the request");
	for (size_t i = 0; i < d->n_gfp_names; i++)
		sb_printf(&sb, "%s%s", i ? "|" : ", ", d->gfp_names[i]);
	return arena_strdup(&d->arena, sb_str(&sb));
}

/* " (kept back: lowmem_reserve 2 MiB, CMA 16 MiB)" */
static const char *kept_back_words(struct log_diagnosis *d, const struct watermark_test *t, uint64_t page)
{
	const struct {
		const char *name;
		int64_t pages;
	} parts[] = {
		{ "lowmem_reserve", t->reserve }, { "CMA", t->cma }, { "HighAtomic", t->highatomic },
		{ "unaccepted", t->unaccepted },
	};
	auto_strbuf struct strbuf sb = STRBUF_INIT;

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		if (parts[i].pages > 0)
			sb_printf(&sb, "%s %s %s", sb.len ? "," : " (kept back:", parts[i].name,
				  log_bytes(d, sat_mul((uint64_t)parts[i].pages, page)));
	}
	if (sb.len)
		sb_addch(&sb, ')');
	return arena_strdup(&d->arena, sb_str(&sb));
}

static const char *zone_words(struct walk *w)
{
	struct log_diagnosis *d = w->d;
	const struct log_zone_check *c = d->transient ? w->passes : w->main;
	const struct watermark_test *t;
	uint64_t page = w->mm.page_size;

	if (!c)
		return "no zone with memory is allowed to it";
	t = &c->test;
	if (c->no_marks)
		return arena_printf(&d->arena, "the watermarks of node %d %s are not in the report", c->node, c->zone);
	if (d->cause == CAUSE_ORDER_TOO_BIG)
		return arena_printf(&d->arena, "the largest block of this kernel is order %u",
				    w->mm.max_order);
	if (d->transient)
		return arena_printf(&d->arena,
				    "the numbers, printed after the failure, would let it pass: node %d %s has %s free, of which this request must leave %s%s",
				    c->node, c->zone, log_bytes(d, sat_mul((uint64_t)t->free, page)),
				    log_bytes(d, sat_mul((uint64_t)(t->min + t->reserve), page)),
				    w->order ? arena_printf(&d->arena, ", largest usable block order %d", t->largest_order) : "");
	if (t->marks_ok && w->order && t->largest_order >= (int)w->order)
		return arena_printf(&d->arena,
				    "node %d %s has %s free, %s above its mark, but too few in blocks of that order: this kernel keeps a part of the mark in each order",
				    c->node, c->zone, log_bytes(d, sat_mul((uint64_t)t->free, page)),
				    log_bytes(d, sat_mul((uint64_t)t->margin, page)));
	if (t->marks_ok && w->order)
		return arena_printf(&d->arena,
				    "node %d %s has %s free, %s above its mark, but no usable block of that order%s%s",
				    c->node, c->zone, log_bytes(d, sat_mul((uint64_t)t->free, page)),
				    log_bytes(d, sat_mul((uint64_t)t->margin, page)),
				    t->largest_order < 0 ? ", as far as the report shows"
							 : arena_printf(&d->arena, ": largest usable order %d", t->largest_order),
				    t->barred_blocks ? " (larger ones are in CMA, HighAtomic or Isolate lists)" : "");
	if (d->marks_absurd)
		return arena_printf(&d->arena, "node %d %s must keep %s free, more than there is: see vm.min_free_kbytes",
				    c->node, c->zone, log_bytes(d, sat_mul(w->main_zone->min, page)));
	return arena_printf(&d->arena, "node %d %s has %s free, %s short of what this request must leave%s", c->node, c->zone,
			    log_bytes(d, sat_mul((uint64_t)t->free, page)), log_bytes(d, sat_mul((uint64_t)(1 - t->margin), page)),
			    d->cause == CAUSE_WATERMARK_RESERVE ? kept_back_words(d, t, page) : "");
}

static int summarize(struct log_diagnosis *d, const struct log_report *r, const char *detail)
{
	d->request = what(d, r);
	d->detail = detail;
	if (!d->request || !detail)
		return -ENOMEM;
	d->summary = arena_printf(&d->arena, "%s: %s; %s", d->request, log_cause_words(d->cause), detail);
	return d->summary ? 0 : -ENOMEM;
}

/* ---- kinds ---- */

int log_pages_kind(struct log_diagnosis *d, const struct log_report *r, struct mm_rules *rules)
{
	struct snapshot *s = log_snapshot(r);
	struct walk w = { .d = d, .r = r };
	int err = -ENOMEM;

	d->largest_order = -1;
	if (!s)
		return err;
	if (rules->version && !s->kernel.has_version) {
		s->kernel.has_version = s->kernel.guessed = true;
		s->kernel.major = rules->version >> 16;
		s->kernel.minor = (rules->version >> 8) & 255;
	}
	w.order = order_asked(r);
	if (!mm_init(&w.mm, s) && !walk_zones(&w)) {
		if (too_big(&w))
			d->cause = CAUSE_ORDER_TOO_BIG;
		else if (!w.mm.n_zones || (w.n_allowed && w.n_unknown == w.n_allowed))
			d->cause = cause_by_request(d, r);
		else
			d->cause = cause_by_zones(&w);
		could_help(&w);
		err = summarize(d, r, d->weak ? "no watermarks in the report: judged by the request alone" : zone_words(&w));
	}
	mm_done(&w.mm);
	snapshot_free(s);
	return err;
}

int log_diagnose(struct log_diagnosis *d, const struct log_report *r, const struct log_report *before,
		 const struct log_diagnosis *before_d)
{
	struct snapshot *s;
	struct mm_rules rules;
	int err;

	memset(d, 0, sizeof(*d));
	d->largest_order = -1;
	s = log_snapshot(r);
	if (!s)
		return -ENOMEM;
	rules = mm_rules_of(s);
	err = log_gfp_decode(d, r, &rules);
	d->mm_rules = rules;
	d->version = rules.assumed ? 0 : rules.version;
	d->may_ever_compact = !d->version || d->version >= (2u << 16 | 6 << 8 | 35);
	d->rules = arena_strdup(&d->arena, rules.label ? rules.label : "");
	snapshot_free(s);
	if (err)
		return err;
	if (r->has_order && r->order >= 0 && r->order < 64 && r->page_size.known)
		d->size_bytes = opt_u64(sat_shl(r->page_size.v, (unsigned int)r->order));
	if (r->kind == LOG_PAGE_ALLOC_FAILURE)
		err = log_pages_kind(d, r, &rules);
	else if (r->kind == LOG_VMALLOC)
		err = log_vmalloc_kind(d, r, &rules);
	else if (r->kind == LOG_OOM)
		err = log_oom_kind(d, r, &rules);
	else if (r->kind == LOG_SLUB)
		err = log_slub_kind(d, r, before, before_d);
	else if (r->kind == LOG_OTHER)
		err = log_event_kind(d, r, &rules, before, before_d);
	else
		err = log_one_line_kind(d, r);
	return err ? err : log_remedies(d, r, before, before_d);
}
