// SPDX-License-Identifier: GPL-2.0-or-later
/* From a tree of files to a snapshot, and to its document and back. */
#include "snap/take.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "out/json_snapshot.h"
#include "snap/load.h"

struct tree {
	char top[96];
};

static void put(const struct tree *t, const char *path, const char *text)
{
	char full[512];
	FILE *f;

	snprintf(full, sizeof(full), "%s/%s", t->top, path);
	for (char *p = strchr(full + strlen(t->top) + 1, '/'); p; p = strchr(p + 1, '/')) {
		*p = '\0';
		mkdir(full, 0755);
		*p = '/';
	}
	f = fopen(full, "w");
	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

static int setup(void **state)
{
	struct tree *t = calloc(1, sizeof(*t));

	snprintf(t->top, sizeof(t->top), "%s/memtool-snap.XXXXXX", P_tmpdir);
	assert_non_null(mkdtemp(t->top));
	*state = t;
	return 0;
}

static int teardown(void **state)
{
	struct tree *t = *state;
	char command[128];

	snprintf(command, sizeof(command), "rm -rf %s", t->top);
	assert_int_equal(system(command), 0);
	free(t);
	return 0;
}

static struct snapshot *take(const struct tree *t)
{
	struct capture_opts opts = { .sysroot = t->top };
	struct snapshot *s = NULL;
	char *why = NULL;

	assert_int_equal(snapshot_take(&opts, &s, &why), 0);
	free(why);
	return s;
}

/* ---- page size: of the machine that was read ---- */

/* 16 KiB pages, from numbers of a 6.12 arm64 guest: no name tells the size. */
static void test_page_size_by_pairs(void **state)
{
	const struct tree *t = *state;
	struct snapshot *s;

	put(t, "proc/meminfo", "MemTotal:         456304 kB\nMemFree:          401952 kB\n"
			       "AnonPages:          1888 kB\nMapped:             3280 kB\n");
	put(t, "proc/vmstat", "nr_free_pages 25122\nnr_anon_pages 118\nnr_mapped 205\n");
	s = take(t);
	assert_true(s->kernel.page_size.known);
	assert_int_equal(s->kernel.page_size.v, 16384);
	snapshot_free(s);
}

static void test_page_size_by_config(void **state)
{
	const struct tree *t = *state;
	struct snapshot *s;

	put(t, "proc/sys/kernel/osrelease", "6.6.0\n");
	put(t, "boot/config-6.6.0", "CONFIG_ARM64=y\nCONFIG_ARM64_64K_PAGES=y\n");
	put(t, "proc/vmstat", "nr_free_pages 7\n");
	s = take(t);
	assert_int_equal(s->kernel.page_size.v, 65536);
	assert_string_equal(s->kernel.arch, "aarch64");
	snapshot_free(s);
}

static void test_page_size_unknown(void **state)
{
	const struct tree *t = *state;
	struct snapshot *s;

	/* Neither a name nor enough numbers; the reader's own 4 KiB must not come in. */
	put(t, "proc/vmstat", "nr_free_pages 7\n");
	put(t, "proc/meminfo", "MemFree: 448 kB\n");
	s = take(t);
	assert_false(s->kernel.page_size.known);
	assert_null(s->kernel.arch);
	assert_false(s->kernel.word_bits.known);
	snapshot_free(s);
}

/* Numbers of a 2.6 ia64: HighTotal is printed there too, and is 0. */
static void test_word_bits(void **state)
{
	const struct tree *t = *state;
	struct snapshot *s;

	put(t, "proc/meminfo", "HighTotal:             0 kB\nVmallocTotal: 17592177655808 kB\n");
	s = take(t);
	assert_int_equal(s->kernel.word_bits.v, 64);
	snapshot_free(s);
	put(t, "proc/meminfo", "HighTotal:        270336 kB\nVmallocTotal:     243712 kB\n");
	s = take(t);
	assert_int_equal(s->kernel.word_bits.v, 32);
	snapshot_free(s);
	put(t, "proc/meminfo", "HighTotal:             0 kB\nVmallocTotal:     243712 kB\n");
	s = take(t);
	assert_false(s->kernel.word_bits.known);
	snapshot_free(s);
}

/* ---- zones ---- */

#define RECORD(node, zone, protection) \
	"Node " node ", zone " zone "\n  pages free     100\n        min      10\n        low      12\n" \
	"        high     14\n        spanned  200\n        present  200\n        managed  180\n" \
	"        protection: (" protection ")\n"

/* 4.9 and older leave empty zones out: four values, yet two names. */
static void test_zone_index_by_names(void **state)
{
	const struct tree *t = *state;
	struct snapshot *s;

	put(t, "proc/version", "Linux version 3.10.0-1160.el7.x86_64 (x) #1 SMP\n");
	put(t, "proc/zoneinfo", RECORD("0", "   DMA32", "0, 1, 2, 2") RECORD("0", "  Normal", "0, 0, 0, 0")
		RECORD("1", "  Normal", "0, 0, 0, 0"));
	s = take(t);
	assert_int_equal(s->n_zones, 3);
	assert_int_equal(snapshot_zone(s, 0, "DMA32")->index, 1);
	assert_int_equal(snapshot_zone(s, 0, "Normal")->index, 2);
	assert_int_equal(snapshot_zone(s, 1, "Normal")->index, 2);
	snapshot_free(s);
}

/* Five places, and neither names nor architecture say which zones fill them. */
static void test_zone_index_unknown(void **state)
{
	const struct tree *t = *state;
	struct snapshot *s;

	put(t, "proc/zoneinfo", RECORD("0", "  Normal", "0, 0, 0, 0, 0"));
	s = take(t);
	assert_int_equal(snapshot_zone(s, 0, "Normal")->index, -1);
	snapshot_free(s);
}

static void test_zone_of_one_file(void **state)
{
	const struct tree *t = *state;
	const struct snap_zone *z;
	struct snapshot *s;

	put(t, "proc/buddyinfo", "Node 0, zone      DMA      1      2      3 \n"
				 "Node 7, zone   Normal      9      0      1 \n");
	put(t, "proc/zoneinfo", RECORD("0", "     DMA", "0, 1"));
	s = take(t);
	assert_int_equal(s->n_zones, 2);
	z = snapshot_zone(s, 7, "Normal");
	assert_true(z->in_buddyinfo && !z->in_zoneinfo);
	assert_false(z->free_pages.known);
	assert_int_equal(z->free_blocks[0], 9);
	assert_int_equal(s->kernel.max_order.v, 2);
	assert_non_null(snapshot_node(s, 7));
	snapshot_free(s);
}

/* |12-10|*1 + |4-5|*2 + |3-1|*4 = 12 pages moved. */
static void test_drift(void **state)
{
	const struct tree *t = *state;
	struct snapshot *s;

	put(t, "proc/buddyinfo", "Node 0, zone   Normal     10      5      1 \n");
	put(t, "memtool/buddyinfo.before", "Node 0, zone   Normal     12      4      3 \n");
	s = take(t);
	assert_true(s->zones[0].drift_pages.known);
	assert_int_equal(s->zones[0].drift_pages.v, 12);
	snapshot_free(s);
}

/* ---- other sources ---- */

static void test_cma_joins_both_places(void **state)
{
	const struct tree *t = *state;
	struct snapshot *s;

	put(t, "proc/vmstat", "nr_free_pages 7\n");
	put(t, "sys/kernel/mm/cma/reserved/alloc_pages_success", "12\n");
	put(t, "sys/kernel/mm/cma/reserved/alloc_pages_fail", "3\n");
	put(t, "sys/kernel/debug/cma/cma-reserved/count", "4096\n");
	put(t, "sys/kernel/debug/cma/cma-reserved/maxchunk", "1024\n");
	put(t, "sys/kernel/debug/cma/cma-reserved/used", "50"); /* cut: no newline */
	s = take(t);
	assert_int_equal(s->n_cma, 1);
	assert_string_equal(s->cma[0].name, "reserved");
	assert_int_equal(s->cma[0].alloc_success.v, 12);
	assert_int_equal(s->cma[0].alloc_fail.v, 3);
	assert_int_equal(s->cma[0].total_pages.v, 4096);
	assert_int_equal(s->cma[0].maxchunk_pages.v, 1024);
	assert_false(s->cma[0].used_pages.known);
	snapshot_free(s);
}

static void test_slab_aliases(void **state)
{
	const struct tree *t = *state;
	char path[256];
	struct snapshot *s;

	put(t, "proc/vmstat", "nr_free_pages 7\n");
	put(t, "sys/kernel/slab/:0000064/order", "0\n");
	put(t, "sys/kernel/slab/:0000064/partial", "7 N0=3 N1=4\n");
	put(t, "sys/kernel/slab/task_struct/order", "3\n");
	for (int i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "%s/sys/kernel/slab/%s", t->top, i ? "eventpoll_pwq" : "kmalloc-64");
		assert_int_equal(symlink(":0000064", path), 0);
	}
	s = take(t);
	assert_true(s->has_sysslab);
	assert_int_equal(s->n_sysslab, 2);
	assert_string_equal(s->sysslab[0].name, ":0000064");
	assert_int_equal(s->sysslab[0].n_aliases, 2);
	assert_string_equal(s->sysslab[0].alias_names[0], "eventpoll_pwq");
	assert_string_equal(s->sysslab[0].alias_names[1], "kmalloc-64");
	assert_int_equal(s->sysslab[0].partial.v, 7);
	assert_int_equal(s->sysslab[1].order.v, 3);
	snapshot_free(s);
}

