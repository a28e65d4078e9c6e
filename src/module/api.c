// SPDX-License-Identifier: GPL-2.0
/* The allocation APIs: how to ask each, how to give back, where the pages lie. */
#include <linux/cma.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>
#ifdef MT_HAVE_CMA_ALLOC
#include <linux/dma-map-ops.h>
#endif

#include "memtool.h"

static int mt_got(struct mt_obj *o, void *addr)
{
	o->addr = addr;
	return addr ? 0 : -ENOMEM;
}

static int mt_got_page(struct mt_obj *o, struct page *page)
{
	o->page = page;
	return mt_got(o, page && !PageHighMem(page) ? page_address(page) : page);
}

/* alloc_pages() follows the task's memory policy, alloc_pages_node() does not */
static int mt_alloc_pages(struct mt_obj *o, const struct mt_request *r, gfp_t gfp)
{
	if (r->node == -1)
		return mt_got_page(o, alloc_pages(gfp, r->order));
	return mt_got_page(o, alloc_pages_node(r->node, gfp, r->order));
}

static void mt_free_pages(struct mt_obj *o, const struct mt_request *r)
{
	__free_pages(o->page, r->order);
}

static int mt_get_free_pages(struct mt_obj *o, const struct mt_request *r, gfp_t gfp)
{
	return mt_got(o, (void *)__get_free_pages(gfp, r->order));
}

static int mt_get_zeroed_page(struct mt_obj *o, const struct mt_request *r, gfp_t gfp)
{
	return mt_got(o, (void *)get_zeroed_page(gfp));
}

static void mt_free_addr(struct mt_obj *o, const struct mt_request *r)
{
	free_pages((unsigned long)o->addr, r->order);
}

static int mt_alloc_exact(struct mt_obj *o, const struct mt_request *r, gfp_t gfp)
{
	return mt_got(o, alloc_pages_exact(r->size, gfp));
}

static void mt_free_exact(struct mt_obj *o, const struct mt_request *r)
{
	free_pages_exact(o->addr, r->size);
}

/* folios came with 5.16; before, the compound page that a folio is */
static int mt_folio_alloc(struct mt_obj *o, const struct mt_request *r, gfp_t gfp)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(5, 16, 0)
	if (r->node == -1) {
		struct folio *f = folio_alloc(gfp, r->order);

		return mt_got_page(o, f ? &f->page : NULL);
	}
#endif
	return mt_alloc_pages(o, r, gfp | __GFP_COMP);
}

static int mt_kmalloc(struct mt_obj *o, const struct mt_request *r, gfp_t gfp)
{
	size_t size = r->size;

	return mt_got(o, r->node == -1 ? kmalloc(size, gfp) : kmalloc_node(size, gfp, r->node));
}

static int mt_kcalloc(struct mt_obj *o, const struct mt_request *r, gfp_t gfp)
{
	size_t size = r->size;

	return mt_got(o, r->node == -1 ? kcalloc(1, size, gfp) :
		      kcalloc_node(1, size, gfp, r->node));
}

/* from the smallest object: a larger one would take the very block that the new one needs */
static int mt_krealloc(struct mt_obj *o, const struct mt_request *r, gfp_t gfp)
{
	void *small = kmalloc(1, gfp | __GFP_NORETRY);
	void *whole;

	if (!small)
		return -ENOMEM;
	whole = krealloc(small, r->size, gfp);
	if (!whole)
		kfree(small);
	return mt_got(o, whole);
}

static void mt_kfree(struct mt_obj *o, const struct mt_request *r)
{
	kfree(o->addr);
}

static int mt_kvmalloc(struct mt_obj *o, const struct mt_request *r, gfp_t gfp)
{
	size_t size = r->size;

	return mt_got(o, kvmalloc_node(size, gfp, r->node));
}

static void mt_kvfree(struct mt_obj *o, const struct mt_request *r)
{
	kvfree(o->addr);
}

