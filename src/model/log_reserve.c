// SPDX-License-Identifier: GPL-2.0-or-later
/* Remedies from the zones' own numbers: what is held back, from whom, and how much of it is missing. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "model/log_advice.h"
#include "model/log_kinds.h"

enum part { PART_CMA, PART_LOWMEM, PART_HIGHATOMIC, PARTS };

static uint64_t page_kb(const struct log_advice *a)
{
	return opt_or(a->zones_r->page_size, 4096) / 1024;
}

/* Pages that the zone lacks to its mark. */
static uint64_t lacks(const struct log_zone_check *c)
{
	return c->test.margin < 1 ? (uint64_t)(1 - c->test.margin) : 0;
}

static uint64_t held(const struct log_zone_check *c, enum part p)
{
	int64_t n = p == PART_CMA ? c->test.cma : p == PART_LOWMEM ? c->test.reserve : c->test.highatomic;

	return n > 0 ? (uint64_t)n : 0;
}

/* The largest zone that would do without the one thing that holds back most of it. */
static const struct log_zone_check *held_by(const struct log_advice *a, enum part *by)
{
	const struct log_zone_check *best = NULL;

	for (size_t i = 0; i < a->zones_d->n_checks; i++) {
		const struct log_zone_check *c = &a->zones_d->checks[i];
		enum part most = PART_CMA;

		for (enum part p = PART_LOWMEM; p < PARTS; p++)
			most = held(c, p) > held(c, most) ? p : most;
		if (!c->allowed || c->no_marks || !lacks(c) || held(c, most) < lacks(c) ||
		    (best && best->weight >= c->weight))
			continue;
		best = c;
		*by = most;
	}
	return best;
}

/*
 * Which field of vm.lowmem_reserve_ratio is the zone's, from 1: they are indexed by the zones that the kernel
 * was built with (mm/page_alloc.c:sysctl_lowmem_reserve_ratio). 0: not to be told. A zone's lowmem_reserve has
 * its first entry that is not 0 at the next zone with memory. Between DMA32 and Normal, and Normal and HighMem,
 * no other is built.
 */
static unsigned int ratio_field(const struct log_report *r, const struct log_zone *z)
{
	const struct log_zone *below = NULL, *above = z + 1 < r->zones + r->n_zones && z[1].node == z->node ? z + 1 : NULL;
	bool next;
	size_t k = 0;

	if (strcmp(z->name, "DMA") == 0)
		return 1;
	for (const struct log_zone *y = r->zones; y < z; y++) {
		if (y->node == z->node)
			below = y;
	}
	if (!below)
		below = z;
	while (k < below->n_lowmem_reserve && !below->lowmem_reserve[k])
		k++;
	if (k >= below->n_lowmem_reserve)
		return 0;
	if (below != z)
		return (unsigned int)k + 1;
	next = above && ((strcmp(z->name, "DMA32") == 0 && strcmp(above->name, "Normal") == 0) ||
			 (strcmp(z->name, "Normal") == 0 && strcmp(above->name, "HighMem") == 0));
	return k == 1 || next ? (unsigned int)k : 0;
}

/* A request that could have had a higher zone is kept from less of this one. */
static int lower_ratio(const struct log_advice *a, const struct log_zone_check *c)
{
	const struct log_zone *z = log_zone_of(a->zones_r, c);
	unsigned int field = z ? ratio_field(a->zones_r, z) : 0, times = 2;
	uint64_t reserve = held(c, PART_LOWMEM);

	while (times <= 64 && reserve - reserve / times < lacks(c))
		times *= 2;
	if (!field || times > 64)
		return 0;
	OPERATOR("hold less of the zone back from requests that could use a higher one: a larger ratio for it",
		 "sysctl vm.lowmem_reserve_ratio=\"$(awk '{$%u*=%u} 1' /proc/sys/vm/lowmem_reserve_ratio)\"", field, times);
	return 0;
}