/* A sosreport without proc/sys: the release and machine stand in the uname file. */
static void test_sosreport(void **state)
{
	const struct tree *t = *state;
	struct snapshot *s;

	put(t, "sos_commands/kernel/uname_-a", "Linux db7 4.18.0-348.el8.x86_64 #1 SMP Mon Oct 4 12:17:22 "
					       "EDT 2021 x86_64 x86_64 x86_64 GNU/Linux\n");
	put(t, "sos_commands/general/hostname", "db7.example\n");
	put(t, "proc/meminfo", "MemTotal:       16000000 kB\n");
	s = take(t);
	assert_string_equal(s->kernel.release, "4.18.0-348.el8.x86_64");
	assert_string_equal(s->kernel.arch, "x86_64");
	assert_int_equal(s->kernel.el, 8);
	assert_int_equal(s->kernel.el_build, 348);
	assert_string_equal(s->host, "db7.example");
	assert_false(s->time_ns.known);
	snapshot_free(s);
}

/* ---- written trees and documents ---- */

static char *document(const struct snapshot *s, size_t *len)
{
	char *text = NULL;
	FILE *f = open_memstream(&text, len);

	assert_int_equal(json_write_snapshot(s, f, false), 0);
	assert_int_equal(fclose(f), 0);
	return text;
}

