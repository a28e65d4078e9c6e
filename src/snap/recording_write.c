// SPDX-License-Identifier: GPL-2.0-or-later
/* Appending to a recording. */
#if WITH_SQLITE

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>

#include "base/timefmt.h"
#include "snap/recording_priv.h"

/* A group ends after this many samples, or this much time, whichever is first. */
#define GROUP_SAMPLES 512
#define GROUP_LEAST 16
#define GROUP_AGE_NS (UINT64_C(900) * 1000000000)

#define WAL_PAGES 1000

enum statement { ST_SAMPLE, ST_IMAGE, ST_BOOT, ST_BEGIN, ST_COMMIT, ST_ROLLBACK, STATEMENTS };

/* Of the time that is kept, so much may be held beyond it: the group in which it begins. */
#define KEEP_GROUPS 8

struct recording_writer {
	struct recording_db r;
	char *path;
	int lock_fd;
	struct recording_limits limits;
	sqlite3_stmt *st[STATEMENTS];
	struct recording_headline headline;
	struct strbuf blob;
	unsigned int group_samples, group_least; /* what age ends a group after */
	uint64_t group_age_ns;
	unsigned int in_group;	/* samples of the group at hand; 0: none yet */
	int64_t group_id, group_start_ns;
	int64_t boot;		/* row of table boot; 0 none yet */
	char *boot_key;		/* what tells it from others */
	bool batch;
};

static const char schema[] =
	"CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;"
	"INSERT INTO meta VALUES('format', 'memtool.recording/1');"
	"CREATE TABLE source(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);"
	"CREATE TABLE boot(id INTEGER PRIMARY KEY, boot_id TEXT, host TEXT, release TEXT, version TEXT,"
	" machine TEXT, page_size INTEGER);"
	"CREATE TABLE sample(id INTEGER PRIMARY KEY, time_ns INTEGER NOT NULL, uptime_ms INTEGER,"
	" boot INTEGER NOT NULL, key INTEGER NOT NULL, free_kb INTEGER, available_kb INTEGER,"
	" slab_reclaimable_kb INTEGER, slab_unreclaimable_kb INTEGER, vmalloc_kb INTEGER,"
	" alloc_stall INTEGER, compact_stall INTEGER, compact_fail INTEGER, oom_kill INTEGER,"
	" free_blocks TEXT);"
	"CREATE INDEX sample_time ON sample(time_ns);"
	"CREATE TABLE image(sample INTEGER PRIMARY KEY, bytes INTEGER NOT NULL, data BLOB NOT NULL);"
	"CREATE VIEW samples AS SELECT strftime('%Y-%m-%dT%H:%M:%fZ', time_ns / 1e9, 'unixepoch') AS time,"
	" boot.host, boot.release, sample.* FROM sample JOIN boot ON boot.id = sample.boot;";

