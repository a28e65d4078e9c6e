/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How text for a person looks: width, colour, units, and how numbers become short. */
#ifndef OUT_STYLE_H
#define OUT_STYLE_H

#include <stdbool.h>
#include <stdio.h>

#include "base/num.h"
#include "base/str.h"

struct text_style {
	bool color, utf8;
	bool terminal;	    /* somebody looks at it as it comes */
	bool bytes;	    /* exact bytes rather than 1.3G */
	unsigned int width; /* columns */
	int verbose;
	const char *again;  /* options by which another command finds the same state; NULL: the machine's own */
};

/* What a colour says. */
enum text_tone { TONE_PLAIN, TONE_HEAD, TONE_BAD, TONE_WARN, TONE_GOOD, TONE_DIM };

/* Escape sequences that begin and end a tone; "" without colour. */
const char *tone_begin(const struct text_style *st, enum text_tone tone);
const char *tone_end(const struct text_style *st, enum text_tone tone);

#define SIZE_TEXT_MAX 24
/*
 * "512", "4K", "1.3G": binary units, at most three digits before the unit,
 * rounded to nearest. The exact number of bytes if the style says so; "-" if
 * unknown. Returns @buf.
 */
char *size_text(const struct text_style *st, struct opt_u64 bytes, char buf[SIZE_TEXT_MAX]);
/* Thousandths as percent: "0%" and "100%" only if exact, else "<1%", "12%", ">99%". */
char *percent_text(uint64_t milli, char buf[SIZE_TEXT_MAX]);
/* A count in at most @width columns: exact if it fits, else 12k, 3.4M (decimal). */
char *count_text(uint64_t n, unsigned int width, char buf[SIZE_TEXT_MAX]);

/* A block of eight heights for @part of @whole (thin for 1 of many, blank for 0); '.' to '#' without UTF-8. */
const char *spark(const struct text_style *st, uint64_t part, uint64_t whole);

/* Text of the kernel's for a person: control bytes and bad UTF-8 escaped, at most about @max bytes. */
void sb_add_shown(struct strbuf *sb, const char *text, size_t max);
void put_shown(FILE *f, const char *text, size_t max);

/*
 * Print @text wrapped at the style's width and a newline, from column @at, up to
 * which the caller has written; lines after the first are indented by @indent
 * columns. put_wrapped begins at that column, too.
 */
void put_wrapped(FILE *f, const struct text_style *st, unsigned int indent, const char *text);
void put_wrapped_at(FILE *f, const struct text_style *st, unsigned int at, unsigned int indent,
		    const char *text);

#endif
