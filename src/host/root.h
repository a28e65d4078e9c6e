/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tree that is read: this machine, or what lies below --sysroot. All reads
 * go through its directory descriptor by relative names ("proc/buddyinfo"). A
 * sysroot may come from a stranger: symlinks in it, absolute ones too, are
 * resolved inside it and never lead out.
 */
#ifndef HOST_ROOT_H
#define HOST_ROOT_H

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "host/readfd.h"

struct root {
	int fd;
	bool confined; /* a sysroot: symlinks stay inside */
	bool manual;   /* resolve by hand: openat2 is not there (Linux 5.5 and older, seccomp) */
	bool live;     /* its proc is a procfs: the kernel that runs here, now */
};

/* @sysroot NULL: this machine. 0 or negative errno. */
int root_open(struct root *r, const char *sysroot);
void root_close(struct root *r); /* also after a failed root_open */

/*
 * Open a regular file (procfs and sysfs files are) for reading. The
 * descriptor, or negative errno; what is no regular file is refused with
 * -EINVAL (-EISDIR for a directory), and @why, if not NULL, gets a static text
 * then, otherwise NULL.
 */
int root_open_file(const struct root *r, const char *path, const char **why);
/* Open and read. */
int root_read_file(const struct root *r, const char *path, const struct read_limits *limits,
		   struct bytes *b, const char **why);
/* NULL with errno set. */
DIR *root_opendir(const struct root *r, const char *path);
/* Target of the symlink @path into @buf, NUL terminated. 0, or negative errno (-EINVAL: no link). */
int root_readlink(const struct root *r, const char *path, char *buf, size_t size);

#endif
