/* SPDX-License-Identifier: GPL-2.0-or-later */
/* debugfs extfrag/extfrag_index and extfrag/unusable_index. */
#ifndef READ_EXTFRAG_H
#define READ_EXTFRAG_H

#include "read/notes.h"

struct extfrag_row {
	int node;
	const char *zone;
	int64_t *milli; /* thousandths, one an order; "0.-500" is -500 */
	unsigned int n_orders;
};

struct extfrag {
	struct extfrag_row *rows;
	size_t n_rows;
};

int read_extfrag(struct arena *arena, struct slice text, struct extfrag *out,
		 struct read_notes *notes);

#endif
