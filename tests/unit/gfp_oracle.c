// SPDX-License-Identifier: GPL-2.0-or-later
/* Our gfp tables against what each recorded kernel's own tracepoint prints. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "kernel/gfp.h"
#include "snap/take.h"

static int check_flag(const char *fixture, const struct gfp_names *table, const struct gfpformat_flag *f)
{
	uint32_t flags;

	for (unsigned int b = 0; b < GFP_BITS; b++) {
		const char *name = gfp_bit_name(table->rules, (enum gfp_bit)b);
		uint64_t mask = gfp_bit_mask(table, (enum gfp_bit)b);

		if (strcmp(name, f->name) == 0 && mask != f->mask) {
			print_error("%s: %s is 0x%llx, the table says 0x%llx\n", fixture, name,
				    (unsigned long long)f->mask, (unsigned long long)mask);
			return -1;
		}
		if (strcmp(name, f->name) == 0)
			return 1;
	}
	if (gfp_composite(table->rules, slice_of(f->name), &flags)) {
		struct gfp g = { flags, 0 };

		if (gfp_to_mask(table, g) == f->mask)
			return 1;
		print_error("%s: %s is 0x%llx, the table says 0x%llx\n", fixture, f->name,
			    (unsigned long long)f->mask, (unsigned long long)gfp_to_mask(table, g));
		return -1;
	}
	return 0;
}

static void check_fixture(const char *name, unsigned int *compared)
{
	auto_snapshot struct snapshot *s = NULL;
	auto_free char *why = NULL;
	char path[512];
	struct capture_opts opts = { .sysroot = path };
	struct mm_rules rules;
	struct gfp_names table = { &rules, NULL };

	snprintf(path, sizeof(path), "fixtures/%s", name);
	if (snapshot_take(&opts, &s, &why) || !s->has_gfpformat)
		return;
	rules = mm_rules_of(s);
	for (size_t i = 0; i < s->gfpformat.n_flags; i++) {
		int r = check_flag(name, &table, &s->gfpformat.flags[i]);

		assert_int_not_equal(r, -1);
		*compared += r > 0;
	}
}

static void test_fixtures(void **state UNUSED)
{
	DIR *d = opendir("fixtures");
	unsigned int compared = 0;
	struct dirent *e;

	assert_non_null(d);
	while ((e = readdir(d))) {
		if (e->d_type == DT_DIR && e->d_name[0] != '.')
			check_fixture(e->d_name, &compared);
	}
	closedir(d);
	/* 20 flags or more from each of ten kernels and more */
	assert_true(compared > 200);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fixtures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
