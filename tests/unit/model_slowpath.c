// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which requests may fail once nothing is free at once: the classes of
 * mm/page_alloc.c:__alloc_pages_slowpath and __alloc_pages_may_oom, by version.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kernel/compaction.h"
#include "model/slowpath.h"
#include "model_state.h"

enum { NORMAL = 2 };

struct class_case {
	unsigned int major, minor, patch;
	const char *gfp;
	unsigned int order;
	enum slowpath_class class;
};

static const struct class_case cases[] = {
	/* no direct reclaim: it ends here */
	{ 6, 12, 107, "GFP_ATOMIC", 0, SLOW_NONE },
	{ 6, 12, 107, "GFP_NOWAIT", 3, SLOW_NONE },
	{ 3, 10, 108, "GFP_ATOMIC", 0, SLOW_NONE },
	{ 6, 12, 107, "GFP_TRANSHUGE_LIGHT", 9, SLOW_NONE },
	{ 6, 12, 107, "GFP_NOWAIT|__GFP_NOFAIL", 0, SLOW_NONE },
	/* order 3 is too small to fail, order 4 costs too much */
	{ 6, 12, 107, "GFP_KERNEL", 3, SLOW_OOM },
	{ 6, 12, 107, "GFP_KERNEL", 4, SLOW_COSTLY },
	{ 5, 10, 223, "GFP_KERNEL", 3, SLOW_OOM },
	{ 5, 10, 223, "GFP_KERNEL", 4, SLOW_COSTLY },
	{ 3, 10, 108, "GFP_KERNEL", 3, SLOW_OOM },
	{ 3, 10, 108, "GFP_KERNEL", 4, SLOW_COSTLY },
	{ 6, 12, 107, "GFP_NOFS", 3, SLOW_OOM },
	{ 6, 12, 107, "GFP_NOIO", 3, SLOW_OOM },
	{ 3, 10, 108, "GFP_NOFS", 3, SLOW_OOM },
	/* __GFP_NORETRY: one round */
	{ 6, 12, 107, "GFP_KERNEL|__GFP_NORETRY", 3, SLOW_NORETRY },
	{ 6, 12, 107, "GFP_KERNEL|__GFP_NORETRY", 4, SLOW_NORETRY_COSTLY },
	{ 5, 10, 223, "GFP_TRANSHUGE|__GFP_NORETRY", 9, SLOW_NORETRY_COSTLY },
	/* __GFP_REPEAT says nothing of small orders to 4.12; RETRY_MAYFAIL gives up where others kill */
	{ 4, 9, 229, "GFP_KERNEL|__GFP_REPEAT", 3, SLOW_OOM },
	{ 4, 12, 14, "GFP_KERNEL|__GFP_REPEAT", 3, SLOW_OOM },
	{ 4, 13, 0, "GFP_KERNEL|__GFP_RETRY_MAYFAIL", 3, SLOW_MAYFAIL },
	{ 6, 12, 107, "GFP_KERNEL|__GFP_RETRY_MAYFAIL", 3, SLOW_MAYFAIL },
	{ 4, 9, 229, "GFP_KERNEL|__GFP_REPEAT", 4, SLOW_MAYFAIL },
	{ 6, 12, 107, "GFP_KERNEL|__GFP_RETRY_MAYFAIL", 4, SLOW_MAYFAIL },
	/* no task is killed for a node's or a low zone's sake */
	{ 6, 12, 107, "GFP_KERNEL|__GFP_THISNODE", 0, SLOW_NO_OOM },
	{ 4, 4, 121, "GFP_KERNEL|__GFP_THISNODE", 0, SLOW_NO_OOM },
	{ 6, 12, 107, "GFP_KERNEL|__GFP_DMA32", 0, SLOW_NO_OOM },
	{ 6, 12, 107, "GFP_KERNEL|__GFP_DMA", 0, SLOW_NO_OOM },
	{ 3, 10, 108, "GFP_KERNEL|__GFP_DMA", 0, SLOW_NO_OOM },
	/* to 4.3 __GFP_THISNODE alone neither kills nor fails; all three of GFP_THISNODE give up at once */
	{ 3, 10, 108, "GFP_KERNEL|__GFP_THISNODE", 0, SLOW_OOM },
	{ 3, 10, 108, "GFP_KERNEL|__GFP_THISNODE|__GFP_NOWARN|__GFP_NORETRY", 0, SLOW_NONE },
	/* __GFP_NOFAIL loops at any order */
	{ 6, 12, 107, "GFP_KERNEL|__GFP_NOFAIL", 5, SLOW_OOM },
	{ 5, 10, 223, "GFP_NOFS|__GFP_NOFAIL", 0, SLOW_OOM },
	{ 6, 12, 107, "GFP_KERNEL|__GFP_NOFAIL|__GFP_NORETRY", 0, SLOW_OOM },
};

