// SPDX-License-Identifier: GPL-2.0-or-later
/* Reader of /proc/pagetypeinfo. */
#include "read/pagetypeinfo.h"

#include <errno.h>

#include "base/num.h"
#include "read/lines.h"
#include "read/nameset.h"

enum section {
	SECTION_NONE,
	SECTION_BLOCKS,
	SECTION_MIXED,
};

struct parser {
	struct arena *arena;
	struct lines lines;
	struct pagetypeinfo *out;
	struct nameset rows_seen, blocks_seen;
	struct pagetypeinfo_row *rows;
	size_t n_rows, rows_cap;
	struct pagetypeinfo_blocks *blocks;
	size_t n_blocks, blocks_cap;
	unsigned int n_orders; /* columns of the free lists' header; 0: not seen */
	enum section section;
	bool recognised; /* a line of this file was seen */
};

/* "Page block order: 9" and "Pages per block:  512", the same for each node. */
static const char *parse_number(struct parser *p, struct slice s, uint64_t *v)
{
	s = slice_trim(s);
	if (!p->lines.complete)
		return "cut off";
	return num_u64(s.p, s.len, v) == 0 ? NULL : "not a number";
}

static const char *parse_block_order(struct parser *p, struct slice s)
{
	uint64_t v;
	const char *why = parse_number(p, s, &v);

	if (!why && v >= LINES_ORDERS_MAX)
		why = "not an order";
	if (why)
		return why;
	p->out->has_pageblock_order = true;
	p->out->pageblock_order = (unsigned int)v;
	return NULL;
}

/* "... at order      0      1      2": the columns are the orders themselves. */
static const char *parse_orders(struct parser *p, struct slice s)
{
	struct counts c;
	const char *why = lines_counts(s, &c);

	for (unsigned int i = 0; !why && i < c.n; i++) {
		if (c.v[i] != i)
			why = "columns are not orders 0, 1, 2 ...";
	}
	if (!why && !p->lines.complete)
		why = "cut off";
	if (!why && p->n_orders && c.n != p->n_orders)
		why = "orders differ from the first header";
	if (!why)
		p->n_orders = c.n;
	return why;
}

/* A later header must name the same migratetypes: the columns are theirs. */
static const char *same_types(const struct parser *p, struct slice s)
{
	struct slice word;
	size_t n = 0;

	while (slice_word(&s, &word)) {
		if (n == p->out->n_types || !slice_eq(word, p->out->types[n++]))
			return "migratetypes differ from the first header";
	}
	return n == p->out->n_types ? NULL : "migratetypes differ from the first header";
}

/* The header names the migratetypes; it is printed again for each node. */
static int parse_types(struct parser *p, struct slice s, const char **why)
{
	auto_nameset struct nameset seen = { 0 };
	auto_free const char **names = NULL;
	size_t n = 0, cap = 0;
	struct slice word;

	while (slice_word(&s, &word)) {
		size_t index = n;
		int r = lines_name_ok(word) ? nameset_add(&seen, 0, word, &index) : 1;

		if (r > 0)
			*why = "not the names of migratetypes";
		if (r != 0)
			return r < 0 ? r : 0;
		if (vec_grow(&names, &cap, n, sizeof(*names)) != 0)
			return -ENOMEM;
		names[n] = arena_strndup(p->arena, word.p, word.len);
		if (!names[n++])
			return -ENOMEM;
	}
	p->out->types = arena_memdup(p->arena, names, n * sizeof(*names));
	p->out->n_types = p->out->types ? n : 0;
	return p->out->types ? 0 : -ENOMEM;
}

/* The header of a table of pageblocks; its rows follow. */
static int begin_section(struct parser *p, struct slice s, enum section section, const char **why)
{
	int r = 0;

	if (!p->lines.complete)
		*why = "cut off";
	else if (p->out->n_types)
		*why = same_types(p, s);
	else
		r = parse_types(p, s, why);
	if (!*why)
		p->section = section;
	return r;
}

/* "   123      0 >100000": a '>' before a count says that the kernel stopped there. */
static const char *parse_capped(struct slice s, struct counts *c, bool *capped, bool *any)
{
	struct slice word;

	for (c->n = 0; slice_word(&s, &word); c->n++) {
		if (c->n == LINES_ORDERS_MAX)
			return "more columns than there can be orders";
		capped[c->n] = slice_skip(&word, ">");
		*any |= capped[c->n];
		if (num_u64(word.p, word.len, &c->v[c->n]) != 0)
			return "not a count";
	}
	return c->n ? NULL : "no counts";
}

static int add_row(struct parser *p, struct slice rest, int node, struct slice zone,
		   const char **why)
{
	struct pagetypeinfo_row row = { .node = node };
	bool capped[LINES_ORDERS_MAX];
	struct slice type;
	struct counts c;
	size_t index = p->n_rows;
	int r;

	if (!slice_word(&rest, &type) || !lines_name_ok(type))
		*why = "not the name of a migratetype";
	else
		*why = parse_capped(rest, &c, capped, &row.any_capped);
	if (!*why && !lines_row_whole(&p->lines, c.n, p->n_orders))
		*why = "cut off";
	if (!*why && p->n_orders && c.n != p->n_orders)
		*why = "number of orders differs from the header";
	if (*why)
		return 0;
	/* Zones by where they were first seen: the key is (node, zone) and the type's name. */
	r = nameset_add(&p->blocks_seen, (uint64_t)node << 1 | 1, zone, &index);
	if (r < 0)
		return r;
	r = nameset_add(&p->rows_seen, index, type, &index);
	if (r > 0)
		*why = "this row was given before";
	if (r != 0)
		return r < 0 ? r : 0;
	row.zone = arena_strndup(p->arena, zone.p, zone.len);
	row.type = arena_strndup(p->arena, type.p, type.len);
	row.free_blocks = arena_memdup(p->arena, c.v, c.n * sizeof(*c.v));
	row.capped = arena_memdup(p->arena, capped, c.n * sizeof(*capped));
	row.n_orders = c.n;
	if (!row.zone || !row.type || !row.free_blocks || !row.capped ||
	    vec_grow(&p->rows, &p->rows_cap, p->n_rows, sizeof(row)) != 0)
		return -ENOMEM;
	p->rows[p->n_rows++] = row;
	return 0;
}

