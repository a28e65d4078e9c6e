// SPDX-License-Identifier: GPL-2.0-or-later
/* dma_alloc_coherent and cma_alloc: kernel/dma/direct.c, kernel/dma/contiguous.c, mm/cma.c. */
#include <inttypes.h>
#include <string.h>

#include "model/api.h"

#define DEFAULT_DMA_MASK 32

struct cma_state {
	uint64_t total_pages, free_pages;
	struct opt_u64 maxchunk; /* largest free run; debugfs or sysfs only */
};

static struct cma_state cma_state(const struct mm *mm)
{
	const struct snapshot *s = mm->snap;
	struct cma_state c = { 0, 0, OPT_UNKNOWN };

	c.total_pages = sat_mul(opt_or(kv_get(&s->meminfo, "CmaTotal"), 0), 1024) / mm->page_size;
	c.free_pages = sat_mul(opt_or(kv_get(&s->meminfo, "CmaFree"), 0), 1024) / mm->page_size;
	for (size_t i = 0; i < s->n_cma; i++) {
		if (s->cma[i].maxchunk_pages.known &&
		    s->cma[i].maxchunk_pages.v >= opt_or(c.maxchunk, 0))
			c.maxchunk = s->cma[i].maxchunk_pages;
	}
	return c;
}

/* The bitmap's free runs decide; pages in use there are movable by definition, but may be pinned. */
static double cma_probability(const struct cma_state *c, uint64_t pages)
{
	if (pages > c->total_pages)
		return 0;
	if (c->maxchunk.known)
		return pages <= c->maxchunk.v ? 0.97 : 0.01;
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
	step_rule(s, "mm/cma.c:cma_alloc");
}

void explain_cma(struct explain *e, const struct request *r, struct verdict *v)
{
	struct cma_state c = cma_state(e->mm);
	uint64_t size = request_bytes(e, r);
	uint64_t pages = size / e->mm->page_size + (size % e->mm->page_size != 0);

	v->cause = CAUSE_CMA;
	v->mechanism = MECHANISM_CMA;
	add_cma_step(e, v, &c, pages);
	if (c.total_pages == 0) {
		v->mechanism = MECHANISM_NONE;
		v->cause = CAUSE_UNSUPPORTED;
		v->at_once = true;
		v->summary = "no CMA area on this machine (reserve one with cma=64M on the kernel command line)";
		return;
	}
	v->probability = cma_probability(&c, pages);
	v->bytes_used = sat_mul(pages, e->mm->page_size);
	v->may_wait = true;
	v->summary = arena_printf(&e->arena,
				  "cma_alloc %s: %" PRIu64 " pages of an area of %" PRIu64 ", %" PRIu64 " free%s",
				  verdict_phrase(v->probability), pages, c.total_pages, c.free_pages,
				  c.maxchunk.known ? "" : " (largest free run unknown: debugfs cma/ tells it)");
}

static bool is_x86(const struct mm *mm)
{
	const char *a = mm->snap->kernel.arch;

	return !a || strcmp(a, "x86_64") == 0 || (a[0] == 'i' && strstr(a, "86"));
}

/* The highest address of a zone type's pages, as bits; 0 if it has none. */
static int zone_bits(const struct mm *mm, enum gfp_zone kind)
{
	uint64_t end = 0;
	int bits = 0;

	for (size_t i = 0; i < mm->n_zones; i++) {
		const struct snap_zone *s = mm->zones[i].snap;
		uint64_t last = sat_add(opt_or(s->start_pfn, 0), opt_or(s->spanned_pages, 0));

		if (mm->zones[i].kind == kind && sat_mul(last, mm->page_size) > end)
			end = sat_mul(last, mm->page_size);
	}
	while (bits < 64 && end > UINT64_C(1) << bits)
		bits++;
	return end ? bits : 0;
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
		int bits = zone_bits(mm, z->kind);

		if (opt_or(z->snap->cma_pages, 0) == 0 && z->free_cma == 0)
			continue;
		seen = true;
		reach &= bits ? bits <= mask : z->kind <= GFP_ZONE_DMA32 && mask >= 32;
	}
	return seen ? reach : mask >= 32;
}

/* kernel/dma/direct.c:dma_direct_optimal_gfp_mask. */
static uint32_t dma_zone_flags(const struct mm *mm, int mask)
{
	int dma_bits = is_x86(mm) ? 24 : zone_bits(mm, GFP_ZONE_DMA);

	if (mask <= dma_bits)
		return GF_DMA;
	return mask <= 32 ? GF_DMA32 : 0;
}

void explain_dma(struct explain *e, const struct request *r, struct verdict *v)
{
	int mask = r->dma_mask ? r->dma_mask : DEFAULT_DMA_MASK;
	uint64_t size = request_bytes(e, r);
	unsigned int order = get_order(size, e->mm->page_size);
	uint32_t zone = dma_zone_flags(e->mm, mask);
	uint32_t gfp = (r->gfp.flags & ~(uint32_t)(GF_DMA | GF_DMA32 | GF_HIGHMEM)) | zone;
	uint64_t pages = size / e->mm->page_size + (size % e->mm->page_size != 0);
	struct cma_state c = cma_state(e->mm);
	bool try_cma = c.total_pages && gfp & GF_DIRECT_RECLAIM && pages > 1 &&
		       cma_reachable(e->mm, mask);
	struct page_request pr = page_request_of(r, order, gfp);
	struct page_outcome o;
	double p_cma = 0;
	struct step *s = verdict_step(e, v, "dma_zone", "pass", -1, NULL);

	step_number(s, "mask_bits", mask);
	step_text(s, "zone", zone == GF_DMA ? "DMA" : zone == GF_DMA32 ? "DMA32" : "Normal");
	step_number(s, "order", order);
	step_rule(s, "kernel/dma/direct.c:dma_direct_optimal_gfp_mask");
	step_note(e, s, "direct mapping assumed; behind an IOMMU single pages would do");
	if (try_cma) {
		add_cma_step(e, v, &c, pages);
		p_cma = cma_probability(&c, pages);
	}
	page_alloc(e, &pr, &o, v);
	verdict_from_pages(v, &o);
	if (o.cause == CAUSE_ZONE_RESTRICTED)
		v->cause = CAUSE_DMA_MASK;
	v->probability = 1 - (1 - p_cma) * (1 - o.probability);
	if (p_cma > 0.5) {
		v->mechanism = MECHANISM_CMA;
		v->may_wait = true;
	}
	v->bytes_used = sat_shl(e->mm->page_size, order);
	v->summary = arena_printf(&e->arena,
				  "a contiguous block of order %u below %d bits (%s) %s%s: %s", order, mask,
				  zone == GF_DMA ? "zone DMA" : zone == GF_DMA32 ? "zone DMA32" : "any zone",
				  verdict_phrase(v->probability), try_cma ? ", CMA first" : "",
				  page_clause(e, &o));
}
