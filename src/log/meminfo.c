// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The Mem-Info block: mm/page_alloc.c and mm/show_mem.c:show_free_areas,
 * lib/show_mem.c:show_mem, 2.6 to 7.3.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "log/cursor.h"
#include "log/decode.h"

#define NAME_MAX_LEN 64

/* "isolated(anon)" and "kB" make "isolated_anon_kb". */
static bool member_name(struct slice key, const char *unit, char out[NAME_MAX_LEN])
{
	size_t n = 0;

	for (size_t i = 0; i < key.len && n < NAME_MAX_LEN - 8; i++) {
		char c = key.p[i];

		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if (c == '(' || c == '-' || c == '+')
			c = '_';
		if (cur_alpha(c) || cur_digit(c) || c == '_')
			out[n++] = c;
		else if (c != ')')
			return false;
	}
	if (!n)
		return false;
	snprintf(out + n, NAME_MAX_LEN - n, "%s", unit);
	return true;
}

struct member {
	struct slice key;
	uint64_t value;
	bool negative, kb;
};

/* "key:12kB", "key: 12kB", "key:12", "key:-3kB": false at anything else. */
static bool next_member(struct slice *s, struct member *m)
{
	struct slice t = *s;

	cur_blanks(&t);
	if (!cur_until(&t, ": \t", &m->key) || !cur_char(&t, ':'))
		return false;
	cur_blanks(&t);
	m->negative = cur_char(&t, '-');
	if (!cur_u64(&t, &m->value))
		return false;
	m->kb = cur_lit(&t, "kB") || cur_lit(&t, "KB");
	if (t.len && !cur_space(*t.p) && *t.p != ',')
		return false;
	cur_char(&t, ',');
	*s = t;
	return true;
}

/* A part of the line that is no member is passed over, so that one broken word costs itself only. */
static bool skip_word(struct slice *s)
{
	struct slice w;

	return slice_word(s, &w);
}

static bool yes_no(struct slice s, bool *has, bool *value)
{
	if (!cur_find(&s, "all_unreclaimable?"))
		return false;
	cur_blanks(&s);
	*has = slice_starts(s, "yes") || slice_starts(s, "no");
	*value = slice_starts(s, "yes");
	return true;
}

static int members(struct log_report *r, struct slice s, struct log_kvs *to, const char *unit)
{
	struct member m;
	char name[NAME_MAX_LEN];

	while (s.len) {
		if (!next_member(&s, &m)) {
			if (!skip_word(&s))
				break;
			continue;
		}
		if (!member_name(m.key, m.kb ? "_kb" : unit, name) || log_kv_get(to, name).known)
			continue;
		if (log_kv_add(&r->arena, to, name, m.value, m.negative))
			return -ENOMEM;
	}
	return 0;
}

/* ---- zones ---- */

static struct opt_u64 *zone_field(struct log_zone *z, struct slice key)
{
	static const char *const names[] = { "free", "boost", "min", "low", "high",
					     "reserved_highatomic", "free_highatomic" };
	struct opt_u64 *const fields[] = { &z->free_kb, &z->boost_kb, &z->min_kb, &z->low_kb,
					   &z->high_kb, &z->reserved_highatomic_kb,
					   &z->free_highatomic_kb };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (slice_eq(key, names[i]))
			return fields[i];
	}
	return NULL;
}

static int zone(struct log_report *r, struct slice s)
{
	struct log_zone *z;
	struct slice name;
	struct member m;
	char text[NAME_MAX_LEN];
	int node;

	if (!classify_zone_marks(&s, &node, &name))
		return 0;
	z = log_report_zone(r, node, name);
	if (!z)
		return -ENOMEM;
	if (z->has_line)
		return 0;
	z->has_line = true;
	while (s.len) {
		struct opt_u64 *field;

		if (!next_member(&s, &m)) {
			if (!skip_word(&s))
				break;
			continue;
		}
		field = m.kb ? zone_field(z, m.key) : NULL;
		if (field) {
			if (!m.negative && !field->known)
				*field = opt_u64(m.value);
			continue;
		}
		if (!member_name(m.key, m.kb ? "_kb" : "", text) || log_kv_get(&z->kv, text).known)
			continue;
		if (log_kv_add(&r->arena, &z->kv, text, m.value, m.negative))
			return -ENOMEM;
	}
	s = (struct slice){ name.p, (size_t)(s.p - name.p) };
	yes_no(s, &z->has_unreclaimable, &z->unreclaimable);
	return 0;
}

