// SPDX-License-Identifier: GPL-2.0-or-later
/* An allocation request as a driver would write it. */
#include "model/request.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

static const struct {
	const char *name;
	enum api_argument argument;
	int gfp;
} apis[API_COUNT] = {
	[API_ALLOC_PAGES] = { "alloc_pages", ARG_ORDER, GF_KERNEL },
	[API_GET_FREE_PAGES] = { "__get_free_pages", ARG_ORDER, GF_KERNEL },
	[API_GET_ZEROED_PAGE] = { "get_zeroed_page", ARG_NONE, GF_KERNEL },
	[API_ALLOC_PAGES_EXACT] = { "alloc_pages_exact", ARG_SIZE, GF_KERNEL },
	[API_FOLIO_ALLOC] = { "folio_alloc", ARG_ORDER, GF_KERNEL },
	[API_KMALLOC] = { "kmalloc", ARG_SIZE, GF_KERNEL },
	[API_KZALLOC] = { "kzalloc", ARG_SIZE, GF_KERNEL },
	[API_KCALLOC] = { "kcalloc", ARG_SIZE, GF_KERNEL },
	[API_KREALLOC] = { "krealloc", ARG_SIZE, GF_KERNEL },
	[API_KVMALLOC] = { "kvmalloc", ARG_SIZE, GF_KERNEL },
	[API_KVZALLOC] = { "kvzalloc", ARG_SIZE, GF_KERNEL },
	[API_VMALLOC] = { "vmalloc", ARG_SIZE, GF_KERNEL },
	[API_VZALLOC] = { "vzalloc", ARG_SIZE, GF_KERNEL },
	[API_KMEM_CACHE_ALLOC] = { "kmem_cache_alloc", ARG_CACHE, GF_KERNEL },
	[API_DMA_ALLOC_COHERENT] = { "dma_alloc_coherent", ARG_SIZE, GF_KERNEL },
	[API_ALLOC_PERCPU] = { "alloc_percpu", ARG_SIZE, GF_KERNEL },
	[API_CMA_ALLOC] = { "cma_alloc", ARG_SIZE, GF_KERNEL },
	[API_HUGETLB] = { "hugetlb", ARG_SIZE, GF_KERNEL | GF_HARDWALL | GF_HIGHMEM | GF_MOVABLE |
						      GF_COMP | GF_NOWARN | GF_RETRY_MAYFAIL },
	[API_THP] = { "thp", ARG_NONE, GF_KERNEL | GF_HARDWALL | GF_HIGHMEM | GF_MOVABLE | GF_COMP |
					       GF_NOMEMALLOC | GF_NOWARN },
	[API_ALLOC_SKB] = { "alloc_skb", ARG_SIZE, GF_KERNEL },
};

const char *api_name(enum api api)
{
	return apis[api].name;
}

bool api_from_name(struct slice name, enum api *api)
{
	for (int i = 0; i < API_COUNT; i++) {
		if (slice_eq(name, apis[i].name)) {
			*api = (enum api)i;
			return true;
		}
	}
	return false;
}

enum api_argument api_argument(enum api api)
{
	return apis[api].argument;
}

uint32_t api_default_gfp(enum api api)
{
	return (uint32_t)apis[api].gfp;
}

struct request request_of(enum api api)
{
	return (struct request){
		.api = api,
		.order = -1,
		.gfp = { api_default_gfp(api), 0 },
		.node = -1,
		.local_node = -1,
	};
}

int request_check(const struct request *r, const char **why)
{
	bool measured = r->order >= 0 || r->size.known;

	if (r->order > 63)
		*why = "order is above 63";
	else if (r->dma_mask < 0 || r->dma_mask > 64)
		*why = "DMA mask is not between 1 and 64 bits";
	else if (!gfp_zone_valid(r->gfp.flags))
		*why = "gfp names more than one of DMA, DMA32 and HIGHMEM";
	else if (r->api == API_GET_ZEROED_PAGE && (r->order > 0 || r->size.known))
		*why = "it takes neither order nor size: it is one page";
	else if (api_argument(r->api) == ARG_CACHE && (!r->cache || !*r->cache))
		*why = "no cache given";
	else if (r->api != API_HUGETLB && (api_argument(r->api) == ARG_ORDER || api_argument(r->api) == ARG_SIZE) && !measured)
		*why = api_argument(r->api) == ARG_ORDER ? "no order given" : "no size given";
	else
		return 0;
	return -EINVAL;
}

void format_bytes(struct strbuf *sb, uint64_t bytes)
{
	static const char *const units[] = { "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
	int unit = -1;
	uint64_t whole = bytes, rest = 0, tenths;

	while (whole >= 1024 && unit < 5) {
		rest = whole % 1024;
		whole /= 1024;
		unit++;
		if (rest && whole < 1024)
			break;
	}
	tenths = whole * 10 + (rest * 10 + 512) / 1024; /* the nearest, as in the tables */
	if (unit < 0)
		sb_printf(sb, "%" PRIu64 " B", bytes);
	else if (rest && whole < 100)
		sb_printf(sb, "%" PRIu64 ".%" PRIu64 " %s", tenths / 10, tenths % 10, units[unit]);
	else
		sb_printf(sb, "%" PRIu64 " %s", whole, units[unit]);
}

void request_format(const struct request *r, const struct gfp_names *names, struct strbuf *sb)
{
	const char *comma = "";

	sb_printf(sb, "%s(", api_name(r->api));
	if (r->cache) {
		sb_addstr(sb, r->cache);
		comma = ", ";
	}
	if (r->order >= 0 && (api_argument(r->api) != ARG_NONE || r->api == API_THP) &&
	    (api_argument(r->api) != ARG_SIZE || !r->size.known)) {
		sb_printf(sb, "order %d", r->order);
		comma = ", ";
	} else if (r->size.known) {
		format_bytes(sb, r->size.v);
		comma = ", ";
	}
	/* vmalloc takes no flags: it is GFP_KERNEL by definition. */
	if (r->gfp_given || (r->api != API_VMALLOC && r->api != API_VZALLOC && r->api != API_THP &&
			     r->api != API_HUGETLB)) {
		sb_addstr(sb, comma);
		gfp_format(names, r->gfp, sb);
		comma = ", ";
	}
	if (r->node >= 0) {
		sb_printf(sb, "%snode %d", comma, r->node);
		comma = ", ";
	}
	if (r->dma_mask)
		sb_printf(sb, "%smask %d bits", comma, r->dma_mask);
	sb_addch(sb, ')');
}
