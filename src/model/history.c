// SPDX-License-Identifier: GPL-2.0-or-later
/* Rows of numbers in time. */
#include "model/history.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "kernel/fragmentation.h"
#include "model/diff.h"
#include "model/rates.h"
#include "model/slabcache.h"

struct history *history_new(void)
{
	return calloc(1, sizeof(struct history));
}

void history_free(struct history *h)
{
	if (!h)
		return;
	for (size_t i = 0; i < h->n_series; i++)
		free(h->series[i]->v);
	free(h->series);
	free(h->buckets);
	free(h->points);
	free(h->boot_id);
	free(h->release);
	free(h->host);
	arena_done(&h->arena);
	free(h);
}

/* FNV-1a */
static size_t hash(enum series_kind kind, const char *name)
{
	uint64_t h = UINT64_C(14695981039346656037) ^ (uint64_t)kind;

	for (; *name; name++)
		h = (h ^ (unsigned char)*name) * UINT64_C(1099511628211);
	return (size_t)(h ^ h >> 29);
}

static struct series **find(const struct history *h, enum series_kind kind, const char *name)
{
	size_t at = hash(kind, name) & (h->n_buckets - 1);

	while (h->buckets[at] && (h->buckets[at]->kind != kind || strcmp(h->buckets[at]->name, name) != 0))
		at = (at + 1) & (h->n_buckets - 1);
	return &h->buckets[at];
}

const struct series *history_get(const struct history *h, enum series_kind kind, const char *name)
{
	return h->n_buckets ? *find(h, kind, name) : NULL;
}

static int rehash(struct history *h)
{
	size_t n = h->n_buckets ? 2 * h->n_buckets : 1024;
	struct series **buckets = calloc(n, sizeof(struct series *));

	if (!buckets)
		return -ENOMEM;
	free(h->buckets);
	h->buckets = buckets;
	h->n_buckets = n;
	for (size_t i = 0; i < h->n_series; i++)
		*find(h, h->series[i]->kind, h->series[i]->name) = h->series[i];
	return 0;
}

static int series_new(struct history *h, enum series_kind kind, const char *name, struct series **out)
{
	struct series *s;

	if (2 * (h->n_series + 1) > h->n_buckets && rehash(h))
		return -ENOMEM;
	if (vec_grow(&h->series, &h->cap_series, h->n_series, sizeof(struct series *)))
		return -ENOMEM;
	s = arena_alloc(&h->arena, sizeof(*s));
	if (!s)
		return -ENOMEM;
	s->kind = kind;
	s->name = arena_strdup(&h->arena, name);
	if (!s->name)
		return -ENOMEM;
	*find(h, kind, name) = s;
	h->series[h->n_series++] = s;
	*out = s;
	return 0;
}

