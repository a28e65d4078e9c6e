// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * model/figures on zones made by hand. The expected indices are worked out
 * here from the kernel's definitions, with the working shown.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "model/figures.h"

#define ORDERS 11

static struct snapshot *machine(void)
{
	struct snapshot *s = snapshot_new();

	assert_non_null(s);
	s->kernel.page_size = opt_u64(4096);
	s->kernel.pageblock_order = opt_u64(9);
	s->kernel.has_version = true;
	s->kernel.major = 6;
	s->kernel.minor = 1;
	s->kernel.release = "6.1.0";
	s->zones = arena_array(&s->arena, 8, sizeof(*s->zones));
	return s;
}

static struct snap_zone *add_zone(struct snapshot *s, int node, const char *name, uint64_t managed,
				  const uint64_t blocks[ORDERS])
{
	struct snap_zone *z = &s->zones[s->n_zones++];

	z->node = node;
	z->name = name;
	z->managed_pages = z->present_pages = opt_u64(managed);
	z->n_orders = ORDERS;
	z->free_blocks = arena_memdup(&s->arena, blocks, ORDERS * sizeof(*blocks));
	return z;
}

static struct figures build(struct snapshot *s)
{
	struct figures f;

	assert_int_equal(figures_build(&s->arena, s, &f), 0);
	return f;
}

/* DMA of a live 6.x machine: 8:1 9:1 10:3, debugfs printed 0.066 for order 9 and 0.200 for 10. */
static void test_indices_of_a_real_zone(void **state UNUSED)
{
	auto_snapshot struct snapshot *s = machine();
	const struct zone_figures *z;
	struct figures f;

	add_zone(s, 0, "DMA", 3840, (uint64_t[ORDERS]){ 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 3 });
	f = build(s);
	z = &f.zones[0];
	assert_int_equal(z->lists.free_pages, 3840);
	assert_int_equal(z->lists.unusable_milli[8], 0);
	assert_int_equal(z->lists.unusable_milli[9], 66);
	assert_int_equal(z->lists.unusable_milli[10], 200);
	assert_int_equal(z->extfrag_milli[9], -1000);
	assert_int_equal(z->lists.usable_milli[2], 934);
	assert_int_equal(z->lists.largest_order, 10);
	assert_int_equal(z->state, ZONE_SOUND);
	assert_int_equal(z->free_pages.v, 3840);
}

/*
 * 1000 single pages: F = T = 1000, nothing above order 0.
 * extfrag(1) = 1000 - (1000 + 1000*1000/2) / 1000 = 1000 - 501 = 499: at the
 * default threshold of 500 this is lack of memory, at order 2
 * 1000 - (1000 + 250000) / 1000 = 749 it is fragmentation.
 */
static void test_threshold_decides_short_or_fragmented(void **state UNUSED)
{
	auto_snapshot struct snapshot *s = machine();
	struct figures f;

	add_zone(s, 0, "Normal", 100000, (uint64_t[ORDERS]){ 1000 });
	add_zone(s, 1, "Normal", 100000, (uint64_t[ORDERS]){ 1000, 1 });
	f = build(s);
	assert_int_equal(f.zones[0].extfrag_milli[1], 499);
	assert_int_equal(f.zones[0].missing_order, 1);
	assert_int_equal(f.zones[0].state, ZONE_SHORT);
	/* F = 1002, T = 1001: 1000 - (1000 + 250500) / 1001 = 1000 - 251 = 749 */
	assert_int_equal(f.zones[1].extfrag_milli[2], 749);
	assert_int_equal(f.zones[1].missing_order, 2);
	assert_int_equal(f.zones[1].state, ZONE_FRAGMENTED);
	/* The lower order missing comes first. */
	assert_ptr_equal(f.worst_first[0], &f.zones[0]);
}

