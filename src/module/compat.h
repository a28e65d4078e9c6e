/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What differs between the kernels from 5.10 on, in one place. Differences that
 * have a version are decided by it; the rest is probed in Kbuild (MT_HAVE_*).
 */
#ifndef MT_COMPAT_H
#define MT_COMPAT_H

#include <linux/version.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/gfp.h>
#include <linux/shrinker.h>

/* the largest order of the buddy allocator; MAX_ORDER was one more before 6.4 */
#if defined(MAX_PAGE_ORDER)
#define MT_MAX_ORDER	MAX_PAGE_ORDER
#elif LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
#define MT_MAX_ORDER	MAX_ORDER
#else
#define MT_MAX_ORDER	(MAX_ORDER - 1)
#endif

/* flags that only the memory manager itself passes; absent ones count as 0 */
#ifdef __GFP_SKIP_ZERO
#define MT_GFP_SKIP_ZERO	__GFP_SKIP_ZERO
#else
#define MT_GFP_SKIP_ZERO	((__force gfp_t)0)
#endif
#ifdef __GFP_ZEROTAGS
#define MT_GFP_ZEROTAGS		__GFP_ZEROTAGS
#else
#define MT_GFP_ZEROTAGS		((__force gfp_t)0)
#endif
#ifdef __GFP_NO_OBJ_EXT
#define MT_GFP_NO_OBJ_EXT	__GFP_NO_OBJ_EXT
#else
#define MT_GFP_NO_OBJ_EXT	((__force gfp_t)0)
#endif
#if defined(__GFP_SKIP_KASAN)
#define MT_GFP_SKIP_KASAN	__GFP_SKIP_KASAN
#elif defined(__GFP_SKIP_KASAN_POISON) && defined(__GFP_SKIP_KASAN_UNPOISON)
#define MT_GFP_SKIP_KASAN	(__GFP_SKIP_KASAN_POISON | __GFP_SKIP_KASAN_UNPOISON)
#elif defined(__GFP_SKIP_KASAN_POISON)
#define MT_GFP_SKIP_KASAN	__GFP_SKIP_KASAN_POISON
#else
#define MT_GFP_SKIP_KASAN	((__force gfp_t)0)
#endif
#define MT_GFP_INTERNAL		(MT_GFP_SKIP_ZERO | MT_GFP_ZEROTAGS | \
				 MT_GFP_NO_OBJ_EXT | MT_GFP_SKIP_KASAN)

/* 6.3 took __GFP_ATOMIC away: high priority without direct reclaim says the same */
#ifdef __GFP_ATOMIC
#define MT_GFP_ATOMIC		__GFP_ATOMIC
#else
#define MT_GFP_ATOMIC		((__force gfp_t)0)
#endif

/* shrinkers are allocated by the kernel since 6.7, and have names since 6.0 */
struct shrinker *mt_shrinker_new(unsigned long (*count)(struct shrinker *,
							struct shrink_control *),
				 unsigned long (*scan)(struct shrinker *,
						       struct shrink_control *));
void mt_shrinker_free(struct shrinker *s);

/* an unlinked tmpfs file without memory accounting; ERR_PTR on failure */
struct file *mt_shmem_file(const char *name, loff_t size);

/* the compound order of the block that holds page, 0 when it is a single page */
unsigned int mt_page_order(struct page *page);

#endif
