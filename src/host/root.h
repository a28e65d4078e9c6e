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
 * What a read may cost. A file that is larger, or that has not ended when the
 * time is over, is an error and not a truncated result. Four times as many
 * bytes may go to a sink.
 */
struct read_limits {
	size_t bytes;
	uint64_t time_ns;
	size_t room; /* each read has at least so much; 0: any */
};

/* Growable bytes; @data has room for, and ends in, a NUL that @len does not count. */
struct bytes {
	char *data;
	size_t len, cap;
};

void bytes_free(struct bytes *b);
/* Room for @cap bytes. 0 or -ENOMEM. */
int bytes_reserve(struct bytes *b, size_t cap);
/* The same, and touch them, so that no page fault falls into the reading. 0 or -ENOMEM. */
int bytes_prepare(struct bytes *b, size_t cap);

/*
 * Open a regular file (procfs and sysfs files are) for reading. The
 * descriptor, or negative errno; what is no regular file is refused with
 * -EINVAL (-EISDIR for a directory), and @why, if not NULL, gets a static text
 * then, otherwise NULL.
 */
int root_open_file(const struct root *r, const char *path, const char **why);
/*
 * Takes a file's lines as they are read, whole lines each time: a file then
 * need not be in memory as a whole. 0 or negative errno, which ends the reading.
 */
struct line_sink {
	int (*take)(void *ctx, struct slice lines); /* NULL: none */
	void *ctx;
};

/*
 * Read @fd from its position to its end into @b, replacing what is there. With
 * a @sink (or NULL), lines go there whenever @b is full, and @b ends up with
 * the rest; @taken, if not NULL, is how many bytes went. 0 or negative errno.
 */
int root_read_fd(int fd, const struct read_limits *limits, struct bytes *b,
		 const struct line_sink *sink, uint64_t *taken, const char **why);
/* Both. */
int root_read_file(const struct root *r, const char *path, const struct read_limits *limits,
		   struct bytes *b, const char **why);
/* NULL with errno set. */
DIR *root_opendir(const struct root *r, const char *path);
/* Target of the symlink @path into @buf, NUL terminated. 0, or negative errno (-EINVAL: no link). */
int root_readlink(const struct root *r, const char *path, char *buf, size_t size);

#endif