/* Of a smaller area as large a share is free as of this one: of one in use nothing is said. */
static int shrink_cma(const struct log_advice *a, const struct log_zone_check *c)
{
	struct opt_u64 now = log_kv_get(&a->zones_r->totals, "cma_reserved_pages");
	uint64_t n = now.v / 2, page = sat_mul(page_kb(a), 1024);
	const char *action;

	if (!now.known || !now.v) {
		OPERATOR("a smaller CMA area than now (CmaTotal in /proc/meminfo): its free pages serve user memory and DMA buffers, not the kernel's own data", NULL);
		return 0;
	}
	if (held(c, PART_CMA) < now.v / 2)
		return 0;
	while (n && sat_mul(now.v - n, held(c, PART_CMA)) < sat_mul(lacks(c), now.v))
		n /= 2;
	if (sat_mul(n, page) < UINT64_C(1) << 20)
		return 0;
	action = arena_printf(&a->d->arena, "a smaller CMA area than the %s of now: its free pages serve user memory and DMA buffers, not the kernel's own data",
			      log_bytes(a->d, sat_mul(now.v, page)));
	OPERATOR(action, "cma=%s on the kernel's command line, or linux,cma in the device tree", log_size_word(a, sat_mul(n, page)));
	return 0;
}

/* mm/page_alloc.c:calculate_min_free_kbytes for the memory that the report shows, at most 64 MiB. */
static uint64_t default_min_free_kb(const struct log_advice *a)
{
	uint64_t kb = 0, root = 0;

	for (size_t i = 0; i < a->zones_r->n_zones; i++) {
		const struct log_zone *z = &a->zones_r->zones[i];

		if (strcmp(z->name, "HighMem") != 0 && strcmp(z->name, "Movable") != 0)
			kb = sat_add(kb, opt_or(log_kv_get(&z->kv, "managed_kb"), opt_or(log_kv_get(&z->kv, "present_kb"), 0)));
	}
	while (root < 65536 && (root + 1) * (root + 1) <= sat_mul(kb, 16))
		root++;
	return root < 128 ? 128 : root;
}

int log_reserve_advice(const struct log_advice *a)
{
	const struct log_zone_check *c;
	enum part by = PART_CMA;

	if (a->zones_d->marks_absurd) {
		OPERATOR("set the reserve back to what the kernel itself chooses for this memory; sysctl.d says who raised it",
			 "sysctl vm.min_free_kbytes=%" PRIu64, default_min_free_kb(a));
		return 0;
	}
	c = held_by(a, &by);
	if (c && by == PART_CMA && shrink_cma(a, c))
		return -ENOMEM;
	if (c && by == PART_LOWMEM && lower_ratio(a, c))
		return -ENOMEM;
	if (c && by == PART_HIGHATOMIC)
		OPERATOR("fewer blocks above order 0 for GFP_ATOMIC (jumbo frames, large receive buffers): for each that was served the kernel set a pageblock apart (HighAtomic), up to 1 % of the zone", NULL);
	if (!log_is_atomic(a))
		OPERATOR("find what holds the rest of the memory: slab, page tables, anonymous memory (memtool slab; ps; the report's numbers)", "memtool snapshot");
	return 0;
}

/* Pages of user memory in the zone, in kB: they could have lain in a higher one. */
static uint64_t user_kb(const struct log_zone *z)
{
	static const char *const lists[] = { "active_anon_kb", "inactive_anon_kb", "active_file_kb", "inactive_file_kb" };
	uint64_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(lists); i++)
		n = sat_add(n, opt_or(log_kv_get(&z->kv, lists[i]), 0));
	return n;
}

static bool has_zone_above(const struct log_zone *z)
{
	for (size_t i = 0; i < z->n_lowmem_reserve; i++) {
		if (z->lowmem_reserve[i])
			return true;
	}
	return false;
}

