// SPDX-License-Identifier: GPL-2.0-or-later
/* base/jsonw and base/jsonr: strings at every length and place, numbers to the last digit. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "base/jsonr.h"
#include "base/jsonw.h"

/* What a writer wrote. */
struct written {
	char *text;
	size_t len;
	FILE *f;
	struct jsonw jw;
};

static void begin(struct written *w)
{
	w->text = NULL;
	w->f = open_memstream(&w->text, &w->len);
	assert_non_null(w->f);
	jw_init(&w->jw, w->f, false);
}

static void end(struct written *w)
{
	jw_finish(&w->jw);
	assert_int_equal(fclose(w->f), 0);
}

static void check_string(struct slice s, const char *expected)
{
	struct written w;

	begin(&w);
	jw_slice(&w.jw, NULL, s);
	end(&w);
	if (strcmp(w.text, expected) != 0)
		fail_msg("%.*s is written as %s", (int)s.len, s.p, w.text);
	free(w.text);
}

/* RFC 8259: quotation mark, reverse solidus and control characters are escaped; bytes that are no UTF-8 go. */
static void test_escapes(void **state UNUSED)
{
	static const struct {
		const char *bytes, *json;
	} cases[] = {
		{ "\"", "\\\"" },	{ "\\", "\\\\" },      { "\n", "\\n" },	       { "\t", "\\t" },
		{ "\x1f", "\\u001f" },	{ "\x01", "\\u0001" }, { " ", " " },	       { "!", "!" },
		{ "#", "#" },		{ "[", "[" },	       { "]", "]" },	       { "~", "~" },
		{ "\x7f", "\\u007f" }, { "\x80", "\xef\xbf\xbd" }, { "\xc3\xa9", "\xc3\xa9" },
		{ "\xff", "\xef\xbf\xbd" }, { "\xe2\x82", "\xef\xbf\xbd\xef\xbf\xbd" },
	};
	char text[64], expected[160];

	for (size_t c = 0; c < ARRAY_SIZE(cases); c++) {
		for (int before = 0; before < 18; before++) {
			for (int after = 0; after < 18; after++) {
				int n = snprintf(text, sizeof(text), "%.*s%s%.*s", before, "abcdefghijklmnopqr",
						 cases[c].bytes, after, "ABCDEFGHIJKLMNOPQR");

				snprintf(expected, sizeof(expected), "\"%.*s%s%.*s\"\n", before, "abcdefghijklmnopqr",
					 cases[c].json, after, "ABCDEFGHIJKLMNOPQR");
				check_string((struct slice){ text, (size_t)n }, expected);
			}
		}
	}
	check_string((struct slice){ "a\0b", 3 }, "\"a\\u0000b\"\n");
}

/* Around the size of the writer's buffer, and far beyond it. */
static void test_long_strings(void **state UNUSED)
{
	static const size_t lengths[] = { 4093, 4094, 4095, 4096, 4097, 8192, 100000 };

	for (size_t i = 0; i < ARRAY_SIZE(lengths); i++) {
		size_t n = lengths[i];
		auto_free char *s = malloc(n), *expected = malloc(n + 5);

		assert_non_null(s);
		assert_non_null(expected);
		memset(s, 'x', n);
		memset(expected, 'x', n + 4);
		expected[0] = expected[n + 1] = '"';
		expected[n + 2] = '\n';
		expected[n + 3] = '\0';
		check_string((struct slice){ s, n }, expected);
		s[n - 1] = '"';
		memcpy(expected + n, "\\\"\"\n", 5);
		check_string((struct slice){ s, n }, expected);
	}
}

static void check_double(double v, int digits)
{
	char expected[400];
	struct written w;

	snprintf(expected, sizeof(expected), "%.*f\n", digits, v);
	begin(&w);
	jw_double(&w.jw, NULL, v, digits);
	end(&w);
	if (strcmp(w.text, expected) != 0)
		fail_msg("%a with %d digits: %s, and printf has %s", v, digits, w.text, expected);
	free(w.text);
}

/* As printf rounds: the nearest, of the exact binary value. */
static void test_doubles(void **state UNUSED)
{
	static const double some[] = { 0, -0.0, 0.5, 1.5, 2.5, 0.0005, 0.0015, 0.0025, 0.1245, 0.9995, 0.99949999,
				       0.3, 1 / 3.0, 2 / 3.0, -0.25, -0.0001, 999999.9995, 1e6, 1e15, 1e300, 5e-324 };
	uint64_t seed = 1;

	for (int digits = 0; digits <= 8; digits++) {
		for (size_t i = 0; i < ARRAY_SIZE(some); i++)
			check_double(some[i], digits);
		for (int i = 0; i < 2000; i++) {
			seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
			/* Also such as lie near the middle: multiples of 1/2000. */
			check_double((double)(seed >> 40) / (i % 2 ? 2000 : 16777216), digits);
		}
	}
}

