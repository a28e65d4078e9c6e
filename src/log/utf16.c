// SPDX-License-Identifier: GPL-2.0-or-later
#include "log/utf16.h"

#include <string.h>

static enum utf16_order order_of(const unsigned char *mark)
{
	if (mark[0] == 0xff && mark[1] == 0xfe)
		return UTF16_LITTLE;
	if (mark[0] == 0xfe && mark[1] == 0xff)
		return UTF16_BIG;
	return UTF16_NONE;
}

static char narrow(unsigned int c)
{
	if (c == 0xa0)
		return ' ';
	return c < 0x80 ? (char)c : '?';
}

/* Whether the mark is there, of which @u may hold the first byte. False: not known yet. */
static bool find_order(struct utf16 *u, const char *p, size_t n)
{
	unsigned char mark[2] = { u->held[0], 0 };

	if (u->n_held + n < 2) {
		if (n)
			u->held[u->n_held++] = (unsigned char)*p;
		return false;
	}
	memcpy(mark + u->n_held, p, 2 - u->n_held);
	u->order = order_of(mark);
	return true;
}

size_t utf16_narrow(struct utf16 *u, char *p, size_t n)
{
	size_t out = 0, in = 0;

	if (u->order == UTF16_UNKNOWN) {
		size_t held = u->n_held;

		if (!find_order(u, p, n))
			return 0;
		u->n_held = 0;
		if (u->order == UTF16_NONE && held) {
			memmove(p + 1, p, n);
			*p = (char)u->held[0];
			return n + 1;
		}
		in = u->order == UTF16_NONE ? 0 : 2 - held;
	}
	if (u->order == UTF16_NONE)
		return n;
	for (; in < n; in++) {
		unsigned char c = (unsigned char)p[in];

		u->held[u->n_held++] = c;
		if (u->n_held < 2)
			continue;
		u->n_held = 0;
		p[out++] = narrow(u->order == UTF16_LITTLE ? u->held[0] | (unsigned int)u->held[1] << 8
							   : u->held[1] | (unsigned int)u->held[0] << 8);
	}
	return out;
}

size_t utf16_end(struct utf16 *u, char *p)
{
	if (u->order != UTF16_UNKNOWN || !u->n_held)
		return 0;
	u->n_held = 0;
	*p = (char)u->held[0];
	return 1;
}
