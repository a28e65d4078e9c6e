/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The snapshot document, memtool.snapshot/1. */
#ifndef OUT_JSON_SNAPSHOT_H
#define OUT_JSON_SNAPSHOT_H

#include <stdio.h>

#include "snap/snapshot.h"

/*
 * Write the whole snapshot with its figures to @f: all that snapshot_load
 * needs to make it again, so that what is loaded prints the same bytes.
 * @pretty: indented; otherwise one line. 0 or -ENOMEM; errors of @f stay in @f.
 */
int json_write_snapshot(const struct snapshot *s, FILE *f, bool pretty);

#endif
