/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What drivers commonly ask: the table of `explain` without a request, and its headline. */
#ifndef MODEL_COMMON_H
#define MODEL_COMMON_H

#include "model/explain.h"

/* Switched off, or not built in: no failure that more memory would mend. Stands last. */
static inline bool common_is_off(const struct verdict *v)
{
	return v->cause == CAUSE_UNSUPPORTED;
}

struct common_row {
	struct request request;
	const char *label; /* as a driver's author would write it */
	struct verdict verdict; /* without steps; strings in the arena of the table */
	/* Rows that differ in one measure only: the label is head, measure and tail. NULL: alone. */
	const char *head, *measure, *tail;
};

/* Rows alike but for their measure, with one verdict and one cause: a line of the screen. */
struct common_group {
	const char *label; /* "alloc_pages(GFP_ATOMIC, 7 to 10)" */
	double worst, best; /* probabilities */
	const struct verdict *verdict; /* of the worst */
	struct request request;	       /* likewise */
	size_t n_rows;
};

struct common_context {
	const char *label;     /* "atomic", "sleeping", "DMA32" */
	int order;	       /* largest that succeeds; -1: not even one page */
	uint64_t bytes;
	int likely_order;      /* largest that likely succeeds, at least order */
};

struct common_table {
	struct arena arena;
	struct common_row *rows; /* worst first */
	size_t n_rows;
	struct common_group *groups; /* worst first, what is switched off last */
	size_t n_groups, n_worse; /* n_worse: of them that do not succeed for certain */
	struct common_context contexts[3];
};

/* 0 or -ENOMEM. Free with common_table_done. */
int common_table_make(struct explain *e, struct common_table *t);
void common_table_done(struct common_table *t);

#endif
