// SPDX-License-Identifier: GPL-2.0-or-later
/* gfp masks and names. Expected masks are those that include/linux/gfp.h of each kernel yields. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "kernel/gfp.h"

static const struct {
	unsigned int major, minor, el;
	uint64_t kernel, atomic, nowait, nofs, highuser_movable, transhuge, kernel_comp;
} kernels[] = {
	{ 3, 10, 0, 0xd0, 0x20, 0x0, 0x50, 0x200da, 0x4352da, 0x40d0 },
	{ 4, 4, 0, 0x24000c0, 0x2080020, 0x2000000, 0x2400040, 0x24200ca, 0x4352ca, 0x24040c0 },
	{ 4, 9, 0, 0x24000c0, 0x2080020, 0x2000000, 0x2400040, 0x24200ca, 0x4342ca, 0x24040c0 },
	{ 4, 14, 0, 0x14000c0, 0x1080020, 0x1000000, 0x1400040, 0x14200ca, 0x4342ca, 0x14040c0 },
	{ 4, 16, 0, 0x14000c0, 0x1080020, 0x1000000, 0x1400040, 0x14200ca, 0x4342ca, 0x14040c0 },
	{ 4, 19, 0, 0x6000c0, 0x480020, 0x400000, 0x600040, 0x6200ca, 0x2342ca, 0x6040c0 },
	{ 4, 18, 8, 0x6000c0, 0x480020, 0x400000, 0x600040, 0x6200ca, 0x2342ca, 0x6040c0 },
	{ 5, 10, 0, 0xcc0, 0xa20, 0x800, 0xc40, 0x100cca, 0x1c24ca, 0x40cc0 },
	{ 6, 1, 0, 0xcc0, 0xa20, 0x800, 0xc40, 0x100cca, 0x1c24ca, 0x40cc0 },
	{ 6, 6, 0, 0xcc0, 0x820, 0x800, 0xc40, 0x100cca, 0x1c24ca, 0x40cc0 },
	{ 6, 12, 0, 0xcc0, 0x820, 0x2800, 0xc40, 0x100cca, 0x1c24ca, 0x40cc0 },
	{ 7, 3, 0, 0xcc0, 0x820, 0x2800, 0xc40, 0x100cca, 0x1c24ca, 0x40cc0 },
};

static void check(const struct gfp_names *names, const char *text, uint64_t mask)
{
	auto_strbuf struct strbuf sb = STRBUF_INIT;
	struct gfp gfp, again;

	assert_int_equal(gfp_parse(names, slice_of(text), &gfp, NULL), 0);
	if (gfp_to_mask(names, gfp) != mask)
		fail_msg("%s in %x: 0x%llx, not 0x%llx", text, names->rules->version,
			 (unsigned long long)gfp_to_mask(names, gfp), (unsigned long long)mask);
	again = gfp_from_mask(names, mask);
	assert_int_equal(again.flags, gfp.flags);
	assert_int_equal(again.unknown, 0);
	gfp_format(names, again, &sb);
	if (mask)
		assert_string_equal(sb_str(&sb), text);
}

static void test_masks(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_SIZE(kernels); i++) {
		struct mm_rules rules = mm_rules_for(kernels[i].major, kernels[i].minor, 200,
						     kernels[i].el, 348);
		struct gfp_names names = { &rules, NULL };

		check(&names, "GFP_KERNEL", kernels[i].kernel);
		check(&names, "GFP_ATOMIC", kernels[i].atomic);
		check(&names, "GFP_NOWAIT", kernels[i].nowait);
		check(&names, "GFP_NOFS", kernels[i].nofs);
		check(&names, "GFP_HIGHUSER_MOVABLE", kernels[i].highuser_movable);
		check(&names, "GFP_TRANSHUGE", kernels[i].transhuge);
		check(&names, "GFP_KERNEL|__GFP_COMP", kernels[i].kernel_comp);
	}
}

/* The rest of the composites; 0 where a kernel has no such name. */
static void test_more_masks(void **state UNUSED)
{
	static const struct {
		unsigned int major, minor, el;
		uint64_t noio, user, highuser, account, light;
	} more[] = {
		{ 3, 10, 0, 0x10, 0x200d0, 0x200d2, 0x1000d0, 0 },
		{ 4, 4, 0, 0x2400000, 0x24200c0, 0x24200c2, 0, 0 },
		{ 4, 9, 0, 0x2400000, 0x24200c0, 0x24200c2, 0x25000c0, 0x342ca },
		{ 4, 14, 0, 0x1400000, 0x14200c0, 0x14200c2, 0x15000c0, 0x342ca },
		{ 4, 19, 0, 0x600000, 0x6200c0, 0x6200c2, 0x7000c0, 0x342ca },
		{ 4, 18, 8, 0x600000, 0x6200c0, 0x6200c2, 0x7000c0, 0x342ca },
		{ 5, 10, 0, 0xc00, 0x100cc0, 0x100cc2, 0x400cc0, 0x1c20ca },
		{ 6, 1, 0, 0xc00, 0x100cc0, 0x100cc2, 0x400cc0, 0x1c20ca },
		{ 6, 6, 0, 0xc00, 0x100cc0, 0x100cc2, 0x400cc0, 0x1c20ca },
		{ 7, 3, 0, 0xc00, 0x100cc0, 0x100cc2, 0x400cc0, 0x1c20ca },
	};

	for (size_t i = 0; i < ARRAY_SIZE(more); i++) {
		struct mm_rules rules = mm_rules_for(more[i].major, more[i].minor, 200, more[i].el, 348);
		struct gfp_names names = { &rules, NULL };

		check(&names, "GFP_NOIO", more[i].noio);
		check(&names, "GFP_USER", more[i].user);
		check(&names, "GFP_HIGHUSER", more[i].highuser);
		if (more[i].account)
			check(&names, "GFP_KERNEL_ACCOUNT", more[i].account);
		if (more[i].light)
			check(&names, "GFP_TRANSHUGE_LIGHT", more[i].light);
	}
}

