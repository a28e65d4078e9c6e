// SPDX-License-Identifier: GPL-2.0-or-later
/* Reports of one or a few lines: SLUB, CMA, swiotlb, percpu, DMA pools, warnings, kmemleak, page_owner. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "log/cursor.h"
#include "log/decode.h"

static bool u64_after(struct slice s, const char *word, struct opt_u64 *to)
{
	uint64_t n;

	if (!cur_find(&s, word))
		return false;
	cur_blanks(&s);
	if (!cur_u64(&s, &n))
		return false;
	*to = opt_u64(n);
	return true;
}

static int keep(struct log_report *r, const char **to, struct slice s)
{
	s = slice_trim(s);
	*to = arena_strndup(&r->arena, s.p, s.len);
	return *to ? 0 : -ENOMEM;
}

/* ---- slab ---- */

static int slub(struct log_report *r, struct slice s)
{
	struct slice t = s;

	r->kind = LOG_SLUB;
	u64_after(s, "on CPU ", &r->cpu);
	/* "on CPU 1 (of node 0) on node -1": the last one is the request's */
	while (cur_find(&t, "on node "))
		r->has_slab_node = cur_i64(&t, &r->slab_node);
	t = s;
	if (cur_find(&t, "gfp="))
		decode_gfp(r, &t);
	return 0;
}

static int slub_cache(struct log_report *r, struct slice s)
{
	struct slice t = s, name;

	if (cur_text(&t, "cache: ") && cur_split(&t, ", ", &name) && keep(r, &r->cache, name))
		return -ENOMEM;
	u64_after(s, "object size:", &r->object_size);
	u64_after(s, "buffer size:", &r->buffer_size);
	if (!u64_after(s, "default order:", &r->default_order) &&
	    u64_after(s, ", order:", &r->default_order) && r->default_order.v < 64) {
		/* SLAB has one, and asks for it */
		r->has_order = true;
		r->order = (int64_t)r->default_order.v;
	}
	u64_after(s, "min order:", &r->min_order);
	return 0;
}

/* SLUB "slabs: 3, objs: 4, free: 5"; SLAB "slabs: 5/5, objs: 15/15, free: 0" */
static int slub_node(struct log_report *r, struct slice s)
{
	static const char *const words[] = { "slabs:", "objs:", "free:" };
	static const char *const names[] = { "slabs", "objects", "free_objects" };
	static const char *const totals[] = { "slabs_total", "objects_total", "free_total" };
	struct log_slab_node *nd;
	uint64_t n;

	if (log_grow(&r->arena, &r->slab_nodes, &r->cap_slab_nodes, r->n_slab_nodes, sizeof(*nd)))
		return -ENOMEM;
	nd = &r->slab_nodes[r->n_slab_nodes++];
	memset(nd, 0, sizeof(*nd));
	if (cur_text(&s, "node "))
		cur_u64(&s, &nd->node);
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		struct slice t = s;

		if (!cur_find(&t, words[i]))
			continue;
		cur_blanks(&t);
		if (cur_u64(&t, &n) && log_kv_add(&r->arena, &nd->kv, names[i], n, false))
			return -ENOMEM;
		if (cur_char(&t, '/') && cur_u64(&t, &n) &&
		    log_kv_add(&r->arena, &nd->kv, totals[i], n, false))
			return -ENOMEM;
	}
	return 0;
}

/* ---- others ---- */

/* "cma: cma_alloc: linux,cma: alloc failed, req-size: 8 pages, ret: -12" and shorter ones */
static int cma(struct log_report *r, struct slice s)
{
	struct slice before, word, t = s;
	struct slice parts[4];
	size_t n = 0;

	r->kind = LOG_CMA;
	u64_after(s, "req-size:", &r->pages);
	if (cur_find(&t, "ret: "))
		r->has_error = cur_i64(&t, &r->error);
	t = s;
	if (!cur_split(&t, ": alloc failed", &before))
		return 0;
	while (n < ARRAY_SIZE(parts) && cur_split(&before, ": ", &word))
		parts[n++] = word;
	if (n < ARRAY_SIZE(parts))
		parts[n++] = before;
	/* The area is the last part, and follows the function's name. */
	return n >= 3 ? keep(r, &r->area, parts[n - 1]) : 0;
}

