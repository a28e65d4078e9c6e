// SPDX-License-Identifier: GPL-2.0-or-later
/* Files below a directory descriptor, read whole or not at all. */
#include "host/root.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/cleanup.h"

#define MAX_LINKS 40	/* as the kernel's own MAXSYMLINKS */
#define MAX_DEPTH 64
#define WALK_ON INT_MIN	/* not an errno */
#define MAX_RACES 100

/* State of a resolution by hand: the directories from the root down to here. */
struct walk {
	int dirs[MAX_DEPTH];
	size_t depth;
	unsigned int links;
	char rest[2 * PATH_MAX];
};

static void walk_pop(struct walk *w, size_t depth)
{
	while (w->depth > depth)
		close(w->dirs[--w->depth]);
}

/* The first component of what is left to @name; false at the end. */
static bool walk_component(struct walk *w, char name[NAME_MAX + 1], bool *last)
{
	const char *p = w->rest + strspn(w->rest, "/");
	size_t len = strcspn(p, "/");
	const char *after = p + len + strspn(p + len, "/");

	if (len == 0 || len > NAME_MAX)
		return false;
	memcpy(name, p, len);
	name[len] = '\0';
	*last = *after == '\0';
	memmove(w->rest, after, strlen(after) + 1);
	return true;
}

/* A link's target takes the link's place; an absolute one starts at the root again. */
static int walk_follow(struct walk *w, int link)
{
	char target[PATH_MAX], joined[2 * PATH_MAX];
	ssize_t n = readlinkat(link, "", target, sizeof(target) - 1);
	size_t rest = strlen(w->rest);

	if (n < 0)
		return -errno;
	if (n == 0 || ++w->links > MAX_LINKS)
		return -ELOOP;
	if ((size_t)n + 1 + rest >= sizeof(joined))
		return -ENAMETOOLONG;
	memcpy(joined, target, (size_t)n);
	joined[n] = '/';
	memcpy(joined + n + 1, w->rest, rest + 1);
	if (rest == 0)
		joined[n] = '\0';
	memcpy(w->rest, joined, (size_t)n + 1 + rest + 1);
	if (target[0] == '/')
		walk_pop(w, 0);
	return 0;
}

/* Resolve the next components; a descriptor when done, WALK_ON to go on. */
static int walk_step(const struct root *r, struct walk *w, int flags)
{
	int here = w->depth ? w->dirs[w->depth - 1] : r->fd;
	char name[NAME_MAX + 1];
	struct stat st;
	bool last;
	int fd, ret;

	if (!walk_component(w, name, &last))
		return w->rest[0] ? -ENAMETOOLONG : openat(here, ".", flags);
	if (strcmp(name, ".") == 0)
		return WALK_ON;
	if (strcmp(name, "..") == 0) {
		if (w->depth)
			walk_pop(w, w->depth - 1);
		return WALK_ON;
	}
	fd = openat(here, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) == 0 && S_ISLNK(st.st_mode) && !(last && (flags & O_NOFOLLOW))) {
		ret = walk_follow(w, fd);
		close(fd);
		return ret ? ret : WALK_ON;
	}
	if (last) {
		close(fd);
		fd = openat(here, name, flags | O_NOFOLLOW);
		return fd < 0 ? -errno : fd;
	}
	if (w->depth == MAX_DEPTH) {
		close(fd);
		return -ENAMETOOLONG;
	}
	w->dirs[w->depth++] = fd;
	return WALK_ON;
}

static int open_by_hand(const struct root *r, const char *path, int flags)
{
	struct walk w;
	int ret;

	if (strlen(path) >= PATH_MAX)
		return -ENAMETOOLONG;
	w.depth = 0;
	w.links = 0;
	strcpy(w.rest, path);
	do
		ret = walk_step(r, &w, flags);
	while (ret == WALK_ON);
	walk_pop(&w, 0);
	return ret;
}

