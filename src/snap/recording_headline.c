// SPDX-License-Identifier: GPL-2.0-or-later
/* The few numbers of a sample that stand in SQL columns. */
#if WITH_SQLITE

#include "read/buddyinfo.h"
#include "read/counters.h"
#include "snap/recording_priv.h"

static const char *const columns[HEADLINES] = {
	[HEAD_FREE_KB] = "free_kb",
	[HEAD_AVAILABLE_KB] = "available_kb",
	[HEAD_SLAB_RECLAIMABLE_KB] = "slab_reclaimable_kb",
	[HEAD_SLAB_UNRECLAIMABLE_KB] = "slab_unreclaimable_kb",
	[HEAD_VMALLOC_KB] = "vmalloc_kb",
	[HEAD_ALLOC_STALL] = "alloc_stall",
	[HEAD_COMPACT_STALL] = "compact_stall",
	[HEAD_COMPACT_FAIL] = "compact_fail",
	[HEAD_OOM_KILL] = "oom_kill",
};

const char *recording_headline_column(enum headline h)
{
	return columns[h];
}

const char *recording_fact(struct arena *arena, const struct raw_capture *c, const char *path)
{
	struct slice rest = raw_slice(raw_find(c, SRC_KERNEL, path)), line;

	if (!slice_line(&rest, &line, NULL))
		return NULL;
	line = slice_trim(line);
	return line.len ? arena_strndup(arena, line.p, line.len) : NULL;
}

static struct slice text_of(const struct raw_capture *c, enum source_id id)
{
	const struct raw_source *s = &c->sources[id];

	return s->state == RAW_READ && s->n_files ? raw_slice(&s->files[0]) : (struct slice){ "", 0 };
}

/* "Name: 123 kB" without reading the rest of the file. */
static struct opt_u64 meminfo_kb(struct slice text, const char *name)
{
	struct slice line;
	uint64_t v;

	while (slice_line(&text, &line, NULL)) {
		if (slice_skip(&line, name))
			return slice_u64(&line, &v) == 0 ? opt_u64(v) : OPT_UNKNOWN;
	}
	return OPT_UNKNOWN;
}

/* Sum of the vmstat members that begin with @prefix and are followed by a blank or '_'. */
static struct opt_u64 vmstat_sum(struct slice text, const char *prefix)
{
	struct opt_u64 sum = OPT_UNKNOWN;
	struct slice line, word;
	uint64_t v;

	while (slice_line(&text, &line, NULL)) {
		if (!slice_skip(&line, prefix) || line.len == 0)
			continue;
		if (line.p[0] == '_' && !slice_word(&line, &word))
			continue;
		if ((line.len && line.p[0] == ' ') && slice_u64(&line, &v) == 0)
			sum = opt_u64(sat_add(sum.v, v));
	}
	return sum;
}

/* allocstall is one counter a zone since 4.10, one for all before; the rest has no zones. */
static void read_vm_events(struct recording_headline *h, struct slice vmstat)
{
	h->v[HEAD_ALLOC_STALL] = vmstat_sum(vmstat, "allocstall");
	h->v[HEAD_COMPACT_STALL] = vmstat_sum(vmstat, "compact_stall");
	h->v[HEAD_COMPACT_FAIL] = vmstat_sum(vmstat, "compact_fail");
	h->v[HEAD_OOM_KILL] = vmstat_sum(vmstat, "oom_kill");
}

static void read_free_blocks(struct recording_headline *h, const struct raw_capture *c)
{
	struct buddyinfo b;
	struct read_notes notes;
	unsigned int orders = 0;

	sb_reset(&h->free_blocks);
	if (read_buddyinfo(&h->arena, text_of(c, SRC_BUDDYINFO), &b, &notes))
		return;
	for (size_t i = 0; i < b.n_rows; i++)
		orders = b.rows[i].n_orders > orders ? b.rows[i].n_orders : orders;
	for (unsigned int o = 0; o < orders; o++) {
		uint64_t sum = 0;

		for (size_t i = 0; i < b.n_rows; i++) {
			if (o < b.rows[i].n_orders)
				sum = sat_add(sum, b.rows[i].free_blocks[o]);
		}
		sb_printf(&h->free_blocks, "%s%llu", o ? " " : "", (unsigned long long)sum);
	}
}

/* "12345.67 ..." */
static struct opt_u64 read_uptime(struct recording_headline *h, const struct raw_capture *c)
{
	const char *text = recording_fact(&h->arena, c, "proc/uptime");
	char word[32];
	uint64_t ns;
	size_t len = text ? strcspn(text, " ") : 0;

	if (len == 0 || len >= sizeof(word))
		return OPT_UNKNOWN;
	memcpy(word, text, len);
	word[len] = '\0';
	return num_duration_ns(word, &ns) == 0 ? opt_u64(ns / 1000000) : OPT_UNKNOWN;
}

void recording_headline_read(struct recording_headline *h, const struct raw_capture *c)
{
	struct slice meminfo = text_of(c, SRC_MEMINFO);

	arena_done(&h->arena);
	h->v[HEAD_FREE_KB] = meminfo_kb(meminfo, "MemFree:");
	h->v[HEAD_AVAILABLE_KB] = meminfo_kb(meminfo, "MemAvailable:");
	h->v[HEAD_SLAB_RECLAIMABLE_KB] = meminfo_kb(meminfo, "SReclaimable:");
	h->v[HEAD_SLAB_UNRECLAIMABLE_KB] = meminfo_kb(meminfo, "SUnreclaim:");
	h->v[HEAD_VMALLOC_KB] = meminfo_kb(meminfo, "VmallocUsed:");
	read_vm_events(h, text_of(c, SRC_VMSTAT));
	read_free_blocks(h, c);
	h->uptime_ms = read_uptime(h, c);
}

void recording_headline_done(struct recording_headline *h)
{
	arena_done(&h->arena);
	sb_done(&h->free_blocks);
}

#else
typedef int recording_headline_not_built;
#endif
