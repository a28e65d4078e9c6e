/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lists of free pages that a zone keeps for each CPU, as /proc/zoneinfo prints them. */
#ifndef READ_ZONEINFO_CPUS_H
#define READ_ZONEINFO_CPUS_H

#include "read/lines.h"
#include "read/zoneinfo.h"

/* What is behind the count of pages is that long: high, batch, their limits, the threshold. */
#define ZONEINFO_CPUS_TAIL 192

/* Of one zone; zeroed it is empty. The array is malloc's. */
struct zoneinfo_cpus {
	struct zoneinfo_pageset *v;
	size_t n, cap;
	/*
	 * The lines behind a CPU's count. But for that, the CPUs of a zone seldom differ: what the last one says
	 * is compared and not parsed.
	 */
	char tail[ZONEINFO_CPUS_TAIL];
	size_t tail_len; /* 0: not known */
	uint64_t tail_lines;
	struct zoneinfo_pageset tail_value;
};

/* The CPU that the next numbers are of. 0 or -ENOMEM. */
int zoneinfo_cpus_begin(struct zoneinfo_cpus *c, int cpu);
/* A number of the last one: 1; 0 if there is none of that name; -ERANGE if no kernel's int holds it. */
int zoneinfo_cpus_number(struct zoneinfo_cpus *c, struct slice name, uint64_t v);
/*
 * Take the lines that come next, as long as they look just as the kernel prints
 * them; nearly all of the file where there are many CPUs. 0 or -ENOMEM.
 */
int zoneinfo_cpus_lines(struct zoneinfo_cpus *c, struct lines *l);

#endif
