// SPDX-License-Identifier: GPL-2.0-or-later
/* Verdicts for a person. */
#include "out/text_verdict.h"

#include <inttypes.h>
#include <string.h>

#include "out/json_verdict.h"

static enum text_tone tone_of(double p)
{
	switch (verdict_of(p)) {
	case FAILS:
	case LIKELY_FAILS:
		return TONE_BAD;
	case UNCERTAIN:
		return TONE_WARN;
	case LIKELY_SUCCEEDS:
	case SUCCEEDS:
		break;
	}
	return TONE_GOOD;
}

static const char *words(double p)
{
	return verdict_of(p) == FAILS ? "FAILS" : verdict_words(verdict_of(p));
}

/* Names in requests and summaries may be a stranger's. */
#define SHOWN_MAX 4096

static void put_summary(FILE *f, const struct text_style *opts, unsigned int indent, const struct verdict *v)
{
	auto_strbuf struct strbuf sb = STRBUF_INIT;

	sb_add_shown(&sb, v->summary, SHOWN_MAX);
	put_wrapped(f, opts, indent, sb_str(&sb));
}

static bool has_evidence(const struct step *s, const char *key)
{
	for (size_t i = 0; i < s->n_evidence; i++) {
		if (strcmp(s->evidence[i].key, key) == 0)
			return true;
	}
	return false;
}

static int64_t evidence_of(const struct step *s, const char *key)
{
	for (size_t i = 0; i < s->n_evidence; i++) {
		if (strcmp(s->evidence[i].key, key) == 0)
			return s->evidence[i].value;
	}
	return 0;
}

static const char *evidence_text(const struct step *s, const char *key)
{
	for (size_t i = 0; i < s->n_evidence; i++) {
		if (strcmp(s->evidence[i].key, key) == 0 && s->evidence[i].text)
			return s->evidence[i].text;
	}
	return "";
}

/* One link of the path: "node 0 DMA32: 46 pages below min". */
static void path_link(struct strbuf *sb, const struct step *s)
{
	int64_t margin = evidence_of(s, "margin_pages");

	if (strcmp(s->step, "watermark") == 0) {
		sb_printf(sb, " -> node %d %s: ", s->node, s->zone);
		if (!has_evidence(s, "margin_pages"))
			sb_printf(sb, "%s unknown%s", evidence_text(s, "mark"),
				  strcmp(s->outcome, "pass") == 0 ? "" : ", no block");
		else if (strcmp(s->outcome, "pass") == 0)
			sb_printf(sb, "%s ok", evidence_text(s, "mark"));
		else if (margin > 0)
			sb_printf(sb, "%s ok, no block", evidence_text(s, "mark"));
		else
			sb_printf(sb, "%" PRId64 " page%s below %s", 1 - margin, plural((uint64_t)(1 - margin)), evidence_text(s, "mark"));
	} else if (strcmp(s->step, "free_list") == 0) {
		sb_printf(sb, " -> %s", evidence_text(s, "path"));
		if (evidence_of(s, "block_order"))
			sb_printf(sb, ", block of order %" PRId64, evidence_of(s, "block_order"));
	} else if (strcmp(s->step, "slab") == 0) {
		sb_addstr(sb, " -> slab ");
		sb_add_shown(sb, evidence_text(s, "cache"), SHOWN_MAX);
		sb_printf(sb, ": %s", strcmp(s->outcome, "pass") == 0 ? "a free object" : "a new slab");
	} else if (strcmp(s->step, "slow_path") == 0) {
		sb_printf(sb, " -> slow path: %s", strcmp(s->outcome, "fail") == 0 ? "closed" : "perhaps");
	} else {
		sb_printf(sb, " -> %s: %s", s->step, s->outcome);
	}
}

/* The way through the layers, in one line. */
static void print_path(FILE *f, const struct text_style *o, const struct request *r,
		       const struct verdict *v)
{
	auto_strbuf struct strbuf sb = STRBUF_INIT;

	sb_addstr(&sb, api_name(r->api));
	for (size_t i = 0; i < v->n_steps; i++)
		path_link(&sb, &v->steps[i]);
	fputs("  Path: ", f);
	put_wrapped(f, o, 8, sb_str(&sb));
}

