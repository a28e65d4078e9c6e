// SPDX-License-Identifier: GPL-2.0-or-later
/* Reading of recordings. The file may come from a stranger. */
#if WITH_SQLITE

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "snap/recording_priv.h"

struct recording {
	struct recording_db r;
	char *path;
	const char *remark;
	bool at_rest;	   /* opened as a file that nobody writes */
	struct stat st;	   /* of the file then */
	struct recording_bounds bounds;
	int64_t at;	   /* sample that r.image holds; 0 none */
	struct recording_sample at_row;
};

/* ---- opening ---- */

/* Tables, not views that compute: a schema that somebody made up must not run. */
static int check_schema(struct recording *rec, char **why)
{
	int64_t id = 0, version = 0, tables = 0;
	int ret = recording_query(&rec->r, "PRAGMA application_id", &id);

	if (ret == 0)
		ret = recording_query(&rec->r, "PRAGMA user_version", &version);
	if (ret == 0)
		ret = recording_query(&rec->r, "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND"
					       " name IN ('source', 'boot', 'sample', 'image')", &tables);
	if (ret == 0 && (id != RECORDING_APPLICATION_ID || tables != 4))
		return recording_fail(why, -EBADMSG, "%s: not a recording of memtool", rec->path);
	if (ret == 0 && version != RECORDING_VERSION)
		return recording_fail(why, -EBADMSG, "%s: written by a newer memtool (format %lld)",
				      rec->path, (long long)version);
	return ret;
}