/* The record of a zone's pageblocks, made when it is not there yet. NULL when memory is out. */
static struct pagetypeinfo_blocks *blocks_of(struct parser *p, int node, struct slice zone)
{
	struct pagetypeinfo_blocks b = { .node = node };
	size_t index = p->n_blocks;
	int r = nameset_add(&p->blocks_seen, (uint64_t)node << 1, zone, &index);

	if (r < 0)
		return NULL;
	if (r > 0)
		return &p->blocks[index];
	b.zone = arena_strndup(p->arena, zone.p, zone.len);
	if (!b.zone || vec_grow(&p->blocks, &p->blocks_cap, p->n_blocks, sizeof(b)) != 0)
		return NULL;
	p->blocks[p->n_blocks] = b;
	return &p->blocks[p->n_blocks++];
}

static int add_blocks(struct parser *p, struct slice rest, int node, struct slice zone,
		      const char **why)
{
	struct pagetypeinfo_blocks *b;
	uint64_t **place;
	struct counts c;

	if (p->section == SECTION_NONE) {
		*why = "no header above it";
		return 0;
	}
	*why = lines_counts(rest, &c);
	if (!*why && (c.n != p->out->n_types || !lines_row_whole(&p->lines, c.n, c.n)))
		*why = "number of migratetypes differs from the header";
	if (*why)
		return 0;
	b = blocks_of(p, node, zone);
	if (!b)
		return -ENOMEM;
	place = p->section == SECTION_MIXED ? &b->mixed : &b->pageblocks;
	if (*place) {
		*why = "this row was given before";
		return 0;
	}
	*place = arena_memdup(p->arena, c.v, c.n * sizeof(*c.v));
	return *place ? 0 : -ENOMEM;
}

static int parse_zone_line(struct parser *p, const char **why)
{
	struct slice rest = p->lines.line, zone, word, after;
	int node, r;

	*why = lines_zone(&rest, &node, &zone);
	if (*why)
		return 0;
	after = rest;
	if (slice_word(&after, &word) && slice_eq(word, "type"))
		r = add_row(p, after, node, zone, why);
	else
		r = add_blocks(p, rest, node, zone, why);
	p->recognised |= !*why;
	return r;
}

static int parse_line(void *parser, const char **why)
{
	struct parser *p = parser;
	struct slice s = p->lines.line;
	int r = 0;

	if (slice_starts(s, "Node"))
		return parse_zone_line(p, why);
	p->section = SECTION_NONE;
	if (slice_skip(&s, "Page block order:")) {
		*why = parse_block_order(p, s);
	} else if (slice_skip(&s, "Pages per block:")) {
		*why = parse_number(p, s, &p->out->pages_per_block);
	} else if (slice_skip(&s, "Free pages count per migrate type at order")) {
		*why = parse_orders(p, s);
	} else if (slice_skip(&s, "Number of blocks type")) {
		r = begin_section(p, s, SECTION_BLOCKS, why);
	} else if (slice_skip(&s, "Number of mixed blocks")) {
		r = begin_section(p, s, SECTION_MIXED, why);
	} else {
		*why = "not a line of pagetypeinfo";
	}
	p->recognised |= !*why;
	return r;
}

static int parse(struct parser *p, struct read_notes *notes)
{
	int r = lines_each(&p->lines, parse_line, p, p->arena, notes);

	if (r)
		return r;
	return p->recognised || notes->bad_lines == 0 ? 0 : -EINVAL;
}

/* A zone that only the mixed section named has no pageblock counts: drop it. */
static int hand_over(struct parser *p)
{
	struct pagetypeinfo *out = p->out;
	size_t kept = 0;

	for (size_t i = 0; i < p->n_blocks; i++) {
		if (p->blocks[i].pageblocks)
			p->blocks[kept++] = p->blocks[i];
	}
	out->rows = arena_memdup(p->arena, p->rows, p->n_rows * sizeof(*p->rows));
	out->blocks = arena_memdup(p->arena, p->blocks, kept * sizeof(*p->blocks));
	if (!out->rows || !out->blocks)
		return -ENOMEM;
	out->n_rows = p->n_rows;
	out->n_blocks = kept;
	return 0;
}

int read_pagetypeinfo(struct arena *arena, struct slice text, struct pagetypeinfo *out,
		      struct read_notes *notes)
{
	struct parser p = { .arena = arena, .lines.rest = text, .out = out };
	int r;

	*out = (struct pagetypeinfo){ 0 };
	*notes = (struct read_notes){ 0 };
	r = parse(&p, notes);
	if (r == 0)
		r = hand_over(&p);
	nameset_done(&p.rows_seen);
	nameset_done(&p.blocks_seen);
	free(p.rows);
	free(p.blocks);
	return r;
}
