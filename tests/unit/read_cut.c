// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A file cut at any byte: the result is that of the whole lines before the
 * cut, or of those and the cut line as if it had been whole. No number in it
 * may be a part of one.
 */
#include "unit/reader.h"

#include <inttypes.h>

#include "read/allocinfo.h"
#include "read/buddyinfo.h"
#include "read/counters.h"
#include "read/extfrag.h"
#include "read/kconfig.h"
#include "read/kmemleak.h"
#include "read/page_owner.h"
#include "read/pagetypeinfo.h"
#include "read/slabinfo.h"
#include "read/vmallocinfo.h"
#include "read/zoneinfo.h"

/* Everything that a reader found, as text. */
typedef void dump(struct arena *a, struct slice text, struct strbuf *sb);

static void numbers(struct strbuf *sb, const uint64_t *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		sb_printf(sb, " %" PRIu64, v[i]);
	sb_addch(sb, '\n');
}

static void optional(struct strbuf *sb, const char *name, struct opt_u64 o)
{
	if (o.known)
		sb_printf(sb, "%s=%" PRIu64 "\n", name, o.v);
}

static void dump_kv(struct strbuf *sb, const struct kv_table *t)
{
	for (size_t i = 0; i < t->n; i++)
		sb_printf(sb, "%s %" PRIu64 " %d\n", t->v[i].name, t->v[i].value,
			  t->v[i].is_negative);
}

static void dump_buddyinfo(struct arena *a, struct slice text, struct strbuf *sb)
{
	struct read_notes notes;
	struct buddyinfo b;

	read_buddyinfo(a, text, &b, &notes);
	for (size_t i = 0; i < b.n_rows; i++) {
		sb_printf(sb, "%d %s", b.rows[i].node, b.rows[i].zone);
		numbers(sb, b.rows[i].free_blocks, b.rows[i].n_orders);
	}
}

static void dump_pagetypeinfo(struct arena *a, struct slice text, struct strbuf *sb)
{
	struct read_notes notes;
	struct pagetypeinfo p;

	read_pagetypeinfo(a, text, &p, &notes);
	sb_printf(sb, "%d %u %" PRIu64 "\n", p.has_pageblock_order, p.pageblock_order,
		  p.pages_per_block);
	for (size_t i = 0; i < p.n_types; i++)
		sb_printf(sb, "type %s\n", p.types[i]);
	for (size_t i = 0; i < p.n_rows; i++) {
		sb_printf(sb, "%d %s %s %d", p.rows[i].node, p.rows[i].zone, p.rows[i].type,
			  p.rows[i].any_capped);
		numbers(sb, p.rows[i].free_blocks, p.rows[i].n_orders);
	}
	for (size_t i = 0; i < p.n_blocks; i++) {
		sb_printf(sb, "%d %s", p.blocks[i].node, p.blocks[i].zone);
		numbers(sb, p.blocks[i].pageblocks, p.n_types);
		if (p.blocks[i].mixed)
			numbers(sb, p.blocks[i].mixed, p.n_types);
	}
}

static void dump_zone(struct strbuf *sb, const struct zoneinfo_zone *z)
{
	sb_printf(sb, "%d %s\n", z->node, z->zone);
	optional(sb, "free", z->free);
	optional(sb, "boost", z->boost);
	optional(sb, "min", z->min);
	optional(sb, "high", z->high);
	optional(sb, "managed", z->managed);
	optional(sb, "start_pfn", z->start_pfn);
	optional(sb, "free_highatomic", z->free_highatomic);
	numbers(sb, z->protection, z->n_protection);
	dump_kv(sb, &z->counters);
	for (size_t i = 0; i < z->n_pagesets; i++) {
		sb_printf(sb, "cpu %d\n", z->pagesets[i].cpu);
		optional(sb, "count", opt_i32(z->pagesets[i].count));
		optional(sb, "batch", opt_i32(z->pagesets[i].batch));
		optional(sb, "threshold", opt_i32(z->pagesets[i].stat_threshold));
	}
}

static void dump_zoneinfo(struct arena *a, struct slice text, struct strbuf *sb)
{
	struct read_notes notes;
	struct zoneinfo z;

	read_zoneinfo(a, text, &z, &notes);
	for (size_t i = 0; i < z.n_zones; i++)
		dump_zone(sb, &z.zones[i]);
	for (size_t i = 0; i < z.n_nodes; i++)
		dump_kv(sb, &z.nodes[i].counters);
}

static void dump_slabinfo(struct arena *a, struct slice text, struct strbuf *sb)
{
	struct read_notes notes;
	struct slabinfo s;

	read_slabinfo(a, text, &s, &notes);
	sb_printf(sb, "%u.%u %d\n", s.version_major, s.version_minor, s.statistics);
	for (size_t i = 0; i < s.n_caches; i++) {
		const struct slabinfo_cache *c = &s.caches[i];

		sb_printf(sb, "%s %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n",
			  c->name, c->active_objects, c->objects, c->pages_per_slab, c->slabs,
			  c->sharedavail.v);
		numbers(sb, c->cpustat, 4);
	}
}

