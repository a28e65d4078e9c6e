// SPDX-License-Identifier: GPL-2.0-or-later
/* A tree from a stranger: nothing leads out of it, blocks, or runs on. */
#include "host/root.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static const struct read_limits limits = { (size_t)1 << 20, UINT64_C(2000000000), 0 };

struct world {
	char top[64];  /* holds the tree, and a file beside it */
	char tree[80];
	struct root openat2, manual;
};

static void put(const char *dir, const char *name, const char *text)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

static void link_to(const struct world *w, const char *target, const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", w->tree, name);
	assert_int_equal(symlink(target, path), 0);
}

static int setup(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	char path[256];

	snprintf(w->top, sizeof(w->top), "%s/memtool-root.XXXXXX", P_tmpdir);
	assert_non_null(mkdtemp(w->top));
	snprintf(w->tree, sizeof(w->tree), "%s/tree", w->top);
	assert_int_equal(mkdir(w->tree, 0755), 0);
	snprintf(path, sizeof(path), "%s/proc", w->tree);
	assert_int_equal(mkdir(path, 0755), 0);
	put(w->top, "secret", "outside\n");
	put(w->tree, "secret", "inside\n");
	put(w->tree, "proc/file", "text\n");
	assert_int_equal(root_open(&w->openat2, w->tree), 0);
	assert_int_equal(root_open(&w->manual, w->tree), 0);
	w->manual.manual = true;
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	struct world *w = *state;
	char command[128];

	root_close(&w->openat2);
	root_close(&w->manual);
	snprintf(command, sizeof(command), "rm -rf %s", w->top);
	assert_int_equal(system(command), 0);
	free(w);
	return 0;
}

/* Both ways of resolving must give the same: text, or the error @err. */
static void expect(const struct world *w, const char *path, const char *text, int err)
{
	const struct root *roots[] = { &w->openat2, &w->manual };

	for (int i = 0; i < 2; i++) {
		struct bytes b = { 0 };
		int ret = root_read_file(roots[i], path, &limits, &b, NULL);

		if (text) {
			assert_int_equal(ret, 0);
			assert_string_equal(b.data, text);
		} else {
			assert_int_equal(ret, err);
		}
		bytes_free(&b);
	}
}

static void test_plain(void **state)
{
	expect(*state, "proc/file", "text\n", 0);
	expect(*state, "proc/./../proc//file", "text\n", 0);
	expect(*state, "proc/none", NULL, -ENOENT);
	expect(*state, "proc/file/under", NULL, -ENOTDIR);
}

static void test_links_stay_inside(void **state)
{
	struct world *w = *state;
	char outside[128];

	snprintf(outside, sizeof(outside), "%s/secret", w->top);
	link_to(w, outside, "absolute");
	link_to(w, "../secret", "up");
	link_to(w, "../../../../../../../../secret", "far-up");
	link_to(w, "/secret", "rooted");
	link_to(w, "..", "proc/parent");
	link_to(w, "file", "proc/beside");
	/* The path exists outside only. */
	expect(w, "absolute", NULL, -ENOENT);
	/* The tree is its own root: above it is it. */
	expect(w, "up", "inside\n", 0);
	expect(w, "far-up", "inside\n", 0);
	expect(w, "rooted", "inside\n", 0);
	expect(w, "proc/parent/secret", "inside\n", 0);
	expect(w, "proc/parent/../secret", "inside\n", 0);
	expect(w, "../secret", "inside\n", 0);
	expect(w, "proc/beside", "text\n", 0);
}

static void test_loops_end(void **state)
{
	struct world *w = *state;

	link_to(w, "b", "a");
	link_to(w, "a", "b");
	link_to(w, "self/self", "self");
	expect(w, "a", NULL, -ELOOP);
	expect(w, "self", NULL, -ELOOP);
}

