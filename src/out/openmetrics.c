// SPDX-License-Identifier: GPL-2.0-or-later
/* OpenMetrics 1.0 text, and Prometheus' own older format. */
#include "out/openmetrics.h"

#include <inttypes.h>
#include <string.h>

#include "base/utf8.h"
#include "kernel/fragmentation.h"
#include "model/accounts.h"
#include "model/diff.h"
#include "model/rates.h"
#include "model/slabcache.h"

struct om {
	FILE *f;
	bool prometheus;
	const struct snapshot *s;
};

/* ---- the format ---- */

/* Events: their samples end in _total, which OpenMetrics keeps out of the family's name. */
static void family(const struct om *om, const char *name, bool counter, const char *help)
{
	const char *total = counter && om->prometheus ? "_total" : "";

	fprintf(om->f, "# HELP memtool_%s%s %s\n# TYPE memtool_%s%s %s\n", name, total, help, name, total,
		counter ? "counter" : "gauge");
}

/* A label's value as it is printed: valid UTF-8, quotes escaped. */
static void add_value(struct strbuf *sb, const char *value)
{
	size_t len = strlen(value);

	while (len) {
		size_t n = utf8_sequence(value, len);

		if (n == 0)
			sb_addstr(sb, "\xef\xbf\xbd");
		else if (*value == '\n')
			sb_addstr(sb, "\\n");
		else if (*value == '"' || *value == '\\')
			sb_printf(sb, "\\%c", *value);
		else
			sb_add(sb, value, n);
		value += n ? n : 1;
		len -= n ? n : 1;
	}
}

static void put_label(const struct om *om, const char *name, const char *value, bool first)
{
	auto_strbuf struct strbuf sb = STRBUF_INIT;

	add_value(&sb, value);
	fprintf(om->f, "%s%s=\"%s\"", first ? "{" : ",", name, sb_str(&sb));
}

/* What is printed for both is the same: names that differ in what is no UTF-8 are one. */
static bool same_value(const char *a, const char *b)
{
	auto_strbuf struct strbuf x = STRBUF_INIT, y = STRBUF_INIT;
	size_t i = 0;

	while (a[i] && a[i] == b[i])
		i++;
	if (a[i] == b[i])
		return true;
	if (!((unsigned char)a[i] & 0x80) || !((unsigned char)b[i] & 0x80))
		return false;
	add_value(&x, a);
	add_value(&y, b);
	return strcmp(sb_str(&x), sb_str(&y)) == 0;
}

static void put_number_label(const struct om *om, const char *name, int64_t value, bool first)
{
	fprintf(om->f, "%s%s=\"%" PRId64 "\"", first ? "{" : ",", name, value);
}

static void put_zone(const struct om *om, const char *name, const struct snap_zone *z)
{
	fprintf(om->f, "memtool_%s", name);
	put_number_label(om, "node", z->node, true);
	put_label(om, "zone", z->name, false);
}

static void end_u64(const struct om *om, uint64_t v)
{
	fprintf(om->f, "} %" PRIu64 "\n", v);
}

static void end_milli(const struct om *om, int64_t v)
{
	fprintf(om->f, "} %s%" PRId64 ".%03" PRId64 "\n", v < 0 ? "-" : "", (v < 0 ? -v : v) / 1000,
		(v < 0 ? -v : v) % 1000);
}

/* ---- zones ---- */

static void put_free_blocks(const struct om *om)
{
	family(om, "free_blocks", false, "Free blocks of an order, all migratetypes");
	for (size_t i = 0; i < om->s->n_zones; i++) {
		const struct snap_zone *z = &om->s->zones[i];

		for (unsigned int o = 0; z->free_blocks && o < z->n_orders; o++) {
			put_zone(om, "free_blocks", z);
			put_number_label(om, "order", o, false);
			end_u64(om, z->free_blocks[o]);
		}
	}
}

static void put_indices(const struct om *om, const char *name, const char *help, bool unusable)
{
	family(om, name, false, help);
	for (size_t i = 0; i < om->s->n_zones; i++) {
		const struct snap_zone *z = &om->s->zones[i];

		for (unsigned int o = 0; z->free_blocks && o < z->n_orders; o++) {
			put_zone(om, name, z);
			put_number_label(om, "order", o, false);
			end_milli(om, unusable ? unusable_free_index(z->free_blocks, z->n_orders, o)
					       : fragmentation_index(z->free_blocks, z->n_orders, o));
		}
	}
}

