// SPDX-License-Identifier: GPL-2.0-or-later
/* What allocation profiling adds: the line of code that allocates what a finding is about. */
#include <stdio.h>

#include "model/findings_priv.h"

static bool grew(const struct diff_site *s)
{
	return s->bytes.kind == CHANGE_BOTH && !s->bytes.negative && s->bytes.delta && s->calls.kind == CHANGE_BOTH &&
	       !s->calls.negative && s->calls.delta;
}

/*
 * An object counts as many bytes as slabinfo tells of its cache, what debugging adds among them
 * (s->size: mm/slub.c:alloc_tagging_slab_alloc_hook, 6.10), whatever size was asked for. Bytes and
 * calls are summed up over the processors while these count on (alloc_tag_read): a site that is
 * busy is off by some objects, more than a 64th are of another size.
 */
static bool allocates_objects(const struct diff_site *s, uint64_t size)
{
	uint64_t all = sat_mul(s->calls.delta, size);
	uint64_t off = s->bytes.delta > all ? s->bytes.delta - all : all - s->bytes.delta;

	return size && off <= s->bytes.delta / 64;
}

/* As many objects as @s took at least, but for some on the lists of processors. */
static bool took_as_many(const struct diff_cache *c, const struct diff_site *s)
{
	return (c->objects.kind == CHANGE_BOTH || c->objects.kind == CHANGE_CAME) && !c->objects.negative &&
	       c->objects.delta >= s->calls.delta - s->calls.delta / 4;
}

/* Objects of @name, and not as well those of another cache of that size that took as many. */
static bool fills_cache(const struct diff *d, const struct diff_site *s, const char *name)
{
	bool fits = false;

	for (size_t i = 0; i < d->n_caches; i++) {
		const struct diff_cache *c = &d->caches[i];

		if (!allocates_objects(s, c->object_size) || !took_as_many(c, s))
			continue;
		if (strcmp(c->name, name) != 0)
			return false;
		fits = true;
	}
	return fits;
}

/* "leaky_probe+0x1c/0x40 [leaky]" is the function leaky_probe of leaky. */
static bool is_caller(const struct diff_site *s, const char *caller)
{
	size_t len = strlen(s->function);

	if (len == 0 || strncmp(caller, s->function, len) != 0 || (caller[len] && caller[len] != '+'))
		return false;
	return !s->module || strstr(caller, s->module);
}

/* Takes whole pages, and is no part of memory management: what mm/ takes is in some account. */
static bool takes_pages(const struct diff_site *s, uint64_t page_size)
{
	return s->bytes.delta % page_size == 0 && s->bytes.delta / page_size >= s->calls.delta &&
	       strncmp(s->location, "mm/", 3) != 0;
}

static bool can_be(const struct diff *d, const struct finding *x, const struct diff_site *s)
{
	switch (x->kind) {
	case FINDING_SLAB_LEAK:
	case FINDING_SLAB_GROWTH:
		return fills_cache(d, s, x->subject);
	case FINDING_VMALLOC_LEAK:
	case FINDING_VMALLOC_GROWTH:
		return is_caller(s, x->subject);
	case FINDING_UNACCOUNTED:
		return takes_pages(s, d->page_size) && s->bytes.delta <= x->bytes.v + x->bytes.v / 4;
	default:
		return false;
	}
}

static void name_site(struct finder *f, struct finding *x)
{
	char size[FIND_TEXT], name[FIND_FUNCTION];

	/* Those that grew most are first. */
	for (size_t i = 0; i < f->d->n_sites; i++) {
		const struct diff_site *s = &f->d->sites[i];

		if (!grew(s) || s->bytes.delta < opt_or(x->bytes, 0) / 4 || !can_be(f->d, x, s))
			continue;
		finding_set_next(f, x, "allocation profiling names %s %s: it grew by %s", s->location,
				 find_function(name, s->function, s->module), find_size(size, (double)s->bytes.delta));
		return;
	}
}

void find_sites(struct finder *f)
{
	for (size_t i = 0; i < f->fs->n; i++)
		name_site(f, &f->fs->v[i]);
}
