/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The score of predictions, for a person and as JSON. */
#ifndef OUT_SCORE_H
#define OUT_SCORE_H

#include <stdio.h>

#include "kernel/mm.h"
#include "model/score.h"

void text_score(FILE *f, const struct score *s);
void json_score(FILE *f, const struct score *s, const char *tag);
/* One line: the request, the verdict, what happened. */
void text_wrong_verdict(FILE *f, const struct mm *mm, const struct request *r,
			const struct verdict *v, bool ok);

#endif
