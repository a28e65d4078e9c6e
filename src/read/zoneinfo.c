// SPDX-License-Identifier: GPL-2.0-or-later
/* Reader of /proc/zoneinfo. */
#include "read/zoneinfo.h"

#include <errno.h>
#include <limits.h>
#include <stddef.h>

#include "base/cleanup.h"
#include "read/nameset.h"
#include "read/zoneinfo_cpus.h"

struct zoneinfo_reader {
	struct arena arena; /* becomes the caller's in the end */
	struct lines lines; /* of the present piece */
	struct read_notes notes;
	struct nameset zones_seen;
	struct nameset names_seen; /* counters of the current zone and of the node it names */
	struct zoneinfo_zone *zones;
	size_t n_zones, zones_cap;
	struct zoneinfo_node *nodes;
	size_t n_nodes, nodes_cap;
	struct zoneinfo_cpus cpus; /* of the current zone */
	bool in_zone;	    /* lines belong to the last of zones */
	bool in_node_stats; /* lines up to "pages free" are counters of the last of nodes */
};

#define ZONE(name, member) { { name, sizeof(name) - 1 }, offsetof(struct zoneinfo_zone, member) }

/* "    name value" of the zone's own block, by its place in struct zoneinfo_zone. */
static const struct field {
	struct slice name;
	size_t offset;
} zone_fields[] = {
	ZONE("boost", boost),
	ZONE("min", min),
	ZONE("low", low),
	ZONE("high", high),
	ZONE("promo", promo),
	ZONE("spanned", spanned),
	ZONE("present", present),
	ZONE("managed", managed),
	ZONE("cma", cma),
};

/* "  name: value" below the pagesets; all_unreclaimable until 4.8, node_unreclaimable since. */
static const struct field tail_fields[] = {
	ZONE("start_pfn", start_pfn),
	ZONE("all_unreclaimable", unreclaimable),
	ZONE("node_unreclaimable", unreclaimable),
	ZONE("reserved_highatomic", reserved_highatomic),
	ZONE("free_highatomic", free_highatomic),
};

static bool set_field(const struct field *f, size_t n, struct zoneinfo_zone *base, struct slice name,
		      uint64_t v)
{
	for (size_t i = 0; i < n; i++) {
		if (name.len == f[i].name.len && memcmp(name.p, f[i].name.p, name.len) == 0) {
			*(struct opt_u64 *)(void *)((char *)base + f[i].offset) = opt_u64(v);
			return true;
		}
	}
	return false;
}

static struct zoneinfo_zone *zone_now(struct zoneinfo_reader *p)
{
	return &p->zones[p->n_zones - 1];
}

/* The pagesets of the zone that ends here go to the arena. */
static int end_zone(struct zoneinfo_reader *p)
{
	struct zoneinfo_zone *z;

	if (!p->in_zone || p->cpus.n == 0)
		return 0;
	z = zone_now(p);
	z->pagesets = arena_memdup(&p->arena, p->cpus.v, p->cpus.n * sizeof(*p->cpus.v));
	z->n_pagesets = p->cpus.n;
	p->cpus.n = 0;
	return z->pagesets ? 0 : -ENOMEM;
}

static int begin_zone(struct zoneinfo_reader *p, const char **why)
{
	struct slice rest = p->lines.line, name, more;
	struct zoneinfo_zone z = { 0 };
	size_t index = p->n_zones;
	int r = end_zone(p);

	p->in_zone = p->in_node_stats = false;
	nameset_clear(&p->names_seen);
	if (r)
		return r;
	*why = lines_zone(&rest, &z.node, &name);
	if (!*why && slice_word(&rest, &more))
		*why = "text after the zone's name";
	if (!*why && !p->lines.complete)
		*why = "cut off";
	if (*why)
		return 0;
	if (nameset_get(&p->zones_seen, (uint64_t)z.node, name, &index)) {
		*why = "this zone was given before";
		return 0;
	}
	z.zone = arena_strndup(&p->arena, name.p, name.len);
	if (!z.zone || vec_grow(&p->zones, &p->zones_cap, p->n_zones, sizeof(z)) != 0)
		return -ENOMEM;
	r = nameset_add(&p->zones_seen, (uint64_t)z.node, (struct slice){ z.zone, name.len }, &index);
	if (r)
		return r;
	p->zones[p->n_zones++] = z;
	p->in_zone = true;
	return 0;
}