static void dump_vmallocinfo(struct arena *a, struct slice text, struct strbuf *sb)
{
	struct read_notes notes;
	struct vmallocinfo v;

	read_vmallocinfo(a, text, &v, &notes);
	sb_printf(sb, "%d %zu\n", (int)v.addresses, v.n_ranges);
	for (size_t i = 0; i < v.n_callers; i++) {
		const struct vmalloc_caller *c = &v.callers[i];

		sb_printf(sb, "%s %s %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", c->caller,
			  vmalloc_kind_name(c->kind), c->areas, c->bytes, c->pages);
		if (c->node_pages)
			numbers(sb, c->node_pages, v.n_nodes);
	}
}

static void dump_vmstat(struct arena *a, struct slice text, struct strbuf *sb)
{
	struct read_notes notes;
	struct kv_table t;

	read_vmstat(a, text, &t, &notes);
	dump_kv(sb, &t);
}

static void dump_meminfo(struct arena *a, struct slice text, struct strbuf *sb)
{
	struct read_notes notes;
	struct kv_table t;

	read_meminfo(a, text, &t, &notes);
	dump_kv(sb, &t);
}

static void dump_kconfig(struct arena *a, struct slice text, struct strbuf *sb)
{
	struct read_notes notes;
	struct kconfig k;

	read_kconfig(a, text, NULL, 0, &k, &notes);
	for (size_t i = 0; i < k.n; i++)
		sb_printf(sb, "%s %s\n", k.v[i].name, k.v[i].value);
}

static void dump_extfrag(struct arena *a, struct slice text, struct strbuf *sb)
{
	struct read_notes notes;
	struct extfrag x;

	read_extfrag(a, text, &x, &notes);
	for (size_t i = 0; i < x.n_rows; i++) {
		sb_printf(sb, "%d %s", x.rows[i].node, x.rows[i].zone);
		for (unsigned int o = 0; o < x.rows[i].n_orders; o++)
			sb_printf(sb, " %" PRId64, x.rows[i].milli[o]);
		sb_addch(sb, '\n');
	}
}

static void dump_allocinfo(struct arena *a, struct slice text, struct strbuf *sb)
{
	struct read_notes notes;
	struct allocinfo x;

	read_allocinfo(a, text, &x, &notes);
	for (size_t i = 0; i < x.n_sites; i++)
		sb_printf(sb, "%s %s %" PRIu64 " %" PRIu64 "\n", x.sites[i].location,
			  x.sites[i].function, x.sites[i].bytes, x.sites[i].calls);
}

static void dump_kmemleak(struct arena *a, struct slice text, struct strbuf *sb)
{
	struct read_notes notes;
	struct kmemleak k;

	read_kmemleak(a, text, 0, &k, &notes);
	for (size_t i = 0; i < k.n_callers; i++) {
		/* A cut backtrace names nobody. */
		if (k.callers[i].function[0])
			sb_printf(sb, "%s %" PRIu64 " %" PRIu64 "\n", k.callers[i].function, k.callers[i].objects,
				  k.callers[i].bytes);
	}
}

static void dump_page_owner(struct arena *a, struct slice text, struct strbuf *sb)
{
	struct read_notes notes;
	struct page_owner o;

	read_page_owner(a, text, 0, &o, &notes);
	for (size_t i = 0; i < o.n_callers; i++) {
		/* A cut backtrace names nobody. */
		if (o.callers[i].function[0])
			sb_printf(sb, "%s %" PRIu64 " %" PRIu64 "\n", o.callers[i].function,
				  o.callers[i].pages, o.callers[i].stray_pages);
	}
}

