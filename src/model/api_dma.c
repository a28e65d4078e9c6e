// SPDX-License-Identifier: GPL-2.0-or-later
/* dma_alloc_coherent and cma_alloc: kernel/dma/, drivers/iommu/dma-iommu.c, mm/cma.c. */
#include <inttypes.h>
#include <math.h>

#include "kernel/cma.h"
#include "kernel/dma.h"
#include "model/api.h"

#define DEFAULT_DMA_MASK 32

struct cma_state {
	uint64_t total_pages, free_pages;
	struct opt_u64 maxchunk; /* largest free run; debugfs only */
	/* The largest of the areas' pages that no cma_alloc holds, and whether that is a whole area. */
	struct opt_u64 available;
	bool whole;
};

/* cma->available_count: 6.13 and later, or debugfs. Others may use these pages, but must move out. */
static struct opt_u64 area_available(const struct snap_cma *a)
{
	if (a->available_pages.known)
		return a->available_pages;
	if (a->total_pages.known && a->used_pages.known)
		return opt_u64(sat_sub(a->total_pages.v, a->used_pages.v));
	return OPT_UNKNOWN;
}

static struct cma_state cma_state(const struct mm *mm)
{
	const struct snapshot *s = mm->snap;
	struct cma_state c = { 0, 0, OPT_UNKNOWN, OPT_UNKNOWN, false };
	size_t n_known = 0;

	c.total_pages = sat_mul(opt_or(kv_get(&s->meminfo, "CmaTotal"), 0), 1024) / mm->page_size;
	c.free_pages = sat_mul(opt_or(kv_get(&s->meminfo, "CmaFree"), 0), 1024) / mm->page_size;
	for (size_t i = 0; i < s->n_cma; i++) {
		if (s->cma[i].maxchunk_pages.known &&
		    s->cma[i].maxchunk_pages.v >= opt_or(c.maxchunk, 0))
			c.maxchunk = s->cma[i].maxchunk_pages;
	}
	for (size_t i = 0; i < s->n_cma; i++) {
		struct opt_u64 n = area_available(&s->cma[i]);

		n_known += n.known;
		if (n.known && n.v >= opt_or(c.available, 0)) {
			c.available = n;
			c.whole = s->cma[i].total_pages.known && n.v == s->cma[i].total_pages.v;
		}
	}
	/* one that does not tell may be the larger */
	if (n_known < s->n_cma)
		c.available = OPT_UNKNOWN;
	return c;
}

/* The bitmap's free runs decide; pages in use there are movable by definition, but may be pinned. */
static double cma_probability(const struct cma_state *c, uint64_t pages)
{
	if (pages > c->total_pages)
		return 0;
	if (c->maxchunk.known)
		return pages <= c->maxchunk.v ? 0.97 : 0.01;
	if (c->available.known && pages > c->available.v)
		return 0.01;
	if (c->available.known && c->whole)
		return 0.97;
	return pages <= c->total_pages / 2 ? 0.9 : 0.6;
}

static void add_cma_step(struct explain *e, struct verdict *v, const struct cma_state *c, uint64_t pages)
{
	double p = cma_probability(c, pages);
	struct step *s = verdict_step(e, v, "cma", p > 0.9 ? "pass" : p < 0.1 ? "fail" : "maybe", -1, NULL);

	step_number(s, "pages", (int64_t)pages);
	step_number(s, "cma_total_pages", (int64_t)c->total_pages);
	step_number(s, "cma_free_pages", (int64_t)c->free_pages);
	if (c->maxchunk.known)
		step_number(s, "maxchunk_pages", (int64_t)c->maxchunk.v);
	if (c->available.known)
		step_number(s, "available_pages", (int64_t)c->available.v);
	step_rule(s, "mm/cma.c:cma_alloc");
	if (c->maxchunk.known)
		step_note(e, s, "the largest free run of the areas has %" PRIu64 " pages", c->maxchunk.v);
	else if (c->available.known)
		step_note(e, s, "%" PRIu64 " pages of the largest area are not taken; in how large runs is not known",
			  c->available.v);
	else
		step_note(e, s, "the areas have %" PRIu64 " pages; how many no device holds is not known", c->total_pages);
}

