// SPDX-License-Identifier: GPL-2.0-or-later
/* Content of the report. */
#include "out/html.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/timefmt.h"
#include "base/utf8.h"
#include "kernel/fragmentation.h"
#include "out/html_frame.h"
#include "out/style.h"

#define ROWS 500

void html_text(FILE *f, const char *text)
{
	size_t len = strlen(text);

	while (len) {
		size_t n = utf8_sequence(text, len);
		unsigned char c = (unsigned char)*text;

		if (n == 0 || (c < ' ' && c != '\t' && c != '\n') || c == 0x7f)
			fputs("&#xFFFD;", f);
		else if (strchr("<>&\"'", c))
			fprintf(f, "&#%u;", c);
		else
			fwrite(text, 1, n, f);
		text += n ? n : 1;
		len -= n ? n : 1;
	}
}

static const struct text_style plain = { .utf8 = true, .width = 80 };

/* ---- tables ---- */

/* Headings with commas; those that begin with # are numbers. */
static void table_begin(FILE *f, const char *headings)
{
	fputs("<div class=\"scroll\"><table class=\"sort\"><thead><tr>", f);
	while (*headings) {
		size_t len = strcspn(headings, ",");
		bool number = *headings == '#';

		fprintf(f, "<th scope=\"col\"%s>%.*s</th>", number ? " class=\"n\"" : "", (int)len - number,
			headings + number);
		headings += len + (headings[len] == ',');
	}
	fputs("</tr></thead><tbody>\n", f);
}

static void table_end(FILE *f)
{
	fputs("</tbody></table></div>\n", f);
}

static void cell_text(FILE *f, const char *class, const char *text)
{
	fprintf(f, "<td class=\"%s\">", class);
	html_text(f, text);
	fputs("</td>", f);
}

static void cell_count(FILE *f, struct opt_u64 v)
{
	if (v.known)
		fprintf(f, "<td class=\"n\" data-v=\"%" PRIu64 "\">%" PRIu64 "</td>", v.v, v.v);
	else
		fputs("<td class=\"n\" data-v=\"-1\">-</td>", f);
}

static void cell_bytes(FILE *f, struct opt_u64 v)
{
	char text[SIZE_TEXT_MAX];

	if (v.known)
		fprintf(f, "<td class=\"n\" data-v=\"%" PRIu64 "\">%s</td>", v.v, size_text(&plain, v, text));
	else
		fputs("<td class=\"n\" data-v=\"-1\">-</td>", f);
}

static void cell_change(FILE *f, const struct change *c, bool bytes)
{
	char text[SIZE_TEXT_MAX];

	if (c->kind == CHANGE_UNKNOWN || c->kind == CHANGE_RESET) {
		fputs("<td class=\"n\" data-v=\"0\">-</td>", f);
		return;
	}
	if (bytes)
		size_text(&plain, opt_u64(c->delta), text);
	else
		snprintf(text, sizeof(text), "%" PRIu64, c->delta);
	fprintf(f, "<td class=\"n\" data-v=\"%" PRId64 "\">%s%s</td>", change_signed(c),
		c->delta == 0 ? "" : c->negative ? "&minus;" : "+", text);
}

static void heading(FILE *f, const char *id, const char *text)
{
	fprintf(f, "<h2 id=\"%s\">%s</h2>\n", id, text);
}

/* ---- sections ---- */

static void put_time(FILE *f, const struct snapshot *s)
{
	char time[TIME_RFC3339_MAX];

	if (!s->time_ns.known) {
		fputs("time unknown", f);
		return;
	}
	time_rfc3339((int64_t)s->time_ns.v, time);
	fprintf(f, "<time datetime=\"%s\">%.19s UTC</time>", time, time);
}

