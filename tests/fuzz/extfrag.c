// SPDX-License-Identifier: GPL-2.0-or-later
#include "fuzz.h"
#include "read/extfrag.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = fuzz_text(data, size);
	struct arena arena = { 0 };
	struct extfrag x;
	struct read_notes notes;
	int r = read_extfrag(&arena, text, &x, &notes);

	fuzz_free(text);
	fuzz_notes(&notes);
	fuzz_result(r, size, x.n_rows);
	for (size_t i = 0; i < x.n_rows; i++) {
		fuzz_name(x.rows[i].zone);
		HOLDS(x.rows[i].n_orders == x.rows[0].n_orders);
		for (unsigned int o = 0; o < x.rows[i].n_orders; o++)
			HOLDS(x.rows[i].milli[o] > -2000000000 && x.rows[i].milli[o] < 2000000000);
	}
	arena_done(&arena);
	return 0;
}
