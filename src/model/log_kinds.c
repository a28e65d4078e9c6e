// SPDX-License-Identifier: GPL-2.0-or-later
/* Reports whose cause is not, or not only, the page allocator's. */
#include "model/log_advice.h"
#include "model/log_kinds.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

const char *log_cause_words(enum cause c)
{
	switch (c) {
	case CAUSE_FRAGMENTATION: return "free memory is fragmented";
	case CAUSE_LOW_MEMORY: return "too little free memory";
	case CAUSE_WATERMARK_RESERVE: return "free memory is held back by reserves";
	case CAUSE_ZONE_RESTRICTED: return "the zones that the flags allow are exhausted";
	case CAUSE_NODE_BOUND: return "bound to a node that is exhausted";
	case CAUSE_ORDER_TOO_BIG: return "larger than the page allocator's largest block";
	case CAUSE_SIZE_LIMIT: return "the size is outside what its kind can serve";
	case CAUSE_MEMCG_LIMIT: return "the memory cgroup is at its limit";
	case CAUSE_VMALLOC_SPACE: return "no hole in the vmalloc address space";
	case CAUSE_DMA_MASK: return "nothing free below the device's DMA mask";
	case CAUSE_CMA: return "the CMA area has no run of free or movable pages";
	case CAUSE_SWIOTLB: return "the bounce buffer is full";
	case CAUSE_UNSUPPORTED: return "not supported";
	default: return "cause not clear from the report";
	}
}

/* A page for each in some zone, with as much again to spare: the page allocator refused none. */
static bool pages_abound(const struct log_diagnosis *d)
{
	for (size_t i = 0; i < d->n_checks; i++) {
		const struct log_zone_check *c = &d->checks[i];

		if (c->allowed && !c->no_marks && c->order0_ok && c->test.margin > c->test.min)
			return true;
	}
	return false;
}

/* 64-bit has so much address space that an area does not fit only in ranges kept small (modules). */
int log_vmalloc_kind(struct log_diagnosis *d, const struct log_report *r, struct mm_rules *rules)
{
	struct opt_u64 ram = log_kv_get(&r->totals, "ram_pages");
	uint64_t page = opt_or(r->page_size, 4096);
	const char *detail = NULL, *area = log_module_range(r) ? "area for modules" : "vmalloc area", *charge = "";
	int err = r->has_meminfo ? log_pages_kind(d, r, rules) : 0;

	if (err)
		return err;
	d->size_bytes = r->size_bytes.known ? r->size_bytes : r->vmap_bytes;
	if (r->vmap_bytes.known) {
		d->cause = CAUSE_VMALLOC_SPACE;
		detail = arena_printf(&d->arena, "no free range of %s in the %s", log_bytes(d, r->vmap_bytes.v), area);
	} else if (r->size_bytes.known && r->size_bytes.v == 0 && !r->reason && !r->allocated_bytes.known) {
		d->cause = CAUSE_SIZE_LIMIT;
		detail = "a size of 0 bytes was asked for";
	} else if (r->reason && strstr(r->reason, "exceeds total pages")) {
		d->cause = CAUSE_SIZE_LIMIT;
		detail = arena_printf(&d->arena, "%s is more than all of RAM", log_bytes(d, opt_or(r->size_bytes, 0)));
	} else if (r->reason && strstr(r->reason, "vm_struct allocation failed")) {
		d->cause = CAUSE_VMALLOC_SPACE;
		detail = arena_printf(&d->arena, "no free range of %s in the %s", log_bytes(d, opt_or(r->size_bytes, 0)), area);
	} else if (r->reason || r->allocated_bytes.known) {
		/* Pages ran out, single ones where no order is named, or the task was killed while it took them. */
		bool single = !r->has_order || r->order <= 0;

		if (!r->has_meminfo || d->cause == CAUSE_UNKNOWN || (d->cause == CAUSE_FRAGMENTATION && single))
			d->cause = CAUSE_LOW_MEMORY;
		/* The charge is made page by page, and the page allocator has nothing to say of it. */
		if (single && d->gfp.flags & GF_ACCOUNT && pages_abound(d)) {
			d->cause = CAUSE_MEMCG_LIMIT;
			charge = "; single pages were there, and these count against the cgroup of the task (__GFP_ACCOUNT)";
		}
		if (r->size_bytes.known && ram.known && r->size_bytes.v / page > ram.v)
			d->cause = CAUSE_SIZE_LIMIT;
		detail = r->allocated_bytes.known
				 ? arena_printf(&d->arena, "%s of %s were found%s", log_bytes(d, r->allocated_bytes.v),
						log_bytes(d, opt_or(r->size_bytes, 0)), charge)
				 : arena_printf(&d->arena, "%s for %s%s", r->reason, log_bytes(d, opt_or(r->size_bytes, 0)), charge);
	} else {
		/* To 5.10 "allocation failure: N bytes" is said for both: no area, or more than RAM. */
		d->cause = r->size_bytes.known && ram.known && r->size_bytes.v / page > ram.v ? CAUSE_SIZE_LIMIT
											   : CAUSE_VMALLOC_SPACE;
		detail = arena_printf(&d->arena, log_module_range(r) ? "no area of %s in the area for modules" : "no area of %s",
				      log_bytes(d, opt_or(r->size_bytes, 0)));
	}
	d->transient = false;
	d->summary = arena_printf(&d->arena, "vmalloc of %s: %s; %s", log_bytes(d, opt_or(d->size_bytes, 0)),
				  log_cause_words(d->cause), detail ? detail : "");
	return d->summary ? 0 : -ENOMEM;
}

