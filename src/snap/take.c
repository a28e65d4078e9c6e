// SPDX-License-Identifier: GPL-2.0-or-later
/* Parsing of a whole capture. */
#include "snap/take.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/timefmt.h"
#include "read/counters.h"
#include "snap/build_priv.h"

/* Callers that kmemleak names and that are kept; the sums are of all. */
#define MAX_LOSERS 200
/* The same of those that page_owner names. */
#define MAX_OWNERS 200

struct slice build_text(const struct building *b, enum source_id id)
{
	const struct raw_source *s = &b->raw->sources[id];

	return s->n_files ? raw_slice(&s->files[0]) : (struct slice){ "", 0 };
}

void build_noted(struct building *b, enum source_id id, int ret, const struct read_notes *notes)
{
	struct snap_source *src = &b->s->sources[id];

	if (ret == -ENOMEM)
		b->no_memory = true;
	if (src->state != SNAP_READ)
		return;
	src->bad_lines += notes->bad_lines;
	if (!src->bad_excerpt)
		src->bad_excerpt = notes->excerpt;
	if (ret == -EINVAL) {
		src->state = SNAP_UNAVAILABLE;
		src->reason = "not in this file's format";
	} else if (notes->lines == 0 && src->bytes == 0 && !source_table[id].may_be_empty) {
		src->state = SNAP_UNAVAILABLE;
		src->reason = "empty";
	}
}

const char *build_line(struct building *b, enum source_id id, const char *path)
{
	struct slice rest = raw_slice(raw_find(b->raw, id, path)), line;
	const char *text;

	if (!slice_line(&rest, &line, NULL))
		return NULL;
	line = slice_trim(line);
	if (line.len == 0)
		return NULL;
	text = arena_strndup(&b->s->arena, line.p, line.len);
	if (!text)
		b->no_memory = true;
	return text;
}

struct opt_u64 build_number(struct slice text)
{
	struct slice line;
	bool complete;
	uint64_t v;

	/* Without its newline the number may be cut. */
	if (!slice_line(&text, &line, &complete) || !complete)
		return OPT_UNKNOWN;
	line = slice_trim(line);
	return num_u64(line.p, line.len, &v) == 0 ? opt_u64(v) : OPT_UNKNOWN;
}

static enum snap_source_state state_of(enum raw_state state)
{
	switch (state) {
	case RAW_READ:
		return SNAP_READ;
	case RAW_SKIPPED:
		return SNAP_SKIPPED;
	default:
		return SNAP_UNAVAILABLE;
	}
}

static const char *keep(struct building *b, const char *s)
{
	const char *copy = s ? arena_strdup(&b->s->arena, s) : NULL;

	if (s && !copy)
		b->no_memory = true;
	return copy;
}

static void build_source(struct building *b, enum source_id id)
{
	const struct raw_source *raw = &b->raw->sources[id];
	struct snap_source *src = &b->s->sources[id];

	src->name = source_table[id].name;
	src->path = arena_printf(&b->s->arena, "/%s", raw->path ? raw->path : source_table[id].path);
	src->optional = source_table[id].optional;
	src->state = state_of(raw->state);
	src->reason = src->state == SNAP_READ ? NULL : keep(b, raw->reason);
	src->hint = keep(b, raw->hint);
	src->start_ns = raw->start_ns;
	src->duration_ns = raw->duration_ns;
	src->bytes = raw->bytes;
	if (!src->path)
		b->no_memory = true;
}

static void build_sources(struct building *b)
{
	struct snapshot *s = b->s;

	s->sources = arena_array(&s->arena, SRC_COUNT, sizeof(*s->sources));
	if (!s->sources) {
		b->no_memory = true;
		return;
	}
	s->n_sources = SRC_COUNT;
	for (unsigned int i = 0; i < SRC_COUNT; i++)
		build_source(b, i);
}

static bool is_read(const struct building *b, enum source_id id)
{
	return b->s->sources[id].state == SNAP_READ;
}

/* Files that stand for themselves. The macro keeps the readers' one form in one place. */
#define PARSE(id, call)                                        \
	do {                                                   \
		struct read_notes notes = { 0 };               \
		if (is_read(b, (id)))                          \
			build_noted(b, (id), (call), &notes);  \
	} while (0)
#define TEXT(id) arena, build_text(b, (id))

/* What the capture did not pass on already. */
static int take_vmalloc(struct building *b, struct read_notes *notes)
{
	struct snapshot *s = b->s;
	struct vmallocinfo_reader *areas;
	int ret;

	if (!b->streams)
		return read_vmallocinfo(&s->arena, build_text(b, SRC_VMALLOCINFO), &s->vmalloc, notes);
	areas = b->streams->areas;
	ret = vmallocinfo_reader_join(areas, b->streams->more_areas);
	if (ret == 0)
		ret = vmallocinfo_reader_add(areas, build_text(b, SRC_VMALLOCINFO));
	return ret ? ret : vmallocinfo_reader_take(areas, &s->arena, &s->vmalloc, notes);
}

