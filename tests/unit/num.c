// SPDX-License-Identifier: GPL-2.0-or-later
/* base/num: the whole token is a number that fits, or it is an error. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/num.h"

static void test_u64(void **state UNUSED)
{
	uint64_t v = 7;

	assert_int_equal(num_u64("18446744073709551615", 20, &v), 0);
	assert_true(v == UINT64_MAX);
	assert_int_equal(num_u64("18446744073709551616", 20, &v), -ERANGE);
	assert_int_equal(num_u64("", 0, &v), -EINVAL);
	assert_int_equal(num_u64("-1", 2, &v), -EINVAL);
	assert_int_equal(num_u64("1x", 2, &v), -EINVAL);
	assert_true(v == UINT64_MAX); /* errors write nothing */
}

static void test_i64(void **state UNUSED)
{
	int64_t v = 0;

	assert_int_equal(num_i64("-9223372036854775808", 20, &v), 0);
	assert_true(v == INT64_MIN);
	assert_int_equal(num_i64("-9223372036854775809", 20, &v), -ERANGE);
	assert_int_equal(num_i64("9223372036854775808", 19, &v), -ERANGE);
	assert_int_equal(num_i64("-", 1, &v), -EINVAL);
}

static void test_span(void **state UNUSED)
{
	uint64_t ns = 5;

	assert_int_equal(num_span_ns("7d", &ns), 0);
	assert_true(ns == UINT64_C(604800) * 1000000000);
	assert_int_equal(num_span_ns("1.5h", &ns), 0);
	assert_true(ns == UINT64_C(5400) * 1000000000);
	assert_int_equal(num_span_ns("0.25", &ns), 0);
	assert_true(ns == 250000000);
	assert_int_equal(num_span_ns("h", &ns), -EINVAL);
	assert_int_equal(num_span_ns("", &ns), -EINVAL);
	assert_int_equal(num_span_ns("-1s", &ns), -EINVAL);
	assert_int_equal(num_span_ns("100000000w", &ns), -ERANGE);
	assert_true(ns == 250000000);
}

static void test_size(void **state UNUSED)
{
	uint64_t v;

	assert_int_equal(num_size("64", &v), 0);
	assert_int_equal(v, 64);
	assert_int_equal(num_size("4K", &v), 0);
	assert_int_equal(v, 4096);
	assert_int_equal(num_size("2GiB", &v), 0);
	assert_true(v == UINT64_C(2) << 30);
	assert_int_equal(num_size("1mb", &v), 0);
	assert_int_equal(v, 1 << 20);
	assert_int_equal(num_size("16E", &v), -ERANGE);
	assert_int_equal(num_size("15E", &v), 0);
	assert_int_equal(num_size("4KK", &v), -EINVAL);
	assert_int_equal(num_size("K", &v), -EINVAL);
	assert_int_equal(num_size("-4K", &v), -EINVAL);
}

static void test_duration(void **state UNUSED)
{
	uint64_t ns;

	assert_int_equal(num_duration_ns("2", &ns), 0);
	assert_true(ns == UINT64_C(2000000000));
	assert_int_equal(num_duration_ns("0.5", &ns), 0);
	assert_int_equal(ns, 500000000);
	assert_int_equal(num_duration_ns(".25", &ns), 0);
	assert_int_equal(ns, 250000000);
	assert_int_equal(num_duration_ns(".", &ns), -EINVAL);
	assert_int_equal(num_duration_ns("1s", &ns), -EINVAL);
	assert_int_equal(num_duration_ns("99999999999999", &ns), -ERANGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_u64),
		cmocka_unit_test(test_i64),
		cmocka_unit_test(test_span),
		cmocka_unit_test(test_size),
		cmocka_unit_test(test_duration),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
