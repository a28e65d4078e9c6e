// SPDX-License-Identifier: GPL-2.0-or-later
/* Radix sort of address ranges. */
#include "read/vmalloc_ranges.h"

#include <errno.h>

#include "base/cleanup.h"

#define RADIX_BITS 11
#define RADIX	   (1U << RADIX_BITS)

static bool is_sorted(const struct vmalloc_range *v, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		if (v[i - 1].start > v[i].start)
			return false;
	}
	return true;
}

/* One pass: @from to @to, stable by the bits of the start from @shift on. */
static void pass(const struct vmalloc_range *from, struct vmalloc_range *to, size_t n,
		 unsigned int shift)
{
	size_t place[RADIX] = { 0 }, sum = 0;

	for (size_t i = 0; i < n; i++)
		place[from[i].start >> shift & (RADIX - 1)]++;
	for (size_t i = 0; i < RADIX; i++) {
		size_t count = place[i];

		place[i] = sum;
		sum += count;
	}
	for (size_t i = 0; i < n; i++)
		to[place[from[i].start >> shift & (RADIX - 1)]++] = from[i];
}

int vmalloc_ranges_sort(struct vmalloc_range *v, size_t n)
{
	auto_free struct vmalloc_range *spare = NULL;
	struct vmalloc_range *from = v, *to;
	uint64_t differ = 0;

	if (is_sorted(v, n))
		return 0;
	spare = malloc(n * sizeof(*spare));
	if (!spare)
		return -ENOMEM;
	to = spare;
	for (size_t i = 1; i < n; i++)
		differ |= v[i].start ^ v[0].start;
	for (unsigned int shift = 0; shift < 64; shift += RADIX_BITS) {
		struct vmalloc_range *swap = from;

		if ((differ >> shift & (RADIX - 1)) == 0)
			continue;
		pass(from, to, n, shift);
		from = to;
		to = swap;
	}
	if (from != v)
		memcpy(v, from, n * sizeof(*v));
	return 0;
}

int vmalloc_ranges_adjacent(struct vmalloc_range *v, size_t n, uint64_t *adjacent)
{
	auto_free struct vmalloc_range *ends = malloc((n + 1) * sizeof(*ends));
	size_t j = 0;

	if (!ends || vmalloc_ranges_sort(v, n) != 0)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		ends[i] = (struct vmalloc_range){ .start = v[i].end };
	if (vmalloc_ranges_sort(ends, n) != 0)
		return -ENOMEM;
	*adjacent = 0;
	for (size_t i = 0; i < n; i++) {
		while (j < n && ends[j].start < v[i].start)
			j++;
		*adjacent += j < n && ends[j].start == v[i].start;
	}
	return 0;
}