static void test_threshold_is_the_machine_s(void **state UNUSED)
{
	auto_snapshot struct snapshot *s = machine();
	struct figures f;

	assert_int_equal(sysctl_add(&s->arena, &s->sysctl, "extfrag_threshold", SLICE("498\n")), 0);
	add_zone(s, 0, "Normal", 100000, (uint64_t[ORDERS]){ 1000 });
	f = build(s);
	assert_int_equal(f.zones[0].state, ZONE_FRAGMENTED);
}

/* 600 pages in order 0, one block of order 9: 512 of 1112 usable, 0.539 unusable from order 1. */
static void test_partly(void **state UNUSED)
{
	auto_snapshot struct snapshot *s = machine();
	struct figures f;

	add_zone(s, 0, "Normal", 100000, (uint64_t[ORDERS]){ [0] = 600, [9] = 1 });
	f = build(s);
	assert_int_equal(f.zones[0].lists.unusable_milli[1], 539);
	assert_int_equal(f.zones[0].from_order, 1);
	assert_int_equal(f.zones[0].missing_order, 10);
	assert_int_equal(f.zones[0].state, ZONE_PARTLY);
}

/* All blocks of order 9 are in HighAtomic: an ordinary request finds none above order 3. */
static void test_closed_lists_do_not_count(void **state UNUSED)
{
	static const uint64_t movable[ORDERS] = { 50, 50, 50, 50 };
	static const uint64_t highatomic[ORDERS] = { [9] = 4 };
	auto_snapshot struct snapshot *s = machine();
	struct snap_zone *z;
	struct figures f;

	z = add_zone(s, 0, "Normal", 100000, (uint64_t[ORDERS]){ 50, 50, 50, 50, [9] = 4 });
	z->n_types = 2;
	z->types = arena_array(&s->arena, 2, sizeof(*z->types));
	z->types[0].name = "Movable";
	z->types[0].free_blocks = arena_memdup(&s->arena, movable, sizeof(movable));
	z->types[0].pageblocks = opt_u64(30);
	z->types[1].name = "HighAtomic";
	z->types[1].free_blocks = arena_memdup(&s->arena, highatomic, sizeof(highatomic));
	z->types[1].pageblocks = opt_u64(10);
	f = build(s);
	assert_int_equal(f.zones[0].missing_order, 4);
	assert_int_equal(f.zones[0].state, ZONE_FRAGMENTED);
	assert_int_equal(f.zones[0].lists.largest_order, 9);
	assert_int_equal(f.zones[0].pageblocks.v, 40);
	assert_int_equal(f.zones[0].types[0].pageblocks_milli.v, 750);
	/* 50 * (1 + 2 + 4 + 8) = 750 pages, order 2 and up hold 600 of them. */
	assert_int_equal(f.zones[0].types[0].lists.usable_milli[0], 800);
}

static void test_marks(void **state UNUSED)
{
	auto_snapshot struct snapshot *s = machine();
	struct snap_zone *z = add_zone(s, 0, "Normal", 100000, (uint64_t[ORDERS]){ 999 });
	struct figures f;

	z->free_pages = opt_u64(999);
	z->min = opt_u64(1000);
	z->low = opt_u64(1250);
	f = build(s);
	assert_true(f.zones[0].above_min.known);
	assert_int_equal(f.zones[0].above_min.pages, -1);
	assert_int_equal(f.zones[0].above_low.pages, -251);
	assert_false(f.zones[0].above_high.known);
	assert_true(f.zones[0].below_min);
	z->free_pages = opt_u64(1000); /* at the mark is not below it */
	f = build(s);
	assert_false(f.zones[0].below_min);
}

/*
 * 6.1: zone score = percent of free memory below order 9.
 * DMA32: 512 of 1024 free pages -> 50; Normal: 1536 of 2048 -> 75.
 * Weighted by present / (node + 1):
 * 1000 * 50 / 4001 = 12, 3000 * 75 / 4001 = 56; sum 68.
 */