static void test_classes(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct class_case *c = &cases[i];
		enum gfp_zone highest;
		enum slowpath_class class;
		struct machine m;
		struct gfp gfp;

		machine_init(&m, c->major, c->minor, c->patch);
		machine_ready(&m);
		assert_int_equal(gfp_parse(&m.mm.names, slice_of(c->gfp), &gfp, NULL), 0);
		gfp_zone_index(&m.mm, gfp.flags, &highest);
		class = slowpath_class(&m.mm, gfp.flags, c->order, highest);
		if (class != c->class)
			fail_msg("%u.%u %s order %u: %s, not %s", c->major, c->minor, c->gfp, c->order,
				 slowpath_class_name(class), slowpath_class_name(c->class));
		machine_done(&m);
	}
}

/* Nothing free, nothing to reclaim: who may kill does, if it may enter the filesystem. */
static void test_killing(void **state UNUSED)
{
	static const struct {
		const char *gfp;
		int order;
		bool kills, fails;
	} asks[] = {
		{ "GFP_KERNEL", 0, true, false },     { "GFP_KERNEL", 3, true, false },
		{ "GFP_NOFS", 0, false, false },      { "GFP_KERNEL", 4, false, true },
		{ "GFP_KERNEL|__GFP_THISNODE", 0, false, true },
		{ "GFP_KERNEL|__GFP_RETRY_MAYFAIL", 0, false, true },
		{ "GFP_ATOMIC", 0, false, true },
	};
	struct machine m;

	machine_init(&m, 6, 12, 107);
	machine_add(&m, NORMAL, MIGRATE_UNMOVABLE, 0, 10);
	machine_ready(&m);
	for (size_t i = 0; i < ARRAY_SIZE(asks); i++) {
		struct verdict v = machine_ask(&m, asks[i].gfp, asks[i].order);

		if (v.may_kill != asks[i].kills || (v.probability < 0.5) != asks[i].fails)
			fail_msg("%s order %d: kills %d, %f", asks[i].gfp, asks[i].order, v.may_kill,
				 v.probability);
	}
	machine_done(&m);
}

/* Direct compaction needs __GFP_IO, and to 4.12 __GFP_FS as well; never for order 0. */
static void test_compaction_allowed(void **state UNUSED)
{
	static const struct {
		unsigned int major, minor;
		const char *gfp;
		unsigned int order;
		bool allowed;
	} asks[] = {
		{ 6, 12, "GFP_KERNEL", 1, true },   { 6, 12, "GFP_KERNEL", 0, false },
		{ 6, 12, "GFP_NOFS", 1, true },	    { 6, 12, "GFP_NOIO", 1, false },
		{ 6, 12, "GFP_ATOMIC", 1, false },  { 4, 12, "GFP_NOFS", 1, false },
		{ 4, 14, "GFP_NOFS", 1, true },	    { 3, 10, "GFP_NOFS", 1, false },
		{ 3, 10, "GFP_KERNEL", 1, true },
	};

	for (size_t i = 0; i < ARRAY_SIZE(asks); i++) {
		struct machine m;
		struct gfp gfp;

		machine_init(&m, asks[i].major, asks[i].minor, 5);
		machine_ready(&m);
		assert_int_equal(gfp_parse(&m.mm.names, slice_of(asks[i].gfp), &gfp, NULL), 0);
		if (gfp_compaction_allowed(&m.mm, gfp.flags, asks[i].order) != asks[i].allowed)
			fail_msg("%u.%u %s order %u", asks[i].major, asks[i].minor, asks[i].gfp, asks[i].order);
		machine_done(&m);
	}
}

/*
 * compaction_suitable: order-0 pages above the mark and the gap of 2 << order.
 * min 1000, low 1250; order 4: gap 32 (7.2: at most 32 for any order).
 */
