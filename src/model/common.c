// SPDX-License-Identifier: GPL-2.0-or-later
/* What drivers commonly ask. */
#include "model/common.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct builder {
	struct explain *e;
	struct common_table *t;
	size_t cap;
	bool no_memory;
};

static uint32_t gfp_named(const struct builder *b, const char *name)
{
	uint32_t flags = GF_KERNEL;

	gfp_composite(&b->e->mm->rules, slice_of(name), &flags);
	return flags;
}

static struct common_row *add(struct builder *b, struct request r, const char *label)
{
	struct common_row *row;

	if (b->t->n_rows == b->cap || b->no_memory)
		return NULL;
	row = &b->t->rows[b->t->n_rows];
	row->request = r;
	row->label = label;
	if (explain_request(b->e, &r, &row->verdict)) {
		b->no_memory = true;
		return NULL;
	}
	row->verdict.summary = arena_strdup(&b->t->arena, row->verdict.summary);
	if (row->verdict.tradeoff)
		row->verdict.tradeoff = arena_strdup(&b->t->arena, row->verdict.tradeoff);
	row->verdict.steps = NULL;
	row->verdict.n_steps = 0;
	row->verdict.remedies = NULL;
	row->verdict.n_remedies = 0;
	b->t->n_rows++;
	return row;
}

/* A row of several that differ in @measure. */
static void add_measured(struct builder *b, struct request r, const char *head, const char *measure,
			 const char *tail)
{
	struct common_row *row;

	if (!head || !measure || !tail) {
		b->no_memory = true;
		return;
	}
	row = add(b, r, arena_printf(&b->t->arena, "%s%s%s", head, measure, tail));
	if (!row)
		return;
	row->head = head;
	row->measure = measure;
	row->tail = tail;
}

static struct request sized(enum api api, uint64_t bytes, uint32_t gfp)
{
	struct request r = request_of(api);

	r.size = opt_u64(bytes);
	r.gfp = (struct gfp){ gfp, 0 };
	r.gfp_given = true;
	return r;
}

static struct request paged(unsigned int order, uint32_t gfp)
{
	struct request r = request_of(API_ALLOC_PAGES);

	r.order = (int)order;
	r.gfp = (struct gfp){ gfp, 0 };
	r.gfp_given = true;
	return r;
}

static void add_pages(struct builder *b)
{
	static const struct {
		const char *suffix;
		const char *base;
		int extra;
	} flags[] = {
		{ "GFP_ATOMIC", "GFP_ATOMIC", 0 },
		{ "GFP_KERNEL", "GFP_KERNEL", 0 },
		{ "GFP_KERNEL|NORETRY", "GFP_KERNEL", GF_NORETRY },
	};

	for (size_t f = 0; f < ARRAY_SIZE(flags); f++) {
		uint32_t gfp = gfp_named(b, flags[f].base) | (uint32_t)flags[f].extra;
		const char *head = arena_printf(&b->t->arena, "alloc_pages(%s, ", flags[f].suffix);

		for (unsigned int o = 0; o <= b->e->mm->max_order; o++)
			add_measured(b, paged(o, gfp), head, arena_printf(&b->t->arena, "%u", o), ")");
	}
}

static void add_kmalloc(struct builder *b)
{
	static const char *const flags[] = { "GFP_ATOMIC", "GFP_KERNEL" };
	static const uint64_t sizes[] = { 64, 512, 4 << 10, 8 << 10, 32 << 10, 256 << 10, 1 << 20, 4 << 20 };

	for (size_t f = 0; f < ARRAY_SIZE(flags); f++) {
		const char *tail = arena_printf(&b->t->arena, ", %s)", flags[f]);

		for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
			auto_strbuf struct strbuf text = STRBUF_INIT;

			format_bytes(&text, sizes[i]);
			add_measured(b, sized(API_KMALLOC, sizes[i], gfp_named(b, flags[f])), "kmalloc(",
				     arena_strdup(&b->t->arena, sb_str(&text)), tail);
		}
	}
}

static void add_others(struct builder *b)
{
	uint32_t kernel = GF_KERNEL, atomic = gfp_named(b, "GFP_ATOMIC");
	struct request r;

	add(b, sized(API_VMALLOC, 1 << 20, kernel), "vmalloc(1 MiB)");
	add(b, sized(API_VMALLOC, 64 << 20, kernel), "vmalloc(64 MiB)");
	add(b, sized(API_KVMALLOC, 1 << 20, kernel), "kvmalloc(1 MiB, GFP_KERNEL)");
	for (int mask = 24; mask <= 32; mask += 8) {
		r = sized(API_DMA_ALLOC_COHERENT, 64 << 10, kernel);
		r.dma_mask = mask;
		add(b, r, arena_printf(&b->t->arena, "dma_alloc_coherent(64 KiB), %d bits", mask));
		r.size = opt_u64(1 << 20);
		add(b, r, arena_printf(&b->t->arena, "dma_alloc_coherent(1 MiB), %d bits", mask));
	}
	add(b, request_of(API_THP), "transparent huge page");
	add(b, sized(API_ALLOC_SKB, 1500, atomic), "alloc_skb(1500), receive ring");
	add(b, sized(API_ALLOC_SKB, 9000, atomic), "alloc_skb(9000), jumbo frames");
	add(b, sized(API_ALLOC_SKB, 65536, kernel), "alloc_skb(64 KiB, GFP_KERNEL)");
	add(b, sized(API_VMALLOC, 16 << 10, kernel), "kernel stack (VMAP_STACK: 16 KiB of vmalloc)");
	add(b, sized(API_ALLOC_PERCPU, 64, kernel), "alloc_percpu(64)");
}

