// SPDX-License-Identifier: GPL-2.0-or-later
/* Counters of vmstat, and what is made of them. */
#include "model/diff_priv.h"

#include <errno.h>
#include <math.h>

#include "model/history.h"

/* Which of two files names a counter; their order is that of one kernel mostly: look at *@at first. */
static struct opt_u64 find_counter(const struct kv_table *t, const char *name, size_t *at)
{
	struct opt_u64 v = OPT_UNKNOWN;

	if (*at >= t->n || strcmp(t->v[*at].name, name) != 0) {
		for (*at = 0; *at < t->n && strcmp(t->v[*at].name, name) != 0;)
			++*at;
	}
	if (*at < t->n && !t->v[*at].is_negative)
		v = opt_u64(t->v[*at].value);
	++*at;
	return v;
}

/* A counter of 32 bits may go over its end between each two samples: the sum of the steps. */
static struct change sum_steps(const struct history *h, const char *name, struct change ends)
{
	const struct series *row = history_get(h, SERIES_EVENT, name);
	struct opt_u64 before = OPT_UNKNOWN;
	struct change sum = ends;

	if (!row)
		return ends;
	sum.kind = CHANGE_BOTH;
	sum.negative = sum.wrapped = false;
	sum.delta = 0;
	for (size_t i = history_last_boot(h); i < h->n_points; i++) {
		struct opt_u64 now = isnan(row->v[i]) ? OPT_UNKNOWN : opt_u64((uint64_t)row->v[i]);
		struct change step = change_counter(before, now, 32);

		if (step.kind == CHANGE_RESET)
			return step;
		sum.delta = sat_add(sum.delta, step.kind == CHANGE_BOTH ? step.delta : 0);
		sum.wrapped |= step.wrapped;
		if (now.known)
			before = now;
	}
	return sum;
}

static unsigned int word_bits(const struct diff *d)
{
	return opt_or(d->b->kernel.word_bits, 64) == 32 ? 32 : 64;
}

static struct change counter_change(const struct diff *d, const struct history *h, const char *name,
				    struct opt_u64 before, struct opt_u64 after)
{
	unsigned int bits = word_bits(d);
	struct change c;

	if (vmstat_is_gauge(name))
		return change_known(before, after);
	if (!d->same_boot)
		return (struct change){ CHANGE_RESET, before, after, false, 0, false };
	c = change_counter(before, after, bits);
	if (bits == 32 && h && before.known && after.known) {
		c = sum_steps(h, name, c);
		c.before = before;
		c.after = after;
	}
	return c;
}

/* "pgfree of vmstat", "3 counters of vmstat, pgfree among them,": counters that went back. */
static const char *counters_text(char buf[128], size_t n, const char *one)
{
	if (n == 1)
		snprintf(buf, 128, "%.60s of vmstat", one);
	else
		snprintf(buf, 128, "%zu counters of vmstat, %.60s among them,", n, one);
	return buf;
}

int diff_note_restart(struct diff *d)
{
	unsigned int bits = word_bits(d);
	const char *back = NULL;
	size_t n = 0, at = 0;
	char who[128];

	if (!d->same_boot || d->boot_known)
		return 0;
	for (size_t i = 0; i < d->b->vmstat.n; i++) {
		const struct kv *now = &d->b->vmstat.v[i];
		struct opt_u64 before = find_counter(&d->a->vmstat, now->name, &at);

		if (now->is_negative || !vmstat_counts_since_boot(now->name) ||
		    change_counter(before, opt_u64(now->value), bits).kind != CHANGE_RESET)
			continue;
		if (n++ == 0)
			back = now->name;
	}
	if (n == 0)
		return 0;
	d->same_boot = false;
	return diff_say(d, DIFF_REBOOTED, "%s went back, and no boot id tells whether the machine was started anew: "
					  "counts of events cannot be compared", counters_text(who, n, back));
}

