/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `doctor` prints. */
#ifndef OUT_DOCTOR_H
#define OUT_DOCTOR_H

#include "model/doctor.h"
#include "out/style.h"

/* Sources, aids, tunables and where to begin. 0 or negative errno. */
int text_doctor(FILE *f, const struct text_style *st, const struct snapshot *s,
		const struct doctor *d);
/* The steps for one symptom. */
void text_symptom(FILE *f, const struct text_style *st, const struct doctor *d, const char *symptom);
/* memtool.doctor/1; @symptom NULL: the steps for all. */
void json_doctor(FILE *f, bool pretty, const struct snapshot *s, const struct doctor *d,
		 const char *symptom);

/* "yes", "no", NULL unknown. */
const char *answer_text(enum answer a);

#endif
