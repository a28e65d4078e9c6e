// SPDX-License-Identifier: GPL-2.0-or-later
/* Address ranges: linear in their number, as hosts have up to a million. */
#include "read/vmalloc_ranges.h"

#include <errno.h>

#include "base/cleanup.h"

#define RADIX_BITS 11
#define RADIX	   (1U << RADIX_BITS)
#define CAP_FIRST  64

void vmalloc_ranges_done(struct vmalloc_ranges *r)
{
	free(r->hashed);
}

static int add_real(struct vmalloc_ranges *r, const struct vmalloc_line *line)
{
	if (r->n == r->cap) {
		size_t cap = r->cap ? r->cap * 2 : r->expected + CAP_FIRST;
		struct vmalloc_range *v = arena_array(r->arena, cap, sizeof(*v));

		if (!v)
			return -ENOMEM;
		if (r->n)
			memcpy(v, r->real, r->n * sizeof(*v));
		r->real = v;
		r->cap = cap;
	}
	r->real[r->n++] = (struct vmalloc_range){ line->start, line->end, line->kind };
	return 0;
}

int vmalloc_ranges_add(struct vmalloc_ranges *r, const struct vmalloc_line *line)
{
	if (line->end > line->start && line->end - line->start == line->bytes) {
		r->any_real = true;
		return r->any_hashed ? 0 : add_real(r, line);
	}
	if ((line->start | line->end) == 0) {
		r->any_zero = true;
		return 0;
	}
	r->any_hashed = true;
	if ((line->start | line->end) > UINT32_MAX) {
		r->any_wide = true;
		return 0;
	}
	if (r->n_hashed == r->hashed_cap &&
	    vec_grow(&r->hashed, &r->hashed_cap, r->n_hashed, sizeof(*r->hashed)) != 0)
		return -ENOMEM;
	r->hashed[r->n_hashed++] =
		(struct vmalloc_hashed){ (uint32_t)line->start, (uint32_t)line->end };
	return 0;
}

static bool is_sorted(const struct vmalloc_range *v, size_t n)
{
	for (size_t i = 1; i < n; i++) {
		if (v[i - 1].start > v[i].start)
			return false;
	}
	return true;
}

static void counts_to_places(size_t *place)
{
	size_t sum = 0;

	for (size_t i = 0; i < RADIX; i++) {
		size_t count = place[i];

		place[i] = sum;
		sum += count;
	}
}

/* One pass: @from to @to, stable by the bits of the start from @shift on. */
static void sort_pass(const struct vmalloc_range *from, struct vmalloc_range *to, size_t n,
		      unsigned int shift)
{
	size_t place[RADIX] = { 0 };

	for (size_t i = 0; i < n; i++)
		place[from[i].start >> shift & (RADIX - 1)]++;
	counts_to_places(place);
	for (size_t i = 0; i < n; i++)
		to[place[from[i].start >> shift & (RADIX - 1)]++] = from[i];
}

/* Kernels up to 6.8 print in order of address, but for what is unpurged. */
static int sort_real(struct vmalloc_range *v, size_t n)
{
	auto_free struct vmalloc_range *spare = NULL;
	struct vmalloc_range *from = v, *to;
	uint64_t differ = 0;
	unsigned int shift;

	if (is_sorted(v, n))
		return 0;
	spare = calloc(n, sizeof(*spare));
	if (!spare)
		return -ENOMEM;
	to = spare;
	for (size_t i = 1; i < n; i++)
		differ |= v[i].start ^ v[0].start;
	/* From the lowest bit that differs: page numbers need no pass for the offset. */
	for (shift = (unsigned int)__builtin_ctzll(differ); shift < 64; shift += RADIX_BITS) {
		struct vmalloc_range *swap = from;

		if ((differ >> shift & (RADIX - 1)) == 0)
			continue;
		sort_pass(from, to, n, shift);
		from = to;
		to = swap;
	}
	if (from != v)
		memcpy(v, from, n * sizeof(*v));
	return 0;
}

/* @v to sorted; @spare is as long. Three passes: the result is in @spare. */
static void sort_hashes(uint32_t *v, uint32_t *spare, size_t n)
{
	for (unsigned int shift = 0; shift < 32; shift += RADIX_BITS) {
		size_t place[RADIX] = { 0 };
		uint32_t *swap = v;

		for (size_t i = 0; i < n; i++)
			place[v[i] >> shift & (RADIX - 1)]++;
		counts_to_places(place);
		for (size_t i = 0; i < n; i++)
			spare[place[v[i] >> shift & (RADIX - 1)]++] = v[i];
		v = spare;
		spare = swap;
	}
}

/* Hashing keeps equality: an end that equals a start is the same address. */
static int adjacent_hashed(const struct vmalloc_ranges *r, uint64_t *adjacent)
{
	size_t n = r->n_hashed, j = 0;
	auto_free uint32_t *space = malloc((n + 1) * 4 * sizeof(*space));
	uint32_t *starts = space, *ends, *sorted_starts, *sorted_ends;

	if (!space)
		return -ENOMEM;
	ends = space + n;
	sorted_starts = space + 2 * n;
	sorted_ends = space + 3 * n;
	for (size_t i = 0; i < n; i++) {
		starts[i] = r->hashed[i].start;
		ends[i] = r->hashed[i].end;
	}
	sort_hashes(starts, sorted_starts, n);
	sort_hashes(ends, sorted_ends, n);
	for (size_t i = 0; i < n; i++) {
		while (j < n && sorted_ends[j] < sorted_starts[i])
			j++;
		*adjacent += j < n && sorted_ends[j] == sorted_starts[i];
	}
	return 0;
}

int vmalloc_ranges_take(struct vmalloc_ranges *r, struct vmallocinfo *out)
{
	if (!r->any_real && !r->any_hashed) {
		out->addresses = r->any_zero ? VMALLOC_ADDR_ZERO : VMALLOC_ADDR_NONE;
		return 0;
	}
	if (r->any_hashed || r->any_zero) {
		out->addresses = VMALLOC_ADDR_HASHED;
		/* Of a mixture no kernel prints nothing is known. */
		if (r->any_real || r->any_zero || r->any_wide)
			return 0;
		return adjacent_hashed(r, &out->adjacent);
	}
	if (sort_real(r->real, r->n) != 0)
		return -ENOMEM;
	out->addresses = VMALLOC_ADDR_REAL;
	out->ranges = r->real;
	out->n_ranges = r->n;
	for (size_t i = 1; i < r->n; i++) /* areas do not overlap */
		out->adjacent += r->real[i].start == r->real[i - 1].end;
	return 0;
}
