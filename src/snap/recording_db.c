// SPDX-License-Identifier: GPL-2.0-or-later
/* Errors, queries and the table of sources: what writing and reading share. */
#include "snap/recording.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/cleanup.h"

bool recording_begins(const char *head, size_t n)
{
	static const char magic[RECORDING_HEAD] = "SQLite format 3";

	return n >= sizeof(magic) && memcmp(head, magic, sizeof(magic)) == 0;
}

bool recording_detect(const char *path)
{
	auto_close int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char head[RECORDING_HEAD];
	struct stat st;

	return fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	       pread(fd, head, sizeof(head), 0) == (ssize_t)sizeof(head) &&
	       recording_begins(head, sizeof(head));
}

#if WITH_SQLITE

#include "snap/recording_priv.h"

bool recording_supported(void)
{
	return true;
}

int recording_fail(char **why, int err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(why, fmt, ap) < 0)
		*why = NULL;
	va_end(ap);
	return err;
}

int recording_errno(int rc)
{
	switch (rc & 0xff) {
	case SQLITE_FULL:
		return -ENOSPC;
	case SQLITE_NOMEM:
		return -ENOMEM;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return -EBUSY;
	case SQLITE_READONLY:
		return -EROFS;
	case SQLITE_PERM:
	case SQLITE_AUTH:
		return -EACCES;
	case SQLITE_CANTOPEN:
		return -ENOENT;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return -EBADMSG;
	default:
		return -EIO;
	}
}

int recording_db_fail(struct recording_db *r, char **why, const char *path, int rc)
{
	int err = recording_errno(rc), sys = r->db ? r->libs.sqlite3_system_errno(r->db) : 0;

	/* A write that fails with ENOSPC in its shared memory comes as an I/O error. */
	if (err == -EIO && (sys == ENOSPC || sys == EDQUOT))
		err = -ENOSPC;
	if (err == -ENOSPC)
		return recording_fail(why, err, "%s: no space left on device", path);
	return recording_fail(why, err, "%s: %s", path,
			      r->db ? r->libs.sqlite3_errmsg(r->db) : "out of memory");
}

void recording_db_done(struct recording_db *r)
{
	image_coder_done(&r->coder);
	image_done(&r->image);
	if (r->db)
		r->libs.sqlite3_close(r->db);
	r->db = NULL;
	recording_libs_close(&r->libs);
}

int recording_query(struct recording_db *r, const char *sql, int64_t *out)
{
	sqlite3_stmt *st = NULL;
	int rc = r->libs.sqlite3_prepare_v2(r->db, sql, -1, &st, NULL);

	if (rc == SQLITE_OK)
		rc = r->libs.sqlite3_step(st);
	if (rc == SQLITE_ROW)
		*out = r->libs.sqlite3_column_int64(st, 0);
	r->libs.sqlite3_finalize(st);
	if (rc == SQLITE_ROW)
		return 0;
	return rc == SQLITE_DONE ? -ENODATA : recording_errno(rc);
}

int recording_read_map(struct recording_db *r)
{
	const struct recording_libs *l = &r->libs;
	sqlite3_stmt *st = NULL;
	int rc;

	for (unsigned int i = 0; i < SRC_COUNT; i++)
		r->map.to_file[i] = -1;
	rc = l->sqlite3_prepare_v2(r->db, "SELECT id, name FROM source", -1, &st, NULL);
	if (rc != SQLITE_OK)
		return recording_errno(rc);
	while ((rc = l->sqlite3_step(st)) == SQLITE_ROW) {
		int64_t id = l->sqlite3_column_int64(st, 0);
		const char *name = (const char *)l->sqlite3_column_text(st, 1);

		for (unsigned int i = 0; name && i < SRC_COUNT; i++) {
			if (strcmp(source_table[i].name, name) == 0 && id >= 0 && id < IMAGE_SLOTS)
				r->map.to_file[i] = (int)id;
		}
	}
	l->sqlite3_finalize(st);
	return rc == SQLITE_DONE ? 0 : recording_errno(rc);
}

#else

#define NOT_BUILT "this memtool was built without recordings (WITH_SQLITE=0)"

static int not_built(char **why)
{
	*why = strdup(NOT_BUILT);
	return -ENOTSUP;
}

bool recording_supported(void)
{
	return false;
}

int recording_append_open(const char *path UNUSED, const struct recording_limits *limits UNUSED,
			  struct recording_writer **out UNUSED, char **why)
{
	return not_built(why);
}

bool recording_wants_slow(const struct recording_writer *w UNUSED, int64_t now_ns UNUSED)
{
	return true;
}

int recording_append(struct recording_writer *w UNUSED, const struct raw_capture *c UNUSED,
		     bool key UNUSED, int64_t now_ns UNUSED, char **why)
{
	return not_built(why);
}

void recording_set_group(struct recording_writer *w UNUSED, unsigned int samples UNUSED,
			 uint64_t age_ns UNUSED)
{
}

int recording_batch(struct recording_writer *w UNUSED, bool begin UNUSED, char **why)
{
	return not_built(why);
}

int recording_writer_close(struct recording_writer *w UNUSED)
{
	return 0;
}

int recording_open(const char *path UNUSED, struct recording **out UNUSED, char **why)
{
	return not_built(why);
}

void recording_close(struct recording *r UNUSED)
{
}

const char *recording_remark(const struct recording *r UNUSED)
{
	return NULL;
}

struct recording_bounds recording_bounds(const struct recording *r UNUSED)
{
	return (struct recording_bounds){ 0 };
}

int recording_refresh(struct recording *r UNUSED)
{
	return -ENOTSUP;
}

int recording_at(struct recording *r UNUSED, int64_t time_ns UNUSED,
		 struct recording_sample *out UNUSED)
{
	return -ENOTSUP;
}

int recording_near(struct recording *r UNUSED, int64_t id UNUSED, bool forward UNUSED,
		   struct recording_sample *out UNUSED)
{
	return -ENOTSUP;
}

int recording_pick(struct recording *r UNUSED, int64_t first UNUSED, int64_t last UNUSED,
		   size_t max UNUSED, int64_t **ids UNUSED, size_t *n UNUSED)
{
	return -ENOTSUP;
}

int recording_read(struct recording *r UNUSED, int64_t id UNUSED, struct raw_capture **out UNUSED,
		   char **why)
{
	return not_built(why);
}

#endif
