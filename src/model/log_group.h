/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Many reports as few lines: by subsystem, order, gfp flags and cause. */
#ifndef MODEL_LOG_GROUP_H
#define MODEL_LOG_GROUP_H

#include "model/log_diagnose.h"

struct log_when {
	struct opt_u64 time_ns, uptime_us;
	char *stamp; /* as printed; NULL */
};

struct log_group {
	enum log_kind kind;
	enum log_event event;
	const char *subsystem; /* NULL unknown */
	bool has_order;
	int64_t order;
	const char *gfp; /* flags as printed, or the mask; NULL */
	enum cause cause;
	const char *summary, *remedy; /* of the first report; the first thing to try. NULL */
	uint64_t count;
	struct log_when first, last;
	uint64_t first_line, last_line;
	/* Counts by quarters of the time seen so far, doubled in width as time goes on: for the trend. */
	uint64_t slots[8];
	uint64_t slot_start_us, slot_width_us;
	bool timed;
};

struct log_groups {
	struct arena arena;
	struct log_group *v;
	size_t n, cap;
	uint64_t reports, left_out; /* left out: reports of groups beyond the limit */
	uint64_t suppressed;	    /* messages that the kernel left out, as it says */
};

/* Count @r. 0 or -ENOMEM. */
int log_groups_add(struct log_groups *g, const struct log_report *r, const struct log_diagnosis *d);
/* Most frequent first. */
void log_groups_sort(struct log_groups *g);
void log_groups_done(struct log_groups *g);
/* "rising", "falling", "steady"; NULL if too few or no times to say. */
const char *log_group_trend(const struct log_group *g);

#endif
