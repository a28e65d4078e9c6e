// SPDX-License-Identifier: GPL-2.0-or-later
/* Findings about those who take memory: slab caches, vmalloc callers, unseen pages. */
#include <inttypes.h>
#include <stdio.h>

#include "model/findings_priv.h"

/* Steady growth in words: "grew by A in S without shrinking: B an hour (95 %: C to D; r² E)". */
static void say_trend(struct strbuf *sb, const struct trend *t, double grown)
{
	char a[FIND_TEXT], b[FIND_TEXT], c[FIND_TEXT], d[FIND_TEXT], s[FIND_TEXT];

	sb_printf(sb, "grew by %s in %s", find_size(a, grown), find_span(s, t->span_s));
	if (t->fall > 0)
		sb_printf(sb, ", and never fell by more than %s", find_size(b, t->fall));
	else
		sb_addstr(sb, " without shrinking");
	sb_printf(sb, ": %s an hour (95 %%: %s to %s; r\u00b2 %.2f)", find_size(b, 3600 * t->slope),
		  find_size(c, 3600 * t->slope_lo), find_size(d, 3600 * t->slope_hi), t->fit);
}

/* @span_s: 0 where it is not known. */
static void say_ends(struct strbuf *sb, const struct change *bytes, double span_s)
{
	char a[FIND_TEXT], b[FIND_TEXT], c[FIND_TEXT], s[FIND_TEXT];

	sb_printf(sb, "grew by %s, from %s to %s", find_size(a, (double)bytes->delta),
		  find_size(b, (double)bytes->before.v), find_size(c, (double)bytes->after.v));
	if (span_s > 0)
		sb_printf(sb, ", in %s", find_span(s, span_s));
}

/* With rows between the ends: what has come down again from its height is no growth to report. */
static bool still_high(const struct finder *f, bool has_trend, const struct trend *t)
{
	return !has_trend || f->n < TREND_MIN_POINTS || t->retreat <= (t->max - t->min) / 4;
}

/* ---- slab ---- */

/* Whether the kernel is known to be older than that release. */
static bool is_before(const struct finder *f, unsigned int major, unsigned int minor)
{
	const struct snap_kernel *k = &f->d->b->kernel;

	return k->has_version && (k->major < major || (k->major == major && k->minor < minor));
}

/* alloc_calls became alloc_traces, in debugfs, with 5.14; allocation profiling came with 6.10. */
static void next_for_cache(struct finder *f, struct finding *x, const char *cache)
{
	const char *calls = is_before(f, 5, 14) ? "kernel/slab" : "kernel/debug/slab";

	if (f->d->n_sites)
		finding_set_next(f, x, "allocation profiling is on: compare /proc/allocinfo for who allocates it");
	else
		finding_set_next(f, x, "who allocates it: /sys/%s/%s/%s (boot with slub_debug=U,%s)%s", calls, cache,
				 is_before(f, 5, 14) ? "alloc_calls" : "alloc_traces", cache,
				 is_before(f, 6, 10) ? " or kmemleak"
						     : ", kmemleak, or allocation profiling (sysctl vm.mem_profiling=1)");
}

static void add_cache(struct finder *f, enum finding_kind kind, const struct diff_cache *c,
		      const struct trend *t, uint64_t bytes)
{
	auto_strbuf struct strbuf sb = STRBUF_INIT;
	struct finding *x;

	if (kind == FINDING_SLAB_LEAK)
		say_trend(&sb, t, (double)bytes);
	else if (kind == FINDING_SLAB_WASTE)
		say_ends(&sb, &c->idle_bytes, diff_part_span_s(f->d, PART_SLAB));
	else
		say_ends(&sb, &c->bytes, diff_part_span_s(f->d, PART_SLAB));
	if (kind == FINDING_SLAB_LEAK)
		x = finder_add(f, kind, c->name, "slab cache %s %s: a suspected leak", c->name, sb_str(&sb));
	else if (kind == FINDING_SLAB_WASTE)
		x = finder_add(f, kind, c->name,
			       "free objects in slab cache %s, which hold their slabs, %s", c->name, sb_str(&sb));
	else
		x = finder_add(f, kind, c->name, "slab cache %s, which cannot be reclaimed, %s", c->name,
			       sb_str(&sb));
	if (!x)
		return;
	x->bytes = opt_u64(bytes);
	x->has_trend = t != NULL;
	if (t)
		x->trend = *t;
	if (kind == FINDING_SLAB_WASTE)
		finding_set_next(f, x, "echo 1 > /sys/kernel/slab/%s/shrink gives back the slabs that are empty",
				 c->name);
	else
		next_for_cache(f, x, c->name);
}

