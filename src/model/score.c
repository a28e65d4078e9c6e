// SPDX-License-Identifier: GPL-2.0-or-later
/* Predictions against what the kernel did. */
#include "model/score.h"

static void cell_add(struct score_cell *c, bool ok, double p)
{
	double error = (ok ? 1 : 0) - p;

	c->n++;
	c->ok += ok;
	c->right += ok == (p >= 0.5);
	c->brier_sum += error * error;
	c->p_sum += p;
}

void score_add(struct score *s, const struct trial *t, const struct verdict *v)
{
	double p = v->probability;
	enum verdict_class verdict = verdict_of(p);

	cell_add(&s->all, t->ok, p);
	cell_add(v->at_once ? &s->at_once : &s->slow, t->ok, p);
	cell_add(&s->by_api[t->api], t->ok, p);
	cell_add(&s->by_class[gfp_class_of(t->gfp)], t->ok, p);
	cell_add(&s->by_order[t->order < 64 ? t->order : 63], t->ok, p);
	cell_add(&s->by_mechanism[v->mechanism], t->ok, p);
	cell_add(&s->by_verdict[verdict], t->ok, p);
	if (!v->at_once) {
		cell_add(&s->slow_by_verdict[verdict], t->ok, p);
		cell_add(&s->slow_never, t->ok, 0);
	}
	cell_add(&s->hand_block, t->ok, t->block_free ? 1 : 0);
	cell_add(&s->hand_index, t->ok, t->index_high ? 0 : 1);
	cell_add(&s->hand_never, t->ok, 0);
}

double score_accuracy(const struct score_cell *c)
{
	return c->n ? (double)c->right / (double)c->n : 0;
}

double score_brier(const struct score_cell *c)
{
	return c->n ? c->brier_sum / (double)c->n : 0;
}
