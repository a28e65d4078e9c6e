// SPDX-License-Identifier: GPL-2.0-or-later
/* The log parser, its diagnosis and both outputs: any bytes, fed in pieces of any size. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "log/parser.h"
#include "model/log_group.h"
#include "out/json_log.h"
#include "out/text_log.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct sinks {
	FILE *out;
	struct log_groups groups;
};

static int sink(void *ctx, struct log_report *r)
{
	struct sinks *s = ctx;
	struct text_style st = { .width = 80, .verbose = 2 };
	struct log_diagnosis d;

	if (log_diagnose(&d, r, NULL, NULL) || log_groups_add(&s->groups, r, &d))
		abort();
	json_log(s->out, r, &d);
	text_log(s->out, &st, r, &d);
	log_diagnosis_done(&d);
	log_report_free(r);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static FILE *null;
	struct sinks s = { 0 };
	struct log_parser *p;
	size_t step, at = 0;

	if (!size)
		return 0;
	if (!null)
		null = fopen("/dev/null", "w");
	s.out = null;
	p = log_parser_new(sink, &s);
	if (!p || !null)
		abort();
	/* The first byte says how the rest is cut. */
	step = data[0] < 128 ? size : (size_t)(data[0] - 127) * 7;
	while (at < size) {
		size_t n = size - at < step ? size - at : step;
		char *room = log_parser_room(p, n);

		if (!room)
			abort();
		memcpy(room, data + at, n);
		if (log_parser_fed(p, n))
			abort();
		at += n;
		if (data[0] == 255 && log_parser_idle(p))
			abort();
	}
	if (log_parser_end(p))
		abort();
	log_groups_sort(&s.groups);
	log_groups_done(&s.groups);
	log_parser_free(p);
	return 0;
}
