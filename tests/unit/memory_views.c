// SPDX-License-Identifier: GPL-2.0-or-later
/* model/slabview and model/vmallocview on caches and areas made by hand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "model/slabview.h"
#include "model/vmallocview.h"

static struct snapshot *machine(void)
{
	struct snapshot *s = snapshot_new();

	assert_non_null(s);
	s->kernel.page_size = opt_u64(4096);
	s->kernel.has_version = true;
	s->kernel.major = 6;
	s->kernel.minor = 1;
	return s;
}

static struct slabinfo_cache *one_cache(struct snapshot *s)
{
	s->has_slab = true;
	s->slab.version_major = 2;
	s->slab.version_minor = 1;
	s->slab.n_caches = 1;
	s->slab.caches = arena_array(&s->arena, 1, sizeof(*s->slab.caches));
	s->slab.caches[0].limit = opt_u64(0);
	return &s->slab.caches[0];
}

static struct slab_row build_slab(struct snapshot *s, struct slabview *v)
{
	assert_int_equal(slabview_build(&s->arena, s, v), 0);
	assert_int_equal(v->n_rows, 1);
	return v->rows[0];
}

/* 1000 objects of 300 bytes, 13 in a page of 4096 (196 bytes rest), 77 slabs: 1001 objects. */
static void test_slab_sums(void **state UNUSED)
{
	auto_snapshot struct snapshot *s = machine();
	struct slabinfo_cache *c = one_cache(s);
	struct slabview v;
	struct slab_row r;

	c->name = "x";
	c->active_objects = 1000;
	c->objects = 1001;
	c->object_size = 300;
	c->objects_per_slab = 13;
	c->pages_per_slab = 1;
	c->slabs = c->active_slabs = 77;
	r = build_slab(s, &v);
	assert_int_equal(r.bytes.v, 77 * 4096);
	assert_int_equal(r.active_bytes, 300000);
	assert_int_equal(r.wasted_bytes.v, 77 * 4096 - 300000);
	assert_int_equal(r.free_bytes, 300);
	assert_int_equal(r.slack_bytes.v, 77 * 196);
	assert_int_equal(r.used_milli.v, 300000 * 1000 / (77 * 4096));
	assert_true(r.bytes_exact);
	assert_false(r.active_exact);
	assert_int_equal(v.allocator, SLAB_SLUB);
	assert_false(v.counts_approx);
	assert_int_equal(r.reclaimable, BOOL_UNKNOWN);
}

/*
 * Preferred order 3: 32 objects of 1024; minimum order 0: 4 objects. 10 slabs with 236 objects:
 * 10 * 32 - 236 = 84 missing = 3 slabs x 28. With 237 objects no number of slabs fits.
 */
static void test_slabs_of_minimum_order(void **state UNUSED)
{
	auto_snapshot struct snapshot *s = machine();
	struct slabinfo_cache *c = one_cache(s);
	struct slabview v;
	struct slab_row r;

	c->name = "x";
	c->active_objects = c->objects = 236;
	c->object_size = 1024;
	c->objects_per_slab = 32;
	c->pages_per_slab = 8;
	c->slabs = 10;
	r = build_slab(s, &v);
	assert_int_equal(r.order, 3);
	assert_true(r.minimum_order_slabs.known);
	assert_int_equal(r.minimum_order_slabs.v, 3);
	assert_int_equal(r.surplus_bytes.v, 3 * 7 * 4096);
	assert_false(r.bytes_exact);
	c->objects = 237;
	r = build_slab(s, &v);
	assert_false(r.minimum_order_slabs.known);
	assert_false(r.bytes_exact);
}

static void test_slab_of_slab(void **state UNUSED)
{
	auto_snapshot struct snapshot *s = machine();
	struct slabinfo_cache *c = one_cache(s);
	struct slabview v;

	c->name = "x";
	c->limit = opt_u64(120);
	c->active_objects = 5;
	build_slab(s, &v);
	assert_int_equal(v.allocator, SLAB_SLAB);
	assert_true(v.counts_all_exact);
}

/* Merged: slabinfo knows it by one name, sysfs by a directory and links. */
static void test_aliases(void **state UNUSED)
{
	static const char *links[] = { "kmalloc-cg", "x", "y" };
	auto_snapshot struct snapshot *s = machine();
	struct slabinfo_cache *c = one_cache(s);
	struct slabview v;
	struct slab_row r;
	char *none[] = { (char[]){ "k*-rcl" }, NULL }, *alias[] = { (char[]){ "kmalloc-*" }, NULL };

	c->name = "x";
	c->active_objects = 10;
	c->object_size = 192;
	s->n_sysslab = 1;
	s->sysslab = arena_array(&s->arena, 1, sizeof(*s->sysslab));
	s->sysslab[0].name = ":a-0000192";
	s->sysslab[0].alias_names = links;
	s->sysslab[0].n_aliases = 3;
	s->sysslab[0].object_size = opt_u64(184);
	s->sysslab[0].reclaim_account = opt_u64(1);
	r = build_slab(s, &v);
	assert_int_equal(r.n_aliases, 2);
	assert_string_equal(r.alias_text, "kmalloc-cg,y");
	assert_int_equal(r.reclaimable, BOOL_YES);
	assert_int_equal(r.padding_bytes.v, 80);
	assert_int_equal(slabview_filter(s, &v, alias), 1);
	assert_int_equal(slabview_filter(s, &v, none), 0);
	assert_int_equal(v.active_bytes, 0);
}

