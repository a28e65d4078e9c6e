// SPDX-License-Identifier: GPL-2.0-or-later
#include "out/text_log.h"

#include <inttypes.h>
#include <string.h>

static const char *name_of(enum log_kind k, enum log_event e)
{
	const char *event = log_event_name(e);

	return event ? event : log_kind_name(k);
}

static void add_kb(struct strbuf *sb, const struct text_style *st, const char *name, struct opt_u64 kb)
{
	char buf[SIZE_TEXT_MAX];

	sb_printf(sb, "%s %s ", name, size_text(st, kb.known ? opt_u64(sat_mul(kb.v, 1024)) : kb, buf));
}

/* ---- one report ---- */

/* What failed, for whom, and why, in one line. */
static void head(FILE *f, const struct text_style *st, const struct log_report *r, const struct log_diagnosis *d)
{
	char buf[SIZE_TEXT_MAX];
	const char *cause = cause_name(d->cause);

	fputs(tone_begin(st, TONE_HEAD), f);
	if (r->stamp) {
		put_shown(f, r->stamp, 60);
		fputs("  ", f);
	}
	fputs(name_of(r->kind, r->event), f);
	fputs(tone_end(st, TONE_HEAD), f);
	if (r->process) {
		fputs("  ", f);
		put_shown(f, r->process, 60);
	}
	if (r->pid.known)
		fprintf(f, "[%" PRIu64 "]", r->pid.v);
	/* vmalloc takes single pages: its size tells more */
	if (r->has_order && r->kind != LOG_VMALLOC)
		fprintf(f, "  order %" PRId64, r->order);
	if (d->size_bytes.known)
		fprintf(f, r->has_order && r->kind != LOG_VMALLOC ? " (%s)" : "  %s", size_text(st, d->size_bytes, buf));
	if (cause)
		fprintf(f, "  %s%s%s", tone_begin(st, TONE_BAD), cause, tone_end(st, TONE_BAD));
	fputc('\n', f);
}

static void requester(FILE *f, const struct log_report *r)
{
	if (!r->requester && !r->subsystem)
		return;
	fputs("  asked by  ", f);
	put_shown(f, r->requester ? r->requester : "?", 80);
	if (r->module || r->subsystem) {
		fputs(r->module ? " [" : " (", f);
		put_shown(f, r->module ? r->module : r->subsystem, 60);
		fputs(r->module ? "]" : ")", f);
	}
	if (r->api) {
		fputs(" through ", f);
		put_shown(f, r->api, 60);
	}
	fputc('\n', f);
}

static void whence(FILE *f, const struct log_report *r)
{
	fputs("  kernel    ", f);
	put_shown(f, r->kernel ? r->kernel : "not named", 80);
	fprintf(f, ", line %" PRIu64 " of the log\n", r->line);
}

static const char *pages(const struct text_style *st, const struct log_report *r, int64_t n, char buf[SIZE_TEXT_MAX])
{
	return size_text(st, opt_u64(sat_mul(n < 0 ? 0 : (uint64_t)n, opt_or(r->page_size, 4096))), buf);
}

/* How far a zone was from serving the request. */
static void check(struct strbuf *sb, const struct text_style *st, const struct log_report *r,
		  const struct log_zone_check *c)
{
	const struct watermark_test *t = &c->test;
	int64_t held = t->highatomic + t->cma + t->unaccepted;
	char a[SIZE_TEXT_MAX], b[SIZE_TEXT_MAX];

	sb_printf(sb, "%s free, %s ", pages(st, r, t->free, a),
		  pages(st, r, t->marks_ok ? t->margin : 1 - t->margin, b));
	if (!t->marks_ok) {
		sb_printf(sb, "short: must leave min %s", pages(st, r, t->min, a));
		if (t->reserve)
			sb_printf(sb, " + lowmem_reserve %s", pages(st, r, t->reserve, a));
		if (held)
			sb_printf(sb, ", and %s is held back (CMA, HighAtomic)", pages(st, r, held, a));
	} else if (t->ok) {
		sb_addstr(sb, "above the mark");
		if (t->largest_order >= 0)
			sb_printf(sb, "; largest usable block: order %d", t->largest_order);
	} else if (t->largest_order >= 0 && t->largest_order < r->order) {
		sb_printf(sb, "above the mark, but the largest usable block is of order %d", t->largest_order);
	} else {
		sb_addstr(sb, "above the mark, but no usable block of the order");
	}
}

