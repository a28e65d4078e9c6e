// SPDX-License-Identifier: GPL-2.0-or-later
/* What changed among those who take memory: caches, vmalloc callers, allocation sites. */
#include <errno.h>
#include <stdlib.h>

#include "model/diff_priv.h"
#include "model/slabcache.h"
#include "read/nameset.h"

/* Largest change first. */
static int by_change(const struct change *x, const struct change *y)
{
	return (x->delta < y->delta) - (x->delta > y->delta);
}

/* One side of a diff: what a reader left. */
struct rows {
	const void *v;
	size_t n, size; /* size: bytes of a row */
};

static const void *row_at(const struct rows *r, size_t i)
{
	return (const char *)r->v + i * r->size;
}

/* What becomes of a pair of rows, one from either side, the other NULL where a side has none. 0 or -errno. */
typedef int add_pair(struct diff *d, const void *a, const void *b);

/* ---- both sides whole: rows that one side alone has are pairs, too ---- */

/* The rows in the order of @cmp, which is given pointers to pointers. NULL: no memory. */
static const void **sorted(struct diff *d, const struct rows *r, int (*cmp)(const void *, const void *))
{
	const void **v = arena_array(&d->arena, r->n, sizeof(*v));

	for (size_t i = 0; v && i < r->n; i++)
		v[i] = row_at(r, i);
	if (v)
		qsort(v, r->n, sizeof(*v), cmp);
	return v;
}

static int merge(struct diff *d, const struct rows *a, const struct rows *b,
		 int (*cmp)(const void *, const void *), add_pair *add)
{
	const void **va = sorted(d, a, cmp), **vb = sorted(d, b, cmp);
	size_t i = 0, j = 0;
	int ret = va && vb ? 0 : -ENOMEM;

	while (ret == 0 && (i < a->n || j < b->n)) {
		int order = i >= a->n ? 1 : j >= b->n ? -1 : cmp(&va[i], &vb[j]);

		ret = add(d, order <= 0 ? va[i] : NULL, order >= 0 ? vb[j] : NULL);
		i += order <= 0;
		j += order >= 0;
	}
	return ret;
}

/* A part that was read once only is listed, with nothing before. */
static const struct snapshot *older_end(const struct diff *d, enum diff_part part)
{
	static const struct snapshot none;

	return diff_has_part(d, part) ? d->ends.part[part].a : &none;
}

static change_rule *part_rule(const struct diff *d, enum diff_part part)
{
	return diff_has_part(d, part) ? change_gauge : change_known;
}

/* ---- slab ---- */

