// SPDX-License-Identifier: GPL-2.0-or-later
/* From a need to an API. */
#include "model/advise.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct advisor {
	struct explain *e;
	const struct need *n;
	struct advice *a;
	const char *gfp;
	uint32_t flags;
};

static const char *const contexts[] = { "process", "atomic", "nofs", "noio" };

bool need_context_from_name(const char *name, enum need_context *c)
{
	for (size_t i = 0; i < ARRAY_SIZE(contexts); i++) {
		if (strcmp(name, contexts[i]) == 0) {
			*c = (enum need_context)i;
			return true;
		}
	}
	return false;
}

const char *need_context_name(enum need_context c)
{
	return contexts[c];
}

static void set_flags(struct advisor *w)
{
	static const char *const names[] = { "GFP_KERNEL", "GFP_ATOMIC", "GFP_NOFS", "GFP_NOIO" };

	w->gfp = names[w->n->context];
	w->flags = GF_KERNEL;
	gfp_composite(&w->e->mm->rules, slice_of(w->gfp), &w->flags);
}

static double ask(struct advisor *w, enum api api, uint64_t bytes, const char *cache)
{
	struct request r = request_of(api);
	struct verdict v;
	const char *why;

	r.size = opt_u64(bytes);
	if (api_argument(api) == ARG_ORDER)
		r.order = (int)get_order(bytes, w->e->mm->page_size);
	r.gfp.flags = w->flags | GF_NOWARN;
	r.gfp_given = true;
	r.cache = cache;
	r.dma_mask = w->n->dma_mask;
	if (request_check(&r, &why) || explain_request(w->e, &r, &v))
		return 0;
	return v.probability;
}

static void add(struct advisor *w, bool fits, double p, const char *api, const char *code,
		const char *release, const char *why)
{
	if (w->a->n_options == ADVICE_MAX || !code)
		return;
	w->a->options[w->a->n_options++] = (struct advice_option){
		.api = api,
		.code = code,
		.check = "if (!p) return -ENOMEM;",
		.release = release,
		.why = why,
		.probability = p,
		.fits = fits,
	};
}

static void avoid(struct advisor *w, const char *what)
{
	if (w->a->n_avoid < ARRAY_SIZE(w->a->avoid))
		w->a->avoid[w->a->n_avoid++] = what;
}

/* Many equal objects: a cache of their own, unless they are few. */
static void for_objects(struct advisor *w)
{
	const struct need *n = w->n;
	const char *flags = n->hot ? "SLAB_HWCACHE_ALIGN" : "0";
	double p = ask(w, API_KMALLOC, n->bytes, NULL);

	add(w, true, p, "kmem_cache_alloc",
	    arena_printf(&w->a->arena,
			 "cache = kmem_cache_create(\"my_objects\", %" PRIu64 ", %" PRIu64 ", %s, %s);\n"
			 "p = %s(cache, %s);",
			 n->bytes, n->align, flags, n->constructor ? "my_ctor" : "NULL",
			 n->zeroed ? "kmem_cache_zalloc" : "kmem_cache_alloc", w->gfp),
	    "kmem_cache_free(cache, p); kmem_cache_destroy(cache) at the end",
	    "equal objects packed without kmalloc's rounding, counted under a name in slabinfo, and a leak shows");
	add(w, true, p, n->zeroed ? "kzalloc" : "kmalloc",
	    arena_printf(&w->a->arena, "p = %s(%" PRIu64 ", %s);", n->zeroed ? "kzalloc" : "kmalloc",
			 n->bytes, w->gfp),
	    "kfree(p)", "simpler; shares a cache with every other object of that size");
	avoid(w, "SLAB_PANIC or __GFP_NOFAIL to get around the check: it hangs or kills the machine instead");
	if (n->bytes < w->e->mm->page_size)
		avoid(w, "one large kmalloc for all objects: it needs contiguous pages that the objects do not");
	if (n->context == CONTEXT_ATOMIC)
		w->a->fallback = "mempool_create_slab_pool(min_nr, cache): a reserve for when atomic allocation fails";
}

static void for_dma(struct advisor *w)
{
	const struct need *n = w->n;
	double p = ask(w, API_DMA_ALLOC_COHERENT, n->bytes, NULL);

	add(w, true, p, "dma_alloc_coherent",
	    arena_printf(&w->a->arena,
			 "dma_set_mask_and_coherent(dev, DMA_BIT_MASK(%d));\n"
			 "p = dma_alloc_coherent(dev, %" PRIu64 ", &dma, %s);",
			 n->dma_mask, n->bytes, w->gfp),
	    arena_printf(&w->a->arena, "dma_free_coherent(dev, %" PRIu64 ", p, dma)", n->bytes),
	    "memory that device and CPU see alike, below the device's mask; already zeroed");
	if (!n->contiguous_given || !n->contiguous)
		add(w, true, ask(w, API_ALLOC_PAGES, w->e->mm->page_size, NULL), "scatter-gather",
		    arena_printf(&w->a->arena,
				 "sg_alloc_table(&sgt, %" PRIu64 ", %s);  /* alloc_page() for each */\n"
				 "dma_map_sgtable(dev, &sgt, DMA_BIDIRECTIONAL, 0);",
				 n->bytes / w->e->mm->page_size + 1, w->gfp),
		    "dma_unmap_sgtable(), __free_page() for each, sg_free_table()",
		    "single pages: no contiguous block needed, if the device takes a list");
	avoid(w, "GFP_DMA with kmalloc for a device's sake: the DMA API knows masks, bounce buffers and IOMMUs");
	avoid(w, "vmalloc memory for DMA: its pages are scattered and virt_to_phys() lies");
	w->a->fallback = "reserve at boot (cma=) or allocate in probe, when blocks are still there";
}

