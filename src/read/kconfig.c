// SPDX-License-Identifier: GPL-2.0-or-later
/* Reader of kernel configurations. */
#include "read/kconfig.h"

#include <errno.h>

#include "base/cleanup.h"
#include "read/lines.h"

struct option {
	struct slice name, value;
	uint64_t number; /* the later one of two holds */
};

static bool is_name(struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.p[i];

		if (!(c >= 'A' && c <= 'Z') && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') &&
		    c != '_')
			return false;
	}
	return lines_name_ok(s);
}

static bool is_text(struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		if ((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7f)
			return false;
	}
	return true;
}

/* "CONFIG_X=value", "# CONFIG_X is not set"; another comment or a blank line has no name. */
static const char *parse_line(const struct lines *l, struct option *o)
{
	const char *end = l->line.p + l->line.len, *eq;
	struct slice s = l->line;

	o->name.len = 0;
	if (lines_blank(s))
		return NULL;
	if (slice_skip(&s, "# CONFIG_")) {
		const char *tail = slice_find(s, " is not set");

		if (!tail || tail + 11 != end)
			return NULL;
		o->name = (struct slice){ s.p, (size_t)(tail - s.p) };
		o->value = SLICE("n");
		return is_name(o->name) ? NULL : "not the name of an option";
	}
	if (s.p[0] == '#')
		return NULL;
	eq = memchr(s.p, '=', s.len);
	if (!slice_skip(&s, "CONFIG_") || !eq)
		return "not a line of a configuration";
	if (!l->complete)
		return "cut off";
	o->name = (struct slice){ s.p, (size_t)(eq - s.p) };
	o->value = (struct slice){ eq + 1, (size_t)(end - eq - 1) };
	if (!is_name(o->name))
		return "not the name of an option";
	if (o->value.len == 0 || !is_text(o->value))
		return "no value";
	if (o->value.p[0] == '"' && (o->value.len < 2 || end[-1] != '"'))
		return "no closing quote";
	return NULL;
}

static int by_name(const void *a, const void *b)
{
	const struct option *x = a, *y = b;
	size_t len = x->name.len < y->name.len ? x->name.len : y->name.len;
	int r = memcmp(x->name.p, y->name.p, len);

	if (r == 0 && x->name.len != y->name.len)
		return x->name.len < y->name.len ? -1 : 1;
	if (r == 0)
		return (x->number > y->number) - (x->number < y->number);
	return r;
}

/* strcmp of a slice without NUL bytes and a string. */
static int compare(struct slice s, const char *c)
{
	int r = strncmp(s.p, c, s.len);

	return r ? r : -(c[s.len] != '\0');
}

static bool is_wanted(struct slice name, const char *const *wanted, size_t n)
{
	size_t low = 0;

	if (!wanted)
		return true;
	while (low < n) {
		size_t mid = low + (n - low) / 2;
		int r = compare(name, wanted[mid]);

		if (r == 0)
			return true;
		if (r < 0)
			n = mid;
		else
			low = mid + 1;
	}
	return false;
}

/* Strings lose their quotes and the backslash before a quote or a backslash. */
static const char *copy_value(struct arena *arena, struct slice s)
{
	char *v, *to;

	if (s.p[0] != '"')
		return arena_strndup(arena, s.p, s.len);
	v = to = arena_alloc(arena, s.len);
	if (!v)
		return NULL;
	for (size_t i = 1; i + 1 < s.len; i++) {
		if (s.p[i] == '\\' && i + 2 < s.len)
			i++;
		*to++ = s.p[i];
	}
	return v;
}

static int hand_over(struct arena *arena, struct option *v, size_t n, struct kconfig *out)
{
	if (n)
		qsort(v, n, sizeof(*v), by_name);
	out->v = arena_array(arena, n, sizeof(*out->v));
	if (!out->v)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		struct kconfig_option *o = &out->v[out->n];

		if (i + 1 < n && v[i].name.len == v[i + 1].name.len &&
		    memcmp(v[i].name.p, v[i + 1].name.p, v[i].name.len) == 0)
			continue;
		o->name = arena_strndup(arena, v[i].name.p, v[i].name.len);
		o->value = copy_value(arena, v[i].value);
		if (!o->name || !o->value)
			return -ENOMEM;
		out->n++;
	}
	return 0;
}

int read_kconfig(struct arena *arena, struct slice text, const char *const *wanted, size_t n_wanted,
		 struct kconfig *out, struct read_notes *notes)
{
	auto_free struct option *v = NULL;
	size_t n = 0, cap = 0;
	struct lines l = { .rest = text };
	bool recognised = false;

	*out = (struct kconfig){ 0 };
	*notes = (struct read_notes){ 0 };
	while (lines_next(&l)) {
		struct option o = { .number = l.number };
		const char *why = parse_line(&l, &o);

		notes->lines = l.number;
		if (why)
			notes_bad(notes, arena, l.number, l.line, why);
		if (why || o.name.len == 0)
			continue;
		recognised = true;
		if (!is_wanted(o.name, wanted, n_wanted))
			continue;
		if (vec_grow(&v, &cap, n, sizeof(*v)) != 0)
			return -ENOMEM;
		v[n++] = o;
	}
	if (!recognised && notes->bad_lines)
		return -EINVAL;
	return hand_over(arena, v, n, out);
}

static int compare_option(const void *key, const void *element)
{
	return strcmp(key, ((const struct kconfig_option *)element)->name);
}

const char *kconfig_get(const struct kconfig *k, const char *name)
{
	const struct kconfig_option *o;

	if (k->n == 0)
		return NULL;
	o = bsearch(name, k->v, k->n, sizeof(*k->v), compare_option);
	return o ? o->value : NULL;
}
