// SPDX-License-Identifier: GPL-2.0
#include <linux/slab.h>
#include <linux/shmem_fs.h>

#include "compat.h"

struct shrinker *mt_shrinker_new(unsigned long (*count)(struct shrinker *,
							struct shrink_control *),
				 unsigned long (*scan)(struct shrinker *,
						       struct shrink_control *))
{
	struct shrinker *s;

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0)
	s = shrinker_alloc(0, "memtool");
	if (!s)
		return NULL;
	s->count_objects = count;
	s->scan_objects = scan;
	s->seeks = DEFAULT_SEEKS;
	shrinker_register(s);
#else
	int err;

	s = kzalloc(sizeof(*s), GFP_KERNEL);
	if (!s)
		return NULL;
	s->count_objects = count;
	s->scan_objects = scan;
	s->seeks = DEFAULT_SEEKS;
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 0, 0)
	err = register_shrinker(s, "memtool");
#else
	err = register_shrinker(s);
#endif
	if (err) {
		kfree(s);
		return NULL;
	}
#endif
	return s;
}

void mt_shrinker_free(struct shrinker *s)
{
	if (!s)
		return;
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0)
	shrinker_free(s);
#else
	unregister_shrinker(s);
	kfree(s);
#endif
}

struct file *mt_shmem_file(const char *name, loff_t size)
{
#ifdef MT_HAVE_VMA_FLAGS
	return shmem_file_setup(name, size, mk_vma_flags(VMA_NORESERVE_BIT));
#else
	return shmem_file_setup(name, size, VM_NORESERVE);
#endif
}

unsigned int mt_page_order(struct page *page)
{
	struct page *head = compound_head(page);

	return PageHead(head) ? compound_order(head) : 0;
}