/* the one that takes both gfp and node is not exported everywhere */
static int mt_vmalloc(struct mt_obj *o, const struct mt_request *r, gfp_t gfp)
{
	return mt_got(o, __vmalloc(r->size, gfp));
}

static void mt_vfree(struct mt_obj *o, const struct mt_request *r)
{
	vfree(o->addr);
}

static int mt_cache_alloc(struct mt_obj *o, const struct mt_request *r, gfp_t gfp)
{
	if (!o->cache)
		return mt_kmalloc(o, r, gfp);
	return mt_got(o, r->node == -1 ? kmem_cache_alloc(o->cache, gfp) :
		      kmem_cache_alloc_node(o->cache, gfp, r->node));
}

static void mt_cache_free(struct mt_obj *o, const struct mt_request *r)
{
	if (o->cache)
		kmem_cache_free(o->cache, o->addr);
	else
		kfree(o->addr);
}

static struct device *mt_dma_dev;	/* set by prepare; its masks hold until finish */

static int mt_dma_alloc(struct mt_obj *o, const struct mt_request *r, gfp_t gfp)
{
	dma_addr_t dma = 0;
	int err = mt_got(o, dma_alloc_coherent(mt_dma_dev, r->size, &dma, gfp));

	o->dma = dma;
	return err;
}

static void mt_dma_free(struct mt_obj *o, const struct mt_request *r)
{
	dma_free_coherent(mt_dma_dev, r->size, o->addr, o->dma);
}

#ifdef MT_HAVE_CMA_ALLOC
/* exported since 7.x: the device's own area, or the default one */
static int mt_cma_alloc(struct mt_obj *o, const struct mt_request *r, gfp_t gfp)
{
	struct cma *cma = dev_get_cma_area(mt_dma_dev);
	unsigned int align = min_t(unsigned int, get_order(r->size), CONFIG_CMA_ALIGNMENT);

	if (!cma)
		return -EOPNOTSUPP;
	return mt_got_page(o, cma_alloc(cma, PAGE_ALIGN(r->size) >> PAGE_SHIFT, align, true));
}

static void mt_cma_free(struct mt_obj *o, const struct mt_request *r)
{
	cma_release(dev_get_cma_area(mt_dma_dev), o->page, PAGE_ALIGN(r->size) >> PAGE_SHIFT);
}
#else
/* not exported: dma_alloc_coherent() asks the default area first where there is one */
static int mt_cma_alloc(struct mt_obj *o, const struct mt_request *r, gfp_t gfp)
{
	return IS_ENABLED(CONFIG_DMA_CMA) ? mt_dma_alloc(o, r, gfp) : -EOPNOTSUPP;
}

static void mt_cma_free(struct mt_obj *o, const struct mt_request *r)
{
	mt_dma_free(o, r);
}
#endif

static int mt_percpu(struct mt_obj *o, const struct mt_request *r, gfp_t gfp)
{
	void __percpu *p = __alloc_percpu_gfp(r->size, sizeof(u64), gfp);

	return mt_got(o, (void *)(__force uintptr_t)p);
}

static void mt_percpu_free(struct mt_obj *o, const struct mt_request *r)
{
	free_percpu((void __percpu *)(__force uintptr_t)o->addr);
}

static int mt_alloc_skb(struct mt_obj *o, const struct mt_request *r, gfp_t gfp)
{
	return mt_got(o, __alloc_skb(r->size, gfp, 0, r->node));
}

static void mt_free_skb(struct mt_obj *o, const struct mt_request *r)
{
	kfree_skb(o->addr);
}

