// SPDX-License-Identifier: GPL-2.0-or-later
/* read/zoneinfo: mm/vmstat.c:zoneinfo_show_print as it was from 2.6.32 to 7.x. */
#include "unit/reader.h"

#include "read/zoneinfo.h"

/* Both have seen the same zones and CPUs. */
static void same_zones(const struct zoneinfo *a, const struct zoneinfo *b)
{
	assert_int_equal(a->n_zones, b->n_zones);
	for (size_t i = 0; i < a->n_zones; i++) {
		const struct zoneinfo_zone *x = &a->zones[i], *y = &b->zones[i];

		assert_string_equal(x->zone, y->zone);
		assert_int_equal(x->counters.n, y->counters.n);
		assert_int_equal(x->n_pagesets, y->n_pagesets);
		if (x->n_pagesets)
			assert_memory_equal(x->pagesets, y->pagesets, x->n_pagesets * sizeof(*x->pagesets));
	}
}

/* Line by line, each gone before the next one comes; as a whole it must be of the same use. */
static int parse(struct arena *a, const char *text, struct zoneinfo *z, struct read_notes *n)
{
	struct zoneinfo_reader *r = zoneinfo_reader_new();
	auto_arena struct arena other = { 0 };
	struct read_notes whole;
	struct zoneinfo at_once;
	int ret, want = read_zoneinfo(&other, slice_of(text), &at_once, &whole);

	assert_non_null(r);
	while (*text) {
		size_t len = strcspn(text, "\n");
		char *line = strndup(text, len += text[len] != '\0');

		assert_non_null(line);
		assert_int_equal(zoneinfo_reader_add(r, (struct slice){ line, len }), 0);
		free(line);
		text += len;
	}
	ret = zoneinfo_reader_take(r, a, z, n);
	zoneinfo_reader_free(r);
	assert_int_equal(ret, want);
	assert_int_equal(n->lines, whole.lines);
	assert_int_equal(n->bad_lines, whole.bad_lines);
	same_zones(z, &at_once);
	return ret;
}

static const struct zoneinfo_zone *only_zone(const struct zoneinfo *z)
{
	assert_int_equal(z->n_zones, 1);
	return &z->zones[0];
}

/* No "managed", no node block; protection after the counters. */
static void test_2_6_32(void **state UNUSED)
{
	auto_arena struct arena a = { 0 };
	const struct zoneinfo_zone *zone;
	struct read_notes n;
	struct zoneinfo z;

	assert_int_equal(parse(&a,
			       "Node 0, zone  HighMem\n"
			       "  pages free     13452\n"
			       "        min      126\n"
			       "        low      311\n"
			       "        high     496\n"
			       "        scanned  0 (aa: 0 ia: 0 af: 0 if: 0)\n"
			       "        spanned  136448\n"
			       "        present  129238\n"
			       "    nr_free_pages 13452\n"
			       "    nr_bounce    3\n"
			       "        protection: (0, 4038, 4038)\n"
			       "  pagesets\n"
			       "    cpu: 0\n"
			       "              count: 145\n"
			       "              high:  186\n"
			       "              batch: 31\n"
			       "  vm stats threshold: 6\n"
			       "  all_unreclaimable: 1\n"
			       "  prev_priority:     12\n"
			       "  start_pfn:         524288\n"
			       "  inactive_ratio:    1\n",
			       &z, &n),
			 0);
	assert_int_equal(n.bad_lines, 0);
	zone = only_zone(&z);
	assert_string_equal(zone->zone, "HighMem");
	is_known(zone->free, 13452);
	is_known(zone->min, 126);
	is_known(zone->low, 311);
	is_known(zone->high, 496); /* the zone's, not the pageset's */
	is_known(zone->spanned, 136448);
	is_known(zone->present, 129238);
	assert_false(zone->managed.known);
	assert_false(zone->boost.known);
	assert_false(zone->cma.known);
	is_known(zone->start_pfn, 524288);
	is_known(zone->unreclaimable, 1);
	assert_int_equal(zone->n_protection, 3);
	is_u64s(zone->protection, (const uint64_t[]){ 0, 4038, 4038 }, 3);
	is_known(kv_get(&zone->counters, "nr_bounce"), 3);
	assert_int_equal(zone->n_pagesets, 1);
	assert_int_equal(zone->pagesets[0].count, 145);
	assert_int_equal(zone->pagesets[0].high, 186);
	assert_int_equal(zone->pagesets[0].batch, 31);
	assert_int_equal(zone->pagesets[0].stat_threshold, 6);
	assert_int_equal(zone->pagesets[0].high_min, -1);
	assert_int_equal(z.n_nodes, 0);
}

