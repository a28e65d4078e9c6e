/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finding, in gigabytes of log, the few places where a report may begin. */
#ifndef LOG_SCAN_H
#define LOG_SCAN_H

#include <stddef.h>

/*
 * The first place in the @len bytes at @p where a line stands that may belong
 * to a report, or NULL. It may be wrong to the generous side, never to the
 * other: every line that opens a report holds one of the words searched for.
 * No line of a report has to be whole: a hit across the end is not found, so
 * the caller searches again from SCAN_OVERLAP bytes before the end.
 */
const char *scan_anchor(const char *p, size_t len);

#define SCAN_OVERLAP 32

#endif
