// SPDX-License-Identifier: GPL-2.0-or-later
#include "fuzz.h"
#include "base/num.h"
#include "read/page_owner.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = fuzz_text(data, size);
	struct arena arena = { 0 };
	struct page_owner o, few;
	struct read_notes notes;
	uint64_t pages = 0, stray = 0, most = 0;
	int r = read_page_owner(&arena, text, 0, &o, &notes);

	fuzz_notes(&notes);
	fuzz_result(r, size, o.n_callers);
	HOLDS(read_page_owner(&arena, text, 2, &few, &notes) == r);
	fuzz_free(text);
	HOLDS(few.pages == o.pages && few.n_callers == (o.n_callers < 2 ? o.n_callers : 2));
	for (size_t i = 0; i < o.n_callers; i++) {
		const struct page_owner_caller *c = &o.callers[i];

		fuzz_string(c->function);
		if (c->module)
			fuzz_string(c->module);
		HOLDS(i == 0 || c[-1].stray_pages >= c->stray_pages);
		HOLDS(c->stray_pages <= c->pages && c->stray_pageblocks <= c->blocks);
		pages = sat_add(pages, c->pages);
		stray = sat_add(stray, c->stray_pages);
		most = most > c->stray_pageblocks ? most : c->stray_pageblocks;
	}
	HOLDS(r != 0 || (pages == o.pages && stray == o.stray_pages));
	HOLDS(r != 0 || (o.stray_pageblocks >= (most > 0) && o.mixed_pageblocks >= o.stray_pageblocks));
	arena_done(&arena);
	return 0;
}