static int build_zoneinfo(struct building *b, struct read_notes *notes)
{
	struct arena *arena = &b->s->arena;
	struct zoneinfo_reader *zones;
	int ret;

	if (!b->streams)
		return read_zoneinfo(arena, build_text(b, SRC_ZONEINFO), &b->zoneinfo, notes);
	zones = b->streams->zones;
	ret = zoneinfo_reader_add(zones, build_text(b, SRC_ZONEINFO));
	return ret ? ret : zoneinfo_reader_take(zones, arena, &b->zoneinfo, notes);
}

static void build_files(struct building *b)
{
	struct snapshot *s = b->s;
	struct arena *arena = &s->arena;

	PARSE(SRC_BUDDYINFO, read_buddyinfo(TEXT(SRC_BUDDYINFO), &b->buddy, &notes));
	PARSE(SRC_BUDDYINFO_BEFORE, read_buddyinfo(TEXT(SRC_BUDDYINFO_BEFORE), &b->before, &notes));
	PARSE(SRC_PAGETYPEINFO, read_pagetypeinfo(TEXT(SRC_PAGETYPEINFO), &b->types, &notes));
	PARSE(SRC_ZONEINFO, build_zoneinfo(b, &notes));
	PARSE(SRC_VMSTAT, read_vmstat(TEXT(SRC_VMSTAT), &s->vmstat, &notes));
	PARSE(SRC_MEMINFO, read_meminfo(TEXT(SRC_MEMINFO), &s->meminfo, &notes));
	PARSE(SRC_SLABINFO, read_slabinfo(TEXT(SRC_SLABINFO), &s->slab, &notes));
	PARSE(SRC_ALLOCINFO, read_allocinfo(TEXT(SRC_ALLOCINFO), &s->allocinfo, &notes));
	PARSE(SRC_KMEMLEAK, read_kmemleak(TEXT(SRC_KMEMLEAK), MAX_LOSERS, &s->kmemleak, &notes));
	PARSE(SRC_PAGE_OWNER, read_page_owner(TEXT(SRC_PAGE_OWNER), MAX_OWNERS, &s->page_owner, &notes));
	PARSE(SRC_EXTFRAG, read_extfrag(TEXT(SRC_EXTFRAG), &s->extfrag, &notes));
	PARSE(SRC_UNUSABLE, read_extfrag(TEXT(SRC_UNUSABLE), &s->unusable, &notes));
	PARSE(SRC_GFPFORMAT, read_gfpformat(TEXT(SRC_GFPFORMAT), &s->gfpformat, &notes));
	PARSE(SRC_KCONFIG, read_kconfig(TEXT(SRC_KCONFIG), kconfig_wanted, n_kconfig_wanted, &s->kconfig,
					&notes));
	s->has_slab = is_read(b, SRC_SLABINFO);
	s->has_allocinfo = is_read(b, SRC_ALLOCINFO);
	s->has_kmemleak = is_read(b, SRC_KMEMLEAK);
	s->has_page_owner = is_read(b, SRC_PAGE_OWNER);
	s->has_extfrag = is_read(b, SRC_EXTFRAG);
	s->has_unusable = is_read(b, SRC_UNUSABLE);
	s->has_gfpformat = is_read(b, SRC_GFPFORMAT) && s->gfpformat.n_flags > 0;
	s->has_kconfig = is_read(b, SRC_KCONFIG);
}

/* The last to be read to its end: whoever needs it first waits for it. */
void build_vmalloc(struct building *b)
{
	if (b->has_vmalloc)
		return;
	b->has_vmalloc = true;
	if (b->streams) {
		if (raw_capture_wait(b->streams->capture))
			b->no_memory = true;
		build_source(b, SRC_VMALLOCINFO);
	}
	PARSE(SRC_VMALLOCINFO, take_vmalloc(b, &notes));
	b->s->has_vmalloc = is_read(b, SRC_VMALLOCINFO);
}

static void build_time(struct building *b)
{
	const char *text = build_line(b, SRC_KERNEL, "memtool/time");
	int64_t ns = b->raw->sources[SRC_BUDDYINFO].start_ns;

	if (ns > 0 || (text && time_parse_rfc3339(text, &ns) == 0 && ns >= 0))
		b->s->time_ns = opt_u64((uint64_t)ns);
}

PRINTF_LIKE(2, 3) static int fail(char **why, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (vasprintf(why, fmt, ap) < 0)
		*why = NULL;
	va_end(ap);
	return -ENODATA;
}

