// SPDX-License-Identifier: GPL-2.0-or-later
/* snap/recording: what went in comes out, byte for byte, from any sample; nothing else does. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/str.h"
#include "base/timefmt.h"
#include "snap/recording.h"

#define SECOND INT64_C(1000000000)
#define BEGIN (INT64_C(1700000000) * SECOND)

static char path[] = P_tmpdir "/recording-XXXXXX/t.rec";

static int make_dir(void **state UNUSED)
{
	char *slash = strrchr(path, '/');

	*slash = '\0';
	if (!mkdtemp(path))
		return -1;
	*slash = '/';
	return 0;
}

static int remove_file(void **state UNUSED)
{
	static const char *const tails[] = { "", "-wal", "-shm" };
	char name[64];

	for (size_t i = 0; i < ARRAY_SIZE(tails); i++) {
		snprintf(name, sizeof(name), "%s%s", path, tails[i]);
		unlink(name);
	}
	return 0;
}

static int remove_dir(void **state UNUSED)
{
	*strrchr(path, '/') = '\0';
	return rmdir(path);
}

/* ---- captures made by hand ---- */

static void add_file(struct raw_capture *c, enum source_id id, const char *dir, const char *name,
		     const char *data)
{
	struct raw_source *s = &c->sources[id];

	assert_int_equal(vec_grow(&s->files, &s->cap_files, s->n_files, sizeof(*s->files)), 0);
	s->files[s->n_files++] = (struct raw_file){ .dir = dir, .name = name,
						    .data = arena_strdup(&c->arena, data),
						    .len = strlen(data) };
	s->state = RAW_READ;
	s->path = dir;
	s->bytes += strlen(data);
}

/* Sample @n: buddyinfo and vmstat change each time, slabinfo each third, the configuration never. */
static struct raw_capture *capture(int n)
{
	struct raw_capture *c = calloc(1, sizeof(*c));
	char text[4096];
	size_t at = 0;

	assert_non_null(c);
	c->release = "6.1.0";
	for (unsigned int i = 0; i < SRC_COUNT; i++) {
		c->sources[i].state = RAW_SKIPPED;
		c->sources[i].reason = "left out by option";
	}
	snprintf(text, sizeof(text), "Node 0, zone   Normal %d %d 7\n", n, 2 * n);
	add_file(c, SRC_BUDDYINFO, "proc", "buddyinfo", text);
	c->sources[SRC_BUDDYINFO].start_ns = BEGIN + n * SECOND;
	c->sources[SRC_BUDDYINFO].duration_ns = 1000 + (uint64_t)n;
	snprintf(text, sizeof(text), "nr_free_pages %d\nallocstall_dma 2\nallocstall_normal %d\n", 9 * n, n);
	add_file(c, SRC_VMSTAT, "proc", "vmstat", text);
	for (int i = 0; i < 40; i++)
		at += (size_t)snprintf(text + at, sizeof(text) - at, "kmalloc-%d %d : tunables 0\n", i,
				       1000 + i * (n / 3));
	add_file(c, SRC_SLABINFO, "proc", "slabinfo", text);
	add_file(c, SRC_KERNEL, "proc/sys/kernel/random", "boot_id", n < 500 ? "one\n" : "two\n");
	c->sources[SRC_PAGETYPEINFO].state = RAW_UNAVAILABLE;
	c->sources[SRC_PAGETYPEINFO].reason = "Permission denied";
	c->sources[SRC_PAGETYPEINFO].hint = "run as root";
	return c;
}

static void assert_same(const struct raw_capture *a, const struct raw_capture *b)
{
	assert_string_equal(a->release, b->release);
	for (unsigned int i = 0; i < SRC_COUNT; i++) {
		const struct raw_source *x = &a->sources[i], *y = &b->sources[i];

		assert_int_equal(x->state, y->state);
		if (x->state == RAW_UNAVAILABLE) {
			assert_string_equal(x->reason, y->reason);
			assert_string_equal(x->hint, y->hint);
		}
		if (x->state != RAW_READ)
			continue;
		assert_true(x->start_ns == y->start_ns && x->duration_ns == y->duration_ns);
		assert_int_equal(x->n_files, y->n_files);
		assert_int_equal(x->bytes, y->bytes);
		for (size_t j = 0; j < x->n_files; j++) {
			assert_string_equal(x->files[j].dir, y->files[j].dir);
			assert_string_equal(x->files[j].name, y->files[j].name);
			assert_int_equal(x->files[j].len, y->files[j].len);
			assert_memory_equal(x->files[j].data, y->files[j].data, x->files[j].len);
		}
	}
}

