/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Decoded reports for a person. */
#ifndef OUT_TEXT_LOG_H
#define OUT_TEXT_LOG_H

#include <stdio.h>

#include "model/log_group.h"
#include "out/style.h"

/* One report: a line, what was decided and why, remedies; with st->verbose all that the report holds. */
void text_log(FILE *f, const struct text_style *st, const struct log_report *r,
	      const struct log_diagnosis *d);
/* One line for each group, and the remedies of the most frequent one. @suppressed: reports that the kernel left out. */
void text_log_groups(FILE *f, const struct text_style *st, const struct log_groups *g,
		     uint64_t suppressed);

#endif
