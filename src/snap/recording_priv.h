/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the writing and the reading of recordings share. */
#ifndef SNAP_RECORDING_PRIV_H
#define SNAP_RECORDING_PRIV_H

#include "base/cleanup.h"
#include "base/num.h"
#include "snap/recording.h"
#include "snap/recording_image.h"

/* "mtrc": at byte 68 of the file, PRAGMA application_id. */
#define RECORDING_APPLICATION_ID 0x6d747263
#define RECORDING_VERSION 1

struct recording_db {
	struct recording_libs libs;
	sqlite3 *db;
	struct image_coder coder;
	struct image image;
	struct image_map map;
};

/* *why = message; returns @err. */
int recording_fail(char **why, int err, const char *fmt, ...) PRINTF_LIKE(3, 4);
/* As above with SQLite's reason for @rc, and the errno that fits it. */
int recording_db_fail(struct recording_db *r, char **why, const char *path, int rc);
int recording_errno(int rc);
void recording_db_done(struct recording_db *r);
/* First column of the first row; -ENODATA if there is none. */
int recording_query(struct recording_db *r, const char *sql, int64_t *out);
/* Read the table of sources into r->map. 0 or negative errno. */
int recording_read_map(struct recording_db *r);

/* ---- the columns of table sample that SQL can read without memtool ---- */

enum headline {
	HEAD_FREE_KB,
	HEAD_AVAILABLE_KB,
	HEAD_SLAB_RECLAIMABLE_KB,
	HEAD_SLAB_UNRECLAIMABLE_KB,
	HEAD_VMALLOC_KB,
	HEAD_ALLOC_STALL,
	HEAD_COMPACT_STALL,
	HEAD_COMPACT_FAIL,
	HEAD_OOM_KILL,
	HEADLINES
};

struct recording_headline {
	struct opt_u64 v[HEADLINES];
	struct strbuf free_blocks; /* "1 2 3": all zones, by order */
	struct opt_u64 uptime_ms;
	struct arena arena;
};

void recording_headline_read(struct recording_headline *h, const struct raw_capture *c);
void recording_headline_done(struct recording_headline *h);
/* Column name of a headline. */
const char *recording_headline_column(enum headline h);

/* Trimmed first line of a file of SRC_KERNEL, copied to @arena; NULL if there is none. */
const char *recording_fact(struct arena *arena, const struct raw_capture *c, const char *path);

#endif
