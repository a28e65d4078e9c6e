/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A small machine to ask the model about: one node, zone Normal, everything settable. */
#ifndef TESTS_MODEL_STATE_H
#define TESTS_MODEL_STATE_H

#include "kernel/mm.h"
#include "model/explain.h"

#define ORDERS 11

struct machine {
	struct snapshot snap;
	struct snap_zone zones[3];
	struct snap_type types[3][6];
	uint64_t blocks[3][ORDERS], by_type[3][6][ORDERS], protection[3][4];
	struct kv counters[3][4];
	struct snap_setting settings[8];
	struct slabinfo_cache caches[32];
	struct mm mm;
	struct explain e;
};

/* A kernel of version @major.@minor.@patch; zone Normal (index 2) with min 1000, low 1250, high 1500. */
static inline void machine_init(struct machine *m, unsigned int major, unsigned int minor,
				unsigned int patch)
{
	static const char *const types[6] = { "Unmovable", "Movable", "Reclaimable",
					      "HighAtomic", "CMA", "Isolate" };
	static const char *const names[3] = { "DMA", "DMA32", "Normal" };

	memset(m, 0, sizeof(*m));
	m->snap.kernel = (struct snap_kernel){ .release = "test", .arch = "x86_64", .has_version = true,
					       .major = major, .minor = minor, .patch = patch,
					       .page_size = { 4096, true }, .max_order = { 10, true },
					       .pageblock_order = { 9, true },
					       .word_bits = { 64, true } };
	m->snap.zones = m->zones;
	m->snap.n_zones = 3;
	for (int z = 0; z < 3; z++) {
		struct snap_zone *s = &m->zones[z];

		s->name = names[z];
		s->index = z;
		s->in_buddyinfo = s->in_zoneinfo = s->in_pagetypeinfo = true;
		s->managed_pages = opt_u64(z == 2 ? 1000000 : 0);
		s->free_pages = opt_u64(0);
		s->min = opt_u64(1000);
		s->low = opt_u64(1250);
		s->high = opt_u64(1500);
		s->protection = m->protection[z];
		s->n_protection = 4;
		s->free_blocks = m->blocks[z];
		s->n_orders = ORDERS;
		s->types = m->types[z];
		s->n_types = 6;
		for (int t = 0; t < 6; t++) {
			m->types[z][t].name = types[t];
			m->types[z][t].free_blocks = m->by_type[z][t];
			m->types[z][t].pageblocks = opt_u64(0);
		}
		s->counters.v = m->counters[z];
		s->counters.n = 1;
		m->counters[z][0] = (struct kv){ "nr_free_cma", 0, false };
	}
}

/* @n free blocks of @order in a list of zone @z. Free pages follow, except in Isolate. */
static inline void machine_add(struct machine *m, int z, int type, unsigned int order, uint64_t n)
{
	m->blocks[z][order] += n;
	m->by_type[z][type][order] += n;
	if (type != MIGRATE_ISOLATE)
		m->zones[z].free_pages.v += n << order;
	if (type == MIGRATE_CMA)
		m->counters[z][0].value += n << order;
}

/* A line of meminfo, in kB. */
static inline void machine_meminfo(struct machine *m, const char *name, uint64_t kb)
{
	assert_int_equal(kv_add(&m->snap.arena, &m->snap.meminfo, slice_of(name), kb), 0);
}

/* A file below /sys, under the name that the snapshot gives it. */
static inline void machine_setting(struct machine *m, const char *name, const char *text)
{
	m->snap.settings = m->settings;
	m->settings[m->snap.n_settings++] = (struct snap_setting){ name, text };
}

/* A line of slabinfo: @total objects of @size bytes, @free of them on partial lists. */
static inline void machine_cache(struct machine *m, const char *name, uint64_t size, uint64_t pages_per_slab,
				 uint64_t total, uint64_t free)
{
	m->snap.has_slab = true;
	m->snap.slab.caches = m->caches;
	m->caches[m->snap.slab.n_caches++] = (struct slabinfo_cache){
		.name = name, .active_objects = total - free, .objects = total, .object_size = size,
		.objects_per_slab = pages_per_slab * 4096 / size, .pages_per_slab = pages_per_slab,
	};
}

/* Once the numbers stand. */
static inline void machine_ready(struct machine *m)
{
	assert_int_equal(mm_init(&m->mm, &m->snap), 0);
	assert_int_equal(explain_init(&m->e, &m->mm), 0);
}

static inline void machine_done(struct machine *m)
{
	explain_done(&m->e);
	mm_done(&m->mm);
	arena_done(&m->snap.arena);
}

/* The verdict on a request of @api for @bytes. Its texts live until the next question. */
static inline struct verdict machine_ask_api(struct machine *m, enum api api, uint64_t bytes, const char *gfp)
{
	struct request r = request_of(api);
	struct verdict v;

	r.size = opt_u64(bytes);
	if (gfp) {
		r.gfp_given = true;
		assert_int_equal(gfp_parse(&m->mm.names, slice_of(gfp), &r.gfp, NULL), 0);
	}
	assert_int_equal(explain_request(&m->e, &r, &v), 0);
	return v;
}

/* The verdict's probability on alloc_pages(gfp, order). */
static inline struct verdict machine_ask(struct machine *m, const char *gfp, int order)
{
	struct request r = request_of(API_ALLOC_PAGES);
	struct verdict v;

	r.order = order;
	assert_int_equal(gfp_parse(&m->mm.names, slice_of(gfp), &r.gfp, NULL), 0);
	assert_int_equal(explain_request(&m->e, &r, &v), 0);
	return v;
}

#endif
