// SPDX-License-Identifier: GPL-2.0-or-later
/* From a need to an API. */
#include "model/advise.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/cma.h"
#include "kernel/dma.h"
#include "kernel/slab.h"
#include "kernel/vmalloc.h"
#include "model/api.h"

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

/* One page with @gfp. */
static double ask_pages(struct advisor *w, uint32_t gfp)
{
	struct request r = request_of(API_ALLOC_PAGES);
	struct verdict v;

	r.order = 0;
	r.gfp.flags = gfp | GF_NOWARN;
	r.gfp_given = true;
	return explain_request(w->e, &r, &v) ? 0 : v.probability;
}

static void add(struct advisor *w, double p, const char *api, const char *code, const char *check,
		const char *release, const char *why)
{
	if (w->a->n_options == ADVICE_MAX || !code || !release)
		return;
	w->a->options[w->a->n_options++] = (struct advice_option){
		.api = api,
		.code = code,
		.check = check ? check : "if (!p) return -ENOMEM;",
		.release = release,
		.why = why,
		.probability = p,
	};
}

static void avoid(struct advisor *w, const char *what)
{
	if (w->a->n_avoid < ARRAY_SIZE(w->a->avoid))
		w->a->avoid[w->a->n_avoid++] = what;
}

#define TEXT(w, ...) arena_printf(&(w)->a->arena, __VA_ARGS__)

#define KMALLOC_MINALIGN 8 /* ARCH_KMALLOC_MINALIGN where nothing asks for more */

/*
 * What to ask kmalloc for, so that it comes aligned as wanted: a power of two is aligned to itself (since 5.4 by
 * promise, before unless debugged), above the caches all are pages, anything else is aligned to a word.
 */
static uint64_t aligned_bytes(const struct advisor *w)
{
	const struct mm *mm = w->e->mm;
	uint64_t bytes = w->n->bytes, two = w->n->align;

	if (two <= KMALLOC_MINALIGN || (bytes > kmalloc_max_cache_size(mm) && two <= mm->page_size))
		return bytes;
	while (two < bytes && two <= UINT64_MAX / 2)
		two *= 2;
	return two;
}

/* mm/slab_common.c:slab_unmergeable: a cache is its own if it has a constructor, or none is merged. */
static const char *cache_praise(const struct advisor *w)
{
	if (w->n->constructor || slab_nomerge(w->e->mm))
		return "equal objects packed without kmalloc's rounding, counted under its name in slabinfo, and a leak shows";
	return "equal objects packed without kmalloc's rounding; the kernel may merge it with a cache alike, and then "
	       "slabinfo counts both under one name (slab_nomerge on the kernel command line keeps them apart)";
}

/* Many equal objects: a cache of their own, unless they are few. */
static void for_objects(struct advisor *w)
{
	const struct need *n = w->n;
	const char *flags = n->hot ? "SLAB_HWCACHE_ALIGN" : "0";
	uint64_t bytes = aligned_bytes(w);
	double p = ask(w, API_KMALLOC, bytes, NULL);

	add(w, p, "kmem_cache_alloc",
	    TEXT(w,
		 "/* once, where it may sleep: */\n"
		 "cache = kmem_cache_create(\"my_objects\", %" PRIu64 ", %" PRIu64 ", %s, %s);\n"
		 "if (!cache) return -ENOMEM;\n"
		 "p = %s(cache, %s);",
		 n->bytes, n->align, flags, n->constructor ? "my_ctor" : "NULL",
		 n->zeroed && !n->constructor ? "kmem_cache_zalloc" : "kmem_cache_alloc", w->gfp),
	    NULL, "kmem_cache_free(cache, p); /* at the end: */ kmem_cache_destroy(cache)", cache_praise(w));
	add(w, p, n->zeroed ? "kzalloc" : "kmalloc",
	    TEXT(w, "p = %s(%" PRIu64 ", %s);", n->zeroed ? "kzalloc" : "kmalloc", bytes, w->gfp), NULL,
	    "kfree(p)",
	    n->constructor ? "simpler; shares a cache with every other object of that size, and runs no constructor"
			   : "simpler; shares a cache with every other object of that size");
	avoid(w, "SLAB_PANIC or __GFP_NOFAIL to get around the check: it hangs or kills the machine instead");
	if (n->bytes < w->e->mm->page_size)
		avoid(w, "one large kmalloc for all objects: it needs contiguous pages that the objects do not");
	if (n->zeroed && n->constructor)
		avoid(w, "kmem_cache_zalloc() on a cache with a constructor: it undoes what that made, and the kernel warns; "
			 "my_ctor() zeroes");
	if (n->context == CONTEXT_ATOMIC)
		w->a->fallback = "mempool_create_slab_pool(min_nr, cache): a reserve for when atomic allocation fails";
}