/* Room for a value at the last point, none so far. */
static int series_reach(struct history *h, struct series *s)
{
	double *grown;

	if (s->cap >= h->n_points)
		return 0;
	grown = realloc(s->v, h->cap_points * sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	for (size_t i = s->cap; i < h->cap_points; i++)
		grown[i] = (double)NAN;
	s->v = grown;
	s->cap = h->cap_points;
	return 0;
}

/* Add @v to the row's value at the last point. */
static int put(struct history *h, enum series_kind kind, const char *name, double v, struct series **row)
{
	struct series *s = h->n_buckets ? *find(h, kind, name) : NULL;
	size_t last = h->n_points - 1;

	if (!s && series_new(h, kind, name, &s))
		return -ENOMEM;
	if (series_reach(h, s))
		return -ENOMEM;
	s->v[last] = isnan(s->v[last]) ? v : s->v[last] + v;
	if (row)
		*row = s;
	return 0;
}

/* ---- what is kept of a snapshot ---- */

static int add_orders(struct history *h, const struct snapshot *s)
{
	unsigned int n = 0;
	auto_free uint64_t *sum = NULL;
	int ret = 0;

	for (size_t i = 0; i < s->n_zones; i++) {
		if (s->zones[i].free_blocks && s->zones[i].n_orders > n)
			n = s->zones[i].n_orders;
	}
	if (n == 0)
		return 0;
	sum = calloc(n, sizeof(*sum));
	if (!sum)
		return -ENOMEM;
	for (size_t i = 0; i < s->n_zones; i++) {
		for (unsigned int o = 0; s->zones[i].free_blocks && o < s->zones[i].n_orders; o++)
			sum[o] = sat_add(sum[o], s->zones[i].free_blocks[o]);
	}
	if (n > h->n_orders)
		h->n_orders = n;
	for (unsigned int o = 0; o < n && ret == 0; o++) {
		char name[16];

		snprintf(name, sizeof(name), "%u", o);
		ret = put(h, SERIES_FREE_BLOCKS, name, (double)sum[o], NULL);
		if (ret == 0)
			ret = put(h, SERIES_FREE_FROM, name,
				  (double)snapshot_free_pages_from(s, o).v, NULL);
		if (ret == 0)
			ret = put(h, SERIES_UNUSABLE, name,
				  (double)unusable_free_index(sum, n, o), NULL);
	}
	return ret;
}

static int add_types(struct history *h, const struct snapshot *s)
{
	int ret = 0;

	for (size_t i = 0; i < s->n_zones; i++) {
		for (size_t j = 0; j < s->zones[i].n_types && ret == 0; j++) {
			const struct snap_type *t = &s->zones[i].types[j];

			if (t->pageblocks.known)
				ret = put(h, SERIES_PAGEBLOCKS, t->name, (double)t->pageblocks.v, NULL);
		}
	}
	return ret;
}

static int add_caches(struct history *h, const struct snapshot *s)
{
	uint64_t page = snapshot_page_size(s);
	int ret = 0;

	for (size_t i = 0; s->has_slab && i < s->slab.n_caches && ret == 0; i++) {
		const struct slabinfo_cache *c = &s->slab.caches[i];
		bool is_new = !history_get(h, SERIES_CACHE, c->name);
		struct series *row = NULL;

		ret = put(h, SERIES_CACHE, c->name, (double)slab_cache_bytes(c, page), &row);
		if (ret == 0 && is_new)
			row->reclaimable = slab_cache_is_reclaimable(s, c->name);
		if (ret == 0)
			ret = put(h, SERIES_CACHE_IDLE, c->name, (double)slab_cache_idle_bytes(c, page), NULL);
	}
	return ret;
}

const char *history_caller_name(char *buf, size_t size, const char *caller, enum vmalloc_kind kind)
{
	snprintf(buf, size, "%s (%s)", *caller ? caller : "unknown", vmalloc_kind_name(kind));
	return buf;
}

static int add_callers(struct history *h, const struct snapshot *s)
{
	int ret = 0;

	for (size_t i = 0; s->has_vmalloc && i < s->vmalloc.n_callers && ret == 0; i++) {
		const struct vmalloc_caller *c = &s->vmalloc.callers[i];
		char name[512];

		ret = put(h, SERIES_CALLER, history_caller_name(name, sizeof(name), c->caller, c->kind),
			  (double)c->bytes, NULL);
	}
	return ret;
}

static int add_totals(struct history *h, const struct snapshot *s)
{
	struct accounts a = accounts_of(s);
	int ret = 0;

	for (unsigned int i = 0; i < ACC_COUNT && ret == 0; i++) {
		if (a.bytes[i].known)
			ret = put(h, SERIES_ACCOUNT, account_name(i), (double)a.bytes[i].v, NULL);
	}
	for (size_t i = 0; i < s->vmstat.n && ret == 0; i++) {
		if (!s->vmstat.v[i].is_negative && !vmstat_is_gauge(s->vmstat.v[i].name))
			ret = put(h, SERIES_EVENT, s->vmstat.v[i].name, (double)s->vmstat.v[i].value, NULL);
	}
	return ret;
}

/* ---- time ---- */

static bool changed(const char *a, const char *b)
{
	return a && b && strcmp(a, b) != 0;
}

static int keep(char **slot, const char *text)
{
	if (!text || (*slot && strcmp(*slot, text) == 0))
		return 0;
	free(*slot);
	*slot = strdup(text);
	return *slot ? 0 : -ENOMEM;
}

/* Where no boot id tells, counters do that only a boot sets back. */
static bool counters_went_back(const struct history *h, const struct snapshot *s)
{
	unsigned int bits = opt_or(s->kernel.word_bits, 64) == 32 ? 32 : 64;

	for (size_t i = 0; i < s->vmstat.n; i++) {
		const struct kv *now = &s->vmstat.v[i];
		const struct series *row = history_get(h, SERIES_EVENT, now->name);
		double before = row ? row->v[h->n_points - 1] : (double)NAN;

		if (!isnan(before) && !now->is_negative && vmstat_counts_since_boot(now->name) &&
		    change_counter(opt_u64((uint64_t)before), opt_u64(now->value), bits).kind == CHANGE_RESET)
			return true;
	}
	return false;
}

static bool started_anew(const struct history *h, const struct snapshot *s)
{
	if (changed(h->boot_id, s->boot_id) || changed(h->release, s->kernel.release) || changed(h->host, s->host) ||
	    (s->uptime_ms.known && h->uptime_ms.known && s->uptime_ms.v < h->uptime_ms.v))
		return true;
	return !(h->boot_id && s->boot_id) && counters_went_back(h, s);
}

static int add_point(struct history *h, const struct snapshot *s)
{
	const struct history_point *prev = h->n_points ? &h->points[h->n_points - 1] : NULL;
	struct history_point p = { .time_ns = (int64_t)s->time_ns.v,
				   .has_slab = s->has_slab, .has_vmalloc = s->has_vmalloc };

	if (prev) {
		double wall = (double)(p.time_ns - prev->time_ns) / 1e9;
		bool up = s->uptime_ms.known && h->uptime_ms.known, reboot = started_anew(h, s);

		p.boot = prev->boot + reboot;
		/* The uptime counts on where the clock is set; over a reboot only the clock is left. */
		if (!reboot && up)
			p.t_s = prev->t_s + (double)(s->uptime_ms.v - h->uptime_ms.v) / 1e3;
		else
			p.t_s = prev->t_s + (wall > 0 ? wall : 0);
	}
	if (vec_grow(&h->points, &h->cap_points, h->n_points, sizeof(*h->points)))
		return -ENOMEM;
	h->points[h->n_points++] = p;
	h->uptime_ms = s->uptime_ms;
	return keep(&h->boot_id, s->boot_id) || keep(&h->release, s->kernel.release) || keep(&h->host, s->host)
		       ? -ENOMEM : 0;
}

int history_add(struct history *h, const struct snapshot *s)
{
	int ret = add_point(h, s);

	if (ret == 0)
		ret = add_orders(h, s);
	if (ret == 0)
		ret = add_types(h, s);
	if (ret == 0)
		ret = add_caches(h, s);
	if (ret == 0)
		ret = add_callers(h, s);
	if (ret == 0)
		ret = add_totals(h, s);
	/* A row that is not in this snapshot has no value there. */
	for (size_t i = 0; i < h->n_series && ret == 0; i++)
		ret = series_reach(h, h->series[i]);
	return ret;
}

size_t history_last_boot(const struct history *h)
{
	size_t i = h->n_points;

	while (i > 0 && h->points[i - 1].boot == h->points[h->n_points - 1].boot)
		i--;
	return i;
}

/* Whether the file that the rows of @kind are from was read at @p, and names all that there is. */
static bool lists_all(const struct history_point *p, enum series_kind kind)
{
	switch (kind) {
	case SERIES_CACHE:
	case SERIES_CACHE_IDLE:
		return p->has_slab;
	case SERIES_CALLER:
		return p->has_vmalloc;
	default:
		return false;
	}
}

double history_value(const struct history *h, const struct series *row, size_t i)
{
	return isnan(row->v[i]) && lists_all(&h->points[i], row->kind) ? 0 : row->v[i];
}

double history_rate(const struct history *h, const struct series *row, size_t i)
{
	double dt, dv;
	size_t before = i;

	if (isnan(row->v[i]))
		return (double)NAN;
	do {
		if (before == 0 || h->points[before - 1].boot != h->points[i].boot)
			return (double)NAN;
		before--;
	} while (isnan(row->v[before]));
	dt = h->points[i].t_s - h->points[before].t_s;
	dv = row->v[i] - row->v[before];
	return dt > 0 && dv >= 0 ? dv / dt : (double)NAN;
}
