/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prototypes as in include/linux of 6.12, as far as advice names them: its C must compile against them. */
#include <stddef.h>

typedef unsigned int gfp_t;
typedef unsigned int slab_flags_t;
typedef unsigned long long dma_addr_t;
/* size_t and unsigned long of the kernel that was recorded; those of this machine may be shorter. */
typedef unsigned long long word_t;
struct page;
struct kmem_cache;
struct dma_pool;
struct device;
struct scatterlist { int length; };
struct sg_table { struct scatterlist *sgl; unsigned int nents; };
enum dma_data_direction { DMA_BIDIRECTIONAL };

#define GFP_KERNEL 0xcc0u
#define GFP_ATOMIC 0x820u
#define GFP_NOFS 0xc40u
#define GFP_NOIO 0xc00u
#define GFP_DMA 0x1u
#define GFP_DMA32 0x4u
#define __GFP_ZERO 0x100u
#define __GFP_COMP 0x40000u
#define SLAB_HWCACHE_ALIGN 0x2000u
#define PAGE_SIZE 4096u
#define ENOMEM 12
#define EIO 5
#define DMA_BIT_MASK(n) ((n) == 64 ? ~0ull : (1ull << (n)) - 1)
#define for_each_sgtable_sg(sgt, sg, i) for (i = 0, sg = (sgt)->sgl; i < (int)(sgt)->nents; i++, sg++)

void *kmalloc(word_t, gfp_t);
void *kzalloc(word_t, gfp_t);
void kfree(const void *);
void *kvmalloc(word_t, gfp_t);
void *kvzalloc(word_t, gfp_t);
void kvfree(const void *);
void *vmalloc(word_t);
void *vzalloc(word_t);
void *vmalloc_user(word_t);
void vfree(const void *);
struct kmem_cache *kmem_cache_create(const char *, unsigned int, unsigned int, slab_flags_t, void (*)(void *));
void *kmem_cache_alloc(struct kmem_cache *, gfp_t);
void *kmem_cache_zalloc(struct kmem_cache *, gfp_t);
void kmem_cache_free(struct kmem_cache *, void *);
void kmem_cache_destroy(struct kmem_cache *);
struct page *alloc_pages(gfp_t, unsigned int);
struct page *alloc_page(gfp_t);
void __free_pages(struct page *, unsigned int);
void *alloc_pages_exact(word_t, gfp_t);
void free_pages_exact(void *, word_t);
unsigned int memalloc_nofs_save(void);
void memalloc_nofs_restore(unsigned int);
unsigned int memalloc_noio_save(void);
void memalloc_noio_restore(unsigned int);
int dma_set_mask_and_coherent(struct device *, unsigned long long);
void *dma_alloc_coherent(struct device *, word_t, dma_addr_t *, gfp_t);
void dma_free_coherent(struct device *, word_t, void *, dma_addr_t);
struct dma_pool *dma_pool_create(const char *, struct device *, word_t, word_t, word_t);
void *dma_pool_alloc(struct dma_pool *, gfp_t, dma_addr_t *);
void *dma_pool_zalloc(struct dma_pool *, gfp_t, dma_addr_t *);
void dma_pool_free(struct dma_pool *, void *, dma_addr_t);
void dma_pool_destroy(struct dma_pool *);
int sg_alloc_table(struct sg_table *, unsigned int, gfp_t);
void sg_set_page(struct scatterlist *, struct page *, unsigned int, unsigned int);
void sg_free_table(struct sg_table *);
int dma_map_sgtable(struct device *, struct sg_table *, enum dma_data_direction, unsigned long);
void dma_unmap_sgtable(struct device *, struct sg_table *, enum dma_data_direction, unsigned long);
void my_ctor(void *);
