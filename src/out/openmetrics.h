/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A snapshot as OpenMetrics text. */
#ifndef OUT_OPENMETRICS_H
#define OUT_OPENMETRICS_H

#include <stdio.h>

#include "model/common.h"
#include "snap/snapshot.h"

/*
 * Write all metrics of @s, and the verdicts of @requests (NULL: none) with
 * @mm, to @f. @prometheus: the older text format of Prometheus in place of
 * OpenMetrics 1.0 (no units, no EOF). Errors of @f stay in @f.
 */
void openmetrics_write(FILE *f, const struct snapshot *s, const struct mm *mm,
		       const struct common_table *requests, bool prometheus);

#endif