static void put_pages(const struct om *om)
{
	family(om, "zone_pages", false, "Pages of a zone: free, managed, and, where it has any, its watermarks");
	for (size_t i = 0; i < om->s->n_zones; i++) {
		const struct snap_zone *z = &om->s->zones[i];
		const struct {
			const char *kind;
			struct opt_u64 v;
		} rows[] = { { "free", z->free_pages }, { "managed", z->managed_pages }, { "min", z->min },
			     { "low", z->low }, { "high", z->high } };
		/* The kernel gives zones without a page marks too (mm/page_alloc.c:__setup_per_zone_wmarks). */
		size_t n = z->managed_pages.known && z->managed_pages.v == 0 ? 2 : ARRAY_SIZE(rows);

		for (size_t j = 0; j < n; j++) {
			if (!rows[j].v.known)
				continue;
			put_zone(om, "zone_pages", z);
			put_label(om, "kind", rows[j].kind, false);
			end_u64(om, rows[j].v.v);
		}
	}
}

static void put_types(const struct om *om)
{
	family(om, "pageblocks", false, "Pageblocks of a migratetype");
	for (size_t i = 0; i < om->s->n_zones; i++) {
		const struct snap_zone *z = &om->s->zones[i];

		for (size_t j = 0; j < z->n_types; j++) {
			if (!z->types[j].pageblocks.known)
				continue;
			put_zone(om, "pageblocks", z);
			put_label(om, "type", z->types[j].name, false);
			end_u64(om, z->types[j].pageblocks.v);
		}
	}
}

/* ---- users of memory ---- */

static void put_memory(const struct om *om)
{
	struct accounts a = accounts_of(om->s);

	family(om, "memory_bytes", false, "Uses of memory that do not overlap");
	for (unsigned int i = 0; i < ACC_COUNT; i++) {
		if (!a.bytes[i].known)
			continue;
		fputs("memtool_memory_bytes", om->f);
		put_label(om, "use", account_name(i), true);
		end_u64(om, a.bytes[i].v);
	}
}

/* Two caches may bear one name; a metric may not: they are summed. */
static bool is_repeated(const struct slabinfo *s, size_t i)
{
	for (size_t j = 0; j < i; j++) {
		if (same_value(s->caches[j].name, s->caches[i].name))
			return true;
	}
	return false;
}

static void put_caches(const struct om *om, const char *name, const char *help,
		       uint64_t (*value)(const struct slabinfo_cache *c, uint64_t page_size))
{
	const struct slabinfo *s = &om->s->slab;
	uint64_t page = snapshot_page_size(om->s);

	family(om, name, false, help);
	for (size_t i = 0; om->s->has_slab && i < s->n_caches; i++) {
		uint64_t sum = 0;

		if (s->caches[i].slabs == 0 || is_repeated(s, i))
			continue;
		for (size_t j = i; j < s->n_caches; j++) {
			if (same_value(s->caches[j].name, s->caches[i].name))
				sum = sat_add(sum, value(&s->caches[j], page));
		}
		fprintf(om->f, "memtool_%s", name);
		put_label(om, "cache", s->caches[i].name, true);
		end_u64(om, sum);
	}
}

static uint64_t active_objects(const struct slabinfo_cache *c, uint64_t page_size UNUSED)
{
	return c->active_objects;
}

/* What grows here is given back when memory is short: no leak. */
static void put_reclaimable(const struct om *om)
{
	const struct slabinfo *s = &om->s->slab;

	family(om, "slab_reclaimable", false, "1 if the kernel frees objects of the cache when memory is short");
	for (size_t i = 0; om->s->has_slab && i < s->n_caches; i++) {
		if (s->caches[i].slabs == 0 || is_repeated(s, i))
			continue;
		fputs("memtool_slab_reclaimable", om->f);
		put_label(om, "cache", s->caches[i].name, true);
		end_u64(om, slab_cache_is_reclaimable(om->s, s->caches[i].name));
	}
}

static void put_vmalloc(const struct om *om, const char *name, const char *help, bool bytes)
{
	family(om, name, false, help);
	for (size_t i = 0; om->s->has_vmalloc && i < om->s->vmalloc.n_callers; i++) {
		const struct vmalloc_caller *c = &om->s->vmalloc.callers[i];

		fprintf(om->f, "memtool_%s", name);
		put_label(om, "caller", c->caller, true);
		put_label(om, "kind", vmalloc_kind_name(c->kind), false);
		end_u64(om, bytes ? c->bytes : c->areas);
	}
}

