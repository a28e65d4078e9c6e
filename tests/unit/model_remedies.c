// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What would help: no more than the state gives, nothing that the kernel at
 * hand does not have, and nothing that would be a bug where the request stands.
 * Expected by hand from mm/ and kernel/dma/ of 6.1.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "kernel/cma.h"
#include "kernel/pieces.h"
#include "model/whatif.h"
#include "model_state.h"

enum { DMA, DMA32, NORMAL };

/* The verdict on a request of @api with @order or @bytes. */
static struct verdict ask(struct machine *m, enum api api, int order, uint64_t bytes, const char *gfp, int mask)
{
	struct request r = request_of(api);
	struct verdict v;

	if (order >= 0)
		r.order = order;
	else
		r.size = opt_u64(bytes);
	r.dma_mask = mask;
	r.gfp_given = true;
	assert_int_equal(gfp_parse(&m->mm.names, slice_of(gfp), &r.gfp, NULL), 0);
	m->e.want_remedies = true;
	assert_int_equal(explain_request(&m->e, &r, &v), 0);
	return v;
}

/* The remedy whose command or action has @part in it; NULL if there is none. */
static const struct remedy *offers(const struct verdict *v, const char *part)
{
	for (size_t i = 0; i < v->n_remedies; i++) {
		if (strstr(v->remedies[i].action, part) ||
		    (v->remedies[i].command && strstr(v->remedies[i].command, part)))
			return &v->remedies[i];
	}
	return NULL;
}

/* 4 MiB are 64 blocks of order 4, or 1024 single pages: what there is decides. */
static void test_pieces_are_counted(void **state UNUSED)
{
	static const struct {
		uint64_t blocks;
		const char *command;
	} cases[] = { { 63, "alloc_pages(gfp, 0)" }, { 64, "alloc_pages(gfp, 4)" }, { 1000, "alloc_pages(gfp, 4)" } };

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct machine m;
		struct verdict v;

		machine_init(&m, 6, 1, 100);
		machine_add(&m, NORMAL, MIGRATE_UNMOVABLE, 4, cases[i].blocks);
		machine_add(&m, NORMAL, MIGRATE_UNMOVABLE, 0, 50000);
		machine_ready(&m);
		v = ask(&m, API_ALLOC_PAGES, 10, 0, "GFP_ATOMIC", 0);
		assert_non_null(offers(&v, cases[i].command));
		machine_done(&m);
	}
}

/* 6.1: an atomic request leaves 3/8 of min 1000. One of 3024 free pages may take 2649, in a block's step. */
static void test_the_mark_ends_it(void **state UNUSED)
{
	struct machine m;
	struct mm_zone *scratch[4];
	const uint32_t atomic = GF_HIGH | GF_ATOMIC | GF_KSWAPD_RECLAIM;

	machine_init(&m, 6, 1, 100);
	machine_add(&m, NORMAL, MIGRATE_UNMOVABLE, 4, 189); /* 3024 pages */
	machine_ready(&m);
	/* free - 15 > 375 + 16 k, for the k taken before: k <= 164, so 165 */
	assert_int_equal(blocks_available(&m.mm, atomic, -1, 4, scratch), 165);
	/* without rights: 3024 - 15 > 1000 + 16 k: k <= 125 */
	assert_int_equal(blocks_available(&m.mm, GF_KSWAPD_RECLAIM, -1, 4, scratch), 126);
	assert_int_equal(blocks_available(&m.mm, GF_KSWAPD_RECLAIM, -1, 5, scratch), 0);
	machine_done(&m);
}

static void kernel_has(struct machine *m, const char *config)
{
	struct read_notes notes = { 0 };

	m->snap.has_kconfig = true;
	assert_int_equal(read_kconfig(&m->snap.arena, slice_of(config), NULL, 0, &m->snap.kconfig, &notes), 0);
}

/* 4 MiB in order 3 only: the coherent request fails for want of a block. */
static void no_blocks(struct machine *m, uint64_t start_pfn)
{
	machine_init(m, 6, 1, 100);
	machine_add(m, NORMAL, MIGRATE_UNMOVABLE, 3, 10000);
	m->zones[NORMAL].start_pfn = opt_u64(start_pfn);
	m->zones[NORMAL].spanned_pages = opt_u64(1000000);
}

