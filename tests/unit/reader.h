/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What tests of readers share. Include first. */
#ifndef TESTS_UNIT_READER_H
#define TESTS_UNIT_READER_H

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/num.h"
#include "base/str.h"
#include "read/kv.h"
#include "read/notes.h"

static inline void cleanup_arena(struct arena *a)
{
	arena_done(a);
}
#define auto_arena __attribute__((cleanup(cleanup_arena)))

static inline void is_known(struct opt_u64 o, uint64_t want)
{
	assert_true(o.known);
	assert_true(o.v == want);
}

static inline void is_u64s(const uint64_t *v, const uint64_t *want, size_t n)
{
	for (size_t i = 0; i < n; i++)
		assert_true(v[i] == want[i]);
}

/* The notes name one bad line: this one. */
static inline void one_bad_line(const struct read_notes *n, uint64_t number)
{
	assert_int_equal(n->bad_lines, 1);
	assert_int_equal(n->first_bad, number);
	assert_non_null(n->why);
	assert_non_null(n->excerpt);
}

#endif
