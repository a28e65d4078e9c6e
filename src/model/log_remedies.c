// SPDX-License-Identifier: GPL-2.0-or-later
/* What helps against a failure of this cause, the most effective first, and patterns that are known. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "model/log_diagnose.h"

static int add(struct log_diagnosis *d, const char *whom, const char *action, const char *command)
{
	if (!d->remedies || d->n_remedies == d->cap_remedies) {
		size_t cap = d->cap_remedies ? d->cap_remedies * 2 : 8;
		struct log_remedy *more = arena_array(&d->arena, cap, sizeof(*more));

		if (!more)
			return -ENOMEM;
		if (d->n_remedies)
			memcpy(more, d->remedies, d->n_remedies * sizeof(*more));
		d->remedies = more;
		d->cap_remedies = cap;
	}
	d->remedies[d->n_remedies++] = (struct log_remedy){ action, command, whom };
	return 0;
}

#define OPERATOR(action, command) \
	do { if (add(d, "operator", action, command)) return -ENOMEM; } while (0)
#define AUTHOR(action, command) \
	do { if (add(d, "author", action, command)) return -ENOMEM; } while (0)

/* ---- known patterns ---- */

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

static bool has_zone(const struct log_report *r, const char *name)
{
	for (size_t i = 0; i < r->n_zones; i++) {
		if (strcmp(r->zones[i].name, name) == 0)
			return true;
	}
	return false;
}

static bool network(const struct log_report *r)
{
	return (r->subsystem && (strcmp(r->subsystem, "network") == 0 || strcmp(r->subsystem, "usbnet") == 0)) ||
	       calls(r, "alloc_skb") || calls(r, "page_frag") || calls(r, "napi_") || calls(r, "netif_receive");
}

enum pattern {
	P_NONE, P_GPU, P_ZFS, P_USB, P_DRIVER_RING, P_SKB, P_LOWMEM, P_CMA_SMALL, P_MAX_ORDER, P_DMA_ZONE,
	P_VMALLOC_32, P_MEMCG, P_THP, P_FORK, P_NET_ATOMIC, P_MODULE_SPACE
};

static enum pattern pattern_of(const struct log_diagnosis *d, const struct log_report *r)
{
	bool atomic = d->has_gfp && !(d->gfp.flags & GF_DIRECT_RECLAIM);
	bool high = r->has_order && r->order > 0;

