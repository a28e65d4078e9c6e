// SPDX-License-Identifier: GPL-2.0-or-later
/* log/frame: the body of a line and what its prefix told, as each logger prints it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "log/frame.h"

struct got {
	char body[256], caller[FRAME_CALLER], stamp[FRAME_STAMP];
	struct opt_u64 uptime_us, time_ns;
	bool prefix;
	int lines;
};

static int each(void *ctx, const struct frame *f)
{
	struct got *g = ctx;

	assert_true(f->body.len < sizeof(g->body));
	if (f->body.len)
		memcpy(g->body, f->body.p, f->body.len);
	g->body[f->body.len] = '\0';
	memcpy(g->caller, f->caller, sizeof(g->caller));
	memcpy(g->stamp, f->stamp, sizeof(g->stamp));
	g->uptime_us = f->uptime_us;
	g->time_ns = f->time_ns;
	g->prefix = f->has_prefix;
	g->lines++;
	return 0;
}

static struct got frame_of(const char *line)
{
	auto_strbuf struct strbuf scratch = STRBUF_INIT;
	struct got g = { 0 };

	assert_int_equal(frame_line(slice_of(line), &scratch, each, &g), 0);
	return g;
}

#define BODY "a b: page allocation failure: order:0"

static void test_prefixes(void **state UNUSED)
{
	static const char *const lines[] = {
		"[   12.345678] " BODY,
		"[   12.345678][  T321] " BODY,
		"<4>[   12.345678] " BODY,
		"[Wed Feb 13 04:32:04 2019] " BODY,
		"Feb 13 04:32:04 host kernel: " BODY,
		"Feb  3 04:32:04 host kernel: [   12.345678] " BODY,
		"Feb 13 04:32:04 host.example.org kernel[0]: [   12.345678] " BODY,
		"2016-10-10T20:14:39.164501-07:00 r3-28 kernel: [15561.432286] " BODY,
		"2016-10-10T20:14:39-0700 r3 kernel: " BODY,
		"2026-01-02 03:04:05 kernel: " BODY,
		"[21161.092614] kernel: " BODY,
		"[21161.092614] host kernel: " BODY,
		"2016-10-10T20:14:39.164501-07:00 host kernel - - - " BODY,
		"Sun Jun  6 16:14:57 2021 kern.warn kernel: [  164.087315] " BODY,
		"<4>1 2016-10-10T20:14:39.164501-07:00 host kernel - - - " BODY,
		"<4>1 2016-10-10T20:14:39.164501-07:00 host kernel - - [meta x=\"1\"] [ 1.000001] " BODY,
		"06-08 18:46:11.095    25    25 W kernel  : " BODY,
		"<6>[ 1234.567890]  (1)[321:kworker/1:2]" BODY,
		"[ 1234.567890] c2    321 " BODY,
		"2016-10-06T00:17:09.669794202Z stdout F [   12.345678] " BODY,
		"node-3 | [   12.345678] " BODY,
		"warn|kernel[-]|[   12.345678] " BODY,
		"var/log/kern.log:[   12.345678] " BODY,
		"06-08 18:46:11.095     0     0 W         : " BODY,
		"[32m[   12.345678] [0m[1;33m" BODY "[0m",
		"[code][   12.345678] " BODY,
		"'[   12.345678] " BODY,
		"12.345678] " BODY,
		"> > [   12.345678] " BODY,
		"\x1b[32m[   12.345678] \x1b[0m\x1b[1m" BODY "\x1b[0m",
		"[   12.345678] " BODY "\r",
		"[   12.345678] " BODY "   <br />",
		"&gt; [   12.345678] " BODY,
		"{\"__REALTIME_TIMESTAMP\":\"1\",\"MESSAGE\":\"" BODY "\"}",
		"{\"log\":\"[   12.345678] " BODY "\\n\",\"stream\":\"stdout\"}",
		"{\"jsonPayload\":{\"message\":\"" BODY "\"},\"timestamp\":\"2026-01-02T03:04:05Z\"}",
		"\t\"MESSAGE\" : \"" BODY "\",",
	};

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++) {
		struct got g = frame_of(lines[i]);

		if (strcmp(g.body, BODY) != 0)
			fail_msg("%s: body is \"%s\"", lines[i], g.body);
		if (!g.prefix)
			fail_msg("%s: no prefix seen", lines[i]);
	}
}

/* What looks like a prefix and belongs to the kernel's line. */
static void test_bodies(void **state UNUSED)
{
	static const char *const bodies[] = {
		"[<c000f780>] (unwind_backtrace) from [<c000d20c>] (show_stack+0x10/0x14)",
		"[ pid ]   uid  tgid total_vm      rss nr_ptes swapents oom_score_adj name",
		"[  321]     0   321      255        1       3        0          -998 pause",
		"[c0000003f1c3b6d0] [c000000000017d44] show_stack+0x154/0x2c0 (unreliable)",
		"Node 0 DMA: 1*4kB (U) 0*8kB = 4kB",
		"2048 pages RAM",
		"CPU    0: hi:  186, btch:  31 usd:  30",
	};

	for (size_t i = 0; i < ARRAY_SIZE(bodies); i++) {
		struct got g = frame_of(bodies[i]);

		assert_string_equal(g.body, bodies[i]);
		assert_false(g.prefix);
	}
}