/* The node's counters inside its first populated zone; unpopulated zones end after protection. */
static const char kernel_7[] =
	"Node 0, zone      DMA\n"
	"  per-node stats\n"
	"      nr_inactive_anon 72\n"
	"      nr_free_pages 1\n"
	"  pages free     3962\n"
	"        boost    10\n"
	"        min      77\n"
	"        low      93\n"
	"        high     109\n"
	"        promo    125\n"
	"        spanned  4095\n"
	"        present  3998\n"
	"        managed  3977\n"
	"        cma      512\n"
	"        protection: (0, 2929, 3882, 3882, 3882)\n"
	"      nr_free_pages 3962\n"
	"      numa_other   18446744073709551615\n"
	"  pagesets\n"
	"    cpu: 0\n"
	"              count:    0\n"
	"              high:     14\n"
	"              batch:    1\n"
	"              high_min: 15\n"
	"              high_max: 124\n"
	"  vm stats threshold: 8\n"
	"    cpu: 7\n"
	"              count:    9\n"
	"              high:     14\n"
	"              batch:    1\n"
	"              high_min: 15\n"
	"              high_max: 124\n"
	"  vm stats threshold: 9\n"
	"  node_unreclaimable:  0\n"
	"  start_pfn:           1\n"
	"  reserved_highatomic: 1024\n"
	"  free_highatomic:     1000\n"
	"Node 0, zone   Device\n"
	"  pages free     0\n"
	"        boost    0\n"
	"        min      0\n"
	"        low      0\n"
	"        high     0\n"
	"        promo    0\n"
	"        spanned  0\n"
	"        present  0\n"
	"        managed  0\n"
	"        cma      0\n"
	"        protection: (0, 0, 0, 0, 0)\n"
	"Node 3, zone   Normal\n"
	"  per-node stats\n"
	"      nr_inactive_anon 5\n"
	"  pages free     1\n"
	"        min      2\n";

static void test_7(void **state UNUSED)
{
	auto_arena struct arena a = { 0 };
	const struct zoneinfo_zone *dma;
	struct read_notes n;
	struct zoneinfo z;

	assert_int_equal(parse(&a, kernel_7, &z, &n), 0);
	assert_int_equal(n.bad_lines, 0);
	assert_int_equal(z.n_zones, 3);
	dma = &z.zones[0];
	is_known(dma->boost, 10);
	is_known(dma->promo, 125);
	is_known(dma->managed, 3977);
	is_known(dma->cma, 512);
	is_known(dma->reserved_highatomic, 1024);
	is_known(dma->free_highatomic, 1000);
	is_known(dma->unreclaimable, 0);
	is_known(kv_get(&dma->counters, "nr_free_pages"), 3962);
	is_known(kv_get(&dma->counters, "numa_other"), UINT64_MAX);
	assert_int_equal(dma->n_pagesets, 2);
	assert_int_equal(dma->pagesets[1].cpu, 7);
	assert_int_equal(dma->pagesets[1].count, 9);
	assert_int_equal(dma->pagesets[1].high_min, 15);
	assert_int_equal(dma->pagesets[1].high_max, 124);
	assert_int_equal(dma->pagesets[1].stat_threshold, 9);
}

