// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What would change the verdict: the same request on a changed state, or a
 * changed request on the same state, each asked of the model itself.
 */
#include <stdlib.h>
#include <string.h>

#include "kernel/memcg.h"
#include "model/explain.h"
#include "model/whatif.h"

#define REMEDIES_MAX 12
#define REMEDIES_KEPT 5 /* more than a handful nobody tries */
#define WORTH 0.1 /* a remedy gains at least this much */
/* A changed state is foretold, not seen: what compaction finds pinned, what of the cache is dirty. */
#define FORETOLD 0.9

struct search {
	struct explain *e;
	const struct request *r;
	struct verdict *v;
	struct explain inner; /* asks without disturbing the outer arena */
};

/* A verdict's probability for another request on the same state. */
static double ask(struct search *s, const struct request *r)
{
	struct verdict v;
	const char *why;

	if (request_check(r, &why) || explain_request(&s->inner, r, &v))
		return 0;
	return v.probability;
}

static void add(struct search *s, double p, bool author, const char *action, const char *command)
{
	struct verdict *v = s->v;

	if (v->n_remedies == REMEDIES_MAX || !action || p < v->probability + WORTH)
		return;
	v->remedies[v->n_remedies++] =
		(struct remedy){ .action = action, .command = command, .for_author = author, .probability = p };
}

static bool is_contiguous(const struct request *r)
{
	switch (r->api) {
	case API_VMALLOC:
	case API_VZALLOC:
	case API_KVMALLOC:
	case API_KVZALLOC:
	case API_ALLOC_PERCPU:
	case API_KMEM_CACHE_ALLOC:
	case API_CMA_ALLOC:
		return false;
	default:
		return true;
	}
}

static uint64_t bytes_of(const struct search *s)
{
	if (s->r->size.known)
		return s->r->size.v;
	return s->r->order >= 0 ? sat_shl(s->e->mm->page_size, (unsigned int)s->r->order)
				: s->e->mm->page_size;
}

static void try_other_apis(struct search *s)
{
	struct request r = request_of(API_KVMALLOC);
	uint64_t bytes = bytes_of(s);

	if (!is_contiguous(s->r) || s->r->api == API_DMA_ALLOC_COHERENT || s->r->api == API_HUGETLB ||
	    s->r->api == API_THP || s->r->api == API_ALLOC_SKB)
		return;
	r.size = opt_u64(bytes);
	r.gfp.flags |= s->r->gfp.flags & GF_ACCOUNT;
	if (s->r->gfp.flags & GF_DIRECT_RECLAIM && bytes > s->e->mm->page_size)
		add(s, ask(s, &r), true, "use kvmalloc: it falls back to single pages mapped together",
		    arena_printf(&s->e->arena, "p = kvmalloc(%llu, GFP_KERNEL);  /* kvfree(p) */",
				 (unsigned long long)bytes));
}

/* The largest smaller order that would do: for scatter-gather. */
static void try_smaller_order(struct search *s)
{
	struct request r = *s->r, whole = request_of(API_VMALLOC);
	unsigned int order = get_order(bytes_of(s), s->e->mm->page_size);
	double all;

	if (!is_contiguous(s->r) || s->r->api == API_HUGETLB || s->r->api == API_THP)
		return;
	if (order > s->e->mm->max_order + 1)
		order = s->e->mm->max_order + 1;
	while (order-- > 0) {
		double p;

		if (r.size.known)
			r.size = opt_u64(sat_shl(s->e->mm->page_size, order));
		else
			r.order = (int)order;
		p = ask(s, &r);
		if (verdict_of(p) < SUCCEEDS)
			continue;
		/* All the pieces together take what a vmalloc takes. */
		whole.size = opt_u64(bytes_of(s));
		whole.gfp.flags = s->r->gfp.flags;
		all = ask(s, &whole);
		add(s, all < p ? all : p, true,
		    arena_printf(&s->e->arena,
				 "ask for blocks of order %u and join them by scatter-gather", order),
		    arena_printf(&s->e->arena, "sg_alloc_table(); alloc_pages(%s, %u) a piece",
				 s->r->gfp.flags & GF_DIRECT_RECLAIM ? "gfp | __GFP_NOWARN" : "gfp", order));
		return;
	}
}