/* mm/memcontrol.c:try_charge asks the counter of both first, and swapping out does not bring that one down. */
bool log_memsw_hit(const struct log_report *r)
{
	struct opt_u64 usage = log_kv_get(&r->memcg, "memory_usage_kb"), max = log_kv_get(&r->memcg, "memory_limit_kb");
	struct opt_u64 both = log_kv_get(&r->memcg, "memory_swap_usage_kb"), both_max = log_kv_get(&r->memcg, "memory_swap_limit_kb");

	if (!usage.known || !max.known || !both.known || !both_max.known || both_max.v >= LOG_NO_LIMIT_KB)
		return false;
	return both.v >= both_max.v && both_max.v && sat_mul(usage.v, both_max.v) <= sat_mul(both.v, max.v);
}

int log_oom_kind(struct log_diagnosis *d, const struct log_report *r, struct mm_rules *rules)
{
	int err;
	const char *limit;

	if (r->is_memcg || (r->constraint && strstr(r->constraint, "MEMCG"))) {
		bool both = log_memsw_hit(r);
		struct opt_u64 max = log_kv_get(&r->memcg, both ? "memory_swap_limit_kb" : "memory_limit_kb");

		d->cause = CAUSE_MEMCG_LIMIT;
		limit = max.known ? arena_printf(&d->arena, "%s of %s", both ? " of memory and swap" : "", log_bytes(d, sat_mul(max.v, 1024))) : "";
		d->summary = arena_printf(&d->arena, "OOM: the memory cgroup %s reached its limit%s%s%s",
					  r->oom_memcg ? r->oom_memcg : "(not named)", limit,
					  r->killed ? "; killed: " : "", r->killed ? r->killed : "");
		return d->summary ? 0 : -ENOMEM;
	}
	err = log_pages_kind(d, r, rules);
	if (err)
		return err;
	/* The OOM killer comes only after reclaim has failed: memory that is free again does not change that. */
	if (d->cause == CAUSE_UNKNOWN || (d->weak && d->cause != CAUSE_ZONE_RESTRICTED) ||
	    (!d->has_gfp && d->cause == CAUSE_ZONE_RESTRICTED))
		d->cause = CAUSE_LOW_MEMORY;
	if (r->constraint && (strstr(r->constraint, "CPUSET") || strstr(r->constraint, "MEMORY_POLICY")))
		d->cause = CAUSE_NODE_BOUND;
	if (r->has_order && r->order == -1)
		d->cause = CAUSE_UNKNOWN;
	d->summary = arena_printf(&d->arena, "OOM killer%s%s: %s; %s asked for %s; %s", r->killed ? " killed " : "",
				  r->killed ? r->killed : "",
				  r->has_order && r->order == -1 ? "asked for by SysRq" : log_cause_words(d->cause),
				  r->process ? r->process : "a task", d->request, d->detail);
	return d->summary ? 0 : -ENOMEM;
}