static void test_what_is_no_file(void **state)
{
	struct world *w = *state;
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	const char *why;
	char path[128];
	int sock;

	snprintf(path, sizeof(path), "%s/fifo", w->tree);
	assert_int_equal(mkfifo(path, 0644), 0);
	alarm(10); /* a FIFO without a writer would block for ever */
	expect(w, "fifo", NULL, -EINVAL);
	alarm(0);
	assert_int_equal(root_open_file(&w->openat2, "fifo", &why), -EINVAL);
	assert_non_null(strstr(why, "FIFO"));
	expect(w, "proc", NULL, -EISDIR);
	sock = socket(AF_UNIX, SOCK_STREAM, 0);
	snprintf(sun.sun_path, sizeof(sun.sun_path), "%s/socket", w->tree);
	assert_int_equal(bind(sock, (const struct sockaddr *)&sun, sizeof(sun)), 0);
	expect(w, "socket", NULL, -EINVAL);
	close(sock);
	snprintf(path, sizeof(path), "%s/zero", w->tree);
	if (mknod(path, S_IFCHR | 0644, (dev_t)(1 << 8 | 5)) == 0)
		expect(w, "zero", NULL, -EINVAL);
}

static void test_endless(void **state)
{
	struct bytes b = { 0 };
	const char *why = NULL;
	int zero = open("/dev/zero", O_RDONLY);

	(void)state;
	assert_int_equal(readfd_whole(zero, &limits, &b, NULL, NULL, &why), -EFBIG);
	assert_string_equal(why, "too large");
	bytes_free(&b);
	/* One that ends in bytes but not in time. */
	assert_int_equal(readfd_whole(zero, &(struct read_limits){ SIZE_MAX / 4, 1000, 0 }, &b, NULL, NULL, &why), -ETIME);
	bytes_free(&b);
	close(zero);
}

static void test_size_limit(void **state)
{
	struct world *w = *state;
	struct bytes b = { 0 };
	struct read_limits exact = { 5, limits.time_ns, 0 }, less = { 4, limits.time_ns, 0 };

	assert_int_equal(root_read_file(&w->openat2, "proc/file", &exact, &b, NULL), 0);
	assert_int_equal(b.len, 5);
	assert_int_equal(root_read_file(&w->openat2, "proc/file", &less, &b, NULL), -EFBIG);
	bytes_free(&b);
}

struct lines {
	char text[400];
	size_t len, calls;
};

static int take_lines(void *ctx, struct slice s)
{
	struct lines *l = ctx;

	assert_int_equal(s.p[s.len - 1], '\n');
	assert_true(l->len + s.len < sizeof(l->text));
	memcpy(l->text + l->len, s.p, s.len);
	l->len += s.len;
	l->calls++;
	return l->calls == 3 ? -ENOMEM : 0;
}

/* Whole lines go on when the buffer is full, and the rest stays; a line longer than it makes it grow. */
static void test_sink(void **state)
{
	struct world *w = *state;
	static const char text[] = "12345\n6789012345\n1\nthis line is longer than the buffer\n2\n3\ncut";
	struct lines l = { .len = 0 };
	struct line_sink sink = { .take = take_lines, .ctx = &l };
	struct bytes b = { 0 };
	uint64_t taken;
	char path[4096];
	FILE *f;
	int fd;

	snprintf(path, sizeof(path), "%s/proc/lines", w->tree);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
	fd = root_open_file(&w->openat2, "proc/lines", NULL);
	assert_true(fd >= 0);
	assert_int_equal(bytes_prepare(&b, 16), 0);
	assert_int_equal(readfd_whole(fd, &limits, &b, &sink, &taken, NULL), 0);
	assert_true(taken > 0);
	assert_int_equal(taken, l.len);
	assert_int_equal(l.len + b.len, sizeof(text) - 1);
	memcpy(l.text + l.len, b.data, b.len + 1);
	assert_string_equal(l.text, text);
	/* What the sink says ends the reading. */
	bytes_free(&b);
	l.len = 0;
	l.calls = 2;
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	assert_int_equal(bytes_prepare(&b, 16), 0);
	assert_int_equal(readfd_whole(fd, &limits, &b, &sink, &taken, NULL), -ENOMEM);
	/* Nor may the sum of all lines be without bound. */
	l.len = l.calls = 0;
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	assert_int_equal(readfd_whole(fd, &(struct read_limits){ 5, limits.time_ns, 0 }, &b, &sink, &taken, NULL), -EFBIG);
	bytes_free(&b);
	close(fd);
}