static int lowmem(struct log_report *r, struct slice s)
{
	struct log_zone *z = r->n_zones ? &r->zones[r->n_zones - 1] : NULL;
	uint64_t n;

	if (!z || z->n_lowmem_reserve)
		return 0;
	z->protections = slice_find(s, "protections") != NULL;
	if (!cur_find(&s, ":"))
		return 0;
	for (cur_blanks(&s); cur_u64(&s, &n); cur_blanks(&s)) {
		if (log_grow(&r->arena, &z->lowmem_reserve, &z->cap_lowmem_reserve, z->n_lowmem_reserve,
			     sizeof(n)))
			return -ENOMEM;
		z->lowmem_reserve[z->n_lowmem_reserve++] = n;
	}
	return 0;
}

/*
 * "3*4kB"; "3_4kB" where Markdown took the star for emphasis; "34kB" where it
 * took it away: then the size that is due tells where the count ends.
 */
static bool block(struct slice *s, uint64_t due_kb, uint64_t *count, uint64_t *size_kb)
{
	struct slice t = *s, word;
	char due[24];
	size_t n;

	if (cur_u64(&t, count) && (cur_blanks(&t), cur_char(&t, '*') || cur_char(&t, '_') || cur_lit(&t, "x"))) {
		cur_char(&t, '*');
		if (!cur_u64(&t, size_kb) || !cur_lit(&t, "kB"))
			return false;
		*s = t;
		return true;
	}
	t = *s;
	if (!due_kb || !slice_word(&t, &word))
		return false;
	n = (size_t)snprintf(due, sizeof(due), "%llukB", (unsigned long long)due_kb);
	if (word.len <= n || memcmp(word.p + word.len - n, due, n) != 0 ||
	    num_u64(word.p, word.len - n, count))
		return false;
	*size_kb = due_kb;
	*s = t;
	return true;
}

static int add_block(struct log_report *r, struct log_zone *z, uint64_t count)
{
	if (log_grow(&r->arena, &z->free_blocks, &z->cap_orders, z->n_orders, sizeof(count)))
		return -ENOMEM;
	if (log_grow(&r->arena, &z->free_types, &z->cap_types, z->n_orders, sizeof(*z->free_types)))
		return -ENOMEM;
	z->free_blocks[z->n_orders] = count;
	z->free_types[z->n_orders++] = NULL;
	return 0;
}

static int free_list(struct log_report *r, struct slice s)
{
	struct slice name, letters;
	struct log_zone *z;
	uint64_t count, size, due = 0, n;
	int node;

	if (!classify_zone_list(&s, &node, &name) || !cur_char(&s, ':'))
		return 0;
	z = log_report_zone(r, node, name);
	if (!z)
		return -ENOMEM;
	if (z->has_free_list)
		return 0;
	z->has_free_list = true;
	for (cur_blanks(&s); s.len; cur_blanks(&s)) {
		if (cur_char(&s, '=')) {
			cur_blanks(&s);
			if (cur_u64(&s, &n) && cur_lit(&s, "kB"))
				z->free_list_total_kb = opt_u64(n);
			break;
		}
		if (z->n_orders && *s.p == '(') {
			cur_skip(&s, 1);
			if (!cur_until(&s, ")", &letters) || letters.len > 12 || !cur_char(&s, ')'))
				break;
			z->free_types[z->n_orders - 1] = arena_strndup(&r->arena, letters.p, letters.len);
			continue;
		}
		if (!block(&s, due ? due : 4, &count, &size)) {
			if (slice_starts(s, "empty") || !skip_word(&s))
				break;
			continue;
		}
		/* The first size is the page's; each next one its double. */
		if (!z->n_orders) {
			if (size == 0 || size > 1024 || (size & (size - 1)))
				break;
			if (!r->page_size.known)
				r->page_size = opt_u64(size * 1024);
		} else if (size != due) {
			break;
		}
		if (z->n_orders >= 40 || add_block(r, z, count))
			return z->n_orders >= 40 ? 0 : -ENOMEM;
		due = size * 2;
	}
	return 0;
}

/* ---- the rest ---- */

static int node_line(struct log_report *r, struct slice s)
{
	struct log_node *nd;
	uint64_t n;

	cur_text(&s, "Node ");
	if (!cur_u64(&s, &n) || n > 1023)
		return 0;
	if (log_grow(&r->arena, &r->nodes, &r->cap_nodes, r->n_nodes, sizeof(*r->nodes)))
		return -ENOMEM;
	nd = &r->nodes[r->n_nodes++];
	memset(nd, 0, sizeof(*nd));
	nd->node = (int)n;
	yes_no(s, &nd->has_unreclaimable, &nd->unreclaimable);
	return members(r, s, &nd->kv, "");
}

