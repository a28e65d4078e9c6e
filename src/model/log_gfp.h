/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The gfp flags of a report, by mask and by name, and which kernel's numbering they are in. */
#ifndef MODEL_LOG_GFP_H
#define MODEL_LOG_GFP_H

#include "model/log_diagnose.h"

/*
 * Decode r->gfp into @d. @rules: those of the report's kernel; if its release
 * is unknown they are replaced by ones whose numbering fits mask and names.
 * 0 or -ENOMEM.
 */
int log_gfp_decode(struct log_diagnosis *d, const struct log_report *r, struct mm_rules *rules);

/* Whether the trace shows a task in reclaim, to the point that the kernel has set PF_MEMALLOC for it. */
bool log_in_reclaim(const struct log_report *r);

#endif
