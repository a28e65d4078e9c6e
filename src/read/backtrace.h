/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One line of a backtrace as debugfs files print it, lib/vsprintf.c:%pS. */
#ifndef READ_BACKTRACE_H
#define READ_BACKTRACE_H

#include "read/lines.h"

/*
 * "[<00000000a1b2c3d4>] kmalloc_trace+0x28/0xe0", later without the address, and
 * "do_one+0x1/0x2 [mod]": @function and @module (len 0: the kernel proper) point into
 * the line. Where no symbol is known @function is the address. NULL, or a static text
 * that says why the line is none.
 */
const char *backtrace_frame(const struct lines *l, struct slice *function, struct slice *module);

#endif
