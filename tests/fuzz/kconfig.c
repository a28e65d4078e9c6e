// SPDX-License-Identifier: GPL-2.0-or-later
#include "fuzz.h"
#include "read/kconfig.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const wanted[] = { "COMPACTION", "HIGHMEM", "HZ", "NUMA", "SLUB" };
	struct slice text = fuzz_text(data, size);
	struct arena arena = { 0 };
	struct kconfig all, some;
	struct read_notes notes;
	int r = read_kconfig(&arena, text, NULL, 0, &all, &notes);

	fuzz_notes(&notes);
	fuzz_result(r, size, all.n);
	HOLDS(read_kconfig(&arena, text, wanted, 5, &some, &notes) == r);
	fuzz_free(text);
	for (size_t i = 0; i < all.n; i++) {
		fuzz_name(all.v[i].name);
		fuzz_string(all.v[i].value);
		HOLDS(i == 0 || strcmp(all.v[i - 1].name, all.v[i].name) < 0);
		HOLDS(kconfig_get(&all, all.v[i].name) == all.v[i].value);
	}
	for (size_t i = 0; i < 5; i++) {
		const char *a = kconfig_get(&all, wanted[i]), *s = kconfig_get(&some, wanted[i]);

		HOLDS((a == NULL) == (s == NULL) && (!a || strcmp(a, s) == 0));
	}
	arena_done(&arena);
	return 0;
}
