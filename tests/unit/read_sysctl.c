// SPDX-License-Identifier: GPL-2.0-or-later
/* read/sysctl and read/sysslab: files of one line. */
#include "unit/reader.h"

#include "read/sysctl.h"
#include "read/sysslab.h"

static void test_values(void **state UNUSED)
{
	auto_arena struct arena a = { 0 };
	struct sysctl_table t = { 0 };
	const struct sysctl *s;

	assert_int_equal(sysctl_add(&a, &t, "min_free_kbytes", SLICE("67584\n")), 0);
	assert_int_equal(sysctl_add(&a, &t, "lowmem_reserve_ratio", SLICE("256\t256\t32\t0\t0\n")), 0);
	assert_int_equal(sysctl_add(&a, &t, "overcommit", SLICE("-1\n")), 0);
	assert_int_equal(sysctl_add(&a, &t, "numa_zonelist_order", SLICE("Node\n")), 0);
	assert_int_equal(sysctl_add(&a, &t, "empty", SLICE("\n")), 0);
	is_known(sysctl_u64(&t, "min_free_kbytes"), 67584);
	s = sysctl_get(&t, "lowmem_reserve_ratio");
	assert_non_null(s);
	assert_int_equal(s->n_values, 5);
	assert_int_equal(s->values[2], 32);
	assert_string_equal(s->text, "256\t256\t32\t0\t0");
	assert_false(sysctl_u64(&t, "overcommit").known);
	assert_int_equal(sysctl_get(&t, "overcommit")->values[0], -1);
	assert_null(sysctl_get(&t, "numa_zonelist_order")->values);
	assert_string_equal(sysctl_get(&t, "numa_zonelist_order")->text, "Node");
	assert_false(sysctl_u64(&t, "numa_zonelist_order").known);
	assert_int_equal(sysctl_get(&t, "empty")->n_values, 0);
	assert_null(sysctl_get(&t, "min_free"));
}

static void test_bad_values(void **state UNUSED)
{
	auto_arena struct arena a = { 0 };
	auto_strbuf struct strbuf sb = STRBUF_INIT;
	struct sysctl_table t = { 0 };

	assert_int_equal(sysctl_add(&a, &t, "x", SLICE("675")), -EINVAL); /* of 67584 */
	assert_int_equal(sysctl_add(&a, &t, "x", SLICE("1\x00" "2\n")), -EINVAL);
	for (int i = 0; i < 10000; i++)
		sb_addstr(&sb, "1 ");
	sb_addstr(&sb, "\n");
	assert_int_equal(sysctl_add(&a, &t, "x", slice_of(sb_str(&sb))), -EINVAL);
	assert_int_equal(t.n, 0);
	assert_int_equal(sysctl_add(&a, &t, "x", SLICE("9223372036854775808\n")), 0);
	assert_null(t.v[0].values); /* not a wrong number */
}

static void test_choice(void **state UNUSED)
{
	struct slice word;

	assert_true(sysctl_choice(SLICE("always defer [madvise] never\n"), &word));
	assert_true(slice_eq(word, "madvise"));
	assert_false(sysctl_choice(SLICE("always never\n"), &word));
	assert_false(sysctl_choice(SLICE("always [never\n"), &word));
	assert_false(sysctl_choice(SLICE("[] always\n"), &word));
}

static void test_cpulist(void **state UNUSED)
{
	static const int want[] = { 0, 1, 2, 3, 8, 10, 11 };
	auto_arena struct arena a = { 0 };
	int *ids;
	size_t n;

	assert_int_equal(read_cpulist(&a, SLICE("0-3,8,10-11\n"), &ids, &n), 0);
	assert_int_equal(n, ARRAY_SIZE(want));
	assert_memory_equal(ids, want, sizeof(want));
	assert_int_equal(read_cpulist(&a, SLICE("\n"), &ids, &n), 0); /* a node without CPUs */
	assert_int_equal(n, 0);
}