/* "per-node stats" stands inside the node's first populated zone, since 4.9. */
static int begin_node_stats(struct zoneinfo_reader *p, const char **why)
{
	struct zoneinfo_node n = { .node = zone_now(p)->node };
	size_t index = p->n_nodes;
	int r = nameset_add(&p->zones_seen, (uint64_t)n.node, SLICE(""), &index);

	if (r > 0)
		*why = "this node's counters were given before";
	if (r != 0)
		return r < 0 ? r : 0;
	if (vec_grow(&p->nodes, &p->nodes_cap, p->n_nodes, sizeof(n)) != 0)
		return -ENOMEM;
	p->nodes[p->n_nodes++] = n;
	p->in_node_stats = true;
	return 0;
}

static int add_counter(struct zoneinfo_reader *p, struct slice name, uint64_t v, const char **why)
{
	struct kv_table *t = p->in_node_stats ? &p->nodes[p->n_nodes - 1].counters
					      : &zone_now(p)->counters;
	size_t index = t->n;
	int r;

	if (nameset_get(&p->names_seen, p->in_node_stats, name, &index)) {
		*why = "this counter was given before";
		return 0;
	}
	r = kv_add(&p->arena, t, name, v);
	return r ? r : nameset_add(&p->names_seen, p->in_node_stats,
				   (struct slice){ t->v[index].name, name.len }, &index);
}

/* "(0, 2929, 3882)" */
static int parse_protection(struct zoneinfo_reader *p, struct slice s, const char **why)
{
	struct counts c;

	s = slice_trim(s);
	c.n = 0;
	*why = "not a list of page counts";
	if (s.len < 2 || s.p[0] != '(' || s.p[s.len - 1] != ')')
		return 0;
	s = (struct slice){ s.p + 1, s.len - 1 };
	while (s.len) {
		size_t len = 0;

		while (s.p[len] != ',' && s.p[len] != ')')
			len++;
		if (c.n == LINES_ORDERS_MAX || num_u64(s.p, len, &c.v[c.n++]) != 0)
			return 0;
		s.p += len + 1;
		s.len -= len + 1;
		slice_skip(&s, " ");
	}
	*why = NULL;
	zone_now(p)->protection = arena_memdup(&p->arena, c.v, c.n * sizeof(*c.v));
	zone_now(p)->n_protection = c.n;
	return zone_now(p)->protection ? 0 : -ENOMEM;
}

/* "name: value": pagesets and what follows them. */
static int parse_colon(struct zoneinfo_reader *p, struct slice name, uint64_t v, const char **why)
{
	int r;

	if (slice_eq(name, "cpu")) {
		if (v <= INT_MAX)
			return zoneinfo_cpus_begin(&p->cpus, (int)v);
		*why = "not a CPU's number";
		return 0;
	}
	r = zoneinfo_cpus_number(&p->cpus, name, v);
	if (r == -ERANGE)
		*why = "not a number of a CPU's lists";
	else if (r == 0)
		set_field(tail_fields, ARRAY_SIZE(tail_fields), zone_now(p), name, v);
	return 0; /* what this program has no use for, like inactive_ratio, is no error */
}

/* "name value" or "name: value", the name of one word or more. */
static int parse_value(struct zoneinfo_reader *p, struct slice s, const char **why)
{
	struct slice name, word;
	uint64_t v;
	size_t at = s.len;

	while (at && s.p[at - 1] != ' ')
		at--;
	word = (struct slice){ s.p + at, s.len - at };
	while (at && s.p[at - 1] == ' ')
		at--;
	name = (struct slice){ s.p, at };
	if (num_u64(word.p, word.len, &v) != 0)
		*why = "not a name and a number";
	else if (!p->lines.complete)
		*why = "cut off";
	if (*why)
		return 0;
	if (name.len && name.p[name.len - 1] == ':')
		return parse_colon(p, (struct slice){ name.p, name.len - 1 }, v, why);
	if (slice_eq(name, "pages free")) {
		p->in_node_stats = false;
		zone_now(p)->free = opt_u64(v);
		return 0;
	}
	if (name.len == 0)
		return 0; /* 4.17 to 4.19 hide nr_indirectly_reclaimable by an empty name */
	if (!lines_name_ok(name)) {
		*why = "not a name and a number";
		return 0;
	}
	if (!p->in_node_stats &&
	    set_field(zone_fields, ARRAY_SIZE(zone_fields), zone_now(p), name, v))
		return 0;
	return add_counter(p, name, v, why);
}