static void put_top(FILE *f, const struct html_report *r)
{
	const struct snapshot *s = r->d->b;

	fputs(html_head, f);
	fputs("memory of ", f);
	html_text(f, s->host ? s->host : "an unnamed host");
	fputs(html_style, f);
	fputs("<h1>Kernel memory of ", f);
	html_text(f, s->host ? s->host : "an unnamed host");
	fputs("</h1>\n<p class=\"dim\">Linux ", f);
	html_text(f, s->kernel.release ? s->kernel.release : "of unknown release");
	if (s->kernel.arch) {
		fputs(", ", f);
		html_text(f, s->kernel.arch);
	}
	fputs(", ", f);
	if (r->samples > 1) {
		put_time(f, r->d->a);
		fputs(" to ", f);
	}
	put_time(f, s);
	if (r->samples > 1)
		fprintf(f, ", %zu samples", r->samples);
	fputs("</p>\n", f);
}

static void put_findings(FILE *f, const struct html_report *r)
{
	for (size_t i = 0; i < r->d->n_said; i++) {
		fputs("<p class=\"note\">", f);
		html_text(f, r->d->said[i].text);
		fputs("</p>\n", f);
	}
	if (r->samples < 2)
		return;
	heading(f, "findings", "Findings");
	if (r->fs->extent) {
		fputs("<p class=\"none\">", f);
		html_text(f, r->fs->extent);
		fputs("</p>\n", f);
	}
	if (r->fs->n)
		fputs("<ol class=\"findings\">\n", f);
	for (size_t i = 0; i < r->fs->n; i++) {
		fputs("<li>", f);
		html_text(f, r->fs->v[i].sentence);
		if (r->fs->v[i].next) {
			fputs("<br><span class=\"dim\">Next: ", f);
			html_text(f, r->fs->v[i].next);
			fputs("</span>", f);
		}
		fputs("</li>\n", f);
	}
	if (r->fs->n)
		fputs("</ol>\n", f);
}

static bool succeeds(const struct common_row *row)
{
	return verdict_of(row->verdict.probability) == SUCCEEDS;
}

static void put_request(FILE *f, const struct common_row *row)
{
	enum verdict_class verdict = verdict_of(row->verdict.probability);

	fputs("<tr>", f);
	cell_text(f, "name request", row->label);
	if (common_is_off(&row->verdict)) {
		cell_text(f, "dim", "off");
		fputs("<td class=\"n dim\" data-v=\"2\">-</td>", f);
	} else {
		cell_text(f, verdict_name(verdict), verdict_words(verdict));
		fprintf(f, "<td class=\"n\" data-v=\"%.4f\">%.0f %%</td>", row->verdict.probability,
			100 * row->verdict.probability);
	}
	cell_text(f, "dim", row->verdict.summary ? row->verdict.summary : "");
	fputs("</tr>\n", f);
}

static void put_requests(FILE *f, const struct common_table *t, bool which)
{
	table_begin(f, "Request,Verdict,#Probability,Why");
	for (size_t i = 0; i < t->n_rows; i++) {
		if (succeeds(&t->rows[i]) == which)
			put_request(f, &t->rows[i]);
	}
	table_end(f);
}

/* What would fail is to be seen; what would not is there for who asks. */
static void put_verdicts(FILE *f, const struct html_report *r)
{
	size_t n = 0;

	if (!r->requests)
		return;
	for (size_t i = 0; i < r->requests->n_rows; i++)
		n += succeeds(&r->requests->rows[i]);
	heading(f, "requests", "Would it fail now?");
	if (n < r->requests->n_rows)
		put_requests(f, r->requests, false);
	else
		fputs("<p class=\"none\">No: every common request would succeed.</p>\n", f);
	if (n) {
		fprintf(f, "<details><summary>%zu request%s that would succeed</summary>\n", n, plural(n));
		put_requests(f, r->requests, true);
		fputs("</details>\n", f);
	}
}

static void put_accounts(FILE *f, const struct html_report *r)
{
	heading(f, "memory", "Where memory is");
	table_begin(f, r->samples > 1 ? "Use,#Bytes,#Change" : "Use,#Bytes");
	for (unsigned int i = 0; i < ACC_COUNT; i++) {
		if (!r->d->accounts[i].after.known)
			continue;
		fputs("<tr>", f);
		cell_text(f, "name", account_label(i));
		cell_bytes(f, r->d->accounts[i].after);
		if (r->samples > 1)
			cell_change(f, &r->d->accounts[i], true);
		fputs("</tr>\n", f);
	}
	table_end(f);
}

