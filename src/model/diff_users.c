// SPDX-License-Identifier: GPL-2.0-or-later
/* What changed among those who take memory: caches, vmalloc callers, allocation sites. */
#include <errno.h>
#include <stdlib.h>

#include "model/diff_priv.h"
#include "read/nameset.h"

uint64_t slab_cache_bytes(const struct slabinfo_cache *c, uint64_t page_size)
{
	return sat_mul(sat_mul(c->slabs, c->pages_per_slab), page_size);
}

uint64_t slab_cache_idle_bytes(const struct slabinfo_cache *c, uint64_t page_size)
{
	return sat_sub(slab_cache_bytes(c, page_size), sat_mul(c->active_objects, c->object_size));
}

/* SLAB_RECLAIM_ACCOUNT caches of the kernel, where /sys/kernel/slab does not tell; 4.18 to 7.3. */
static bool name_is_reclaimable(const char *name)
{
	static const char *const exact[] = {
		"dentry",  "radix_tree_node",	 "xarray_node", "buffer_head",
		"xfs_ili", "ext4_extent_status", "mbcache",	"inode_cache",
	};
	size_t len = strlen(name);

	for (size_t i = 0; i < ARRAY_SIZE(exact); i++) {
		if (strcmp(name, exact[i]) == 0)
			return true;
	}
	if (strncmp(name, "kmalloc-rcl-", 12) == 0)
		return true;
	/* shmem's inodes go with their files only. */
	if (strcmp(name, "shmem_inode_cache") == 0)
		return false;
	return (len >= 12 && strcmp(name + len - 12, "_inode_cache") == 0) ||
	       (len >= 6 && strcmp(name + len - 6, "_inode") == 0);
}

/*
 * Caches without SLAB_RECLAIM_ACCOUNT whose objects live and go with an inode of another
 * cache: they shrink when that one does.
 */
static bool goes_with_inodes(const char *name)
{
	return strcmp(name, "lsm_inode_cache") == 0 || strcmp(name, "selinux_inode_security") == 0 ||
	       strcmp(name, "iint_cache") == 0 || strcmp(name, "ima_iint_cache") == 0;
}

bool slab_cache_is_reclaimable(const struct snapshot *s, const char *name)
{
	if (goes_with_inodes(name))
		return true;
	for (size_t i = 0; i < s->n_sysslab; i++) {
		const struct sysslab_cache *c = &s->sysslab[i];
		bool is = strcmp(c->name, name) == 0;

		for (size_t j = 0; j < c->n_aliases && !is; j++)
			is = strcmp(c->alias_names[j], name) == 0;
		if (is && c->reclaim_account.known)
			return c->reclaim_account.v != 0;
	}
	return name_is_reclaimable(name);
}