static void test_not_a_number(void **state UNUSED)
{
	struct written w;

	begin(&w);
	jw_array(&w.jw, NULL);
	jw_double(&w.jw, NULL, (double)NAN, 3);
	jw_double(&w.jw, NULL, (double)INFINITY, 3);
	jw_milli(&w.jw, NULL, -500);
	jw_milli(&w.jw, NULL, 1007);
	jw_milli(&w.jw, NULL, INT64_MIN);
	jw_u64(&w.jw, NULL, UINT64_MAX);
	jw_i64(&w.jw, NULL, INT64_MIN);
	jw_end_array(&w.jw);
	end(&w);
	assert_string_equal(w.text, "[null,null,-0.500,1.007,-9223372036854775.808,18446744073709551615,"
				    "-9223372036854775808]\n");
	free(w.text);
}

/* Integers of any length at any place come back to the last digit. */
static void test_long_integers(void **state UNUSED)
{
	static const char *const numbers[] = { "18446744073709551615", "9007199254740993", "999999999999999",
					       "1000000000000001",     "123456789012345",  "7" };
	char text[200];

	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		for (int before = 0; before < 40; before++) {
			const char *why = NULL;
			int n = snprintf(text, sizeof(text), "%*s{\"a\":%s}", before, "", numbers[i]);
			cJSON *tree = jr_parse(text, (size_t)n, &why);
			struct opt_u64 v;

			assert_non_null(tree);
			v = jr_get_u64(tree, "a");
			assert_true(v.known);
			assert_true(v.v == strtoull(numbers[i], NULL, 10));
			cJSON_Delete(tree);
		}
	}
}

/* One value, whole, and nothing but blanks behind it. */
static void test_not_json(void **state UNUSED)
{
	static const char *const bad[] = { "", " ", "{", "{}x", "{} {}", "[1,]", "{\"a\":1", "{\"a\":18446744073709551615",
					   "{\"a\":18446744073709551615} 1", "nul", "\"a" };
	static const char *const good[] = { "{}", "{} ", " [1]\n", "null", "\"a\"", "{\"a\":18446744073709551615} \r\n" };
	const char *why;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		why = NULL;
		assert_null(jr_parse(bad[i], strlen(bad[i]), &why));
		assert_string_equal(why, "not JSON");
	}
	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		/* Exactly as long: a sanitizer sees what is read beyond. */
		auto_free char *copy = malloc(strlen(good[i]));
		cJSON *tree;

		assert_non_null(copy);
		memcpy(copy, good[i], strlen(good[i]));
		tree = jr_parse(copy, strlen(good[i]), &why);
		assert_non_null(tree);
		cJSON_Delete(tree);
	}
	assert_null(jr_parse("{}\0", 3, &why));
}

/* Rows of numbers, as the processors of a zone have them: what came before, came again, or is not there. */
static void test_objects_of(void **state UNUSED)
{
	static const struct {
		int32_t cpu, count, high;
	} rows[] = {
		{ 0, 9, 100 }, { 1, 10, 100 }, { 10, 10, 100 }, { 2147483647, 10, -1 }, { -1, 0, 100 }, { -1, -1, -1 },
		{ 7, 10, 99 }, { 7, 9, 100 },  { 7, 10, 100 },
	};
	static const char compact[] =
		"[{\"cpu\":0,\"count\":9,\"high\":100},{\"cpu\":1,\"count\":10,\"high\":100},"
		"{\"cpu\":10,\"count\":10,\"high\":100},{\"cpu\":2147483647,\"count\":10},{\"count\":0,\"high\":100},{},"
		"{\"cpu\":7,\"count\":10,\"high\":99},{\"cpu\":7,\"count\":9,\"high\":100},"
		"{\"cpu\":7,\"count\":10,\"high\":100}]\n";

	for (unsigned int pretty = 0; pretty < 2; pretty++) {
		struct jw_names names = { .n = 0 };
		struct written w;
		char *to;

		begin(&w);
		w.jw.pretty = pretty;
		assert_true(jw_names_add(&w.jw, &names, "cpu", offsetof(__typeof__(rows[0]), cpu)));
		assert_true(jw_names_add(&w.jw, &names, "count", offsetof(__typeof__(rows[0]), count)));
		assert_true(jw_names_add(&w.jw, &names, "high", offsetof(__typeof__(rows[0]), high)));
		jw_array_inline(&w.jw, NULL);
		for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
			jw_object_of(&w.jw, &names, &rows[i]);
		jw_end_array(&w.jw);
		end(&w);
		to = w.text;
		/* The same but for blanks. */
		for (const char *from = w.text; pretty && *from; from++) {
			if (*from != ' ')
				*to++ = *from;
		}
		if (pretty) {
			assert_true(to < w.text + w.len);
			*to = '\0';
		}
		assert_string_equal(w.text, compact);
		free(w.text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_escapes),	    cmocka_unit_test(test_long_strings),
		cmocka_unit_test(test_doubles),	    cmocka_unit_test(test_not_a_number),
		cmocka_unit_test(test_long_integers), cmocka_unit_test(test_not_json),
		cmocka_unit_test(test_objects_of),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
