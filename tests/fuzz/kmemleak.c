// SPDX-License-Identifier: GPL-2.0-or-later
#include "fuzz.h"
#include "base/num.h"
#include "read/kmemleak.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = fuzz_text(data, size);
	struct arena arena = { 0 };
	struct kmemleak k;
	struct read_notes notes;
	uint64_t bytes = 0, objects = 0;
	int r = read_kmemleak(&arena, text, &k, &notes);

	fuzz_notes(&notes);
	fuzz_result(r, size, k.n_stacks);
	fuzz_free(text);
	for (size_t i = 0; i < k.n_stacks; i++) {
		HOLDS(i == 0 || k.stacks[i - 1].bytes >= k.stacks[i].bytes);
		bytes = sat_add(bytes, k.stacks[i].bytes);
		objects += k.stacks[i].objects;
		for (size_t j = 0; j < k.stacks[i].n_frames; j++) {
			fuzz_string(k.stacks[i].frames[j].function);
			if (k.stacks[i].frames[j].module)
				fuzz_string(k.stacks[i].frames[j].module);
		}
	}
	HOLDS(r != 0 || (bytes == k.bytes && objects == k.objects));
	arena_done(&arena);
	return 0;
}
