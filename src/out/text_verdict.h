/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Verdicts for a person, and the table of common requests in both forms. */
#ifndef OUT_TEXT_VERDICT_H
#define OUT_TEXT_VERDICT_H

#include <stdio.h>

#include "model/common.h"
#include "out/style.h"

/* A verbose style shows the path, -vv the arithmetic and the rules, too. */
/* @first: no blank line before it. */
void text_verdict(FILE *f, const struct text_style *opts, const struct mm *mm,
		  const struct request *r, const struct verdict *v, bool first);
void text_common_table(FILE *f, const struct text_style *opts, const struct mm *mm,
		       const struct common_table *t);
void json_common_table(FILE *f, const struct mm *mm, const struct common_table *t);

#endif
