// SPDX-License-Identifier: GPL-2.0-or-later
/* Findings: the list, its order, what its parts share. */
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "model/findings_priv.h"

static const char *const names[] = {
	[FINDING_SLAB_LEAK] = "slab_leak",
	[FINDING_VMALLOC_LEAK] = "vmalloc_leak",
	[FINDING_SLAB_GROWTH] = "slab_growth",
	[FINDING_VMALLOC_GROWTH] = "vmalloc_growth",
	[FINDING_UNREFERENCED] = "unreferenced",
	[FINDING_STRAY_PAGES] = "stray_pages",
	[FINDING_POLLUTION] = "pollution",
	[FINDING_UNACCOUNTED] = "unaccounted_growth",
	[FINDING_BLOCKS_LOST] = "blocks_lost",
	[FINDING_FRAGMENTED] = "fragmented",
	[FINDING_SLAB_WASTE] = "slab_waste",
	[FINDING_COMPACTION_FAILS] = "compaction_fails",
	[FINDING_STALLS] = "allocation_stalls",
	[FINDING_OOM] = "oom_kills",
};

const char *finding_name(enum finding_kind k)
{
	return names[k];
}

const char *find_size(char buf[FIND_TEXT], double bytes)
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB", "PiB" };
	size_t u = 0;

	while (fabs(bytes) >= 1023.5 && u + 1 < ARRAY_SIZE(units)) {
		bytes /= 1024;
		u++;
	}
	snprintf(buf, FIND_TEXT, "%.*f %s", u && fabs(bytes) < 99.5 ? 1 : 0, bytes, units[u]);
	return buf;
}

const char *find_span(char buf[FIND_TEXT], double s)
{
	if (s < 120)
		snprintf(buf, FIND_TEXT, "%.0f s", s);
	else if (s < 2 * 3600)
		snprintf(buf, FIND_TEXT, "%.0f min", s / 60);
	else if (s < 48 * 3600)
		snprintf(buf, FIND_TEXT, "%.1f h", s / 3600);
	else
		snprintf(buf, FIND_TEXT, "%.1f days", s / 86400);
	return buf;
}

const char *find_function(char buf[FIND_FUNCTION], const char *function, const char *module)
{
	snprintf(buf, FIND_FUNCTION, "%.80s%s%.60s%s", *function ? function : "an unknown function", module ? " [" : "",
		 module ? module : "", module ? "]" : "");
	return buf;
}

/* ---- what is worth a word ---- */

bool find_grew(const struct change *c, uint64_t least)
{
	return (c->kind == CHANGE_BOTH || c->kind == CHANGE_CAME) && !c->negative && c->delta >= least;
}

static uint64_t at_least(uint64_t floor, const struct finder *f, uint64_t part)
{
	uint64_t of_total = opt_or(f->d->total_bytes, 0) / part;

	return of_total > floor ? of_total : floor;
}

uint64_t finder_least_leak(const struct finder *f)
{
	return at_least(UINT64_C(512) << 10, f, 20000);
}

uint64_t finder_least_growth(const struct finder *f)
{
	return at_least(UINT64_C(2) << 20, f, 1000);
}

/* A leak is a claim: shorter rows do not bear it. */
#define LEAST_SPAN_S 15

bool finder_trend(const struct finder *f, enum series_kind kind, const char *name, struct trend *out)
{
	const struct series *row = f->h ? history_get(f->h, kind, name) : NULL;
	auto_free double *v = NULL;

	if (!row || f->n < TREND_MIN_POINTS)
		return false;
	v = malloc(f->n * sizeof(*v));
	if (!v)
		return false;
	for (size_t i = 0; i < f->n; i++)
		v[i] = history_value(f->h, row, f->first + i);
	return trend_fit(f->t, v, f->n, out) && out->span_s >= LEAST_SPAN_S;
}

/* ---- the list ---- */

