// SPDX-License-Identifier: GPL-2.0-or-later
/* read/vmallocinfo: mm/vmalloc.c:s_show and vmalloc_info_show. */
#include "unit/reader.h"

#include "read/vmallocinfo.h"

static int parse(struct arena *a, const char *text, struct vmallocinfo *v, struct read_notes *n)
{
	return read_vmallocinfo(a, slice_of(text), v, n);
}

/* The same in pieces of whole lines, of about @size bytes. */
static void in_pieces(struct arena *a, const char *text, size_t size, struct vmallocinfo *v,
		      struct read_notes *n)
{
	struct vmallocinfo_reader *r = vmallocinfo_reader_new();
	size_t len = strlen(text);

	assert_non_null(r);
	while (len) {
		const char *nl = len > size ? memchr(text + size, '\n', len - size) : NULL;
		size_t piece = nl ? (size_t)(nl - text) + 1 : len;

		assert_int_equal(vmallocinfo_reader_add(r, (struct slice){ text, piece }), 0);
		text += piece;
		len -= piece;
	}
	assert_int_equal(vmallocinfo_reader_take(r, a, v, n), 0);
	vmallocinfo_reader_free(r);
}

/* The same by two readers, of which the second has all from line @from on. */
static void in_halves(struct arena *a, const char *text, unsigned int from, struct vmallocinfo *v,
		      struct read_notes *n)
{
	struct vmallocinfo_reader *r = vmallocinfo_reader_new(), *later = vmallocinfo_reader_new();
	const char *middle = text;

	assert_true(r && later);
	for (unsigned int i = 0; i < from; i++)
		middle = strchr(middle, '\n') + 1;
	assert_int_equal(vmallocinfo_reader_add(later, slice_of(middle)), 0);
	assert_int_equal(vmallocinfo_reader_add(r, (struct slice){ text, (size_t)(middle - text) }), 0);
	assert_int_equal(vmallocinfo_reader_join(r, later), 0);
	vmallocinfo_reader_free(later);
	assert_int_equal(vmallocinfo_reader_take(r, a, v, n), 0);
	vmallocinfo_reader_free(r);
}

/* The same by two readers, which take its parts of @lines lines in no order that could be foreseen. */
static void in_parts(struct arena *a, const char *text, unsigned int lines, struct vmallocinfo *v,
		     struct read_notes *n)
{
	struct vmallocinfo_reader *r = vmallocinfo_reader_new(), *other = vmallocinfo_reader_new();

	assert_true(r && other);
	for (uint64_t part = 0; *text; part++) {
		struct vmallocinfo_reader *reader = part * 5 % 3 == 0 ? r : other;
		const char *end = text;

		for (unsigned int i = 0; i < lines && *end; i++)
			end = strchr(end, '\n') + 1;
		assert_int_equal(vmallocinfo_reader_part(reader, part), 0);
		assert_int_equal(vmallocinfo_reader_add(reader, (struct slice){ text, (size_t)(end - text) }), 0);
		text = end;
	}
	assert_int_equal(vmallocinfo_reader_join(r, other), 0);
	vmallocinfo_reader_free(other);
	assert_int_equal(vmallocinfo_reader_take(r, a, v, n), 0);
	vmallocinfo_reader_free(r);
}

static const struct vmalloc_caller *caller(const struct vmallocinfo *v, const char *name,
					   enum vmalloc_kind kind)
{
	for (size_t i = 0; i < v->n_callers; i++) {
		if (strcmp(v->callers[i].caller, name) == 0 && v->callers[i].kind == kind)
			return &v->callers[i];
	}
	fail_msg("no caller \"%s\" of kind %s", name, vmalloc_kind_name(kind));
	return NULL;
}

static const char real[] =
	"0xffffb50540018000-0xffffb5054001d000   20480 _do_fork+0x89/0x360 pages=4 vmalloc N1=3 N8=1\n"
	"0xffffb50540000000-0xffffb50540005000   20480 irq_init+0xd0/0x100 vmap\n"
	"0xffffb50540005000-0xffffb50540007000    8192 acpi_map+0x1ac/0x1c0 phys=0x00000000bffe1000 ioremap\n"
	"0xffffb50540010000-0xffffb50540015000   20480 _do_fork+0x89/0x360 pages=4 vmalloc N0=4\n"
	"0xffffb50541000000-0xffffb50541405000 4214784 stp+0x50/0x1a4 [mtk_stp] pages=1028 vmalloc vpages N0=1028\n"
	"0xffffb50542000000-0xffffb50542005000   20480 unpurged vm_area\n";

