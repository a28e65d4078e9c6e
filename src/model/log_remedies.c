// SPDX-License-Identifier: GPL-2.0-or-later
/* What helps against a failure of this cause, the most effective first. */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "host/release.h"
#include "model/log_advice.h"
#include "model/log_kinds.h"

static int room(struct log_diagnosis *d)
{
	size_t cap = d->cap_remedies ? d->cap_remedies * 2 : 8;
	struct log_remedy *more;

	if (d->remedies && d->n_remedies < d->cap_remedies)
		return 0;
	more = arena_array(&d->arena, cap, sizeof(*more));
	if (!more)
		return -ENOMEM;
	if (d->n_remedies)
		memcpy(more, d->remedies, d->n_remedies * sizeof(*more));
	d->remedies = more;
	d->cap_remedies = cap;
	return 0;
}

int log_advise(const struct log_advice *a, const char *whom, const char *action, const char *command, ...)
{
	auto_strbuf struct strbuf sb = STRBUF_INIT;
	struct log_diagnosis *d = a->d;
	const char *text = NULL;
	va_list ap;

	if (command) {
		va_start(ap, command);
		sb_vprintf(&sb, command, ap);
		va_end(ap);
		text = sb.failed ? NULL : arena_strdup(&d->arena, sb_str(&sb));
	}
	if (!action || (command && !text) || room(d))
		return -ENOMEM;
	d->remedies[d->n_remedies++] = (struct log_remedy){ action, text, whom };
	return 0;
}

/* ---- what the report tells ---- */

bool log_since(const struct log_advice *a, unsigned int major, unsigned int minor)
{
	return !a->d->version || a->d->version >= (major << 16 | minor << 8);
}

const char *log_mask_call(const struct log_advice *a)
{
	return log_since(a, 3, 13) ? "dma_set_mask_and_coherent" : "dma_set_mask";
}

bool log_has_zone(const struct log_report *r, const char *name)
{
	for (size_t i = 0; i < r->n_zones; i++) {
		if (strcmp(r->zones[i].name, name) == 0)
			return true;
	}
	return false;
}

/* An arm64 or mips64 release names no machine: its addresses do. */
unsigned int log_word_bits(const struct log_report *r)
{
	unsigned int bits = r->kernel ? arch_word_bits(kernel_release_arch(r->kernel)) : 0;

	if (bits)
		return bits;
	if (log_has_zone(r, "HighMem") || (r->range_end.known && r->range_end.v <= UINT32_MAX))
		return 32;
	if (log_has_zone(r, "DMA32") || opt_or(r->range_end, 0) > UINT32_MAX || opt_or(r->size_bytes, 0) > UINT32_MAX)
		return 64;
	return r->address_bits;
}

/* 128 MiB and more on 64-bit, 16 MiB on arm. */
bool log_module_range(const struct log_report *r)
{
	uint64_t span = r->range_end.known ? sat_sub(r->range_end.v, opt_or(r->range_start, 0)) : 0;

	for (size_t i = 0; i < r->n_frames; i++) {
		if (strstr(r->frames[i].function, "module_alloc") || strstr(r->frames[i].function, "bpf_jit"))
			return true;
	}
	return span && span <= (log_word_bits(r) == 32 ? UINT64_C(32) << 20 : UINT64_C(4) << 30);
}

const struct log_zone *log_zone_of(const struct log_report *r, const struct log_zone_check *c)
{
	for (size_t i = 0; i < r->n_zones; i++) {
		if (r->zones[i].node == c->node && strcmp(r->zones[i].name, c->zone) == 0)
			return &r->zones[i];
	}
	return NULL;
}

const struct log_zone_check *log_main_check(const struct log_advice *a)
{
	const struct log_zone_check *best = NULL;

	for (size_t i = 0; i < a->zones_d->n_checks; i++) {
		const struct log_zone_check *c = &a->zones_d->checks[i];

		if (c->allowed && !c->no_marks && (!best || c->weight > best->weight))
			best = c;
	}
	return best;
}

bool log_is_atomic(const struct log_advice *a)
{
	return a->d->has_gfp && !(a->d->gfp.flags & GF_DIRECT_RECLAIM);
}

bool log_wants_low_zone(const struct log_advice *a)
{
	if (!(a->d->gfp.flags & (GF_DMA | GF_DMA32)))
		return false;
	/* On some machines all kernel memory is in ZONE_DMA. */
	return a->d->gfp.flags & GF_DMA32 || !a->zones_r->n_zones || log_has_zone(a->zones_r, "Normal") ||
	       log_has_zone(a->zones_r, "DMA32");
}