static int run_sql(struct recording_writer *w, const char *sql, char **why)
{
	int rc = w->r.libs.sqlite3_exec(w->r.db, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK ? 0 : recording_db_fail(&w->r, why, w->path, rc);
}

static int lock_file(struct recording_writer *w, char **why)
{
	int err;

	/* What a recording holds, only root may read in /proc. */
	w->lock_fd = open(w->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY, 0600);
	if (w->lock_fd < 0) {
		err = errno;
		return recording_fail(why, -err, "%s: %s", w->path, strerror(err));
	}
	/* Not SQLite's kind of lock, so neither disturbs the other. */
	if (flock(w->lock_fd, LOCK_EX | LOCK_NB) == 0)
		return 0;
	err = errno;
	if (err == EWOULDBLOCK)
		return recording_fail(why, -EBUSY, "%s: another process is recording to this file", w->path);
	return recording_fail(why, -err, "%s: %s", w->path, strerror(err));
}

static int create_tables(struct recording_writer *w, char **why)
{
	char sql[96];
	int ret = run_sql(w, "PRAGMA page_size = 4096; PRAGMA auto_vacuum = INCREMENTAL; BEGIN IMMEDIATE;",
			  why);

	snprintf(sql, sizeof(sql), "PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT;",
		 RECORDING_APPLICATION_ID, RECORDING_VERSION);
	if (ret == 0)
		ret = run_sql(w, schema, why);
	return ret ? ret : run_sql(w, sql, why);
}

static int check_tables(struct recording_writer *w, char **why)
{
	int64_t id = 0, version = 0, objects = 0;
	int ret = recording_query(&w->r, "PRAGMA application_id", &id);

	if (ret == 0)
		ret = recording_query(&w->r, "PRAGMA user_version", &version);
	if (ret == 0)
		ret = recording_query(&w->r, "SELECT count(*) FROM sqlite_schema", &objects);
	if (ret == -EBADMSG)
		return recording_fail(why, ret, "%s: not a recording", w->path);
	if (ret)
		return recording_db_fail(&w->r, why, w->path, SQLITE_IOERR);
	if (id == 0 && objects == 0)
		return create_tables(w, why);
	if (id != RECORDING_APPLICATION_ID)
		return recording_fail(why, -EBADMSG, "%s: not a recording of memtool", w->path);
	if (version != RECORDING_VERSION)
		return recording_fail(why, -EBADMSG, "%s: written by a newer memtool (format %lld)", w->path,
				      (long long)version);
	return 0;
}

/* Each source gets a number of its own in this file, once. */
static int number_sources(struct recording_writer *w, char **why)
{
	int ret = recording_read_map(&w->r);

	for (unsigned int i = 0; i < SRC_COUNT && ret == 0; i++) {
		char sql[160];

		if (w->r.map.to_file[i] >= 0 || (RECORDING_DERIVED & SRC_BIT(i)))
			continue;
		snprintf(sql, sizeof(sql),
			 "INSERT INTO source SELECT ifnull(max(id) + 1, 0), '%s' FROM source",
			 source_table[i].name);
		ret = run_sql(w, sql, why);
	}
	return ret ? ret : recording_read_map(&w->r);
}

static int prepare(struct recording_writer *w, char **why)
{
	static const char *const sql[STATEMENTS] = {
		[ST_SAMPLE] = "INSERT INTO sample(time_ns, uptime_ms, boot, key, free_kb, available_kb,"
			      " slab_reclaimable_kb, slab_unreclaimable_kb, vmalloc_kb, alloc_stall,"
			      " compact_stall, compact_fail, oom_kill, free_blocks, id)"
			      " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		[ST_IMAGE] = "INSERT INTO image VALUES(?, ?, ?)",
		[ST_BOOT] = ("INSERT INTO boot(boot_id, host, release, version, machine, page_size)"
			     " VALUES(?, ?, ?, ?, ?, ?)"),
		[ST_BEGIN] = "BEGIN IMMEDIATE",
		[ST_COMMIT] = "COMMIT",
		[ST_ROLLBACK] = "ROLLBACK",
	};

	for (unsigned int i = 0; i < STATEMENTS; i++) {
		int rc = w->r.libs.sqlite3_prepare_v2(w->r.db, sql[i], -1, &w->st[i], NULL);

		if (rc != SQLITE_OK)
			return recording_db_fail(&w->r, why, w->path, rc);
	}
	return 0;
}

static int set_up(struct recording_writer *w, char **why)
{
	uint64_t pages = w->limits.max_bytes ? w->limits.max_bytes / 4 / 4096 : WAL_PAGES;
	char sql[160];
	int ret;

	w->r.libs.sqlite3_busy_timeout(w->r.db, 10000);
	ret = check_tables(w, why);
	if (ret)
		return ret;
	pages = pages > WAL_PAGES ? WAL_PAGES : pages < 16 ? 16 : pages;
	/* FULL: a sample is on disk when its transaction is; one fsync each. */
	snprintf(sql, sizeof(sql),
		 "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = %llu;"
		 "PRAGMA journal_size_limit = %llu;",
		 (unsigned long long)pages, (unsigned long long)pages * 4096);
	ret = run_sql(w, sql, why);
	if (ret == 0)
		ret = number_sources(w, why);
	return ret ? ret : prepare(w, why);
}

int recording_append_open(const char *path, const struct recording_limits *limits,
			  struct recording_writer **out, char **why)
{
	struct recording_writer *w = calloc(1, sizeof(*w));
	int ret, rc;

	*why = NULL;
	if (!w)
		return -ENOMEM;
	w->lock_fd = -1;
	w->limits = *limits;
	w->group_samples = GROUP_SAMPLES;
	w->group_least = GROUP_LEAST;
	w->group_age_ns = GROUP_AGE_NS;
	if (limits->keep_ns && limits->keep_ns / KEEP_GROUPS < GROUP_AGE_NS) {
		/* Only whole groups can be dropped: short ones, even if they cost more room. */
		w->group_age_ns = limits->keep_ns / KEEP_GROUPS;
		w->group_least = 2;
	}
	w->path = strdup(path);
	ret = w->path ? recording_libs_open(&w->r.libs, why) : -ENOMEM;
	w->r.coder.libs = &w->r.libs;
	if (ret == 0)
		ret = lock_file(w, why);
	if (ret == 0) {
		rc = w->r.libs.sqlite3_open_v2(path, &w->r.db,
					       SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
					       NULL);
		ret = rc == SQLITE_OK ? set_up(w, why) : recording_db_fail(&w->r, why, path, rc);
	}
	if (ret) {
		recording_writer_close(w);
		return ret;
	}
	*out = w;
	return 0;
}

void recording_set_group(struct recording_writer *w, unsigned int samples, uint64_t age_ns)
{
	w->group_samples = samples ? samples : GROUP_SAMPLES;
	w->group_age_ns = age_ns ? age_ns : GROUP_AGE_NS;
}

int recording_writer_close(struct recording_writer *w)
{
	int ret = 0;

	if (!w)
		return 0;
	for (unsigned int i = 0; i < STATEMENTS; i++) {
		if (w->st[i])
			w->r.libs.sqlite3_finalize(w->st[i]);
	}
	/* Closing takes the log into the file; where that fails the log stays, and is read with it. */
	if (w->r.db && w->r.libs.sqlite3_close(w->r.db) != SQLITE_OK)
		ret = -EIO;
	w->r.db = NULL;
	recording_db_done(&w->r);
	recording_headline_done(&w->headline);
	sb_done(&w->blob);
	if (w->lock_fd >= 0)
		close(w->lock_fd);
	free(w->boot_key);
	free(w->path);
	free(w);
	return ret;
}

/* ---- one sample ---- */

static int step(struct recording_writer *w, enum statement st)
{
	int rc = w->r.libs.sqlite3_step(w->st[st]);

	w->r.libs.sqlite3_reset(w->st[st]);
	return rc;
}

static void bind_text(struct recording_writer *w, enum statement st, int at, const char *text)
{
	w->r.libs.sqlite3_bind_text(w->st[st], at, text, -1, SQLITE_STATIC);
}

static void bind_opt(struct recording_writer *w, enum statement st, int at, struct opt_u64 v)
{
	if (v.known && v.v <= INT64_MAX)
		w->r.libs.sqlite3_bind_int64(w->st[st], at, (int64_t)v.v);
	else
		w->r.libs.sqlite3_bind_null(w->st[st], at);
}

/* The row of table boot for the capture; a new one when the machine, its kernel or its boot is another. */
static int enter_boot(struct recording_writer *w, const struct raw_capture *c)
{
	struct arena *arena = &w->headline.arena;
	const char *id = recording_fact(arena, c, "proc/sys/kernel/random/boot_id");
	const char *host = recording_fact(arena, c, "proc/sys/kernel/hostname");
	const char *version = recording_fact(arena, c, "proc/version");
	const char *machine = recording_fact(arena, c, "memtool/machine");
	const char *page = recording_fact(arena, c, "memtool/page_size");
	const char *key = arena_printf(arena, "%s\n%s\n%s", id ? id : "", host ? host : "",
				       c->release ? c->release : "");
	uint64_t page_size;
	int rc;

	if (!key)
		return SQLITE_NOMEM;
	if (w->boot_key && strcmp(w->boot_key, key) == 0)
		return SQLITE_DONE;
	bind_text(w, ST_BOOT, 1, id);
	bind_text(w, ST_BOOT, 2, host);
	bind_text(w, ST_BOOT, 3, c->release);
	bind_text(w, ST_BOOT, 4, version);
	bind_text(w, ST_BOOT, 5, machine);
	bind_opt(w, ST_BOOT, 6,
		 page && num_u64(page, strlen(page), &page_size) == 0 ? opt_u64(page_size) : OPT_UNKNOWN);
	rc = step(w, ST_BOOT);
	if (rc != SQLITE_DONE)
		return rc;
	free(w->boot_key);
	w->boot_key = strdup(key);
	w->boot = w->r.libs.sqlite3_last_insert_rowid(w->r.db);
	return w->boot_key ? SQLITE_DONE : SQLITE_NOMEM;
}

static int insert_sample(struct recording_writer *w, int64_t id, int64_t key, int64_t time_ns,
			 uint64_t bytes)
{
	const struct recording_libs *l = &w->r.libs;
	int rc;

	l->sqlite3_bind_int64(w->st[ST_SAMPLE], 1, time_ns);
	bind_opt(w, ST_SAMPLE, 2, w->headline.uptime_ms);
	l->sqlite3_bind_int64(w->st[ST_SAMPLE], 3, w->boot);
	l->sqlite3_bind_int64(w->st[ST_SAMPLE], 4, key);
	for (int i = 0; i < HEADLINES; i++)
		bind_opt(w, ST_SAMPLE, 5 + i, w->headline.v[i]);
	bind_text(w, ST_SAMPLE, 14, w->headline.free_blocks.len ? sb_str(&w->headline.free_blocks) : NULL);
	l->sqlite3_bind_int64(w->st[ST_SAMPLE], 15, id);
	rc = step(w, ST_SAMPLE);
	if (rc != SQLITE_DONE)
		return rc;
	l->sqlite3_bind_int64(w->st[ST_IMAGE], 1, id);
	l->sqlite3_bind_int64(w->st[ST_IMAGE], 2, bytes > INT64_MAX ? INT64_MAX : (int64_t)bytes);
	l->sqlite3_bind_blob(w->st[ST_IMAGE], 3, w->blob.buf, (int)w->blob.len, SQLITE_STATIC);
	return step(w, ST_IMAGE);
}

static int64_t capture_time(const struct raw_capture *c)
{
	struct arena arena = { 0 };
	int64_t ns = c->sources[SRC_BUDDYINFO].start_ns;
	const char *text = ns ? NULL : recording_fact(&arena, c, "memtool/time");

	if (ns == 0 && (!text || time_parse_rfc3339(text, &ns) || ns < 0))
		ns = time_now_ns();
	arena_done(&arena);
	return ns;
}

bool recording_wants_slow(const struct recording_writer *w, int64_t now_ns)
{
	return w->in_group == 0 || w->in_group >= w->group_samples ||
	       (w->in_group >= w->group_least && now_ns - w->group_start_ns >= (int64_t)w->group_age_ns);
}

/* ---- bounds ---- */

static int drop_before(struct recording_writer *w, int64_t key, char **why)
{
	char sql[160];

	snprintf(sql, sizeof(sql), "DELETE FROM image WHERE sample < %lld; DELETE FROM sample WHERE id < %lld",
		 (long long)key, (long long)key);
	return run_sql(w, sql, why);
}

/* Whole groups go, the oldest first, never the one at hand. */
static int prune_age(struct recording_writer *w, int64_t time_ns, char **why)
{
	char sql[200];
	int64_t key;

	if (w->limits.keep_ns == 0 || w->limits.keep_ns > (uint64_t)time_ns)
		return 0;
	snprintf(sql, sizeof(sql),
		 "SELECT key FROM sample WHERE +time_ns >= %lld ORDER BY id LIMIT 1",
		 (long long)(time_ns - (int64_t)w->limits.keep_ns));
	if (recording_query(&w->r, sql, &key) == 0)
		return drop_before(w, key, why);
	return 0;
}

static int prune_size(struct recording_writer *w, char **why)
{
	uint64_t wal = w->limits.max_bytes / 4 < WAL_PAGES * 4096 ? w->limits.max_bytes / 4 : WAL_PAGES * 4096;
	int64_t pages, unused, page_size, key;
	char sql[128];
	int ret = 0;

	while (w->limits.max_bytes && ret == 0) {
		if (recording_query(&w->r, "PRAGMA page_count", &pages) ||
		    recording_query(&w->r, "PRAGMA freelist_count", &unused) ||
		    recording_query(&w->r, "PRAGMA page_size", &page_size))
			return 0;
		if ((uint64_t)((pages - unused) * page_size) + wal <= w->limits.max_bytes)
			break;
		if (recording_query(&w->r, "SELECT min(id) FROM sample WHERE key > (SELECT key FROM sample"
					   " ORDER BY id LIMIT 1)", &key) || key <= 0)
			break;
		ret = drop_before(w, key, why);
	}
	/* Room that was freed is used again; only a file above its bound is cut. */
	if (ret == 0 && w->limits.max_bytes && (uint64_t)(pages * page_size) + wal > w->limits.max_bytes) {
		snprintf(sql, sizeof(sql), "PRAGMA incremental_vacuum(%lld)", (long long)unused);
		ret = run_sql(w, sql, why);
	}
	return ret;
}

static int write_sample(struct recording_writer *w, const struct raw_capture *c, bool key,
			int64_t time_ns, uint64_t bytes, int64_t *id, char **why)
{
	int rc = w->batch ? SQLITE_DONE : step(w, ST_BEGIN);
	int ret = 0;

	if (rc != SQLITE_DONE)
		return recording_db_fail(&w->r, why, w->path, rc);
	rc = enter_boot(w, c);
	if (rc == SQLITE_DONE && recording_query(&w->r, "SELECT ifnull(max(id), 0) + 1 FROM sample", id))
		rc = SQLITE_IOERR;
	if (rc == SQLITE_DONE)
		rc = insert_sample(w, *id, key ? *id : w->group_id, time_ns, bytes);
	if (rc == SQLITE_DONE && key) {
		ret = prune_age(w, time_ns, why);
		if (ret == 0)
			ret = prune_size(w, why);
	}
	if (rc == SQLITE_DONE && ret == 0 && !w->batch)
		rc = step(w, ST_COMMIT);
	if (rc == SQLITE_DONE && ret == 0)
		return 0;
	if (ret == 0)
		ret = recording_db_fail(&w->r, why, w->path, rc);
	step(w, ST_ROLLBACK);
	/* The row of its boot is gone with it. */
	free(w->boot_key);
	w->boot_key = NULL;
	return ret;
}

int recording_append(struct recording_writer *w, const struct raw_capture *c, bool key, int64_t now_ns,
		     char **why)
{
	int64_t time_ns = capture_time(c), id = 0;
	uint64_t bytes;
	int ret;

	*why = NULL;
	key = key || w->in_group == 0;
	recording_headline_read(&w->headline, c);
	ret = image_encode(&w->r.coder, &w->r.image, &w->r.map, c, time_ns, key, RECORDING_SLOW, &w->blob,
			   &bytes);
	if (ret == 0 && w->blob.len > INT32_MAX)
		ret = recording_fail(why, -EFBIG, "%s: a sample of more than 2 GiB", w->path);
	if (ret == 0)
		ret = write_sample(w, c, key, time_ns, bytes, &id, why);
	if (ret) {
		/* What the image holds is not in the file: nothing may build on it. */
		w->in_group = 0;
		return ret;
	}
	if (key) {
		w->group_id = id;
		w->group_start_ns = now_ns;
		w->in_group = 0;
	}
	w->in_group++;
	return 0;
}

int recording_batch(struct recording_writer *w, bool begin, char **why)
{
	int rc = step(w, begin ? ST_BEGIN : ST_COMMIT);

	*why = NULL;
	w->batch = begin;
	return rc == SQLITE_DONE ? 0 : recording_db_fail(&w->r, why, w->path, rc);
}

#else
typedef int recording_write_not_built;
#endif