static void test_sums(void **state UNUSED)
{
	auto_arena struct arena a = { 0 };
	const struct vmalloc_caller *fork;
	struct read_notes n;
	struct vmallocinfo v;

	assert_int_equal(parse(&a, real, &v, &n), 0);
	assert_int_equal(n.bad_lines, 0);
	assert_int_equal(v.areas, 6);
	assert_int_equal(v.bytes, 4 * 20480 + 8192 + 4214784);
	assert_int_equal(v.pages, 4 + 4 + 1028);
	assert_int_equal(v.kinds[VMALLOC_VMALLOC].areas, 3);
	assert_int_equal(v.kinds[VMALLOC_VMALLOC].bytes, 2 * 20480 + 4214784);
	assert_int_equal(v.kinds[VMALLOC_IOREMAP].bytes, 8192);
	assert_int_equal(v.n_callers, 5);
	assert_string_equal(v.callers[0].caller, "stp+0x50/0x1a4 [mtk_stp]"); /* most bytes */
	assert_int_equal(v.callers[0].vpages, 1);
	fork = caller(&v, "_do_fork+0x89/0x360", VMALLOC_VMALLOC);
	assert_ptr_equal(fork, &v.callers[1]);
	assert_int_equal(fork->areas, 2);
	assert_int_equal(fork->bytes, 40960);
	assert_int_equal(fork->pages, 8);
	assert_int_equal(caller(&v, "", VMALLOC_UNPURGED)->bytes, 20480);
	assert_int_equal(caller(&v, "acpi_map+0x1ac/0x1c0", VMALLOC_IOREMAP)->pages, 0);
}

static void test_nodes(void **state UNUSED)
{
	auto_arena struct arena a = { 0 };
	struct read_notes n;
	struct vmallocinfo v;

	assert_int_equal(parse(&a, real, &v, &n), 0);
	assert_int_equal(v.n_nodes, 3);
	assert_int_equal(v.node_ids[0], 0);
	assert_int_equal(v.node_ids[1], 1);
	assert_int_equal(v.node_ids[2], 8);
	is_u64s(caller(&v, "_do_fork+0x89/0x360", VMALLOC_VMALLOC)->node_pages,
		(const uint64_t[]){ 4, 3, 1 }, 3);
	assert_null(caller(&v, "irq_init+0xd0/0x100", VMALLOC_VMAP)->node_pages);
}

static void is_range(const struct vmalloc_range *r, uint64_t start, uint64_t end)
{
	assert_true(r->start == start);
	assert_true(r->end == end);
}

static void test_real_addresses(void **state UNUSED)
{
	auto_arena struct arena a = { 0 };
	struct read_notes n;
	struct vmallocinfo v;

	assert_int_equal(parse(&a, real, &v, &n), 0);
	assert_int_equal(v.addresses, VMALLOC_ADDR_REAL);
	/* Sorted; vmap and ioremap touch, and what is unpurged is free. */
	assert_int_equal(v.n_ranges, 4);
	is_range(&v.ranges[0], UINT64_C(0xffffb50540000000), UINT64_C(0xffffb50540007000));
	is_range(&v.ranges[1], UINT64_C(0xffffb50540010000), UINT64_C(0xffffb50540015000));
	is_range(&v.ranges[2], UINT64_C(0xffffb50540018000), UINT64_C(0xffffb5054001d000));
	is_range(&v.ranges[3], UINT64_C(0xffffb50541000000), UINT64_C(0xffffb50541405000));
}