static void fill(const struct tree *t)
{
	put(t, "proc/version", "Linux version 6.1.0-50-amd64 (x) #1 SMP Debian 6.1.176-1 (2026-07-02)\n");
	put(t, "proc/sys/kernel/hostname", "h\xff\n");
	put(t, "proc/sys/vm/min_free_kbytes", "67584\n");
	put(t, "proc/sys/vm/lowmem_reserve_ratio", "256\t256\t32\t0\t0\n");
	put(t, "proc/sys/vm/numa_zonelist_order", "Node\n");
	put(t, "proc/buddyinfo", "Node 0, zone   Normal     10      5      1 \n");
	put(t, "proc/zoneinfo", RECORD("0", "  Normal", "0, 0, 0"));
	/* Above 2^53, where a double is no longer exact, to 2^64-1. */
	put(t, "proc/vmstat", "nr_free_pages 100\npgfree 9007199254740993\npgalloc 18446744073709551615\n"
			      "nr_isolated -3\n");
	put(t, "proc/slabinfo", "slabinfo - version: 2.1\n# name            <active_objs> ...\n"
				"odd name (x)    1 2 64 64 1 : tunables 0 0 0 : slabdata 1 1 0\n");
	put(t, "proc/vmallocinfo",
	    "0xffffc90000000000-0xffffc90000002000    8192 hpet_enable+0x31/0x2b0 phys=0x00000000fed00000 ioremap\n"
	    "0xffffc90000002000-0xffffc90000007000   20480 foo+0x1/0x2 [bar] pages=4 vmalloc N0=4\n");
	put(t, "sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never\n");
	put(t, "sys/kernel/mm/hugepages/hugepages-2048kB/nr_hugepages", "3\n");
	put(t, "sys/devices/system/node/node0/cpulist", "0-1\n");
	put(t, "sys/devices/system/node/node0/distance", "10\n");
	put(t, "sys/kernel/slab/odd/order", "1\n");
}

