// SPDX-License-Identifier: GPL-2.0-or-later
/* Which samples a difference needs. */
#include "cmd/held.h"

static bool is_end(const struct diff_ends *e, const struct snapshot *s)
{
	if (s == e->a || s == e->b)
		return true;
	for (unsigned int i = 0; i < DIFF_PARTS; i++) {
		if (s == e->part[i].a || s == e->part[i].b)
			return true;
	}
	return false;
}

/* Free those that are no end any more. */
static void drop_others(struct held *h)
{
	size_t n = 0;

	for (size_t i = 0; i < h->n; i++) {
		if (is_end(&h->ends, h->v[i]))
			h->v[n++] = h->v[i];
		else
			snapshot_free(h->v[i]);
	}
	h->n = n;
}

void held_clear(struct held *h)
{
	h->ends = (struct diff_ends){ 0 };
	drop_others(h);
}

void held_begin(struct held *h, struct snapshot *s)
{
	held_clear(h);
	h->ends.a = h->ends.b = s;
	for (unsigned int i = 0; i < DIFF_PARTS; i++)
		h->ends.part[i].a = h->ends.part[i].b = snapshot_has_part(s, i) ? s : NULL;
	h->v[h->n++] = s;
}

void held_lengthen(struct held *h, struct snapshot *s)
{
	h->ends.b = s;
	for (unsigned int i = 0; i < DIFF_PARTS; i++) {
		if (!snapshot_has_part(s, i))
			continue;
		h->ends.part[i].b = s;
		if (!h->ends.part[i].a)
			h->ends.part[i].a = s;
	}
	h->v[h->n++] = s;
	drop_others(h);
}

void held_move(struct held *h, struct snapshot *s)
{
	bool one_boot = snapshots_of_one_boot(h->ends.b, s);

	h->ends.a = h->ends.b;
	h->ends.b = s;
	for (unsigned int i = 0; i < DIFF_PARTS; i++) {
		bool has = snapshot_has_part(s, i);

		if (has && one_boot && h->ends.part[i].b)
			h->ends.part[i].a = h->ends.part[i].b;
		else if (has || !one_boot)
			h->ends.part[i].a = has ? s : NULL;
		if (has || !one_boot)
			h->ends.part[i].b = has ? s : NULL;
	}
	h->v[h->n++] = s;
	drop_others(h);
}
