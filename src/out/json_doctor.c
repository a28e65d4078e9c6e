// SPDX-License-Identifier: GPL-2.0-or-later
/* The document memtool.doctor/1. */
#include "host/source.h"
#include "out/doctor.h"
#include "out/json_common.h"

static void write_answer(struct jsonw *jw, const char *name, enum answer a)
{
	if (a == ANSWER_UNKNOWN)
		jw_null(jw, name);
	else
		jw_bool(jw, name, a == ANSWER_YES);
}

static const char *cost_of(const char *name)
{
	for (size_t i = 0; i < SRC_COUNT; i++) {
		if (strcmp(source_table[i].name, name) == 0)
			return source_table[i].cost;
	}
	return NULL;
}

static void write_sources(struct jsonw *jw, const struct snapshot *s)
{
	static const char *const states[] = {
		[SNAP_READ] = "read", [SNAP_UNAVAILABLE] = "unavailable", [SNAP_SKIPPED] = "skipped",
	};

	jw_array(jw, "sources");
	for (size_t i = 0; i < s->n_sources; i++) {
		const struct snap_source *src = &s->sources[i];

		jw_object(jw, NULL);
		jw_str(jw, "name", src->name);
		jw_str(jw, "path", src->path);
		jw_str(jw, "state", states[src->state]);
		jw_str(jw, "reason", src->reason);
		jw_str(jw, "hint", src->hint);
		jw_str(jw, "cost", cost_of(src->name));
		jw_opt(jw, "duration_ns", src->start_ns ? opt_u64(src->duration_ns) : OPT_UNKNOWN);
		jw_opt(jw, "bytes", src->state == SNAP_READ ? opt_u64(src->bytes) : OPT_UNKNOWN);
		jw_end_object(jw);
	}
	jw_end_array(jw);
}

static void write_aids(struct jsonw *jw, const struct doctor *d)
{
	jw_array(jw, "aids");
	for (unsigned int i = 0; i < AID_COUNT; i++) {
		const struct doctor_aid *a = &d->aids[i];

		jw_object(jw, NULL);
		jw_str(jw, "name", a->name);
		jw_str(jw, "config", a->config);
		write_answer(jw, "built_in", a->built);
		write_answer(jw, "on", a->on);
		jw_str(jw, "evidence", *a->evidence ? a->evidence : NULL);
		jw_str(jw, "gives", a->gives);
		jw_str(jw, "cost", a->cost);
		jw_str(jw, "turn_on", a->turn_on);
		jw_end_object(jw);
	}
	jw_end_array(jw);
}

static void write_tunables(struct jsonw *jw, const struct doctor *d)
{
	jw_array(jw, "tunables");
	for (size_t i = 0; i < d->n_tunables; i++) {
		const struct doctor_tunable *t = &d->tunables[i];

		jw_object(jw, NULL);
		jw_str(jw, "name", t->name);
		jw_str(jw, "value", t->value);
		jw_str(jw, "default", t->standard);
		write_answer(jw, "at_default", t->at_default);
		jw_str(jw, "effect", t->effect);
		jw_end_object(jw);
	}
	jw_end_array(jw);
}

static void write_steps(struct jsonw *jw, const struct doctor *d, const char *symptom)
{
	jw_array(jw, "steps");
	for (size_t i = 0; i < d->n_steps; i++) {
		const struct doctor_step *step = &d->steps[i];

		if (symptom && strcmp(symptom, step->symptom) != 0)
			continue;
		jw_object(jw, NULL);
		jw_str(jw, "symptom", step->symptom);
		jw_str(jw, "tells", step->what);
		jw_str(jw, "command", step->command);
		jw_str(jw, "needs", step->aid < 0 ? NULL : d->aids[step->aid].name);
		write_answer(jw, "ready", step->ready);
		jw_end_object(jw);
	}
	jw_end_array(jw);
}

void json_doctor(FILE *f, bool pretty, const struct snapshot *s, const struct doctor *d,
		 const char *symptom)
{
	struct jsonw jw;

	jw_init(&jw, f, pretty);
	json_head(&jw, "memtool.doctor/1", s);
	write_sources(&jw, s);
	write_aids(&jw, d);
	write_tunables(&jw, d);
	write_steps(&jw, d, symptom);
	json_unavailable(&jw, s);
	jw_end_object(&jw);
	jw_finish(&jw);
}