static void test_document_round_trip(void **state)
{
	const struct tree *t = *state;
	struct snapshot *s, *again = NULL;
	size_t len, len2;
	char *text, *text2, *why = NULL;

	fill(t);
	s = take(t);
	text = document(s, &len);
	assert_non_null(strstr(text, "\"pgfree\":9007199254740993,"));
	assert_non_null(strstr(text, "\"pgalloc\":18446744073709551615,"));
	assert_non_null(strstr(text, "\"nr_isolated\":-3"));
	assert_non_null(strstr(text, "\"host\":\"h\xef\xbf\xbd\""));
	assert_int_equal(snapshot_parse((struct slice){ text, len }, &again, &why), 0);
	text2 = document(again, &len2);
	assert_string_equal(text, text2);
	/* What the document does not print must come back too. */
	assert_int_equal(again->kernel.patch, 176);
	assert_int_equal(again->vmalloc.n_ranges, 1); /* neighbours */
	assert_true(again->vmalloc.ranges[0].end == UINT64_C(0xffffc90000007000));
	assert_int_equal(sysctl_u64(&again->sysctl, "min_free_kbytes").v, 67584);
	assert_int_equal(sysctl_get(&again->sysctl, "lowmem_reserve_ratio")->n_values, 5);
	free(text);
	free(text2);
	snapshot_free(s);
	snapshot_free(again);
}

/* A capture written as a tree reads back to the same document. */
static void test_written_tree(void **state)
{
	const struct tree *t = *state;
	struct tree copy;
	struct capture_opts opts = { .sysroot = t->top };
	struct raw_capture *raw;
	struct snapshot *s = NULL, *again;
	char *text, *text2, *why = NULL, command[128];
	size_t len, len2;

	fill(t);
	put(t, "memtool/buddyinfo.before", "Node 0, zone   Normal     12      4      3 \n");
	put(t, "memtool/time", "2026-01-31T12:00:00.123Z\n");
	put(t, "memtool/page_size", "4096\n");
	assert_int_equal(raw_capture_take(&opts, &raw), 0);
	assert_int_equal(snapshot_from_raw(raw, NULL, &s, &why), 0);
	snprintf(copy.top, sizeof(copy.top), "%.80s.copy", t->top);
	assert_int_equal(raw_capture_write(raw, copy.top), 0);
	raw_capture_free(raw);
	again = take(&copy);
	text = document(s, &len);
	text2 = document(again, &len2);
	assert_non_null(strstr(text, "\"time\":\"2026-01-31T12:00:00.123Z\""));
	assert_string_equal(text, text2);
	snprintf(command, sizeof(command), "rm -rf %s", copy.top);
	assert_int_equal(system(command), 0);
	free(text);
	free(text2);
	snapshot_free(s);
	snapshot_free(again);
}

static void test_bad_documents(void **state)
{
	static const char *const bad[] = {
		"", "null", "[]", "{}", "{\"schema\":\"memtool.log/1\"}", "{\"schema\":\"memtool.snapshot/1\"",
		"{\"schema\":\"memtool.snapshot/1\",\"zones\":7}",
		"{\"schema\":\"memtool.snapshot/1\",\"zones\":[{}]}",
		"{\"schema\":\"memtool.snapshot/1\",\"zones\":[{\"node\":0,\"zone\":\"Normal\",\"free_pages\":-1}]}",
		"{\"schema\":\"memtool.snapshot/1\",\"zones\":[{\"node\":0,\"zone\":\"Normal\",\"free_pages\":1.5}]}",
		"{\"schema\":\"memtool.snapshot/1\",\"zones\":[{\"node\":0,\"zone\":\"Normal\","
		"\"free_pages\":18446744073709551616}]}",
		"{\"schema\":\"memtool.snapshot/1\",\"zones\":[{\"node\":0,\"zone\":\"N\",\"free_blocks\":[1,2],"
		"\"free_blocks_before\":[1]}]}",
		"{\"schema\":\"memtool.snapshot/1\",\"kernel\":{\"page_size\":0}}",
		"{\"schema\":\"memtool.snapshot/1\",\"kernel\":{\"max_order\":64}}",
		"{\"schema\":\"memtool.snapshot/1\",\"vmstat\":{\"x\":\"y\"}}",
		"{\"schema\":\"memtool.snapshot/1\",\"vmalloc\":{\"areas\":1,\"bytes\":1,\"pages\":1,"
		"\"callers\":[{\"caller\":\"x\",\"kind\":\"none such\",\"areas\":1,\"bytes\":1,\"pages\":1}]}}",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		struct snapshot *s = NULL;
		char *why = NULL;

		assert_true(snapshot_parse(slice_of(bad[i]), &s, &why) < 0);
		assert_non_null(why);
		assert_null(strchr(why, '\n'));
		free(why);
	}
}

