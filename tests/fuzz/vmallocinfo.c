// SPDX-License-Identifier: GPL-2.0-or-later
#include "fuzz.h"
#include "base/num.h"
#include "read/vmallocinfo.h"

static void check_sums(const struct vmallocinfo *v)
{
	uint64_t areas = 0, bytes = 0, pages = 0;

	for (size_t i = 0; i < v->n_callers; i++) {
		const struct vmalloc_caller *c = &v->callers[i];

		fuzz_string(c->caller);
		HOLDS(c->areas > 0 && c->kind < VMALLOC_KINDS);
		fuzz_name(vmalloc_kind_name(c->kind));
		HOLDS(i == 0 || v->callers[i - 1].bytes >= c->bytes);
		areas += c->areas;
		bytes = sat_add(bytes, c->bytes);
		pages = sat_add(pages, c->pages);
	}
	HOLDS(areas == v->areas && bytes == v->bytes && pages == v->pages);
	areas = bytes = 0;
	for (int k = 0; k < VMALLOC_KINDS; k++) {
		areas += v->kinds[k].areas;
		bytes = sat_add(bytes, v->kinds[k].bytes);
	}
	HOLDS(areas == v->areas && bytes == v->bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = fuzz_text(data, size);
	struct arena arena = { 0 };
	struct vmallocinfo v;
	struct read_notes notes;
	int r = read_vmallocinfo(&arena, text, &v, &notes);

	fuzz_free(text);
	fuzz_notes(&notes);
	fuzz_result(r, size, v.n_callers);
	check_sums(&v);
	HOLDS(v.areas + notes.bad_lines == notes.lines);
	HOLDS(v.n_ranges <= v.areas && (v.n_ranges == 0 || v.addresses == VMALLOC_ADDR_REAL));
	for (size_t i = 0; i < v.n_ranges; i++) {
		HOLDS(v.ranges[i].start < v.ranges[i].end);
		HOLDS(i == 0 || v.ranges[i - 1].end < v.ranges[i].start);
	}
	for (size_t i = 1; i < v.n_nodes; i++)
		HOLDS(v.node_ids[i - 1] < v.node_ids[i]);
	for (size_t i = 0; i < v.n_callers && v.n_nodes; i++) {
		if (v.callers[i].node_pages)
			HOLDS(v.callers[i].node_pages[v.n_nodes - 1] + 1 != 0 || v.n_nodes);
	}
	arena_done(&arena);
	return 0;
}
