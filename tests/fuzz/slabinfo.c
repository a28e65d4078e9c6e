// SPDX-License-Identifier: GPL-2.0-or-later
#include "fuzz.h"
#include "read/slabinfo.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = fuzz_text(data, size);
	struct arena arena = { 0 };
	struct slabinfo s;
	struct read_notes notes;
	int r = read_slabinfo(&arena, text, &s, &notes);

	fuzz_free(text);
	fuzz_notes(&notes);
	fuzz_result(r, size, s.n_caches);
	for (size_t i = 0; i < s.n_caches; i++) {
		const char *name = s.caches[i].name;

		fuzz_string(name);
		HOLDS(*name != '\0' && name[strlen(name) - 1] != ' ');
	}
	arena_done(&arena);
	return 0;
}
