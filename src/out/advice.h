/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Advice for a person and as JSON. */
#ifndef OUT_ADVICE_H
#define OUT_ADVICE_H

#include <stdio.h>

#include "model/advise.h"
#include "out/style.h"

/* All options with a verbose style, else only the best. */
void text_advice(FILE *f, const struct text_style *st, const struct advice *a);
void json_advice(FILE *f, const struct need *n, const struct advice *a);

#endif
