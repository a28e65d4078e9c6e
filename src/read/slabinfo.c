// SPDX-License-Identifier: GPL-2.0-or-later
/* Reader of /proc/slabinfo. */
#include "read/slabinfo.h"

#include <errno.h>

#include "base/cleanup.h"
#include "read/lines.h"

#define NAME_MAX_BYTES 255
#define TUNABLES       " : tunables"

struct parser {
	struct arena *arena;
	struct lines lines;
	struct slabinfo *out;
	struct slabinfo_cache *caches;
	size_t n, cap;
	bool has_header;
};

/* Take the last word off @s: a decimal number. */
static bool last_u64(struct slice *s, uint64_t *v)
{
	size_t end = s->len, start;

	while (end && s->p[end - 1] == ' ')
		end--;
	for (start = end; start && s->p[start - 1] != ' ';)
		start--;
	s->len = start;
	return num_u64(s->p + start, end - start, v) == 0;
}

/* Exactly @n numbers, in the order they are written, off the end of @s. */
static bool last_numbers(struct slice *s, uint64_t *v, size_t n)
{
	while (n--) {
		if (!last_u64(s, &v[n]))
			return false;
	}
	return true;
}

/* Exactly @n numbers off the front of @s. */
static bool first_numbers(struct slice *s, uint64_t *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (slice_u64(s, &v[i]) != 0)
			return false;
	}
	return true;
}

static bool first_word(struct slice *s, const char *want)
{
	struct slice word;

	return slice_word(s, &word) && slice_eq(word, want);
}

/* Names may hold blanks, colons and parentheses; they are padded on the right. */
static const char *check_name(struct slice *s)
{
	while (s->len && s->p[s->len - 1] == ' ')
		s->len--;
	if (s->len == 0 || s->len > NAME_MAX_BYTES)
		return "not the name of a cache";
	for (size_t i = 0; i < s->len; i++) {
		unsigned char c = (unsigned char)s->p[i];

		if (c < ' ' || c == 0x7f)
			return "not the name of a cache";
	}
	return NULL;
}

/* Last place of @needle, as a name could hold it too. */
static const char *find_last(struct slice s, const char *needle)
{
	const char *found = NULL, *next;

	while ((next = slice_find(s, needle))) {
		found = next;
		s.len -= (size_t)(next + 1 - s.p);
		s.p = next + 1;
	}
	return found;
}

/* " : globalstat" and " : cpustat" of the SLAB allocator with CONFIG_DEBUG_SLAB; all or nothing. */
static const char *parse_statistics(struct slice s, struct slabinfo_cache *c)
{
	struct slice probe = s, word;

	if (!slice_word(&probe, &word))
		return NULL;
	if (!first_word(&s, ":") || !first_word(&s, "globalstat") ||
	    !first_numbers(&s, c->globalstat, ARRAY_SIZE(c->globalstat)) || !first_word(&s, ":") ||
	    !first_word(&s, "cpustat") ||
	    !first_numbers(&s, c->cpustat, ARRAY_SIZE(c->cpustat)) || slice_word(&s, &word))
		return "not the columns of slabinfo with statistics";
	c->has_statistics = true;
	return NULL;
}

/* 2.0 and 2.1: the name ends where five numbers before " : tunables" begin. */
static const char *parse_v2(struct slice line, const char *anchor, struct slabinfo_cache *c,
			    struct slice *name)
{
	struct slice left = { line.p, (size_t)(anchor - line.p) };
	struct slice right = { anchor, line.len - left.len };
	uint64_t v[5], tunables[3], slabs[3];

	slice_skip(&right, TUNABLES);
	if (!last_numbers(&left, v, 5) || !first_numbers(&right, tunables, 3) ||
	    !first_word(&right, ":") || !first_word(&right, "slabdata") ||
	    !first_numbers(&right, slabs, 3))
		return "not the columns of slabinfo";
	*name = left;
	c->active_objects = v[0];
	c->objects = v[1];
	c->object_size = v[2];
	c->objects_per_slab = v[3];
	c->pages_per_slab = v[4];
	c->limit = opt_u64(tunables[0]);
	c->batchcount = opt_u64(tunables[1]);
	c->sharedfactor = opt_u64(tunables[2]);
	c->active_slabs = slabs[0];
	c->slabs = slabs[1];
	c->sharedavail = opt_u64(slabs[2]);
	return parse_statistics(right, c);
}

