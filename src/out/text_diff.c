// SPDX-License-Identifier: GPL-2.0-or-later
/* Differences for a person: findings first, then what changed most. */
#include <inttypes.h>
#include <string.h>

#include "base/timefmt.h"
#include "out/diff.h"

#define ROWS 10

char *change_text(const struct text_style *st, const struct change *c, char buf[SIZE_TEXT_MAX + 1])
{
	if (c->kind == CHANGE_UNKNOWN || c->kind == CHANGE_RESET)
		return strcpy(buf, "-");
	if (c->delta == 0)
		return strcpy(buf, "0");
	buf[0] = c->negative ? '-' : '+';
	size_text(st, opt_u64(c->delta), buf + 1);
	return buf;
}

/* With its sign, in @width columns and a blank before. */
static void put_count(FILE *f, const struct change *c, unsigned int width)
{
	char number[SIZE_TEXT_MAX], text[SIZE_TEXT_MAX + 1];

	if (c->kind == CHANGE_UNKNOWN || c->kind == CHANGE_RESET)
		snprintf(text, sizeof(text), "-");
	else
		snprintf(text, sizeof(text), "%s%s", c->delta == 0 ? "" : c->negative ? "-" : "+",
			 count_text(c->delta, width - 1, number));
	fprintf(f, " %*s", (int)width, text);
}

static void heading(FILE *f, const struct text_style *st, const char *text)
{
	fprintf(f, "\n%s%s%s\n", tone_begin(st, TONE_HEAD), text, tone_end(st, TONE_HEAD));
}

/* ---- findings ---- */

void text_findings(FILE *f, const struct text_style *st, const struct findings *fs)
{
	for (size_t i = 0; i < fs->n; i++) {
		const struct finding *x = &fs->v[i];
		auto_strbuf struct strbuf sb = STRBUF_INIT;

		fprintf(f, "%s%2zu.%s ", tone_begin(st, TONE_BAD), i + 1, tone_end(st, TONE_BAD));
		sb_add_shown(&sb, x->sentence, 2000);
		put_wrapped(f, st, 4, sb_str(&sb));
		if (x->next) {
			fputs("    next: ", f);
			sb_reset(&sb);
			sb_add_shown(&sb, x->next, 2000);
			put_wrapped(f, st, 10, sb_str(&sb));
		}
	}
	if (fs->extent)
		put_wrapped(f, st, 0, fs->extent);
	if (fs->has_forecast) {
		auto_strbuf struct strbuf sb = STRBUF_INIT;

		sb_add_shown(&sb, fs->forecast.what, 200);
		sb_printf(&sb, ": %s", fs->forecast.sentence);
		put_wrapped(f, st, 4, sb_str(&sb));
	}
}

/* ---- tables ---- */

static void text_accounts(FILE *f, const struct text_style *st, const struct diff *d)
{
	char a[SIZE_TEXT_MAX], b[SIZE_TEXT_MAX], c[SIZE_TEXT_MAX + 1];
	bool any = false;

	for (unsigned int i = 0; i < ACC_COUNT; i++) {
		const struct change *x = &d->accounts[i];

		if (x->kind != CHANGE_BOTH || (x->delta == 0 && !st->verbose))
			continue;
		if (!any)
			fprintf(f, "\n%s%-28s %9s %9s %9s%s\n", tone_begin(st, TONE_HEAD), "Where memory went",
				"before", "after", "change", tone_end(st, TONE_HEAD));
		any = true;
		fprintf(f, "  %-26s %9s %9s %9s\n", account_label(i), size_text(st, x->before, a),
			size_text(st, x->after, b), change_text(st, x, c));
	}
}

#define ZONE_COLUMNS 14

static void put_zone_orders(FILE *f, const struct diff_zone *z, unsigned int width)
{
	fprintf(f, "  %3d %-8.8s", z->node, z->zone);
	if (z->came || z->went)
		fputs(z->came ? " (came)" : " (went)", f);
	for (unsigned int o = 0; o < z->n_orders && !z->came && !z->went; o++)
		put_count(f, &z->free_blocks[o], width);
	fputc('\n', f);
}

static void text_zone_orders(FILE *f, const struct text_style *st, const struct diff *d)
{
	unsigned int n = 0, width;

	for (size_t i = 0; i < d->n_zones; i++)
		n = d->zones[i].n_orders > n ? d->zones[i].n_orders : n;
	if (n == 0)
		return;
	width = st->width > ZONE_COLUMNS ? (st->width - ZONE_COLUMNS) / n : 0;
	width = width < 5 ? 4 : width > 7 ? 6 : width - 1;
	fprintf(f, "\n%s%-*s%s", tone_begin(st, TONE_HEAD), ZONE_COLUMNS, "Free blocks", tone_end(st, TONE_HEAD));
	for (unsigned int o = 0; o < n; o++)
		fprintf(f, " %*u", (int)width, o);
	fputc('\n', f);
	for (size_t i = 0; i < d->n_zones; i++) {
		const struct diff_zone *z = &d->zones[i];
		bool moved = z->came || z->went;

		for (unsigned int o = 0; o < z->n_orders; o++)
			moved |= z->free_blocks[o].delta != 0;
		if (z->n_orders && (moved || st->verbose))
			put_zone_orders(f, z, width);
	}
}

