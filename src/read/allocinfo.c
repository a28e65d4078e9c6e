// SPDX-License-Identifier: GPL-2.0-or-later
/* Reader of /proc/allocinfo. */
#include "read/allocinfo.h"

#include <errno.h>

#include "base/cleanup.h"
#include "base/num.h"
#include "read/lines.h"

struct site {
	uint64_t bytes, calls;
	struct slice location, function, module;
	bool inaccurate;
};

/* Names of files may hold whatever a build path does, but no control characters. */
static bool is_visible(struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c <= ' ' || c == 0x7f)
			return false;
	}
	return s.len > 0 && s.len < 4096;
}

/* "  4096  1 mm/slub.c:1882 [module] func:name accurate:no": lib/codetag.c:codetag_to_text. */
static const char *parse_site(const struct lines *l, struct site *site)
{
	struct slice rest = l->line, word;

	*site = (struct site){ 0 };
	if (slice_u64(&rest, &site->bytes) != 0 || slice_u64(&rest, &site->calls) != 0)
		return "no size and count";
	if (!slice_word(&rest, &site->location) || !is_visible(site->location) ||
	    !memchr(site->location.p, ':', site->location.len))
		return "no file and line";
	if (!slice_word(&rest, &word))
		return "no function";
	if (word.p[0] == '[' && word.p[word.len - 1] == ']' && word.len > 2) {
		site->module = (struct slice){ word.p + 1, word.len - 2 };
		if (!is_visible(site->module) || !slice_word(&rest, &word))
			return "no function";
	}
	if (!slice_skip(&word, "func:") || !is_visible(word))
		return "no function";
	site->function = word;
	if (slice_word(&rest, &word))
		site->inaccurate = slice_eq(word, "accurate:no");
	return l->complete ? NULL : "cut off";
}

static int by_bytes(const void *a, const void *b)
{
	const struct site *x = a, *y = b;

	if (!x->calls != !y->calls)
		return x->calls ? -1 : 1;
	if (x->bytes != y->bytes)
		return x->bytes < y->bytes ? 1 : -1;
	/* Both point into the text: the order of the file. */
	return (x->location.p > y->location.p) - (x->location.p < y->location.p);
}

static int hand_over(struct arena *arena, const struct site *v, size_t n, struct allocinfo *out)
{
	out->sites = arena_array(arena, n, sizeof(*out->sites));
	if (!out->sites)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		struct allocinfo_site *s = &out->sites[i];

		s->location = arena_strndup(arena, v[i].location.p, v[i].location.len);
		s->function = arena_strndup(arena, v[i].function.p, v[i].function.len);
		if (!s->location || !s->function)
			return -ENOMEM;
		if (v[i].module.len) {
			s->module = arena_strndup(arena, v[i].module.p, v[i].module.len);
			if (!s->module)
				return -ENOMEM;
		}
		s->bytes = v[i].bytes;
		s->calls = v[i].calls;
		s->inaccurate = v[i].inaccurate;
	}
	out->n_sites = n;
	return 0;
}

struct slice allocinfo_place(struct slice location)
{
	const char *slash = location.len && location.p[0] == '/' ? memrchr(location.p, '/', location.len) : NULL;
	size_t skipped = slash ? (size_t)(slash + 1 - location.p) : 0;

	return (struct slice){ location.p + skipped, location.len - skipped };
}

uint64_t allocinfo_bytes_left(const struct allocinfo *a)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < a->n_sites; i++)
		bytes = sat_add(bytes, a->sites[i].calls ? 0 : a->sites[i].bytes);
	return bytes;
}

size_t allocinfo_held(const struct allocinfo *a)
{
	size_t n = a->n_sites;

	while (n && !a->sites[n - 1].calls)
		n--;
	return n;
}

int read_allocinfo(struct arena *arena, struct slice text, struct allocinfo *out, struct read_notes *notes)
{
	auto_free struct site *v = NULL;
	size_t n = 0, cap = 0;
	struct lines l = { .rest = text };
	bool recognised = false;

	*out = (struct allocinfo){ 0 };
	*notes = (struct read_notes){ 0 };
	while (lines_next(&l)) {
		struct site site;
		const char *why;

		notes->lines = l.number;
		recognised |= slice_starts(l.line, "allocinfo - version:");
		/* "#     <size>  <calls> <tag info>" names the columns. */
		if (lines_blank(l.line) || l.line.p[0] == '#' ||
		    slice_starts(l.line, "allocinfo - version:"))
			continue;
		why = parse_site(&l, &site);
		if (why) {
			notes_bad(notes, arena, l.number, l.line, why);
			continue;
		}
		recognised = true;
		if (site.bytes == 0 && site.calls == 0)
			continue;
		if (vec_grow(&v, &cap, n, sizeof(*v)) != 0)
			return -ENOMEM;
		v[n++] = site;
		out->bytes = sat_add(out->bytes, site.bytes);
		out->calls = sat_add(out->calls, site.calls);
	}
	if (!recognised && notes->bad_lines)
		return -EINVAL;
	if (n)
		qsort(v, n, sizeof(*v), by_bytes);
	return hand_over(arena, v, n, out);
}
