// SPDX-License-Identifier: GPL-2.0-or-later
/* What changed between two snapshots. */
#include "model/diff.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/timefmt.h"
#include "kernel/fragmentation.h"
#include "model/diff_priv.h"
#include "model/history.h"

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

struct opt_u64 snapshot_free_pages_from(const struct snapshot *s, unsigned int order)
{
	struct opt_u64 sum = OPT_UNKNOWN;

	for (size_t i = 0; i < s->n_zones; i++) {
		const struct snap_zone *z = &s->zones[i];

		if (!z->free_blocks)
			continue;
		sum.known = true;
		for (unsigned int o = order; o < z->n_orders; o++)
			sum.v = sat_add(sum.v, sat_shl(z->free_blocks[o], o));
	}
	return sum;
}

/* ---- zones ---- */

static struct opt_u64 type_free_pages(const struct snap_zone *z, const struct snap_type *t)
{
	struct opt_u64 sum = OPT_UNKNOWN;

	for (unsigned int o = 0; t && t->free_blocks && o < z->n_orders; o++)
		sum = opt_u64(sat_add(sum.v, sat_shl(t->free_blocks[o], o)));
	return sum;
}

/* What a zone that came lacks on the one side was not there; what one that stayed lacks was not read. */
static change_rule *rule_of(const struct diff_zone *z)
{
	return z->came || z->went ? change_gauge : change_known;
}

static const struct snap_zone no_zone;

/* The zone of @s that @z is. */
static const struct snap_zone *part_zone(const struct snapshot *s, const struct snap_zone *z)
{
	const struct snap_zone *found = s && z->name ? snapshot_zone(s, z->node, z->name) : NULL;

	return found ? found : &no_zone;
}

static int diff_types(struct diff *d, struct diff_zone *out, const struct snap_zone *a,
		      const struct snap_zone *b)
{
	change_rule *change = rule_of(out);
	const struct snap_zone *from;

	/* Of the samples that hold them. */
	if (!out->came && !out->went) {
		a = part_zone(d->ends.part[PART_TYPES].a, a);
		b = part_zone(d->ends.part[PART_TYPES].b, b);
	}
	from = b->n_types ? b : a;
	out->types = arena_array(&d->arena, from->n_types, sizeof(*out->types));
	if (!out->types)
		return -ENOMEM;
	for (size_t i = 0; i < from->n_types; i++) {
		const char *name = from->types[i].name;
		const struct snap_type *ta = snap_zone_type(a, name), *tb = snap_zone_type(b, name);

		out->types[i].name = arena_strdup(&d->arena, name);
		if (!out->types[i].name)
			return -ENOMEM;
		out->types[i].pageblocks = change(ta ? ta->pageblocks : OPT_UNKNOWN,
						  tb ? tb->pageblocks : OPT_UNKNOWN);
		out->types[i].free_pages = change(type_free_pages(a, ta), type_free_pages(b, tb));
	}
	out->n_types = from->n_types;
	return 0;
}

static struct opt_u64 blocks_at(const struct snap_zone *z, unsigned int order)
{
	if (!z->free_blocks || order >= z->n_orders)
		return OPT_UNKNOWN;
	return opt_u64(z->free_blocks[order]);
}

static struct opt_u64 unusable_at(const struct snap_zone *z, unsigned int order)
{
	if (!z->free_blocks || order >= z->n_orders)
		return OPT_UNKNOWN;
	return opt_u64((uint64_t)unusable_free_index(z->free_blocks, z->n_orders, order));
}

static int diff_orders(struct diff *d, struct diff_zone *out, const struct snap_zone *a,
		       const struct snap_zone *b)
{
	unsigned int n = a->n_orders > b->n_orders ? a->n_orders : b->n_orders;
	change_rule *change = rule_of(out);

	if (!a->free_blocks && !b->free_blocks)
		return 0;
	out->free_blocks = arena_array(&d->arena, n, sizeof(*out->free_blocks));
	out->unusable = arena_array(&d->arena, n, sizeof(*out->unusable));
	if (!out->free_blocks || !out->unusable)
		return -ENOMEM;
	for (unsigned int o = 0; o < n; o++) {
		out->free_blocks[o] = change(blocks_at(a, o), blocks_at(b, o));
		out->unusable[o] = change(unusable_at(a, o), unusable_at(b, o));
	}
	out->n_orders = n;
	return 0;
}

