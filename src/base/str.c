// SPDX-License-Identifier: GPL-2.0-or-later
/* Arena, growable buffer, slices. */
#include "base/str.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/num.h"
#include "base/utf8.h"

struct arena_block {
	struct arena_block *next;
	size_t used, size;
	max_align_t data[];
};

#define ARENA_BLOCK_MIN ((size_t)4096)
#define ARENA_BLOCK_MAX ((size_t)256 * 1024)

void arena_done(struct arena *a)
{
	struct arena_block *b = a->head;

	while (b) {
		struct arena_block *next = b->next;

		free(b);
		b = next;
	}
	a->head = NULL;
	a->used_bytes = 0;
}

void arena_reset(struct arena *a)
{
	struct arena_block *keep = a->head;

	if (!keep)
		return;
	for (struct arena_block *b = keep->next, *next; b; b = next) {
		next = b->next;
		if (b->size > keep->size) {
			free(keep);
			keep = b;
		} else {
			free(b);
		}
	}
	memset(keep->data, 0, keep->used);
	keep->used = 0;
	keep->next = NULL;
	a->head = keep;
	a->used_bytes = 0;
}

void arena_move(struct arena *to, struct arena *from)
{
	/* Behind the head: that one has room yet. */
	struct arena_block **at = to->head ? &to->head->next : &to->head, *rest = *at;

	*at = from->head;
	while (*at)
		at = &(*at)->next;
	*at = rest;
	to->used_bytes += from->used_bytes;
	from->head = NULL;
	from->used_bytes = 0;
}

void *arena_alloc(struct arena *a, size_t size)
{
	const size_t align = sizeof(max_align_t);
	struct arena_block *b = a->head;
	void *p;

	if (size > SIZE_MAX / 2)
		return NULL;
	size = (size + align - 1) / align * align;
	if (!b || b->size - b->used < size) {
		size_t want = b ? b->size * 2 : ARENA_BLOCK_MIN;

		if (want > ARENA_BLOCK_MAX)
			want = ARENA_BLOCK_MAX;
		if (want < size)
			want = size;
		b = calloc(1, sizeof(*b) + want);
		if (!b)
			return NULL;
		b->size = want;
		b->next = a->head;
		a->head = b;
	}
	p = (char *)b->data + b->used;
	b->used += size;
	a->used_bytes += size;
	return p;
}

void *arena_array(struct arena *a, uint64_t n, size_t elem)
{
	size_t size;

	if (__builtin_mul_overflow(n, elem, &size))
		return NULL;
	return arena_alloc(a, size);
}

char *arena_strndup(struct arena *a, const char *s, size_t len)
{
	char *p = arena_alloc(a, len + 1);

	if (p && len)
		memcpy(p, s, len);
	return p;
}

char *arena_strdup(struct arena *a, const char *s)
{
	return arena_strndup(a, s, strlen(s));
}

void *arena_memdup(struct arena *a, const void *p, size_t size)
{
	void *q = arena_alloc(a, size);

	if (q && size)
		memcpy(q, p, size);
	return q;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap, again;
	char text[256], *p = NULL; /* most fit, and are formatted but once */
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	if (n >= 0)
		p = arena_alloc(a, (size_t)n + 1);
	if (p && (size_t)n < sizeof(text))
		memcpy(p, text, (size_t)n + 1);
	else if (p)
		vsnprintf(p, (size_t)n + 1, fmt, again);
	va_end(again);
	va_end(ap);
	return p;
}

void sb_done(struct strbuf *sb)
{
	free(sb->buf);
	*sb = STRBUF_INIT;
}

void sb_reset(struct strbuf *sb)
{
	sb->len = 0;
	sb->failed = false;
	if (sb->buf)
		sb->buf[0] = '\0';
}

bool sb_grow(struct strbuf *sb, size_t extra)
{
	size_t need, cap = sb->cap ? sb->cap : 128;
	char *p;

	if (sb->failed)
		return false;
	if (__builtin_add_overflow(sb->len, extra, &need) || need > SIZE_MAX / 2 - 1) {
		sb->failed = true;
		return false;
	}
	if (need < sb->cap)
		return true;
	while (cap <= need)
		cap *= 2;
	p = realloc(sb->buf, cap);
	if (!p) {
		sb->failed = true;
		return false;
	}
	sb->buf = p;
	sb->cap = cap;
	return true;
}

