// SPDX-License-Identifier: GPL-2.0-or-later
/* Per-CPU memory, huge pages and socket buffers. */
#include <inttypes.h>
#include <string.h>

#include "kernel/order.h"
#include "kernel/slab.h"
#include "kernel/vmalloc.h"
#include "model/api.h"

/* include/linux/percpu.h:PCPU_MIN_UNIT_SIZE, PFN_ALIGN(32 << 10): the most that one request gets a CPU. */
static uint64_t pcpu_min_unit_size(const struct mm *mm)
{
	return mm->page_size > 32768 ? mm->page_size : 32768;
}

/* So many empty pages, and no fewer than LOW, are kept populated for those who cannot wait. */
#define PCPU_EMPTY_POP_PAGES_LOW 2
#define PCPU_EMPTY_POP_PAGES_HIGH 4

/*
 * Room in a populated chunk is not to be seen. A machine that was just started has none for HIGH pages; each request
 * that fails has HIGH more of them populated, and from then on there is room for a while
 * (pcpu_balance_populated). tests/vm/collect, which asks little, gave 0 of 43 to four pages at what meminfo's
 * Percpu begins with and 38 of 38 above, and 21 of 81 to eight; check-vm, which asks on, 252 of 255 and 148 of
 * 199, and 53 of 59 to three. Which of them a machine is like nothing tells: Percpu grows from what the kernel's
 * own areas take, and how much that is stands in no file. The figures lie between.
 */
static double populated_room(const struct mm *mm, uint64_t size)
{
	uint64_t pages = size / mm->page_size + (size % mm->page_size != 0);

	if (pages <= PCPU_EMPTY_POP_PAGES_LOW)
		return 0.99;
	if (pages < PCPU_EMPTY_POP_PAGES_HIGH)
		return 0.95;
	return pages < 2 * PCPU_EMPTY_POP_PAGES_HIGH ? 0.78 : 0.66;
}

void explain_percpu(struct explain *e, const struct request *r, struct verdict *v)
{
	struct mm *mm = e->mm;
	uint64_t size = request_bytes(e, r), most = pcpu_min_unit_size(mm), reclaimable, available;
	unsigned int cpus = mm->possible_cpus ? mm->possible_cpus : 1;
	uint64_t need = sat_mul(size / mm->page_size + 1, cpus);
	/* is_atomic of pcpu_alloc. */
	uint32_t wanted = mm->rules.percpu_by_blocking ? (uint32_t)GF_DIRECT_RECLAIM : GF_KERNEL;
	bool blocking = (r->gfp.flags & wanted) == wanted;
	struct step *s = verdict_step(e, v, "percpu", size && size <= most ? "pass" : "fail", -1, NULL);

	step_number(s, "size_bytes", (int64_t)size);
	step_number(s, "limit_bytes", (int64_t)most);
	step_number(s, "possible_cpus", cpus);
	step_rule(s, "mm/percpu.c:pcpu_alloc");
	step_note(e, s, "a request may have %" PRIu64 " bytes for each of %u possible CPU%s", most, cpus, plural(cpus));
	v->bytes_used = sat_mul(size, cpus);
	if (size == 0 || size > most) {
		v->cause = CAUSE_SIZE_LIMIT;
		v->at_once = true;
		v->summary = arena_printf(&e->arena, "alloc_percpu takes 1 to %" PRIu64 " bytes a CPU", most);
		return;
	}
	available = order0_available(mm, r->gfp.flags | GF_HIGHMEM, r->local_node, e->zonelist,
				     &reclaimable);
	v->cause = CAUSE_LOW_MEMORY;
	v->mechanism = MECHANISM_VMALLOC;
	/* A new chunk takes single pages. */
	if (!blocking)
		v->probability = populated_room(mm, size);
	else if (need <= available)
		v->probability = 0.99;
	else
		v->probability = need <= sat_add(available, reclaimable) ? 0.95 : 0.6;
	v->at_once = blocking && need <= available;
	v->may_wait = blocking;
	v->summary = arena_printf(&e->arena,
				  "alloc_percpu %s: %" PRIu64 " byte%s on each of %u CPU%s, %s",
				  verdict_phrase(v->probability), size, plural(size), cpus, plural(cpus),
				  blocking ? "in a chunk that is there or a new one of single pages"
					   : "only in a chunk that is populated already");
}