static struct recording_writer *writer(struct recording_limits limits)
{
	struct recording_writer *w;
	char *why;

	if (recording_append_open(path, &limits, &w, &why))
		fail_msg("%s", why);
	return w;
}

static void append(struct recording_writer *w, const struct raw_capture *c, int n)
{
	char *why = NULL;

	if (recording_append(w, c, recording_wants_slow(w, n * SECOND), n * SECOND, &why))
		fail_msg("%s", why);
}

static void append_range(struct recording_writer *w, int from, int to)
{
	for (int n = from; n < to; n++) {
		struct raw_capture *c = capture(n);

		append(w, c, n);
		raw_capture_free(c);
	}
}

static struct recording *reader(void)
{
	struct recording *r;
	char *why;

	if (recording_open(path, &r, &why))
		fail_msg("%s", why);
	return r;
}

static void assert_sample(struct recording *r, int64_t id, int n)
{
	struct raw_capture *want = capture(n), *got;
	char *why;

	if (recording_read(r, id, &got, &why))
		fail_msg("%s", why);
	assert_same(want, got);
	raw_capture_free(want);
	raw_capture_free(got);
}

/* ---- tests ---- */

static void test_any_sample_back(void **state UNUSED)
{
	struct recording_writer *w = writer((struct recording_limits){ 0 });
	struct recording *r;

	recording_set_group(w, 16, 0);
	append_range(w, 0, 100);
	/* Open while it is being written. */
	r = reader();
	assert_int_equal(recording_bounds(r).samples, 100);
	assert_int_equal(recording_bounds(r).last.key, 97);
	assert_sample(r, 50, 49);
	assert_sample(r, 51, 50); /* forward in the group */
	assert_sample(r, 50, 49); /* and back */
	assert_sample(r, 1, 0);
	assert_sample(r, 100, 99);
	append_range(w, 100, 101);
	assert_int_equal(recording_refresh(r), 0);
	assert_sample(r, 101, 100);
	recording_close(r);
	assert_int_equal(recording_writer_close(w), 0);
	/* A second run begins a group of its own. */
	w = writer((struct recording_limits){ 0 });
	append_range(w, 101, 103);
	recording_writer_close(w);
	r = reader();
	assert_int_equal(recording_bounds(r).last.key, 102);
	assert_sample(r, 102, 101);
	assert_sample(r, 103, 102);
	recording_close(r);
}

static void test_at(void **state UNUSED)
{
	struct recording_writer *w = writer((struct recording_limits){ 0 });
	struct recording_sample row;
	struct recording *r;

	append_range(w, 10, 20);
	recording_writer_close(w);
	r = reader();
	assert_int_equal(recording_at(r, BEGIN + 12 * SECOND, &row), 0);
	assert_int_equal(row.id, 3);
	assert_int_equal(recording_at(r, BEGIN + 13 * SECOND - 1, &row), 0);
	assert_int_equal(row.id, 3);
	assert_int_equal(recording_at(r, INT64_MAX, &row), 0);
	assert_int_equal(row.id, 10);
	assert_int_equal(recording_at(r, BEGIN + 10 * SECOND - 1, &row), -ENOENT);
	recording_close(r);
}