static void test_bad_cpulists(void **state UNUSED)
{
	static const char *const bad[] = {
		"0-3,8",	 "0-\n",	"-3\n",	     "3-1\n",	       "1,1\n",
		"2,1\n",	 "0,\n",	",1\n",	     "0-4294967295\n", "0-70000\n",
		"99999999999\n", "0x1\n",	"1 2\n",     "0-1-2\n",	       "0--1\n",
	};

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		auto_arena struct arena a = { 0 };
		int *ids;
		size_t n;

		assert_int_equal(read_cpulist(&a, slice_of(bad[i]), &ids, &n), -EINVAL);
	}
}

static void test_numbers(void **state UNUSED)
{
	auto_arena struct arena a = { 0 };
	uint64_t *v;
	size_t n;

	assert_int_equal(read_numbers(&a, SLICE("10 21 21 10\n"), &v, &n), 0);
	assert_int_equal(n, 4);
	is_u64s(v, (const uint64_t[]){ 10, 21, 21, 10 }, 4);
	assert_int_equal(read_numbers(&a, SLICE("10 2"), &v, &n), -EINVAL);
	assert_int_equal(read_numbers(&a, SLICE("10 -21\n"), &v, &n), -EINVAL);
}

static void test_slab_counts(void **state UNUSED)
{
	auto_arena struct arena a = { 0 };
	struct sysslab_cache c = { 0 };

	assert_int_equal(read_sysslab_attr(&a, "total_objects", SLICE("4288 N0=4000 N3=288\n"), &c), 0);
	assert_int_equal(read_sysslab_attr(&a, "objects", SLICE("4149 N0=4149\n"), &c), 0);
	assert_int_equal(read_sysslab_attr(&a, "order", SLICE("3\n"), &c), 0);
	assert_int_equal(read_sysslab_attr(&a, "slabs_cpu_partial", SLICE("160(5) C0=128(4)\n"), &c), 0);
	is_known(c.total_objects, 4288);
	assert_int_equal(c.n_node_total, 2);
	assert_int_equal(c.node_total[1].node, 3);
	assert_int_equal(c.node_total[1].count, 288);
	is_known(c.objects, 4149);
	assert_int_equal(c.n_node_objects, 1);
	is_known(c.order, 3);
	assert_false(c.partial.known);
}

static void test_slab_ctor_and_empty(void **state UNUSED)
{
	auto_arena struct arena a = { 0 };
	struct sysslab_cache c = { 0 };

	assert_int_equal(read_sysslab_attr(&a, "ctor", SLICE(""), &c), 0);
	assert_null(c.ctor);
	assert_int_equal(read_sysslab_attr(&a, "ctor", SLICE("init_once+0x0/0x50\n"), &c), 0);
	assert_string_equal(c.ctor, "init_once+0x0/0x50");
	assert_int_equal(read_sysslab_attr(&a, "cpu_slabs", SLICE(""), &c), 0);
	assert_false(c.cpu_slabs.known);
}

static void test_bad_slab_attributes(void **state UNUSED)
{
	auto_arena struct arena a = { 0 };
	struct sysslab_cache c = { 0 };

	assert_int_equal(read_sysslab_attr(&a, "objects", SLICE("41"), &c), -EINVAL);
	assert_int_equal(read_sysslab_attr(&a, "objects", SLICE("-41\n"), &c), -EINVAL);
	assert_int_equal(read_sysslab_attr(&a, "objects", SLICE("41 N0=\n"), &c), -EINVAL);
	assert_int_equal(read_sysslab_attr(&a, "objects", SLICE("41 X0=1\n"), &c), -EINVAL);
	assert_int_equal(read_sysslab_attr(&a, "objects", SLICE("yes\n"), &c), -EINVAL);
	assert_false(c.objects.known);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),	   cmocka_unit_test(test_bad_values),
		cmocka_unit_test(test_choice),	   cmocka_unit_test(test_cpulist),
		cmocka_unit_test(test_bad_cpulists), cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_slab_counts), cmocka_unit_test(test_slab_ctor_and_empty),
		cmocka_unit_test(test_bad_slab_attributes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
