// SPDX-License-Identifier: GPL-2.0-or-later
/* The vmalloc address range, and the pages behind an area. */
#include "kernel/vmalloc.h"

#include "kernel/watermark.h"

/*
 * The largest hole between areas with real addresses. The range's own ends are
 * not printed: the lowest start and VmallocTotal give them well enough; areas
 * outside (modules, fixed mappings) are skipped.
 */
static struct opt_u64 largest_hole(const struct vmallocinfo *v, uint64_t total)
{
	uint64_t hole = 0, base, end;
	uint64_t last;

	if (!v->ranges || !v->n_ranges || !total)
		return OPT_UNKNOWN;
	base = v->ranges[0].start;
	end = sat_add(base, total);
	last = base;
	for (size_t i = 0; i < v->n_ranges; i++) {
		const struct vmalloc_range *r = &v->ranges[i];

		if (r->start >= end || r->kind == VMALLOC_UNPURGED)
			continue;
		if (r->start > last && r->start - last > hole)
			hole = r->start - last;
		if (r->end > last)
			last = r->end;
	}
	if (end > last && end - last > hole)
		hole = end - last;
	return opt_u64(hole);
}

struct vmalloc_space vmalloc_space(const struct mm *mm)
{
	const struct snapshot *s = mm->snap;
	struct opt_u64 total_kb = kv_get(&s->meminfo, "VmallocTotal");
	struct vmalloc_space space = { .total_bytes = OPT_UNKNOWN };

	if (total_kb.known)
		space.total_bytes = opt_u64(sat_mul(total_kb.v, 1024));
	if (s->has_vmalloc) {
		space.used_bytes = opt_u64(sat_sub(s->vmalloc.bytes,
						   s->vmalloc.kinds[VMALLOC_UNPURGED].bytes));
		space.largest_hole = largest_hole(&s->vmalloc, opt_or(space.total_bytes, 0));
	}
	space.ample = space.total_bytes.known
			      ? space.total_bytes.v >= UINT64_C(1) << 36
			      : opt_or(s->kernel.word_bits, 64) == 64;
	return space;
}

uint64_t order0_available(struct mm *mm, uint32_t gfp, int node, struct mm_zone **scratch,
			  uint64_t *reclaimable)
{
	enum gfp_zone highest;
	int idx = gfp_zone_index(mm, gfp, &highest);
	size_t n = mm_zonelist(mm, node, highest, gfp & GF_THISNODE, scratch);
	unsigned int rights = gfp_to_alloc_flags(&mm->rules, gfp, 0);
	uint64_t pages = 0;

	*reclaimable = 0;
	if (mm->n_zones == 0) {
		uint64_t free_kb = opt_or(kv_get(&mm->snap->meminfo, "MemFree"), 0);
		uint64_t kb = opt_or(kv_get(&mm->snap->meminfo, "MemAvailable"), free_kb);

		*reclaimable = sat_mul(sat_sub(kb, free_kb), 1024) / mm->page_size;
		return sat_mul(free_kb, 1024) / mm->page_size;
	}
	if (!mm->rules.reserve_by_request && n)
		idx = scratch[0]->index;
	for (size_t i = 0; i < n; i++) {
		struct watermark_test t = zone_watermark_ok(mm, scratch[i], 0, scratch[i]->min, idx,
							    rights, scratch[i]->free);

		if (t.margin > 0)
			pages = sat_add(pages, (uint64_t)t.margin);
		*reclaimable = sat_add(*reclaimable, zone_reclaimable_pages(mm, scratch[i]));
	}
	return pages;
}
