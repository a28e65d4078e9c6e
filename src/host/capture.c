// SPDX-License-Identifier: GPL-2.0-or-later
/* Order and rules of a capture. */
#include "host/capture.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "base/timefmt.h"
#include "host/capture_priv.h"
#include "host/release.h"

#define DEFAULT_BYTES ((size_t)256 << 20)
#define DEFAULT_TIME_NS (UINT64_C(30) * 1000000000)
/* mm/page_owner.c:read_page_owner, whose records are a page at most, says ENOMEM where one does not fit. */
#define READ_ROOM 4096

/* Single files in the order of their reading; the last group is opened before the first is read. */
static const enum source_id costly[] = { SRC_VMALLOCINFO, SRC_SLABINFO, SRC_ALLOCINFO,
					 SRC_KMEMLEAK,	  SRC_PAGE_OWNER,
					 SRC_EXTFRAG,	  SRC_UNUSABLE, SRC_GFPFORMAT };
static const enum source_id decisive[] = { SRC_VMSTAT, SRC_MEMINFO, SRC_PAGETYPEINFO, SRC_ZONEINFO,
					   SRC_BUDDYINFO };

#define N_DECISIVE ARRAY_SIZE(decisive)

void taking_add(struct taking *t, enum source_id id, const char *dir, const char *name,
		struct slice data, bool is_link, bool copy)
{
	struct raw_source *s = &t->c->sources[id];
	struct raw_file *f;

	if (vec_grow(&s->files, &s->cap_files, s->n_files, sizeof(*s->files))) {
		t->no_memory = true;
		return;
	}
	f = &s->files[s->n_files];
	f->dir = dir;
	f->name = name;
	f->data = copy ? arena_strndup(&t->c->arena, data.p, data.len) : data.p;
	f->len = data.len;
	f->is_link = is_link;
	if (!f->data) {
		t->no_memory = true;
		return;
	}
	s->n_files++;
	s->bytes += data.len;
}

const char *taking_join(struct taking *t, const char *dir, const char *name)
{
	const char *path = arena_printf(&t->c->arena, "%s/%s", dir, name);

	if (!path)
		t->no_memory = true;
	return path ? path : "";
}

int taking_peek(struct taking *t, const char *dir, const char *name, const char **why)
{
	char path[4096];
	int n = snprintf(path, sizeof(path), "%s%s%s", dir, *dir ? "/" : "", name);

	if (n < 0 || (size_t)n >= sizeof(path))
		return -ENAMETOOLONG;
	return root_read_file(&t->root, path, &t->limits, &t->scratch, why);
}

int taking_small(struct taking *t, enum source_id id, const char *dir, const char *name)
{
	struct raw_source *s = &t->c->sources[id];
	int ret = taking_peek(t, dir, name, NULL);

	if (ret == -ENOMEM)
		t->no_memory = true;
	/* Many files may not add up to more than one file may hold. */
	if (ret == 0 && s->bytes + s->n_files * sizeof(struct raw_file) + t->scratch.len > t->limits.bytes)
		ret = -EFBIG;
	if (ret == 0)
		taking_add(t, id, dir, name, (struct slice){ t->scratch.data, t->scratch.len }, false,
			   true);
	return ret;
}

static const char *hint_for(struct taking *t, enum source_id id, int err)
{
	const struct source *src = &source_table[id];

	if (err == -EACCES || err == -EPERM) {
		const char *hint = arena_printf(&t->c->arena,
						t->c->live ? "run as root to see %s"
							   : "may not be read; it tells %s",
						src->what);

		return hint;
	}
	if (err == -ENOENT || err == -ENOTDIR)
		return t->c->live	   ? src->absent
		       : t->root.confined ? "not in this tree"
					  : "no procfs is mounted on /proc";
	return NULL;
}

void taking_result(struct taking *t, enum source_id id, int err, const char *why)
{
	struct raw_source *s = &t->c->sources[id];

	if (!s->path)
		s->path = source_table[id].path;
	if (s->n_files) {
		s->state = RAW_READ;
		return;
	}
	s->state = RAW_UNAVAILABLE;
	if (!why)
		why = err == -ENODATA || err == 0 ? "empty" : strerror(-err);
	s->reason = arena_strdup(&t->c->arena, why);
	s->hint = hint_for(t, id, err);
	if (!s->reason)
		t->no_memory = true;
}

