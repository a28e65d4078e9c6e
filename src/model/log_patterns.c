// SPDX-License-Identifier: GPL-2.0-or-later
/* Patterns that are known: by who asked, from the call trace and its modules. */
#include <errno.h>
#include <string.h>

#include "model/log_advice.h"

static bool calls(const struct log_report *r, const char *part)
{
	for (size_t i = 0; i < r->n_frames; i++) {
		if (strstr(r->frames[i].function, part))
			return true;
	}
	return false;
}

static bool module_is(const struct log_report *r, const char *start)
{
	if (r->module && strncmp(r->module, start, strlen(start)) == 0)
		return true;
	for (size_t i = 0; i < r->n_frames; i++) {
		if (r->frames[i].module && strncmp(r->frames[i].module, start, strlen(start)) == 0)
			return true;
	}
	return false;
}

static bool network(const struct log_report *r)
{
	return (r->subsystem && (strcmp(r->subsystem, "network") == 0 || strcmp(r->subsystem, "usbnet") == 0)) ||
	       calls(r, "alloc_skb") || calls(r, "page_frag") || calls(r, "napi_") || calls(r, "netif_receive");
}

static bool is_khugepaged(const struct log_report *r)
{
	return (r->process && strcmp(r->process, "khugepaged") == 0) || calls(r, "khugepaged");
}

/* Rings are made when the interface is opened, or set anew by hand. */
static bool network_device(const struct log_report *r)
{
	return network(r) || calls(r, "dev_open") || calls(r, "dev_change_flags") || calls(r, "rtnl_") || calls(r, "ethtool");
}

enum pattern {
	P_NONE, P_GPU, P_ZFS, P_USB, P_DRIVER_RING, P_SKB, P_LOWMEM, P_CMA_SMALL, P_MAX_ORDER, P_DMA_ZONE,
	P_VMALLOC_32, P_MEMCG, P_THP, P_FORK, P_NET_ATOMIC, P_MODULE_SPACE, P_DMA_POOL
};

static enum pattern pattern_of(const struct log_advice *a)
{
	const struct log_diagnosis *d = a->d;
	const struct log_report *r = a->r;
	bool atomic = log_is_atomic(a);
	bool high = r->has_order && r->order > 0;

	if (d->cause == CAUSE_MEMCG_LIMIT)
		return P_MEMCG;
	if (d->cause == CAUSE_ORDER_TOO_BIG)
		return P_MAX_ORDER;
	if (d->cause == CAUSE_VMALLOC_SPACE)
		return log_module_range(r) ? P_MODULE_SPACE : log_word_bits(r) != 64 ? P_VMALLOC_32 : P_NONE;
	if (module_is(r, "spl") || module_is(r, "zfs") || module_is(r, "zcommon"))
		return P_ZFS;
	if ((high || !r->has_order) &&
	    (module_is(r, "nvidia") || module_is(r, "amdgpu") || module_is(r, "radeon") || module_is(r, "i915") ||
	    module_is(r, "nouveau") || module_is(r, "kgsl") || module_is(r, "msm_kgsl") || module_is(r, "fglrx") ||
	     module_is(r, "xe") || calls(r, "ttm_pool")))
		return P_GPU;
	if (d->cause == CAUSE_CMA)
		return P_CMA_SMALL;
	if (d->cause == CAUSE_ZONE_RESTRICTED && log_fills_dma_pool(r))
		return P_DMA_POOL;
	if (d->cause == CAUSE_ZONE_RESTRICTED)
		return log_has_zone(a->zones_r, "HighMem") && !log_wants_low_zone(a) ? P_LOWMEM : P_DMA_ZONE;
	if (high && (calls(r, "hpage") || calls(r, "huge_pmd") || is_khugepaged(r)))
		return P_THP;
	if (high && (calls(r, "proc_submiturb") || calls(r, "proc_do_submiturb") || calls(r, "usb_alloc_coherent") ||
		     calls(r, "hcd_buffer") || calls(r, "usbdev_") || (r->subsystem && strcmp(r->subsystem, "usb") == 0)))
		return P_USB;
	if (high && (calls(r, "dup_task_struct") || calls(r, "alloc_thread")))
		return P_FORK;
	if (high && (calls(r, "dma_alloc") || calls(r, "dma_direct_alloc") || calls(r, "_ring") || calls(r, "alloc_coherent")))
		return P_DRIVER_RING;
	if (network(r))
		return high ? P_SKB : atomic ? P_NET_ATOMIC : P_NONE;
	return P_NONE;
}

