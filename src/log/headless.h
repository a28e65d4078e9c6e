/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a line begins a report although its own first line is lost, or does not although it looks so. */
#ifndef LOG_HEADLESS_H
#define LOG_HEADLESS_H

#include "log/collect.h"

/* A frame of the trace of who prints a report. */
bool headless_printer(struct slice s);
/* A line of Mem-Info of which no report is open; ends an open dump that has that zone with other figures. */
bool headless_begins(struct collect *c, enum line_kind k, const struct frame *f);
/* Whether the line, without a prefix, is one that nobody writes by hand. */
bool headless_whole(enum line_kind k, struct slice s);
/* The title of a page or a thread that has words of the kernel's. */
bool headless_title(const struct collect *c, enum line_kind k, const struct frame *f);

#endif