static const struct mt_api mt_apis[] = {
	{ "alloc_pages", MT_PAGES, false, mt_alloc_pages, mt_free_pages },
	{ "__get_free_pages", MT_PAGES, false, mt_get_free_pages, mt_free_addr },
	{ "get_zeroed_page", MT_PAGES, true, mt_get_zeroed_page, mt_free_addr },
	{ "alloc_pages_exact", MT_EXACT, false, mt_alloc_exact, mt_free_exact },
	{ "folio_alloc", MT_PAGES, false, mt_folio_alloc, mt_free_pages },
	{ "kmalloc", MT_SLAB, false, mt_kmalloc, mt_kfree },
	{ "kzalloc", MT_SLAB, true, mt_kmalloc, mt_kfree },
	{ "kcalloc", MT_SLAB, true, mt_kcalloc, mt_kfree },
	{ "krealloc", MT_SLAB, false, mt_krealloc, mt_kfree },
	{ "kvmalloc", MT_KVMALLOC, false, mt_kvmalloc, mt_kvfree },
	{ "kvzalloc", MT_KVMALLOC, true, mt_kvmalloc, mt_kvfree },
	{ "vmalloc", MT_VMALLOC, false, mt_vmalloc, mt_vfree },
	{ "vzalloc", MT_VMALLOC, true, mt_vmalloc, mt_vfree },
	{ "kmem_cache_alloc", MT_SLAB, false, mt_cache_alloc, mt_cache_free },
	{ "dma_alloc_coherent", MT_DMA, false, mt_dma_alloc, mt_dma_free },
	{ "alloc_percpu", MT_PERCPU, false, mt_percpu, mt_percpu_free },
	{ "cma_alloc", MT_CMA, false, mt_cma_alloc, mt_cma_free },
	/* what the kernel itself asks of the buddy allocator for a huge page */
	{ "hugetlb", MT_PAGES, false, mt_alloc_pages, mt_free_pages },
	{ "thp", MT_PAGES, false, mt_alloc_pages, mt_free_pages },
	{ "alloc_skb", MT_SKB, false, mt_alloc_skb, mt_free_skb },
};

const struct mt_api *mt_api_find(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(mt_apis); i++)
		if (!strcmp(name, mt_apis[i].name))
			return &mt_apis[i];
	return NULL;
}

int mt_api_prepare(const struct mt_api *api, struct mt_request *r, struct mt_obj *proto)
{
	bool own;
	gfp_t extra;

	memset(proto, 0, sizeof(*proto));
	switch (api->kind) {
	case MT_DMA:
	case MT_CMA:
		return mt_device_get(r->dma_mask, &mt_dma_dev);
	case MT_SLAB:
		if (strcmp(api->name, "kmem_cache_alloc"))
			return 0;
		r->size = mt_cache_parse(r->cache, &own, &extra);
		if (!r->size)
			return -EOPNOTSUPP;	/* other caches are private to their owners */
		r->gfp |= (__force u32)extra;
		if (!own)
			return 0;
		proto->cache = mt_cache_get(r->size, r->gfp & (__force u32)__GFP_RECLAIMABLE);
		return PTR_ERR_OR_ZERO(proto->cache);
	default:
		return 0;
	}
}

void mt_api_finish(const struct mt_api *api)
{
	if (api->kind == MT_DMA || api->kind == MT_CMA)
		mt_device_put();
}

void mt_api_resolve(const struct mt_api *api, struct mt_obj *o)
{
	o->data = o->addr;
	if (api->kind == MT_PERCPU)
		o->data = per_cpu_ptr((void __percpu *)(__force uintptr_t)o->addr,
				      raw_smp_processor_id());
	else if (api->kind == MT_SKB)
		o->data = ((const struct sk_buff *)o->addr)->head;
	if (o->page)
		return;
	if (is_vmalloc_addr(o->data))
		o->page = vmalloc_to_page(o->data);
	else if (virt_addr_valid(o->data))
		o->page = virt_to_page(o->data);
}

bool mt_contiguous(const struct mt_obj *o, u64 size)
{
	unsigned long pfn, i, n = PAGE_ALIGN(offset_in_page(o->data) + size) >> PAGE_SHIFT;

	if (!is_vmalloc_addr(o->data))
		return true;
	pfn = vmalloc_to_pfn(o->data);
	for (i = 1; i < n; i++)
		if (vmalloc_to_pfn(o->data + i * PAGE_SIZE) != pfn + i)
			return false;
	return true;
}
