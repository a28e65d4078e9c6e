/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The constants that no source states: how likely reclaim or compaction comes
 * through, given what a snapshot shows. One row a class of request, a logistic
 * regression over the features of model/slowpath.h. Written by tests/vm/fit
 * from runs on real kernels; see calibration.c for the provenance.
 */
#ifndef MODEL_CALIBRATION_H
#define MODEL_CALIBRATION_H

#include "model/slowpath.h"

/* Probability of success for a class that may fail, given its features. */
double calibrated_probability(enum slowpath_class c, const int64_t features[F_COUNT]);

#endif