static void print_steps(FILE *f, const struct text_style *o, const struct verdict *v)
{
	for (size_t i = 0; i < v->n_steps; i++) {
		const struct step *s = &v->steps[i];
		char where[64] = "";

		if (s->zone)
			snprintf(where, sizeof(where), "node %d %s", s->node, s->zone);
		fprintf(f, "  %-5s %-13s %-15s ", s->outcome, s->step, where);
		put_wrapped(f, o, 38, s->note ? s->note : "");
		if (o->verbose < 2)
			continue;
		for (size_t k = 0; k < s->n_evidence; k++) {
			const struct evidence *ev = &s->evidence[k];

			fprintf(f, "         %s = ", ev->key);
			if (ev->text)
				put_shown(f, ev->text, SHOWN_MAX);
			else
				fprintf(f, "%" PRId64, ev->value);
			putc('\n', f);
		}
		if (s->rule)
			put_wrapped(f, o, (unsigned int)fprintf(f, "         rule: "), s->rule);
	}
}

static void print_remedies(FILE *f, const struct text_style *o, const struct verdict *v)
{
	size_t shown = o->verbose ? v->n_remedies : v->n_remedies < 3 ? v->n_remedies : 3;

	if (shown)
		fputs("  What would help:\n", f);
	for (size_t i = 0; i < shown; i++) {
		const struct remedy *r = &v->remedies[i];

		fprintf(f, "  %3.0f %%  ", r->probability * 100);
		put_wrapped(f, o, 9, r->action);
		if (r->command)
			fprintf(f, "         %s %s\n", r->for_author ? "c:" : r->at_boot ? "boot:" : "$", r->command);
	}
}

void text_verdict(FILE *f, const struct text_style *opts, const struct mm *mm,
		  const struct request *r, const struct verdict *v, bool first)
{
	auto_strbuf struct strbuf sb = STRBUF_INIT;

	request_format(r, &mm->names, &sb);
	if (!first)
		putc('\n', f);
	put_shown(f, sb_str(&sb), SHOWN_MAX);
	fprintf(f, ": %s%s%s (%.0f %%)%s%s\n", tone_begin(opts, tone_of(v->probability)),
		words(v->probability), tone_end(opts, TONE_GOOD), v->probability * 100,
		v->cause != CAUSE_NULL ? ", " : "", v->cause != CAUSE_NULL ? cause_name(v->cause) : "");
	fputs("  ", f);
	put_summary(f, opts, 2, v);
	if (opts->verbose) {
		print_path(f, opts, r, v);
		print_steps(f, opts, v);
	}
	if (v->tradeoff) {
		fputs("  ", f);
		put_wrapped(f, opts, 2, v->tradeoff);
	}
	if (v->missing)
		fprintf(f, "  Not readable: %s\n", v->missing);
	print_remedies(f, opts, v);
	if (opts->verbose > 1)
		fprintf(f, "  Rules: %s\n", mm->rules.label);
}

#define SCREEN_ROWS 14

static void print_headline(FILE *f, const struct text_style *o, const struct mm *mm,
			   const struct common_table *t)
{
	bool unsure = false;

	for (size_t i = 0; i < ARRAY_SIZE(t->contexts); i++)
		unsure |= t->contexts[i].likely_order > t->contexts[i].order;
	fputs("Largest contiguous request that succeeds now:\n", f);
	for (size_t i = 0; i < ARRAY_SIZE(t->contexts); i++) {
		const struct common_context *c = &t->contexts[i];
		auto_strbuf struct strbuf sb = STRBUF_INIT;

		if (c->order >= 0)
			format_bytes(&sb, c->bytes);
		else
			sb_addstr(&sb, mm->n_zones == 0 ? "unknown" : "none");
		fprintf(f, "%s%s %s%s%s", i == 0 ? "  " : unsure ? "\n  " : ", ", c->label,
			tone_begin(o, c->order >= 0 ? TONE_GOOD : TONE_BAD), sb_str(&sb), tone_end(o, TONE_GOOD));
		if (c->order >= 0)
			fprintf(f, " (order %d)", c->order);
		if (c->likely_order > c->order)
			fprintf(f, ", likely order %d%s", c->likely_order, c->order >= 0 ? " too" : "");
	}
	fputs("\n\n", f);
}

static void print_percent(FILE *f, double worst, double best)
{
	char buf[32];

	if ((int)(worst * 100 + 0.5) == (int)(best * 100 + 0.5))
		snprintf(buf, sizeof(buf), "%.0f %%", worst * 100);
	else
		snprintf(buf, sizeof(buf), "%.0f-%.0f %%", worst * 100, best * 100);
	fprintf(f, "%8s", buf);
}

static void print_line(FILE *f, const struct text_style *o, double worst, double best,
		       const char *label, const struct verdict *v)
{
	bool off = common_is_off(v);
	enum text_tone tone = off ? TONE_DIM : tone_of(worst);

	fprintf(f, "%s%-15s%s", tone_begin(o, tone), off ? "off" : words(worst), tone_end(o, tone));
	if (off)
		fprintf(f, "%8s", "-");
	else
		print_percent(f, worst, best);
	fprintf(f, "  %-37s %s\n", label,
		v->cause != CAUSE_NULL ? cause_name(v->cause) : mechanism_name(v->mechanism));
}