static const struct sample {
	const char *name;
	dump *dump;
	const char *text;
} samples[] = {
	{ "buddyinfo", dump_buddyinfo,
	  "Node 0, zone      DMA      1      0    123 \n"
	  "Node 0, zone   Normal   1127 1234567     48 \n"
	  "Node 12, zone  HighMem      0     11      0 \n" },
	{ "pagetypeinfo", dump_pagetypeinfo,
	  "Page block order: 10\n"
	  "Pages per block:  1024\n\n"
	  "Free pages count per migrate type at order       0      1     10 \n"
	  "Free pages count per migrate type at order       0      1      2 \n"
	  "Node    0, zone   Normal, type    Unmovable >100000     12     40 \n"
	  "Node    0, zone   Normal, type      Movable   5000 >100000     22 \n\n"
	  "Number of blocks type     Unmovable      Movable \n"
	  "Node 0, zone   Normal           20         1000 \n"
	  "Node 0, zone  HighMem           20         1000 \n\n"
	  "Number of mixed blocks     Unmovable      Movable \n"
	  "Node 0, zone   Normal            3           10 \n" },
	{ "zoneinfo", dump_zoneinfo,
	  "Node 0, zone      DMA\n  per-node stats\n      nr_inactive_anon 72\n"
	  "  pages free     3962\n        boost    10\n        min      77\n        high     109\n"
	  "        managed  3977\n        protection: (0, 2929, 3882)\n      nr_free_pages 3962\n"
	  "  pagesets\n    cpu: 10\n              count:    30\n              batch:    31\n"
	  "  vm stats threshold: 18\n  start_pfn:           4096\n  free_highatomic:     1000\n"
	  "Node 11, zone   Normal\n  pages free     12\n        min      23\n" },
	{ "slabinfo", dump_slabinfo,
	  "slabinfo - version: 2.1 (statistics)\n# name            <active_objs> ...\n"
	  "size-64  400 413 64 59 1 : tunables 120 60 8 : slabdata 7 7 10"
	  " : globalstat 1000 500 10 3 0 1 2 4 5 : cpustat 9000 100 8000 50\n"
	  "old driver cache  400 413 64 59 12 : tunables 120 60 8 : slabdata 7 77 10\n" },
	{ "vmallocinfo", dump_vmallocinfo,
	  "0xffffb50540018000-0xffffb5054001d000   20480 fork+0x89/0x360 pages=4 vmalloc N1=3 N10=12\n"
	  "0xffffb50540000000-0xffffb50540005000   20480 irq_init+0xd0/0x100 vmap\n"
	  "0xffffb50541000000-0xffffb50541405000 4214784 stp+0x50/0x1a4 [mtk_stp] pages=1028 vmalloc vpages N0=1028\n"
	  "0xffffb50540005000-0xffffb50540007000    8192 acpi_map+0x1ac/0x1c0 phys=0x00000000bffe1000 ioremap\n"
	  "0xffffb50542000000-0xffffb50542005000   20480 unpurged vm_area\n" },
	{ "vmstat", dump_vmstat, "nr_free_pages 213021\nnr_dirty -30\noom_kill 10\n" },
	{ "meminfo", dump_meminfo,
	  "MemTotal:        2075428 kB\nHugePages_Total:      12\nHugepagesize:       2048 kB\n" },
	{ "kconfig", dump_kconfig,
	  "CONFIG_HZ=250\n# CONFIG_HIGHMEM is not set\nCONFIG_NAME=\"a \\\"b\\\" c\"\n"
	  "CONFIG_SLUB=y\n" },
	{ "extfrag", dump_extfrag,
	  "Node 0, zone      DMA -1.000  0.-500  0.813 \nNode 0, zone   Normal -1.000  0.005  0.999 \n" },
	{ "allocinfo", dump_allocinfo,
	  "allocinfo - version: 2.0\n        4096        1 mm/slub.c:3049 func:alloc_slab_page \n"
	  "     1048576      256 fs/xfs/kmem.c:20 [xfs] func:kmem_alloc accurate:no\n" },
	{ "kmemleak", dump_kmemleak,
	  "unreferenced object 0xffff888004c1a000 (size 4096):\n  comm \"sh\", pid 1, jiffies 4294901234\n"
	  "  backtrace (crc 1a2b3c4d):\n    kmalloc_noprof+0x1/0x2\n    a_driver_that_loses_objects+0x30/0x90\n" },
	{ "page_owner", dump_page_owner,
	  "Page allocated via order 10, mask 0xcc0(GFP_KERNEL), pid 1, tgid 1 (sh), ts 1 ns\n"
	  "PFN 0x2000 type Unmovable Block 16 type Movable Flags 0x2000(a)\n"
	  " __alloc_pages+0x30c/0x650\n a_driver_that_takes_pages+0x30/0x90\n" },
};

/* What @d finds in the first @len bytes, which are put into a block of exactly that size. */
static char *found(dump *d, const char *text, size_t len)
{
	auto_arena struct arena a = { 0 };
	struct strbuf sb = STRBUF_INIT;
	auto_free char *copy = malloc(len ? len : 1);

	assert_non_null(copy);
	if (len)
		memcpy(copy, text, len);
	d(&a, (struct slice){ copy, len }, &sb);
	assert_false(sb.failed);
	if (!sb.buf)
		sb_addstr(&sb, "");
	return sb.buf ? sb.buf : strdup("");
}

static void cut_everywhere(const struct sample *s)
{
	size_t len = strlen(s->text), begin = 0;

	for (size_t cut = 0; cut <= len; cut++) {
		const char *nl = strchr(s->text + begin, '\n');
		auto_free char *have = found(s->dump, s->text, cut);
		auto_free char *before = found(s->dump, s->text, begin);
		auto_free char *whole = found(s->dump, s->text,
					      nl ? (size_t)(nl + 1 - s->text) : len);

		if (strcmp(have, before) != 0 && strcmp(have, whole) != 0)
			fail_msg("%s cut at byte %zu: found\n%sbut before the line\n%sand with it\n%s",
				 s->name, cut, have, before, whole);
		if (cut < len && s->text[cut] == '\n')
			begin = cut + 1;
	}
}

static void test_cut(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_SIZE(samples); i++)
		cut_everywhere(&samples[i]);
}

/* The samples are whole: each has something in it, and no line is lost. */
static void test_samples(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_SIZE(samples); i++) {
		auto_free char *nothing = found(samples[i].dump, "", 0);
		auto_free char *all =
			found(samples[i].dump, samples[i].text, strlen(samples[i].text));

		assert_true(strlen(all) > strlen(nothing) + 20);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_samples),
		cmocka_unit_test(test_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
