// SPDX-License-Identifier: GPL-2.0-or-later
/* Output that is whole or not at all. */
#include "base/outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/num.h"
#include "base/pending.h"

/* As many links as the kernel follows (MAXSYMLINKS). */
#define LINKS_MAX 40

/* Where a link of /proc leads is no name: "pipe:[1]", or a file that may have lost its name. */
static bool in_procfs(const char *link)
{
	auto_close int fd = open(link, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	struct statfs fs;

	return fd >= 0 && fstatfs(fd, &fs) == 0 && fs.f_type == PROC_SUPER_MAGIC;
}

/* What the link @path says, from where it stands; malloc'ed, or NULL with errno. */
static char *follow(const char *path)
{
	const char *slash = strrchr(path, '/');
	char to[PATH_MAX], *out;
	ssize_t n = readlink(path, to, sizeof(to) - 1);

	if (n < 0)
		return NULL;
	to[n] = '\0';
	if (to[0] == '/' || !slash)
		return strdup(to);
	return asprintf(&out, "%.*s/%s", (int)(slash - path), path, to) < 0 ? NULL : out;
}

/*
 * Follow the links at the end of o->path, those of the folders are the
 * kernel's work: to the file, which may be missing, or to a link of procfs. 0
 * or negative errno.
 */
static int resolve(struct outfile *o)
{
	struct stat st;

	for (int i = 0; i < LINKS_MAX; i++) {
		char *next;

		if (lstat(o->path, &st) || !S_ISLNK(st.st_mode) || in_procfs(o->path))
			return 0;
		next = follow(o->path);
		if (!next)
			return errno ? -errno : -ENOMEM;
		free(o->path);
		o->path = next;
	}
	return -ELOOP;
}

/* The descriptor of this process that @path names through procfs; -1. */
static int own_descriptor(const char *path)
{
	const char *slash = strrchr(path, '/');
	auto_free char *folder = slash ? strndup(path, (size_t)(slash - path)) : NULL;
	auto_free char *real = folder ? realpath(folder, NULL) : NULL;
	char own[40];
	int fd;

	snprintf(own, sizeof(own), "/proc/%d/fd", (int)getpid());
	if (!real || strcmp(real, own) != 0 || num_int(slash + 1, 0, INT_MAX, &fd))
		return -1;
	return fd;
}

/* An open file goes on where it stands: what a shell has written to it stays. */
static int open_as_it_is(struct outfile *o)
{
	int own = own_descriptor(o->path);
	int fd = own >= 0 ? fcntl(own, F_DUPFD_CLOEXEC, 3)
			  : open(o->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0666);

	if (fd < 0)
		return -errno;
	o->f = fdopen(fd, "w");
	if (!o->f) {
		int err = errno;

		close(fd);
		return -err;
	}
	return 0;
}

/* As the file that @fd will replace, else as creat(2) would make it. */
static int set_mode(int fd, const struct stat *old)
{
	mode_t mask = umask(0);

	umask(mask);
	if (!old)
		return fchmod(fd, 0666 & ~mask);
	if (geteuid() == 0 && fchown(fd, old->st_uid, old->st_gid) && errno != EPERM && errno != EINVAL)
		return -1;
	return fchmod(fd, old->st_mode & 0777);
}

static int open_temporary(struct outfile *o, const struct stat *old)
{
	int fd;

	if (asprintf(&o->tmp, "%s.XXXXXX", o->path) < 0) {
		o->tmp = NULL;
		return -ENOMEM;
	}
	fd = pending_create(o->tmp);
	if (fd < 0) {
		free(o->tmp);
		o->tmp = NULL;
		return fd;
	}
	if (set_mode(fd, old) || !(o->f = fdopen(fd, "w"))) {
		int err = errno;

		close(fd);
		return -err;
	}
	return 0;
}

static int open_path(struct outfile *o, bool directly)
{
	struct stat st;
	int r;

	/* The kernel's own check of links first: it may refuse to follow one (protected_symlinks). */
	if (stat(o->path, &st) && errno != ENOENT)
		return -errno;
	r = resolve(o);
	if (r)
		return r;
	if (lstat(o->path, &st))
		return directly ? open_as_it_is(o) : open_temporary(o, NULL);
	/* What is still a link is one of procfs. */
	return directly || !S_ISREG(st.st_mode) ? open_as_it_is(o) : open_temporary(o, &st);
}

static int open_any(struct outfile *o, const char *path, bool directly)
{
	int r;

	memset(o, 0, sizeof(*o));
	if (!path || strcmp(path, "-") == 0) {
		o->f = stdout;
		return 0;
	}
	o->path = strdup(path);
	if (!o->path)
		return -ENOMEM;
	r = open_path(o, directly);
	if (r)
		outfile_done(o);
	return r;
}

int outfile_open(struct outfile *o, const char *path)
{
	return open_any(o, path, false);
}

int outfile_open_direct(struct outfile *o, const char *path)
{
	return open_any(o, path, true);
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

static void forget_temporary(struct outfile *o)
{
	pending_forget(o->tmp);
	free(o->tmp);
	o->tmp = NULL;
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
	if (!err)
		forget_temporary(o);
	return -err;
}

void outfile_done(struct outfile *o)
{
	if (o->f && o->path)
		fclose(o->f);
	o->f = NULL;
	if (o->tmp)
		unlink(o->tmp);
	forget_temporary(o);
	free(o->path);
	o->path = NULL;
}