/* Many small buffers that a device reads: pages of coherent memory cut in pieces. */
static void for_dma_objects(struct advisor *w)
{
	const struct need *n = w->n;
	bool zalloc = n->zeroed && w->e->mm->rules.dma_pool_zalloc;

	add(w, ask(w, API_DMA_ALLOC_COHERENT, w->e->mm->page_size, NULL), "dma_pool_alloc",
	    TEXT(w,
		 "/* once, where it may sleep: */\n"
		 "pool = dma_pool_create(\"my_objects\", dev, %" PRIu64 ", %" PRIu64 ", 0);\n"
		 "if (!pool) return -ENOMEM;\n"
		 "p = %s(pool, %s, &dma);%s",
		 n->bytes, n->align ? n->align : 8, zalloc ? "dma_pool_zalloc" : "dma_pool_alloc", w->gfp,
		 n->zeroed && !zalloc ? TEXT(w, "\nif (p) memset(p, 0, %" PRIu64 ");", n->bytes) : ""),
	    NULL, "dma_pool_free(pool, p, dma); /* at the end: */ dma_pool_destroy(pool)",
	    "small coherent objects cut from whole pages: no page for each");
}

/*
 * Single pages that the device reaches by themselves: a page above its mask is bounced, or refused where
 * there is no swiotlb below the mask (kernel/dma/direct.h:dma_direct_map_page).
 */
static void scatter_gather(struct advisor *w, uint64_t pages)
{
	const struct need *n = w->n;
	const struct mm_rules *rules = &w->e->mm->rules;
	uint32_t gfp = w->flags;
	uint64_t reclaimable, available;
	const char *zone, *each;
	double one, all;

	if (!dma_page_flags(w->e->mm, n->dma_mask, &gfp))
		return;
	zone = gfp & GF_DMA ? " | GFP_DMA" : gfp & GF_DMA32 ? " | GFP_DMA32" : "";
	available = order0_available(w->e->mm, gfp, -1, w->e->zonelist, &reclaimable);
	all = single_pages_odds(pages, available, reclaimable, gfp);
	one = ask_pages(w, gfp);
	each = rules->sgtable_helpers ? "for_each_sgtable_sg(&sgt, sg, i)"
				      : "for_each_sg(sgt.sgl, sg, sgt.nents, i)";
	add(w, one < all ? one : all, "scatter-gather",
	    TEXT(w,
		 "if (sg_alloc_table(&sgt, %" PRIu64 ", %s)) return -ENOMEM;\n"
		 "%s\n"
		 "\tsg_set_page(sg, alloc_page(%s%s%s), PAGE_SIZE, 0);  /* check each */",
		 pages, w->gfp, each, w->gfp, zone, n->zeroed ? " | __GFP_ZERO" : ""),
	    rules->sgtable_helpers ? "if (dma_map_sgtable(dev, &sgt, DMA_BIDIRECTIONAL, 0)) return -EIO;"
				   : "if (!dma_map_sg(dev, sgt.sgl, sgt.nents, DMA_BIDIRECTIONAL)) return -EIO;",
	    rules->sgtable_helpers
		    ? "dma_unmap_sgtable(dev, &sgt, DMA_BIDIRECTIONAL, 0); sg_free_table(&sgt)"
		    : "dma_unmap_sg(dev, sgt.sgl, sgt.nents, DMA_BIDIRECTIONAL); sg_free_table(&sgt)",
	    "single pages: no contiguous block needed, if the device takes a list; __free_page() each at the end");
}

