// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Decisions of the page allocator either side of their borders. The borders
 * are worked by hand from mm/page_alloc.c: with min 1000 GFP_ATOMIC may go
 * down to 1000 - 500 - 125 = 375, __GFP_HIGH alone to 500, the rest to 1000;
 * a request passes if more than that is left.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model_state.h"

enum { NORMAL = 2 };

struct border {
	unsigned int major, minor, patch;
	const char *gfp;
	int64_t left; /* pages that must be left over */
};

/* Order 0, just above and just below. */
static void test_rights(void **state UNUSED)
{
	static const struct border borders[] = {
		{ 5, 10, 223, "GFP_ATOMIC", 375 },
		{ 6, 1, 176, "GFP_ATOMIC", 375 },
		{ 6, 12, 107, "GFP_ATOMIC", 375 },
		{ 7, 3, 4, "GFP_ATOMIC", 375 },
		{ 3, 10, 108, "GFP_ATOMIC", 375 },
		/* no __GFP_ATOMIC, no HARDER; from 6.3 on NON_BLOCK counts only with MIN_RESERVE */
		{ 5, 10, 223, "GFP_NOWAIT", 1000 },
		{ 6, 12, 107, "GFP_NOWAIT", 1000 },
		/* to 4.3 whoever cannot wait is HARDER */
		{ 3, 10, 108, "__GFP_COMP", 750 },
		/* __GFP_NOMEMALLOC takes HARDER and NON_BLOCK away */
		{ 5, 10, 223, "GFP_ATOMIC|__GFP_NOMEMALLOC", 500 },
		{ 6, 12, 107, "GFP_ATOMIC|__GFP_NOMEMALLOC", 500 },
		{ 6, 12, 107, "__GFP_HIGH|__GFP_NOMEMALLOC", 500 },
		/* 6.1.116 took the rework over: HIGH no longer excludes HARDER, and HARDER is no more */
		{ 6, 1, 115, "GFP_ATOMIC", 375 },
		{ 6, 1, 116, "GFP_ATOMIC", 375 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(borders); i++) {
		const struct border *b = &borders[i];

		for (int above = 0; above <= 1; above++) {
			struct machine m;

			machine_init(&m, b->major, b->minor, b->patch);
			machine_add(&m, NORMAL, MIGRATE_UNMOVABLE, 0, (uint64_t)(b->left + above));
			machine_ready(&m);
			if ((machine_ask(&m, b->gfp, 0).probability > 0.5) != above)
				fail_msg("%u.%u %s: %s with %lld pages", b->major, b->minor, b->gfp,
					 above ? "fails" : "succeeds", (long long)(b->left + above));
			machine_done(&m);
		}
	}
}

/* GFP_KERNEL at once only above min; just below it must reclaim. */
static void test_blocking(void **state UNUSED)
{
	struct machine m;

	machine_init(&m, 6, 12, 107);
	machine_add(&m, NORMAL, MIGRATE_UNMOVABLE, 0, 1001);
	machine_ready(&m);
	assert_true(machine_ask(&m, "GFP_KERNEL", 0).at_once);
	machine_done(&m);
	machine_init(&m, 6, 12, 107);
	machine_add(&m, NORMAL, MIGRATE_UNMOVABLE, 0, 1000);
	machine_ready(&m);
	assert_false(machine_ask(&m, "GFP_KERNEL", 0).at_once);
	machine_done(&m);
}

/* 2^order - 1 pages do not count: order 4 asks for 15 pages more than order 0. */
static void test_order(void **state UNUSED)
{
	for (uint64_t extra = 15; extra <= 16; extra++) {
		struct machine m;

		machine_init(&m, 6, 12, 107);
		machine_add(&m, NORMAL, MIGRATE_UNMOVABLE, 4, 1);
		machine_add(&m, NORMAL, MIGRATE_UNMOVABLE, 0, 1000 + extra - 16);
		machine_ready(&m);
		assert_int_equal(machine_ask(&m, "GFP_NOWAIT", 4).probability > 0.5, extra == 16);
		assert_true(verdict_of(machine_ask(&m, "GFP_NOWAIT", 5).probability) == FAILS);
		machine_done(&m);
	}
}

/* Blocks of a list that the request may not use do not count, however many. */
static void test_lists(void **state UNUSED)
{
	static const struct {
		unsigned int major, minor, patch;
		int type;
		const char *gfp;
		bool ok;
	} cases[] = {
		{ 6, 12, 107, MIGRATE_ISOLATE, "GFP_ATOMIC", false },
		{ 6, 12, 107, MIGRATE_CMA, "GFP_ATOMIC", false },
		{ 6, 12, 107, MIGRATE_CMA, "GFP_NOWAIT|__GFP_MOVABLE", true },
		{ 6, 12, 107, MIGRATE_HIGHATOMIC, "GFP_ATOMIC", true },
		{ 6, 12, 107, MIGRATE_HIGHATOMIC, "GFP_NOWAIT", false },
		{ 6, 6, 57, MIGRATE_HIGHATOMIC, "GFP_NOWAIT", true }, /* 6.3 - 6.17 upstream */
		{ 6, 12, 53, MIGRATE_HIGHATOMIC, "GFP_NOWAIT", true }, /* stable: 6.12.54, 6.1.157 */
		{ 6, 12, 54, MIGRATE_HIGHATOMIC, "GFP_NOWAIT", false },
		{ 6, 1, 156, MIGRATE_HIGHATOMIC, "GFP_NOWAIT", true },
		{ 6, 1, 157, MIGRATE_HIGHATOMIC, "GFP_NOWAIT", false },
		{ 6, 14, 0, MIGRATE_HIGHATOMIC, "GFP_NOWAIT", true },
		{ 6, 18, 2, MIGRATE_HIGHATOMIC, "GFP_NOWAIT", false },
		{ 6, 1, 115, MIGRATE_HIGHATOMIC, "GFP_NOWAIT", false }, /* HARDER by __GFP_ATOMIC */
		{ 5, 10, 223, MIGRATE_HIGHATOMIC, "GFP_ATOMIC", true },
		{ 5, 10, 223, MIGRATE_HIGHATOMIC, "GFP_NOWAIT", false },
		{ 6, 12, 107, MIGRATE_MOVABLE, "GFP_ATOMIC", true }, /* stealing decides pollution only */
		{ 6, 12, 107, MIGRATE_RECLAIMABLE, "GFP_ATOMIC", true },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct machine m;

		machine_init(&m, cases[i].major, cases[i].minor, cases[i].patch);
		machine_add(&m, NORMAL, MIGRATE_UNMOVABLE, 0, 5000);
		machine_add(&m, NORMAL, cases[i].type, 5, 4);
		machine_ready(&m);
		if ((machine_ask(&m, cases[i].gfp, 5).probability > 0.5) != cases[i].ok)
			fail_msg("case %zu", i);
		machine_done(&m);
	}
}

/*
 * __GFP_MEMALLOC minds no watermark, if there is a page at all; but its ALLOC_NO_WATERMARKS stands in
 * the place of ALLOC_HIGHATOMIC (__alloc_pages_slowpath: reserve_flags), whose blocks it cannot have.
 */
static void test_memalloc(void **state UNUSED)
{
	static const struct {
		int type;
		const char *gfp;
		uint64_t blocks;
		bool ok;
	} cases[] = {
		{ MIGRATE_UNMOVABLE, "GFP_ATOMIC|__GFP_MEMALLOC", 1, true },
		{ MIGRATE_UNMOVABLE, "GFP_ATOMIC", 1, false },
		{ MIGRATE_UNMOVABLE, "GFP_ATOMIC|__GFP_MEMALLOC|__GFP_NOMEMALLOC", 1, false },
		{ MIGRATE_UNMOVABLE, "GFP_ATOMIC|__GFP_MEMALLOC", 0, false },
		{ MIGRATE_HIGHATOMIC, "GFP_ATOMIC|__GFP_MEMALLOC", 1, false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct machine m;

		machine_init(&m, 6, 12, 107);
		machine_add(&m, NORMAL, cases[i].type, 3, cases[i].blocks);
		machine_ready(&m);
		if ((machine_ask(&m, cases[i].gfp, 3).probability > 0.5) != cases[i].ok)
			fail_msg("case %zu", i);
		machine_done(&m);
	}
}

/* lowmem_reserve: a GFP_KERNEL request may not take the last pages of DMA32 that Normal's reserve keeps. */
static void test_lowmem_reserve(void **state UNUSED)
{
	for (uint64_t above = 0; above <= 1; above++) {
		struct machine m;

		machine_init(&m, 6, 12, 107);
		m.zones[1].managed_pages = opt_u64(100000);
		m.protection[1][2] = 3000;
		machine_add(&m, 1, MIGRATE_UNMOVABLE, 0, 4000 + above);
		machine_ready(&m);
		assert_int_equal(machine_ask(&m, "GFP_NOWAIT", 0).probability > 0.5, above);
		/* the zone's own requests are not held back */
		assert_true(machine_ask(&m, "GFP_NOWAIT|__GFP_DMA32", 0).probability > 0.5);
		machine_done(&m);
	}
}

/* Zones above the highest that the flags allow are out of reach. */
static void test_zone_restricted(void **state UNUSED)
{
	struct machine m;
	struct verdict v;

	machine_init(&m, 6, 12, 107);
	m.zones[1].managed_pages = opt_u64(100000);
	machine_add(&m, 1, MIGRATE_UNMOVABLE, 0, 10);
	machine_add(&m, NORMAL, MIGRATE_UNMOVABLE, 10, 100);
	machine_ready(&m);
	assert_true(machine_ask(&m, "GFP_ATOMIC", 3).probability > 0.98);
	v = machine_ask(&m, "GFP_ATOMIC|__GFP_DMA32", 3);
	assert_true(v.probability < 0.02);
	assert_int_equal(v.cause, CAUSE_ZONE_RESTRICTED);
	machine_done(&m);
}

/* The reserve counts whole to 6.11, only its free part from 6.12.y on; unless the request may use it. */
static void test_highatomic_reserve(void **state UNUSED)
{
	static const struct { unsigned int major, minor, patch; bool ok; } cases[] = {
		{ 5, 10, 223, false }, { 6, 6, 57, false }, { 6, 11, 11, false }, { 6, 12, 0, true },
		{ 6, 12, 107, true },  { 6, 13, 0, true },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct machine m;

		machine_init(&m, cases[i].major, cases[i].minor, cases[i].patch);
		machine_add(&m, NORMAL, MIGRATE_UNMOVABLE, 0, 1400);
		/* one pageblock reserved, all of it in use */
		m.types[NORMAL][MIGRATE_HIGHATOMIC].pageblocks = opt_u64(1);
		machine_ready(&m);
		/* blocking: no right to reserves in any version */
		assert_int_equal(machine_ask(&m, "GFP_KERNEL|__GFP_NORETRY", 0).at_once, cases[i].ok);
		machine_done(&m);
	}
}

/* To 4.3 each lower order must leave half of what the one below left. */
static void test_halving(void **state UNUSED)
{
	for (uint64_t blocks = 6; blocks <= 7; blocks++) {
		struct machine m;

		machine_init(&m, 3, 10, 108);
		m.zones[NORMAL].min = m.zones[NORMAL].low = opt_u64(100);
		/* order 3: free - 7 > 100; without the singles > 50; then > 25; then > 12 */
		machine_add(&m, NORMAL, MIGRATE_UNMOVABLE, 0, 1000);
		machine_add(&m, NORMAL, MIGRATE_UNMOVABLE, 3, blocks + 1);
		machine_ready(&m);
		/* left after the singles: 8 (blocks + 1) - 7; must exceed 50 */
		assert_int_equal(machine_ask(&m, "GFP_KERNEL|__GFP_NORETRY", 3).at_once, blocks == 7);
		machine_done(&m);
	}
}

static void test_order_limit(void **state UNUSED)
{
	struct machine m;
	struct verdict v;

	machine_init(&m, 6, 12, 107);
	machine_add(&m, NORMAL, MIGRATE_UNMOVABLE, 10, 1000);
	machine_ready(&m);
	assert_true(machine_ask(&m, "GFP_KERNEL", 10).probability > 0.98);
	v = machine_ask(&m, "GFP_KERNEL", 11);
	assert_true(v.probability < 0.02);
	assert_int_equal(v.cause, CAUSE_ORDER_TOO_BIG);
	machine_done(&m);
}

/*
 * zone_watermark_fast: since 5.8 an atomic request for one page disregards the boost at MIN. min is
 * 1000 and low 1250, both boosted by 512. To 5.17 zoneinfo does not say by how much: by 509 at least,
 * for min is at most 1003.
 */
static void test_boost(void **state UNUSED)
{
	static const struct {
		unsigned int major, minor, patch;
		bool printed;
		const char *gfp;
		int order;
		uint64_t left;
	} borders[] = {
		{ 6, 12, 107, true, "GFP_ATOMIC", 0, 375 },
		{ 5, 10, 223, false, "GFP_ATOMIC", 0, 377 },
		{ 5, 15, 0, false, "GFP_ATOMIC", 0, 377 },
		{ 5, 7, 0, false, "GFP_ATOMIC", 0, 567 },
		{ 5, 10, 223, false, "GFP_NOWAIT", 0, 1512 },
		{ 6, 12, 107, true, "GFP_NOWAIT", 0, 1512 },
		/* two pages, of which one may be left over */
		{ 5, 10, 223, false, "GFP_ATOMIC", 1, 568 },
		{ 6, 12, 107, true, "GFP_ATOMIC", 1, 568 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(borders); i++) {
		for (int above = 0; above <= 1; above++) {
			struct machine m;

			machine_init(&m, borders[i].major, borders[i].minor, borders[i].patch);
			m.zones[NORMAL].min = opt_u64(1512);
			m.zones[NORMAL].low = opt_u64(1762);
			m.zones[NORMAL].high = opt_u64(2012);
			if (borders[i].printed)
				m.zones[NORMAL].boost = opt_u64(512);
			machine_add(&m, NORMAL, MIGRATE_UNMOVABLE, 1, (borders[i].left + (uint64_t)above) / 2);
			machine_add(&m, NORMAL, MIGRATE_UNMOVABLE, 0, (borders[i].left + (uint64_t)above) % 2);
			machine_ready(&m);
			if ((machine_ask(&m, borders[i].gfp, borders[i].order).probability > 0.5) != above)
				fail_msg("%u.%u %s order %d: %s with %llu pages", borders[i].major, borders[i].minor,
					 borders[i].gfp, borders[i].order, above ? "fails" : "succeeds",
					 (unsigned long long)(borders[i].left + (uint64_t)above));
			machine_done(&m);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rights),
		cmocka_unit_test(test_blocking),
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_memalloc),
		cmocka_unit_test(test_lowmem_reserve),
		cmocka_unit_test(test_zone_restricted),
		cmocka_unit_test(test_highatomic_reserve),
		cmocka_unit_test(test_halving),
		cmocka_unit_test(test_order_limit),
		cmocka_unit_test(test_boost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
