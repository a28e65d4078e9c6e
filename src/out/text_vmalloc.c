// SPDX-License-Identifier: GPL-2.0-or-later
/* memtool vmalloc for a person. */
#include <inttypes.h>

#include "out/views.h"

static void put_sums(FILE *f, const struct text_style *st, const struct vmallocview *v)
{
	auto_strbuf struct strbuf sb = STRBUF_INIT;
	const struct vmalloc_row *t = &v->total;
	char buf[SIZE_TEXT_MAX];

	sb_printf(&sb, "%s of address space in %" PRIu64 " area%s",
		  size_text(st, opt_u64(t->bytes), buf), t->areas, plural(t->areas));
	if (t->page_bytes.known)
		sb_printf(&sb, "; %s of real pages", size_text(st, t->page_bytes, buf));
	if (v->space_bytes.known)
		sb_printf(&sb, "; the range has %s", size_text(st, v->space_bytes, buf));
	put_wrapped(f, st, 2, sb_str(&sb));
	sb_reset(&sb);
	if (t->guard_bytes.known)
		sb_printf(&sb, "Guard pages, %s, are taken off: the kernel adds one to each area but to "
			       "vm_map_ram's, per-CPU chunks and early mappings; unpurged areas may still "
			       "hold one.", size_text(st, t->guard_bytes, buf));
	else
		sb_addstr(&sb, "Guard pages are not taken off: the page size is not known.");
	put_wrapped(f, st, 2, sb_str(&sb));
}

static void put_hole(FILE *f, const struct text_style *st, const struct vmallocview *v)
{
	auto_strbuf struct strbuf sb = STRBUF_INIT;
	char buf[SIZE_TEXT_MAX];

	sb_addstr(&sb, "Largest hole: ");
	if (!v->hole.at_least.known)
		sb_printf(&sb, "unknown, %s", v->hole.why ? v->hole.why : "no addresses");
	else
		sb_addstr(&sb, size_text(st, v->hole.at_least, buf));
	if (v->hole.at_least.known && v->hole.at_most.v != v->hole.at_least.v)
		sb_printf(&sb, " between areas, at most %s at the ends of the range",
			  size_text(st, v->hole.at_most, buf));
	put_wrapped(f, st, 2, sb_str(&sb));
}

static void put_nodes(FILE *f, const struct text_style *st, const struct snapshot *s,
		      const struct vmallocview *v)
{
	char buf[SIZE_TEXT_MAX];
	bool any = false;

	if (!v->total.node_pages || v->n_nodes < 2)
		return;
	fputs("Real pages by node:", f);
	for (size_t i = 0; i < v->n_nodes; i++) {
		struct opt_u64 bytes = OPT_UNKNOWN;

		if (v->total.node_pages[i] == 0)
			continue;
		if (s->kernel.page_size.known)
			bytes = opt_u64(sat_mul(v->total.node_pages[i], s->kernel.page_size.v));
		fprintf(f, "%s node %d %s", any ? "," : "", v->node_ids[i], size_text(st, bytes, buf));
		any = true;
	}
	putc('\n', f);
}

static void put_hidden(FILE *f, const struct text_style *st, const struct vmallocview *v,
		       const struct table_choice *choice)
{
	size_t hidden = v->n_rows - choice->n_rows;
	uint64_t shown = 0;
	char buf[SIZE_TEXT_MAX];

	if (hidden == 0)
		return;
	for (size_t i = 0; i < choice->n_rows; i++)
		shown = sat_add(shown, v->rows[choice->rows[i]].bytes);
	fprintf(f, "%zu more row%s %s (--top 0 shows all)\n", hidden, hidden == 1 ? " holds" : "s hold",
		size_text(st, opt_u64(sat_sub(v->total.bytes, shown)), buf));
}

int text_vmalloc(FILE *f, const struct text_style *st, const struct snapshot *s,
		 const struct vmallocview *v, const struct table *t,
		 const struct table_choice *choice)
{
	int err;

	if (choice->raw)
		return table_print(f, t, choice, st);
	put_sums(f, st, v);
	put_hole(f, st, v);
	put_nodes(f, st, s, v);
	putc('\n', f);
	err = table_print(f, t, choice, st);
	if (!err)
		put_hidden(f, st, v, choice);
	return err;
}
