// SPDX-License-Identifier: GPL-2.0-or-later
/* Streaming JSON writer. */
#include "base/jsonw.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "base/timefmt.h"
#include "base/utf8.h"

void jw_init(struct jsonw *jw, FILE *f, bool pretty)
{
	jw->f = f;
	jw->len = 0;
	jw->pretty = pretty;
	jw->depth = 0;
	jw->used[0] = jw->inline_[0] = 0;
}

static void flush(struct jsonw *jw)
{
	fwrite(jw->buf, 1, jw->len, jw->f);
	jw->len = 0;
}

/* Where the next @n bytes go; @n is not more than the buffer. */
static inline char *room(struct jsonw *jw, size_t n)
{
	if (n > sizeof(jw->buf) - jw->len)
		flush(jw);
	return jw->buf + jw->len;
}

/* Of the many small pieces of a large document each would cost a call of stdio. */
static inline void put(struct jsonw *jw, const char *p, size_t len)
{
	if (len > sizeof(jw->buf) - jw->len) {
		flush(jw);
		if (len > sizeof(jw->buf)) {
			fwrite(p, 1, len, jw->f);
			return;
		}
	}
	memcpy(jw->buf + jw->len, p, len);
	jw->len += len;
}

static inline void put_char(struct jsonw *jw, char c)
{
	put(jw, &c, 1);
}

static void put_text(struct jsonw *jw, const char *s)
{
	put(jw, s, strlen(s));
}

PRINTF_LIKE(2, 3) static void put_printf(struct jsonw *jw, const char *fmt, ...)
{
	char text[512]; /* a double has some 310 digits */
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (n > 0)
		put(jw, text, (size_t)n < sizeof(text) ? (size_t)n : sizeof(text) - 1);
}

#define EACH_BYTE(c) (UINT64_MAX / 255 * (c))

/* Whether one of eight bytes is a control character, a quote, a backslash or not ASCII. */
static inline bool any_special(uint64_t eight)
{
	const uint64_t quote = eight ^ EACH_BYTE('"'), backslash = eight ^ EACH_BYTE('\\'),
		       del = eight ^ EACH_BYTE(0x7f);
	/* A byte below the number that is taken off borrows its high bit. */
	const uint64_t below = (eight - EACH_BYTE(0x20)) | (quote - EACH_BYTE(1)) |
			       (backslash - EACH_BYTE(1)) | (del - EACH_BYTE(1));

	return ((below | eight) & EACH_BYTE(0x80)) != 0;
}

static inline bool is_special(unsigned char c)
{
	return c < 0x20 || c >= 0x7f || c == '"' || c == '\\';
}

/* Copy @s, unless something in it must be escaped. Eight bytes at a time: most of JSON is strings. */
static inline bool copy_plain(char *to, struct slice s)
{
	uint64_t eight;
	size_t i = 0;

	for (; s.len - i >= sizeof(eight); i += sizeof(eight)) {
		memcpy(&eight, s.p + i, sizeof(eight));
		if (any_special(eight))
			return false;
		memcpy(to + i, &eight, sizeof(eight));
	}
	for (; i < s.len; i++) {
		if (is_special((unsigned char)s.p[i]))
			return false;
		to[i] = s.p[i];
	}
	return true;
}

static size_t put_special(struct jsonw *jw, struct slice s, size_t i)
{
	unsigned char c = (unsigned char)s.p[i];
	size_t n = utf8_sequence(s.p + i, s.len - i);

	if (n == 0) {
		put_text(jw, "\xef\xbf\xbd");
		return 1;
	}
	if (c == '"' || c == '\\')
		put_printf(jw, "\\%c", c);
	else if (c == '\n')
		put_text(jw, "\\n");
	else if (c == '\t')
		put_text(jw, "\\t");
	else if (c < 0x20 || c == 0x7f)
		put_printf(jw, "\\u%04x", c);
	else
		put(jw, s.p + i, n);
	return n;
}

/* A string with what must be escaped, or longer than the buffer. */
static void put_string_slowly(struct jsonw *jw, struct slice s)
{
	size_t i = 0, start;

	put_char(jw, '"');
	while (i < s.len) {
		for (start = i; i < s.len && !is_special((unsigned char)s.p[i]);)
			i++;
		put(jw, s.p + start, i - start);
		if (i < s.len)
			i += put_special(jw, s, i);
	}
	put_char(jw, '"');
}

static void put_string(struct jsonw *jw, struct slice s)
{
	char *to;

	if (s.len > sizeof(jw->buf) - 2) {
		put_string_slowly(jw, s);
		return;
	}
	to = room(jw, s.len + 2);
	if (!copy_plain(to + 1, s)) {
		put_string_slowly(jw, s);
		return;
	}
	to[0] = to[s.len + 1] = '"';
	jw->len += s.len + 2;
}

static void indent(struct jsonw *jw)
{
	put_char(jw, '\n');
	for (unsigned int i = 0; i < jw->depth; i++)
		put_char(jw, '\t');
}

