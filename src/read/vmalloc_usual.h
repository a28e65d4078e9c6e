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

/* So many bytes must be readable from the line's start. */
#define VMALLOC_USUAL_ROOM 512

struct vmalloc_usual {
	struct vmalloc_callers *callers;
	struct vmalloc_ranges *ranges;
	char upper[8]; /* first digits of the last address */
	uint64_t upper_value;
};

/*
 * Add the area of the line at @p. Behind the line's newline, or NULL when it is not a usual
 * line, or the first one of its caller, or of its caller on its node: nothing is added then.
 */
const char *vmalloc_usual_add(struct vmalloc_usual *u, const char *p);

#endif
