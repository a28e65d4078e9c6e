// SPDX-License-Identifier: GPL-2.0-or-later
/* gnuplot scripts of what changed over time. */
#include "out/plot.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "model/accounts.h"

#define LINES 8

static const char *const kind_names[PLOT_KINDS] = { "blocks", "unusable", "pageblocks", "memory",
						    "caches", "vmalloc",  "stalls",	"profile" };

/* Okabe and Ito: told apart by all common kinds of colour vision. */
static const char *const line_colors[LINES] = { "#0072B2", "#D55E00", "#009E73", "#CC79A7",
						"#E69F00", "#56B4E9", "#000000", "#8C8C00" };

const char *plot_kind_name(enum plot_kind k)
{
	return k < PLOT_KINDS ? kind_names[k] : NULL;
}

/*
 * gnuplot runs what stands in backquotes, and reads escapes and markup:
 * only plain characters are let through, in single quotes.
 */
static void put_title(FILE *f, const char *text)
{
	fputc('\'', f);
	for (size_t i = 0; i < 60 && text[i]; i++) {
		unsigned char c = (unsigned char)text[i];

		fputc(c < ' ' || c > '~' || strchr("'`\\@$\"", c) ? '?' : c, f);
	}
	fputc('\'', f);
}

/* ---- rows ---- */

struct rows {
	const struct series *v[LINES * 2];
	size_t n;
};

static double span_of(const struct history *h, const struct series *s)
{
	double lo = HUGE_VAL, hi = -HUGE_VAL;

	for (size_t i = 0; i < h->n_points; i++) {
		double v = history_value(h, s, i);

		if (isnan(v))
			continue;
		lo = fmin(lo, v);
		hi = fmax(hi, v);
	}
	return hi >= lo ? hi - lo : 0;
}

/* The rows of a kind that moved most, at most LINES; rows that stand still only if @still. */
static void pick_rows(const struct history *h, enum series_kind kind, struct rows *r, bool still)
{
	double spans[LINES];

	r->n = 0;
	for (size_t i = 0; i < h->n_series; i++) {
		const struct series *s = h->series[i];
		double span = s->kind == kind ? span_of(h, s) : 0;
		size_t at;

		if (s->kind != kind || (span <= 0 && !still))
			continue;
		if (r->n == LINES && span <= spans[LINES - 1])
			continue;
		at = r->n < LINES ? r->n++ : LINES - 1;
		for (; at > 0 && spans[at - 1] < span; at--) {
			spans[at] = spans[at - 1];
			r->v[at] = r->v[at - 1];
		}
		spans[at] = span;
		r->v[at] = s;
	}
}

static void pick_orders(const struct history *h, enum series_kind kind, struct rows *r)
{
	char name[16];

	r->n = 0;
	for (unsigned int o = 0; o < h->n_orders && r->n < ARRAY_SIZE(r->v); o++) {
		snprintf(name, sizeof(name), "%u", o);
		if (history_get(h, kind, name))
			r->v[r->n++] = history_get(h, kind, name);
	}
}

static void put_value(FILE *f, double v)
{
	if (isnan(v))
		fputs(" NaN", f);
	else
		fprintf(f, " %.10g", v);
}

/* $NAME: a line a point, time first. */
static void put_data(FILE *f, const char *name, const struct history *h, const struct rows *r, double scale)
{
	fprintf(f, "$%s << END_OF_DATA\n", name);
	for (size_t i = 0; i < h->n_points; i++) {
		fprintf(f, "%.3f", (double)h->points[i].time_ns / 1e9);
		for (size_t j = 0; j < r->n; j++)
			put_value(f, history_value(h, r->v[j], i) * scale);
		fputc('\n', f);
	}
	fputs("END_OF_DATA\n", f);
}

/* A unit that leaves the numbers of an axis short. */
struct unit {
	const char *name;
	double bytes;
};

static struct unit unit_for(double max_bytes)
{
	static const struct unit units[] = { { "MiB", 1048576.0 }, { "GiB", 1073741824.0 },
					     { "TiB", 1099511627776.0 } };
	size_t i = 0;

	while (i + 1 < ARRAY_SIZE(units) && max_bytes >= 5 * units[i + 1].bytes)
		i++;
	return units[i];
}

static double max_of(const struct history *h, const struct series *s)
{
	double max = 0;

	for (size_t i = 0; i < h->n_points; i++)
		max = fmax(max, s->v[i]);
	return max;
}

bool plot_spans_time(const struct history *h)
{
	for (size_t i = 1; i < h->n_points; i++) {
		if (h->points[i].time_ns != h->points[0].time_ns)
			return true;
	}
	return false;
}