static void try_flags(struct search *s)
{
	struct request r = *s->r;

	if (!(r.gfp.flags & GF_DIRECT_RECLAIM)) {
		r.gfp.flags = (r.gfp.flags & ~(uint32_t)(GF_HIGH | GF_ATOMIC)) | GF_KERNEL;
		add(s, ask(s, &r), true, "allocate where the caller may sleep, so that the kernel can reclaim and compact",
		    "GFP_KERNEL in process context, before the lock is taken or the interrupt comes");
		r = *s->r;
		/* It would go over a cgroup's limit too, but that is no way to treat one. */
		if (!(r.gfp.flags & GF_HIGH) && s->v->cause != CAUSE_MEMCG_LIMIT) {
			r.gfp.flags |= GF_HIGH | (s->e->mm->rules.gfp_atomic ? (uint32_t)GF_ATOMIC : 0);
			add(s, ask(s, &r), true, "use GFP_ATOMIC: it may go below the min watermark",
			    "GFP_ATOMIC");
		}
		return;
	}
	if (r.gfp.flags & GF_NORETRY) {
		r.gfp.flags &= ~(uint32_t)GF_NORETRY;
		add(s, ask(s, &r), true, "let the kernel try longer", "drop __GFP_NORETRY");
	}
	r = *s->r;
	if (!(r.gfp.flags & (GF_RETRY_MAYFAIL | GF_NOFAIL))) {
		r.gfp.flags = (r.gfp.flags & ~(uint32_t)GF_NORETRY) | GF_RETRY_MAYFAIL;
		add(s, ask(s, &r), true, "let the kernel retry reclaim and compaction",
		    "gfp | __GFP_RETRY_MAYFAIL");
	}
	r = *s->r;
	if (r.gfp.flags & (GF_DMA | GF_DMA32)) {
		r.gfp.flags &= ~(uint32_t)(GF_DMA | GF_DMA32);
		add(s, ask(s, &r), true, "allow any zone, if the device can reach it",
		    "drop __GFP_DMA / __GFP_DMA32; set the device's real DMA mask");
	}
}

static void try_places(struct search *s)
{
	struct request r = *s->r;

	if (r.dma_mask && r.dma_mask < 64) {
		r.dma_mask = 64;
		add(s, ask(s, &r), true, "set the widest DMA mask that the device really has",
		    "dma_set_mask_and_coherent(dev, DMA_BIT_MASK(64))");
		r = *s->r;
	}
	if (s->e->mm->n_nodes > 1 && r.gfp.flags & GF_THISNODE) {
		r.gfp.flags &= ~(uint32_t)GF_THISNODE;
		add(s, ask(s, &r), true, "let other nodes serve it", "drop __GFP_THISNODE");
	}
}

static void try_state(struct search *s, enum what_if w, const char *action, const char *command)
{
	struct mm mm;
	struct explain e;
	struct verdict v;

	if (mm_copy(&mm, s->e->mm) == 0) {
		what_if_apply(&mm, w);
		if (explain_init(&e, &mm) == 0 && explain_request(&e, s->r, &v) == 0)
			add(s, v.probability * FORETOLD, false, action, command);
		explain_done(&e);
	}
	arena_done(&mm.arena);
}

/* What is set up at boot or at start. No asking tells how it goes: it is what they are for. */
#define RESERVED 0.9