/* What one of two sinks took. */
struct taker {
	struct bytes text;
	struct {
		uint64_t number;
		size_t at; /* in text */
	} parts[64];
	size_t n;
	int ret;
};

static int take_part(void *ctx, struct slice s)
{
	struct taker *t = ctx;

	if (bytes_reserve(&t->text, t->text.len + s.len))
		return -ENOMEM;
	memcpy(t->text.data + t->text.len, s.p, s.len);
	t->text.len += s.len;
	return t->ret;
}

static int begin_part(void *ctx, uint64_t number)
{
	struct taker *t = ctx;

	assert_true(t->n < ARRAY_SIZE(t->parts));
	assert_true(t->n == 0 || number > t->parts[t->n - 1].number);
	t->parts[t->n].number = number;
	t->parts[t->n++].at = t->text.len;
	return 0;
}

static int read_parts(int fd, const struct read_limits *limit, struct taker *a, struct taker *b, uint64_t *taken,
		      const char **why)
{
	struct line_sink sink = { take_part, a, b, begin_part };
	struct readfd_parts *p;

	a->n = b->n = a->text.len = b->text.len = *taken = 0;
	assert_int_equal(readfd_parts_begin(fd, limit, &sink, &p), 0);
	return p ? readfd_parts_end(p, taken, why) : 0;
}

/* Put what both took together, in the order of the parts: it is the text, and each part is whole lines. */
static void is_text(const struct taker *a, const struct taker *b, const char *text, size_t len)
{
	size_t i = 0, j = 0, at = 0;

	while (i < a->n || j < b->n) {
		bool first = j == b->n || (i < a->n && a->parts[i].number < b->parts[j].number);
		const struct taker *t = first ? a : b;
		size_t k = first ? i++ : j++;
		size_t from = t->parts[k].at, to = k + 1 < t->n ? t->parts[k + 1].at : t->text.len;

		assert_int_equal(t->parts[k].number, i + j - 1);
		assert_true(to > from && at + (to - from) <= len);
		assert_memory_equal(t->text.data + from, text + at, to - from);
		at += to - from;
		assert_true(at == len || text[at - 1] == '\n');
	}
	assert_int_equal(at, len);
	assert_true(a->n + b->n > 2);
}

/* A large file's lines come from two threads, each line whole and once. */
static void test_parts(void **state)
{
	enum { LINES = 700000 };
	struct world *w = *state;
	struct taker a = { .ret = 0 }, b = { .ret = 0 };
	struct read_limits large = { (size_t)64 << 20, UINT64_C(60000000000), 0 };
	auto_free char *text = malloc((size_t)LINES * 16);
	const char *why = NULL;
	uint64_t taken;
	size_t len = 0;
	char path[4096];
	FILE *f;
	int fd;

	assert_non_null(text);
	for (unsigned int i = 0; i < LINES; i++)
		len += (size_t)sprintf(text + len, "line %u\n", i);
	len--; /* the last one is cut */
	snprintf(path, sizeof(path), "%s/proc/many", w->tree);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, len, f), len);
	fclose(f);
	fd = root_open_file(&w->openat2, "proc/many", NULL);
	assert_true(fd >= 0);
	assert_int_equal(read_parts(fd, &large, &a, &b, &taken, &why), 0);
	assert_int_equal(taken, len);
	is_text(&a, &b, text, len);
	/* Either sink ends it, and so does a limit. */
	b.ret = a.ret = -ENOMEM;
	assert_int_equal(read_parts(fd, &large, &a, &b, &taken, &why), -ENOMEM);
	b.ret = a.ret = 0;
	large.bytes = len / 4 / 4;
	assert_int_equal(read_parts(fd, &large, &a, &b, &taken, &why), 0);
	assert_int_equal(taken, 0); /* left to who reads it as a whole, and says so */
	/* What is small is left alone. */
	large.bytes = (size_t)64 << 20;
	assert_int_equal(truncate(path, 100000), 0);
	assert_int_equal(read_parts(fd, &large, &a, &b, &taken, &why), 0);
	assert_int_equal(taken, 0);
	close(fd);
	bytes_free(&a.text);
	bytes_free(&b.text);
}

