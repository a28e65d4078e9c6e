/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An allocation request as a driver would write it. */
#ifndef MODEL_REQUEST_H
#define MODEL_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "kernel/gfp.h"
#include "kernel/order.h"

enum api {
	API_ALLOC_PAGES,
	API_GET_FREE_PAGES,
	API_GET_ZEROED_PAGE,
	API_ALLOC_PAGES_EXACT,
	API_FOLIO_ALLOC,
	API_KMALLOC,
	API_KZALLOC,
	API_KCALLOC,
	API_KREALLOC,
	API_KVMALLOC,
	API_KVZALLOC,
	API_VMALLOC,
	API_VZALLOC,
	API_KMEM_CACHE_ALLOC,
	API_DMA_ALLOC_COHERENT,
	API_ALLOC_PERCPU,
	API_CMA_ALLOC,
	API_HUGETLB,
	API_THP,
	API_ALLOC_SKB,
	API_COUNT
};

/* What the argument of an API means. */
enum api_argument { ARG_ORDER, ARG_SIZE, ARG_CACHE, ARG_NONE };

struct request {
	enum api api;
	int order;	       /* -1: not given */
	struct opt_u64 size;   /* bytes */
	const char *cache;     /* kmem_cache_alloc; lent */
	bool gfp_given;
	struct gfp gfp;	       /* the API's default if not given */
	const char *gfp_text;  /* as given; lent; NULL */
	int node;	       /* -1: any, the caller's own first */
	int local_node;	       /* -1: not known */
	int dma_mask;	       /* bits; 0: not given */
};

const char *api_name(enum api api);
/* false if there is no such API. */
bool api_from_name(struct slice name, enum api *api);
enum api_argument api_argument(enum api api);
/* The gfp flags that @api is called with unless said otherwise. */
uint32_t api_default_gfp(enum api api);

/* A request of @api with nothing given. */
struct request request_of(enum api api);

/*
 * Check that the request says what its API needs (hugetlb has a default size) and no more than can be: 0,
 * or -EINVAL and the reason in @why (static text).
 */
int request_check(const struct request *r, const char **why);


/* "kmalloc(256 KiB, GFP_ATOMIC)", appended to @sb. */
void request_format(const struct request *r, const struct gfp_names *names, struct strbuf *sb);
/* Bytes as a person writes them: "256 KiB", "5000 B". Appended to @sb. */
void format_bytes(struct strbuf *sb, uint64_t bytes);

#endif
