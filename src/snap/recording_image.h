/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One sample as bytes. A source's capture is flattened to one run of bytes,
 * its image; a sample is a short head that says which sources were read, and
 * the images of those that changed, compressed as one zstd frame with the
 * images they replace for a prefix. memtool-recording(5) documents the layout.
 */
#ifndef SNAP_RECORDING_IMAGE_H
#define SNAP_RECORDING_IMAGE_H

#include "base/str.h"
#include "host/capture.h"
#include "snap/recording_libs.h"

/* No image, and no sample, is larger than this: what a file claims beyond is refused. */
#define IMAGE_MAX ((size_t)512 << 20)

/* A source of the sample at hand. */
struct image_slot {
	struct strbuf bytes;  /* the image last seen; kept as a prefix when the source is left out */
	bool known;	      /* bytes hold an image */
	bool read;	      /* it belongs to the sample at hand */
	int64_t start_ns;     /* unix time */
	uint64_t duration_ns;
};

/* A file has at most this many sources. */
#define IMAGE_SLOTS 64

/* By the file's own numbers of sources: what this memtool does not know is carried along. */
struct image {
	struct image_slot slots[IMAGE_SLOTS];
};

void image_done(struct image *im);

/* The file's number of each source of ours; -1 if it has none. */
struct image_map {
	int to_file[SRC_COUNT];
};

struct image_coder {
	const struct recording_libs *libs;
	ZSTD_CCtx *cctx;
	ZSTD_DCtx *dctx;
	struct strbuf prefix, plain, frame; /* room that is used again */
};

void image_coder_done(struct image_coder *k);

/*
 * Encode @c as the successor of @im (or as a key) into @out, and make @im that
 * sample. @inherited: SRC_BIT of what was not read now and stays as it was.
 * @plain_bytes: size before compression. 0 or negative errno.
 */
int image_encode(struct image_coder *k, struct image *im, const struct image_map *map,
		 const struct raw_capture *c, int64_t time_ns, bool key, uint64_t inherited,
		 struct strbuf *out, uint64_t *plain_bytes);
/* Apply a sample to @im, which holds its predecessor (or anything, for a key). 0, -EBADMSG, -ENOMEM. */
int image_decode(struct image_coder *k, struct image *im, struct slice blob, int64_t time_ns, bool key);
/* What @im holds, as a capture of its own. 0, -EBADMSG, -ENOMEM. */
int image_capture(const struct image *im, const struct image_map *map, const char *release,
		  struct raw_capture **out);

#endif
