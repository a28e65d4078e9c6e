// SPDX-License-Identifier: GPL-2.0-or-later
/* Where a CMA area may be reserved. */
#include "kernel/cma.h"

#include <inttypes.h>
#include <string.h>

#define MIB 1048576
#define STEP (64 * MIB) /* what people reserve by */

bool cma_built(const struct mm *mm)
{
	const struct snapshot *s = mm->snap;
	const char *config = kconfig_get(&s->kconfig, "DMA_CMA");

	if (s->has_kconfig)
		return config && strcmp(config, "y") == 0;
	return s->meminfo.n == 0 || kv_get(&s->meminfo, "CmaTotal").known || !mm->rules.cma_in_meminfo;
}

/* Where memory begins and ends, as far as zoneinfo tells. */
static void memory_span(const struct mm *mm, uint64_t *start, uint64_t *end)
{
	*start = UINT64_MAX;
	*end = 0;
	for (size_t i = 0; i < mm->n_zones; i++) {
		const struct snap_zone *z = mm->zones[i].snap;
		uint64_t first = sat_mul(opt_or(z->start_pfn, 0), mm->page_size);
		uint64_t last = sat_mul(sat_add(opt_or(z->start_pfn, 0), opt_or(z->spanned_pages, z->managed_pages.v)),
					mm->page_size);

		if (first < *start)
			*start = first;
		if (last > *end)
			*end = last;
	}
}

struct cma_boot cma_boot(const struct mm *mm, uint64_t bytes, int mask)
{
	struct cma_boot b = { 0, 0 };
	uint64_t today = sat_mul(opt_or(kv_get(&mm->snap->meminfo, "CmaTotal"), 0), 1024);
	uint64_t all = sat_mul(mm->total_pages, mm->page_size), start, end, limit;
	uint64_t want = sat_add(today, bytes);

	/* others take from it too */
	if (today)
		want = sat_add(want, bytes / 4);
	want = sat_mul(want / STEP + (want % STEP != 0), STEP);
	if (!cma_built(mm) || bytes == 0 || want > all / 2)
		return b;
	memory_span(mm, &start, &end);
	limit = mask >= 64 ? UINT64_MAX : sat_shl(1, (unsigned int)mask);
	if (limit < end) {
		if (limit <= start || (limit - start) / 2 < want)
			return b;
		b.below = (unsigned int)mask;
	}
	b.mib = want / MIB;
	return b;
}

const char *cma_boot_option(struct arena *a, const struct cma_boot *b)
{
	if (!b->below)
		return arena_printf(a, "cma=%" PRIu64 "M", b->mib);
	return arena_printf(a, "cma=%" PRIu64 "M@0-%" PRIu64 "%c", b->mib,
			    UINT64_C(1) << (b->below - (b->below >= 30 ? 30 : 20)), b->below >= 30 ? 'G' : 'M');
}
