// SPDX-License-Identifier: GPL-2.0-or-later
/* model/trend and model/rates: slopes worked out by hand; a leak is told from a step, a wave and a burst. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "model/rates.h"
#include "model/trend.h"

#define N 300

static double t[N], v[N];

static void times(double step)
{
	for (int i = 0; i < N; i++)
		t[i] = i * step;
}

/* Noise within [-1, 1], the same each run. */
static double noise(unsigned int *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return (double)(*seed >> 8) / (1 << 23) - 1;
}

static void test_line(void **state UNUSED)
{
	struct trend r;

	times(2);
	for (int i = 0; i < N; i++)
		v[i] = 1000 + 3 * t[i];
	assert_true(trend_fit(t, v, 10, &r));
	assert_true(fabs(r.slope - 3) < 1e-9);
	assert_true(fabs(r.fit - 1) < 1e-9);
	assert_true(r.slope_lo <= r.slope && r.slope <= r.slope_hi);
	assert_int_equal(r.n, 10);
	assert_true(fabs(r.span_s - 18) < 1e-9);
	assert_true(trend_fit(t, v, N, &r));
	assert_true(fabs(r.slope - 3) < 1e-9);
	assert_true(trend_is_leak(&r));
}

static void test_too_little(void **state UNUSED)
{
	struct trend r;

	times(1);
	for (int i = 0; i < N; i++)
		v[i] = i;
	assert_false(trend_fit(t, v, TREND_MIN_POINTS - 1, &r));
	for (int i = 0; i < N; i++)
		t[i] = 5;
	assert_false(trend_fit(t, v, N, &r));
	times(1);
	for (int i = 0; i < N - 3; i++)
		v[i] = (double)NAN;
	assert_false(trend_fit(t, v, N, &r));
	assert_false(trend_fit(t, v, 0, &r));
}

/* A leak under noise of a tenth of its height; an outlier does not move the slope. */
static void test_noisy_leak(void **state UNUSED)
{
	unsigned int seed = 7;
	struct trend r;

	times(1);
	for (int i = 0; i < N; i++)
		v[i] = 1e6 + 100 * t[i] + 300 * noise(&seed);
	v[150] = 1e9;
	assert_true(trend_fit(t, v, N, &r));
	assert_true(fabs(r.slope - 100) < 5);
	assert_true(r.slope_lo < 100 && r.slope_hi > 100);
	assert_true(trend_is_leak(&r));
}

static void test_no_leaks(void **state UNUSED)
{
	unsigned int seed = 3;
	struct trend r;

	times(1);
	/* Noise alone. */
	for (int i = 0; i < N; i++)
		v[i] = 1e6 + 1000 * noise(&seed);
	assert_true(trend_fit(t, v, N, &r));
	assert_false(trend_is_leak(&r));
	/* A step: something was started. */
	for (int i = 0; i < N; i++)
		v[i] = i < 140 ? 1e6 : 5e6;
	assert_true(trend_fit(t, v, N, &r));
	assert_false(trend_is_leak(&r));
	/* A cache that fills and is full. */
	for (int i = 0; i < N; i++)
		v[i] = 1e6 * (1 - exp(-t[i] / 30));
	assert_true(trend_fit(t, v, N, &r));
	assert_false(trend_is_leak(&r));
	/* Waves: it gives back what it took. */
	for (int i = 0; i < N; i++)
		v[i] = 1e6 + 1e5 * sin(t[i] / 10);
	assert_true(trend_fit(t, v, N, &r));
	assert_false(trend_is_leak(&r));
	/* A saw that rises all the same, but shrinks by a third of it now and then. */
	for (int i = 0; i < N; i++)
		v[i] = 1e6 + 10 * t[i] + 1000 * (i % 100) / 100;
	assert_true(trend_fit(t, v, N, &r));
	assert_false(trend_is_leak(&r));
	/* Nothing moves. */
	for (int i = 0; i < N; i++)
		v[i] = 42;
	assert_true(trend_fit(t, v, N, &r));
	assert_false(trend_is_leak(&r));
	assert_true(r.fit <= 0);
}

/* One sample of 300 fell: the medians do not know of it, the row does. */
static void test_fall(void **state UNUSED)
{
	struct trend r;

	times(1);
	for (int i = 0; i < N; i++)
		v[i] = 1000 + 10 * t[i];
	v[150] -= 600; /* 590 below the sample before it */
	assert_true(trend_fit(t, v, N, &r));
	assert_true(fabs(r.fall - 590) < 1e-9);
	assert_true(r.retreat < 1e-9);
	assert_true(trend_is_leak(&r));
	/* What came before a high, or has no value, is no fall. */
	v[150] += 600;
	v[150] = (double)NAN;
	v[0] = 0;
	assert_true(trend_fit(t, v, N, &r));
	assert_true(r.fall <= 0);
	/* All of it. */
	for (int i = 0; i < N; i++)
		v[i] = 5000 - 10 * t[i];
	assert_true(trend_fit(t, v, N, &r));
	assert_true(fabs(r.fall - 10 * (N - 1)) < 1e-9);
}

