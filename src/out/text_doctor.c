// SPDX-License-Identifier: GPL-2.0-or-later
/* memtool doctor for a person. */
#include <errno.h>
#include <inttypes.h>

#include "host/source.h"
#include "out/doctor.h"
#include "out/table.h"
#include "out/text_snapshot.h"

const char *answer_text(enum answer a)
{
	return a == ANSWER_YES ? "yes" : a == ANSWER_NO ? "no" : NULL;
}

static const struct source *source_named(const char *name)
{
	for (size_t i = 0; i < SRC_COUNT; i++) {
		if (strcmp(source_table[i].name, name) == 0)
			return &source_table[i];
	}
	return NULL;
}

enum source_column { SOURCE_NAME, SOURCE_STATE, SOURCE_TIME, SOURCE_BYTES, SOURCE_COLUMNS };

static const struct table_column source_columns[SOURCE_COLUMNS] = {
	[SOURCE_NAME] = { "source", NULL, TABLE_TEXT, true, "" },
	[SOURCE_STATE] = { "state", NULL, TABLE_TEXT, true, "" },
	[SOURCE_TIME] = { "usec", NULL, TABLE_COUNT, true, "" },
	[SOURCE_BYTES] = { "bytes", NULL, TABLE_BYTES, true, "" },
};

static struct table_cell source_cell(const void *data, size_t row, size_t column)
{
	const struct snapshot *s = data;
	const struct snap_source *src = &s->sources[row];
	bool read = src->state == SNAP_READ;

	switch (column) {
	case SOURCE_NAME:
		return cell_text(src->name);
	case SOURCE_STATE:
		return cell_text(read ? "read" : src->state == SNAP_SKIPPED ? "left out" : "no");
	case SOURCE_TIME:
		return cell_opt(read && src->start_ns ? opt_u64(src->duration_ns / 1000) : OPT_UNKNOWN);
	default:
		return cell_opt(read ? opt_u64(src->bytes) : OPT_UNKNOWN);
	}
}

/* What each source costs; without -v only the one that can stall a large host. */
static void put_costs(FILE *f, const struct text_style *st, const struct snapshot *s)
{
	bool any = false;

	for (size_t i = 0; i < s->n_sources; i++) {
		const struct source *known = source_named(s->sources[i].name);
		auto_strbuf struct strbuf sb = STRBUF_INIT;

		if (!known || (!st->verbose && known != &source_table[SRC_PAGETYPEINFO]))
			continue;
		if (!any)
			putc('\n', f);
		any = true;
		sb_printf(&sb, "%s: %s", known->name, known->cost);
		put_wrapped(f, st, 2, sb_str(&sb));
	}
}

static int put_sources(FILE *f, const struct text_style *st, const struct snapshot *s)
{
	struct table t = { source_columns, SOURCE_COLUMNS, s->n_sources, source_cell, s, NULL };
	struct text_style all = *st;
	struct table_choice choice;
	struct slice bad;
	int err;

	if (s->n_sources == 0)
		return 0;
	fprintf(f, "%ssources%s\n", tone_begin(st, TONE_HEAD), tone_end(st, TONE_HEAD));
	err = table_choose(&t, NULL, NULL, 0, &choice, &bad);
	if (err)
		return err;
	err = table_print(f, &t, &choice, st);
	table_choice_done(&choice);
	put_costs(f, st, s);
	all.verbose = 1; /* here each one's remedy is said */
	text_unavailable(f, &all, s);
	return err;
}

static enum text_tone answer_tone(enum answer a)
{
	return a == ANSWER_YES ? TONE_GOOD : a == ANSWER_NO ? TONE_PLAIN : TONE_DIM;
}

static void put_answer(FILE *f, const struct text_style *st, enum answer a, const char *yes,
		       const char *no)
{
	const char *text = a == ANSWER_YES ? yes : a == ANSWER_NO ? no : "unknown";

	fprintf(f, "%s%-9s%s", tone_begin(st, answer_tone(a)), text, tone_end(st, answer_tone(a)));
}

static void put_indented(FILE *f, const struct text_style *st, const char *label, const char *text)
{
	auto_strbuf struct strbuf sb = STRBUF_INIT;

	sb_printf(&sb, "%s: %s", label, text);
	fputs("    ", f);
	put_wrapped_at(f, st, 4, 6, sb_str(&sb));
}