/* A costly source that is left out for a while, and one that is read with keys only. */
static void test_left_out_and_slow(void **state UNUSED)
{
	struct recording_writer *w = writer((struct recording_limits){ 0 });
	struct recording *r;
	struct raw_capture *c, *got;
	char *why;

	for (int n = 0; n < 6; n++) {
		c = capture(n);
		if (n == 0) {
			add_file(c, SRC_KCONFIG, "boot", "config", "CONFIG_SLUB=y\n");
			c->sources[SRC_KCONFIG].start_ns = BEGIN;
		}
		if (n == 2 || n == 3) {
			c->sources[SRC_SLABINFO].n_files = 0;
			c->sources[SRC_SLABINFO].state = RAW_SKIPPED;
		}
		append(w, c, n);
		raw_capture_free(c);
	}
	recording_writer_close(w);
	r = reader();
	for (int n = 0; n < 6; n++) {
		assert_int_equal(recording_read(r, n + 1, &got, &why), 0);
		assert_int_equal(got->sources[SRC_SLABINFO].state, n == 2 || n == 3 ? RAW_SKIPPED : RAW_READ);
		assert_int_equal(got->sources[SRC_KCONFIG].state, RAW_READ);
		/* Its age can be told. */
		assert_true(got->sources[SRC_KCONFIG].start_ns == BEGIN);
		assert_string_equal(got->sources[SRC_KCONFIG].files[0].data, "CONFIG_SLUB=y\n");
		raw_capture_free(got);
	}
	recording_close(r);
}

static void test_boots(void **state UNUSED)
{
	struct recording_writer *w = writer((struct recording_limits){ 0 });
	struct recording *r;
	struct recording_sample a, b;

	append_range(w, 498, 502);
	recording_writer_close(w);
	r = reader();
	assert_int_equal(recording_near(r, 2, true, &a), 0);
	assert_int_equal(recording_near(r, 3, true, &b), 0);
	assert_true(a.boot != b.boot);
	recording_close(r);
}

static void test_two_writers(void **state UNUSED)
{
	struct recording_writer *w = writer((struct recording_limits){ 0 }), *other;
	char *why = NULL;

	assert_int_equal(recording_append_open(path, &(struct recording_limits){ 0 }, &other, &why), -EBUSY);
	assert_non_null(strstr(why, "another process is recording"));
	free(why);
	recording_writer_close(w);
}

static void test_keep(void **state UNUSED)
{
	struct recording_writer *w = writer((struct recording_limits){ .keep_ns = 30 * SECOND });
	struct recording *r;
	struct recording_bounds b;

	recording_set_group(w, 10, 0);
	append_range(w, 0, 100);
	recording_writer_close(w);
	r = reader();
	b = recording_bounds(r);
	/* The last key came at 90: what is older than 60 went, whole groups. */
	assert_int_equal(b.first.id, 61);
	assert_int_equal(b.last.id, 100);
	assert_sample(r, 61, 60);
	recording_close(r);
}

static void test_max_size(void **state UNUSED)
{
	struct recording_writer *w = writer((struct recording_limits){ .max_bytes = 1 << 20 });
	static char noise[60000];
	struct recording *r;
	struct stat st;
	uint32_t seed = 1;

	recording_set_group(w, 4, 0);
	for (int n = 0; n < 100; n++) {
		struct raw_capture *c = capture(n);

		for (size_t i = 0; i + 1 < sizeof(noise); i++) {
			seed = seed * 1664525 + 1013904223;
			noise[i] = (char)('!' + (seed >> 24) % 90);
		}
		add_file(c, SRC_VMALLOCINFO, "proc", "vmallocinfo", noise);
		append(w, c, n);
		raw_capture_free(c);
	}
	recording_writer_close(w);
	assert_int_equal(stat(path, &st), 0);
	assert_true(st.st_size <= 1 << 20);
	r = reader();
	assert_true(recording_bounds(r).samples >= 8);
	assert_int_equal(recording_bounds(r).last.id, 100);
	recording_close(r);
}

