// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Makes the kernel print its own reports of failed allocations: write a command
 * to /proc/logmod, or several with ';' between. Unlike a driver it holds memory until told to let go, and
 * unlike memtool's module it never asks for silence (__GFP_NOWARN).
 *
 *	pages ORDER GFP		alloc_pages, freed again
 *	hold ORDER GFP N	take up to N blocks silently and keep them
 *	odd			give back every second page of those held
 *	drop			give back all
 *	kmalloc SIZE GFP	kmalloc, freed again
 *	cache GFP		fill a cache with objects until one fails
 *	objects N GFP		take N objects of that cache and keep them
 *	vmalloc SIZE GFP
 *	percpu SIZE ALIGN
 *	cma PAGES		dma_alloc_coherent of a platform device
 *	bounce SIZE		dma_map_single through the bounce buffer, until it is full
 *
 * GFP: words of the kernel's flags: kernel, atomic, nowait, noretry, dma, dma32, thisnode,
 * comp, zero, high, nomemalloc, movable, highuser, account.
 */
#include <linux/dma-mapping.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/platform_device.h>
#include <linux/proc_fs.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/version.h>
#include <linux/vmalloc.h>

struct block {
	struct block *next;
	unsigned int order;
};

static struct block *held;
static struct kmem_cache *cache;
static void *objects; /* of it, each with the address of the next */
static struct platform_device *pdev;

static gfp_t parse_gfp(char *words)
{
	static const struct {
		const char *name;
		gfp_t gfp;
	} names[] = {
		{ "kernel", GFP_KERNEL },	{ "atomic", GFP_ATOMIC },     { "nowait", __GFP_KSWAPD_RECLAIM },
		{ "noretry", __GFP_NORETRY },	{ "dma", __GFP_DMA },	      { "dma32", __GFP_DMA32 },
		{ "thisnode", __GFP_THISNODE },	{ "comp", __GFP_COMP },	      { "zero", __GFP_ZERO },
		{ "high", __GFP_HIGH },		{ "nomemalloc", __GFP_NOMEMALLOC },
		{ "movable", __GFP_MOVABLE },	{ "highuser", GFP_HIGHUSER }, { "account", __GFP_ACCOUNT },
		{ "nowarn", __GFP_NOWARN },	{ "retry", __GFP_RETRY_MAYFAIL },
	};
	gfp_t gfp = 0;
	char *word;
	unsigned int i;

	while ((word = strsep(&words, " |,\n"))) {
		for (i = 0; i < ARRAY_SIZE(names); i++) {
			if (strcmp(word, names[i].name) == 0)
				gfp |= names[i].gfp;
		}
	}
	return gfp;
}

static void give(struct block *b)
{
	free_pages((unsigned long)b, b->order);
}

static void free_objects(void *first)
{
	while (first) {
		void *o = first;

		first = *(void **)o;
		kmem_cache_free(cache, o);
	}
}

static void drop(void)
{
	free_objects(objects);
	objects = NULL;
	while (held) {
		struct block *b = held;

		held = b->next;
		give(b);
	}
}

static void odd(void)
{
	struct block **p = &held;
	bool keep = true;

	/* by address: every second page frame goes back */
	while (*p) {
		struct block *b = *p;

		keep = page_to_pfn(virt_to_page(b)) & 1;
		if (keep) {
			p = &b->next;
		} else {
			*p = b->next;
			give(b);
		}
	}
}

static long hold(unsigned int order, gfp_t gfp, long n)
{
	long i;

	for (i = 0; i < n; i++) {
		struct block *b = (void *)__get_free_pages(gfp | __GFP_NOWARN, order);

		if (!b)
			break;
		b->next = held;
		b->order = order;
		held = b;
		if (i % 1024 == 0)
			cond_resched();
	}
	return i;
}

/* Up to @n objects before @first; the first of all. */
static void *take_objects(void *first, unsigned long n, gfp_t gfp)
{
	void *o;

	if (!cache)
		cache = kmem_cache_create("logmod_objects", 3000, 0, 0, NULL);
	while (cache && n-- && (o = kmem_cache_alloc(cache, gfp))) {
		*(void **)o = first;
		first = o;
	}
	return first;
}

