// SPDX-License-Identifier: GPL-2.0-or-later
/* Who holds the memory, by the counters of the whole machine that a report carries. */
#include <errno.h>
#include <string.h>

#include "log/alloc_site.h"
#include "model/log_advice.h"
#include "model/log_kinds.h"
#include "read/allocinfo.h"

#define SHOWN 5

struct holder {
	const char *name;
	uint64_t pages;
};

static uint64_t global(const struct log_report *r, const char *name)
{
	return opt_or(log_kv_get(&r->global, name), 0);
}

/* @c may be NULL. */
static uint64_t sum_of(const struct log_report *r, const char *a, const char *b, const char *c)
{
	return sat_add(sat_add(global(r, a), global(r, b)), c ? global(r, c) : 0);
}

static uint64_t page_kb(const struct log_report *r)
{
	return opt_or(r->page_size, 4096) / 1024;
}

/* Stacks are counted by zone, since 5.10 by node. */
static uint64_t stacks(const struct log_report *r)
{
	uint64_t kb = 0;

	for (size_t i = 0; i < r->n_zones; i++)
		kb = sat_add(kb, opt_or(log_kv_get(&r->zones[i].kv, "kernel_stack_kb"), 0));
	for (size_t i = 0; i < r->n_nodes; i++)
		kb = sat_add(kb, opt_or(log_kv_get(&r->nodes[i].kv, "kernel_stack_kb"), 0));
	return kb / page_kb(r);
}

static uint64_t huge(const struct log_report *r)
{
	uint64_t kb = 0;

	for (size_t i = 0; i < r->n_hugepages; i++)
		kb = sat_add(kb, sat_mul(r->hugepages[i].total, r->hugepages[i].size_kb));
	return kb / page_kb(r);
}

/* All that the page allocator was given; 0: not to be told. */
static uint64_t all_pages(const struct log_report *r)
{
	struct opt_u64 ram = log_kv_get(&r->totals, "ram_pages"), reserved = log_kv_get(&r->totals, "reserved_pages");
	uint64_t kb = 0;

	if (ram.known && reserved.known)
		return sat_sub(ram.v, reserved.v);
	/* Where the end was cut. A report may leave out zones; what is free in all then exceeds what is free in these. */
	for (size_t i = 0; i < r->n_zones; i++)
		kb = sat_add(kb, opt_or(log_kv_get(&r->zones[i].kv, "managed_kb"), 0));
	return kb / page_kb(r);
}

static size_t count(const struct log_report *r, struct holder *h)
{
	const struct holder all[] = {
		{ "anonymous memory", sum_of(r, "active_anon_pages", "inactive_anon_pages", "isolated_anon_pages") },
		{ "page cache", sum_of(r, "active_file_pages", "inactive_file_pages", "isolated_file_pages") },
		/* to 2.6.27 the lists hold both */
		{ "user memory and page cache", sum_of(r, "active_pages", "inactive_pages", NULL) },
		{ "unevictable memory", global(r, "unevictable_pages") },
		{ "slab", sum_of(r, "slab_pages", "slab_reclaimable_pages", "slab_unreclaimable_pages") },
		{ "page tables", sum_of(r, "pagetables_pages", "sec_pagetables_pages", NULL) },
		{ "kernel stacks", stacks(r) },
		{ "hugetlb pages", huge(r) },
	};
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(all); i++) {
		size_t k = n++;

		for (; k > 0 && h[k - 1].pages < all[i].pages; k--)
			h[k] = h[k - 1];
		h[k] = all[i];
	}
	return n;
}

/* Pages that are neither free nor in any counter. */
static uint64_t uncounted(const struct log_report *r, const struct holder *h, size_t n)
{
	uint64_t sum = sum_of(r, "free_pages", "free_pcp_pages", NULL);

	for (size_t i = 0; i < n; i++)
		sum = sat_add(sum, h[i].pages);
	return sat_sub(all_pages(r), sum);
}

/* What the kernel itself names. Less than @least bytes are not worth a word. */
struct named {
	const struct log_advice *a;
	uint64_t least;
	struct strbuf *sb;
};

