// SPDX-License-Identifier: GPL-2.0-or-later
/* What page_owner adds: the function that put pages where they do harm. */
#include <inttypes.h>

#include "model/findings_priv.h"

/* Pageblocks that a function spoils anew: fewer are what any boot does. */
#define STRAY_PAGEBLOCKS 4

static void add_stray(struct finder *f, const struct diff_owner *o)
{
	char name[FIND_FUNCTION], more[FIND_TEXT];
	struct finding *x = finder_add(
		f, FINDING_STRAY_PAGES, *o->function ? o->function : "unknown",
		"%s put pages that cannot be moved into %" PRIu64 " more pageblocks kept for movable ones, %" PRIu64
		" now (%s more, says page_owner): compaction cannot empty these", find_function(name, o->function, o->module),
		o->stray_pageblocks.delta, o->stray_pageblocks.after.v, find_size(more, (double)o->stray_bytes.delta));

	if (!x)
		return;
	x->bytes = opt_u64(sat_mul(o->stray_pageblocks.delta, find_pageblock_bytes(f->d)));
	finding_set_next(f, x, "memtool slab lists who else does; memtool map shows where");
}

void find_stray_pages(struct finder *f)
{
	for (size_t i = 0; i < f->d->n_owners; i++) {
		if (find_grew(&f->d->owners[i].stray_pageblocks, STRAY_PAGEBLOCKS))
			add_stray(f, &f->d->owners[i]);
	}
}

void finding_set_next_owner(struct finder *f, struct finding *x, const char *otherwise)
{
	char name[FIND_FUNCTION], more[FIND_TEXT];
	const struct diff_owner *o = f->d->owners; /* the one that grew most is first */

	if (f->d->n_owners && find_grew(&o->bytes, 1))
		finding_set_next(f, x, "page_owner: %s took %s more", find_function(name, o->function, o->module),
				 find_size(more, (double)o->bytes.delta));
	else
		finding_set_next(f, x, "%s", otherwise);
}