static int cache_by_name(const void *a, const void *b)
{
	const struct slabinfo_cache *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

static int cache_by_change(const void *a, const void *b)
{
	const struct diff_cache *x = a, *y = b;
	int r = by_change(&x->bytes, &y->bytes);

	return r ? r : strcmp(x->name, y->name);
}

/* Caches of one name as one: what slabinfo tells of their sum. */
struct cache_sum {
	const char *name;
	uint64_t bytes, idle_bytes, objects, object_size;
};

static int sum_by_name(const void *a, const void *b)
{
	const struct cache_sum *const *x = a, *const *y = b;

	return strcmp((*x)->name, (*y)->name);
}

/* 0 or -ENOMEM. */
static int sum_caches(struct diff *d, const struct snapshot *s, struct rows *out)
{
	struct rows rows = { s->slab.caches, s->slab.n_caches, sizeof(struct slabinfo_cache) };
	struct cache_sum *sums = arena_array(&d->arena, rows.n, sizeof(*sums));
	const void **v = sorted(d, &rows, cache_by_name);
	uint64_t page = snapshot_page_size(s);
	size_t n = 0;

	if (!sums || !v)
		return -ENOMEM;
	for (size_t i = 0; i < rows.n; i++) {
		const struct slabinfo_cache *c = v[i];
		struct cache_sum *x = &sums[n ? n - 1 : 0];

		if (n == 0 || strcmp(x->name, c->name) != 0) {
			x = &sums[n++];
			*x = (struct cache_sum){ .name = c->name, .object_size = c->object_size };
		}
		x->bytes = sat_add(x->bytes, slab_cache_bytes(c, page));
		x->idle_bytes = sat_add(x->idle_bytes, slab_cache_idle_bytes(c, page));
		x->objects = sat_add(x->objects, c->active_objects);
		if (x->object_size != c->object_size)
			x->object_size = 0;
	}
	*out = (struct rows){ sums, n, sizeof(*sums) };
	return 0;
}

/* The end that tells of attributes: a recording has them in some samples. */
static const struct snapshot *with_attributes(const struct diff *d)
{
	const struct snapshot *a = d->ends.part[PART_SLAB].a, *b = d->ends.part[PART_SLAB].b;

	return a && a->n_sysslab && !b->n_sysslab ? a : b;
}

static int add_cache(struct diff *d, const void *then, const void *now)
{
	const struct cache_sum *a = then, *b = now;
	struct diff_cache *c = &d->caches[d->n_caches++];
	change_rule *change = part_rule(d, PART_SLAB);

	c->name = arena_strdup(&d->arena, (b ? b : a)->name);
	if (!c->name)
		return -ENOMEM;
	c->reclaimable = slab_cache_is_reclaimable(with_attributes(d), c->name);
	c->object_size = (b ? b : a)->object_size;
	c->bytes = change(a ? opt_u64(a->bytes) : OPT_UNKNOWN, b ? opt_u64(b->bytes) : OPT_UNKNOWN);
	c->objects = change(a ? opt_u64(a->objects) : OPT_UNKNOWN, b ? opt_u64(b->objects) : OPT_UNKNOWN);
	c->idle_bytes = change(a ? opt_u64(a->idle_bytes) : OPT_UNKNOWN,
			       b ? opt_u64(b->idle_bytes) : OPT_UNKNOWN);
	return 0;
}

int diff_slab(struct diff *d)
{
	struct rows a, b;
	int ret;

	if (!d->ends.part[PART_SLAB].b)
		return 0;
	ret = sum_caches(d, older_end(d, PART_SLAB), &a);
	if (ret == 0)
		ret = sum_caches(d, d->ends.part[PART_SLAB].b, &b);
	if (ret)
		return ret;
	d->caches = arena_array(&d->arena, a.n + b.n, sizeof(*d->caches));
	if (!d->caches)
		return -ENOMEM;
	ret = merge(d, &a, &b, sum_by_name, add_cache);
	if (d->n_caches)
		qsort(d->caches, d->n_caches, sizeof(*d->caches), cache_by_change);
	return ret;
}

/* ---- vmalloc ---- */

static int caller_by_name(const void *a, const void *b)
{
	const struct vmalloc_caller *const *x = a, *const *y = b;
	int r = strcmp((*x)->caller, (*y)->caller);

	return r ? r : ((*x)->kind > (*y)->kind) - ((*x)->kind < (*y)->kind);
}

static int caller_by_change(const void *a, const void *b)
{
	const struct diff_caller *x = a, *y = b;
	int r = by_change(&x->bytes, &y->bytes);

	return r ? r : strcmp(x->caller, y->caller);
}

static int add_caller(struct diff *d, const void *then, const void *now)
{
	const struct vmalloc_caller *a = then, *b = now;
	struct diff_caller *c = &d->callers[d->n_callers++];
	change_rule *change = part_rule(d, PART_VMALLOC);

	c->caller = arena_strdup(&d->arena, (b ? b : a)->caller);
	if (!c->caller)
		return -ENOMEM;
	c->kind = (b ? b : a)->kind;
	c->bytes = change(a ? opt_u64(a->bytes) : OPT_UNKNOWN, b ? opt_u64(b->bytes) : OPT_UNKNOWN);
	c->areas = change(a ? opt_u64(a->areas) : OPT_UNKNOWN, b ? opt_u64(b->areas) : OPT_UNKNOWN);
	c->pages = change(a ? opt_u64(a->pages) : OPT_UNKNOWN, b ? opt_u64(b->pages) : OPT_UNKNOWN);
	return 0;
}

int diff_vmalloc(struct diff *d)
{
	const struct snapshot *from = older_end(d, PART_VMALLOC), *to = d->ends.part[PART_VMALLOC].b;
	struct rows a, b;
	int ret;

	if (!to)
		return 0;
	a = (struct rows){ from->vmalloc.callers, from->vmalloc.n_callers, sizeof(struct vmalloc_caller) };
	b = (struct rows){ to->vmalloc.callers, to->vmalloc.n_callers, sizeof(struct vmalloc_caller) };
	d->callers = arena_array(&d->arena, a.n + b.n, sizeof(*d->callers));
	if (!d->callers)
		return -ENOMEM;
	ret = merge(d, &a, &b, caller_by_name, add_caller);
	if (d->n_callers)
		qsort(d->callers, d->n_callers, sizeof(*d->callers), caller_by_change);
	return ret;
}

/* ---- sides that may keep their largest rows only: one that is not there any more may be small now ---- */

/* Pair each row of @b with the first one of @a that has the same key, or NULL. 0 or -errno. */
static int match(struct diff *d, const struct rows *a, const struct rows *b,
		 const char *(*key)(struct diff *d, const void *row), add_pair *add)
{
	auto_nameset struct nameset seen = { 0 };
	int ret = 0;

	for (size_t i = 0; i < a->n; i++) {
		const char *k = key(d, row_at(a, i));
		size_t at = i;

		if (!k || nameset_add(&seen, 0, slice_of(k), &at) < 0)
			return -ENOMEM;
	}
	for (size_t i = 0; i < b->n && ret == 0; i++) {
		const void *now = row_at(b, i);
		const char *k = key(d, now);
		size_t at;

		if (!k)
			return -ENOMEM;
		ret = add(d, nameset_get(&seen, 0, slice_of(k), &at) ? row_at(a, at) : NULL, now);
	}
	return ret;
}

/* A copy of @module for *@to; NULL, the kernel proper, stays NULL. 0 or -ENOMEM. */
static int copy_module(struct diff *d, const char *module, const char **to)
{
	*to = module ? arena_strdup(&d->arena, module) : NULL;
	return module && !*to ? -ENOMEM : 0;
}

static const char *function_key(struct diff *d, const char *function, const char *module)
{
	return arena_printf(&d->arena, "%s [%s]", function, module ? module : "");
}

/* ---- allocation profiling ---- */

static const char *site_key(struct diff *d, const void *row)
{
	const struct allocinfo_site *s = row;

	return arena_printf(&d->arena, "%s %s [%s]", s->location, s->function, s->module ? s->module : "");
}

static int site_by_change(const void *a, const void *b)
{
	const struct diff_site *x = a, *y = b;
	int r = by_change(&x->bytes, &y->bytes);

	return r ? r : strcmp(x->location, y->location);
}

static int add_site(struct diff *d, const void *then, const void *now)
{
	const struct allocinfo_site *a = then, *b = now;
	struct diff_site *s = &d->sites[d->n_sites++];

	s->location = arena_strdup(&d->arena, b->location);
	s->function = arena_strdup(&d->arena, b->function);
	if (!s->location || !s->function || copy_module(d, b->module, &s->module) < 0)
		return -ENOMEM;
	s->bytes = change_known(a ? opt_u64(a->bytes) : OPT_UNKNOWN, opt_u64(b->bytes));
	s->calls = change_known(a ? opt_u64(a->calls) : OPT_UNKNOWN, opt_u64(b->calls));
	return 0;
}

/* A site that a whole list lacks held nothing. */
static int add_new_site(struct diff *d, const void *then, const void *now)
{
	static const struct allocinfo_site none;

	return add_site(d, then ? then : &none, now);
}

static bool has_all_sites(const struct allocinfo *a)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < a->n_sites; i++)
		bytes = sat_add(bytes, a->sites[i].bytes);
	return bytes == a->bytes;
}