bool log_follows(const struct log_report *r, const struct log_report *b)
{
	if (!b || b->kind != LOG_PAGE_ALLOC_FAILURE || b->line > r->line)
		return false;
	if (r->uptime_us.known && b->uptime_us.known)
		return r->uptime_us.v >= b->uptime_us.v && r->uptime_us.v - b->uptime_us.v < 2000000;
	return r->line - b->line < 200;
}

int log_slub_kind(struct log_diagnosis *d, const struct log_report *r, const struct log_report *before,
		     const struct log_diagnosis *before_d)
{
	const char *why;
	bool may_wait = d->has_gfp && d->gfp.flags & GF_DIRECT_RECLAIM;
	uint64_t order = opt_or(r->min_order, opt_or(r->default_order, 0));
	/*
	 * To 5.8 a memory cgroup has caches of its own, "kmalloc-64(12:name)", and its charge fails where their
	 * pages are taken; later it fails before slab is asked (memcg_slab_pre_alloc_hook), without this report.
	 */
	const char *paren = r->cache && (!d->version || d->version < (5 << 16 | 9 << 8)) ? strchr(r->cache, '(') : NULL;

	if (before_d && log_follows(r, before) && before_d->cause != CAUSE_NULL) {
		d->cause = before_d->cause;
		why = "the page allocator's report just before says why it had no pages";
	} else if (paren && strchr(paren, ':')) {
		d->cause = CAUSE_MEMCG_LIMIT;
		why = "the cache belongs to a memory cgroup, and the page allocator said nothing: its kernel memory limit";
	} else if (r->has_slab_node && r->slab_node >= 0 && d->has_gfp && d->gfp.flags & GF_THISNODE) {
		d->cause = CAUSE_NODE_BOUND;
		why = "bound to one node";
	} else if (order > 0) {
		d->cause = CAUSE_FRAGMENTATION;
		d->weak = true;
		why = "its slabs need blocks of more than one page even at the smallest order";
	} else {
		d->cause = CAUSE_LOW_MEMORY;
		d->weak = true;
		why = may_wait && !(d->gfp.flags & GF_NORETRY)
			      ? "not even a slab of a single page was to be had, though the request may wait: its task was being killed, or no memory was left"
			      : "even a slab of a single page was not to be had";
	}
	d->summary = arena_printf(&d->arena, "slab cache %s%s: %s; %s", r->cache ? r->cache : "(not named)",
				  r->object_size.known ? arena_printf(&d->arena, " (objects of %" PRIu64 " bytes, order %" PRIu64 ", at least %" PRIu64 ")",
								      r->object_size.v, opt_or(r->default_order, 0), order) : "",
				  log_cause_words(d->cause), why);
	return d->summary ? 0 : -ENOMEM;
}

/* mm/percpu.c:pcpu_alloc. In the first two cases no page was asked for. */
static const char *percpu_words(const char *reason)
{
	if (reason && strstr(reason, "reserved chunk"))
		return "; the reserve for static percpu variables of modules, of fixed size, is full";
	if (reason && strstr(reason, "no space left"))
		return "; a request that may not wait gets what is populated already, and that was used up";
	return "";
}

/* What the kernel says of the area below the failure, where CONFIG_CMA_DEBUG has it printed. */
static const char *cma_words(struct log_diagnosis *d, const struct log_report *r)
{
	if (!r->free_pages.known || !r->total_pages.known)
		return "";
	return arena_printf(&d->arena, ", of whose %" PRIu64 " pages %" PRIu64 " are unallocated%s", r->total_pages.v, r->free_pages.v,
			    r->longest_run_pages.known ? arena_printf(&d->arena, ", %" PRIu64 " at most in a row", r->longest_run_pages.v) : "");
}

