/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The usual line of /proc/vmallocinfo on 64 bits, which is nearly every line
 * where there are many:
 *
 *	0x<16 digits>-0x<16 digits> <size> <caller>[ [<module>]] pages=<n> vmalloc[ N<node>=<n>]
 *	0x<16 digits>-0x<16 digits> <size> <caller>[ [<module>]] phys=0x<16 digits> ioremap
 */
#ifndef READ_VMALLOC_USUAL_H
#define READ_VMALLOC_USUAL_H

#include "read/vmalloc_callers.h"
#include "read/vmalloc_ranges.h"

/* A caller, found by the first bytes of its name, so that it can be had before the name's end is known. */
struct vmalloc_usual_slot {
	struct vmalloc_callers_entry *e; /* NULL: empty */
	const char *name;
	uint32_t len;
	enum vmalloc_kind kind;
};

/* With callers and ranges set and all else zeroed it is empty and valid. */
struct vmalloc_usual {
	const struct vmalloc_callers *callers;
	struct vmalloc_ranges *ranges;
	struct vmalloc_usual_slot *slots;
	unsigned int bits; /* there are 1 << bits slots; 0: none */
	size_t n;
	char upper[8]; /* first digits of the last address */
	uint64_t upper_value;
};

void vmalloc_usual_done(struct vmalloc_usual *u);
/* From now on lines of the caller @e, which must stay where it is, may be usual. 0 or -ENOMEM. */
int vmalloc_usual_learn(struct vmalloc_usual *u, struct vmalloc_callers_entry *e);
/*
 * Add the areas of the lines from @p on, up to one that is not usual, or the
 * first of its caller, or of its caller on its node, or too near to @end.
 * Returns that line; *@lines grows by those that were taken.
 */
const char *vmalloc_usual_add(struct vmalloc_usual *u, const char *p, const char *end, uint64_t *lines);

#endif
