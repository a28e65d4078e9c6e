// SPDX-License-Identifier: GPL-2.0-or-later
/* Open files, read whole or not at all. */
#include "host/readfd.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/timefmt.h"

#define READ_CHUNK ((size_t)64 * 1024)
#define SINK_TIMES 4 /* as much as may be kept in memory may go to a sink */

void bytes_free(struct bytes *b)
{
	free(b->data);
	memset(b, 0, sizeof(*b));
}

int bytes_reserve(struct bytes *b, size_t cap)
{
	char *p;

	if (b->cap >= cap)
		return 0;
	p = realloc(b->data, cap);
	if (!p)
		return -ENOMEM;
	b->data = p;
	b->cap = cap;
	return 0;
}

int bytes_prepare(struct bytes *b, size_t cap)
{
	if (bytes_reserve(b, cap))
		return -ENOMEM;
	memset(b->data, 0, cap);
	return 0;
}

/* A reading under way. */
struct reading {
	int fd;
	off_t at, end; /* of the part that is read; at < 0: from the descriptor's position on */
	const struct read_limits *limits;
	int (*take)(void *ctx, struct slice lines); /* NULL: all stays in the buffer */
	void *ctx;
	struct bytes *b;
	uint64_t taken; /* bytes that went to the sink */
	const char *why;
	int ret;
};

/* Hand the whole lines of a full buffer on, and keep what is left. */
static int drain(struct reading *r)
{
	struct bytes *b = r->b;
	const char *nl = memrchr(b->data, '\n', b->len);
	size_t whole = nl ? (size_t)(nl - b->data) + 1 : 0;
	int ret = whole ? r->take(r->ctx, (struct slice){ b->data, whole }) : 0;

	memmove(b->data, b->data + whole, b->len - whole);
	b->len -= whole;
	r->taken += whole;
	return ret;
}

/* As read(2), of the part. */
static ssize_t read_some(struct reading *r, size_t room)
{
	ssize_t n;

	if (r->at < 0)
		return read(r->fd, r->b->data + r->b->len, room);
	if ((uint64_t)(r->end - r->at) < room)
		room = (size_t)(r->end - r->at);
	n = pread(r->fd, r->b->data + r->b->len, room, r->at);
	if (n > 0)
		r->at += n;
	return n;
}

static int make_room(struct reading *r, size_t room)
{
	struct bytes *b = r->b;

	if (b->cap - b->len < room && b->len && r->take) {
		int ret = drain(r);

		if (ret)
			return ret;
	}
	if (b->cap - b->len >= room)
		return 0;
	return bytes_reserve(b, b->cap < 4096	    ? b->len + room + 4096
				: b->cap < READ_CHUNK ? READ_CHUNK + room
						      : b->cap * 2);
}

static int read_all(struct reading *r)
{
	int64_t begin = time_monotonic_ns();
	size_t room = r->limits->room > 1 ? r->limits->room + 1 : 2; /* and the NUL */
	ssize_t n;

	do {
		int ret = make_room(r, room);

		if (ret)
			return ret;
		n = read_some(r, r->b->cap - r->b->len - 1);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		r->b->len += (size_t)n;
		if (r->b->len > r->limits->bytes || r->taken / SINK_TIMES > r->limits->bytes) {
			r->why = "too large";
			return -EFBIG;
		}
		if (n && (uint64_t)(time_monotonic_ns() - begin) > r->limits->time_ns) {
			r->why = "reading did not end in time";
			return -ETIME;
		}
	} while (n);
	r->b->data[r->b->len] = '\0';
	return 0;
}

int readfd_whole(int fd, const struct read_limits *limits, struct bytes *b, const struct line_sink *sink,
		 uint64_t *taken, const char **why)
{
	struct reading r = { .fd = fd, .at = -1, .limits = limits, .b = b };

	if (sink) {
		r.take = sink->take;
		r.ctx = sink->ctx;
	}
	b->len = 0;
	r.ret = read_all(&r);
	if (why)
		*why = r.why;
	if (r.ret == 0 && taken)
		*taken = r.taken;
	return r.ret;
}

/* ---- two halves ---- */

/* What is smaller is read sooner than a thread is made. */
#define HALVES_MIN	((off_t)4 << 20)
#define HALVES_BUFFER	((size_t)128 << 10)

/* Where the first line behind the middle of the file begins; 0: nowhere, or not to be told. */
static off_t middle(int fd, off_t size)
{
	char text[4096];
	ssize_t n = pread(fd, text, sizeof(text), size / 2);
	const char *nl = n > 0 ? memchr(text, '\n', (size_t)n) : NULL;

	return nl ? size / 2 + (nl - text) + 1 : 0;
}

/* One half, its rest too: also the body of the thread. */
static void *read_half(void *half)
{
	struct reading *r = half;
	struct bytes b = { 0 };

	r->b = &b;
	r->ret = bytes_reserve(&b, HALVES_BUFFER);
	if (r->ret == 0)
		r->ret = read_all(r);
	if (r->ret == 0 && b.len) {
		r->ret = r->take(r->ctx, (struct slice){ b.data, b.len });
		r->taken += b.len;
	}
	bytes_free(&b);
	return NULL;
}

int readfd_halves(int fd, const struct read_limits *limits, const struct line_sink *sink, uint64_t *taken,
		  const char **why)
{
	struct reading first = { .fd = fd, .limits = limits, .take = sink->take, .ctx = sink->ctx }, second = first;
	pthread_t thread;
	struct stat st;
	bool threaded;

	*why = NULL;
	*taken = 0;
	if (fstat(fd, &st) || !S_ISREG(st.st_mode) || st.st_size < HALVES_MIN)
		return 0;
	first.end = second.at = middle(fd, st.st_size);
	if (!first.end)
		return 0;
	second.end = INT64_MAX;
	second.ctx = sink->second;
	threaded = pthread_create(&thread, NULL, read_half, &second) == 0;
	read_half(&first);
	if (threaded)
		pthread_join(thread, NULL);
	else
		read_half(&second);
	*why = first.ret ? first.why : second.why;
	*taken = first.taken + second.taken;
	return first.ret ? first.ret : second.ret;
}
