// SPDX-License-Identifier: GPL-2.0-or-later
/* log/alloc_site: mm/show_mem.c:__show_mem, 6.10 and later. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"

#include "log/alloc_site.h"

static void is(struct slice s, const char *text)
{
	assert_int_equal(s.len, strlen(text));
	assert_memory_equal(s.p, text, s.len);
}

static void test_sites(void **state UNUSED)
{
	struct log_alloc_site s;

	assert_true(log_alloc_site_parse("96.7 MiB    24505 mm/slub.c:2478 func:alloc_slab_page", &s));
	assert_int_equal(s.bytes, 101397299); /* 96.7 times 1048576 */
	assert_int_equal(s.calls, 24505);
	is(s.size, "96.7 MiB");
	is(s.location, "mm/slub.c:2478");
	is(s.module, "");
	is(s.function, "alloc_slab_page");
	assert_true(log_alloc_site_parse("2.00 GiB   136448 /x/y.c:27 [a_module] func:f", &s));
	assert_int_equal(s.bytes, UINT64_C(2) << 30);
	is(s.module, "a_module");
	is(s.function, "f");
	assert_true(log_alloc_site_parse("764 KiB     5750 fs/kernfs/dir.c:624 func:__kernfs_new_node", &s));
	assert_int_equal(s.bytes, 764 * 1024);
	assert_true(log_alloc_site_parse("1023 B        1 a.c:1 func:g", &s));
	assert_int_equal(s.bytes, 1023);
	assert_true(log_alloc_site_parse("18446744073709551615 EiB 1 a.c:1 func:g", &s) == false);
}

static void test_no_sites(void **state UNUSED)
{
	static const char *const bad[] = { "", "96.7", "96.7 MiB", "96.7 MiB x a.c:1 func:f", "-1 MiB 1 a.c:1 func:f",
					   "1. MiB 1 a.c:1 func:f", "1.234 MiB 1 a.c:1 func:f", "1 MB 1 a.c:1 func:f",
					   "1 MiB 1 a.c:1 f", "1 MiB 1 a.c:1 func:", "1 MiB 1 a.c:1 [m]", "1 MiB 1" };
	struct log_alloc_site s;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		assert_false(log_alloc_site_parse(bad[i], &s));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_sites), cmocka_unit_test(test_no_sites) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