static void harden(struct recording *rec)
{
	const struct recording_libs *l = &rec->r.libs;

	l->sqlite3_db_config(rec->r.db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	l->sqlite3_exec(rec->r.db, "PRAGMA trusted_schema = OFF; PRAGMA query_only = ON;"
				   "PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0;", NULL, NULL, NULL);
	l->sqlite3_limit(rec->r.db, SQLITE_LIMIT_LENGTH, (int)IMAGE_MAX);
}

/* A "file:" name: what has a meaning there is written as %XX. */
static void uri_of(struct strbuf *uri, const char *path, const char *query)
{
	sb_addstr(uri, "file:");
	for (; *path; path++) {
		if (*path == '%' || *path == '?' || *path == '#')
			sb_printf(uri, "%%%02X", (unsigned int)*path);
		else
			sb_addch(uri, *path);
	}
	sb_addstr(uri, query);
}

/* One way to open it. 0, or negative errno of the first look. */
static int try_open(struct recording *rec, int flags, const char *query, const char *pragma, char **why)
{
	const struct recording_libs *l = &rec->r.libs;
	auto_strbuf struct strbuf uri = STRBUF_INIT;
	int rc, ret;

	uri_of(&uri, rec->path, query);
	if (uri.failed)
		return -ENOMEM;
	free(*why);
	*why = NULL;
	if (rec->r.db)
		l->sqlite3_close(rec->r.db);
	rec->r.db = NULL;
	rc = l->sqlite3_open_v2(sb_str(&uri), &rec->r.db, flags | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, NULL);
	if (rc != SQLITE_OK)
		return recording_db_fail(&rec->r, why, rec->path, rc);
	l->sqlite3_busy_timeout(rec->r.db, 5000);
	if (pragma)
		l->sqlite3_exec(rec->r.db, pragma, NULL, NULL, NULL);
	harden(rec);
	ret = check_schema(rec, why);
	if (ret && !*why)
		return recording_db_fail(&rec->r, why, rec->path,
					 ret == -EBADMSG ? SQLITE_NOTADB : SQLITE_IOERR);
	return ret;
}

/*
 * No log beside the file: nobody has it open for writing, and nobody died doing
 * so. SQLite names the log after the file itself, behind all links.
 */
static bool is_at_rest(const char *path)
{
	static const char *const logs[] = { "-wal", "-journal" };
	auto_free char *real = realpath(path, NULL);

	for (size_t i = 0; i < ARRAY_SIZE(logs); i++) {
		auto_free char *name = NULL;

		if (!real || asprintf(&name, "%s%s", real, logs[i]) < 0 || access(name, F_OK) == 0)
			return false;
	}
	return true;
}

/*
 * A file at rest is read without locks and without the log that SQLite would
 * make, and, since a reader may not remove it, leave.
 *
 * The log beside the file (FILE-wal) needs shared memory beside it (FILE-shm).
 * Where that cannot be made, as on a full disk, one may do without by locking
 * the file for oneself; where nothing may be written, not even a lock, by taking
 * none; and if the log cannot be read at all, by leaving it alone.
 */
static int open_any(struct recording *rec, char **why)
{
	int ret;

	rec->at_rest = stat(rec->path, &rec->st) == 0 && is_at_rest(rec->path);
	if (rec->at_rest) {
		ret = try_open(rec, SQLITE_OPEN_READONLY, "?immutable=1", NULL, why);
		/* Unless a writer came in this very moment. */
		if (is_at_rest(rec->path))
			return ret;
		rec->at_rest = false;
	}
	ret = try_open(rec, SQLITE_OPEN_READONLY, "", NULL, why);
	if (ret == 0 || ret == -EBADMSG || ret == -ENOMEM)
		return ret;
	ret = try_open(rec, SQLITE_OPEN_READWRITE, "", "PRAGMA locking_mode = EXCLUSIVE", why);
	if (ret == 0 || ret == -EBADMSG || ret == -ENOMEM)
		return ret;
	ret = try_open(rec, SQLITE_OPEN_READONLY, "?vfs=unix-none", "PRAGMA locking_mode = EXCLUSIVE", why);
	if (ret == 0 || ret == -EBADMSG || ret == -ENOMEM)
		return ret;
	ret = try_open(rec, SQLITE_OPEN_READONLY, "?immutable=1", NULL, why);
	if (ret == 0) {
		auto_free char *wal = NULL;

		if (asprintf(&wal, "%s-wal", rec->path) > 0 && access(wal, F_OK) == 0)
			rec->remark = "its log (-wal) cannot be used here: the newest samples may be missing";
	}
	return ret;
}

int recording_open(const char *path, struct recording **out, char **why)
{
	struct recording *rec = calloc(1, sizeof(*rec));
	int ret;

	*why = NULL;
	if (!rec)
		return -ENOMEM;
	rec->path = strdup(path);
	ret = rec->path ? recording_libs_open(&rec->r.libs, why) : -ENOMEM;
	rec->r.coder.libs = &rec->r.libs;
	if (ret == 0 && access(path, R_OK))
		ret = recording_fail(why, -errno, "%s: %s", path, strerror(errno));
	if (ret == 0)
		ret = open_any(rec, why);
	if (ret == 0)
		ret = recording_read_map(&rec->r);
	if (ret == 0)
		ret = recording_refresh(rec);
	if (ret && !*why && ret == -ENODATA)
		recording_fail(why, ret, "%s: a recording without a sample", path);
	else if (ret && !*why && ret != -ENOMEM)
		recording_fail(why, ret, "%s: not a readable recording", path);
	if (ret) {
		recording_close(rec);
		return ret;
	}
	*out = rec;
	return 0;
}

void recording_close(struct recording *rec)
{
	if (!rec)
		return;
	recording_db_done(&rec->r);
	free(rec->path);
	free(rec);
}

const char *recording_remark(const struct recording *rec)
{
	return rec->remark;
}

/* ---- the index ---- */

#define ROW "SELECT id, time_ns, key, boot FROM sample "

static int query_row(struct recording *rec, struct recording_sample *out, const char *sql, int64_t arg)
{
	const struct recording_libs *l = &rec->r.libs;
	sqlite3_stmt *st = NULL;
	int rc = l->sqlite3_prepare_v2(rec->r.db, sql, -1, &st, NULL);

	if (rc == SQLITE_OK) {
		l->sqlite3_bind_int64(st, 1, arg);
		rc = l->sqlite3_step(st);
	}
	if (rc == SQLITE_ROW) {
		out->id = l->sqlite3_column_int64(st, 0);
		out->time_ns = l->sqlite3_column_int64(st, 1);
		out->key = l->sqlite3_column_int64(st, 2);
		out->boot = l->sqlite3_column_int64(st, 3);
	}
	l->sqlite3_finalize(st);
	if (rc == SQLITE_ROW)
		return 0;
	return rc == SQLITE_DONE ? -ENOENT : recording_errno(rc);
}

/* What was at rest when it was opened may be written now. */
static int follow_writer(struct recording *rec)
{
	auto_free char *why = NULL;
	struct stat st;

	if (!rec->at_rest || stat(rec->path, &st))
		return 0;
	if (st.st_size == rec->st.st_size && st.st_mtim.tv_sec == rec->st.st_mtim.tv_sec &&
	    st.st_mtim.tv_nsec == rec->st.st_mtim.tv_nsec && is_at_rest(rec->path))
		return 0;
	rec->at = 0;
	return open_any(rec, &why);
}

int recording_refresh(struct recording *rec)
{
	int64_t n = 0;
	int ret = follow_writer(rec);

	if (ret == 0)
		ret = recording_query(&rec->r, "SELECT count(*) FROM sample", &n);
	if (ret == 0 && n <= 0)
		return -ENODATA;
	if (ret == 0)
		ret = query_row(rec, &rec->bounds.first, ROW "WHERE id >= ? ORDER BY id LIMIT 1", INT64_MIN);
	if (ret == 0)
		ret = query_row(rec, &rec->bounds.last, ROW "WHERE id <= ? ORDER BY id DESC LIMIT 1",
				INT64_MAX);
	rec->bounds.samples = (uint64_t)n;
	return ret;
}

struct recording_bounds recording_bounds(const struct recording *rec)
{
	return rec->bounds;
}

int recording_at(struct recording *rec, int64_t time_ns, struct recording_sample *out)
{
	return query_row(rec, out, ROW "WHERE time_ns <= ? ORDER BY time_ns DESC, id DESC LIMIT 1", time_ns);
}

int recording_near(struct recording *rec, int64_t id, bool forward, struct recording_sample *out)
{
	return query_row(rec, out,
			 forward ? ROW "WHERE id >= ? ORDER BY id LIMIT 1"
				 : ROW "WHERE id <= ? ORDER BY id DESC LIMIT 1",
			 id);
}

/* ---- a choice of samples ---- */

struct ids {
	int64_t *v;
	size_t n, cap;
};

static int ids_add(struct ids *ids, int64_t id)
{
	if (ids->n && ids->v[ids->n - 1] >= id)
		return 0;
	if (vec_grow(&ids->v, &ids->cap, ids->n, sizeof(*ids->v)))
		return -ENOMEM;
	ids->v[ids->n++] = id;
	return 0;
}

/* Keys cost one step to read, others up to a whole group. */
static int pick_keys(struct recording *rec, int64_t first, int64_t last, size_t max, struct ids *ids)
{
	const struct recording_libs *l = &rec->r.libs;
	sqlite3_stmt *st = NULL;
	int64_t step = (last - first) / (int64_t)max, next = first;
	int rc = l->sqlite3_prepare_v2(rec->r.db,
				       "SELECT id FROM sample WHERE key = id AND id > ? AND id < ? ORDER BY id",
				       -1, &st, NULL);
	int ret = ids_add(ids, first);

	if (rc == SQLITE_OK) {
		l->sqlite3_bind_int64(st, 1, first);
		l->sqlite3_bind_int64(st, 2, last);
		while (ret == 0 && (rc = l->sqlite3_step(st)) == SQLITE_ROW) {
			int64_t id = l->sqlite3_column_int64(st, 0);

			if (id < next)
				continue;
			ret = ids_add(ids, id);
			next = id + step;
		}
	}
	l->sqlite3_finalize(st);
	if (ret == 0 && rc != SQLITE_DONE)
		ret = recording_errno(rc);
	return ret ? ret : ids_add(ids, last);
}

/*
 * The first sample of a group, where one lies within a step, stands for those after it: it
 * holds what is costly and was read in some samples only.
 */
static int pick_evenly(struct recording *rec, int64_t first, int64_t last, size_t max, struct ids *ids)
{
	int64_t span = last - first, steps = (int64_t)max - 1, step = (span + steps - 1) / steps;
	struct recording_sample row;
	int ret = 0;

	for (int64_t i = 0; i <= steps && i <= span && ret == 0; i++) {
		/* Ids have gaps only where groups were dropped. */
		int64_t id = span < steps ? first + i : first + (span / steps) * i + (span % steps) * i / steps;

		ret = recording_near(rec, id, true, &row);
		if (ret == 0 && row.id <= last)
			ret = ids_add(ids, row.key >= first && row.key > row.id - step ? row.key : row.id);
	}
	return ret ? ret : ids_add(ids, last);
}

/* Reading one after the other costs a step a sample: with few samples in all, any may be taken. */
#define PICK_ANY_BELOW 20000

int recording_pick(struct recording *rec, int64_t first, int64_t last, size_t max, int64_t **out,
		   size_t *n)
{
	struct ids ids = { 0 };
	int ret;

	if (max < 2 || last < first)
		return -EINVAL;
	ret = last - first < PICK_ANY_BELOW ? pick_evenly(rec, first, last, max, &ids)
					    : pick_keys(rec, first, last, max, &ids);
	if (ret) {
		free(ids.v);
		return ret;
	}
	*out = ids.v;
	*n = ids.n;
	return 0;
}

/* ---- samples ---- */

static int damaged(struct recording *rec, int64_t id, int err, char **why)
{
	rec->at = 0;
	if (err == -ENOMEM)
		return err;
	return recording_fail(why, err, "%s: sample %lld is damaged", rec->path, (long long)id);
}

/* Go from the key, or from where the image stands in the group, to @row. */
static int walk(struct recording *rec, const struct recording_sample *row, char **why)
{
	const struct recording_libs *l = &rec->r.libs;
	bool ahead = rec->at && rec->at_row.key == row->key && rec->at <= row->id;
	int64_t from = ahead ? rec->at : row->key - 1, steps = 0;
	sqlite3_stmt *st = NULL;
	int ret = 0, rc;

	if (ahead && rec->at == row->id)
		return 0;
	rc = l->sqlite3_prepare_v2(rec->r.db,
				   "SELECT s.id, s.time_ns, i.data FROM sample s JOIN image i ON i.sample = s.id"
				   " WHERE s.id > ? AND s.id <= ? ORDER BY s.id", -1, &st, NULL);
	if (rc == SQLITE_OK) {
		l->sqlite3_bind_int64(st, 1, from);
		l->sqlite3_bind_int64(st, 2, row->id);
		while (ret == 0 && (rc = l->sqlite3_step(st)) == SQLITE_ROW) {
			int64_t id = l->sqlite3_column_int64(st, 0);
			struct slice blob = { l->sqlite3_column_blob(st, 2),
					      (size_t)l->sqlite3_column_bytes(st, 2) };

			if (!blob.p || id != from + ++steps)
				ret = -EBADMSG;
			else
				ret = image_decode(&rec->r.coder, &rec->r.image, blob,
						   l->sqlite3_column_int64(st, 1), id == row->key);
		}
	}
	l->sqlite3_finalize(st);
	if (ret == 0 && (rc != SQLITE_DONE || from + steps != row->id))
		ret = rc == SQLITE_DONE ? -EBADMSG : recording_errno(rc);
	if (ret)
		return damaged(rec, row->id, ret, why);
	rec->at = row->id;
	rec->at_row = *row;
	return 0;
}

/* The kernel's release of a boot, in @arena; NULL if it is not known. */
static const char *boot_release(struct recording *rec, struct arena *arena, int64_t boot)
{
	const struct recording_libs *l = &rec->r.libs;
	sqlite3_stmt *st = NULL;
	const char *text = NULL;

	if (l->sqlite3_prepare_v2(rec->r.db, "SELECT release FROM boot WHERE id = ?", -1, &st, NULL) ==
	    SQLITE_OK) {
		l->sqlite3_bind_int64(st, 1, boot);
		if (l->sqlite3_step(st) == SQLITE_ROW)
			text = (const char *)l->sqlite3_column_text(st, 0);
		text = text ? arena_strdup(arena, text) : NULL;
	}
	l->sqlite3_finalize(st);
	return text;
}

int recording_read(struct recording *rec, int64_t id, struct raw_capture **out, char **why)
{
	struct arena arena = { 0 };
	struct recording_sample row;
	int ret = query_row(rec, &row, ROW "WHERE id = ?", id);

	*why = NULL;
	if (ret == 0 && (row.key > row.id || row.key <= 0))
		ret = -EBADMSG;
	if (ret)
		return damaged(rec, id, ret, why);
	ret = walk(rec, &row, why);
	if (ret == 0) {
		ret = image_capture(&rec->r.image, &rec->r.map, boot_release(rec, &arena, row.boot), out);
		if (ret)
			ret = damaged(rec, id, ret, why);
	}
	arena_done(&arena);
	return ret;
}

#else
typedef int recording_read_not_built;
#endif
