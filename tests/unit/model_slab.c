// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The slab layer either side of its borders: which cache serves a kmalloc,
 * which order a new slab is tried with, and what it falls back to. Expected by
 * hand from mm/slab_common.c:kmalloc_slab, mm/slub.c:calculate_order and
 * allocate_slab of 6.1 and 6.12.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kernel/slab.h"
#include "model_state.h"

enum { DMA, DMA32, NORMAL };

struct size_case {
	unsigned int major, minor;
	const char *arch;
	const char *gfp;
	uint64_t size;
	const char *cache; /* "order N": larger than any cache */
};

static void check_size(const struct size_case *c, struct machine *m)
{
	struct gfp gfp;
	char name[64];

	assert_int_equal(gfp_parse(&m->mm.names, slice_of(c->gfp), &gfp, NULL), 0);
	if (c->size > kmalloc_max_cache_size(&m->mm))
		snprintf(name, sizeof(name), "order %u", get_order(c->size, m->mm.page_size));
	else
		kmalloc_cache_name(&m->mm, kmalloc_object_size(&m->mm, c->size), gfp.flags, name);
	if (strcmp(name, c->cache) != 0)
		fail_msg("%u.%u %s: %llu bytes %s from %s, not %s", c->major, c->minor, c->arch,
			 (unsigned long long)c->size, c->gfp, name, c->cache);
}

