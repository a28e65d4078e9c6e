// SPDX-License-Identifier: GPL-2.0-or-later
/* Releases and version texts of real kernels. */
#include "host/release.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"

static void test_release(void **state)
{
	static const struct {
		const char *release, *version;
		unsigned int major, minor, patch, el, el_build;
	} cases[] = {
		{ "6.1.0-50-cloud-amd64",
		  "Linux version 6.1.0-50-cloud-amd64 (debian-kernel@lists.debian.org) (gcc-12 (Debian "
		  "12.2.0-14+deb12u1) 12.2.0, GNU ld (GNU Binutils for Debian) 2.40) #1 SMP "
		  "PREEMPT_DYNAMIC Debian 6.1.176-1 (2026-07-02)",
		  6, 1, 176, 0, 0 },
		{ "6.12.107+deb13-cloud-amd64", NULL, 6, 12, 107, 0, 0 },
		{ "6.8.0-49-generic", "Ubuntu 6.8.0-49.49~22.04.1-generic 6.8.12", 6, 8, 12, 0, 0 },
		{ "4.18.0-348.el8.x86_64", NULL, 4, 18, 0, 8, 348 },
		{ "3.10.0-1160.el7.x86_64", NULL, 3, 10, 0, 7, 1160 },
		{ "5.14.0-427.13.1.el9_4.aarch64", NULL, 5, 14, 0, 9, 427 },
		/* Oracle's own kernel follows upstream. */
		{ "5.15.0-200.131.27.el8uek.x86_64", NULL, 5, 15, 0, 0, 0 },
		{ "2.6.32", NULL, 2, 6, 32, 0, 0 },
		{ "7.2-rc1", NULL, 7, 2, 0, 0, 0 },
		/* A compiler's version is not the kernel's. */
		{ "6.1.0-1-amd64", "Linux version 6.1.0-1-amd64 (gcc (Debian 12.2.0) 12.2.0)", 6, 1, 0, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct kernel_release r;

		kernel_release_parse(cases[i].release, cases[i].version, &r);
		assert_true(r.known);
		assert_int_equal(r.major, cases[i].major);
		assert_int_equal(r.minor, cases[i].minor);
		assert_int_equal(r.patch, cases[i].patch);
		assert_int_equal(r.el, cases[i].el);
		assert_int_equal(r.el_build, cases[i].el_build);
	}
}

static void test_not_a_release(void **state)
{
	static const char *const bad[] = { "", "linux", "6", "6.", ".1.2", "-1.2.3", "99999999999.1.1" };
	struct kernel_release r;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		kernel_release_parse(bad[i], NULL, &r);
		assert_false(r.known);
	}
	kernel_release_parse(NULL, "Debian 6.1.176-1", &r);
	assert_false(r.known);
}

static void test_arch(void **state)
{
	static const struct {
		const char *release, *arch;
	} cases[] = {
		{ "6.1.0-50-cloud-amd64", "x86_64" },	{ "4.18.0-348.el8.x86_64", "x86_64" },
		{ "6.12.107+deb13-arm64-16k", "aarch64" }, { "6.1.0-50-686-pae", "i686" },
		{ "6.1.0-50-armmp-lpae", "armv7l" },	{ "5.14.0-1.el9.ppc64le", "ppc64le" },
		{ "6.1.0-50-s390x", "s390x" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_string_equal(kernel_release_arch(cases[i].release), cases[i].arch);
	assert_null(kernel_release_arch("6.8.0-49-generic"));
	assert_null(kernel_release_arch("6.1.176"));
	assert_null(kernel_release_arch(NULL));
}

static void test_word_bits(void **state)
{
	(void)state;
	assert_int_equal(arch_word_bits("x86_64"), 64);
	assert_int_equal(arch_word_bits("i686"), 32);
	assert_int_equal(arch_word_bits("armv7l"), 32);
	assert_int_equal(arch_word_bits("ppc64le"), 64);
	assert_int_equal(arch_word_bits("pdp11"), 0);
	assert_int_equal(arch_word_bits(NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_release),
		cmocka_unit_test(test_not_a_release),
		cmocka_unit_test(test_arch),
		cmocka_unit_test(test_word_bits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
