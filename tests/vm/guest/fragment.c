// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fragments memory from user space, step by step, and holds it until killed:
 *
 *	fragment STEP...
 *
 *	node:N			the steps that follow allocate on this node only
 *	fill:KB			fault anonymous pages in until KB are left free
 *	fillnode:N:KB		the same, until node N has KB left
 *	pages:KB		fault KB of anonymous pages in
 *	tables:N		N page tables: unmovable pages, one at a time
 *	files:N:K		N files in /var/files, all but each K-th removed again
 *	                        (dentries and inodes: reclaimable or accounted slab)
 *	punch:FREE:KEEP:PERCENT	in the next PERCENT of the anonymous pages give FREE pages
 *				back, keep KEEP, and so on
 *	lock			mlock what is there
 *	hold			say "ready" and sleep
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <unistd.h>

struct area {
	char *base;
	size_t pages, used, punched;
};

static size_t page_bytes;

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static unsigned long free_kb(void)
{
	struct sysinfo si;

	if (sysinfo(&si))
		die("sysinfo");
	return (unsigned long)(si.freeram * si.mem_unit / 1024);
}

static struct area area_new(void)
{
	struct area a = { 0 };
	struct sysinfo si;

	if (sysinfo(&si))
		die("sysinfo");
	a.pages = (size_t)si.totalram / page_bytes * si.mem_unit;
	/* one process of a 32-bit machine has 3 GiB at most */
	if (sizeof(void *) == 4 && a.pages > 0x78000000ul / page_bytes)
		a.pages = 0x78000000ul / page_bytes;
	a.base = mmap(NULL, a.pages * page_bytes, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (a.base == MAP_FAILED)
		die("mmap");
	madvise(a.base, a.pages * page_bytes, MADV_NOHUGEPAGE);
	return a;
}

/* "Node 0 MemFree:  1234 kB" is the second line or later of the node's meminfo. */
static unsigned long node_free_kb(int node)
{
	unsigned long kb = 0;
	char path[64], line[256], *at;
	FILE *f;

	snprintf(path, sizeof(path), "/sys/devices/system/node/node%d/meminfo", node);
	f = fopen(path, "r");
	if (!f)
		die(path);
	while (fgets(line, sizeof(line), f)) {
		at = strstr(line, "MemFree:");
		if (at)
			kb = strtoul(at + 8, NULL, 10);
	}
	fclose(f);
	return kb;
}

/* node -1: the whole machine */
static void fill(struct area *a, int node, unsigned long leave_kb)
{
	while (a->used < a->pages) {
		if (a->used % 16 == 0 &&
		    (node < 0 ? free_kb() : node_free_kb(node)) <= leave_kb)
			return;
		a->base[a->used++ * page_bytes] = 1;
	}
}

static void pages(struct area *a, unsigned long kb)
{
	size_t end = a->used + kb * 1024 / page_bytes;

	while (a->used < end && a->used < a->pages)
		a->base[a->used++ * page_bytes] = 1;
}

/* A read fault maps the shared zero page: only the table itself is allocated. */
static void tables(unsigned long n)
{
	size_t reach = page_bytes * (page_bytes / 8);
	volatile char *base = mmap(NULL, n * reach, PROT_READ,
				   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	char sink = 0;

	if (base == MAP_FAILED)
		die("mmap");
	madvise((void *)(uintptr_t)base, n * reach, MADV_NOHUGEPAGE);
	for (unsigned long i = 0; i < n; i++)
		sink = (char)(sink + base[i * reach]);
	if (sink)
		puts("the zero page is not zero");
}

static void files(unsigned long n, unsigned long keep)
{
	char name[64];
	int fd;

	mkdir("/var/files", 0755);
	for (unsigned long i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "/var/files/%lu", i);
		fd = open(name, O_CREAT | O_WRONLY, 0644);
		if (fd < 0)
			die(name);
		close(fd);
	}
	for (unsigned long i = 0; i < n; i++) {
		if (keep && i % keep == 0)
			continue;
		snprintf(name, sizeof(name), "/var/files/%lu", i);
		unlink(name);
	}
}

static void punch(struct area *a, unsigned long run, unsigned long keep, unsigned long percent)
{
	size_t end = a->punched + a->used * percent / 100;

	if (end > a->used)
		end = a->used;
	while (a->punched + run <= end) {
		if (madvise(a->base + a->punched * page_bytes, run * page_bytes, MADV_DONTNEED))
			die("madvise");
		a->punched += run + keep;
	}
	a->punched = end;
}

static void bind_node(unsigned long node)
{
	unsigned long mask[16] = { 0 };

	mask[node / (8 * sizeof(long))] = 1ul << node % (8 * sizeof(long));
	/* MPOL_BIND is 2 */
	if (syscall(SYS_set_mempolicy, 2, mask, 8 * sizeof(mask)))
		die("set_mempolicy");
}

static void step(struct area *a, const char *s)
{
	unsigned long x, y, z;

	if (sscanf(s, "node:%lu", &x) == 1)
		bind_node(x);
	else if (sscanf(s, "fill:%lu", &x) == 1)
		fill(a, -1, x);
	else if (sscanf(s, "fillnode:%lu:%lu", &x, &y) == 2)
		fill(a, (int)x, y);
	else if (sscanf(s, "pages:%lu", &x) == 1)
		pages(a, x);
	else if (sscanf(s, "tables:%lu", &x) == 1)
		tables(x);
	else if (sscanf(s, "files:%lu:%lu", &x, &y) == 2)
		files(x, y);
	else if (sscanf(s, "punch:%lu:%lu:%lu", &x, &y, &z) == 3 && x)
		punch(a, x, y, z);
	else if (!strcmp(s, "lock"))
		mlock(a->base, a->used * page_bytes);
	else if (!strcmp(s, "hold")) {
		puts("ready");
		fflush(stdout);
		for (;;)
			pause();
	} else {
		fprintf(stderr, "fragment: unknown step %s\n", s);
		exit(2);
	}
}

int main(int argc, char **argv)
{
	struct area a;
	FILE *f = fopen("/proc/self/oom_score_adj", "w");

	/* Asked for too much: this process dies, not the guest. */
	if (f) {
		fputs("1000", f);
		fclose(f);
	}
	page_bytes = (size_t)sysconf(_SC_PAGESIZE);
	a = area_new();
	for (int i = 1; i < argc; i++)
		step(&a, argv[i]);
	return 0;
}
