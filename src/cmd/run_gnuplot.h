/* SPDX-License-Identifier: GPL-2.0-or-later */
/* gnuplot, started when a picture is wanted. */
#ifndef CMD_RUN_GNUPLOT_H
#define CMD_RUN_GNUPLOT_H

#include <stdbool.h>
#include <stdio.h>

#include "base/str.h"

bool gnuplot_is_there(void);
/*
 * Give @script to gnuplot; the picture goes to the file @out. -ENOENT: there
 * is no gnuplot; -EIO: it failed, and @why, where it is not NULL, has the first
 * line of what it said. What it has to remark on a picture that it drew is
 * dropped. That @out could not be written is no error of gnuplot: ferror(@out)
 * tells it.
 */
int gnuplot_run(struct slice script, FILE *out, struct strbuf *why);

#endif