static void put_zones(FILE *f, const struct snapshot *s)
{
	unsigned int n = 0;

	for (size_t i = 0; i < s->n_zones; i++)
		n = s->zones[i].free_blocks && s->zones[i].n_orders > n ? s->zones[i].n_orders : n;
	if (n == 0)
		return;
	heading(f, "zones", "Free blocks by order");
	fputs("<div class=\"scroll\"><table class=\"sort\"><thead><tr><th scope=\"col\" class=\"n\">Node</th>"
	      "<th scope=\"col\">Zone</th>", f);
	for (unsigned int o = 0; o < n; o++)
		fprintf(f, "<th scope=\"col\" class=\"n\">%u</th>", o);
	fputs("<th scope=\"col\" class=\"n\">unusable at 4</th></tr></thead><tbody>\n", f);
	for (size_t i = 0; i < s->n_zones; i++) {
		const struct snap_zone *z = &s->zones[i];
		char text[SIZE_TEXT_MAX];
		uint64_t milli;

		if (!z->free_blocks)
			continue;
		fprintf(f, "<tr><td class=\"n\">%d</td>", z->node);
		cell_text(f, "name", z->name);
		for (unsigned int o = 0; o < n; o++)
			cell_count(f, o < z->n_orders ? opt_u64(z->free_blocks[o]) : OPT_UNKNOWN);
		milli = z->n_orders > 4 ? (uint64_t)unusable_free_index(z->free_blocks, z->n_orders, 4) : 0;
		fprintf(f, "<td class=\"n\" data-v=\"%" PRIu64 "\">%s</td></tr>\n", milli, percent_text(milli, text));
	}
	table_end(f);
}

static void put_pageblocks(FILE *f, const struct html_report *r)
{
	bool any = false;

	for (size_t i = 0; i < r->d->n_zones; i++) {
		const struct diff_zone *z = &r->d->zones[i];

		for (size_t j = 0; j < z->n_types; j++) {
			if (!z->types[j].pageblocks.after.known)
				continue;
			if (!any) {
				heading(f, "pageblocks", "Pageblocks");
				table_begin(f, r->samples > 1 ? "#Node,Zone,Migratetype,#Pageblocks,#Change"
							      : "#Node,Zone,Migratetype,#Pageblocks");
			}
			any = true;
			fprintf(f, "<tr><td class=\"n\">%d</td>", z->node);
			cell_text(f, "name", z->zone);
			cell_text(f, "name", z->types[j].name);
			cell_count(f, z->types[j].pageblocks.after);
			if (r->samples > 1)
				cell_change(f, &z->types[j].pageblocks, false);
			fputs("</tr>\n", f);
		}
	}
	if (any)
		table_end(f);
}

/* Largest first by what is held now; what only changed follows. */
static int cache_by_size(const void *a, const void *b)
{
	const struct diff_cache *x = *(const struct diff_cache *const *)a;
	const struct diff_cache *y = *(const struct diff_cache *const *)b;

	return (x->bytes.after.v < y->bytes.after.v) - (x->bytes.after.v > y->bytes.after.v);
}

static int put_caches(FILE *f, const struct html_report *r)
{
	size_t n = r->d->n_caches;
	auto_free const struct diff_cache **v = calloc(n ? n : 1, sizeof(*v));

	if (!v)
		return -ENOMEM;
	if (n == 0)
		return 0;
	for (size_t i = 0; i < n; i++)
		v[i] = &r->d->caches[i];
	qsort(v, n, sizeof(*v), cache_by_size);
	heading(f, "caches", "Slab caches");
	table_begin(f, r->samples > 1 ? "Cache,#Bytes,#Not in use,#Active objects,Reclaimable,#Change,#Objects"
				      : "Cache,#Bytes,#Not in use,#Active objects,Reclaimable");
	for (size_t i = 0; i < n && i < ROWS; i++) {
		if (v[i]->bytes.after.v == 0 && v[i]->bytes.delta == 0)
			continue;
		fputs("<tr>", f);
		cell_text(f, "name", v[i]->name);
		cell_bytes(f, v[i]->bytes.after);
		cell_bytes(f, v[i]->idle_bytes.after);
		cell_count(f, v[i]->objects.after);
		cell_text(f, "name", v[i]->reclaimable ? "yes" : "no");
		if (r->samples > 1) {
			cell_change(f, &v[i]->bytes, true);
			cell_change(f, &v[i]->objects, false);
		}
		fputs("</tr>\n", f);
	}
	table_end(f);
	return 0;
}

