// SPDX-License-Identifier: GPL-2.0-or-later
/* Deltas and rates. */
#include "model/rates.h"

#include <string.h>

#include "base/cleanup.h"

/* Events of vmstat whose name looks like a level (NR_DIRTIED and its kin only grow). */
static const char *const nr_events[] = {
	"nr_dirtied", "nr_written", "nr_throttled_written", "nr_vmscan_write",
	"nr_vmscan_immediate_reclaim", "nr_foll_pin_acquired", "nr_foll_pin_released",
};

/* Levels whose name does not begin with nr_. */
static const char *const other_gauges[] = { "workingset_nodes" };

static bool one_of(const char *name, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(name, list[i]) == 0)
			return true;
	}
	return false;
}

bool vmstat_is_gauge(const char *name)
{
	if (strncmp(name, "nr_tlb_", 7) == 0)
		return false;
	if (one_of(name, other_gauges, ARRAY_SIZE(other_gauges)))
		return true;
	return strncmp(name, "nr_", 3) == 0 && !one_of(name, nr_events, ARRAY_SIZE(nr_events));
}

bool vmstat_counts_since_boot(const char *name)
{
	static const char *const numa[] = { "numa_hit", "numa_miss", "numa_foreign", "numa_interleave", "numa_local",
					    "numa_other" };

	return !vmstat_is_gauge(name) && !one_of(name, numa, ARRAY_SIZE(numa));
}

static struct change change_ends(struct opt_u64 before, struct opt_u64 after)
{
	struct change c = { .kind = CHANGE_UNKNOWN, .before = before, .after = after };

	if (before.known && after.known) {
		c.kind = CHANGE_BOTH;
		c.negative = after.v < before.v;
		c.delta = c.negative ? before.v - after.v : after.v - before.v;
	} else if (after.known) {
		c.kind = CHANGE_CAME;
		c.delta = after.v;
	} else if (before.known) {
		c.kind = CHANGE_WENT;
		c.negative = true;
		c.delta = before.v;
	}
	return c;
}

struct change change_gauge(struct opt_u64 before, struct opt_u64 after)
{
	return change_ends(before, after);
}

struct change change_known(struct opt_u64 before, struct opt_u64 after)
{
	struct change c = change_ends(before, after);

	if (c.kind == CHANGE_BOTH)
		return c;
	return (struct change){ .kind = CHANGE_UNKNOWN, .before = before, .after = after };
}

struct change change_counter(struct opt_u64 before, struct opt_u64 after, unsigned int word_bits)
{
	const uint64_t end = UINT64_C(1) << 32;
	struct change c = change_ends(before, after);

	if (c.kind != CHANGE_BOTH)
		return change_known(before, after);
	if (!c.negative)
		return c;
	/* Over its end rather than back: it stood in the upper half and is in the lower now. */
	if (word_bits == 32 && before.v < end && before.v >= end / 2 && after.v < end / 2) {
		c.negative = false;
		c.wrapped = true;
		c.delta = end - before.v + after.v;
		return c;
	}
	c.kind = CHANGE_RESET;
	c.negative = false;
	c.delta = 0;
	return c;
}

int64_t change_signed(const struct change *c)
{
	int64_t magnitude = c->delta > INT64_MAX ? INT64_MAX : (int64_t)c->delta;

	return c->negative ? -magnitude : magnitude;
}

double change_per_s(const struct change *c, uint64_t span_ns)
{
	if (c->kind != CHANGE_BOTH || span_ns == 0)
		return 0;
	return (c->negative ? -1.0 : 1.0) * (double)c->delta / ((double)span_ns / 1e9);
}