static void try_cache(gfp_t gfp)
{
	free_objects(take_objects(NULL, ULONG_MAX, gfp));
}

static void try_bounce(size_t size)
{
	char *buf = kmalloc(size, GFP_KERNEL | __GFP_NOWARN);
	dma_addr_t *at = vmalloc(65536 * sizeof(*at));
	unsigned int n = 0;

	if (buf && at) {
		dma_set_mask(&pdev->dev, DMA_BIT_MASK(32));
		for (; n < 65536; n++) {
			at[n] = dma_map_single(&pdev->dev, buf, size, DMA_TO_DEVICE);
			if (dma_mapping_error(&pdev->dev, at[n]))
				break;
		}
		while (n--)
			dma_unmap_single(&pdev->dev, at[n], size, DMA_TO_DEVICE);
	}
	vfree(at);
	kfree(buf);
}

static void try_cma(unsigned long pages)
{
	dma_addr_t dma;
	void *p = dma_alloc_coherent(&pdev->dev, pages << PAGE_SHIFT, &dma, GFP_KERNEL);

	if (p)
		dma_free_coherent(&pdev->dev, pages << PAGE_SHIFT, p, dma);
}

static void command(char *text)
{
	char *verb = strsep(&text, " \n");
	unsigned long a = 0, b = 0;
	char *word;
	void *p;

	/* a number where the command takes one */
	if (text && *text >= '0' && *text <= '9' && (word = strsep(&text, " \n")) &&
	    kstrtoul(word, 0, &a))
		return;
	if (strcmp(verb, "pages") == 0) {
		struct page *page = alloc_pages(parse_gfp(text), a);

		if (page)
			__free_pages(page, a);
	} else if (strcmp(verb, "hold") == 0) {
		if (text && (word = strsep(&text, " \n")) && !kstrtoul(word, 0, &b))
			pr_info("logmod: holds %ld blocks\n", hold(a, parse_gfp(text), b));
	} else if (strcmp(verb, "odd") == 0) {
		odd();
	} else if (strcmp(verb, "drop") == 0) {
		drop();
	} else if (strcmp(verb, "kmalloc") == 0) {
		p = kmalloc(a, parse_gfp(text));
		kfree(p);
	} else if (strcmp(verb, "cache") == 0) {
		try_cache(parse_gfp(text));
	} else if (strcmp(verb, "objects") == 0) {
		objects = take_objects(objects, a, parse_gfp(text));
	} else if (strcmp(verb, "vmalloc") == 0) {
		p = __vmalloc(a, parse_gfp(text)
#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 8, 0)
			      , PAGE_KERNEL
#endif
			      );
		vfree(p);
	} else if (strcmp(verb, "percpu") == 0) {
		void __percpu *pc;

		if (text && (word = strsep(&text, " \n")) && !kstrtoul(word, 0, &b)) {
			pc = __alloc_percpu(a, b);
			free_percpu(pc);
		}
	} else if (strcmp(verb, "cma") == 0) {
		try_cma(a);
	} else if (strcmp(verb, "bounce") == 0) {
		try_bounce(a);
	}
}

static ssize_t logmod_write(struct file *file, const char __user *user, size_t len, loff_t *pos)
{
	char text[256], *rest = text, *one;

	if (len >= sizeof(text) || copy_from_user(text, user, len))
		return -EINVAL;
	text[len] = '\0';
	/* several at once, so that nobody needs memory between taking all of it and giving it back */
	while ((one = strsep(&rest, ";")))
		command(skip_spaces(one));
	return len;
}

static const struct proc_ops ops = {
	.proc_write = logmod_write,
};

static int __init logmod_init(void)
{
	pdev = platform_device_register_simple("logmod", -1, NULL, 0);
	if (IS_ERR(pdev))
		return PTR_ERR(pdev);
	dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(32));
	return proc_create("logmod", 0200, NULL, &ops) ? 0 : -ENOMEM;
}

static void __exit logmod_exit(void)
{
	remove_proc_entry("logmod", NULL);
	drop();
	kmem_cache_destroy(cache);
	platform_device_unregister(pdev);
}

module_init(logmod_init);
module_exit(logmod_exit);
MODULE_DESCRIPTION("makes the kernel report failed allocations");
MODULE_LICENSE("GPL");
