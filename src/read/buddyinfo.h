/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/buddyinfo: mm/vmstat.c:frag_show_print, 2.6 to 7.3. */
#ifndef READ_BUDDYINFO_H
#define READ_BUDDYINFO_H

#include "read/notes.h"

struct buddyinfo_row {
	int node;
	const char *zone;
	uint64_t *free_blocks; /* one count an order, blocks, all migratetypes */
	unsigned int n_orders;
};

struct buddyinfo {
	struct buddyinfo_row *rows; /* order of the file */
	size_t n_rows;
};

int read_buddyinfo(struct arena *arena, struct slice text, struct buddyinfo *out,
		   struct read_notes *notes);

#endif
