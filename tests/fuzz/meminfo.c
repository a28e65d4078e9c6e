// SPDX-License-Identifier: GPL-2.0-or-later
#include "fuzz.h"
#include "read/counters.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = fuzz_text(data, size);
	struct arena arena = { 0 };
	struct kv_table t;
	struct read_notes notes;
	int r = read_meminfo(&arena, text, &t, &notes);

	fuzz_free(text);
	fuzz_notes(&notes);
	fuzz_result(r, size, t.n);
	fuzz_kv(&t);
	/* Some of them: each is looked for along the whole table. */
	for (size_t i = 0; i < t.n; i += 1 + t.n / 10) {
		struct opt_u64 v = kv_get(&t, t.v[i].name);

		HOLDS(v.known == !t.v[i].is_negative); /* a name stands once */
		HOLDS(!v.known || v.v == t.v[i].value);
	}
	arena_done(&arena);
	return 0;
}