/* A prefix by itself tells nothing of where the kernel's line ends, and must not eat its first word. */
static void test_first_words(void **state UNUSED)
{
	static const struct {
		const char *line, *body;
	} cases[] = {
		{ "06-08 18:46:11.095     0     0 W kworker/1:2: page allocation failure: order:1",
		  "kworker/1:2: page allocation failure: order:1" },
		{ "Feb 13 04:32:04 host kernel: vmalloc_test/0: vmalloc error: size 8192",
		  "vmalloc_test/0: vmalloc error: size 8192" },
		{ "Feb 13 04:32:04 host kernel: vmalloc error: size 8192", "vmalloc error: size 8192" },
		{ "[    1.000000] host kernel: vmalloc: allocation failure: 8192 bytes",
		  "vmalloc: allocation failure: 8192 bytes" },
		{ "   17\tkworker/1:2: page allocation failure: order:1", "kworker/1:2: page allocation failure: order:1" },
		{ "[   12.345678] kernel: page allocation failure: order:1", "kernel: page allocation failure: order:1" },
		{ "[   12.345678]  ? init_module+0x0/0x10 [code]", "? init_module+0x0/0x10 [code]" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		assert_string_equal(frame_of(cases[i].line).body, cases[i].body);
}

static void test_what_is_told(void **state UNUSED)
{
	struct got g = frame_of("[   12.345678][  T321] x");

	assert_true(g.uptime_us.known);
	assert_true(g.uptime_us.v == 12345678);
	assert_string_equal(g.caller, "T321");
	g = frame_of("<6>[ 1234.567890]  (1)[321:kworker/1:2]x");
	assert_string_equal(g.caller, "T321");
	g = frame_of("1970-01-01T01:00:01+01:00 h kernel: x");
	assert_true(g.time_ns.known);
	assert_true(g.time_ns.v == UINT64_C(1000000000));
	assert_string_equal(g.stamp, "1970-01-01T01:00:01+01:00");
	/* without a zone the moment is not known */
	assert_false(frame_of("2026-01-02 03:04:05 h kernel: x").time_ns.known);
	assert_string_equal(frame_of("[Wed Feb 13 04:32:04 2019] x").stamp, "Wed Feb 13 04:32:04 2019");
}

static void test_several_in_one(void **state UNUSED)
{
	struct got g = frame_of("Feb 9 08:09:39 h kernel: active_anon:1#012 free:2");

	assert_int_equal(g.lines, 2);
	assert_string_equal(g.body, "free:2");
	assert_int_equal(frame_of("{\"MESSAGE\":\"a\\nb\\nc\"}").lines, 3);
}

#define LONG_LINE ((size_t)1 << 20)
#define LIMIT_SECS 5 /* linear takes a hundredth of one; quadratic takes a minute */

static int count(void *ctx, const struct frame *f)
{
	*(size_t *)ctx += f->body.len;
	return 0;
}

/* What a prefix or a tag begins with, again and again, and never its end. */
static void test_endless_prefix(void **state UNUSED)
{
	static const char *const parts[] = { "MESSAGE=", "<br ", "<a/", "[SIZE=", "[/code=", "[1.0", "<4>", "[ 1.0] ", "> ",
					     "kernel: ", "&amp;", "\x1b[", "\x1b]", "#012", "\\n", "{\"log\":", "[[", "(1", "kern:" };
	auto_free char *line = malloc(LONG_LINE);
	auto_strbuf struct strbuf scratch = STRBUF_INIT;

	assert_non_null(line);
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		clock_t begin = clock();
		size_t n = strlen(parts[i]), bytes = 0;

		for (size_t at = 0; at < LONG_LINE; at++)
			line[at] = parts[i][at % n];
		assert_int_equal(frame_line((struct slice){ line, LONG_LINE }, &scratch, count, &bytes), 0);
		assert_true(bytes <= LONG_LINE);
		if ((double)(clock() - begin) / CLOCKS_PER_SEC > LIMIT_SECS)
			fail_msg("a line of %s takes longer than it is long", parts[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_prefixes),
		cmocka_unit_test(test_bodies),
		cmocka_unit_test(test_first_words), cmocka_unit_test(test_what_is_told),
		cmocka_unit_test(test_several_in_one),
		cmocka_unit_test(test_endless_prefix),
	};

	return cmocka_run_group_tests_name("log_frame", tests, NULL, NULL);
}
