// SPDX-License-Identifier: GPL-2.0-or-later
/* What allocation profiling adds: the line of code that allocates what a finding is about. */
#include <stdio.h>

#include "model/findings_priv.h"

/* Objects of a cache are counted at its size (mm/slub.c:alloc_tagging_slab_alloc_hook, 6.10). */
static bool allocates_objects(const struct diff_site *s, uint64_t object_size)
{
	return object_size && s->calls.kind == CHANGE_BOTH && !s->calls.negative && s->calls.delta &&
	       sat_mul(s->calls.delta, object_size) == s->bytes.delta;
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
	return s->calls.kind == CHANGE_BOTH && !s->calls.negative && s->calls.delta &&
	       s->bytes.delta % page_size == 0 && s->bytes.delta / page_size >= s->calls.delta &&
	       strncmp(s->location, "mm/", 3) != 0;
}

static uint64_t object_size(const struct diff *d, const char *cache)
{
	for (size_t i = 0; i < d->n_caches; i++) {
		if (strcmp(d->caches[i].name, cache) == 0)
			return d->caches[i].object_size;
	}
	return 0;
}

static bool can_be(const struct diff *d, const struct finding *x, const struct diff_site *s)
{
	switch (x->kind) {
	case FINDING_SLAB_LEAK:
	case FINDING_SLAB_GROWTH:
		return allocates_objects(s, object_size(d, x->subject));
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
	char size[FIND_TEXT];

	/* Those that grew most are first. */
	for (size_t i = 0; i < f->d->n_sites; i++) {
		const struct diff_site *s = &f->d->sites[i];

		if (s->bytes.kind != CHANGE_BOTH || s->bytes.negative || s->bytes.delta < opt_or(x->bytes, 0) / 4 ||
		    s->bytes.delta == 0 || !can_be(f->d, x, s))
			continue;
		finding_set_next(f, x, "allocation profiling names %s %s%s%s%s: it grew by %s", s->location, s->function,
				 s->module ? " [" : "", s->module ? s->module : "", s->module ? "]" : "",
				 find_size(size, (double)s->bytes.delta));
		return;
	}
}

void find_sites(struct finder *f)
{
	for (size_t i = 0; i < f->fs->n; i++)
		name_site(f, &f->fs->v[i]);
}