/* Whether the kernel has a pool for pages of @bytes; true if its pools were not read. */
static bool has_pool(const struct mm *mm, uint64_t bytes)
{
	for (size_t i = 0; i < mm->snap->n_hugepages; i++) {
		if (sat_mul(mm->snap->hugepages[i].size_kb, 1024) == bytes)
			return true;
	}
	return mm->snap->n_hugepages == 0;
}

/* CONFIG_HUGETLB_PAGE: fs/proc/meminfo.c prints its pool, be it empty. */
static bool hugetlb_built(const struct mm *mm)
{
	return mm->snap->n_hugepages || mm->snap->meminfo.n == 0 ||
	       kv_get(&mm->snap->meminfo, "HugePages_Total").known;
}

/* CONFIG_TRANSPARENT_HUGEPAGE: its files and its counters (thp_fault_alloc, 2.6.38 and later). */
static bool thp_built(const struct mm *mm)
{
	const char *config = kconfig_get(&mm->snap->kconfig, "TRANSPARENT_HUGEPAGE");

	if (snapshot_setting(mm->snap, "transparent_hugepage/enabled") || (config && strcmp(config, "y") == 0))
		return true;
	return !mm->snap->has_kconfig && (mm->snap->vmstat.n == 0 || kv_get(&mm->snap->vmstat, "thp_fault_alloc").known);
}

static void not_built(struct verdict *v, const char *summary)
{
	v->cause = CAUSE_UNSUPPORTED;
	v->at_once = true;
	v->bytes_used = 0;
	v->summary = summary;
}

/* mm/hugetlb.c:alloc_gigantic_folio: a whole range of the zone must be free or movable. */
static void gigantic_page(struct explain *e, struct verdict *v, uint64_t size, unsigned int order)
{
	struct step *s = verdict_step(e, v, "contig_pages", "maybe", -1, NULL);

	step_number(s, "order", order);
	step_rule(s, "mm/hugetlb.c:alloc_gigantic_folio, mm/page_alloc.c:alloc_contig_pages");
	step_note(e, s, "larger than any block: a range of order %u that nothing unmovable lies in is looked for", order);
	v->cause = CAUSE_FRAGMENTATION;
	v->mechanism = MECHANISM_DIRECT_COMPACTION;
	v->may_wait = true;
	if (sat_mul(e->mm->total_pages, e->mm->page_size) < size) {
		v->at_once = true;
		v->cause = CAUSE_LOW_MEMORY;
		v->mechanism = MECHANISM_NONE;
		v->summary = arena_printf(&e->arena, "a gigantic page of order %u is larger than all memory", order);
		return;
	}
	v->probability = sat_mul(e->mm->total_pages, e->mm->page_size) / 4 > size ? 0.3 : 0.03;
	v->summary = arena_printf(
		&e->arena,
		"gigantic page of order %u %s: one unmovable page in each aligned range is enough to refuse it",
		order, verdict_phrase(v->probability));
}

void explain_hugetlb(struct explain *e, const struct request *r, struct verdict *v)
{
	struct mm *mm = e->mm;
	bool measured = r->size.known || r->order >= 0;
	uint64_t size = measured ? request_bytes(e, r) : default_huge_page(mm->snap, mm->page_size);
	unsigned int order = get_order(size, mm->page_size);
	struct page_request pr = page_request_of(r, order, r->gfp.flags);
	struct page_outcome o;

	if (!hugetlb_built(mm)) {
		not_built(v, "this kernel is built without hugetlb (CONFIG_HUGETLB_PAGE)");
		return;
	}
	v->bytes_used = size;
	if (!has_pool(mm, size)) {
		v->cause = CAUSE_UNSUPPORTED;
		v->at_once = true;
		v->summary = arena_printf(&e->arena, "this kernel has no huge pages of %" PRIu64 " KiB",
					  size / 1024);
		return;
	}
	if (order > mm->max_order) {
		gigantic_page(e, v, size, order);
		return;
	}
	page_alloc(e, &pr, &o, v);
	verdict_from_pages(v, &o);
	v->summary = arena_printf(&e->arena, "a new huge page of order %u %s: %s", order,
				  verdict_phrase(o.probability), page_clause(e, &o));
}