/* Of one boot, for all that is known. */
static int note_going_back(struct diff *d, size_t n, const char *one)
{
	char who[128];

	counters_text(who, n, one);
	if (!vmstat_counts_since_boot(one))
		return diff_say(d, DIFF_COUNTER_RESET, "%s went back: a write to vm.numa_stat does that", who);
	return diff_say(d, DIFF_COUNTER_RESET, "%s went back although the kernel did not start again", who);
}

int diff_counters(struct diff *d, const struct history *h)
{
	const struct kv_table *a = &d->a->vmstat, *b = &d->b->vmstat;
	const char *reset = NULL;
	size_t resets = 0, at = 0;

	d->counters = arena_array(&d->arena, b->n, sizeof(*d->counters));
	if (!d->counters)
		return -ENOMEM;
	for (size_t i = 0; i < b->n; i++) {
		struct diff_counter *c = &d->counters[i];
		struct opt_u64 before = find_counter(a, b->v[i].name, &at);

		c->name = arena_strdup(&d->arena, b->v[i].name);
		if (!c->name)
			return -ENOMEM;
		c->gauge = vmstat_is_gauge(c->name);
		c->change = counter_change(d, h, c->name, before,
					   b->v[i].is_negative ? OPT_UNKNOWN : opt_u64(b->v[i].value));
		/* Named is the one that says most. */
		if (d->same_boot && c->change.kind == CHANGE_RESET &&
		    (resets++ == 0 || !vmstat_counts_since_boot(reset)))
			reset = c->name;
	}
	d->n_counters = b->n;
	return resets && !d->is_reversed ? note_going_back(d, resets, reset) : 0;
}

struct change diff_counter_get(const struct diff *d, const char *name)
{
	for (size_t i = 0; i < d->n_counters; i++) {
		if (strcmp(d->counters[i].name, name) == 0)
			return d->counters[i].change;
	}
	return (struct change){ .kind = CHANGE_UNKNOWN };
}

bool diff_has_counters(const struct diff *d)
{
	for (size_t i = 0; i < d->n_counters; i++) {
		if (!d->counters[i].gauge && d->counters[i].change.kind == CHANGE_BOTH)
			return true;
	}
	return false;
}

static void add_counter(struct opt_u64 *sum, const struct diff_counter *c)
{
	if (!c->gauge && c->change.kind == CHANGE_BOTH)
		*sum = opt_u64(sat_add(sum->v, c->change.delta));
}

struct opt_u64 diff_counters_sum(const struct diff *d, const char *prefix)
{
	struct opt_u64 sum = OPT_UNKNOWN;

	for (size_t i = 0; i < d->n_counters; i++) {
		if (strncmp(d->counters[i].name, prefix, strlen(prefix)) == 0)
			add_counter(&sum, &d->counters[i]);
	}
	return sum;
}

struct opt_u64 diff_reclaim_pages(const struct diff *d, const char *name)
{
	struct opt_u64 sum = OPT_UNKNOWN;
	size_t len = strlen(name);

	for (size_t i = 0; i < d->n_counters; i++) {
		const char *rest = d->counters[i].name + len;

		if (strncmp(d->counters[i].name, name, len) == 0 && (*rest == '\0' || *rest == '_') &&
		    strcmp(rest, "_throttle") != 0)
			add_counter(&sum, &d->counters[i]);
	}
	return sum;
}

double diff_counters_rate(const struct diff *d, const char *prefix)
{
	struct opt_u64 sum = diff_counters_sum(d, prefix);

	return sum.known && d->span_ns ? (double)sum.v / ((double)d->span_ns / 1e9) : -1;
}

struct change diff_pageblocks(const struct diff *d, const char *type)
{
	struct opt_u64 before = OPT_UNKNOWN, after = OPT_UNKNOWN;

	for (size_t i = 0; i < d->n_zones; i++) {
		for (size_t j = 0; j < d->zones[i].n_types; j++) {
			const struct change *c = &d->zones[i].types[j].pageblocks;

			if (strcmp(d->zones[i].types[j].name, type) != 0 || c->kind != CHANGE_BOTH)
				continue;
			before = opt_u64(sat_add(before.v, c->before.v));
			after = opt_u64(sat_add(after.v, c->after.v));
		}
	}
	return change_gauge(before, after);
}