int log_one_line_kind(struct log_diagnosis *d, const struct log_report *r)
{
	d->size_bytes = r->size_bytes;
	switch (r->kind) {
	case LOG_VMAP:
		d->cause = CAUSE_VMALLOC_SPACE;
		d->size_bytes = r->vmap_bytes;
		d->summary = arena_printf(&d->arena, "no free range%s%s in the vmalloc area%s", r->vmap_bytes.known ? " of " : "", r->vmap_bytes.known ? log_bytes(d, r->vmap_bytes.v) : "",
					  r->range_start.known ? " of the range it must lie in" : "");
		break;
	case LOG_CMA:
		d->cause = CAUSE_CMA;
		d->summary = arena_printf(&d->arena, "cma_alloc of %" PRIu64 " pages from %s failed with %" PRId64 ": %s%s",
					  opt_or(r->pages, 0), r->area ? r->area : "the area", r->error,
					  r->error == -16   ? "the ranges that were tried hold pages that could not be moved away from the area"
					  : r->error == -4  ? "the task was interrupted"
					  : r->error == -12 ? "no run of that many unallocated pages in the area"
							    : "no range could be had in the area", cma_words(d, r));
		break;
	case LOG_SWIOTLB:
		d->cause = CAUSE_SWIOTLB;
		if (r->slots.known && !r->slots.v)
			d->summary = arena_printf(&d->arena, "%s: a mapping of %s needs the bounce buffer, and there is none",
						  r->device ? r->device : "a device", log_bytes(d, opt_or(r->size_bytes, 0)));
		else if (r->size_bytes.known && r->size_bytes.v > 262144 && !(r->used_slots.known && r->slots.known && r->used_slots.v >= r->slots.v))
			d->summary = arena_printf(&d->arena, "%s: a mapping of %s, and one slot run of the bounce buffer holds 256 KiB at most%s",
						  r->device ? r->device : "a device", log_bytes(d, r->size_bytes.v),
						  r->used_slots.known ? arena_printf(&d->arena, " (%" PRIu64 " of %" PRIu64 " slots in use)", r->used_slots.v, opt_or(r->slots, 0)) : "");
		else
			d->summary = arena_printf(&d->arena, "%s: no room%s%s in the bounce buffer%s", r->device ? r->device : "a device",
						  r->size_bytes.known ? " for " : "", r->size_bytes.known ? log_bytes(d, r->size_bytes.v) : "",
						  r->used_slots.known ? arena_printf(&d->arena, ": %" PRIu64 " of %" PRIu64 " slots of 2 KiB in use", r->used_slots.v, opt_or(r->slots, 0)) : "");
		break;
	case LOG_PERCPU:
		if (r->reason && (strstr(r->reason, "illegal") || strstr(r->reason, "reserved chunk")))
			d->cause = CAUSE_SIZE_LIMIT;
		else if (r->reason && strstr(r->reason, "new chunk"))
			d->cause = CAUSE_VMALLOC_SPACE;
		else
			d->cause = CAUSE_LOW_MEMORY;
		d->summary = arena_printf(&d->arena, "percpu area of %" PRIu64 " bytes, align %" PRIu64 ": %s%s", opt_or(r->size_bytes, 0),
					  opt_or(r->align_bytes, 0), r->reason ? r->reason : "failed", percpu_words(r->reason));
		break;
	default:
		return -EINVAL;
	}
	return d->summary ? 0 : -ENOMEM;
}