/* mm/huge_memory.c:vma_thp_gfp_mask: @madvised says whether the mapping asked for huge pages. */
static uint32_t vma_thp_gfp_mask(const char *defrag, bool madvised)
{
	uint32_t direct = api_default_gfp(API_THP), light = direct & ~GF_RECLAIM;

	if (!defrag || strstr(defrag, "[madvise]"))
		return madvised ? direct : light;
	if (strstr(defrag, "[always]"))
		return direct | (madvised ? 0 : (uint32_t)GF_NORETRY);
	if (strstr(defrag, "[defer]"))
		return light | GF_KSWAPD_RECLAIM;
	if (strstr(defrag, "[defer+madvise]"))
		return light | (uint32_t)(madvised ? GF_DIRECT_RECLAIM : GF_KSWAPD_RECLAIM);
	return light;
}

void explain_thp(struct explain *e, const struct request *r, struct verdict *v)
{
	struct mm *mm = e->mm;
	const char *enabled = snapshot_setting(mm->snap, "transparent_hugepage/enabled");
	const char *defrag = snapshot_setting(mm->snap, "transparent_hugepage/defrag");
	bool madvised = enabled && strstr(enabled, "[madvise]");
	unsigned int order = r->order >= 0 ? (unsigned int)r->order : hpage_pmd_order(mm->snap, mm->page_size);
	uint32_t gfp = r->gfp_given ? r->gfp.flags : vma_thp_gfp_mask(defrag, madvised);
	struct page_request pr = page_request_of(r, order, gfp);
	struct page_outcome o;
	struct step *s = verdict_step(e, v, "thp", thp_built(mm) ? "pass" : "fail", -1, NULL);

	if (!thp_built(mm)) {
		step_note(e, s, "not built in");
		not_built(v, "this kernel is built without transparent huge pages (CONFIG_TRANSPARENT_HUGEPAGE)");
		return;
	}
	if (r->size.known && r->order < 0)
		pr.order = order = get_order(r->size.v, mm->page_size);
	step_note(e, s, "enabled: %s; defrag: %s", enabled ? enabled : "not known", defrag ? defrag : "not known");
	step_text(s, "enabled", enabled);
	step_text(s, "defrag", defrag);
	step_number(s, "order", order);
	step_rule(s, "mm/huge_memory.c:vma_thp_gfp_mask");
	v->bytes_used = sat_shl(mm->page_size, order);
	if (enabled && strstr(enabled, "[never]") && !r->gfp_given) {
		v->cause = CAUSE_UNSUPPORTED;
		v->at_once = true;
		v->summary = "transparent huge pages are set to never";
		return;
	}
	page_alloc(e, &pr, &o, v);
	verdict_from_pages(v, &o);
	v->summary = arena_printf(&e->arena, "a huge page of order %u on a fault%s %s: %s%s", order,
				  madvised ? " (madvised mapping)" : "", verdict_phrase(o.probability),
				  page_clause(e, &o),
				  verdict_of(o.probability) <= LIKELY_FAILS ? "; small pages take its place"
									    : "");
}

/* SKB_SMALL_HEAD_CACHE_SIZE on 64 bits (6.3 and later). */
#define SKB_SMALL_HEAD 704

/*
 * net/core/skbuff.c:__alloc_skb, kmalloc_reserve: the data, with the shared info
 * behind it. Small ones have a cache of their own from 6.3 on.
 */
void explain_skb(struct explain *e, const struct request *r, struct verdict *v)
{
	struct request k = *r;
	struct slab_cache small;

	k.order = -1;
	k.size = opt_u64(skb_data_bytes(e->mm->snap, request_bytes(e, r)));
	k.gfp.flags |= GF_NOMEMALLOC | GF_NOWARN;
	k.cache = "skbuff_small_head";
	if (k.size.v <= SKB_SMALL_HEAD && !(k.gfp.flags & (GF_DMA | GF_RECLAIMABLE | GF_ACCOUNT)) &&
	    slab_cache_find(e->mm, k.cache, 0, &small)) {
		k.api = API_KMEM_CACHE_ALLOC;
		explain_kmem_cache(e, &k, v);
	} else {
		k.api = API_KMALLOC;
		explain_kmalloc(e, &k, v);
	}
	if (v->summary)
		v->summary = arena_printf(&e->arena, "skb data of %" PRIu64 " bytes: %s", k.size.v, v->summary);
}