	if (d->cause == CAUSE_MEMCG_LIMIT)
		return P_MEMCG;
	if (d->cause == CAUSE_ORDER_TOO_BIG)
		return P_MAX_ORDER;
	if (d->cause == CAUSE_VMALLOC_SPACE)
		return calls(r, "module_alloc") || calls(r, "bpf_jit") || r->range_start.known ? P_MODULE_SPACE : P_VMALLOC_32;
	if (module_is(r, "spl") || module_is(r, "zfs") || module_is(r, "zcommon"))
		return P_ZFS;
	if ((high || !r->has_order) &&
	    (module_is(r, "nvidia") || module_is(r, "amdgpu") || module_is(r, "radeon") || module_is(r, "i915") ||
	    module_is(r, "nouveau") || module_is(r, "kgsl") || module_is(r, "msm_kgsl") || module_is(r, "fglrx") ||
	     module_is(r, "xe") || calls(r, "ttm_pool")))
		return P_GPU;
	if (d->cause == CAUSE_CMA)
		return P_CMA_SMALL;
	if (d->cause == CAUSE_ZONE_RESTRICTED)
		return has_zone(r, "HighMem") ? P_LOWMEM : P_DMA_ZONE;
	if (high && (calls(r, "hpage") || calls(r, "huge_pmd")))
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

static int pattern_remedies(struct log_diagnosis *d, enum pattern p)
{
	switch (p) {
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
		OPERATOR("make the rings smaller", "ethtool -G DEV rx 256 tx 256");
		AUTHOR("allocate the ring once at probe, in pieces of a page, or with kvmalloc where the device does not see it", NULL);
		break;
	case P_SKB:
		d->pattern = "network buffers of more than a page: jumbo frames, or a driver that copies into one block";
		OPERATOR("lower the MTU, or switch receive offloads that build large buffers off", "ethtool -K DEV lro off gro off");
		AUTHOR("receive into page fragments (napi_alloc_frag, page_pool) instead of one linear buffer", NULL);
		break;
	case P_NET_ATOMIC:
		d->pattern = "packets arrive faster than kswapd frees memory: receive buffers are taken with GFP_ATOMIC from the reserve";
		break;
	case P_LOWMEM:
		d->pattern = "32-bit lowmem: kernel data must lie in the lower zones, however much HighMem is free";
		OPERATOR("use a 64-bit kernel, or one with another split of the address space (VMSPLIT_2G)", NULL);
		OPERATOR("protect the lower zones from user pages", "sysctl vm.lowmem_reserve_ratio='256 32 32'");
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
	case P_VMALLOC_32:
		d->pattern = "vmalloc= on 32-bit: the address space for vmalloc is small, and large areas break it up";
		break;
	case P_MODULE_SPACE:
		d->pattern = "modules and BPF programs share a small range of addresses (128 MiB on arm64, 16 MiB on arm)";
		break;
	case P_MEMCG:
		d->pattern = "the limit of a memory cgroup: kernel memory (slab, stacks, page tables) counts against it";
		break;
	case P_THP:
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

/* ---- by cause ---- */

/* A kernel that is too old for a setting is not told of it. */
static bool since(const struct log_diagnosis *d, unsigned int major, unsigned int minor)
{
	return !d->version || d->version >= (major << 16 | minor << 8);
}

static int fragmentation(struct log_diagnosis *d, const struct log_report *r)
{
	bool atomic = d->has_gfp && !(d->gfp.flags & GF_DIRECT_RECLAIM);

	if (atomic) {
		OPERATOR("keep more memory free, so that kswapd and kcompactd have larger blocks ready",
			 "sysctl vm.min_free_kbytes=N     # twice the present value, then look again");
		if (since(d, 5, 9))
			OPERATOR("let compaction work ahead (5.9 and later)", "sysctl vm.compaction_proactiveness=50");
	} else {
		OPERATOR("compact memory now; if the blocks come back, do it before the driver is loaded or the device opened",
			 "echo 1 > /proc/sys/vm/compact_memory");
		if (since(d, 5, 9))
			OPERATOR("let compaction work ahead (5.9 and later)", "sysctl vm.compaction_proactiveness=50");
		OPERATOR("keep more memory free", "sysctl vm.min_free_kbytes=N     # twice the present value, then look again");
	}
	if (since(d, 4, 6))
		OPERATOR("wake kswapd earlier", "sysctl vm.watermark_scale_factor=100");
	if (r->has_order && r->order > PAGE_ALLOC_COSTLY_ORDER) {
		OPERATOR("load the driver at boot, when memory is not yet broken up", NULL);
		AUTHOR("kvmalloc, if the device need not see one contiguous block", "p = kvmalloc(size, GFP_KERNEL);");
	}
	if (atomic && r->has_order && r->order > 0)
		AUTHOR("take the memory beforehand where waiting is allowed: a mempool or a ring allocated at probe", "pool = mempool_create_kmalloc_pool(n, size);");
	AUTHOR("scatter-gather over single pages instead of one block", "sg_alloc_table_from_pages(...)");
	AUTHOR("if there is a fallback, say so: no report, and no hard try for the large block", "gfp | __GFP_NORETRY | __GFP_NOWARN");
	return 0;
}

static int low_memory(struct log_diagnosis *d, const struct log_report *r)
{
	bool atomic = d->has_gfp && !(d->gfp.flags & GF_DIRECT_RECLAIM);
	struct opt_u64 swap = log_kv_get(&r->totals, "total_swap_kb");

	if (atomic) {
		OPERATOR("keep a larger reserve for requests that may not wait", "sysctl vm.min_free_kbytes=N     # twice the present value, then look again");
		if (since(d, 4, 6))
			OPERATOR("wake kswapd earlier, so that bursts meet free memory", "sysctl vm.watermark_scale_factor=100");
		AUTHOR("refill from a context that may wait (GFP_KERNEL in a work item) and keep what could not be replaced", NULL);
	} else {
		OPERATOR("find what holds the memory: slab, page tables, anonymous memory (memtool slab; ps; the report's numbers)", "memtool snapshot");
		if (swap.known && swap.v == 0)
			OPERATOR("give the machine swap or zram: anonymous pages could not be reclaimed at all", "swapon FILE");
	}
	OPERATOR("limit the largest consumers (memory.max of their cgroup), or add memory", NULL);
	return 0;
}

static int reserve(struct log_diagnosis *d)
{
	uint64_t cma = 0, lowmem = 0;

	if (d->marks_absurd) {
		OPERATOR("set the reserve back to a few percent of memory at most; sysctl.d says who raised it",
			 "sysctl vm.min_free_kbytes=65536 vm.lowmem_reserve_ratio='256 256 32 0 0'");
		return 0;
	}
	for (size_t i = 0; i < d->n_checks; i++) {
		const struct watermark_test *t = &d->checks[i].test;

		if (d->checks[i].allowed) {
			cma = sat_add(cma, t->cma > 0 ? (uint64_t)t->cma : 0);
			lowmem = sat_add(lowmem, t->reserve > 0 ? (uint64_t)t->reserve : 0);
		}
	}
	if (cma > lowmem) {
		OPERATOR("a smaller CMA area: its free pages serve user memory and DMA buffers, not the kernel's own data",
			 "cma=64M on the kernel's command line, or linux,cma in the device tree");
	} else {
		OPERATOR("lower what is kept back from requests that could use a higher zone",
			 "sysctl vm.lowmem_reserve_ratio='256 256 32'");
	}
	OPERATOR("keep more memory free outside of the reserves", "sysctl vm.min_free_kbytes=N");
	return 0;
}

static int by_cause(struct log_diagnosis *d, const struct log_report *r)
{
	switch (d->cause) {
	case CAUSE_FRAGMENTATION:
		return fragmentation(d, r);
	case CAUSE_LOW_MEMORY:
		return low_memory(d, r);
	case CAUSE_WATERMARK_RESERVE:
		return reserve(d);
	case CAUSE_ZONE_RESTRICTED:
		if (has_zone(r, "HighMem")) {
			OPERATOR("see what holds lowmem: slab and page tables lie there", "memtool slab");
			return 0;
		}
		OPERATOR("keep user pages out of the zone", "sysctl vm.lowmem_reserve_ratio='32 32 32'");
		AUTHOR("set the device's real DMA mask and drop GFP_DMA/GFP_DMA32", "dma_set_mask_and_coherent(dev, DMA_BIT_MASK(64))");
		return 0;
	case CAUSE_NODE_BOUND:
		OPERATOR("give the node more memory, or widen the cpuset or memory policy", "numactl --preferred=N ...");
		AUTHOR("drop __GFP_THISNODE: a block of another node is slower, not wrong", NULL);
		return 0;
	case CAUSE_ORDER_TOO_BIG:
		OPERATOR("lower the driver's buffer size by its module parameter", NULL);
		OPERATOR("a CMA area, if the driver uses the DMA API", "cma=256M on the kernel's command line");
		AUTHOR("kvmalloc, or check the size before asking: such a size often comes unchecked from user space", "if (size > KMALLOC_MAX_SIZE) return -EINVAL;");
		AUTHOR("dma_alloc_coherent with CMA, or scatter-gather", NULL);
		return 0;
	case CAUSE_SIZE_LIMIT:
		AUTHOR("check the size before asking: it is 0, or more than can ever be had", NULL);
		return 0;
	case CAUSE_MEMCG_LIMIT:
		OPERATOR("raise the limit of the cgroup or the container", "echo BYTES > /sys/fs/cgroup/PATH/memory.max");
		OPERATOR("look what fills it", "cat /sys/fs/cgroup/PATH/memory.stat");
		if (r->kind == LOG_SLUB)
			OPERATOR("kernels before 4.0 and RHEL 7: switch kernel memory accounting off, it leaks there", "cgroup.memory=nokmem on the kernel's command line");
		return 0;
	case CAUSE_VMALLOC_SPACE:
		OPERATOR("on 32-bit: a larger vmalloc area", "vmalloc=512M on the kernel's command line");
		OPERATOR("see who holds the space", "memtool vmalloc");
		OPERATOR("for modules: build large ones in, or unload those not needed", NULL);
		AUTHOR("map less at a time: single pages, or windows of the device's memory", NULL);
		return 0;
	case CAUSE_CMA:
		OPERATOR("a larger area", "cma=256M on the kernel's command line, or linux,cma in the device tree");
		OPERATOR("see how much of it is used", "cat /sys/kernel/debug/cma/*/{count,used,maxchunk}");
		if (r->error == -16)
			OPERATOR("avoid long pins of user memory in the area (RDMA, VFIO, io_uring buffers)", NULL);
		AUTHOR("allocate the buffers once and early, and reuse them", NULL);
		return 0;
	case CAUSE_SWIOTLB:
		if (r->size_bytes.known && r->size_bytes.v > 262144)
			AUTHOR("limit the segment size: one mapping through the bounce buffer holds 256 KiB", "dma_max_mapping_size(dev)");
		OPERATOR("a larger bounce buffer", "swiotlb=65536 on the kernel's command line (slots of 2 KiB)");
		OPERATOR("an IOMMU, so that nothing needs bouncing", "intel_iommu=on or amd_iommu=on on the kernel's command line");
		AUTHOR("set a 64-bit DMA mask if the device can, and unmap what was mapped", "dma_set_mask_and_coherent(dev, DMA_BIT_MASK(64))");
		return 0;
	case CAUSE_UNSUPPORTED:
		AUTHOR("leave out the zone flags: slab caches choose the zone when they are created", NULL);
		return 0;
	default:
		return 0;
	}
}

int log_remedies(struct log_diagnosis *d, const struct log_report *r)
{
	int err;

	if (r->event == LOG_EV_IOMMU) {
		AUTHOR("set a 64-bit DMA mask if the device can: it then gets a window of all memory, and unmap what was mapped", "dma_set_mask_and_coherent(dev, DMA_BIT_MASK(64))");
		return 0;
	}
	if (r->event == LOG_EV_HUGETLB) {
		OPERATOR("ask for as many as fit, per node if they must lie there", "hugepagesz=1G hugepages=0:2,1:2 on the kernel's command line");
		return 0;
	}
	if (r->event == LOG_EV_NOFAIL_ORDER) {
		AUTHOR("single pages need no promise for a block: map them together", "kvmalloc(size, GFP_KERNEL | __GFP_NOFAIL)");
		return 0;
	}
	if (r->kind == LOG_OTHER && r->event != LOG_EV_STALL && r->event != LOG_EV_NOMMU && r->event != LOG_EV_ORDER_ABOVE_MAX &&
	    r->event != LOG_EV_DMA_POOL && r->event != LOG_EV_UNEXPECTED_GFP)
		return 0;
	err = pattern_remedies(d, pattern_of(d, r));
	if (err)
		return err;
	if (r->event == LOG_EV_DMA_POOL)
		OPERATOR("set the pool's size", "coherent_pool=2M on the kernel's command line");
	if (r->kind == LOG_PERCPU && d->cause == CAUSE_LOW_MEMORY)
		OPERATOR("fewer possible CPUs: each percpu object exists once for each", "nr_cpus=N or possible_cpus=N on the kernel's command line");
	return by_cause(d, r);
}
