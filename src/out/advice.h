/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Advice for a person and as JSON. */
#ifndef OUT_ADVICE_H
#define OUT_ADVICE_H

#include <stdio.h>

#include "model/advise.h"

/* @verbose: all options, not only the best. */
void text_advice(FILE *f, const struct need *n, const struct advice *a, bool verbose);
void json_advice(FILE *f, const struct need *n, const struct advice *a);

#endif