/* A member's name; a short one, as nearly all are, in one go. */
static void put_name(struct jsonw *jw, const char *name)
{
	struct slice s = slice_of(name);
	char *to = s.len < 64 ? room(jw, 64 + 4) : NULL;

	if (to && copy_plain(to + 1, s)) {
		to[0] = to[s.len + 1] = '"';
		to[s.len + 2] = ':';
		to[s.len + 3] = ' ';
		jw->len += s.len + (jw->pretty ? 4 : 3);
		return;
	}
	put_string(jw, s);
	put(jw, ": ", jw->pretty ? 2 : 1);
}

static void begin_value(struct jsonw *jw, const char *name)
{
	bool one_line = !jw->pretty || jw->depth == 0 || jw->inline_[jw->depth];

	if (jw->depth > 0) {
		if (jw->used[jw->depth])
			put(jw, ", ", one_line && jw->pretty ? 2 : 1);
		jw->used[jw->depth] = 1;
		if (!one_line)
			indent(jw);
	}
	if (name)
		put_name(jw, name);
}

static void open_level(struct jsonw *jw, const char *name, char bracket, bool one_line)
{
	begin_value(jw, name);
	put_char(jw, bracket);
	if (jw->depth + 1 < JSONW_DEPTH)
		jw->depth++;
	jw->used[jw->depth] = 0;
	jw->inline_[jw->depth] = one_line || jw->inline_[jw->depth - 1];
}

static void close_level(struct jsonw *jw, char bracket)
{
	bool break_line = jw->pretty && jw->used[jw->depth] && !jw->inline_[jw->depth];

	if (jw->depth > 0)
		jw->depth--;
	if (break_line)
		indent(jw);
	put_char(jw, bracket);
}

void jw_object(struct jsonw *jw, const char *name)
{
	open_level(jw, name, '{', false);
}

void jw_array(struct jsonw *jw, const char *name)
{
	open_level(jw, name, '[', false);
}

void jw_object_inline(struct jsonw *jw, const char *name)
{
	open_level(jw, name, '{', true);
}

void jw_array_inline(struct jsonw *jw, const char *name)
{
	open_level(jw, name, '[', true);
}

void jw_end_object(struct jsonw *jw)
{
	close_level(jw, '}');
}

void jw_end_array(struct jsonw *jw)
{
	close_level(jw, ']');
}

#define DIGITS_MAX 20

static const uint64_t powers[] = { 1, 10, 100, 1000, 10000, 100000, 1000000 };

static size_t n_digits(uint64_t v)
{
	size_t n = 1;

	for (; v >= 10000; v /= 10000)
		n += 4;
	return n + (v >= 10) + (v >= 100) + (v >= 1000);
}

/* printf is too slow for the many numbers of a large host. */
static inline size_t format_u64(uint64_t v, char to[DIGITS_MAX])
{
	size_t n = n_digits(v), i = n;

	do {
		to[--i] = (char)('0' + v % 10);
		v /= 10;
	} while (v);
	return n;
}

static void put_u64(struct jsonw *jw, uint64_t v)
{
	jw->len += format_u64(v, room(jw, DIGITS_MAX));
}

void jw_u64(struct jsonw *jw, const char *name, uint64_t v)
{
	begin_value(jw, name);
	put_u64(jw, v);
}

void jw_i64(struct jsonw *jw, const char *name, int64_t v)
{
	begin_value(jw, name);
	if (v < 0)
		put_char(jw, '-');
	put_u64(jw, v < 0 ? 0 - (uint64_t)v : (uint64_t)v);
}

void jw_opt(struct jsonw *jw, const char *name, struct opt_u64 v)
{
	if (v.known)
		jw_u64(jw, name, v.v);
	else
		jw_null(jw, name);
}

void jw_bool(struct jsonw *jw, const char *name, bool v)
{
	begin_value(jw, name);
	put_text(jw, v ? "true" : "false");
}

void jw_null(struct jsonw *jw, const char *name)
{
	begin_value(jw, name);
	put_text(jw, "null");
}

void jw_slice(struct jsonw *jw, const char *name, struct slice s)
{
	begin_value(jw, name);
	put_string(jw, s);
}

void jw_str(struct jsonw *jw, const char *name, const char *s)
{
	if (s)
		jw_slice(jw, name, slice_of(s));
	else
		jw_null(jw, name);
}

/* @n units of which @digits digits stand behind the point. */
static void put_fixed(struct jsonw *jw, uint64_t n, unsigned int digits)
{
	char *to;

	put_u64(jw, n / powers[digits]);
	if (!digits)
		return;
	n %= powers[digits];
	to = room(jw, digits + 1);
	for (unsigned int i = digits; i > 0; i--, n /= 10)
		to[i] = (char)('0' + n % 10);
	to[0] = '.';
	jw->len += digits + 1;
}