static int hugepages(struct log_report *r, struct slice s)
{
	struct log_hugepages h = { 0 };
	struct slice t;
	uint64_t n;

	cur_text(&s, "Node ");
	if (!cur_u64(&s, &n) || n > 1023)
		return 0;
	h.node = (int)n;
	t = s;
	if (!cur_find(&t, "hugepages_total=") || !cur_u64(&t, &h.total))
		return 0;
	t = s;
	if (cur_find(&t, "hugepages_free="))
		cur_u64(&t, &h.free);
	t = s;
	if (cur_find(&t, "hugepages_surp="))
		cur_u64(&t, &h.surplus);
	t = s;
	if (!cur_find(&t, "hugepages_size=") || !cur_u64(&t, &h.size_kb))
		return 0;
	if (log_grow(&r->arena, &r->hugepages, &r->cap_hugepages, r->n_hugepages, sizeof(h)))
		return -ENOMEM;
	r->hugepages[r->n_hugepages++] = h;
	return 0;
}

static int total(struct log_report *r, const char *name, uint64_t v)
{
	return log_kv_get(&r->totals, name).known
		       ? 0
		       : log_kv_add(&r->arena, &r->totals, name, v, false);
}

static int totals(struct log_report *r, struct slice s)
{
	static const struct {
		const char *text, *name;
	} names[] = {
		{ "pages RAM", "ram_pages" },
		{ "pages of RAM", "ram_pages" },
		{ "pages HighMem/MovableOnly", "highmem_movableonly_pages" },
		{ "pages HighMem", "highmem_pages" },
		{ "pages of HIGHMEM", "highmem_pages" },
		{ "pages reserved", "reserved_pages" },
		{ "reserved pages", "reserved_pages" },
		{ "pages cma reserved", "cma_reserved_pages" },
		{ "pages hwpoisoned", "hwpoisoned_pages" },
		{ "pages in swap cache", "swap_cache_pages" },
		{ "pages swap cached", "swap_cache_pages" },
		{ "total pagecache pages", "pagecache_pages" },
		{ "pagecache pages", "pagecache_pages" },
		{ "pages shared", "shared_pages" },
		{ "pages non-shared", "nonshared_pages" },
		{ "pages nonshared", "nonshared_pages" },
		{ "pages in pagetable cache", "pagetable_cache_pages" },
		{ "free pages", "free_pages" },
		{ "slab pages", "slab_pages" },
		{ "pages dirty", "dirty_pages" },
		{ "pages writeback", "writeback_pages" },
		{ "pages mapped", "mapped_pages" },
		{ "pages slab", "slab_pages" },
		{ "pages pagetables", "pagetable_pages" },
		{ "pages offlined", "offlined_pages" },
	};
	static const char *const stats[] = { "swap_add", "swap_delete", "swap_find_success",
					     "swap_find_total", "swap_race_1", "swap_race_2" };
	struct slice t = s;
	uint64_t n;
	int err = 0;

	if (cur_text(&t, "Free swap ") && cur_find(&t, "=")) {
		bool below; /* while swapoff runs: it has taken the area off already */

		cur_blanks(&t);
		below = cur_char(&t, '-');
		return cur_u64(&t, &n) ? log_kv_add(&r->arena, &r->totals, "free_swap_kb", n, below) : 0;
	}
	t = s;
	if (cur_text(&t, "Free swap:")) {
		cur_blanks(&t);
		return cur_u64(&t, &n) ? total(r, "free_swap_kb", n) : 0;
	}
	t = s;
	if (cur_text(&t, "Total swap ") && cur_find(&t, "=")) {
		cur_blanks(&t);
		return cur_u64(&t, &n) ? total(r, "total_swap_kb", n) : 0;
	}
	t = s;
	if (cur_lit(&t, "Swap cache")) {
		for (size_t i = 0; i < ARRAY_SIZE(stats) && !err; i++) {
			while (t.len && !cur_digit(*t.p))
				cur_skip(&t, 1);
			if (!cur_u64(&t, &n))
				break;
			err = total(r, stats[i], n);
		}
		return err;
	}
	t = s;
	if (cur_find(&t, "min protection ") && cur_u64(&t, &n)) {
		err = total(r, "memcg_min_protection_kb", n);
		if (!err && cur_find(&t, "low protection ") && cur_u64(&t, &n))
			err = total(r, "memcg_low_protection_kb", n);
		return err;
	}
	if (!cur_u64(&s, &n))
		return 0;
	s = slice_trim(s);
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (slice_eq(s, names[i].text))
			return total(r, names[i].name, n);
	}
	return 0;
}

