// SPDX-License-Identifier: GPL-2.0-or-later
#include "fuzz.h"
#include "read/sysctl.h"

static uint64_t touched;

static void lists(struct slice text)
{
	struct arena arena = { 0 };
	uint64_t *v;
	int *ids;
	size_t n;

	if (read_cpulist(&arena, text, &ids, &n) == 0) {
		HOLDS(n <= 65536);
		for (size_t i = 0; i < n; i++)
			HOLDS(ids[i] >= 0 && (i == 0 || ids[i - 1] < ids[i]));
	}
	if (read_numbers(&arena, text, &v, &n) == 0) {
		for (size_t i = 0; i < n; i++)
			touched += v[i];
	}
	arena_done(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = fuzz_text(data, size), word;
	struct arena arena = { 0 };
	struct sysctl_table t = { 0 };
	int r = sysctl_add(&arena, &t, "min_free_kbytes", text);

	lists(text);
	if (sysctl_choice(text, &word))
		HOLDS(word.len > 0 && word.p > text.p && word.p + word.len < text.p + text.len);
	fuzz_free(text);
	HOLDS(r == 0 || r == -EINVAL);
	if (r == 0) {
		const struct sysctl *s = sysctl_get(&t, "min_free_kbytes");
		struct opt_u64 v = sysctl_u64(&t, "min_free_kbytes");

		HOLDS(s);
		fuzz_string(s->text);
		HOLDS(v.known == (s->n_values > 0 && s->values[0] >= 0));
	}
	arena_done(&arena);
	return 0;
}