/* Some five marks over the whole span, on whole minutes, hours or days where it is long. */
static void time_axis(FILE *f, const struct history *h)
{
	static const int steps[] = { 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 10800,
				     21600, 43200, 86400, 172800, 604800 };
	double span = (double)(h->points[h->n_points - 1].time_ns - h->points[0].time_ns) / 1e9;
	size_t i = 0;

	while (i + 1 < ARRAY_SIZE(steps) && span / steps[i] > 6)
		i++;
	fprintf(f, "set xdata time\nset timefmt '%%s'\nset format x \"%s\" timedate\n"
		   "set xlabel 'time (UTC)'\nset autoscale xfix\nset xtics %d\n"
		   "set yrange [0:1<*]\nset ytics autofreq\n",
		span < 600 ? "%H:%M:%S" : "%H:%M\\n%d %b", steps[i]);
}

/* Uses of memory have words of their own; all other rows bear the kernel's names. */
static const char *row_label(const struct series *s)
{
	for (unsigned int a = 0; s->kind == SERIES_ACCOUNT && a < ACC_COUNT; a++) {
		if (strcmp(s->name, account_name(a)) == 0)
			return account_label(a);
	}
	return s->name;
}

static void plot_lines(FILE *f, const char *name, const struct rows *r)
{
	fputs("plot ", f);
	for (size_t i = 0; i < r->n; i++) {
		fprintf(f, "%s$%s using 1:%zu with lines lw 2 lc rgb '%s' title ", i ? ", " : "", name, i + 2,
			line_colors[i % LINES]);
		put_title(f, row_label(r->v[i]));
	}
	fputc('\n', f);
}

/* ---- the kinds ---- */

/* Stacked areas, low orders at the bottom: colours go from dark to bright with the order. */
static void plot_blocks(FILE *f, const struct history *h, double page_bytes, bool text)
{
	static const char *const viridis[] = { "#440154", "#482878", "#3E4A89", "#31688E", "#26828E", "#1F9E89",
					       "#35B779", "#6DCD59", "#B4DE2C", "#DCE319", "#FDE725" };
	const struct series *all = history_get(h, SERIES_FREE_FROM, "0");
	struct unit u = unit_for(all ? max_of(h, all) * page_bytes : 0);
	struct rows r;

	pick_orders(h, SERIES_FREE_BLOCKS, &r);
	put_data(f, "blocks", h, &r, page_bytes / u.bytes);
	fprintf(f, "set title 'Free memory by order of its blocks'\nset ylabel '%s'\n", u.name);
	time_axis(f, h);
	fputs("plot ", f);
	/* From the top of the stack down, each over the one before. */
	for (size_t top = r.n; top > 0; top--) {
		fprintf(f, "%s$blocks using 1:(", top < r.n ? ", " : "");
		for (size_t i = 0; i < top; i++)
			fprintf(f, "%s$%zu*%.0f", i ? "+" : "", i + 2, ldexp(1, (int)i));
		fprintf(f, ") with %s lc rgb '%s' title '%s%zu'", text ? "lines" : "filledcurves y1=0",
			viridis[(top - 1) % ARRAY_SIZE(viridis)], text ? "up to order " : "order ", top - 1);
	}
	fputc('\n', f);
}

/* An image is a grid of equal steps: as many moments as there are samples, each shown as it was last seen. */
static void plot_unusable(FILE *f, const struct history *h)
{
	int64_t begin = h->points[0].time_ns, span = h->points[h->n_points - 1].time_ns - begin;
	size_t seen = 0;
	struct rows r;

	pick_orders(h, SERIES_UNUSABLE, &r);
	fputs("$unusable << END_OF_DATA\n", f);
	for (size_t i = 0; i < h->n_points; i++) {
		int64_t ns = begin + (int64_t)((double)span * (double)i / (double)(h->n_points - 1));

		while (seen + 1 < h->n_points && (i + 1 == h->n_points || h->points[seen + 1].time_ns <= ns))
			seen++;
		for (size_t o = 0; o < r.n; o++) {
			fprintf(f, "%.3f %zu", (double)ns / 1e9, o);
			put_value(f, r.v[o]->v[seen] / 1000);
			fputc('\n', f);
		}
		fputc('\n', f);
	}
	fputs("END_OF_DATA\nset title 'Unusable free space index'\nset ylabel 'order'\n", f);
	time_axis(f, h);
	fprintf(f, "set yrange [-0.5:%g]\nset ytics 1\nset cbrange [0:1]\nset cblabel 'share of free memory that is of no use'\n"
		   "set palette defined (0 '#440154', 0.25 '#3B528B', 0.5 '#21918C', 0.75 '#5EC962', 1 '#FDE725')\n"
		   "plot $unusable using 1:2:3 with image notitle\n", (double)r.n - 0.5);
}