static void test_proactive_score(void **state UNUSED)
{
	auto_snapshot struct snapshot *s = machine();
	struct figures f;

	assert_int_equal(sysctl_add(&s->arena, &s->sysctl, "compaction_proactiveness", SLICE("20\n")),
			 0);
	add_zone(s, 0, "DMA32", 1000, (uint64_t[ORDERS]){ [0] = 512, [9] = 1 });
	add_zone(s, 0, "Normal", 3000, (uint64_t[ORDERS]){ [0] = 1536, [9] = 1 });
	f = build(s);
	assert_int_equal(f.zones[0].score.v, 50);
	assert_int_equal(f.zones[1].score.v, 75);
	assert_int_equal(f.zones[0].weighted_score.v, 12);
	assert_int_equal(f.zones[1].weighted_score.v, 56);
	assert_int_equal(f.n_nodes, 1);
	assert_int_equal(f.nodes[0].score.v, 68);
	assert_int_equal(f.nodes[0].low.v, 80);
	assert_int_equal(f.nodes[0].high.v, 90);
}

/* Proactiveness 100: 6.1 stops at 5, starts above 15; 6.18 at 0 and 0. */
static void test_proactive_marks_by_version(void **state UNUSED)
{
	auto_snapshot struct snapshot *s = machine();
	struct figures f;

	assert_int_equal(sysctl_add(&s->arena, &s->sysctl, "compaction_proactiveness", SLICE("100\n")),
			 0);
	add_zone(s, 0, "Normal", 3000, (uint64_t[ORDERS]){ 1 });
	f = build(s);
	assert_int_equal(f.nodes[0].low.v, 5);
	assert_int_equal(f.nodes[0].high.v, 15);
	s->kernel.minor = 18;
	f = build(s);
	assert_int_equal(f.nodes[0].low.v, 0);
	assert_int_equal(f.nodes[0].high.v, 0);
}

static void test_unknown_stays_unknown(void **state UNUSED)
{
	auto_snapshot struct snapshot *s = machine();
	struct snap_zone *z = &s->zones[s->n_zones++];
	struct figures f;

	z->name = "Normal";
	f = build(s);
	assert_false(f.zones[0].has_lists);
	assert_false(f.zones[0].free_pages.known);
	assert_int_equal(f.zones[0].state, ZONE_UNKNOWN);
	assert_false(f.nodes[0].score.known);
	assert_false(f.nodes[0].high.known);
}

/* A zone of one node in 64 with nothing free is no headline when it is tiny; Movable comes after. */
static void test_ranking(void **state UNUSED)
{
	auto_snapshot struct snapshot *s = machine();
	struct figures f;

	add_zone(s, 0, "DMA", 100, (uint64_t[ORDERS]){ 0 });
	add_zone(s, 0, "Normal", 100000, (uint64_t[ORDERS]){ [10] = 50 });
	add_zone(s, 0, "Movable", 100000, (uint64_t[ORDERS]){ [0] = 50 });
	f = build(s);
	assert_int_equal(f.n_worst, 3);
	assert_string_equal(f.worst_first[0]->zone->name, "Normal");
	assert_string_equal(f.worst_first[1]->zone->name, "Movable");
	assert_string_equal(f.worst_first[2]->zone->name, "DMA");
	assert_int_equal(f.worst_first[2]->lists.largest_order, -1);
	assert_int_equal(f.worst_first[2]->missing_order, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_indices_of_a_real_zone),
		cmocka_unit_test(test_threshold_decides_short_or_fragmented),
		cmocka_unit_test(test_threshold_is_the_machine_s),
		cmocka_unit_test(test_partly),
		cmocka_unit_test(test_closed_lists_do_not_count),
		cmocka_unit_test(test_marks),
		cmocka_unit_test(test_proactive_score),
		cmocka_unit_test(test_proactive_marks_by_version),
		cmocka_unit_test(test_unknown_stays_unknown),
		cmocka_unit_test(test_ranking),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