static void checks(FILE *f, const struct text_style *st, const struct log_report *r, const struct log_diagnosis *d)
{
	for (size_t i = 0; i < d->n_checks; i++) {
		const struct log_zone_check *c = &d->checks[i];
		auto_strbuf struct strbuf sb = STRBUF_INIT;

		if (!c->allowed)
			sb_printf(&sb, "not allowed: %s", c->why_not);
		else if (c->no_marks)
			sb_addstr(&sb, "watermarks not in the report");
		else
			check(&sb, st, r, c);
		fprintf(f, "  node %d %-8s ", c->node, c->zone);
		put_wrapped(f, st, 18, sb_str(&sb));
	}
}

static void remedies(FILE *f, const struct text_style *st, const struct log_diagnosis *d, size_t max)
{
	for (size_t i = 0; i < d->n_remedies && i < max; i++) {
		const struct log_remedy *m = &d->remedies[i];

		put_wrapped_at(f, st, (unsigned int)fprintf(f, "  %s ", strcmp(m->whom, "author") == 0 ? "driver:" : "try:"),
			       8, m->action);
		if (m->command)
			fprintf(f, "          %s\n", m->command);
	}
}

static void kvs(FILE *f, const struct text_style *st, const char *head_text, const struct log_kvs *t)
{
	auto_strbuf struct strbuf sb = STRBUF_INIT;

	if (!t->n)
		return;
	for (size_t i = 0; i < t->n; i++)
		sb_printf(&sb, " %s=%s%" PRIu64, t->v[i].name, t->v[i].negative ? "-" : "", t->v[i].value);
	put_wrapped_at(f, st, (unsigned int)fprintf(f, "  %s ", head_text), 4, sb_str(&sb));
}

static void zone(FILE *f, const struct text_style *st, const struct log_zone *z)
{
	auto_strbuf struct strbuf marks = STRBUF_INIT, blocks = STRBUF_INIT;

	add_kb(&marks, st, "free", z->free_kb);
	add_kb(&marks, st, "min", z->min_kb);
	add_kb(&marks, st, "low", z->low_kb);
	add_kb(&marks, st, "high", z->high_kb);
	if (z->n_lowmem_reserve)
		sb_addstr(&marks, "lowmem_reserve");
	for (size_t i = 0; i < z->n_lowmem_reserve; i++)
		sb_printf(&marks, " %" PRIu64, z->lowmem_reserve[i]);
	put_wrapped_at(f, st, (unsigned int)fprintf(f, "  node %d %s: ", z->node, z->name), 4, sb_str(&marks));
	for (size_t o = 0; o < z->n_orders; o++)
		sb_printf(&blocks, " %" PRIu64 "%s%s%s", z->free_blocks[o], z->free_types[o] ? "(" : "",
			  z->free_types[o] ? z->free_types[o] : "", z->free_types[o] ? ")" : "");
	if (z->n_orders)
		put_wrapped_at(f, st, (unsigned int)fprintf(f, "    free blocks by order: "), 6, sb_str(&blocks));
	if (st->verbose > 1)
		kvs(f, st, " ", &z->kv);
}

static void everything(FILE *f, const struct text_style *st, const struct log_report *r)
{
	auto_strbuf struct strbuf trace = STRBUF_INIT, hardware = STRBUF_INIT;

	if (r->hardware) {
		sb_add_shown(&hardware, r->hardware, 120);
		fputs("  hardware  ", f);
		put_wrapped(f, st, 12, sb_str(&hardware));
	}
	for (size_t i = 0; i < r->n_zones; i++)
		zone(f, st, &r->zones[i]);
	kvs(f, st, "global", &r->global);
	for (size_t i = 0; i < r->n_nodes; i++)
		kvs(f, st, "node", &r->nodes[i].kv);
	for (size_t i = 0; i < r->n_hugepages; i++)
		fprintf(f, "  node %d huge pages of %" PRIu64 " kB: total %" PRIu64 " free %" PRIu64 " surplus %" PRIu64 "\n",
			r->hugepages[i].node, r->hugepages[i].size_kb, r->hugepages[i].total,
			r->hugepages[i].free, r->hugepages[i].surplus);
	kvs(f, st, "totals", &r->totals);
	kvs(f, st, "killed", &r->killed_kv);
	kvs(f, st, "memcg", &r->memcg);
	kvs(f, st, "memcg stats", &r->memcg_stats);
	if (!r->n_frames)
		return;
	for (size_t i = 0; i < r->n_frames; i++) {
		sb_printf(&trace, "%s%s", i ? " < " : "", r->frames[i].maybe ? "? " : "");
		sb_add_shown(&trace, r->frames[i].function, 80);
	}
	fputs("  call trace  ", f);
	put_wrapped_at(f, st, 14, 4, sb_str(&trace));
}

