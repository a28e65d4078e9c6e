/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lines of --requests, one after another, in memory that does not grow with them. */
#ifndef CMD_REQUEST_LINES_H
#define CMD_REQUEST_LINES_H

#include <stdio.h>

#include "base/str.h"

/* No request is longer. */
#define REQUEST_LINE_MAX ((size_t)64 * 1024)

struct request_lines {
	int fd;
	FILE *answers; /* flushed before each wait for more: who asks may want them first */
	char *buf;     /* REQUEST_LINE_MAX bytes, of malloc */
	size_t at, have;
	bool ended;
};

/*
 * The next line without its newline, the last one also where that is missing; it is @l's until the next
 * call. 1; 0 at the end; -E2BIG for a line that is longer than any request and was passed over;
 * -EFBIG where such a line does not seem to end; else what read(2) or the flush said.
 */
int request_lines_next(struct request_lines *l, struct slice *line);

#endif
