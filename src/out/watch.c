// SPDX-License-Identifier: GPL-2.0-or-later
/* Lines of the live view. */
#include "out/watch.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>

#include "base/timefmt.h"
#include "out/diff.h"

PRINTF_LIKE(3, 4) static void add(struct watch_frame *w, enum text_tone tone, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (vec_grow(&w->v, &w->cap, w->n, sizeof(*w->v))) {
		w->failed = true;
		return;
	}
	w->v[w->n].tone = tone;
	w->v[w->n].text = arena_strdup(&w->arena, text);
	if (!w->v[w->n].text)
		w->failed = true;
	else
		w->n++;
}

/* A name of the kernel's, made fit for a terminal. */
static const char *shown(struct watch_frame *w, const char *name, size_t max)
{
	auto_strbuf struct strbuf sb = STRBUF_INIT;
	const char *kept;

	sb_add_shown(&sb, name, max);
	kept = arena_strdup(&w->arena, sb_str(&sb));
	return kept ? kept : "";
}

/* "1.5", or "-" where it is not known. */
static const char *rate(const struct diff *d, const char *prefix, char buf[32])
{
	double v = diff_counters_rate(d, prefix);

	snprintf(buf, 32, v < 0 ? "-" : "%.1f", v);
	return buf;
}

static void add_top(struct watch_frame *w, const struct text_style *st, const struct watch_opts *o,
		    const struct diff *d)
{
	static const char *const views[] = { "overview", "caches", "vmalloc", "requests", "help" };
	char time[TIME_RFC3339_MAX] = "-", a[SIZE_TEXT_MAX], b[SIZE_TEXT_MAX], c[SIZE_TEXT_MAX], e[SIZE_TEXT_MAX];
	struct opt_u64 slab = d->accounts[ACC_SLAB_UNRECLAIMABLE].after, vmalloc = accounts_vmalloc_bytes(d->b);
	char t[3][32];

	/* Before 5.3 in vmallocinfo only. */
	if (!vmalloc.known && d->ends.part[PART_VMALLOC].b)
		vmalloc = accounts_vmalloc_bytes(d->ends.part[PART_VMALLOC].b);

	if (d->b->time_ns.known)
		time_rfc3339((int64_t)d->b->time_ns.v, time);
	add(w, TONE_HEAD, "memtool watch: %s, %.19s%s%s%s  [%s]  h for help", shown(w, d->b->host ? d->b->host : "?", 30),
	    time, o->status ? ", " : "", o->status ? o->status : "", o->paused ? ", paused" : "", views[o->view]);
	slab.v = sat_add(slab.v, opt_or(d->accounts[ACC_SLAB_RECLAIMABLE].after, 0));
	add(w, TONE_PLAIN, "free %s  page cache %s  slab %s  vmalloc pages %s",
	    size_text(st, d->accounts[ACC_FREE].after, a), size_text(st, d->accounts[ACC_PAGE_CACHE].after, b),
	    size_text(st, slab, c), size_text(st, vmalloc, e));
	add(w, TONE_PLAIN, "stalls/s %s  compaction/s ok %s, failed %s", rate(d, "allocstall", t[0]),
	    rate(d, "compact_success", t[1]), rate(d, "compact_fail", t[2]));
}

/* Pages in free blocks of @order and above; unknown where the lists were not read. */
static struct opt_u64 free_from(const struct diff_zone *z, unsigned int order)
{
	struct opt_u64 sum = OPT_UNKNOWN;

	for (unsigned int o = 0; o < z->n_orders; o++) {
		if (z->free_blocks[o].after.known)
			sum = opt_u64(sat_add(sum.v, o >= order ? sat_shl(z->free_blocks[o].after.v, o) : 0));
	}
	return sum;
}

/* Memory in the blocks of each order, as a bar of heights. */
static void add_bar(struct strbuf *bar, const struct text_style *st, const struct diff_zone *z)
{
	uint64_t most = 0;

	for (unsigned int o = 0; o < z->n_orders; o++) {
		uint64_t pages = sat_shl(opt_or(z->free_blocks[o].after, 0), o);

		most = pages > most ? pages : most;
	}
	for (unsigned int o = 0; o < z->n_orders; o++)
		sb_addstr(bar, spark(st, sat_shl(opt_or(z->free_blocks[o].after, 0), o), most));
	/* Columns, not bytes: the bar's characters are wider than one byte. */
	for (unsigned int o = z->n_orders; o < 16; o++)
		sb_addch(bar, ' ');
}