/* Two readers' lines together say what one reader's do: ranges, bad lines, the kind of addresses. */
static void test_halves(void **state UNUSED)
{
	static const char text[] =
		"0xffffb50540018000-0xffffb5054001d000   20480 f+0x89/0x360 pages=4 vmalloc N1=3 N8=1\n"
		"0xffffb50540020000-0xffffb50540022000    8192 f+0x89/0x360 pages=1 vmalloc N3=1\n"
		"bad\n"
		"0xffffb50540022000-0xffffb50540023000    4096 g+0x1/0x2 vmap\n"
		"0xffffb50540000000-0xffffb50540005000   20480 f+0x89/0x360 pages=4 vmalloc vpages N8=4\n"
		"worse\n"
		"0xffffb50541000000-0xffffb50541002000    8192 h+0x1/0x2 pages=0 vmalloc N5=0\n";

	for (unsigned int from = 0; from <= 10; from++) {
		auto_arena struct arena a = { 0 };
		const struct vmalloc_caller *f;
		struct read_notes n;
		struct vmallocinfo v;

		if (from <= 7)
			in_halves(&a, text, from, &v, &n);
		else
			in_parts(&a, text, from - 7, &v, &n);
		assert_int_equal(n.lines, 7);
		assert_int_equal(n.bad_lines, 2);
		assert_int_equal(n.first_bad, 3);
		assert_string_equal(n.excerpt, "bad");
		assert_int_equal(v.areas, 5);
		assert_int_equal(v.addresses, VMALLOC_ADDR_REAL);
		assert_int_equal(v.n_ranges, 4);
		assert_true(v.ranges[0].start == UINT64_C(0xffffb50540000000));
		assert_true(v.ranges[2].start == UINT64_C(0xffffb50540020000));
		assert_true(v.ranges[2].end == UINT64_C(0xffffb50540023000));
		assert_int_equal(v.n_nodes, 4);
		f = caller(&v, "f+0x89/0x360", VMALLOC_VMALLOC);
		assert_int_equal(f->areas, 3);
		assert_int_equal(f->vpages, 1);
		is_u64s(f->node_pages, ((const uint64_t[]){ 3, 1, 0, 5 }), 4);
		is_u64s(caller(&v, "h+0x1/0x2", VMALLOC_VMALLOC)->node_pages, ((const uint64_t[]){ 0, 0, 0, 0 }), 4);
	}
}

/* %p hashing, from 4.15: 32 bits that say nothing but whether two are equal. */
static void test_hashed_addresses(void **state UNUSED)
{
	auto_arena struct arena a = { 0 };
	struct read_notes n;
	struct vmallocinfo v;

	assert_int_equal(
		parse(&a,
		      "0x000000007874d405-0x00000000e344a63f    8192 f+0x1/0x2 pages=1 vmalloc\n"
		      "0x00000000f7f30000-0x00000000f7f3a000   20480 g+0x1/0x2 pages=4 vmalloc\n"
		      "0x00000000e344a63f-0x00000000daf29b07    8192 f+0x1/0x2 pages=1 vmalloc\n"
		      "0x00000000daf29b07-0x0000000000000004    8192 f+0x1/0x2 pages=1 vmalloc\n",
		      &v, &n),
		0);
	assert_int_equal(v.addresses, VMALLOC_ADDR_HASHED);
	assert_null(v.ranges);
	assert_int_equal(v.n_ranges, 0);
	assert_int_equal(v.bytes, 3 * 8192 + 20480); /* sizes are true all the same */
}

/* One line that does not fit makes all of them doubtful. */
static void test_mixed_addresses(void **state UNUSED)
{
	auto_arena struct arena a = { 0 };
	struct read_notes n;
	struct vmallocinfo v;

	assert_int_equal(parse(&a,
			       "0xffffb50540000000-0xffffb50540005000   20480 f+0x1/0x2 vmap\n"
			       "0x000000007874d405-0x00000000e344a63f    8192 f+0x1/0x2 vmap\n",
			       &v, &n),
			 0);
	assert_int_equal(v.addresses, VMALLOC_ADDR_HASHED);
	assert_null(v.ranges);
}

static void test_zero_addresses(void **state UNUSED)
{
	auto_arena struct arena a = { 0 };
	struct read_notes n;
	struct vmallocinfo v;

	assert_int_equal(parse(&a,
			       "0x0000000000000000-0x0000000000000000   20480 f+0x1/0x2 vmap\n"
			       "0x0000000000000000-0x0000000000000000    8192 f+0x1/0x2 vmap\n",
			       &v, &n),
			 0);
	assert_int_equal(v.addresses, VMALLOC_ADDR_ZERO);
	assert_int_equal(v.areas, 2);
	assert_null(v.ranges);
}

/* 32 bits: short addresses, phys= without 0x up to 4.4, no node parts. */
static void test_arm32(void **state UNUSED)
{
	auto_arena struct arena a = { 0 };
	struct read_notes n;
	struct vmallocinfo v;

	assert_int_equal(
		parse(&a,
		      "0xbf000000-0xbf03d000  249856 module_alloc+0x14/0x64 pages=60 vmalloc\n"
		      "0xce000000-0xcf000000 16777216 iotable_init+0x0/0xb4 phys=e000000 ioremap\n"
		      "0xc8804000-0xc8a05000 2101248 atomic_pool_init+0x0/0x12c user\n",
		      &v, &n),
		0);
	assert_int_equal(n.bad_lines, 0);
	assert_int_equal(v.addresses, VMALLOC_ADDR_REAL);
	assert_int_equal(v.ranges[1].start, 0xc8804000);
	assert_int_equal(v.kinds[VMALLOC_USER].bytes, 2101248);
	assert_int_equal(v.n_nodes, 0);
}

