// SPDX-License-Identifier: GPL-2.0-or-later
/* Output that is whole or not at all. */
#include "base/outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"

static int open_temporary(struct outfile *o)
{
	mode_t mask = umask(0);
	int fd;

	umask(mask);
	if (asprintf(&o->tmp, "%s.XXXXXX", o->path) < 0) {
		o->tmp = NULL;
		return -ENOMEM;
	}
	fd = mkostemp(o->tmp, O_CLOEXEC);
	if (fd < 0) {
		int err = errno;

		free(o->tmp);
		o->tmp = NULL;
		return -err;
	}
	if (fchmod(fd, 0666 & ~mask) || !(o->f = fdopen(fd, "w"))) {
		int err = errno;

		close(fd);
		return -err;
	}
	return 0;
}

int outfile_open(struct outfile *o, const char *path)
{
	struct stat st;
	int r;

	memset(o, 0, sizeof(*o));
	if (!path || strcmp(path, "-") == 0) {
		o->f = stdout;
		return 0;
	}
	o->path = strdup(path);
	if (!o->path)
		return -ENOMEM;
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
		o->f = fopen(path, "we");
		r = o->f ? 0 : -errno;
	} else {
		r = open_temporary(o);
	}
	if (r)
		outfile_done(o);
	return r;
}

/*
 * Why an earlier write to @f failed: stdio keeps only that it did. Output that
 * is broken already loses nothing by one more attempt.
 */
static int ask_again(FILE *f)
{
	struct pollfd p = { .fd = fileno(f), .events = POLLOUT };

	if (poll(&p, 1, 0) == 1 && (p.revents & POLLERR))
		return EPIPE;
	return write(p.fd, "\n", 1) < 0 ? errno : EIO;
}

int stream_flush(FILE *f)
{
	bool failed_before = ferror(f);
	int err = 0;

	errno = 0;
	if (fflush(f) && errno)
		err = errno;
	else if (failed_before || ferror(f))
		err = ask_again(f);
	if (err)
		clearerr(f);
	return -err;
}

int outfile_commit(struct outfile *o)
{
	int err = -stream_flush(o->f);

	if (!o->path)
		return -err;
	if (!err && o->tmp && fsync(fileno(o->f)))
		err = errno;
	if (fclose(o->f) && !err)
		err = errno;
	o->f = NULL;
	if (!err && o->tmp && rename(o->tmp, o->path))
		err = errno;
	if (!err) {
		free(o->tmp);
		o->tmp = NULL;
	}
	return -err;
}

void outfile_done(struct outfile *o)
{
	if (o->f && o->path)
		fclose(o->f);
	o->f = NULL;
	if (o->tmp)
		unlink(o->tmp);
	free(o->tmp);
	free(o->path);
	o->tmp = o->path = NULL;
}