static void test_slab_without_page_size(void **state UNUSED)
{
	auto_snapshot struct snapshot *s = machine();
	struct slabinfo_cache *c = one_cache(s);
	struct slabview v;
	struct slab_row r;

	s->kernel.page_size = OPT_UNKNOWN;
	c->name = "x";
	c->slabs = c->pages_per_slab = 1;
	r = build_slab(s, &v);
	assert_false(r.bytes.known);
	assert_false(r.wasted_bytes.known);
	assert_false(v.bytes.known);
}

static struct vmallocview build_areas(struct snapshot *s, struct vmalloc_caller *callers, size_t n)
{
	struct vmallocview v;

	s->has_vmalloc = true;
	s->vmalloc.callers = callers;
	s->vmalloc.n_callers = n;
	assert_int_equal(vmallocview_build(&s->arena, s, VMALLOC_BY_CALLER, &v), 0);
	return v;
}

/* One function at two offsets is one caller; "[mod id]" is a module with a build id. */
static void test_callers(void **state UNUSED)
{
	struct vmalloc_caller callers[] = {
		{ .caller = "f+0x1/0x9", .kind = VMALLOC_VMALLOC, .areas = 1, .bytes = 8192, .pages = 1 },
		{ .caller = "f+0x5/0x9", .kind = VMALLOC_VMALLOC, .areas = 2, .bytes = 16384, .pages = 2 },
		{ .caller = "f+0x5/0x9 [m 1f]", .kind = VMALLOC_VMALLOC, .areas = 1, .bytes = 4096 },
		{ .caller = "f+0x5/0x9", .kind = VMALLOC_IOREMAP, .areas = 1, .bytes = 4096 },
	};
	auto_snapshot struct snapshot *s = machine();
	struct vmallocview v = build_areas(s, callers, 4);

	assert_int_equal(v.n_rows, 3);
	assert_string_equal(v.rows[0].caller, "f");
	assert_null(v.rows[0].module);
	assert_int_equal(v.rows[0].areas, 3);
	assert_int_equal(v.rows[0].bytes, 12288);
	assert_int_equal(v.rows[0].guard, GUARD_COUNTED);
	assert_int_equal(v.rows[0].average_bytes, 4096);
	assert_int_equal(v.total.virtual_bytes, 32768);
	for (size_t i = 1; i < 3; i++) {
		if (v.rows[i].module)
			assert_string_equal(v.rows[i].module, "m");
		assert_int_equal(v.rows[i].bytes, 0); /* one guard page and nothing else */
	}
}

/* A range of 240 MiB at the top of 32 bits; modules lie far below it. */
static void test_hole(void **state UNUSED)
{
	static struct vmalloc_range ranges[] = {
		{ 0xbf000000, 0xbf010000 },
		{ 0xf0000000, 0xf0001000 },
		{ 0xf0009000, 0xf0010000 },
		{ 0xf0011000, 0xf0012000 },
	};
	auto_snapshot struct snapshot *s = machine();
	struct vmallocview v;

	s->kernel.arch = "armv7l";
	assert_int_equal(kv_add(&s->arena, &s->meminfo, SLICE("VmallocTotal"), 245760), 0);
	s->vmalloc.addresses = VMALLOC_ADDR_REAL;
	s->vmalloc.ranges = ranges;
	s->vmalloc.n_ranges = ARRAY_SIZE(ranges);
	v = build_areas(s, NULL, 0);
	assert_true(v.hole.at_least.known);
	assert_int_equal(v.hole.at_least.v, 0x8000);
	assert_int_equal(v.hole.at_most.v, 245760 * 1024 - 0x12000);
	s->vmalloc.addresses = VMALLOC_ADDR_HASHED;
	v = build_areas(s, NULL, 0);
	assert_false(v.hole.at_least.known);
	assert_non_null(v.hole.why);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_slab_sums),
		cmocka_unit_test(test_slabs_of_minimum_order),
		cmocka_unit_test(test_slab_of_slab),
		cmocka_unit_test(test_aliases),
		cmocka_unit_test(test_slab_without_page_size),
		cmocka_unit_test(test_callers),
		cmocka_unit_test(test_hole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
