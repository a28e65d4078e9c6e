// SPDX-License-Identifier: GPL-2.0-or-later
/* What is set up at boot or at start, and limits that somebody set. */
#include <inttypes.h>

#include "kernel/cma.h"
#include "kernel/dma.h"
#include "kernel/memcg.h"
#include "kernel/vmalloc.h"
#include "model/remedies.h"

/* The kernel's lowmem beside a larger vmalloc range: half of a gigabyte is too little for any machine. */
#define VMALLOC_MOST (UINT64_C(896) << 20)
#define VMALLOC_STEP (UINT64_C(64) << 20)

static void try_cma(struct search *s, int mask, const char *action)
{
	struct cma_boot b = cma_boot(s->e->mm, remedy_bytes(s), mask);

	if (b.mib)
		remedy_add_boot(s, action, cma_boot_option(&s->e->arena, &b));
}

/* dma_alloc_contiguous: CMA is for who may sleep, and for more than a page. Behind an IOMMU pages do. */
static void try_dma_cma(struct search *s)
{
	if (s->r->gfp.flags & GF_DIRECT_RECLAIM && dma_path(s->e->mm) != DMA_PATH_IOMMU)
		try_cma(s, s->r->dma_mask ? s->r->dma_mask : 32,
			"reserve a CMA area at boot: coherent buffers come from it first");
}

void remedy_reservations(struct search *s)
{
	const struct mm *mm = s->e->mm;
	uint64_t bytes = remedy_bytes(s), all = sat_mul(mm->total_pages, mm->page_size);
	unsigned int order = get_order(bytes, mm->page_size);

	if (s->r->api == API_CMA_ALLOC)
		try_cma(s, 64, "reserve a CMA area at boot");
	if (!remedy_contiguous(s->r) || s->r->api == API_THP || bytes <= mm->page_size || bytes > all / 4 ||
	    s->v->cause == CAUSE_UNSUPPORTED || s->v->cause == CAUSE_MEMCG_LIMIT)
		return;
	if (s->r->api == API_DMA_ALLOC_COHERENT)
		try_dma_cma(s);
	else if (s->r->api == API_HUGETLB)
		remedy_add_boot(s, "reserve huge pages at boot, before memory fragments", "hugepages=N");
	else if (order <= mm->max_order && (s->v->zone || !mm->n_zones) && s->r->api != API_FOLIO_ALLOC && !(s->r->gfp.flags & GF_MOVABLE))
		remedy_add(s, RESERVED, true, "allocate once at start and keep it in a pool",
			   "mempool_create() in probe, mempool_alloc() later");
}

/* vmalloc= of 32-bit kernels: what there is, and the request beside it, if that leaves room for lowmem. */
static void try_vmalloc_range(struct search *s)
{
	const struct mm *mm = s->e->mm;
	uint64_t today = opt_or(vmalloc_space(mm).total_bytes, UINT64_C(128) << 20);
	uint64_t want = sat_add(sat_add(today, remedy_bytes(s)), mm->page_size);

	want = sat_mul(want / VMALLOC_STEP + (want % VMALLOC_STEP != 0), VMALLOC_STEP);
	if (opt_or(mm->snap->kernel.word_bits, 64) != 32 || want > VMALLOC_MOST)
		return;
	remedy_add_boot(s, "give vmalloc more address space, at the cost of as much lowmem",
			arena_printf(&s->e->arena, "vmalloc=%" PRIu64 "M", want >> 20));
}

/* Limits and switches that somebody set. */
void remedy_limits(struct search *s)
{
	struct request r = *s->r;

	if (s->v->cause == CAUSE_MEMCG_LIMIT) {
		struct memcg_room room = memcg_room(s->e->mm);

		r.gfp.flags &= ~(uint32_t)GF_ACCOUNT;
		remedy_add(s, remedy_ask(s, &r), false, "raise the limit of the memory cgroup",
			   arena_printf(&s->e->arena, "echo %" PRIu64 " > /sys/fs/%s",
					sat_add(sat_mul(room.limit_bytes, 2), remedy_bytes(s)),
					room.level ? room.level : "cgroup/memory.max"));
	}
	if (s->v->cause == CAUSE_VMALLOC_SPACE)
		try_vmalloc_range(s);
	if (s->r->api == API_THP && s->v->cause == CAUSE_UNSUPPORTED &&
	    snapshot_setting(s->e->mm->snap, "transparent_hugepage/enabled")) {
		r.gfp_given = true;
		remedy_add(s, remedy_ask(s, &r), false, "allow transparent huge pages to mappings that ask for them",
			   "echo madvise > /sys/kernel/mm/transparent_hugepage/enabled");
	}
}
