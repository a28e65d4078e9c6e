// SPDX-License-Identifier: GPL-2.0-or-later
/* Making and freeing reports, and their growing arrays. */
#include "log/report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct log_report *log_report_new(void)
{
	return calloc(1, sizeof(struct log_report));
}

void log_report_free(struct log_report *r)
{
	if (!r)
		return;
	arena_done(&r->arena);
	free(r);
}

int log_grow(struct arena *a, void *arrayp, size_t *cap, size_t n, size_t elem)
{
	void *old, *bigger;
	size_t want;

	if (n < *cap)
		return 0;
	want = *cap ? *cap * 2 : 8;
	bigger = arena_array(a, want, elem);
	if (!bigger)
		return -ENOMEM;
	memcpy(&old, arrayp, sizeof(old));
	if (n)
		memcpy(bigger, old, n * elem);
	memcpy(arrayp, &bigger, sizeof(bigger));
	*cap = want;
	return 0;
}

int log_kv_add(struct arena *a, struct log_kvs *t, const char *name, uint64_t value, bool negative)
{
	char *copy;

	if (log_grow(a, &t->v, &t->cap, t->n, sizeof(*t->v)))
		return -ENOMEM;
	copy = arena_strdup(a, name);
	if (!copy)
		return -ENOMEM;
	t->v[t->n++] = (struct log_kv){ copy, value, negative };
	return 0;
}

struct opt_u64 log_kv_get(const struct log_kvs *t, const char *name)
{
	for (size_t i = 0; i < t->n; i++) {
		if (strcmp(t->v[i].name, name) == 0 && !t->v[i].negative)
			return opt_u64(t->v[i].value);
	}
	return OPT_UNKNOWN;
}

int log_text_add(struct arena *a, struct log_texts *t, const char *name, const char *value)
{
	if (log_grow(a, &t->v, &t->cap, t->n, sizeof(*t->v)))
		return -ENOMEM;
	t->v[t->n].name = arena_strdup(a, name);
	t->v[t->n].value = arena_strdup(a, value);
	if (!t->v[t->n].name || !t->v[t->n].value)
		return -ENOMEM;
	t->n++;
	return 0;
}

struct log_zone *log_report_zone(struct log_report *r, int node, struct slice name)
{
	struct log_zone *z;

	for (size_t i = 0; i < r->n_zones; i++) {
		if (r->zones[i].node == node && slice_eq(name, r->zones[i].name))
			return &r->zones[i];
	}
	if (log_grow(&r->arena, &r->zones, &r->cap_zones, r->n_zones, sizeof(*r->zones)))
		return NULL;
	z = &r->zones[r->n_zones];
	memset(z, 0, sizeof(*z));
	z->node = node;
	z->name = arena_strndup(&r->arena, name.p, name.len);
	if (!z->name)
		return NULL;
	r->n_zones++;
	return z;
}

const char *log_kind_name(enum log_kind k)
{
	static const char *const names[] = {
		[LOG_PAGE_ALLOC_FAILURE] = "page_alloc_failure",
		[LOG_OOM] = "oom",
		[LOG_SLUB] = "slub",
		[LOG_VMALLOC] = "vmalloc",
		[LOG_VMAP] = "vmap",
		[LOG_CMA] = "cma",
		[LOG_SWIOTLB] = "swiotlb",
		[LOG_PERCPU] = "percpu",
		[LOG_OTHER] = "other",
	};

	return names[k];
}

const char *log_event_name(enum log_event e)
{
	static const char *const names[] = {
		[LOG_EV_NONE] = NULL,
		[LOG_EV_STALL] = "page_alloc_stall",
		[LOG_EV_ORDER_ABOVE_MAX] = "order_above_max",
		[LOG_EV_NOFAIL_ORDER] = "nofail_order",
		[LOG_EV_DMA_POOL] = "dma_pool",
		[LOG_EV_KMEMLEAK] = "kmemleak",
		[LOG_EV_PAGE_OWNER] = "page_owner",
		[LOG_EV_UNEXPECTED_GFP] = "unexpected_gfp",
		[LOG_EV_NOMMU] = "nommu_mmap",
		[LOG_EV_IOMMU] = "iommu",
		[LOG_EV_HUGETLB] = "hugetlb_pool",
		[LOG_EV_MEMINFO_ONLY] = "meminfo_only",
		[LOG_EV_SHOW_MEMORY] = "show_memory",
	};

	return names[e];
}
