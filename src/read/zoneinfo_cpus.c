// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Lines of a CPU's lists in /proc/zoneinfo:
 *
 *	    cpu: <n>
 *	              <name>: <n>
 *	  vm stats threshold: <n>
 */
#include "read/zoneinfo_cpus.h"

#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <sys/types.h>

#include "read/swar.h"

/* So many bytes are read from a line's start, whatever it is. */
#define ROOM   64
#define INDENT 14

#define FIELD(name, member) { { name ":", sizeof(name) }, offsetof(struct zoneinfo_pageset, member) }

static const struct field {
	struct slice name; /* and its colon */
	size_t offset;
} fields[] = {
	FIELD("count", count),
	FIELD("high", high),
	FIELD("batch", batch),
	FIELD("high_min", high_min),
	FIELD("high_max", high_max),
	FIELD("vm stats threshold", stat_threshold),
};

#define COUNT (&fields[0])

#define STARTS(p, text) (memcmp(p, text, sizeof(text) - 1) == 0)

int zoneinfo_cpus_begin(struct zoneinfo_cpus *c, int cpu)
{
	if (vec_grow(&c->v, &c->cap, c->n, sizeof(*c->v)) != 0)
		return -ENOMEM;
	c->v[c->n] = (struct zoneinfo_pageset)ZONEINFO_PAGESET_INIT;
	c->v[c->n++].cpu = cpu;
	return 0;
}

static int32_t *member(struct zoneinfo_cpus *c, const struct field *f)
{
	return (int32_t *)(void *)((char *)&c->v[c->n - 1] + f->offset);
}

int zoneinfo_cpus_number(struct zoneinfo_cpus *c, struct slice name, uint64_t v)
{
	for (size_t i = 0; c->n && i < ARRAY_SIZE(fields); i++) {
		if (name.len + 1 == fields[i].name.len && memcmp(name.p, fields[i].name.p, name.len) == 0) {
			if (v > INT_MAX)
				return -ERANGE;
			*member(c, &fields[i]) = (int32_t)v;
			return 1;
		}
	}
	return 0;
}

/* Blanks, fewer than eight, an int and the newline at @p: how many bytes, or 0. */
static inline size_t number(const char *p, uint64_t *v)
{
	uint64_t other = swar_load(p) ^ SWAR_ONES * ' ';
	size_t blanks = other ? (size_t)__builtin_ctzll(other) / 8 : 0;
	size_t digits = blanks ? swar_decimal(p + blanks, v) : 0;

	return digits && p[blanks + digits] == '\n' && *v <= INT_MAX ? blanks + digits + 1 : 0;
}

/* The field whose name stands at @p. Their order says which is most likely to come next. */
static inline const struct field *field_at(const char *p)
{
	if (STARTS(p, "count:"))
		return COUNT;
	if (STARTS(p, "high:"))
		return &fields[1];
	if (STARTS(p, "batch:"))
		return &fields[2];
	if (STARTS(p, "high_min:"))
		return &fields[3];
	return STARTS(p, "high_max:") ? &fields[4] : NULL;
}

/* The line at @p, if it is a number of the last CPU, and which; how many bytes it has, or 0. */
static inline size_t take_number(struct zoneinfo_cpus *c, const char *p, const struct field **which)
{
	bool indented = STARTS(p, "              ");
	size_t at = indented ? INDENT : 2, n;
	const struct field *f = indented ? field_at(p + at) : STARTS(p, "  vm stats threshold:") ? &fields[5] : NULL;
	uint64_t v;

	if (!f)
		return 0;
	at += f->name.len;
	n = number(p + at, &v);
	if (!n)
		return 0;
	*member(c, f) = (int32_t)v;
	*which = f;
	return at + n;
}

static inline void advance(struct lines *l, size_t bytes, uint64_t lines)
{
	l->rest.p += bytes;
	l->rest.len -= bytes;
	l->number += lines;
}

/* What the last CPU says behind its count, from @tail on to where @l stands, in so many lines. */
static void learn_tail(struct zoneinfo_cpus *c, const char *tail, const struct lines *l, uint64_t lines)
{
	size_t len = (size_t)(l->rest.p - tail);

	c->tail_len = 0;
	if (len > sizeof(c->tail))
		return;
	memcpy(c->tail, tail, len);
	c->tail_len = len;
	c->tail_lines = lines;
	c->tail_value = c->v[c->n - 1];
}

/*
 * The line where @l stands, if a CPU begins with it: then the one before ends, and its @tail of so many @lines, if
 * not NULL, is learned. How many bytes the line has, 0, or -ENOMEM.
 */
static inline ssize_t take_cpu(struct zoneinfo_cpus *c, const struct lines *l, const char *tail, uint64_t lines)
{
	static const char start[] = "    cpu:";
	size_t len = sizeof(start) - 1, n;
	uint64_t cpu;

	n = memcmp(l->rest.p, start, len) == 0 ? number(l->rest.p + len, &cpu) : 0;
	if (!n)
		return 0;
	if (tail)
		learn_tail(c, tail, l, lines);
	return zoneinfo_cpus_begin(c, (int)cpu) ? -ENOMEM : (ssize_t)(len + n);
}

/* The same of the last CPU, of which but its count nothing was taken yet. Where it begins if it is not known. */
static inline const char *take_tail(struct zoneinfo_cpus *c, struct lines *l)
{
	struct zoneinfo_pageset *v = &c->v[c->n - 1], own = *v;

	if (!c->tail_len || l->rest.len < c->tail_len || memcmp(l->rest.p, c->tail, c->tail_len) != 0)
		return l->rest.p;
	*v = c->tail_value;
	v->cpu = own.cpu;
	v->count = own.count;
	advance(l, c->tail_len, c->tail_lines);
	return NULL;
}

int zoneinfo_cpus_lines(struct zoneinfo_cpus *c, struct lines *l)
{
	const char *tail = NULL; /* to be learned where the next CPU begins */
	uint64_t tail_number = 0;
	bool begun = false; /* with the line before a CPU began */

	while (c->n && l->rest.len >= ROOM) {
		const struct field *f;
		size_t n = take_number(c, l->rest.p, &f);
		ssize_t cpu;

		if (n) {
			advance(l, n, 1);
			if (f == COUNT) {
				tail = begun ? take_tail(c, l) : NULL;
				tail_number = l->number;
			}
			begun = false;
			continue;
		}
		cpu = take_cpu(c, l, tail, l->number - tail_number);
		if (cpu <= 0)
			return (int)cpu;
		advance(l, (size_t)cpu, 1);
		tail = NULL;
		begun = true;
	}
	return 0;
}
