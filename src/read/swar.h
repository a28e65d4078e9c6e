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

/* The high bit of each byte of @v that is @c. Only the first is certain. */
static inline uint64_t swar_find(uint64_t v, char c)
{
	uint64_t x = v ^ SWAR_ONES * (unsigned char)c;

	return (x - SWAR_ONES) & ~x & SWAR_ONES << 7;
}

/* Eight lower case hexadecimal digits; false if they are none. */
static inline bool swar_hex(const char *p, uint64_t *out)
{
	uint64_t v = swar_load(p);
	uint64_t letter = v >> 6 & SWAR_ONES;
	uint64_t nibble = (v & SWAR_ONES * 0x0f) + letter * 9;
	uint64_t wrong = (v ^ (nibble + SWAR_ONES * 0x30 + letter * 0x27)) | (nibble & SWAR_ONES * 0xf0) |
			 (((nibble + SWAR_ONES * 6) >> 4 & SWAR_ONES) ^ letter);

	nibble = (nibble << 4 | nibble >> 8) & UINT64_C(0x00ff00ff00ff00ff);
	nibble = (nibble << 8 | nibble >> 16) & UINT64_C(0x0000ffff0000ffff);
	*out = (nibble << 16 | nibble >> 32) & UINT32_MAX;
	return wrong == 0;
}

/*
 * One to seven decimal digits and a byte that is none; how many digits, 0 if
 * it is anything else. Without a loop: the lengths of numbers vary from line
 * to line, and a loop's end would be mispredicted each time.
 */
static inline unsigned int swar_decimal(const char *p, uint64_t *out)
{
	uint64_t v = swar_load(p) ^ SWAR_ONES * 0x30;
	uint64_t other = ((v + SWAR_ONES * 0x76) | v) & SWAR_ONES << 7; /* the first is certain */
	unsigned int bits = other ? (unsigned int)__builtin_ctzll(other) - 7 : 0;

	if (bits == 0)
		return 0;
	v <<= 64 - bits; /* as if padded with zeros on the left */
	v = (v * 10 + (v >> 8)) & UINT64_C(0x00ff00ff00ff00ff);
	v = (v * 100 + (v >> 16)) & UINT64_C(0x0000ffff0000ffff);
	*out = (v * 10000 + (v >> 32)) & UINT32_MAX;
	return bits / 8;
}

#endif