static void text_pageblocks(FILE *f, const struct text_style *st, const struct diff *d)
{
	bool any = false;

	for (size_t i = 0; i < d->n_zones; i++) {
		const struct diff_zone *z = &d->zones[i];

		for (size_t j = 0; j < z->n_types; j++) {
			const struct change *c = &z->types[j].pageblocks;

			if (c->kind != CHANGE_BOTH || c->delta == 0)
				continue;
			if (!any)
				heading(f, st, "Pageblocks");
			any = true;
			fprintf(f, "  %3d %-12.12s %-12.12s %8" PRIu64 " -> %-8" PRIu64, z->node, z->zone,
				z->types[j].name, c->before.v, c->after.v);
			put_count(f, c, 6);
			fputc('\n', f);
		}
	}
}

static const char *came_or_went(const struct change *c)
{
	return c->kind == CHANGE_CAME ? "  (new)" : c->kind == CHANGE_WENT ? "  (gone)" : "";
}

static void put_name(FILE *f, const char *name, size_t width)
{
	auto_strbuf struct strbuf sb = STRBUF_INIT;

	sb_add_shown(&sb, name, width > 8 ? width : 8);
	fprintf(f, "%s%s\n", sb.len ? "  " : "", sb_str(&sb));
}

static void text_caches(FILE *f, const struct text_style *st, const struct diff *d)
{
	size_t shown = 0;
	char b[SIZE_TEXT_MAX], c[SIZE_TEXT_MAX + 1];

	for (size_t i = 0; i < d->n_caches && (shown < ROWS || st->verbose); i++) {
		const struct diff_cache *x = &d->caches[i];

		if (x->bytes.delta == 0 && x->objects.delta == 0)
			continue;
		if (shown++ == 0)
			fprintf(f, "\n%s%-12s %9s %9s %8s  %s%s\n", tone_begin(st, TONE_HEAD), "Slab caches",
				"change", "now", "objects", "cache", tone_end(st, TONE_HEAD));
		fprintf(f, "  %10s %9s %9s", came_or_went(&x->bytes), change_text(st, &x->bytes, c),
			size_text(st, x->bytes.after, b));
		put_count(f, &x->objects, 8);
		put_name(f, x->name, 40);
	}
}

static void text_callers(FILE *f, const struct text_style *st, const struct diff *d)
{
	size_t shown = 0;
	char b[SIZE_TEXT_MAX], c[SIZE_TEXT_MAX + 1];

	for (size_t i = 0; i < d->n_callers && (shown < ROWS || st->verbose); i++) {
		const struct diff_caller *x = &d->callers[i];

		if (x->bytes.delta == 0 && x->areas.delta == 0)
			continue;
		if (shown++ == 0)
			fprintf(f, "\n%s%-15s %6s %9s %8s  %s%s\n", tone_begin(st, TONE_HEAD), "vmalloc callers",
				"change", "now", "areas", "caller", tone_end(st, TONE_HEAD));
		fprintf(f, "  %10s %9s %9s", came_or_went(&x->bytes), change_text(st, &x->bytes, c),
			size_text(st, x->bytes.after, b));
		put_count(f, &x->areas, 8);
		put_name(f, *x->caller			   ? x->caller
			    : x->kind == VMALLOC_UNPURGED ? "(freed, not given back yet)"
							  : "(unnamed)", 60);
	}
}

/* Counters of vmstat that a reader of this page looks for. */
static bool is_telling(const char *name)
{
	static const char *const prefixes[] = { "allocstall", "compact_", "oom_kill", "pgmigrate_",
						"pgsteal_direct", "pgscan_direct", "pgsteal_kswapd",
						"pgscan_kswapd", "thp_fault_", "kswapd_low", "kswapd_high",
						"pageoutrun", "drop_", "slabs_scanned", "pgalloc_" };

	for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++) {
		if (strncmp(name, prefixes[i], strlen(prefixes[i])) == 0)
			return true;
	}
	return false;
}

static void text_counters(FILE *f, const struct text_style *st, const struct diff *d)
{
	bool any = false;

	for (size_t i = 0; i < d->n_counters; i++) {
		const struct diff_counter *x = &d->counters[i];

		if ((x->change.delta == 0 && x->change.kind != CHANGE_RESET) || (x->gauge && !st->verbose) ||
		    (!st->verbose && !is_telling(x->name)))
			continue;
		if (!d->same_boot && !x->gauge)
			continue;
		if (!any)
			fprintf(f, "\n%s%-30s %8s %12s%s\n", tone_begin(st, TONE_HEAD), "Counters (vmstat)",
				"change", "a second", tone_end(st, TONE_HEAD));
		any = true;
		fprintf(f, "  %-28.60s", x->name);
		put_count(f, &x->change, 8);
		if (x->change.kind == CHANGE_RESET)
			fputs("  (went back)", f);
		else if (!x->gauge && d->span_ns)
			fprintf(f, " %12.1f", change_per_s(&x->change, d->span_ns));
		fputc('\n', f);
	}
}