static int caller_by_size(const void *a, const void *b)
{
	const struct diff_caller *x = *(const struct diff_caller *const *)a;
	const struct diff_caller *y = *(const struct diff_caller *const *)b;

	return (x->bytes.after.v < y->bytes.after.v) - (x->bytes.after.v > y->bytes.after.v);
}

static int put_callers(FILE *f, const struct html_report *r)
{
	size_t n = r->d->n_callers;
	auto_free const struct diff_caller **v = calloc(n ? n : 1, sizeof(*v));

	if (!v)
		return -ENOMEM;
	if (n == 0)
		return 0;
	for (size_t i = 0; i < n; i++)
		v[i] = &r->d->callers[i];
	qsort(v, n, sizeof(*v), caller_by_size);
	heading(f, "vmalloc", "vmalloc callers");
	table_begin(f, r->samples > 1 ? "Caller,Kind,#Areas,#Bytes,#Pages,#Change" : "Caller,Kind,#Areas,#Bytes,#Pages");
	for (size_t i = 0; i < n && i < ROWS; i++) {
		fputs("<tr>", f);
		cell_text(f, "name", *v[i]->caller ? v[i]->caller : "(unnamed)");
		cell_text(f, "name", vmalloc_kind_name(v[i]->kind));
		cell_count(f, v[i]->areas.after);
		cell_bytes(f, v[i]->bytes.after);
		cell_count(f, v[i]->pages.after);
		if (r->samples > 1)
			cell_change(f, &v[i]->bytes, true);
		fputs("</tr>\n", f);
	}
	table_end(f);
	return 0;
}

static void put_pictures(FILE *f, const struct html_report *r)
{
	bool any = false;

	for (unsigned int k = 0; k < PLOT_KINDS; k++) {
		/* What stands before it belongs to a file of its own. */
		const char *svg = r->svg[k] ? strstr(r->svg[k], "<svg") : NULL;

		if (!svg)
			continue;
		if (!any)
			heading(f, "pictures", "Pictures");
		any = true;
		fputs("<figure>", f);
		fputs(svg, f);
		fputs("</figure>\n", f);
	}
	if (!any && r->no_pictures) {
		fputs("<p class=\"dim\">", f);
		html_text(f, r->no_pictures);
		fputs("</p>\n", f);
	}
}

static void put_sources(FILE *f, const struct snapshot *s)
{
	bool any = false;

	for (size_t i = 0; i < s->n_sources; i++) {
		const struct snap_source *src = &s->sources[i];

		if (src->state == SNAP_READ || src->optional)
			continue;
		if (!any) {
			heading(f, "sources", "Not read");
			table_begin(f, "Source,Reason,What would help");
		}
		any = true;
		fputs("<tr>", f);
		cell_text(f, "name", src->path);
		cell_text(f, "name", src->reason ? src->reason : "");
		cell_text(f, "name", src->hint ? src->hint : "");
		fputs("</tr>\n", f);
	}
	if (any)
		table_end(f);
}

int html_report(FILE *f, const struct html_report *r)
{
	int ret;

	put_top(f, r);
	put_findings(f, r);
	put_verdicts(f, r);
	put_pictures(f, r);
	put_accounts(f, r);
	put_zones(f, r->d->b);
	put_pageblocks(f, r);
	ret = put_caches(f, r);
	if (ret == 0)
		ret = put_callers(f, r);
	put_sources(f, r->d->b);
	fputs("<p class=\"dim\">Made by memtool " MEMTOOL_VERSION ". Sizes are binary; times are UTC.</p>\n", f);
	fputs(html_tail, f);
	return ret;
}
