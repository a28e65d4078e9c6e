/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A zone for a person: a block of lines, or one line. */
#ifndef OUT_TEXT_ZONE_H
#define OUT_TEXT_ZONE_H

#include "model/figures.h"
#include "out/style.h"

/* "Node 0 Normal", names escaped. */
void sb_add_zone(struct strbuf *sb, const struct zone_figures *z);
/* "order 9 (2M)" */
void sb_add_order(struct strbuf *sb, const struct text_style *st, const struct snapshot *s,
		  unsigned int order);
/* What the free lists say, as "fragmented: no free block of order 6 (256K) or above". */
void sb_add_state(struct strbuf *sb, const struct text_style *st, const struct snapshot *s,
		  const struct zone_figures *z);
enum text_tone zone_tone(const struct zone_figures *z);

void text_zone_block(FILE *f, const struct text_style *st, const struct snapshot *s,
		     const struct figures *fig, const struct zone_figures *z);
void text_zone_line(FILE *f, const struct text_style *st, const struct snapshot *s,
		    const struct figures *fig, const struct zone_figures *z);

#endif
