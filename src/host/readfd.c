// SPDX-License-Identifier: GPL-2.0-or-later
/* Open files, read whole or not at all. */
#include "host/readfd.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
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
	int64_t begin;				    /* of the reading of the file */
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
		if (n && (uint64_t)(time_monotonic_ns() - r->begin) > r->limits->time_ns) {
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
	struct reading r = { .fd = fd, .at = -1, .limits = limits, .begin = time_monotonic_ns(), .b = b };

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

/* ---- in parts ---- */

/* What is smaller is read sooner than a thread is made. */
#define FILE_MIN    ((off_t)4 << 20)
#define PART_MIN    ((off_t)256 << 10)
#define PART_BUFFER ((size_t)128 << 10)
#define PARTS_MAX   64

struct readfd_parts {
	int fd;
	struct read_limits limits;
	struct line_sink sink;
	int64_t begin;
	off_t start[PARTS_MAX + 1];
	unsigned int n;
	atomic_uint next; /* to be read */
	struct reading done[PARTS_MAX];
	pthread_t thread;
	bool threaded;
};

/* Where the first line that begins behind @at stands; 0: nowhere, or not to be told. */
static off_t line_behind(int fd, off_t at)
{
	char text[4096];
	ssize_t n = pread(fd, text, sizeof(text), at);
	const char *nl = n > 0 ? memchr(text, '\n', (size_t)n) : NULL;

	return nl ? at + (nl - text) + 1 : 0;
}

/* Large parts first and small ones last: then neither waits long for the other, whatever else the one has to do. */
static void divide(struct readfd_parts *p, off_t size)
{
	off_t at = 0, part;

	do {
		p->start[p->n++] = at;
		part = (size - at) / 3;
		at = part >= PART_MIN ? line_behind(p->fd, at + part) : 0;
	} while (at && p->n < PARTS_MAX);
	p->start[p->n] = INT64_MAX;
}

static void read_part(struct readfd_parts *p, void *ctx, unsigned int i, struct bytes *b)
{
	struct reading *r = &p->done[i];

	*r = (struct reading){ .fd = p->fd, .at = p->start[i], .end = p->start[i + 1], .limits = &p->limits,
			       .begin = p->begin, .take = p->sink.take, .ctx = ctx, .b = b };
	b->len = 0;
	r->ret = bytes_reserve(b, PART_BUFFER);
	if (r->ret == 0)
		r->ret = p->sink.part(ctx, i);
	if (r->ret == 0)
		r->ret = read_all(r);
	if (r->ret == 0 && b->len) {
		r->ret = r->take(ctx, (struct slice){ b->data, b->len });
		r->taken += b->len;
	}
}

static void read_parts(struct readfd_parts *p, void *ctx)
{
	struct bytes b = { 0 };
	unsigned int i;

	while ((i = atomic_fetch_add(&p->next, 1)) < p->n) {
		read_part(p, ctx, i, &b);
		if (p->done[i].ret)
			atomic_store(&p->next, p->n);
	}
	bytes_free(&b);
}

static void *thread(void *parts)
{
	struct readfd_parts *p = parts;

	read_parts(p, p->sink.second);
	return NULL;
}

int readfd_parts_begin(int fd, const struct read_limits *limits, const struct line_sink *sink,
		       struct readfd_parts **out)
{
	struct readfd_parts *p;
	struct stat st;

	*out = NULL;
	if (!sink->second || fstat(fd, &st) || !S_ISREG(st.st_mode) || st.st_size < FILE_MIN ||
	    (uint64_t)st.st_size / SINK_TIMES > limits->bytes)
		return 0;
	p = calloc(1, sizeof(*p));
	if (!p)
		return -ENOMEM;
	p->fd = fd;
	p->limits = *limits;
	p->sink = *sink;
	p->begin = time_monotonic_ns();
	divide(p, st.st_size);
	p->threaded = pthread_create(&p->thread, NULL, thread, p) == 0;
	*out = p;
	return 0;
}

int readfd_parts_end(struct readfd_parts *p, uint64_t *taken, const char **why)
{
	int ret = 0;

	*taken = 0;
	*why = NULL;
	read_parts(p, p->sink.ctx);
	if (p->threaded)
		pthread_join(p->thread, NULL);
	for (unsigned int i = 0; ret == 0 && i < p->n; i++) {
		ret = p->done[i].ret;
		*why = p->done[i].why;
		*taken += p->done[i].taken;
	}
	free(p);
	return ret;
}