static void plot_pageblocks(FILE *f, const struct history *h)
{
	struct rows r;

	pick_rows(h, SERIES_PAGEBLOCKS, &r, true);
	put_data(f, "pageblocks", h, &r, 1);
	fputs("set title 'Pageblocks by migratetype'\nset ylabel 'pageblocks'\n", f);
	time_axis(f, h);
	plot_lines(f, "pageblocks", &r);
}

static void plot_bytes(FILE *f, const struct history *h, enum series_kind kind, const char *name,
		       const char *title)
{
	struct rows r;
	double max = 0;
	struct unit u;

	pick_rows(h, kind, &r, false);
	for (size_t i = 0; i < r.n; i++)
		max = fmax(max, max_of(h, r.v[i]));
	u = unit_for(max);
	put_data(f, name, h, &r, 1.0 / u.bytes);
	fprintf(f, "set title '%s'\nset ylabel '%s'\n", title, u.name);
	time_axis(f, h);
	plot_lines(f, name, &r);
}

static const char *const stall_events[] = { "allocstall_dma", "allocstall_dma32", "allocstall_normal",
					    "allocstall_high", "allocstall_movable", "allocstall_device",
					    "allocstall", "compact_stall", "compact_fail", "compact_success" };

static void plot_stalls(FILE *f, const struct history *h)
{
	const struct series *v[ARRAY_SIZE(stall_events)];
	double most = 0;
	size_t drawn = 0;

	for (size_t j = 0; j < ARRAY_SIZE(stall_events); j++)
		v[j] = history_get(h, SERIES_EVENT, stall_events[j]);
	fputs("$stalls << END_OF_DATA\n", f);
	for (size_t i = 0; i < h->n_points; i++) {
		fprintf(f, "%.3f", (double)h->points[i].time_ns / 1e9);
		for (size_t j = 0; j < ARRAY_SIZE(v); j++) {
			double rate = v[j] ? history_rate(h, v[j], i) : (double)NAN;

			most = fmax(most, rate);
			put_value(f, rate);
		}
		fputc('\n', f);
	}
	fputs("END_OF_DATA\nset title 'Stalls and compaction'\nset ylabel 'events a second'\n", f);
	time_axis(f, h);
	/* gnuplot warns of a range that is empty. */
	if (most <= 0)
		fputs("set yrange [0:1]\n", f);
	fputs("plot ", f);
	for (size_t j = 0; j < ARRAY_SIZE(v); j++) {
		if (!v[j])
			continue;
		fprintf(f, "%s$stalls using 1:%zu with lines lw 2 lc rgb '%s' title '%s'", drawn ? ", " : "", j + 2,
			line_colors[drawn % LINES], stall_events[j]);
		drawn++;
	}
	fputc('\n', f);
}

static bool has_rate(const struct history *h, const struct series *s)
{
	for (size_t j = 0; j < ARRAY_SIZE(stall_events); j++) {
		if (strcmp(s->name, stall_events[j]) != 0)
			continue;
		for (size_t i = 1; i < h->n_points; i++) {
			if (!isnan(history_rate(h, s, i)))
				return true;
		}
	}
	return false;
}

/* The fullest order, all zones together. */
static double highest_bar(const struct snapshot *s, double page_bytes)
{
	double max = 0;

	for (unsigned int o = 0; o < 64; o++) {
		double sum = 0;

		for (size_t i = 0; i < s->n_zones; i++) {
			if (s->zones[i].free_blocks && o < s->zones[i].n_orders)
				sum += (double)s->zones[i].free_blocks[o] * ldexp(page_bytes, (int)o);
		}
		max = fmax(max, sum);
	}
	return max;
}

static void plot_profile(FILE *f, const struct snapshot *s, double page_bytes)
{
	struct unit u = unit_for(highest_bar(s, page_bytes));
	size_t n = 0;

	fputs("$profile << END_OF_DATA\norder", f);
	for (size_t i = 0; i < s->n_zones; i++) {
		if (s->zones[i].free_blocks && n < LINES) {
			fprintf(f, " N%d-", s->zones[i].node);
			for (const char *c = s->zones[i].name; *c; c++)
				fputc((*c >= 'A' && *c <= 'Z') || (*c >= 'a' && *c <= 'z') ||
				      (*c >= '0' && *c <= '9') ? *c : '?', f);
			n++;
		}
	}
	fputc('\n', f);
	for (unsigned int o = 0; o < 64; o++) {
		bool any = false;
		size_t shown = 0;

		for (size_t i = 0; i < s->n_zones; i++)
			any |= s->zones[i].free_blocks && o < s->zones[i].n_orders;
		if (!any)
			break;
		fprintf(f, "%u", o);
		for (size_t i = 0; i < s->n_zones && shown < n; i++) {
			const struct snap_zone *z = &s->zones[i];

			if (!z->free_blocks)
				continue;
			put_value(f, o < z->n_orders ? (double)z->free_blocks[o] * ldexp(page_bytes, (int)o) / u.bytes : 0);
			shown++;
		}
		fputc('\n', f);
	}
	fprintf(f, "END_OF_DATA\nset title 'Free memory by order of its blocks'\nset ylabel '%s'\nset xlabel 'order'\n",
		u.name);
	fputs("unset xdata\nset format x '%g'\nset autoscale x\nset yrange [0:1<*]\nset xtics autofreq\nset ytics autofreq\n"
	      "set style data histograms\n"
	      "set style histogram rowstacked\nset style fill solid 0.9\nset boxwidth 0.8\nplot ", f);
	for (size_t i = 0; i < n; i++)
		fprintf(f, "%s$profile using %zu:xtic(1) lc rgb '%s' title columnheader", i ? ", " : "", i + 2,
			line_colors[i]);
	fputc('\n', f);
}

