/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Numbers of many snapshots of one machine as rows in time: what trends,
 * plots and reports are made from. It keeps numbers only, so that snapshots
 * can be freed as soon as they are added.
 */
#ifndef MODEL_HISTORY_H
#define MODEL_HISTORY_H

#include "model/accounts.h"
#include "snap/snapshot.h"

enum series_kind {
	SERIES_CACHE,	    /* bytes in the slabs of a cache */
	SERIES_CACHE_IDLE,  /* bytes of them not in active objects */
	SERIES_CALLER,	    /* bytes of a vmalloc caller; name "CALLER (KIND)" */
	SERIES_FREE_BLOCKS, /* free blocks of one order, all zones; name is the order */
	SERIES_FREE_FROM,   /* free pages in blocks of that order and above, all zones */
	SERIES_UNUSABLE,    /* unusable free space index of the order, thousandths, all zones as one */
	SERIES_PAGEBLOCKS,  /* pageblocks of a migratetype, all zones */
	SERIES_ACCOUNT,	    /* bytes of a use of memory (account_name) */
	SERIES_EVENT,	    /* a counter of vmstat, as read */
	SERIES_KINDS
};

struct series {
	enum series_kind kind;
	const char *name;
	bool reclaimable; /* SERIES_CACHE */
	double *v;	  /* one a point; NaN where there is none */
	size_t cap;
};

struct history_point {
	int64_t time_ns;	/* wall clock */
	double t_s;		/* since the first point, by uptime within a boot */
	unsigned int boot;	/* counts up from 0 when the machine was started anew, or is another */
	bool has_slab, has_vmalloc; /* the file was read: what has no value then is not in it */
};

struct history {
	struct arena arena;
	struct history_point *points;
	size_t n_points, cap_points;
	struct series **series; /* in order of first appearance */
	size_t n_series, cap_series;
	struct series **buckets; /* hash by kind and name */
	size_t n_buckets;
	char *boot_id, *release, *host; /* of the last point */
	struct opt_u64 uptime_ms;
	unsigned int n_orders;
};

struct history *history_new(void);
void history_free(struct history *h);
/* Take in the numbers of @s, which must be later than all before. 0 or -ENOMEM. */
int history_add(struct history *h, const struct snapshot *s);
/* NULL if there is none. */
const struct series *history_get(const struct history *h, enum series_kind kind, const char *name);
/* The first point of the last boot. */
size_t history_last_boot(const struct history *h);
/* At point @i: what is not in a file that lists all there is has 0; NaN where the file was not read. */
double history_value(const struct history *h, const struct series *row, size_t i);
/*
 * Events a second up to point @i since the last point of the same boot that tells; NaN where none
 * does, and where the counter went back.
 */
double history_rate(const struct history *h, const struct series *row, size_t i);
/* Name under which a caller's row stands, in @buf. */
const char *history_caller_name(char *buf, size_t size, const char *caller, enum vmalloc_kind kind);

#endif
