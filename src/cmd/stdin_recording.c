// SPDX-License-Identifier: GPL-2.0-or-later
/* A recording on standard input. */
#include "cmd/stdin_recording.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/pending.h"
#include "snap/recording.h"

/* The first bytes of the pipe on standard input stay in it. 1 if they are a recording's. */
static int peek_pipe(void)
{
	auto_close int out = -1, in = -1;
	char head[RECORDING_HEAD];
	int ends[2];
	ssize_t n;

	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	out = ends[0];
	in = ends[1];
	do
		n = tee(STDIN_FILENO, in, sizeof(head), 0);
	while (n < 0 && errno == EINTR);
	if (n != (ssize_t)sizeof(head))
		return 0; /* a few bytes are no recording's; and what is no pipe says so itself when it is read */
	return read(out, head, sizeof(head)) == n && recording_begins(head, sizeof(head));
}

static int copy_all(int to)
{
	char buf[64 * 1024];
	ssize_t n;

	while ((n = read(STDIN_FILENO, buf, sizeof(buf))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		for (ssize_t at = 0, put; at < n; at += put) {
			put = write(to, buf + at, (size_t)(n - at));
			if (put < 0 && errno == EINTR)
				put = 0;
			if (put < 0)
				return -errno;
		}
		if (n < 0)
			return -errno;
	}
	return 0;
}

static int spool(struct stdin_recording *r)
{
	const char *dir = getenv("TMPDIR");
	auto_close int fd = -1;
	int err, n = snprintf(r->path, sizeof(r->path), "%s/memtool.XXXXXX", dir && *dir ? dir : "/tmp");

	if (n < 0 || (size_t)n >= sizeof(r->path))
		return -ENAMETOOLONG;
	fd = pending_create(r->path);
	if (fd < 0)
		return fd;
	r->temporary = true;
	err = copy_all(fd);
	if (err)
		stdin_recording_opened(r);
	return err ? err : 1;
}

int stdin_recording(struct stdin_recording *r)
{
	struct stat st;
	int is;

	*r = (struct stdin_recording){ .path = "/proc/self/fd/0" };
	if (fstat(STDIN_FILENO, &st))
		return 0;
	if (S_ISREG(st.st_mode))
		return recording_detect(r->path);
	is = S_ISFIFO(st.st_mode) ? peek_pipe() : 0;
	return is > 0 ? spool(r) : is;
}

void stdin_recording_opened(struct stdin_recording *r)
{
	if (!r->temporary)
		return;
	unlink(r->path);
	pending_forget(r->path);
	r->temporary = false;
}
