/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files that build a snapshot from captured bytes share. */
#ifndef SNAP_BUILD_PRIV_H
#define SNAP_BUILD_PRIV_H

#include "host/capture.h"
#include "read/buddyinfo.h"
#include "read/pagetypeinfo.h"
#include "read/zoneinfo.h"
#include "snap/snapshot.h"

/* Readers that take their file's lines as they are read. */
struct streams {
	struct raw_capture *capture; /* may still be reading vmallocinfo */
	struct vmallocinfo_reader *areas, *more_areas; /* of the parts that a second thread read */
	struct zoneinfo_reader *zones;
};

struct building {
	const struct raw_capture *raw;
	struct streams *streams; /* have the lines that the capture passed on; NULL: it passed none */
	struct snapshot *s;
	struct buddyinfo buddy, before;
	struct pagetypeinfo types;
	struct zoneinfo zoneinfo;
	bool has_vmalloc; /* build_vmalloc was called */
	bool no_memory;
};

/* The only file of a source; empty if it was not read. */
struct slice build_text(const struct building *b, enum source_id id);
/* Name what a reader made of a source: its bad lines, or that it is another kind of file. */
void build_noted(struct building *b, enum source_id id, int ret, const struct read_notes *notes);
/* First line of a captured file without blanks around, in the snapshot's arena; NULL if absent or empty. */
const char *build_line(struct building *b, enum source_id id, const char *path);
/* The one number that a captured file holds. */
struct opt_u64 build_number(struct slice text);

/* Wait for vmallocinfo if it is still being read, and take it. Nothing the second time. */
void build_vmalloc(struct building *b);
void build_zones(struct building *b);
void build_nodes(struct building *b);
void build_folders(struct building *b);
void build_kernel(struct building *b);
/* After build_kernel: needs the architecture. */
void build_zone_indices(struct building *b);
/* Bytes of a page on the machine that was read, or unknown. */
struct opt_u64 build_page_size(struct building *b);

/* Names of the options kept of a kernel configuration, sorted. */
extern const char *const kconfig_wanted[];
extern const size_t n_kconfig_wanted;

#endif