static void add_zones(struct watch_frame *w, const struct text_style *st, const struct diff *d)
{
	add(w, TONE_PLAIN, "%s", "");
	add(w, TONE_HEAD, "%4s %-9s %8s %8s  %-16s %7s %7s", "node", "zone", "free", "change", "by order 0..",
	    "order4+", "order9+");
	for (size_t i = 0; i < d->n_zones; i++) {
		const struct diff_zone *z = &d->zones[i];
		struct change bytes = z->free_pages;
		struct opt_u64 from4 = free_from(z, 4), from9 = free_from(z, 9);
		auto_strbuf struct strbuf bar = STRBUF_INIT;
		char a[SIZE_TEXT_MAX], b[SIZE_TEXT_MAX + 1], c[SIZE_TEXT_MAX], e[SIZE_TEXT_MAX];

		add_bar(&bar, st, z);
		bytes.after = diff_page_bytes(d, bytes.after);
		bytes.delta = sat_mul(bytes.delta, d->page_size);
		if (z->n_orders == 0 && opt_or(z->free_pages.after, 0) == 0)
			continue;
		add(w, from4.known && from4.v == 0 ? TONE_BAD : TONE_PLAIN, "%4d %-9s %8s %8s  %s %7s %7s", z->node,
		    shown(w, z->zone, 9), size_text(st, bytes.after, a), change_text(st, &bytes, b), sb_str(&bar),
		    size_text(st, diff_page_bytes(d, from4), c), size_text(st, diff_page_bytes(d, from9), e));
	}
}

/* ", read 12:00:05, change in 60 s" where a file is of other samples than the frame; else "". */
static const char *part_time(struct watch_frame *w, const struct diff *d, enum diff_part part)
{
	const struct snapshot *a = d->ends.part[part].a, *b = d->ends.part[part].b;
	char time[TIME_RFC3339_MAX];
	auto_strbuf struct strbuf sb = STRBUF_INIT;
	const char *kept;

	if (b && b != d->b && b->time_ns.known) {
		time_rfc3339((int64_t)b->time_ns.v, time);
		sb_printf(&sb, ", read %.8s", strlen(time) > 19 ? time + 11 : time);
	}
	if (diff_has_part(d, part) && (a != d->a || b != d->b) && diff_part_span_s(d, part) > 0)
		sb_printf(&sb, ", change in %.*f s", diff_part_span_s(d, part) < 10 ? 1 : 0, diff_part_span_s(d, part));
	kept = arena_strdup(&w->arena, sb_str(&sb));
	return kept ? kept : "";
}

static int by_bytes(const void *a, const void *b)
{
	const struct diff_cache *x = *(const struct diff_cache *const *)a;
	const struct diff_cache *y = *(const struct diff_cache *const *)b;

	return (x->bytes.after.v < y->bytes.after.v) - (x->bytes.after.v > y->bytes.after.v);
}

static int callers_by_bytes(const void *a, const void *b)
{
	const struct diff_caller *x = *(const struct diff_caller *const *)a;
	const struct diff_caller *y = *(const struct diff_caller *const *)b;

	return (x->bytes.after.v < y->bytes.after.v) - (x->bytes.after.v > y->bytes.after.v);
}

static void add_caches(struct watch_frame *w, const struct text_style *st, const struct watch_opts *o,
		       const struct diff *d, size_t rows)
{
	const struct diff_cache **v = arena_array(&w->arena, d->n_caches, sizeof(*v));
	char a[SIZE_TEXT_MAX], b[SIZE_TEXT_MAX + 1], c[SIZE_TEXT_MAX];

	add(w, TONE_PLAIN, "%s", "");
	add(w, TONE_HEAD, "%9s %9s %9s %10s  slab cache (by %s%s)", "bytes", "change", "not used", "objects",
	    o->by_change ? "change" : "bytes", part_time(w, d, PART_SLAB));
	for (size_t i = 0; v && i < d->n_caches; i++)
		v[i] = &d->caches[i];
	if (v && d->n_caches && !o->by_change)
		qsort(v, d->n_caches, sizeof(*v), by_bytes);
	for (size_t i = o->scroll; v && i < d->n_caches && i < o->scroll + rows; i++)
		add(w, TONE_PLAIN, "%9s %9s %9s %10" PRIu64 "  %s", size_text(st, v[i]->bytes.after, a),
		    change_text(st, &v[i]->bytes, b), size_text(st, v[i]->idle_bytes.after, c), v[i]->objects.after.v,
		    shown(w, v[i]->name, 60));
}

