// SPDX-License-Identifier: GPL-2.0-or-later
/* Reader of /sys/kernel/debug/kmemleak. */
#include "read/kmemleak.h"

#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/num.h"
#include "read/lines.h"

struct frame {
	struct slice function, module;
};

struct object {
	uint64_t bytes, objects;
	size_t first, n_frames;
	const struct frame *frames; /* set when all are read */
};

struct objects {
	struct object *v;
	size_t n, cap;
	struct frame *frames;
	size_t n_frames, cap_frames;
};

static bool is_visible(struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		if ((unsigned char)s.p[i] <= ' ' || (unsigned char)s.p[i] >= 0x7f)
			return false;
	}
	return s.len > 0 && s.len < 1024;
}

static void skip_past(struct slice *s, const char *needle)
{
	const char *p = slice_find(*s, needle);

	if (p) {
		p += strlen(needle);
		*s = (struct slice){ p, s->len - (size_t)(p - s->p) };
	}
}

/* "unreferenced object 0xffff888004c1a000 (size 64):"; of newer kernels a word on its kind before the address. */
static bool parse_size(struct slice line, uint64_t *bytes)
{
	struct slice s = line, digits;

	skip_past(&s, "(size ");
	if (s.len == line.len)
		return false;
	digits = (struct slice){ s.p, 0 };
	while (digits.len < s.len && s.p[digits.len] != ')')
		digits.len++;
	return digits.len < s.len && slice_u64(&digits, bytes) == 0 && digits.len == 0;
}

/* "    [<00000000c0ffee00>] name+0x12/0x34 [module]", the address gone in newer kernels. */
static bool parse_frame(struct slice line, struct frame *f)
{
	struct slice s = slice_trim(line), word;
	const char *plus;

	*f = (struct frame){ 0 };
	if (slice_starts(s, "[<"))
		skip_past(&s, ">]");
	if (!slice_word(&s, &word) || !is_visible(word))
		return false;
	plus = slice_find(word, "+0x");
	if (!plus && !slice_starts(word, "0x"))
		return false;
	f->function = plus ? (struct slice){ word.p, (size_t)(plus - word.p) } : word;
	if (slice_word(&s, &word)) {
		if (word.len < 3 || word.p[0] != '[' || word.p[word.len - 1] != ']' || !is_visible(word))
			return false;
		f->module = (struct slice){ word.p + 1, word.len - 2 };
	}
	return f->function.len > 0;
}

static int compare_slices(struct slice a, struct slice b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int r = n ? memcmp(a.p, b.p, n) : 0;

	return r ? r : (a.len > b.len) - (a.len < b.len);
}

static int by_stack(const void *a, const void *b)
{
	const struct object *x = a, *y = b;

	for (size_t i = 0; i < x->n_frames && i < y->n_frames; i++) {
		int r = compare_slices(x->frames[i].function, y->frames[i].function);

		if (!r)
			r = compare_slices(x->frames[i].module, y->frames[i].module);
		if (r)
			return r;
	}
	return (x->n_frames > y->n_frames) - (x->n_frames < y->n_frames);
}

static int by_bytes(const void *a, const void *b)
{
	const struct object *x = a, *y = b;

	if (x->bytes != y->bytes)
		return x->bytes < y->bytes ? 1 : -1;
	return by_stack(a, b);
}

static void merge(struct objects *o)
{
	size_t kept = 0;

	for (size_t i = 0; i < o->n; i++)
		o->v[i].frames = o->v[i].n_frames ? o->frames + o->v[i].first : NULL;
	qsort(o->v, o->n, sizeof(*o->v), by_stack);
	for (size_t i = 1; i < o->n; i++) {
		struct object *k = &o->v[kept];

		if (by_stack(k, &o->v[i]) != 0) {
			o->v[++kept] = o->v[i];
			continue;
		}
		k->bytes = sat_add(k->bytes, o->v[i].bytes);
		k->objects++;
	}
	o->n = kept + 1;
	qsort(o->v, o->n, sizeof(*o->v), by_bytes);
}

static int hand_over(struct arena *arena, const struct objects *o, struct kmemleak *out)
{
	out->stacks = arena_array(arena, o->n, sizeof(*out->stacks));
	if (!out->stacks)
		return -ENOMEM;
	for (size_t i = 0; i < o->n; i++) {
		const struct object *from = &o->v[i];
		struct kmemleak_frame *f = arena_array(arena, from->n_frames, sizeof(*f));

		if (!f)
			return -ENOMEM;
		for (size_t j = 0; j < from->n_frames; j++) {
			struct slice name = from->frames[j].function, module = from->frames[j].module;

			f[j].function = arena_strndup(arena, name.p, name.len);
			f[j].module = module.len ? arena_strndup(arena, module.p, module.len) : NULL;
			if (!f[j].function || (module.len && !f[j].module))
				return -ENOMEM;
		}
		out->stacks[i] = (struct kmemleak_stack){ f, from->n_frames, from->objects, from->bytes };
	}
	out->n_stacks = o->n;
	return 0;
}

/* One line; @in_trace: below "backtrace". A comm or the dump before it may hold anything and is not looked at. */
static int take_line(struct objects *o, struct slice line, bool *in_trace, const char **why)
{
	struct object *last = o->n ? &o->v[o->n - 1] : NULL;
	struct frame f;

	*why = NULL;
	if (slice_starts(line, "unreferenced object")) {
		struct object next = { .objects = 1, .first = o->n_frames };

		if (!parse_size(line, &next.bytes)) {
			*why = "no size";
			return 0;
		}
		*in_trace = false;
		if (vec_grow(&o->v, &o->cap, o->n, sizeof(*o->v)) != 0)
			return -ENOMEM;
		o->v[o->n++] = next;
		return 0;
	}
	if (!last) {
		*why = "no object before it";
		return 0;
	}
	if (!*in_trace) {
		*in_trace = slice_starts(line, "  backtrace");
		return 0;
	}
	if (!parse_frame(line, &f)) {
		*why = "no function";
		return 0;
	}
	if (vec_grow(&o->frames, &o->cap_frames, o->n_frames, sizeof(*o->frames)) != 0)
		return -ENOMEM;
	o->frames[o->n_frames++] = f;
	last->n_frames++;
	return 0;
}

int read_kmemleak(struct arena *arena, struct slice text, struct kmemleak *out, struct read_notes *notes)
{
	struct objects o = { 0 };
	struct lines l = { .rest = text };
	bool in_trace = false;
	int r = 0;

	*out = (struct kmemleak){ 0 };
	*notes = (struct read_notes){ 0 };
	while (r == 0 && lines_next(&l)) {
		const char *why = "cut off";

		notes->lines = l.number;
		if (lines_blank(l.line))
			continue;
		if (l.complete)
			r = take_line(&o, l.line, &in_trace, &why);
		if (why && r == 0)
			notes_bad(notes, arena, l.number, l.line, why);
	}
	for (size_t i = 0; i < o.n; i++)
		out->bytes = sat_add(out->bytes, o.v[i].bytes);
	out->objects = o.n;
	if (r == 0 && o.n == 0 && notes->bad_lines)
		r = -EINVAL;
	if (r == 0 && o.n) {
		merge(&o);
		r = hand_over(arena, &o, out);
	}
	free(o.v);
	free(o.frames);
	return r;
}
