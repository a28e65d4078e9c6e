// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * model/draw and model/score: what `verify` asks a kernel cannot hurt it, and what it says of the
 * answers is worked out by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "model/draw.h"
#include "model/score.h"
#include "model_state.h"

#define DRAWS 100000

/* The largest order at which the kernel looks for pages for @r, if it can be told; 0 for one by one. */
static unsigned int page_order(const struct request *r)
{
	switch (r->api) {
	case API_VMALLOC:
	case API_VZALLOC:
	case API_KVMALLOC:
	case API_KVZALLOC:
	case API_ALLOC_PERCPU:
	case API_KMEM_CACHE_ALLOC:
	case API_ALLOC_SKB: /* struct sk_buff is a small object */
		return 0;
	default:
		return r->size.known ? get_order(r->size.v, 4096) : (unsigned int)r->order;
	}
}

/*
 * __alloc_pages_may_oom is for orders up to PAGE_ALLOC_COSTLY_ORDER, of who may reclaim and said
 * neither NORETRY nor RETRY_MAYFAIL; NOFAIL never ends.
 */
static bool may_kill(const struct request *r)
{
	uint32_t gfp = r->gfp.flags;

	if (gfp & GF_NOFAIL)
		return true;
	return gfp & GF_DIRECT_RECLAIM && !(gfp & (GF_NORETRY | GF_RETRY_MAYFAIL)) && page_order(r) <= 3;
}

static void check_draws(unsigned int major, unsigned int minor, bool waiting)
{
	struct draw d = { .state = 1, .waiting = waiting, .max_order = 10 };
	uint64_t apis = 0, classes = 0;
	struct machine m;

	machine_init(&m, major, minor, 0);
	machine_ready(&m);
	for (int i = 0; i < DRAWS; i++) {
		struct request r = draw_request(&d, &m.mm);
		const char *why = NULL;

		if (request_check(&r, &why))
			fail_msg("%s: %s", api_name(r.api), why);
		if (may_kill(&r))
			fail_msg("%s of order %u, flags %#x, may kill", api_name(r.api), page_order(&r), r.gfp.flags);
		if (r.order > (int)d.max_order || (r.size.known && r.size.v > UINT64_C(4096) << d.max_order))
			fail_msg("%s: more than was bounded", api_name(r.api));
		if (!waiting && r.gfp.flags & (GF_DIRECT_RECLAIM | GF_MEMALLOC))
			fail_msg("%s with flags %#x leaves a trace", api_name(r.api), r.gfp.flags);
		if (!(r.gfp.flags & GF_NOWARN))
			fail_msg("%s fills the log", api_name(r.api));
		apis |= UINT64_C(1) << r.api;
		classes |= UINT64_C(1) << gfp_class_of(r.gfp.flags);
	}
	/* All that a module may call but cma_alloc, hugetlb and thp; vmalloc and its kin always wait. */
	assert_int_equal(__builtin_popcountll(apis), waiting ? 17 : 13);
	assert_int_equal(__builtin_popcountll(classes), waiting ? CLASS_COUNT : 2);
	machine_done(&m);
}

static void test_harmless(void **state UNUSED)
{
	check_draws(5, 10, true);
	check_draws(6, 12, true);
	check_draws(5, 10, false);
	check_draws(6, 12, false);
}

/* verify --seed: the same requests again, others for another seed. */
static void test_seed(void **state UNUSED)
{
	struct draw a = { .state = 7, .max_order = 10 }, b = a, c = { .state = 8, .max_order = 10 };
	unsigned int differ = 0;
	struct machine m;

	machine_init(&m, 6, 1, 0);
	machine_ready(&m);
	for (int i = 0; i < 1000; i++) {
		struct request x = draw_request(&a, &m.mm), y = draw_request(&b, &m.mm),
			       z = draw_request(&c, &m.mm);

		assert_int_equal(x.api, y.api);
		assert_int_equal(x.order, y.order);
		assert_int_equal(x.size.v, y.size.v);
		assert_int_equal(x.gfp.flags, y.gfp.flags);
		differ += x.api != z.api || x.gfp.flags != z.gfp.flags;
	}
	assert_true(differ > 500);
	machine_done(&m);
}

static void test_score(void **state UNUSED)
{
	static const struct {
		double p;
		bool at_once, ok, block_free, index_high;
	} trials[] = {
		{ 1.0, true, true, true, false },
		{ 0.0, true, false, true, false },
		{ 0.9, false, false, false, true },
		{ 0.2, false, true, false, true },
	};
	struct score s = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(trials); i++) {
		struct verdict v = { .probability = trials[i].p, .at_once = trials[i].at_once,
				     .mechanism = MECHANISM_BUDDY };

		score_add(&s, &(struct trial){ API_KMALLOC, GF_KERNEL, 4, trials[i].ok, trials[i].block_free,
					       trials[i].index_high }, &v);
	}
	assert_int_equal(s.all.n, 4);
	assert_int_equal(s.all.ok, 2);
	assert_true(score_accuracy(&s.at_once) == 1 && score_brier(&s.at_once) == 0);
	assert_true(score_accuracy(&s.slow) == 0);
	/* (0.9^2 + 0.8^2) / 2, and for "always fails" (0 + 1) / 2 */
	assert_float_equal(score_brier(&s.slow), 0.725, 1e-6);
	assert_float_equal(score_brier(&s.slow_never), 0.5, 1e-6);
	assert_int_equal(s.hand_block.right, 2);
	assert_int_equal(s.hand_index.right, 2);
	assert_int_equal(s.hand_never.right, 2);
	assert_int_equal(s.by_verdict[LIKELY_SUCCEEDS].n, 1);
	assert_int_equal(s.slow_by_verdict[LIKELY_FAILS].ok, 1);
	assert_int_equal(s.by_order[4].n, 4);
	assert_true(score_accuracy(&s.by_api[API_VMALLOC]) == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_harmless),
		cmocka_unit_test(test_seed),
		cmocka_unit_test(test_score),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