/* An area is offered where there is CMA, large enough, and where the device reaches it. */
static void test_cma_fits(void **state UNUSED)
{
	struct machine m;
	struct verdict v;

	/* all memory below 4 GiB */
	no_blocks(&m, 16);
	kernel_has(&m, "CONFIG_DMA_CMA=y\n");
	machine_ready(&m);
	v = ask(&m, API_DMA_ALLOC_COHERENT, -1, 4 << 20, "GFP_KERNEL", 64);
	assert_string_equal(offers(&v, "cma=")->command, "cma=64M on the kernel command line");
	v = ask(&m, API_DMA_ALLOC_COHERENT, -1, 100 << 20, "GFP_KERNEL", 64);
	assert_string_equal(offers(&v, "cma=")->command, "cma=128M on the kernel command line");
	/* 6.1 dma_alloc_contiguous: not for who may not sleep */
	v = ask(&m, API_DMA_ALLOC_COHERENT, -1, 4 << 20, "GFP_ATOMIC", 64);
	assert_null(offers(&v, "cma="));
	/* 64 MiB do not lie below 16 MiB */
	v = ask(&m, API_DMA_ALLOC_COHERENT, -1, 4 << 20, "GFP_KERNEL", 24);
	assert_null(offers(&v, "cma="));
	v = ask(&m, API_CMA_ALLOC, -1, 256 << 20, "GFP_KERNEL", 0);
	assert_string_equal(offers(&v, "cma=")->command, "cma=256M on the kernel command line");
	assert_non_null(strstr(v.summary, "cma=256M"));
	machine_done(&m);

	/* memory above 4 GiB: the area would be placed there (6.1 mm/cma.c:cma_declare_contiguous_nid) */
	no_blocks(&m, 1 << 18);
	kernel_has(&m, "CONFIG_DMA_CMA=y\n");
	machine_ready(&m);
	assert_int_equal(cma_boot(&m.mm, 8 << 20, 64).below, 0);
	assert_int_equal(cma_boot(&m.mm, 8 << 20, 32).below, 32);
	v = ask(&m, API_CMA_ALLOC, -1, 8 << 20, "GFP_KERNEL", 0);
	assert_string_equal(offers(&v, "cma=")->command, "cma=64M on the kernel command line");
	machine_done(&m);
}

static void test_cma_not_built(void **state UNUSED)
{
	struct machine m;
	struct verdict v;

	no_blocks(&m, 16);
	kernel_has(&m, "# CONFIG_CMA is not set\n");
	machine_ready(&m);
	v = ask(&m, API_DMA_ALLOC_COHERENT, -1, 4 << 20, "GFP_KERNEL", 64);
	assert_null(offers(&v, "cma="));
	v = ask(&m, API_CMA_ALLOC, -1, 4 << 20, "GFP_KERNEL", 0);
	assert_null(offers(&v, "cma="));
	assert_null(strstr(v.summary, "cma="));
	machine_done(&m);

	/* without its configuration: from 3.19 on meminfo shows a kernel that has CMA */
	no_blocks(&m, 16);
	machine_meminfo(&m, "MemTotal", 4000000);
	machine_ready(&m);
	v = ask(&m, API_DMA_ALLOC_COHERENT, -1, 4 << 20, "GFP_KERNEL", 64);
	assert_null(offers(&v, "cma="));
	machine_done(&m);
}

/* What is there stays: the new area is larger than the one that was too small. */
static void test_cma_grows(void **state UNUSED)
{
	struct machine m;
	struct verdict v;

	no_blocks(&m, 16);
	machine_meminfo(&m, "CmaTotal", 65536);
	machine_meminfo(&m, "CmaFree", 20480);
	machine_ready(&m);
	v = ask(&m, API_DMA_ALLOC_COHERENT, -1, 40 << 20, "GFP_KERNEL", 64);
	assert_string_equal(offers(&v, "cma=")->command, "cma=128M on the kernel command line");
	machine_done(&m);
}

/* Small blocks and many pages: contiguous memory is what lacks. */
static void fragmented(struct machine *m, unsigned int major, unsigned int minor)
{
	machine_init(m, major, minor, 100);
	machine_add(m, NORMAL, MIGRATE_UNMOVABLE, 0, 100000);
	machine_ready(m);
}

