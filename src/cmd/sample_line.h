/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One snapshot as one line of JSON on standard output. */
#ifndef CMD_SAMPLE_LINE_H
#define CMD_SAMPLE_LINE_H

#include "host/capture.h"

/* An exit status; the error has been reported. A closed pipe is EXIT_CANNOT without a word. */
int cmd_sample_line(const struct raw_capture *raw, const char *sysroot);

#endif