void jw_milli(struct jsonw *jw, const char *name, int64_t thousandths)
{
	begin_value(jw, name);
	if (thousandths < 0)
		put_char(jw, '-');
	put_fixed(jw, thousandths < 0 ? 0 - (uint64_t)thousandths : (uint64_t)thousandths, 3);
}

/* The digits that printf would give, if @v is not so near to the middle of two that only it can tell. */
static bool round_fixed(double v, int digits, uint64_t *n)
{
	double units, off;

	if (signbit(v) || v > 1e6 || digits < 0 || (size_t)digits >= ARRAY_SIZE(powers))
		return false;
	units = v * (double)powers[digits];
	*n = (uint64_t)(units + 0.5);
	off = units - (double)*n;
	return off > -0.499 && off < 0.499;
}

void jw_double(struct jsonw *jw, const char *name, double v, int digits)
{
	uint64_t n;

	if (!isfinite(v)) {
		jw_null(jw, name);
		return;
	}
	begin_value(jw, name);
	if (round_fixed(v, digits, &n))
		put_fixed(jw, n, (unsigned int)digits);
	else
		put_printf(jw, "%.*f", digits, v);
}

void jw_u64s(struct jsonw *jw, const char *name, const uint64_t *v, size_t n)
{
	jw_array_inline(jw, name);
	for (size_t i = 0; i < n; i++) {
		char *to = room(jw, DIGITS_MAX + 2);

		if (i)
			*to++ = ',';
		if (i && jw->pretty)
			*to++ = ' ';
		to += format_u64(v[i], to);
		jw->len = (size_t)(to - jw->buf);
	}
	jw_end_array(jw);
}

void jw_hex(struct jsonw *jw, const char *name, uint64_t v)
{
	char buf[20];
	size_t i = sizeof(buf);

	begin_value(jw, name);
	buf[--i] = '"';
	do {
		buf[--i] = "0123456789abcdef"[v & 15];
		v >>= 4;
	} while (v);
	buf[--i] = 'x';
	buf[--i] = '0';
	buf[--i] = '"';
	put(jw, buf + i, sizeof(buf) - i);
}

void jw_time_ns(struct jsonw *jw, const char *name, int64_t unix_ns)
{
	char buf[TIME_RFC3339_MAX];

	time_rfc3339(unix_ns, buf);
	jw_str(jw, name, buf);
}

bool jw_names_add(const struct jsonw *jw, struct jw_names *names, const char *name, size_t offset)
{
	int n;

	if (names->n == JSONW_NAMES)
		return false;
	n = snprintf(names->v[names->n].text, JSONW_NAME_BYTES, jw->pretty ? "\"%s\": " : "\"%s\":", name);
	if (n < 0 || n >= JSONW_NAME_BYTES)
		return false;
	names->v[names->n].len = (unsigned int)n;
	names->v[names->n].last = -1;
	names->v[names->n++].offset = offset;
	return true;
}

/* Those from @i to before @end that are not negative, as they were last, each behind a comma. */
static char *put_named(const struct jsonw *jw, const struct jw_names *names, unsigned int i, unsigned int end, char *to)
{
	for (; i < end; i++) {
		if (names->v[i].last < 0)
			continue;
		*to++ = ',';
		if (jw->pretty)
			*to++ = ' ';
		/* Of a length that does not vary, whatever stands behind it. */
		memcpy(to, names->v[i].text, sizeof(names->v[i].text));
		to += names->v[i].len;
		to += format_u64((uint64_t)names->v[i].last, to);
	}
	return to;
}

/* Remember the numbers of @object, and say from which on they are those of the object before. */
static unsigned int take_numbers(struct jw_names *names, const void *object)
{
	unsigned int same = 0;

	for (unsigned int i = 0; i < names->n; i++) {
		int32_t v;

		memcpy(&v, (const char *)object + names->v[i].offset, sizeof(v));
		if (v != names->v[i].last)
			same = i + 1;
		names->v[i].last = v;
	}
	return same;
}

void jw_object_of(struct jsonw *jw, struct jw_names *names, const void *object)
{
	unsigned int same = take_numbers(names, object);
	char *begin, *to;

	if (same != names->tail) {
		names->tail = same;
		to = put_named(jw, names, same, names->n, names->tail_text);
		names->tail_len = (unsigned int)(to - names->tail_text);
	}
	begin_value(jw, NULL);
	begin = room(jw, 2 * sizeof(names->tail_text));
	to = put_named(jw, names, 0, same, begin);
	memcpy(to, names->tail_text, names->tail_len);
	to += names->tail_len;
	/* The bracket takes the place of the first comma. */
	if (jw->pretty && to > begin) {
		memmove(begin, begin + 1, (size_t)(to - begin) - 1);
		to--;
	}
	to += to == begin;
	*begin = '{';
	*to++ = '}';
	jw->len = (size_t)(to - jw->buf);
}

void jw_finish(struct jsonw *jw)
{
	put_char(jw, '\n');
	flush(jw);
}