/* ---- all ---- */

bool plot_has(enum plot_kind k, const struct history *h, const struct snapshot *last)
{
	static const enum series_kind needs[PLOT_PROFILE] = {
		SERIES_FREE_BLOCKS, SERIES_UNUSABLE, SERIES_PAGEBLOCKS, SERIES_ACCOUNT,
		SERIES_CACHE,	    SERIES_CALLER,   SERIES_EVENT,
	};

	if (k == PLOT_PROFILE) {
		for (size_t i = 0; i < last->n_zones; i++) {
			if (last->zones[i].free_blocks)
				return true;
		}
		return false;
	}
	for (size_t i = 0; plot_spans_time(h) && i < h->n_series; i++) {
		const struct series *s = h->series[i];

		if (s->kind != needs[k])
			continue;
		if (k == PLOT_STALLS ? has_rate(h, s)
				     : (k != PLOT_CACHES && k != PLOT_VMALLOC && k != PLOT_MEMORY) || span_of(h, s) > 0)
			return true;
	}
	return false;
}

static void begin(FILE *f, const struct plot_opts *o, unsigned int n)
{
	unsigned int columns = n > 2 ? 2 : 1, rows = (n + columns - 1) / columns;

	fputs("# gnuplot script, data included\n", f);
	if (o->terminal == PLOT_DUMB)
		fprintf(f, "set terminal dumb size %u,%u mono\n", o->width, o->height);
	else if (o->terminal == PLOT_PNG)
		fprintf(f, "set terminal pngcairo size %u,%u noenhanced font 'sans,10'\n", o->width, o->height);
	else
		fprintf(f, "set terminal svg size %u,%u noenhanced font 'sans-serif,12' background '#ffffff'\n", o->width,
			o->height);
	fputs("set encoding utf8\nset datafile missing 'NaN'\nset grid lc rgb '#cccccc'\nset key outside right top\n"
	      "set border lc rgb '#444444'\n", f);
	if (n > 1)
		fprintf(f, "set multiplot layout %u,%u\n", rows, columns);
}

static void plot_one(FILE *f, enum plot_kind k, const struct history *h, const struct snapshot *last,
		     bool text)
{
	double page_bytes = (double)snapshot_page_size(last);

	switch (k) {
	case PLOT_BLOCKS:
		plot_blocks(f, h, page_bytes, text);
		break;
	case PLOT_UNUSABLE:
		plot_unusable(f, h);
		break;
	case PLOT_PAGEBLOCKS:
		plot_pageblocks(f, h);
		break;
	case PLOT_MEMORY:
		plot_bytes(f, h, SERIES_ACCOUNT, "memory", "Uses of memory that moved most");
		break;
	case PLOT_CACHES:
		plot_bytes(f, h, SERIES_CACHE, "caches", "Slab caches that moved most");
		break;
	case PLOT_VMALLOC:
		plot_bytes(f, h, SERIES_CALLER, "vmalloc", "vmalloc callers that moved most");
		break;
	case PLOT_STALLS:
		plot_stalls(f, h);
		break;
	default:
		plot_profile(f, last, page_bytes);
		break;
	}
}

unsigned int plot_write(FILE *f, const struct plot_opts *o, const struct history *h,
			const struct snapshot *last)
{
	unsigned int n = 0;

	for (unsigned int k = 0; k < PLOT_KINDS; k++)
		n += (o->kinds & 1U << k) && plot_has(k, h, last);
	if (n == 0)
		return 0;
	begin(f, o, n);
	for (unsigned int k = 0; k < PLOT_KINDS; k++) {
		if ((o->kinds & 1U << k) && plot_has(k, h, last))
			plot_one(f, k, h, last, o->terminal == PLOT_DUMB);
	}
	if (n > 1)
		fputs("unset multiplot\n", f);
	return n;
}
