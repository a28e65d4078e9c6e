// SPDX-License-Identifier: GPL-2.0-or-later
/* Slab caches as memory. */
#include "model/slabview.h"

#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>

#include "kernel/rules.h"

/* A name under which a cache of sysfs is known, and where. */
struct name_entry {
	const char *name;
	const struct sysslab_cache *sys;
};

struct name_index {
	struct name_entry *v;
	size_t n;
};

static int by_name(const void *pa, const void *pb)
{
	const struct name_entry *a = pa, *b = pb;

	return strcmp(a->name, b->name);
}

static int index_names(struct arena *arena, const struct snapshot *s, struct name_index *x)
{
	size_t n = s->n_sysslab;

	for (size_t i = 0; i < s->n_sysslab; i++)
		n += s->sysslab[i].n_aliases;
	x->n = 0;
	x->v = arena_array(arena, n, sizeof(*x->v));
	if (!x->v)
		return -ENOMEM;
	for (size_t i = 0; i < s->n_sysslab; i++) {
		const struct sysslab_cache *c = &s->sysslab[i];

		x->v[x->n++] = (struct name_entry){ c->name, c };
		for (size_t j = 0; j < c->n_aliases; j++)
			x->v[x->n++] = (struct name_entry){ c->alias_names[j], c };
	}
	if (x->n)
		qsort(x->v, x->n, sizeof(*x->v), by_name);
	return 0;
}

static const struct sysslab_cache *find_sys(const struct name_index *x, const char *name)
{
	struct name_entry key = { name, NULL }, *e = NULL;

	if (x->n)
		e = bsearch(&key, x->v, x->n, sizeof(*x->v), by_name);
	return e ? e->sys : NULL;
}

/* The other names of @sys; the real directory of a merged cache (":at-0000192") is no name. */
static int take_aliases(struct arena *arena, struct slab_row *r)
{
	const struct sysslab_cache *sys = r->sys;
	auto_strbuf struct strbuf text = STRBUF_INIT;

	r->alias_text = "";
	if (!sys || sys->n_aliases == 0)
		return 0;
	r->aliases = arena_array(arena, sys->n_aliases + 1, sizeof(*r->aliases));
	if (!r->aliases)
		return -ENOMEM;
	if (sys->name[0] != ':' && strcmp(sys->name, r->cache->name) != 0)
		r->aliases[r->n_aliases++] = sys->name;
	for (size_t i = 0; i < sys->n_aliases; i++) {
		if (strcmp(sys->alias_names[i], r->cache->name) != 0)
			r->aliases[r->n_aliases++] = sys->alias_names[i];
	}
	for (size_t i = 0; i < r->n_aliases; i++) {
		if (i)
			sb_addch(&text, ',');
		sb_addstr(&text, r->aliases[i]);
	}
	r->alias_text = arena_strdup(arena, sb_str(&text));
	return text.failed || !r->alias_text ? -ENOMEM : 0;
}

static enum slab_allocator allocator_of(const struct snapshot *s)
{
	const char *slab = s->has_kconfig ? kconfig_get(&s->kconfig, "SLAB") : NULL;

	if (s->n_sysslab)
		return SLAB_SLUB;
	if (s->slab.version_major == 1)
		return SLAB_SLAB;
	/* SLUB prints 0 0 0 as tunables, SLAB never. */
	for (size_t i = 0; i < s->slab.n_caches; i++) {
		if (!s->slab.caches[i].limit.known)
			return SLAB_UNKNOWN;
		if (s->slab.caches[i].limit.v)
			return SLAB_SLAB;
	}
	if (s->slab.n_caches)
		return SLAB_SLUB;
	return slab && strcmp(slab, "y") == 0 ? SLAB_SLAB : SLAB_UNKNOWN;
}

/* By sysfs; else by the names that say it: kmalloc-rcl-N and plain kmalloc-N. */
static enum known_bool reclaimable(const struct slab_row *r)
{
	const char *name = r->cache->name;

	if (r->sys && r->sys->reclaim_account.known)
		return r->sys->reclaim_account.v ? BOOL_YES : BOOL_NO;
	if (strncmp(name, "kmalloc-rcl-", 12) == 0)
		return BOOL_YES;
	if (strncmp(name, "kmalloc-", 8) == 0 || strncmp(name, "dma-kmalloc-", 12) == 0)
		return BOOL_NO;
	return BOOL_UNKNOWN;
}

static uint64_t get_order(uint64_t size, uint64_t page_size)
{
	uint64_t order = 0;

	while (order < 63 && sat_shl(page_size, (unsigned int)order) < size)
		order++;
	return order;
}

/*
 * A slab that could not get the preferred order has the minimum order
 * (mm/slub.c:allocate_slab), and fewer objects. With two sizes of slabs, the
 * counts of slabs and of objects tell how many there are of each.
 */
static void count_minimum_order(const struct snapshot *s, struct slab_row *r)
{
	const struct slabinfo_cache *c = r->cache;
	uint64_t full = sat_mul(c->slabs, c->objects_per_slab);
	uint64_t page = s->kernel.page_size.v, min, per_slab, missing;

	if (!s->kernel.page_size.known || page == 0 || c->objects_per_slab == 0 || c->object_size == 0)
		return;
	if (c->objects == full) {
		r->minimum_order_slabs = opt_u64(0);
		r->surplus_bytes = opt_u64(0);
		return;
	}
	min = get_order(c->object_size, page);
	per_slab = sat_shl(page, (unsigned int)min) / c->object_size;
	if (c->objects > full || min >= r->order || per_slab >= c->objects_per_slab)
		return;
	missing = full - c->objects;
	if (missing % (c->objects_per_slab - per_slab))
		return;
	missing /= c->objects_per_slab - per_slab;
	if (missing > c->slabs)
		return;
	r->minimum_order_slabs = opt_u64(missing);
	r->surplus_bytes = opt_u64(sat_mul(
		missing, sat_mul(sat_sub(c->pages_per_slab, UINT64_C(1) << min), page)));
}

