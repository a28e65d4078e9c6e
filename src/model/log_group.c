// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/log_group.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAX_GROUPS 4096
#define SLOTS ARRAY_SIZE(((struct log_group *)0)->slots)

void log_groups_done(struct log_groups *g)
{
	free(g->v);
	arena_done(&g->arena);
	memset(g, 0, sizeof(*g));
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static const char *gfp_text(struct arena *a, const struct log_report *r, const struct log_diagnosis *d)
{
	auto_strbuf struct strbuf sb = STRBUF_INIT;

	if (!d->n_gfp_names && !r->gfp.has_mask)
		return NULL;
	for (size_t i = 0; i < d->n_gfp_names; i++)
		sb_printf(&sb, "%s%s", i ? "|" : "", d->gfp_names[i]);
	if (!d->n_gfp_names)
		sb_printf(&sb, "0x%llx", (unsigned long long)r->gfp.mask);
	return arena_strdup(a, sb_str(&sb));
}

static struct log_group *find(struct log_groups *g, const struct log_report *r,
			      const struct log_diagnosis *d, const char *gfp)
{
	for (size_t i = 0; i < g->n; i++) {
		struct log_group *x = &g->v[i];

		if (x->kind == r->kind && x->event == r->event && x->cause == d->cause &&
		    x->has_order == r->has_order && x->order == r->order &&
		    same_text(x->subsystem, r->subsystem) && same_text(x->gfp, gfp))
			return x;
	}
	return NULL;
}

/* Seconds since boot where the kernel prints them, else the wall clock. */
static bool when_us(const struct log_report *r, uint64_t *us)
{
	if (r->uptime_us.known)
		*us = r->uptime_us.v;
	else if (r->time_ns.known)
		*us = r->time_ns.v / 1000;
	else
		return false;
	return true;
}

static void count_slot(struct log_group *x, uint64_t us)
{
	if (!x->timed) {
		x->timed = true;
		x->slot_start_us = us;
		x->slot_width_us = 1000000;
	}
	if (us < x->slot_start_us) {
		/* Another boot: begin anew. */
		memset(x->slots, 0, sizeof(x->slots));
		x->slot_start_us = us;
		x->slot_width_us = 1000000;
	}
	while ((us - x->slot_start_us) / x->slot_width_us >= SLOTS) {
		for (size_t i = 0; i < SLOTS / 2; i++)
			x->slots[i] = x->slots[2 * i] + x->slots[2 * i + 1];
		memset(x->slots + SLOTS / 2, 0, sizeof(x->slots) / 2);
		x->slot_width_us *= 2;
	}
	x->slots[(us - x->slot_start_us) / x->slot_width_us]++;
}

int log_groups_add(struct log_groups *g, const struct log_report *r, const struct log_diagnosis *d)
{
	struct arena scratch = { 0 };
	const char *gfp = gfp_text(&scratch, r, d);
	struct log_group *x = find(g, r, d, gfp);
	uint64_t us;

	g->reports++;
	if (!x) {
		if (g->n >= MAX_GROUPS) {
			g->left_out++;
			arena_done(&scratch);
			return 0;
		}
		if (vec_grow(&g->v, &g->cap, g->n, sizeof(*g->v))) {
			arena_done(&scratch);
			return -ENOMEM;
		}
		x = &g->v[g->n++];
		memset(x, 0, sizeof(*x));
		x->kind = r->kind;
		x->event = r->event;
		x->has_order = r->has_order;
		x->order = r->order;
		x->cause = d->cause;
		x->subsystem = r->subsystem ? arena_strdup(&g->arena, r->subsystem) : NULL;
		x->gfp = gfp ? arena_strdup(&g->arena, gfp) : NULL;
		x->summary = d->summary ? arena_strdup(&g->arena, d->summary) : NULL;
		x->remedy = d->n_remedies ? arena_strdup(&g->arena, d->remedies[0].action) : NULL;
		x->first = (struct log_when){ r->time_ns, r->uptime_us, r->stamp ? arena_strdup(&g->arena, r->stamp) : NULL };
		x->first_line = r->line;
	}
	arena_done(&scratch);
	x->count++;
	x->last.time_ns = r->time_ns;
	x->last.uptime_us = r->uptime_us;
	if (r->stamp) {
		size_t have = x->last.stamp ? strlen(x->last.stamp) : 0, need = strlen(r->stamp);

		/* One buffer for all last stamps, so that memory does not grow with the log. */
		if (have < need || !x->last.stamp) {
			x->last.stamp = arena_strdup(&g->arena, r->stamp);
			if (!x->last.stamp)
				return -ENOMEM;
		} else {
			char *to = x->last.stamp;

			memcpy(to, r->stamp, need + 1);
		}
	}
	x->last_line = r->line;
	if (when_us(r, &us))
		count_slot(x, us);
	return 0;
}

static int by_count(const void *a, const void *b)
{
	const struct log_group *x = a, *y = b;

	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	return x->first_line < y->first_line ? -1 : x->first_line > y->first_line;
}

void log_groups_sort(struct log_groups *g)
{
	if (g->n)
		qsort(g->v, g->n, sizeof(*g->v), by_count);
}

const char *log_group_trend(const struct log_group *g)
{
	size_t used = 0;
	uint64_t early = 0, late = 0;

	for (size_t i = 0; i < SLOTS; i++) {
		if (g->slots[i])
			used = i + 1;
	}
	if (!g->timed || used < 4 || g->count < 8)
		return NULL;
	for (size_t i = 0; i < used / 2; i++) {
		early += g->slots[i];
		late += g->slots[used - 1 - i];
	}
	if (late > 2 * early)
		return "rising";
	return early > 2 * late ? "falling" : "steady";
}
