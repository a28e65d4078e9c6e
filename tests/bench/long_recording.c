// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * usage: long_recording BASE OUT [SAMPLES [INTERVAL_S]]
 *
 * A long recording from a short real one: its samples are replayed forth and back
 * (so that levels do not jump), times and counts of events go on, and one slab
 * cache leaks. Prints what the same samples would take as they were captured
 * and as JSON Lines (by a share of them).
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/num.h"
#include "base/timefmt.h"
#include "model/rates.h"
#include "out/json_snapshot.h"
#include "snap/recording.h"
#include "snap/take.h"

#define SECOND INT64_C(1000000000)
#define JSON_EACH 500

struct film {
	struct raw_capture **v;
	size_t n;
};

struct count {
	char name[64];
	uint64_t last, sum;
};

struct state {
	struct count counts[1024];
	size_t n_counts;
	struct strbuf text[4];
	uint64_t raw_bytes, json_bytes, json_samples;
};

static void die(const char *what, const char *why)
{
	fprintf(stderr, "long_recording: %s: %s\n", what, why ? why : "out of memory");
	exit(1);
}

static struct film load(const char *path)
{
	struct recording *r;
	struct film f = { 0 };
	int64_t *ids;
	char *why;

	if (recording_open(path, &r, &why))
		die(path, why);
	if (recording_pick(r, recording_bounds(r).first.id, recording_bounds(r).last.id, 4000, &ids, &f.n))
		die(path, "cannot be listed");
	f.v = calloc(f.n, sizeof(*f.v));
	for (size_t i = 0; i < f.n; i++) {
		if (recording_read(r, ids[i], &f.v[i], &why))
			die(path, why);
	}
	free(ids);
	recording_close(r);
	return f;
}

static struct count *count_of(struct state *st, struct slice name)
{
	for (size_t i = 0; i < st->n_counts; i++) {
		if (slice_eq(name, st->counts[i].name))
			return &st->counts[i];
	}
	if (st->n_counts == ARRAY_SIZE(st->counts) || name.len >= sizeof(st->counts[0].name))
		return NULL;
	memcpy(st->counts[st->n_counts].name, name.p, name.len);
	return &st->counts[st->n_counts++];
}

/* Events go on by as much as they really did between two samples, in whichever order those come. */
static void vary_vmstat(struct state *st, struct slice text, struct strbuf *out)
{
	struct slice line, name;
	uint64_t v;

	sb_reset(out);
	while (slice_line(&text, &line, NULL)) {
		struct slice rest = line;
		struct count *c;
		char word[64] = "";

		if (!slice_word(&rest, &name) || slice_u64(&rest, &v))
			continue;
		if (name.len < sizeof(word))
			memcpy(word, name.p, name.len);
		c = vmstat_is_gauge(word) ? NULL : count_of(st, name);
		if (c) {
			if (c->sum == 0)
				c->sum = v;
			else
				c->sum += v > c->last ? v - c->last : c->last - v;
			c->last = v;
			v = c->sum;
		}
		sb_printf(out, "%.*s %" PRIu64 "\n", (int)name.len, name.p, v);
	}
}

/* A cache that leaks an object of 1 KiB every other sample. */
static void vary_slabinfo(struct slice text, struct strbuf *out, uint64_t i)
{
	sb_reset(out);
	sb_add(out, text.p, text.len);
	sb_printf(out, "%-17s %6" PRIu64 " %6" PRIu64 " %6u %4u %4d : tunables %4u %4u %4u : slabdata %6" PRIu64
		       " %6" PRIu64 " %6d\n", "leaky_cache", 512 + i / 2, 512 + (i / 2 + 15) / 16 * 16, 1024U, 16U, 4,
		  0U, 0U, 0U, 32 + (i / 2 + 15) / 16, 32 + (i / 2 + 15) / 16, 0);
}

static void replace(struct raw_capture *c, enum source_id id, const char *name, const struct strbuf *text)
{
	struct raw_source *s = &c->sources[id];

	for (size_t i = 0; i < s->n_files; i++) {
		if (strcmp(s->files[i].name, name) != 0)
			continue;
		s->files[i].data = sb_str(text);
		s->files[i].len = text->len;
	}
}