/* ---- single files ---- */

struct open_source {
	enum source_id id;
	int fd;
	int err;
	const char *why;
};

static size_t buffer_for(enum source_id id)
{
	switch (id) {
	case SRC_VMALLOCINFO:
		return (size_t)128 << 10;
	case SRC_ZONEINFO:
	case SRC_SLABINFO:
		return (size_t)64 << 10;
	default:
		return (size_t)16 << 10;
	}
}

static void split_path(struct taking *t, const char *path, const char **dir, const char **name)
{
	const char *slash = strrchr(path, '/');

	*dir = slash ? arena_strndup(&t->c->arena, path, (size_t)(slash - path)) : "";
	*name = slash ? slash + 1 : path;
	if (!*dir) {
		*dir = "";
		t->no_memory = true;
	}
}

static void source_open(struct taking *t, enum source_id id, struct open_source *o)
{
	struct raw_source *s = &t->c->sources[id];
	const struct source *src = &source_table[id];

	o->id = id;
	s->path = src->path;
	o->fd = root_open_file(&t->root, src->path, &o->why);
	if (o->fd < 0 && src->other && o->fd == -ENOENT) {
		int fd = root_open_file(&t->root, src->other, &o->why);

		if (fd >= 0) {
			o->fd = fd;
			s->path = src->other;
		}
	}
	o->err = o->fd < 0 ? o->fd : 0;
}

/* Who takes the lines of a source, if anybody does. */
static const struct line_sink *sink_of(const struct taking *t, enum source_id id)
{
	if (!t->sinks || !t->sinks[id].take)
		return NULL;
	for (size_t i = 0; t->c->live && i < N_DECISIVE; i++) {
		if (decisive[i] == id)
			return NULL;
	}
	return &t->sinks[id];
}

/* @taken bytes went to the sink, the others are in the buffer. */
static void source_read_done(struct taking *t, enum source_id id, int err, const char *why, uint64_t taken)
{
	struct raw_source *s = &t->c->sources[id];

	if (err == -ENOMEM)
		t->no_memory = true;
	if (err == 0) {
		const char *dir, *name;

		split_path(t, s->path, &dir, &name);
		taking_add(t, id, dir, name, (struct slice){ s->buf.data, s->buf.len }, false, false);
		s->bytes += taken;
	}
	taking_result(t, id, err, why);
}

/* Read an open source from its start; the descriptor stays open. */
static void source_read(struct taking *t, struct open_source *o, enum source_id as)
{
	const struct line_sink *sink = sink_of(t, as);
	struct raw_source *s = &t->c->sources[as];
	uint64_t taken = 0;
	int64_t begin;

	if (o->err) {
		taking_result(t, as, o->err, o->why);
		return;
	}
	begin = time_monotonic_ns();
	if (t->c->live)
		s->start_ns = time_now_ns();
	o->err = readfd_whole(o->fd, &t->limits, &s->buf, sink, &taken, &o->why);
	if (t->c->live)
		s->duration_ns = (uint64_t)(time_monotonic_ns() - begin);
	source_read_done(t, as, o->err, o->why, taken);
}

static void source_close(struct open_source *o)
{
	if (o->fd >= 0)
		close(o->fd);
	o->fd = -1;
}

static bool wanted(const struct taking *t, enum source_id id)
{
	return t->c->sources[id].reason == NULL;
}

/*
 * Of a tree, whose files are of one moment whenever they are read: begin with the one that takes longest, if
 * it is large, and read it beside all others.
 */
static void source_begin_beside(struct taking *t, enum source_id id)
{
	const struct line_sink *sink = sink_of(t, id);
	struct open_source o;

	if (t->c->live || !sink || !wanted(t, id))
		return;
	source_open(t, id, &o);
	if (o.err == 0 && readfd_parts_begin(o.fd, &t->limits, sink, &t->c->beside.parts))
		t->no_memory = true;
	t->c->beside.id = id;
	t->c->beside.fd = o.fd;
	if (!t->c->beside.parts)
		source_close(&o);
}

