// SPDX-License-Identifier: GPL-2.0-or-later
/* Numbers from text, checked. */
#include "base/num.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

int num_u64(const char *s, size_t len, uint64_t *out)
{
	bool wide = false;
	uint64_t v = 0;

	if (len == 0)
		return -EINVAL;
	for (size_t i = 0; i < len; i++) {
		unsigned int digit = (unsigned char)s[i] - (unsigned int)'0';

		if (digit > 9)
			return -EINVAL;
		/* Only from the 20th digit on can it be too much. */
		wide |= i >= 19 && v > (UINT64_MAX - digit) / 10;
		v = v * 10 + digit;
	}
	if (wide)
		return -ERANGE;
	*out = v;
	return 0;
}

int num_i64(const char *s, size_t len, int64_t *out)
{
	bool neg = len > 0 && s[0] == '-';
	uint64_t v;
	int r = num_u64(s + neg, len - neg, &v);

	if (r)
		return r;
	if (v > (uint64_t)INT64_MAX + neg)
		return -ERANGE;
	*out = neg ? (int64_t)(0 - v) : (int64_t)v;
	return 0;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

int num_hex(const char *s, size_t len, uint64_t *out)
{
	uint64_t v = 0;
	bool wide = false;

	if (len > 2 && s[0] == '0' && (s[1] == 'x' || s[1] == 'X')) {
		s += 2;
		len -= 2;
	}
	if (len == 0)
		return -EINVAL;
	for (size_t i = 0; i < len; i++) {
		int d = hex_digit(s[i]);

		if (d < 0)
			return -EINVAL;
		wide |= v > UINT64_MAX >> 4;
		v = v << 4 | (uint64_t)d;
	}
	if (wide)
		return -ERANGE;
	*out = v;
	return 0;
}

int num_int(const char *s, int min, int max, int *out)
{
	int64_t v;
	int r = num_i64(s, strlen(s), &v);

	if (r)
		return r;
	if (v < min || v > max)
		return -ERANGE;
	*out = (int)v;
	return 0;
}

int num_duration_ns(const char *s, uint64_t *ns)
{
	const uint64_t second = 1000000000;
	const char *dot = strchr(s, '.');
	size_t whole_len = dot ? (size_t)(dot - s) : strlen(s);
	uint64_t whole = 0, frac = 0, unit = second;
	int r = 0;

	if (whole_len > 0)
		r = num_u64(s, whole_len, &whole);
	else if (!dot || !dot[1])
		r = -EINVAL;
	if (r)
		return r;
	for (const char *p = dot ? dot + 1 : ""; *p; p++) {
		if (*p < '0' || *p > '9')
			return -EINVAL;
		unit /= 10;
		frac += unit * (uint64_t)(*p - '0');
	}
	if (__builtin_mul_overflow(whole, second, &whole) ||
	    __builtin_add_overflow(whole, frac, &whole))
		return -ERANGE;
	*ns = whole;
	return 0;
}

int num_size(const char *s, uint64_t *bytes)
{
	static const char units[] = "KMGTPE";
	size_t digits = strspn(s, "0123456789");
	const char *suffix = s + digits;
	unsigned int shift = 0;
	uint64_t v;
	int r = num_u64(s, digits, &v);

	if (r)
		return r;
	if (*suffix && strcasecmp(suffix, "B") != 0) {
		const char *u = strchr(units, *suffix & ~0x20);

		if (!u || !*u)
			return -EINVAL;
		shift = 10 * (unsigned int)(u - units + 1);
		suffix++;
		if (*suffix && strcasecmp(suffix, "B") != 0 && strcasecmp(suffix, "iB") != 0)
			return -EINVAL;
	}
	if (v > UINT64_MAX >> shift)
		return -ERANGE;
	*bytes = v << shift;
	return 0;
}

int num_span_ns(const char *s, uint64_t *ns)
{
	static const char units[] = "smhdw";
	static const uint64_t seconds[] = { 1, 60, 3600, 86400, 604800 };
	size_t len = strlen(s);
	const char *unit = len ? strchr(units, s[len - 1]) : NULL;
	char number[64];
	uint64_t v;
	int r;

	if (!unit)
		return num_duration_ns(s, ns);
	if (len - 1 >= sizeof(number))
		return -EINVAL;
	memcpy(number, s, len - 1);
	number[len - 1] = '\0';
	r = num_duration_ns(number, &v);
	if (r)
		return r;
	if (__builtin_mul_overflow(v, seconds[unit - units], &v))
		return -ERANGE;
	*ns = v;
	return 0;
}
