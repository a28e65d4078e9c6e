/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reading an open file: whole, or its lines as they come. */
#ifndef HOST_READFD_H
#define HOST_READFD_H

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

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
 * Takes a file's lines as they are read, whole lines each time: a file then
 * need not be in memory as a whole. 0 or negative errno, which ends the reading.
 */
struct line_sink {
	int (*take)(void *ctx, struct slice lines); /* NULL: none */
	void *ctx;
	/*
	 * For a large file that is read in parts: another one like ctx, for those
	 * that a second thread reads, and what tells either one which part comes
	 * next. NULL: it is not.
	 */
	void *second;
	int (*part)(void *ctx, uint64_t number);
};

/*
 * Read @fd from its position to its end into @b, replacing what is there. With
 * a @sink (or NULL), lines go there whenever @b is full, and @b ends up with
 * the rest; @taken, if not NULL, is how many bytes went. 0 or negative errno.
 */
int readfd_whole(int fd, const struct read_limits *limits, struct bytes *b, const struct line_sink *sink,
		 uint64_t *taken, const char **why);

/*
 * All lines of a file for @sink, in parts: a thread reads them one after
 * another, and so does whoever waits for its end. For files on a disk, which
 * can be read from anywhere. Where parts meet hangs on the file alone, who reads
 * them on chance. *@out is NULL where the file is not large enough, and nothing
 * was done. @fd must stay open until the end. 0 or -ENOMEM.
 */
struct readfd_parts;
int readfd_parts_begin(int fd, const struct read_limits *limits, const struct line_sink *sink,
		       struct readfd_parts **out);
/* Read what is left, wait, and free. *@taken is how many bytes went. 0 or negative errno. */
int readfd_parts_end(struct readfd_parts *p, uint64_t *taken, const char **why);

#endif