static void test_kinds(void **state UNUSED)
{
	static const struct {
		const char *words, *caller;
		enum vmalloc_kind kind;
	} cases[] = {
		{ " f+0x1/0x2 pages=1 vmalloc N0=1", "f+0x1/0x2", VMALLOC_VMALLOC },
		{ " f+0x1/0x2 vmap", "f+0x1/0x2", VMALLOC_VMAP },
		{ " f+0x1/0x2 phys=0x00000000bffe1000 ioremap", "f+0x1/0x2", VMALLOC_IOREMAP },
		{ " f+0x1/0x2 [m] pages=2 vmalloc user", "f+0x1/0x2 [m]", VMALLOC_USER },
		{ " f+0x1/0x2 dma-coherent", "f+0x1/0x2", VMALLOC_DMA_COHERENT },
		{ " f+0x1/0x2 sparse", "f+0x1/0x2", VMALLOC_SPARSE },
		{ " vm_map_ram", "", VMALLOC_VM_MAP_RAM },
		{ " unpurged vm_area", "", VMALLOC_UNPURGED },
		{ " pages=3 vmalloc", "", VMALLOC_VMALLOC }, /* no caller known */
		{ " vmap", "", VMALLOC_VMAP },
		{ " vmap+0x5a/0xb0 pages=2 vmap", "vmap+0x5a/0xb0", VMALLOC_VMAP },
		{ " 0xffffffff81000000 vmap", "0xffffffff81000000", VMALLOC_VMAP },
		{ " f+0x1/0x2", "f+0x1/0x2", VMALLOC_OTHER },
		{ "", "", VMALLOC_OTHER },
		{ " f+0x1/0x2 newflag vmalloc", "f+0x1/0x2", VMALLOC_VMALLOC },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		auto_arena struct arena a = { 0 };
		struct read_notes n;
		struct vmallocinfo v;
		char text[256];

		snprintf(text, sizeof(text), "0xffffb50540000000-0xffffb50540005000   20480%s\n",
			 cases[i].words);
		assert_int_equal(parse(&a, text, &v, &n), 0);
		assert_int_equal(n.bad_lines, 0);
		assert_int_equal(v.n_callers, 1);
		assert_string_equal(v.callers[0].caller, cases[i].caller);
		assert_int_equal(v.callers[0].kind, cases[i].kind);
		assert_int_equal(v.kinds[cases[i].kind].bytes, 20480);
	}
}

static void bad(const char *line)
{
	auto_arena struct arena a = { 0 };
	struct read_notes n;
	struct vmallocinfo v;
	char text[512];

	snprintf(text, sizeof(text),
		 "0xffffb50540010000-0xffffb50540015000   20480 f+0x1/0x2 pages=4 vmalloc N0=4\n%s",
		 line);
	assert_int_equal(parse(&a, text, &v, &n), 0);
	one_bad_line(&n, 2);
	assert_int_equal(v.areas, 1);
	assert_int_equal(v.bytes, 20480);
	assert_int_equal(v.pages, 4);
	assert_int_equal(v.n_callers, 1);
	is_u64s(v.callers[0].node_pages, (const uint64_t[]){ 4 }, 1);
}

#define AT "0xffffb50540000000-0xffffb50540005000"