static void test_minimal_document(void **state)
{
	struct snapshot *s = NULL;
	char *why = NULL;

	(void)state;
	/* Members that are missing are unknown, those of a later version are passed over. */
	assert_int_equal(snapshot_parse(slice_of("{\"schema\":\"memtool.snapshot/1\",\"later\":{\"a\":[1]},"
						 "\"zones\":[{\"node\":1,\"zone\":\"Normal\"}]}"),
					&s, &why), 0);
	assert_int_equal(s->n_zones, 1);
	assert_false(s->zones[0].free_pages.known);
	assert_int_equal(s->zones[0].index, -1);
	assert_null(s->zones[0].free_blocks);
	snapshot_free(s);
}

static void test_stream(void **state)
{
	const struct tree *t = *state;
	struct snapshot_stream *st;
	struct snapshot *s;
	char path[128], *why;

	/* One on a line, one over many, none behind; brackets in strings do not count. */
	put(t, "lines", "{\"schema\":\"memtool.snapshot/1\",\"host\":\"a}]\\\"{\"}\n\n"
			"{\n\t\"schema\": \"memtool.snapshot/1\",\n\t\"host\": \"b\"\n}\n");
	snprintf(path, sizeof(path), "%s/lines", t->top);
	assert_int_equal(snapshot_stream_open(path, &st, &why), 0);
	assert_int_equal(snapshot_stream_next(st, &s, &why), 1);
	assert_string_equal(s->host, "a}]\"{");
	snapshot_free(s);
	assert_int_equal(snapshot_stream_next(st, &s, &why), 1);
	assert_string_equal(s->host, "b");
	snapshot_free(s);
	assert_int_equal(snapshot_stream_next(st, &s, &why), 0);
	snapshot_stream_close(st);
	assert_int_equal(snapshot_load(path, &s, &why), 0);
	assert_string_equal(s->host, "b");
	snapshot_free(s);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

/* More areas than the buffer holds go on while they are read: to the same snapshot as in one piece. */
static void test_many_areas(void **state)
{
	const struct tree *t = *state;
	auto_strbuf struct strbuf sb = STRBUF_INIT;
	struct capture_opts opts = { .sysroot = t->top };
	struct snapshot *pieces, *whole;
	struct raw_capture *raw;
	size_t len, len2;
	char *why, *a, *b;

	put(t, "proc/buddyinfo", "Node 0, zone   Normal     10      5      1 \n");
	for (unsigned int i = 0; i < 5000; i++)
		sb_printf(&sb, "0xffffc9%010x-0xffffc9%010x   %5d a_caller_of_some_length%u+0x1/0x2 %s\n", i * 16384,
			  i * 16384 + 8192, 8192, i % 300, i % 5 ? "pages=1 vmalloc N0=1" : "nonsense \"");
	put(t, "proc/vmallocinfo", sb_str(&sb));
	pieces = take(t);
	assert_int_equal(raw_capture_take(&opts, &raw), 0);
	assert_int_equal(snapshot_from_raw(raw, NULL, &whole, &why), 0);
	assert_int_equal(raw->sources[SRC_VMALLOCINFO].bytes, sb.len);
	assert_int_equal(snapshot_source(pieces, "vmallocinfo")->bytes, sb.len);
	assert_int_equal(snapshot_source(pieces, "vmallocinfo")->bad_lines, 1000);
	assert_int_equal(pieces->vmalloc.areas, 4000);
	a = document(pieces, &len);
	b = document(whole, &len2);
	assert_string_equal(a, b);
	free(a);
	free(b);
	raw_capture_free(raw);
	snapshot_free(pieces);
	snapshot_free(whole);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(test_page_size_by_pairs),  T(test_page_size_by_config), T(test_page_size_unknown), T(test_word_bits),
		T(test_zone_index_by_names), T(test_zone_index_unknown),  T(test_zone_of_one_file),
		T(test_drift),		     T(test_cma_joins_both_places), T(test_slab_aliases),
		T(test_sosreport),	     T(test_document_round_trip), T(test_written_tree),
		T(test_bad_documents),	     T(test_minimal_document),	  T(test_stream),
		T(test_many_areas),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