/* Without CMA and without an IOMMU it is one block of pages, and there is none so large. */
static const char *dma_too_big(struct advisor *w, const struct cma_boot *cma)
{
	if (!cma->mib)
		return TEXT(w, "no call gives more than order %u in one piece: take pieces", w->e->mm->max_order);
	return TEXT(w, "nothing gives more than order %u in one piece but a CMA area: reserve one at boot (%s)%s",
		    w->e->mm->max_order, cma_boot_option(&w->a->arena, cma),
		    w->n->context == CONTEXT_ATOMIC ? " and allocate in probe" : "");
}

static const char *dma_way_out(struct advisor *w)
{
	const struct need *n = w->n;
	enum dma_path path = dma_path(w->e->mm);
	bool remaps = path == DMA_PATH_IOMMU || path == DMA_PATH_IOMMU_CONTIGUOUS;
	struct cma_boot cma = cma_boot(w->e->mm, n->bytes, n->dma_mask);

	if (!remaps && dma_out_of_reach(w->e->mm, n->dma_mask))
		return TEXT(w, "this machine has no memory below %d bits: behind an IOMMU any will do, else the device's own",
			    n->dma_mask);
	if (!remaps && get_order(n->bytes, w->e->mm->page_size) > w->e->mm->max_order)
		return dma_too_big(w, &cma);
	if (!cma.mib || n->context == CONTEXT_ATOMIC)
		return "allocate in probe, when blocks are still there";
	return TEXT(w, "reserve at boot (%s) or allocate in probe, when blocks are still there",
		    cma_boot_option(&w->a->arena, &cma));
}

static void for_dma(struct advisor *w)
{
	const struct need *n = w->n;
	uint64_t page = w->e->mm->page_size;
	uint64_t pages = n->bytes / page + (n->bytes % page != 0);
	bool zeroes = w->e->mm->rules.dma_alloc_zeroes;

	if (n->objects > 1 && n->bytes < page)
		for_dma_objects(w);
	add(w, ask(w, API_DMA_ALLOC_COHERENT, n->bytes, NULL), "dma_alloc_coherent",
	    TEXT(w,
		 "/* in probe: */\n"
		 "if (dma_set_mask_and_coherent(dev, DMA_BIT_MASK(%d))) return -EIO;\n"
		 "p = dma_alloc_coherent(dev, %" PRIu64 ", &dma, %s%s);",
		 n->dma_mask, n->bytes, w->gfp, n->zeroed && !zeroes ? " | __GFP_ZERO" : ""),
	    NULL, TEXT(w, "dma_free_coherent(dev, %" PRIu64 ", p, dma)", n->bytes),
	    zeroes ? "memory that device and CPU see alike, below the device's mask; already zeroed"
		   : "memory that device and CPU see alike, below the device's mask");
	if ((!n->contiguous_given || !n->contiguous) && pages > 1)
		scatter_gather(w, pages);
	avoid(w, "GFP_DMA with kmalloc for a device's sake: the DMA API knows masks, bounce buffers and IOMMUs");
	avoid(w, "vmalloc memory for DMA: its pages are scattered and virt_to_phys() lies");
	if (n->user_mapped)
		avoid(w, "remap_pfn_range() on coherent memory: dma_mmap_coherent() knows how it is mapped");
	if (n->context == CONTEXT_ATOMIC)
		avoid(w, "dma_free_coherent() with interrupts off: it may have to unmap, and the kernel warns");
	w->a->fallback = dma_way_out(w);
}

