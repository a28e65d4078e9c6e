/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The report: one HTML page that needs nothing else. */
#ifndef OUT_HTML_H
#define OUT_HTML_H

#include <stdio.h>

#include "model/common.h"
#include "model/findings.h"
#include "out/plot.h"

struct html_report {
	const struct diff *d;	     /* the newer side is the state that is shown */
	const struct findings *fs;
	size_t samples;		     /* 1: a state only, nothing is said of changes */
	const struct mm *mm;	     /* NULL: no verdicts */
	const struct common_table *requests;
	const char *svg[PLOT_KINDS]; /* pictures as whole SVG documents; NULL where there is none */
	const char *no_pictures;     /* why there are none; NULL */
};

/* Write the page. Every string that came from a file is escaped. 0 or -ENOMEM; errors of @f stay in @f. */
int html_report(FILE *f, const struct html_report *r);

/* @text as character data or in a double-quoted attribute; bytes that HTML cannot hold become U+FFFD. */
void html_text(FILE *f, const char *text);

#endif
