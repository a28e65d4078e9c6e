/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The state as it would be after an action: for remedies and --what-if. */
#ifndef MODEL_WHATIF_H
#define MODEL_WHATIF_H

#include "kernel/mm.h"

enum what_if {
	WHAT_IF_COMPACT,     /* echo 1 > /proc/sys/vm/compact_memory */
	WHAT_IF_DROP_CACHES, /* echo 3 > /proc/sys/vm/drop_caches */
	WHAT_IF_MIN_FREE,    /* min_free_kbytes doubled: higher marks, and what kswapd then keeps free */
	WHAT_IF_RELEASE_HIGHATOMIC,
	WHAT_IF_COUNT
};

const char *what_if_name(enum what_if w); /* "compact", "drop_caches", ... */
bool what_if_from_name(struct slice name, enum what_if *w);

/*
 * Change @mm, a copy (mm_copy), as the action is expected to: an estimate that
 * moves only what the snapshot shows to be movable or droppable.
 */
void what_if_apply(struct mm *mm, enum what_if w);

#endif
