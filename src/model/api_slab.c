// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * kmalloc and kmem_cache_alloc: free objects of the cache, else a new slab of
 * the preferred order tried cheaply, else one of the minimum order with the
 * caller's own flags (mm/slub.c:___slab_alloc, allocate_slab).
 */
#include <inttypes.h>

#include "kernel/slab.h"
#include "model/api.h"

/* mm/slub.c:allocate_slab: the preferred order without reclaim where a lower order could serve too. */
static uint32_t cheap_flags(const struct mm *mm, uint32_t gfp, const struct slab_cache *c)
{
	gfp = (gfp | GF_NOWARN | GF_NORETRY) & ~(uint32_t)GF_NOFAIL;
	if (gfp & GF_DIRECT_RECLAIM && c->preferred_order > c->min_order &&
	    mm->rules.slub_cheap_first_try)
		gfp = (gfp | GF_NOMEMALLOC) & ~GF_RECLAIM;
	return gfp;
}

static void new_slab(struct explain *e, const struct request *r, struct verdict *v,
		     const struct slab_cache *c, uint32_t gfp, struct slab_outcome *so)
{
	struct page_request pr = page_request_of(r, c->preferred_order, cheap_flags(e->mm, gfp, c));

	so->order = c->preferred_order;
	page_alloc(e, &pr, &so->pages, v);
	so->probability = so->pages.probability;
	/* Without a lower order to fall back to the flags keep NORETRY out: the second try is the real one. */
	if (so->pages.at_once && verdict_of(so->probability) == SUCCEEDS)
		return;
	pr.order = so->order = c->min_order;
	pr.gfp = gfp;
	page_alloc(e, &pr, &so->pages, v);
	if (so->pages.probability > so->probability)
		so->probability = so->pages.probability;
}

static void add_slab_step(struct explain *e, struct verdict *v, const char *name,
			  const struct slab_cache *c, bool partial)
{
	struct step *s = verdict_step(e, v, "slab", partial ? "pass" : c->free_known ? "fail" : "maybe", -1,
				      NULL);

	step_text(s, "cache", name);
	if (c->object_size)
		step_number(s, "object_size_bytes", (int64_t)c->object_size);
	if (c->free_known)
		step_number(s, "free_objects", (int64_t)c->free_objects);
	step_number(s, "preferred_order", c->preferred_order);
	step_number(s, "min_order", c->min_order);
	if (c->copies > 1)
		step_number(s, "caches_like_it", c->copies);
	step_rule(s, "mm/slub.c:___slab_alloc, allocate_slab");
	if (partial)
		step_note(e, s, "%" PRIu64 " free object%s on partial lists: no pages needed",
			  c->free_objects, plural(c->free_objects));
	else if (c->free_known)
		step_note(e, s, "no free object seen; per-CPU lists may hold some, else a new slab");
	else
		step_note(e, s, "slabinfo was not readable: free objects unknown");
}

/*
 * Objects on per-CPU lists count as used, so a cache that shows none may still
 * have some; what share of requests they serve is measured, not derived.
 */
static double with_hidden_objects(const struct slab_cache *c, double p)
{
	double hidden = c->copies > 1 ? 0.5 : 0.75;

	if (c->info && c->info->objects == 0)
		hidden = 0;
	return p > 0.9 ? p : p + (1 - p) * hidden;
}

static void object_of_cache(struct explain *e, const struct request *r, struct verdict *v,
			    const char *name, const struct slab_cache *c)
{
	struct slab_outcome so = { 0 };
	uint32_t gfp = new_slab_flags(r->gfp.flags, c);
	bool bound = r->node >= 0 && e->mm->n_nodes > 1;

	so.from_partial = c->free_known && c->free_objects > 0 && c->copies <= 1 && !bound;
	add_slab_step(e, v, name, c, so.from_partial);
	v->bytes_used = c->object_size;
	if (so.from_partial) {
		v->probability = 0.995;
		v->mechanism = MECHANISM_SLAB_PARTIAL;
		v->at_once = true;
		v->summary = arena_printf(&e->arena,
					  "%s would succeed: %" PRIu64 " free object%s on partial slabs, no pages needed",
					  name, c->free_objects, plural(c->free_objects));
		return;
	}
	new_slab(e, r, v, c, gfp, &so);
	verdict_from_pages(v, &so.pages);
	v->mechanism = MECHANISM_SLAB_NEW;
	/* Where no zone may give it a slab none lies there: a DMA cache on a node without such a zone. */
	v->probability = so.pages.zone || !e->mm->n_zones ? with_hidden_objects(c, so.probability) : 0;
	v->summary = arena_printf(&e->arena, "%s %s: a new slab of order %u %s: %s", name,
				  verdict_phrase(v->probability), so.order,
				  verdict_phrase(so.pages.probability), page_clause(e, &so.pages));
}