/* @s: the line without blanks around. */
static int parse_line(struct zoneinfo_reader *p, struct slice s, const char **why)
{
	const char *bracket;

	*why = NULL;
	if (slice_starts(p->lines.line, "Node"))
		return begin_zone(p, why);
	if (!p->in_zone) {
		*why = "belongs to no zone";
		return 0;
	}
	if (slice_eq(s, "per-node stats"))
		return begin_node_stats(p, why);
	if (slice_eq(s, "pagesets"))
		return 0;
	if (slice_skip(&s, "protection:"))
		return parse_protection(p, s, why);
	/* Until 2.6.30 or so: "scanned  0 (aa: 0 ia: 0 af: 0 if: 0)". */
	bracket = slice_starts(s, "scanned ") ? memchr(s.p, '(', s.len) : NULL;
	if (bracket)
		s = slice_trim((struct slice){ s.p, (size_t)(bracket - s.p) });
	return parse_value(p, s, why);
}

struct zoneinfo_reader *zoneinfo_reader_new(void)
{
	return calloc(1, sizeof(struct zoneinfo_reader));
}

int zoneinfo_reader_add(struct zoneinfo_reader *p, struct slice piece)
{
	p->lines.rest = piece;
	while (lines_next(&p->lines)) {
		struct slice s = slice_trim(p->lines.line);
		const char *why;
		int r;

		if (s.len == 0)
			continue;
		r = parse_line(p, s, &why);
		if (r)
			return r;
		if (why)
			notes_bad(&p->notes, &p->arena, p->lines.number, p->lines.line, why);
		r = zoneinfo_cpus_lines(&p->cpus, &p->lines);
		if (r)
			return r;
	}
	return 0;
}

static int hand_over(struct zoneinfo_reader *p, struct zoneinfo *out)
{
	int r = end_zone(p);

	if (r)
		return r;
	out->zones = arena_memdup(&p->arena, p->zones, p->n_zones * sizeof(*p->zones));
	out->nodes = arena_memdup(&p->arena, p->nodes, p->n_nodes * sizeof(*p->nodes));
	if (!out->zones || !out->nodes)
		return -ENOMEM;
	out->n_zones = p->n_zones;
	out->n_nodes = p->n_nodes;
	return p->n_zones == 0 && p->notes.bad_lines ? -EINVAL : 0;
}

int zoneinfo_reader_take(struct zoneinfo_reader *p, struct arena *arena, struct zoneinfo *out,
			 struct read_notes *notes)
{
	int r;

	*out = (struct zoneinfo){ 0 };
	r = hand_over(p, out);
	p->notes.lines = p->lines.number;
	*notes = p->notes;
	arena_move(arena, &p->arena);
	return r;
}

void zoneinfo_reader_free(struct zoneinfo_reader *p)
{
	if (!p)
		return;
	nameset_done(&p->zones_seen);
	nameset_done(&p->names_seen);
	free(p->zones);
	free(p->nodes);
	free(p->cpus.v);
	arena_done(&p->arena);
	free(p);
}

int read_zoneinfo(struct arena *arena, struct slice text, struct zoneinfo *out,
		  struct read_notes *notes)
{
	struct zoneinfo_reader *p = zoneinfo_reader_new();
	int r = -ENOMEM;

	*out = (struct zoneinfo){ 0 };
	*notes = (struct read_notes){ 0 };
	if (p)
		r = zoneinfo_reader_add(p, text);
	if (r == 0)
		r = zoneinfo_reader_take(p, arena, out, notes);
	zoneinfo_reader_free(p);
	return r;
}