static void test_compaction_suitable(void **state UNUSED)
{
	static const struct {
		unsigned int major, minor;
		unsigned int order;
		uint64_t border; /* the last number of free pages that is not enough */
	} asks[] = {
		{ 5, 10, 3, 1000 + 16 },  /* to order 3: min */
		{ 6, 12, 3, 1000 + 16 },
		{ 5, 10, 4, 1250 + 32 },  /* above: low */
		{ 6, 12, 4, 1250 + 32 },
		{ 6, 12, 9, 1250 + 1024 },
		{ 6, 18, 9, 1250 + 1024 }, /* caller's min and low - min */
		{ 7, 2, 9, 1250 + 32 },
		{ 4, 4, 3, 1250 + 16 },	  /* to 4.7 low for any order */
		{ 3, 10, 3, 1250 + 16 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(asks); i++) {
		for (uint64_t enough = 0; enough <= 1; enough++) {
			struct compaction_test t;
			struct machine m;

			machine_init(&m, asks[i].major, asks[i].minor, 0);
			machine_add(&m, NORMAL, MIGRATE_UNMOVABLE, 0, asks[i].border + enough);
			machine_ready(&m);
			t = compaction_suitable(&m.mm, &m.mm.zones[0], asks[i].order, 2, 0, false,
						m.mm.zones[0].free);
			if ((t.result != COMPACT_SKIPPED) != enough)
				fail_msg("%u.%u order %u with %llu pages", asks[i].major, asks[i].minor,
					 asks[i].order, (unsigned long long)(asks[i].border + enough));
			machine_done(&m);
		}
	}
}

/* The probability of order 9 where only smaller blocks are free, and what the zone's features say. */
static double odds(uint64_t in_lists, const char *counter, uint64_t stolen, struct slowpath *s)
{
	struct zoneinfo_pageset list = { .count = (int32_t)in_lists };
	struct page_request r = { .order = 9, .gfp = GF_DIRECT_RECLAIM | GF_KSWAPD_RECLAIM | GF_IO | GF_FS };
	struct mm_zone *zones[1];
	struct machine m;

	machine_init(&m, 6, 12, 0);
	machine_add(&m, NORMAL, MIGRATE_MOVABLE, 8, 20000);
	/* what is not free is 15,000 pages */
	m.zones[NORMAL].managed_pages = opt_u64((20000 << 8) + 15000);
	m.zones[NORMAL].pagesets = &list;
	m.zones[NORMAL].n_pagesets = 1;
	assert_int_equal(kv_add(&m.snap.arena, &m.snap.vmstat, slice_of(counter), stolen), 0);
	machine_ready(&m);
	zones[0] = &m.mm.zones[m.mm.n_zones - 1];
	slowpath(&m.mm, zones, 1, &r, 2, GFP_ZONE_NORMAL, 0, s);
	machine_done(&m);
	return s->probability;
}

/*
 * __alloc_pages_direct_reclaim: what lies on per-CPU lists comes back before it looks again, so more
 * of it is more hope; and so is a kswapd that found something.
 */
static void test_lists_come_back(void **state UNUSED)
{
	struct slowpath none, some, all, idle, old;
	double p_none = odds(0, "pgsteal_kswapd", 0, &none), p_some = odds(511, "pgsteal_kswapd", 0, &some),
	       p_all = odds(15000, "pgsteal_kswapd", 0, &all);

	assert_true(p_none < p_some && p_some < p_all);
	/* a block of 512 pages, of 15,000 that are in use */
	assert_int_equal(some.features[F_PCP_BLOCK], 0);
	assert_in_range(-some.features[F_PCP], 600, 620);
	assert_int_equal(all.features[F_PCP], 0);
	assert_true(odds(511, "pgsteal_kswapd", 3, &idle) > p_some);
	/* to 4.7 by zone */
	assert_true(odds(511, "pgsteal_kswapd_normal", 3, &old) > p_some);
	assert_int_equal(old.features[F_KSWAPD], 250);
	assert_int_equal(idle.features[F_KSWAPD], 250);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_classes),
		cmocka_unit_test(test_killing),
		cmocka_unit_test(test_compaction_allowed),
		cmocka_unit_test(test_compaction_suitable),
		cmocka_unit_test(test_lists_come_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
