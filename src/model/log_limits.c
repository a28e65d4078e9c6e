// SPDX-License-Identifier: GPL-2.0-or-later
/* Remedies against limits and areas of a fixed size, from the size that the report names. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "model/log_advice.h"
#include "model/log_kinds.h"

#define SEGMENT_BYTES (UINT64_C(256) << 10) /* IO_TLB_SEGSIZE slots of 1 << IO_TLB_SHIFT */

/* ---- memory cgroups ---- */

enum hierarchy { CGROUP_NOT_KNOWN, CGROUP_V1, CGROUP_V2 };

/*
 * mm/memcontrol.c:mem_cgroup_print_oom_meminfo: "memory+swap" and "kmem" of v1, "swap" of v2; to 5.2 the former of
 * both, those of v2 staying 0. Before 4.5 there was v1 only.
 */
static enum hierarchy hierarchy_of(const struct log_advice *a)
{
	const struct log_kvs *kv = &a->r->memcg;
	bool known = a->d->version != 0;

	if (log_kv_get(kv, "swap_limit_kb").known)
		return CGROUP_V2;
	if (opt_or(log_kv_get(kv, "memory_swap_usage_kb"), 0) || opt_or(log_kv_get(kv, "kmem_usage_kb"), 0) ||
	    (known && !log_since(a, 4, 5)))
		return CGROUP_V1;
	if (known && log_since(a, 5, 3) && kv->n)
		return log_kv_get(kv, "memory_swap_limit_kb").known ? CGROUP_V1 : CGROUP_V2;
	return CGROUP_NOT_KNOWN;
}