/* Why the worst is as it is, and how to ask for more. */
static void print_why(FILE *f, const struct text_style *o, const struct mm *mm,
		      const struct common_group *g)
{
	auto_strbuf struct strbuf gfp = STRBUF_INIT;

	if (verdict_of(g->worst) == SUCCEEDS || common_is_off(g->verdict))
		return;
	fputs("\nWorst: ", f);
	put_summary(f, o, 7, g->verdict);
	gfp_format(&mm->names, g->request.gfp, &gfp);
	fprintf(f, "More, and what would help: memtool explain -v %s", api_name(g->request.api));
	if (g->request.order >= 0)
		fprintf(f, " order=%d", g->request.order);
	else if (g->request.size.known)
		fprintf(f, " %" PRIu64, g->request.size.v);
	if (g->request.gfp_given)
		fprintf(f, " \\\n  --gfp '%s'", sb_str(&gfp));
	if (g->request.dma_mask)
		fprintf(f, " --dma-mask %d", g->request.dma_mask);
	if (o->again)
		fprintf(f, " %s", o->again);
	putc('\n', f);
}

void text_common_table(FILE *f, const struct text_style *opts, const struct mm *mm,
		       const struct common_table *t)
{
	/* What would not fit a screen of 24 lines, worst first, is counted only. */
	enum verdict_class shown = t->n_worse > SCREEN_ROWS ? UNCERTAIN : LIKELY_SUCCEEDS;
	size_t fine = 0, likely = 0;

	print_headline(f, opts, mm, t);
	fprintf(f, "%-15s%8s  %-37s %s\n", "VERDICT", "P", "REQUEST", "CAUSE, OR BY");
	for (size_t i = 0; i < t->n_groups && !opts->verbose; i++) {
		const struct common_group *g = &t->groups[i];

		if (verdict_of(g->worst) == SUCCEEDS)
			fine += g->n_rows;
		else if (verdict_of(g->worst) > shown)
			likely += g->n_rows;
		else
			print_line(f, opts, g->worst, g->best, g->label, g->verdict);
	}
	for (size_t i = 0; i < t->n_rows && opts->verbose; i++) {
		const struct common_row *r = &t->rows[i];

		print_line(f, opts, r->verdict.probability, r->verdict.probability, r->label, &r->verdict);
	}
	if (likely)
		fprintf(f, "%s%-15s%s%8s  %zu of %zu common requests\n", tone_begin(opts, TONE_GOOD),
			"likely succeeds", tone_end(opts, TONE_GOOD), "", likely, t->n_rows);
	if (fine)
		fprintf(f, "%s%-15s%s%8s  %zu of %zu common requests (-v lists them)\n", tone_begin(opts, TONE_GOOD),
			"succeeds", tone_end(opts, TONE_GOOD), "", fine, t->n_rows);
	if (t->n_groups && !opts->verbose)
		print_why(f, opts, mm, &t->groups[0]);
	if (mm->rules.assumed)
		fprintf(f, "\nKernel release unknown: the newest rules were assumed.\n");
}

void json_common_table(FILE *f, const struct mm *mm, const struct common_table *t)
{
	struct jsonw jw;

	jw_init(&jw, f, true);
	jw_object(&jw, NULL);
	jw_str(&jw, "schema", "memtool.explain/1");
	jw_str(&jw, "kernel", mm->snap->kernel.release);
	jw_str(&jw, "rules", mm->rules.label);
	jw_array(&jw, "largest");
	for (size_t i = 0; i < ARRAY_SIZE(t->contexts); i++) {
		jw_object_inline(&jw, NULL);
		jw_str(&jw, "context", t->contexts[i].label);
		if (t->contexts[i].order >= 0) {
			jw_i64(&jw, "order", t->contexts[i].order);
			jw_u64(&jw, "bytes", t->contexts[i].bytes);
		} else {
			jw_null(&jw, "order");
			jw_null(&jw, "bytes");
		}
		jw_end_object(&jw);
	}
	jw_end_array(&jw);
	jw_array(&jw, "verdicts");
	for (size_t i = 0; i < t->n_rows; i++)
		json_verdict(&jw, NULL, &t->rows[i].request, &mm->names, NULL, &t->rows[i].verdict);
	jw_end_array(&jw);
	jw_end_object(&jw);
	jw_finish(&jw);
}
