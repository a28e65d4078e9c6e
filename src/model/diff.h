/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What changed between two snapshots: zones and orders, migratetypes, slab
 * caches, vmalloc callers, counters, and where memory went. No opinion: that
 * is findings.h.
 */
#ifndef MODEL_DIFF_H
#define MODEL_DIFF_H

#include "model/accounts.h"
#include "model/rates.h"
#include "snap/snapshot.h"

struct history;

/* Facts without which the numbers would mislead. */
enum diff_note {
	DIFF_REBOOTED,	      /* another boot: counts of events start again */
	DIFF_KERNEL_CHANGED,
	DIFF_HOST_CHANGED,
	DIFF_TIME_BACK,	      /* the second is older than the first by the clock */
	DIFF_CLOCK_STEPPED,   /* the clock moved otherwise than the uptime did */
	DIFF_COUNTER_RESET,   /* counters went back without a reboot */
	DIFF_SOURCE_MISSING,  /* read on one side only */
	DIFF_NO_TIME,	      /* a side does not tell its time: no rates */
	DIFF_GAP,	      /* of a recording: a stretch without samples */
	DIFF_DAMAGED,	      /* of a recording: samples that cannot be read back */
};

struct diff_said {
	enum diff_note note;
	const char *text; /* a sentence */
};

struct diff_type {
	const char *name;
	struct change pageblocks;
};

struct diff_zone {
	int node;
	const char *zone;
	bool came, went;
	struct change free_pages;
	struct change *free_blocks; /* one an order; NULL if neither side tells */
	unsigned int n_orders;
	struct diff_type *types;
	size_t n_types;
};

struct diff_cache {
	const char *name;
	struct change bytes;	/* of its slabs */
	struct change objects;	/* active ones */
	struct change idle_bytes; /* of its slabs, not in active objects */
	uint64_t object_size;	/* bytes; 0 where caches of one name differ */
	bool reclaimable;	/* the kernel frees its objects when memory is short */
};

struct diff_caller {
	const char *caller;
	enum vmalloc_kind kind;
	struct change bytes, areas, pages;
};

struct diff_site {
	const char *location, *function, *module;
	struct change bytes, calls;
};

/* What a function allocated and nothing points to any more, by kmemleak. */
struct diff_loser {
	const char *function, *module;
	struct change objects, bytes;
};

/* Pages that a function took and holds, by page_owner. */
struct diff_owner {
	const char *function, *module;
	struct change bytes, stray_bytes, stray_pageblocks;
};

struct diff_counter {
	const char *name;
	bool gauge;
	struct change change;
};

/* Sources that cost much: a recording holds them in some samples only. */
enum diff_part { PART_SLAB, PART_VMALLOC, PART_TYPES, PART_SITES, PART_LOSERS, PART_OWNERS, DIFF_PARTS };

/* A stretch of time of one boot: its ends, and the first and the last sample that holds each part. */
struct diff_ends {
	const struct snapshot *a, *b;
	struct {
		const struct snapshot *a, *b; /* NULL: in none; the same: in one only */
	} part[DIFF_PARTS];
};

struct diff {
	struct arena arena;
	const struct snapshot *a, *b; /* borrowed: they outlive the diff */
	struct diff_ends ends;
	bool same_boot;		/* counters may be subtracted */
	bool boot_known;	/* a boot id says so, or the moment of the start */
	bool is_reversed;	/* the second was taken before the first */
	uint64_t span_ns;	/* time between; 0 unknown */
	uint64_t page_size;
	struct diff_said *said;
	size_t n_said, cap_said;
	struct opt_u64 total_bytes;
	struct change accounts[ACC_COUNT]; /* bytes */
	double account_span_s[ACC_COUNT];  /* between the two readings of each; 0 unknown */
	struct diff_zone *zones;
	size_t n_zones;
	struct diff_cache *caches; /* largest change of bytes first */
	size_t n_caches;
	struct diff_caller *callers; /* likewise */
	size_t n_callers;
	struct diff_site *sites; /* allocinfo; likewise */
	size_t n_sites;
	struct diff_loser *losers; /* likewise */
	size_t n_losers;
	struct diff_owner *owners; /* likewise */
	size_t n_owners;
	struct diff_counter *counters; /* vmstat, in the order of the newer file */
	size_t n_counters;
};

/* 0 or -ENOMEM. Free with diff_free. */
int diff_new(const struct snapshot *a, const struct snapshot *b, struct diff **out);
/* The same over a stretch of which @h, if not NULL, holds the rows. */
int diff_new_over(const struct diff_ends *ends, const struct history *h, struct diff **out);
/* Whether two snapshots can be of one boot of one kernel, as far as names, boot ids and uptimes tell. */
bool snapshots_of_one_boot(const struct snapshot *a, const struct snapshot *b);
/* Whether @s holds the source of a part. */
bool snapshot_has_part(const struct snapshot *s, enum diff_part part);
/* Both ends of a part are there, and are two. */
bool diff_has_part(const struct diff *d, enum diff_part part);
/* Seconds between them; 0 unknown. */
double diff_part_span_s(const struct diff *d, enum diff_part part);
void diff_free(struct diff *d); /* NULL is fine */
/* Append a note; the text is printf's. 0 or -ENOMEM. */
int diff_say(struct diff *d, enum diff_note note, const char *fmt, ...) PRINTF_LIKE(3, 4);
const char *diff_note_name(enum diff_note note);

/* Change of a counter of vmstat; kind CHANGE_UNKNOWN if neither side has it. */
struct change diff_counter_get(const struct diff *d, const char *name);
/* Whether any count of events is known at both ends. */
bool diff_has_counters(const struct diff *d);
/* Sum of the changes of all counters whose name begins with @prefix; unknown if none of them tells. */
struct opt_u64 diff_counters_sum(const struct diff *d, const char *prefix);
/* The same of pages: "pgscan_direct", and "pgscan_direct_ZONE" before 4.8; not the tasks of pgscan_direct_throttle. */
struct opt_u64 diff_reclaim_pages(const struct diff *d, const char *name);
/* Sum of the changes of those counters a second; negative where not known. */
double diff_counters_rate(const struct diff *d, const char *prefix);
/* Change of the pageblocks of a migratetype over all zones; unknown without pagetypeinfo on both sides. */
struct change diff_pageblocks(const struct diff *d, const char *type);
/* Pages in free blocks of at least @order, over all zones, of one side. */
struct opt_u64 snapshot_free_pages_from(const struct snapshot *s, unsigned int order);
/* Share of them that lies in smaller blocks, thousandths, rounded up; unknown where nothing is free. */
struct opt_u64 snapshot_unusable_share(const struct snapshot *s, unsigned int order);
/* In bytes, by the page size of the newer side. */
struct opt_u64 diff_page_bytes(const struct diff *d, struct opt_u64 pages);

#endif
