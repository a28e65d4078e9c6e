// SPDX-License-Identifier: GPL-2.0-or-later
/* read/pagetypeinfo: mm/vmstat.c:pagetypeinfo_show, once for each node with memory. */
#include "unit/reader.h"

#include "read/pagetypeinfo.h"

static const char two_nodes[] =
	"Page block order: 9\n"
	"Pages per block:  512\n"
	"\n"
	"Free pages count per migrate type at order       0      1      2 \n"
	"Node    0, zone      DMA, type    Unmovable      0      0      1 \n"
	"Node    0, zone      DMA, type      Movable      0      0      2 \n"
	"Node    0, zone   Normal, type    Unmovable >100000     12     40 \n"
	"Node    0, zone   Normal, type      Movable   5000 >100000      2 \n"
	"\n"
	"Number of blocks type     Unmovable      Movable \n"
	"Node 0, zone      DMA            1            7 \n"
	"Node 0, zone   Normal           20         1000 \n"
	"\n"
	"Number of mixed blocks     Unmovable      Movable \n"
	"Node 0, zone      DMA            0            1 \n"
	"Node 0, zone   Normal            3           10 \n"
	"Page block order: 9\n"
	"Pages per block:  512\n"
	"\n"
	"Free pages count per migrate type at order       0      1      2 \n"
	"Node    1, zone   Normal, type    Unmovable      9      8      7 \n"
	"Node    1, zone   Normal, type      Movable      6      5      4 \n"
	"\n"
	"Number of blocks type     Unmovable      Movable \n"
	"Node 1, zone   Normal          100          200 \n";

static int parse(struct arena *a, const char *text, struct pagetypeinfo *p, struct read_notes *n)
{
	return read_pagetypeinfo(a, slice_of(text), p, n);
}

static void test_two_nodes(void **state UNUSED)
{
	auto_arena struct arena a = { 0 };
	struct pagetypeinfo p;
	struct read_notes n;

	assert_int_equal(parse(&a, two_nodes, &p, &n), 0);
	assert_int_equal(n.bad_lines, 0);
	assert_true(p.has_pageblock_order);
	assert_int_equal(p.pageblock_order, 9);
	assert_int_equal(p.pages_per_block, 512);
	assert_int_equal(p.n_types, 2);
	assert_string_equal(p.types[1], "Movable");
	assert_int_equal(p.n_rows, 6);
	assert_string_equal(p.rows[5].zone, "Normal");
	assert_string_equal(p.rows[5].type, "Movable");
	assert_int_equal(p.rows[5].node, 1);
	is_u64s(p.rows[5].free_blocks, (const uint64_t[]){ 6, 5, 4 }, 3);
	assert_false(p.rows[5].any_capped);
	assert_int_equal(p.n_blocks, 3);
	is_u64s(p.blocks[1].pageblocks, (const uint64_t[]){ 20, 1000 }, 2);
}

/* 5.4 and later stop counting at 100000 and say so with '>'. */
static void test_capped(void **state UNUSED)
{
	auto_arena struct arena a = { 0 };
	struct pagetypeinfo p;
	struct read_notes n;

	assert_int_equal(parse(&a, two_nodes, &p, &n), 0);
	assert_true(p.rows[2].any_capped);
	assert_int_equal(p.rows[2].free_blocks[0], 100000);
	assert_true(p.rows[2].capped[0]);
	assert_false(p.rows[2].capped[1]);
	assert_int_equal(p.rows[2].free_blocks[1], 12);
	assert_true(p.rows[3].capped[1]);
}

/* The mixed section is there with page_owner=on only. */
static void test_mixed_blocks(void **state UNUSED)
{
	auto_arena struct arena a = { 0 };
	struct pagetypeinfo p;
	struct read_notes n;

	assert_int_equal(parse(&a, two_nodes, &p, &n), 0);
	assert_non_null(p.blocks[1].mixed);
	is_u64s(p.blocks[1].mixed, (const uint64_t[]){ 3, 10 }, 2);
	assert_null(p.blocks[2].mixed);
}

