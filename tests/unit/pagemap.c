// SPDX-License-Identifier: GPL-2.0-or-later
/* read/kpageflags by the kernel's bits, and model/pagemap on blocks of 8 pages. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "model/pagemap.h"

/* include/uapi/linux/kernel-page-flags.h */
#define BIT(n) (UINT64_C(1) << (n))
#define LRU BIT(5)
#define SLAB BIT(7)
#define BUDDY BIT(10)
#define ANON BIT(12)
#define HEAD BIT(15)
#define TAIL BIT(16)
#define HUGE BIT(17)
#define UNEVICTABLE BIT(18)
#define HWPOISON BIT(19)
#define NOPAGE BIT(20)
#define THP BIT(22)
#define OFFLINE BIT(23)
#define ZERO BIT(24)
#define PGTABLE BIT(26)
#define RESERVED BIT(32)

static enum page_use alone(uint64_t flags)
{
	struct page_walk walk = { PAGE_FREE, false };

	return page_use_of(flags, &walk);
}

static void test_flags(void **state UNUSED)
{
	assert_int_equal(alone(BUDDY), PAGE_FREE);
	assert_int_equal(alone(LRU | ANON), PAGE_MOVABLE);
	assert_int_equal(alone(LRU | UNEVICTABLE), PAGE_UNEVICTABLE);
	assert_int_equal(alone(SLAB | HEAD), PAGE_SLAB);
	assert_int_equal(alone(PGTABLE), PAGE_TABLES);
	assert_int_equal(alone(HUGE | HEAD), PAGE_HUGETLB);
	assert_int_equal(alone(OFFLINE), PAGE_OFFLINE);
	assert_int_equal(alone(RESERVED), PAGE_RESERVED);
	assert_int_equal(alone(HWPOISON | LRU), PAGE_RESERVED);
	assert_int_equal(alone(NOPAGE), PAGE_ABSENT);
	assert_int_equal(alone(ZERO | THP), PAGE_KERNEL);
	assert_int_equal(alone(0), PAGE_KERNEL);
}

/* Tails of a THP have the bit themselves, those of an mlocked folio or a driver's page do not. */
static void test_tails(void **state UNUSED)
{
	struct page_walk walk = { PAGE_FREE, false };

	assert_int_equal(page_use_of(LRU | UNEVICTABLE | HEAD | THP, &walk), PAGE_UNEVICTABLE);
	assert_int_equal(page_use_of(TAIL | THP, &walk), PAGE_UNEVICTABLE);
	assert_int_equal(page_use_of(LRU | HEAD, &walk), PAGE_MOVABLE);
	assert_int_equal(page_use_of(TAIL, &walk), PAGE_MOVABLE);
	assert_int_equal(page_use_of(HEAD, &walk), PAGE_KERNEL);
	assert_int_equal(page_use_of(TAIL, &walk), PAGE_KERNEL);
	assert_int_equal(page_use_of(LRU, &walk), PAGE_MOVABLE);
	assert_int_equal(page_use_of(TAIL, &walk), PAGE_KERNEL); /* its head was not seen */
}

static struct snapshot *machine(uint64_t start_pfn, uint64_t spanned)
{
	struct snapshot *s = snapshot_new();

	assert_non_null(s);
	s->zones = arena_array(&s->arena, 1, sizeof(*s->zones));
	s->n_zones = 1;
	s->zones[0].name = "Normal";
	s->zones[0].start_pfn = opt_u64(start_pfn);
	s->zones[0].spanned_pages = s->zones[0].present_pages = opt_u64(spanned);
	return s;
}

/* A block of 8 pages: @free of the buddy, @moving on the LRU, the rest slab. */
static void fill(const struct pagemap *m, struct pagemap_block *b, unsigned int nr_free,
		 unsigned int moving)
{
	uint64_t flags[8];

	for (unsigned int i = 0; i < 8; i++)
		flags[i] = i < nr_free ? BUDDY : i < nr_free + moving ? LRU : SLAB;
	pagemap_count(m, b, flags, 8);
}

/*
 * Blocks (free, movable, slab): 8,0,0 free; 6,2,0 and 4,4,0 and 0,8,0 movable; 3,2,3 mixed;
 * 5,0,3 unmovable. Room outside the free block: 6 + 4 + 0 + 3 + 5 = 18. Emptying the first
 * moves 2 into 18 - 6 = 12; the second 4 more (6) into 12 - 4 = 8; the third 8 more (14) into 8:
 * no. Two blocks.
 */
