/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Address ranges of /proc/vmallocinfo: their order, and which touch. */
#ifndef READ_VMALLOC_RANGES_H
#define READ_VMALLOC_RANGES_H

#include "read/vmallocinfo.h"

/* By start, in linear time. 0 or -ENOMEM. */
int vmalloc_ranges_sort(struct vmalloc_range *v, size_t n);
/*
 * Number of ranges whose start is the end of another one. @v is sorted by
 * this when it is not yet; where addresses are hashed the order means nothing
 * but equality does. 0 or -ENOMEM.
 */
int vmalloc_ranges_adjacent(struct vmalloc_range *v, size_t n, uint64_t *adjacent);

#endif
