/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of the capture share. */
#ifndef HOST_CAPTURE_PRIV_H
#define HOST_CAPTURE_PRIV_H

#include "host/capture.h"

/* One capture at work. */
struct taking {
	struct raw_capture *c;
	struct root root;
	struct read_limits limits;
	const struct line_sink *sinks; /* of struct capture_opts */
	struct bytes scratch; /* for small files */
	uint64_t insist;      /* of struct capture_opts */
	bool no_memory;
};

/* Append a file; data is copied when @copy, else borrowed. */
void taking_add(struct taking *t, enum source_id id, const char *dir, const char *name,
		struct slice data, bool is_link, bool copy);
/*
 * Read the small file DIR/NAME into @id. 0 or negative errno; the first
 * failure and the source's state are kept by taking_result.
 */
int taking_small(struct taking *t, enum source_id id, const char *dir, const char *name);
/* As above without adding it: the contents stay in t->scratch. */
int taking_peek(struct taking *t, const char *dir, const char *name, const char **why);
/* Close a source: RAW_READ if it has files, else unavailable because of @err. */
void taking_result(struct taking *t, enum source_id id, int err, const char *why);
/* Sorted names in a folder, in the arena; numbers in names sort by value. 0 or negative errno. */
int taking_list(struct taking *t, const char *dir, const char *prefix, const char ***names, size_t *n);
const char *taking_join(struct taking *t, const char *dir, const char *name);

/* One function a folder source. */
void take_sysctl(struct taking *t);
void take_sysslab(struct taking *t);
void take_nodes(struct taking *t);
void take_settings(struct taking *t);
void take_hugepages(struct taking *t);
void take_cma(struct taking *t);
void take_swiotlb(struct taking *t);
void take_iommu(struct taking *t);
void take_memcg(struct taking *t);
void take_kernel(struct taking *t);
void take_kconfig(struct taking *t);
/* The moment of the coherent reads, once they are done. */
void take_time(struct taking *t);

#endif
