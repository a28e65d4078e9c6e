// SPDX-License-Identifier: GPL-2.0-or-later
/* read/slabinfo: mm/slab_common.c:cache_show (2.x), mm/slab.c of 2.4 (1.1). */
#include "unit/reader.h"

#include "read/slabinfo.h"

#define HEAD "slabinfo - version: 2.1\n# name            <active_objs> <num_objs> ...\n"
#define TAIL " : tunables    0    0    0 : slabdata      0      0      0\n"

static int parse(struct arena *a, const char *text, struct slabinfo *s, struct read_notes *n)
{
	return read_slabinfo(a, slice_of(text), s, n);
}

static void test_2_1(void **state UNUSED)
{
	auto_arena struct arena a = { 0 };
	const struct slabinfo_cache *c;
	struct read_notes n;
	struct slabinfo s;

	assert_int_equal(parse(&a,
			       HEAD
			       "kmalloc-64          4149   4288     96   42    1 : tunables  120   60"
			       "    8 : slabdata     67     68      5\n",
			       &s, &n),
			 0);
	assert_int_equal(n.bad_lines, 0);
	assert_int_equal(s.version_major, 2);
	assert_int_equal(s.version_minor, 1);
	assert_false(s.statistics);
	assert_int_equal(s.n_caches, 1);
	c = &s.caches[0];
	assert_string_equal(c->name, "kmalloc-64");
	assert_int_equal(c->active_objects, 4149);
	assert_int_equal(c->objects, 4288);
	assert_int_equal(c->object_size, 96);
	assert_int_equal(c->objects_per_slab, 42);
	assert_int_equal(c->pages_per_slab, 1);
	is_known(c->limit, 120);
	is_known(c->batchcount, 60);
	is_known(c->sharedfactor, 8);
	assert_int_equal(c->active_slabs, 67);
	assert_int_equal(c->slabs, 68);
	is_known(c->sharedavail, 5);
	assert_false(c->has_statistics);
}

/* Whatever stands before the five numbers is the name. */
static void test_names(void **state UNUSED)
{
	static const char *const names[] = {
		"gfs2_glock(aspace)",
		"old driver cache",
		"nf_conntrack_ffffffff81a25e00",
		"dm-0:io",
		"a : tunables b",
		"name with 1 2 3",
		"\xc3\xa9tat", /* not ASCII, still a name */
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		auto_arena struct arena a = { 0 };
		struct read_notes n;
		struct slabinfo s;
		char text[512];

		snprintf(text, sizeof(text), HEAD "%-17s      1      2      3    4    5" TAIL,
			 names[i]);
		assert_int_equal(parse(&a, text, &s, &n), 0);
		assert_int_equal(n.bad_lines, 0);
		assert_string_equal(s.caches[0].name, names[i]);
		assert_int_equal(s.caches[0].active_objects, 1);
		assert_int_equal(s.caches[0].pages_per_slab, 5);
	}
}

/* Two caches may have one name: the kernel only warns. Both count. */
static void test_same_name(void **state UNUSED)
{
	auto_arena struct arena a = { 0 };
	struct read_notes n;
	struct slabinfo s;

	assert_int_equal(parse(&a, HEAD "x 1 2 3 4 5" TAIL "x 6 7 8 9 10" TAIL, &s, &n), 0);
	assert_int_equal(s.n_caches, 2);
	assert_int_equal(s.caches[1].objects, 7);
}

static void test_statistics(void **state UNUSED)
{
	auto_arena struct arena a = { 0 };
	struct read_notes n;
	struct slabinfo s;

	assert_int_equal(parse(&a,
			       "slabinfo - version: 2.1 (statistics)\n"
			       "size-64  400 413 64 59 1 : tunables 120 60 8 : slabdata 7 7 0"
			       " : globalstat 1000 500 10 3 0 1 2 4 5 : cpustat 9000 100 8000 50\n",
			       &s, &n),
			 0);
	assert_int_equal(n.bad_lines, 0);
	assert_true(s.statistics);
	assert_true(s.caches[0].has_statistics);
	is_u64s(s.caches[0].globalstat, (const uint64_t[]){ 1000, 500, 10, 3, 0, 1, 2, 4, 5 }, 9);
	is_u64s(s.caches[0].cpustat, (const uint64_t[]){ 9000, 100, 8000, 50 }, 4);
}