void sb_add(struct strbuf *sb, const void *p, size_t len)
{
	if (!sb_grow(sb, len))
		return;
	if (len)
		memcpy(sb->buf + sb->len, p, len);
	sb->len += len;
	sb->buf[sb->len] = '\0';
}

void sb_addstr(struct strbuf *sb, const char *s)
{
	sb_add(sb, s, strlen(s));
}

void sb_addch(struct strbuf *sb, char c)
{
	sb_add(sb, &c, 1);
}

void sb_vprintf(struct strbuf *sb, const char *fmt, va_list ap)
{
	va_list again;
	int n;

	if (!sb_grow(sb, 0))
		return;
	va_copy(again, ap);
	n = vsnprintf(sb->buf + sb->len, sb->cap - sb->len, fmt, ap);
	if (n >= 0 && (size_t)n >= sb->cap - sb->len && sb_grow(sb, (size_t)n))
		n = vsnprintf(sb->buf + sb->len, sb->cap - sb->len, fmt, again);
	if (n >= 0 && !sb->failed)
		sb->len += (size_t)n;
	else
		sb->buf[sb->len] = '\0';
	va_end(again);
}

void sb_printf(struct strbuf *sb, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	sb_vprintf(sb, fmt, ap);
	va_end(ap);
}

const char *sb_str(const struct strbuf *sb)
{
	return sb->buf ? sb->buf : "";
}

bool slice_line(struct slice *rest, struct slice *line, bool *complete)
{
	const char *nl;

	if (rest->len == 0)
		return false;
	nl = memchr(rest->p, '\n', rest->len);
	line->p = rest->p;
	line->len = nl ? (size_t)(nl - rest->p) : rest->len;
	if (complete)
		*complete = nl != NULL;
	rest->p += line->len + (nl != NULL);
	rest->len -= line->len + (nl != NULL);
	return true;
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

bool slice_word(struct slice *rest, struct slice *word)
{
	size_t i = 0, start;

	while (i < rest->len && is_blank(rest->p[i]))
		i++;
	start = i;
	while (i < rest->len && !is_blank(rest->p[i]))
		i++;
	word->p = rest->p + start;
	word->len = i - start;
	rest->p += i;
	rest->len -= i;
	return word->len > 0;
}

int slice_u64(struct slice *rest, uint64_t *v)
{
	struct slice word;

	if (!slice_word(rest, &word))
		return -ENODATA;
	return num_u64(word.p, word.len, v);
}

bool slice_skip(struct slice *s, const char *prefix)
{
	size_t n = strlen(prefix);

	if (!slice_starts(*s, prefix))
		return false;
	s->p += n;
	s->len -= n;
	return true;
}

struct slice slice_trim(struct slice s)
{
	/* Eight at a time: zoneinfo of a large host is blanks for the most part. */
	while (s.len >= 8 && memcmp(s.p, "        ", 8) == 0) {
		s.p += 8;
		s.len -= 8;
	}
	while (s.len && (is_blank(s.p[0]) || s.p[0] == '\r' || s.p[0] == '\n')) {
		s.p++;
		s.len--;
	}
	while (s.len && (is_blank(s.p[s.len - 1]) || s.p[s.len - 1] == '\r' ||
			 s.p[s.len - 1] == '\n'))
		s.len--;
	return s;
}

const char *slice_find(struct slice s, const char *needle)
{
	return memmem(s.p, s.len, needle, strlen(needle));
}

void sb_add_quoted(struct strbuf *sb, struct slice s, size_t max)
{
	size_t i = 0;

	while (i < s.len && i < max) {
		size_t n = utf8_sequence(s.p + i, s.len - i);
		unsigned char c = (unsigned char)s.p[i];

		if (n == 0 || c < 0x20 || c == 0x7f) {
			sb_printf(sb, "\\x%02x", c);
			i++;
		} else {
			sb_add(sb, s.p + i, n);
			i += n;
		}
	}
	if (i < s.len)
		sb_addstr(sb, "...");
}

int vec_grow(void *arrayp, size_t *cap, size_t n, size_t elem)
{
	size_t want = *cap ? *cap * 2 : 16, bytes;
	void *old, *p;

	if (n < *cap)
		return 0;
	if (__builtin_mul_overflow(want, elem, &bytes))
		return -ENOMEM;
	memcpy(&old, arrayp, sizeof(old));
	p = realloc(old, bytes);
	if (!p)
		return -ENOMEM;
	memcpy(arrayp, &p, sizeof(p));
	*cap = want;
	return 0;
}
