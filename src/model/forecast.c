// SPDX-License-Identifier: GPL-2.0-or-later
/* When a request will find no block any more. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "kernel/order.h"
#include "model/findings_priv.h"

unsigned int request_block_order(const struct snapshot *s, const struct request *r)
{
	uint64_t page = snapshot_page_size(s), size = opt_or(r->size, 0);
	bool given = r->order >= 0 || r->size.known;

	switch (r->api) {
	case API_VMALLOC:
	case API_VZALLOC:
	case API_KVMALLOC: /* falls back to vmalloc */
	case API_KVZALLOC:
	case API_ALLOC_PERCPU:
	case API_GET_ZEROED_PAGE:
		return 0;
	case API_THP:
		if (!given)
			return hpage_pmd_order(s, page);
		break;
	case API_HUGETLB:
		if (!given)
			return get_order(default_huge_page(s, page), page);
		break;
	case API_ALLOC_SKB:
		size = skb_data_bytes(s, size);
		break;
	default:
		break;
	}
	if (r->order >= 0)
		return (unsigned int)r->order;
	return size ? get_order(size, page) : 0;
}

/* The last value that a row has; NaN if none. */
static double last_of(const struct finder *f, const struct series *row)
{
	for (size_t i = f->n; row && i > 0; i--) {
		if (!isnan(row->v[f->first + i - 1]))
			return row->v[f->first + i - 1];
	}
	return (double)NAN;
}

/* Why there is no estimate. */
static const char *refuse(struct arena *arena, unsigned int order, enum trend_end end,
			  const struct trend *t)
{
	char span[FIND_TEXT];

	find_span(span, t->span_s);
	switch (end) {
	case TREND_NO_WAY:
		return arena_printf(arena, "no estimate: free blocks of order %u and above did not decline for sure over "
					   "%s", order, span);
	case TREND_TOO_FAR:
		return arena_printf(arena, "no estimate: at this pace free blocks of order %u and above last for more than "
					   "ten times the %s that were seen (r\u00b2 %.2f)", order, span, t->fit);
	default:
		return arena_printf(arena, "no estimate: free blocks of order %u and above show no steady decline over %s "
					   "(r\u00b2 %.2f)", order, span, t->fit);
	}
}

/* Fills all of @c but @what. */
static void estimate(struct finder *f, struct arena *arena, struct forecast *c)
{
	char number[16], s[FIND_TEXT], lo[FIND_TEXT], hi[FIND_TEXT], span[FIND_TEXT];
	const struct series *row;
	enum trend_end end;
	struct trend t;

	snprintf(number, sizeof(number), "%u", c->order);
	row = f->h ? history_get(f->h, SERIES_FREE_FROM, number) : NULL;
	if (f->h && f->h->n_orders && c->order >= f->h->n_orders) {
		c->sentence = arena_printf(arena, "no estimate: the page allocator has no blocks of order %u, its largest is "
						  "%u", c->order, f->h->n_orders - 1);
		return;
	}
	if (fpclassify(last_of(f, row)) == FP_ZERO) {
		c->sentence = arena_printf(arena, "no estimate: no block of order %u or above is free at the end already; the "
						  "request depends on reclaim and compaction", c->order);
		return;
	}
	if (!finder_trend(f, SERIES_FREE_FROM, number, &t)) {
		c->sentence = "no estimate: it takes at least 8 samples over 15 s that show the free lists";
		return;
	}
	end = trend_time_to(&t, 0, &c->s, &c->earliest_s, &c->latest_s);
	if (end != TREND_ARRIVES) {
		c->sentence = refuse(arena, c->order, end, &t);
		return;
	}
	c->supported = true;
	c->sentence = arena_printf(
		arena,
		"at this pace the last free block of order %u is gone in %s (95 %%: %s to %s; r\u00b2 %.2f over "
		"%s); from then on the request depends on reclaim and compaction",
		c->order, find_span(s, c->s), find_span(lo, c->earliest_s), find_span(hi, c->latest_s), t.fit,
		find_span(span, t.span_s));
}

int findings_forecast(struct findings *fs, const struct diff *d, const struct history *h,
		      unsigned int order, const char *what)
{
	struct finder f = { .d = d, .h = h, .fs = fs };
	struct forecast *c = &fs->forecast;

	if (finder_take_times(&f))
		return -ENOMEM;
	fs->has_forecast = true;
	c->order = order;
	c->what = arena_strdup(&fs->arena, what);
	estimate(&f, &fs->arena, c);
	free(f.t);
	return c->what && c->sentence ? 0 : -ENOMEM;
}