static bool is_repeated_event(const struct kv_table *t, size_t i)
{
	for (size_t j = 0; j < i; j++) {
		if (same_value(t->v[j].name, t->v[i].name))
			return true;
	}
	return false;
}

static void put_events(const struct om *om)
{
	const struct kv_table *t = &om->s->vmstat;

	family(om, "vmstat_events", true, "Counts of events, by the kernel's own names");
	for (size_t i = 0; i < t->n; i++) {
		if (vmstat_is_gauge(t->v[i].name) || t->v[i].is_negative || is_repeated_event(t, i))
			continue;
		fputs("memtool_vmstat_events_total", om->f);
		put_label(om, "event", t->v[i].name, true);
		end_u64(om, t->v[i].value);
	}
}

/* ---- the snapshot, verdicts ---- */

static void put_snapshot(const struct om *om)
{
	family(om, "kernel_info", false, "The kernel that was read");
	fputs("memtool_kernel_info", om->f);
	put_label(om, "release", om->s->kernel.release ? om->s->kernel.release : "", true);
	put_label(om, "arch", om->s->kernel.arch ? om->s->kernel.arch : "", false);
	end_u64(om, 1);
	if (om->s->time_ns.known) {
		family(om, "snapshot_timestamp_seconds", false, "When the snapshot was taken");
		fprintf(om->f, "memtool_snapshot_timestamp_seconds %" PRIu64 ".%03" PRIu64 "\n",
			om->s->time_ns.v / 1000000000, om->s->time_ns.v / 1000000 % 1000);
	}
	if (om->s->kernel.page_size.known) {
		family(om, "page_size_bytes", false, "Size of a page");
		fprintf(om->f, "memtool_page_size_bytes %" PRIu64 "\n", om->s->kernel.page_size.v);
	}
	family(om, "source_read", false, "1 if the kernel's file could be read");
	for (size_t i = 0; i < om->s->n_sources; i++) {
		if (om->s->sources[i].state == SNAP_SKIPPED)
			continue;
		fputs("memtool_source_read", om->f);
		put_label(om, "source", om->s->sources[i].name, true);
		end_u64(om, om->s->sources[i].state == SNAP_READ);
	}
}

static void put_verdicts(const struct om *om, const struct mm *mm, const struct common_table *t)
{
	family(om, "request_success_probability", false,
	       "Probability that the kernel satisfies a common request now");
	for (size_t i = 0; i < t->n_rows; i++) {
		auto_strbuf struct strbuf sb = STRBUF_INIT;

		request_format(&t->rows[i].request, &mm->names, &sb);
		fputs("memtool_request_success_probability", om->f);
		put_label(om, "request", sb_str(&sb), true);
		fprintf(om->f, "} %.4f\n", t->rows[i].verdict.probability);
	}
	family(om, "largest_order", false, "Largest order of contiguous pages that succeeds; -1 none");
	for (size_t i = 0; i < ARRAY_SIZE(t->contexts); i++) {
		fputs("memtool_largest_order", om->f);
		put_label(om, "context", t->contexts[i].label, true);
		fprintf(om->f, "} %d\n", t->contexts[i].order);
	}
}

void openmetrics_write(FILE *f, const struct snapshot *s, const struct mm *mm,
		       const struct common_table *requests, bool prometheus)
{
	const struct om om = { .f = f, .prometheus = prometheus, .s = s };

	put_snapshot(&om);
	put_memory(&om);
	put_pages(&om);
	put_free_blocks(&om);
	put_indices(&om, "unusable_index", "Share of free memory that cannot serve the order", true);
	put_indices(&om, "extfrag_index", "Fragmentation index: towards 1 fragmentation fails a request of "
					  "the order, towards 0 lack of memory; -1 it succeeds", false);
	put_types(&om);
	put_caches(&om, "slab_bytes", "Memory in the slabs of a cache", slab_cache_bytes);
	put_caches(&om, "slab_idle_bytes", "Memory in the slabs of a cache that is not in active objects",
		   slab_cache_idle_bytes);
	put_caches(&om, "slab_active_objects", "Active objects of a cache", active_objects);
	put_reclaimable(&om);
	put_vmalloc(&om, "vmalloc_bytes", "Address space of the areas of a vmalloc caller", true);
	put_vmalloc(&om, "vmalloc_areas", "Areas of a vmalloc caller", false);
	put_events(&om);
	if (requests)
		put_verdicts(&om, mm, requests);
	if (!prometheus)
		fputs("# EOF\n", f);
}
