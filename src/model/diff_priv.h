/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parts of diff_new. */
#ifndef MODEL_DIFF_PRIV_H
#define MODEL_DIFF_PRIV_H

#include "model/diff.h"

int diff_slab(struct diff *d);
int diff_vmalloc(struct diff *d);
int diff_allocinfo(struct diff *d);
int diff_kmemleak(struct diff *d);
int diff_page_owner(struct diff *d);

#endif
