// SPDX-License-Identifier: GPL-2.0-or-later
/* read/kmemleak: mm/kmemleak.c:print_unreferenced, as 2.6.31, 6.1 and 6.12 print it. */
#include "reader.h"

#include "read/kmemleak.h"

/* 2.6.31 to 6.2: addresses before the functions, age and jiffies; newer ones with the hex dump. */
static const char old[] =
	"unreferenced object 0xffff888004d0a800 (size 1024):\n"
	"  comm \"insmod\", pid 88, jiffies 4294680001 (age 12.345s)\n"
	"  hex dump (first 32 bytes):\n"
	"    75 6e 72 65 66 65 72 65 6e 63 65 64 00 00 00 00  unreferenced....\n"
	"    00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00  ................\n"
	"  backtrace:\n"
	"    [<0000000012345678>] kmalloc_trace+0x28/0xe0\n"
	"    [<0000000087654321>] lose_one+0x1f/0x30 [drv]\n"
	"    [<00000000aaaaaaaa>] do_one_initcall+0x40/0x200\n"
	"unreferenced object 0xffff888004d0b000 (size 24):\n"
	"  comm \"a\nb\", pid 88, jiffies 4294680002 (age 12.344s)\n"
	"  backtrace:\n"
	"    [<(____ptrval____)>] __kmalloc+0x4d/0x150\n"
	"    [<00000000bbbbbbbb>] lose_two+0x1/0x2\n"
	"unreferenced object 0xffff888004d0c000 (size 1024):\n"
	"  comm \"insmod\", pid 88, jiffies 4294680003 (age 12.343s)\n"
	"  backtrace:\n"
	"    [<0000000012345678>] kmalloc_trace+0x28/0xe0\n"
	"    [<0000000087654321>] lose_one+0x1f/0x30 [drv]\n";

static void test_old(void **state UNUSED)
{
	struct arena a = { 0 };
	struct read_notes n;
	struct kmemleak k;

	assert_int_equal(read_kmemleak(&a, slice_of(old), 0, &k, &n), 0);
	assert_int_equal(n.bad_lines, 0);
	assert_int_equal(k.objects, 3);
	assert_int_equal(k.bytes, 2072);
	assert_int_equal(k.n_callers, 2);
	assert_string_equal(k.callers[0].function, "lose_one");
	assert_string_equal(k.callers[0].module, "drv");
	assert_int_equal(k.callers[0].objects, 2);
	assert_int_equal(k.callers[0].bytes, 2048);
	assert_string_equal(k.callers[1].function, "lose_two");
	assert_null(k.callers[1].module);
	assert_int_equal(read_kmemleak(&a, slice_of(old), 1, &k, &n), 0);
	assert_int_equal(k.n_callers, 1);
	assert_int_equal(k.objects, 3);
	arena_done(&a);
}

/* 6.10 and later: a checksum, no age, no addresses; 6.14: per-CPU objects. The same name in a module is another. */
static void test_new(void **state UNUSED)
{
	struct arena a = { 0 };
	struct read_notes n;
	struct kmemleak k;

	assert_int_equal(read_kmemleak(&a, SLICE("unreferenced object 0xffff888004d0a800 (size 8):\n"
						 "  comm \"a (size 99): b\", pid 1, jiffies 4294680001\n"
						 "  hex dump (first 8 bytes):\n"
						 "    00 00 00 00 00 00 00 00                          ........\n"
						 "  backtrace (crc 1a2b3c4d):\n"
						 "    __kmalloc_cache_noprof+0x1/0x2\n"
						 "    lose+0x1f/0x30\n"
						 "unreferenced object (percpu) 0x607f (size 16):\n"
						 "  comm \"a\", pid 1, jiffies 4294680001\n"
						 "  backtrace (crc 0):\n"
						 "    pcpu_alloc_noprof+0x1/0x2\n"
						 "    no frame\n"
						 "    lose+0x1f/0x30 [drv]\n"
						 "unreferenced object 0xffff888004d0a900 (size 32):\n"
						 "  comm \"a\", pid 1, jiffies 4294680001\n"
						 "  backtrace (crc 0):\n"), 0, &k, &n), 0);
	assert_int_equal(n.bad_lines, 1);
	assert_int_equal(k.n_callers, 3);
	assert_string_equal(k.callers[0].function, ""); /* no backtrace was kept */
	assert_int_equal(k.callers[0].bytes, 32);
	assert_string_equal(k.callers[1].function, "lose");
	assert_string_equal(k.callers[1].module, "drv");
	assert_string_equal(k.callers[2].function, "lose");
	assert_null(k.callers[2].module);
	arena_done(&a);
}

static void test_other(void **state UNUSED)
{
	struct arena a = { 0 };
	struct read_notes n;
	struct kmemleak k;

	/* Nothing was found: an empty file. */
	assert_int_equal(read_kmemleak(&a, SLICE(""), 0, &k, &n), 0);
	assert_int_equal(k.objects, 0);
	assert_int_equal(read_kmemleak(&a, SLICE("nr_free_pages 1\n"), 0, &k, &n), -EINVAL);
	/* Cut within the size, or within a name: not a number or name that the kernel printed. */
	assert_int_equal(read_kmemleak(&a, SLICE("unreferenced object 0x1 (size 8):\n"
						 "unreferenced object 0x2 (size 10"), 0, &k, &n), 0);
	assert_int_equal(k.bytes, 8);
	assert_int_equal(n.bad_lines, 1);
	assert_int_equal(read_kmemleak(&a, SLICE("unreferenced object 0x1 (size 8):\n  backtrace:\n    los"), 0, &k,
				       &n), 0);
	assert_string_equal(k.callers[0].function, "");
	assert_int_equal(n.bad_lines, 1);
	arena_done(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_old),
		cmocka_unit_test(test_new),
		cmocka_unit_test(test_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
