/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A moment in a row of samples: "first", "-5m", a time. */
#ifndef CMD_MOMENT_H
#define CMD_MOMENT_H

#include <stdbool.h>
#include <stdint.h>

enum moment_kind { AT_LAST, AT_FIRST, AT_TIME, AT_AFTER_FIRST, AT_BEFORE_LAST };

struct moment {
	enum moment_kind kind;
	int64_t ns;
};

/* NULL is the last. False if @at names none. */
bool moment_parse(const char *at, struct moment *m);
/* By the clock, given the times of the first and the last sample. */
int64_t moment_ns(const struct moment *m, int64_t first, int64_t last);

#endif