static void test_bad_lines_cost_themselves(void **state UNUSED)
{
	bad(AT "  -20480 f+0x1/0x2 vmap\n");
	bad(AT " 99999999999999999999 f+0x1/0x2 vmap\n");
	bad(AT " 18446744073709551616 f+0x1/0x2 vmap\n");
	bad(AT "   f+0x1/0x2 vmap\n");
	bad(AT "   20480 f+0x1/0x2 pages=-4 vmalloc\n");
	bad(AT "   20480 f+0x1/0x2 pages=18446744073709551616 vmalloc\n");
	bad(AT "   20480 f+0x1/0x2 pages= vmalloc\n");
	bad(AT "   20480 f+0x1/0x2 pages=4x vmalloc\n");
	bad(AT "   20480 f+0x1/0x2 phys=zz ioremap\n");
	bad(AT "   20480 f+0x1/0x2 pages=4 vmalloc N0=\n");
	bad(AT "   20480 f+0x1/0x2 pages=4 vmalloc N0=4 N1\n");
	bad(AT "   20480 f+0x1/0x2 pages=4 vmalloc N4294967296=4\n");
	bad(AT "   20480 f+0x1/0x2 pages=4  vmalloc\n");
	bad(AT "   20480 f+0x1/0x2\x01 vmap\n");
	bad(AT "   20480 f+0x1/\xff vmap\n");
	bad(AT "   20480 f+0x1/0x2 \"junk\n");
	bad("0xffffb5054000000g-0xffffb50540005000   20480 f+0x1/0x2 vmap\n");
	bad("0xffffb50540000000 0xffffb50540005000   20480 f+0x1/0x2 vmap\n");
	bad("0x1ffffb50540000000-0xffffb50540005000   20480 f+0x1/0x2 vmap\n");
	bad("ffffb50540000000-ffffb50540005000   20480 f+0x1/0x2 vmap\n");
	bad(AT "   20480 f+0x1/0x2 pages=4 vmalloc N0=4"); /* or 44 */
	bad("0x");
	bad("\n");
}

static void test_another_file(void **state UNUSED)
{
	auto_arena struct arena a = { 0 };
	struct read_notes n;
	struct vmallocinfo v;

	assert_int_equal(parse(&a, "nr_free_pages 1\n", &v, &n), -EINVAL);
	assert_int_equal(parse(&a, "", &v, &n), 0);
	assert_int_equal(v.addresses, VMALLOC_ADDR_NONE);
}

/* A number that looks random and is the same each time. */
static uint64_t next_random(uint64_t *state)
{
	*state = *state * UINT64_C(6364136223846793005) + 1442695040888963407;
	return *state >> 33;
}

/*
 * Lines as a large host has them, most of them of the usual form, against the
 * same sums made in another way. In one piece and in pieces of whole lines.
 */
static void test_many(void **state UNUSED)
{
	enum { AREAS = 5000, CALLERS = 700, NODES = 3 };
	static uint64_t bytes[CALLERS], pages[CALLERS], node_pages[CALLERS][NODES];
	auto_arena struct arena a = { 0 };
	auto_strbuf struct strbuf sb = STRBUF_INIT;
	uint64_t at = UINT64_C(0xffff800000000000), random = 1;
	struct read_notes n;
	struct vmallocinfo v;

	for (unsigned int i = 0; i < AREAS; i++) {
		unsigned int c = (unsigned int)next_random(&random) % CALLERS;
		unsigned int node = (unsigned int)next_random(&random) % NODES;
		uint64_t p = next_random(&random) % 2000 + 1, size = (p + 1) * 4096;

		/* Callers of all lengths, some of a module; a second node now and then. */
		sb_printf(&sb, "0x%016llx-0x%016llx %7llu f%u%.*s+0x1/0x2%s pages=%llu vmalloc N%u=%llu",
			  (unsigned long long)at, (unsigned long long)(at + size), (unsigned long long)size, c,
			  (int)(c % 40), "_name_that_is_as_long_as_the_longest_one", c % 3 ? "" : " [some_module]",
			  (unsigned long long)p, node, (unsigned long long)(p - (i % 7 == 0)));
		if (i % 7 == 0) {
			sb_printf(&sb, " N%u=1", (node + 1) % NODES);
			node_pages[c][(node + 1) % NODES]++;
		}
		sb_addch(&sb, '\n');
		bytes[c] += size;
		pages[c] += p;
		node_pages[c][node] += p - (i % 7 == 0);
		at += size + 4096;
	}
	assert_false(sb.failed);
	assert_int_equal(parse(&a, sb_str(&sb), &v, &n), 0);
	for (unsigned int pass = 0; pass < 4; pass++) {
		assert_int_equal(n.lines, AREAS);
		assert_int_equal(n.bad_lines, 0);
		assert_int_equal(v.areas, AREAS);
		for (unsigned int c = 0; c < CALLERS; c++) {
			const struct vmalloc_caller *found;
			char name[128];

			snprintf(name, sizeof(name), "f%u%.*s+0x1/0x2%s", c, (int)(c % 40),
				 "_name_that_is_as_long_as_the_longest_one", c % 3 ? "" : " [some_module]");
			if (!bytes[c])
				continue;
			found = caller(&v, name, VMALLOC_VMALLOC);
			assert_int_equal(found->bytes, bytes[c]);
			assert_int_equal(found->pages, pages[c]);
			is_u64s(found->node_pages, node_pages[c], NODES);
		}
		if (pass == 0)
			in_pieces(&a, sb_str(&sb), 3000, &v, &n);
		else if (pass == 1)
			in_halves(&a, sb_str(&sb), AREAS / 3, &v, &n);
		else
			in_parts(&a, sb_str(&sb), AREAS / 10, &v, &n);
	}
}

