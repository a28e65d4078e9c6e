// SPDX-License-Identifier: GPL-2.0-or-later
/* Snapshot documents one after another from a file. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "snap/load.h"

#define MAX_DOCUMENT ((size_t)1 << 30)
#define CHUNK ((size_t)64 * 1024)

/* Bytes come in as they are read; a document ends where its brackets close. */
struct snapshot_stream {
	int fd;
	bool end;
	char *name;
	struct strbuf buf;
	size_t start; /* of what is not handed out yet */
	size_t at;    /* scanned up to here */
	unsigned int depth;
	bool in_string, escaped;
};

PRINTF_LIKE(2, 3) static int fail(char **why, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(why, fmt, ap) < 0)
		*why = NULL;
	va_end(ap);
	return -EINVAL;
}

int snapshot_stream_open(const char *path, struct snapshot_stream **out, char **why)
{
	struct snapshot_stream *st = calloc(1, sizeof(*st));
	bool is_stdin = strcmp(path, "-") == 0;
	struct stat sb;

	*why = NULL;
	if (!st)
		return -ENOMEM;
	st->name = strdup(is_stdin ? "standard input" : path);
	st->fd = is_stdin ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
	if (!st->name || st->fd < 0 || fstat(st->fd, &sb) || S_ISDIR(sb.st_mode)) {
		int err = st->fd < 0 || !st->name ? errno : EISDIR;

		fail(why, "%s: %s", is_stdin ? "standard input" : path, strerror(err));
		snapshot_stream_close(st);
		return -err;
	}
	*out = st;
	return 0;
}

void snapshot_stream_close(struct snapshot_stream *st)
{
	if (!st)
		return;
	if (st->fd >= 0)
		close(st->fd);
	sb_done(&st->buf);
	free(st->name);
	free(st);
}

/* Scan for the end of a document; true when st->at stands behind it. */
static bool scan(struct snapshot_stream *st)
{
	const char *p = st->buf.buf;

	while (st->at < st->buf.len) {
		char c = p[st->at++];

		if (st->in_string) {
			if (st->escaped)
				st->escaped = false;
			else if (c == '\\')
				st->escaped = true;
			else if (c == '"')
				st->in_string = false;
		} else if (c == '"') {
			st->in_string = true;
		} else if (c == '{' || c == '[') {
			st->depth++;
		} else if ((c == '}' || c == ']') && st->depth && --st->depth == 0) {
			return true;
		}
	}
	return false;
}

/* Read more; 0 at the end of the file. */
static int fill(struct snapshot_stream *st, char **why)
{
	ssize_t n;

	if (st->start) {
		memmove(st->buf.buf, st->buf.buf + st->start, st->buf.len - st->start);
		st->buf.len -= st->start;
		st->at -= st->start;
		st->start = 0;
	}
	if (st->buf.len > MAX_DOCUMENT)
		return fail(why, "%s: larger than any snapshot", st->name);
	if (!sb_grow(&st->buf, CHUNK))
		return -ENOMEM;
	do
		n = read(st->fd, st->buf.buf + st->buf.len, CHUNK);
	while (n < 0 && errno == EINTR);
	if (n < 0) {
		int err = errno;

		fail(why, "%s: %s", st->name, strerror(err));
		return -err;
	}
	st->buf.len += (size_t)n;
	st->buf.buf[st->buf.len] = '\0';
	return n > 0;
}

static void skip_blanks(struct snapshot_stream *st)
{
	while (st->start < st->buf.len && strchr(" \t\r\n", st->buf.buf[st->start]) &&
	       st->buf.buf[st->start])
		st->start++;
	if (st->at < st->start)
		st->at = st->start;
}

/* What stands at the start is no JSON object: say so now, not after reading all of it. */
static int check_start(const struct snapshot_stream *st, char **why)
{
	struct slice text = { st->buf.buf + st->start, st->buf.len - st->start };

	if (text.len == 0 || text.p[0] == '{')
		return 0;
	if (slice_starts(text, "SQLite format 3"))
		return fail(why, "%s: an SQLite recording, not a snapshot document", st->name);
	return fail(why, "%s: not JSON", st->name);
}

int snapshot_stream_next(struct snapshot_stream *st, struct snapshot **out, char **why)
{
	char *reason = NULL;
	int ret;

	*why = NULL;
	for (;;) {
		if (st->depth == 0 && st->buf.len) {
			skip_blanks(st);
			ret = check_start(st, why);
			if (ret)
				return ret;
		}
		if (scan(st))
			break;
		ret = fill(st, why);
		if (ret < 0)
			return ret;
		if (ret == 0 && st->start == st->buf.len)
			return 0;
		if (ret == 0)
			return fail(why, "%s: ends in the middle of a snapshot", st->name);
	}
	ret = snapshot_parse((struct slice){ st->buf.buf + st->start, st->at - st->start }, out, &reason);
	st->start = st->at;
	if (ret == 0)
		return 1;
	if (reason)
		fail(why, "%s: %s", st->name, reason);
	free(reason);
	return ret;
}

int snapshot_load(const char *path, struct snapshot **out, char **why)
{
	struct snapshot_stream *st;
	struct snapshot *last = NULL, *next;
	int ret = snapshot_stream_open(path, &st, why);

	if (ret)
		return ret;
	while ((ret = snapshot_stream_next(st, &next, why)) > 0) {
		snapshot_free(last);
		last = next;
	}
	if (ret == 0 && !last)
		ret = fail(why, "%s: empty", st->name);
	snapshot_stream_close(st);
	if (ret) {
		snapshot_free(last);
		return ret;
	}
	*out = last;
	return 0;
}