const char *log_size_word(const struct log_advice *a, uint64_t bytes)
{
	static const char *const units[] = { "", "K", "M", "G" };
	unsigned int i = 0;
	const char *s;

	while (i + 1 < ARRAY_SIZE(units) && bytes && bytes % 1024 == 0) {
		bytes /= 1024;
		i++;
	}
	s = arena_printf(&a->d->arena, "%" PRIu64 "%s", bytes, units[i]);
	return s ? s : "SIZE";
}

uint64_t log_pow2_up(uint64_t n)
{
	uint64_t p = 1;

	while (p < n && p < UINT64_C(1) << 63)
		p *= 2;
	return p;
}

/* ---- by cause ---- */

/* User memory, page cache and memory of a zone are not to be had from vmalloc. */
int log_kvmalloc_advice(const struct log_advice *a)
{
	static const char when[] = "kvmalloc (4.12 and later), if the device need not see one contiguous block";
	uint32_t f = a->d->gfp.flags;

	if (a->d->mm_rules.kvmalloc == KVMALLOC_NONE || f & (GF_DMA | GF_DMA32 | GF_HIGHMEM | GF_MOVABLE) || log_is_atomic(a))
		return 0;
	if (!a->d->has_gfp)
		AUTHOR("kvmalloc (4.12 and later), where waiting is allowed and the device need not see one contiguous block",
		       "p = kvmalloc(size, GFP_KERNEL);");
	else if (!(f & GF_IO) && a->d->mm_rules.noio_scope)
		AUTHOR(when, "flags = memalloc_noio_save(); p = kvmalloc(size, GFP_KERNEL); memalloc_noio_restore(flags);");
	else if (!(f & GF_FS) && a->d->mm_rules.nofs_scope)
		AUTHOR(when, "flags = memalloc_nofs_save(); p = kvmalloc(size, GFP_KERNEL); memalloc_nofs_restore(flags);");
	else if (f & GF_IO && f & GF_FS)
		AUTHOR(when, "p = kvmalloc(size, GFP_KERNEL);");
	return 0;
}

static int compaction(const struct log_advice *a, bool now)
{
	if (a->r->no_compaction || !a->d->may_ever_compact)
		return 0;
	if (now)
		OPERATOR("compact memory now; if the blocks come back, do it before the driver is loaded or the device opened",
			 "echo 1 > /proc/sys/vm/compact_memory");
	if (log_since(a, 5, 9))
		OPERATOR("let compaction work ahead (5.9 and later), harder than the 20 that a kernel begins with",
			 "sysctl vm.compaction_proactiveness=50");
	return 0;
}

static int fragmentation(const struct log_advice *a)
{
	const struct log_report *r = a->r;
	bool atomic = log_is_atomic(a), user = a->d->gfp.flags & GF_MOVABLE;

	if (atomic && log_min_free_advice(a, log_since(a, 4, 6) ? "keep more memory free, so that kswapd and kcompactd have larger blocks ready"
								: "keep more memory free, so that kswapd has larger blocks ready"))
		return -ENOMEM;
	if (compaction(a, !atomic))
		return -ENOMEM;
	if (!atomic && log_min_free_advice(a, "keep more memory free"))
		return -ENOMEM;
	if (log_scale_advice(a))
		return -ENOMEM;
	if (user) /* no driver's buffer */
		return 0;
	if (r->has_order && r->order > PAGE_ALLOC_COSTLY_ORDER) {
		OPERATOR("load the driver at boot, when memory is not yet broken up", NULL);
		if (log_kvmalloc_advice(a))
			return -ENOMEM;
	}
	if (atomic && r->has_order && r->order > 0)
		AUTHOR("take the memory beforehand where waiting is allowed: a mempool or a ring allocated at probe", "pool = mempool_create_kmalloc_pool(n, size);");
	AUTHOR("scatter-gather over single pages instead of one block", log_since(a, 3, 6) ? "sg_alloc_table_from_pages(...)" : "sg_alloc_table(...)");
	AUTHOR("if there is a fallback, say so: no report, and no hard try for the large block", "gfp | __GFP_NORETRY | __GFP_NOWARN");
	return 0;
}

/* mm/swapfile.c:swapoff takes the whole area off the sums first, and what is free comes back with each page brought in. */
static uint64_t swapoff_kb(const struct log_report *r)
{
	for (size_t i = 0; i < r->totals.n; i++) {
		if (r->totals.v[i].negative && strcmp(r->totals.v[i].name, "free_swap_kb") == 0)
			return r->totals.v[i].value;
	}
	return 0;
}