/*
 * 1.1: "name active total size active_slabs slabs pages", then on SMP
 * " : limit batchcount"; with statistics those stand between, and the
 * tunables are left unknown.
 */
static const char *parse_v1(struct slice line, bool statistics, struct slabinfo_cache *c,
			    struct slice *name)
{
	struct slice left = line, right = { line.p + line.len, 0 };
	const char *colon = slice_find(line, " : ");
	uint64_t v[6], tunables[2];

	if (colon)
		left.len = (size_t)(colon - line.p);
	if (colon && !statistics) {
		right = (struct slice){ colon + 3, line.len - left.len - 3 };
		if (!first_numbers(&right, tunables, 2))
			return "not the columns of slabinfo 1.1";
		c->limit = opt_u64(tunables[0]);
		c->batchcount = opt_u64(tunables[1]);
	}
	if (!last_numbers(&left, v, 6))
		return "not the columns of slabinfo 1.1";
	*name = left;
	c->active_objects = v[0];
	c->objects = v[1];
	c->object_size = v[2];
	c->active_slabs = v[3];
	c->slabs = v[4];
	c->pages_per_slab = v[5];
	if (c->slabs && c->objects % c->slabs == 0)
		c->objects_per_slab = c->objects / c->slabs;
	return NULL;
}

static int parse_cache(struct parser *p, const char **why)
{
	struct slice line = p->lines.line, name;
	const char *anchor = find_last(line, TUNABLES);
	struct slabinfo_cache c = { 0 };

	if (anchor)
		*why = parse_v2(line, anchor, &c, &name);
	else if (p->out->version_major == 1)
		*why = parse_v1(line, p->out->statistics, &c, &name);
	else
		*why = "not the columns of slabinfo";
	if (!*why)
		*why = check_name(&name);
	if (!*why && !p->lines.complete)
		*why = "cut off";
	if (*why)
		return 0;
	c.name = arena_strndup(p->arena, name.p, name.len);
	if (!c.name || vec_grow(&p->caches, &p->cap, p->n, sizeof(c)) != 0)
		return -ENOMEM;
	p->caches[p->n++] = c;
	return 0;
}

/* "slabinfo - version: 2.1 (statistics)" */
static const char *parse_header(struct parser *p, struct slice s)
{
	struct slice version, minor;
	const char *dot;
	uint64_t v[2];

	if (!p->lines.complete || !slice_word(&s, &version))
		return "cut off";
	dot = memchr(version.p, '.', version.len);
	if (!dot)
		return "not a version";
	minor = (struct slice){ dot + 1, version.len - (size_t)(dot + 1 - version.p) };
	if (num_u64(version.p, (size_t)(dot - version.p), &v[0]) != 0 ||
	    num_u64(minor.p, minor.len, &v[1]) != 0 || v[0] > 99 || v[1] > 99)
		return "not a version";
	p->out->version_major = (unsigned int)v[0];
	p->out->version_minor = (unsigned int)v[1];
	p->out->statistics = slice_find(s, "(statistics)") != NULL;
	p->has_header = true;
	return NULL;
}

static int parse_line(void *parser, const char **why)
{
	struct parser *p = parser;
	struct slice s = p->lines.line;

	if (s.p[0] == '#')
		return 0;
	if (!slice_skip(&s, "slabinfo - version:"))
		return parse_cache(p, why);
	*why = parse_header(p, s);
	return 0;
}

static int parse(struct parser *p, struct read_notes *notes)
{
	int r = lines_each(&p->lines, parse_line, p, p->arena, notes);

	if (r)
		return r;
	return p->n == 0 && !p->has_header && notes->bad_lines ? -EINVAL : 0;
}

int read_slabinfo(struct arena *arena, struct slice text, struct slabinfo *out,
		  struct read_notes *notes)
{
	struct parser p = { .arena = arena, .lines.rest = text, .out = out };
	int r;

	*out = (struct slabinfo){ 0 };
	*notes = (struct read_notes){ 0 };
	r = parse(&p, notes);
	if (r == 0) {
		out->caches = arena_memdup(arena, p.caches, p.n * sizeof(*p.caches));
		out->n_caches = out->caches ? p.n : 0;
		r = out->caches ? 0 : -ENOMEM;
	}
	free(p.caches);
	return r;
}
