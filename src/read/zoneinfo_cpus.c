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
		return &fields[0];
	if (STARTS(p, "high:"))
		return &fields[1];
	if (STARTS(p, "batch:"))
		return &fields[2];
	if (STARTS(p, "high_min:"))
		return &fields[3];
	return STARTS(p, "high_max:") ? &fields[4] : NULL;
}

/* The line at @p, if it is a number of the last CPU; how many bytes it has, or 0. */
static inline size_t take_number(struct zoneinfo_cpus *c, const char *p)
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
	return at + n;
}

int zoneinfo_cpus_lines(struct zoneinfo_cpus *c, struct lines *l)
{
	while (c->n && l->rest.len >= ROOM) {
		size_t n = take_number(c, l->rest.p), cpu_bytes = sizeof("    cpu:") - 1;
		uint64_t cpu;

		if (!n && STARTS(l->rest.p, "    cpu:")) {
			n = number(l->rest.p + cpu_bytes, &cpu);
			if (n && zoneinfo_cpus_begin(c, (int)cpu) != 0)
				return -ENOMEM;
			n = n ? n + cpu_bytes : 0;
		}
		if (!n)
			break;
		l->rest.p += n;
		l->rest.len -= n;
		l->number++;
	}
	return 0;
}
