// SPDX-License-Identifier: GPL-2.0-or-later
/* A capture as a tree of files. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "host/capture.h"

/* Make and enter each component of @path below @fd; the last's descriptor. */
static int make_dirs(int fd, const char *path)
{
	int here = dup(fd);

	while (here >= 0 && *path) {
		size_t len = strcspn(path, "/");
		char name[256];
		int next;

		if (len == 0 || len >= sizeof(name)) {
			close(here);
			return -ENAMETOOLONG;
		}
		memcpy(name, path, len);
		name[len] = '\0';
		path += len + (path[len] == '/');
		if (mkdirat(here, name, 0777) && errno != EEXIST)
			next = -1;
		else
			next = openat(here, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (next < 0) {
			int err = errno;

			close(here);
			return -err;
		}
		close(here);
		here = next;
	}
	return here < 0 ? -errno : here;
}

static int write_all(int fd, const char *p, size_t len)
{
	while (len) {
		ssize_t n = write(fd, p, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -EIO;
		p += n;
		len -= (size_t)n;
	}
	return 0;
}

static int write_file(int dir, const char *name, const struct raw_file *f)
{
	int fd, ret;

	if (f->is_link) {
		if (symlinkat(f->data, dir, name) == 0)
			return 0;
		return errno == EEXIST ? 0 : -errno;
	}
	fd = openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666);
	if (fd < 0)
		return -errno;
	ret = write_all(fd, f->data, f->len);
	if (close(fd) && !ret)
		ret = -errno;
	return ret;
}

/* Names of settings may hold a folder ("stats/anon_fault_alloc"). */
static int write_below(int root, const struct raw_file *f, bool before)
{
	auto_strbuf struct strbuf dir = STRBUF_INIT;
	const char *slash = strrchr(f->name, '/');
	int fd, ret;

	if (before) {
		sb_addstr(&dir, "memtool");
	} else {
		sb_addstr(&dir, f->dir);
		if (slash) {
			sb_addch(&dir, '/');
			sb_add(&dir, f->name, (size_t)(slash - f->name));
		}
	}
	if (dir.failed)
		return -ENOMEM;
	fd = make_dirs(root, sb_str(&dir));
	if (fd < 0)
		return fd;
	ret = write_file(fd, before ? "buddyinfo.before" : slash ? slash + 1 : f->name, f);
	close(fd);
	return ret;
}

int raw_capture_write(const struct raw_capture *c, const char *dir)
{
	auto_close int root = -1;

	if (mkdir(dir, 0777) && errno != EEXIST)
		return -errno;
	root = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		return -errno;
	for (unsigned int i = 0; i < SRC_COUNT; i++) {
		const struct raw_source *s = &c->sources[i];

		for (size_t j = 0; j < s->n_files; j++) {
			int ret = write_below(root, &s->files[j], i == SRC_BUDDYINFO_BEFORE);

			if (ret)
				return ret;
		}
	}
	return 0;
}