int raw_capture_wait(struct raw_capture *c)
{
	struct taking t = { .c = c };
	enum source_id id = c->beside.id;
	const char *why;
	uint64_t taken;
	int err;

	if (!c->beside.parts)
		return 0;
	err = readfd_parts_end(c->beside.parts, &taken, &why);
	close(c->beside.fd);
	c->beside.parts = NULL;
	if (bytes_prepare(&c->sources[id].buf, 1)) /* nothing is left for it */
		return -ENOMEM;
	source_read_done(&t, id, err, why, taken);
	return t.no_memory ? -ENOMEM : 0;
}

static void take_single(struct taking *t, enum source_id id)
{
	struct open_source o;

	if (!wanted(t, id) || (t->c->beside.parts && t->c->beside.id == id))
		return;
	source_open(t, id, &o);
	if (o.err == 0 && bytes_prepare(&t->c->sources[id].buf, buffer_for(id)))
		t->no_memory = true;
	source_read(t, &o, id);
	source_close(&o);
}

static void take_folder(struct taking *t, enum source_id id, void (*take)(struct taking *))
{
	struct raw_source *s = &t->c->sources[id];
	int64_t begin = time_monotonic_ns();

	if (!wanted(t, id))
		return;
	if (t->c->live)
		s->start_ns = time_now_ns();
	take(t);
	if (t->c->live)
		s->duration_ns = (uint64_t)(time_monotonic_ns() - begin);
}

static void skip(struct raw_source *s, enum source_id id, const char *reason, const char *hint)
{
	s->state = RAW_SKIPPED;
	s->path = source_table[id].path;
	s->reason = reason;
	s->hint = hint;
}

/*
 * pagetypeinfo walks every free block under the zone lock. Linux 5.4 stops at
 * 100000 a cell, and the fix went to older kernels together with mode 0400.
 */
static void guard_pagetypeinfo(struct taking *t, struct open_source *o)
{
	struct raw_source *s = &t->c->sources[SRC_PAGETYPEINFO];
	struct kernel_release rel;
	struct sysinfo si;
	struct stat st;

	if (!t->c->live || o->err || (t->insist & SRC_BIT(SRC_PAGETYPEINFO)))
		return;
	kernel_release_parse(t->c->release, NULL, &rel);
	if (fstat(o->fd, &st) == 0 && (st.st_mode & S_IROTH) && rel.el == 0 &&
	    !(rel.known && (rel.major > 5 || (rel.major == 5 && rel.minor >= 4)))) {
		skip(s, SRC_PAGETYPEINFO, "left out: this kernel walks all free blocks for it",
		     "read it all the same with --with pagetypeinfo");
		return;
	}
	if (sysinfo(&si) == 0 && (uint64_t)si.totalram * si.mem_unit > UINT64_C(1) << 40)
		skip(s, SRC_PAGETYPEINFO, "left out: reading it can stall a host above 1 TiB",
		     "read it all the same with --with pagetypeinfo");
}

static void take_decisive(struct taking *t, struct open_source *open)
{
	for (size_t i = 0; i < N_DECISIVE; i++) {
		if (wanted(t, open[i].id))
			source_read(t, &open[i], open[i].id);
		source_close(&open[i]);
	}
}

static void take_costly(struct taking *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(costly); i++)
		take_single(t, costly[i]);
	take_folder(t, SRC_SYSSLAB, take_sysslab);
	take_folder(t, SRC_NODES, take_nodes);
	take_folder(t, SRC_CMA, take_cma);
	take_folder(t, SRC_SWIOTLB, take_swiotlb);
	take_folder(t, SRC_IOMMU, take_iommu);
	take_folder(t, SRC_MEMCG, take_memcg);
	take_folder(t, SRC_HUGEPAGES, take_hugepages);
	take_folder(t, SRC_SETTINGS, take_settings);
	take_folder(t, SRC_SYSCTL, take_sysctl);
	take_folder(t, SRC_KCONFIG, take_kconfig);
}

