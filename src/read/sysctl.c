// SPDX-License-Identifier: GPL-2.0-or-later
/* Readers of small files. */
#include "read/sysctl.h"

#include <errno.h>
#include <limits.h>

#include "base/cleanup.h"

#define CAP_FIRST      32
#define TEXT_MAX_BYTES 4096
#define LIST_MAX       65536

/*
 * The first line, trimmed. The kernel ends each such file with a newline:
 * without it a number may be cut.
 */
static int first_line(struct slice text, struct slice *line)
{
	bool complete = true;

	*line = text;
	if (slice_line(&text, line, &complete) && !complete)
		return -EINVAL;
	*line = slice_trim(*line);
	return 0;
}

static bool is_text(struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if ((c < ' ' && c != '\t') || c == 0x7f)
			return false;
	}
	return true;
}

/* All words of @s as numbers: 0, -EINVAL if one is not, -ENOMEM. */
static int parse_numbers(struct arena *arena, struct slice s, int64_t **values, size_t *n)
{
	auto_free int64_t *v = NULL;
	size_t cap = 0, count = 0;
	struct slice word;

	while (slice_word(&s, &word)) {
		if (vec_grow(&v, &cap, count, sizeof(*v)) != 0)
			return -ENOMEM;
		if (num_i64(word.p, word.len, &v[count++]) != 0)
			return -EINVAL;
	}
	if (count == 0)
		return -EINVAL;
	*values = arena_memdup(arena, v, count * sizeof(*v));
	*n = count;
	return *values ? 0 : -ENOMEM;
}

static int push(struct arena *arena, struct sysctl_table *t, const struct sysctl *entry)
{
	if (t->n == t->cap) {
		size_t cap = t->cap ? t->cap * 2 : CAP_FIRST;
		struct sysctl *v = arena_array(arena, cap, sizeof(*v));

		if (!v)
			return -ENOMEM;
		if (t->n)
			memcpy(v, t->v, t->n * sizeof(*v));
		t->v = v;
		t->cap = cap;
	}
	t->v[t->n++] = *entry;
	return 0;
}

int sysctl_add(struct arena *arena, struct sysctl_table *t, const char *name, struct slice text)
{
	struct sysctl entry = { 0 };
	struct slice line;
	int r;

	if (first_line(text, &line) != 0 || line.len > TEXT_MAX_BYTES || !is_text(line))
		return -EINVAL;
	entry.name = arena_strdup(arena, name);
	entry.text = arena_strndup(arena, line.p, line.len);
	if (!entry.name || !entry.text)
		return -ENOMEM;
	r = parse_numbers(arena, line, &entry.values, &entry.n_values);
	return r == -ENOMEM ? r : push(arena, t, &entry);
}

const struct sysctl *sysctl_get(const struct sysctl_table *t, const char *name)
{
	for (size_t i = 0; i < t->n; i++) {
		if (strcmp(t->v[i].name, name) == 0)
			return &t->v[i];
	}
	return NULL;
}

struct opt_u64 sysctl_u64(const struct sysctl_table *t, const char *name)
{
	const struct sysctl *s = sysctl_get(t, name);

	if (!s || s->n_values == 0 || s->values[0] < 0)
		return OPT_UNKNOWN;
	return opt_u64((uint64_t)s->values[0]);
}

bool sysctl_choice(struct slice text, struct slice *word)
{
	const char *open = memchr(text.p, '[', text.len), *close;

	if (!open)
		return false;
	open++;
	close = memchr(open, ']', text.len - (size_t)(open - text.p));
	if (!close || close == open)
		return false;
	*word = (struct slice){ open, (size_t)(close - open) };
	return true;
}

/* "4" or "0-3"; @next is the least number that keeps the list ascending. */
static bool parse_range(struct slice s, uint64_t next, uint64_t *first, uint64_t *last)
{
	const char *dash = memchr(s.p, '-', s.len);
	size_t len = dash ? (size_t)(dash - s.p) : s.len;

	if (num_u64(s.p, len, first) != 0)
		return false;
	*last = *first;
	if (dash && num_u64(dash + 1, s.len - len - 1, last) != 0)
		return false;
	return *first >= next && *last >= *first && *last <= INT_MAX;
}

int read_cpulist(struct arena *arena, struct slice text, int **ids, size_t *n)
{
	auto_free int *v = NULL;
	size_t cap = 0, count = 0;
	uint64_t next = 0;
	struct slice s;

	if (first_line(text, &s) != 0)
		return -EINVAL;
	while (s.len) {
		const char *comma = memchr(s.p, ',', s.len);
		size_t len = comma ? (size_t)(comma - s.p) : s.len;
		uint64_t first, last;

		if (!parse_range((struct slice){ s.p, len }, next, &first, &last) ||
		    last - first >= LIST_MAX - count || len + 1 == s.len)
			return -EINVAL;
		for (next = first; next <= last; next++) {
			if (vec_grow(&v, &cap, count, sizeof(*v)) != 0)
				return -ENOMEM;
			v[count++] = (int)next;
		}
		len += comma != NULL;
		s = (struct slice){ s.p + len, s.len - len };
	}
	*ids = arena_memdup(arena, v, count * sizeof(*v));
	*n = *ids ? count : 0;
	return *ids ? 0 : -ENOMEM;
}

int read_numbers(struct arena *arena, struct slice text, uint64_t **v, size_t *n)
{
	auto_free uint64_t *numbers = NULL;
	size_t cap = 0, count = 0;
	struct slice s, word;

	if (first_line(text, &s) != 0 || s.len > 16 * LIST_MAX)
		return -EINVAL;
	while (slice_word(&s, &word)) {
		if (vec_grow(&numbers, &cap, count, sizeof(*numbers)) != 0)
			return -ENOMEM;
		if (num_u64(word.p, word.len, &numbers[count++]) != 0)
			return -EINVAL;
	}
	*v = arena_memdup(arena, numbers, count * sizeof(*numbers));
	*n = *v ? count : 0;
	return *v ? 0 : -ENOMEM;
}
