// SPDX-License-Identifier: GPL-2.0
/* vmalloc areas: many, large, or address space alone. */
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "memtool.h"

struct mt_areas {
	bool space;		/* one page mapped over and over: costs address space */
	struct page *page;
	struct page **pages;	/* size >> PAGE_SHIFT times page */
	u64 n;
	void *area[];		/* count */
};

/* The names of these two stand in vmallocinfo as the caller: no jump instead of a call. */
static noinline void *memtool_state_vmalloc(u64 size)
{
	void *area = __vmalloc(size, GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN);

	barrier();
	return area;
}

static noinline void *memtool_state_vmap(struct mt_areas *v, u64 size)
{
	void *area = vmap(v->pages, size >> PAGE_SHIFT, VM_MAP, PAGE_KERNEL);

	barrier();
	return area;
}

static void mt_areas_release(struct mt_state *st)
{
	struct mt_areas *v = st->priv;

	if (!v)
		return;
	while (v->n--) {
		if (v->space)
			vunmap(v->area[v->n]);
		else
			vfree(v->area[v->n]);
		cond_resched();
	}
	kvfree(v->pages);
	if (v->page)
		__free_page(v->page);
	kvfree(v);
	st->priv = NULL;
}

static int mt_areas_space(struct mt_areas *v, u64 size)
{
	u64 i, n = size >> PAGE_SHIFT;

	v->page = alloc_page(GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN);
	v->pages = kvmalloc_array(n, sizeof(*v->pages), GFP_KERNEL);
	if (!v->page || !v->pages)
		return -ENOMEM;
	for (i = 0; i < n; i++)
		v->pages[i] = v->page;
	return 0;
}

static int mt_areas_build(struct mt_state *st, struct mt_text *err)
{
	bool space = !strcmp(st->a.mode, "space");
	u64 size = PAGE_ALIGN(st->a.size);
	/* page tables: a page each 512, and one more */
	u64 cost = (space ? 0 : size) + (size >> 9) + PAGE_SIZE;
	struct mt_areas *v;
	int ret;

	if (!space && strcmp(st->a.mode, "pages"))
		return mt_fail(err, -EINVAL, "mode: pages or space");
	/* mm/vmalloc.c:vmap() maps no more pages than there are */
	if (size >> PAGE_SHIFT > totalram_pages())
		return mt_fail(err, -EINVAL, "size: more than all memory");
	v = kvzalloc(struct_size(v, area, st->a.count), GFP_KERNEL);
	if (!v)
		return -ENOMEM;
	st->priv = v;
	v->space = space;
	if (space) {
		ret = mt_areas_space(v, size);
		if (ret)
			return ret;
	}
	for (; v->n < st->a.count; v->n++) {
		ret = mt_state_check_all(st, cost);
		if (ret)
			return ret < 0 ? ret : 0;
		v->area[v->n] = space ? memtool_state_vmap(v, size) : memtool_state_vmalloc(size);
		if (!v->area[v->n]) {
			st->bound = MEMTOOL_BOUND_MEMORY;
			return 0;
		}
		mt_state_charge(st, cost);
		st->objects++;
	}
	st->bound = MEMTOOL_BOUND_COUNT;
	return 0;
}

const struct mt_state_ops mt_state_vmalloc = {
	.name = "vmalloc",
	.keys = "mode=pages count=16 size=1048576",
	.build = mt_areas_build,
	.release = mt_areas_release,
};