static struct opt_u64 zone_free(const struct snap_zone *z)
{
	struct opt_u64 sum = OPT_UNKNOWN;

	if (z->free_pages.known || !z->free_blocks)
		return z->free_pages;
	for (unsigned int o = 0; o < z->n_orders; o++)
		sum = opt_u64(sat_add(sum.v, sat_shl(z->free_blocks[o], o)));
	return sum;
}

static int diff_zone(struct diff *d, const struct snap_zone *a, const struct snap_zone *b)
{
	struct diff_zone *out = &d->zones[d->n_zones];
	int ret;

	out->node = b ? b->node : a->node;
	out->zone = arena_strdup(&d->arena, b ? b->name : a->name);
	if (!out->zone)
		return -ENOMEM;
	/* A side without any zone has not read them. */
	out->came = !a && d->a->n_zones;
	out->went = !b && d->b->n_zones;
	a = a ? a : &no_zone;
	b = b ? b : &no_zone;
	out->free_pages = rule_of(out)(zone_free(a), zone_free(b));
	ret = diff_orders(d, out, a, b);
	if (ret == 0)
		ret = diff_types(d, out, a, b);
	if (ret == 0)
		d->n_zones++;
	return ret;
}

static int diff_zones(struct diff *d)
{
	int ret = 0;

	d->zones = arena_array(&d->arena, d->a->n_zones + d->b->n_zones, sizeof(*d->zones));
	if (!d->zones)
		return -ENOMEM;
	for (size_t i = 0; i < d->b->n_zones && ret == 0; i++) {
		const struct snap_zone *b = &d->b->zones[i];

		ret = diff_zone(d, snapshot_zone(d->a, b->node, b->name), b);
	}
	for (size_t i = 0; i < d->a->n_zones && ret == 0; i++) {
		const struct snap_zone *a = &d->a->zones[i];

		if (!snapshot_zone(d->b, a->node, a->name))
			ret = diff_zone(d, a, NULL);
	}
	return ret;
}

/* ---- counters and accounts ---- */

/* Which of two files names a counter; their order is that of one kernel mostly: look at *@at first. */
static struct opt_u64 find_counter(const struct kv_table *t, const char *name, size_t *at)
{
	struct opt_u64 v = OPT_UNKNOWN;

	if (*at >= t->n || strcmp(t->v[*at].name, name) != 0) {
		for (*at = 0; *at < t->n && strcmp(t->v[*at].name, name) != 0;)
			++*at;
	}
	if (*at < t->n && !t->v[*at].is_negative)
		v = opt_u64(t->v[*at].value);
	++*at;
	return v;
}

/* A counter of 32 bits may go over its end between each two samples: the sum of the steps. */
static struct change sum_steps(const struct history *h, const char *name, struct change ends)
{
	const struct series *row = history_get(h, SERIES_EVENT, name);
	struct opt_u64 before = OPT_UNKNOWN;
	struct change sum = ends;

	if (!row)
		return ends;
	sum.kind = CHANGE_BOTH;
	sum.negative = sum.wrapped = false;
	sum.delta = 0;
	for (size_t i = history_last_boot(h); i < h->n_points; i++) {
		struct opt_u64 now = isnan(row->v[i]) ? OPT_UNKNOWN : opt_u64((uint64_t)row->v[i]);
		struct change step = change_counter(before, now, 32);

		if (step.kind == CHANGE_RESET)
			return change_counter(before, now, 32);
		sum.delta = sat_add(sum.delta, step.kind == CHANGE_BOTH ? step.delta : 0);
		sum.wrapped |= step.wrapped;
		if (now.known)
			before = now;
	}
	return sum;
}

static struct change counter_change(const struct diff *d, const struct history *h, const char *name,
				    struct opt_u64 before, struct opt_u64 after)
{
	unsigned int bits = opt_or(d->b->kernel.word_bits, 64) == 32 ? 32 : 64;
	struct change c;

	if (vmstat_is_gauge(name))
		return change_known(before, after);
	if (!d->same_boot)
		return (struct change){ CHANGE_RESET, before, after, false, 0, false };
	c = change_counter(before, after, bits);
	if (bits == 32 && h && before.known && after.known) {
		c = sum_steps(h, name, c);
		c.before = before;
		c.after = after;
	}
	return c;
}

