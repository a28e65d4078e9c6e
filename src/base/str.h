/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory and text: an arena that frees all at once, a growable buffer, and
 * slices, which are borrowed bytes that may hold anything, NUL included.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/cleanup.h"

/* ---- arena: everything that belongs to one snapshot or one report ---- */

struct arena_block;

struct arena {
	struct arena_block *head;
	size_t used_bytes; /* handed out so far */
};

/* A zeroed struct arena is empty and valid. */
void arena_done(struct arena *a);
/* Free all but the largest block and start again: for work that repeats. */
void arena_reset(struct arena *a);
/* All that is @from's becomes @to's; nothing moves in memory, and @from is empty then. */
void arena_move(struct arena *to, struct arena *from);
/* Zeroed memory, aligned for any type; NULL when memory is out. size 0 gives a valid pointer. */
void *arena_alloc(struct arena *a, size_t size);
/* As arena_alloc for @n elements; NULL also on overflow. */
void *arena_array(struct arena *a, uint64_t n, size_t elem);
char *arena_strndup(struct arena *a, const char *s, size_t len);
char *arena_strdup(struct arena *a, const char *s);
char *arena_printf(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3);
void *arena_memdup(struct arena *a, const void *p, size_t size);

/* ---- strbuf: a growable byte buffer, always NUL terminated ---- */

struct strbuf {
	char *buf;
	size_t len, cap;
	bool failed; /* memory ran out; further additions do nothing */
};

#define STRBUF_INIT ((struct strbuf){ NULL, 0, 0, false })

void sb_done(struct strbuf *sb);
void sb_reset(struct strbuf *sb);
void sb_add(struct strbuf *sb, const void *p, size_t len);
void sb_addstr(struct strbuf *sb, const char *s);
void sb_addch(struct strbuf *sb, char c);
void sb_printf(struct strbuf *sb, const char *fmt, ...) PRINTF_LIKE(2, 3);
void sb_vprintf(struct strbuf *sb, const char *fmt, va_list ap) PRINTF_LIKE(2, 0);
/* Room for @extra further bytes; false when memory is out. */
bool sb_grow(struct strbuf *sb, size_t extra);
/* The text, never NULL; owned by @sb. */
const char *sb_str(const struct strbuf *sb);

static inline void cleanup_sb(struct strbuf *sb)
{
	sb_done(sb);
}
#define auto_strbuf __attribute__((cleanup(cleanup_sb)))

/* ---- slice: borrowed bytes ---- */

struct slice {
	const char *p;
	size_t len;
};

#define SLICE(lit) ((struct slice){ (lit), sizeof(lit) - 1 })

/* "" for one, "s" for any other number of things. */
static inline const char *plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

static inline struct slice slice_of(const char *s)
{
	return (struct slice){ s, strlen(s) };
}

static inline bool slice_eq(struct slice s, const char *c)
{
	return strlen(c) == s.len && memcmp(s.p, c, s.len) == 0;
}

static inline bool slice_starts(struct slice s, const char *c)
{
	size_t n = strlen(c);

	return s.len >= n && memcmp(s.p, c, n) == 0;
}

/*
 * Take the next line off @rest into @line, without its newline (a trailing
 * '\r' stays). False when nothing is left. @complete, if not NULL, tells
 * whether the line ended in a newline.
 */
bool slice_line(struct slice *rest, struct slice *line, bool *complete);
/* Take the next run of non-blanks (space, tab) off @rest. False when none is left. */
bool slice_word(struct slice *rest, struct slice *word);
/* As slice_word, and it must be a decimal u64. -ENODATA when none is left, else as num_u64. */
int slice_u64(struct slice *rest, uint64_t *v);
/* Drop @prefix from the front, if it is there. */
bool slice_skip(struct slice *s, const char *prefix);
struct slice slice_trim(struct slice s);
/* First place of @needle in @s, or NULL. */
const char *slice_find(struct slice s, const char *needle);

/*
 * For a message: @s with control bytes and invalid UTF-8 as \xNN, cut to
 * about @max bytes with "..." . Appended to @sb.
 */
void sb_add_quoted(struct strbuf *sb, struct slice s, size_t max);

/* ---- arrays that grow ---- */

/* Make room for one more element; returns 0 or -ENOMEM. */
int vec_grow(void *arrayp, size_t *cap, size_t n, size_t elem);

#endif
