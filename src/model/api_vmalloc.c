// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vmalloc and kvmalloc: mm/vmalloc.c:__vmalloc_node_range, mm/util.c:__kvmalloc_node.
 * Pages one by one, so fragmentation does not matter; total RAM, free and
 * reclaimable pages and address space do.
 */
#include <inttypes.h>
#include <string.h>

#include "kernel/vmalloc.h"
#include "model/api.h"

#define PTR_SIZE(mm) ((opt_or((mm)->snap->kernel.word_bits, 64) == 32) ? 4u : 8u)

static uint64_t pages_of_bytes(const struct mm *mm, uint64_t bytes)
{
	return bytes / mm->page_size + (bytes % mm->page_size != 0);
}

static bool refuse(struct explain *e, struct verdict *v, enum cause cause, const char *step,
		   const char *summary)
{
	step_note(e, verdict_step(e, v, step, "fail", -1, NULL), "refused before any page is taken");
	v->probability = 0;
	v->mechanism = MECHANISM_NONE;
	v->cause = cause;
	v->at_once = true;
	v->summary = summary;
	return true;
}

static void note_space(struct explain *e, struct step *s, const struct vmalloc_space *space)
{
	if (space->ample)
		step_note(e, s, "the vmalloc range is larger than memory by far");
	else if (space->largest_hole.known)
		step_note(e, s, "the largest hole of the vmalloc range has %" PRIu64 " bytes", space->largest_hole.v);
	else if (space->total_bytes.known && space->used_bytes.known)
		step_note(e, s, "%" PRIu64 " of the vmalloc range's %" PRIu64 " bytes are in use; its largest hole is not known",
			  space->used_bytes.v, space->total_bytes.v);
	else
		step_note(e, s, "how much of the vmalloc range is free is not known");
}

/* Size 0, more than all RAM, no address space: refused before any page is taken. */
static bool refused(struct explain *e, struct verdict *v, uint64_t bytes, uint64_t pages)
{
	struct mm *mm = e->mm;
	struct vmalloc_space space = vmalloc_space(mm);
	uint64_t want = sat_add(sat_mul(pages, mm->page_size), mm->page_size); /* and the guard page */
	struct step *s;

	if (bytes == 0)
		return refuse(e, v, CAUSE_SIZE_LIMIT, "size", "vmalloc of 0 bytes fails");
	if (mm->total_pages && pages > mm->total_pages)
		return refuse(e, v, CAUSE_SIZE_LIMIT, "total_ram",
			      arena_printf(&e->arena,
					   "vmalloc would fail: %" PRIu64
					   " pages exceed the %" PRIu64 " pages of RAM",
					   pages, mm->total_pages));
	s = verdict_step(e, v, "address_space", space.ample ? "pass" : "maybe", -1, NULL);
	if (space.total_bytes.known)
		step_number(s, "total_bytes", (int64_t)space.total_bytes.v);
	if (space.used_bytes.known)
		step_number(s, "used_bytes", (int64_t)space.used_bytes.v);
	if (space.largest_hole.known)
		step_number(s, "largest_hole_bytes", (int64_t)space.largest_hole.v);
	step_rule(s, "mm/vmalloc.c:alloc_vmap_area");
	note_space(e, s, &space);
	if (space.ample)
		return false;
	if ((space.largest_hole.known && want > space.largest_hole.v) ||
	    (space.total_bytes.known && want > sat_sub(space.total_bytes.v, opt_or(space.used_bytes, 0))))
		return refuse(e, v, CAUSE_VMALLOC_SPACE, "address_space",
			      arena_printf(&e->arena,
					   "vmalloc would fail: no hole of %" PRIu64
					   " bytes in the vmalloc range (raise vmalloc= on the kernel command line)",
					   want));
	return false;
}

/* A page of page tables maps so many pages: entries are 8 bytes, but on 32 bits without PAE. */
static uint64_t page_tables(const struct mm *mm, uint64_t pages)
{
	return pages / (mm->page_size / 8) + 2;
}

/*
 * __vmalloc_node_range with VM_ALLOW_HUGE_VMAP, as kvmalloc asks: from a huge page a node on,
 * blocks of that order are tried first, and single pages stand behind them. The order, or 0.
 */