static void test_nodes_and_unpopulated_zones(void **state UNUSED)
{
	auto_arena struct arena a = { 0 };
	struct read_notes n;
	struct zoneinfo z;

	assert_int_equal(parse(&a, kernel_7, &z, &n), 0);
	assert_string_equal(z.zones[1].zone, "Device");
	is_known(z.zones[1].managed, 0);
	assert_int_equal(z.zones[1].n_protection, 5);
	assert_int_equal(z.zones[1].n_pagesets, 0);
	assert_int_equal(z.zones[1].counters.n, 0);
	assert_false(z.zones[1].start_pfn.known);
	assert_int_equal(z.n_nodes, 2);
	assert_int_equal(z.nodes[1].node, 3);
	is_known(kv_get(&z.nodes[0].counters, "nr_inactive_anon"), 72);
	is_known(kv_get(&z.nodes[0].counters, "nr_free_pages"), 1);
	is_known(kv_get(&z.nodes[1].counters, "nr_inactive_anon"), 5);
	is_known(z.zones[2].min, 2);
}

/* 4.17 to 4.19 print nr_indirectly_reclaimable without a name. */
static void test_counter_without_name(void **state UNUSED)
{
	auto_arena struct arena a = { 0 };
	struct read_notes n;
	struct zoneinfo z;

	assert_int_equal(parse(&a,
			       "Node 0, zone      DMA\n"
			       "  per-node stats\n"
			       "      nr_written   854609\n"
			       "                   537792\n"
			       "  pages free     3962\n",
			       &z, &n),
			 0);
	assert_int_equal(n.bad_lines, 0);
	assert_int_equal(z.nodes[0].counters.n, 1);
	is_known(z.zones[0].free, 3962);
}

static void bad(const char *line)
{
	auto_arena struct arena a = { 0 };
	char text[512];
	struct read_notes n;
	struct zoneinfo z;

	snprintf(text, sizeof(text),
		 "Node 0, zone Normal\n  pages free     7\n      nr_x 1\n%s        low      3\n",
		 line);
	assert_int_equal(parse(&a, text, &z, &n), 0);
	one_bad_line(&n, 4);
	is_known(only_zone(&z)->free, 7);
	is_known(z.zones[0].low, 3);
	assert_false(z.zones[0].min.known);
	assert_int_equal(z.zones[0].counters.n, 1);
	assert_int_equal(z.zones[0].n_protection, 0);
	assert_int_equal(z.zones[0].n_pagesets, 0);
}

static void test_bad_lines_cost_themselves(void **state UNUSED)
{
	bad("        min      -1\n");
	bad("        min      18446744073709551616\n");
	bad("        min      0x10\n");
	bad("        min\n");
	bad("      nr_x 2\n"); /* given before */
	bad("      nr y 2\n");
	bad("        protection: (0, -1)\n");
	bad("        protection: (0, 1\n");
	bad("        protection: (0,, 1)\n");
	bad("        protection: ()\n");
	bad("    cpu: 2147483648\n");
	bad("\xff\xfe\x01\n");
}

/* What belongs to a zone that could not be read must not go to the one before it. */
static void test_lines_of_no_zone(void **state UNUSED)
{
	auto_arena struct arena a = { 0 };
	struct read_notes n;
	struct zoneinfo z;

	assert_int_equal(parse(&a,
			       "Node 0, zone   Normal\n"
			       "        min      1\n"
			       "Node 0, zone\n"
			       "        min      2\n"
			       "Node 0, zone   Normal\n"
			       "        min      3\n",
			       &z, &n),
			 0);
	is_known(only_zone(&z)->min, 1);
	assert_int_equal(n.bad_lines, 4);
	assert_int_equal(n.first_bad, 3);
}

/*
 * Numbers of any length behind any number of blanks, for many CPUs: most lines are as the
 * kernel prints them, some nearly so, and the last ones have the file's end close behind.
 */
