// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The other APIs either side of their borders: percpu, hugetlb, transparent
 * huge pages, socket buffers, the page wrappers, charges to a cgroup, and the
 * score of proactive compaction. Expected by hand from mm/ and net/core/ of
 * 6.1 and 6.12.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/memcg.h"
#include "kernel/proactive.h"
#include "model_state.h"

enum { NORMAL = 2 };

static void ample(struct machine *m, unsigned int major, unsigned int minor, unsigned int order)
{
	machine_init(m, major, minor, 100);
	machine_add(m, NORMAL, MIGRATE_UNMOVABLE, order, UINT64_C(100000) >> order);
}

/* PCPU_MIN_UNIT_SIZE, PFN_ALIGN(32 << 10): 32 KiB a CPU and no more, or a page where pages are larger. */
static void test_percpu(void **state UNUSED)
{
	static const struct {
		uint64_t page, size;
		bool ok;
	} cases[] = {
		{ 4096, 0, false },	 { 4096, 1, true },	 { 4096, 32768, true },	  { 4096, 32769, false },
		{ 16384, 32769, false }, { 65536, 49152, true }, { 65536, 65536, true }, { 65536, 65537, false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct machine m;
		struct verdict v;

		ample(&m, 6, 12, 0);
		m.snap.kernel.page_size = opt_u64(cases[i].page);
		machine_ready(&m);
		v = machine_ask_api(&m, API_ALLOC_PERCPU, cases[i].size, NULL);
		assert_int_equal(v.probability > 0.98, cases[i].ok);
		assert_int_equal(v.cause == CAUSE_SIZE_LIMIT, !cases[i].ok);
		machine_done(&m);
	}
}

/*
 * Without blocking there is what is populated: two pages always, three mostly, up to seven on a machine that was
 * asked before, eight on one that was asked twice.
 */
static void test_percpu_atomic(void **state UNUSED)
{
	static const struct {
		uint64_t size;
		enum verdict_class want;
	} cases[] = {
		{ 8192, SUCCEEDS },	    { 8193, LIKELY_SUCCEEDS },	{ 12289, LIKELY_SUCCEEDS },
		{ 28672, LIKELY_SUCCEEDS }, { 28673, UNCERTAIN },	{ 32768, UNCERTAIN },
		{ 32769, FAILS },
	};
	struct machine m;
	ample(&m, 6, 12, 0);
	machine_ready(&m);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct verdict v = machine_ask_api(&m, API_ALLOC_PERCPU, cases[i].size, "GFP_ATOMIC");

		if (verdict_of(v.probability) != cases[i].want)
			fail_msg("%llu bytes: %f", (unsigned long long)cases[i].size, v.probability);
	}
	machine_done(&m);
}

