// SPDX-License-Identifier: GPL-2.0-or-later
/* The vmalloc address range, and the pages behind an area. */
#include "kernel/vmalloc.h"

#include "kernel/watermark.h"

/* Modules and the kernel's image have a range of their own at the very top on x86-64. */
static bool in_vmalloc_range(const struct snapshot *s, const struct vmalloc_range *r)
{
	const char *arch = s->kernel.arch;

	return !(arch && strcmp(arch, "x86_64") == 0 && r->start >= UINT64_C(0xffffffff80000000));
}

/* fs/proc/mmu.c:get_vmalloc_info, to 4.3: the largest hole of the range as the kernel itself finds it; since then 0. */
static struct opt_u64 vmalloc_chunk(const struct snapshot *s)
{
	struct opt_u64 kb = kv_get(&s->meminfo, "VmallocChunk");

	return kb.known && kb.v ? opt_u64(sat_mul(kb.v, 1024)) : OPT_UNKNOWN;
}

/*
 * Holes between areas are certain; the ends of the range are not printed, so
 * what is free beyond the first and last area only bounds the rest. Areas that
 * lie further apart than the whole range (a module range elsewhere) are not of
 * one range: the topmost group counts.
 */
struct vmalloc_hole vmalloc_hole(const struct snapshot *s)
{
	struct opt_u64 total_kb = kv_get(&s->meminfo, "VmallocTotal");
	uint64_t total = sat_mul(total_kb.v, 1024), largest = 0, low = 0, high = 0;
	struct vmalloc_hole hole = { .why = "no areas" };
	bool any = false;

	hole.at_least = hole.at_most = vmalloc_chunk(s);
	if (hole.at_least.known) {
		hole.why = NULL;
		return hole;
	}
	if (s->vmalloc.addresses != VMALLOC_ADDR_REAL) {
		hole.why = s->vmalloc.addresses == VMALLOC_ADDR_NONE
				      ? "no areas"
				      : "the kernel hides the addresses (root sees them with kernel.kptr_restrict=1)";
		return hole;
	}
	if (!total_kb.known) {
		hole.why = "VmallocTotal of /proc/meminfo is not known";
		return hole;
	}
	for (size_t i = s->vmalloc.n_ranges; i > 0; i--) {
		const struct vmalloc_range *r = &s->vmalloc.ranges[i - 1];

		if (!in_vmalloc_range(s, r))
			continue;
		if (!any) {
			low = r->start;
			high = r->end;
			any = true;
			continue;
		}
		if (r->start > high || high - r->start > total)
			break;
		if (r->end < low && low - r->end > largest)
			largest = low - r->end;
		if (r->start < low)
			low = r->start;
	}
	if (!any)
		return hole;
	hole.at_least = opt_u64(largest);
	hole.at_most = opt_u64(sat_sub(total, high - low));
	if (hole.at_most.v < largest)
		hole.at_most.v = largest;
	hole.why = NULL;
	return hole;
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
		space.largest_hole = vmalloc_hole(s).at_most;
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
