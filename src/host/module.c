// SPDX-License-Identifier: GPL-2.0-or-later
/* Talking to memtool.ko. */
#include "host/module.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/num.h"
#include "module/interface.h"

int module_open(struct module *m, const char **why)
{
	m->dir = open("/sys/kernel/debug/" MEMTOOL_DIR, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (m->dir >= 0)
		return 0;
	if (errno == EACCES || errno == EPERM)
		*why = "the module's files are root's (run as root)";
	else if (access("/sys/kernel/debug/tracing", F_OK) && access("/sys/kernel/debug/extfrag", F_OK))
		*why = "debugfs is not mounted (mount -t debugfs none /sys/kernel/debug)";
	else
		*why = "the module is not loaded (make module, then insmod; see memtool-module(7))";
	return -errno;
}

void module_close(struct module *m)
{
	if (m->dir >= 0)
		close(m->dir);
	m->dir = -1;
}

int module_file(const struct module *m, const char *name)
{
	int fd = openat(m->dir, name, O_RDWR | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

static int read_all(int fd, struct strbuf *text)
{
	for (;;) {
		ssize_t n;

		if (!sb_grow(text, 4096))
			return -ENOMEM;
		n = read(fd, text->buf + text->len, 4096);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		text->len += (size_t)n;
		text->buf[text->len] = '\0';
		if (n == 0)
			return 0;
	}
}

int module_ask(int fd, const char *line, struct strbuf *answer)
{
	size_t len = strlen(line);
	ssize_t n = write(fd, line, len);
	int err = n < 0 ? errno : (size_t)n < len ? EIO : 0;
	int r;

	sb_reset(answer);
	lseek(fd, 0, SEEK_SET);
	r = read_all(fd, answer);
	return err ? -err : r;
}

int module_read(const struct module *m, const char *name, struct strbuf *text)
{
	auto_close int fd = openat(m->dir, name, O_RDONLY | O_CLOEXEC);

	sb_reset(text);
	return fd < 0 ? -errno : read_all(fd, text);
}

bool module_field(struct slice line, const char *key, struct slice *value)
{
	size_t n = strlen(key), i = 0;

	while (i < line.len) {
		size_t start = i;
		bool quoted = false;

		while (i < line.len && (quoted || (line.p[i] != ' ' && line.p[i] != '\n'))) {
			quoted ^= line.p[i] == '"';
			i++;
		}
		if (i - start > n && memcmp(line.p + start, key, n) == 0 && line.p[start + n] == '=') {
			*value = (struct slice){ line.p + start + n + 1, i - start - n - 1 };
			return true;
		}
		i++;
	}
	return false;
}

int64_t module_number(struct slice line, const char *key, int64_t fallback)
{
	struct slice v;
	int64_t n;

	return module_field(line, key, &v) && num_i64(v.p, v.len, &n) == 0 ? n : fallback;
}
