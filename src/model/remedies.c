// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What would change the verdict: the same request on a changed state, or a
 * changed request on the same state, each asked of the model itself.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "model/remedies.h"
#include "model/whatif.h"

#define REMEDIES_MAX 12
#define REMEDIES_KEPT 5 /* more than a handful nobody tries */
#define WORTH 0.1 /* a remedy gains at least this much */
/* A changed state is foretold, not seen: what compaction finds pinned, what of the cache is dirty. */
#define FORETOLD 0.9

/* A verdict's probability for another request on the same state. */
double remedy_ask(struct search *s, const struct request *r)
{
	struct verdict v;
	const char *why;

	if (request_check(r, &why) || explain_request(&s->inner, r, &v))
		return 0;
	return v.probability;
}

void remedy_add(struct search *s, double p, bool author, const char *action, const char *command)
{
	struct verdict *v = s->v;

	if (v->n_remedies == REMEDIES_MAX || !action || p < v->probability + WORTH)
		return;
	v->remedies[v->n_remedies++] =
		(struct remedy){ .action = action, .command = command, .for_author = author, .probability = p };
}

void remedy_add_boot(struct search *s, const char *action, const char *parameter)
{
	size_t before = s->v->n_remedies;

	remedy_add(s, RESERVED, false, action,
		   parameter ? arena_printf(&s->e->arena, "%s on the kernel command line", parameter) : NULL);
	if (s->v->n_remedies > before)
		s->v->remedies[before].at_boot = true;
}

bool remedy_contiguous(const struct request *r)
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

uint64_t remedy_bytes(const struct search *s)
{
	if (s->r->size.known)
		return s->r->size.v;
	return s->r->order >= 0 ? sat_shl(s->e->mm->page_size, (unsigned int)s->r->order)
				: s->e->mm->page_size;
}

/* What the code around a GFP_NOFS or GFP_NOIO request must keep out of: the scope that marks it. */
static const char *scope_of(const struct search *s)
{
	const struct mm_rules *rules = &s->e->mm->rules;
	uint32_t gfp = s->r->gfp.flags;

	if (!(gfp & GF_IO))
		return rules->noio_scope && rules->noio_scope_keeps_fs_out ? "noio" : NULL;
	if (gfp & GF_FS)
		return "";
	if (rules->nofs_scope)
		return "nofs";
	return rules->noio_scope_keeps_fs_out ? "noio" : NULL;
}

/* The call for @bytes that maps single pages in a row, in its scope. */
static const char *scattered_call(struct search *s, const char *scope, uint64_t bytes)
{
	bool kv = s->e->mm->rules.kvmalloc != KVMALLOC_NONE;
	struct arena *a = &s->e->arena;
	const char *call;

	if (kv && s->r->node >= 0)
		call = arena_printf(a, "p = kvmalloc_node(%" PRIu64 ", GFP_KERNEL, %d);", bytes, s->r->node);
	else if (kv)
		call = arena_printf(a, "p = kvmalloc(%" PRIu64 ", GFP_KERNEL);", bytes);
	else
		call = arena_printf(a, "p = vmalloc(%" PRIu64 ");", bytes);
	if (call && *scope)
		call = arena_printf(a, "flags = memalloc_%s_save(); %s memalloc_%s_restore(flags);", scope, call, scope);
	return call ? arena_printf(a, "%s  /* %s(p) */", call, kv ? "kvfree" : "vfree") : NULL;
}

/* Mapped pages in place of a block: for the kernel's own data, that no device and no user page needs in a row. */
static void try_other_apis(struct search *s)
{
	const uint32_t placed = GF_DMA | GF_DMA32 | GF_HIGHMEM | GF_MOVABLE | GF_THISNODE;
	bool kv = s->e->mm->rules.kvmalloc != KVMALLOC_NONE;
	struct request r = request_of(kv ? API_KVMALLOC : API_VMALLOC);
	uint64_t bytes = remedy_bytes(s);
	const char *scope = scope_of(s);

	if (!remedy_contiguous(s->r) || s->r->api == API_DMA_ALLOC_COHERENT || s->r->api == API_HUGETLB ||
	    s->r->api == API_THP || s->r->api == API_ALLOC_SKB || s->r->api == API_FOLIO_ALLOC)
		return;
	if (s->r->gfp.flags & placed || !(s->r->gfp.flags & GF_DIRECT_RECLAIM) || !scope ||
	    bytes <= s->e->mm->page_size)
		return;
	r.size = opt_u64(bytes);
	r.node = s->r->node;
	r.local_node = s->r->local_node;
	r.gfp.flags |= s->r->gfp.flags & GF_ACCOUNT;
	remedy_add(s, remedy_ask(s, &r), true,
		   kv ? "use kvmalloc: it falls back to single pages mapped together"
		      : "use vmalloc: single pages mapped together",
		   scattered_call(s, scope, bytes));
}

