/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LOG_SUBSYSTEM_H
#define LOG_SUBSYSTEM_H

/*
 * The part of the kernel ("network", "btrfs", "page cache") that @function, of the
 * kernel proper and without "+0x..", belongs to; NULL if its name does not tell.
 */
const char *subsystem_of(const char *function);

#endif
