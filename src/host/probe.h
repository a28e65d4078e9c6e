/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Small files whose presence or one number tells that a debugging aid is there. */
#ifndef HOST_PROBE_H
#define HOST_PROBE_H

#include "base/str.h"
#include "host/root.h"

enum probe_state {
	PROBE_UNKNOWN, /* not looked at, or the folder may not be entered */
	PROBE_ABSENT,
	PROBE_PRESENT,
};

enum probe_id {
	PROBE_DEBUGFS, /* mounted: something is in it */
	PROBE_KMEMLEAK,
	PROBE_PAGE_OWNER,
	PROBE_FAIL_PAGE_ALLOC,
	PROBE_FAILSLAB,
	PROBE_KFENCE,
	PROBE_COUNT
};

struct probe {
	enum probe_state state;
	const char *path; /* below the root; static */
	const char *text; /* first line of those that hold a number; NULL unknown */
};

/* Look below @root; text goes to @arena. A probe never fails: it is unknown then. */
void probe_all(const struct root *root, struct arena *arena, struct probe probes[PROBE_COUNT]);

#endif
