/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pictures: gnuplot scripts that hold their data. */
#ifndef OUT_PLOT_H
#define OUT_PLOT_H

#include <stdio.h>

#include "model/history.h"

/* What can be drawn. */
enum plot_kind {
	PLOT_BLOCKS,	 /* free memory by order of its blocks, over time */
	PLOT_UNUSABLE,	 /* unusable free space index by order, a heat map over time */
	PLOT_PAGEBLOCKS, /* pageblocks by migratetype over time */
	PLOT_MEMORY,	 /* uses of memory over time */
	PLOT_CACHES,	 /* the slab caches that changed most */
	PLOT_VMALLOC,	 /* the vmalloc callers that changed most */
	PLOT_STALLS,	 /* stalls and compaction a second */
	PLOT_PROFILE,	 /* of one snapshot: free memory by order and zone */
	PLOT_KINDS
};

enum plot_terminal { PLOT_SVG, PLOT_PNG, PLOT_DUMB };

struct plot_opts {
	enum plot_terminal terminal;
	unsigned int kinds;	    /* bits 1 << enum plot_kind */
	unsigned int width, height; /* of all: points, or characters of a dumb terminal */
};

/* "blocks"; NULL beyond the last. */
const char *plot_kind_name(enum plot_kind k);
/* Whether the points of @h are of more than one moment: else there is nothing over time. */
bool plot_spans_time(const struct history *h);
/* Whether there is anything to draw of it. */
bool plot_has(enum plot_kind k, const struct history *h, const struct snapshot *last);
/*
 * A whole gnuplot script: what the picture is drawn by, its data, and the
 * drawing, to standard output unless the script's reader says otherwise.
 * Strings of the kernel's are made harmless first. Kinds without data are left
 * out. How many were drawn.
 */
unsigned int plot_write(FILE *f, const struct plot_opts *o, const struct history *h,
			const struct snapshot *last);

#endif