static int low_memory(const struct log_advice *a)
{
	uint64_t to_come = swapoff_kb(a->zones_r);
	struct opt_u64 swap = log_kv_get(&a->zones_r->totals, "total_swap_kb");

	if (log_is_atomic(a)) {
		if (log_min_free_advice(a, "keep a larger reserve for requests that may not wait") || log_scale_advice(a))
			return -ENOMEM;
		AUTHOR("refill from a context that may wait (GFP_KERNEL in a work item) and keep what could not be replaced", NULL);
		if (log_uncounted_advice(a))
			return -ENOMEM;
	} else {
		if (to_come)
			OPERATOR(arena_printf(&a->d->arena, "let swapoff wait until there is room for what it brings back: %s are still to come",
					      log_bytes(a->d, sat_mul(to_come, 1024))), NULL);
		if (log_holders_advice(a))
			return -ENOMEM;
		if (swap.known && swap.v == 0 && !to_come)
			OPERATOR("give the machine swap or zram: anonymous pages could not be reclaimed at all", "swapon FILE");
	}
	OPERATOR("limit the largest consumers (the memory limit of their cgroup), or add memory", NULL);
	return 0;
}

static int by_cause(const struct log_advice *a)
{
	switch (a->d->cause) {
	case CAUSE_FRAGMENTATION:
		return fragmentation(a);
	case CAUSE_LOW_MEMORY:
		return low_memory(a);
	case CAUSE_WATERMARK_RESERVE:
		return log_reserve_advice(a);
	case CAUSE_ZONE_RESTRICTED:
		return log_zone_advice(a);
	case CAUSE_NODE_BOUND:
		OPERATOR("give the node more memory, or widen the cpuset or memory policy", "numactl --preferred=N ...");
		AUTHOR("drop __GFP_THISNODE: a block of another node is slower, not wrong", NULL);
		return 0;
	case CAUSE_ORDER_TOO_BIG:
		return log_too_big_advice(a);
	case CAUSE_SIZE_LIMIT:
		AUTHOR("check the size before asking: it is 0, or more than can ever be had", NULL);
		return 0;
	case CAUSE_MEMCG_LIMIT:
		return log_memcg_advice(a);
	case CAUSE_VMALLOC_SPACE:
		return log_vmalloc_advice(a);
	case CAUSE_CMA:
		return log_cma_advice(a);
	case CAUSE_SWIOTLB:
		return log_swiotlb_advice(a);
	case CAUSE_UNSUPPORTED:
		AUTHOR("leave out the zone flags: slab caches choose the zone when they are created", NULL);
		return 0;
	default:
		return 0;
	}
}

static int advise(const struct log_advice *a)
{
	switch (a->r->event) {
	case LOG_EV_IOMMU:
		AUTHOR("set a 64-bit DMA mask if the device can: it then gets a window of all memory, and unmap what was mapped",
		       "%s(dev, DMA_BIT_MASK(64))", log_mask_call(a));
		return 0;
	case LOG_EV_HUGETLB:
		return log_hugetlb_advice(a);
	case LOG_EV_NOFAIL_ORDER:
		/* vmalloc takes the flag since 5.17. */
		if (log_since(a, 5, 17))
			AUTHOR("single pages need no promise for a block: map them together (5.17 and later)", "kvmalloc(size, GFP_KERNEL | __GFP_NOFAIL)");
		return 0;
	case LOG_EV_DMA_POOL:
		/* No device asks, and user pages there are none yet. */
		if (a->zones_d == a->d || a->d->cause == CAUSE_ZONE_RESTRICTED)
			return log_dma_pool_advice(a);
		break;
	default:
		break;
	}
	if (a->r->kind == LOG_OTHER && a->r->event != LOG_EV_STALL && a->r->event != LOG_EV_NOMMU &&
	    a->r->event != LOG_EV_ORDER_ABOVE_MAX && a->r->event != LOG_EV_DMA_POOL && a->r->event != LOG_EV_UNEXPECTED_GFP)
		return 0;
	if (a->r->kind == LOG_PERCPU)
		return log_percpu_advice(a);
	if (log_boot_table(a->r))
		return log_boot_table_advice(a);
	return log_pattern_advice(a) ? -ENOMEM : by_cause(a);
}

int log_remedies(struct log_diagnosis *d, const struct log_report *r, const struct log_report *before,
		 const struct log_diagnosis *before_d)
{
	struct log_advice a = { .d = d, .r = r, .zones_d = d, .zones_r = r };

	if ((r->kind == LOG_SLUB || r->event == LOG_EV_DMA_POOL) && before_d && log_follows(r, before) && before_d->cause == d->cause) {
		a.zones_d = before_d;
		a.zones_r = before;
	}
	return advise(&a);
}
