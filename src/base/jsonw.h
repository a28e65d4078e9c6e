/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A streaming JSON writer: knows nesting and commas, keeps no document in memory,
 * prints integers exactly up to 2^64-1. Strings are made valid UTF-8: a byte
 * that is not becomes U+FFFD.
 */
#ifndef BASE_JSONW_H
#define BASE_JSONW_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/num.h"
#include "base/str.h"

#define JSONW_DEPTH  64
#define JSONW_BUFFER ((size_t)32 << 10)
#define JSONW_BUFFER ((size_t)32 << 10)

struct jsonw {
	FILE *f;
	char buf[JSONW_BUFFER]; /* goes to f when it is full, and at the end of the document */
	size_t len;
	bool pretty;
	unsigned int depth;
	unsigned char used[JSONW_DEPTH];   /* has this level a member yet */
	unsigned char inline_[JSONW_DEPTH]; /* is this level printed on one line */
};

/*
 * Write to @f, which stays the caller's and is not to be written to before
 * jw_finish. @pretty: indented, small arrays on one line.
 */
void jw_init(struct jsonw *jw, FILE *f, bool pretty);

/* @name is NULL inside an array and at the top level. */
void jw_object(struct jsonw *jw, const char *name);
void jw_array(struct jsonw *jw, const char *name);
/* As above, but all inside stays on one line in pretty mode. */
void jw_object_inline(struct jsonw *jw, const char *name);
void jw_array_inline(struct jsonw *jw, const char *name);
void jw_end_object(struct jsonw *jw);
void jw_end_array(struct jsonw *jw);

void jw_u64(struct jsonw *jw, const char *name, uint64_t v);
void jw_i64(struct jsonw *jw, const char *name, int64_t v);
void jw_opt(struct jsonw *jw, const char *name, struct opt_u64 v); /* unknown: null */
void jw_bool(struct jsonw *jw, const char *name, bool v);
void jw_null(struct jsonw *jw, const char *name);
/* @s NULL gives null. */
void jw_str(struct jsonw *jw, const char *name, const char *s);
void jw_slice(struct jsonw *jw, const char *name, struct slice s);
/* Thousandths, exact: -500 is -0.500. */
void jw_milli(struct jsonw *jw, const char *name, int64_t thousandths);
/* A finite double with @digits after the point; NaN and infinity give null. */
void jw_double(struct jsonw *jw, const char *name, double v, int digits);
void jw_u64s(struct jsonw *jw, const char *name, const uint64_t *v, size_t n);
void jw_hex(struct jsonw *jw, const char *name, uint64_t v); /* "0x40cc0" */
/* RFC 3339 in UTC with milliseconds. */
void jw_time_ns(struct jsonw *jw, const char *name, int64_t unix_ns);

/*
 * Names of numbers that stand in many objects alike, each an int32_t at its
 * offset in a structure. Numbers that end one object as they ended the one
 * before are written as they were, all at once.
 */
#define JSONW_NAMES	 16
#define JSONW_NAME_BYTES 44
struct jw_names {
	struct {
		char text[JSONW_NAME_BYTES];
		unsigned int len;
		size_t offset;
		int32_t last;
	} v[JSONW_NAMES];
	unsigned int n;
	unsigned int tail, tail_len; /* the first of those written at once, and how long they are */
	char tail_text[JSONW_NAMES * (JSONW_NAME_BYTES + 20)];
};

/* For objects that @jw writes. @name has no byte that must be escaped. False if there is no room for it. */
bool jw_names_add(const struct jsonw *jw, struct jw_names *names, const char *name, size_t offset);
/* An object on one line of those of the numbers in @object that are not negative, each under its name. */
void jw_object_of(struct jsonw *jw, struct jw_names *names, const void *object);

/* End of a document: newline. */
void jw_finish(struct jsonw *jw);

#endif