static void test_readlink(void **state)
{
	struct world *w = *state;
	const struct root *roots[] = { &w->openat2, &w->manual };
	char target[64];

	link_to(w, "../elsewhere", "proc/link");
	for (int i = 0; i < 2; i++) {
		assert_int_equal(root_readlink(roots[i], "proc/link", target, sizeof(target)), 0);
		assert_string_equal(target, "../elsewhere");
		assert_int_equal(root_readlink(roots[i], "proc/file", target, sizeof(target)), -EINVAL);
		assert_int_equal(root_readlink(roots[i], "proc", target, sizeof(target)), -EINVAL);
		assert_int_equal(root_readlink(roots[i], "none", target, sizeof(target)), -ENOENT);
	}
}

/* A process' file whose process is gone before it is read: an error, not an empty file. */
static void test_vanishes(void **state)
{
	struct root live;
	struct bytes b = { 0 };
	char path[64];
	pid_t child = fork();
	int fd, ret;

	(void)state;
	if (child == 0) {
		pause();
		_exit(0);
	}
	assert_int_equal(root_open(&live, NULL), 0);
	snprintf(path, sizeof(path), "proc/%d/stat", (int)child);
	fd = root_open_file(&live, path, NULL);
	assert_true(fd >= 0);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	ret = readfd_whole(fd, &limits, &b, NULL, NULL, NULL);
	assert_int_equal(ret, -ESRCH);
	assert_int_equal(root_open_file(&live, path, NULL), -ENOENT);
	close(fd);
	bytes_free(&b);
	root_close(&live);
}

/* page_owner gives a record a read, and an error where there is no room for one: as here what does not fit is lost. */
static void test_records(void **state)
{
	const struct read_limits roomy = { limits.bytes, limits.time_ns, 4096 };
	struct bytes b = { 0 };
	char record[3000];
	int fd[2];

	(void)state;
	memset(record, 'x', sizeof(record));
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fd), 0);
	for (int i = 0; i < 20; i++)
		assert_int_equal(write(fd[0], record, sizeof(record)), sizeof(record));
	close(fd[0]);
	assert_int_equal(readfd_whole(fd[1], &roomy, &b, NULL, NULL, NULL), 0);
	assert_int_equal(b.len, 20 * sizeof(record));
	close(fd[1]);
	bytes_free(&b);
}

static void test_live(void **state)
{
	struct root live;

	(void)state;
	assert_int_equal(root_open(&live, NULL), 0);
	assert_true(live.live);
	assert_false(live.confined);
	root_close(&live);
	/* The same machine through a sysroot: still a running kernel. */
	assert_int_equal(root_open(&live, "/"), 0);
	assert_true(live.live);
	assert_true(live.confined);
	root_close(&live);
	assert_int_equal(root_open(&live, "/nowhere/at/all"), -ENOENT);
	assert_int_equal(root_open(&live, "/dev/null"), -ENOTDIR);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_plain, setup, teardown),
		cmocka_unit_test_setup_teardown(test_links_stay_inside, setup, teardown),
		cmocka_unit_test_setup_teardown(test_loops_end, setup, teardown),
		cmocka_unit_test_setup_teardown(test_what_is_no_file, setup, teardown),
		cmocka_unit_test_setup_teardown(test_endless, setup, teardown),
		cmocka_unit_test_setup_teardown(test_size_limit, setup, teardown),
		cmocka_unit_test_setup_teardown(test_sink, setup, teardown),
		cmocka_unit_test_setup_teardown(test_parts, setup, teardown),
		cmocka_unit_test_setup_teardown(test_readlink, setup, teardown),
		cmocka_unit_test(test_vanishes),
		cmocka_unit_test(test_records),
		cmocka_unit_test(test_live),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
