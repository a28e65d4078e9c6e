// SPDX-License-Identifier: GPL-2.0-or-later
/* What changed between two snapshots. */
#include "model/diff.h"

#include <errno.h>

#include "model/diff_priv.h"

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

struct opt_u64 snapshot_unusable_share(const struct snapshot *s, unsigned int order)
{
	uint64_t all = opt_or(snapshot_free_pages_from(s, 0), 0);

	return all ? opt_u64(1000 - snapshot_free_pages_from(s, order).v * 1000 / all) : OPT_UNKNOWN;
}

struct opt_u64 diff_page_bytes(const struct diff *d, struct opt_u64 pages)
{
	pages.v = sat_mul(pages.v, d->page_size);
	return pages;
}

/* ---- zones ---- */

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

static int diff_orders(struct diff *d, struct diff_zone *out, const struct snap_zone *a,
		       const struct snap_zone *b)
{
	unsigned int n = a->n_orders > b->n_orders ? a->n_orders : b->n_orders;
	change_rule *change = rule_of(out);

	if (!a->free_blocks && !b->free_blocks)
		return 0;
	out->free_blocks = arena_array(&d->arena, n, sizeof(*out->free_blocks));
	if (!out->free_blocks)
		return -ENOMEM;
	for (unsigned int o = 0; o < n; o++)
		out->free_blocks[o] = change(blocks_at(a, o), blocks_at(b, o));
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

static void diff_accounts(struct diff *d)
{
	struct accounts a = accounts_of(d->a), b = accounts_of(d->b);
	bool part = diff_has_part(d, PART_VMALLOC);
	struct accounts pa = part ? accounts_of(d->ends.part[PART_VMALLOC].a) : a;
	struct accounts pb = part ? accounts_of(d->ends.part[PART_VMALLOC].b) : b;

	d->total_bytes = b.total_bytes;
	for (unsigned int i = 0; i < ACC_COUNT; i++) {
		/* Kernels before 5.3 tell in vmallocinfo only what is vmalloc, and so what is left. */
		if (part && !(a.bytes[i].known && b.bytes[i].known)) {
			d->accounts[i] = change_known(pa.bytes[i], pb.bytes[i]);
			d->account_span_s[i] = diff_part_span_s(d, PART_VMALLOC);
		} else {
			d->accounts[i] = change_known(a.bytes[i], b.bytes[i]);
			d->account_span_s[i] = (double)d->span_ns / 1e9;
		}
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
	ret = diff_notes(d);
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
