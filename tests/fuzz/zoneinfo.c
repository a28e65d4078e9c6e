// SPDX-License-Identifier: GPL-2.0-or-later
#include "fuzz.h"
#include "read/zoneinfo.h"

static uint64_t touched;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = fuzz_text(data, size);
	struct arena arena = { 0 };
	struct zoneinfo z;
	struct read_notes notes;
	int r = read_zoneinfo(&arena, text, &z, &notes);

	fuzz_free(text);
	fuzz_notes(&notes);
	fuzz_result(r, size, z.n_zones);
	HOLDS(z.n_nodes <= z.n_zones);
	for (size_t i = 0; i < z.n_zones; i++) {
		const struct zoneinfo_zone *zone = &z.zones[i];

		fuzz_name(zone->zone);
		HOLDS(zone->node >= 0);
		fuzz_kv(&zone->counters);
		for (size_t j = 0; j < zone->n_protection; j++)
			touched += zone->protection[j];
		for (size_t j = 0; j < zone->n_pagesets; j++)
			HOLDS(zone->pagesets[j].cpu >= 0);
	}
	for (size_t i = 0; i < z.n_nodes; i++)
		fuzz_kv(&z.nodes[i].counters);
	arena_done(&arena);
	return 0;
}
