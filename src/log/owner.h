/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which of the open reports a line belongs to. */
#ifndef LOG_OWNER_H
#define LOG_OWNER_H

#include "log/collect.h"

/* The report that takes a line of @k, or NULL. */
struct log_open *owner_of(const struct collect *c, enum line_kind k, const struct frame *f);
/* Hash of the part of a line that tells it from others of its kind. */
uint32_t owner_key(enum line_kind k, struct slice body);
/* A report of a single line, to which a trace may follow at once. */
bool owner_is_small(enum line_kind k);
/* Not of another caller, as far as the log names them. */
bool owner_caller_fits(const struct log_open *o, const struct frame *f);
/* The blocks of Mem-Info come in this order; 0: not of them. */
int owner_stage(enum line_kind k);

/* Whether the line shows that a report without its first lines is one of the OOM killer. */
bool owner_turns_oom(const struct collect *c, const struct log_open *o, enum line_kind k, const struct frame *f);
/* Whether @s says that a process is killed and by which OOM: once a report. */
bool owner_begins_kill(struct slice s);

#endif