/* kvmalloc's pages are the kernel's own, from any zone, and GFP_KERNEL is not for every caller. */
static void test_kvmalloc_where_it_may_be(void **state UNUSED)
{
	static const struct {
		enum api api;
		const char *gfp, *command; /* NULL: not offered */
	} cases[] = {
		{ API_ALLOC_PAGES, "GFP_KERNEL", "p = kvmalloc(2097152, GFP_KERNEL);  /* kvfree(p) */" },
		{ API_ALLOC_PAGES, "GFP_NOFS",
		  "flags = memalloc_nofs_save(); p = kvmalloc(2097152, GFP_KERNEL); memalloc_nofs_restore(flags);  "
		  "/* kvfree(p) */" },
		{ API_ALLOC_PAGES, "GFP_NOIO",
		  "flags = memalloc_noio_save(); p = kvmalloc(2097152, GFP_KERNEL); memalloc_noio_restore(flags);  "
		  "/* kvfree(p) */" },
		{ API_ALLOC_PAGES, "GFP_KERNEL|__GFP_DMA", NULL },
		{ API_ALLOC_PAGES, "GFP_KERNEL|__GFP_DMA32", NULL },
		{ API_ALLOC_PAGES, "GFP_ATOMIC", NULL },
		{ API_ALLOC_PAGES, "GFP_TRANSHUGE", NULL },
		{ API_FOLIO_ALLOC, "GFP_HIGHUSER_MOVABLE", NULL },
		{ API_FOLIO_ALLOC, "GFP_KERNEL", NULL },
	};
	struct machine m;

	fragmented(&m, 6, 1);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct verdict v = ask(&m, cases[i].api, 9, 0, cases[i].gfp, 0);

		if (cases[i].command)
			assert_string_equal(offers(&v, "kvmalloc")->command, cases[i].command);
		else
			assert_null(offers(&v, "kvmalloc"));
	}
	machine_done(&m);
}

/* kvmalloc and memalloc_nofs_save came with 4.12, __GFP_RETRY_MAYFAIL with 4.13. */
static void test_by_version(void **state UNUSED)
{
	struct machine m;
	struct verdict v;

	fragmented(&m, 4, 4);
	v = ask(&m, API_ALLOC_PAGES, 9, 0, "GFP_KERNEL", 0);
	assert_null(offers(&v, "kvmalloc"));
	assert_string_equal(offers(&v, "vmalloc")->command, "p = vmalloc(2097152);  /* vfree(p) */");
	v = ask(&m, API_ALLOC_PAGES, 9, 0, "GFP_NOFS", 0);
	assert_null(offers(&v, "memalloc_nofs_save"));
	assert_non_null(offers(&v, "memalloc_noio_save(); p = vmalloc(2097152);"));
	assert_null(offers(&v, "__GFP_RETRY_MAYFAIL"));
	machine_done(&m);

	/* to 3.16 memalloc_noio_save left __GFP_FS in */
	fragmented(&m, 3, 10);
	v = ask(&m, API_ALLOC_PAGES, 9, 0, "GFP_NOFS", 0);
	assert_null(offers(&v, "vmalloc"));
	machine_done(&m);
}

/* A kernel without compaction has neither the counters nor the file to start it. */
static void test_no_compaction(void **state UNUSED)
{
	struct machine m;
	struct verdict v;

	machine_init(&m, 6, 1, 100);
	machine_add(&m, NORMAL, MIGRATE_MOVABLE, 0, 100000);
	m.zones[NORMAL].counters.n = 1;
	kernel_has(&m, "# CONFIG_COMPACTION is not set\n");
	machine_ready(&m);
	v = ask(&m, API_ALLOC_PAGES, 8, 0, "GFP_KERNEL", 0);
	assert_null(offers(&v, "compact"));
	what_if_apply(&m.mm, WHAT_IF_COMPACT);
	assert_int_equal(m.mm.zones[0].nr_free[0], 100000);
	machine_done(&m);
}

/* Free pages of all, and those in whole pageblocks (order 9). */
static uint64_t free_pages(const struct mm_zone *z, unsigned int from)
{
	uint64_t n = 0;

	for (unsigned int o = from; o < z->n_orders; o++)
		n += z->nr_free[o] << o;
	return n;
}

static uint64_t compacted(struct machine *m, struct opt_u64 could_free)
{
	struct mm_zone *z = &m->mm.zones[0];
	uint64_t before = free_pages(z, 0), whole = free_pages(z, 9);

	z->could_free = z->movable_blocks = could_free;
	what_if_apply(&m->mm, WHAT_IF_COMPACT);
	assert_int_equal(free_pages(z, 0), before);
	if (could_free.known)
		assert_int_equal(z->could_free.v, could_free.v - (free_pages(z, 9) - whole) / 512);
	return (free_pages(z, 9) - whole) / 512;
}

