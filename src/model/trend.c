// SPDX-License-Identifier: GPL-2.0-or-later
/* Robust trends of rows in time. */
#include "model/trend.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

static int compare_doubles(const void *a, const void *b)
{
	const double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *v, size_t n)
{
	qsort(v, n, sizeof(*v), compare_doubles);
	return n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

struct bins {
	size_t n;
	double t[TREND_BINS], v[TREND_BINS];
};

static void bin_add(struct bins *b, double *times, double *values, size_t n)
{
	if (n == 0)
		return;
	b->t[b->n] = median(times, n);
	b->v[b->n] = median(values, n);
	b->n++;
}

/* Medians of equal stretches of time; @t and @v are used up. */
static void bin_rows(struct bins *b, double *t, double *v, size_t n)
{
	double begin = t[0], width = (t[n - 1] - begin) / TREND_BINS;
	size_t start = 0, current = 0;

	b->n = 0;
	if (n <= TREND_BINS) {
		memcpy(b->t, t, n * sizeof(*t));
		memcpy(b->v, v, n * sizeof(*v));
		b->n = n;
		return;
	}
	for (size_t i = 0; i < n; i++) {
		size_t bin = (size_t)((t[i] - begin) / width);

		if (bin >= TREND_BINS)
			bin = TREND_BINS - 1;
		if (bin != current) {
			bin_add(b, t + start, v + start, i - start);
			start = i;
			current = bin;
		}
	}
	bin_add(b, t + start, v + start, n - start);
}

/* Theil-Sen slope and the interval of Kendall's S; ties in time are left out. */
static bool theil_sen(const struct bins *b, struct trend *out)
{
	size_t pairs = 0, n = b->n;
	auto_free double *slope = malloc(n * (n - 1) / 2 * sizeof(*slope));
	double half;
	size_t lo, hi;

	if (!slope)
		return false;
	for (size_t i = 0; i < n; i++) {
		for (size_t j = i + 1; j < n; j++) {
			if (b->t[j] > b->t[i])
				slope[pairs++] = (b->v[j] - b->v[i]) / (b->t[j] - b->t[i]);
		}
	}
	if (pairs == 0)
		return false;
	out->slope = median(slope, pairs);
	half = 1.96 * sqrt((double)n * (double)(n - 1) * (double)(2 * n + 5) / 18) / 2;
	lo = (double)pairs / 2 > half ? (size_t)((double)pairs / 2 - half) : 0;
	hi = pairs - 1 - lo;
	out->slope_lo = slope[lo];
	out->slope_hi = slope[hi];
	return true;
}

static double r_squared(const struct bins *b)
{
	double n = (double)b->n, mt = 0, mv = 0, tt = 0, vv = 0, tv = 0;

	for (size_t i = 0; i < b->n; i++) {
		mt += b->t[i] / n;
		mv += b->v[i] / n;
	}
	for (size_t i = 0; i < b->n; i++) {
		tt += (b->t[i] - mt) * (b->t[i] - mt);
		vv += (b->v[i] - mv) * (b->v[i] - mv);
		tv += (b->t[i] - mt) * (b->v[i] - mv);
	}
	return tt > 0 && vv > 0 ? tv * tv / (tt * vv) : 0;
}

static void walk_bins(const struct bins *b, struct trend *out)
{
	double high = b->v[0], begin = b->t[0], span = b->t[b->n - 1] - begin;
	double at_quarter[5] = { b->v[0], b->v[0], b->v[0], b->v[0], b->v[b->n - 1] };

	out->min = out->max = b->v[0];
	for (size_t i = 0; i < b->n; i++) {
		if (b->v[i] > high)
			high = b->v[i];
		if (high - b->v[i] > out->retreat)
			out->retreat = high - b->v[i];
		out->min = fmin(out->min, b->v[i]);
		out->max = fmax(out->max, b->v[i]);
		for (int q = 1; q < 4; q++) {
			if (b->t[i] <= begin + span * q / 4)
				at_quarter[q] = b->v[i];
		}
	}
	for (int q = 0; q < 4; q++)
		out->rise_quarter[q] = at_quarter[q + 1] - at_quarter[q];
	out->first = b->v[0];
	out->last = b->v[b->n - 1];
}

bool trend_fit(const double *t, const double *v, size_t n, struct trend *out)
{
	auto_free double *times = malloc((n ? n : 1) * sizeof(*times));
	auto_free double *values = malloc((n ? n : 1) * sizeof(*values));
	double high = 0;
	struct bins b;
	size_t kept = 0;

	memset(out, 0, sizeof(*out));
	if (!times || !values)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (isfinite(v[i]) && isfinite(t[i]) && (kept == 0 || t[i] >= times[kept - 1])) {
			times[kept] = t[i];
			values[kept++] = v[i];
		}
	}
	if (kept < TREND_MIN_POINTS || times[kept - 1] <= times[0])
		return false;
	for (size_t i = 0; i < kept; i++) {
		high = i == 0 ? values[0] : fmax(high, values[i]);
		out->fall = fmax(out->fall, high - values[i]);
	}
	out->n = kept;
	out->span_s = times[kept - 1] - times[0];
	bin_rows(&b, times, values, kept);
	if (b.n < 2 || !theil_sen(&b, out))
		return false;
	out->last_lag_s = times[kept - 1] - b.t[b.n - 1];
	out->fit = r_squared(&b);
	walk_bins(&b, out);
	return true;
}

bool trend_is_leak(const struct trend *t)
{
	double rise = t->last - t->first;

	if (rise <= 0 || t->slope_lo <= 0 || t->fit < 0.8 || t->retreat > rise / 10)
		return false;
	/* A step is no leak: an even rise brings a quarter in each. */
	for (int q = 0; q < 4; q++) {
		if (t->rise_quarter[q] < rise / 16)
			return false;
	}
	return true;
}

enum trend_end trend_time_to(const struct trend *t, double level, double *s, double *earliest, double *latest)
{
	double way = level - t->last;
	double fast = way > 0 ? t->slope_hi : t->slope_lo, slow = way > 0 ? t->slope_lo : t->slope_hi;

	if (way == 0)
		return TREND_IS_THERE;
	/* The whole interval must lead there. */
	if (way > 0 ? slow <= 0 : slow >= 0)
		return TREND_NO_WAY;
	if (t->fit < 0.7)
		return TREND_UNSTEADY;
	/* @last is of a moment before the last point: it may have been reached by now. */
	*s = fmax(way / t->slope - t->last_lag_s, 0);
	*earliest = fmax(way / fast - t->last_lag_s, 0);
	*latest = fmax(way / slow - t->last_lag_s, 0);
	return *s <= 10 * t->span_s ? TREND_ARRIVES : TREND_TOO_FAR;
}