static void test_could_free(void **state UNUSED)
{
	auto_snapshot struct snapshot *s = machine(16, 48);
	struct pagemap_zone *z;
	struct pagemap m;
	struct mm mm;

	assert_int_equal(pagemap_plan(&s->arena, s, 3, 0, &m), 0);
	z = &m.zones[0];
	assert_int_equal(z->n_blocks, 6);
	assert_int_equal(z->blocks[0].pfn, 16);
	assert_int_equal(z->blocks[5].pfn, 56);
	fill(&m, &z->blocks[0], 8, 0);
	fill(&m, &z->blocks[1], 0, 8);
	fill(&m, &z->blocks[2], 4, 4);
	fill(&m, &z->blocks[3], 6, 2);
	fill(&m, &z->blocks[4], 3, 2);
	fill(&m, &z->blocks[5], 5, 0);
	assert_int_equal(pagemap_finish(&s->arena, &m), 0);
	assert_int_equal(z->kinds[BLOCK_FREE], 1);
	assert_int_equal(z->kinds[BLOCK_MOVABLE], 3);
	assert_int_equal(z->kinds[BLOCK_MIXED], 1);
	assert_int_equal(z->kinds[BLOCK_UNMOVABLE], 1);
	assert_int_equal(z->pages[PAGE_FREE], 26);
	assert_int_equal(z->pages[PAGE_SLAB], 6);
	assert_int_equal(z->could_free, 2);
	assert_int_equal(mm_init(&mm, s), 0);
	pagemap_tell(&m, &mm);
	assert_true(mm.zones[0].could_free.known && mm.zones[0].could_free.v == 2);
	assert_true(mm.zones[0].movable_blocks.known && mm.zones[0].movable_blocks.v == 3);
	mm_done(&mm);
}

/* mlocked pages stay when the machine says so. */
static void test_unevictable(void **state UNUSED)
{
	static const uint64_t flags[8] = { BUDDY, BUDDY, BUDDY, BUDDY, BUDDY, BUDDY, BUDDY, LRU | UNEVICTABLE };
	auto_snapshot struct snapshot *s = machine(0, 8);
	struct pagemap m;

	assert_int_equal(pagemap_plan(&s->arena, s, 3, 0, &m), 0);
	pagemap_count(&m, &m.zones[0].blocks[0], flags, 8);
	assert_int_equal(m.zones[0].blocks[0].kind, BLOCK_MOVABLE);
	assert_int_equal(sysctl_add(&s->arena, &s->sysctl, "compact_unevictable_allowed", SLICE("0\n")),
			 0);
	assert_int_equal(pagemap_plan(&s->arena, s, 3, 0, &m), 0);
	pagemap_count(&m, &m.zones[0].blocks[0], flags, 8);
	assert_int_equal(m.zones[0].blocks[0].kind, BLOCK_UNMOVABLE);
}

/* A zone that starts and ends inside a block; a file that ends early. */
static void test_edges(void **state UNUSED)
{
	auto_snapshot struct snapshot *s = machine(1, 15);
	uint64_t flags[8] = { BUDDY };
	struct pagemap m;

	assert_int_equal(pagemap_plan(&s->arena, s, 3, 0, &m), 0);
	assert_int_equal(m.zones[0].n_blocks, 2);
	assert_int_equal(m.zones[0].start_pfn, 0);
	pagemap_count(&m, &m.zones[0].blocks[1], flags, 1);
	assert_int_equal(m.zones[0].blocks[1].pages[PAGE_ABSENT], 7);
	pagemap_count(&m, &m.zones[0].blocks[1], flags, 0);
	assert_int_equal(m.zones[0].blocks[1].kind, BLOCK_ABSENT);
	assert_int_equal(pagemap_plan(&s->arena, s, 25, 0, &m), -EINVAL);
}

static void test_sample(void **state UNUSED)
{
	auto_snapshot struct snapshot *s = machine(0, 8000);
	struct pagemap m;

	assert_int_equal(pagemap_plan(&s->arena, s, 3, 100, &m), 0);
	assert_int_equal(m.zones[0].n_blocks, 1000);
	assert_int_equal(m.zones[0].n_sampled, 100);
	assert_int_equal(m.zones[0].blocks[99].pfn, 7920);
	assert_int_equal(pagemap_scale(&m.zones[0], 7), 70);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flags),	   cmocka_unit_test(test_tails),
		cmocka_unit_test(test_could_free), cmocka_unit_test(test_unevictable),
		cmocka_unit_test(test_edges),	   cmocka_unit_test(test_sample),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
