// SPDX-License-Identifier: GPL-2.0-or-later
/* One sentence: is memory fragmented, where, since which order. */
#include <inttypes.h>

#include "out/text_snapshot.h"
#include "out/text_zone.h"

static void add_pages(struct strbuf *sb, const struct text_style *st, const struct snapshot *s,
		      uint64_t pages)
{
	struct opt_u64 bytes = figures_bytes(s, opt_u64(pages));
	char buf[SIZE_TEXT_MAX];

	if (bytes.known)
		sb_addstr(sb, size_text(st, bytes, buf));
	else
		sb_printf(sb, "%" PRIu64 " pages", pages);
}

/* "of 71M free in Node 0 Normal, 96% is in blocks below order 2 (16K) and none is of order 9 ..." */
static void add_worst(struct strbuf *sb, const struct text_style *st, const struct snapshot *s,
		      const struct zone_figures *z)
{
	char buf[SIZE_TEXT_MAX];

	sb_addstr(sb, "of ");
	add_pages(sb, st, s, z->lists.free_pages);
	sb_addstr(sb, " free in ");
	sb_add_zone(sb, z);
	if (z->missing_order == 0) {
		sb_addstr(sb, ", none is for ordinary requests");
		return;
	}
	if (z->from_order < z->missing_order) {
		sb_printf(sb, ", %s is in blocks below ",
			  percent_text((uint64_t)z->lists.unusable_milli[z->from_order], buf));
		sb_add_order(sb, st, s, z->from_order);
		sb_addstr(sb, " and none is of ");
	} else {
		sb_addstr(sb, ", none is of ");
	}
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

	for (size_t i = 0; i < fig->n_worst; i++) {
		const struct zone_figures *z = fig->worst_first[i];

		if (z->significant && z->state == ZONE_SOUND && z->for_kernel &&
		    (!low || z->lists.usable_milli[FIGURES_ORDERS - 1] <
				     low->lists.usable_milli[FIGURES_ORDERS - 1]))
			low = z;
	}
	sb_addstr(sb, "Memory is not fragmented");
	if (low) {
		sb_printf(sb, ": %" PRId64 "%% or more of each large zone's free memory is usable at ",
			  low->lists.usable_milli[FIGURES_ORDERS - 1] / 10);
		sb_add_order(sb, st, s, fig->orders[FIGURES_ORDERS - 1]);
	}
	for (size_t i = 0; i < fig->n_worst; i++) {
		const struct zone_figures *z = fig->worst_first[i];

		if (z->for_kernel || z->state <= ZONE_SOUND)
			continue;
		sb_addstr(sb, "; ");
		sb_add_zone(sb, z);
		sb_addstr(sb, ", which kernel requests do not use, is");
		if (z->state == ZONE_PARTLY)
			sb_addstr(sb, " partly");
		sb_addstr(sb, z->state == ZONE_SHORT ? " short" : " fragmented");
		return;
	}
}

/* "Memory is short: Node 0 DMA32 is 248K below its min watermark; of 712K free ..." */
static void add_below_min(struct strbuf *sb, const struct text_style *st, const struct snapshot *s,
			  const struct zone_figures *z)
{
	sb_addstr(sb, "Memory is short: ");
	sb_add_zone(sb, z);
	sb_addstr(sb, " is ");
	add_pages(sb, st, s, (uint64_t)-z->above_min.pages);
	sb_addstr(sb, " below its min watermark");
	if (z->has_lists)
		sb_addstr(sb, "; ");
}

/* How many zones are as the worst one is: below min, which is said first, or in the same state. */
static void add_alike(struct strbuf *sb, const struct figures *fig, const struct zone_figures *z)
{
	size_t alike = z->below_min ? 0 : fig->n_states[z->state];

	for (size_t i = 0; z->below_min && i < fig->n_worst; i++)
		alike += fig->worst_first[i]->below_min;
	if (alike > 1 && (z->below_min || z->state > ZONE_SOUND))
		sb_printf(sb, " (%zu of %zu zones)", alike, fig->n_worst);
}

void text_headline(FILE *f, const struct text_style *st, const struct snapshot *s,
		   const struct figures *fig)
{
	const struct zone_figures *z = fig->n_worst ? fig->worst_first[0] : NULL;
	auto_strbuf struct strbuf sb = STRBUF_INIT;
	enum text_tone tone = z ? zone_tone(z) : TONE_HEAD;

	if (z && z->below_min)
		add_below_min(&sb, st, s, z);
	switch (z ? (z->below_min ? ZONE_SHORT : z->state) : ZONE_UNKNOWN) {
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
		if (!z->below_min)
			sb_addstr(&sb, "Memory is short rather than fragmented: ");
		if (z->has_lists)
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
	fputs(tone_begin(st, tone), f);
	put_wrapped(f, st, 0, sb_str(&sb));
	fputs(tone_end(st, tone), f);
}
