// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vmalloc and kvmalloc either side of their borders, by version. Expected by
 * hand from mm/vmalloc.c:__vmalloc_node_range and mm/util.c:__kvmalloc_node.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model_state.h"

enum { NORMAL = 2, PAGE = 4096 };

/* Only single pages are free, plenty of them: what needs a block does not come at once. */
static void scattered(struct machine *m, unsigned int major, unsigned int minor, unsigned int patch)
{
	machine_init(m, major, minor, patch);
	machine_add(m, NORMAL, MIGRATE_UNMOVABLE, 0, 900000);
	machine_ready(m);
}

/* Whether kvmalloc of 64 KiB falls back to vmalloc with these flags. */
static void test_kvmalloc_falls_back(void **state UNUSED)
{
	static const struct {
		unsigned int major, minor, patch;
		const char *gfp;
		bool back;
	} cases[] = {
		/* to 5.17 only with all of GFP_KERNEL */
		{ 4, 19, 0, "GFP_KERNEL", true },	 { 4, 19, 0, "GFP_NOFS", false },
		{ 5, 10, 223, "GFP_KERNEL", true },	 { 5, 10, 223, "GFP_NOFS", false },
		{ 5, 15, 135, "GFP_NOIO", false },	 { 5, 15, 135, "GFP_KERNEL_ACCOUNT", true },
		/* 5.18 to 6.18 with whatever may block */
		{ 6, 1, 176, "GFP_NOFS", true },	 { 6, 1, 176, "GFP_NOIO", true },
		{ 6, 1, 176, "GFP_ATOMIC", false },	 { 6, 12, 107, "GFP_KERNEL|__GFP_NORETRY", true },
		{ 6, 12, 107, "GFP_NOWAIT", false },	 { 6, 18, 2, "GFP_ATOMIC", false },
		/* 6.19 always */
		{ 6, 19, 0, "GFP_ATOMIC", true },	 { 7, 3, 4, "GFP_NOWAIT", true },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct machine m;
		struct verdict v;

		scattered(&m, cases[i].major, cases[i].minor, cases[i].patch);
		v = machine_ask_api(&m, API_KVMALLOC, 65536, cases[i].gfp);
		if ((v.mechanism == MECHANISM_VMALLOC_FALLBACK) != cases[i].back ||
		    (v.probability > 0.98) != cases[i].back)
			fail_msg("%u.%u %s: %s, %f", cases[i].major, cases[i].minor, cases[i].gfp,
				 mechanism_name(v.mechanism), v.probability);
		machine_done(&m);
	}
}

/* Up to a page there is no second way, though padding has made an order-1 slab of it (slub_debug). */
static void test_kvmalloc_of_a_page(void **state UNUSED)
{
	struct machine m;

	machine_init(&m, 6, 12, 107);
	machine_cache(&m, "kmalloc-4k", 4352, 8, 0, 0);
	machine_cache(&m, "kmalloc-8k", 8192, 8, 0, 0);
	machine_add(&m, NORMAL, MIGRATE_UNMOVABLE, 0, 5000);
	machine_ready(&m);
	assert_int_equal(machine_ask_api(&m, API_KVMALLOC, PAGE, "GFP_KERNEL|__GFP_NORETRY").mechanism,
			 MECHANISM_SLAB_NEW);
	assert_int_equal(machine_ask_api(&m, API_KVMALLOC, PAGE + 1, "GFP_KERNEL|__GFP_NORETRY").mechanism,
			 MECHANISM_VMALLOC_FALLBACK);
	machine_done(&m);
}

static void test_kvmalloc_int_max(void **state UNUSED)
{
	static const struct {
		unsigned int major, minor, patch;
		uint64_t size;
		bool refused;
	} cases[] = {
		{ 5, 4, 59, UINT64_C(1) << 31, false },	  { 5, 10, 223, (UINT64_C(1) << 31) - 1, false },
		{ 5, 10, 223, UINT64_C(1) << 31, true },  { 5, 15, 135, UINT64_C(1) << 31, true },
		{ 6, 12, 107, (UINT64_C(1) << 31) - 1, false }, { 6, 12, 107, UINT64_C(1) << 31, true },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct machine m;
		struct verdict v;

		scattered(&m, cases[i].major, cases[i].minor, cases[i].patch);
		v = machine_ask_api(&m, API_KVMALLOC, cases[i].size, NULL);
		if ((v.cause == CAUSE_SIZE_LIMIT && v.probability < 0.02) != cases[i].refused)
			fail_msg("case %zu: %f", i, v.probability);
		machine_done(&m);
	}
}