static unsigned int huge_vmap_order(struct explain *e, const struct request *r, uint64_t bytes)
{
	const struct mm *mm = e->mm;
	const char *built = kconfig_get(&mm->snap->kconfig, "HAVE_ARCH_HUGE_VMALLOC");
	unsigned int order = get_order(sat_mul(mm->page_size, mm->page_size / 8), mm->page_size);
	uint64_t each = r->node >= 0 || !mm->n_nodes ? bytes : bytes / mm->n_nodes;
	bool word64 = opt_or(mm->snap->kernel.word_bits, 64) == 64;

	if (!mm->rules.vmalloc_huge_kvmalloc || !word64 || (built && strcmp(built, "y") != 0) ||
	    (mm->snap->cmdline && strstr(mm->snap->cmdline, "nohugevmalloc")) ||
	    each < sat_shl(mm->page_size, order) || order > mm->max_order)
		return 0;
	return order;
}

static void tradeoff(struct explain *e, const struct request *r, uint32_t gfp, struct verdict *v,
		     uint64_t pages)
{
	uint64_t bytes = sat_mul(pages, e->mm->page_size);
	uint64_t tables = page_tables(e->mm, pages) - 1;
	unsigned int huge = r->api == API_KVMALLOC || r->api == API_KVZALLOC ? huge_vmap_order(e, r, bytes) : 0;
	struct page_request pr = page_request_of(r, huge, gfp | GF_NOWARN);
	struct page_outcome o;

	if (huge) {
		page_alloc(e, &pr, &o, NULL);
		if (o.at_once && verdict_of(o.probability) == SUCCEEDS) {
			v->tradeoff = arena_printf(
				&e->arena,
				"huge pages are free now: mapped by blocks of order %u, some %" PRIu64
				" TLB entries and no page-table page to speak of; not usable for DMA as one block",
				huge, (pages >> huge) + 1);
			return;
		}
	}
	v->tradeoff = arena_printf(&e->arena,
				   "vmalloc maps %" PRIu64 " page%s one by one: %" PRIu64
				   " TLB entr%s, about %" PRIu64
				   " page-table page%s, not usable for DMA without scatter-gather",
				   pages, plural(pages), pages, pages == 1 ? "y" : "ies", tables,
				   plural(tables));
}

double single_pages_odds(uint64_t need, uint64_t available, uint64_t reclaimable, uint32_t gfp)
{
	bool loops = !(gfp & (GF_NORETRY | GF_RETRY_MAYFAIL));

	if (need <= available)
		return 0.995;
	if (!(gfp & GF_DIRECT_RECLAIM))
		return 0.01;
	if (need <= sat_add(available, reclaimable / 2))
		return loops ? 0.97 : 0.75;
	if (need <= sat_add(available, reclaimable))
		return loops ? 0.85 : 0.4;
	return loops ? 0.2 : 0.04;
}

void vmalloc_area(struct explain *e, const struct request *r, uint64_t bytes, uint32_t gfp,
		  struct verdict *v)
{
	struct mm *mm = e->mm;
	uint64_t pages = pages_of_bytes(mm, bytes), array = pages_of_bytes(mm, pages * PTR_SIZE(mm));
	uint64_t need = sat_add(sat_add(pages, array), page_tables(mm, pages));
	int node = r->node >= 0 ? r->node : r->local_node;
	uint64_t reclaimable, available;
	bool blocking = gfp & GF_DIRECT_RECLAIM;
	bool loops = blocking && !(gfp & (GF_NORETRY | GF_RETRY_MAYFAIL));
	struct step *s;

	if (refused(e, v, bytes, pages))
		return;
	if (!(gfp & (GF_DMA | GF_DMA32)))
		gfp |= GF_HIGHMEM;
	available = order0_available(mm, gfp, node, e->zonelist, &reclaimable);
	s = verdict_step(e, v, "pages", need <= available ? "pass" : "maybe", -1, NULL);
	step_number(s, "needed_pages", (int64_t)need);
	step_number(s, "available_pages", (int64_t)available);
	step_number(s, "reclaimable_pages", (int64_t)reclaimable);
	step_rule(s, "mm/vmalloc.c:vm_area_alloc_pages: order 0 each");
	step_note(e, s,
		  "%" PRIu64 " pages wanted one by one, %" PRIu64 " free above min, %" PRIu64 " reclaimable",
		  need, available, reclaimable);
	v->mechanism = MECHANISM_VMALLOC;
	v->cause = CAUSE_LOW_MEMORY;
	v->bytes_used = sat_mul(pages, mm->page_size);
	v->at_once = need <= available;
	v->may_wait = !v->at_once && blocking;
	if (mm->n_zones == 0 && mm->snap->meminfo.n == 0) {
		v->probability = 0.9;
		v->at_once = false;
	} else {
		v->probability = single_pages_odds(need, available, reclaimable, gfp);
	}
	v->may_kill = loops && need > sat_add(available, reclaimable / 2);
	tradeoff(e, r, gfp, v, pages);
	v->summary = arena_printf(&e->arena,
				  "vmalloc %s: needs %" PRIu64 " single pages, %" PRIu64
				  " are free above the min watermarks and %" PRIu64 " reclaimable%s",
				  verdict_phrase(v->probability), need, available, reclaimable,
				  v->may_kill ? "; the OOM killer may come first" : "");
}

