// SPDX-License-Identifier: GPL-2.0-or-later
/* read/page_owner: mm/page_owner.c:print_page_owner, as 4.19 and 6.1 and later print it. */
#include "reader.h"

#include "read/page_owner.h"

/* Two pages of a driver in one Movable pageblock and a block of order 2 in another, among others' pages. */
static const char newer[] =
	"Page allocated via order 0, mask 0x140cca(GFP_HIGHUSER_MOVABLE|__GFP_COMP), pid 1, tgid 1 (a\nb), ts 4 ns\n"
	"PFN 0x2001 type Movable Block 16 type Movable Flags 0x20000a0014(referenced|lru)\n"
	" get_page_from_freelist+0x2f2a/0x4a00\n"
	" __alloc_pages+0x30c/0x650\n"
	" wp_page_copy+0x156/0x1970\n"
	" handle_mm_fault+0x11f/0x360\n"
	"Page has been migrated, last migrate reason: compaction\n"
	"Charged to memcg /\n"
	"\n"
	"Page allocated via order 0, mask 0xcc0(GFP_KERNEL), pid 9, tgid 9 (insmod), ts 5 ns\n"
	"PFN 0x2002 type Unmovable Block 16 type Movable Flags 0x2000000000(section=0)\n"
	" __alloc_pages+0x30c/0x650\n"
	" fill+0x10/0x20 [drv]\n"
	" do_one_initcall+0x40/0x200\n"
	"\n"
	"Page allocated via order 0, mask 0xcc0(GFP_KERNEL), pid 9, tgid 9 (insmod), ts 5 ns\n"
	"PFN 0x2003 type Unmovable Block 16 type Movable Flags 0x2000000000(section=0)\n"
	" __alloc_pages+0x30c/0x650\n"
	" fill+0x10/0x20 [drv]\n"
	"\n"
	"Page allocated via order 2, mask 0xcc0(GFP_KERNEL), pid 9, tgid 9 (insmod), ts 5 ns\n"
	"PFN 0x2204 type Unmovable Block 17 type CMA Flags 0x2000000000(section=0)\n"
	" __alloc_pages+0x30c/0x650\n"
	" fill+0x10/0x20 [drv]\n"
	"\n"
	"Page allocated via order 0, mask 0xcc0(GFP_KERNEL), pid 9, tgid 9 (insmod), ts 5 ns\n"
	"PFN 0x2400 type Movable Block 18 type Unmovable Flags 0x2000000000(section=0)\n"
	" __alloc_pages+0x30c/0x650\n"
	" fill+0x10/0x20\n"
	"\n";

static void test_newer(void **state UNUSED)
{
	struct arena a = { 0 };
	struct read_notes n;
	struct page_owner o;

	assert_int_equal(read_page_owner(&a, slice_of(newer), 0, &o, &n), 0);
	assert_int_equal(n.bad_lines, 0);
	assert_int_equal(o.pages, 8);
	assert_int_equal(o.stray_pages, 6);
	assert_int_equal(o.stray_pageblocks, 2);
	assert_int_equal(o.mixed_pageblocks, 3);
	/* fill of the module, fill of the kernel, wp_page_copy */
	assert_int_equal(o.n_callers, 3);
	assert_string_equal(o.callers[0].function, "fill");
	assert_string_equal(o.callers[0].module, "drv");
	assert_int_equal(o.callers[0].blocks, 3);
	assert_int_equal(o.callers[0].pages, 6);
	assert_int_equal(o.callers[0].stray_pages, 6);
	assert_int_equal(o.callers[0].stray_pageblocks, 2);
	assert_string_equal(o.callers[1].function, "fill");
	assert_null(o.callers[1].module);
	assert_int_equal(o.callers[1].stray_pages, 0);
	assert_string_equal(o.callers[2].function, "wp_page_copy");
	assert_int_equal(read_page_owner(&a, slice_of(newer), 1, &o, &n), 0);
	assert_int_equal(o.n_callers, 1);
	assert_int_equal(o.pages, 8);
	arena_done(&a);
}

/* To 5.1 with addresses; a backtrace of allocators alone is nobody's. */
static void test_older(void **state UNUSED)
{
	struct arena a = { 0 };
	struct read_notes n;
	struct page_owner o;

	assert_int_equal(read_page_owner(&a, SLICE("Page allocated via order 1, mask 0x14200ca(GFP_HIGHUSER_MOVABLE)\n"
						   "PFN 8193 type Reclaimable Block 16 type Movable Flags 0x14(a)\n"
						   " [<ffffffff8118a3f5>] get_page_from_freelist+0x2f2a/0x4a00\n"
						   " [<ffffffff8118a3f6>] __d_alloc+0x1/0x2\n"
						   "\n"
						   "Page allocated via order 0, mask 0x0()\n"
						   "PFN 8195 type Unmovable Block 16 type Unmovable Flags 0x14(a)\n"
						   " [<ffffffff8118a3f5>] __alloc_pages+0x1/0x2\n"),
					 0, &o, &n),
			 0);
	assert_int_equal(n.bad_lines, 0);
	assert_int_equal(o.n_callers, 2);
	assert_string_equal(o.callers[0].function, "__d_alloc");
	assert_int_equal(o.callers[0].pages, 2);
	assert_int_equal(o.callers[0].stray_pages, 2);
	assert_string_equal(o.callers[1].function, "");
	assert_int_equal(o.callers[1].pages, 1);
	arena_done(&a);
}

/* What is cut or no record is counted as such, never as pages. */
static void test_bad(void **state UNUSED)
{
	static const struct {
		const char *text;
		int result;
		uint64_t pages, bad;
	} cases[] = {
		{ "", 0, 0, 0 },
		{ "nonsense\n", -EINVAL, 0, 1 },
		{ "Page allocated via order 1", -EINVAL, 0, 1 },
		{ "Page allocated via order 64, mask 0x0()\n", -EINVAL, 0, 1 },
		{ "Page allocated via order 0, mask 0x0()\n", 0, 0, 0 },
		{ "Page allocated via order 0, mask 0x0()\nPFN 1 type Movable Block 1 type Mova", -EINVAL, 0, 1 },
		{ "Page allocated via order 0, mask 0x0()\nPFN 1 Block 1 type 2 Flags L\n", -EINVAL, 0, 1 },
		{ "Page allocated via order 0, mask 0x0()\nPFN 1 type Movable Block -1 type Movable Flags\n", -EINVAL, 0, 1 },
		{ "Page allocated via order 3, mask 0x0()\nPFN 1 type Movable Block 1 type Movable Flags 0x0()\n", 0, 8, 0 },
		{ "Page allocated via order 0, mask 0x0()\nPFN 1 type Movable Block 1 type Movable Flags 0x0()\n"
		  "PFN 1 type Movable Block 1 type Movable Flags 0x0()\n", 0, 1, 1 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct arena a = { 0 };
		struct read_notes n;
		struct page_owner o;

		assert_int_equal(read_page_owner(&a, slice_of(cases[i].text), 0, &o, &n), cases[i].result);
		assert_int_equal(n.bad_lines, cases[i].bad);
		assert_int_equal(o.pages, cases[i].pages);
		arena_done(&a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_newer),
		cmocka_unit_test(test_older),
		cmocka_unit_test(test_bad),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
