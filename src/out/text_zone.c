// SPDX-License-Identifier: GPL-2.0-or-later
/* A zone for a person. */
#include "out/text_zone.h"

#include <inttypes.h>

#define NAME_MAX_SHOWN 24

void sb_add_zone(struct strbuf *sb, const struct zone_figures *z)
{
	sb_printf(sb, "Node %d ", z->zone->node);
	sb_add_shown(sb, z->zone->name, NAME_MAX_SHOWN);
}

void sb_add_order(struct strbuf *sb, const struct text_style *st, const struct snapshot *s,
		  unsigned int order)
{
	struct opt_u64 bytes = figures_block_bytes(s, order);
	char buf[SIZE_TEXT_MAX];

	sb_printf(sb, "order %u", order);
	if (bytes.known)
		sb_printf(sb, " (%s)", size_text(st, bytes, buf));
}

/* "most is below order 2 (16K), none of order 9 (2M) or above" */
static void add_missing(struct strbuf *sb, const struct text_style *st, const struct snapshot *s,
			const struct zone_figures *z)
{
	if (z->lists.largest_order < 0) {
		sb_addstr(sb, "nothing is free");
		return;
	}
	if (z->missing_order == 0) {
		sb_addstr(sb, "no block is free");
	} else {
		if (z->from_order < z->missing_order) {
			sb_addstr(sb, "most is below ");
			sb_add_order(sb, st, s, z->from_order);
			sb_addstr(sb, ", none of ");
		} else {
			sb_addstr(sb, "no block of ");
		}
		sb_add_order(sb, st, s, z->missing_order);
		if (z->missing_order + 1 < z->lists.n_orders)
			sb_addstr(sb, " or above");
	}
	if (z->lists.largest_order >= (int)z->missing_order)
		sb_addstr(sb, " but in reserved or CMA blocks");
}

void sb_add_state(struct strbuf *sb, const struct text_style *st, const struct snapshot *s,
		  const struct zone_figures *z)
{
	if (z->below_min)
		sb_addstr(sb, "below min; ");
	switch (z->state) {
	case ZONE_UNKNOWN:
		sb_addstr(sb, "free lists not known");
		return;
	case ZONE_SOUND:
		sb_addstr(sb, "not fragmented");
		return;
	case ZONE_PARTLY:
		sb_addstr(sb, "partly fragmented: most free memory is in blocks below ");
		sb_add_order(sb, st, s, z->from_order);
		return;
	case ZONE_SHORT:
		sb_addstr(sb, "short of memory: ");
		break;
	case ZONE_FRAGMENTED:
		sb_addstr(sb, "fragmented: ");
		break;
	}
	add_missing(sb, st, s, z);
}

enum text_tone zone_tone(const struct zone_figures *z)
{
	if (z->below_min || z->state == ZONE_FRAGMENTED || z->state == ZONE_SHORT)
		return TONE_BAD;
	if (z->state == ZONE_PARTLY)
		return TONE_WARN;
	return z->state == ZONE_SOUND ? TONE_GOOD : TONE_PLAIN;
}

static void add_pages(struct strbuf *sb, const struct text_style *st, const struct snapshot *s,
		      struct opt_u64 pages)
{
	char buf[SIZE_TEXT_MAX];

	if (pages.known && !s->kernel.page_size.known)
		sb_printf(sb, "%" PRIu64 " pages", pages.v);
	else
		sb_addstr(sb, size_text(st, figures_bytes(s, pages), buf));
}

static struct opt_u64 distance(struct pages_between p)
{
	if (!p.known)
		return OPT_UNKNOWN;
	return opt_u64(p.pages < 0 ? (uint64_t)-p.pages : (uint64_t)p.pages);
}

