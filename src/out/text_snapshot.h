/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The summary of a snapshot for a person. */
#ifndef OUT_TEXT_SNAPSHOT_H
#define OUT_TEXT_SNAPSHOT_H

#include "model/figures.h"
#include "model/slabview.h"
#include "model/vmallocview.h"
#include "out/style.h"

/* One sentence: is memory fragmented, where, since which order. */
void text_headline(FILE *f, const struct text_style *st, const struct snapshot *s,
		   const struct figures *fig);
/* 0 or negative errno (memory). */
int text_snapshot(FILE *f, const struct text_style *st, const struct snapshot *s,
		  const struct figures *fig, const struct slabview *slab,
		  const struct vmallocview *vmalloc);
/* Host, kernel and time in a line. */
void text_machine(FILE *f, const struct text_style *st, const struct snapshot *s);
/* What could not be read, why, and how to get it. Nothing if all was read. */
void text_unavailable(FILE *f, const struct text_style *st, const struct snapshot *s);

#endif
