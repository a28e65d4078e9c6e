// SPDX-License-Identifier: GPL-2.0-or-later
/* What changed between two snapshots. */
#include "model/diff.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "kernel/fragmentation.h"
#include "model/diff_priv.h"

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

static int diff_types(struct diff *d, struct diff_zone *out, const struct snap_zone *a,
		      const struct snap_zone *b)
{
	const struct snap_zone *from = b->n_types ? b : a;

	out->types = arena_array(&d->arena, from->n_types, sizeof(*out->types));
	if (!out->types)
		return -ENOMEM;
	for (size_t i = 0; i < from->n_types; i++) {
		const char *name = from->types[i].name;
		const struct snap_type *ta = snap_zone_type(a, name), *tb = snap_zone_type(b, name);

		out->types[i].name = arena_strdup(&d->arena, name);
		if (!out->types[i].name)
			return -ENOMEM;
		out->types[i].pageblocks = change_gauge(ta ? ta->pageblocks : OPT_UNKNOWN,
							tb ? tb->pageblocks : OPT_UNKNOWN);
		out->types[i].free_pages = change_gauge(type_free_pages(a, ta), type_free_pages(b, tb));
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

	if (!a->free_blocks && !b->free_blocks)
		return 0;
	out->free_blocks = arena_array(&d->arena, n, sizeof(*out->free_blocks));
	out->unusable = arena_array(&d->arena, n, sizeof(*out->unusable));
	if (!out->free_blocks || !out->unusable)
		return -ENOMEM;
	for (unsigned int o = 0; o < n; o++) {
		out->free_blocks[o] = change_gauge(blocks_at(a, o), blocks_at(b, o));
		out->unusable[o] = change_gauge(unusable_at(a, o), unusable_at(b, o));
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
	static const struct snap_zone none;
	struct diff_zone *out = &d->zones[d->n_zones];
	int ret;

	out->node = b ? b->node : a->node;
	out->zone = arena_strdup(&d->arena, b ? b->name : a->name);
	if (!out->zone)
		return -ENOMEM;
	out->came = !a;
	out->went = !b;
	a = a ? a : &none;
	b = b ? b : &none;
	out->free_pages = change_gauge(zone_free(a), zone_free(b));
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

static int diff_counters(struct diff *d)
{
	const struct kv_table *a = &d->a->vmstat, *b = &d->b->vmstat;
	unsigned int bits = opt_or(d->b->kernel.word_bits, 64) == 32 ? 32 : 64;
	const char *reset = NULL;
	size_t resets = 0, at = 0;

	d->counters = arena_array(&d->arena, b->n, sizeof(*d->counters));
	if (!d->counters)
		return -ENOMEM;
	for (size_t i = 0; i < b->n; i++) {
		struct diff_counter *c = &d->counters[i];
		struct opt_u64 before = OPT_UNKNOWN, after = OPT_UNKNOWN;

		/* Two files of one kernel have one order: look at the same place first. */
		if (a->n) {
			if (at >= a->n || strcmp(a->v[at].name, b->v[i].name) != 0) {
				for (at = 0; at < a->n && strcmp(a->v[at].name, b->v[i].name) != 0;)
					at++;
			}
			if (at < a->n && !a->v[at].is_negative)
				before = opt_u64(a->v[at].value);
			at++;
		}
		if (!b->v[i].is_negative)
			after = opt_u64(b->v[i].value);
		c->name = arena_strdup(&d->arena, b->v[i].name);
		if (!c->name)
			return -ENOMEM;
		c->gauge = vmstat_is_gauge(c->name);
		if (c->gauge)
			c->change = change_gauge(before, after);
		else if (d->same_boot)
			c->change = change_counter(before, after, bits);
		else
			c->change = (struct change){ CHANGE_RESET, before, after, false, 0, false };
		if (d->same_boot && c->change.kind == CHANGE_RESET && resets++ == 0)
			reset = c->name;
	}
	d->n_counters = b->n;
	if (resets == 1)
		return diff_say(d, DIFF_COUNTER_RESET, "%.60s of vmstat went back although the kernel did not start again",
				reset);
	if (resets)
		return diff_say(d, DIFF_COUNTER_RESET,
				"%zu counters of vmstat went back although the kernel did not start again, %.60s among them",
				resets, reset);
	return 0;
}

struct change diff_counter_get(const struct diff *d, const char *name)
{
	for (size_t i = 0; i < d->n_counters; i++) {
		if (strcmp(d->counters[i].name, name) == 0)
			return d->counters[i].change;
	}
	return (struct change){ .kind = CHANGE_UNKNOWN };
}

uint64_t diff_counters_sum(const struct diff *d, const char *prefix)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < d->n_counters; i++) {
		const struct diff_counter *c = &d->counters[i];

		if (!c->gauge && c->change.kind == CHANGE_BOTH &&
		    strncmp(c->name, prefix, strlen(prefix)) == 0)
			sum = sat_add(sum, c->change.delta);
	}
	return sum;
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

/* The uptime is the better clock: nobody sets it. */
static int note_span(struct diff *d)
{
	const struct snapshot *a = d->a, *b = d->b;
	bool wall = a->time_ns.known && b->time_ns.known && b->time_ns.v >= a->time_ns.v;
	uint64_t by_wall = wall ? b->time_ns.v - a->time_ns.v : 0, by_uptime, apart;

	if (d->same_boot && a->uptime_ms.known && b->uptime_ms.known && b->uptime_ms.v >= a->uptime_ms.v) {
		by_uptime = sat_mul(b->uptime_ms.v - a->uptime_ms.v, 1000000);
		d->span_ns = by_uptime;
		apart = by_wall > by_uptime ? by_wall - by_uptime : by_uptime - by_wall;
		if (a->time_ns.known && b->time_ns.known && apart > UINT64_C(5000000000) + by_uptime / 1000)
			return diff_say(d, DIFF_CLOCK_STEPPED,
					"the clock was set between the two: by the uptime they are %llu s apart",
					(unsigned long long)(by_uptime / 1000000000));
		/* Uptime comes in hundredths; the clock is finer where both agree. */
		if (wall && by_wall > 0)
			d->span_ns = by_wall;
		return 0;
	}
	d->span_ns = by_wall;
	if (a->time_ns.known && b->time_ns.known && !wall)
		return diff_say(d, DIFF_TIME_BACK, "the second is older than the first: no rates");
	if (!wall)
		return diff_say(d, DIFF_NO_TIME, "a side does not tell when it was taken: no rates");
	return 0;
}

static bool source_read(const struct snapshot *s, const char *name)
{
	const struct snap_source *src = snapshot_source(s, name);

	return src && src->state == SNAP_READ;
}

static int note_sources(struct diff *d)
{
	static const char *const sources[] = { "buddyinfo", "pagetypeinfo", "zoneinfo", "vmstat",
					       "meminfo", "slabinfo", "vmallocinfo" };
	int ret = 0;

	for (size_t i = 0; i < ARRAY_SIZE(sources) && ret == 0; i++) {
		bool a = source_read(d->a, sources[i]), b = source_read(d->b, sources[i]);

		if (a != b)
			ret = diff_say(d, DIFF_SOURCE_MISSING, "%s was read %s: not compared", sources[i],
				       a ? "before only" : "after only");
	}
	return ret;
}

static void diff_accounts(struct diff *d)
{
	struct accounts a = accounts_of(d->a), b = accounts_of(d->b);

	d->total_bytes = b.total_bytes;
	for (unsigned int i = 0; i < ACC_COUNT; i++) {
		d->accounts[i] = change_gauge(a.bytes[i], b.bytes[i]);
		/* Known on one side only is no change of memory. */
		if (d->accounts[i].kind != CHANGE_BOTH)
			d->accounts[i].kind = CHANGE_UNKNOWN;
	}
}

int diff_new(const struct snapshot *a, const struct snapshot *b, struct diff **out)
{
	struct diff *d = calloc(1, sizeof(*d));
	int ret;

	if (!d)
		return -ENOMEM;
	d->a = a;
	d->b = b;
	d->page_size = snapshot_page_size(b);
	ret = note_identity(d);
	if (ret == 0)
		ret = note_span(d);
	if (ret == 0)
		ret = note_sources(d);
	if (ret == 0)
		ret = diff_zones(d);
	if (ret == 0)
		ret = diff_counters(d);
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

void diff_free(struct diff *d)
{
	if (!d)
		return;
	arena_done(&d->arena);
	free(d);
}
