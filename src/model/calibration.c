// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Provenance: tests/vm/fit on 1444 requests that came to the slow path, gathered by
 * tests/vm/collect in 160 boots of 5.10.0, 6.1.0, 6.12.117+deb13, 7.3.4+deb13.
 * The nth request of a state counts 1/n. 25.9 % were obtained. Each boot by a fit on the
 * others: Brier score 0.136, where "always fails" gets 0.259 and a constant 0.192; each kernel by
 * a fit on the other kernels: 0.161. The features were chosen on like cases, so neither is a
 * clean hold-out (fit --score on later ones is).
 */
#include "model/calibration.h"

#include <math.h>

enum { SINCE_6_9, SINCE_6_16 };

/*
 * Weights of the features (in units of 1000) by class. The table before this one, scored on 401 of
 * these requests (41 boots, each with states of its own) before they were added, got 0.117 where a
 * constant gets 0.172 and "always fails" 0.221. On 1,263 requests of 124 later boots (seeds from 9001,
 * 9101 and 9201 on; 1 GiB with four CPUs and 5 GiB with two nodes among them): 0.136, 0.207 and 0.292;
 * likely_fails 11 % said and 10 % obtained, uncertain 48 and 48.
 * From these, with fit --new, come kswapd, pcp, pcp_block and a constant: each boot by a fit on the
 * others 0.127, each kernel 0.131.
 */
static const double weights[][F_COUNT] = {
	[SLOW_NORETRY_COSTLY] = {
		-0.6636, 0.0952, -0.1912, 0.6436, 1.3536, 0.3783, -0.5933,
		0.4629, 0.4166, 0.6331, 0.8581, -1.7177, 0.2519, -0.9783,
		-1.0309, 0.2650, 0.4589, -0.2643, -0.4313, -0.6424, 1.1310,
		0.8845, 0.9907, -0.1940, 0.2560, 1.2405,
	},
	[SLOW_NORETRY] = {
		-0.6452, 0.5353, 0.0188, 0.7965, 0.2542, 0.6096, -0.2140,
		0.5920, 0.4655, 0.0984, 0.7663, -1.4665, 0.1211, -0.8982,
		-1.2486, 0.4584, 0.1715, -0.2251, -0.3708, -0.1709, 1.1310,
		0.8845, 0.9907, -0.0915, -0.2587, 0.4665,
	},
	[SLOW_COSTLY] = {
		-0.3160, 0.8522, -0.1722, 1.2514, 0.1104, 0.6548, -0.1699,
		0.5881, 0.4212, -0.0769, 0.6136, -1.5815, -0.4385, -0.9068,
		-1.2486, 0.3619, 0.4162, -0.4942, -0.6235, 0.1759, 1.1310,
		0.8845, 0.9907, -0.1775, 0.0928, 0.3913,
	},
	[SLOW_MAYFAIL] = {
		-0.3733, 0.8190, -0.0318, 0.7687, -0.1865, 0.8994, 0.1470,
		0.3543, 0.2634, 0.0411, 0.7784, -1.7073, 0.3717, -0.8432,
		-1.2486, 0.2650, 0.2496, -0.1236, -0.2630, -0.0382, 1.1310,
		0.8845, 0.9907, 0.0600, -0.2920, 0.2341,
	},
	[SLOW_NO_OOM] = {
		-0.4321, 0.5383, -0.0495, 0.7295, 0.3779, 0.5977, -0.1659,
		0.4508, 0.3780, 0.1838, 0.6645, -1.4306, 0.0775, -0.8125,
		-1.2486, 0.2650, 0.2698, -0.2658, -0.3953, -0.1575, 1.1310,
		0.8845, 0.9907, -0.1486, 0.0281, 0.6605,
	},
};

/* What later kernels add to the weights of each class. */
static const double later[][F_COUNT] = {
	[SINCE_6_9] = {
		0.0658, -0.2456, -0.2589, -0.2335, 0.0364, -0.1592, 0.0653,
		-0.0426, -0.0953, 0.4319, -0.5375, -0.0177, 0.0087, 0.0413,
		-0.0728, -0.0382, 0.1848, -0.4213, -0.4493, 0.2557, 0.0000,
		0.0000, 0.0000, 0.0000, 0.0658, 0.0000,
	},
	[SINCE_6_16] = {
		0.1360, 0.2152, -0.1780, 0.5507, -0.4729, 0.2715, -0.1998,
		-0.0580, -0.3486, -0.4200, 0.1570, -0.4273, 0.2369, -0.1671,
		0.1308, 0.2888, 0.0728, 0.0623, 0.0821, -0.2071, 0.0000,
		0.0000, 0.0000, 0.0000, 0.1360, 0.1360,
	},
};

double calibrated_probability(enum slowpath_class c, const int64_t features[F_COUNT])
{
	const double *add = features[F_RULES_6_16]  ? later[SINCE_6_16]
			    : features[F_RULES_6_9] ? later[SINCE_6_9]
						    : NULL;
	double x = 0;

	for (int f = 0; f < F_COUNT; f++)
		x += (weights[c][f] + (add ? add[f] : 0)) * (double)features[f] / 1000;
	/* Never certain: the state that decides is not in the snapshot. */
	return 0.01 + 0.98 / (1 + exp(-x));
}
