/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a number of the kernel moved between two readings, and how fast. */
#ifndef MODEL_RATES_H
#define MODEL_RATES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/num.h"

/* Before and after, as read. Only what @kind says may be computed from them. */
enum change_kind {
	CHANGE_BOTH,	/* known on both sides: delta holds */
	CHANGE_CAME,	/* was not there before */
	CHANGE_WENT,	/* is no longer there */
	CHANGE_RESET,	/* a counter that only grows went back: reboot, hotplug, reset */
	CHANGE_UNKNOWN, /* on neither side */
};

struct change {
	enum change_kind kind;
	struct opt_u64 before, after;
	bool negative;	     /* the number fell by delta */
	uint64_t delta;	     /* magnitude; 0 unless CHANGE_BOTH (CAME, WENT: the whole number) */
	bool wrapped;	     /* a 32-bit counter went over its end once; delta takes that in */
};

typedef struct change change_rule(struct opt_u64 before, struct opt_u64 after);

/* A level, which may rise and fall. */
struct change change_gauge(struct opt_u64 before, struct opt_u64 after);
/* The same where not told means not known, rather than not there: anything but two values is CHANGE_UNKNOWN. */
struct change change_known(struct opt_u64 before, struct opt_u64 after);
/*
 * A count of events, which only grows while one kernel runs. @word_bits 32: an
 * unsigned long of the kernel that wraps.
 */
struct change change_counter(struct opt_u64 before, struct opt_u64 after, unsigned int word_bits);

/* Signed delta, saturated to int64_t. */
int64_t change_signed(const struct change *c);
/* Delta a second; 0 if @span_ns is 0 or the delta does not hold. */
double change_per_s(const struct change *c, uint64_t span_ns);

/*
 * Whether a member of /proc/vmstat is a level and not a count of events:
 * enum zone_stat_item, node_stat_item (nr_*), but those of nr_ that only grow.
 */
bool vmstat_is_gauge(const char *name);
/*
 * Whether it is a count of events that nothing but a boot sets back to 0; writing 0 to
 * vm.numa_stat does that with numa_hit and its kin (mm/vmstat.c:invalid_numa_statistics, 4.15).
 */
bool vmstat_counts_since_boot(const char *name);

#endif