/* Where free stands among the marks: "1.1G above high", "2M above min, 4M below low". */
static void add_position(struct strbuf *sb, const struct text_style *st, const struct snapshot *s,
			 const struct zone_figures *z)
{
	static const char *const names[] = { "min", "low", "high" };
	const struct pages_between *marks[] = { &z->above_min, &z->above_low, &z->above_high };
	int below = -1;

	for (int i = 2; i >= 0; i--) {
		if (!marks[i]->known)
			return;
		if (marks[i]->pages < 0)
			below = i;
	}
	sb_addstr(sb, "; free is ");
	if (below != 0) {
		int at = below < 0 ? 2 : below - 1;

		add_pages(sb, st, s, distance(*marks[at]));
		sb_printf(sb, " above %s", names[at]);
	}
	if (below >= 0) {
		sb_addstr(sb, below > 0 ? ", " : "");
		add_pages(sb, st, s, distance(*marks[below]));
		sb_printf(sb, " %s %s", below == 0 ? "BELOW" : "below", names[below]);
	}
}

static void put_marks(FILE *f, const struct text_style *st, const struct snapshot *s,
		      const struct zone_figures *z)
{
	const struct snap_zone *zone = z->zone;
	auto_strbuf struct strbuf sb = STRBUF_INIT;

	if (!zone->min.known && !zone->low.known && !zone->high.known)
		return;
	sb_addstr(&sb, "min ");
	add_pages(&sb, st, s, zone->min);
	sb_addstr(&sb, ", low ");
	add_pages(&sb, st, s, zone->low);
	sb_addstr(&sb, ", high ");
	add_pages(&sb, st, s, zone->high);
	if (opt_or(zone->boost, 0)) {
		sb_addstr(&sb, " (boosted by ");
		add_pages(&sb, st, s, zone->boost);
		sb_addch(&sb, ')');
	}
	add_position(&sb, st, s, z);
	fputs("  marks   ", f);
	put_wrapped_at(f, st, 10, 10, sb_str(&sb));
}

static const struct snap_zone *zone_by_index(const struct snapshot *s, int node, size_t index)
{
	for (size_t i = 0; i < s->n_zones; i++) {
		if (s->zones[i].node == node && s->zones[i].index == (int)index)
			return &s->zones[i];
	}
	return NULL;
}

/* lowmem_reserve: what requests that could use higher zones must leave here. */
static void put_protection(FILE *f, const struct text_style *st, const struct snapshot *s,
			   const struct zone_figures *z)
{
	const struct snap_zone *zone = z->zone;
	auto_strbuf struct strbuf sb = STRBUF_INIT;
	uint64_t last = 0;

	for (size_t i = 0; i < zone->n_protection; i++) {
		const struct snap_zone *other = zone_by_index(s, zone->node, i);

		if (zone->protection[i] == 0 || zone->protection[i] == last)
			continue;
		last = zone->protection[i];
		sb_addstr(&sb, sb.len ? ", " : "from requests that may use ");
		if (other)
			sb_add_shown(&sb, other->name, NAME_MAX_SHOWN);
		else
			sb_printf(&sb, "zone %zu", i);
		sb_addstr(&sb, ": ");
		add_pages(&sb, st, s, opt_u64(zone->protection[i]));
	}
	if (!sb.len)
		return;
	fputs("  kept    ", f);
	put_wrapped_at(f, st, 10, 10, sb_str(&sb));
}

/* Width of a column of orders: what the line has, within reason. */
static unsigned int order_width(const struct text_style *st, unsigned int n)
{
	unsigned int w = n ? (st->width > 14 ? st->width - 10 : 4) / n : 4;

	return w < 4 ? 4 : w > 8 ? 8 : w;
}

