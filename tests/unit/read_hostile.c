// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Every reader on what is no file of the kernel's: a line of 10 MB, binary
 * junk, and so many different names that anything not linear would show.
 */
#include "unit/reader.h"

#include <time.h>

#include "read/allocinfo.h"
#include "read/buddyinfo.h"
#include "read/counters.h"
#include "read/extfrag.h"
#include "read/gfpformat.h"
#include "read/kconfig.h"
#include "read/kmemleak.h"
#include "read/page_owner.h"
#include "read/pagetypeinfo.h"
#include "read/slabinfo.h"
#include "read/sysctl.h"
#include "read/vmallocinfo.h"
#include "read/zoneinfo.h"

#define LONG_LINE  (10 * 1024 * 1024)
#define MANY	   200000
#define LIMIT_SECS 20 /* linear takes a tenth of one, under valgrind some seconds; quadratic takes minutes */

/* Runs a reader; *@found is how many things it found. */
typedef int run(struct arena *a, struct slice text, size_t *found);

#define RUN(reader, type, member)                                              \
	static int run_##reader(struct arena *a, struct slice text, size_t *found) \
	{                                                                      \
		struct read_notes notes;                                       \
		struct type out;                                               \
		int r = read_##reader(a, text, &out, &notes);                  \
                                                                               \
		*found = out.member;                                           \
		return r;                                                      \
	}

RUN(buddyinfo, buddyinfo, n_rows)
RUN(pagetypeinfo, pagetypeinfo, n_rows)
RUN(zoneinfo, zoneinfo, n_zones)
RUN(vmstat, kv_table, n)
RUN(meminfo, kv_table, n)
RUN(slabinfo, slabinfo, n_caches)
RUN(vmallocinfo, vmallocinfo, n_callers)
RUN(extfrag, extfrag, n_rows)
RUN(gfpformat, gfpformat, n_flags)
RUN(allocinfo, allocinfo, n_sites)

static int run_kconfig(struct arena *a, struct slice text, size_t *found)
{
	struct read_notes notes;
	struct kconfig out;
	int r = read_kconfig(a, text, NULL, 0, &out, &notes);

	*found = out.n;
	return r;
}

static int run_page_owner(struct arena *a, struct slice text, size_t *found)
{
	struct read_notes notes;
	struct page_owner out;
	int r = read_page_owner(a, text, 10, &out, &notes);

	*found = out.n_callers;
	return r;
}

static int run_kmemleak(struct arena *a, struct slice text, size_t *found)
{
	struct read_notes notes;
	struct kmemleak out;
	int r = read_kmemleak(a, text, 10, &out, &notes);

	*found = out.n_callers;
	return r;
}

static const struct {
	const char *name;
	run *run;
	const char *line; /* with a %u that makes it differ from the others; NULL: no such lines */
	size_t found;	  /* in MANY of them */
} readers[] = {
	{ "buddyinfo", run_buddyinfo, "Node %u, zone Normal 1 2 3 \n", MANY },
	{ "buddyinfo", run_buddyinfo, "Node 0, zone Z%u 1 2 3 \n", MANY },
	{ "pagetypeinfo", run_pagetypeinfo, "Node 1, zone Normal, type T%u 1 2 3 \n", MANY },
	{ "pagetypeinfo", run_pagetypeinfo, "Node %u, zone Normal, type Movable 1 2 3 \n", MANY },
	{ "zoneinfo", run_zoneinfo, "Node %u, zone Normal\n  per-node stats\n  nr_x 1\n", MANY },
	{ "zoneinfo", run_zoneinfo, "Node 0, zone Z%u\n  pages free 1\n    nr_x 1\n", MANY },
	{ "vmstat", run_vmstat, "nr_%u 1\n", MANY },
	{ "meminfo", run_meminfo, "Mem%u: 1 kB\n", MANY },
	{ "slabinfo", run_slabinfo, "c%u 1 2 3 4 5 : tunables 0 0 0 : slabdata 0 0 0\n", MANY },
	{ "vmallocinfo", run_vmallocinfo, "0x1000-0x3000 8192 f%u+0x1/0x2 vmalloc\n", MANY },
	{ "vmallocinfo", run_vmallocinfo,
	  "0xffffb50540010000-0xffffb50540012000    8192 a_name_that_begins_as_all_do_%u+0x1/0x2 pages=1 vmalloc N0=1\n", MANY },
	{ "vmallocinfo", run_vmallocinfo, "0x1000-0x3000 8192 f+0x1/0x2 vmalloc N%u=1\n", 1 },
	{ "vmallocinfo", run_vmallocinfo, "0x0-0x0 8192 f%1$u+0x1/0x2 vmalloc N%1$u=1\n", MANY },
	{ "extfrag", run_extfrag, "Node %u, zone Normal 0.001 \n", MANY },
	{ "gfpformat", run_gfpformat, NULL, 0 },
	{ "kconfig", run_kconfig, "CONFIG_X%u=y\n", MANY },
	{ "allocinfo", run_allocinfo, "1 1 a.c:%u func:f\n", MANY },
	{ "allocinfo", run_allocinfo, "0 0 a.c:%u func:f\n", 0 },
	{ "kmemleak", run_kmemleak, "unreferenced object 0x1 (size 8):\n  backtrace:\n    f%u+0x1/0x2\n", 10 },
	{ "page_owner", run_page_owner,
	  "Page allocated via order 0, mask 0x0()\nPFN 1 type Movable Block 1 type Movable Flags 0x0()\n f%u+0x1/0x2\n", 10 },
};

