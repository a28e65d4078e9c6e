// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * dma_alloc_coherent and cma_alloc either side of their borders. Expected by
 * hand from kernel/dma/direct.c, kernel/dma/contiguous.c, kernel/dma/mapping.c
 * and drivers/iommu/dma-iommu.c of 6.1 and 6.12.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kernel/dma.h"
#include "model_state.h"

enum { DMA, DMA32, NORMAL };

/* x86 with 6 GiB: DMA to 16 MiB, DMA32 to 4 GiB, Normal to 6 GiB. */
static void pc(struct machine *m, unsigned int major, unsigned int minor)
{
	static const uint64_t start[] = { 1, 4096, 1 << 20 }, end[] = { 4096, 1 << 20, 3 << 19 };

	machine_init(m, major, minor, 100);
	for (int z = DMA; z <= NORMAL; z++) {
		m->zones[z].managed_pages = opt_u64(end[z] - start[z]);
		m->zones[z].start_pfn = opt_u64(start[z]);
		m->zones[z].spanned_pages = opt_u64(end[z] - start[z]);
		m->zones[z].min = opt_u64(10);
		m->zones[z].low = opt_u64(12);
	}
}

static struct verdict ask(struct machine *m, uint64_t bytes, int mask, const char *gfp)
{
	struct request r = request_of(API_DMA_ALLOC_COHERENT);
	struct verdict v;

	r.size = opt_u64(bytes);
	r.dma_mask = mask;
	assert_int_equal(gfp_parse(&m->mm.names, slice_of(gfp), &r.gfp, NULL), 0);
	assert_int_equal(explain_request(&m->e, &r, &v), 0);
	return v;
}

/* dma_direct_optimal_gfp_mask: to 24 bits DMA (x86), to 32 DMA32, above any. */
static void test_zone_of_mask(void **state UNUSED)
{
	static const struct {
		int mask;
		uint32_t zone;
	} cases[] = {
		{ 24, GF_DMA }, { 25, GF_DMA32 }, { 30, GF_DMA32 }, { 31, GF_DMA32 },
		{ 32, GF_DMA32 }, { 33, 0 }, { 64, 0 },
	};
	struct machine m;

	pc(&m, 6, 12);
	machine_ready(&m);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_int_equal(dma_direct_optimal_gfp_mask(&m.mm, cases[i].mask), cases[i].zone);
	assert_int_equal(dma_zone_bits(&m.mm, GFP_ZONE_DMA), 24);
	assert_int_equal(dma_zone_bits(&m.mm, GFP_ZONE_DMA32), 32);
	assert_int_equal(dma_zone_bits(&m.mm, GFP_ZONE_NORMAL), 33);
	machine_done(&m);
	/* elsewhere the end of ZONE_DMA: arm64 with 1 GiB of it */
	pc(&m, 6, 12);
	m.snap.kernel.arch = "aarch64";
	m.zones[DMA].start_pfn = opt_u64(0);
	m.zones[DMA].spanned_pages = opt_u64(1 << 18);
	machine_ready(&m);
	assert_int_equal(dma_direct_optimal_gfp_mask(&m.mm, 30), GF_DMA);
	assert_int_equal(dma_direct_optimal_gfp_mask(&m.mm, 31), GF_DMA32);
	machine_done(&m);
}