/*
 * More different lines than are known by their text, each of them met four times, some with a second
 * node and some longer than what is compared: each area counts once.
 */
static void test_many_repeats(void **state UNUSED)
{
	enum { DIFFERENT = 40000, TIMES = 4 };
	auto_arena struct arena a = { 0 };
	auto_strbuf struct strbuf sb = STRBUF_INIT;
	uint64_t at = UINT64_C(0xffff800000000000), pages = 0, on_node[3] = { 0 };
	struct read_notes n;
	struct vmallocinfo v;

	for (unsigned int t = 0; t < TIMES; t++) {
		for (unsigned int i = 0; i < DIFFERENT; i++, at += (1 << 20)) {
			sb_printf(&sb, "0x%016llx-0x%016llx %7u f%.*s+0x1/0x2 pages=%u vmalloc%s N0=%u%s\n",
				  (unsigned long long)at, (unsigned long long)at + 8192, 8192,
				  (int)(i % 90), "_name_of_ninety_characters_which_is_longer_than_any_function_of_the_"
				  "kernel_has_ever_had_so_far", i, i % 11 ? "" : " vpages", i,
				  i % 5 ? "" : i % 2 ? " N1=7" : " N1=7 N2=9");
			pages += i;
			on_node[0] += i;
			on_node[1] += i % 5 ? 0 : 7;
			on_node[2] += i % 10 ? 0 : 9;
		}
	}
	assert_false(sb.failed);
	for (unsigned int pass = 0; pass < 2; pass++) {
		uint64_t sum[3] = { 0 }, vpages = 0;

		if (pass == 0)
			assert_int_equal(parse(&a, sb_str(&sb), &v, &n), 0);
		else
			in_parts(&a, sb_str(&sb), DIFFERENT, &v, &n);
		assert_int_equal(n.lines, DIFFERENT * TIMES);
		assert_int_equal(n.bad_lines, 0);
		assert_int_equal(v.areas, DIFFERENT * TIMES);
		assert_int_equal(v.bytes, DIFFERENT * TIMES * UINT64_C(8192));
		assert_int_equal(v.pages, pages);
		assert_int_equal(v.n_callers, 90);
		for (size_t i = 0; i < v.n_callers; i++) {
			vpages += v.callers[i].vpages;
			for (unsigned int node = 0; node < 3; node++)
				sum[node] += v.callers[i].node_pages[node];
		}
		assert_int_equal(vpages, TIMES * (DIFFERENT / 11 + 1));
		is_u64s(sum, on_node, 3);
	}
}

/* Areas that wait to be purged are free space, however often their line comes again. */
static void test_unpurged_repeat(void **state UNUSED)
{
	static const char text[] =
		"0xffffb50540000000-0xffffb50540002000    8192 unpurged vm_area                             \n"
		"0xffffb50540010000-0xffffb50540012000    8192 unpurged_by_someone+0x1/0x2 pages=1 vmalloc N0=1\n"
		"0xffffb50540020000-0xffffb50540022000    8192 unpurged_by_someone+0x1/0x2 unpurged vm_area N0=1\n"
		"0xffffb50540030000-0xffffb50540032000    8192 unpurged_by_someone+0x1/0x2 unpurged vm_area N0=1\n"
		"0xffffb50540040000-0xffffb50540042000    8192 unpurged_by_someone+0x1/0x2 pages=1 vmalloc N0=1\n";
	auto_arena struct arena a = { 0 };
	auto_strbuf struct strbuf sb = STRBUF_INIT;
	struct read_notes n;
	struct vmallocinfo v;

	sb_addstr(&sb, text);
	for (unsigned int i = 0; i < 4; i++) /* so that the lines before are not the text's last */
		sb_addstr(&sb, strstr(text, "0xffffb50540040000"));
	assert_int_equal(parse(&a, sb_str(&sb), &v, &n), 0);
	assert_int_equal(v.kinds[VMALLOC_UNPURGED].areas, 2);
	assert_int_equal(v.kinds[VMALLOC_VMALLOC].areas, 6);
	assert_int_equal(v.n_ranges, 2);
	assert_true(v.ranges[0].start == UINT64_C(0xffffb50540010000));
	assert_true(v.ranges[1].start == UINT64_C(0xffffb50540040000));
}