/* One object for each that kmemleak watches (mm/kmemleak.c:create_object): it grows with what others allocate. */
static bool grows_with_others(const struct diff_cache *c)
{
	return strcmp(c->name, "kmemleak_object") == 0;
}

static void find_cache(struct finder *f, const struct diff_cache *c)
{
	bool objects_grew = !grows_with_others(c) && find_grew(&c->objects, 1), idle = !c->idle_bytes.negative &&
			    c->idle_bytes.delta > c->bytes.delta / 2;
	struct trend t;
	bool has_trend = finder_trend(f, SERIES_CACHE, c->name, &t);

	/* Objects of a reclaimable cache (dentries, inodes) stay until memory is short: that is no leak. */
	if (!c->reclaimable && objects_grew && find_grew(&c->bytes, finder_least_leak(f)) && has_trend && trend_is_leak(&t)) {
		add_cache(f, FINDING_SLAB_LEAK, c, &t, c->bytes.delta);
		return;
	}
	if (!c->reclaimable && find_grew(&c->bytes, finder_least_growth(f)) && objects_grew && !idle &&
	    still_high(f, has_trend, &t)) {
		add_cache(f, FINDING_SLAB_GROWTH, c, has_trend ? &t : NULL, c->bytes.delta);
		return;
	}
	has_trend = finder_trend(f, SERIES_CACHE_IDLE, c->name, &t);
	if (find_grew(&c->idle_bytes, finder_least_growth(f)) && c->bytes.after.known &&
	    c->idle_bytes.after.v >= c->bytes.after.v / 3 && still_high(f, has_trend, &t))
		add_cache(f, FINDING_SLAB_WASTE, c, has_trend ? &t : NULL, c->idle_bytes.delta);
}

void find_slab(struct finder *f)
{
	for (size_t i = 0; i < f->d->n_caches; i++)
		find_cache(f, &f->d->caches[i]);
}

/* ---- vmalloc ---- */

static void add_caller(struct finder *f, enum finding_kind kind, const struct diff_caller *c,
		       const struct trend *t, uint64_t bytes)
{
	auto_strbuf struct strbuf sb = STRBUF_INIT;
	const char *caller = *c->caller ? c->caller : "an unnamed caller";
	bool stacks = vmalloc_caller_is_stack(c->caller);
	struct finding *x;

	if (kind == FINDING_VMALLOC_LEAK)
		say_trend(&sb, t, (double)bytes);
	else
		say_ends(&sb, &c->bytes, diff_part_span_s(f->d, PART_VMALLOC));
	x = finder_add(f, kind, caller, "%s areas of %s%s %s%s", vmalloc_kind_name(c->kind), caller,
		       stacks			    ? " (kernel stacks: one a thread)"
		       : c->kind == VMALLOC_IOREMAP ? " (a device's memory: addresses, no RAM)"
						    : "", sb_str(&sb),
		       kind == FINDING_VMALLOC_LEAK ? ": a suspected leak" : "");
	if (!x)
		return;
	x->bytes = opt_u64(bytes);
	x->has_trend = t != NULL;
	if (t)
		x->trend = *t;
	x->of_addresses = c->kind == VMALLOC_IOREMAP;
	if (x->of_addresses)
		finding_set_next(f, x, "the function is named; which memory it maps: phys= in /proc/vmallocinfo, whose "
				       "that is: /proc/iomem");
	else if (stacks)
		finding_set_next(f, x, "which process makes threads: ps -eo nlwp,pid,comm --sort=-nlwp");
	else if (f->d->n_sites)
		finding_set_next(f, x, "allocation profiling is on: compare /proc/allocinfo for the line");
	else
		finding_set_next(f, x, "the function is named; its callers: kmemleak, or trace it "
				       "(perf trace, function graph of vmalloc)");
}

