/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parts of findings_new. */
#ifndef MODEL_FINDINGS_PRIV_H
#define MODEL_FINDINGS_PRIV_H

#include "model/findings.h"

struct finder {
	struct findings *fs;
	const struct diff *d;
	const struct history *h; /* NULL: two ends only */
	size_t first;		 /* point of @h at which the last boot begins */
	double *t;		 /* times of the points from there on */
	size_t n;
	bool failed;		 /* memory is out */
};

/* Growth that is worth a word, of a steady trend and of two ends; bytes. */
uint64_t finder_least_leak(const struct finder *f);
uint64_t finder_least_growth(const struct finder *f);

/* Times of the points of @f->h since the last boot. 0 or -ENOMEM; free @f->t. */
int finder_take_times(struct finder *f);
/* The trend of a row; what is not in a point's file counts as 0. False: none can be told. */
bool finder_trend(const struct finder *f, enum series_kind kind, const char *name, struct trend *out);

/* Append a finding; the sentence is printf's. NULL when memory is out. */
struct finding *finder_add(struct finder *f, enum finding_kind kind, const char *subject,
			   const char *fmt, ...) PRINTF_LIKE(4, 5);
void finding_set_next(struct finder *f, struct finding *x, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* Who took most of the pages that are held now and were not, where page_owner tells; else @otherwise. */
void finding_set_next_owner(struct finder *f, struct finding *x, const char *otherwise);

#define FIND_TEXT 64
/* "12.3 MiB" */
const char *find_size(char buf[FIND_TEXT], double bytes);
/* "90 s", "25 min", "3.5 h", "2.1 days" */
const char *find_span(char buf[FIND_TEXT], double s);
#define FIND_FUNCTION 160
/* "leaky_probe [leaky]"; "an unknown function" for "". @module may be NULL. */
const char *find_function(char buf[FIND_FUNCTION], const char *function, const char *module);
/* It rose by @least or more; what came rose by all that it has. */
bool find_grew(const struct change *c, uint64_t least);
/* Of the newer snapshot; 0 where it is not known. */
uint64_t find_pageblock_bytes(const struct diff *d);

/* Where profiling is on: the line of code that took what each finding is about. */
void find_sites(struct finder *f);
void find_slab(struct finder *f);
void find_vmalloc(struct finder *f);
void find_unreferenced(struct finder *f);
void find_stray_pages(struct finder *f);
void find_pollution(struct finder *f);
void find_unaccounted(struct finder *f);
void find_blocks(struct finder *f);
void find_struggle(struct finder *f);
/* After all others: what they had no files for. */
void find_unjudged(struct finder *f);

#endif