static void test_many_cpus(void **state UNUSED)
{
	static const char *const names[] = { "count", "high", "batch", "high_min", "high_max" };
	auto_strbuf struct strbuf sb = STRBUF_INIT;
	auto_arena struct arena a = { 0 };
	const struct zoneinfo_zone *zone;
	struct read_notes n;
	struct zoneinfo z;
	int32_t v = 7;

	sb_addstr(&sb, "Node 0, zone Normal\n  pages free     12\n  pagesets\n");
	for (int cpu = 0; cpu < 60; cpu++) {
		sb_printf(&sb, "%s    cpu: %d\n", cpu % 10 == 9 ? " " : "", cpu);
		for (int i = 0; i < 5; i++)
			sb_printf(&sb, "%*s%s:%*s%d\n", cpu % 7 == 6 ? 15 : 14, "", names[i], 1 + (cpu + i) % 10, "",
				  v / (i + 1));
		sb_printf(&sb, "  vm stats threshold: %d\n", cpu % 3);
		v = v == INT32_MAX ? 1 : v > INT32_MAX / 3 ? INT32_MAX : v * 3;
	}
	sb_addstr(&sb, "  start_pfn:           1\n");
	assert_int_equal(parse(&a, sb_str(&sb), &z, &n), 0);
	assert_int_equal(n.bad_lines, 0);
	assert_int_equal(n.lines, 3 + 60 * 7 + 1);
	zone = only_zone(&z);
	assert_int_equal(zone->n_pagesets, 60);
	v = 7;
	for (int cpu = 0; cpu < 60; cpu++) {
		const struct zoneinfo_pageset *c = &zone->pagesets[cpu];
		const int32_t got[] = { c->count, c->high, c->batch, c->high_min, c->high_max };

		assert_int_equal(c->cpu, cpu);
		for (int i = 0; i < 5; i++)
			assert_int_equal(got[i], v / (i + 1));
		assert_int_equal(c->stat_threshold, cpu % 3);
		v = v == INT32_MAX ? 1 : v > INT32_MAX / 3 ? INT32_MAX : v * 3;
	}
	is_known(zone->start_pfn, 1);
}

/* Most CPUs say what the one before said; what any says hangs on its own lines, whatever came before. */
static void test_cpus_alike(void **state UNUSED)
{
#define N(name, v) "              " name ": " v "\n"
	static const struct {
		const char *lines;
		struct zoneinfo_pageset says;
	} kinds[] = {
		{ N("count", "1") N("high", "2") N("batch", "3") "  vm stats threshold: 4\n", { 0, 1, 2, 3, -1, -1, 4 } },
		{ N("count", "5") N("high", "2") N("batch", "3") "  vm stats threshold: 4\n", { 0, 5, 2, 3, -1, -1, 4 } },
		{ N("count", "1") N("high", "2") N("count", "6") N("batch", "3"), { 0, 6, 2, 3, -1, -1, -1 } },
		{ N("high", "7") N("count", "1") N("batch", "3") "  vm stats threshold: 4\n", { 0, 1, 7, 3, -1, -1, 4 } },
		{ N("count", "1") N("batch", "3") "  vm stats threshold: 4\n", { 0, 1, -1, 3, -1, -1, 4 } },
		{ N("count", "1"), { 0, 1, -1, -1, -1, -1, -1 } },
		{ N("batch", "3"), { 0, -1, -1, 3, -1, -1, -1 } },
		{ N("count", "1") N("high", "2") N("high_min", "8") N("high_max", "9"), { 0, 1, 2, -1, 8, 9, -1 } },
	};
	const int n_kinds = ARRAY_SIZE(kinds);
	auto_strbuf struct strbuf sb = STRBUF_INIT;
	auto_arena struct arena a = { 0 };
	struct read_notes n;
	struct zoneinfo z;

	/* Each kind behind each, twice. */
	sb_addstr(&sb, "Node 0, zone Normal\n  pagesets\n");
	for (int i = 0; i < n_kinds * n_kinds * 4; i++)
		sb_printf(&sb, "    cpu: %d\n%s", i, kinds[i % 4 < 2 ? i / 4 % n_kinds : i / 4 / n_kinds].lines);
	assert_int_equal(parse(&a, sb_str(&sb), &z, &n), 0);
	assert_int_equal(n.bad_lines, 0);
	assert_int_equal(only_zone(&z)->n_pagesets, n_kinds * n_kinds * 4);
	for (int i = 0; i < n_kinds * n_kinds * 4; i++) {
		struct zoneinfo_pageset expect = kinds[i % 4 < 2 ? i / 4 % n_kinds : i / 4 / n_kinds].says;

		expect.cpu = i;
		assert_memory_equal(&z.zones[0].pagesets[i], &expect, sizeof(expect));
	}
#undef N
}