/* Nothing that was wanted could be used: say it by the first such source. */
static int check_any(const struct building *b, const char *sysroot, char **why)
{
	const struct snap_source *first = NULL;
	bool any_memory = false;

	for (unsigned int pass = 0; pass < 2; pass++) {
		for (unsigned int i = 0; i < SRC_COUNT; i++) {
			const struct snap_source *src = &b->s->sources[i];
			bool context = (SRC_CONTEXT & SRC_BIT(i)) != 0;

			if (src->state == SNAP_SKIPPED || i == SRC_BUDDYINFO_BEFORE ||
			    (pass == 0 && context) || (pass == 1 && (any_memory || i == SRC_KERNEL)))
				continue;
			any_memory |= !context;
			if (src->state == SNAP_READ)
				return 0;
			first = first ? first : src;
		}
	}
	if (!first)
		return 0;
	if (!any_memory || b->s->sources[SRC_BUDDYINFO].state == SNAP_SKIPPED)
		return fail(why, "%s%s: %s%s%s%s", sysroot ? sysroot : "", first->path, first->reason,
			    first->hint ? " (" : "", first->hint ? first->hint : "", first->hint ? ")" : "");
	return fail(why, "%s: no kernel memory file could be read (%s: %s)", sysroot ? sysroot : "/proc",
		    first->path, first->reason);
}

/* All, or all but the areas where there is something without them. */
static int build(struct building *b, bool without_areas, const char *sysroot, char **why)
{
	int ret = -ENOMEM;

	b->s = snapshot_new();
	if (!b->s)
		return ret;
	build_sources(b);
	if (!b->no_memory) {
		build_files(b);
		build_zones(b);
		build_nodes(b);
		build_folders(b);
		build_kernel(b);
		build_zone_indices(b);
		build_time(b);
		if (!without_areas || !is_read(b, SRC_ZONEINFO))
			build_vmalloc(b);
	}
	ret = b->no_memory ? -ENOMEM : check_any(b, sysroot, why);
	if (ret) {
		snapshot_free(b->s);
		b->s = NULL;
	}
	return ret;
}

int snapshot_from_raw(const struct raw_capture *raw, const char *sysroot, struct snapshot **out,
		      char **why)
{
	struct building b = { .raw = raw };
	int ret;

	*why = NULL;
	ret = build(&b, false, sysroot, why);
	if (ret == 0)
		*out = b.s;
	return ret;
}

static int take_areas(void *areas, struct slice lines)
{
	return vmallocinfo_reader_add(areas, lines);
}

static int part_areas(void *areas, uint64_t number)
{
	return vmallocinfo_reader_part(areas, number);
}

static int take_zones(void *zones, struct slice lines)
{
	return zoneinfo_reader_add(zones, lines);
}

struct snapshot_rest {
	struct streams streams;
	struct building b;
};

static void rest_free(struct snapshot_rest *r)
{
	raw_capture_free(r->streams.capture);
	vmallocinfo_reader_free(r->streams.areas);
	vmallocinfo_reader_free(r->streams.more_areas);
	zoneinfo_reader_free(r->streams.zones);
	free(r);
}

static struct snapshot_rest *rest_new(void)
{
	struct snapshot_rest *r = calloc(1, sizeof(*r));

	if (!r)
		return NULL;
	r->streams.areas = vmallocinfo_reader_new();
	r->streams.more_areas = vmallocinfo_reader_new();
	r->streams.zones = zoneinfo_reader_new();
	if (r->streams.areas && r->streams.more_areas && r->streams.zones)
		return r;
	rest_free(r);
	return NULL;
}

static int begin(struct snapshot_rest *r, const struct capture_opts *opts, bool without_areas, char **why)
{
	struct streams *streams = &r->streams;
	const struct line_sink sinks[SRC_COUNT] = {
		[SRC_VMALLOCINFO] = { take_areas, streams->areas, streams->more_areas, part_areas },
		[SRC_ZONEINFO] = { take_zones, streams->zones, NULL, NULL },
	};
	struct capture_opts with_sinks = *opts;
	int ret;

	with_sinks.sinks = sinks;
	ret = raw_capture_take(&with_sinks, &streams->capture);
	if (ret && ret != -ENOMEM)
		fail(why, "%s: %s", opts->sysroot ? opts->sysroot : "/", strerror(-ret));
	if (ret)
		return ret;
	r->b.raw = streams->capture;
	r->b.streams = streams;
	return build(&r->b, without_areas, opts->sysroot, why);
}

int snapshot_begin(const struct capture_opts *opts, struct snapshot **out, struct snapshot_rest **rest,
		   char **why)
{
	struct snapshot_rest *r = rest_new();
	int ret;

	*why = NULL;
	if (!r)
		return -ENOMEM;
	ret = begin(r, opts, true, why);
	if (ret) {
		rest_free(r);
		return ret;
	}
	*out = r->b.s;
	*rest = r;
	return 0;
}

int snapshot_finish(struct snapshot_rest *r)
{
	int ret;

	if (!r)
		return 0;
	build_vmalloc(&r->b);
	ret = r->b.no_memory ? -ENOMEM : 0;
	rest_free(r);
	return ret;
}

int snapshot_take(const struct capture_opts *opts, struct snapshot **out, char **why)
{
	struct snapshot_rest *r = rest_new();
	int ret;

	*why = NULL;
	if (!r)
		return -ENOMEM;
	ret = begin(r, opts, false, why);
	if (ret == 0)
		*out = r->b.s;
	rest_free(r);
	return ret;
}