/* The cache that has most of those that mm/slab_common.c:dump_unreclaimable_slab lists, since 4.15. */
static void tell_cache(const struct named *n)
{
	const struct log_kvs *v = &n->a->zones_r->slab_info;
	static const char end[] = ".total_kb";
	const struct log_kv *most = NULL;
	uint64_t bytes;
	size_t len;

	for (size_t i = 0; i < v->n; i++) {
		len = strlen(v->v[i].name);
		if (len > sizeof(end) - 1 && strcmp(v->v[i].name + len - sizeof(end) + 1, end) == 0 &&
		    (!most || v->v[i].value > most->value))
			most = &v->v[i];
	}
	bytes = most ? sat_mul(most->value, 1024) : 0;
	if (bytes > n->least)
		sb_printf(n->sb, ". Slab cache %.*s has %s", (int)(strlen(most->name) - sizeof(end) + 1), most->name,
			  log_bytes(n->a->d, bytes));
}

/* Who allocated most, where the kernel profiles that. mm/ allocates for others, who are counted above. */
static void tell_site(const struct named *n)
{
	const struct log_texts *t = &n->a->zones_r->alloc_sites;
	struct log_alloc_site s;
	struct slice place;

	for (size_t i = 0; i < t->n; i++) {
		if (!log_alloc_site_parse(t->v[i].value, &s) || s.calls == 0 || slice_starts(s.location, "mm/") ||
		    s.bytes < n->least)
			continue;
		place = allocinfo_place(s.location);
		sb_printf(n->sb, ". %.*s%s%.*s%s (%.*s) allocated %.*s", (int)s.function.len, s.function.p,
			  s.module.len ? " [" : "", (int)s.module.len, s.module.p ? s.module.p : "",
			  s.module.len ? "]" : "", (int)place.len, place.p, (int)s.size.len, s.size.p);
		return;
	}
}

int log_holders_advice(const struct log_advice *a)
{
	const struct log_report *r = a->zones_r;
	uint64_t total = all_pages(r), page = sat_mul(page_kb(r), 1024), rest;
	auto_strbuf struct strbuf sb = STRBUF_INIT;
	const struct named named = { a, sat_mul(total, page) / 32, &sb };
	struct holder h[8];
	size_t n = count(r, h);

	if (!total || !log_kv_get(&r->global, "free_pages").known) {
		OPERATOR("find what holds the memory: slab, page tables, anonymous memory (memtool slab; ps; the report's numbers)", "memtool snapshot");
		return 0;
	}
	rest = uncounted(r, h, n);
	sb_printf(&sb, "find what holds the memory. Of %s the report counts", log_bytes(a->d, sat_mul(total, page)));
	for (size_t i = 0; i < n && i < SHOWN && (!i || h[i].pages > total / 32); i++)
		sb_printf(&sb, "%s %s %s", i ? "," : "", log_bytes(a->d, sat_mul(h[i].pages, page)), h[i].name);
	if (rest > total / 32)
		sb_printf(&sb, "; %s are in no counter", log_bytes(a->d, sat_mul(rest, page)));
	tell_cache(&named);
	tell_site(&named);
	OPERATOR(sb.failed ? NULL : arena_strdup(&a->d->arena, sb_str(&sb)), "memtool snapshot");
	return log_uncounted_advice(a);
}

int log_uncounted_advice(const struct log_advice *a)
{
	const struct log_report *r = a->zones_r;
	struct holder h[8];
	uint64_t total = all_pages(r), rest = uncounted(r, h, count(r, h));
	const char *action;

	if (!log_kv_get(&r->global, "free_pages").known || rest < total / 4 || !log_since(a, 3, 19))
		return 0;
	action = arena_printf(&a->d->arena, "see who took the %s that no counter has: drivers' pages, zram, vmalloc, or a leak",
			      log_bytes(a->d, sat_mul(rest, sat_mul(page_kb(r), 1024))));
	OPERATOR(action, "page_owner=on on the kernel's command line, then memtool slab");
	return 0;
}
