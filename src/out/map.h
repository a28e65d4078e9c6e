/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `map` prints. */
#ifndef OUT_MAP_H
#define OUT_MAP_H

#include "model/figures.h"
#include "model/pagemap.h"
#include "out/style.h"

void text_map(FILE *f, const struct text_style *st, const struct snapshot *s,
	      const struct pagemap *m);
/* memtool.map/1 */
void json_map(FILE *f, bool pretty, const struct snapshot *s, const struct pagemap *m);

/* The character that stands for a kind of block. */
char block_char(enum block_kind kind);

#endif