static enum known_bool debugged(const struct sysslab_cache *sys)
{
	if (!sys || !sys->red_zone.known)
		return BOOL_UNKNOWN;
	return opt_or(sys->sanity_checks, 0) || sys->red_zone.v || opt_or(sys->poison, 0) ||
			       opt_or(sys->store_user, 0)
		       ? BOOL_YES
		       : BOOL_NO;
}

static void take_sizes(const struct snapshot *s, struct slab_row *r)
{
	const struct slabinfo_cache *c = r->cache;
	uint64_t objects_bytes = sat_mul(c->objects, c->object_size), page = s->kernel.page_size.v;

	r->active_bytes = sat_mul(c->active_objects, c->object_size);
	r->free_bytes = sat_mul(sat_sub(c->objects, c->active_objects), c->object_size);
	while (r->order < 63 && UINT64_C(1) << r->order < c->pages_per_slab)
		r->order++;
	if (s->kernel.page_size.known) {
		uint64_t bytes = sat_mul(sat_mul(c->slabs, c->pages_per_slab), page);

		r->bytes = opt_u64(bytes);
		r->wasted_bytes = opt_u64(sat_sub(bytes, r->active_bytes));
		r->slack_bytes = opt_u64(sat_sub(bytes, objects_bytes));
		if (bytes) {
			uint64_t milli = sat_mul(r->active_bytes, 1000) / bytes;

			r->used_milli = opt_u64(milli < 1000 ? milli : 1000);
		}
	}
	/* Of a merged cache this is the largest object's: those of other names may be padded more. */
	if (r->sys && r->sys->object_size.known && r->sys->object_size.v <= c->object_size)
		r->padding_bytes = opt_u64(
			sat_mul(c->active_objects, c->object_size - r->sys->object_size.v));
}

static int build_row(struct arena *arena, const struct snapshot *s, const struct name_index *names,
		     enum slab_allocator allocator, struct slab_row *r)
{
	r->sys = find_sys(names, r->cache->name);
	take_sizes(s, r);
	r->reclaimable = reclaimable(r);
	r->debugged = debugged(r->sys);
	/* A cache whose objects are all free, or that has none, leaves nothing to be unsure of. */
	r->active_exact = allocator == SLAB_SLAB || r->cache->active_objects == 0;
	if (allocator != SLAB_SLAB) {
		count_minimum_order(s, r);
		r->bytes_exact = r->minimum_order_slabs.known && r->minimum_order_slabs.v == 0;
	} else {
		r->minimum_order_slabs = r->surplus_bytes = opt_u64(0);
		r->bytes_exact = true;
	}
	return take_aliases(arena, r);
}

static void add_up(const struct snapshot *s, struct slabview *v)
{
	struct opt_u64 zero = s->kernel.page_size.known ? opt_u64(0) : OPT_UNKNOWN;

	v->bytes = v->wasted_bytes = v->reclaimable_bytes = zero;
	v->counts_all_exact = true;
	for (size_t i = 0; i < v->n_rows; i++) {
		const struct slab_row *r = &v->rows[i];

		v->bytes.v = sat_add(v->bytes.v, r->bytes.v);
		v->wasted_bytes.v = sat_add(v->wasted_bytes.v, r->wasted_bytes.v);
		v->active_bytes = sat_add(v->active_bytes, r->active_bytes);
		if (r->reclaimable == BOOL_YES)
			v->reclaimable_bytes.v = sat_add(v->reclaimable_bytes.v, r->bytes.v);
		v->counts_all_exact &= r->active_exact;
	}
}

int slabview_build(struct arena *arena, const struct snapshot *s, struct slabview *out)
{
	struct slabview v = { 0 };
	struct name_index names;

	if (index_names(arena, s, &names))
		return -ENOMEM;
	v.allocator = allocator_of(s);
	v.counts_approx = v.allocator == SLAB_SLUB && mm_rules_of(s).slub_counts_approx;
	v.has_sysfs = s->n_sysslab > 0;
	v.n_rows = s->slab.n_caches;
	v.rows = arena_array(arena, v.n_rows, sizeof(*v.rows));
	if (!v.rows)
		return -ENOMEM;
	for (size_t i = 0; i < v.n_rows; i++) {
		v.rows[i].cache = &s->slab.caches[i];
		if (build_row(arena, s, &names, v.allocator, &v.rows[i]))
			return -ENOMEM;
	}
	add_up(s, &v);
	*out = v;
	return 0;
}

static bool matches(const struct slab_row *r, const char *pattern)
{
	if (fnmatch(pattern, r->cache->name, 0) == 0)
		return true;
	for (size_t i = 0; i < r->n_aliases; i++) {
		if (fnmatch(pattern, r->aliases[i], 0) == 0)
			return true;
	}
	return false;
}

bool slabview_has(const struct slabview *v, const char *pattern)
{
	for (size_t i = 0; i < v->n_rows; i++) {
		if (matches(&v->rows[i], pattern))
			return true;
	}
	return false;
}

size_t slabview_filter(const struct snapshot *s, struct slabview *v, char *const *patterns)
{
	size_t n = 0;

	for (size_t i = 0; i < v->n_rows; i++) {
		bool keep = false;

		for (char *const *p = patterns; *p && !keep; p++)
			keep = matches(&v->rows[i], *p);
		if (keep)
			v->rows[n++] = v->rows[i];
	}
	v->n_rows = n;
	v->active_bytes = 0;
	add_up(s, v);
	return n;
}