/* A line of a damaged file, whose text behind the address is known. */
static void test_damaged_address(void **state UNUSED)
{
	auto_arena struct arena a = { 0 };
	auto_strbuf struct strbuf sb = STRBUF_INIT;
	struct read_notes n;
	struct vmallocinfo v;

	for (unsigned int i = 0; i < 6; i++)
		sb_addstr(&sb, AT "   20480 a_usual_caller+0x1/0x2 pages=4 vmalloc N0=4\n");
	memset(sb.buf + sb.len / 6 * 2 + 2, 0, 8);
	memset(sb.buf + sb.len / 6 * 3 + 2, 0, 8);
	assert_int_equal(read_vmallocinfo(&a, (struct slice){ sb.buf, sb.len }, &v, &n), 0);
	assert_int_equal(n.bad_lines, 2);
	assert_int_equal(v.areas, 4);
}

/* What a line that is known must not be taken for: it differs in one place. */
static void test_nearly_usual(void **state UNUSED)
{
	static const char usual[] =
		"0xffffb50540010000-0xffffb50540015000   20480 a_usual_caller+0x1/0x2 pages=4 vmalloc N0=4\n";
	static const struct {
		const char *line;
		bool bad;
	} cases[] = {
		{ AT "   20480 a_usual_caller+0x1/0x2 [m] pages=4 vmalloc N0=4\n", false },
		{ AT "   20480 a_usual_caller+0x1/0x2 [a_module_whose_name_makes_the_line_longer_than_any_that_is_known_by_"
		     "its_text_because_it_has_more_bytes] pages=4 vmalloc N0=4\n", false },
		{ AT "   20480 an_unusual_name+0x1/0x2 pages=4 vmalloc N0=4\n", false },
		{ AT "   12\n", false },
		{ AT "   20481 a_usual_caller+0x1/0x2 pages=4 vmalloc N0=4\n", false },
		{ AT "   20480 a_usual_caller+0x1/0x2 pages=4 vmalloc user N0=4\n", false },
		{ AT "   20480 a_usual_caller+0x1/0x2 pages=4 vmalloc N0=41\n", false },
		{ AT "   20480 a_usual_caller+0x1/0x2 pages=41 vmalloc N0=4\n", false },
		{ AT "   20480 a_usual_caller+0x1/0x2 pages=4 vmallocx N0=4\n", false }, /* a later flag */
		{ AT "   20480 a_usual_caller+0x1/0x2 pages=4 vmalloc N0=4 N1=1\n", false },
		{ AT "   20480 a_usual_caller+0x1/0x2 pages=12345678 vmalloc\n", false },
		{ AT " 123456789 a_usual_caller+0x1/0x2 pages=4 vmalloc\n", false },
		{ AT "   20480 a_usual_caller+0x1/0x22 pages=4 vmalloc N0=4\n", false },
		{ AT "   20480 a_usual_caller+0x1/0x2 phys=0x00000000fed00000 ioremap\n", false },
		{ AT "   20480 a_usual_caller+0x1/0x2 pages=4 vmalloc N0=4x\n", true },
		{ AT "   20480 a_usual_caller+0x1/0x2 pages=4x vmalloc N0=4\n", true },
		{ AT "   20480 a_usual_caller+0x1/0x2 pages= vmalloc N0=4\n", true },
		{ AT "   20480 a_usual_caller+0x1/0x2 pages=4 vmalloc N0=\n", true },
		{ AT "   20480 a_usual_caller+0x1/0x2 pages=4 vmalloc N0=4 \n", true },
		{ AT "   2 480 a_usual_caller+0x1/0x2 pages=4 vmalloc N0=4\n", true },
		{ AT "         a_usual_caller+0x1/0x2 pages=4 vmalloc N0=4\n", true },
		{ AT "   2:480 a_usual_caller+0x1/0x2 pages=4 vmalloc N0=4\n", true },
		{ "0xffffb5054001000G-0xffffb50540015000   20480 a_usual_caller+0x1/0x2 pages=4 vmalloc\n", true },
		{ "0xffffb505:0010000-0xffffb50540015000   20480 a_usual_caller+0x1/0x2 pages=4 vmalloc\n", true },
		{ AT "   -2048 a_usual_caller+0x1/0x2 pages=4 vmalloc N0=4\n", true },
		{ "0xffffb50540010000-0xffffb5054001500g   20480 a_usual_caller+0x1/0x2 pages=4 vmalloc\n", true },
		{ "0xFFFFb50540010000-0xffffb50540015000   20480 a_usual_caller+0x1/0x2 pages=4 vmalloc\n", true },
		{ "1xffffb50540010000-0xffffb50540015000   20480 a_usual_caller+0x1/0x2 pages=4 vmalloc\n", true },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		auto_arena struct arena a = { 0 };
		auto_strbuf struct strbuf sb = STRBUF_INIT;
		struct vmallocinfo v, alone;
		struct read_notes n, m;

		sb_addstr(&sb, usual);
		for (unsigned int j = 0; j < 3; j++)
			sb_addstr(&sb, cases[i].line);
		for (unsigned int j = 0; j < 8; j++) /* so that the lines before are not the text's last */
			sb_addstr(&sb, usual);
		assert_int_equal(parse(&a, sb_str(&sb), &v, &n), 0);
		assert_int_equal(n.bad_lines, cases[i].bad ? 3 : 0);
		assert_int_equal(v.areas, cases[i].bad ? 9 : 12);
		/* Alone it goes the other way, to the same sums. */
		parse(&a, cases[i].line, &alone, &m);
		assert_int_equal(v.bytes, 9 * 20480 + 3 * alone.bytes);
		assert_int_equal(v.pages, 9 * 4 + 3 * alone.pages);
		for (size_t j = 0; j < alone.n_callers; j++)
			caller(&v, alone.callers[j].caller, alone.callers[j].kind);
	}
}