static const char *no_area(struct explain *e, uint64_t size)
{
	struct cma_boot b = cma_boot(e->mm, size, 64);

	if (!cma_built(e->mm))
		return "this kernel has no CMA (CONFIG_DMA_CMA is not set)";
	if (!b.mib)
		return "no CMA area on this machine, and memory for none of that size";
	return arena_printf(&e->arena, "no CMA area on this machine (reserve one with %s on the kernel command line)",
			    cma_boot_option(&e->arena, &b));
}

void explain_cma(struct explain *e, const struct request *r, struct verdict *v)
{
	struct cma_state c = cma_state(e->mm);
	uint64_t size = request_bytes(e, r);
	uint64_t pages = size / e->mm->page_size + (size % e->mm->page_size != 0);

	v->cause = CAUSE_CMA;
	v->mechanism = MECHANISM_CMA;
	if (size == 0) {
		v->cause = CAUSE_SIZE_LIMIT;
		v->mechanism = MECHANISM_NONE;
		v->at_once = true;
		v->summary = "cma_alloc of no pages gives NULL";
		return;
	}
	add_cma_step(e, v, &c, pages);
	if (c.total_pages == 0) {
		v->mechanism = MECHANISM_NONE;
		v->cause = CAUSE_UNSUPPORTED;
		v->at_once = true;
		v->summary = no_area(e, size);
		return;
	}
	v->probability = cma_probability(&c, pages);
	v->bytes_used = sat_mul(pages, e->mm->page_size);
	v->may_wait = true;
	if (c.available.known)
		v->summary = arena_printf(&e->arena,
					  "cma_alloc %s: %" PRIu64 " pages of an area of %" PRIu64 ", of which %" PRIu64
					  " are not taken yet",
					  verdict_phrase(v->probability), pages, c.total_pages, c.available.v);
	else
		v->summary = arena_printf(&e->arena,
					  "cma_alloc %s: %" PRIu64 " pages of an area of %" PRIu64 ", %" PRIu64
					  " free%s",
					  verdict_phrase(v->probability), pages, c.total_pages, c.free_pages,
					  c.maxchunk.known ? ""
							   : " (largest free run unknown: debugfs cma/ tells it)");
}

/*
 * A CMA block out of the device's reach is given back at once
 * (__dma_direct_alloc_pages); the zones that hold CMA pages tell where the area lies.
 */
static bool cma_reachable(const struct mm *mm, int mask)
{
	bool seen = false, reach = true;

	for (size_t i = 0; i < mm->n_zones; i++) {
		const struct mm_zone *z = &mm->zones[i];
		int bits = dma_zone_bits(mm, z->kind);

		if (opt_or(z->snap->cma_pages, 0) == 0 && z->free_cma == 0)
			continue;
		seen = true;
		reach &= bits ? bits <= mask : z->kind <= GFP_ZONE_DMA32 && mask >= 32;
	}
	return seen ? reach : mask >= 32;
}

/* gfp.h: OPT_ZONE_DMA32 is ZONE_NORMAL where there is no zone DMA32. */
static const char *zone_word(const struct mm *mm, uint32_t zone)
{
	return zone == GF_DMA ? "DMA" : zone == GF_DMA32 && mm->has_zone[GFP_ZONE_DMA32] ? "DMA32" : "Normal";
}

/*
 * What part of the zone lies within @mask bits; where its place is not known, half of what may lie
 * above. A zone's holes (DMA32 of a machine with little RAM below 4 GiB) lie above its pages.
 */
static double share_in_reach(const struct mm *mm, const struct mm_zone *z, int mask)
{
	uint64_t start, end, limit, spanned = opt_or(z->snap->spanned_pages, 0);

	if (mask >= 64)
		return 1;
	if (!z->snap->start_pfn.known || !z->snap->spanned_pages.known)
		return dma_zone_bits(mm, z->kind) > mask ? 0.5 : 1;
	start = sat_mul(z->snap->start_pfn.v, mm->page_size);
	end = sat_add(start, sat_mul(opt_or(z->snap->present_pages, spanned), mm->page_size));
	limit = UINT64_C(1) << mask;
	if (end <= limit)
		return 1;
	return limit <= start ? 0 : (double)(limit - start) / (double)(end - start);
}

