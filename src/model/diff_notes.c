// SPDX-License-Identifier: GPL-2.0-or-later
/* What is said beside the changes: who was compared, over which time, by which sources. */
#include "model/diff_priv.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/timefmt.h"

static const char *const note_names[] = {
	[DIFF_REBOOTED] = "rebooted",
	[DIFF_KERNEL_CHANGED] = "kernel_changed",
	[DIFF_HOST_CHANGED] = "host_changed",
	[DIFF_TIME_BACK] = "time_went_back",
	[DIFF_CLOCK_STEPPED] = "clock_stepped",
	[DIFF_COUNTER_RESET] = "counter_reset",
	[DIFF_SOURCE_MISSING] = "source_missing",
	[DIFF_NO_TIME] = "no_time",
	[DIFF_GAP] = "gap",
	[DIFF_DAMAGED] = "damaged",
};

const char *diff_note_name(enum diff_note note)
{
	return note_names[note];
}

int diff_say(struct diff *d, enum diff_note note, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	if (d->n_said == d->cap_said) {
		size_t cap = d->cap_said ? 2 * d->cap_said : 8;
		struct diff_said *said = arena_array(&d->arena, cap, sizeof(*said));

		if (!said)
			return -ENOMEM;
		if (d->n_said)
			memcpy(said, d->said, d->n_said * sizeof(*said));
		d->said = said;
		d->cap_said = cap;
	}
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	d->said[d->n_said].note = note;
	d->said[d->n_said].text = arena_strdup(&d->arena, text);
	if (!d->said[d->n_said].text)
		return -ENOMEM;
	d->n_said++;
	return 0;
}

/* ---- who, when ---- */

static bool differ(const char *a, const char *b)
{
	return a && b && strcmp(a, b) != 0;
}

/* Of use where no boot id tells. */
static bool has_shorter_uptime(const struct snapshot *a, const struct snapshot *b)
{
	return (!a->boot_id || !b->boot_id) && a->uptime_ms.known && b->uptime_ms.known &&
	       b->uptime_ms.v < a->uptime_ms.v;
}

bool snapshots_of_one_boot(const struct snapshot *a, const struct snapshot *b)
{
	return !differ(a->host, b->host) && !differ(a->kernel.release, b->kernel.release) &&
	       !differ(a->boot_id, b->boot_id) && !has_shorter_uptime(a, b);
}

/* By clock and uptime they were started at one moment; a clock that was set in between says otherwise. */
static bool started_together(const struct snapshot *a, const struct snapshot *b)
{
	uint64_t at_a, at_b;

	if (!a->time_ns.known || !b->time_ns.known || !a->uptime_ms.known || !b->uptime_ms.known)
		return false;
	at_a = sat_sub(a->time_ns.v / 1000000, a->uptime_ms.v);
	at_b = sat_sub(b->time_ns.v / 1000000, b->uptime_ms.v);
	return (at_a > at_b ? at_a - at_b : at_b - at_a) < 5000;
}

static int note_identity(struct diff *d)
{
	const struct snapshot *a = d->a, *b = d->b;
	int ret = 0;

	d->same_boot = snapshots_of_one_boot(a, b);
	d->boot_known = a == b || (a->boot_id && b->boot_id) || started_together(a, b);
	if (differ(a->host, b->host))
		ret = diff_say(d, DIFF_HOST_CHANGED, "two hosts: %.100s and %.100s", a->host, b->host);
	if (ret == 0 && differ(a->kernel.release, b->kernel.release))
		ret = diff_say(d, DIFF_KERNEL_CHANGED, "the kernel changed from %.100s to %.100s",
			       a->kernel.release, b->kernel.release);
	if (ret == 0 && differ(a->boot_id, b->boot_id))
		ret = diff_say(d, DIFF_REBOOTED, "the machine was started anew between the two: "
						 "counts of events cannot be compared");
	else if (ret == 0 && has_shorter_uptime(a, b))
		ret = diff_say(d, DIFF_REBOOTED, "the second has a shorter uptime than the first: another "
						 "boot, or the order is reversed");
	return ret;
}

/* The uptime is the better clock: nobody sets it. It comes in hundredths; the clock is finer where both agree. */
static uint64_t span_between(const struct snapshot *a, const struct snapshot *b, bool same_boot, bool *stepped)
{
	bool wall = a->time_ns.known && b->time_ns.known && b->time_ns.v >= a->time_ns.v;
	uint64_t by_wall = wall ? b->time_ns.v - a->time_ns.v : 0, by_uptime, apart;

	*stepped = false;
	if (!same_boot || !a->uptime_ms.known || !b->uptime_ms.known || b->uptime_ms.v < a->uptime_ms.v)
		return by_wall;
	by_uptime = sat_mul(b->uptime_ms.v - a->uptime_ms.v, 1000000);
	apart = by_wall > by_uptime ? by_wall - by_uptime : by_uptime - by_wall;
	*stepped = a->time_ns.known && b->time_ns.known && apart > UINT64_C(5000000000) + by_uptime / 1000;
	return wall && by_wall > 0 && !*stepped ? by_wall : by_uptime;
}

