// SPDX-License-Identifier: GPL-2.0-or-later
/* Which cause comes before which, as who reads the zones by hand would say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "model/verdict.h"

static void test_shortage(void **state UNUSED)
{
	static const struct {
		const char *what;
		struct shortage s;
		enum cause cause;
	} cases[] = {
		{ "every zone below its mark", { 0 }, CAUSE_LOW_MEMORY },
		{ "below it by what is reserved", { .kept_back = true }, CAUSE_WATERMARK_RESERVE },
		{ "32-bit: Normal used up, HighMem free", { .other_zone = true }, CAUSE_ZONE_RESTRICTED },
		{ "the same, and Normal's pages kept back", { .other_zone = true, .kept_back = true },
		  CAUSE_ZONE_RESTRICTED },
		{ "Normal has pages and no block, HighMem has blocks", { .enough = true, .other_zone = true },
		  CAUSE_FRAGMENTATION },
		{ "the cpuset's node has pages and no block", { .enough = true, .other_node = true },
		  CAUSE_FRAGMENTATION },
		{ "the cpuset's node is used up, another is not", { .other_node = true, .other_zone = true },
		  CAUSE_NODE_BOUND },
		{ "__GFP_THISNODE on a node broken up", { .enough = true, .this_node = true }, CAUSE_NODE_BOUND },
		{ "GFP_DMA where ZONE_DMA is empty", { .no_zone = true, .other_zone = true }, CAUSE_ZONE_RESTRICTED },
		{ "a node without memory", { .no_zone = true, .other_node = true }, CAUSE_NODE_BOUND },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		if (cause_of_shortage(&cases[i].s) != cases[i].cause)
			fail_msg("%s: %s", cases[i].what, cause_name(cause_of_shortage(&cases[i].s)));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_shortage) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
