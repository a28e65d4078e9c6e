// SPDX-License-Identifier: GPL-2.0-or-later
/* The score of predictions. */
#include "out/score.h"

#include <inttypes.h>

#include "base/jsonw.h"
#include "out/style.h"

static void text_cell(FILE *f, const char *name, const struct score_cell *c)
{
	if (!c->n)
		return;
	fprintf(f, "  %-22s %7" PRIu64 "  %5.1f %%  %6.2f %%  %6.4f\n", name, c->n,
		100 * (double)c->ok / (double)c->n, 100 * score_accuracy(c), score_brier(c));
}

static void text_calibration(FILE *f, const char *title, const struct score_cell *cells)
{
	fprintf(f, "\n%s\n  %-22s %7s  %9s  %8s\n", title, "verdict", "n", "predicted", "obtained");
	for (int i = 0; i < 5; i++) {
		const struct score_cell *c = &cells[i];

		if (c->n)
			fprintf(f, "  %-22s %7" PRIu64 "  %7.1f %%  %6.1f %%\n",
				verdict_name((enum verdict_class)i), c->n, 100 * c->p_sum / (double)c->n,
				100 * (double)c->ok / (double)c->n);
	}
}

void text_score(FILE *f, const struct score *s)
{
	char name[24];

	fprintf(f, "  %-22s %7s  %7s  %8s  %6s\n", "", "n", "obtained", "right", "Brier");
	text_cell(f, "all", &s->all);
	text_cell(f, "decided at once", &s->at_once);
	text_cell(f, "reclaim, compaction", &s->slow);
	fputs("By hand:\n", f);
	text_cell(f, "block free in buddyinfo", &s->hand_block);
	text_cell(f, "extfrag index > 0.5", &s->hand_index);
	text_cell(f, "always fails", &s->hand_never);
	fputs("By API:\n", f);
	for (int i = 0; i < API_COUNT; i++)
		text_cell(f, api_name((enum api)i), &s->by_api[i]);
	fputs("By gfp class:\n", f);
	for (int i = 0; i < CLASS_COUNT; i++)
		text_cell(f, gfp_class_name((enum gfp_class)i), &s->by_class[i]);
	fputs("By order:\n", f);
	for (int i = 0; i < 64; i++) {
		snprintf(name, sizeof(name), "order %d", i);
		text_cell(f, name, &s->by_order[i]);
	}
	fputs("By mechanism:\n", f);
	for (int i = 0; i < MECHANISM_COUNT; i++)
		text_cell(f, mechanism_name((enum mechanism)i), &s->by_mechanism[i]);
	text_calibration(f, "Calibration, all:", s->by_verdict);
	text_calibration(f, "Calibration, reclaim and compaction:", s->slow_by_verdict);
	if (s->refused)
		fprintf(f, "\n%" PRIu64 " requests refused by the module\n", s->refused);
}

static void json_cell(struct jsonw *jw, const char *name, const struct score_cell *c)
{
	jw_object_inline(jw, name);
	jw_u64(jw, "n", c->n);
	jw_u64(jw, "obtained", c->ok);
	jw_u64(jw, "right", c->right);
	if (c->n) {
		jw_double(jw, "accuracy", score_accuracy(c), 5);
		jw_double(jw, "brier", score_brier(c), 5);
		jw_double(jw, "mean_probability", c->p_sum / (double)c->n, 5);
	} else {
		jw_null(jw, "accuracy");
		jw_null(jw, "brier");
		jw_null(jw, "mean_probability");
	}
	jw_end_object(jw);
}

static void json_verdict_cells(struct jsonw *jw, const char *name, const struct score_cell *cells)
{
	jw_object(jw, name);
	for (int i = 0; i < 5; i++)
		json_cell(jw, verdict_name((enum verdict_class)i), &cells[i]);
	jw_end_object(jw);
}

void json_score(FILE *f, const struct score *s, const char *tag)
{
	char name[24];
	struct jsonw jw;

	jw_init(&jw, f, true);
	jw_object(&jw, NULL);
	jw_str(&jw, "schema", "memtool.verify/1");
	jw_str(&jw, "tag", tag);
	json_cell(&jw, "all", &s->all);
	json_cell(&jw, "at_once", &s->at_once);
	json_cell(&jw, "slow", &s->slow);
	json_cell(&jw, "hand_block_free", &s->hand_block);
	json_cell(&jw, "hand_extfrag_index", &s->hand_index);
	json_cell(&jw, "hand_always_fails", &s->hand_never);
	json_cell(&jw, "slow_always_fails", &s->slow_never);
	json_verdict_cells(&jw, "by_verdict", s->by_verdict);
	json_verdict_cells(&jw, "slow_by_verdict", s->slow_by_verdict);
	jw_object(&jw, "by_api");
	for (int i = 0; i < API_COUNT; i++)
		if (s->by_api[i].n)
			json_cell(&jw, api_name((enum api)i), &s->by_api[i]);
	jw_end_object(&jw);
	jw_object(&jw, "by_gfp_class");
	for (int i = 0; i < CLASS_COUNT; i++)
		if (s->by_class[i].n)
			json_cell(&jw, gfp_class_name((enum gfp_class)i), &s->by_class[i]);
	jw_end_object(&jw);
	jw_object(&jw, "by_order");
	for (int i = 0; i < 64; i++) {
		snprintf(name, sizeof(name), "%d", i);
		if (s->by_order[i].n)
			json_cell(&jw, name, &s->by_order[i]);
	}
	jw_end_object(&jw);
	jw_object(&jw, "by_mechanism");
	for (int i = 0; i < MECHANISM_COUNT; i++)
		if (s->by_mechanism[i].n)
			json_cell(&jw, mechanism_name((enum mechanism)i), &s->by_mechanism[i]);
	jw_end_object(&jw);
	jw_u64(&jw, "refused", s->refused);
	jw_end_object(&jw);
	jw_finish(&jw);
}

void text_wrong_verdict(FILE *f, const struct mm *mm, const struct request *r,
			const struct verdict *v, bool ok)
{
	auto_strbuf struct strbuf sb = STRBUF_INIT;

	request_format(r, &mm->names, &sb);
	fputs("wrong: ", f);
	put_shown(f, sb_str(&sb), 4096);
	fprintf(f, ": predicted %s (%.3f), %s: ", verdict_name(verdict_of(v->probability)), v->probability,
		ok ? "succeeded" : "failed");
	put_shown(f, v->summary, 4096);
	putc('\n', f);
}