static void add_reach_step(struct explain *e, struct verdict *v, const struct mm_zone *z, int mask, double in)
{
	struct step *s = verdict_step(e, v, "dma_reach", in > 0 ? "maybe" : "fail", z->node, z->name);

	step_number(s, "mask_bits", mask);
	step_number(s, "in_reach_milli", lround(in * 1000));
	step_rule(s, "kernel/dma/direct.c:dma_coherent_ok");
	step_note(e, s, "%.0f %% of the zone lies below %d bits; a block above is given back", in * 100, mask);
}

/* __dma_direct_alloc_pages: a page above the mask is given back, and the next lower zone asked. */
static double direct_pages(struct explain *e, const struct request *r, unsigned int order, uint32_t gfp,
			   int mask, struct page_outcome *o, struct verdict *v)
{
	uint32_t zone = gfp & (GF_DMA | GF_DMA32);
	struct page_request pr = page_request_of(r, order, gfp);
	struct page_outcome lower;
	double p, in;

	page_alloc(e, &pr, o, v);
	p = o->probability;
	in = o->zone ? share_in_reach(e->mm, o->zone, mask) : 1;
	if (in >= 1 || verdict_of(p) == FAILS)
		return p;
	add_reach_step(e, v, o->zone, mask, in);
	if (zone == GF_DMA) {
		o->cause = CAUSE_DMA_MASK;
		o->why = arena_printf(&e->arena, "%s; but %s of node %d %s lies below %d bits", o->why,
				      in > 0 ? "only a part" : "nothing", o->zone->node, o->zone->name, mask);
		return p * in;
	}
	zone = zone == 0 && e->mm->has_zone[GFP_ZONE_DMA32] ? GF_DMA32 : GF_DMA;
	p = p * in + p * (1 - in) * direct_pages(e, r, order, (gfp & ~(uint32_t)(GF_DMA | GF_DMA32)) | zone,
						 mask, &lower, v);
	if (verdict_of(p) < LIKELY_SUCCEEDS)
		o->cause = CAUSE_DMA_MASK;
	return p;
}

static void dma_direct(struct explain *e, const struct request *r, struct verdict *v, int mask)
{
	uint64_t size = request_bytes(e, r);
	unsigned int order = request_order(e, r);
	uint32_t zone = dma_direct_optimal_gfp_mask(e->mm, mask);
	uint32_t gfp = (r->gfp.flags & ~(uint32_t)(GF_DMA | GF_DMA32 | GF_HIGHMEM)) | zone;
	uint64_t pages = size / e->mm->page_size + (size % e->mm->page_size != 0);
	struct cma_state c = cma_state(e->mm);
	bool try_cma = c.total_pages && gfp & GF_DIRECT_RECLAIM && pages > 1 &&
		       cma_reachable(e->mm, mask);
	struct step *s = verdict_step(e, v, "dma_zone", "pass", -1, NULL);
	struct page_outcome o;
	double p_cma = 0, p;

	step_number(s, "mask_bits", mask);
	step_text(s, "zone", zone_word(e->mm, zone));
	step_number(s, "order", order);
	step_rule(s, "kernel/dma/direct.c:dma_direct_optimal_gfp_mask");
	step_note(e, s, "a device of %d address bits: one block of order %u from zone %s or below", mask,
		  order, zone_word(e->mm, zone));
	if (try_cma) {
		add_cma_step(e, v, &c, pages);
		p_cma = cma_probability(&c, pages);
	}
	p = direct_pages(e, r, order, gfp, mask, &o, v);
	verdict_from_pages(v, &o);
	if (o.cause == CAUSE_ZONE_RESTRICTED)
		v->cause = CAUSE_DMA_MASK;
	v->probability = 1 - (1 - p_cma) * (1 - p);
	if (p_cma > 0.5) {
		v->mechanism = MECHANISM_CMA;
		v->may_wait = true;
	}
	v->bytes_used = size ? sat_shl(e->mm->page_size, order) : 0;
	v->summary = arena_printf(&e->arena,
				  "a contiguous block of order %u below %d bits (%s%s) %s%s: %s", order, mask,
				  zone ? "zone " : "", zone ? zone_word(e->mm, zone) : "any zone",
				  verdict_phrase(v->probability), try_cma ? ", CMA first" : "",
				  page_clause(e, &o));
}