static void put_orders(FILE *f, const struct text_style *st, const struct zone_figures *z)
{
	const struct list_figures *l = &z->lists;
	unsigned int w = order_width(st, l->n_orders);
	char buf[SIZE_TEXT_MAX];
	uint64_t most = 0;

	fputs("  order   ", f);
	for (unsigned int o = 0; o < l->n_orders; o++)
		fprintf(f, "%*u", (int)w, o);
	fputs("\n  blocks  ", f);
	for (unsigned int o = 0; o < l->n_orders; o++) {
		uint64_t pages = sat_shl(l->free_blocks[o], o);

		fprintf(f, "%*s", (int)w, count_text(l->free_blocks[o], w - 1, buf));
		most = pages > most ? pages : most;
	}
	fputs("\n  memory  ", f);
	for (int o = 0; o <= l->largest_order; o++)
		fprintf(f, "%*s%s", (int)w - 1, "", spark(st, sat_shl(l->free_blocks[o], (unsigned int)o), most));
	putc('\n', f);
}

/* Usable share of the free memory of a list; '>' where the kernel capped the counts. */
static void put_shares(FILE *f, const struct text_style *st, const struct snapshot *s,
		       const struct list_figures *l)
{
	char buf[SIZE_TEXT_MAX], cell[SIZE_TEXT_MAX + 2];
	struct opt_u64 pages = opt_u64(l->free_pages);

	if (!s->kernel.page_size.known)
		snprintf(cell, sizeof(cell), "%sp", count_text(l->free_pages, 8, buf));
	else
		snprintf(cell, sizeof(cell), "%s%s", l->bound ? ">" : "",
			 size_text(st, figures_bytes(s, pages), buf));
	fprintf(f, " %*s", st->bytes ? 13 : 9, cell);
	for (size_t i = 0; i < FIGURES_ORDERS; i++) {
		uint64_t milli = (uint64_t)l->usable_milli[i];

		fprintf(f, " %9s", l->free_pages ? percent_text(milli, buf) : "-");
	}
	if (l->largest_order < 0)
		fprintf(f, " %9s", "-");
	else if (s->kernel.page_size.known)
		fprintf(f, " %9s", size_text(st, figures_block_bytes(s, (unsigned int)l->largest_order), buf));
	else
		fprintf(f, "  order %2d", l->largest_order);
}

static void put_list(FILE *f, const struct text_style *st, const struct snapshot *s,
		     const char *name, const struct list_figures *l, struct opt_u64 pageblocks)
{
	auto_strbuf struct strbuf sb = STRBUF_INIT;

	sb_add_shown(&sb, name, 12);
	fprintf(f, "  %-12s", sb_str(&sb));
	if (l)
		put_shares(f, st, s, l);
	else
		fprintf(f, " %*s %9s %9s %9s %9s", st->bytes ? 13 : 9, "-", "-", "-", "-", "-");
	if (pageblocks.known)
		fprintf(f, " %9" PRIu64, pageblocks.v);
}

static void put_usable_head(FILE *f, const struct text_style *st, const struct snapshot *s,
			    const struct figures *fig, bool pageblocks)
{
	fprintf(f, "  %s%-12s %*s", tone_begin(st, TONE_DIM), "usable", st->bytes ? 13 : 9, "free");
	for (size_t i = 0; i < FIGURES_ORDERS; i++) {
		const struct text_style plain = { .width = st->width };
		struct opt_u64 size = figures_block_bytes(s, fig->orders[i]);
		char buf[SIZE_TEXT_MAX], cell[SIZE_TEXT_MAX + 8];

		if (size.known)
			snprintf(cell, sizeof(cell), ">=%s", size_text(&plain, size, buf));
		else
			snprintf(cell, sizeof(cell), "order %u", fig->orders[i]);
		fprintf(f, " %9s", cell);
	}
	fprintf(f, " %9s%s%s\n", "largest", pageblocks ? " pageblocks" : "",
		tone_end(st, TONE_DIM));
}