static void test_1_1(void **state UNUSED)
{
	auto_arena struct arena a = { 0 };
	struct read_notes n;
	struct slabinfo s;

	assert_int_equal(parse(&a,
			       "slabinfo - version: 1.1 (SMP)\n"
			       "kmem_cache            80     80    244    5    5    1 :  252  126\n"
			       "size-131072(DMA)       0      0 131072    0    0   32 :    0    0\n"
			       "odd                    7     10    100    2    3    1\n",
			       &s, &n),
			 0);
	assert_int_equal(n.bad_lines, 0);
	assert_int_equal(s.version_major, 1);
	assert_int_equal(s.n_caches, 3);
	assert_int_equal(s.caches[0].slabs, 5);
	assert_int_equal(s.caches[0].pages_per_slab, 1);
	assert_int_equal(s.caches[0].objects_per_slab, 16); /* 80 / 5 */
	is_known(s.caches[0].limit, 252);
	assert_false(s.caches[0].sharedfactor.known);
	assert_string_equal(s.caches[1].name, "size-131072(DMA)");
	assert_int_equal(s.caches[1].objects_per_slab, 0);
	assert_int_equal(s.caches[2].objects_per_slab, 0); /* 10 / 3 is no answer */
	assert_false(s.caches[2].limit.known);
}

/* In 1.1 with statistics, those stand where the tunables would. */
static void test_1_1_statistics(void **state UNUSED)
{
	auto_arena struct arena a = { 0 };
	struct read_notes n;
	struct slabinfo s;

	assert_int_equal(parse(&a,
			       "slabinfo - version: 1.1 (statistics)\n"
			       "kmem_cache 80 80 244 5 5 1 : 80 90 6 1 0\n",
			       &s, &n),
			 0);
	assert_int_equal(s.caches[0].objects, 80);
	assert_false(s.caches[0].limit.known);
}

static void bad(const char *line)
{
	auto_arena struct arena a = { 0 };
	struct read_notes n;
	struct slabinfo s;
	char text[1024];

	snprintf(text, sizeof(text), HEAD "a 1 2 3 4 5" TAIL "%s", line);
	assert_int_equal(parse(&a, text, &s, &n), 0);
	one_bad_line(&n, 4);
	assert_int_equal(s.n_caches, 1);
}

static void test_bad_lines_cost_themselves(void **state UNUSED)
{
	bad("b 1 2 -3 4 5" TAIL);
	bad("b 1 2 18446744073709551616 4 5" TAIL);
	bad("b 2 3 4 5" TAIL); /* "b" is no number of objects */
	bad(" 1 2 3 4 5" TAIL);
	bad("b\x01 1 2 3 4 5" TAIL);
	bad("b 1 2 3 4 5 : tunables 0 0 : slabdata 1 2 3\n");
	bad("b 1 2 3 4 5 : tunables 0 0 0 : slabdata 1 2\n");
	bad("b 1 2 3 4 5 : tunables 0 0 0 : slabdata 1 2 3 4\n");
	bad("b 1 2 3 4 5 : tunables 0 0 0 : slabdata 1 2 3 : globalstat 1 2\n");
	bad("b 1 2 3 4 5 : tunables 0 0 0 : slabdata 1 2 3"); /* or 33 */
	bad("b 1 2 3 4 5\n");
	bad("slabinfo - version: two\n");
}

static void test_another_file(void **state UNUSED)
{
	auto_arena struct arena a = { 0 };
	struct read_notes n;
	struct slabinfo s;

	assert_int_equal(parse(&a, "nr_free_pages 1\n", &s, &n), -EINVAL);
	assert_int_equal(parse(&a, HEAD, &s, &n), 0);
	assert_int_equal(s.n_caches, 0);
	assert_int_equal(parse(&a, "", &s, &n), 0);
	/* Without its header the columns tell. */
	assert_int_equal(parse(&a, "x 1 2 3 4 5" TAIL, &s, &n), 0);
	assert_int_equal(s.version_major, 0);
	assert_int_equal(s.n_caches, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_2_1),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_same_name),
		cmocka_unit_test(test_statistics),
		cmocka_unit_test(test_1_1),
		cmocka_unit_test(test_1_1_statistics),
		cmocka_unit_test(test_bad_lines_cost_themselves),
		cmocka_unit_test(test_another_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
