// SPDX-License-Identifier: GPL-2.0-or-later
/* Points in time. */
#include "base/timefmt.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define NS_PER_S INT64_C(1000000000)

void time_rfc3339(int64_t unix_ns, char out[TIME_RFC3339_MAX])
{
	int64_t s = unix_ns / NS_PER_S, ns = unix_ns % NS_PER_S;
	time_t t;
	struct tm tm;
	size_t n;

	if (ns < 0) {
		ns += NS_PER_S;
		s--;
	}
	t = (time_t)s;
	gmtime_r(&t, &tm);
	n = strftime(out, TIME_RFC3339_MAX, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(out + n, TIME_RFC3339_MAX - n, ".%03dZ", (int)(ns / 1000000));
}

/* @n digits, or -1. */
static int digits(const char **s, int n)
{
	int v = 0;

	for (int i = 0; i < n; i++, (*s)++) {
		if (**s < '0' || **s > '9')
			return -1;
		v = v * 10 + (**s - '0');
	}
	return v;
}

static int parse_zone(const char *s, int64_t *offset_s)
{
	int sign, h, m;

	*offset_s = 0;
	if (*s == '\0' || strcmp(s, "Z") == 0 || strcmp(s, "z") == 0)
		return 0;
	if (*s != '+' && *s != '-')
		return -EINVAL;
	sign = *s++ == '-' ? -1 : 1;
	h = digits(&s, 2);
	if (*s == ':')
		s++;
	m = digits(&s, 2);
	if (h < 0 || m < 0 || h > 23 || m > 59 || *s)
		return -EINVAL;
	*offset_s = sign * (h * 3600 + m * 60);
	return 0;
}

int time_parse_rfc3339(const char *s, int64_t *unix_ns)
{
	struct tm tm = { 0 };
	int64_t frac = 0, unit = NS_PER_S, offset;
	int year = digits(&s, 4), mon, day, hour, min, sec = 0;
	time_t t;

	if (year < 0 || *s++ != '-' || (mon = digits(&s, 2)) < 1 || mon > 12 || *s++ != '-' ||
	    (day = digits(&s, 2)) < 1 || day > 31)
		return -EINVAL;
	if ((*s != 'T' && *s != 't' && *s != ' ') || (s++, (hour = digits(&s, 2)) < 0) || hour > 23 ||
	    *s++ != ':' || (min = digits(&s, 2)) < 0 || min > 59)
		return -EINVAL;
	if (*s == ':') {
		s++;
		sec = digits(&s, 2);
		if (sec < 0 || sec > 60)
			return -EINVAL;
	}
	if (*s == '.') {
		for (s++; *s >= '0' && *s <= '9'; s++) {
			unit /= 10;
			frac += unit * (*s - '0');
		}
	}
	if (parse_zone(s, &offset))
		return -EINVAL;
	tm.tm_year = year - 1900;
	tm.tm_mon = mon - 1;
	tm.tm_mday = day;
	tm.tm_hour = hour;
	tm.tm_min = min;
	tm.tm_sec = sec;
	t = timegm(&tm);
	*unix_ns = ((int64_t)t - offset) * NS_PER_S + frac;
	return 0;
}

static int64_t clock_ns(clockid_t id)
{
	struct timespec ts;

	if (clock_gettime(id, &ts))
		return 0;
	return (int64_t)ts.tv_sec * NS_PER_S + ts.tv_nsec;
}

int64_t time_now_ns(void)
{
	return clock_ns(CLOCK_REALTIME);
}

int64_t time_monotonic_ns(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}

void time_sleep_until(int64_t ns)
{
	struct timespec ts = { .tv_sec = (time_t)(ns / NS_PER_S), .tv_nsec = (long)(ns % NS_PER_S) };

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL) == EINTR)
		;
}