/* In the middle of many CPUs a line that is none costs itself, and has its number. */
static void test_bad_line_among_cpus(void **state UNUSED)
{
	static const char *const lines[] = { "              count: 1x\n", "              count: -1\n", "    cpu: 99999999999\n",
					     "              high:  18446744073709551616\n", "              batch:\n",
					     "              count: 2147483648\n", "  vm stats threshold: 4294967297\n" };
	static const char cpu[] = "    cpu: 3\n              count: 4\n              high:  5\n              batch: 6\n";
	char text[1024];

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		auto_arena struct arena a = { 0 };
		struct read_notes n;
		struct zoneinfo z;

		snprintf(text, sizeof(text), "Node 0, zone Normal\n  pagesets\n%s%s%s%s", cpu, lines[i], cpu, cpu);
		assert_int_equal(parse(&a, text, &z, &n), 0);
		one_bad_line(&n, 7);
		assert_int_equal(n.lines, 15);
		assert_int_equal(only_zone(&z)->n_pagesets, 3);
		assert_int_equal(z.zones[0].pagesets[0].count, 4);
		assert_int_equal(z.zones[0].pagesets[2].batch, 6);
	}
}

/* A zone of very many counters, and very many small zones behind it: each line costs what a line costs. */
static void test_many_names_then_many_zones(void **state UNUSED)
{
	auto_strbuf struct strbuf sb = STRBUF_INIT;
	auto_arena struct arena a = { 0 };
	struct read_notes n;
	struct zoneinfo z;

	sb_addstr(&sb, "Node 0, zone Normal\n");
	for (int i = 0; i < 300000; i++)
		sb_printf(&sb, "      c%d 1\n", i);
	for (int i = 1; i <= 150000; i++)
		sb_printf(&sb, "Node %d, zone Normal\n      nr_x 1\n      nr_x 2\n", i);
	alarm(60); /* sweeping the large set for each zone would take longer by far */
	assert_int_equal(parse(&a, sb_str(&sb), &z, &n), 0);
	alarm(0);
	assert_int_equal(z.n_zones, 150001);
	assert_int_equal(n.bad_lines, 150000); /* the second nr_x of each */
	is_known(kv_get(&z.zones[150000].counters, "nr_x"), 1);
}

static void test_cut(void **state UNUSED)
{
	auto_arena struct arena a = { 0 };
	struct read_notes n;
	struct zoneinfo z;

	assert_int_equal(parse(&a, "Node 0, zone   Normal\n  pages free     12", &z, &n), 0);
	one_bad_line(&n, 2);
	assert_false(only_zone(&z)->free.known);
	assert_int_equal(parse(&a, "Node 0, zone   Nor", &z, &n), -EINVAL);
	assert_int_equal(parse(&a, "nr_free_pages 1\n", &z, &n), -EINVAL);
	assert_int_equal(parse(&a, "", &z, &n), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_2_6_32),
		cmocka_unit_test(test_7),
		cmocka_unit_test(test_nodes_and_unpopulated_zones),
		cmocka_unit_test(test_counter_without_name),
		cmocka_unit_test(test_bad_lines_cost_themselves),
		cmocka_unit_test(test_lines_of_no_zone),
		cmocka_unit_test(test_many_cpus),
		cmocka_unit_test(test_cpus_alike),
		cmocka_unit_test(test_bad_line_among_cpus),
		cmocka_unit_test(test_many_names_then_many_zones),
		cmocka_unit_test(test_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