static void holes(struct machine *m, int type)
{
	machine_init(m, 6, 1, 100);
	machine_add(m, NORMAL, type, 0, 20 * 512);
	machine_ready(m);
}

/*
 * Free pages for 20 pageblocks, one at a time. What the page flags bar does not come; where they bar
 * nothing half of it came (tests/vm/compact). Without pages that can be moved, or room in movable
 * pageblocks (suitable_migration_target), nothing does.
 */
static void test_compact(void **state UNUSED)
{
	struct machine m;
	struct verdict v;

	for (uint64_t bound = 0; bound <= 20; bound++) {
		uint64_t came;

		holes(&m, MIGRATE_MOVABLE);
		came = compacted(&m, opt_u64(bound));
		assert_true(came <= bound && came <= 10);
		assert_true(came >= (bound < 9 ? bound : 9));
		assert_true(compacted(&m, m.mm.zones[0].could_free) <= bound - came);
		machine_done(&m);
	}
	holes(&m, MIGRATE_MOVABLE);
	m.mm.zones[0].file_lru = 1000000;
	assert_in_range(compacted(&m, OPT_UNKNOWN), 9, 10);
	machine_done(&m);
	holes(&m, MIGRATE_MOVABLE);
	m.mm.zones[0].file_lru = 500000;
	assert_in_range(compacted(&m, OPT_UNKNOWN), 4, 5);
	machine_done(&m);
	holes(&m, MIGRATE_MOVABLE);
	assert_int_equal(compacted(&m, OPT_UNKNOWN), 0);
	machine_done(&m);
	holes(&m, MIGRATE_UNMOVABLE);
	m.mm.zones[0].file_lru = 1000000;
	assert_int_equal(compacted(&m, OPT_UNKNOWN), 0);
	assert_int_equal(compacted(&m, opt_u64(20)), 0);
	machine_done(&m);

	/* It is no remedy where no pageblock can become free. */
	holes(&m, MIGRATE_MOVABLE);
	m.mm.zones[0].could_free = m.mm.zones[0].movable_blocks = opt_u64(20);
	v = ask(&m, API_ALLOC_PAGES, 9, 0, "GFP_KERNEL", 0);
	assert_non_null(offers(&v, "compact memory"));
	m.mm.zones[0].could_free = m.mm.zones[0].movable_blocks = opt_u64(0);
	v = ask(&m, API_ALLOC_PAGES, 9, 0, "GFP_KERNEL", 0);
	assert_null(offers(&v, "compact memory"));
	machine_done(&m);
}

/*
 * min_free_kbytes doubled: the marks too. kswapd sleeps while one zone is above high
 * (6.1 pgdat_balanced), and what it frees are single pages.
 */
static void test_min_free(void **state UNUSED)
{
	struct machine m;
	struct mm_zone *z;

	machine_init(&m, 6, 1, 100);
	machine_add(&m, NORMAL, MIGRATE_MOVABLE, 3, 1250); /* 10000 pages */
	machine_ready(&m);
	z = &m.mm.zones[0];
	what_if_apply(&m.mm, WHAT_IF_MIN_FREE);
	assert_int_equal(z->min, 2000);
	assert_int_equal(z->low, 2500);
	assert_int_equal(z->high, 3000);
	assert_int_equal(z->free, 10000);
	machine_done(&m);

	machine_init(&m, 6, 1, 100);
	machine_add(&m, NORMAL, MIGRATE_MOVABLE, 3, 200); /* 1600 pages */
	machine_ready(&m);
	z = &m.mm.zones[0];
	z->file_lru = 100000;
	what_if_apply(&m.mm, WHAT_IF_MIN_FREE);
	assert_int_equal(z->free, 3001);
	assert_int_equal(z->nr_free[0], 1401);
	assert_int_equal(z->nr_free[3], 200);
	machine_done(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_pieces_are_counted),	 cmocka_unit_test(test_the_mark_ends_it),
		cmocka_unit_test(test_cma_fits),		 cmocka_unit_test(test_cma_not_built),
		cmocka_unit_test(test_cma_grows),		 cmocka_unit_test(test_kvmalloc_where_it_may_be),
		cmocka_unit_test(test_by_version),		 cmocka_unit_test(test_no_compaction),
		cmocka_unit_test(test_min_free),		 cmocka_unit_test(test_compact),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