/* Names and their order are the header's: 3.10 has others than 4.4. */
static void test_types_of_3_10(void **state UNUSED)
{
	auto_arena struct arena a = { 0 };
	struct pagetypeinfo p;
	struct read_notes n;

	assert_int_equal(
		parse(&a,
		      "Page block order: 10\n"
		      "Pages per block:  1024\n\n"
		      "Free pages count per migrate type at order       0 \n"
		      "Node    0, zone   Normal, type    Unmovable    113 \n"
		      "Node    0, zone   Normal, type      Reserve      1 \n\n"
		      "Number of blocks type     Unmovable  Reclaimable      Movable      Reserve \n"
		      "Node 0, zone   Normal           14            4          101            1 \n",
		      &p, &n),
		0);
	assert_int_equal(p.pageblock_order, 10);
	assert_int_equal(p.n_types, 4);
	assert_string_equal(p.types[1], "Reclaimable");
	assert_string_equal(p.types[3], "Reserve");
	is_u64s(p.blocks[0].pageblocks, (const uint64_t[]){ 14, 4, 101, 1 }, 4);
}

static void bad(const char *text, uint64_t line, size_t rows, size_t blocks)
{
	auto_arena struct arena a = { 0 };
	struct pagetypeinfo p;
	struct read_notes n;

	assert_int_equal(parse(&a, text, &p, &n), 0);
	one_bad_line(&n, line);
	assert_int_equal(p.n_rows, rows);
	assert_int_equal(p.n_blocks, blocks);
}

#define HEAD "Free pages count per migrate type at order       0      1 \n"
#define ROW  "Node    0, zone   Normal, type      Movable      1      2 \n"
#define KIND "Number of blocks type     Unmovable      Movable \n"

static void test_bad_lines_cost_themselves(void **state UNUSED)
{
	bad(HEAD ROW ROW, 3, 1, 0); /* the same row again */
	bad(HEAD ROW "Node    0, zone   Normal, type  Unmovable      1 \n", 3, 1, 0);
	bad(HEAD ROW "Node    0, zone   Normal, type  Unmovable     -1      1 \n", 3, 1, 0);
	bad(HEAD ROW "Node    0, zone   Normal, type  Unmovable      1     >> \n", 3, 1, 0);
	bad(HEAD ROW "Node    0, zone   Normal, type  Unmovable      1      1", 3, 1, 0);
	bad(KIND "Node 0, zone   Normal            1 \n", 2, 0, 0);
	bad(KIND "Node 0, zone   Normal            1            2            3 \n", 2, 0, 0);
	bad(KIND "Node 0, zone   Normal            1            2", 2, 0, 0);
	bad(KIND "Node 0, zone Normal 1 2 \nNode 0, zone Normal 1 2 \n", 3, 0, 1);
	bad("Pages per block:  512\nNode 0, zone Normal 1 2 \n", 2, 0, 0); /* columns unnamed */
	bad(HEAD ROW "Page block order: 64\n", 3, 1, 0);
	bad(HEAD ROW "Page block order: 1", 3, 1, 0); /* of 10, or 13 */
	bad(HEAD ROW "\x7f\x45\x4c\x46\n", 3, 1, 0);
}

/* Columns under a header with other names must not be taken for ours. */
static void test_header_that_differs(void **state UNUSED)
{
	auto_arena struct arena a = { 0 };
	struct pagetypeinfo p;
	struct read_notes n;

	assert_int_equal(parse(&a,
			       KIND "Node 0, zone   Normal   1  2 \n"
				    "Number of blocks type       Movable    Unmovable \n"
				    "Node 1, zone   Normal   3  4 \n",
			       &p, &n),
			 0);
	assert_int_equal(p.n_blocks, 1);
	assert_int_equal(n.bad_lines, 2);
	assert_int_equal(n.first_bad, 3);
}

static void test_another_file(void **state UNUSED)
{
	auto_arena struct arena a = { 0 };
	struct pagetypeinfo p;
	struct read_notes n;

	assert_int_equal(parse(&a, "nr_free_pages 5\n", &p, &n), -EINVAL);
	assert_int_equal(parse(&a, "", &p, &n), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_two_nodes),
		cmocka_unit_test(test_capped),
		cmocka_unit_test(test_mixed_blocks),
		cmocka_unit_test(test_types_of_3_10),
		cmocka_unit_test(test_bad_lines_cost_themselves),
		cmocka_unit_test(test_header_that_differs),
		cmocka_unit_test(test_another_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
