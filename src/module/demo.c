// SPDX-License-Identifier: GPL-2.0
/*
 * The teaching tour. One step holds one allocation: user space looks at /proc,
 * writes "next", looks again. The last one is given back when the file closes.
 */
#include <linux/err.h>
#include <linux/kallsyms.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "memtool.h"

struct mt_step {
	const char *api;
	u64 size;		/* bytes, for those that take bytes */
	u64 order;
	const char *cache;
	const char *proc;	/* the file of /proc where it shows best */
	const char *note;
};

/* orders of 4 and more: smaller blocks come from per-CPU lists and move no column */
static const struct mt_step mt_steps[] = {
	{ "kmalloc", 1000, 0, NULL, "slabinfo",
	  "an object of the next larger kmalloc cache" },
	{ "kzalloc", 100, 0, NULL, "slabinfo", "as kmalloc, and zeroed" },
	{ "kmem_cache_alloc", 0, 0, "own:500", "slabinfo",
	  "a cache of its own wastes less than kmalloc-512 would" },
	{ "kmalloc", SZ_256K, 0, NULL, "buddyinfo",
	  "too large for any cache: a block of pages, rounded up to a power of two" },
	{ "alloc_pages", 0, 4, NULL, "buddyinfo", "16 page frames in a row, aligned to 16" },
	{ "__get_free_pages", 0, 5, NULL, "buddyinfo", "as alloc_pages, but gives an address" },
	{ "vmalloc", SZ_1M, 0, NULL, "vmallocinfo",
	  "single page frames from anywhere, mapped in a row" },
	{ "dma_alloc_coherent", SZ_64K, 0, NULL, "buddyinfo",
	  "page frames in a row below the device's limit of 32 bits" },
};

struct mt_demo {
	unsigned int step;	/* 1 on; 0 before the first */
	bool held;
	struct mt_request r;
	const struct mt_api *api;
	struct mt_obj obj;
};

static void mt_demo_drop(struct mt_demo *d)
{
	if (!d->held)
		return;
	d->api->free(&d->obj, &d->r);
	d->held = false;
}

/* For vmalloc the step itself is the caller that vmallocinfo names. */
static noinline int memtool_demo_step(struct mt_demo *d)
{
	gfp_t gfp = (__force gfp_t)d->r.gfp | (d->api->zero ? __GFP_ZERO : 0);

	if (d->api->kind == MT_VMALLOC) {
		d->obj.addr = __vmalloc(d->r.size, gfp);
		return d->obj.addr ? 0 : -ENOMEM;
	}
	return d->api->alloc(&d->obj, &d->r, gfp);
}

static int mt_demo_take(struct mt_demo *d, const struct mt_step *step)
{
	int err;

	d->r = (struct mt_request){ .node = -1, .cpu = -1, .count = 1, .dma_mask = 32,
				    .size = step->size, .order = step->order };
	d->r.gfp = (__force u32)(GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN);
	strscpy(d->r.cache, step->cache ?: "", sizeof(d->r.cache));
	d->api = mt_api_find(step->api);
	if (!step->cache && !step->size)
		d->r.size = PAGE_SIZE << step->order;
	err = mt_api_prepare(d->api, &d->r, &d->obj);
	if (err)
		return err;
	err = memtool_demo_step(d);
	mt_api_finish(d->api);	/* the user may take all day: hold no lock meanwhile */
	d->held = !err;
	return err;
}

/* A slab object has a cache: ours by its name, kmalloc's by what ksize() says. */
static void mt_demo_print_cache(struct mt_text *t, const struct mt_demo *d)
{
	size_t room;

	if (d->obj.cache) {
		mt_printf(t, " cache=memtool-%llu kmem_cache_size=%u", d->r.size,
			  kmem_cache_size(d->obj.cache));
		return;
	}
	room = ksize(d->obj.addr);
	mt_printf(t, " ksize=%zu", room);
	if (room > KMALLOC_MAX_CACHE_SIZE)
		return;
	if (room >= SZ_1K)
		mt_printf(t, " cache=kmalloc-%zuk kmem_cache_size=%zu", room / SZ_1K, room);
	else
		mt_printf(t, " cache=kmalloc-%zu kmem_cache_size=%zu", room, room);
}

static void mt_demo_print(struct mt_text *t, struct mt_demo *d, const struct mt_step *step)
{
	unsigned long from;
	unsigned int order = d->r.order;

	mt_api_resolve(d->api, &d->obj);
	from = (unsigned long)d->obj.data;
	if (d->api->kind == MT_SLAB || d->api->kind == MT_VMALLOC)
		order = mt_page_order(d->obj.page);
	else
		order = get_order(d->r.size);
	mt_printf(t, "step=%u of=%zu api=%s size=%llu vaddr=0x%lx vaddr_end=0x%lx",
		  d->step, ARRAY_SIZE(mt_steps), step->api, d->r.size, from,
		  from + (unsigned long)d->r.size);
	mt_printf(t, " pfn=0x%lx order=%u zone=%s node=%d contiguous=%d",
		  page_to_pfn(d->obj.page), order, page_zone(d->obj.page)->name,
		  page_to_nid(d->obj.page), mt_contiguous(&d->obj, d->r.size));
	if (d->api->kind == MT_SLAB)
		mt_demo_print_cache(t, d);
	if (d->api->kind == MT_VMALLOC)
		mt_printf(t, " caller=memtool_demo_step vaddr_hashed=%p", d->obj.data);
	if (d->api->kind == MT_DMA)
		mt_printf(t, " dma=0x%llx", d->obj.dma);
	mt_printf(t, " proc=%s note=\"%s\"\n", step->proc, step->note);
}

static int mt_demo_next(struct mt_session *s)
{
	struct mt_demo *d = s->priv;
	const struct mt_step *step;
	int err;

	mt_demo_drop(d);
	if (d->step >= ARRAY_SIZE(mt_steps)) {
		mt_printf(&s->out, "step=end of=%zu\n", ARRAY_SIZE(mt_steps));
		return 0;
	}
	step = &mt_steps[d->step++];
	err = mt_demo_take(d, step);
	if (err) {
		mt_printf(&s->out, "step=%u of=%zu api=%s ", d->step, ARRAY_SIZE(mt_steps),
			  step->api);
		mt_fail(&s->out, err, "not to be had now");
	} else {
		mt_demo_print(&s->out, d, step);
	}
	return 0;
}

static int mt_demo_write(struct mt_session *s, char *text)
{
	if (strcmp(text, "next"))
		return mt_fail(&s->out, -EINVAL, "only the word next");
	return mt_demo_next(s);
}

static int mt_demo_open(struct mt_session *s)
{
	struct mt_demo *d = kzalloc(sizeof(*d), GFP_KERNEL);

	s->priv = d;
	return d ? 0 : -ENOMEM;
}

static void mt_demo_release(struct mt_session *s)
{
	mt_demo_drop(s->priv);
	kfree(s->priv);
}

/* The first line says how many steps there are: nothing is held before the first "next". */
static int mt_demo_show(struct mt_session *s)
{
	mt_printf(&s->out, "step=0 of=%zu\n", ARRAY_SIZE(mt_steps));
	return 0;
}

const struct mt_file mt_file_demo = {
	.name = MEMTOOL_FILE_DEMO,
	.mode = 0600,
	.in_max = 16,
	.out_max = MEMTOOL_ANSWER_MAX + 1,
	.show = mt_demo_show,
	.write = mt_demo_write,
	.open = mt_demo_open,
	.release = mt_demo_release,
};
