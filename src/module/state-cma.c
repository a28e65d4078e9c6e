// SPDX-License-Identifier: GPL-2.0
/* CMA memory pinned, in chunks linked through their own memory. */
#include <linux/cma.h>
#include <linux/dma-mapping.h>
#include <linux/mm.h>
#ifdef MT_HAVE_CMA_ALLOC
#include <linux/dma-map-ops.h>
#endif

#include "memtool.h"

struct mt_chunk {
	struct mt_chunk *next;
	dma_addr_t dma;
	size_t size;
};

#ifdef MT_HAVE_CMA_ALLOC
/* the area itself: nothing else can serve it */
static bool mt_has_area(struct device *dev)
{
	return dev_get_cma_area(dev);
}

static struct mt_chunk *mt_chunk_new(struct device *dev, size_t size)
{
	struct cma *cma = dev_get_cma_area(dev);
	struct page *page = cma ? cma_alloc(cma, size >> PAGE_SHIFT, 0, true) : NULL;

	return page ? page_address(page) : NULL;
}

static void mt_chunk_free(struct device *dev, struct mt_chunk *c)
{
	cma_release(dev_get_cma_area(dev), virt_to_page(c), c->size >> PAGE_SHIFT);
}
#else
/* dma_alloc_coherent() asks the default area first, and the buddy allocator when it is full */
static bool mt_has_area(struct device *dev)
{
	return IS_ENABLED(CONFIG_DMA_CMA);
}

static struct mt_chunk *mt_chunk_new(struct device *dev, size_t size)
{
	dma_addr_t dma;
	struct mt_chunk *c = dma_alloc_coherent(dev, size, &dma,
						GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN);

	if (c)
		c->dma = dma;
	return c;
}

static void mt_chunk_free(struct device *dev, struct mt_chunk *c)
{
	dma_free_coherent(dev, c->size, c, c->dma);
}
#endif

static void mt_cma_release(struct mt_state *st)
{
	struct mt_chunk *c;
	struct device *dev;

	if (!st->priv || mt_device_get(64, &dev))
		return;
	while ((c = st->priv) != NULL) {
		st->priv = c->next;
		mt_chunk_free(dev, c);
		cond_resched();
	}
	mt_device_put();
}

static int mt_cma_build(struct mt_state *st, struct mt_text *err)
{
	size_t size = PAGE_ALIGN(st->a.size);
	struct device *dev;
	int ret;

	ret = mt_device_get(64, &dev);
	if (ret)
		return ret;
	if (!mt_has_area(dev)) {
		mt_device_put();
		return mt_fail(err, -EOPNOTSUPP, "no CMA area that serves devices (see cma=)");
	}
	/* CMA pages are free memory too: the floor of all zones holds */
	while (!(ret = mt_state_check_all(st, size))) {
		struct mt_chunk *c = mt_chunk_new(dev, size);

		if (!c) {
			st->bound = MEMTOOL_BOUND_MEMORY;
			break;
		}
		c->size = size;
		c->next = st->priv;
		st->priv = c;
		st->objects++;
		mt_state_charge(st, size);
	}
	mt_device_put();
	return ret < 0 ? ret : 0;
}

const struct mt_state_ops mt_state_cma = {
	.name = "cma",
	.keys = "size=1048576",
	.build = mt_cma_build,
	.release = mt_cma_release,
};
