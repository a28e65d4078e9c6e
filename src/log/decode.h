/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the collected lines of one report to its typed form. */
#ifndef LOG_DECODE_H
#define LOG_DECODE_H

#include "log/collect.h"

/* Fill o->r from its items. 0 or -ENOMEM. */
int log_decode(struct log_open *o);

/* The grammars, one a theme; each takes the lines it knows. -ENOMEM or 0. */
int decode_header(struct log_report *r, const struct log_item *it);
/* The kernel's release alone, of a line of another report. */
int decode_kernel(struct log_report *r, struct slice cpu_line);
int decode_small(struct log_report *r, const struct log_item *it);
int decode_meminfo(struct log_report *r, const struct log_item *it);
int decode_oom(struct log_report *r, const struct log_item *it);
int decode_trace(struct log_report *r, const struct log_item *it);
/* After all lines: what the trace says of the requester. */
int decode_requester(struct log_report *r);
/* After all lines: page size, from the free lists or from pages against kB. */
void decode_page_size(struct log_report *r);

/* "0x40cc0(GFP_KERNEL|__GFP_COMP)" or a bare mask; moves behind it. */
bool decode_gfp(struct log_report *r, struct slice *s);

#endif