static int pcp_zone(struct log_report *r, struct slice s)
{
	struct slice name;
	struct log_pcp p = { 0 };

	if (!classify_zone(&s, &p.node, &name))
		return 0;
	p.zone = arena_strndup(&r->arena, name.p, name.len);
	p.cpu = UINT64_MAX; /* names the zone for the lines to come; taken off at the end */
	if (!p.zone || log_grow(&r->arena, &r->pcps, &r->cap_pcps, r->n_pcps, sizeof(p)))
		return -ENOMEM;
	r->pcps[r->n_pcps++] = p;
	return 0;
}

static bool number_after(struct slice s, const char *word, uint64_t *n)
{
	if (!cur_find(&s, word))
		return false;
	cur_blanks(&s);
	return cur_u64(&s, n);
}

/* "CPU 0: hi: 186, btch: 31 usd: 30"; 2.6.18: "cpu 0 hot: high 186, batch 31 used:30", and cold */
static int pcp(struct log_report *r, struct slice s)
{
	struct log_pcp p;

	if (!r->n_pcps)
		return 0;
	p = r->pcps[r->n_pcps - 1];
	p.cold = slice_find(s, "cold:") || slice_find(s, "Cold:");
	if (!number_after(s, "CPU", &p.cpu) && !number_after(s, "cpu", &p.cpu))
		return 0;
	p.high = p.batch = p.used = 0;
	if (!number_after(s, "hi:", &p.high))
		number_after(s, "high", &p.high);
	if (!number_after(s, "btch:", &p.batch))
		number_after(s, "batch", &p.batch);
	if (!number_after(s, "usd:", &p.used))
		number_after(s, "used:", &p.used);
	if (r->pcps[r->n_pcps - 1].cpu == UINT64_MAX) {
		r->pcps[r->n_pcps - 1] = p;
		return 0;
	}
	if (log_grow(&r->arena, &r->pcps, &r->cap_pcps, r->n_pcps, sizeof(p)))
		return -ENOMEM;
	r->pcps[r->n_pcps++] = p;
	return 0;
}

int decode_meminfo(struct log_report *r, const struct log_item *it)
{
	struct slice s = slice_trim((struct slice){ it->text, it->len });

	switch (it->kind) {
	case L_MEMINFO:
		r->has_meminfo = true;
		return 0;
	case L_GLOBAL:
		r->has_meminfo = true;
		return members(r, s, &r->global, "_pages");
	case L_NODE:
		return node_line(r, s);
	case L_ZONE:
		r->has_meminfo = true;
		return zone(r, s);
	case L_LOWMEM:
		return lowmem(r, s);
	case L_FREE_LIST:
		r->has_meminfo = true;
		return free_list(r, s);
	case L_HUGEPAGES:
		return hugepages(r, s);
	case L_TOTALS:
		return totals(r, s);
	case L_PCP_ZONE:
		return pcp_zone(r, s);
	case L_PCP:
		return pcp(r, s);
	case L_ALLOC_SITE: {
		const char *text = arena_strndup(&r->arena, s.p, s.len);

		return text ? log_text_add(&r->arena, &r->alloc_sites, "site", text) : -ENOMEM;
	}
	default:
		return 0;
	}
}

/* Pages of all zones against the kB of each: their quotient is the page. */
void decode_page_size(struct log_report *r)
{
	struct opt_u64 free_pages = log_kv_get(&r->global, "free_pages");
	uint64_t kb = 0;

	size_t pcps = 0;

	for (size_t i = 0; i < r->n_pcps; i++) {
		if (r->pcps[i].cpu != UINT64_MAX)
			r->pcps[pcps++] = r->pcps[i];
	}
	r->n_pcps = pcps;
	if (r->page_size.known || !free_pages.known || !free_pages.v)
		return;
	for (size_t i = 0; i < r->n_zones; i++) {
		if (!r->zones[i].free_kb.known)
			return;
		kb = sat_add(kb, r->zones[i].free_kb.v);
	}
	for (uint64_t size = 4; size <= 256; size *= 2) {
		uint64_t want = sat_mul(free_pages.v, size);

		if (want / 10 * 9 <= kb && kb <= want / 10 * 11 + size)
			r->page_size = opt_u64(size * 1024);
	}
}