/* "number of available pages: 40@216+2900@1196=> 2940 free of 4096 total pages": runs by length and place */
static int cma_free(struct log_report *r, struct slice s)
{
	struct slice t = s;
	uint64_t n, at, longest = 0;

	if (cur_find(&t, "available pages:")) {
		cur_blanks(&t);
		while (cur_u64(&t, &n) && cur_char(&t, '@') && cur_u64(&t, &at)) {
			longest = n > longest ? n : longest;
			if (!cur_char(&t, '+'))
				break;
		}
		if (longest && slice_starts(t, "=>"))
			r->longest_run_pages = opt_u64(longest);
	}
	t = s;
	/* Where the line was broken, its rest stands alone. */
	if (!cur_find(&t, "=> "))
		cur_blanks(&t);
	if (cur_u64(&t, &n) && cur_text(&t, " free of ")) {
		r->free_pages = opt_u64(n);
		if (cur_u64(&t, &n))
			r->total_pages = opt_u64(n);
	}
	return 0;
}

/* The driver's name and the device's; what stands before them is somebody's own words. */
static struct slice last_two(struct slice s)
{
	size_t i = s.len;
	int blanks = 0;

	if (s.len && s.p[s.len - 1] == ')') /* "(NULL device *)" */
		return s;
	for (; i > 0; i--) {
		if (cur_space(s.p[i - 1]) && ++blanks == 2)
			break;
	}
	return (struct slice){ s.p + i, s.len - i };
}

static int swiotlb(struct log_report *r, struct slice s)
{
	struct slice t = s, before;

	r->kind = LOG_SWIOTLB;
	if (!u64_after(s, "(sz:", &r->size_bytes) && !u64_after(s, "space for", &r->size_bytes))
		u64_after(s, "size=", &r->size_bytes);
	u64_after(s, "total", &r->slots);
	u64_after(s, "used", &r->used_slots);
	if (cur_find(&t, "at device ") || (t = s, cur_find(&t, "for device "))) {
		struct slice word;

		return slice_word(&t, &word) ? keep(r, &r->device, word) : 0;
	}
	t = s;
	if (cur_split(&t, ": swiotlb", &before) || (t = s, cur_split(&t, ": DMA: Out of", &before)))
		return keep(r, &r->device, last_two(before));
	return 0;
}

static int percpu(struct log_report *r, struct slice s)
{
	struct slice t = s;
	struct opt_u64 atomic = OPT_UNKNOWN;

	r->kind = LOG_PERCPU;
	if (slice_find(s, "illegal size")) {
		u64_after(s, "size (", &r->size_bytes);
		u64_after(s, "align (", &r->align_bytes);
		r->reason = arena_strdup(&r->arena, "illegal size or align");
		return r->reason ? 0 : -ENOMEM;
	}
	u64_after(s, "size=", &r->size_bytes);
	u64_after(s, "align=", &r->align_bytes);
	if (u64_after(s, "atomic=", &atomic)) {
		r->has_atomic = true;
		r->atomic = atomic.v != 0;
		cur_find(&t, "atomic=");
		return cur_find(&t, ", ") ? keep(r, &r->reason, t) : 0;
	}
	cur_find(&t, "align=");
	return cur_find(&t, ", ") ? keep(r, &r->reason, t) : 0;
}

/* powerpc counts entries; AMD's GART bytes, to 2.6.26 with the device behind them. */
static int iommu(struct log_report *r, struct slice s)
{
	struct slice t = s, word;

	r->kind = LOG_OTHER;
	r->event = LOG_EV_IOMMU;
	u64_after(s, "npages ", &r->pages);
	u64_after(s, "IOMMU space for ", &r->size_bytes);
	if (cur_find(&t, " at device "))
		return slice_word(&t, &word) ? keep(r, &r->device, word) : 0;
	t = s;
	if (cur_split(&t, ": iommu_alloc failed", &word))
		return keep(r, &r->device, word);
	t = s;
	return cur_split(&t, ": PCI-DMA: Out of", &word) ? keep(r, &r->device, last_two(word)) : 0;
}