static void test_time_to(void **state UNUSED)
{
	unsigned int seed = 9;
	double s, lo, hi;
	struct trend r;

	times(1);
	for (int i = 0; i < N; i++)
		v[i] = 10000 - 20 * t[i];
	assert_true(trend_fit(t, v, N, &r));
	assert_int_equal(trend_time_to(&r, 0, &s, &lo, &hi), TREND_ARRIVES);
	/* 500 s from the start, 201 s after the last point; that bins are of 5 points is no matter. */
	assert_true(fabs(s - 201) < 1e-6);
	assert_true(lo <= s && s <= hi);
	/* The wrong way, too far, or noise: no estimate. */
	assert_int_equal(trend_time_to(&r, 20000, &s, &lo, &hi), TREND_NO_WAY);
	for (int i = 0; i < N; i++)
		v[i] = 1e6 - 20 * t[i];
	assert_true(trend_fit(t, v, N, &r));
	assert_int_equal(trend_time_to(&r, 0, &s, &lo, &hi), TREND_TOO_FAR);
	for (int i = 0; i < N; i++)
		v[i] = 10000 + 3000 * noise(&seed);
	assert_true(trend_fit(t, v, N, &r));
	assert_in_range(trend_time_to(&r, 0, &s, &lo, &hi), TREND_UNSTEADY, TREND_NO_WAY);
}

static void test_changes(void **state UNUSED)
{
	struct change c = change_gauge(opt_u64(10), opt_u64(4));

	assert_int_equal(c.kind, CHANGE_BOTH);
	assert_true(change_signed(&c) == -6);
	assert_true(fabs(change_per_s(&c, UINT64_C(2000000000)) + 3) < 1e-9);
	c = change_known(OPT_UNKNOWN, opt_u64(4)); /* not read: not known */
	assert_int_equal(c.kind, CHANGE_UNKNOWN);
	c = change_gauge(OPT_UNKNOWN, opt_u64(4));
	assert_int_equal(c.kind, CHANGE_CAME);
	c = change_gauge(opt_u64(4), OPT_UNKNOWN);
	assert_int_equal(c.kind, CHANGE_WENT);
	c = change_gauge(OPT_UNKNOWN, OPT_UNKNOWN);
	assert_int_equal(c.kind, CHANGE_UNKNOWN);
	c = change_gauge(opt_u64(0), opt_u64(UINT64_MAX));
	assert_true(change_signed(&c) == INT64_MAX);
	/* A count of events that goes back did not count downwards. */
	c = change_counter(opt_u64(1000), opt_u64(10), 64);
	assert_int_equal(c.kind, CHANGE_RESET);
	assert_int_equal(c.delta, 0);
	/* On 32 bits it went over its end: 2^32 - 10 to 20 is 30. */
	c = change_counter(opt_u64(UINT64_C(4294967286)), opt_u64(20), 32);
	assert_int_equal(c.kind, CHANGE_BOTH);
	assert_true(c.wrapped && c.delta == 30 && !c.negative);
	c = change_counter(opt_u64(5000), opt_u64(20), 32);
	assert_int_equal(c.kind, CHANGE_RESET);
}

static void test_gauges(void **state UNUSED)
{
	assert_true(vmstat_counts_since_boot("pgfree"));
	assert_true(vmstat_counts_since_boot("numa_pte_updates"));
	assert_false(vmstat_counts_since_boot("numa_hit"));
	assert_false(vmstat_counts_since_boot("nr_free_pages"));
	assert_true(vmstat_is_gauge("nr_free_pages"));
	assert_true(vmstat_is_gauge("nr_slab_unreclaimable"));
	assert_true(vmstat_is_gauge("workingset_nodes"));
	assert_false(vmstat_is_gauge("nr_dirtied"));
	assert_false(vmstat_is_gauge("nr_tlb_remote_flush"));
	assert_false(vmstat_is_gauge("nr_vmscan_write"));
	assert_false(vmstat_is_gauge("pgalloc_normal"));
	assert_false(vmstat_is_gauge("compact_fail"));
	assert_false(vmstat_is_gauge("workingset_refault_anon"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_line),	 cmocka_unit_test(test_too_little),
		cmocka_unit_test(test_noisy_leak), cmocka_unit_test(test_no_leaks),
		cmocka_unit_test(test_fall),	 cmocka_unit_test(test_time_to),	 cmocka_unit_test(test_changes),
		cmocka_unit_test(test_gauges),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
