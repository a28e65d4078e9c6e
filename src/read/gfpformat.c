// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reader of the gfp flags in a tracepoint's format. The kernel prints its own
 * C there, with macros expanded: {( unsigned long)(( gfp_t)((((1UL))) << (6))),
 * "__GFP_IO"}. 6.10 to early 6.12 print enumerators that only they know.
 */
#include "read/gfpformat.h"

#include <errno.h>

#include "base/cleanup.h"
#include "base/num.h"

#define DEPTH_MAX 100

/* The expression that is left to read. */
struct expr {
	const char *p, *end;
	unsigned int depth;
};

static void skip_blanks(struct expr *e)
{
	while (e->p < e->end && (*e->p == ' ' || *e->p == '\t'))
		e->p++;
}

static bool take(struct expr *e, const char *token)
{
	size_t n = strlen(token);

	skip_blanks(e);
	if ((size_t)(e->end - e->p) < n || memcmp(e->p, token, n) != 0)
		return false;
	e->p += n;
	return true;
}

static bool is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

/* A number with C's suffixes. */
static bool parse_number(struct expr *e, uint64_t *v)
{
	const char *start, *stop;

	skip_blanks(e);
	start = e->p;
	while (e->p < e->end && is_word_byte(*e->p))
		e->p++;
	stop = e->p;
	while (stop > start && strchr("uUlL", stop[-1]))
		stop--;
	if (stop - start > 2 && start[0] == '0' && (start[1] == 'x' || start[1] == 'X'))
		return num_hex(start, (size_t)(stop - start), v) == 0;
	return num_u64(start, (size_t)(stop - start), v) == 0;
}

/* "( unsigned long)", "( gfp_t)": what stands in the parentheses are words, not numbers. */
static bool take_cast(struct expr *e)
{
	const char *p;

	skip_blanks(e);
	p = e->p;
	if (p == e->end || *p++ != '(')
		return false;
	while (p < e->end && *p == ' ')
		p++;
	if (p == e->end || !is_word_byte(*p) || (*p >= '0' && *p <= '9'))
		return false;
	while (p < e->end && (is_word_byte(*p) || *p == ' '))
		p++;
	if (p == e->end || *p != ')')
		return false;
	e->p = p + 1;
	return true;
}

static bool parse_binary(struct expr *e, unsigned int level, uint64_t *v);

static bool parse_unary(struct expr *e, uint64_t *v)
{
	bool ok;

	if (e->depth == DEPTH_MAX)
		return false;
	e->depth++;
	if (take(e, "~")) {
		ok = parse_unary(e, v);
		if (ok)
			*v = ~*v;
	} else if (take_cast(e)) {
		ok = parse_unary(e, v);
	} else if (take(e, "(")) {
		ok = parse_binary(e, 0, v) && take(e, ")");
	} else {
		ok = parse_number(e, v);
	}
	e->depth--;
	return ok;
}

/* From the loosest to the tightest. */
static const char *const operators[] = { "|", "&", "<<" };

static bool apply(unsigned int level, uint64_t *v, uint64_t right)
{
	switch (level) {
	case 0:
		*v |= right;
		return true;
	case 1:
		*v &= right;
		return true;
	default:
		if (right >= 64)
			return false;
		*v <<= right;
		return true;
	}
}

static bool parse_binary(struct expr *e, unsigned int level, uint64_t *v)
{
	uint64_t right;

	if (level == ARRAY_SIZE(operators))
		return parse_unary(e, v);
	if (!parse_binary(e, level + 1, v))
		return false;
	while (take(e, operators[level])) {
		if (!parse_binary(e, level + 1, &right) || !apply(level, v, right))
			return false;
	}
	return true;
}

/* The string after the comma: a flag's name. */
static bool parse_name(struct expr *e, struct slice *name)
{
	if (!take(e, ",") || !take(e, "\""))
		return false;
	name->p = e->p;
	while (e->p < e->end && is_word_byte(*e->p))
		e->p++;
	name->len = (size_t)(e->p - name->p);
	return name->len > 0 && name->len < 64 && take(e, "\"");
}

/* One {mask, "NAME"}; false if it cannot be read, then the next one may be. */
static bool parse_flag(struct expr *e, uint64_t *mask, struct slice *name)
{
	return parse_binary(e, 0, mask) && parse_name(e, name) && take(e, "}");
}

struct parser {
	struct arena *arena;
	struct gfpformat_flag *v;
	size_t n, cap;
};

static int add(struct parser *p, uint64_t mask, struct slice name)
{
	const char *copy;

	if (vec_grow(&p->v, &p->cap, p->n, sizeof(*p->v)) != 0)
		return -ENOMEM;
	copy = arena_strndup(p->arena, name.p, name.len);
	if (!copy)
		return -ENOMEM;
	p->v[p->n++] = (struct gfpformat_flag){ copy, mask };
	return 0;
}

/* All braces of the list; "{ 0, ((void *)0) }" closes it since 6.14. */
static int parse_list(struct parser *p, struct slice list, struct read_notes *notes)
{
	const char *end = list.p + list.len, *open;

	while ((open = memchr(list.p, '{', (size_t)(end - list.p)))) {
		const char *close = memchr(open, '}', (size_t)(end - open));
		struct expr e = { open + 1, close ? close + 1 : end, 0 };
		struct slice name, text = { open, (size_t)(e.end - open) };
		uint64_t mask;

		list.p = e.end;
		if (parse_flag(&e, &mask, &name)) {
			if (add(p, mask, name) != 0)
				return -ENOMEM;
		} else if (!slice_find(text, "void")) {
			notes_bad(notes, p->arena, notes->lines, text, "not a mask and a name");
		}
	}
	return 0;
}

int read_gfpformat(struct arena *arena, struct slice text, struct gfpformat *out,
		   struct read_notes *notes)
{
	auto_free struct gfpformat_flag *v = NULL;
	struct parser p = { .arena = arena };
	struct slice line;
	bool found = false;
	int r = 0;

	*out = (struct gfpformat){ 0 };
	*notes = (struct read_notes){ 0 };
	if (text.len == 0)
		return 0;
	while (r == 0 && slice_line(&text, &line, NULL)) {
		const char *flags = slice_find(line, "__print_flags(");

		notes->lines++;
		if (!slice_starts(line, "print fmt:") || !flags || found)
			continue;
		found = true;
		line.len -= (size_t)(flags - line.p);
		line.p = flags;
		r = parse_list(&p, line, notes);
	}
	v = p.v;
	if (r)
		return r;
	if (p.n == 0)
		return -EINVAL;
	out->flags = arena_memdup(arena, v, p.n * sizeof(*v));
	out->n_flags = out->flags ? p.n : 0;
	return out->flags ? 0 : -ENOMEM;
}