static int warn_order(struct log_report *r, struct slice s)
{
	struct slice t = s, word;
	uint64_t n;

	r->kind = LOG_OTHER;
	/* get_page_from_freelist, with buffered_rmqueue or rmqueue in it, warns of nothing else. */
	r->event = slice_find(s, "rmqueue") || slice_find(s, "get_page_from_freelist") ? LOG_EV_NOFAIL_ORDER
										  : LOG_EV_ORDER_ABOVE_MAX;
	if (cur_find(&t, "CPU: ") && cur_u64(&t, &n))
		r->cpu = opt_u64(n);
	t = s;
	if (cur_find(&t, "PID: ") && cur_u64(&t, &n))
		r->pid = opt_u64(n);
	t = s;
	if (cur_find(&t, " at ") && slice_word(&t, &word) && keep(r, &r->source, word))
		return -ENOMEM;
	/* 7.x: "WARNING: mm/page_alloc.c:5023 at __alloc_frozen_pages_noprof+0x.., CPU#1: comm/123" */
	if (r->source && !strstr(r->source, "page_alloc.c")) {
		t = s;
		if (cur_find(&t, "WARNING: ") && slice_word(&t, &word) && keep(r, &r->source, word))
			return -ENOMEM;
	}
	t = s;
	if (cur_find(&t, "CPU#") && cur_u64(&t, &n)) {
		r->cpu = opt_u64(n);
		if (cur_text(&t, ": ")) {
			/* the task's name may hold a slash itself: its number follows the last one */
			const char *slash = NULL;

			for (size_t i = 0; i < t.len; i++) {
				if (t.p[i] == '/')
					slash = t.p + i;
			}
			if (slash) {
				struct slice pid = { slash + 1, (size_t)(t.p + t.len - slash - 1) };

				if (keep(r, &r->process, (struct slice){ t.p, (size_t)(slash - t.p) }))
					return -ENOMEM;
				if (cur_u64(&pid, &n))
					r->pid = opt_u64(n);
			}
		}
	}
	return 0;
}

/* "DMA: failed to allocate 256 KiB GFP_KERNEL|GFP_DMA32 pool for atomic allocation" and arm's older ones */
static int dma_pool(struct log_report *r, struct slice s)
{
	struct slice t = s;
	uint64_t n;

	r->kind = LOG_OTHER;
	r->event = LOG_EV_DMA_POOL;
	if (cur_find(&t, "failed to allocate ") && cur_u64(&t, &n)) {
		r->size_bytes = opt_u64(sat_mul(n, 1024));
		cur_text(&t, " KiB ");
		decode_gfp(r, &t);
	} else {
		t = s;
		if (cur_find(&t, "ERROR: ") && cur_u64(&t, &n))
			r->size_bytes = opt_u64(sat_mul(n, 1024));
	}
	return 0;
}

static int kmemleak(struct log_report *r, struct slice s)
{
	r->kind = LOG_OTHER;
	r->event = LOG_EV_KMEMLEAK;
	u64_after(s, "(size ", &r->size_bytes);
	return 0;
}

static int leak_body(struct log_report *r, struct slice s)
{
	struct slice t = s, name;

	if (!cur_text(&t, "comm \"") || !cur_split(&t, "\"", &name))
		return 0;
	u64_after(s, "pid ", &r->pid);
	return keep(r, &r->process, name);
}

static int page_owner(struct log_report *r, struct slice s)
{
	struct slice t = s, name;
	struct opt_u64 order = OPT_UNKNOWN;

	r->kind = LOG_OTHER;
	r->event = LOG_EV_PAGE_OWNER;
	if (u64_after(s, "via order ", &order) && order.v < 64) {
		r->has_order = true;
		r->order = (int64_t)order.v;
	}
	if (cur_find(&t, "gfp_mask ") || (t = s, cur_find(&t, "mask ")))
		decode_gfp(r, &t);
	u64_after(s, "pid ", &r->pid);
	t = s;
	if (cur_find(&t, "tgid ") && cur_find(&t, " (") && cur_split(&t, ")", &name))
		return keep(r, &r->process, name);
	return 0;
}

