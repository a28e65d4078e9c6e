/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The address space that areas occupy, as far as addresses are real: ranges in
 * ascending order, neighbours joined, in memory that does not grow with the
 * number of areas. When there are too many ranges, those that lie closest to
 * each other are joined. What is joined so lies at most `joined` bytes apart,
 * and free space only shrinks as areas come: a hole larger than that is always
 * shown as it is, and so is the largest one when areas come in ascending order
 * (kernels before 6.9).
 */
#ifndef READ_VMALLOC_RANGES_H
#define READ_VMALLOC_RANGES_H

#include "read/vmalloc_line.h"

#define VMALLOC_RANGES_MAX 1024

/* Zeroed it is empty and valid. */
struct vmalloc_ranges {
	struct vmalloc_range v[VMALLOC_RANGES_MAX]; /* ascending, disjoint */
	struct vmalloc_range late[VMALLOC_RANGES_MAX]; /* came out of order, not yet among v */
	size_t n, n_late;
	uint64_t joined; /* holes up to this many bytes were closed */
	bool any_real, any_hashed, any_zero;
};

/* For a range that does not simply follow the last one. */
void vmalloc_ranges_insert(struct vmalloc_ranges *r, struct vmalloc_range range);

static inline void vmalloc_ranges_occupy(struct vmalloc_ranges *r, uint64_t start, uint64_t end)
{
	struct vmalloc_range *last = &r->v[r->n ? r->n - 1 : 0];

	if (r->n && start >= last->end && start - last->end <= r->joined)
		last->end = end;
	else
		vmalloc_ranges_insert(r, (struct vmalloc_range){ start, end });
}

/* An area of so many bytes; one that an allocation in need purges is free space. */
static inline void vmalloc_ranges_add(struct vmalloc_ranges *r, struct vmalloc_range area, uint64_t bytes,
				      bool unpurged)
{
	if (area.end <= area.start || area.end - area.start != bytes) {
		r->any_zero |= (area.start | area.end) == 0;
		r->any_hashed |= (area.start | area.end) != 0;
		return;
	}
	r->any_real = true;
	if (!unpurged)
		vmalloc_ranges_occupy(r, area.start, area.end);
}

/* As if the areas of @later had come behind those of @r. */
void vmalloc_ranges_join(struct vmalloc_ranges *r, struct vmalloc_ranges *later);
/* Set addresses and ranges of @out. 0 or -ENOMEM. */
int vmalloc_ranges_take(struct vmalloc_ranges *r, struct arena *arena, struct vmallocinfo *out);

#endif
