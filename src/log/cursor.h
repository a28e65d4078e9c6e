/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading a line from left to right: each function takes what it names off the
 * front and says true, or takes nothing and says false.
 */
#ifndef LOG_CURSOR_H
#define LOG_CURSOR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/num.h"
#include "base/str.h"

static inline bool cur_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool cur_hexdigit(char c)
{
	return cur_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static inline bool cur_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline bool cur_space(char c)
{
	return c == ' ' || c == '\t';
}

static inline void cur_skip(struct slice *s, size_t n)
{
	s->p += n;
	s->len -= n;
}

static inline void cur_blanks(struct slice *s)
{
	while (s->len && cur_space(*s->p))
		cur_skip(s, 1);
}

static inline bool cur_char(struct slice *s, char c)
{
	if (!s->len || *s->p != c)
		return false;
	cur_skip(s, 1);
	return true;
}

/* @lit as it stands. */
static inline bool cur_lit(struct slice *s, const char *lit)
{
	return slice_skip(s, lit);
}

/* @lit, and where it has a blank any run of blanks, also none before a value. */
bool cur_text(struct slice *s, const char *lit);
/* Decimal digits; @n of them at most when @n is not 0. */
bool cur_u64(struct slice *s, uint64_t *v);
bool cur_i64(struct slice *s, int64_t *v);
/* Hexadecimal with or without 0x. */
bool cur_hex(struct slice *s, uint64_t *v);
/* Exactly @n digits. */
bool cur_digits(struct slice *s, size_t n, unsigned int *v);
/* A run of bytes up to (not with) the first of @stop, or all. False if empty. */
bool cur_until(struct slice *s, const char *stop, struct slice *out);
/* Letters, digits and underscores. */
bool cur_ident(struct slice *s, struct slice *out);
/* Move behind the first @needle; false and unmoved if there is none. */
bool cur_find(struct slice *s, const char *needle);
/* As cur_find, with what stood before it. */
bool cur_split(struct slice *s, const char *needle, struct slice *before);

#endif
