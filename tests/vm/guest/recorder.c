// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reads the files that describe free memory as one moment and writes them to a folder:
 *
 *	recorder DIR
 *
 * It starts before memory gets scarce: opens all files, touches all its memory, and waits
 * for a line on standard input. Then it reads in the order of the list below, the costly
 * ones first. buddyinfo is read before and after the others; the round is taken again
 * until both agree, so that the indices that the kernel prints are those of the recorded
 * free lists. It says so, and writes after a second line. Leaves with 2 when the machine
 * never held still (the last round is written all the same), 1 on an error.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define ROUNDS	200
#define ROOM	(256 * 1024)

struct source {
	const char *path;
	int fd;
	char *text;
	size_t len;
};

static struct source sources[] = {
	{ .path = "/proc/buddyinfo" },		/* compared with the last, not written */
	{ .path = "/proc/vmallocinfo" },
	{ .path = "/proc/slabinfo" },
	{ .path = "/proc/vmstat" },
	{ .path = "/proc/meminfo" },
	{ .path = "/proc/pagetypeinfo" },
	{ .path = "/proc/zoneinfo" },
	{ .path = "/sys/kernel/debug/extfrag/unusable_index" },
	{ .path = "/sys/kernel/debug/extfrag/extfrag_index" },
	{ .path = "/proc/buddyinfo" },
};

#define NSOURCES (sizeof(sources) / sizeof(sources[0]))

static int read_whole(struct source *s)
{
	s->len = 0;
	if (lseek(s->fd, 0, SEEK_SET) < 0)
		return -errno;
	for (;;) {
		ssize_t n = read(s->fd, s->text + s->len, ROOM - s->len);

		if (n < 0)
			return -errno;
		if (!n)
			return 0;
		s->len += (size_t)n;
		if (s->len == ROOM)
			return -EFBIG;
	}
}

static int write_whole(const struct source *s, const char *dir)
{
	char path[4096];
	FILE *f;
	int ok;

	snprintf(path, sizeof(path), "%s%s", dir, s->path);
	for (char *p = path + strlen(dir) + 1; (p = strchr(p, '/')); p++) {
		*p = 0;
		mkdir(path, 0755);
		*p = '/';
	}
	f = fopen(path, "w");
	if (!f)
		return -errno;
	ok = fwrite(s->text, 1, s->len, f) == s->len;
	return fclose(f) || !ok ? -EIO : 0;
}

/* The kernel folds per-CPU counters into the zones' when this is read. */
static void settle_counters(void)
{
	char byte;
	int fd = open("/proc/sys/vm/stat_refresh", O_RDONLY);

	if (fd < 0)
		return;
	if (read(fd, &byte, 1) < 0)
		perror("stat_refresh");
	close(fd);
}

static int same_lists(void)
{
	const struct source *a = &sources[0], *b = &sources[NSOURCES - 1];

	return a->len == b->len && !memcmp(a->text, b->text, a->len);
}

static int read_round(void)
{
	settle_counters();
	for (size_t i = 0; i < NSOURCES; i++) {
		int err = sources[i].fd < 0 ? 0 : read_whole(&sources[i]);

		if (err) {
			fprintf(stderr, "%s: %s\n", sources[i].path, strerror(-err));
			return -1;
		}
	}
	return 0;
}

int main(int argc, char **argv)
{
	char line[16];
	int round, err;
	size_t i;

	if (argc != 2)
		return 1;
	for (i = 0; i < NSOURCES; i++) {
		struct source *s = &sources[i];

		s->fd = open(s->path, O_RDONLY);
		if (s->fd < 0)
			fprintf(stderr, "%s: %s\n", s->path, strerror(errno));
		s->text = mmap(NULL, ROOM, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
		if (s->text == MAP_FAILED) {
			perror("mmap");
			return 1;
		}
	}
	/* The first round grows the kernel's own buffers to their size. */
	if (read_round() || !fgets(line, sizeof(line), stdin))
		return 1;
	for (round = 1; round < ROUNDS; round++) {
		if (read_round())
			return 1;
		if (same_lists())
			break;
		usleep(20000);
	}
	printf("free lists equal before and after: %s (round %d)\n",
	       same_lists() ? "yes" : "no", round);
	fflush(stdout);
	if (!fgets(line, sizeof(line), stdin))
		return 1;
	for (i = 1; i < NSOURCES; i++) {
		err = sources[i].fd < 0 ? 0 : write_whole(&sources[i], argv[1]);
		if (err) {
			fprintf(stderr, "%s: %s\n", sources[i].path, strerror(-err));
			return 1;
		}
	}
	return same_lists() ? 0 : 2;
}
