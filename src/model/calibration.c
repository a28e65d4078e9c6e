// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Provenance: first guesses from the rules, not yet fitted. tests/vm/fit
 * replaces the table.
 */
#include "model/calibration.h"

#include <math.h>

/* Weights of the features (in units of 1000) by class. */
static const double weights[][F_COUNT] = {
	[SLOW_NORETRY_COSTLY] = { -1.0, -1.0, -1.5, 0.5, 1.0, 0.8, 1.0, 0.3, -0.5, 0.5, 0, -2.0, 0.5, -0.5 },
	[SLOW_NORETRY] = { 0.0, -1.0, -1.5, 1.5, 0.5, 1.0, 1.0, 0.3, -0.3, 0.5, 0, 0, 0.5, -0.5 },
	[SLOW_COSTLY] = { -0.5, -1.0, -1.0, 1.0, 1.0, 1.5, 1.5, 0.3, -0.5, 0.5, 0, 0, 0.5, -0.5 },
	[SLOW_MAYFAIL] = { 0.0, -0.5, -1.0, 1.5, 0.5, 1.5, 1.5, 0.3, -0.3, 0.5, 0, 0, 0.5, -0.5 },
	[SLOW_NO_OOM] = { 0.5, -0.5, -1.0, 1.5, 0.5, 1.0, 1.0, 0.3, -0.3, 0.5, 0, 0, 0.5, -0.5 },
};

double calibrated_probability(enum slowpath_class c, const int64_t features[F_COUNT])
{
	double x = 0;

	for (int f = 0; f < F_COUNT; f++)
		x += weights[c][f] * (double)features[f] / 1000;
	/* Never certain: the state that decides is not in the snapshot. */
	return 0.01 + 0.98 / (1 + exp(-x));
}
