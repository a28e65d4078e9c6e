/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files model/remedies*.c share: a search for what would change a verdict. */
#ifndef MODEL_REMEDIES_H
#define MODEL_REMEDIES_H

#include "kernel/cma.h"
#include "model/api.h"
#include "model/explain.h"

/* What is set up at boot or at start. No asking tells how it goes: it is what they are for. */
#define RESERVED 0.9

struct search {
	struct explain *e;
	const struct request *r;
	struct verdict *v;
	struct explain inner; /* asks without disturbing the outer arena */
};

/* A verdict's probability for another request on the same state. */
double remedy_ask(struct search *s, const struct request *r);
/* Kept if @p is worth it. @author: a change of code, else the operator's to do. */
void remedy_add(struct search *s, double p, bool author, const char *action, const char *command);
/* A boot parameter, for the operator. */
void remedy_add_boot(struct search *s, const char *action, const char *parameter);
/* Bytes that the request needs. */
uint64_t remedy_bytes(const struct search *s);
/* It needs its pages in a row, whatever takes it. */
bool remedy_contiguous(const struct request *r);

/* model/remedies_pieces.c: the same in smaller blocks, if there are enough of them. */
void remedy_pieces(struct search *s);
/* model/remedies_boot.c: what is reserved at boot or at start. */
void remedy_reservations(struct search *s);
/* Limits and switches that somebody set. */
void remedy_limits(struct search *s);

#endif