static void try_reservations(struct search *s)
{
	const struct mm *mm = s->e->mm;
	uint64_t bytes = bytes_of(s), all = sat_mul(mm->total_pages, mm->page_size);
	unsigned int order = get_order(bytes, mm->page_size);

	if (s->r->api == API_CMA_ALLOC && s->v->cause == CAUSE_UNSUPPORTED && bytes < all / 4)
		add(s, RESERVED, false, "reserve a CMA area at boot", "cma=64M on the kernel command line");
	if (!is_contiguous(s->r) || s->r->api == API_THP || bytes <= mm->page_size || bytes > all / 4 ||
	    s->v->cause == CAUSE_UNSUPPORTED || s->v->cause == CAUSE_MEMCG_LIMIT)
		return;
	if (s->r->api == API_DMA_ALLOC_COHERENT)
		add(s, RESERVED, false, "reserve a CMA area at boot: coherent buffers come from it first",
		    "cma=64M on the kernel command line");
	else if (s->r->api == API_HUGETLB)
		add(s, RESERVED, false, "reserve huge pages at boot, before memory fragments",
		    "hugepages=N on the kernel command line");
	else if (order <= mm->max_order)
		add(s, RESERVED, true, "allocate once at start and keep it in a pool",
		    "mempool_create() in probe, mempool_alloc() later");
}

/* Limits and switches that somebody set. */
static void try_limits(struct search *s)
{
	struct request r = *s->r;

	if (s->v->cause == CAUSE_MEMCG_LIMIT) {
		struct memcg_room room = memcg_room(s->e->mm);

		r.gfp.flags &= ~(uint32_t)GF_ACCOUNT;
		add(s, ask(s, &r), false, "raise the limit of the memory cgroup",
		    arena_printf(&s->e->arena, "echo %llu > /sys/fs/%s",
				 (unsigned long long)sat_add(sat_mul(room.limit_bytes, 2), bytes_of(s)),
				 room.level ? room.level : "cgroup/memory.max"));
	}
	if (s->v->cause == CAUSE_VMALLOC_SPACE)
		add(s, RESERVED, false, "give vmalloc more address space (32 bits)",
		    "vmalloc=256M on the kernel command line");
	if (s->r->api == API_THP && s->v->cause == CAUSE_UNSUPPORTED) {
		r.gfp_given = true;
		add(s, ask(s, &r), false, "allow transparent huge pages to mappings that ask for them",
		    "echo madvise > /sys/kernel/mm/transparent_hugepage/enabled");
	}
}

static const char *min_free_command(struct search *s)
{
	struct opt_u64 kb = sysctl_u64(&s->e->mm->snap->sysctl, "min_free_kbytes");

	if (!kb.known)
		return "sysctl -w vm.min_free_kbytes=TWICE_ITS_VALUE";
	return arena_printf(&s->e->arena, "sysctl -w vm.min_free_kbytes=%llu",
			    (unsigned long long)sat_mul(kb.v, 2));
}

static int best_first(const void *a, const void *b)
{
	const struct remedy *x = a, *y = b;

	if (x->probability > y->probability)
		return -1;
	return x->probability < y->probability;
}

void explain_remedies(struct explain *e, const struct request *r, struct verdict *v)
{
	struct search s = { .e = e, .r = r, .v = v };

	v->remedies = arena_array(&e->arena, REMEDIES_MAX, sizeof(*v->remedies));
	if (!v->remedies || explain_init(&s.inner, e->mm)) {
		v->remedies = NULL;
		return;
	}
	try_other_apis(&s);
	try_smaller_order(&s);
	try_flags(&s);
	try_places(&s);
	try_state(&s, WHAT_IF_COMPACT, "compact memory now", "echo 1 > /proc/sys/vm/compact_memory");
	try_state(&s, WHAT_IF_DROP_CACHES, "drop clean caches now (costs re-reads)",
		  "sync; echo 3 > /proc/sys/vm/drop_caches");
	try_state(&s, WHAT_IF_MIN_FREE, "keep more memory free (vm.watermark_scale_factor does so too)",
		  min_free_command(&s));
	try_reservations(&s);
	try_limits(&s);
	explain_done(&s.inner);
	qsort(v->remedies, v->n_remedies, sizeof(*v->remedies), best_first);
	if (v->n_remedies > REMEDIES_KEPT)
		v->n_remedies = REMEDIES_KEPT;
}
