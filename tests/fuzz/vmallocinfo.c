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

static void same_caller(const struct vmallocinfo *v, const struct vmallocinfo *w, size_t i)
{
	const struct vmalloc_caller *a = &v->callers[i], *b = &w->callers[i];

	HOLDS(strcmp(a->caller, b->caller) == 0 && a->kind == b->kind && a->areas == b->areas);
	HOLDS(a->bytes == b->bytes && a->pages == b->pages && a->vpages == b->vpages);
	HOLDS(!a->node_pages == !b->node_pages);
	for (size_t n = 0; a->node_pages && n < v->n_nodes; n++)
		HOLDS(a->node_pages[n] == b->node_pages[n]);
}

/* Two readers, each with half of the lines, the second with the first, come to the same. */
static void check_halves(struct slice text, const struct vmallocinfo *v, const struct read_notes *notes)
{
	const char *nl = text.len ? memchr(text.p + text.len / 2, '\n', text.len - text.len / 2) : NULL;
	size_t half = nl ? (size_t)(nl - text.p) + 1 : 0;
	struct vmallocinfo_reader *r = vmallocinfo_reader_new(), *later = vmallocinfo_reader_new();
	struct arena arena = { 0 };
	struct read_notes n;
	struct vmallocinfo w;

	HOLDS(vmallocinfo_reader_part(r, 1) == 0);
	HOLDS(vmallocinfo_reader_add(r, (struct slice){ text.p + half, text.len - half }) == 0);
	HOLDS(vmallocinfo_reader_add(later, (struct slice){ text.p, half }) == 0);
	HOLDS(vmallocinfo_reader_join(r, later) == 0);
	vmallocinfo_reader_free(later);
	vmallocinfo_reader_take(r, &arena, &w, &n);
	vmallocinfo_reader_free(r);
	HOLDS(n.lines == notes->lines && n.bad_lines == notes->bad_lines && n.first_bad == notes->first_bad);
	HOLDS(w.n_callers == v->n_callers && w.n_nodes == v->n_nodes && w.addresses == v->addresses);
	for (size_t i = 0; i < v->n_callers; i++)
		same_caller(v, &w, i);
	/* More are not all kept. */
	if (v->n_ranges < 500) {
		HOLDS(w.n_ranges == v->n_ranges);
		HOLDS(v->n_ranges == 0 || memcmp(w.ranges, v->ranges, v->n_ranges * sizeof(*v->ranges)) == 0);
	}
	arena_done(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = fuzz_text(data, size);
	struct arena arena = { 0 };
	struct vmallocinfo v;
	struct read_notes notes;
	int r = read_vmallocinfo(&arena, text, &v, &notes);

	if (r == 0)
		check_halves(text, &v, &notes);
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
