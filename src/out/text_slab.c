// SPDX-License-Identifier: GPL-2.0-or-later
/* memtool slab for a person. */
#include <inttypes.h>

#include "out/views.h"

#define SITES_SHOWN 10

static const char *allocator_text(enum slab_allocator a)
{
	return a == SLAB_SLUB ? "SLUB" : a == SLAB_SLAB ? "SLAB" : "allocator unknown";
}

static void put_sums(FILE *f, const struct text_style *st, const struct slabview *v)
{
	auto_strbuf struct strbuf sb = STRBUF_INIT;
	char buf[SIZE_TEXT_MAX];

	sb_printf(&sb, "%s in %zu cache%s (%s)", size_text(st, v->bytes, buf), v->n_rows, plural(v->n_rows),
		  allocator_text(v->allocator));
	if (v->wasted_bytes.known && v->bytes.v) {
		sb_printf(&sb, "; %s%s", v->counts_all_exact ? "" : "at least ",
			  size_text(st, v->wasted_bytes, buf));
		sb_printf(&sb, " (%s) not in use",
			  percent_text(sat_mul(v->wasted_bytes.v, 1000) / v->bytes.v, buf));
	}
	if (v->has_sysfs && v->reclaimable_bytes.known)
		sb_printf(&sb, "; %s in reclaimable caches", size_text(st, v->reclaimable_bytes, buf));
	put_wrapped(f, st, 2, sb_str(&sb));
}

/* How far the counts can be trusted, by this kernel's code. */
static void put_trust(FILE *f, const struct text_style *st, const struct slabview *v)
{
	auto_strbuf struct strbuf sb = STRBUF_INIT;
	size_t inexact = 0;

	for (size_t i = 0; i < v->n_rows; i++)
		inexact += !v->rows[i].bytes_exact && v->rows[i].bytes.v;
	if (v->allocator == SLAB_SLUB) {
		sb_addstr(&sb, "Active counts are upper bounds: SLUB counts free objects in the slabs and "
			       "caches of CPUs as active");
		if (v->counts_approx)
			sb_addstr(&sb, ", and extrapolates beyond 10000 partial slabs a node");
		sb_addstr(&sb, ".");
	}
	if (inexact)
		sb_printf(&sb, "%s%zu cache%s slabs below the preferred order, so bytes is an upper "
			       "bound there (columns minorder, surplus).", sb.len ? " " : "", inexact,
			  inexact == 1 ? " has" : "s have");
	if (sb.len)
		put_wrapped(f, st, 0, sb_str(&sb));
}

static void put_hidden(FILE *f, const struct text_style *st, const struct slabview *v,
		       const struct table_choice *choice)
{
	size_t hidden = v->n_rows - choice->n_rows;
	uint64_t shown = 0;
	char buf[SIZE_TEXT_MAX];

	if (hidden == 0)
		return;
	for (size_t i = 0; i < choice->n_rows; i++)
		shown = sat_add(shown, v->rows[choice->rows[i]].bytes.v);
	fprintf(f, "%zu more cache%s", hidden, plural(hidden));
	if (v->bytes.known)
		fprintf(f, hidden == 1 ? " holds %s" : " hold %s", size_text(st, opt_u64(sat_sub(v->bytes.v, shown)), buf));
	fputs(" (--top 0 shows all)\n", f);
}

/* The first rows by @sort (NULL: as they come); all of them with --verbose. */
static int put_first(FILE *f, const struct text_style *st, const struct table *t, const char *sort)
{
	struct table_choice choice;
	struct slice bad;
	int err = table_choose(t, NULL, sort, st->verbose ? 0 : SITES_SHOWN, &choice, &bad);

	if (err)
		return err;
	err = table_print(f, t, &choice, st);
	table_choice_done(&choice);
	return err;
}

static int put_sites(FILE *f, const struct text_style *st, const struct snapshot *s)
{
	const struct allocinfo *a = &s->allocinfo;
	struct table t = allocinfo_table(a);
	uint64_t left = allocinfo_bytes_left(a);
	char buf[SIZE_TEXT_MAX];
	int err;

	if (!s->has_allocinfo || a->n_sites == 0)
		return 0;
	t.n_rows = allocinfo_held(a);
	fprintf(f, "\nBy call site (allocinfo), %s with slab objects and their pages both counted:\n",
		size_text(st, opt_u64(sat_sub(a->bytes, left)), buf));
	err = put_first(f, st, &t, NULL);
	if (left)
		fprintf(f, "%s more are counted at sites of no allocation: they are no memory.\n",
			size_text(st, opt_u64(left), buf));
	return err;
}

static int put_unreferenced(FILE *f, const struct text_style *st, const struct snapshot *s)
{
	const struct kmemleak *k = &s->kmemleak;
	struct table t = kmemleak_table(k);
	char buf[SIZE_TEXT_MAX];

	if (!s->has_kmemleak)
		return 0;
	if (k->objects == 0) {
		fputs("\nkmemleak knows of no object that nothing points to.\n", f);
		return 0;
	}
	fprintf(f, "\nNothing points to %" PRIu64 " object%s any more, says kmemleak, %s in all, allocated by:\n",
		k->objects, plural(k->objects), size_text(st, opt_u64(k->bytes), buf));
	return put_first(f, st, &t, "bytes");
}

static int put_page_owners(FILE *f, const struct text_style *st, const struct snapshot *s)
{
	const struct page_owner *o = &s->page_owner;
	struct table t = page_owner_table(o);

	if (!s->has_page_owner || o->n_callers == 0)
		return 0;
	fprintf(f, "\nBy function that took the pages (page_owner), %" PRIu64 " page%s in all; stray ones\n"
		   "cannot be moved and lie in pageblocks kept for movable ones (%" PRIu64 " pageblock%s).\n",
		o->pages, plural(o->pages), o->stray_pageblocks, plural(o->stray_pageblocks));
	return put_first(f, st, &t, NULL);
}

int text_slab(FILE *f, const struct text_style *st, const struct snapshot *s,
	      const struct slabview *v, const struct table *t, const struct table_choice *choice)
{
	int err;

	if (choice->raw)
		return table_print(f, t, choice, st);
	put_sums(f, st, v);
	putc('\n', f);
	err = table_print(f, t, choice, st);
	if (err)
		return err;
	put_hidden(f, st, v, choice);
	putc('\n', f);
	put_trust(f, st, v);
	err = put_sites(f, st, s);
	if (!err)
		err = put_unreferenced(f, st, s);
	return err ? err : put_page_owners(f, st, s);
}
