// SPDX-License-Identifier: GPL-2.0-or-later
/* Numbers as a person reads them: short, and never another number. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "out/style.h"

static void test_count(void **state UNUSED)
{
	static const struct {
		uint64_t n;
		unsigned int width;
		const char *text;
	} cases[] = {
		{ 0, 1, "0" },		   { 999, 3, "999" },	      { 1000, 4, "1000" },
		{ 1000, 3, "1k" },	   { 1499, 3, "1k" },	      { 1500, 3, "2k" },
		{ 2449, 3, "2k" },	   { 9949, 3, "10k" },	      { 9950, 3, "10k" },
		{ 12345, 4, "12k" },	   { 12345, 5, "12345" },     { 99499, 3, "99k" },
		{ 99501, 3, ".1M" },	   { 123456, 3, ".1M" },      { 123456, 4, "123k" },
		{ 999600, 3, "1M" },	   { 999600, 4, "1.0M" },     { 1234567, 4, "1.2M" },
		{ 1234567, 3, "1M" },	   { UINT64_MAX, 3, "18E" },  { UINT64_MAX, 4, "18E" },
		{ UINT64_MAX, 2, "18446744073709551615" },
	};
	char buf[SIZE_TEXT_MAX];

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_string_equal(count_text(cases[i].n, cases[i].width, buf), cases[i].text);
}

/* In three columns and more there is room for any number, to half of its last digit. (E would be an exponent.) */
static void test_count_is_near(void **state UNUSED)
{
	static const char units[] = "kMGTPE";

	for (uint64_t n = 1; n < UINT64_C(90000000000000000); n = n * 21 / 20 + 1) {
		for (unsigned int width = 3; width < 8; width++) {
			char buf[SIZE_TEXT_MAX], unit = ' ';
			double v = 0, last = 1;

			count_text(n, width, buf);
			assert_in_range(strlen(buf), 1, width);
			assert_true(sscanf(buf, "%lf%c", &v, &unit) >= 1);
			if (strchr(buf, '.'))
				last = 0.1;
			for (const char *u = units; unit != ' ' && (u == units || u[-1] != unit); u++) {
				v *= 1000;
				last *= 1000;
			}
			if (v - (double)n > last * 0.5001 || (double)n - v > last * 0.5001)
				fail_msg("%llu in %u: %s", (unsigned long long)n, width, buf);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_count),
		cmocka_unit_test(test_count_is_near),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
