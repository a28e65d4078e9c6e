/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Predictions against what the kernel did: accuracy, Brier score, calibration, and what people do by hand. */
#ifndef MODEL_SCORE_H
#define MODEL_SCORE_H

#include "model/draw.h"
#include "model/verdict.h"

struct score_cell {
	uint64_t n, ok;		 /* trials, and those that the kernel satisfied */
	uint64_t right;		 /* probability on the outcome's side of one half */
	double brier_sum, p_sum; /* squared errors, probabilities */
};

struct score {
	struct score_cell all, at_once, slow;
	struct score_cell by_api[API_COUNT];
	struct score_cell by_class[CLASS_COUNT];
	struct score_cell by_order[64];
	struct score_cell by_mechanism[MECHANISM_COUNT];
	struct score_cell by_verdict[5];	/* all trials, by verdict given */
	struct score_cell slow_by_verdict[5];
	/* By hand: a block of the order is free; extfrag index above 0.5 means failure; always fails. */
	struct score_cell hand_block, hand_index, hand_never;
	struct score_cell slow_never; /* "always fails" on what may reclaim or compact */
	uint64_t refused;	     /* not tried: the module or this kernel refused */
};

/* One trial. @order: of the block asked for. @block_free, @index_high: what the by-hand rules see. */
struct trial {
	enum api api;
	uint32_t gfp;
	unsigned int order;
	bool ok, block_free, index_high;
};

void score_add(struct score *s, const struct trial *t, const struct verdict *v);
/* Shares of a cell; 0 if it is empty. */
double score_accuracy(const struct score_cell *c);
double score_brier(const struct score_cell *c);

#endif
