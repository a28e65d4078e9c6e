/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Recordings: many captures of one or more machines in one file, which is a
 * SQLite database (memtool-recording(5) documents it). A sample holds the very
 * bytes that the kernel's files gave, so that whatever memtool learns to read
 * later, it reads from old recordings too. Consecutive samples form a group:
 * its first, the key, stands alone, and each of the others is kept as what
 * zstd makes of it with its predecessor for a prefix.
 *
 * SQLite and zstd are opened when a recording is, not when memtool starts.
 *
 * Functions return 0 or negative errno; on error *why, where there is one, is
 * a one-line message for free(), or NULL when memory is out.
 */
#ifndef SNAP_RECORDING_H
#define SNAP_RECORDING_H

#include <stdbool.h>
#include <stdint.h>

#include "host/capture.h"

/* Sources that change rarely or cost much: read at the first sample of a group only. */
#define RECORDING_SLOW                                                                        \
	(SRC_BIT(SRC_SYSSLAB) | SRC_BIT(SRC_SYSCTL) | SRC_BIT(SRC_NODES) |                    \
	 SRC_BIT(SRC_SETTINGS) | SRC_BIT(SRC_HUGEPAGES) | SRC_BIT(SRC_CMA) |                  \
	 SRC_BIT(SRC_SWIOTLB) | SRC_BIT(SRC_IOMMU) | SRC_BIT(SRC_MEMCG) |                      \
	 SRC_BIT(SRC_GFPFORMAT) | SRC_BIT(SRC_KCONFIG))
/* Figures of the kernel that follow from the others: not recorded. */
#define RECORDING_DERIVED (SRC_BIT(SRC_EXTFRAG) | SRC_BIT(SRC_UNUSABLE))

/* Whether this memtool was built with recordings at all (WITH_SQLITE). */
bool recording_supported(void);
/* Whether the first bytes, RECORDING_HEAD of them at least, are those of a SQLite database. */
#define RECORDING_HEAD 16
bool recording_begins(const char *head, size_t n);
/* Whether @path begins so. */
bool recording_detect(const char *path);

/* ---- writing ---- */

struct recording_limits {
	uint64_t keep_ns;   /* drop what is older than this before the newest sample; 0: keep all */
	uint64_t max_bytes; /* of the file; drop the oldest beyond; 0: no bound */
};

struct recording_writer;

/*
 * Open @path for appending, and make it if it is not there. -EBUSY: another
 * process records to it.
 */
int recording_append_open(const char *path, const struct recording_limits *limits,
			  struct recording_writer **out, char **why);
/*
 * Whether the next sample, taken at monotonic time @now_ns, starts a group:
 * then RECORDING_SLOW is to be read too.
 */
bool recording_wants_slow(const struct recording_writer *w, int64_t now_ns);
/*
 * Append one sample in one transaction: when this returns 0 it is on disk.
 * -ENOSPC: the disk is full; all earlier samples are safe. @key: as
 * recording_wants_slow said for this sample.
 */
int recording_append(struct recording_writer *w, const struct raw_capture *c, bool key, int64_t now_ns,
		     char **why);
/* Group size and age at which a new one starts; for tests. 0 leaves the default. */
void recording_set_group(struct recording_writer *w, unsigned int samples, uint64_t age_ns);
/* One transaction for all that is appended until the next call with false; for generated recordings. */
int recording_batch(struct recording_writer *w, bool begin, char **why);
/* Free; 0 or negative errno if the file could not be closed in order (its content is safe all the same). */
int recording_writer_close(struct recording_writer *w);

/* ---- reading ---- */

struct recording;

/* A row of the index. */
struct recording_sample {
	int64_t id;	 /* ascending in the order of recording */
	int64_t time_ns; /* wall clock */
	int64_t key;	 /* id of the first of its group */
	int64_t boot;	 /* changes with the machine's boot */
};

struct recording_bounds {
	uint64_t samples;
	struct recording_sample first, last;
};

/* -ENODATA when it holds no sample. */
int recording_open(const char *path, struct recording **out, char **why);
void recording_close(struct recording *r); /* NULL is fine */
/* What had to be done without, for a remark; NULL. */
const char *recording_remark(const struct recording *r);
struct recording_bounds recording_bounds(const struct recording *r);
/* Look again: samples may have been added. */
int recording_refresh(struct recording *r);
/* The last sample at or before @time_ns, by the clock then. -ENOENT if the first is later. */
int recording_at(struct recording *r, int64_t time_ns, struct recording_sample *out);
/* The first sample whose id is at least (@forward) or at most @id. -ENOENT. */
int recording_near(struct recording *r, int64_t id, bool forward, struct recording_sample *out);
/*
 * About @max ids (at least 2) spread over [@first, @last] as evenly as first
 * samples of groups allow, which are preferred, both ends among them, that are
 * cheap to read one after the other. @ids is malloc'ed.
 */
int recording_pick(struct recording *r, int64_t first, int64_t last, size_t max, int64_t **ids,
		   size_t *n);
/* The sample @id as it was captured, for raw_capture_free. */
int recording_read(struct recording *r, int64_t id, struct raw_capture **out, char **why);

static inline void cleanup_recording(struct recording **r)
{
	recording_close(*r);
}
#define auto_recording __attribute__((cleanup(cleanup_recording)))

#endif