/* Compared with all of RAM, not with what is free; the machine has 1,000,000 pages. */
static void test_ram(void **state UNUSED)
{
	struct machine m;
	struct verdict v;

	scattered(&m, 6, 12, 107);
	assert_int_equal(machine_ask_api(&m, API_VMALLOC, UINT64_C(1000000) * PAGE, NULL).cause,
			 CAUSE_LOW_MEMORY);
	v = machine_ask_api(&m, API_VMALLOC, UINT64_C(1000000) * PAGE + 1, NULL);
	assert_int_equal(v.cause, CAUSE_SIZE_LIMIT);
	assert_true(v.probability < 0.02 && v.at_once);
	assert_true(machine_ask_api(&m, API_VMALLOC, 0, NULL).probability < 0.02);
	machine_done(&m);
}

/*
 * 512 pages need one page for the array of pointers and up to three of page
 * tables (two of entries, as the area need not be aligned, and one above). What
 * min (1000) leaves must cover them all.
 */
static void test_pages(void **state UNUSED)
{
	for (uint64_t enough = 0; enough <= 1; enough++) {
		struct machine m;

		machine_init(&m, 6, 12, 107);
		machine_add(&m, NORMAL, MIGRATE_UNMOVABLE, 0, 1000 + 512 + 1 + 3 - 1 + enough);
		machine_ready(&m);
		assert_int_equal(machine_ask_api(&m, API_VMALLOC, 512 * PAGE, NULL).at_once, enough);
		machine_done(&m);
	}
}

/* Without direct reclaim single pages come down to the caller's own mark: 375 of 1000 for GFP_ATOMIC. */
static void test_atomic(void **state UNUSED)
{
	for (uint64_t enough = 0; enough <= 1; enough++) {
		struct machine m;

		machine_init(&m, 6, 19, 0);
		machine_add(&m, NORMAL, MIGRATE_UNMOVABLE, 0, 375 + 16 + 1 + 2 - 1 + enough);
		machine_ready(&m);
		assert_int_equal(machine_ask_api(&m, API_VMALLOC, 16 * PAGE, "GFP_ATOMIC").probability > 0.5,
				 enough);
		machine_done(&m);
	}
}

/* 32 bits: the largest hole must hold the area and its guard page. Unpurged areas count as free. */
static void test_address_space(void **state UNUSED)
{
	static const uint64_t base = 0xf0000000, mib = 1 << 20;

	for (int unpurged = 0; unpurged <= 1; unpurged++) {
		for (int guard = 0; guard <= 1; guard++) {
			struct vmalloc_range ranges[] = {
				{ base, base + 60 * mib },
				{ base + 70 * mib, base + (unpurged ? 120 : 128) * mib },
			};
			struct machine m;
			struct verdict v;

			machine_init(&m, 6, 1, 176);
			m.snap.kernel.arch = "i686";
			m.snap.kernel.word_bits = opt_u64(32);
			machine_meminfo(&m, "VmallocTotal", 128 * 1024);
			m.snap.has_vmalloc = true;
			m.snap.vmalloc.ranges = ranges;
			m.snap.vmalloc.n_ranges = ARRAY_SIZE(ranges);
			m.snap.vmalloc.addresses = VMALLOC_ADDR_REAL;
			m.snap.vmalloc.bytes = 118 * mib;
			m.snap.vmalloc.kinds[VMALLOC_UNPURGED].bytes = unpurged ? 8 * mib : 0;
			machine_add(&m, NORMAL, MIGRATE_UNMOVABLE, 0, 900000);
			machine_ready(&m);
			/* ten MiB are the largest hole: with the guard page they do not hold ten */
			v = machine_ask_api(&m, API_VMALLOC, 10 * mib - (guard ? 0 : PAGE), NULL);
			assert_int_equal(v.cause == CAUSE_VMALLOC_SPACE, guard);
			assert_int_equal(v.probability < 0.02, guard);
			v = machine_ask_api(&m, API_VMALLOC, 7 * mib, NULL);
			assert_true(v.probability > 0.98);
			machine_done(&m);
		}
	}
}

