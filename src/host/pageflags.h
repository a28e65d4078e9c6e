/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words of /proc/kpageflags by page frame number: a file too large to read whole. */
#ifndef HOST_PAGEFLAGS_H
#define HOST_PAGEFLAGS_H

#include "host/root.h"

/* A descriptor, or negative errno (@why as root_open_file). */
int pageflags_open(const struct root *root, const char **why);
/*
 * The words of @n frames from @pfn on. How many there are (fewer at the end of
 * memory, 0 beyond it), or negative errno.
 */
int64_t pageflags_read(int fd, uint64_t pfn, uint64_t *words, size_t n);

#endif