static void whole_pages(struct advisor *w, uint64_t bytes, unsigned int order)
{
	const struct need *n = w->n;
	/* What user space sees must not show what was there before. */
	bool zero = n->zeroed || n->user_mapped;

	add(w, ask(w, API_ALLOC_PAGES, bytes, NULL), "alloc_pages",
	    TEXT(w, "page = alloc_pages(%s%s | __GFP_COMP, %u);", w->gfp, zero ? " | __GFP_ZERO" : "", order),
	    "if (!page) return -ENOMEM;", TEXT(w, "__free_pages(page, %u)", order),
	    n->user_mapped ? "page frames in a row; vm_insert_page() or remap_pfn_range() maps them"
			   : "page frames in a row, aligned to their own size; can be mapped to user space");
}

static void contiguous(struct advisor *w)
{
	const struct need *n = w->n;
	uint64_t page = w->e->mm->page_size, bytes = aligned_bytes(w);
	unsigned int order = get_order(bytes, page);
	const char *kmalloc = n->zeroed ? "kzalloc" : "kmalloc";

	if (!n->user_mapped)
		add(w, ask(w, API_KMALLOC, bytes, NULL), kmalloc,
		    TEXT(w, "p = %s(%" PRIu64 ", %s);", kmalloc, bytes, w->gfp), NULL, "kfree(p)",
		    bytes <= kmalloc_max_cache_size(w->e->mm)
			    ? "small: an object of a slab cache, physically contiguous"
			    : "physically contiguous; too large for a slab cache, it is a whole block of pages");
	if (bytes >= page || n->user_mapped)
		whole_pages(w, bytes, order);
	if (bytes > page && (bytes & (bytes - 1)) && !n->user_mapped)
		add(w, ask(w, API_ALLOC_PAGES_EXACT, n->bytes, NULL), "alloc_pages_exact",
		    TEXT(w, "p = alloc_pages_exact(%" PRIu64 ", %s%s);", n->bytes, w->gfp,
			 n->zeroed ? " | __GFP_ZERO" : ""),
		    NULL, TEXT(w, "free_pages_exact(p, %" PRIu64 ")", n->bytes),
		    "gives the tail back: saves what the power of two would waste, but needs it for a moment");
	if (order > w->e->mm->max_order)
		w->a->fallback = TEXT(w,
				      "no call gives more than order %u in one piece: take pieces%s",
				      w->e->mm->max_order,
				      cma_built(w->e->mm) && w->n->context != CONTEXT_ATOMIC ? ", or a CMA area reserved at boot (cma=) through "
							    "dma_alloc_coherent()" : "");
	else if (order > PAGE_ALLOC_COSTLY_ORDER)
		avoid(w, "contiguous memory above order 3 on a hot path: it may reclaim and compact, and fail");
}

/*
 * Where the filesystem or I/O must not be entered, a section is marked: then any call obeys. NULL: this kernel
 * has no mark that keeps out of what must be kept out of. "": none is needed.
 */
static const char *section(const struct advisor *w)
{
	const struct mm_rules *rules = &w->e->mm->rules;

	if (w->n->context == CONTEXT_NOFS && rules->nofs_scope)
		return "nofs";
	if (w->n->context == CONTEXT_NOFS || w->n->context == CONTEXT_NOIO)
		return rules->noio_scope_keeps_fs_out ? "noio" : NULL;
	return "";
}

static const char *in_section(struct advisor *w, const char *call)
{
	const char *scope = section(w);

	if (!scope || !*scope)
		return call;
	return TEXT(w, "flags = memalloc_%s_save();\n%s\nmemalloc_%s_restore(flags);", scope, call, scope);
}

/* Who may not sleep, or whose flags no section carries into vmalloc, is left with whole blocks. */
static void whole_blocks(struct advisor *w)
{
	const struct mm_rules *rules = &w->e->mm->rules;

	contiguous(w);
	if (w->n->context == CONTEXT_ATOMIC) {
		avoid(w, rules->vmalloc_nonblocking ? "kvmalloc or vmalloc with GFP_KERNEL here: they sleep"
						    : "vmalloc or kvmalloc here: they may sleep");
		if (!w->a->fallback)
			w->a->fallback = "allocate beforehand, where sleeping is allowed, and keep it";
	} else if (!section(w)) {
		avoid(w, "vmalloc here: its page tables are taken with GFP_KERNEL");
	}
}