static void large_kmalloc(struct explain *e, const struct request *r, struct verdict *v, uint64_t size)
{
	unsigned int order = get_order(size, e->mm->page_size);
	struct page_request pr = page_request_of(r, order, kmalloc_fix_flags(r->gfp.flags) | GF_COMP);
	struct page_outcome o;
	struct step *s = verdict_step(e, v, "kmalloc_large", "pass", -1, NULL);

	step_number(s, "size_bytes", (int64_t)size);
	step_number(s, "max_cache_size_bytes", (int64_t)kmalloc_max_cache_size(e->mm));
	step_number(s, "order", order);
	step_rule(s, "mm/slab_common.c:kmalloc_large, __kmalloc_large_node");
	step_note(e, s, "larger than any kmalloc cache: one block of order %u from the page allocator",
		  order);
	page_alloc(e, &pr, &o, v);
	verdict_from_pages(v, &o);
	if (o.cause == CAUSE_ORDER_TOO_BIG)
		v->cause = CAUSE_SIZE_LIMIT;
	v->bytes_used = sat_shl(e->mm->page_size, order);
	v->summary = arena_printf(&e->arena, "kmalloc of order %u %s: %s", order,
				  verdict_phrase(o.probability), page_clause(e, &o));
}

static void waste_note(struct explain *e, const struct request *r, struct verdict *v)
{
	uint64_t size = request_bytes(e, r);

	if (v->bytes_used > size && v->bytes_used - size > size / 4 && size >= 64)
		v->tradeoff = arena_printf(&e->arena,
					   "kmalloc rounds %" PRIu64 " byte%s up to %" PRIu64 " (%" PRIu64 " %% unused)",
					   size, plural(size), v->bytes_used,
					   (v->bytes_used - size) * 100 / v->bytes_used);
}

void explain_kmalloc(struct explain *e, const struct request *r, struct verdict *v)
{
	uint64_t size = request_bytes(e, r);
	struct slab_cache c;
	uint64_t object;
	char name[64];

	if (size == 0) {
		v->probability = 1;
		v->mechanism = MECHANISM_SLAB_PARTIAL;
		v->at_once = true;
		v->summary = "a size of 0 gives ZERO_SIZE_PTR and takes no memory";
		return;
	}
	if (size > kmalloc_max_cache_size(e->mm)) {
		large_kmalloc(e, r, v, size);
		waste_note(e, r, v);
		return;
	}
	object = kmalloc_object_size(e->mm, size);
	kmalloc_cache_name(e->mm, object, r->gfp.flags, name);
	slab_cache_find(e->mm, name, object, &c);
	object_of_cache(e, r, v, arena_strdup(&e->arena, name), &c);
	v->bytes_used = object;
	waste_note(e, r, v);
}

void explain_kmem_cache(struct explain *e, const struct request *r, struct verdict *v)
{
	uint64_t size = r->size.known ? r->size.v : 0;
	struct slab_cache c;

	if (!slab_cache_find(e->mm, r->cache, size, &c) && !size) {
		struct step *s = verdict_step(e, v, "slab", "maybe", -1, NULL);
		bool listed = e->mm->snap->has_slab;
		struct page_request pr = page_request_of(r, 0, r->gfp.flags);
		struct page_outcome o;

		step_text(s, "cache", r->cache);
		step_text(s, "known", "no");
		step_note(e, s, "the cache is not known: taken as one whose slabs need order 0");
		/* Most caches have a minimum order of 0. */
		page_alloc(e, &pr, &o, v);
		verdict_from_pages(v, &o);
		v->mechanism = MECHANISM_SLAB_NEW;
		if (verdict_of(v->probability) == SUCCEEDS)
			v->probability = 0.97;
		v->summary = arena_printf(
			&e->arena, "cache %s is %s; taken as one whose slabs need order 0: %s", r->cache,
			listed ? "not in slabinfo (merged into another, or no such cache)"
			       : "unknown, slabinfo was not readable",
			page_clause(e, &o));
		v->missing = listed ? NULL : "slabinfo";
		return;
	}
	object_of_cache(e, r, v, r->cache, &c);
}
