/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A fuzz target is a file with LLVMFuzzerTestOneInput; its corpus is
 * corpus/NAME. Built with libFuzzer by `make fuzz`, and with driver.c, which
 * replays the corpus, for `make check`.
 */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "read/kv.h"
#include "read/notes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What must hold for any input. */
#define HOLDS(cond)                                                                       \
	do {                                                                              \
		if (!(cond)) {                                                            \
			fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, \
				#cond);                                                   \
			abort();                                                          \
		}                                                                         \
	} while (0)

/*
 * A copy of the input, exactly as long, for the reader. Free it before looking
 * at the result: nothing may point into it.
 */
static inline struct slice fuzz_text(const uint8_t *data, size_t size)
{
	char *p = malloc(size ? size : 1);

	HOLDS(p);
	if (size)
		memcpy(p, data, size);
	return (struct slice){ p, size };
}

static inline void fuzz_free(struct slice s)
{
	free((char *)(uintptr_t)s.p);
}

/* Touches every byte of a string. */
static inline void fuzz_string(const char *s)
{
	HOLDS(s != NULL);
	HOLDS(strlen(s) < 1 << 20);
}

/* A name of a zone, a type or a counter: can be shown as it is. */
static inline void fuzz_name(const char *s)
{
	HOLDS(s != NULL && *s != '\0');
	for (; *s; s++)
		HOLDS(*s > ' ' && *s <= '~');
}

static inline void fuzz_notes(const struct read_notes *n)
{
	HOLDS((n->bad_lines > 0) == (n->why != NULL));
	HOLDS(n->bad_lines == 0 || (n->first_bad >= 1 && n->first_bad <= n->lines));
	if (n->excerpt)
		HOLDS(strlen(n->excerpt) < 300);
}

static inline void fuzz_kv(const struct kv_table *t)
{
	for (size_t i = 0; i < t->n; i++) {
		fuzz_name(t->v[i].name);
		HOLDS(!t->v[i].is_negative || t->v[i].value <= UINT64_C(1) << 63);
	}
}

/* The result code belongs to what was found. */
static inline void fuzz_result(int r, size_t size, size_t found)
{
	HOLDS(r == 0 || r == -EINVAL);
	HOLDS(size > 0 || r == 0);
	HOLDS(found == 0 || r == 0);
}

#endif
