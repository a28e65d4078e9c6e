/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files of plain names and numbers: vmstat, meminfo and their per-node copies. */
#ifndef READ_COUNTERS_H
#define READ_COUNTERS_H

#include "read/kv.h"
#include "read/notes.h"

/* "name value": /proc/vmstat, /sys/devices/system/node/nodeN/vmstat. */
int read_vmstat(struct arena *arena, struct slice text, struct kv_table *out,
		struct read_notes *notes);

/*
 * "Name: value [kB]", and "Node N Name: value kB" in the per-node copy: names
 * as printed without the colon, numbers as printed (kB where the kernel says
 * kB, otherwise a count). 2.4's table of bytes above it is skipped.
 */
int read_meminfo(struct arena *arena, struct slice text, struct kv_table *out,
		 struct read_notes *notes);

#endif