/* Neither a boot id nor the uptime says so; the counters do. */
static int note_going_back(struct diff *d, size_t resets, const char *reset)
{
	char who[128];

	if (resets == 1)
		snprintf(who, sizeof(who), "%.60s of vmstat", reset);
	else
		snprintf(who, sizeof(who), "%zu counters of vmstat, %.60s among them,", resets, reset);
	if (d->boot_known)
		return diff_say(d, DIFF_COUNTER_RESET, "%s went back although the kernel did not start again", who);
	d->same_boot = false;
	for (size_t i = 0; i < d->n_counters; i++) {
		if (!d->counters[i].gauge)
			d->counters[i].change = counter_change(d, NULL, d->counters[i].name, d->counters[i].change.before,
							       d->counters[i].change.after);
	}
	return diff_say(d, DIFF_REBOOTED, "%s went back, and no boot id tells whether the machine was started anew: "
					  "counts of events cannot be compared", who);
}

static int diff_counters(struct diff *d, const struct history *h)
{
	const struct kv_table *a = &d->a->vmstat, *b = &d->b->vmstat;
	const char *reset = NULL;
	size_t resets = 0, at = 0;

	d->counters = arena_array(&d->arena, b->n, sizeof(*d->counters));
	if (!d->counters)
		return -ENOMEM;
	for (size_t i = 0; i < b->n; i++) {
		struct diff_counter *c = &d->counters[i];
		struct opt_u64 before = find_counter(a, b->v[i].name, &at);

		c->name = arena_strdup(&d->arena, b->v[i].name);
		if (!c->name)
			return -ENOMEM;
		c->gauge = vmstat_is_gauge(c->name);
		c->change = counter_change(d, h, c->name, before,
					   b->v[i].is_negative ? OPT_UNKNOWN : opt_u64(b->v[i].value));
		if (d->same_boot && c->change.kind == CHANGE_RESET && resets++ == 0)
			reset = c->name;
	}
	d->n_counters = b->n;
	return resets ? note_going_back(d, resets, reset) : 0;
}

struct change diff_counter_get(const struct diff *d, const char *name)
{
	for (size_t i = 0; i < d->n_counters; i++) {
		if (strcmp(d->counters[i].name, name) == 0)
			return d->counters[i].change;
	}
	return (struct change){ .kind = CHANGE_UNKNOWN };
}

bool diff_has_counters(const struct diff *d)
{
	for (size_t i = 0; i < d->n_counters; i++) {
		if (!d->counters[i].gauge && d->counters[i].change.kind == CHANGE_BOTH)
			return true;
	}
	return false;
}

static void add_counter(struct opt_u64 *sum, const struct diff_counter *c)
{
	if (!c->gauge && c->change.kind == CHANGE_BOTH)
		*sum = opt_u64(sat_add(sum->v, c->change.delta));
}

struct opt_u64 diff_counters_sum(const struct diff *d, const char *prefix)
{
	struct opt_u64 sum = OPT_UNKNOWN;

	for (size_t i = 0; i < d->n_counters; i++) {
		if (strncmp(d->counters[i].name, prefix, strlen(prefix)) == 0)
			add_counter(&sum, &d->counters[i]);
	}
	return sum;
}

struct opt_u64 diff_reclaim_pages(const struct diff *d, const char *name)
{
	struct opt_u64 sum = OPT_UNKNOWN;
	size_t len = strlen(name);

	for (size_t i = 0; i < d->n_counters; i++) {
		const char *rest = d->counters[i].name + len;

		if (strncmp(d->counters[i].name, name, len) == 0 && (*rest == '\0' || *rest == '_') &&
		    strcmp(rest, "_throttle") != 0)
			add_counter(&sum, &d->counters[i]);
	}
	return sum;
}

double diff_counters_rate(const struct diff *d, const char *prefix)
{
	struct opt_u64 sum = diff_counters_sum(d, prefix);

	return sum.known && d->span_ns ? (double)sum.v / ((double)d->span_ns / 1e9) : -1;
}

struct change diff_pageblocks(const struct diff *d, const char *type)
{
	struct opt_u64 before = OPT_UNKNOWN, after = OPT_UNKNOWN;

