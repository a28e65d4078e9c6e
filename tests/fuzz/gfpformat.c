// SPDX-License-Identifier: GPL-2.0-or-later
#include "fuzz.h"
#include "read/gfpformat.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = fuzz_text(data, size);
	struct arena arena = { 0 };
	struct gfpformat g;
	struct read_notes notes;
	int r = read_gfpformat(&arena, text, &g, &notes);

	fuzz_free(text);
	fuzz_notes(&notes);
	fuzz_result(r, size, g.n_flags);
	for (size_t i = 0; i < g.n_flags; i++)
		fuzz_name(g.flags[i].name);
	arena_done(&arena);
	return 0;
}
