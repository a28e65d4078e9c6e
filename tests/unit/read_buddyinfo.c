// SPDX-License-Identifier: GPL-2.0-or-later
/* read/buddyinfo: mm/vmstat.c:frag_show_print prints "Node %d, zone %8s " and "%6lu " an order. */
#include "unit/reader.h"

#include "read/buddyinfo.h"

static int parse(struct arena *a, const char *text, struct buddyinfo *b, struct read_notes *n)
{
	return read_buddyinfo(a, slice_of(text), b, n);
}

static void test_rows(void **state UNUSED)
{
	auto_arena struct arena a = { 0 };
	struct read_notes n;
	struct buddyinfo b;

	assert_int_equal(parse(&a,
			       "Node 0, zone      DMA      1      0      1 \n"
			       "Node 0, zone   Normal   1127 1234567     48 \n"
			       "Node 8, zone  HighMem      0      0      0 \n",
			       &b, &n),
			 0);
	assert_int_equal(b.n_rows, 3);
	assert_int_equal(n.lines, 3);
	assert_int_equal(n.bad_lines, 0);
	assert_string_equal(b.rows[0].zone, "DMA");
	assert_int_equal(b.rows[1].node, 0);
	is_u64s(b.rows[1].free_blocks, (const uint64_t[]){ 1127, 1234567, 48 }, 3);
	assert_int_equal(b.rows[2].node, 8); /* numbers may have gaps */
	assert_string_equal(b.rows[2].zone, "HighMem");
	assert_int_equal(b.rows[2].n_orders, 3);
}

/* 11 orders on most machines, 14 with 64 KiB pages, and nothing says that more cannot come. */
static void test_orders(void **state UNUSED)
{
	auto_arena struct arena a = { 0 };
	struct read_notes n;
	struct buddyinfo b;

	assert_int_equal(parse(&a, "Node 0, zone   Normal 0 0 0 0 0 0 0 0 0 0 0 0 0 7 \n", &b, &n),
			 0);
	assert_int_equal(b.rows[0].n_orders, 14);
	assert_int_equal(b.rows[0].free_blocks[13], 7);
}

static void test_bad_lines_cost_themselves(void **state UNUSED)
{
	static const char *const bad[] = {
		"Node 0, zone   Normal      1     -2      3 \n", /* negative */
		"Node 0, zone   Normal      1      2 18446744073709551616 \n", /* above 64 bits */
		"Node 0, zone   Normal      1      2 \n", /* an order is missing */
		"Node 0, zone   Normal      1      2      3      4 \n",
		"Node 0, zone   Normal      1      2     3x \n",
		"Node 0, zone   Normal \n",
		"Node -1, zone   Normal      1      2      3 \n",
		"Node 2147483648, zone   Normal      1      2      3 \n",
		"Node 0 zone   Normal      1      2      3 \n",
		"Node 0, zone   N\x80rmal      1      2      3 \n",
		"Node 0, zone      DMA      1      2      3 \n", /* given before */
	};

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		auto_arena struct arena a = { 0 };
		char text[512];
		struct read_notes n;
		struct buddyinfo b;

		snprintf(text, sizeof(text), "Node 0, zone      DMA      1      2      3 \n%s"
			 "Node 1, zone   Normal      4      5      6 \n", bad[i]);
		assert_int_equal(parse(&a, text, &b, &n), 0);
		one_bad_line(&n, 2);
		assert_int_equal(b.n_rows, 2);
		assert_int_equal(b.rows[1].free_blocks[2], 6);
	}
}

/* The kernel closes each row with a blank and a newline. */
static void test_cut_last_line(void **state UNUSED)
{
	auto_arena struct arena a = { 0 };
	struct read_notes n;
	struct buddyinfo b;

	assert_int_equal(parse(&a, "Node 0, zone DMA 1 2 3 \nNode 0, zone Normal 4 5 6", &b, &n), 0);
	assert_int_equal(b.n_rows, 1); /* 6 may have been 66 */
	one_bad_line(&n, 2);
	assert_int_equal(parse(&a, "Node 0, zone DMA 1 2 3 \nNode 0, zone Normal 4 5 ", &b, &n), 0);
	assert_int_equal(b.n_rows, 1);
	assert_int_equal(parse(&a, "Node 0, zone DMA 1 2 3 \nNode 0, zone Normal 4 5 6 ", &b, &n),
			 0);
	assert_int_equal(b.n_rows, 2); /* whole: three orders and the blank */
	assert_int_equal(parse(&a, "Node 0, zone DMA 1 2 3 ", &b, &n), -EINVAL);
}

static void test_another_file(void **state UNUSED)
{
	auto_arena struct arena a = { 0 };
	struct read_notes n;
	struct buddyinfo b;

	assert_int_equal(parse(&a, "MemTotal:  123 kB\nMemFree:  12 kB\n", &b, &n), -EINVAL);
	assert_int_equal(n.bad_lines, 2);
	assert_string_equal(n.excerpt, "MemTotal:  123 kB");
	assert_int_equal(parse(&a, "", &b, &n), 0);
	assert_int_equal(b.n_rows, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_orders),
		cmocka_unit_test(test_bad_lines_cost_themselves),
		cmocka_unit_test(test_cut_last_line),
		cmocka_unit_test(test_another_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