static void vary(struct state *st, struct raw_capture *c, uint64_t i, int64_t time_ns)
{
	const struct raw_file *vm = raw_find(c, SRC_VMSTAT, "proc/vmstat");
	const struct raw_file *slab = raw_find(c, SRC_SLABINFO, "proc/slabinfo");
	int64_t shift = time_ns - c->sources[SRC_BUDDYINFO].start_ns;
	char time[TIME_RFC3339_MAX];

	if (vm) {
		vary_vmstat(st, raw_slice(vm), &st->text[0]);
		replace(c, SRC_VMSTAT, "vmstat", &st->text[0]);
	}
	if (slab) {
		vary_slabinfo(raw_slice(slab), &st->text[1], i);
		replace(c, SRC_SLABINFO, "slabinfo", &st->text[1]);
	}
	time_rfc3339(time_ns, time);
	sb_reset(&st->text[2]);
	sb_addstr(&st->text[2], time);
	replace(c, SRC_KERNEL, "time", &st->text[2]);
	sb_reset(&st->text[3]);
	sb_printf(&st->text[3], "%" PRId64 ".%02u %" PRIu64 ".33\n",
		  (time_ns - INT64_C(1700000000) * SECOND) / SECOND + 5000, (unsigned int)(i % 100), i);
	replace(c, SRC_KERNEL, "uptime", &st->text[3]);
	for (unsigned int s = 0; s < SRC_COUNT; s++) {
		if (c->sources[s].start_ns)
			c->sources[s].start_ns += shift;
	}
}

static void measure(struct state *st, const struct raw_capture *c, uint64_t i)
{
	char *buf = NULL, *why;
	size_t len = 0;
	struct snapshot *s;
	FILE *f;

	for (unsigned int id = 0; id < SRC_COUNT; id++) {
		if (!(RECORDING_SLOW & SRC_BIT(id)))
			st->raw_bytes += c->sources[id].bytes;
	}
	if (i % JSON_EACH || snapshot_from_raw(c, NULL, &s, &why))
		return;
	f = open_memstream(&buf, &len);
	if (f && json_write_snapshot(s, f, false) == 0 && fclose(f) == 0) {
		st->json_bytes += len;
		st->json_samples++;
	}
	free(buf);
	snapshot_free(s);
}

static void check(int ret, const char *why)
{
	if (ret)
		die("output", why);
}

int main(int argc, char **argv)
{
	uint64_t samples = 86400, interval = 1;
	static struct state st;
	struct recording_writer *w;
	struct film f;
	char *why = NULL;

	if (argc < 3 || (argc > 3 && num_u64(argv[3], strlen(argv[3]), &samples)) ||
	    (argc > 4 && num_u64(argv[4], strlen(argv[4]), &interval)))
		die("usage", "long_recording BASE OUT [SAMPLES [INTERVAL_S]]");
	f = load(argv[1]);
	check(recording_append_open(argv[2], &(struct recording_limits){ 0 }, &w, &why), why);
	for (uint64_t i = 0; i < samples; i++) {
		uint64_t there = i % (2 * f.n - 2 ? 2 * f.n - 2 : 1);
		struct raw_capture *c = f.v[there < f.n ? there : 2 * f.n - 2 - there];
		int64_t now = (int64_t)(i * interval) * SECOND;

		if (i % 1000 == 0) {
			if (i)
				check(recording_batch(w, false, &why), why);
			check(recording_batch(w, true, &why), why);
		}
		struct raw_capture varied = *c;
		struct raw_file *files[SRC_COUNT];

		/* The replayed sample stays as it is: its lists of files are copied. */
		for (unsigned int s = 0; s < SRC_COUNT; s++) {
			size_t bytes = c->sources[s].n_files * sizeof(**files);

			files[s] = malloc(bytes ? bytes : 1);
			if (bytes)
				memcpy(files[s], c->sources[s].files, bytes);
			varied.sources[s].files = files[s];
		}
		vary(&st, &varied, i, INT64_C(1700000000) * SECOND + now);
		check(recording_append(w, &varied, recording_wants_slow(w, now), now, &why), why);
		measure(&st, &varied, i);
		for (unsigned int s = 0; s < SRC_COUNT; s++)
			free(files[s]);
	}
	check(recording_batch(w, false, &why), why);
	check(recording_writer_close(w), "close");
	printf("captured_bytes %" PRIu64 "\njson_lines_bytes %" PRIu64 "\n", st.raw_bytes,
	       st.json_samples ? st.json_bytes / st.json_samples * samples : 0);
	for (size_t i = 0; i < f.n; i++)
		raw_capture_free(f.v[i]);
	free(f.v);
	for (size_t i = 0; i < ARRAY_SIZE(st.text); i++)
		sb_done(&st.text[i]);
	return 0;
}