__attribute__((format(printf, 2, 0))) static const char *vformat(struct finder *f, const char *fmt,
								  va_list ap)
{
	char *text;
	const char *kept;

	if (vasprintf(&text, fmt, ap) < 0) {
		f->failed = true;
		return "";
	}
	kept = arena_strdup(&f->fs->arena, text);
	free(text);
	if (!kept)
		f->failed = true;
	return kept ? kept : "";
}

struct finding *finder_add(struct finder *f, enum finding_kind kind, const char *subject,
			   const char *fmt, ...)
{
	struct findings *fs = f->fs;
	struct finding *x;
	va_list ap;

	if (vec_grow(&fs->v, &fs->cap, fs->n, sizeof(*fs->v))) {
		f->failed = true;
		return NULL;
	}
	x = &fs->v[fs->n++];
	*x = (struct finding){ .kind = kind };
	x->subject = arena_strdup(&fs->arena, subject);
	if (!x->subject)
		f->failed = true;
	va_start(ap, fmt);
	x->sentence = vformat(f, fmt, ap);
	va_end(ap);
	return x;
}

void finding_set_next(struct finder *f, struct finding *x, const char *fmt, ...)
{
	va_list ap;

	if (!x)
		return;
	va_start(ap, fmt);
	x->next = vformat(f, fmt, ap);
	va_end(ap);
}

/*
 * Culprits before symptoms, by the memory at stake. A steady leak counts for
 * more than as much growth that may have an end; what the kernel itself found
 * lost, for more than either.
 */
static double weight(const struct finding *x)
{
	double bytes = x->of_addresses ? 0 : (double)opt_or(x->bytes, 0);

	switch (x->kind) {
	case FINDING_UNREFERENCED:
		return 4 * bytes + 1e3;
	case FINDING_SLAB_LEAK:
	case FINDING_VMALLOC_LEAK:
	case FINDING_STRAY_PAGES:
		return 2 * bytes + 1e3;
	case FINDING_POLLUTION:
	case FINDING_SLAB_GROWTH:
	case FINDING_VMALLOC_GROWTH:
		return bytes + 1e3;
	case FINDING_UNACCOUNTED:
		return bytes / 2 + 1e3;
	case FINDING_SLAB_WASTE:
		return bytes / 4 + 1e3;
	default:
		/* Symptoms, in the order of the enum. */
		return -(double)x->kind;
	}
}

static int by_weight(const void *a, const void *b)
{
	double x = weight(a), y = weight(b);

	return (x < y) - (x > y);
}

int finder_take_times(struct finder *f)
{
	if (!f->h || f->h->n_points == 0)
		return 0;
	f->first = history_last_boot(f->h);
	f->n = f->h->n_points - f->first;
	f->t = malloc(f->n * sizeof(*f->t));
	if (!f->t)
		return -ENOMEM;
	for (size_t i = 0; i < f->n; i++)
		f->t[i] = f->h->points[f->first + i].t_s;
	return 0;
}

int findings_new(const struct diff *d, const struct history *h, struct findings **out)
{
	struct finder f = { .d = d, .h = h, .fs = calloc(1, sizeof(*f.fs)) };

	if (!f.fs || finder_take_times(&f)) {
		free(f.fs);
		return -ENOMEM;
	}
	if (d->same_boot && !d->is_reversed) {
		find_slab(&f);
		find_vmalloc(&f);
		find_unreferenced(&f);
		find_stray_pages(&f);
		find_pollution(&f);
		find_unaccounted(&f);
		find_blocks(&f);
		find_struggle(&f);
		if (f.fs->n)
			qsort(f.fs->v, f.fs->n, sizeof(*f.fs->v), by_weight);
		find_sites(&f);
	}
	find_unjudged(&f);
	free(f.t);
	if (f.failed) {
		findings_free(f.fs);
		return -ENOMEM;
	}
	*out = f.fs;
	return 0;
}

void findings_free(struct findings *fs)
{
	if (!fs)
		return;
	free(fs->v);
	arena_done(&fs->arena);
	free(fs);
}
