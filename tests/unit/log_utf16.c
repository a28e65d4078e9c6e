// SPDX-License-Identifier: GPL-2.0-or-later
/* Logs that a Windows shell wrote, however their bytes come in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "log/utf16.h"

/* Feeds @text in pieces of @step bytes; what comes out stands in @got. */
static void feed(const char *text, size_t n, size_t step, char *got)
{
	struct utf16 u = { 0 };
	size_t len = 0;

	for (size_t at = 0; at < n; at += step) {
		size_t piece = n - at < step ? n - at : step;

		memcpy(got + len, text + at, piece);
		len += utf16_narrow(&u, got + len, piece);
	}
	len += utf16_end(&u, got + len);
	got[len] = '\0';
}

static void test_pieces(void **state UNUSED)
{
	static const struct {
		const char *text;
		size_t n;
		const char *want;
	} cases[] = {
		{ "\xff\xfeO\0O\0M\0\r\0\n\0", 12, "OOM\r\n" },
		{ "\xfe\xff\0O\0O\0M", 8, "OOM" },
		{ "\xff\xfe\xa0\0\x1c\x20x\0", 8, " ?x" },
		/* no mark: as it is, also what begins like one */
		{ "OOM", 3, "OOM" },
		{ "\xffOOM", 4, "\xffOOM" },
		{ "\xfe\xfe", 2, "\xfe\xfe" },
		{ "\xff", 1, "\xff" },
		/* cut within a pair: the half is no character */
		{ "\xff\xfeO\0O", 5, "O" },
		{ "", 0, "" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		for (size_t step = 1; step < 14; step++) {
			char got[32];

			feed(cases[i].text, cases[i].n, step, got);
			if (strcmp(got, cases[i].want))
				fail_msg("case %zu in pieces of %zu: \"%s\"", i, step, got);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_pieces) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
