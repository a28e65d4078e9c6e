// SPDX-License-Identifier: GPL-2.0-or-later
/* read/counters: vmstat's "name value" and meminfo's "Name: value kB". */
#include "unit/reader.h"

#include "read/counters.h"

typedef int reader(struct arena *, struct slice, struct kv_table *, struct read_notes *);

static void test_vmstat(void **state UNUSED)
{
	auto_arena struct arena a = { 0 };
	struct read_notes n;
	struct kv_table t;

	assert_int_equal(read_vmstat(&a,
				     SLICE("nr_free_pages 213021\n"
					   "pgalloc_dma32 9007199254740993\n"
					   "numa_hit 18446744073709551615\n"
					   "oom_kill 0\n"),
				     &t, &n),
			 0);
	assert_int_equal(t.n, 4);
	assert_string_equal(t.v[0].name, "nr_free_pages"); /* order of the file */
	is_known(kv_get(&t, "nr_free_pages"), 213021);
	is_known(kv_get(&t, "pgalloc_dma32"), UINT64_C(9007199254740993)); /* 2^53 + 1 */
	is_known(kv_get(&t, "numa_hit"), UINT64_MAX);
	is_known(kv_get(&t, "oom_kill"), 0);
	assert_false(kv_get(&t, "compact_stall").known);
	assert_false(kv_get(&t, "oom").known);
}

/* Counters that are sums of per-CPU parts can be seen below zero: not a big number. */
static void test_negative(void **state UNUSED)
{
	auto_arena struct arena a = { 0 };
	struct read_notes n;
	struct kv_table t;

	assert_int_equal(read_vmstat(&a, SLICE("nr_dirty -3\nnr_x -9223372036854775808\n"), &t, &n),
			 0);
	assert_int_equal(n.bad_lines, 0);
	assert_true(t.v[0].is_negative);
	assert_int_equal(t.v[0].value, 3);
	assert_true(t.v[1].value == UINT64_C(1) << 63);
	assert_false(kv_get(&t, "nr_dirty").known);
}

static void test_meminfo(void **state UNUSED)
{
	auto_arena struct arena a = { 0 };
	struct read_notes n;
	struct kv_table t;

	assert_int_equal(read_meminfo(&a,
				      SLICE("MemTotal:        2075428 kB\n"
					    "Active(anon):     208384 kB\n"
					    "VmallocTotal:   13743895347199 kB\n"
					    "HugePages_Total:       0\n"
					    "DirectMap4k:      402252 kB\n"),
				      &t, &n),
			 0);
	assert_int_equal(n.bad_lines, 0);
	assert_int_equal(t.n, 5);
	is_known(kv_get(&t, "MemTotal"), 2075428);
	is_known(kv_get(&t, "Active(anon)"), 208384);
	is_known(kv_get(&t, "VmallocTotal"), UINT64_C(13743895347199));
	is_known(kv_get(&t, "HugePages_Total"), 0);
}

/* nodeN/meminfo: drivers/base/node.c:node_read_meminfo. */
static void test_meminfo_of_a_node(void **state UNUSED)
{
	auto_arena struct arena a = { 0 };
	struct read_notes n;
	struct kv_table t;

	assert_int_equal(read_meminfo(&a,
				      SLICE("Node 1 MemTotal:       65536 kB\n"
					    "Node 1 Active(file):       0 kB\n"
					    "Node 1 HugePages_Free:      7\n"),
				      &t, &n),
			 0);
	assert_int_equal(t.n, 3);
	is_known(kv_get(&t, "MemTotal"), 65536);
	is_known(kv_get(&t, "HugePages_Free"), 7);
}

static void test_meminfo_2_4(void **state UNUSED)
{
	auto_arena struct arena a = { 0 };
	struct read_notes n;
	struct kv_table t;

	assert_int_equal(
		read_meminfo(&a,
			     SLICE("        total:    used:    free:  shared: buffers:  cached:\n"
				   "Mem:  1055760384 1025839104 29921280        0 45514752 600539136\n"
				   "Swap: 2146787328 41775104 2105012224\n"
				   "MemTotal:      1031016 kB\n"),
			     &t, &n),
		0);
	assert_int_equal(n.bad_lines, 0);
	assert_int_equal(t.n, 1);
	is_known(kv_get(&t, "MemTotal"), 1031016);
}

static void bad(reader *read, const char *text, uint64_t line, size_t good)
{
	auto_arena struct arena a = { 0 };
	struct read_notes n;
	struct kv_table t;

	assert_int_equal(read(&a, slice_of(text), &t, &n), 0);
	one_bad_line(&n, line);
	assert_int_equal(t.n, good);
}

static void test_bad_lines_cost_themselves(void **state UNUSED)
{
	bad(read_vmstat, "a 1\nb 18446744073709551616\nc 3\n", 2, 2);
	bad(read_vmstat, "a 1\nb -9223372036854775809\nc 3\n", 2, 2);
	bad(read_vmstat, "a 1\na 2\nc 3\n", 2, 2); /* which of the two would be true? */
	bad(read_vmstat, "a 1\nb\nc 3\n", 2, 2);
	bad(read_vmstat, "a 1\nb 2 3\nc 3\n", 2, 2);
	bad(read_vmstat, "a 1\nb\x01 2\nc 3\n", 2, 2);
	bad(read_vmstat, "a 1\nb 2", 2, 1); /* 2 may have been 22 */
	bad(read_meminfo, "A: 1 kB\nB: 2 MB\nC: 3\n", 2, 2);
	bad(read_meminfo, "A: 1 kB\nB 2 kB\nC: 3\n", 2, 2);
	bad(read_meminfo, "A: 1 kB\nNode x B: 2 kB\nC: 3\n", 2, 2);
	bad(read_meminfo, "A: 1 kB\nA: 2 kB\nC: 3\n", 2, 2);
	bad(read_meminfo, "A: 1 kB\nB: 2 k", 2, 1);
	bad(read_meminfo, "A: 1 kB\nHugePages_Free: 1", 2, 1);
}

static void test_whole_without_newline(void **state UNUSED)
{
	auto_arena struct arena a = { 0 };
	struct read_notes n;
	struct kv_table t;

	assert_int_equal(read_meminfo(&a, SLICE("A: 1 kB\nB: 2 kB"), &t, &n), 0);
	assert_int_equal(t.n, 2); /* the unit says that the number is whole */
}

static void test_another_file(void **state UNUSED)
{
	auto_arena struct arena a = { 0 };
	struct read_notes n;
	struct kv_table t;

	assert_int_equal(read_vmstat(&a, SLICE("HugePages_Total:       0\n"), &t, &n), -EINVAL);
	assert_int_equal(read_meminfo(&a, SLICE("nr_free_pages 213021\n"), &t, &n), -EINVAL);
	assert_int_equal(read_meminfo(&a, SLICE(""), &t, &n), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vmstat),
		cmocka_unit_test(test_negative),
		cmocka_unit_test(test_meminfo),
		cmocka_unit_test(test_meminfo_of_a_node),
		cmocka_unit_test(test_meminfo_2_4),
		cmocka_unit_test(test_bad_lines_cost_themselves),
		cmocka_unit_test(test_whole_without_newline),
		cmocka_unit_test(test_another_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