static void test_hugetlb(void **state UNUSED)
{
	static const struct {
		unsigned int block_order;
		uint64_t size;
		bool ok;
	} cases[] = {
		{ 9, 2 << 20, true }, { 10, 2 << 20, true }, { 8, 2 << 20, false }, { 9, 4 << 20, false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct machine m;

		ample(&m, 6, 12, cases[i].block_order);
		machine_ready(&m);
		assert_int_equal(machine_ask_api(&m, API_HUGETLB, cases[i].size, NULL).at_once, cases[i].ok);
		machine_done(&m);
	}
}

/* Sizes: the default without one; none but the pools'; gigantic ones are searched, not split. */
static void test_hugetlb_sizes(void **state UNUSED)
{
	struct snap_hugepages pools[] = { { .size_kb = 2048 }, { .size_kb = 1048576 } };
	struct request r = request_of(API_HUGETLB);
	struct machine m;
	struct verdict v;

	ample(&m, 6, 12, 9);
	machine_meminfo(&m, "Hugepagesize", 2048);
	m.snap.hugepages = pools;
	m.snap.n_hugepages = 2;
	machine_ready(&m);
	assert_int_equal(explain_request(&m.e, &r, &v), 0);
	assert_true(v.probability > 0.98);
	assert_int_equal(v.bytes_used, 2 << 20);
	assert_int_equal(machine_ask_api(&m, API_HUGETLB, 65536, NULL).cause, CAUSE_UNSUPPORTED);
	v = machine_ask_api(&m, API_HUGETLB, 1 << 30, NULL);
	assert_false(v.at_once);
	assert_true(v.probability < 0.98);
	machine_done(&m);
}

/* vma_thp_gfp_mask: who compacts, who only wakes kswapd, who does nothing; no block of order 9 is free. */
static void test_thp(void **state UNUSED)
{
	static const struct {
		const char *enabled, *defrag;
		bool waits;
	} cases[] = {
		{ "[always] madvise never", "[always] defer defer+madvise madvise never", true },
		{ "[always] madvise never", "always [defer] defer+madvise madvise never", false },
		{ "[always] madvise never", "always defer [defer+madvise] madvise never", false },
		{ "[always] madvise never", "always defer defer+madvise [madvise] never", false },
		{ "[always] madvise never", "always defer defer+madvise madvise [never]", false },
		{ "always [madvise] never", "[always] defer defer+madvise madvise never", true },
		{ "always [madvise] never", "always [defer] defer+madvise madvise never", false },
		{ "always [madvise] never", "always defer [defer+madvise] madvise never", true },
		{ "always [madvise] never", "always defer defer+madvise [madvise] never", true },
		{ "always [madvise] never", "always defer defer+madvise madvise [never]", false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct request r = request_of(API_THP);
		struct machine m;
		struct verdict v;

		ample(&m, 6, 12, 8);
		machine_setting(&m, "transparent_hugepage/enabled", cases[i].enabled);
		machine_setting(&m, "transparent_hugepage/defrag", cases[i].defrag);
		machine_ready(&m);
		assert_int_equal(explain_request(&m.e, &r, &v), 0);
		if (v.may_wait != cases[i].waits || (!cases[i].waits && v.probability > 0.02))
			fail_msg("%s, %s: waits %d, %f", cases[i].enabled, cases[i].defrag, v.may_wait,
				 v.probability);
		machine_done(&m);
	}
}

/*
 * HPAGE_PMD_ORDER: what the kernel says; else the default huge page, which a PMD maps; else what a page of
 * page-table entries maps. ppc64 with pages of 64 KiB maps 2 MiB (radix), arm64 with such pages 512 MiB.
 */
static void test_thp_order(void **state UNUSED)
{
	static const struct {
		uint64_t page_size, hugepagesize_kb;
		const char *pmd_size;
		uint64_t bytes;
	} cases[] = {
		{ 4096, 0, NULL, 2 << 20 },	      { 16384, 0, NULL, 32 << 20 },
		{ 65536, 0, NULL, 512 << 20 },	      { 65536, 2048, NULL, 2 << 20 },
		{ 65536, 0, "2097152", 2 << 20 },     { 65536, 16384, "2097152", 2 << 20 },
		{ 4096, 4096, NULL, 4 << 20 },	      { 4096, 2048, "0", 2 << 20 },
		{ 4096, 2048, "some", 2 << 20 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct kv huge = { "Hugepagesize", cases[i].hugepagesize_kb, false };
		struct request r = request_of(API_THP);
		struct machine m;
		struct verdict v;

		ample(&m, 6, 12, 10);
		m.snap.kernel.page_size = opt_u64(cases[i].page_size);
		if (cases[i].hugepagesize_kb)
			m.snap.meminfo = (struct kv_table){ .v = &huge, .n = 1 };
		if (cases[i].pmd_size)
			machine_setting(&m, "transparent_hugepage/hpage_pmd_size", cases[i].pmd_size);
		machine_ready(&m);
		assert_int_equal(explain_request(&m.e, &r, &v), 0);
		assert_int_equal(v.bytes_used, cases[i].bytes);
		machine_done(&m);
	}
}

static void test_thp_never(void **state UNUSED)
{
	struct request r = request_of(API_THP);
	struct machine m;
	struct verdict v;

	ample(&m, 6, 12, 9);
	machine_setting(&m, "transparent_hugepage/enabled", "always madvise [never]");
	machine_ready(&m);
	assert_int_equal(explain_request(&m.e, &r, &v), 0);
	assert_int_equal(v.cause, CAUSE_UNSUPPORTED);
	machine_done(&m);
}

/*
 * Data in whole cache lines and 320 bytes of shared info: 1728 fit kmalloc-2k
 * (1728 + 320), 1729 do not; 384 make the 704 of skbuff_small_head (6.3).
 */
static void test_skb(void **state UNUSED)
{
	static const struct {
		uint64_t size;
		const char *cache;
	} cases[] = {
		{ 384, "skbuff_small_head" }, { 385, "kmalloc-1k" }, { 1728, "kmalloc-2k" },
		{ 1729, "kmalloc-4k" },
	};
	struct machine m;

	ample(&m, 6, 12, 3);
	machine_cache(&m, "skbuff_small_head", 704, 2, 10, 1);
	machine_cache(&m, "kmalloc-1k", 1024, 8, 32, 1);
	machine_cache(&m, "kmalloc-2k", 2048, 8, 16, 1);
	machine_cache(&m, "kmalloc-4k", 4096, 8, 8, 1);
	machine_ready(&m);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct verdict v = machine_ask_api(&m, API_ALLOC_SKB, cases[i].size, "GFP_ATOMIC");

		if (!strstr(v.summary, cases[i].cache))
			fail_msg("%llu: %s", (unsigned long long)cases[i].size, v.summary);
	}
	machine_done(&m);
}

/* alloc_pages_exact takes the whole power of two first; get_zeroed_page one page whatever is said. */
static void test_page_wrappers(void **state UNUSED)
{
	struct request r = request_of(API_GET_ZEROED_PAGE);
	struct machine m;
	struct verdict v;

	ample(&m, 6, 12, 2);
	machine_ready(&m);
	v = machine_ask_api(&m, API_ALLOC_PAGES_EXACT, 16384, "GFP_ATOMIC");
	assert_true(v.probability > 0.98);
	assert_int_equal(v.bytes_used, 16384);
	assert_true(machine_ask_api(&m, API_ALLOC_PAGES_EXACT, 16385, "GFP_ATOMIC").probability < 0.02);
	assert_int_equal(machine_ask_api(&m, API_ALLOC_PAGES_EXACT, 8193, "GFP_ATOMIC").bytes_used, 12288);
	assert_int_equal(explain_request(&m.e, &r, &v), 0);
	assert_int_equal(v.bytes_used, 4096);
	machine_done(&m);
}

/* High memory has no address: what returns one stays below, what returns a page does not. */
static void test_highmem(void **state UNUSED)
{
	struct request r = request_of(API_ALLOC_PAGES);
	struct machine m;
	struct verdict v;

	machine_init(&m, 6, 1, 176);
	m.zones[1].name = "Normal";
	m.zones[1].managed_pages = opt_u64(1000);
	m.zones[2].name = "HighMem";
	machine_add(&m, NORMAL, MIGRATE_UNMOVABLE, 0, 50000);
	machine_ready(&m);
	r.order = 0;
	r.gfp.flags = GF_HIGHMEM | GF_KSWAPD_RECLAIM;
	assert_int_equal(explain_request(&m.e, &r, &v), 0);
	assert_true(v.probability > 0.98);
	r.api = API_GET_FREE_PAGES;
	assert_int_equal(explain_request(&m.e, &r, &v), 0);
	assert_true(v.probability < 0.02);
	machine_done(&m);
}

/* The largest order: by buddyinfo's columns; arm64 with 16 KiB pages has 11. */
static void test_order_limits(void **state UNUSED)
{
	static const struct {
		unsigned int major, minor;
		uint64_t max_order;
	} cases[] = { { 3, 10, 10 }, { 6, 1, 10 }, { 6, 6, 10 }, { 6, 12, 11 }, { 7, 3, 13 } };

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct machine m;

		ample(&m, cases[i].major, cases[i].minor, 10);
		m.snap.kernel.max_order = opt_u64(cases[i].max_order);
		machine_ready(&m);
		assert_int_not_equal(machine_ask(&m, "GFP_KERNEL", (int)cases[i].max_order).cause,
				     CAUSE_ORDER_TOO_BIG);
		assert_int_equal(machine_ask(&m, "GFP_KERNEL", (int)cases[i].max_order + 1).cause,
				 CAUSE_ORDER_TOO_BIG);
		machine_done(&m);
	}
}

static void test_no_such_node(void **state UNUSED)
{
	struct request r = request_of(API_ALLOC_PAGES);
	struct machine m;
	struct verdict v;

	ample(&m, 6, 12, 0);
	machine_ready(&m);
	r.order = 0;
	for (r.node = 0; r.node <= 1; r.node++) {
		assert_int_equal(explain_request(&m.e, &r, &v), 0);
		assert_int_equal(v.probability > 0.98, r.node == 0);
	}
	machine_done(&m);
	/* Where only populated zones are listed a node without memory may hide: others serve it. */
	ample(&m, 6, 12, 0);
	m.zones[0].in_zoneinfo = m.zones[1].in_zoneinfo = false;
	machine_ready(&m);
	r.node = 1;
	assert_int_equal(explain_request(&m.e, &r, &v), 0);
	assert_true(v.probability > 0.98);
	machine_done(&m);
}

/* try_charge_memcg: 8 KiB of room in a cgroup of 1 MiB. */
static void test_memcg(void **state UNUSED)
{
	static const struct {
		unsigned int major, minor;
		const char *gfp;
		uint64_t bytes;
		enum charge charge;
	} cases[] = {
		{ 6, 12, "GFP_KERNEL_ACCOUNT", 8192, CHARGE_FITS },
		{ 6, 12, "GFP_KERNEL_ACCOUNT", 8193, CHARGE_RECLAIM },
		{ 6, 12, "GFP_KERNEL_ACCOUNT", 1 << 20, CHARGE_RECLAIM },
		{ 6, 12, "GFP_KERNEL_ACCOUNT", (1 << 20) + 1, CHARGE_REFUSED },
		{ 6, 12, "GFP_NOWAIT|__GFP_ACCOUNT", 8193, CHARGE_REFUSED },
		{ 6, 12, "GFP_ATOMIC|__GFP_ACCOUNT", 8193, CHARGE_FORCED },
		{ 5, 10, "GFP_ATOMIC|__GFP_ACCOUNT", 8193, CHARGE_FORCED },
		{ 5, 10, "__GFP_HIGH|__GFP_ACCOUNT", 8193, CHARGE_REFUSED },
		{ 6, 1, "__GFP_HIGH|__GFP_ACCOUNT", 8193, CHARGE_FORCED },
		{ 6, 12, "GFP_KERNEL_ACCOUNT|__GFP_NOFAIL", 2 << 20, CHARGE_FORCED },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct memcg_room room;
		struct machine m;
		struct gfp gfp;

		ample(&m, cases[i].major, cases[i].minor, 0);
		machine_setting(&m, "cgroup/user.slice/memory.max", "1048576");
		machine_setting(&m, "cgroup/user.slice/memory.current", "1040384");
		machine_setting(&m, "cgroup/memory.max", "max");
		machine_setting(&m, "cgroup/memory.current", "9999999999");
		machine_ready(&m);
		room = memcg_room(&m.mm);
		assert_int_equal(room.room_bytes, 8192);
		assert_int_equal(gfp_parse(&m.mm.names, slice_of(cases[i].gfp), &gfp, NULL), 0);
		if (try_charge_memcg(&m.mm, &room, gfp.flags, cases[i].bytes) != cases[i].charge)
			fail_msg("case %zu", i);
		machine_done(&m);
	}
}

/* The tightest level counts, in version 1 too; who does not account is not asked. */
static void test_memcg_verdict(void **state UNUSED)
{
	struct machine m;
	struct verdict v;

	ample(&m, 6, 1, 4);
	machine_setting(&m, "cgroup/memory/a/memory.limit_in_bytes", "9223372036854771712");
	machine_setting(&m, "cgroup/memory/a/memory.usage_in_bytes", "4096");
	machine_setting(&m, "cgroup/memory/memory.limit_in_bytes", "65536");
	machine_setting(&m, "cgroup/memory/memory.usage_in_bytes", "61440");
	machine_ready(&m);
	v = machine_ask_api(&m, API_KMALLOC, 65536, "GFP_NOWAIT|__GFP_ACCOUNT");
	assert_int_equal(v.cause, CAUSE_MEMCG_LIMIT);
	assert_true(v.probability < 0.02);
	assert_true(machine_ask_api(&m, API_KMALLOC, 65536, "GFP_NOWAIT").probability > 0.98);
	assert_true(machine_ask_api(&m, API_ALLOC_PAGES_EXACT, 4096, "GFP_NOWAIT|__GFP_ACCOUNT").probability >
		    0.98);
	machine_done(&m);
}

/* fragmentation_score_wmark: to 6.14 low at least 5 and ten above it; later half of low, at most ten. */
static void test_proactive_marks(void **state UNUSED)
{
	static const struct {
		unsigned int major, minor;
		uint64_t proactiveness, low, high;
	} cases[] = {
		{ 5, 10, 20, 80, 90 }, { 6, 12, 20, 80, 90 }, { 6, 18, 20, 80, 90 },
		{ 6, 12, 96, 5, 15 },  { 6, 12, 95, 5, 15 },  { 6, 12, 94, 6, 16 },
		{ 6, 18, 96, 4, 6 },   { 6, 18, 100, 0, 0 },  { 6, 12, 100, 5, 15 },
		{ 6, 18, 80, 20, 30 }, { 6, 18, 82, 18, 27 }, { 6, 12, 1, 99, 100 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct mm_rules r = mm_rules_for(cases[i].major, cases[i].minor, 0, 0, 0);

		assert_int_equal(fragmentation_score_wmark(&r, cases[i].proactiveness, true), cases[i].low);
		assert_int_equal(fragmentation_score_wmark(&r, cases[i].proactiveness, false), cases[i].high);
	}
}

/* extfrag_for_order: percent of free pages below the order; 512 singles and one block of 512 are half. */
static void test_proactive_score(void **state UNUSED)
{
	const uint64_t half[ORDERS] = { 512, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0 };
	const uint64_t nearly[ORDERS] = { 511, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0 };
	const uint64_t none[ORDERS] = { 0 };

	assert_int_equal(fragmentation_score_zone(half, ORDERS, 9), 50);
	assert_int_equal(fragmentation_score_zone(nearly, ORDERS, 9), 49);
	assert_int_equal(fragmentation_score_zone(none, ORDERS, 9), 0);
	/* half of the node's 1999 pages: 1000 * 50 / 2000 */
	assert_int_equal(fragmentation_score_zone_weighted(50, 1000, 1999), 25);
	assert_int_equal(fragmentation_score_zone_weighted(50, 1000, 2000), 24);
}

/* The helpers an author may use, either side of the version that brought them. */
static void test_author_rules(void **state UNUSED)
{
	assert_false(mm_rules_for(3, 8, 0, 0, 0).noio_scope);
	assert_true(mm_rules_for(3, 9, 0, 0, 0).noio_scope);
	assert_false(mm_rules_for(3, 16, 0, 0, 0).noio_scope_keeps_fs_out);
	assert_true(mm_rules_for(3, 17, 0, 0, 0).noio_scope_keeps_fs_out);
	assert_false(mm_rules_for(4, 11, 0, 0, 0).nofs_scope);
	assert_true(mm_rules_for(4, 12, 0, 0, 0).nofs_scope);
	assert_int_equal(mm_rules_for(4, 11, 0, 0, 0).kvmalloc, KVMALLOC_NONE);
	assert_false(mm_rules_for(5, 7, 0, 0, 0).sgtable_helpers);
	assert_true(mm_rules_for(5, 8, 0, 0, 0).sgtable_helpers);
}

/* Kernels of routers are built without: no pool in meminfo, no counters in vmstat. */
static void test_not_built(void **state UNUSED)
{
	struct machine m;
	struct verdict v;

	ample(&m, 4, 4, 10);
	machine_meminfo(&m, "MemTotal", 4000000);
	assert_int_equal(kv_add(&m.snap.arena, &m.snap.vmstat, slice_of("nr_free_pages"), 1), 0);
	machine_ready(&m);
	v = machine_ask_api(&m, API_HUGETLB, 2 << 20, NULL);
	assert_int_equal(v.cause, CAUSE_UNSUPPORTED);
	v = machine_ask_api(&m, API_THP, 2 << 20, NULL);
	assert_int_equal(v.cause, CAUSE_UNSUPPORTED);
	/* 4.12 brought it */
	v = machine_ask_api(&m, API_KVMALLOC, 1 << 20, NULL);
	assert_int_equal(v.cause, CAUSE_UNSUPPORTED);
	machine_done(&m);

	ample(&m, 4, 12, 10);
	machine_meminfo(&m, "HugePages_Total", 0);
	assert_int_equal(kv_add(&m.snap.arena, &m.snap.vmstat, slice_of("thp_fault_alloc"), 0), 0);
	machine_ready(&m);
	assert_true(machine_ask_api(&m, API_HUGETLB, 2 << 20, NULL).probability > 0.98);
	assert_true(machine_ask_api(&m, API_THP, 2 << 20, NULL).probability > 0.98);
	assert_true(machine_ask_api(&m, API_KVMALLOC, 1 << 20, NULL).probability > 0.98);
	machine_done(&m);
}

/* get_order(0) is 52 on 64 bits with pages of 4 KiB; 6.1 cma_alloc: if (!count) goto out. */
static void test_size_0(void **state UNUSED)
{
	struct machine m;
	struct verdict v;

	ample(&m, 6, 1, 10);
	machine_meminfo(&m, "CmaTotal", 65536);
	machine_meminfo(&m, "CmaFree", 65536);
	machine_ready(&m);
	v = machine_ask_api(&m, API_ALLOC_PAGES_EXACT, 0, NULL);
	assert_int_equal(v.cause, CAUSE_ORDER_TOO_BIG);
	assert_non_null(strstr(v.summary, "order 52"));
	assert_int_equal(machine_ask_api(&m, API_DMA_ALLOC_COHERENT, 0, NULL).cause, CAUSE_ORDER_TOO_BIG);
	assert_int_equal(machine_ask_api(&m, API_CMA_ALLOC, 0, NULL).cause, CAUSE_SIZE_LIMIT);
	/* ZERO_SIZE_PTR */
	assert_int_equal(machine_ask_api(&m, API_KMALLOC, 0, NULL).cause, CAUSE_NULL);
	machine_done(&m);
}

/* 6.1 rmqueue: a warning for __GFP_NOFAIL above order 1; mm/slab_common.c:kmalloc_fix_flags. */
static void test_warnings(void **state UNUSED)
{
	struct machine m;

	ample(&m, 6, 1, 10);
	machine_ready(&m);
	assert_null(machine_ask(&m, "GFP_KERNEL|__GFP_NOFAIL", 1).tradeoff);
	assert_non_null(strstr(machine_ask(&m, "GFP_KERNEL|__GFP_NOFAIL", 2).tradeoff, "warning"));
	assert_null(machine_ask(&m, "GFP_KERNEL", 2).tradeoff);
	assert_non_null(strstr(machine_ask_api(&m, API_KMALLOC, 64, "GFP_DMA32").tradeoff, "Unexpected gfp"));
	assert_non_null(strstr(machine_ask_api(&m, API_KMALLOC, 64, "GFP_KERNEL|__GFP_HIGHMEM").tradeoff, "drops"));
	assert_null(machine_ask_api(&m, API_KMALLOC, 64, "GFP_DMA").tradeoff);
	machine_done(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_percpu),		cmocka_unit_test(test_percpu_atomic),
		cmocka_unit_test(test_hugetlb),
		cmocka_unit_test(test_hugetlb_sizes),	cmocka_unit_test(test_thp),
		cmocka_unit_test(test_thp_order),
		cmocka_unit_test(test_thp_never),	cmocka_unit_test(test_skb),
		cmocka_unit_test(test_page_wrappers),	cmocka_unit_test(test_highmem),
		cmocka_unit_test(test_order_limits),	cmocka_unit_test(test_no_such_node),
		cmocka_unit_test(test_memcg),		cmocka_unit_test(test_memcg_verdict),
		cmocka_unit_test(test_proactive_marks), cmocka_unit_test(test_proactive_score),
		cmocka_unit_test(test_author_rules),	cmocka_unit_test(test_not_built),
		cmocka_unit_test(test_size_0),		cmocka_unit_test(test_warnings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