static int unexpected_gfp(struct log_report *r, struct slice s)
{
	r->kind = LOG_OTHER;
	r->event = LOG_EV_UNEXPECTED_GFP;
	if (cur_find(&s, "Fixing up to gfp: "))
		decode_gfp(r, &s);
	return 0;
}

/*
 * mm/nommu.c: "Allocation of length 524288 from process 57 (x) failed", since 2.6.30 with the name; of the
 * descriptor of a mapping "Allocation of vm region for 4096 byte allocation from process 57 failed".
 */
static int nommu(struct log_report *r, struct slice s)
{
	struct slice t = s, name;

	r->kind = LOG_OTHER;
	r->event = LOG_EV_NOMMU;
	u64_after(s, "from process ", &r->pid);
	if (u64_after(s, "of length ", &r->size_bytes))
		return cur_find(&t, " (") && cur_split(&t, ") failed", &name) ? keep(r, &r->process, name) : 0;
	/* The descriptor failed, a small object, not the mapping. */
	r->has_order = true;
	return 0;
}

/* "HugeTLB: allocating 4 of page size 1.00 GiB failed [node0].  Only allocated 2 hugepages." */
static int hugetlb(struct log_report *r, struct slice s)
{
	struct slice t = s;
	struct opt_u64 got = OPT_UNKNOWN;
	uint64_t size;

	r->kind = LOG_OTHER;
	r->event = LOG_EV_HUGETLB;
	u64_after(s, "allocating ", &r->pages);
	u64_after(s, "Only allocated ", &got);
	if (!cur_find(&t, "of page size ") || !cur_u64(&t, &size))
		return 0;
	/* string_get_size(): three digits, "1.00 GiB", "64.0 KiB"; to 4.19 "1 GB" of 1024s too */
	if (cur_char(&t, '.')) {
		uint64_t zeros;

		cur_u64(&t, &zeros);
	}
	cur_blanks(&t);
	r->size_bytes = opt_u64(sat_mul(size, slice_starts(t, "G")   ? 1u << 30
					      : slice_starts(t, "M") ? 1u << 20
								     : 1024));
	if (got.known)
		r->allocated_bytes = opt_u64(sat_mul(got.v, r->size_bytes.v));
	return 0;
}

int decode_small(struct log_report *r, const struct log_item *it)
{
	struct slice s = slice_trim((struct slice){ it->text, it->len });

	if (line_opens(it->kind) && !r->first_line) {
		r->first_line = arena_strndup(&r->arena, s.p, s.len);
		if (!r->first_line)
			return -ENOMEM;
	}
	switch (it->kind) {
	case L_SLUB:
		return slub(r, s);
	case L_SLUB_CACHE:
		return slub_cache(r, s);
	case L_SLUB_NODE:
		return slub_node(r, s);
	case L_SLUB_DEBUG:
		r->order_raised_by_debugging = true;
		return 0;
	case L_CMA:
		return cma(r, s);
	case L_CMA_FREE:
		return cma_free(r, s);
	case L_SWIOTLB:
		return swiotlb(r, s);
	case L_PERCPU:
		return percpu(r, s);
	case L_WARN_ORDER:
		return warn_order(r, s);
	case L_DMA_POOL:
		return dma_pool(r, s);
	case L_KMEMLEAK:
		return kmemleak(r, s);
	case L_LEAK_BODY:
		return leak_body(r, s);
	case L_PAGE_OWNER:
		return page_owner(r, s);
	case L_UNEXPECTED_GFP:
		return unexpected_gfp(r, s);
	case L_NOMMU:
		return nommu(r, s);
	case L_IOMMU:
		return iommu(r, s);
	case L_HUGETLB:
		return hugetlb(r, s);
	default:
		return 0;
	}
}