static int by_probability(const void *a, const void *b)
{
	const struct common_row *x = a, *y = b;
	bool x_off = common_is_off(&x->verdict), y_off = common_is_off(&y->verdict);

	if (x_off != y_off)
		return x_off ? 1 : -1;
	if (x->verdict.probability < y->verdict.probability)
		return -1;
	if (x->verdict.probability > y->verdict.probability)
		return 1;
	return strcmp(x->label, y->label);
}

static bool alike(const struct common_row *a, const struct common_row *b)
{
	return a->head && b->head && strcmp(a->head, b->head) == 0 && strcmp(a->tail, b->tail) == 0 &&
	       verdict_of(a->verdict.probability) == verdict_of(b->verdict.probability) &&
	       a->verdict.cause == b->verdict.cause;
}

static int by_worst(const void *a, const void *b)
{
	const struct common_group *x = a, *y = b;
	bool x_off = common_is_off(x->verdict), y_off = common_is_off(y->verdict);

	if (x_off != y_off)
		return x_off ? 1 : -1;
	if (verdict_of(x->worst) != verdict_of(y->worst))
		return verdict_of(x->worst) < verdict_of(y->worst) ? -1 : 1;
	if (x->n_rows != y->n_rows)
		return x->n_rows > y->n_rows ? -1 : 1;
	return strcmp(x->label, y->label);
}

/* Runs of rows alike, while they stand as they were added. */
static void make_groups(struct builder *b)
{
	struct common_table *t = b->t;

	t->groups = arena_array(&t->arena, t->n_rows, sizeof(*t->groups));
	if (!t->groups) {
		b->no_memory = true;
		return;
	}
	for (size_t i = 0, end; i < t->n_rows && !b->no_memory; i = end) {
		struct common_group *g = &t->groups[t->n_groups++];
		const struct common_row *worst = &t->rows[i];

		g->label = worst->label;
		g->best = worst->verdict.probability;
		for (end = i + 1; end < t->n_rows && alike(&t->rows[i], &t->rows[end]); end++) {
			double p = t->rows[end].verdict.probability;

			worst = p < worst->verdict.probability ? &t->rows[end] : worst;
			g->best = p > g->best ? p : g->best;
		}
		g->n_rows = end - i;
		g->worst = worst->verdict.probability;
		t->n_worse += verdict_of(g->worst) != SUCCEEDS;
		g->request = worst->request;
		g->verdict = arena_memdup(&t->arena, &worst->verdict, sizeof(worst->verdict));
		if (g->n_rows > 1)
			g->label = arena_printf(&t->arena, "%s%s to %s%s", t->rows[i].head, t->rows[i].measure,
						t->rows[end - 1].measure, t->rows[i].tail);
		b->no_memory |= !g->label || !g->verdict;
	}
	if (!b->no_memory)
		qsort(t->groups, t->n_groups, sizeof(*t->groups), by_worst);
}

/* Largest order of a context that still succeeds, and that likely does. */
static int fill_context(struct builder *b, struct common_context *c, const char *label, uint32_t gfp)
{
	*c = (struct common_context){ .label = label, .order = -1, .likely_order = -1 };
	for (unsigned int o = 0; o <= b->e->mm->max_order; o++) {
		struct request r = paged(o, gfp);
		struct verdict v;

		if (explain_request(b->e, &r, &v))
			return -ENOMEM;
		if (verdict_of(v.probability) >= LIKELY_SUCCEEDS)
			c->likely_order = (int)o;
		if (verdict_of(v.probability) == SUCCEEDS) {
			c->order = (int)o;
			c->bytes = sat_shl(b->e->mm->page_size, o);
		}
	}
	return 0;
}

int common_table_make(struct explain *e, struct common_table *t)
{
	struct builder b = { e, t, 3 * ((size_t)e->mm->max_order + 1) + 64, false };
	bool steps = e->want_steps, remedies = e->want_remedies;

	memset(t, 0, sizeof(*t));
	t->rows = arena_array(&t->arena, b.cap, sizeof(*t->rows));
	if (!t->rows)
		return -ENOMEM;
	e->want_steps = e->want_remedies = false;
	add_pages(&b);
	add_kmalloc(&b);
	add_others(&b);
	if (fill_context(&b, &t->contexts[0], "atomic", gfp_named(&b, "GFP_ATOMIC")) ||
	    fill_context(&b, &t->contexts[1], "sleeping", GF_KERNEL) ||
	    fill_context(&b, &t->contexts[2], "DMA32", GF_KERNEL | GF_DMA32))
		b.no_memory = true;
	e->want_steps = steps;
	e->want_remedies = remedies;
	if (!b.no_memory)
		make_groups(&b);
	qsort(t->rows, t->n_rows, sizeof(*t->rows), by_probability);
	return b.no_memory ? -ENOMEM : 0;
}

void common_table_done(struct common_table *t)
{
	arena_done(&t->arena);
}
