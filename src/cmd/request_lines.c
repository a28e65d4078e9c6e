// SPDX-License-Identifier: GPL-2.0-or-later
/* The lines of --requests. */
#include "cmd/request_lines.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* So much without a newline is no list of requests: /dev/zero, a disk. */
#define ENDLESS ((size_t)64 << 20)

/* More bytes to the buffer's end; 0 at the end of the file. */
static int fill(struct request_lines *l)
{
	ssize_t n;

	memmove(l->buf, l->buf + l->at, l->have - l->at);
	l->have -= l->at;
	l->at = 0;
	if (fflush(l->answers))
		return -errno;
	do
		n = read(l->fd, l->buf + l->have, REQUEST_LINE_MAX - l->have);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	l->ended = n == 0;
	l->have += (size_t)n;
	return n > 0;
}

/* Behind the end of the line that fills the whole buffer. */
static int pass_over(struct request_lines *l)
{
	for (size_t passed = 0; passed < ENDLESS; passed += l->have) {
		const char *nl = memchr(l->buf, '\n', l->have);
		int r;

		if (nl) {
			l->at = (size_t)(nl + 1 - l->buf);
			return -E2BIG;
		}
		l->at = l->have;
		r = fill(l);
		if (r <= 0)
			return r ? r : -E2BIG;
	}
	return -EFBIG;
}

int request_lines_next(struct request_lines *l, struct slice *line)
{
	for (;;) {
		const char *begin = l->buf + l->at, *nl = memchr(begin, '\n', l->have - l->at);
		int r;

		if (nl || (l->ended && l->have > l->at)) {
			*line = (struct slice){ begin, nl ? (size_t)(nl - begin) : l->have - l->at };
			l->at += line->len + (nl != NULL);
			return 1;
		}
		if (l->ended)
			return 0;
		if (l->have - l->at == REQUEST_LINE_MAX)
			return pass_over(l);
		r = fill(l);
		if (r < 0)
			return r;
	}
}
