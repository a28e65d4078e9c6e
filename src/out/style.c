// SPDX-License-Identifier: GPL-2.0-or-later
/* How text for a person looks. */
#include "out/style.h"

#include <inttypes.h>
#include <limits.h>

#include "base/utf8.h"

const char *tone_begin(const struct text_style *st, enum text_tone tone)
{
	static const char *const on[] = {
		[TONE_PLAIN] = "",	     [TONE_HEAD] = "\x1b[1m",  [TONE_BAD] = "\x1b[1;31m",
		[TONE_WARN] = "\x1b[33m", [TONE_GOOD] = "\x1b[32m", [TONE_DIM] = "\x1b[2m",
	};

	return st->color ? on[tone] : "";
}

const char *tone_end(const struct text_style *st, enum text_tone tone)
{
	return st->color && tone != TONE_PLAIN ? "\x1b[0m" : "";
}

char *size_text(const struct text_style *st, struct opt_u64 bytes, char buf[SIZE_TEXT_MAX])
{
	static const char units[] = "KMGTPE";
	uint64_t v = bytes.v, tenths;
	int unit = -1;

	if (!bytes.known) {
		snprintf(buf, SIZE_TEXT_MAX, "-");
		return buf;
	}
	if (st->bytes || v < 1024) {
		snprintf(buf, SIZE_TEXT_MAX, "%" PRIu64, v);
		return buf;
	}
	while (v >= UINT64_C(1024) * 1024) {
		/* A sticky bit below keeps the rounding to nearest right. */
		v = v >> 10 | ((v & 1023) != 0);
		unit++;
	}
	unit++;
	tenths = (v * 10 + 512) / 1024;
	if (tenths >= 10240 && unit < 5) { /* 1023.96K is 1M */
		tenths = 10;
		unit++;
	}
	if (tenths < 100 && tenths % 10)
		snprintf(buf, SIZE_TEXT_MAX, "%" PRIu64 ".%" PRIu64 "%c", tenths / 10, tenths % 10,
			 units[unit]);
	else
		snprintf(buf, SIZE_TEXT_MAX, "%" PRIu64 "%c", tenths < 100 ? tenths / 10 : (v + 512) / 1024,
			 units[unit]);
	return buf;
}

char *percent_text(uint64_t milli, char buf[SIZE_TEXT_MAX])
{
	if (milli > 0 && milli < 10)
		snprintf(buf, SIZE_TEXT_MAX, "<1%%");
	else if (milli > 990 && milli < 1000)
		snprintf(buf, SIZE_TEXT_MAX, ">99%%");
	else
		snprintf(buf, SIZE_TEXT_MAX, "%" PRIu64 "%%", (milli + 5) / 10);
	return buf;
}

/* @n in units of @scale, as precise as @width allows; false if only nothing would be left of it. */
static bool in_unit(uint64_t n, uint64_t scale, char unit, unsigned int width, char buf[SIZE_TEXT_MAX])
{
	uint64_t tenths = n / (scale / 10) + (n % (scale / 10) >= scale / 20);
	int len = INT_MAX;

	if (tenths < 100)
		len = snprintf(buf, SIZE_TEXT_MAX, "%" PRIu64 ".%" PRIu64 "%c", tenths / 10, tenths % 10, unit);
	if (len > (int)width && tenths >= 10)
		len = snprintf(buf, SIZE_TEXT_MAX, "%" PRIu64 "%c",
			       n / scale + (n % scale >= scale / 2), unit);
	else if (len > (int)width && tenths)
		len = snprintf(buf, SIZE_TEXT_MAX, ".%" PRIu64 "%c", tenths, unit);
	return tenths && len <= (int)width;
}

char *count_text(uint64_t n, unsigned int width, char buf[SIZE_TEXT_MAX])
{
	static const char units[] = "kMGTPE";
	uint64_t scale = 1000;

	if (snprintf(buf, SIZE_TEXT_MAX, "%" PRIu64, n) <= (int)width)
		return buf;
	for (size_t i = 0; units[i]; i++, scale *= 1000) {
		if (in_unit(n, scale, units[i], width, buf))
			return buf;
	}
	/* No unit makes it so short: a wide number rather than a wrong one. */
	snprintf(buf, SIZE_TEXT_MAX, "%" PRIu64, n);
	return buf;
}

const char *spark(const struct text_style *st, uint64_t part, uint64_t whole)
{
	static const char *const blocks[] = { " ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };
	static const char *const ascii[] = { " ", ".", ".", ":", ":", "+", "*", "#", "#" };
	uint64_t eighths = 0;

	if (part && whole) {
		if (part > whole)
			part = whole;
		while (whole > UINT64_MAX / 16) {
			whole >>= 4;
			part >>= 4;
		}
		eighths = (part * 8 + whole / 2) / whole;
		if (eighths == 0)
			eighths = 1;
	}
	return st->utf8 ? blocks[eighths] : ascii[eighths];
}

void sb_add_shown(struct strbuf *sb, const char *text, size_t max)
{
	sb_add_quoted(sb, slice_of(text), max);
}

void put_shown(FILE *f, const char *text, size_t max)
{
	auto_strbuf struct strbuf sb = STRBUF_INIT;

	sb_add_shown(&sb, text, max);
	fputs(sb_str(&sb), f);
}

/* Columns of a word; a multibyte character counts as one. */
static unsigned int columns_of(struct slice word)
{
	unsigned int n = 0;

	for (size_t i = 0; i < word.len; n++) {
		size_t len = utf8_sequence(word.p + i, word.len - i);

		i += len ? len : 1;
	}
	return n;
}

void put_wrapped_at(FILE *f, const struct text_style *st, unsigned int at, unsigned int indent,
		    const char *text)
{
	struct slice rest = slice_of(text), word;
	bool first = true;

	while (slice_word(&rest, &word)) {
		unsigned int n = columns_of(word);

		if (!first && at + 1 + n > st->width) {
			fprintf(f, "\n%*s", (int)indent, "");
			at = indent;
		} else if (!first) {
			putc(' ', f);
			at++;
		}
		first = false;
		fwrite(word.p, 1, word.len, f);
		at += n;
	}
	putc('\n', f);
}

void put_wrapped(FILE *f, const struct text_style *st, unsigned int indent, const char *text)
{
	put_wrapped_at(f, st, indent, indent, text);
}
