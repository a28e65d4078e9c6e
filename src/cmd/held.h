/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Samples that come one after another, of which those are kept that a difference needs. */
#ifndef CMD_HELD_H
#define CMD_HELD_H

#include "model/diff.h"

struct held {
	struct diff_ends ends;
	struct snapshot *v[2 * DIFF_PARTS + 3]; /* the ends, and the one that comes; owned */
	size_t n;
};

/* All take @s. Let go of all others: it is the first that counts. */
void held_begin(struct held *h, struct snapshot *s);
/* The stretch that is compared grows longer: from its first sample to @s. */
void held_lengthen(struct held *h, struct snapshot *s);
/*
 * It moves on: from the sample before to @s. A costly file that @s lacks stays what the
 * last that hold it say; nothing is carried over a boot.
 */
void held_move(struct held *h, struct snapshot *s);
/* Free all; empty again. */
void held_clear(struct held *h);

#endif