/* Largest change first. */
static int by_change(const struct change *x, const struct change *y)
{
	return (x->delta < y->delta) - (x->delta > y->delta);
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

static const struct slabinfo_cache **sorted_caches(struct diff *d, const struct slabinfo *s)
{
	const struct slabinfo_cache **v = arena_array(&d->arena, s->n_caches, sizeof(*v));

	for (size_t i = 0; v && i < s->n_caches; i++)
		v[i] = &s->caches[i];
	if (v)
		qsort(v, s->n_caches, sizeof(*v), cache_by_name);
	return v;
}

static int add_cache(struct diff *d, const struct slabinfo_cache *a, const struct slabinfo_cache *b)
{
	struct diff_cache *c = &d->caches[d->n_caches++];
	const struct snapshot *of = b ? d->b : d->a;
	uint64_t pa = snapshot_page_size(d->a), pb = d->page_size;

	c->name = arena_strdup(&d->arena, (b ? b : a)->name);
	if (!c->name)
		return -ENOMEM;
	c->reclaimable = slab_cache_is_reclaimable(of, c->name);
	c->bytes = change_gauge(a ? opt_u64(slab_cache_bytes(a, pa)) : OPT_UNKNOWN,
				b ? opt_u64(slab_cache_bytes(b, pb)) : OPT_UNKNOWN);
	c->objects = change_gauge(a ? opt_u64(a->active_objects) : OPT_UNKNOWN,
				  b ? opt_u64(b->active_objects) : OPT_UNKNOWN);
	c->idle_bytes = change_gauge(a ? opt_u64(slab_cache_idle_bytes(a, pa)) : OPT_UNKNOWN,
				     b ? opt_u64(slab_cache_idle_bytes(b, pb)) : OPT_UNKNOWN);
	return 0;
}

int diff_slab(struct diff *d)
{
	const struct slabinfo *a = &d->a->slab, *b = &d->b->slab;
	const struct slabinfo_cache **va, **vb;
	size_t i = 0, j = 0;
	int ret = 0;

	if (!d->a->has_slab || !d->b->has_slab)
		return 0;
	va = sorted_caches(d, a);
	vb = sorted_caches(d, b);
	d->caches = arena_array(&d->arena, a->n_caches + b->n_caches, sizeof(*d->caches));
	if (!va || !vb || !d->caches)
		return -ENOMEM;
	while (ret == 0 && (i < a->n_caches || j < b->n_caches)) {
		int order = i >= a->n_caches ? 1
			    : j >= b->n_caches ? -1
					       : strcmp(va[i]->name, vb[j]->name);

		ret = add_cache(d, order <= 0 ? va[i] : NULL, order >= 0 ? vb[j] : NULL);
		i += order <= 0;
		j += order >= 0;
	}
	if (d->n_caches)
		qsort(d->caches, d->n_caches, sizeof(*d->caches), cache_by_change);
	return ret;
}

/* ---- vmalloc ---- */

static int compare_callers(const struct vmalloc_caller *x, const struct vmalloc_caller *y)
{
	int r = strcmp(x->caller, y->caller);

	return r ? r : (x->kind > y->kind) - (x->kind < y->kind);
}

static int caller_by_name(const void *a, const void *b)
{
	const struct vmalloc_caller *const *x = a, *const *y = b;

	return compare_callers(*x, *y);
}

static int caller_by_change(const void *a, const void *b)
{
	const struct diff_caller *x = a, *y = b;
	int r = by_change(&x->bytes, &y->bytes);

	return r ? r : strcmp(x->caller, y->caller);
}

static const struct vmalloc_caller **sorted_callers(struct diff *d, const struct vmallocinfo *s)
{
	const struct vmalloc_caller **v = arena_array(&d->arena, s->n_callers, sizeof(*v));

	for (size_t i = 0; v && i < s->n_callers; i++)
		v[i] = &s->callers[i];
	if (v)
		qsort(v, s->n_callers, sizeof(*v), caller_by_name);
	return v;
}

static int add_caller(struct diff *d, const struct vmalloc_caller *a, const struct vmalloc_caller *b)
{
	struct diff_caller *c = &d->callers[d->n_callers++];

	c->caller = arena_strdup(&d->arena, (b ? b : a)->caller);
	if (!c->caller)
		return -ENOMEM;
	c->kind = (b ? b : a)->kind;
	c->bytes = change_gauge(a ? opt_u64(a->bytes) : OPT_UNKNOWN, b ? opt_u64(b->bytes) : OPT_UNKNOWN);
	c->areas = change_gauge(a ? opt_u64(a->areas) : OPT_UNKNOWN, b ? opt_u64(b->areas) : OPT_UNKNOWN);
	c->pages = change_gauge(a ? opt_u64(a->pages) : OPT_UNKNOWN, b ? opt_u64(b->pages) : OPT_UNKNOWN);
	return 0;
}

int diff_vmalloc(struct diff *d)
{
	const struct vmallocinfo *a = &d->a->vmalloc, *b = &d->b->vmalloc;
	const struct vmalloc_caller **va, **vb;
	size_t i = 0, j = 0;
	int ret = 0;

	if (!d->a->has_vmalloc || !d->b->has_vmalloc)
		return 0;
	va = sorted_callers(d, a);
	vb = sorted_callers(d, b);
	d->callers = arena_array(&d->arena, a->n_callers + b->n_callers, sizeof(*d->callers));
	if (!va || !vb || !d->callers)
		return -ENOMEM;
	while (ret == 0 && (i < a->n_callers || j < b->n_callers)) {
		int order = i >= a->n_callers ? 1
			    : j >= b->n_callers ? -1
						: compare_callers(va[i], vb[j]);

		ret = add_caller(d, order <= 0 ? va[i] : NULL, order >= 0 ? vb[j] : NULL);
		i += order <= 0;
		j += order >= 0;
	}
	if (d->n_callers)
		qsort(d->callers, d->n_callers, sizeof(*d->callers), caller_by_change);
	return ret;
}

/* ---- allocation profiling ---- */

/* Index the names of one side by number. The first of two equal names stands. 0 or -ENOMEM. */
static int remember(struct nameset *seen, const char *key, size_t i)
{
	return !key || nameset_add(seen, 0, slice_of(key), &i) < 0 ? -ENOMEM : 0;
}

static const char *site_key(struct diff *d, const struct allocinfo_site *s)
{
	return arena_printf(&d->arena, "%s %s [%s]", s->location, s->function, s->module ? s->module : "");
}

static int site_by_change(const void *a, const void *b)
{
	const struct diff_site *x = a, *y = b;
	int r = by_change(&x->bytes, &y->bytes);

	return r ? r : strcmp(x->location, y->location);
}

static int add_site(struct diff *d, const struct allocinfo_site *a, const struct allocinfo_site *b)
{
	struct diff_site *s = &d->sites[d->n_sites++];

	s->location = arena_strdup(&d->arena, b->location);
	s->function = arena_strdup(&d->arena, b->function);
	s->module = b->module ? arena_strdup(&d->arena, b->module) : NULL;
	if (!s->location || !s->function || (b->module && !s->module))
		return -ENOMEM;
	s->bytes = change_gauge(a ? opt_u64(a->bytes) : opt_u64(0), opt_u64(b->bytes));
	s->calls = change_gauge(a ? opt_u64(a->calls) : opt_u64(0), opt_u64(b->calls));
	return 0;
}

/* Only sites of the newer side: each snapshot keeps its largest, so one that is missing before was small. */
int diff_allocinfo(struct diff *d)
{
	const struct allocinfo *a = &d->a->allocinfo, *b = &d->b->allocinfo;
	auto_nameset struct nameset seen = { 0 };
	int ret = 0;

	if (!d->a->has_allocinfo || !d->b->has_allocinfo)
		return 0;
	d->sites = arena_array(&d->arena, b->n_sites, sizeof(*d->sites));
	if (!d->sites)
		return -ENOMEM;
	for (size_t i = 0; i < a->n_sites && ret == 0; i++)
		ret = remember(&seen, site_key(d, &a->sites[i]), i);
	for (size_t i = 0; i < b->n_sites && ret == 0; i++) {
		const char *key = site_key(d, &b->sites[i]);
		size_t at;

		if (!key)
			return -ENOMEM;
		ret = add_site(d, nameset_get(&seen, 0, slice_of(key), &at) ? &a->sites[at] : NULL, &b->sites[i]);
	}
	if (d->n_sites)
		qsort(d->sites, d->n_sites, sizeof(*d->sites), site_by_change);
	return ret;
}

/* ---- kmemleak ---- */

static const char *loser_key(struct diff *d, const struct kmemleak_caller *c)
{
	return arena_printf(&d->arena, "%s [%s]", c->function, c->module ? c->module : "");
}

static int loser_by_change(const void *a, const void *b)
{
	const struct diff_loser *x = a, *y = b;
	int r = by_change(&x->bytes, &y->bytes);

	return r ? r : strcmp(x->function, y->function);
}

static int add_loser(struct diff *d, const struct kmemleak_caller *then, const struct kmemleak_caller *now)
{
	struct diff_loser *to = &d->losers[d->n_losers++];

	to->function = arena_strdup(&d->arena, now->function);
	to->module = now->module ? arena_strdup(&d->arena, now->module) : NULL;
	if (!to->function || (now->module && !to->module))
		return -ENOMEM;
	to->bytes = change_gauge(opt_u64(then ? then->bytes : 0), opt_u64(now->bytes));
	to->objects = change_gauge(opt_u64(then ? then->objects : 0), opt_u64(now->objects));
	return 0;
}

/* As with sites, only callers of the newer side: what is found again was not lost. */
int diff_kmemleak(struct diff *d)
{
	const struct kmemleak *a = &d->a->kmemleak, *b = &d->b->kmemleak;
	auto_nameset struct nameset seen = { 0 };
	int ret = 0;

	if (!d->a->has_kmemleak || !d->b->has_kmemleak)
		return 0;
	d->losers = arena_array(&d->arena, b->n_callers, sizeof(*d->losers));
	if (!d->losers)
		return -ENOMEM;
	for (size_t i = 0; i < a->n_callers && ret == 0; i++)
		ret = remember(&seen, loser_key(d, &a->callers[i]), i);
	for (size_t i = 0; i < b->n_callers && ret == 0; i++) {
		const char *key = loser_key(d, &b->callers[i]);
		size_t at;

		if (!key)
			return -ENOMEM;
		ret = add_loser(d, nameset_get(&seen, 0, slice_of(key), &at) ? &a->callers[at] : NULL,
				&b->callers[i]);
	}
	if (d->n_losers)
		qsort(d->losers, d->n_losers, sizeof(*d->losers), loser_by_change);
	return ret;
}

/* ---- page_owner ---- */

static const char *owner_name(struct diff *d, const struct page_owner_caller *c)
{
	return arena_printf(&d->arena, "%s [%s]", c->function, c->module ? c->module : "");
}

static int owner_by_change(const void *a, const void *b)
{
	const struct diff_owner *x = a, *y = b;
	int r = by_change(&x->bytes, &y->bytes);

	return r ? r : strcmp(x->function, y->function);
}

/* Whether no caller was cut off; they are kept by their stray pages, so one that is not there may be large. */
static bool has_all_owners(const struct page_owner *o)
{
	uint64_t pages = 0;

	for (size_t i = 0; i < o->n_callers; i++)
		pages = sat_add(pages, o->callers[i].pages);
	return pages == o->pages;
}

/* @absent: what a caller that is not in the older list had. */
static int add_owner(struct diff *d, const struct page_owner_caller *then, const struct page_owner_caller *now,
		     struct opt_u64 absent)
{
	struct diff_owner *to = &d->owners[d->n_owners++];
	uint64_t size_then = snapshot_page_size(d->a), size = d->page_size;

	to->function = arena_strdup(&d->arena, now->function);
	to->module = now->module ? arena_strdup(&d->arena, now->module) : NULL;
	if (!to->function || (now->module && !to->module))
		return -ENOMEM;
	to->bytes = change_gauge(then ? opt_u64(sat_mul(then->pages, size_then)) : absent,
				 opt_u64(sat_mul(now->pages, size)));
	to->stray_bytes = change_gauge(then ? opt_u64(sat_mul(then->stray_pages, size_then)) : absent,
				       opt_u64(sat_mul(now->stray_pages, size)));
	to->stray_pageblocks = change_gauge(then ? opt_u64(then->stray_pageblocks) : absent,
					    opt_u64(now->stray_pageblocks));
	return 0;
}

/* Only callers of the newer side, as with sites. */
int diff_page_owner(struct diff *d)
{
	const struct page_owner *a = &d->a->page_owner, *b = &d->b->page_owner;
	struct opt_u64 absent = has_all_owners(a) ? opt_u64(0) : OPT_UNKNOWN;
	auto_nameset struct nameset seen = { 0 };
	int ret = 0;

	if (!d->a->has_page_owner || !d->b->has_page_owner)
		return 0;
	d->owners = arena_array(&d->arena, b->n_callers, sizeof(*d->owners));
	if (!d->owners)
		return -ENOMEM;
	for (size_t i = 0; i < a->n_callers && ret == 0; i++)
		ret = remember(&seen, owner_name(d, &a->callers[i]), i);
	for (size_t i = 0; i < b->n_callers && ret == 0; i++) {
		const char *key = owner_name(d, &b->callers[i]);
		size_t at;

		if (!key)
			return -ENOMEM;
		ret = add_owner(d, nameset_get(&seen, 0, slice_of(key), &at) ? &a->callers[at] : NULL,
				&b->callers[i], absent);
	}
	if (d->n_owners)
		qsort(d->owners, d->n_owners, sizeof(*d->owners), owner_by_change);
	return ret;
}
