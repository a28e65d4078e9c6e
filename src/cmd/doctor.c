// SPDX-License-Identifier: GPL-2.0-or-later
/* memtool doctor */
#include <string.h>

#include "cmd/get_snapshot.h"
#include "cmd/output.h"
#include "cmd/summary.h"
#include "cmd/view.h"
#include "out/doctor.h"

enum { OPT_SYMPTOM = CMD_OPT(0) };

static const struct cmd_option options[] = {
	{ OPT_SYMPTOM, "symptom", "WHAT", "which commands help with it, usable ones first",
	  "leak|corruption|failure|fragmentation|who" },
	{ 0, NULL, NULL, NULL, NULL },
};

static int take_symptom(struct cmd_line *line, const char **symptom)
{
	for (const struct doctor_symptom *s = doctor_symptoms; s->name; s++) {
		if (strcmp(line->optarg, s->name) == 0) {
			*symptom = s->name;
			return 0;
		}
	}
	return cmd_usage(line, "--symptom takes leak, corruption, failure, fragmentation or who, not '%s'",
			 line->optarg);
}

static int print(struct cmd_line *line, const struct snapshot *s, const struct doctor *d,
		 const char *symptom)
{
	struct outfile out;
	int status = cmd_output_open(line, &out), err = 0;
	struct text_style st;

	if (status)
		return status;
	st = cmd_style(line, out.f);
	if (line->global->json)
		json_doctor(out.f, isatty(fileno(out.f)), s, d, symptom);
	else if (symptom)
		text_symptom(out.f, &st, d, symptom);
	else
		err = text_doctor(out.f, &st, s, d);
	return cmd_output_close(line, &out, err ? cmd_error(EXIT_CANNOT, "%s", strerror(-err)) : EXIT_DONE);
}

static int show(struct cmd_line *line, const struct snapshot *s, const char *symptom)
{
	struct probe probes[PROBE_COUNT];
	struct arena arena = { 0 };
	bool probed = false;
	struct doctor d;
	int status;

	if (!line->global->from) {
		struct root root;

		probed = root_open(&root, line->global->sysroot) == 0;
		if (probed)
			probe_all(&root, &arena, probes);
		root_close(&root);
	}
	if (doctor_build(&arena, s, probed ? probes : NULL, &d))
		status = cmd_error(EXIT_CANNOT, "out of memory");
	else
		status = print(line, s, &d, symptom);
	arena_done(&arena);
	return status;
}

static int run(struct cmd_line *line)
{
	auto_snapshot struct snapshot *s = NULL;
	const char *symptom = NULL;
	int opt, status;

	while ((opt = cmd_next_option(line)) >= 0) {
		status = opt == OPT_SYMPTOM ? take_symptom(line, &symptom) : 0;
		if (status)
			return status;
	}
	if (opt == CMD_STOP)
		return line->status;
	status = cmd_get_snapshot(line, 0, &s);
	return status ? status : show(line, s, symptom);
}

const struct cmd cmd_doctor = {
	.name = "doctor",
	.summary = "which sources, settings and debugging aids are there, and how to get the missing ones",
	.args = "",
	.description = "Says which files could be read and what each costs, which debugging aids the kernel has\n"
		       "and whether they are on, how the settings that decide fragmentation stand, and which\n"
		       "command to reach for. What no file tells is unknown, never off.",
	.options = options,
	.run = run,
};