/* Only where user pages fill a part of the zone that counts, and more than is missing. */
static int keep_user_pages_out(const struct log_advice *a)
{
	const struct log_zone_check *c = log_main_check(a);
	const struct log_zone *z = c ? log_zone_of(a->zones_r, c) : NULL;
	unsigned int field = z && has_zone_above(z) ? ratio_field(a->zones_r, z) : 0;
	const char *action;

	if (!field || user_kb(z) < sat_mul(lacks(c), page_kb(a)) || user_kb(z) < sat_mul(c->weight, page_kb(a)) / 16)
		return 0;
	action = arena_printf(&a->d->arena, "keep user pages, of which zone %s holds %s, out of it: half its ratio", z->name,
			      log_bytes(a->d, sat_mul(user_kb(z), 1024)));
	OPERATOR(action, "sysctl vm.lowmem_reserve_ratio=\"$(awk '{$%u=int(($%u+1)/2)} 1' /proc/sys/vm/lowmem_reserve_ratio)\"",
		 field, field);
	return 0;
}

int log_zone_advice(const struct log_advice *a)
{
	bool dma = a->d->gfp.flags & GF_DMA;

	if (log_fills_dma_pool(a->r))
		return log_dma_pool_advice(a);
	if (keep_user_pages_out(a))
		return -ENOMEM;
	if (log_has_zone(a->zones_r, "HighMem") && !log_wants_low_zone(a)) {
		OPERATOR("see what holds lowmem: slab and page tables lie there", "memtool slab");
		return 0;
	}
	if (!(a->d->gfp.flags & (GF_DMA | GF_DMA32)))
		return 0;
	AUTHOR(dma ? "drop GFP_DMA, set the device's real DMA mask, and let the DMA API choose the zone"
		   : "drop GFP_DMA32, set the device's real DMA mask, and let the DMA API choose the zone",
	       "%s(dev, DMA_BIT_MASK(%d))", log_mask_call(a), dma ? 32 : 64);
	return 0;
}

/*
 * mm/page_alloc.c:__setup_per_zone_wmarks: low lies the larger of min / 4 and this part of the zone above min,
 * in 1/10000, at most 1000.
 */
int log_scale_advice(const struct log_advice *a)
{
	const struct log_zone_check *c = log_main_check(a);
	const struct log_zone *z = c ? log_zone_of(a->zones_r, c) : NULL;
	struct opt_u64 managed = z ? log_kv_get(&z->kv, "managed_kb") : OPT_UNKNOWN;
	uint64_t gap, factor;

	if (!log_since(a, 4, 6))
		return 0;
	if (!managed.known || !managed.v || !z->low_kb.known || !z->min_kb.known) {
		OPERATOR("wake kswapd earlier, so that bursts meet free memory",
			 "sysctl vm.watermark_scale_factor=$((2 * $(cat /proc/sys/vm/watermark_scale_factor)))");
		return 0;
	}
	gap = sat_sub(z->low_kb.v, z->min_kb.v);
	factor = sat_mul(gap, 20000) / managed.v + 1;
	factor = factor < 20 ? 20 : factor; /* 10 unless somebody set it */
	if (factor > 1000)
		return 0;
	OPERATOR("wake kswapd earlier, twice as far above the minimum as now", "sysctl vm.watermark_scale_factor=%" PRIu64, factor);
	return 0;
}

int log_min_free_advice(const struct log_advice *a, const char *action)
{
	const struct log_zone_check *c = log_main_check(a);
	const struct log_zone *z = c ? log_zone_of(a->zones_r, c) : NULL;
	uint64_t managed = z ? opt_or(log_kv_get(&z->kv, "managed_kb"), 0) : 0;
	uint64_t min = z ? sat_sub(opt_or(z->min_kb, 0), opt_or(z->boost_kb, 0)) : 0;

	if (managed && min > managed / 16)
		return 0;
	OPERATOR(action, "sysctl vm.min_free_kbytes=$((2 * $(cat /proc/sys/vm/min_free_kbytes)))");
	return 0;
}
