/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines of /proc/vmallocinfo on 64 bits that say, but for their addresses, what
 * a line before them said. Where there are many lines, nearly all do: as large
 * as a kernel stack, from one caller, on one node. What such a line says is
 * parsed once and then counted.
 *
 *	0x<16 digits>-0x<16 digits> <size> <caller> pages=<n> vmalloc N<node>=<n>
 *	                           `-------------- compared as it is -------------'
 */
#ifndef READ_VMALLOC_REPEATS_H
#define READ_VMALLOC_REPEATS_H

#include "read/vmalloc_callers.h"
#include "read/vmalloc_ranges.h"

/* With ranges set and all else zeroed it is empty and valid. */
struct vmalloc_repeats {
	struct vmalloc_ranges *ranges;
	uint64_t *texts; /* what lines said, in the order in which it was first said: struct vmalloc_repeat_text */
	size_t texts_len;
	struct vmalloc_repeat *v; /* what each text means */
	size_t n;
	uint32_t *index;   /* hash table of places in texts */
	unsigned int bits; /* it has 1 << bits slots; 0: none */
	char around[2][16]; /* how the last addresses began, each with what stands before it */
	uint64_t upper;	    /* what the upper digits of both are worth */
};

void vmalloc_repeats_done(struct vmalloc_repeats *r);
/*
 * The line at @p, of a text that ends at @end, was read as @line, of @caller:
 * from now on it may come again. 1: it is counted; 0: it is not one of those
 * that are known by their text; or -ENOMEM.
 */
int vmalloc_repeats_learn(struct vmalloc_repeats *r, const char *p, const char *end,
			  const struct vmalloc_line *line, struct vmalloc_callers_entry *caller);
/*
 * Count the lines from @p on and add their addresses to the ranges, up to one
 * that says something new or is not whole before @end. Returns that line;
 * *@lines grows by those that were taken.
 */
const char *vmalloc_repeats_add(struct vmalloc_repeats *r, const char *p, const char *end, uint64_t *lines);
/* Add what was counted to the callers, which are @callers', and count from nothing again. 0 or -ENOMEM. */
int vmalloc_repeats_sum(struct vmalloc_repeats *r, struct vmalloc_callers *callers);

#endif