void explain_vmalloc(struct explain *e, const struct request *r, struct verdict *v)
{
	uint32_t gfp = r->gfp.flags;

	vmalloc_area(e, r, request_bytes(e, r), gfp, v);
	/* might_sleep() in alloc_vmap_area, and GFP_KERNEL for page tables, whatever the flags. */
	if (!(gfp & GF_DIRECT_RECLAIM) && !e->mm->rules.vmalloc_nonblocking && v->probability > 0)
		v->tradeoff = "vmalloc may sleep whatever the flags say (to 6.18): judged for process "
			      "context; under a lock or in an interrupt it is a bug";
}

/* mm/util.c:kmalloc_gfp_adjust: the kmalloc part must not try hard, vmalloc stands behind it. */
static uint32_t kmalloc_gfp_adjust(const struct mm_rules *rules, uint32_t gfp)
{
	gfp |= GF_NOWARN;
	if (!(gfp & GF_RETRY_MAYFAIL)) {
		if (rules->kvmalloc_no_direct_reclaim)
			gfp &= ~(uint32_t)GF_DIRECT_RECLAIM;
		else
			gfp |= GF_NORETRY;
	}
	return gfp & ~(uint32_t)GF_NOFAIL;
}

static bool may_fall_back(const struct mm_rules *rules, uint32_t gfp)
{
	switch (rules->kvmalloc) {
	case KVMALLOC_NONE:
	case KVMALLOC_GFP_KERNEL:
		return (gfp & GF_KERNEL) == GF_KERNEL;
	case KVMALLOC_BLOCKING:
		return gfp & GF_DIRECT_RECLAIM;
	case KVMALLOC_ALWAYS:
		return true;
	}
	return false;
}

void explain_kvmalloc(struct explain *e, const struct request *r, struct verdict *v)
{
	const struct mm_rules *rules = &e->mm->rules;
	uint64_t size = request_bytes(e, r);
	struct request k = *r;
	struct verdict vm = { .node = -1 };
	bool small = size <= e->mm->page_size, back = may_fall_back(rules, r->gfp.flags);
	const char *kmalloc_says;

	if (rules->kvmalloc == KVMALLOC_NONE) {
		refuse(e, v, CAUSE_UNSUPPORTED, "api",
		       "kvmalloc came with Linux 4.12: this kernel has kmalloc and vmalloc only");
		return;
	}
	if (size > INT32_MAX && rules->kvmalloc_int_max && back) {
		refuse(e, v, CAUSE_SIZE_LIMIT, "size", "kvmalloc refuses more than INT_MAX bytes");
		return;
	}
	k.api = API_KMALLOC;
	if (!small && (back || rules->kvmalloc != KVMALLOC_GFP_KERNEL))
		k.gfp.flags = kmalloc_gfp_adjust(rules, r->gfp.flags);
	explain_kmalloc(e, &k, v);
	if (small || !back || verdict_of(v->probability) == SUCCEEDS)
		return;
	kmalloc_says = v->summary;
	vm.steps = v->steps;
	vm.n_steps = v->n_steps;
	vm.cap_steps = v->cap_steps;
	vmalloc_area(e, r, size, r->gfp.flags, &vm);
	vm.probability = 1 - (1 - vm.probability) * (1 - v->probability);
	if (vm.mechanism == MECHANISM_VMALLOC)
		vm.mechanism = MECHANISM_VMALLOC_FALLBACK;
	vm.summary = arena_printf(&e->arena, "kvmalloc %s through vmalloc (%s); first %s",
				  verdict_phrase(vm.probability), vm.summary ? vm.summary : "",
				  kmalloc_says ? kmalloc_says : "");
	*v = vm;
}
