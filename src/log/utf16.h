/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A log that a Windows shell wrote ("adb shell dmesg > log.txt"): UTF-16 with its mark in front. */
#ifndef LOG_UTF16_H
#define LOG_UTF16_H

#include <stdbool.h>
#include <stddef.h>

enum utf16_order { UTF16_UNKNOWN, UTF16_NONE, UTF16_LITTLE, UTF16_BIG };

/* Zeroed before the first byte of a stream. */
struct utf16 {
	enum utf16_order order;
	unsigned char held[2]; /* a byte of a pair, or of the mark, whose other is still to come */
	size_t n_held;
};

/*
 * Turn the @n bytes at @p, which follow those of the call before, into ASCII in place, '?' for what
 * is none; as they are if the stream does not begin with the mark. Returns how many bytes they are
 * then, at most @n + 1: one more when a first byte turns out to be no mark's.
 */
size_t utf16_narrow(struct utf16 *u, char *p, size_t n);

/* The end: what is still held, at most 1 byte, into @p. */
size_t utf16_end(struct utf16 *u, char *p);

#endif