static void test_cache_by_size(void **state UNUSED)
{
	static const struct size_case cases[] = {
		{ 6, 12, "x86_64", "GFP_KERNEL", 1, "kmalloc-8" },
		{ 6, 12, "x86_64", "GFP_KERNEL", 8, "kmalloc-8" },
		{ 6, 12, "x86_64", "GFP_KERNEL", 9, "kmalloc-16" },
		{ 6, 12, "x86_64", "GFP_KERNEL", 64, "kmalloc-64" },
		{ 6, 12, "x86_64", "GFP_KERNEL", 65, "kmalloc-96" },
		{ 6, 12, "x86_64", "GFP_KERNEL", 96, "kmalloc-96" },
		{ 6, 12, "x86_64", "GFP_KERNEL", 97, "kmalloc-128" },
		{ 6, 12, "x86_64", "GFP_KERNEL", 128, "kmalloc-128" },
		{ 6, 12, "x86_64", "GFP_KERNEL", 129, "kmalloc-192" },
		{ 6, 12, "x86_64", "GFP_KERNEL", 192, "kmalloc-192" },
		{ 6, 12, "x86_64", "GFP_KERNEL", 193, "kmalloc-256" },
		{ 6, 12, "x86_64", "GFP_KERNEL", 513, "kmalloc-1k" },
		{ 6, 12, "x86_64", "GFP_KERNEL", 4096, "kmalloc-4k" },
		{ 6, 12, "x86_64", "GFP_KERNEL", 4097, "kmalloc-8k" },
		{ 6, 12, "x86_64", "GFP_KERNEL", 8192, "kmalloc-8k" },
		{ 6, 12, "x86_64", "GFP_KERNEL", 8193, "order 2" },
		{ 6, 12, "x86_64", "GFP_KERNEL", 16384, "order 2" },
		{ 6, 12, "x86_64", "GFP_KERNEL", 16385, "order 3" },
		/* names: kmalloc-1024 to 4.19 */
		{ 4, 19, "x86_64", "GFP_KERNEL", 1024, "kmalloc-1024" },
		{ 5, 4, "x86_64", "GFP_KERNEL", 1024, "kmalloc-1k" },
		/* types: DMA before RECLAIMABLE before ACCOUNT; rcl from 4.20, cg from 5.14 */
		{ 4, 19, "x86_64", "GFP_KERNEL|__GFP_RECLAIMABLE", 64, "kmalloc-64" },
		{ 5, 4, "x86_64", "GFP_KERNEL|__GFP_RECLAIMABLE", 64, "kmalloc-rcl-64" },
		{ 5, 10, "x86_64", "GFP_KERNEL_ACCOUNT", 64, "kmalloc-64" },
		{ 5, 15, "x86_64", "GFP_KERNEL_ACCOUNT", 64, "kmalloc-cg-64" },
		{ 6, 1, "x86_64", "GFP_KERNEL_ACCOUNT|__GFP_RECLAIMABLE", 64, "kmalloc-rcl-64" },
		{ 6, 1, "x86_64", "GFP_KERNEL_ACCOUNT|__GFP_RECLAIMABLE|__GFP_DMA", 64, "dma-kmalloc-64" },
		{ 3, 10, "x86_64", "GFP_KERNEL|__GFP_DMA", 192, "dma-kmalloc-192" },
		/* least alignment: arm64 128 to 6.4, 8 at compile time from 6.5; riscv the other way round */
		{ 6, 1, "aarch64", "GFP_KERNEL", 1, "kmalloc-128" },
		{ 6, 1, "aarch64", "GFP_KERNEL", 96, "kmalloc-128" },
		{ 6, 1, "aarch64", "GFP_KERNEL", 129, "kmalloc-256" },
		{ 6, 12, "aarch64", "GFP_KERNEL", 1, "kmalloc-8" },
		{ 6, 12, "aarch64", "GFP_KERNEL", 96, "kmalloc-96" },
		{ 6, 1, "armv7l", "GFP_KERNEL", 1, "kmalloc-64" },
		{ 6, 1, "armv7l", "GFP_KERNEL", 65, "kmalloc-128" },
		{ 6, 1, "armv7l", "GFP_KERNEL", 129, "kmalloc-192" },
		{ 6, 1, "riscv64", "GFP_KERNEL", 8, "kmalloc-64" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct machine m;

		machine_init(&m, cases[i].major, cases[i].minor, 176);
		m.snap.kernel.arch = cases[i].arch;
		machine_ready(&m);
		check_size(&cases[i], &m);
		machine_done(&m);
	}
}

/* From 6.5 caches below the device's cache line are aliases of larger ones: those that exist decide. */
static void test_caches_that_exist(void **state UNUSED)
{
	static const struct size_case cases[] = {
		{ 6, 12, "aarch64", "GFP_KERNEL", 1, "kmalloc-64" },
		{ 6, 12, "aarch64", "GFP_KERNEL", 65, "kmalloc-128" },
		{ 6, 12, "aarch64", "GFP_KERNEL", 129, "kmalloc-192" },
		/* without CONFIG_MEMCG, or with nokmem, there is no cg cache */
		{ 6, 12, "aarch64", "GFP_KERNEL_ACCOUNT", 64, "kmalloc-64" },
		{ 6, 12, "aarch64", "GFP_KERNEL|__GFP_RECLAIMABLE", 64, "kmalloc-rcl-64" },
	};
	struct machine m;

	machine_init(&m, 6, 12, 107);
	m.snap.kernel.arch = "aarch64";
	machine_cache(&m, "kmalloc-64", 64, 1, 64, 0);
	machine_cache(&m, "kmalloc-128", 128, 1, 32, 0);
	machine_cache(&m, "kmalloc-192", 192, 1, 21, 0);
	machine_cache(&m, "kmalloc-rcl-64", 64, 1, 64, 0);
	machine_ready(&m);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		check_size(&cases[i], &m);
	machine_done(&m);
}

/* SLAB had caches up to 4 MiB to 5.15; SLUB to two pages. */
static void test_allocators(void **state UNUSED)
{
	static const struct {
		unsigned int major, minor;
		bool slab;
		uint64_t max_cache;
	} cases[] = {
		{ 5, 10, true, 4 << 20 }, { 5, 15, true, 4 << 20 }, { 6, 1, true, 8192 },
		{ 5, 10, false, 8192 },	  { 6, 12, false, 8192 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct machine m;

		machine_init(&m, cases[i].major, cases[i].minor, 100);
		machine_cache(&m, "kmalloc-64", 64, 1, 64, 0);
		m.caches[0].limit = opt_u64(cases[i].slab ? 120 : 0);
		machine_ready(&m);
		assert_int_equal(kmalloc_max_cache_size(&m.mm), cases[i].max_cache);
		assert_int_equal(kmalloc_max_size(&m.mm), 4 << 20);
		machine_done(&m);
	}
}

static void test_size_limit(void **state UNUSED)
{
	struct machine m;
	struct verdict v;

	machine_init(&m, 6, 12, 107);
	machine_add(&m, NORMAL, MIGRATE_UNMOVABLE, 10, 100);
	machine_ready(&m);
	assert_true(machine_ask_api(&m, API_KMALLOC, 4 << 20, "GFP_ATOMIC").probability > 0.98);
	v = machine_ask_api(&m, API_KMALLOC, (4 << 20) + 1, "GFP_KERNEL");
	assert_true(v.probability < 0.02);
	assert_int_equal(v.cause, CAUSE_SIZE_LIMIT);
	assert_true(machine_ask_api(&m, API_KMALLOC, 0, "GFP_ATOMIC").probability > 0.98);
	machine_done(&m);
}

/*
 * calculate_order with 4 CPUs: 4 * (fls(4) + 1) = 16 objects wanted, 8 with one
 * CPU, 32 with 64 possible ones (fls 7); never more than fit in order 3.
 */
static void test_preferred_order(void **state UNUSED)
{
	static const struct {
		unsigned int major, minor, online, possible;
		const char *cmdline;
		uint64_t size;
		unsigned int order;
	} cases[] = {
		{ 6, 1, 4, 4, NULL, 256, 0 },	/* 16 * 256 = 4096 */
		{ 6, 1, 4, 4, NULL, 264, 1 },	/* 4224: order 1; rest 8192 % 264 = 8 */
		{ 6, 1, 4, 4, NULL, 512, 1 },
		{ 6, 1, 4, 4, NULL, 1024, 2 },
		{ 6, 1, 4, 4, NULL, 2048, 3 },
		{ 6, 1, 4, 4, NULL, 4096, 3 },	/* 8 fit in order 3 */
		{ 6, 1, 4, 4, NULL, 700, 2 },	/* 11200; rest 16384 % 700 = 284 of 1024 allowed */
		{ 6, 1, 4, 64, NULL, 512, 1 },	/* present processors count from 5.14 */
		{ 5, 10, 4, 64, NULL, 512, 2 }, /* possible ones before */
		{ 6, 1, 1, 64, NULL, 512, 2 },	/* one present: not trusted */
		{ 6, 1, 1, 1, NULL, 512, 0 },
		/* two of 12000 leave 8768 of 32768, more than a quarter: to 6.6 one in order 2; later a half will do */
		{ 6, 6, 4, 4, NULL, 12000, 2 },
		{ 6, 12, 4, 4, NULL, 12000, 3 },
		/* six of 5000 leave 2768: more than 1/16, less than 1/8 */
		{ 6, 6, 4, 4, NULL, 5000, 3 },
		{ 6, 12, 4, 4, NULL, 5000, 3 },
		/* larger than order 3: what holds one */
		{ 6, 1, 4, 4, NULL, 40000, 4 },
		{ 6, 12, 4, 4, NULL, 40000, 4 },
		/* the command line */
		{ 6, 1, 4, 4, "quiet slub_max_order=1", 2048, 1 },
		{ 6, 12, 4, 4, "slab_max_order=0", 1024, 0 },
		{ 6, 1, 4, 4, "slub_min_order=2", 64, 2 },
		{ 6, 1, 4, 4, "slub_min_objects=1", 1024, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct machine m;

		machine_init(&m, cases[i].major, cases[i].minor, 100);
		m.snap.kernel.online_cpus = opt_u64(cases[i].online);
		m.snap.kernel.possible_cpus = opt_u64(cases[i].possible);
		m.snap.cmdline = cases[i].cmdline;
		machine_ready(&m);
		if (calculate_order(&m.mm, cases[i].size) != cases[i].order)
			fail_msg("case %zu: order %u, not %u", i, calculate_order(&m.mm, cases[i].size),
				 cases[i].order);
		machine_done(&m);
	}
}

/*
 * A slab of the preferred order is only a wish: what decides is the smallest
 * that holds one object. Debugging pads objects, and that may take an order more.
 */
static void test_minimum_order(void **state UNUSED)
{
	static const struct {
		uint64_t size;
		uint64_t padded, pages;
		const char *cache;
		unsigned int blocks_of; /* order of the only free blocks */
		bool ok;
	} cases[] = {
		{ 512, 512, 8, "kmalloc-512", 0, true },   /* order 3 wished, order 0 will do */
		{ 4096, 4096, 8, "kmalloc-4k", 0, true },
		{ 8192, 8192, 8, "kmalloc-8k", 0, false }, /* one object takes order 1 */
		{ 8192, 8192, 8, "kmalloc-8k", 1, true },
		{ 4096, 4352, 8, "kmalloc-4k", 0, false }, /* slub_debug: 4096 and some */
		{ 4096, 4352, 8, "kmalloc-4k", 1, true },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct machine m;

		machine_init(&m, 6, 1, 176);
		machine_cache(&m, cases[i].cache, cases[i].padded, cases[i].pages, 0, 0);
		machine_add(&m, NORMAL, MIGRATE_UNMOVABLE, cases[i].blocks_of, 4000);
		machine_ready(&m);
		if ((machine_ask_api(&m, API_KMALLOC, cases[i].size, "GFP_ATOMIC").probability > 0.5) !=
		    cases[i].ok)
			fail_msg("case %zu", i);
		machine_done(&m);
	}
}

/* One free object on a partial list is enough, with nothing free at all; not if which of many copies is unknown. */
static void test_partial_lists(void **state UNUSED)
{
	for (int copies = 0; copies <= 1; copies++) {
		for (uint64_t free = 0; free <= 1; free++) {
			struct machine m;
			double p;

			machine_init(&m, 6, 12, 107);
			machine_cache(&m, "kmalloc-64", 64, 1, 64, free);
			if (copies)
				machine_cache(&m, "kmalloc-rnd-01-64", 64, 1, 64, 0);
			machine_ready(&m);
			p = machine_ask_api(&m, API_KMALLOC, 64, "GFP_ATOMIC").probability;
			if ((p > 0.98) != (free && !copies))
				fail_msg("%llu free, %d copies: %f", (unsigned long long)free, copies, p);
			machine_done(&m);
		}
	}
}

/* GFP_SLAB_BUG_MASK: the zone flags but __GFP_DMA are taken off; the cache's own come in. */
static void test_flags_of_a_slab(void **state UNUSED)
{
	struct slab_cache plain = { .preferred_order = 0 }, dma = { .dma = true, .preferred_order = 1 };
	struct machine m;

	assert_int_equal(new_slab_flags(GF_KERNEL | GF_DMA32 | GF_ZERO | GF_ACCOUNT, &plain), GF_KERNEL);
	assert_int_equal(new_slab_flags(GF_KERNEL | GF_THISNODE | GF_HARDWALL, &plain),
			 GF_KERNEL | GF_THISNODE | GF_HARDWALL);
	assert_int_equal(new_slab_flags(GF_KERNEL, &dma), GF_KERNEL | GF_DMA | GF_COMP);

	machine_init(&m, 6, 12, 107);
	m.zones[DMA].managed_pages = m.zones[DMA32].managed_pages = opt_u64(10000);
	machine_cache(&m, "kmalloc-64", 64, 1, 0, 0);
	machine_cache(&m, "dma-kmalloc-64", 64, 1, 0, 0);
	machine_add(&m, NORMAL, MIGRATE_UNMOVABLE, 4, 4000);
	machine_ready(&m);
	assert_true(machine_ask_api(&m, API_KMALLOC, 64, "GFP_ATOMIC|__GFP_DMA32").probability > 0.98);
	assert_true(machine_ask_api(&m, API_KMALLOC, 65536, "GFP_ATOMIC|__GFP_DMA32").probability > 0.98);
	assert_true(machine_ask_api(&m, API_KMALLOC, 64, "GFP_ATOMIC|__GFP_DMA").probability < 0.02);
	assert_true(machine_ask_api(&m, API_KMALLOC, 65536, "GFP_ATOMIC|__GFP_DMA").probability < 0.02);
	machine_done(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cache_by_size),	cmocka_unit_test(test_caches_that_exist),
		cmocka_unit_test(test_allocators),	cmocka_unit_test(test_size_limit),
		cmocka_unit_test(test_preferred_order), cmocka_unit_test(test_minimum_order),
		cmocka_unit_test(test_partial_lists),	cmocka_unit_test(test_flags_of_a_slab),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