void text_log(FILE *f, const struct text_style *st, const struct log_report *r,
	      const struct log_diagnosis *d)
{
	head(f, st, r, d);
	fputs("  ", f);
	put_wrapped_at(f, st, 2, 4, d->summary ? d->summary : "");
	requester(f, r);
	whence(f, r);
	checks(f, st, r, d);
	if (d->could_help) {
		fputs("  ", f);
		put_wrapped_at(f, st, 2, 4, d->could_help);
	}
	if (d->gfp_mismatch) {
		fputs("  gfp: ", f);
		put_wrapped_at(f, st, 7, 4, d->gfp_mismatch);
	}
	if (d->pattern) {
		fputs("  known: ", f);
		put_wrapped_at(f, st, 9, 4, d->pattern);
	}
	remedies(f, st, d, st->verbose ? 99 : 4);
	for (size_t i = 0; i < r->missing.n; i++)
		fprintf(f, "  %smissing %s: %s%s\n", tone_begin(st, TONE_DIM), r->missing.v[i].name,
			r->missing.v[i].value, tone_end(st, TONE_DIM));
	if (r->suppressed)
		fprintf(f, "  the kernel left %" PRIu64 " message%s out before this one\n", r->suppressed, plural(r->suppressed));
	if (st->verbose)
		everything(f, st, r);
	fputc('\n', f);
}

/* ---- groups ---- */

static const char *stamp(const struct log_when *w, char buf[32])
{
	if (w->stamp)
		return w->stamp;
	if (!w->uptime_us.known)
		return "-";
	snprintf(buf, 32, "%" PRIu64 ".%06" PRIu64, w->uptime_us.v / 1000000, w->uptime_us.v % 1000000);
	return buf;
}

static void group(FILE *f, const struct text_style *st, const struct log_group *g)
{
	char a[32], b[32], order[24] = "-";
	const char *trend = log_group_trend(g), *cause = cause_name(g->cause);

	if (g->has_order)
		snprintf(order, sizeof(order), "%" PRId64, g->order);
	fprintf(f, "%6" PRIu64 "  %-18s %5s  %s%-17s%s  ", g->count, name_of(g->kind, g->event), order,
		tone_begin(st, TONE_BAD), cause ? cause : "-", tone_end(st, TONE_BAD));
	put_shown(f, g->subsystem ? g->subsystem : "-", 24);
	fputs("  ", f);
	put_shown(f, g->gfp ? g->gfp : "-", 100);
	fputs("  ", f);
	put_shown(f, stamp(&g->first, a), 40);
	if (g->count > 1) {
		fputs(" .. ", f);
		put_shown(f, stamp(&g->last, b), 40);
	}
	if (trend)
		fprintf(f, "  %s", trend);
	fputc('\n', f);
	if (g->summary) {
		fputs("        ", f);
		put_wrapped_at(f, st, 8, 10, g->summary);
	}
	if (g->remedy) {
		fputs("        try: ", f);
		put_wrapped_at(f, st, 13, 10, g->remedy);
	}
}

void text_log_groups(FILE *f, const struct text_style *st, const struct log_groups *g,
		     uint64_t suppressed)
{
	fprintf(f, "%s%" PRIu64 " report%s in %zu group%s%s\n", tone_begin(st, TONE_HEAD), g->reports,
		plural(g->reports), g->n, plural(g->n), tone_end(st, TONE_HEAD));
	fputs(" COUNT  KIND               ORDER  CAUSE              SUBSYSTEM  GFP  FIRST .. LAST  TREND\n", f);
	for (size_t i = 0; i < g->n; i++)
		group(f, st, &g->v[i]);
	if (g->left_out)
		fprintf(f, "%" PRIu64 " more report%s, of groups beyond the first %zu\n", g->left_out, plural(g->left_out), g->n);
	if (suppressed)
		fprintf(f, "the kernel left %" PRIu64 " further message%s out (rate limit)\n", suppressed,
			plural(suppressed));
}
