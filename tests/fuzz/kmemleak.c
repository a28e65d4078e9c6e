// SPDX-License-Identifier: GPL-2.0-or-later
#include "fuzz.h"
#include "base/num.h"
#include "read/kmemleak.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = fuzz_text(data, size);
	struct arena arena = { 0 };
	struct kmemleak k, few;
	struct read_notes notes;
	uint64_t bytes = 0, objects = 0;
	int r = read_kmemleak(&arena, text, 0, &k, &notes);

	fuzz_notes(&notes);
	fuzz_result(r, size, k.n_callers);
	HOLDS(read_kmemleak(&arena, text, 2, &few, &notes) == r);
	fuzz_free(text);
	HOLDS(few.bytes == k.bytes && few.n_callers == (k.n_callers < 2 ? k.n_callers : 2));
	for (size_t i = 0; i < k.n_callers; i++) {
		fuzz_string(k.callers[i].function);
		if (k.callers[i].module)
			fuzz_string(k.callers[i].module);
		HOLDS(i == 0 || k.callers[i - 1].bytes >= k.callers[i].bytes);
		bytes = sat_add(bytes, k.callers[i].bytes);
		objects += k.callers[i].objects;
	}
	HOLDS(r != 0 || (bytes == k.bytes && objects == k.objects));
	arena_done(&arena);
	return 0;
}
