/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Charges to the memory cgroup of who asks: mm/memcontrol.c. */
#ifndef KERNEL_MEMCG_H
#define KERNEL_MEMCG_H

#include "kernel/mm.h"

/* The tightest of a cgroup's limits and of those above it. */
struct memcg_room {
	bool limited;		  /* a limit was read */
	uint64_t limit_bytes;	  /* of the level with the least room */
	uint64_t room_bytes;	  /* to that limit */
	const char *level;	  /* its path, "/" the root of what the reader sees; lent */
};

/* By the snapshot's files of the reader's own cgroup (versions 1 and 2). */
struct memcg_room memcg_room(const struct mm *mm);

enum charge {
	CHARGE_FITS,
	CHARGE_FORCED,	/* above the limit, but let through: __GFP_ATOMIC to 5.18, __GFP_HIGH later; NOFAIL */
	CHARGE_RECLAIM, /* the cgroup's own pages must go first, perhaps a task of it */
	CHARGE_REFUSED, /* no room, and it may not reclaim; or more than the whole limit */
};

/* try_charge_memcg, 4.19 to 6.12: @bytes with __GFP_ACCOUNT and these flags. */
enum charge try_charge_memcg(const struct mm *mm, const struct memcg_room *room, uint32_t gfp,
			     uint64_t bytes);

#endif