static double seconds(clock_t from)
{
	return (double)(clock() - from) / CLOCKS_PER_SEC;
}

static void on_junk(struct slice text)
{
	for (size_t i = 0; i < ARRAY_SIZE(readers); i++) {
		auto_arena struct arena a = { 0 };
		clock_t begin = clock();
		size_t found;

		if (readers[i].run(&a, text, &found) != -EINVAL || found != 0)
			fail_msg("%s took junk for its file", readers[i].name);
		assert_true(seconds(begin) < LIMIT_SECS);
	}
}

/* One line without an end, of each kind of byte that readers look for. */
static void test_long_line(void **state UNUSED)
{
	static const char fill[] = "A1:{\x80\x01";
	auto_free char *p = malloc(LONG_LINE);

	assert_non_null(p);
	for (size_t i = 0; i + 1 < sizeof(fill); i++) {
		memset(p, fill[i], LONG_LINE);
		on_junk((struct slice){ p, LONG_LINE });
	}
}

/* The right beginning, then ten million columns. */
static void test_endless_row(void **state UNUSED)
{
	static const char *const begin[] = {
		"Node 0, zone Normal ",
		"Node 0, zone Normal, type Movable ",
		"x 1 2 3 4 5 : tunables ",
		"0xffffb50540000000-0xffffb50540005000 20480 f+0x1/0x2 ",
		"CONFIG_",
		"print fmt: __print_flags(\"|\", {(",
		"nr_x ",
	};
	auto_free char *p = malloc(LONG_LINE);

	assert_non_null(p);
	for (size_t i = 0; i < ARRAY_SIZE(begin); i++) {
		size_t n = strlen(begin[i]);

		memcpy(p, begin[i], n);
		for (size_t j = n; j < LONG_LINE; j++)
			p[j] = (j - n) % 2 ? ' ' : '1';
		p[LONG_LINE - 1] = '\n';
		on_junk((struct slice){ p, LONG_LINE });
	}
}

static void test_binary(void **state UNUSED)
{
	enum { SIZE = 1024 * 1024 };
	auto_free unsigned char *p = malloc(SIZE);
	uint64_t random = 7;

	assert_non_null(p);
	for (size_t i = 0; i < SIZE; i++) {
		random = random * UINT64_C(6364136223846793005) + 1442695040888963407;
		p[i] = (unsigned char)(random >> 56);
	}
	on_junk((struct slice){ (const char *)p, SIZE });
	memset(p, '\0', SIZE);
	on_junk((struct slice){ (const char *)p, SIZE });
}

static void test_many_names(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_SIZE(readers); i++) {
		auto_strbuf struct strbuf sb = STRBUF_INIT;
		auto_arena struct arena a = { 0 };
		clock_t begin;
		size_t found;

		if (!readers[i].line)
			continue;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		for (unsigned int n = 0; n < MANY; n++)
			sb_printf(&sb, readers[i].line, n);
#pragma GCC diagnostic pop
		assert_false(sb.failed);
		begin = clock();
		assert_int_equal(readers[i].run(&a, (struct slice){ sb.buf, sb.len }, &found), 0);
		if (found != readers[i].found || seconds(begin) > LIMIT_SECS)
			fail_msg("%s: %zu found in %s, %.1f s", readers[i].name, found,
				 readers[i].line, seconds(begin));
	}
}

/* Nodes times callers may not become a table larger than the input warrants. */
static void test_node_table_is_bounded(void **state UNUSED)
{
	auto_strbuf struct strbuf sb = STRBUF_INIT;
	auto_arena struct arena a = { 0 };
	size_t found;

	for (unsigned int n = 0; n < 20000; n++)
		sb_printf(&sb, "0x0-0x0 8192 f%u+0x1/0x2 vmalloc N%u=1\n", n, n);
	assert_int_equal(run_vmallocinfo(&a, (struct slice){ sb.buf, sb.len }, &found), 0);
	assert_int_equal(found, 20000);
	assert_true(a.used_bytes < (size_t)64 << 20); /* the full table: 3 GB */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_long_line),     cmocka_unit_test(test_endless_row),
		cmocka_unit_test(test_binary),	      cmocka_unit_test(test_many_names),
		cmocka_unit_test(test_node_table_is_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
