// SPDX-License-Identifier: GPL-2.0-or-later
/* What came before a place in a recording. */
#include "cmd/replay.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "snap/recording.h"

/*
 * A group of samples begins with one that holds the costly files, where any does: the place's own
 * group and the one before have two of them. Recordings put together from short ones have groups
 * of few samples: of them so many samples are looked at.
 */
#define LEAST_GROUPS 2
#define LEAST_SAMPLES 64

/* The files that a frame shows and that samples may leave out. */
static const enum source_id files[] = { SRC_SLABINFO, SRC_VMALLOCINFO };

#define FILES ARRAY_SIZE(files)

/* Samples by id, 0: none; of each file the last two that hold it, the later one first. */
struct found {
	int64_t before;
	int64_t last[FILES][2];
	bool wanted[FILES]; /* the place's sample leaves it out by choice, or holds it */
};

static void note_sample(int64_t last[2], int64_t id)
{
	last[1] = last[0];
	last[0] = id;
}

/* Samples @from to @to, one after the other; how many, or negative errno. */
static int64_t look_at(struct recording *rec, int64_t from, int64_t to, int64_t last[FILES][2])
{
	struct recording_sample row;
	int64_t n = 0;

	while (from <= to && recording_near(rec, from, true, &row) == 0 && row.id <= to) {
		auto_free char *why = NULL;
		struct raw_capture *raw;
		int ret = recording_read(rec, row.id, &raw, &why);

		n++;
		from = row.id + 1;
		/* A damaged one costs itself. */
		if (ret == -EBADMSG)
			continue;
		if (ret)
			return ret;
		for (size_t i = 0; i < FILES; i++) {
			if (raw->sources[files[i]].state == RAW_READ)
				note_sample(last[i], row.id);
		}
		raw_capture_free(raw);
	}
	return n;
}

static bool is_complete(const struct found *f)
{
	for (size_t i = 0; i < FILES; i++) {
		if (f->wanted[i] && !f->last[i][1])
			return false;
	}
	return true;
}

/* Group by group back from @here, as long as a file has not been met twice. 0 or negative errno. */
static int look_back(struct recording *rec, const struct recording_sample *here, struct found *f)
{
	struct recording_sample row = *here;
	int64_t looked = 0;

	memset(f->last, 0, sizeof(f->last));
	for (unsigned int groups = 0; !is_complete(f) && (groups < LEAST_GROUPS || looked < LEAST_SAMPLES); groups++) {
		int64_t last[FILES][2] = { 0 }, n = look_at(rec, row.key, row.id, last);

		if (n < 0)
			return (int)n;
		looked += n;
		for (size_t i = 0; i < FILES; i++) {
			for (size_t j = 0; j < 2 && !f->last[i][1]; j++) {
				if (last[i][j])
					f->last[i][f->last[i][0] ? 1 : 0] = last[i][j];
			}
		}
		if (recording_near(rec, row.key - 1, false, &row))
			return 0;
	}
	return 0;
}

/* 0 or negative errno with *why. */
static int find(struct recording *rec, int64_t place, struct found *f, char **why)
{
	struct recording_sample here, row;
	struct raw_capture *raw;
	int64_t n;
	int ret = recording_near(rec, place, true, &here);

	if (ret == 0)
		ret = recording_read(rec, here.id, &raw, why);
	if (ret)
		return ret;
	for (size_t i = 0; i < FILES; i++)
		f->wanted[i] = raw->sources[files[i]].state != RAW_UNAVAILABLE;
	raw_capture_free(raw);
	if (recording_near(rec, here.id - 1, false, &row) == 0)
		f->before = row.id;
	/* Most recordings have all in each sample. */
	n = look_at(rec, f->before ? f->before : here.id, here.id, f->last);
	if (n < 0)
		return (int)n;
	return is_complete(f) ? 0 : look_back(rec, &here, f);
}

static int by_id(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

int replay_look(struct timeline *t, struct held *h)
{
	auto_free char *why = NULL;
	int64_t place = timeline_place(t), ids[2 * FILES + 2], last = 0;
	struct found f = { 0 };
	int ret = find(timeline_recording(t), place, &f, &why);

	if (ret)
		return cmd_error(EXIT_CANNOT, "%s", why ? why : strerror(-ret));
	memcpy(ids, f.last, sizeof(f.last));
	ids[2 * FILES] = f.before;
	ids[2 * FILES + 1] = place;
	qsort(ids, ARRAY_SIZE(ids), sizeof(*ids), by_id);
	held_clear(h);
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++) {
		struct snapshot *s;

		if (ids[i] == last)
			continue;
		last = ids[i];
		free(why);
		why = NULL;
		ret = timeline_sample(t, ids[i], &s, &why);
		if (ret == -EBADMSG && ids[i] != place)
			continue;
		if (ret)
			return cmd_error(EXIT_CANNOT, "%s", why ? why : "out of memory");
		if (h->n)
			held_move(h, s);
		else
			held_begin(h, s);
	}
	return EXIT_DONE;
}