/* Where blocks are free against what a device reaches. */
static void test_reach(void **state UNUSED)
{
	static const struct {
		int where, mask;
		bool ok;
	} cases[] = {
		{ DMA, 24, true },    { DMA32, 24, false },  { NORMAL, 24, false },
		{ DMA, 32, true },    { DMA32, 32, true },   { NORMAL, 32, false },
		{ DMA, 64, true },    { DMA32, 64, true },   { NORMAL, 64, true },
		{ NORMAL, 33, true }, /* 6 GiB end below 2^33 */
		{ NORMAL, 31, false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct machine m;
		struct verdict v;

		pc(&m, 6, 12);
		machine_add(&m, cases[i].where, MIGRATE_UNMOVABLE, 5, 20);
		machine_ready(&m);
		v = ask(&m, 65536, cases[i].mask, "GFP_ATOMIC");
		if ((v.probability > 0.9) != cases[i].ok)
			fail_msg("zone %d, %d bits: %f", cases[i].where, cases[i].mask, v.probability);
		if (!cases[i].ok && v.cause != CAUSE_DMA_MASK)
			fail_msg("zone %d, %d bits: %s", cases[i].where, cases[i].mask, cause_name(v.cause));
		machine_done(&m);
	}
}

/*
 * A mask that ends within DMA32 (16 MiB to 4 GiB): (1024 - 16) / (4096 - 16) = 0.247 of it lie below
 * 30 bits, 0.004 below 25; what lies above goes back, and ZONE_DMA is asked.
 */
static void test_mask_within_zone(void **state UNUSED)
{
	static const struct {
		int mask;
		bool dma;
		double least, most;
	} cases[] = {
		{ 30, false, 0.24, 0.25 }, { 25, false, 0, 0.02 }, { 30, true, 0.98, 1 }, { 25, true, 0.98, 1 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct machine m;
		struct verdict v;

		pc(&m, 6, 12);
		machine_add(&m, DMA32, MIGRATE_UNMOVABLE, 5, 20);
		if (cases[i].dma)
			machine_add(&m, DMA, MIGRATE_UNMOVABLE, 5, 20);
		machine_ready(&m);
		v = ask(&m, 65536, cases[i].mask, "GFP_ATOMIC");
		if (v.probability < cases[i].least || v.probability > cases[i].most)
			fail_msg("%d bits: %f", cases[i].mask, v.probability);
		machine_done(&m);
	}
}

/* 240 MiB from 16 MiB on, spanned to 4 GiB: all of it lies below 28 bits (6.12, RAM below 4 GiB of 256 MiB). */
static void test_hole_above(void **state UNUSED)
{
	struct machine m;

	pc(&m, 6, 12);
	m.zones[DMA32].present_pages = m.zones[DMA32].managed_pages = opt_u64(61440);
	machine_add(&m, DMA32, MIGRATE_UNMOVABLE, 5, 20);
	machine_ready(&m);
	assert_true(ask(&m, 65536, 28, "GFP_ATOMIC").probability > 0.98);
	machine_done(&m);
}

/* The caller's own zone flags do not count (dma_alloc_attrs clears them). */
static void test_zone_flags_are_dropped(void **state UNUSED)
{
	struct machine m;

	pc(&m, 6, 12);
	machine_add(&m, NORMAL, MIGRATE_UNMOVABLE, 5, 20);
	machine_ready(&m);
	assert_true(ask(&m, 65536, 64, "GFP_ATOMIC|__GFP_DMA").probability > 0.98);
	machine_done(&m);
}

/* dma_alloc_attrs refuses __GFP_COMP: absent in 6.1, there in 6.12. */
static void test_comp(void **state UNUSED)
{
	for (int late = 0; late <= 1; late++) {
		struct machine m;

		pc(&m, 6, late ? 12 : 1);
		machine_add(&m, DMA32, MIGRATE_UNMOVABLE, 5, 20);
		machine_ready(&m);
		assert_int_equal(ask(&m, 65536, 32, "GFP_KERNEL|__GFP_COMP").probability < 0.02, late);
		machine_done(&m);
	}
}

/* CMA first, if it may sleep, if more than a page is asked, and if the device reaches the area. */
static void test_cma_first(void **state UNUSED)
{
	static const struct {
		uint64_t bytes;
		int mask;
		const char *gfp;
		bool cma;
	} cases[] = {
		{ 8192, 32, "GFP_KERNEL", true },  { 4096, 32, "GFP_KERNEL", false },
		{ 8192, 32, "GFP_ATOMIC", false }, { 8192, 24, "GFP_KERNEL", false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct machine m;

		pc(&m, 6, 12);
		machine_meminfo(&m, "CmaTotal", 65536);
		machine_meminfo(&m, "CmaFree", 65536);
		m.zones[DMA32].cma_pages = opt_u64(16384);
		machine_add(&m, DMA32, MIGRATE_CMA, 10, 16);
		machine_ready(&m);
		if ((ask(&m, cases[i].bytes, cases[i].mask, cases[i].gfp).mechanism == MECHANISM_CMA) !=
		    cases[i].cma)
			fail_msg("case %zu", i);
		machine_done(&m);
	}
}

/* cma_alloc: the largest free run decides where it is known; more than the area never. */
static void test_cma_alloc(void **state UNUSED)
{
	static const struct {
		uint64_t pages, maxchunk;
		bool ok, at_most;
	} cases[] = {
		{ 512, 512, true, false }, { 513, 512, false, true }, { 16385, 16384, false, true },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct snap_cma area = { .name = "reserved", .maxchunk_pages = opt_u64(cases[i].maxchunk) };
		struct machine m;
		struct verdict v;

		pc(&m, 6, 12);
		machine_meminfo(&m, "CmaTotal", 65536);
		machine_meminfo(&m, "CmaFree", 65536);
		m.snap.cma = &area;
		m.snap.n_cma = 1;
		machine_ready(&m);
		v = machine_ask_api(&m, API_CMA_ALLOC, cases[i].pages * 4096, NULL);
		if ((v.probability > 0.9) != cases[i].ok || (verdict_of(v.probability) == FAILS) != cases[i].at_most)
			fail_msg("%llu pages: %f", (unsigned long long)cases[i].pages, v.probability);
		machine_done(&m);
	}
}

/* A request for more than any area has left fails, whatever of it is free for others. */
static void test_cma_available(void **state UNUSED)
{
	static const struct {
		uint64_t pages, available, used; /* used: in place of available, from debugfs */
		enum verdict_class least, most;
	} cases[] = {
		{ 225, 224, 0, FAILS, FAILS },
		{ 224, 224, 0, UNCERTAIN, LIKELY_SUCCEEDS },
		{ 8192, 8192, 0, LIKELY_SUCCEEDS, LIKELY_SUCCEEDS },
		{ 1025, 0, 7168, FAILS, FAILS },
		{ 1024, 0, 7168, UNCERTAIN, LIKELY_SUCCEEDS },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct snap_cma areas[] = {
			{ .name = "small", .total_pages = opt_u64(16), .available_pages = opt_u64(16) },
			{ .name = "reserved", .total_pages = opt_u64(8192) },
		};
		struct machine m;
		enum verdict_class got;

		if (cases[i].used)
			areas[1].used_pages = opt_u64(cases[i].used);
		else
			areas[1].available_pages = opt_u64(cases[i].available);
		pc(&m, 7, 3);
		machine_meminfo(&m, "CmaTotal", 32832);
		machine_meminfo(&m, "CmaFree", 32832);
		m.snap.cma = areas;
		m.snap.n_cma = 2;
		machine_ready(&m);
		got = verdict_of(machine_ask_api(&m, API_CMA_ALLOC, cases[i].pages * 4096, NULL).probability);
		if (got < cases[i].least || got > cases[i].most)
			fail_msg("case %zu: %d", i, (int)got);
		machine_done(&m);
	}
}

static void test_no_cma(void **state UNUSED)
{
	struct machine m;

	pc(&m, 6, 12);
	machine_ready(&m);
	assert_int_equal(machine_ask_api(&m, API_CMA_ALLOC, 4096, NULL).cause, CAUSE_UNSUPPORTED);
	machine_done(&m);
}

/* Which path by what the files of the IOMMU say. */
static void test_iommu_path(void **state UNUSED)
{
	static const struct {
		unsigned int major, minor;
		const char *files[3]; /* "name=text" */
		const char *cmdline;
		enum dma_path path;
	} cases[] = {
		{ 6, 12, { NULL }, NULL, DMA_PATH_UNKNOWN },
		{ 6, 12, { "iommu/none=0" }, "quiet", DMA_PATH_DIRECT },
		{ 6, 12, { "iommu/dmar0=1" }, "quiet", DMA_PATH_IOMMU },
		{ 5, 10, { "iommu/dmar0=1" }, "quiet", DMA_PATH_IOMMU_CONTIGUOUS },
		{ 5, 10, { "iommu/ivhd0=1" }, "quiet", DMA_PATH_IOMMU },
		{ 6, 12, { "iommu/dmar0=1" }, "iommu=pt", DMA_PATH_DIRECT },
		{ 6, 12, { NULL }, "iommu=off", DMA_PATH_DIRECT },
		{ 6, 12, { NULL }, "intel_iommu=on", DMA_PATH_IOMMU },
		{ 6, 12, { "iommu/ivhd0=1", "iommu_groups/0/type=DMA-FQ" }, "quiet", DMA_PATH_IOMMU },
		{ 6, 12, { "iommu/ivhd0=1", "iommu_groups/0/type=identity" }, "quiet", DMA_PATH_DIRECT },
		{ 6, 12, { "iommu_groups/0/type=identity", "iommu_groups/1/type=DMA" }, "quiet",
		  DMA_PATH_MIXED },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct machine m;

		pc(&m, cases[i].major, cases[i].minor);
		m.snap.cmdline = cases[i].cmdline;
		for (size_t f = 0; f < 3 && cases[i].files[f]; f++) {
			const char *eq = strchr(cases[i].files[f], '=');

			machine_setting(&m, arena_strndup(&m.snap.arena, cases[i].files[f],
							  (size_t)(eq - cases[i].files[f])), eq + 1);
		}
		machine_ready(&m);
		if (dma_path(&m.mm) != cases[i].path)
			fail_msg("case %zu: %d", i, dma_path(&m.mm));
		machine_done(&m);
	}
}

/* Behind an IOMMU who may sleep needs single pages only; who may not needs the block all the same. */
static void test_iommu_pages(void **state UNUSED)
{
	for (int iommu = 0; iommu <= 1; iommu++) {
		struct machine m;
		struct verdict v;

		pc(&m, 6, 12);
		machine_setting(&m, iommu ? "iommu/ivhd0" : "iommu/none", iommu ? "1" : "0");
		m.snap.cmdline = "quiet";
		machine_add(&m, NORMAL, MIGRATE_UNMOVABLE, 0, 50000);
		machine_ready(&m);
		v = ask(&m, 1 << 20, 32, "GFP_KERNEL");
		assert_int_equal(v.mechanism == MECHANISM_IOMMU, iommu);
		assert_int_equal(v.probability > 0.98, iommu);
		assert_true(ask(&m, 1 << 20, 32, "GFP_ATOMIC").probability < 0.02);
		machine_done(&m);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_zone_of_mask), cmocka_unit_test(test_reach),
		cmocka_unit_test(test_mask_within_zone),
		cmocka_unit_test(test_hole_above),
		cmocka_unit_test(test_zone_flags_are_dropped), cmocka_unit_test(test_comp),
		cmocka_unit_test(test_cma_first), cmocka_unit_test(test_cma_alloc),
		cmocka_unit_test(test_cma_available),
		cmocka_unit_test(test_no_cma),
		cmocka_unit_test(test_iommu_path), cmocka_unit_test(test_iommu_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
