/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Requests drawn at random, the same for the same seed. */
#ifndef MODEL_DRAW_H
#define MODEL_DRAW_H

#include "kernel/mm.h"
#include "model/request.h"

struct draw {
	uint64_t state;		/* of the generator; the seed at first */
	bool waiting;		/* also requests that may reclaim and compact */
	unsigned int max_order; /* largest order asked for */
};

/* What kind of flags a drawn request has, for tables. */
enum gfp_class {
	CLASS_ATOMIC,
	CLASS_NOWAIT,
	CLASS_NORETRY,
	CLASS_KERNEL,
	CLASS_MAYFAIL,
	CLASS_NOFS,
	CLASS_COUNT
};
const char *gfp_class_name(enum gfp_class c);
enum gfp_class gfp_class_of(uint32_t flags);

/* The next request for the kernel of @mm. None of them can call the OOM killer in or never end. */
struct request draw_request(struct draw *d, const struct mm *mm);

#endif
