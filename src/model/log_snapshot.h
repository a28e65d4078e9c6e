/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A report's numbers in the form the decisions look at, in place of /proc. */
#ifndef MODEL_LOG_SNAPSHOT_H
#define MODEL_LOG_SNAPSHOT_H

#include "log/report.h"
#include "snap/snapshot.h"

/* The caller's to free (snapshot_free). NULL when memory is out. */
struct snapshot *log_snapshot(const struct log_report *r);

#endif