static void add_callers(struct watch_frame *w, const struct text_style *st, const struct watch_opts *o,
			const struct diff *d, size_t rows)
{
	const struct diff_caller **v = arena_array(&w->arena, d->n_callers, sizeof(*v));
	char a[SIZE_TEXT_MAX], b[SIZE_TEXT_MAX + 1];

	add(w, TONE_PLAIN, "%s", "");
	add(w, TONE_HEAD, "%9s %9s %7s  vmalloc caller (by %s%s)", "bytes", "change", "areas",
	    o->by_change ? "change" : "bytes", part_time(w, d, PART_VMALLOC));
	for (size_t i = 0; v && i < d->n_callers; i++)
		v[i] = &d->callers[i];
	if (v && d->n_callers && !o->by_change)
		qsort(v, d->n_callers, sizeof(*v), callers_by_bytes);
	for (size_t i = o->scroll; v && i < d->n_callers && i < o->scroll + rows; i++)
		add(w, TONE_PLAIN, "%9s %9s %7" PRIu64 "  %s (%s)", size_text(st, v[i]->bytes.after, a),
		    change_text(st, &v[i]->bytes, b), v[i]->areas.after.v,
		    shown(w, *v[i]->caller ? v[i]->caller : "unnamed", 60), vmalloc_kind_name(v[i]->kind));
}

static void add_requests(struct watch_frame *w, const struct watch_opts *o, const struct common_table *t,
			 size_t rows)
{
	add(w, TONE_PLAIN, "%s", "");
	add(w, TONE_HEAD, "%5s  %-16s %s", "p", "verdict", "request");
	for (size_t i = o->scroll; t && i < t->n_rows && i < o->scroll + rows; i++) {
		const struct common_row *r = &t->rows[i];
		enum verdict_class v = verdict_of(r->verdict.probability);

		add(w, v <= LIKELY_FAILS ? TONE_BAD : v == UNCERTAIN ? TONE_WARN : TONE_GOOD, "%4.0f%%  %-16s %s",
		    100 * r->verdict.probability, verdict_words(v), r->label);
	}
	if (!t)
		add(w, TONE_WARN, "no zone could be read");
}

static void add_help(struct watch_frame *w)
{
	static const char *const lines[] = {
		"",
		"o  overview: zones, worst requests, top caches and vmalloc callers",
		"c  slab caches        v  vmalloc callers        r  requests        h, ?  this help",
		"s  sort by change or by size        up, down, page up, page down  scroll",
		"space  pause        + -  longer or shorter interval        q  quit",
		"",
		"replay of a recording: left, right  a sample back, ahead        < >  100 samples",
		"                       home, end    to the first, to the last",
	};

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
		add(w, TONE_PLAIN, "%s", lines[i]);
}

int watch_frame_make(struct watch_frame *w, const struct text_style *st, const struct watch_opts *o,
		     const struct diff *d, const struct common_table *requests, unsigned int rows)
{
	size_t left, third;

	add_top(w, st, o, d);
	if (o->view == WATCH_HELP)
		add_help(w);
	if (o->view == WATCH_OVERVIEW)
		add_zones(w, st, d);
	left = rows > w->n + 2 ? rows - w->n - 2 : 1;
	third = left > 9 ? (left - 4) / 3 : 2;
	switch (o->view) {
	case WATCH_OVERVIEW:
		add_requests(w, &(struct watch_opts){ 0 }, requests, third);
		add_caches(w, st, &(struct watch_opts){ .by_change = o->by_change }, d, third);
		add_callers(w, st, &(struct watch_opts){ .by_change = o->by_change }, d, third);
		break;
	case WATCH_CACHES:
		add_caches(w, st, o, d, left);
		break;
	case WATCH_CALLERS:
		add_callers(w, st, o, d, left);
		break;
	case WATCH_REQUESTS:
		add_requests(w, o, requests, left);
		break;
	default:
		break;
	}
	return w->failed ? -ENOMEM : 0;
}

void watch_frame_done(struct watch_frame *w)
{
	free(w->v);
	arena_done(&w->arena);
	*w = (struct watch_frame){ 0 };
}
