/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines that a mailer, a terminal or the kernel itself broke in two. */
#ifndef LOG_JOIN_H
#define LOG_JOIN_H

#include <stdbool.h>

#include "log/classify.h"

/* Whether a line of @kind that stands as @have may go on. */
bool join_is_open(enum line_kind kind, struct slice have);
/* Whether it was broken at a blank, rather than inside a word or a number. */
bool join_with_blank(enum line_kind kind, struct slice have, struct slice rest);

#endif