int log_pattern_advice(const struct log_advice *a)
{
	const struct log_report *r = a->r;
	struct log_diagnosis *d = a->d;

	switch (pattern_of(a)) {
	case P_GPU:
		d->pattern = "GPU drivers ask for blocks of order 4 and more and often have a fallback of single pages: then it is noise";
		OPERATOR("update the GPU driver: newer ones fall back to single pages", NULL);
		break;
	case P_ZFS:
		d->pattern = "ZFS and SPL: their caches live on large or emergency allocations, and the ARC does not shrink at once";
		OPERATOR("limit the ARC so that free memory stays above the watermarks", "echo BYTES > /sys/module/zfs/parameters/zfs_arc_max");
		break;
	case P_USB:
		d->pattern = "USB buffers: the transfer size of the program or driver becomes one contiguous block";
		OPERATOR("lower the transfer size in the program (libusb, adb, usbfs) to 16 KiB", NULL);
		AUTHOR("use scatter-gather URBs, or buffers allocated once by mmap of usbfs", NULL);
		break;
	case P_DRIVER_RING:
		d->pattern = "driver rings and coherent buffers: one contiguous block for the whole ring, taken when the device is opened or reset";
		if (network_device(r))
			OPERATOR("make the rings smaller", "ethtool -G DEV rx 256 tx 256");
		else
			OPERATOR("make the driver's queues or buffers smaller by its module parameters", NULL);
		AUTHOR(d->mm_rules.kvmalloc != KVMALLOC_NONE ? "allocate the ring once at probe, in pieces of a page, or with kvmalloc where the device does not see it"
						     : "allocate the ring once at probe, in pieces of a page, or with vmalloc where the device does not see it",
		       NULL);
		break;
	case P_SKB:
		d->pattern = "network buffers of more than a page: jumbo frames, or a driver that copies into one block";
		OPERATOR("lower the MTU, or switch receive offloads that build large buffers off", "ethtool -K DEV lro off gro off");
		AUTHOR(log_since(a, 4, 18) ? "receive into page fragments (napi_alloc_frag, page_pool) instead of one linear buffer"
					   : "receive into page fragments instead of one linear buffer", NULL);
		break;
	case P_NET_ATOMIC:
		d->pattern = "packets arrive faster than kswapd frees memory: receive buffers are taken with GFP_ATOMIC from the reserve";
		break;
	case P_LOWMEM:
		d->pattern = "32-bit lowmem: kernel data must lie in the lower zones, however much HighMem is free";
		OPERATOR("use a 64-bit kernel, or one with another split of the address space (VMSPLIT_2G)", NULL);
		break;
	case P_CMA_SMALL:
		d->pattern = "CMA on small boards: the area is as large as the kernel's default, or a pinned page stands in the way";
		break;
	case P_MAX_ORDER:
		d->pattern = "orders above the maximum never succeed, on a machine of any size";
		break;
	case P_DMA_ZONE:
		d->pattern = "requests for ZONE_DMA or ZONE_DMA32 compete for a zone that is small or that user pages have filled";
		break;
	case P_DMA_POOL:
		d->pattern = "the pool of atomic coherent memory, filled at boot from each low zone: nothing is lost unless a device asks for memory of that zone";
		break;
	case P_VMALLOC_32:
		d->pattern = "vmalloc= on 32-bit: the address space for vmalloc is small, and large areas break it up";
		break;
	case P_MODULE_SPACE:
		d->pattern = "modules and BPF programs share a small range of addresses (128 MiB on arm64 before 6.5, 16 MiB on arm)";
		break;
	case P_MEMCG:
		d->pattern = "the limit of a memory cgroup: kernel memory (slab, stacks, page tables) counts against it";
		break;
	case P_THP:
		if (is_khugepaged(r))
			OPERATOR("let khugepaged take only what is free as one block", "echo 0 > /sys/kernel/mm/transparent_hugepage/khugepaged/defrag");
		d->pattern = "huge pages: the kernel falls back to small ones, nothing is lost but speed";
		break;
	case P_FORK:
		d->pattern = "kernel stacks as one block: kernels before 4.9, or without CONFIG_VMAP_STACK";
		OPERATOR("use a kernel with CONFIG_VMAP_STACK (4.9 and later): stacks need no contiguous block", NULL);
		break;
	case P_NONE:
		break;
	}
	return 0;
}
