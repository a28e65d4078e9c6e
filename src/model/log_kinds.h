/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of log_diagnose, by kind of report. Each sets cause and summary; 0 or -ENOMEM. */
#ifndef MODEL_LOG_KINDS_H
#define MODEL_LOG_KINDS_H

#include "model/log_diagnose.h"

/* A request to the page allocator, by its zones. */
int log_pages_kind(struct log_diagnosis *d, const struct log_report *r, struct mm_rules *rules);
int log_vmalloc_kind(struct log_diagnosis *d, const struct log_report *r, struct mm_rules *rules);
int log_oom_kind(struct log_diagnosis *d, const struct log_report *r, struct mm_rules *rules);
/* @before: the page allocator's report before it, with its diagnosis; NULL if none. */
int log_slub_kind(struct log_diagnosis *d, const struct log_report *r, const struct log_report *before,
		  const struct log_diagnosis *before_d);
int log_one_line_kind(struct log_diagnosis *d, const struct log_report *r);
/* As log_slub_kind: the warning on a DMA pool follows the allocator's. */
int log_event_kind(struct log_diagnosis *d, const struct log_report *r, struct mm_rules *rules,
		   const struct log_report *before, const struct log_diagnosis *before_d);

/* A limit of a cgroup, in kB, from which on nobody set one: about 2^63 bytes. */
#define LOG_NO_LIMIT_KB (UINT64_C(1) << 50)
/* What a memory cgroup of v1 ran into is its limit of memory and swap together. */
bool log_memsw_hit(const struct log_report *r);

/* @r may be what slab or a DMA pool says of the failure that @before reports; @before may be NULL. */
bool log_follows(const struct log_report *r, const struct log_report *before);

/* Words for the parts: of @d's arena. */
const char *log_bytes(struct log_diagnosis *d, uint64_t n);

#endif