/*
 * More ranges than are kept, in ascending order and as Linux 6.9 prints them
 * (each 64 KiB by its node): the largest hole is what it is.
 */
static void test_many_ranges(void **state UNUSED)
{
	enum { AREAS = 20000, LISTS = 16 };

	for (unsigned int lists = 1; lists <= LISTS; lists += LISTS - 1) {
		auto_arena struct arena a = { 0 };
		auto_strbuf struct strbuf sb = STRBUF_INIT;
		uint64_t base = UINT64_C(0xffffc90000000000), largest = 0;
		struct read_notes n;
		struct vmallocinfo v;

		for (unsigned int list = 0; list < lists; list++) {
			for (uint64_t i = list; i < AREAS; i += lists) {
				uint64_t start = base + i * 65536 + (i >= 12345 ? 262144 : 0);

				sb_printf(&sb, "0x%016llx-0x%016llx   %5u f vmap\n", (unsigned long long)start,
					  (unsigned long long)start + 8192 + i % 8 * 4096,
					  8192 + (unsigned int)(i % 8) * 4096);
			}
		}
		assert_int_equal(parse(&a, sb_str(&sb), &v, &n), 0);
		assert_int_equal(n.bad_lines, 0);
		assert_int_equal(v.addresses, VMALLOC_ADDR_REAL);
		assert_in_range(v.n_ranges, 2, 1024);
		assert_true(v.ranges[0].start == base);
		for (size_t i = 1; i < v.n_ranges; i++) {
			assert_true(v.ranges[i - 1].end < v.ranges[i].start);
			if (v.ranges[i].start - v.ranges[i - 1].end > largest)
				largest = v.ranges[i].start - v.ranges[i - 1].end;
		}
		/* Before area 12345, the one at 12344 being 8192 bytes long. */
		assert_int_equal(largest, 262144 + 65536 - 8192);
		assert_true(v.ranges[v.n_ranges - 1].end ==
			    base + UINT64_C(19999) * 65536 + 262144 + 8192 + 19999 % 8 * 4096);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sums),
		cmocka_unit_test(test_nodes),
		cmocka_unit_test(test_real_addresses),
		cmocka_unit_test(test_halves),
		cmocka_unit_test(test_hashed_addresses),
		cmocka_unit_test(test_mixed_addresses),
		cmocka_unit_test(test_zero_addresses),
		cmocka_unit_test(test_arm32),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_bad_lines_cost_themselves),
		cmocka_unit_test(test_another_file),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_many_repeats),
		cmocka_unit_test(test_unpurged_repeat),
		cmocka_unit_test(test_damaged_address),
		cmocka_unit_test(test_nearly_usual),
		cmocka_unit_test(test_many_ranges),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
