/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One snapshot as one line of JSON. */
#ifndef CMD_SAMPLE_LINE_H
#define CMD_SAMPLE_LINE_H

#include <stdio.h>

#include "host/capture.h"

/* To @f, the file @name; NULL: standard output. An exit status; the error has been reported. A closed pipe is EXIT_CANNOT without a word. */
int cmd_sample_line(const struct raw_capture *raw, const char *sysroot, const char *name, FILE *f);

#endif