	for (size_t i = 0; i < d->n_zones; i++) {
		for (size_t j = 0; j < d->zones[i].n_types; j++) {
			const struct change *c = &d->zones[i].types[j].pageblocks;

			if (strcmp(d->zones[i].types[j].name, type) != 0 || c->kind != CHANGE_BOTH)
				continue;
			before = opt_u64(sat_add(before.v, c->before.v));
			after = opt_u64(sat_add(after.v, c->after.v));
		}
	}
	return change_gauge(before, after);
}

/* ---- who, when ---- */

static bool differ(const char *a, const char *b)
{
	return a && b && strcmp(a, b) != 0;
}

static int note_identity(struct diff *d)
{
	const struct snapshot *a = d->a, *b = d->b;
	int ret = 0;

	d->same_boot = true;
	d->boot_known = a == b || (a->boot_id && b->boot_id) || (a->uptime_ms.known && b->uptime_ms.known);
	if (differ(a->host, b->host)) {
		d->same_boot = false;
		ret = diff_say(d, DIFF_HOST_CHANGED, "two hosts: %.100s and %.100s", a->host, b->host);
	}
	if (ret == 0 && differ(a->kernel.release, b->kernel.release)) {
		d->same_boot = false;
		ret = diff_say(d, DIFF_KERNEL_CHANGED, "the kernel changed from %.100s to %.100s",
			       a->kernel.release, b->kernel.release);
	}
	if (ret == 0 && differ(a->boot_id, b->boot_id)) {
		d->same_boot = false;
		ret = diff_say(d, DIFF_REBOOTED, "the machine was started anew between the two: "
						 "counts of events cannot be compared");
	} else if (ret == 0 && (!a->boot_id || !b->boot_id) && a->uptime_ms.known &&
		   b->uptime_ms.known && b->uptime_ms.v < a->uptime_ms.v) {
		d->same_boot = false;
		ret = diff_say(d, DIFF_REBOOTED, "the second has a shorter uptime than the first: another "
						 "boot, or the order is reversed");
	}
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

static void diff_accounts(struct diff *d)
{
	struct accounts a = accounts_of(d->a), b = accounts_of(d->b);
	bool part = diff_has_part(d, PART_VMALLOC);
	struct accounts pa = part ? accounts_of(d->ends.part[PART_VMALLOC].a) : a;
	struct accounts pb = part ? accounts_of(d->ends.part[PART_VMALLOC].b) : b;

	d->total_bytes = b.total_bytes;
	for (unsigned int i = 0; i < ACC_COUNT; i++) {
		/* Kernels before 5.3 tell in vmallocinfo only what is vmalloc, and so what is left. */
		if (a.bytes[i].known && b.bytes[i].known)
			d->accounts[i] = change_known(a.bytes[i], b.bytes[i]);
		else
			d->accounts[i] = change_known(pa.bytes[i], pb.bytes[i]);
	}
}

int diff_new_over(const struct diff_ends *ends, const struct history *h, struct diff **out)
{
	struct diff *d = calloc(1, sizeof(*d));
	int ret;

	if (!d)
		return -ENOMEM;
	d->ends = *ends;
	d->a = ends->a;
	d->b = ends->b;
	d->page_size = snapshot_page_size(d->b);
	ret = note_identity(d);
	if (ret == 0)
		ret = note_span(d);
	if (ret == 0)
		ret = note_sources(d);
	if (ret == 0)
		ret = note_parts(d);
	if (ret == 0)
		ret = diff_zones(d);
	if (ret == 0)
		ret = diff_counters(d, h);
	if (ret == 0)
		ret = diff_slab(d);
	if (ret == 0)
		ret = diff_vmalloc(d);
	if (ret == 0)
		ret = diff_allocinfo(d);
	if (ret == 0)
		ret = diff_kmemleak(d);
	if (ret == 0)
		ret = diff_page_owner(d);
	if (ret) {
		diff_free(d);
		return ret;
	}
	diff_accounts(d);
	*out = d;
	return 0;
}

int diff_new(const struct snapshot *a, const struct snapshot *b, struct diff **out)
{
	struct diff_ends ends = { .a = a, .b = b };

	for (unsigned int i = 0; i < DIFF_PARTS; i++) {
		ends.part[i].a = snapshot_has_part(a, i) ? a : NULL;
		ends.part[i].b = snapshot_has_part(b, i) ? b : NULL;
	}
	return diff_new_over(&ends, NULL, out);
}

void diff_free(struct diff *d)
{
	if (!d)
		return;
	arena_done(&d->arena);
	free(d);
}