static void put_aids(FILE *f, const struct text_style *st, const struct doctor *d)
{
	fprintf(f, "\n%s%-22s%-9s%-9s%s%s\n", tone_begin(st, TONE_HEAD), "debugging aids", "built in",
		"on", "tells", tone_end(st, TONE_HEAD));
	for (unsigned int i = 0; i < AID_COUNT; i++) {
		const struct doctor_aid *a = &d->aids[i];

		fprintf(f, "%-22s", a->name);
		put_answer(f, st, a->built, "yes", "no");
		put_answer(f, st, a->on, "on", "off");
		put_wrapped_at(f, st, 40, 42, a->gives);
		if (!st->verbose)
			continue;
		put_indented(f, st, "cost", a->cost);
		if (a->on != ANSWER_YES)
			put_indented(f, st, "turn on", a->turn_on);
		if (*a->evidence)
			put_indented(f, st, "known from", a->evidence);
	}
}

static void put_tunables(FILE *f, const struct text_style *st, const struct doctor *d)
{
	fprintf(f, "\n%s%-40s %12s  %s%s\n", tone_begin(st, TONE_HEAD), "settings", "value", "default",
		tone_end(st, TONE_HEAD));
	for (size_t i = 0; i < d->n_tunables; i++) {
		const struct doctor_tunable *t = &d->tunables[i];
		bool moved = t->at_default == ANSWER_NO;
		auto_strbuf struct strbuf value = STRBUF_INIT;

		for (const char *p = t->value ? t->value : "unknown"; *p; p++)
			sb_addch(&value, *p == '\t' ? ' ' : *p);
		fprintf(f, "%-40s %s", t->name, tone_begin(st, moved ? TONE_WARN : TONE_PLAIN));
		fprintf(f, "%*s", value.len < 12 ? (int)(12 - value.len) : 0, "");
		put_shown(f, sb_str(&value), 40);
		fprintf(f, "%s  %s\n", tone_end(st, moved ? TONE_WARN : TONE_PLAIN),
			t->standard ? t->standard : "by machine");
		if (moved || st->verbose)
			put_indented(f, st, moved ? "moved" : "moving it", t->effect);
	}
}

static void put_step(FILE *f, const struct text_style *st, const struct doctor *d,
		     const struct doctor_step *step)
{
	auto_strbuf struct strbuf sb = STRBUF_INIT;

	sb_addstr(&sb, step->what);
	if (step->aid >= 0 && step->ready != ANSWER_YES) {
		const struct doctor_aid *a = &d->aids[step->aid];

		sb_printf(&sb, " (%s is %s: %s)", a->name,
			  step->ready == ANSWER_UNKNOWN ? "perhaps not on" : "off", a->turn_on);
	}
	fputs("  ", f);
	put_wrapped_at(f, st, 2, 4, sb_str(&sb));
	fprintf(f, "      %s%s%s\n",
		tone_begin(st, step->ready == ANSWER_YES ? TONE_HEAD : TONE_DIM), step->command,
		tone_end(st, TONE_HEAD));
}

void text_symptom(FILE *f, const struct text_style *st, const struct doctor *d, const char *symptom)
{
	const struct doctor_symptom *title = doctor_symptoms;

	while (title->name && strcmp(title->name, symptom) != 0)
		title++;
	if (!title->name)
		return;
	fprintf(f, "%s%s%s: %s\n", tone_begin(st, TONE_HEAD), title->name, tone_end(st, TONE_HEAD),
		title->title);
	for (size_t i = 0; i < d->n_steps; i++) {
		if (strcmp(d->steps[i].symptom, symptom) == 0)
			put_step(f, st, d, &d->steps[i]);
	}
}

int text_doctor(FILE *f, const struct text_style *st, const struct snapshot *s,
		const struct doctor *d)
{
	int err;

	text_machine(f, st, s);
	putc('\n', f);
	err = put_sources(f, st, s);
	if (err)
		return err;
	put_aids(f, st, d);
	put_tunables(f, st, d);
	fprintf(f, "\n%swhere to begin: memtool doctor --symptom ...%s\n", tone_begin(st, TONE_HEAD),
		tone_end(st, TONE_HEAD));
	for (const struct doctor_symptom *x = doctor_symptoms; x->name; x++)
		fprintf(f, "  %-14s %s\n", x->name, x->title);
	if (!st->verbose)
		fputs("memtool doctor -v tells what each aid costs, and how to turn it on.\n", f);
	return 0;
}