static void find_caller(struct finder *f, const struct diff_caller *c)
{
	char name[512];
	struct trend t;
	bool has_trend;

	/* Lazily freed areas are given back on their own. */
	if (c->kind == VMALLOC_UNPURGED || c->kind == VMALLOC_VM_MAP_RAM)
		return;
	has_trend = finder_trend(f, SERIES_CALLER, history_caller_name(name, sizeof(name), c->caller, c->kind), &t);
	if (find_grew(&c->bytes, finder_least_leak(f)) && has_trend && trend_is_leak(&t))
		add_caller(f, FINDING_VMALLOC_LEAK, c, &t, c->bytes.delta);
	else if (find_grew(&c->bytes, finder_least_growth(f)) && still_high(f, has_trend, &t))
		add_caller(f, FINDING_VMALLOC_GROWTH, c, has_trend ? &t : NULL, c->bytes.delta);
}

void find_vmalloc(struct finder *f)
{
	for (size_t i = 0; i < f->d->n_callers; i++)
		find_caller(f, &f->d->callers[i]);
}

/* ---- kmemleak ---- */

/* Some objects are found again by the next scan: fewer than these, and less than a page, are no finding. */
#define UNREFERENCED_OBJECTS 8
#define UNREFERENCED_BYTES 4096

static void add_loser(struct finder *f, const struct diff_loser *l)
{
	char now[FIND_TEXT], more[FIND_TEXT], name[FIND_FUNCTION];
	struct finding *x = finder_add(
		f, FINDING_UNREFERENCED, *l->function ? l->function : "unknown",
		"nothing points to %" PRIu64 " object%s (%s) of %s any more, says kmemleak, %" PRIu64 " (%s) of them new",
		l->objects.after.v, plural(l->objects.after.v), find_size(now, (double)l->bytes.after.v),
		find_function(name, l->function, l->module), l->objects.delta, find_size(more, (double)l->bytes.delta));

	if (!x)
		return;
	x->bytes = opt_u64(l->bytes.delta);
	finding_set_next(f, x, "the objects and how they were allocated: /sys/kernel/debug/kmemleak (echo scan > it "
			       "first)");
}

void find_unreferenced(struct finder *f)
{
	for (size_t i = 0; i < f->d->n_losers; i++) {
		const struct diff_loser *l = &f->d->losers[i];

		if (find_grew(&l->bytes, UNREFERENCED_BYTES) || find_grew(&l->objects, UNREFERENCED_OBJECTS))
			add_loser(f, l);
	}
}

/* ---- pages that no file accounts for ---- */

void find_unaccounted(struct finder *f)
{
	const struct change *c = &f->d->accounts[ACC_OTHER];
	uint64_t least = 4 * finder_least_growth(f);
	auto_strbuf struct strbuf sb = STRBUF_INIT;
	struct finding *x;
	struct trend t;
	bool has_trend = finder_trend(f, SERIES_ACCOUNT, account_name(ACC_OTHER), &t);

	if (!find_grew(c, least) || !still_high(f, has_trend, &t))
		return;
	say_ends(&sb, c, f->d->account_span_s[ACC_OTHER]);
	x = finder_add(f, FINDING_UNACCOUNTED, "alloc_pages",
		       "memory that no counter of the kernel accounts for %s: pages that a driver took straight "
		       "from the page allocator", sb_str(&sb));
	if (!x)
		return;
	x->bytes = opt_u64(c->delta);
	x->has_trend = has_trend;
	if (has_trend)
		x->trend = t;
	finding_set_next_owner(f, x, is_before(f, 6, 10)
					     ? "who holds them: page_owner=on at boot, then memtool slab"
					     : "who holds them: page_owner=on at boot, then memtool slab; or allocation "
					       "profiling");
}