static int open_below(const struct root *r, const char *path, int flags)
{
	struct open_how how = { .flags = (unsigned int)(flags | O_CLOEXEC),
				.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS };
	long fd = -1;

	if (r->manual)
		return open_by_hand(r, path, flags | O_CLOEXEC);
	if (!r->confined) {
		fd = openat(r->fd, path, flags | O_CLOEXEC);
		return fd < 0 ? -errno : (int)fd;
	}
	/* A rename that races with ".." gives EAGAIN: resolve anew. */
	for (int i = 0; i < MAX_RACES; i++) {
		fd = syscall(SYS_openat2, r->fd, path, &how, sizeof(how));
		if (fd >= 0 || errno != EAGAIN)
			break;
	}
	return fd < 0 ? -errno : (int)fd;
}

static bool has_openat2(int dir)
{
	struct open_how how = { .flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_IN_ROOT };
	long fd = syscall(SYS_openat2, dir, ".", &how, sizeof(how));

	if (fd >= 0)
		close((int)fd);
	return fd >= 0;
}

int root_open(struct root *r, const char *sysroot)
{
	struct statfs fs;
	int proc;

	memset(r, 0, sizeof(*r));
	r->fd = open(sysroot ? sysroot : "/", O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NONBLOCK);
	if (r->fd < 0)
		return -errno;
	r->confined = sysroot != NULL;
	r->manual = r->confined && !has_openat2(r->fd);
	proc = open_below(r, "proc", O_RDONLY | O_DIRECTORY | O_NONBLOCK);
	if (proc >= 0) {
		r->live = fstatfs(proc, &fs) == 0 && fs.f_type == PROC_SUPER_MAGIC;
		close(proc);
	}
	return 0;
}

void root_close(struct root *r)
{
	if (r->fd >= 0)
		close(r->fd);
	r->fd = -1;
}

static const char *kind_refused(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFDIR:
		return "is a directory";
	case S_IFIFO:
		return "is a FIFO, not a file";
	case S_IFSOCK:
		return "is a socket, not a file";
	default:
		return "is a device, not a file";
	}
}

static int check_regular(int fd, const char **why)
{
	struct stat st;

	if (fstat(fd, &st))
		return -errno;
	if (S_ISREG(st.st_mode))
		return 0;
	*why = kind_refused(st.st_mode);
	return S_ISDIR(st.st_mode) ? -EISDIR : -EINVAL;
}

int root_open_file(const struct root *r, const char *path, const char **why)
{
	const char *ignored;
	int fd, ret;

	why = why ? why : &ignored;
	*why = NULL;
	if (r->confined) {
		/* Opening a device can act on it, so look before. */
		fd = open_below(r, path, O_PATH);
		if (fd < 0)
			return fd;
		ret = check_regular(fd, why);
		close(fd);
		if (ret)
			return ret;
	}
	fd = open_below(r, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return fd;
	ret = check_regular(fd, why);
	if (ret) {
		close(fd);
		return ret;
	}
	return fd;
}

int root_read_file(const struct root *r, const char *path, const struct read_limits *limits,
		   struct bytes *b, const char **why)
{
	auto_close int fd = root_open_file(r, path, why);

	return fd < 0 ? fd : readfd_whole(fd, limits, b, NULL, NULL, why);
}

DIR *root_opendir(const struct root *r, const char *path)
{
	int fd = open_below(r, path, O_RDONLY | O_DIRECTORY | O_NONBLOCK);
	DIR *d;

	if (fd < 0) {
		errno = -fd;
		return NULL;
	}
	d = fdopendir(fd);
	if (!d)
		close(fd);
	return d;
}

int root_readlink(const struct root *r, const char *path, char *buf, size_t size)
{
	auto_close int fd = -1;
	ssize_t n;

	if (r->confined) {
		fd = open_below(r, path, O_PATH | O_NOFOLLOW);
		if (fd < 0)
			return fd;
		n = readlinkat(fd, "", buf, size - 1);
		if (n < 0 && errno == ENOENT) /* what it says of no link under an empty name */
			return -EINVAL;
	} else {
		n = readlinkat(r->fd, path, buf, size - 1);
	}
	if (n < 0)
		return -errno;
	buf[n] = '\0';
	return 0;
}
