/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Does a number grow, how fast, and does the data bear that out? Slopes are
 * Theil and Sen's (the median of the slopes of all pairs), which a burst or an
 * outlier does not move; their interval is Kendall's, 95 %. Long rows are
 * thinned to medians of at most TREND_BINS equal stretches of time first.
 */
#ifndef MODEL_TREND_H
#define MODEL_TREND_H

#include <stdbool.h>
#include <stddef.h>

#define TREND_BINS 64
/* Below this many points nothing is said about a trend. */
#define TREND_MIN_POINTS 8

struct trend {
	size_t n;	   /* points that had a value */
	double span_s;	   /* between the first and the last of them */
	double first, last; /* values at the ends: medians of the first and last bin */
	double last_lag_s; /* by how much the moment of @last lies before the last point */
	double min, max;
	double slope;	   /* a second */
	double slope_lo, slope_hi; /* its 95 % interval */
	double fit;	   /* r squared of a straight line, 0 to 1; 0 for a constant row */
	double retreat;	   /* largest fall from an earlier high, of the medians */
	double fall;	   /* the same of the row as it is */
	double rise_quarter[4]; /* how much it rose in each quarter of the span */
};

/*
 * Times (seconds, ascending) and values (NaN: no value then) of a row. False
 * if there are fewer than TREND_MIN_POINTS values or they span no time.
 */
bool trend_fit(const double *t, const double *v, size_t n, struct trend *out);

/* Grows, significantly, all along and without giving anything of note back: what a leak does. */
bool trend_is_leak(const struct trend *t);

enum trend_end {
	TREND_ARRIVES,	  /* the estimate holds */
	TREND_IS_THERE,	  /* the row stands at the level already */
	TREND_UNSTEADY,	  /* a poor fit */
	TREND_NO_WAY,	  /* no clear trend towards the level */
	TREND_TOO_FAR,	  /* further away than ten times the span that was seen */
};

/*
 * Seconds after the last point until the row reaches @level, by the slope, and
 * the bounds of its interval, or why the data does not support an estimate.
 */
enum trend_end trend_time_to(const struct trend *t, double level, double *s, double *earliest, double *latest);

#endif
