// SPDX-License-Identifier: GPL-2.0-or-later
/* One sentence: is memory fragmented, where, since which order. */
#include "out/text_snapshot.h"
#include "out/text_zone.h"

static void add_pages(struct strbuf *sb, const struct text_style *st, const struct snapshot *s,
		      uint64_t pages)
{
	char buf[SIZE_TEXT_MAX];

	sb_addstr(sb, size_text(st, figures_bytes(s, opt_u64(pages)), buf));
}

/* "Node 0 Normal has 71M free, but no block of order 9 (2M) or above". */
static void add_worst(struct strbuf *sb, const struct text_style *st, const struct snapshot *s,
		      const struct zone_figures *z)
{
	sb_add_zone(sb, z);
	sb_addstr(sb, " has ");
	add_pages(sb, st, s, z->lists.free_pages);
	sb_addstr(sb, " free, ");
	if (z->missing_order == 0) {
		sb_addstr(sb, "none of it for ordinary requests");
		return;
	}
	sb_addstr(sb, "but no block of ");
	sb_add_order(sb, st, s, z->missing_order);
	if (z->missing_order + 1 < z->lists.n_orders)
		sb_addstr(sb, " or above");
	if (z->lists.largest_order >= (int)z->missing_order)
		sb_addstr(sb, " outside reserved and CMA blocks");
}

static void add_partly(struct strbuf *sb, const struct text_style *st, const struct snapshot *s,
		       const struct figures *fig, const struct zone_figures *z)
{
	uint64_t usable = (uint64_t)z->lists.usable_milli[FIGURES_ORDERS - 1];
	char buf[SIZE_TEXT_MAX];

	sb_addstr(sb, "in ");
	sb_add_zone(sb, z);
	sb_addstr(sb, ", over half of the free ");
	add_pages(sb, st, s, z->lists.free_pages);
	sb_addstr(sb, " is in blocks below ");
	sb_add_order(sb, st, s, z->from_order);
	if (z->from_order != fig->orders[FIGURES_ORDERS - 1]) {
		sb_printf(sb, "; %s is usable at ", percent_text(usable, buf));
		sb_add_order(sb, st, s, fig->orders[FIGURES_ORDERS - 1]);
	}
}

static void add_sound(struct strbuf *sb, const struct text_style *st, const struct snapshot *s,
		      const struct figures *fig)
{
	const struct zone_figures *low = NULL;
	char buf[SIZE_TEXT_MAX];

	for (size_t i = 0; i < fig->n_worst; i++) {
		const struct zone_figures *z = fig->worst_first[i];

		if (z->significant && z->has_lists &&
		    (!low || z->lists.usable_milli[FIGURES_ORDERS - 1] <
				     low->lists.usable_milli[FIGURES_ORDERS - 1]))
			low = z;
	}
	sb_addstr(sb, "Memory is not fragmented");
	if (!low)
		return;
	sb_printf(sb, ": %s or more of each large zone's free memory is usable at ",
		  percent_text((uint64_t)low->lists.usable_milli[FIGURES_ORDERS - 1], buf));
	sb_add_order(sb, st, s, fig->orders[FIGURES_ORDERS - 1]);
}

/* How many zones are as the worst one is. */
static void add_alike(struct strbuf *sb, const struct figures *fig, const struct zone_figures *z)
{
	size_t alike = fig->n_states[z->state];

	if (alike > 1 && z->state > ZONE_SOUND)
		sb_printf(sb, " (%zu of %zu zones)", alike, fig->n_worst);
}

void text_headline(FILE *f, const struct text_style *st, const struct snapshot *s,
		   const struct figures *fig)
{
	const struct zone_figures *z = fig->n_worst ? fig->worst_first[0] : NULL;
	auto_strbuf struct strbuf sb = STRBUF_INIT;
	enum text_tone tone = z ? zone_tone(z) : TONE_HEAD;

	switch (z ? z->state : ZONE_UNKNOWN) {
	case ZONE_UNKNOWN:
		sb_addstr(&sb, "Whether memory is fragmented is unknown: no free lists could be read");
		break;
	case ZONE_SOUND:
		add_sound(&sb, st, s, fig);
		break;
	case ZONE_PARTLY:
		sb_addstr(&sb, "Memory is partly fragmented: ");
		add_partly(&sb, st, s, fig, z);
		break;
	case ZONE_SHORT:
		sb_addstr(&sb, "Memory is short rather than fragmented: ");
		add_worst(&sb, st, s, z);
		break;
	case ZONE_FRAGMENTED:
		sb_addstr(&sb, "Memory is fragmented: ");
		add_worst(&sb, st, s, z);
		break;
	}
	if (z)
		add_alike(&sb, fig, z);
	sb_addch(&sb, '.');
	if (z && z->below_min) {
		sb_addch(&sb, ' ');
		sb_add_zone(&sb, z);
		sb_addstr(&sb, " is below its min watermark.");
	}
	fputs(tone_begin(st, tone), f);
	put_wrapped(f, st, 0, sb_str(&sb));
	fputs(tone_end(st, tone), f);
}
