// SPDX-License-Identifier: GPL-2.0-or-later
/* The first byte picks the attribute. */
#include "fuzz.h"
#include "read/sysslab.h"

static uint64_t touched;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *const *attrs = sysslab_attrs();
	struct sysslab_cache c = { 0 };
	struct arena arena = { 0 };
	struct slice text;
	size_t n = 0;
	int r;

	if (size == 0)
		return 0;
	while (attrs[n])
		n++;
	text = fuzz_text(data + 1, size - 1);
	r = read_sysslab_attr(&arena, attrs[data[0] % n], text, &c);
	fuzz_free(text);
	HOLDS(r == 0 || r == -EINVAL);
	if (c.ctor)
		fuzz_name(c.ctor);
	for (size_t i = 0; i < c.n_node_total; i++)
		touched += c.node_total[i].count;
	for (size_t i = 0; i < c.n_node_objects; i++)
		touched += c.node_objects[i].count;
	arena_done(&arena);
	return 0;
}