static void contiguous(struct advisor *w)
{
	const struct need *n = w->n;
	uint64_t page = w->e->mm->page_size;
	unsigned int order = get_order(n->bytes, page);
	const char *kmalloc = n->zeroed ? "kzalloc" : "kmalloc";

	if (!n->user_mapped)
		add(w, true, ask(w, API_KMALLOC, n->bytes, NULL), kmalloc,
		    arena_printf(&w->a->arena, "p = %s(%" PRIu64 ", %s);", kmalloc, n->bytes, w->gfp),
		    "kfree(p)",
		    n->bytes <= 2 * page ? "small: an object of a slab cache, physically contiguous"
					 : "physically contiguous; above two pages a whole block of pages");
	if (n->bytes >= page)
		add(w, true, ask(w, API_ALLOC_PAGES, n->bytes, NULL), "alloc_pages",
		    arena_printf(&w->a->arena, "page = alloc_pages(%s%s | __GFP_COMP, %u);", w->gfp,
				 n->zeroed ? " | __GFP_ZERO" : "", order),
		    arena_printf(&w->a->arena, "__free_pages(page, %u)", order),
		    "page frames in a row, aligned to their own size; can be mapped to user space");
	if (n->bytes > page && (n->bytes & (n->bytes - 1)))
		add(w, true, ask(w, API_ALLOC_PAGES_EXACT, n->bytes, NULL), "alloc_pages_exact",
		    arena_printf(&w->a->arena, "p = alloc_pages_exact(%" PRIu64 ", %s);", n->bytes, w->gfp),
		    arena_printf(&w->a->arena, "free_pages_exact(p, %" PRIu64 ")", n->bytes),
		    "gives the tail back: saves what the power of two would waste, but needs it for a moment");
	if (order > PAGE_ALLOC_COSTLY_ORDER)
		avoid(w, "contiguous memory above order 3 on a hot path: it may reclaim and compact, and fail");
}

static void scattered(struct advisor *w)
{
	const struct need *n = w->n;
	bool sleeps = n->context == CONTEXT_PROCESS;

	if (n->bytes <= w->e->mm->page_size && !n->user_mapped) {
		contiguous(w);
		return;
	}
	if (sleeps && !n->user_mapped)
		add(w, true, ask(w, API_KVMALLOC, n->bytes, NULL), n->zeroed ? "kvzalloc" : "kvmalloc",
		    arena_printf(&w->a->arena, "p = %s(%" PRIu64 ", GFP_KERNEL);",
				 n->zeroed ? "kvzalloc" : "kvmalloc", n->bytes),
		    "kvfree(p)", "contiguous when that is cheap, else single pages mapped in a row");
	if (sleeps)
		add(w, true, ask(w, API_VMALLOC, n->bytes, NULL),
		    n->user_mapped ? "vmalloc_user" : n->zeroed ? "vzalloc" : "vmalloc",
		    arena_printf(&w->a->arena, "p = %s(%" PRIu64 ");",
				 n->user_mapped ? "vmalloc_user" : n->zeroed ? "vzalloc" : "vmalloc",
				 n->bytes),
		    "vfree(p)",
		    n->user_mapped ? "zeroed, and remap_vmalloc_range() maps it to user space"
				   : "never needs a contiguous block; costs page tables and TLB entries");
	else
		avoid(w, "vmalloc or kvmalloc here: they may sleep");
	if (!sleeps)
		contiguous(w);
	else
		avoid(w, "kmalloc above two pages when contiguity is not needed: it fails by fragmentation");
}

static int best_first(const void *a, const void *b)
{
	const struct advice_option *x = a, *y = b;

	/* Practice orders them; only a clear difference in this state turns that. */
	if (x->probability > y->probability + 0.15)
		return -1;
	return y->probability > x->probability + 0.15;
}

/* Insertion sort: stable, and the comparison is not transitive enough for qsort. */
static void sort_options(struct advice *a)
{
	for (size_t i = 1; i < a->n_options; i++) {
		for (size_t k = i; k > 0 && best_first(&a->options[k], &a->options[k - 1]) < 0; k--) {
			struct advice_option t = a->options[k];

			a->options[k] = a->options[k - 1];
			a->options[k - 1] = t;
		}
	}
}

int advise(struct explain *e, const struct need *n, struct advice *out)
{
	struct advisor w = { e, n, out, NULL, 0 };

	memset(out, 0, sizeof(*out));
	set_flags(&w);
	if (n->dma_mask)
		for_dma(&w);
	else if (n->objects > 1)
		for_objects(&w);
	else if (n->contiguous_given && n->contiguous)
		contiguous(&w);
	else
		scattered(&w);
	if (n->context == CONTEXT_ATOMIC)
		avoid(&w, "GFP_KERNEL in atomic context: it may sleep under a lock");
	if (n->context == CONTEXT_NOFS || n->context == CONTEXT_NOIO)
		avoid(&w, "spelling GFP_NOFS everywhere: memalloc_nofs_save() marks the whole section");
	sort_options(out);
	if (!out->fallback && out->n_options > 1)
		out->fallback = arena_printf(&out->arena, "%s: %s", out->options[1].api, out->options[1].why);
	return out->n_options ? 0 : -ENOMEM;
}

void advice_done(struct advice *a)
{
	arena_done(&a->arena);
}
