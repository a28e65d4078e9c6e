// SPDX-License-Identifier: GPL-2.0-or-later
#include "fuzz.h"
#include "read/pagetypeinfo.h"

static uint64_t touched;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = fuzz_text(data, size);
	struct arena arena = { 0 };
	struct pagetypeinfo p;
	struct read_notes notes;
	int r = read_pagetypeinfo(&arena, text, &p, &notes);

	fuzz_free(text);
	fuzz_notes(&notes);
	fuzz_result(r, size, p.n_rows + p.n_blocks);
	for (size_t i = 0; i < p.n_types; i++)
		fuzz_name(p.types[i]);
	for (size_t i = 0; i < p.n_rows; i++) {
		bool any = false;

		fuzz_name(p.rows[i].zone);
		fuzz_name(p.rows[i].type);
		HOLDS(p.rows[i].node >= 0 && p.rows[i].n_orders > 0);
		for (unsigned int o = 0; o < p.rows[i].n_orders; o++) {
			any |= p.rows[i].capped[o];
			touched += p.rows[i].free_blocks[o];
		}
		HOLDS(any == p.rows[i].any_capped);
	}
	for (size_t i = 0; i < p.n_blocks; i++) {
		fuzz_name(p.blocks[i].zone);
		for (size_t t = 0; t < p.n_types; t++)
			touched += p.blocks[i].pageblocks[t] +
				   (p.blocks[i].mixed ? p.blocks[i].mixed[t] : 0);
	}
	arena_done(&arena);
	return 0;
}