/* Of all free memory, and by migratetype: types that hold nothing are left out unless asked. */
static void put_usable(FILE *f, const struct text_style *st, const struct snapshot *s,
		       const struct figures *fig, const struct zone_figures *z)
{
	char buf[SIZE_TEXT_MAX];

	put_usable_head(f, st, s, fig, z->pageblocks.known);
	put_list(f, st, s, "all", &z->lists, z->pageblocks);
	putc('\n', f);
	for (size_t i = 0; i < z->n_types; i++) {
		const struct type_figures *t = &z->types[i];
		bool empty = !(t->has_lists && t->lists.free_pages) && !opt_or(t->pageblocks, 0);

		if (empty && st->verbose == 0)
			continue;
		put_list(f, st, s, t->type->name, t->has_lists ? &t->lists : NULL, t->pageblocks);
		if (t->pageblocks_milli.known)
			fprintf(f, " %4s", percent_text(t->pageblocks_milli.v, buf));
		if (opt_or(t->type->mixed_pageblocks, 0))
			fprintf(f, " (%" PRIu64 " mixed)", t->type->mixed_pageblocks.v);
		putc('\n', f);
	}
}

/* "Node 0 Normal: fragmented: ..." and @tail, wrapped. */
static void put_head(FILE *f, const struct text_style *st, const struct snapshot *s,
		     const struct zone_figures *z, const char *tail)
{
	auto_strbuf struct strbuf name = STRBUF_INIT, rest = STRBUF_INIT;

	sb_add_zone(&name, z);
	sb_addstr(&name, ":");
	sb_add_state(&rest, st, s, z);
	sb_addstr(&rest, tail);
	fprintf(f, "%s%s%s %s", tone_begin(st, TONE_HEAD), sb_str(&name), tone_end(st, TONE_HEAD),
		tone_begin(st, zone_tone(z)));
	put_wrapped_at(f, st, (unsigned int)name.len + 1, 2, sb_str(&rest));
	fputs(tone_end(st, zone_tone(z)), f);
}

/* Free pages, what of them is set aside, and how far the lists moved while they were read. */
static void put_free(FILE *f, const struct text_style *st, const struct snapshot *s,
		     const struct zone_figures *z)
{
	struct opt_u64 cma = kv_get(&z->zone->counters, "nr_free_cma");
	auto_strbuf struct strbuf sb = STRBUF_INIT;

	add_pages(&sb, st, s, z->free_pages);
	if (z->zone->managed_pages.known) {
		sb_addstr(&sb, " of ");
		add_pages(&sb, st, s, z->zone->managed_pages);
	}
	if (opt_or(cma, 0)) {
		sb_addstr(&sb, "; CMA free ");
		add_pages(&sb, st, s, cma);
	}
	if (opt_or(z->zone->reserved_highatomic, 0)) {
		sb_addstr(&sb, "; reserved for atomic requests ");
		add_pages(&sb, st, s, z->zone->reserved_highatomic);
	}
	if (opt_or(z->zone->drift_pages, 0)) {
		sb_addstr(&sb, "; lists moved by ");
		add_pages(&sb, st, s, z->zone->drift_pages);
		sb_addstr(&sb, " meanwhile");
	}
	fputs("  free    ", f);
	put_wrapped_at(f, st, 10, 10, sb_str(&sb));
}

void text_zone_block(FILE *f, const struct text_style *st, const struct snapshot *s,
		     const struct figures *fig, const struct zone_figures *z)
{
	put_head(f, st, s, z, "");
	put_free(f, st, s, z);
	put_marks(f, st, s, z);
	put_protection(f, st, s, z);
	if (!z->has_lists)
		return;
	put_orders(f, st, z);
	put_usable(f, st, s, fig, z);
}

void text_zone_line(FILE *f, const struct text_style *st, const struct snapshot *s,
		    const struct figures *fig, const struct zone_figures *z)
{
	auto_strbuf struct strbuf sb = STRBUF_INIT;
	char buf[SIZE_TEXT_MAX];

	sb_addstr(&sb, "; free ");
	add_pages(&sb, st, s, z->free_pages);
	if (z->has_lists && z->lists.free_pages)
		sb_printf(&sb, ", %s usable at order %u",
			  percent_text((uint64_t)z->lists.usable_milli[FIGURES_ORDERS - 1], buf),
			  fig->orders[FIGURES_ORDERS - 1]);
	put_head(f, st, s, z, sb_str(&sb));
}
