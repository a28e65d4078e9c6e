// SPDX-License-Identifier: GPL-2.0-or-later
#include "log/cursor.h"

#include <string.h>

bool cur_text(struct slice *s, const char *lit)
{
	struct slice t = *s;

	for (; *lit; lit++) {
		if (*lit == ' ')
			cur_blanks(&t);
		else if (!cur_char(&t, *lit))
			return false;
	}
	*s = t;
	return true;
}

static size_t run(struct slice s, bool (*is)(char))
{
	size_t n = 0;

	while (n < s.len && is(s.p[n]))
		n++;
	return n;
}

bool cur_u64(struct slice *s, uint64_t *v)
{
	size_t n = run(*s, cur_digit);

	if (!n || num_u64(s->p, n, v))
		return false;
	cur_skip(s, n);
	return true;
}

bool cur_i64(struct slice *s, int64_t *v)
{
	struct slice t = *s;
	bool minus = cur_char(&t, '-');
	size_t n = run(t, cur_digit);

	if (!n || num_i64(s->p, n + minus, v))
		return false;
	cur_skip(s, n + minus);
	return true;
}

bool cur_hex(struct slice *s, uint64_t *v)
{
	struct slice t = *s;
	size_t n;

	if (!cur_lit(&t, "0x"))
		cur_lit(&t, "0X");
	n = run(t, cur_hexdigit);
	if (!n || num_hex(t.p, n, v))
		return false;
	cur_skip(&t, n);
	*s = t;
	return true;
}

bool cur_digits(struct slice *s, size_t n, unsigned int *v)
{
	unsigned int sum = 0;

	if (s->len < n)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!cur_digit(s->p[i]))
			return false;
		sum = sum * 10 + (unsigned int)(s->p[i] - '0');
	}
	if (v)
		*v = sum;
	cur_skip(s, n);
	return true;
}

bool cur_until(struct slice *s, const char *stop, struct slice *out)
{
	size_t n = 0;

	while (n < s->len && !(s->p[n] && strchr(stop, s->p[n])))
		n++;
	if (!n)
		return false;
	*out = (struct slice){ s->p, n };
	cur_skip(s, n);
	return true;
}

bool cur_ident(struct slice *s, struct slice *out)
{
	size_t n = 0;

	while (n < s->len && (cur_alpha(s->p[n]) || cur_digit(s->p[n]) || s->p[n] == '_'))
		n++;
	if (!n)
		return false;
	*out = (struct slice){ s->p, n };
	cur_skip(s, n);
	return true;
}

bool cur_split(struct slice *s, const char *needle, struct slice *before)
{
	const char *at = slice_find(*s, needle);

	if (!at)
		return false;
	*before = (struct slice){ s->p, (size_t)(at - s->p) };
	cur_skip(s, before->len + strlen(needle));
	return true;
}

bool cur_find(struct slice *s, const char *needle)
{
	struct slice before;

	return cur_split(s, needle, &before);
}
