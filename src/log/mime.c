// SPDX-License-Identifier: GPL-2.0-or-later
#include "log/mime.h"

#include "log/cursor.h"

#define QP_WIDTH 76 /* no encoded line is longer */

static int hex_value(char c)
{
	if (cur_digit(c))
		return c - '0';
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static int escaped(struct slice s)
{
	int hi, lo;

	if (s.len < 3 || *s.p != '=')
		return -1;
	hi = hex_value(s.p[1]);
	lo = hex_value(s.p[2]);
	return hi < 0 || lo < 0 ? -1 : hi * 16 + lo;
}

bool mime_qp_line(struct slice line, struct strbuf *out)
{
	struct slice s = line;
	bool soft;

	while (s.len && (cur_space(s.p[s.len - 1]) || s.p[s.len - 1] == '\r'))
		s.len--;
	soft = s.len && s.p[s.len - 1] == '=';
	s.len -= soft;
	while (s.len) {
		const char *eq = memchr(s.p, '=', s.len);
		size_t plain = eq ? (size_t)(eq - s.p) : s.len;
		int c;

		sb_add(out, s.p, plain);
		cur_skip(&s, plain);
		if (!s.len)
			break;
		c = escaped(s);
		sb_addch(out, c < 0 ? '=' : (char)c);
		cur_skip(&s, c < 0 ? 1 : 3);
	}
	return soft;
}

/* "=" at the end continues the line; printk's own pieces end in "nodemask=". */
static bool breaks_softly(struct slice line)
{
	static const char mask[] = "nodemask=";
	size_t n = sizeof(mask) - 1;

	return line.len > 2 && line.p[line.len - 1] == '=' && line.p[line.len - 2] != '=' &&
	       !(line.len >= n && !memcmp(line.p + line.len - n, mask, n));
}

bool mime_is_qp(struct slice text)
{
	struct slice line;
	size_t encoded = 0, plain = 0, soft = 0, longest = 0;

	while (slice_line(&text, &line, NULL)) {
		while (line.len && (cur_space(line.p[line.len - 1]) || line.p[line.len - 1] == '\r'))
			line.len--;
		longest = line.len > longest ? line.len : longest;
		soft += breaks_softly(line);
		for (size_t i = 0; i + 1 < line.len; i++) {
			struct slice s = { line.p + i, line.len - i };

			if (*s.p != '=')
				continue;
			/* A blank is encoded at a line's end only: "size=2097152" is no blank. */
			if (slice_starts(s, "=3D") || slice_eq(s, "=20") || slice_starts(s, "=C2") || slice_starts(s, "=E2"))
				encoded++;
			else if (escaped(s) < 0 || slice_starts(s, "=20"))
				plain++;
		}
	}
	return encoded > plain || (soft >= 2 && plain * 4 <= soft && longest <= QP_WIDTH);
}