int diff_allocinfo(struct diff *d)
{
	const struct snapshot *from = d->ends.part[PART_SITES].a, *to = d->ends.part[PART_SITES].b;
	struct rows a, b;
	int ret;

	if (!diff_has_part(d, PART_SITES))
		return 0;
	a = (struct rows){ from->allocinfo.sites, from->allocinfo.n_sites, sizeof(struct allocinfo_site) };
	b = (struct rows){ to->allocinfo.sites, to->allocinfo.n_sites, sizeof(struct allocinfo_site) };
	d->sites = arena_array(&d->arena, b.n, sizeof(*d->sites));
	if (!d->sites)
		return -ENOMEM;
	ret = match(d, &a, &b, site_key, has_all_sites(&from->allocinfo) ? add_new_site : add_site);
	if (d->n_sites)
		qsort(d->sites, d->n_sites, sizeof(*d->sites), site_by_change);
	return ret;
}

/* ---- kmemleak ---- */

static const char *loser_key(struct diff *d, const void *row)
{
	const struct kmemleak_caller *c = row;

	return function_key(d, c->function, c->module);
}

static int loser_by_change(const void *a, const void *b)
{
	const struct diff_loser *x = a, *y = b;
	int r = by_change(&x->bytes, &y->bytes);

	return r ? r : strcmp(x->function, y->function);
}

static int add_loser(struct diff *d, const void *then, const void *now)
{
	const struct kmemleak_caller *a = then, *b = now;
	struct diff_loser *to = &d->losers[d->n_losers++];

	to->function = arena_strdup(&d->arena, b->function);
	if (!to->function || copy_module(d, b->module, &to->module) < 0)
		return -ENOMEM;
	to->bytes = change_known(a ? opt_u64(a->bytes) : OPT_UNKNOWN, opt_u64(b->bytes));
	to->objects = change_known(a ? opt_u64(a->objects) : OPT_UNKNOWN, opt_u64(b->objects));
	return 0;
}