/* ---- all ---- */

static void put_side(FILE *f, const struct snapshot *s)
{
	char time[TIME_RFC3339_MAX] = "time unknown";

	if (s->time_ns.known)
		time_rfc3339((int64_t)s->time_ns.v, time);
	put_shown(f, s->host ? s->host : "host unknown", 64);
	fputs(", ", f);
	put_shown(f, s->kernel.release ? s->kernel.release : "kernel unknown", 64);
	fprintf(f, ", %s", time);
}

void text_diff(FILE *f, const struct text_style *st, const struct diff *d, const struct findings *fs,
	       size_t samples)
{
	fputs("from ", f);
	put_side(f, d->a);
	fputs("\nto   ", f);
	put_side(f, d->b);
	if (d->span_ns)
		fprintf(f, "\n     %.*f s", d->span_ns < UINT64_C(100000000000) ? 1 : 0, (double)d->span_ns / 1e9);
	if (samples > 2)
		fprintf(f, ", judged by %zu samples", samples);
	fputs("\n\n", f);
	for (size_t i = 0; i < d->n_said; i++) {
		auto_strbuf struct strbuf sb = STRBUF_INIT;

		fprintf(f, "%snote:%s ", tone_begin(st, TONE_WARN), tone_end(st, TONE_WARN));
		sb_add_shown(&sb, d->said[i].text, 500);
		put_wrapped(f, st, 6, sb_str(&sb));
	}
	text_findings(f, st, fs);
	text_accounts(f, st, d);
	text_zone_orders(f, st, d);
	text_pageblocks(f, st, d);
	text_caches(f, st, d);
	text_callers(f, st, d);
	text_counters(f, st, d);
}

/* ---- rows of rates ---- */

void text_rates_header(FILE *f, const struct text_style *st)
{
	fprintf(f, "%s%8s %6s %6s %6s %5s %6s %6s %6s %5s %8s %7s %5s %5s%s\n", tone_begin(st, TONE_HEAD),
		"time", "free", "ord4+", "ord9+", "unus4", "cache", "slab", "vmall", "unmov", "pages/s",
		"stall/s", "cok/s", "cfl/s", tone_end(st, TONE_HEAD));
}

/* A rate in @width columns and a blank before. */
static void put_rate(FILE *f, const struct diff *d, const char *prefix, int width, int decimals)
{
	double v = diff_counters_rate(d, prefix);

	if (v < 0)
		fprintf(f, " %*s", width, "-");
	else
		fprintf(f, " %*.*f", width, decimals, v);
}

void text_rates_row(FILE *f, const struct text_style *st, const struct diff *d)
{
	const struct change *acc = d->accounts;
	struct opt_u64 below4 = snapshot_unusable_share(d->b, 4);
	struct opt_u64 slab = acc[ACC_SLAB_UNRECLAIMABLE].after;
	struct change unmovable = diff_pageblocks(d, "Unmovable");
	char time[TIME_RFC3339_MAX] = "-", t[6][SIZE_TEXT_MAX];
	char unusable[SIZE_TEXT_MAX] = "-", blocks[SIZE_TEXT_MAX] = "-";

	if (d->b->time_ns.known)
		time_rfc3339((int64_t)d->b->time_ns.v, time);
	if (below4.known)
		percent_text(below4.v, unusable);
	if (unmovable.after.known)
		count_text(unmovable.after.v, 5, blocks);
	slab.v = sat_add(slab.v, opt_or(acc[ACC_SLAB_RECLAIMABLE].after, 0));
	fprintf(f, "%8.8s %6s %6s %6s %5s %6s %6s %6s %5s",
		strlen(time) > 19 ? time + 11 : time, size_text(st, acc[ACC_FREE].after, t[0]),
		size_text(st, diff_page_bytes(d, snapshot_free_pages_from(d->b, 4)), t[1]),
		size_text(st, diff_page_bytes(d, snapshot_free_pages_from(d->b, 9)), t[2]), unusable,
		size_text(st, acc[ACC_PAGE_CACHE].after, t[3]), size_text(st, slab, t[4]),
		size_text(st, acc[ACC_VMALLOC].after, t[5]), blocks);
	put_rate(f, d, "pgalloc_", 8, 0);
	put_rate(f, d, "allocstall", 7, 1);
	put_rate(f, d, "compact_success", 5, 1);
	put_rate(f, d, "compact_fail", 5, 1);
	fputc('\n', f);
}