static void test_unknown_bits_are_kept(void **state UNUSED)
{
	struct mm_rules rules = mm_rules_for(6, 12, 107, 0, 0);
	struct gfp_names names = { &rules, NULL };
	struct gfp g = gfp_from_mask(&names, 0x80000cc0);
	auto_strbuf struct strbuf sb = STRBUF_INIT;

	assert_int_equal(g.unknown, 0x80000000);
	assert_int_equal(gfp_to_mask(&names, g), 0x80000cc0);
	gfp_format(&names, g, &sb);
	assert_string_equal(sb_str(&sb), "GFP_KERNEL|0x80000000");
}

static void test_mistakes(void **state UNUSED)
{
	struct mm_rules rules = mm_rules_for(6, 12, 107, 0, 0);
	struct gfp_names names = { &rules, NULL };
	struct slice culprit;
	struct gfp g;

	assert_int_not_equal(gfp_parse(&names, slice_of("GFP_KERNEL|__GFP_BOGUS"), &g, &culprit), 0);
	assert_true(slice_eq(culprit, "__GFP_BOGUS"));
	assert_int_not_equal(gfp_parse(&names, slice_of("GFP_KERNEL|"), &g, &culprit), 0);
	assert_int_not_equal(gfp_parse(&names, slice_of("0xzz"), &g, &culprit), 0);
	assert_int_not_equal(gfp_parse(&names, slice_of("0x1ffffffffffffffff"), &g, &culprit), 0);
}

static void test_zones(void **state UNUSED)
{
	assert_int_equal(gfp_zone(GF_DMA), GFP_ZONE_DMA);
	assert_int_equal(gfp_zone(GF_DMA | GF_MOVABLE), GFP_ZONE_DMA);
	assert_int_equal(gfp_zone(GF_MOVABLE), GFP_ZONE_NORMAL);
	assert_int_equal(gfp_zone(GF_HIGHMEM), GFP_ZONE_HIGHMEM);
	assert_int_equal(gfp_zone(GF_HIGHMEM | GF_MOVABLE), GFP_ZONE_MOVABLE);
	assert_int_equal(gfp_zone(GF_DMA32 | GF_MOVABLE), GFP_ZONE_DMA32);
	assert_false(gfp_zone_valid(GF_DMA | GF_DMA32));
	assert_int_equal(gfp_migratetype(GF_RECLAIMABLE), MIGRATE_RECLAIMABLE);
	assert_int_equal(gfp_migratetype(GF_KERNEL), MIGRATE_UNMOVABLE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_masks),
		cmocka_unit_test(test_more_masks),
		cmocka_unit_test(test_unknown_bits_are_kept),
		cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_zones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