/* iommu_dma_alloc: who may sleep gets single pages, mapped in a row for device and CPU. */
static void dma_iommu(struct explain *e, const struct request *r, struct verdict *v, bool contiguous)
{
	uint64_t size = request_bytes(e, r);
	uint32_t gfp = r->gfp.flags & ~(uint32_t)(GF_DMA | GF_DMA32 | GF_HIGHMEM);
	struct page_outcome o;

	if (contiguous || !(gfp & GF_DIRECT_RECLAIM)) {
		unsigned int order = request_order(e, r);
		struct page_request pr = page_request_of(r, order, gfp);

		page_alloc(e, &pr, &o, v);
		verdict_from_pages(v, &o);
		v->bytes_used = sat_shl(e->mm->page_size, order);
		v->summary = arena_printf(&e->arena,
					  "behind an IOMMU, but as one block of order %u (any zone) %s: %s", order,
					  verdict_phrase(o.probability), page_clause(e, &o));
		return;
	}
	vmalloc_area(e, r, size, gfp, v);
	if (v->mechanism == MECHANISM_VMALLOC)
		v->mechanism = MECHANISM_IOMMU;
	v->tradeoff = "the IOMMU makes scattered pages contiguous for the device: no block is needed";
	v->summary = arena_printf(&e->arena, "through the IOMMU single pages do; as %s",
				  v->summary ? v->summary : "");
}

static void add_iommu_step(struct explain *e, struct verdict *v, enum dma_path path)
{
	static const char *const words[] = { "direct", "iommu", "iommu_contiguous", "mixed", "unknown" };
	static const char *const notes[] = {
		"no IOMMU translates for devices here",
		"devices stand behind an IOMMU",
		"VT-d's own code, to 5.10, takes one block all the same",
		"some devices are translated by an IOMMU, others not: judged as one that is not",
		"whether an IOMMU translates is not to be seen: judged as if none does",
	};
	const struct snap_swiotlb *tlb = &e->mm->snap->swiotlb;
	struct step *s = verdict_step(e, v, "iommu", path == DMA_PATH_IOMMU ? "pass" : "skip", -1, NULL);

	step_text(s, "path", words[path]);
	if (tlb->nslabs.known)
		step_number(s, "swiotlb_slots", (int64_t)tlb->nslabs.v);
	if (tlb->used.known)
		step_number(s, "swiotlb_used_slots", (int64_t)tlb->used.v);
	step_rule(s, "kernel/dma/mapping.c:dma_alloc_attrs, drivers/iommu/dma-iommu.c:iommu_dma_alloc");
	step_note(e, s, "%s", notes[path]);
}

void explain_dma(struct explain *e, const struct request *r, struct verdict *v)
{
	int mask = r->dma_mask ? r->dma_mask : DEFAULT_DMA_MASK;
	enum dma_path path = dma_path(e->mm);

	if (r->gfp.flags & GF_COMP && e->mm->rules.dma_refuses_comp) {
		v->cause = CAUSE_UNSUPPORTED;
		v->at_once = true;
		v->summary = "dma_alloc_coherent refuses __GFP_COMP, with a warning";
		return;
	}
	add_iommu_step(e, v, path);
	if (path == DMA_PATH_IOMMU || path == DMA_PATH_IOMMU_CONTIGUOUS)
		dma_iommu(e, r, v, path == DMA_PATH_IOMMU_CONTIGUOUS);
	else
		dma_direct(e, r, v, mask);
}