static int note_span(struct diff *d)
{
	const struct snapshot *a = d->a, *b = d->b;
	bool times = a->time_ns.known && b->time_ns.known, stepped;

	d->span_ns = span_between(a, b, d->same_boot, &stepped);
	if (stepped)
		return diff_say(d, DIFF_CLOCK_STEPPED,
				"the clock was set between the two: by the uptime they are %llu s apart",
				(unsigned long long)(d->span_ns / 1000000000));
	if (d->span_ns || (times && b->time_ns.v == a->time_ns.v) ||
	    (d->same_boot && a->uptime_ms.known && b->uptime_ms.known && b->uptime_ms.v >= a->uptime_ms.v))
		return 0;
	d->is_reversed = times;
	if (times)
		return diff_say(d, DIFF_TIME_BACK, "the second is older than the first: no rates");
	return diff_say(d, DIFF_NO_TIME, "a side does not tell when it was taken: no rates");
}

/* ---- what was read ---- */

bool snapshot_has_part(const struct snapshot *s, enum diff_part part)
{
	switch (part) {
	case PART_SLAB:
		return s->has_slab;
	case PART_VMALLOC:
		return s->has_vmalloc;
	case PART_SITES:
		return s->has_allocinfo;
	case PART_LOSERS:
		return s->has_kmemleak;
	case PART_OWNERS:
		return s->has_page_owner;
	default:
		for (size_t i = 0; i < s->n_zones; i++) {
			if (s->zones[i].n_types)
				return true;
		}
		return false;
	}
}

bool diff_has_part(const struct diff *d, enum diff_part part)
{
	return d->ends.part[part].a && d->ends.part[part].b &&
	       (d->ends.part[part].a != d->ends.part[part].b || d->a == d->b);
}

double diff_part_span_s(const struct diff *d, enum diff_part part)
{
	bool stepped;

	if (!diff_has_part(d, part))
		return 0;
	return (double)span_between(d->ends.part[part].a, d->ends.part[part].b, d->same_boot, &stepped) / 1e9;
}

static bool source_read(const struct snapshot *s, const char *name)
{
	const struct snap_source *src = s ? snapshot_source(s, name) : NULL;

	return src && src->state == SNAP_READ;
}

/* The part of the file of that name; DIFF_PARTS: the ends hold it, or it is missing. */
static enum diff_part part_of(const char *source)
{
	static const struct {
		const char *source;
		enum diff_part part;
	} rows[] = { { "slabinfo", PART_SLAB }, { "vmallocinfo", PART_VMALLOC }, { "pagetypeinfo", PART_TYPES } };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (strcmp(rows[i].source, source) == 0)
			return rows[i].part;
	}
	return DIFF_PARTS;
}

static int note_sources(struct diff *d)
{
	static const char *const sources[] = { "buddyinfo", "pagetypeinfo", "zoneinfo", "vmstat",
					       "meminfo", "slabinfo", "vmallocinfo" };
	int ret = 0;

	for (size_t i = 0; i < ARRAY_SIZE(sources) && ret == 0; i++) {
		enum diff_part part = part_of(sources[i]);
		bool a = source_read(d->a, sources[i]), b = source_read(d->b, sources[i]);

		if (part < DIFF_PARTS && diff_has_part(d, part))
			continue;
		if (a != b)
			ret = diff_say(d, DIFF_SOURCE_MISSING, "%s was read %s: not compared", sources[i],
				       a ? "before only" : "after only");
		else if (!a && part < DIFF_PARTS && d->ends.part[part].a)
			ret = diff_say(d, DIFF_SOURCE_MISSING, "%s was read once only: not compared", sources[i]);
	}
	return ret;
}

/* Of a recording that holds the costly files in some samples: of which time their numbers are. */
static int note_parts(struct diff *d)
{
	static const char *const names[] = { [PART_SLAB] = "slabinfo", [PART_VMALLOC] = "vmallocinfo",
					     [PART_TYPES] = "pagetypeinfo" };
	const struct snapshot *a = NULL, *b = NULL;
	auto_strbuf struct strbuf list = STRBUF_INIT;
	char from[TIME_RFC3339_MAX], to[TIME_RFC3339_MAX];

	for (unsigned int i = 0; i < ARRAY_SIZE(names); i++) {
		if (!diff_has_part(d, i) || (d->ends.part[i].a == d->a && d->ends.part[i].b == d->b) ||
		    (a && (d->ends.part[i].a != a || d->ends.part[i].b != b)))
			continue;
		a = d->ends.part[i].a;
		b = d->ends.part[i].b;
		sb_printf(&list, "%s%s", list.len ? ", " : "", names[i]);
	}
	if (!a || !a->time_ns.known || !b->time_ns.known)
		return 0;
	time_rfc3339((int64_t)a->time_ns.v, from);
	time_rfc3339((int64_t)b->time_ns.v, to);
	return diff_say(d, DIFF_SOURCE_MISSING, "%s: in some samples only, compared from %s to %s", sb_str(&list), from,
			to);
}

int diff_notes(struct diff *d)
{
	int ret = note_identity(d);

	if (ret == 0)
		ret = diff_note_restart(d);
	if (ret == 0)
		ret = note_span(d);
	if (ret == 0)
		ret = note_sources(d);
	return ret ? ret : note_parts(d);
}
