// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernel's allocators by the names of their functions, for backtraces. */
#include "read/allocators.h"

#include <string.h>

bool function_starts(const char *name, const char *const *list)
{
	for (; *list; list++) {
		if (strncmp(name, *list, strlen(*list)) == 0)
			return true;
	}
	return false;
}

bool function_allocates(const char *f)
{
	static const char *const names[] = {
		/* pages */
		"__alloc_pages", "alloc_pages", "_alloc_pages", "__alloc_frozen_pages",
		"alloc_frozen_pages", "__get_free_pages", "get_free_pages", "get_zeroed_page",
		"__folio_alloc", "folio_alloc", "alloc_page", "get_page_from_freelist",
		"__perform_reclaim", "__alloc_page", "alloc_slab_page", "alloc_contig",
		"__alloc_contig", "__rmqueue", "rmqueue", "__page_frag", "page_frag_alloc",
		"page_frag_refill", "__page_frag_alloc", "prepare_alloc_pages", "free_unref",
		"make_alloc_exact", "prep_new_page", "post_alloc_hook", "__set_page_owner", "try_to_free_pages", "drain_", "zone_watermark",
		"wakeup_kswapd", "wake_all_kswapds", "try_charge", "mem_cgroup_charge",
		"__mem_cgroup_", "charge_memcg", "mem_cgroup_try", "mem_cgroup_swapin",
		"memcg_charge", "__memcg_", "memcg_kmem", "memcg_slab", "memcg_alloc_slab",
		"memcg_alloc_page_obj", "alloc_slab_obj_exts", "__alloc_tagging", "alloc_tagging",
		"obj_cgroup", "mem_cgroup_alloc", "vma_alloc", "__vma_alloc",
		"alloc_kmem_pages", "__alloc_kmem", "alloc_anon_folio", "vma_alloc_folio",
		"alloc_kpages", "do_try_to_free_pages", "shrink_", "do_shrink",
		/* slab */
		"kmalloc", "__kmalloc", "kzalloc", "__kzalloc", "kcalloc", "krealloc",
		"__krealloc", "__do_krealloc", "kmem_cache_alloc", "kmem_cache_create",
		"__kmem_cache_alloc", "kmem_getpages", "cache_grow", "cache_alloc_refill",
		"____cache_alloc", "__cache_alloc", "fallback_alloc", "cache_alloc",
		"__slab_alloc", "___slab_alloc", "new_slab", "allocate_slab", "__new_slab",
		"__alloc_slab", "slab_alloc", "slab_post_alloc", "slab_pre_alloc",
		"refill_objects", "__refill_objects", "refill_sheaf", "alloc_from_", "__pcs_",
		"alloc_single", "slob_", "__do_kmalloc", "__do_cache_alloc", "kmem_alloc_page",
		"__kmem_cache_alloc_bulk", "kmem_cache_zalloc", "mempool_alloc",
		"mempool_kmalloc", "mempool_resize", "mempool_create", "mempool_init",
		"___kmalloc", "kmemdup", "memdup_user", "kstrdup", "kvmemdup",
		/* vmalloc and its kin */
		"kvmalloc", "__kvmalloc", "kvzalloc", "kvrealloc", "vmalloc", "__vmalloc",
		"vzalloc", "__vm_area_alloc", "vm_area_alloc", "alloc_vmap_area",
		"__get_vm_area", "get_vm_area", "vmap", "vm_map_ram", "vmap_", "__vmap",
		"alloc_large_system_hash",
		/* DMA */
		"dma_alloc", "__dma_alloc", "dma_direct_alloc", "__dma_direct_alloc",
		"dma_common_alloc", "dma_generic_alloc", "dmam_alloc", "dma_pool_alloc",
		"dma_pool_create", "pool_alloc_page", "x86_swiotlb_alloc", "swiotlb_alloc",
		"xen_swiotlb_alloc", "iommu_dma_alloc", "__iommu_dma_alloc", "iommu_alloc",
		"intel_alloc_coherent", "intel_map", "arm_dma_alloc", "arm_iommu_alloc",
		"arm_coherent", "__arm_dma", "__arm_iommu", "arm64_swiotlb_alloc",
		"arch_dma_alloc", "pci_alloc_consistent", "dma_atomic_pool",
		"__dma_atomic_pool", "atomic_pool", "cma_alloc", "__cma_alloc", "dma_zalloc",
		"remap_allocator", "dma_nommu_alloc", "__dma_nommu_alloc", "__alloc_from",
		"__alloc_remap", "__alloc_simple", "simple_allocator_alloc",
		"cma_allocator_alloc", "remap_allocator_alloc", "mips_dma_alloc",
		"jazz_dma_alloc", "consistent_alloc", "swiotlb_tbl_map", "swiotlb_map",
		"dma_map_page", "dma_direct_map", "dma_map_sg", "__swiotlb", "swiotlb_find",
		"__dma_map_sg", "dma_map_single", "map_single", "dma_iommu_alloc", "pmalloc",
		/* percpu */
		"create_object", "kmemleak_alloc", "__alloc_object", "mem_pool_alloc", "strndup_user", "pcpu_", "__alloc_percpu",
		"alloc_percpu", "__alloc_reserved_percpu", "percpu_alloc",
		NULL
	};

	return function_starts(f, names);
}

bool function_allocates_skb(const char *f)
{
	static const char *const names[] = {
		"__alloc_skb", "alloc_skb", "__netdev_alloc", "netdev_alloc", "__napi_alloc",
		"napi_alloc", "kmalloc_reserve", "__kmalloc_reserve", "pskb_expand_head",
		"skb_copy", "__pskb_copy", "skb_clone", "skb_realloc", "sock_alloc_send",
		"dev_alloc_skb", "__dev_alloc", "skb_page_frag", "sk_page_frag",
		"alloc_skb_with_frags", "build_skb", "__build_skb", "slab_build_skb",
		"napi_build_skb", "sk_stream_alloc", "tcp_stream_alloc", "skb_expand",
		"skb_cow", "sock_kmalloc", "sock_wmalloc", "page_pool_", "__page_pool",
		"skb_linearize", "__pskb_pull", "skb_ensure", "sk_prot_alloc", "sk_alloc",
		"__skb_", "skb_segment", "napi_get_frags", "skb_unclone", "skb_share_check",
		NULL
	};

	return function_starts(f, names);
}
