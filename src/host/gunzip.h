/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Unpacking gzip through zlib, which is loaded only then. */
#ifndef HOST_GUNZIP_H
#define HOST_GUNZIP_H

#include "base/str.h"
#include "host/root.h"

/*
 * Unpack @in into @out, at most @max bytes. 0, or negative errno with a
 * static text in @why: zlib is not installed, the data is damaged, or too large.
 */
int gunzip(struct slice in, size_t max, struct bytes *out, const char **why);

#endif
