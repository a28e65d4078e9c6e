/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SQLite and zstd, opened on demand: the functions that recordings use. */
#ifndef SNAP_RECORDING_LIBS_H
#define SNAP_RECORDING_LIBS_H

#include <sqlite3.h>
#include <zstd.h>

#define SQLITE_FUNCTIONS(X)						\
	X(sqlite3_open_v2) X(sqlite3_close) X(sqlite3_exec)		\
	X(sqlite3_prepare_v2) X(sqlite3_step) X(sqlite3_reset)		\
	X(sqlite3_finalize) X(sqlite3_bind_int64) X(sqlite3_bind_null)	\
	X(sqlite3_bind_text) X(sqlite3_bind_blob) X(sqlite3_column_int64) \
	X(sqlite3_column_text) X(sqlite3_column_blob) X(sqlite3_column_bytes) \
	X(sqlite3_column_type) X(sqlite3_errmsg) X(sqlite3_busy_timeout) \
	X(sqlite3_last_insert_rowid) X(sqlite3_db_config)		\
	X(sqlite3_limit) X(sqlite3_system_errno)

#define ZSTD_FUNCTIONS(X)						\
	X(ZSTD_createCCtx) X(ZSTD_freeCCtx) X(ZSTD_CCtx_setParameter)	\
	X(ZSTD_CCtx_refPrefix) X(ZSTD_compress2) X(ZSTD_compressBound)	\
	X(ZSTD_createDCtx) X(ZSTD_freeDCtx) X(ZSTD_DCtx_refPrefix)	\
	X(ZSTD_decompressDCtx) X(ZSTD_getFrameContentSize) X(ZSTD_isError)

struct recording_libs {
	void *sqlite_handle, *zstd_handle;
#define FIELD(name) __typeof__(name) *name;
	SQLITE_FUNCTIONS(FIELD)
	ZSTD_FUNCTIONS(FIELD)
#undef FIELD
};

/* 0, or negative errno and a message for free() in @why. */
int recording_libs_open(struct recording_libs *l, char **why);
void recording_libs_close(struct recording_libs *l);

#endif
