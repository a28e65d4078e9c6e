// SPDX-License-Identifier: GPL-2.0-or-later
/* Moments as --at names them. */
#include "cmd/moment.h"

#include <string.h>

#include "base/num.h"
#include "base/timefmt.h"

bool moment_parse(const char *at, struct moment *m)
{
	uint64_t v;

	m->ns = 0;
	m->kind = AT_LAST;
	if (!at || strcmp(at, "last") == 0)
		return true;
	m->kind = AT_FIRST;
	if (strcmp(at, "first") == 0)
		return true;
	if (*at == '+' || *at == '-') {
		m->kind = *at == '+' ? AT_AFTER_FIRST : AT_BEFORE_LAST;
		if (num_span_ns(at + 1, &v) || v > INT64_MAX)
			return false;
		m->ns = (int64_t)v;
		return true;
	}
	m->kind = AT_TIME;
	if (*at == '@') {
		if (num_duration_ns(at + 1, &v) || v > INT64_MAX)
			return false;
		m->ns = (int64_t)v;
		return true;
	}
	return time_parse_rfc3339(at, &m->ns) == 0;
}

int64_t moment_ns(const struct moment *m, int64_t first, int64_t last)
{
	switch (m->kind) {
	case AT_FIRST:
		return first;
	case AT_AFTER_FIRST:
		return m->ns > INT64_MAX - first ? INT64_MAX : first + m->ns;
	case AT_BEFORE_LAST:
		return last - m->ns;
	case AT_TIME:
		return m->ns;
	default:
		return last;
	}
}
