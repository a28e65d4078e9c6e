// SPDX-License-Identifier: GPL-2.0-or-later
/* read/extfrag, read/allocinfo, read/gfpformat and read/kconfig. */
#include "unit/reader.h"

#include "read/allocinfo.h"
#include "read/extfrag.h"
#include "read/gfpformat.h"
#include "read/kconfig.h"

/* "%2d.%03d" of index / 1000 and index % 1000, both with the index's sign. */
static void test_extfrag(void **state UNUSED)
{
	static const int64_t want[] = { -1000, -500, -5, 0, 5, 813, 1000 };
	auto_arena struct arena a = { 0 };
	struct read_notes n;
	struct extfrag x;

	assert_int_equal(read_extfrag(&a,
				      SLICE("Node 0, zone      DMA -1.000  0.-500  0.-05  0.000  0.005"
					    "  0.813  1.000 \n"),
				      &x, &n),
			 0);
	assert_int_equal(n.bad_lines, 0);
	assert_int_equal(x.n_rows, 1);
	assert_int_equal(x.rows[0].n_orders, ARRAY_SIZE(want));
	for (size_t i = 0; i < ARRAY_SIZE(want); i++)
		assert_int_equal(x.rows[0].milli[i], want[i]);
}

static void test_bad_extfrag(void **state UNUSED)
{
	static const char *const bad[] = { "0.5",   "0.0000", "-0.500", "1.-500", "-1.500", "0",
					   "0.--5", ".500",   "0.-5",	"99999999.000" };

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		auto_arena struct arena a = { 0 };
		char text[128];
		struct read_notes n;
		struct extfrag x;

		snprintf(text, sizeof(text), "Node 0, zone DMA 0.000 0.001 \nNode 0, zone Normal 0.000 %s \n",
			 bad[i]);
		assert_int_equal(read_extfrag(&a, slice_of(text), &x, &n), 0);
		one_bad_line(&n, 2);
		assert_int_equal(x.n_rows, 1);
	}
}

static void test_allocinfo(void **state UNUSED)
{
	auto_arena struct arena a = { 0 };
	struct read_notes n;
	struct allocinfo x;

	assert_int_equal(read_allocinfo(&a,
					SLICE("allocinfo - version: 2.0\n"
					      "#     <size>  <calls> <tag info>\n"
					      "           0        0 init/main.c:1310 func:do_initcalls \n"
					      "     1048576      256 fs/xfs/kmem.c:20 [xfs] func:kmem_alloc accurate:no\n"
					      "    33554432     8192 mm/slub.c:3049 func:alloc_slab_page \n"),
					&x, &n),
			 0);
	assert_int_equal(n.bad_lines, 0);
	assert_int_equal(x.bytes, 33554432 + 1048576);
	assert_int_equal(x.calls, 8192 + 256);
	assert_int_equal(x.n_sites, 2); /* that hold anything */
	assert_string_equal(x.sites[0].location, "mm/slub.c:3049");
	assert_string_equal(x.sites[0].function, "alloc_slab_page");
	assert_null(x.sites[0].module);
	assert_false(x.sites[0].inaccurate);
	assert_string_equal(x.sites[1].module, "xfs");
	assert_true(x.sites[1].inaccurate);
	assert_int_equal(read_allocinfo(&a, SLICE("1 1 a.c:1 func:b\n1 1 a.c:2 func:lo"), &x, &n), 0);
	one_bad_line(&n, 2);
	assert_int_equal(read_allocinfo(&a, SLICE("nr_free_pages 1\n"), &x, &n), -EINVAL);
}

static void flag(const struct gfpformat *g, const char *name, uint64_t mask)
{
	for (size_t i = 0; i < g->n_flags; i++) {
		if (strcmp(g->flags[i].name, name) == 0) {
			assert_true(g->flags[i].mask == mask);
			return;
		}
	}
	fail_msg("no flag %s", name);
}

/* As 6.18 prints it: BIT() expanded, a closing entry without a name. */
static void test_gfpformat_6_18(void **state UNUSED)
{
	auto_arena struct arena a = { 0 };
	struct read_notes n;
	struct gfpformat g;

	assert_int_equal(
		read_gfpformat(
			&a,
			SLICE("name: mm_page_alloc\nID: 653\nformat:\n"
			      "\tfield:unsigned long gfp_flags;\toffset:24;\tsize:8;\tsigned:0;\n\n"
			      "print fmt: \"page=%p gfp_flags=%s\", REC->pfn != -1UL ? (((struct page *)"
			      "vmemmap_base) + (REC->pfn)) : ((void *)0), (REC->gfp_flags) ? __print_flags("
			      "REC->gfp_flags, \"|\", {( unsigned long)((( gfp_t)(((((1UL))) << (10))|((((1UL))) "
			      "<< (11)))) | (( gfp_t)((((1UL))) << (6))) | (( gfp_t)((((1UL))) << (7)))), "
			      "\"GFP_KERNEL\"}, {( unsigned long)(( gfp_t)((((1UL))) << (6))), \"__GFP_IO\"}, "
			      "{ 0, ((void *)0) } ) : \"none\"\n"),
			&g, &n),
		0);
	assert_int_equal(n.bad_lines, 0);
	assert_int_equal(g.n_flags, 2);
	assert_string_equal(g.flags[0].name, "GFP_KERNEL");
	flag(&g, "GFP_KERNEL", 0xcc0); /* RECLAIM 0x400|0x800, IO 0x40, FS 0x80 */
	flag(&g, "__GFP_IO", 0x40);
}

