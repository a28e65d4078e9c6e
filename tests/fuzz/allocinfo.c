// SPDX-License-Identifier: GPL-2.0-or-later
#include "fuzz.h"
#include "base/num.h"
#include "read/allocinfo.h"

/* Most bytes first, and those of no allocation last. */
static bool ordered(const struct allocinfo_site *a, const struct allocinfo_site *b)
{
	return !a->calls == !b->calls ? a->bytes >= b->bytes : a->calls != 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = fuzz_text(data, size);
	struct arena arena = { 0 };
	struct allocinfo a;
	struct read_notes notes;
	uint64_t bytes = 0;
	int r = read_allocinfo(&arena, text, &a, &notes);

	fuzz_notes(&notes);
	fuzz_result(r, size, a.n_sites);
	fuzz_free(text);
	for (size_t i = 0; i < a.n_sites; i++) {
		fuzz_string(a.sites[i].location);
		fuzz_string(a.sites[i].function);
		if (a.sites[i].module)
			fuzz_string(a.sites[i].module);
		HOLDS(i == 0 || ordered(&a.sites[i - 1], &a.sites[i]));
		HOLDS(a.sites[i].bytes || a.sites[i].calls);
		bytes = sat_add(bytes, a.sites[i].bytes);
	}
	HOLDS(bytes == a.bytes);
	arena_done(&arena);
	return 0;
}
