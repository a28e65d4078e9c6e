// SPDX-License-Identifier: GPL-2.0-or-later
/* Occupied address space in bounded memory. */
#include "read/vmalloc_ranges.h"

#include <errno.h>
#include <stdlib.h>

/* Holes that are left when there are too many. */
#define KEEP (VMALLOC_RANGES_MAX / 2)

static int by_start(const void *a, const void *b)
{
	const struct vmalloc_range *x = a, *y = b;

	return (x->start > y->start) - (x->start < y->start);
}

/* Join what touches or overlaps in the sorted @v; how many are left. */
static size_t join(struct vmalloc_range *v, size_t n)
{
	size_t to = 0;

	for (size_t i = 1; i < n; i++) {
		if (v[i].start > v[to].end)
			v[++to] = v[i];
		else if (v[i].end > v[to].end)
			v[to].end = v[i].end;
	}
	return n ? to + 1 : 0;
}

/* Close the holes of up to r->joined bytes between the @n sorted ranges, but the first of the largest size. */
static size_t close_holes(const struct vmalloc_ranges *r, struct vmalloc_range *v, size_t n)
{
	uint64_t largest = 0;
	size_t to = 0;

	for (size_t i = 1; i < n; i++) {
		if (v[i].start - v[i - 1].end > largest)
			largest = v[i].start - v[i - 1].end;
	}
	for (size_t i = 1; i < n; i++) {
		uint64_t hole = v[i].start - v[i - 1].end;

		if (hole > r->joined || hole == largest)
			v[++to] = v[i];
		else
			v[to].end = v[i].end;
		if (hole == largest)
			largest = UINT64_MAX; /* of more of its size none stays */
	}
	return n ? to + 1 : 0;
}

/* Holes of about one size: eight classes for each power of two. */
#define CLASSES (64 * 8)

static unsigned int class_of(uint64_t hole)
{
	unsigned int bits = 63 - (unsigned int)__builtin_clzll(hole | 8);

	return (bits - 3) * 8 + (unsigned int)(hole >> (bits - 3));
}

/* Close the smaller ones of them, so that no more than KEEP are left. */
static size_t close_small(struct vmalloc_ranges *r, struct vmalloc_range *v, size_t n)
{
	struct {
		uint64_t largest;
		size_t n;
	} classes[CLASSES] = { 0 };
	unsigned int class = CLASSES;
	size_t larger = 0;

	for (size_t i = 1; i < n; i++) {
		uint64_t hole = v[i].start - v[i - 1].end;
		unsigned int c = class_of(hole);

		classes[c].n++;
		if (hole > classes[c].largest)
			classes[c].largest = hole;
	}
	while (class && larger <= KEEP)
		larger += classes[--class].n;
	if (classes[class].largest > r->joined)
		r->joined = classes[class].largest;
	return close_holes(r, v, n);
}

/* Bring what came late to its place. */
static void merge(struct vmalloc_ranges *r)
{
	struct vmalloc_range all[2 * VMALLOC_RANGES_MAX];
	size_t n = r->n + r->n_late;

	memcpy(all, r->v, r->n * sizeof(*all));
	memcpy(all + r->n, r->late, r->n_late * sizeof(*all));
	if (r->n_late) {
		qsort(all, n, sizeof(*all), by_start);
		n = join(all, n);
		r->n_late = 0;
	}
	if (n > VMALLOC_RANGES_MAX - 1)
		n = close_small(r, all, n);
	memcpy(r->v, all, n * sizeof(*all));
	r->n = n;
}

void vmalloc_ranges_insert(struct vmalloc_ranges *r, struct vmalloc_range range)
{
	struct vmalloc_range *last_late = r->n_late ? &r->late[r->n_late - 1] : NULL;

	if (r->n == VMALLOC_RANGES_MAX || r->n_late == VMALLOC_RANGES_MAX)
		merge(r);
	if (r->n == 0 || range.start >= r->v[r->n - 1].end)
		r->v[r->n++] = range;
	else if (last_late && r->n_late && range.start == last_late->end)
		last_late->end = range.end;
	else
		r->late[r->n_late++] = range;
}

void vmalloc_ranges_join(struct vmalloc_ranges *r, struct vmalloc_ranges *later)
{
	merge(later);
	if (later->joined > r->joined)
		r->joined = later->joined;
	/* The holes that it left are there to stay. */
	for (size_t i = 0; i < later->n; i++) {
		if (i == 0)
			vmalloc_ranges_occupy(r, later->v[i].start, later->v[i].end);
		else
			vmalloc_ranges_insert(r, later->v[i]);
	}
	r->any_real |= later->any_real;
	r->any_hashed |= later->any_hashed;
	r->any_zero |= later->any_zero;
}

int vmalloc_ranges_take(struct vmalloc_ranges *r, struct arena *arena, struct vmallocinfo *out)
{
	if (!r->any_real) {
		out->addresses = r->any_hashed ? VMALLOC_ADDR_HASHED
				 : r->any_zero ? VMALLOC_ADDR_ZERO
					       : VMALLOC_ADDR_NONE;
		return 0;
	}
	if (r->any_hashed || r->any_zero) {
		out->addresses = VMALLOC_ADDR_HASHED;
		return 0;
	}
	merge(r);
	if (r->joined)
		r->n = close_holes(r, r->v, r->n);
	out->addresses = VMALLOC_ADDR_REAL;
	out->n_ranges = r->n;
	out->ranges = arena_memdup(arena, r->v, r->n * sizeof(*r->v));
	return out->ranges ? 0 : -ENOMEM;
}