static void scattered(struct advisor *w)
{
	const struct need *n = w->n;
	const char *vmalloc = n->user_mapped ? "vmalloc_user" : n->zeroed ? "vzalloc" : "vmalloc";
	const char *kvmalloc = n->zeroed ? "kvzalloc" : "kvmalloc";
	uint64_t page = w->e->mm->page_size, bytes = aligned_bytes(w);

	/* vmalloc aligns to a page, and no further */
	if ((bytes <= page && !n->user_mapped) || n->align > page || n->context == CONTEXT_ATOMIC || !section(w)) {
		whole_blocks(w);
		return;
	}
	if (!n->user_mapped && n->bytes <= INT32_MAX && w->e->mm->rules.kvmalloc != KVMALLOC_NONE)
		add(w, ask(w, API_KVMALLOC, bytes, NULL), kvmalloc,
		    in_section(w, TEXT(w, "p = %s(%" PRIu64 ", GFP_KERNEL);", kvmalloc, bytes)), NULL,
		    "kvfree(p)", "contiguous when that is cheap, else single pages mapped in a row");
	add(w, ask(w, API_VMALLOC, n->bytes, NULL), vmalloc,
	    in_section(w, TEXT(w, "p = %s(%" PRIu64 ");", vmalloc, n->bytes)), NULL, "vfree(p)",
	    n->user_mapped ? "zeroed, and remap_vmalloc_range() maps it to user space"
			   : "never needs a contiguous block; costs page tables and TLB entries");
	if (n->bytes > INT32_MAX && w->e->mm->rules.kvmalloc != KVMALLOC_NONE)
		avoid(w, "kvmalloc of more than INT_MAX bytes: it is refused");
	else if (!n->user_mapped)
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

/* Objects of a slab share pages with others: pages for user space are whole. */
static void mapped_objects(struct advisor *w, const struct need *n, struct need *together)
{
	*together = *n;
	together->bytes = sat_mul(n->bytes, n->objects);
	together->objects = 1;
	w->n = together;
}

static void choose(struct advisor *w)
{
	if (w->n->dma_mask)
		for_dma(w);
	else if (w->n->objects > 1)
		for_objects(w);
	else if (w->n->contiguous_given && w->n->contiguous)
		contiguous(w);
	else
		scattered(w);
}

static void more_to_avoid(struct advisor *w)
{
	if (w->n->context == CONTEXT_ATOMIC)
		avoid(w, "GFP_KERNEL in atomic context: it may sleep under a lock");
	if (w->n->user_mapped && !w->n->dma_mask)
		avoid(w, "slab objects (kmalloc, kmem_cache) mapped to user space: their pages hold others' data too");
	if ((w->n->context == CONTEXT_NOFS || w->n->context == CONTEXT_NOIO) && section(w))
		avoid(w, TEXT(w, "spelling %s everywhere: memalloc_%s_save() marks the whole section", w->gfp, section(w)));
}

int advise(struct explain *e, const struct need *n, struct advice *out)
{
	struct advisor w = { e, n, out, NULL, 0 };
	struct need together;

	memset(out, 0, sizeof(*out));
	set_flags(&w);
	if (n->user_mapped && n->objects > 1 && !n->dma_mask)
		mapped_objects(&w, n, &together);
	choose(&w);
	more_to_avoid(&w);
	sort_options(out);
	/* What is likely to fail too is no way out. */
	if (!out->fallback && out->n_options > 1 && verdict_of(out->options[1].probability) > LIKELY_FAILS)
		out->fallback = arena_printf(&out->arena, "%s: %s", out->options[1].api, out->options[1].why);
	return out->n_options ? 0 : -ENOMEM;
}

void advice_done(struct advice *a)
{
	arena_done(&a->arena);
}
