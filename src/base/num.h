/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Numbers from text, checked: the whole token is a number that fits, or it is
 * an error. Nothing else in the program converts text to numbers.
 */
#ifndef BASE_NUM_H
#define BASE_NUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A number that a source may not have given: unknown is not 0. */
struct opt_u64 {
	uint64_t v;
	bool known;
};

#define OPT_UNKNOWN ((struct opt_u64){ 0, false })

static inline struct opt_u64 opt_u64(uint64_t v)
{
	return (struct opt_u64){ v, true };
}

/* Of a number that is negative where unknown. */
static inline struct opt_u64 opt_i32(int32_t v)
{
	return v < 0 ? OPT_UNKNOWN : opt_u64((uint64_t)v);
}

static inline uint64_t opt_or(struct opt_u64 o, uint64_t fallback)
{
	return o.known ? o.v : fallback;
}

/*
 * Decimal (num_u64, num_i64) or hexadecimal with or without 0x (num_hex) from
 * the @len bytes at @s. Return 0; -EINVAL if any byte does not belong to the
 * number or there is none; -ERANGE if it does not fit. @out is written only on
 * success.
 */
int num_u64(const char *s, size_t len, uint64_t *out);
int num_i64(const char *s, size_t len, int64_t *out);
int num_hex(const char *s, size_t len, uint64_t *out);
/* Decimal int within [min, max] from a C string. */
int num_int(const char *s, int min, int max, int *out);
/* Decimal fraction such as "0.5" or "2" seconds, to nanoseconds. */
int num_duration_ns(const char *s, uint64_t *ns);
/* "90", "1.5h", "7d": a number and an optional unit s, m, h, d or w, to nanoseconds. */
int num_span_ns(const char *s, uint64_t *ns);
/* "64", "4K", "1M", "2GiB", "1TB": bytes, all binary. C string. */
int num_size(const char *s, uint64_t *bytes);

/* Sums and products of untrusted numbers; saturate at UINT64_MAX. */
static inline uint64_t sat_add(uint64_t a, uint64_t b)
{
	uint64_t r;

	return __builtin_add_overflow(a, b, &r) ? UINT64_MAX : r;
}

static inline uint64_t sat_mul(uint64_t a, uint64_t b)
{
	uint64_t r;

	return __builtin_mul_overflow(a, b, &r) ? UINT64_MAX : r;
}

static inline uint64_t sat_sub(uint64_t a, uint64_t b)
{
	return a > b ? a - b : 0;
}

/* n << shift, saturating; a shift of 64 and more saturates any n but 0. */
static inline uint64_t sat_shl(uint64_t n, unsigned int shift)
{
	if (n == 0)
		return 0;
	if (shift >= 64 || n > UINT64_MAX >> shift)
		return UINT64_MAX;
	return n << shift;
}

#endif
