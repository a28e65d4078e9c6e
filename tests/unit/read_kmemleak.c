// SPDX-License-Identifier: GPL-2.0-or-later
/* read/kmemleak: mm/kmemleak.c:print_unreferenced. */
#include "unit/reader.h"

#include <errno.h>

#include "read/kmemleak.h"

/* 6.1: the age, addresses hashed or hidden. */
static const char with_age[] =
	"unreferenced object 0xffff888004c1a000 (size 64):\n"
	"  comm \"insmod\", pid 312, jiffies 4294901234 (age 12.345s)\n"
	"  hex dump (first 32 bytes):\n"
	"    6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b 6b  kkkkkkkkkkkkkkkk\n"
	"  backtrace:\n"
	"    [<00000000c0ffee01>] __kmem_cache_alloc_node+0x1a/0x2b0\n"
	"    [<(____ptrval____)>] leaky_open+0x30/0x90 [leaky]\n"
	"unreferenced object 0xffff888004c1a040 (size 36):\n"
	"  comm \"a\nb\", pid 313, jiffies 4294901240 (age 12.300s)\n"
	"  backtrace:\n"
	"    [<00000000c0ffee02>] __kmem_cache_alloc_node+0x1a/0x2b0\n"
	"    [<00000000c0ffee03>] leaky_open+0x58/0x90 [leaky]\n";

/* Newer kernels: no age, a checksum, no addresses. */
static const char with_crc[] =
	"unreferenced object 0xffff888004c1a000 (size 4096):\n"
	"  comm \"sh\", pid 1, jiffies 4294901234\n"
	"  backtrace (crc 1a2b3c4d):\n"
	"    leaky_open+0x30/0x90\n"
	"    0xffffffffc0401234\n"
	"unreferenced object 0xffff888004c1b000 (size 8):\n"
	"  comm \"sh\", pid 1, jiffies 4294901234\n"
	"  backtrace (crc 0):\n";

static int parse(struct arena *a, const char *text, struct kmemleak *k, struct read_notes *n)
{
	return read_kmemleak(a, slice_of(text), k, n);
}

static void test_one_stack_of_two_offsets(void **state UNUSED)
{
	auto_arena struct arena a = { 0 };
	struct kmemleak k;
	struct read_notes n;

	assert_int_equal(parse(&a, with_age, &k, &n), 0);
	assert_int_equal(n.bad_lines, 0);
	assert_int_equal(k.objects, 2);
	assert_int_equal(k.bytes, 100);
	assert_int_equal(k.n_stacks, 1);
	assert_int_equal(k.stacks[0].objects, 2);
	assert_int_equal(k.stacks[0].bytes, 100);
	assert_int_equal(k.stacks[0].n_frames, 2);
	assert_string_equal(k.stacks[0].frames[0].function, "__kmem_cache_alloc_node");
	assert_null(k.stacks[0].frames[0].module);
	assert_string_equal(k.stacks[0].frames[1].function, "leaky_open");
	assert_string_equal(k.stacks[0].frames[1].module, "leaky");
}

static void test_newer(void **state UNUSED)
{
	auto_arena struct arena a = { 0 };
	struct kmemleak k;
	struct read_notes n;

	assert_int_equal(parse(&a, with_crc, &k, &n), 0);
	assert_int_equal(n.bad_lines, 0);
	assert_int_equal(k.n_stacks, 2);
	assert_int_equal(k.stacks[0].bytes, 4096);
	assert_string_equal(k.stacks[0].frames[0].function, "leaky_open");
	assert_string_equal(k.stacks[0].frames[1].function, "0xffffffffc0401234");
	assert_int_equal(k.stacks[1].n_frames, 0);
	assert_int_equal(k.stacks[1].bytes, 8);
}

static void test_damage(void **state UNUSED)
{
	auto_arena struct arena a = { 0 };
	struct kmemleak k;
	struct read_notes n;

	assert_int_equal(parse(&a, "", &k, &n), 0);
	assert_int_equal(k.objects, 0);
	assert_int_equal(parse(&a, "MemTotal: 1 kB\n", &k, &n), -EINVAL);
	assert_int_equal(parse(&a, "unreferenced object 0x1 (size x):\n", &k, &n), -EINVAL);
	assert_int_equal(parse(&a, "unreferenced object 0x1 (size 8):\n  backtrace:\n    no frame\n    f+0x1/0x2\n    g+0x", &k, &n), 0);
	assert_int_equal(n.bad_lines, 2);
	assert_int_equal(n.first_bad, 3);
	assert_int_equal(k.stacks[0].n_frames, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_stack_of_two_offsets),
		cmocka_unit_test(test_newer),
		cmocka_unit_test(test_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
