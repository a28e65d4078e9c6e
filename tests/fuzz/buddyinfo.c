// SPDX-License-Identifier: GPL-2.0-or-later
#include "fuzz.h"
#include "read/buddyinfo.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = fuzz_text(data, size);
	struct arena arena = { 0 };
	struct buddyinfo b;
	struct read_notes notes;
	int r = read_buddyinfo(&arena, text, &b, &notes);

	fuzz_free(text);
	fuzz_notes(&notes);
	fuzz_result(r, size, b.n_rows);
	for (size_t i = 0; i < b.n_rows; i++) {
		fuzz_name(b.rows[i].zone);
		HOLDS(b.rows[i].node >= 0);
		HOLDS(b.rows[i].n_orders == b.rows[0].n_orders);
		HOLDS(b.rows[i].n_orders > 0 && b.rows[i].n_orders <= 64);
	}
	arena_done(&arena);
	return 0;
}
