/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parts of diff_new. */
#ifndef MODEL_DIFF_PRIV_H
#define MODEL_DIFF_PRIV_H

#include "model/diff.h"
#include "model/history.h"

/* Who is compared with whom, over which time; what was not read. */
int diff_notes(struct diff *d);
/* Where neither a boot id nor the start tells one boot from two, counters do that went back. */
int diff_note_restart(struct diff *d);
/* @h: samples between the two; NULL if there are none. */
int diff_counters(struct diff *d, const struct history *h);
int diff_slab(struct diff *d);
int diff_vmalloc(struct diff *d);
int diff_allocinfo(struct diff *d);
int diff_kmemleak(struct diff *d);
int diff_page_owner(struct diff *d);

#endif