static void try_flags(struct search *s)
{
	struct request r = *s->r;

	if (!(r.gfp.flags & GF_DIRECT_RECLAIM)) {
		r.gfp.flags = (r.gfp.flags & ~(uint32_t)(GF_HIGH | GF_ATOMIC)) | GF_KERNEL;
		remedy_add(s, remedy_ask(s, &r), true, "allocate where the caller may sleep, so that the kernel can reclaim and compact",
		    "GFP_KERNEL in process context, before the lock is taken or the interrupt comes");
		r = *s->r;
		/* It would go over a cgroup's limit too, but that is no way to treat one. */
		if (!(r.gfp.flags & GF_HIGH) && s->v->cause != CAUSE_MEMCG_LIMIT) {
			r.gfp.flags |= GF_HIGH | (s->e->mm->rules.gfp_atomic ? (uint32_t)GF_ATOMIC : 0);
			remedy_add(s, remedy_ask(s, &r), true, "use GFP_ATOMIC: it may go below the min watermark",
			    "GFP_ATOMIC");
		}
		return;
	}
	if (r.gfp.flags & GF_NORETRY) {
		r.gfp.flags &= ~(uint32_t)GF_NORETRY;
		remedy_add(s, remedy_ask(s, &r), true, "let the kernel try longer", "drop __GFP_NORETRY");
	}
	r = *s->r;
	if (!(r.gfp.flags & (GF_RETRY_MAYFAIL | GF_NOFAIL))) {
		r.gfp.flags = (r.gfp.flags & ~(uint32_t)GF_NORETRY) | GF_RETRY_MAYFAIL;
		remedy_add(s, remedy_ask(s, &r), true, "let the kernel retry reclaim and compaction",
		    arena_printf(&s->e->arena, "gfp | %s",
				 gfp_bit_name(&s->e->mm->rules, GFP_BIT_RETRY_MAYFAIL)));
	}
	r = *s->r;
	if (r.gfp.flags & (GF_DMA | GF_DMA32)) {
		r.gfp.flags &= ~(uint32_t)(GF_DMA | GF_DMA32);
		remedy_add(s, remedy_ask(s, &r), true, "allow any zone, if the device can reach it",
		    "drop __GFP_DMA / __GFP_DMA32; set the device's real DMA mask");
	}
}

static void try_places(struct search *s)
{
	struct request r = *s->r;

	if (r.dma_mask && r.dma_mask < 64) {
		r.dma_mask = 64;
		remedy_add(s, remedy_ask(s, &r), true, "set the widest DMA mask that the device really has",
		    "dma_set_mask_and_coherent(dev, DMA_BIT_MASK(64))");
		r = *s->r;
	}
	if (s->e->mm->n_nodes > 1 && r.gfp.flags & GF_THISNODE) {
		r.gfp.flags &= ~(uint32_t)GF_THISNODE;
		remedy_add(s, remedy_ask(s, &r), true, "let other nodes serve it", "drop __GFP_THISNODE");
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
			remedy_add(s, v.probability * FORETOLD, false, action, command);
		explain_done(&e);
	}
	arena_done(&mm.arena);
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
	remedy_pieces(&s);
	try_flags(&s);
	try_places(&s);
	if (e->mm->compaction)
		try_state(&s, WHAT_IF_COMPACT, "compact memory now", "echo 1 > /proc/sys/vm/compact_memory");
	try_state(&s, WHAT_IF_DROP_CACHES, "drop clean caches now (costs re-reads)",
		  "sync; echo 3 > /proc/sys/vm/drop_caches");
	try_state(&s, WHAT_IF_MIN_FREE, "keep more memory free (vm.watermark_scale_factor does so too)",
		  min_free_command(&s));
	remedy_reservations(&s);
	remedy_limits(&s);
	explain_done(&s.inner);
	qsort(v->remedies, v->n_remedies, sizeof(*v->remedies), best_first);
	if (v->n_remedies > REMEDIES_KEPT)
		v->n_remedies = REMEDIES_KEPT;
}