/* 64 bits: no request that RAM could hold exhausts 32 TiB. */
/* To 4.3 the kernel tells its largest hole itself; areas of ARM's static mappings lie outside of the range. */
static void test_chunk(void **state UNUSED)
{
	static const uint64_t mib = 1 << 20;
	struct vmalloc_range ranges[] = { { 0xc9000000, 0xd7001000 }, { 0xeffea000, 0xf1600000 },
					  { 0xfee00000, 0xff000000 } };
	struct machine m;

	machine_init(&m, 4, 1, 52);
	m.snap.kernel.arch = "armv7l";
	m.snap.kernel.word_bits = opt_u64(32);
	machine_meminfo(&m, "VmallocTotal", 647168);
	machine_meminfo(&m, "VmallocChunk", 409508);
	m.snap.has_vmalloc = true;
	m.snap.vmalloc.ranges = ranges;
	m.snap.vmalloc.n_ranges = ARRAY_SIZE(ranges);
	m.snap.vmalloc.addresses = VMALLOC_ADDR_REAL;
	machine_add(&m, NORMAL, MIGRATE_UNMOVABLE, 0, 900000);
	machine_ready(&m);
	assert_true(machine_ask_api(&m, API_VMALLOC, 394 * mib, NULL).probability > 0.98);
	assert_int_equal(machine_ask_api(&m, API_VMALLOC, 401 * mib, NULL).cause, CAUSE_VMALLOC_SPACE);
	machine_done(&m);
}

static void test_ample(void **state UNUSED)
{
	struct machine m;

	machine_init(&m, 6, 12, 107);
	machine_meminfo(&m, "VmallocTotal", UINT64_C(34359738367));
	machine_add(&m, NORMAL, MIGRATE_UNMOVABLE, 0, 900000);
	machine_ready(&m);
	assert_true(machine_ask_api(&m, API_VMALLOC, UINT64_C(3) << 30, NULL).probability > 0.98);
	machine_done(&m);
}

/* kvmalloc maps huge pages where it can (5.18): then the price is another. vmalloc itself never does. */
static void test_huge_mapping(void **state UNUSED)
{
	static const struct {
		unsigned int major, minor;
		const char *cmdline;
		unsigned int block_order;
		enum api api;
		uint64_t size;
		bool huge;
	} cases[] = {
		{ 6, 12, NULL, 9, API_KVMALLOC, 8 << 20, true },
		{ 6, 12, NULL, 8, API_KVMALLOC, 8 << 20, false },
		{ 6, 12, "nohugevmalloc", 9, API_KVMALLOC, 8 << 20, false },
		{ 5, 10, NULL, 9, API_KVMALLOC, 8 << 20, false },
		{ 6, 12, NULL, 9, API_VMALLOC, 8 << 20, false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct machine m;
		struct verdict v;

		machine_init(&m, cases[i].major, cases[i].minor, 107);
		m.snap.cmdline = cases[i].cmdline;
		machine_add(&m, NORMAL, MIGRATE_UNMOVABLE, cases[i].block_order, 100);
		machine_ready(&m);
		v = machine_ask_api(&m, cases[i].api, cases[i].size, NULL);
		assert_true(v.probability > 0.98);
		if (!v.tradeoff || (strstr(v.tradeoff, "huge pages") != NULL) != cases[i].huge)
			fail_msg("case %zu: %s", i, v.tradeoff ? v.tradeoff : "");
		machine_done(&m);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kvmalloc_falls_back), cmocka_unit_test(test_kvmalloc_of_a_page),
		cmocka_unit_test(test_kvmalloc_int_max),    cmocka_unit_test(test_ram),
		cmocka_unit_test(test_pages),		    cmocka_unit_test(test_atomic),
		cmocka_unit_test(test_address_space), cmocka_unit_test(test_chunk),	    cmocka_unit_test(test_ample),
		cmocka_unit_test(test_huge_mapping),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