static void test_gfpformat_old(void **state UNUSED)
{
	auto_arena struct arena a = { 0 };
	struct read_notes n;
	struct gfpformat g;

	assert_int_equal(
		read_gfpformat(&a,
			       SLICE("print fmt: \"%s\", __print_flags(REC->gfp_flags, \"|\", {(unsigned long)"
				     "(((( gfp_t)(0x400u|0x800u)) | (( gfp_t)0x40u) | (( gfp_t)0x2000u)) & ~(( "
				     "gfp_t)(0x400u|0x800u))), \"GFP_LIGHT\"}, {(unsigned long)(( gfp_t)0x10u), "
				     "\"GFP_WAIT\"}) : \"GFP_NOWAIT\"\n"),
			       &g, &n),
		0);
	assert_int_equal(g.n_flags, 2);
	flag(&g, "GFP_LIGHT", 0x2040);
	flag(&g, "GFP_WAIT", 0x10);
}

/* 6.10 to early 6.12 print enumerators whose values only the kernel knows: no guess. */
static void test_gfpformat_names(void **state UNUSED)
{
	auto_arena struct arena a = { 0 };
	struct read_notes n;
	struct gfpformat g;

	assert_int_equal(
		read_gfpformat(&a,
			       SLICE("print fmt: \"%s\", __print_flags(REC->gfp_flags, \"|\", {( unsigned long)"
				     "(( gfp_t)((((1UL))) << (___GFP_IO_BIT))), \"__GFP_IO\"}, {( unsigned long)"
				     "(( gfp_t)0x80u), \"__GFP_FS\"}) : \"none\"\n"),
			       &g, &n),
		0);
	one_bad_line(&n, 1);
	assert_int_equal(g.n_flags, 1);
	assert_string_equal(g.flags[0].name, "__GFP_FS");
	assert_int_equal(read_gfpformat(&a, SLICE("name: mm_page_alloc\n"), &g, &n), -EINVAL);
	assert_int_equal(read_gfpformat(&a, SLICE("print fmt: __print_flags(\"|\", {1 << 64, \"A\"}"),
					&g, &n),
			 -EINVAL);
}

static const char config[] = "#\n# Automatically generated file; DO NOT EDIT.\n#\n"
			     "CONFIG_CC_VERSION_TEXT=\"gcc-12 (Debian \\\"12.2.0\\\") \\\\ 12\"\n"
			     "CONFIG_HZ=250\n"
			     "CONFIG_SLUB=y\n"
			     "# CONFIG_HIGHMEM is not set\n"
			     "CONFIG_NUMA=m\n"
			     "CONFIG_NUMA=y\n"
			     "CONFIG_CMDLINE=\"\"\n";

static void test_kconfig(void **state UNUSED)
{
	auto_arena struct arena a = { 0 };
	struct read_notes n;
	struct kconfig k;

	assert_int_equal(read_kconfig(&a, slice_of(config), NULL, 0, &k, &n), 0);
	assert_int_equal(n.bad_lines, 0);
	assert_int_equal(k.n, 6);
	assert_string_equal(kconfig_get(&k, "CC_VERSION_TEXT"), "gcc-12 (Debian \"12.2.0\") \\ 12");
	assert_string_equal(kconfig_get(&k, "HZ"), "250");
	assert_string_equal(kconfig_get(&k, "HIGHMEM"), "n");
	assert_string_equal(kconfig_get(&k, "NUMA"), "y"); /* the later line holds */
	assert_string_equal(kconfig_get(&k, "CMDLINE"), "");
	assert_null(kconfig_get(&k, "SLAB"));
}

static void test_kconfig_wanted(void **state UNUSED)
{
	static const char *const wanted[] = { "HIGHMEM", "SLUB", "SLUB_DEBUG" };
	auto_arena struct arena a = { 0 };
	struct read_notes n;
	struct kconfig k;

	assert_int_equal(read_kconfig(&a, slice_of(config), wanted, 3, &k, &n), 0);
	assert_int_equal(k.n, 2);
	assert_string_equal(kconfig_get(&k, "SLUB"), "y");
	assert_null(kconfig_get(&k, "HZ"));
	assert_null(kconfig_get(&k, "SLUB_DEBUG"));
}

static void test_bad_kconfig(void **state UNUSED)
{
	static const char *const bad[] = { "CONFIG_X=\n",    "CONFIG_=y\n",	   "CONFIG_X Y=y\n",
					   "CONFIG_X=\"y\n", "CONFIG_X\n",	   "X=y\n",
					   "CONFIG_X=25",    "CONFIG_X=\"\x01\"\n" };

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		auto_arena struct arena a = { 0 };
		char text[128];
		struct read_notes n;
		struct kconfig k;

		snprintf(text, sizeof(text), "CONFIG_SLUB=y\n%s", bad[i]);
		assert_int_equal(read_kconfig(&a, slice_of(text), NULL, 0, &k, &n), 0);
		one_bad_line(&n, 2);
		assert_int_equal(k.n, 1);
		assert_int_equal(read_kconfig(&a, slice_of(bad[i]), NULL, 0, &k, &n), -EINVAL);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_extfrag),	       cmocka_unit_test(test_bad_extfrag),
		cmocka_unit_test(test_allocinfo),      cmocka_unit_test(test_gfpformat_6_18),
		cmocka_unit_test(test_gfpformat_old),  cmocka_unit_test(test_gfpformat_names),
		cmocka_unit_test(test_kconfig),	       cmocka_unit_test(test_kconfig_wanted),
		cmocka_unit_test(test_bad_kconfig),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
