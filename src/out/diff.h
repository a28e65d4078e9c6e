/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Differences and findings, for a person and as memtool.diff/1. */
#ifndef OUT_DIFF_H
#define OUT_DIFF_H

#include <stdio.h>

#include "base/jsonw.h"
#include "model/findings.h"
#include "out/style.h"

/* The findings and the forecast alone, numbered, each with what to do next; what was not judged. */
void text_findings(FILE *f, const struct text_style *st, const struct findings *fs);
/* All: who and when, notes, findings, tables of what changed. */
void text_diff(FILE *f, const struct text_style *st, const struct diff *d, const struct findings *fs,
	       size_t samples);
/* "+1.2M", "-300K", "0": a change of bytes. "-" if it does not hold. */
char *change_text(const struct text_style *st, const struct change *c, char buf[SIZE_TEXT_MAX + 1]);

/* One document, in one line unless @pretty. */
void json_diff(FILE *f, bool pretty, const struct diff *d, const struct findings *fs, size_t samples);
/* Members "findings", "not_judged" and "forecast" of an object that is open. */
void json_findings(struct jsonw *jw, const struct findings *fs);

/* A live row: levels of @d's newer side and rates between the two; the header above it. */
void text_rates_header(FILE *f, const struct text_style *st);
void text_rates_row(FILE *f, const struct text_style *st, const struct diff *d);

#endif
