/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Points in time as nanoseconds since 1970 (UTC), to and from RFC 3339. */
#ifndef BASE_TIMEFMT_H
#define BASE_TIMEFMT_H

#include <stdint.h>

#define TIME_RFC3339_MAX 40

/* "2026-01-31T12:00:00.123Z", rounded down to milliseconds. */
void time_rfc3339(int64_t unix_ns, char out[TIME_RFC3339_MAX]);
/*
 * Read "YYYY-MM-DD[T ]HH:MM[:SS[.frac]][Z|+hh:mm|-hh:mm]" (no zone: UTC).
 * 0 or -EINVAL.
 */
int time_parse_rfc3339(const char *s, int64_t *unix_ns);

/* Wall and monotonic clocks. */
int64_t time_now_ns(void);
int64_t time_monotonic_ns(void);
/* Sleep until the monotonic clock shows @ns; signals that are handled do not end it. */
void time_sleep_until(int64_t ns);

#endif
