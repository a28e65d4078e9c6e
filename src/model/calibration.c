// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Provenance: tests/vm/fit on 1441 requests that came to the slow path, of `memtool verify`
 * in states that tests/vm/guest-states.sh makes, on 5.10.0, 6.1.0, 6.12.107+deb13, 7.3.4+deb13.
 * A fifth of the runs was left out of the fit; the fit prints its figures for those.
 */
#include "model/calibration.h"

#include <math.h>

/* Weights of the features (in units of 1000) by class. */
static const double weights[][F_COUNT] = {
	[SLOW_NORETRY_COSTLY] = {
		-0.7437, -0.9629, 0.5640, 1.3234, 0.8140, 0.4188, -1.0782,
		-0.2624, -1.2578, 1.6148, -0.7352, -1.0428, 1.4650, -0.7105,
	},
	[SLOW_NORETRY] = {
		-0.9048, -0.7630, 0.4064, 1.0231, 0.4626, 0.4105, -0.9328,
		-0.2921, -1.2528, 1.5126, -1.0048, -1.0514, 1.3717, -0.9807,
	},
	[SLOW_COSTLY] = {
		-0.6674, -0.7559, 0.3717, 1.0497, 0.9325, 0.4245, -1.1481,
		0.0875, -1.5396, 1.8012, -1.1696, -1.0514, 1.3936, -0.8106,
	},
	[SLOW_MAYFAIL] = {
		-0.6292, -0.7418, 0.4429, 0.9738, 0.6682, 0.6844, -0.9456,
		0.0499, -1.2213, 1.3929, -0.7676, -1.0514, 1.6828, -1.0645,
	},
	[SLOW_NO_OOM] = {
		-0.6815, -0.7229, 0.4064, 1.0231, 0.6859, 0.4892, -0.9301,
		-0.0658, -1.2351, 1.5071, -0.8698, -1.0514, 1.3784, -0.8355,
	},
};

double calibrated_probability(enum slowpath_class c, const int64_t features[F_COUNT])
{
	double x = 0;

	for (int f = 0; f < F_COUNT; f++)
		x += weights[c][f] * (double)features[f] / 1000;
	/* Never certain: the state that decides is not in the snapshot. */
	return 0.01 + 0.98 / (1 + exp(-x));
}