int log_event_kind(struct log_diagnosis *d, const struct log_report *r, struct mm_rules *rules,
		   const struct log_report *before, const struct log_diagnosis *before_d)
{
	d->cause = CAUSE_UNKNOWN;
	switch (r->event) {
	case LOG_EV_STALL:
	case LOG_EV_MEMINFO_ONLY:
	case LOG_EV_SHOW_MEMORY: {
		int err = log_pages_kind(d, r, rules);

		if (!err && r->event == LOG_EV_STALL && d->cause == CAUSE_UNKNOWN)
			d->cause = CAUSE_LOW_MEMORY;
		if (!err && r->event == LOG_EV_STALL)
			d->summary = arena_printf(&d->arena, "%s waited %" PRIu64 " ms so far: %s; %s", d->request, opt_or(r->stall_ms, 0),
						  log_cause_words(d->cause), d->detail);
		if (!err && r->event != LOG_EV_STALL) {
			d->cause = CAUSE_UNKNOWN;
			d->remedies = NULL;
			d->summary = r->event == LOG_EV_SHOW_MEMORY
					     ? "memory as SysRq showed it: nothing was refused"
					     : "a Mem-Info block without the line that says what was asked for";
		}
		return err;
	}
	case LOG_EV_ORDER_ABOVE_MAX:
		d->cause = CAUSE_ORDER_TOO_BIG;
		d->summary = arena_printf(&d->arena, "%s asked the page allocator for more than its largest block (the order is not printed)",
					  r->requester ? r->requester : "a caller");
		break;
	case LOG_EV_NOFAIL_ORDER:
		d->cause = CAUSE_UNSUPPORTED;
		d->summary = arena_printf(&d->arena, "%s asked for a block above order 1 that must not fail (__GFP_NOFAIL), which the page allocator does not promise",
					  r->requester ? r->requester : "a caller");
		break;
	case LOG_EV_DMA_POOL:
		d->size_bytes = r->size_bytes;
		d->cause = before_d && log_follows(r, before)		     ? before_d->cause
			   : d->has_gfp && d->gfp.flags & (GF_DMA | GF_DMA32) ? CAUSE_ZONE_RESTRICTED
			   : r->first_line && strstr(r->first_line, "too small") ? CAUSE_SIZE_LIMIT : CAUSE_LOW_MEMORY;
		d->summary = arena_printf(&d->arena, "the pool for atomic coherent DMA memory (%s): %s", log_bytes(d, opt_or(r->size_bytes, 0)),
					  d->cause == CAUSE_SIZE_LIMIT ? "too small for what drivers ask of it"
					  : d->cause == CAUSE_ZONE_RESTRICTED ? "its zone has no memory, or none free"
					  : d->cause == CAUSE_LOW_MEMORY      ? "no memory for it at boot"
									      : log_cause_words(d->cause));
		break;
	case LOG_EV_KMEMLEAK:
		d->size_bytes = r->size_bytes;
		d->summary = arena_printf(&d->arena, "kmemleak: an object of %" PRIu64 " bytes that nothing points to, allocated by %s",
					  opt_or(r->size_bytes, 0), r->requester ? r->requester : (r->process ? r->process : "(unknown)"));
		break;
	case LOG_EV_PAGE_OWNER:
		d->summary = arena_printf(&d->arena, "page_owner: a block of order %" PRId64 " held by %s", r->order,
					  r->requester ? r->requester : (r->process ? r->process : "(unknown)"));
		break;
	case LOG_EV_NOMMU: {
		int err = log_pages_kind(d, r, rules);

		d->size_bytes = r->size_bytes;
		if (err)
			return err;
		d->summary = arena_printf(&d->arena, "mmap of %s without an MMU, which takes one block: %s; %s", log_bytes(d, opt_or(r->size_bytes, 0)),
					  log_cause_words(d->cause), d->detail);
		break;
	}
	case LOG_EV_IOMMU:
		d->cause = CAUSE_DMA_MASK;
		d->size_bytes = r->size_bytes;
		if (r->size_bytes.known) {
			d->summary = arena_printf(&d->arena, "%s: no free run for %s in the GART, through which it reaches memory that it cannot address",
						  r->device ? r->device : "a device", log_bytes(d, r->size_bytes.v));
			break;
		}
		d->summary = arena_printf(&d->arena, "%s: no run of %" PRIu64 " free entries in the IOMMU's table for what the device can address",
					  r->device ? r->device : "a device", opt_or(r->pages, 0));
		break;
	case LOG_EV_HUGETLB:
		/* Said while the kernel boots, when nothing is in pieces: memory ended before the number was reached. */
		d->cause = CAUSE_LOW_MEMORY;
		d->size_bytes = r->size_bytes;
		d->summary = arena_printf(&d->arena, "of %" PRIu64 " huge pages of %s asked for on the command line only %s are there: there is no more memory for them",
					  opt_or(r->pages, 0), log_bytes(d, opt_or(r->size_bytes, 0)),
					  r->allocated_bytes.known ? log_bytes(d, r->allocated_bytes.v) : "some");
		break;
	case LOG_EV_UNEXPECTED_GFP:
		d->cause = CAUSE_UNSUPPORTED;
		d->summary = "a slab cache was called with flags that it cannot take; the kernel corrected them";
		break;
	default:
		d->summary = "not decoded further";
	}
	return d->summary ? 0 : -ENOMEM;
}
