/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a need to an API: the choice that kernel practice makes, weighed by
 * what this state would do with each candidate.
 */
#ifndef MODEL_ADVISE_H
#define MODEL_ADVISE_H

#include "model/explain.h"

enum need_context { CONTEXT_PROCESS, CONTEXT_ATOMIC, CONTEXT_NOFS, CONTEXT_NOIO };

struct need {
	uint64_t bytes;		/* of one object */
	uint64_t objects;	/* equal objects; 0 or 1: one buffer */
	bool contiguous_given, contiguous;
	enum need_context context;
	int dma_mask;		/* 0: no device reads it */
	bool zeroed, user_mapped, constructor, hot; /* hot: allocated and freed often */
	uint64_t align;		/* bytes, 0: none asked */
};

struct advice_option {
	const char *api;	/* "kvmalloc" */
	const char *code;	/* the call as C: statements */
	const char *check;	/* what to do when it fails: a statement */
	const char *release;	/* how to free it: statements, the last without its semicolon */
	const char *why;
	double probability;	/* of success on this state */
};

#define ADVICE_MAX 8

struct advice {
	struct arena arena;
	struct advice_option options[ADVICE_MAX]; /* best first; options[0] is the advice */
	size_t n_options;
	const char *fallback;	/* when the first fails; NULL */
	const char *avoid[6];	/* what not to do and why */
	size_t n_avoid;
};

/* 0 or -ENOMEM. Free with advice_done. */
int advise(struct explain *e, const struct need *n, struct advice *out);
void advice_done(struct advice *a);

/* "process", "atomic", "nofs", "noio". */
bool need_context_from_name(const char *name, enum need_context *c);
const char *need_context_name(enum need_context c);

#endif