/* The first look at the free lists, by the descriptor of the last. */
static void take_before(struct taking *t, struct open_source *buddy)
{
	struct open_source again = *buddy;

	if (!wanted(t, SRC_BUDDYINFO_BEFORE))
		return;
	if (!t->c->live) {
		const char *name = "buddyinfo.before";

		t->c->sources[SRC_BUDDYINFO_BEFORE].path = source_table[SRC_BUDDYINFO_BEFORE].other;
		if (taking_small(t, SRC_BUDDYINFO_BEFORE, "memtool", name) == 0)
			taking_result(t, SRC_BUDDYINFO_BEFORE, 0, NULL);
		else
			skip(&t->c->sources[SRC_BUDDYINFO_BEFORE], SRC_BUDDYINFO_BEFORE,
			     "not a running kernel", NULL);
		return;
	}
	t->c->sources[SRC_BUDDYINFO_BEFORE].path = source_table[SRC_BUDDYINFO_BEFORE].path;
	source_read(t, &again, SRC_BUDDYINFO_BEFORE);
	if (again.err == 0 && lseek(buddy->fd, 0, SEEK_SET) < 0)
		buddy->err = -errno;
}

static void take_all(struct taking *t)
{
	struct open_source open[N_DECISIVE];

	source_begin_beside(t, SRC_VMALLOCINFO);
	take_folder(t, SRC_KERNEL, take_kernel);
	for (size_t i = 0; i < N_DECISIVE; i++) {
		enum source_id id = decisive[i];

		open[i] = (struct open_source){ .id = id, .fd = -1 };
		if (!wanted(t, id))
			continue;
		source_open(t, id, &open[i]);
		if (id == SRC_PAGETYPEINFO)
			guard_pagetypeinfo(t, &open[i]);
		if (open[i].err == 0 && bytes_prepare(&t->c->sources[id].buf, buffer_for(id)))
			t->no_memory = true;
	}
	take_before(t, &open[N_DECISIVE - 1]);
	take_costly(t);
	take_decisive(t, open);
	take_time(t);
}

int raw_capture_take(const struct capture_opts *opts, struct raw_capture **out)
{
	uint64_t want = opts->sources ? opts->sources : SRC_ALL;
	struct taking t = { .insist = opts->insist,
			    .sinks = opts->sinks,
			    .limits = { opts->max_bytes ? opts->max_bytes : DEFAULT_BYTES,
					opts->max_time_ns ? opts->max_time_ns : DEFAULT_TIME_NS, READ_ROOM } };
	int ret = root_open(&t.root, opts->sysroot);

	if (ret)
		return ret;
	t.c = calloc(1, sizeof(*t.c));
	if (!t.c) {
		root_close(&t.root);
		return -ENOMEM;
	}
	t.c->live = t.root.live;
	if (!(want & SRC_BIT(SRC_BUDDYINFO)))
		want &= ~SRC_BIT(SRC_BUDDYINFO_BEFORE);
	/* Little makes sense without knowing which kernel it is. */
	want |= SRC_BIT(SRC_KERNEL);
	for (unsigned int i = 0; i < SRC_COUNT; i++) {
		if (!(want & SRC_BIT(i)))
			skip(&t.c->sources[i], i, "left out by option", NULL);
		else if (source_table[i].on_request && t.c->live && !(t.insist & SRC_BIT(i)))
			skip(&t.c->sources[i], i, source_table[i].on_request, NULL);
	}
	take_all(&t);
	bytes_free(&t.scratch);
	root_close(&t.root);
	if (t.no_memory) {
		raw_capture_free(t.c);
		return -ENOMEM;
	}
	*out = t.c;
	return 0;
}

void raw_capture_free(struct raw_capture *c)
{
	if (!c)
		return;
	raw_capture_wait(c);
	for (unsigned int i = 0; i < SRC_COUNT; i++) {
		free(c->sources[i].files);
		bytes_free(&c->sources[i].buf);
	}
	arena_done(&c->arena);
	free(c);
}

const struct raw_file *raw_find(const struct raw_capture *c, enum source_id id, const char *path)
{
	const struct raw_source *s = &c->sources[id];
	const char *slash = strrchr(path, '/');
	size_t len = slash ? (size_t)(slash - path) : 0;
	const char *name = slash ? slash + 1 : path;

	for (size_t i = 0; i < s->n_files; i++) {
		const struct raw_file *f = &s->files[i];

		if (strcmp(f->name, name) == 0 && strlen(f->dir) == len && memcmp(f->dir, path, len) == 0)
			return f;
	}
	return NULL;
}
