// SPDX-License-Identifier: GPL-2.0-or-later
/* Readers of vmstat and meminfo. */
#include "read/counters.h"

#include <errno.h>
#include <limits.h>

#include "read/lines.h"
#include "read/nameset.h"

struct counter {
	struct slice name;
	uint64_t magnitude;
	bool negative;
};

/* What a file's line says: NULL and @c, NULL and an empty name (nothing), or what is wrong. */
typedef const char *parse_line(const struct lines *l, struct counter *c);

static const char *parse_number(struct slice word, struct counter *c)
{
	c->negative = word.len && word.p[0] == '-';
	if (num_u64(word.p + c->negative, word.len - c->negative, &c->magnitude) != 0 ||
	    (c->negative && c->magnitude > (uint64_t)INT64_MAX + 1))
		return "not a number";
	return NULL;
}

/* vmstat's names are C identifiers: anything else is another file's line. */
static bool is_identifier(struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.p[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') &&
		    c != '_')
			return false;
	}
	return lines_name_ok(s);
}

static const char *parse_vmstat(const struct lines *l, struct counter *c)
{
	struct slice rest = l->line, value, more;
	const char *why;

	if (!slice_word(&rest, &c->name) || !is_identifier(c->name))
		return "not a name";
	if (l->line.p[0] == ' ' && rest.len == 0 && !parse_number(c->name, c)) {
		c->name.len = 0; /* 4.17 to 4.19 hide nr_indirectly_reclaimable so */
		return NULL;
	}
	if (!slice_word(&rest, &value) || slice_word(&rest, &more))
		return "not a name and a number";
	why = parse_number(value, c);
	if (!why && !l->complete)
		why = "cut off";
	return why;
}

/* "        total:    used: ..." and the lines of bytes "Mem:  1 2 3 4 5 6" below it, up to 2.4. */
static bool is_byte_table(struct slice line)
{
	struct slice word, second;

	if (slice_starts(line, "        total:"))
		return true;
	if (!slice_word(&line, &word) || (!slice_eq(word, "Mem:") && !slice_eq(word, "Swap:")))
		return false;
	return slice_word(&line, &word) && slice_word(&line, &second) && !slice_eq(second, "kB");
}

/* Take "Node N " off the lines of a node's own meminfo. */
static const char *skip_node(struct slice *s)
{
	struct slice word;
	uint64_t node;

	if (!slice_skip(s, "Node "))
		return NULL;
	if (!slice_word(s, &word) || num_u64(word.p, word.len, &node) != 0 || node > INT_MAX)
		return "no node number";
	return NULL;
}

static const char *parse_meminfo(const struct lines *l, struct counter *c)
{
	struct slice rest = l->line, value, unit, more;
	const char *why;
	bool has_unit;

	if (is_byte_table(l->line))
		return NULL;
	why = skip_node(&rest);
	if (why)
		return why;
	if (!slice_word(&rest, &c->name) || c->name.p[--c->name.len] != ':' ||
	    !lines_name_ok(c->name))
		return "not a name with a colon";
	if (!slice_word(&rest, &value))
		return "no number";
	has_unit = slice_word(&rest, &unit);
	if (slice_word(&rest, &more) || (has_unit && !slice_eq(unit, "kB")))
		return "not a number and kB";
	why = parse_number(value, c);
	if (!why && !l->complete && !has_unit)
		why = "cut off";
	return why;
}

static int add(struct arena *arena, struct kv_table *out, struct nameset *seen,
	       const struct counter *c, const char **why)
{
	size_t index = out->n;
	int r = nameset_add(seen, 0, c->name, &index);

	if (r > 0)
		*why = "this name was given before";
	if (r != 0)
		return r < 0 ? r : 0;
	if (c->negative)
		return kv_add_signed(arena, out, c->name, (int64_t)(0 - c->magnitude));
	return kv_add(arena, out, c->name, c->magnitude);
}

static int read_counters(struct arena *arena, struct slice text, parse_line *parse,
			 struct kv_table *out, struct read_notes *notes)
{
	auto_nameset struct nameset seen = { 0 };
	struct lines l = { .rest = text };

	*out = (struct kv_table){ 0 };
	*notes = (struct read_notes){ 0 };
	while (lines_next(&l)) {
		struct counter c = { 0 };
		const char *why;
		int r = 0;

		notes->lines = l.number;
		if (lines_blank(l.line))
			continue;
		why = parse(&l, &c);
		if (!why && c.name.len)
			r = add(arena, out, &seen, &c, &why);
		if (r)
			return r;
		if (why)
			notes_bad(notes, arena, l.number, l.line, why);
	}
	return out->n == 0 && notes->bad_lines ? -EINVAL : 0;
}

int read_vmstat(struct arena *arena, struct slice text, struct kv_table *out,
		struct read_notes *notes)
{
	return read_counters(arena, text, parse_vmstat, out, notes);
}

int read_meminfo(struct arena *arena, struct slice text, struct kv_table *out,
		 struct read_notes *notes)
{
	return read_counters(arena, text, parse_meminfo, out, notes);
}
