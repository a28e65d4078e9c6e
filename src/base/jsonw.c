// SPDX-License-Identifier: GPL-2.0-or-later
/* Streaming JSON writer. */
#include "base/jsonw.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/timefmt.h"
#include "base/utf8.h"

void jw_init(struct jsonw *jw, FILE *f, bool pretty)
{
	memset(jw, 0, sizeof(*jw));
	jw->f = f;
	jw->pretty = pretty;
}

/* Bytes of @s from @i on that stand for themselves. */
static size_t plain_run(struct slice s, size_t i)
{
	size_t n = i;

	while (n < s.len) {
		unsigned char c = (unsigned char)s.p[n];

		if (c < 0x20 || c >= 0x7f || c == '"' || c == '\\')
			break;
		n++;
	}
	return n - i;
}

static size_t put_special(FILE *f, struct slice s, size_t i)
{
	unsigned char c = (unsigned char)s.p[i];
	size_t n = utf8_sequence(s.p + i, s.len - i);

	if (n == 0) {
		fputs("\xef\xbf\xbd", f);
		return 1;
	}
	if (c == '"' || c == '\\')
		fprintf(f, "\\%c", c);
	else if (c == '\n')
		fputs("\\n", f);
	else if (c == '\t')
		fputs("\\t", f);
	else if (c < 0x20 || c == 0x7f)
		fprintf(f, "\\u%04x", c);
	else
		fwrite(s.p + i, 1, n, f);
	return n;
}

/* The stream is one thread's: the unlocked forms save most of the time of large documents. */
static void put_string(FILE *f, struct slice s)
{
	size_t i = 0;

	putc_unlocked('"', f);
	while (i < s.len) {
		size_t n = plain_run(s, i);

		if (n)
			fwrite_unlocked(s.p + i, 1, n, f);
		i += n;
		if (i < s.len)
			i += put_special(f, s, i);
	}
	putc_unlocked('"', f);
}

static void indent(struct jsonw *jw)
{
	putc_unlocked('\n', jw->f);
	for (unsigned int i = 0; i < jw->depth; i++)
		putc_unlocked('\t', jw->f);
}

static void begin_value(struct jsonw *jw, const char *name)
{
	bool one_line = !jw->pretty || jw->depth == 0 || jw->inline_[jw->depth];

	if (jw->depth > 0) {
		if (jw->used[jw->depth])
			fputs_unlocked(one_line && jw->pretty ? ", " : ",", jw->f);
		jw->used[jw->depth] = 1;
		if (!one_line)
			indent(jw);
	}
	if (name) {
		put_string(jw->f, slice_of(name));
		fputs_unlocked(jw->pretty ? ": " : ":", jw->f);
	}
}

static void open_level(struct jsonw *jw, const char *name, char bracket, bool one_line)
{
	begin_value(jw, name);
	putc_unlocked(bracket, jw->f);
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
	putc_unlocked(bracket, jw->f);
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

/* printf is too slow for the many numbers of a large host. */
static void put_u64(FILE *f, uint64_t v)
{
	char buf[20];
	size_t i = sizeof(buf);

	do {
		buf[--i] = (char)('0' + v % 10);
		v /= 10;
	} while (v);
	fwrite_unlocked(buf + i, 1, sizeof(buf) - i, f);
}

void jw_u64(struct jsonw *jw, const char *name, uint64_t v)
{
	begin_value(jw, name);
	put_u64(jw->f, v);
}

void jw_i64(struct jsonw *jw, const char *name, int64_t v)
{
	begin_value(jw, name);
	if (v < 0)
		putc_unlocked('-', jw->f);
	put_u64(jw->f, v < 0 ? 0 - (uint64_t)v : (uint64_t)v);
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
	fputs(v ? "true" : "false", jw->f);
}

void jw_null(struct jsonw *jw, const char *name)
{
	begin_value(jw, name);
	fputs("null", jw->f);
}

void jw_slice(struct jsonw *jw, const char *name, struct slice s)
{
	begin_value(jw, name);
	put_string(jw->f, s);
}

void jw_str(struct jsonw *jw, const char *name, const char *s)
{
	if (s)
		jw_slice(jw, name, slice_of(s));
	else
		jw_null(jw, name);
}

void jw_milli(struct jsonw *jw, const char *name, int64_t thousandths)
{
	uint64_t abs = thousandths < 0 ? 0 - (uint64_t)thousandths : (uint64_t)thousandths;

	begin_value(jw, name);
	fprintf(jw->f, "%s%" PRIu64 ".%03" PRIu64, thousandths < 0 ? "-" : "", abs / 1000, abs % 1000);
}

void jw_double(struct jsonw *jw, const char *name, double v, int digits)
{
	if (!isfinite(v)) {
		jw_null(jw, name);
		return;
	}
	begin_value(jw, name);
	fprintf(jw->f, "%.*f", digits, v);
}

void jw_u64s(struct jsonw *jw, const char *name, const uint64_t *v, size_t n)
{
	jw_array_inline(jw, name);
	for (size_t i = 0; i < n; i++)
		jw_u64(jw, NULL, v[i]);
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
	fwrite_unlocked(buf + i, 1, sizeof(buf) - i, jw->f);
}

void jw_time_ns(struct jsonw *jw, const char *name, int64_t unix_ns)
{
	char buf[TIME_RFC3339_MAX];

	time_rfc3339(unix_ns, buf);
	jw_str(jw, name, buf);
}

void jw_finish(struct jsonw *jw)
{
	putc_unlocked('\n', jw->f);
}
