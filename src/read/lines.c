// SPDX-License-Identifier: GPL-2.0-or-later
/* Lines, zone rows and rows of counts. */
#include "read/lines.h"

#include <limits.h>

#include "base/num.h"

#define NAME_MAX_BYTES 127

bool lines_next(struct lines *l)
{
	if (!slice_line(&l->rest, &l->line, &l->complete))
		return false;
	l->number++;
	return true;
}

int lines_each(struct lines *l, lines_parse_fn *parse, void *parser, struct arena *arena,
	       struct read_notes *notes)
{
	while (lines_next(l)) {
		const char *why = NULL;
		int r;

		notes->lines = l->number;
		if (lines_blank(l->line))
			continue;
		r = parse(parser, &why);
		if (r)
			return r;
		if (why)
			notes_bad(notes, arena, l->number, l->line, why);
	}
	return 0;
}

bool lines_name_ok(struct slice name)
{
	if (name.len == 0 || name.len > NAME_MAX_BYTES)
		return false;
	for (size_t i = 0; i < name.len; i++) {
		if (name.p[i] <= ' ' || name.p[i] > '~')
			return false;
	}
	return true;
}

bool lines_blank(struct slice line)
{
	return slice_trim(line).len == 0;
}

const char *lines_zone(struct slice *s, int *node, struct slice *zone)
{
	struct slice word;
	uint64_t n;

	if (!slice_skip(s, "Node") || !slice_word(s, &word) || word.p[word.len - 1] != ',' ||
	    num_u64(word.p, word.len - 1, &n) != 0 || n > INT_MAX)
		return "no node number";
	if (!slice_word(s, &word) || !slice_eq(word, "zone") || !slice_word(s, zone))
		return "no zone name";
	if (zone->p[zone->len - 1] == ',')
		zone->len--;
	if (!lines_name_ok(*zone))
		return "not a zone name";
	*node = (int)n;
	return NULL;
}

const char *lines_counts(struct slice s, struct counts *out)
{
	struct slice word;

	out->n = 0;
	while (slice_word(&s, &word)) {
		if (out->n == LINES_ORDERS_MAX)
			return "more columns than there can be orders";
		if (num_u64(word.p, word.len, &out->v[out->n]) != 0)
			return "not a count";
		out->n++;
	}
	return out->n ? NULL : "no counts";
}

bool lines_row_whole(const struct lines *l, unsigned int n, unsigned int expected)
{
	if (l->complete)
		return true;
	return expected && n == expected && l->line.len && l->line.p[l->line.len - 1] == ' ';
}