/* A caller that a whole list lacks had lost nothing. */
static int add_new_loser(struct diff *d, const void *then, const void *now)
{
	static const struct kmemleak_caller none;

	return add_loser(d, then ? then : &none, now);
}

static bool has_all_losers(const struct kmemleak *k)
{
	uint64_t objects = 0;

	for (size_t i = 0; i < k->n_callers; i++)
		objects = sat_add(objects, k->callers[i].objects);
	return objects == k->objects;
}

/* What is found again was not lost: callers that the newer side lacks do not matter. */
int diff_kmemleak(struct diff *d)
{
	const struct snapshot *from = d->ends.part[PART_LOSERS].a, *to = d->ends.part[PART_LOSERS].b;
	struct rows a, b;
	int ret;

	if (!diff_has_part(d, PART_LOSERS))
		return 0;
	a = (struct rows){ from->kmemleak.callers, from->kmemleak.n_callers, sizeof(struct kmemleak_caller) };
	b = (struct rows){ to->kmemleak.callers, to->kmemleak.n_callers, sizeof(struct kmemleak_caller) };
	d->losers = arena_array(&d->arena, b.n, sizeof(*d->losers));
	if (!d->losers)
		return -ENOMEM;
	ret = match(d, &a, &b, loser_key, has_all_losers(&from->kmemleak) ? add_new_loser : add_loser);
	if (d->n_losers)
		qsort(d->losers, d->n_losers, sizeof(*d->losers), loser_by_change);
	return ret;
}

/* ---- page_owner ---- */

static const char *owner_key(struct diff *d, const void *row)
{
	const struct page_owner_caller *c = row;

	return function_key(d, c->function, c->module);
}

static int owner_by_change(const void *a, const void *b)
{
	const struct diff_owner *x = a, *y = b;
	int r = by_change(&x->bytes, &y->bytes);

	return r ? r : strcmp(x->function, y->function);
}

static int add_owner(struct diff *d, const void *then, const void *now)
{
	const struct page_owner_caller *a = then, *b = now;
	struct diff_owner *to = &d->owners[d->n_owners++];
	uint64_t size_then = snapshot_page_size(d->a), size = d->page_size;

	to->function = arena_strdup(&d->arena, b->function);
	if (!to->function || copy_module(d, b->module, &to->module) < 0)
		return -ENOMEM;
	to->bytes = change_known(a ? opt_u64(sat_mul(a->pages, size_then)) : OPT_UNKNOWN,
				 opt_u64(sat_mul(b->pages, size)));
	to->stray_bytes = change_known(a ? opt_u64(sat_mul(a->stray_pages, size_then)) : OPT_UNKNOWN,
				       opt_u64(sat_mul(b->stray_pages, size)));
	to->stray_pageblocks = change_known(a ? opt_u64(a->stray_pageblocks) : OPT_UNKNOWN,
					    opt_u64(b->stray_pageblocks));
	return 0;
}

/* A caller that a whole list lacks had no page. */
static int add_new_owner(struct diff *d, const void *then, const void *now)
{
	static const struct page_owner_caller none;

	return add_owner(d, then ? then : &none, now);
}

/* Whether no caller was cut off; they are kept by their stray pages, so one that is not there may be large. */
static bool has_all_owners(const struct page_owner *o)
{
	uint64_t pages = 0;

	for (size_t i = 0; i < o->n_callers; i++)
		pages = sat_add(pages, o->callers[i].pages);
	return pages == o->pages;
}

int diff_page_owner(struct diff *d)
{
	const struct page_owner *older, *newer;
	struct rows a, b;
	int ret;

	if (!diff_has_part(d, PART_OWNERS))
		return 0;
	older = &d->ends.part[PART_OWNERS].a->page_owner;
	newer = &d->ends.part[PART_OWNERS].b->page_owner;
	a = (struct rows){ older->callers, older->n_callers, sizeof(struct page_owner_caller) };
	b = (struct rows){ newer->callers, newer->n_callers, sizeof(struct page_owner_caller) };
	d->owners = arena_array(&d->arena, b.n, sizeof(*d->owners));
	if (!d->owners)
		return -ENOMEM;
	ret = match(d, &a, &b, owner_key, has_all_owners(older) ? add_new_owner : add_owner);
	if (d->n_owners)
		qsort(d->owners, d->n_owners, sizeof(*d->owners), owner_by_change);
	return ret;
}