static void test_pick(void **state UNUSED)
{
	struct recording_writer *w = writer((struct recording_limits){ 0 });
	struct recording *r;
	int64_t *ids;
	size_t n;

	append_range(w, 0, 30);
	recording_writer_close(w);
	r = reader();
	assert_int_equal(recording_pick(r, 1, 30, 100, &ids, &n), 0);
	assert_int_equal(n, 30);
	free(ids);
	assert_int_equal(recording_pick(r, 5, 25, 5, &ids, &n), 0);
	assert_int_equal(n, 5);
	assert_int_equal(ids[0], 5);
	assert_int_equal(ids[2], 15);
	assert_int_equal(ids[4], 25);
	free(ids);
	assert_int_equal(recording_pick(r, 7, 7, 5, &ids, &n), 0);
	assert_int_equal(n, 1);
	free(ids);
	recording_close(r);
}

/* Files that cost much are in the first sample of each group, for one: those are not passed over. */
static void test_pick_first_of_groups(void **state UNUSED)
{
	struct recording_writer *w = writer((struct recording_limits){ 0 });
	struct recording *r;
	struct recording_sample row;
	int64_t *ids;
	size_t n, keys = 0;

	recording_set_group(w, 10, 0);
	append_range(w, 0, 300);
	recording_writer_close(w);
	r = reader();
	/* A pick in each group of ten, or three. */
	for (size_t max = 31; max <= 91; max += 60) {
		assert_int_equal(recording_pick(r, 1, 300, max, &ids, &n), 0);
		assert_in_range(n, max - 1, max + 1);
		assert_int_equal(ids[0], 1);
		assert_int_equal(ids[n - 1], 300);
		keys = 0;
		for (size_t i = 0; i < n; i++) {
			assert_int_equal(recording_near(r, ids[i], true, &row), 0);
			keys += row.key == ids[i];
		}
		assert_int_equal(keys, 30);
		free(ids);
	}
	recording_close(r);
}

/* Every byte of the file turned over: an error or the truth, never anything else. */
static void test_damage(void **state UNUSED)
{
	struct recording_writer *w = writer((struct recording_limits){ 0 });
	static char file[1 << 20];
	ssize_t size;
	int fd;

	append_range(w, 0, 8);
	recording_writer_close(w);
	fd = open(path, O_RDWR | O_CLOEXEC);
	size = pread(fd, file, sizeof(file), 0);
	assert_true(size > 8192);
	for (ssize_t i = 0; i < size; i += 37) {
		struct recording *r;
		struct raw_capture *c;
		char *why = NULL, flipped = (char)(file[i] ^ 0x15);

		assert_int_equal(pwrite(fd, &flipped, 1, i), 1);
		if (recording_open(path, &r, &why) == 0) {
			for (int64_t id = 1; id <= 8; id++) {
				if (recording_read(r, id, &c, &why) == 0)
					raw_capture_free(c);
				free(why);
				why = NULL;
			}
			recording_close(r);
		}
		free(why);
		assert_int_equal(pwrite(fd, &file[i], 1, i), 1);
	}
	close(fd);
}

static void test_not_a_recording(void **state UNUSED)
{
	struct recording_writer *w;
	struct recording *r;
	char *why = NULL;
	FILE *f = fopen(path, "w");

	fputs("Node 0, zone Normal 1 2 3\n", f);
	fclose(f);
	assert_false(recording_detect(path));
	assert_true(recording_append_open(path, &(struct recording_limits){ 0 }, &w, &why) < 0);
	assert_non_null(strstr(why, "not a "));
	free(why);
	assert_true(recording_open(path, &r, &why) < 0);
	free(why);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_any_sample_back, remove_file),
		cmocka_unit_test_teardown(test_at, remove_file),
		cmocka_unit_test_teardown(test_left_out_and_slow, remove_file),
		cmocka_unit_test_teardown(test_boots, remove_file),
		cmocka_unit_test_teardown(test_two_writers, remove_file),
		cmocka_unit_test_teardown(test_keep, remove_file),
		cmocka_unit_test_teardown(test_max_size, remove_file),
		cmocka_unit_test_teardown(test_pick, remove_file),
		cmocka_unit_test_teardown(test_pick_first_of_groups, remove_file),
		cmocka_unit_test_teardown(test_damage, remove_file),
		cmocka_unit_test_teardown(test_not_a_recording, remove_file),
	};

	if (!recording_supported()) {
		puts("1..0 # SKIP built without recordings");
		return 0;
	}
	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
