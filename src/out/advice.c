// SPDX-License-Identifier: GPL-2.0-or-later
/* Advice for a person and as JSON. */
#include "out/advice.h"

#include "base/jsonw.h"

static void indented(FILE *f, const char *text)
{
	struct slice rest = slice_of(text), line;

	while (slice_line(&rest, &line, NULL))
		fprintf(f, "    %.*s\n", (int)line.len, line.p);
}

static void text_option(FILE *f, const struct text_style *st, const struct advice_option *o)
{
	auto_strbuf struct strbuf why = STRBUF_INIT;

	fprintf(f, "%s: %s now (%.0f %%)\n  ", o->api, verdict_words(verdict_of(o->probability)),
		o->probability * 100);
	sb_printf(&why, "%s.", o->why);
	put_wrapped(f, st, 2, sb_str(&why));
	indented(f, o->code);
	fprintf(f, "    %s\n    %s;\n", o->check, o->release);
}

void text_advice(FILE *f, const struct text_style *st, const struct advice *a)
{
	size_t shown = st->verbose ? a->n_options : 1;

	for (size_t i = 0; i < shown; i++) {
		if (i)
			putc('\n', f);
		text_option(f, st, &a->options[i]);
	}
	if (a->fallback) {
		fputs("\nIf it fails: ", f);
		put_wrapped(f, st, 13, a->fallback);
	}
	for (size_t i = 0; i < a->n_avoid; i++) {
		fputs(i ? "       " : "\nAvoid: ", f);
		put_wrapped(f, st, 7, a->avoid[i]);
	}
	if (!st->verbose && a->n_options > 1)
		fprintf(f, "\n-v shows %zu other way%s.\n", a->n_options - 1, a->n_options == 2 ? "" : "s");
}

static void json_need(struct jsonw *jw, const struct need *n)
{
	jw_object_inline(jw, "need");
	jw_u64(jw, "size", n->bytes);
	jw_u64(jw, "objects", n->objects ? n->objects : 1);
	if (n->contiguous_given)
		jw_bool(jw, "contiguous", n->contiguous);
	else
		jw_null(jw, "contiguous");
	jw_str(jw, "context", need_context_name(n->context));
	if (n->dma_mask)
		jw_i64(jw, "dma_mask", n->dma_mask);
	else
		jw_null(jw, "dma_mask");
	jw_bool(jw, "zeroed", n->zeroed);
	jw_bool(jw, "user_mapped", n->user_mapped);
	jw_end_object(jw);
}

void json_advice(FILE *f, const struct need *n, const struct advice *a)
{
	struct jsonw jw;

	jw_init(&jw, f, true);
	jw_object(&jw, NULL);
	jw_str(&jw, "schema", "memtool.advise/1");
	json_need(&jw, n);
	jw_array(&jw, "options");
	for (size_t i = 0; i < a->n_options; i++) {
		const struct advice_option *o = &a->options[i];

		jw_object(&jw, NULL);
		jw_str(&jw, "api", o->api);
		jw_str(&jw, "code", o->code);
		jw_str(&jw, "check", o->check);
		jw_str(&jw, "free", o->release);
		jw_str(&jw, "why", o->why);
		jw_str(&jw, "verdict", verdict_name(verdict_of(o->probability)));
		jw_double(&jw, "probability", o->probability, 3);
		jw_end_object(&jw);
	}
	jw_end_array(&jw);
	jw_str(&jw, "fallback", a->fallback);
	jw_array(&jw, "avoid");
	for (size_t i = 0; i < a->n_avoid; i++)
		jw_str(&jw, NULL, a->avoid[i]);
	jw_end_array(&jw);
	jw_end_object(&jw);
	jw_finish(&jw);
}