/* The cgroup as the report names it, where a shell takes that as it stands. */
static const char *path_of(const struct log_advice *a)
{
	const char *p = a->r->kind == LOG_OOM && a->r->oom_memcg ? a->r->oom_memcg : "";

	return *p == '/' && !p[strspn(p, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._:@-")] ? p : "/PATH";
}

/* Twice a limit; one that nobody set is none. */
static const char *twice(const struct log_advice *a, struct opt_u64 limit_kb)
{
	if (!limit_kb.known || !limit_kb.v || limit_kb.v >= LOG_NO_LIMIT_KB)
		return "BYTES";
	return log_size_word(a, sat_mul(limit_kb.v, 2048));
}

static int raise_v1(const struct log_advice *a, const char *path)
{
	struct opt_u64 memory = log_kv_get(&a->r->memcg, "memory_limit_kb"), both = log_kv_get(&a->r->memcg, "memory_swap_limit_kb");
	uint64_t used = opt_or(log_kv_get(&a->r->memcg, "memory_usage_kb"), 0);
	bool hit = log_memsw_hit(a->r);

	/* That of memory may not be above that of memory and swap. */
	if (hit || (memory.known && both.known && both.v < sat_mul(memory.v, 2) && both.v < LOG_NO_LIMIT_KB))
		OPERATOR("raise the limit of memory and swap of the cgroup or the container",
			 "echo %s > /sys/fs/cgroup/memory%s/memory.memsw.limit_in_bytes", twice(a, both), path);
	/* Of memory alone there was some left: only the two together are too low. */
	if ((!memory.known || memory.v < LOG_NO_LIMIT_KB) && !(hit && used < memory.v - memory.v / 16))
		OPERATOR("raise the limit of the cgroup or the container", "echo %s > /sys/fs/cgroup/memory%s/memory.limit_in_bytes",
			 twice(a, memory), path);
	OPERATOR("look what fills it", "cat /sys/fs/cgroup/memory%s/memory.stat", path);
	return 0;
}

int log_memcg_advice(const struct log_advice *a)
{
	const char *path = path_of(a), *limit = twice(a, log_kv_get(&a->r->memcg, "memory_limit_kb"));
	enum hierarchy h = hierarchy_of(a);

	if (h == CGROUP_V1) {
		if (raise_v1(a, path))
			return -ENOMEM;
	} else if (h == CGROUP_V2) {
		OPERATOR("raise the limit of the cgroup or the container", "echo %s > /sys/fs/cgroup%s/memory.max", limit, path);
		OPERATOR("look what fills it", "cat /sys/fs/cgroup%s/memory.stat", path);
	} else {
		OPERATOR("raise the limit of the cgroup or the container: memory.max, or memory.limit_in_bytes of cgroup v1",
			 "echo %s > /sys/fs/cgroup%s/memory.max     # v1: .../memory%s/memory.limit_in_bytes", limit, path, path);
		OPERATOR("look what fills it", "cat /sys/fs/cgroup%s/memory.stat     # v1: .../memory%s/memory.stat", path, path);
	}
	if ((a->r->kind == LOG_SLUB || a->r->kind == LOG_VMALLOC) && log_since(a, 4, 5))
		OPERATOR("do not count kernel memory against cgroups (4.5 and later)", "cgroup.memory=nokmem on the kernel's command line");
	return 0;
}

/* ---- vmalloc ---- */

/* x86 and arm take vmalloc=; beyond 1 GiB lowmem has no room. */
static int larger_vmalloc(const struct log_advice *a, uint64_t need)
{
	uint64_t span = a->r->range_end.known ? sat_sub(a->r->range_end.v, opt_or(a->r->range_start, 0)) : 0;
	uint64_t want = sat_mul(span, 2) > sat_add(span, need) ? sat_mul(span, 2) : sat_add(span, need);
	const char *action;

	want = sat_add(want, (1 << 20) - 1) & ~((UINT64_C(1) << 20) - 1);
	if (span && want > UINT64_C(1) << 30)
		return 0;
	if (span) {
		action = arena_printf(&a->d->arena, "a larger vmalloc area than the %s of now", log_bytes(a->d, span));
		OPERATOR(action, "vmalloc=%s on the kernel's command line", log_size_word(a, want));
		return 0;
	}
	action = need ? arena_printf(&a->d->arena, "on 32-bit: a vmalloc area larger than that of now (VmallocTotal in /proc/meminfo) by %s at least",
				     log_bytes(a->d, need))
		      : "on 32-bit: a vmalloc area larger than that of now (VmallocTotal in /proc/meminfo)";
	OPERATOR(action, "vmalloc=SIZE on the kernel's command line");
	return 0;
}

/* The trace has a function whose name begins so. */
static bool called(const struct log_report *r, const char *start)
{
	for (size_t i = 0; i < r->n_frames; i++) {
		if (strncmp(r->frames[i].function, start, strlen(start)) == 0)
			return true;
	}
	return false;
}

int log_vmalloc_advice(const struct log_advice *a)
{
	/* A new chunk of percpu holds many objects. */
	uint64_t need = a->r->kind == LOG_PERCPU ? 0 : opt_or(a->d->size_bytes, 0);
	bool modules = log_module_range(a->r);

	if (modules && called(a->r, "bpf_jit"))
		OPERATOR("let the kernel interpret BPF programs, where it is built to: they need no room there", "sysctl net.core.bpf_jit_enable=0");
	if (log_word_bits(a->r) != 64 && !modules && larger_vmalloc(a, need))
		return -ENOMEM;
	if (modules)
		OPERATOR("build large modules in, or unload those not needed", NULL);
	/* arm's unwinder. Its modules must lie within 32 MiB of the kernel unless they have tables of branches. */
	if (modules && log_word_bits(a->r) == 32 && called(a->r, "unwind_backtrace") && log_since(a, 4, 2))
		OPERATOR("a kernel with CONFIG_ARM_MODULE_PLTS (4.2 and later): what finds no room there goes to the vmalloc area", NULL);
	OPERATOR("see who holds the space", "memtool vmalloc");
	if (!modules)
		AUTHOR("map less at a time: single pages, or windows of the device's memory", NULL);
	return 0;
}

/* ---- CMA ---- */

static bool is_default_area(const char *area)
{
	return !area || strcmp(area, "reserved") == 0 || strcmp(area, "linux,cma") == 0 || strcmp(area, "default") == 0;
}

/* What makes an area of its own larger, by the name that the kernel gives it. */
static int other_area(const struct log_advice *a)
{
	if (strncmp(a->r->area, "hugetlb", 7) == 0)
		OPERATOR("a larger area for huge pages", "hugetlb_cma=SIZE on the kernel's command line");
	else if (strncmp(a->r->area, "pernuma", 7) == 0)
		OPERATOR("a larger area on each node", "cma_pernuma=SIZE on the kernel's command line");
	else
		OPERATOR("a larger area: its node below reserved-memory in the device tree", NULL);
	return 0;
}

static int larger_cma(const struct log_advice *a)
{
	uint64_t page = opt_or(a->r->page_size, 4096), asked = opt_or(a->r->pages, 0), now = opt_or(a->r->total_pages, 0);
	uint64_t want = sat_mul(now, 2) > sat_add(now, asked) ? sat_mul(now, 2) : sat_add(now, asked);
	const char *action;

	if (!is_default_area(a->r->area))
		return other_area(a);
	if (!now) {
		action = arena_printf(&a->d->arena, "a larger area than now (CmaTotal in /proc/meminfo), by the %s that were asked for at least",
				      log_bytes(a->d, sat_mul(asked, page)));
		OPERATOR(action, "cma=SIZE on the kernel's command line, or linux,cma in the device tree");
		return 0;
	}
	action = arena_printf(&a->d->arena, "a larger area than the %s of now", log_bytes(a->d, sat_mul(now, page)));
	OPERATOR(action, "cma=%s on the kernel's command line, or linux,cma in the device tree",
		 log_size_word(a, log_pow2_up(sat_mul(want, page))));
	return 0;
}

int log_cma_advice(const struct log_advice *a)
{
	if (a->r->error == -4) /* the task was killed while it waited */
		return 0;
	if (a->r->error == -16)
		OPERATOR("avoid long pins of user memory in the area (RDMA, VFIO, io_uring buffers)", NULL);
	if (larger_cma(a))
		return -ENOMEM;
	OPERATOR("see how much of it is used", "cat /sys/kernel/debug/cma/*/{count,used,maxchunk}");
	AUTHOR("allocate the buffers once and early, and reuse them", NULL);
	return 0;
}

/* There is none before 3.5; without it a report that names RAM has no "cma reserved", which others print since 3.19. */
static bool may_have_cma(const struct log_advice *a)
{
	if (!log_since(a, 3, 5))
		return false;
	return !log_since(a, 3, 19) || !log_kv_get(&a->r->totals, "ram_pages").known ||
	       log_kv_get(&a->r->totals, "cma_reserved_pages").known;
}

int log_too_big_advice(const struct log_advice *a)
{
	uint64_t need = opt_or(a->d->size_bytes, 0), page = opt_or(a->r->page_size, 4096);
	uint64_t now = sat_mul(opt_or(log_kv_get(&a->r->totals, "cma_reserved_pages"), 0), page);

	OPERATOR("lower the driver's buffer size by its module parameter", NULL);
	if (need && may_have_cma(a))
		OPERATOR("a CMA area, if the driver uses the DMA API", "cma=%s on the kernel's command line",
			 log_size_word(a, log_pow2_up(sat_mul(sat_add(need, now), 2))));
	else if (may_have_cma(a))
		OPERATOR("a CMA area that holds the buffer, if the driver uses the DMA API", "cma=SIZE on the kernel's command line");
	AUTHOR("check the size before asking: such a size often comes unchecked from user space", "if (size > KMALLOC_MAX_SIZE) return -EINVAL;");
	if (log_kvmalloc_advice(a))
		return -ENOMEM;
	AUTHOR("dma_alloc_coherent with CMA, or scatter-gather", NULL);
	return 0;
}

/* ---- bounce buffer ---- */

int log_swiotlb_advice(const struct log_advice *a)
{
	const struct log_report *r = a->r;
	uint64_t slots = opt_or(r->slots, 0);
	const char *action;

	if (r->slots.known && !slots) {
		OPERATOR("a bounce buffer: none is set up where an IOMMU was found, or where all memory lay below 4 GiB at boot",
			 "swiotlb=force on the kernel's command line, or iommu=soft (x86)");
	} else if (r->size_bytes.known && r->size_bytes.v > SEGMENT_BYTES) {
		AUTHOR("limit the segment size: one mapping through the bounce buffer holds 256 KiB",
		       log_since(a, 5, 1) ? "dma_max_mapping_size(dev)" : "dma_set_max_seg_size(dev, SZ_256K)");
	} else if (slots) {
		action = arena_printf(&a->d->arena, "a larger bounce buffer than the %" PRIu64 " slots of now", slots);
		OPERATOR(action, "swiotlb=%" PRIu64 " on the kernel's command line (slots of 2 KiB)", sat_mul(slots, 2));
	} else {
		OPERATOR("a larger bounce buffer than now (dmesg: software IO TLB)", "swiotlb=SLOTS on the kernel's command line (of 2 KiB)");
	}
	OPERATOR("an IOMMU, so that nothing needs bouncing: on in the firmware, and neither off nor iommu=pt on the command line; Intel's may need a word",
		 "intel_iommu=on on the kernel's command line");
	AUTHOR("set a 64-bit DMA mask if the device can, and unmap what was mapped",
	       "%s(dev, DMA_BIT_MASK(64))", log_mask_call(a));
	return 0;
}

/* ---- percpu ---- */

/* mm/percpu.c:pcpu_alloc, by the words that it gives for each way out. */
int log_percpu_advice(const struct log_advice *a)
{
	const char *why = a->r->reason ? a->r->reason : "";

	if (strstr(why, "reserved chunk")) {
		OPERATOR("unload modules that are not needed, or build those with percpu variables in: static ones of modules share a reserve of fixed size", NULL);
		AUTHOR("alloc_percpu in place of DEFINE_PER_CPU: dynamic ones do not lie in that reserve", "p = alloc_percpu(struct x);");
	} else if (strstr(why, "no space left")) {
		AUTHOR("allocate where waiting is allowed: with GFP_KERNEL more of the area is populated", "p = alloc_percpu(struct x);");
		AUTHOR("if there is a fallback, say so, and try again later: what is missing is populated in the background", "gfp | __GFP_NOWARN");
	} else if (a->d->cause == CAUSE_SIZE_LIMIT) {
		AUTHOR("check the size before asking: it is 0, or more than can ever be had", NULL);
	} else {
		OPERATOR("fewer possible CPUs: each percpu object exists once for each", "nr_cpus=N or possible_cpus=N on the kernel's command line");
		if (a->d->cause == CAUSE_VMALLOC_SPACE)
			return log_vmalloc_advice(a);
		OPERATOR("find what holds the memory: slab, page tables, anonymous memory (memtool slab; ps)", "memtool snapshot");
	}
	return 0;
}

bool log_boot_table(const struct log_report *r)
{
	return r->api && called(r, "alloc_large_system_hash");
}

int log_boot_table_advice(const struct log_advice *a)
{
	static const struct {
		const char *asker, *parameter;
	} tables[] = {
		{ "dcache_init", "dhash_entries" }, { "inode_init", "ihash_entries" }, { "mnt_init", "mhash_entries" },
		{ "tcp_init", "thash_entries" }, { "udp_table_init", "uhash_entries" },
	};

	a->d->pattern = "hash tables that the kernel makes at boot, as large as fits the machine's memory: of a crash kernel's, too, if that is much";
	for (size_t i = 0; i < ARRAY_SIZE(tables); i++) {
		if (a->r->requester && strcmp(a->r->requester, tables[i].asker) == 0)
			OPERATOR("a smaller table", "%s=N on the kernel's command line", tables[i].parameter);
	}
	return 0;
}

bool log_fills_dma_pool(const struct log_report *r)
{
	for (size_t i = 0; i < r->n_frames; i++) {
		if (strcmp(r->frames[i].function, "dma_atomic_pool_init") == 0)
			return true;
	}
	return false;
}

/* kernel/dma/pool.c (5.8) tries smaller blocks down to a page; its forerunners of arm and arm64 ask for one. */
int log_dma_pool_advice(const struct log_advice *a)
{
	uint64_t size = opt_or(a->d->size_bytes, 0);
	int largest = a->zones_d->largest_order;

	if (a->d->cause == CAUSE_ZONE_RESTRICTED && largest >= 0)
		OPERATOR("nothing: smaller blocks are tried next. So that the kernel is silent, a pool no larger than the largest block of the zone",
			 "coherent_pool=%s on the kernel's command line", log_size_word(a, sat_shl(opt_or(a->zones_r->page_size, 4096), (unsigned int)largest)));
	if (a->d->cause == CAUSE_SIZE_LIMIT && size) {
		OPERATOR("a larger pool", "coherent_pool=%s on the kernel's command line", log_size_word(a, sat_mul(size, 2)));
	} else if (a->d->cause == CAUSE_ZONE_RESTRICTED) {
		OPERATOR("a crash kernel: reserve low memory for it too; elsewhere nothing, unless a device asks for memory of that zone",
			 "crashkernel=SIZE,low on the command line of the kernel that loads it");
	} else if (size && !a->d->has_gfp) {
		OPERATOR("a smaller pool", "coherent_pool=%s on the kernel's command line", log_size_word(a, size / 2));
	}
	return 0;
}

/* mm/hugetlb.c:hugetlb_hstate_alloc_pages: as many as were had, on the node that it names. */
int log_hugetlb_advice(const struct log_advice *a)
{
	uint64_t size = opt_or(a->d->size_bytes, 0), got = size ? opt_or(a->r->allocated_bytes, 0) / size : 0;
	const char *node = a->r->first_line ? strstr(a->r->first_line, "failed node") : NULL;

	if (!got)
		OPERATOR("ask for fewer or smaller ones, or add memory", NULL);
	else if (node)
		OPERATOR("ask for as many as the node has room for", "hugepagesz=%s hugepages=%.*s:%" PRIu64 " on the kernel's command line",
			 log_size_word(a, size), (int)strspn(node + 11, "0123456789"), node + 11, got);
	else
		OPERATOR("ask for as many as there is room for", "hugepagesz=%s hugepages=%" PRIu64 " on the kernel's command line",
			 log_size_word(a, size), got);
	return 0;
}
