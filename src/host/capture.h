/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Taking the raw bytes of all sources, before any of them is parsed. What
 * decides an allocation is read last and back to back, the free lists at the
 * very end; the costly files come before it:
 *
 *	open the last five and touch their buffers; read buddyinfo once;
 *	vmallocinfo, slabinfo, sysfs and the other costly or static ones;
 *	vmstat, meminfo, pagetypeinfo, zoneinfo, buddyinfo.
 *
 * Facts that the kernel's files do not hold (time, page size, machine) are
 * captured as files of their own below memtool/, so that a live machine, a
 * written sysroot and a foreign one are the same to whoever parses.
 */
#ifndef HOST_CAPTURE_H
#define HOST_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "host/root.h"
#include "host/source.h"

enum raw_state {
	RAW_SKIPPED, /* not wanted, or left out because it may stall this host */
	RAW_READ,    /* at least one file was read */
	RAW_UNAVAILABLE,
};

/* One file as it was read. Owned by the capture. */
struct raw_file {
	const char *dir;  /* below the root, no slash at the ends; files of one folder share it */
	const char *name;
	const char *data; /* contents, or the target of a link; a NUL follows */
	size_t len;
	bool is_link;
};

struct raw_source {
	enum raw_state state;
	const char *path;   /* the path that was read or tried, below the root */
	const char *reason; /* if not RAW_READ */
	const char *hint;   /* NULL: nothing would help, or it was the user's choice */
	int64_t start_ns;   /* unix time; 0 unless live */
	uint64_t duration_ns;
	uint64_t bytes;	    /* what went to a sink included */
	struct raw_file *files;
	size_t n_files, cap_files;
	struct bytes buf;   /* backs the file of a source that is one large file */
};

struct raw_capture {
	struct arena arena;
	struct {
		struct readfd_parts *parts; /* NULL: none */
		enum source_id id;
		int fd;
	} beside; /* a source that is still being read */
	bool live;	     /* read from a running kernel */
	const char *release; /* kernel release, wherever it was found; NULL */
	struct raw_source sources[SRC_COUNT];
};

struct capture_opts {
	const char *sysroot; /* NULL: this machine */
	uint64_t sources;    /* SRC_BIT mask of what is wanted; 0: all */
	uint64_t insist;     /* of these, read also what may stall the host, and every detail */
	size_t max_bytes;    /* largest file that is taken, four times that by a sink; 0: 256 MiB */
	uint64_t max_time_ns; /* for one file; 0: 30 s */
	/*
	 * By source, those that take its lines when there are more than its buffer
	 * holds, so that a million areas take no more memory than a thousand; the
	 * capture then has the lines after those. What decides an allocation goes
	 * to none on a running kernel: no parsing comes between those reads. NULL:
	 * there are none.
	 */
	const struct line_sink *sinks;
};

/*
 * Read all that is wanted. 0, or negative errno when memory is out or the
 * sysroot itself cannot be opened; a source that cannot be read is no error:
 * its state tells. Free with raw_capture_free. Where there are sinks, a large
 * vmallocinfo of a tree may not be at its end yet: the state of that source
 * holds, and its sinks are to be touched, after raw_capture_wait.
 */
int raw_capture_take(const struct capture_opts *opts, struct raw_capture **out);
/* 0 or -ENOMEM. */
int raw_capture_wait(struct raw_capture *c);
void raw_capture_free(struct raw_capture *c); /* NULL is fine */

/* The file @path ("proc/vmstat") of a source, or NULL. */
const struct raw_file *raw_find(const struct raw_capture *c, enum source_id id, const char *path);
static inline struct slice raw_slice(const struct raw_file *f)
{
	return f ? (struct slice){ f->data, f->len } : (struct slice){ "", 0 };
}

/*
 * Write all that was captured as files below @dir, which is made if it is not
 * there: a tree that --sysroot reads to the same snapshot. 0 or negative errno.
 */
int raw_capture_write(const struct raw_capture *c, const char *dir);

#endif
