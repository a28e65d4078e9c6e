/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a reader could not use. A bad line costs that line and is counted; the
 * rest of the file stands.
 */
#ifndef READ_NOTES_H
#define READ_NOTES_H

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct read_notes {
	uint64_t lines;	     /* lines seen */
	uint64_t bad_lines;  /* lines that could not be read */
	uint64_t first_bad;  /* number of the first, from 1 */
	const char *excerpt; /* of the first, quoted for a message; in the arena; NULL if none */
	const char *why;     /* static text */
};

/* Note that line @number (from 1) was not usable. Keeps the first one's text in @arena. */
void notes_bad(struct read_notes *n, struct arena *arena, uint64_t number, struct slice line,
	       const char *why);

/* As if the lines that @later noted had come behind those of @n. */
void notes_join(struct read_notes *n, const struct read_notes *later);

/*
 * All readers have this form:
 *
 *	int read_SOURCE(struct arena *arena, struct slice text, struct SOURCE *out,
 *			struct read_notes *notes);
 *
 * pure functions from bytes to a typed result: no file access, no opinion on
 * what the numbers mean. All memory comes from @arena and nothing in @out
 * points into @text. @out and @notes are zeroed first. Returns 0, -ENOMEM, or
 * -EINVAL when no line of the text belongs to this source (then the text is
 * not this file at all). An empty text gives 0 and an empty result.
 */

#endif
