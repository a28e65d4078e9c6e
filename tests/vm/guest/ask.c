// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Makes the kernel allocate for us, from user space, and says what came of it:
 *
 *	ask thp			a fault in a mapping that asked for huge pages
 *	ask hugetlb		one more page in the pool of default huge pages
 *	ask pipe SLOTS		a pipe of so many slots: an array of 40 bytes each
 *	ask unix BYTES		a datagram whose linear part has so many bytes
 *
 * Prints "ok" or "no"; leaves with 2 if it could not ask.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#define HUGE_BYTES ((size_t)2 << 20)
/* net/unix/af_unix.c: what is beyond SKB_MAX_ALLOC goes to 17 fragments of a page. */
#define FRAGMENT_BYTES (17 * 4096)

static void cannot(const char *what)
{
	perror(what);
	exit(2);
}

static int said(int ok)
{
	puts(ok ? "ok" : "no");
	return 0;
}

static unsigned long counter(const char *path, const char *name)
{
	char line[128];
	FILE *f = fopen(path, "re");
	unsigned long value = 0;

	if (!f)
		cannot(path);
	while (fgets(line, sizeof(line), f)) {
		size_t len = strlen(name);

		if (*name == '\0')
			value = strtoul(line, NULL, 10);
		else if (strncmp(line, name, len) == 0 && line[len] == ' ')
			value = strtoul(line + len, NULL, 10);
	}
	fclose(f);
	return value;
}

static int ask_thp(void)
{
	unsigned long before = counter("/proc/vmstat", "thp_fault_alloc");
	char *p = mmap(NULL, 2 * HUGE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *aligned;

	if (p == MAP_FAILED)
		cannot("mmap");
	aligned = (char *)(((uintptr_t)p + HUGE_BYTES - 1) & ~(HUGE_BYTES - 1));
	if (madvise(aligned, HUGE_BYTES, MADV_HUGEPAGE))
		cannot("madvise");
	*(volatile char *)aligned = 1;
	return said(counter("/proc/vmstat", "thp_fault_alloc") > before);
}

static int ask_hugetlb(void)
{
	static const char pool[] = "/proc/sys/vm/nr_hugepages";
	unsigned long before = counter(pool, ""), after;
	FILE *f = fopen(pool, "we");

	if (!f)
		cannot(pool);
	fprintf(f, "%lu\n", before + 1);
	fclose(f);
	after = counter(pool, "");
	f = fopen(pool, "we");
	if (f) {
		fprintf(f, "%lu\n", before);
		fclose(f);
	}
	return said(after > before);
}

static int ask_pipe(long slots)
{
	int fds[2];

	if (pipe(fds))
		cannot("pipe");
	if (fcntl(fds[1], F_SETPIPE_SZ, slots * 4096) >= 0)
		return said(1);
	if (errno != ENOMEM)
		cannot("F_SETPIPE_SZ");
	return said(0);
}

static int ask_unix(size_t bytes)
{
	size_t len = bytes > 16064 ? bytes + FRAGMENT_BYTES : bytes;
	int fds[2], room = 16 << 20;
	char *buf;

	if (socketpair(AF_UNIX, SOCK_DGRAM, 0, fds))
		cannot("socketpair");
	if (setsockopt(fds[0], SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof(room)))
		cannot("SO_SNDBUFFORCE");
	buf = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (buf == MAP_FAILED)
		cannot("mmap");
	if (send(fds[0], buf, len, MSG_DONTWAIT) == (ssize_t)len)
		return said(1);
	if (errno != ENOBUFS && errno != ENOMEM && errno != EAGAIN)
		cannot("send");
	return said(0);
}

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "thp") == 0)
		return ask_thp();
	if (argc == 2 && strcmp(argv[1], "hugetlb") == 0)
		return ask_hugetlb();
	if (argc == 3 && strcmp(argv[1], "pipe") == 0)
		return ask_pipe(strtol(argv[2], NULL, 10));
	if (argc == 3 && strcmp(argv[1], "unix") == 0)
		return ask_unix(strtoul(argv[2], NULL, 10));
	fputs("usage: ask thp | hugetlb | pipe SLOTS | unix BYTES\n", stderr);
	return 2;
}
