/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Eight bytes of text at once, in a register: for files of a million lines.
 * All need eight readable bytes.
 */
#ifndef READ_SWAR_H
#define READ_SWAR_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define SWAR_ONES UINT64_C(0x0101010101010101)

/* The eight bytes at @p, the first one lowest. */
static inline uint64_t swar_load(const char *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	v = __builtin_bswap64(v);
#endif
	return v;
}

/*
 * Two registers side by side: one of 16 bytes where the machine has such. Where it may have none, how such a
 * value is returned hangs on flags, and gcc says so; but these functions are never called, only inlined.
 */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wpsabi"
#endif
typedef uint64_t swar_pair __attribute__((vector_size(16)));
typedef unsigned char swar_bytes __attribute__((vector_size(16)));

/* The 16 bytes at @p as they are: to be compared. */
static inline swar_pair swar_load_pair(const char *p)
{
	swar_pair v;

	memcpy(&v, p, sizeof(v));
	return v;
}

/*
 * What eight lower case hexadecimal digits at @p, and eight at @q, are worth; *@wrong has bits where any is none.
 */
static inline swar_pair swar_hex_values(const char *p, const char *q, swar_pair *wrong)
{
	swar_bytes c = (swar_bytes)(swar_pair){ swar_load(p), swar_load(q) };
	swar_bytes digit = (swar_bytes)(c - '0' <= 9), letter = (swar_bytes)(c - 'a' <= 5);
	swar_pair n = (swar_pair)((c & 0x0f) + (letter & 9));

	*wrong = (swar_pair) ~(digit | letter);
	n = (n << 4 | n >> 8) & UINT64_C(0x00ff00ff00ff00ff);
	n = (n << 8 | n >> 16) & UINT64_C(0x0000ffff0000ffff);
	return (n << 16 | n >> 32) & UINT32_MAX;
}

/* The same; false if any is none. */
static inline bool swar_hex_pair(const char *p, const char *q, uint64_t *at_p, uint64_t *at_q)
{
	swar_pair wrong, n = swar_hex_values(p, q, &wrong);

	*at_p = n[0];
	*at_q = n[1];
	return (wrong[0] | wrong[1]) == 0;
}

/* Whether each byte is from 0 to 9. */
static inline bool swar_are_digits(uint64_t v)
{
	return (((v + SWAR_ONES * 0x76) | v) & SWAR_ONES << 7) == 0;
}

/* The number of eight such bytes, the highest digit first. */
static inline uint64_t swar_value(uint64_t v)
{
	v = (v * 10 + (v >> 8)) & UINT64_C(0x00ff00ff00ff00ff);
	v = (v * 100 + (v >> 16)) & UINT64_C(0x0000ffff0000ffff);
	return (v * 10000 + (v >> 32)) & UINT32_MAX;
}

/*
 * How many bits of @text are one to seven decimal digits with a byte behind
 * them that is none; 0 if it begins with anything else.
 */
static inline unsigned int swar_digits(uint64_t text)
{
	uint64_t v = text ^ SWAR_ONES * '0';
	uint64_t other = ((v + SWAR_ONES * 0x76) | v) & SWAR_ONES << 7; /* the first is certain */

	return other ? (unsigned int)__builtin_ctzll(other) - 7 : 0;
}

/* The number in the first @bits of @text, as swar_digits found them; not 0. */
static inline uint64_t swar_number(uint64_t text, unsigned int bits)
{
	return swar_value((text ^ SWAR_ONES * '0') << (64 - bits)); /* as if padded with zeros on the left */
}

/*
 * The decimal number at @p, as swar_digits finds it: how many digits it has, or
 * 0. Without a loop: the lengths of numbers vary from line to line, and a
 * loop's end would be mispredicted each time.
 */
static inline unsigned int swar_decimal(const char *p, uint64_t *out)
{
	uint64_t text = swar_load(p);
	unsigned int bits = swar_digits(text);

	if (bits)
		*out = swar_number(text, bits);
	return bits / 8;
}

#endif
