// SPDX-License-Identifier: GPL-2.0-or-later
/* Findings about the state of free memory and the kernel's struggle for it. */
#include <stdio.h>

#include "kernel/rules.h"
#include "model/findings_priv.h"

/* Uses of memory whose pages can be neither moved nor reclaimed; huge pages can be moved. */
static const enum account unmovable[] = { ACC_SLAB_UNRECLAIMABLE, ACC_VMALLOC, ACC_KERNEL_STACKS,
					  ACC_PAGE_TABLES, ACC_PERCPU, ACC_OTHER };

static int64_t account_delta(const struct diff *d, enum account a)
{
	return d->accounts[a].kind == CHANGE_BOTH ? change_signed(&d->accounts[a]) : 0;
}

/* By how much they grew together, as far as it is told; bytes, not below 0. */
static uint64_t unmovable_growth(const struct diff *d)
{
	int64_t sum = 0;

	for (size_t i = 0; i < ARRAY_SIZE(unmovable); i++)
		sum += account_delta(d, unmovable[i]);
	return sum > 0 ? (uint64_t)sum : 0;
}

/* The one of them that grew most. */
static enum account unmovable_most(const struct diff *d)
{
	enum account most = unmovable[0];

	for (size_t i = 1; i < ARRAY_SIZE(unmovable); i++) {
		if (account_delta(d, unmovable[i]) > account_delta(d, most))
			most = unmovable[i];
	}
	return most;
}

static uint64_t all_pageblocks(const struct diff *d)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < d->n_zones; i++) {
		for (size_t j = 0; j < d->zones[i].n_types; j++)
			sum = sat_add(sum, opt_or(d->zones[i].types[j].pageblocks.after, 0));
	}
	return sum;
}

uint64_t find_pageblock_bytes(const struct diff *d)
{
	return sat_shl(d->page_size, (unsigned int)opt_or(d->b->kernel.pageblock_order, 9));
}

/*
 * Unmovable pages fill pageblocks of their own when all goes well. Scattered
 * over more of them than they need, they spoil each for large blocks.
 */
void find_pollution(struct finder *f)
{
	const struct diff *d = f->d;
	struct change c = diff_pageblocks(d, "Unmovable");
	uint64_t all = all_pageblocks(d), least = all / 50 > 4 ? all / 50 : 4, bytes;
	uint64_t use = unmovable_growth(d);
	char a[FIND_TEXT], b[FIND_TEXT];
	struct finding *x;

	if (c.kind != CHANGE_BOTH || c.negative || c.delta < least)
		return;
	/* Where pages that no file accounts for cannot be told, they may need as many pageblocks. */
	if (d->accounts[ACC_OTHER].kind != CHANGE_BOTH)
		return;
	bytes = sat_mul(c.delta, find_pageblock_bytes(d));
	if (use > bytes - bytes / 4)
		return;
	x = finder_add(f, FINDING_POLLUTION, "Unmovable",
		       "unmovable pages spread: %llu more pageblocks (%s) are unmovable, %llu of %llu now, for only "
		       "%s more of unmovable memory; blocks of that size cannot form there again",
		       (unsigned long long)c.delta, find_size(a, (double)bytes), (unsigned long long)c.after.v,
		       (unsigned long long)all, find_size(b, (double)use));
	if (!x)
		return;
	x->bytes = opt_u64(bytes);
	finding_set_next_owner(f, x, "who holds pages there: page_owner=on at boot, then memtool slab; memtool "
				     "map shows them");
}

/* Costly orders begin here (PAGE_ALLOC_COSTLY_ORDER + 1): below, the kernel retries until it succeeds. */
#define HIGH_ORDER 4

/* Share of free memory in blocks below HIGH_ORDER, thousandths; 0 where nothing is free. */
static uint64_t unusable_share(const struct snapshot *s)
{
	return opt_or(snapshot_unusable_share(s, HIGH_ORDER), 0);
}

/*
 * Much is free, and hardly any of it in large blocks, where it was before. Near
 * the watermarks that is normal (what is left of a page cache that filled), and
 * reclaim brings blocks back: a tenth of memory must be free.
 */
static bool is_broken_up(const struct diff *d)
{
	uint64_t free = sat_mul(opt_or(snapshot_free_pages_from(d->b, 0), 0), d->page_size);

	return d->total_bytes.known && free >= d->total_bytes.v / 10 && unusable_share(d->a) <= 500 &&
	       unusable_share(d->b) >= 900;
}

static void add_blocks_lost(struct finder *f, uint64_t lost, uint64_t left)
{
	const struct diff *d = f->d;
	enum account most = unmovable_most(d);
	char a[FIND_TEXT], b[FIND_TEXT], c[FIND_TEXT];
	struct finding *x = finder_add(
		f, FINDING_BLOCKS_LOST, account_name(most),
		"free blocks of order %d and above fell by %s to %s, taken by memory that can be neither moved nor "
		"reclaimed: mostly %s (%s more)", HIGH_ORDER, find_size(a, (double)lost), find_size(b, (double)left),
		account_label(most), find_size(c, (double)account_delta(d, most)));

	if (x)
		x->bytes = opt_u64(lost);
}

/* @fell: by how much all of free memory fell. */
static void add_fragmented(struct finder *f, uint64_t lost, uint64_t left, uint64_t fell)
{
	const struct diff *d = f->d;
	char a[FIND_TEXT], b[FIND_TEXT], c[FIND_TEXT];
	struct finding *x;

	if (is_broken_up(d))
		x = finder_add(f, FINDING_FRAGMENTED, "free memory",
			       "free memory broke up: %llu %% of the %s that are free lie in blocks below order %d "
			       "(before: %llu %%)", (unsigned long long)(unusable_share(d->b) / 10),
			       find_size(c, (double)sat_mul(snapshot_free_pages_from(d->b, 0).v, d->page_size)),
			       HIGH_ORDER, (unsigned long long)(unusable_share(d->a) / 10));
	else if (fell < lost / 3)
		x = finder_add(f, FINDING_FRAGMENTED, "free memory",
			       "free blocks of order %d and above fell by %s to %s while free memory fell by %s "
			       "only: it broke up into small blocks", HIGH_ORDER, find_size(a, (double)lost),
			       find_size(b, (double)left), find_size(c, (double)fell));
	else
		return;
	if (x)
		x->bytes = opt_u64(lost);
	finding_set_next(f, x, "echo 1 > /proc/sys/vm/compact_memory shows how much of it compaction can mend");
}

/* By the free lists alone: other files were read at another moment, or not at all. */
void find_blocks(struct finder *f)
{
	const struct diff *d = f->d;
	struct opt_u64 before = snapshot_free_pages_from(d->a, HIGH_ORDER);
	struct opt_u64 after = snapshot_free_pages_from(d->b, HIGH_ORDER);
	uint64_t lost, least = opt_or(d->total_bytes, 0) / 200, fell;

	if (!before.known || !after.known || after.v >= before.v)
		return;
	lost = sat_mul(before.v - after.v, d->page_size);
	least = least > (UINT64_C(4) << 20) ? least : UINT64_C(4) << 20;
	if (lost < least || before.v - after.v < before.v / 4)
		return;
	fell = sat_sub(snapshot_free_pages_from(d->a, 0).v, snapshot_free_pages_from(d->b, 0).v);
	if (unmovable_growth(d) >= lost / 2)
		add_blocks_lost(f, lost, sat_mul(after.v, d->page_size));
	else
		add_fragmented(f, lost, sat_mul(after.v, d->page_size), sat_mul(fell, d->page_size));
}

/* ---- compaction, stalls, the OOM killer ---- */

static uint64_t events(const struct diff *d, const char *name)
{
	struct change c = diff_counter_get(d, name);

	return c.kind == CHANGE_BOTH && !c.negative ? c.delta : 0;
}

static void find_compaction(struct finder *f)
{
	uint64_t fail = events(f->d, "compact_fail"), success = events(f->d, "compact_success");
	struct mm_rules r = mm_rules_of(f->d->b);
	unsigned long long tried = sat_add(fail, success);
	struct finding *x;

	if (fail < 10 || fail <= success)
		return;
	if (r.compact_stall_counts_deferred && !r.assumed)
		x = finder_add(f, FINDING_COMPACTION_FAILS, "compact_fail",
			       "requests turned to direct compaction %llu times, and it gave %llu of them a block; this "
			       "kernel counts it as failed too where it was skipped or put off", tried,
			       (unsigned long long)success);
	else
		x = finder_add(f, FINDING_COMPACTION_FAILS, "compact_fail",
			       "direct compaction ran %llu times for a request and failed in %llu of them", tried,
			       (unsigned long long)fail);
	if (x)
		x->events = opt_u64(fail);
	finding_set_next(f, x, "memtool explain tells which requests meet it, and what keeps blocks from forming");
}

/* Reclaim that is cheap (a page cache in the way) stalls nobody for long. */
static void find_stalls(struct finder *f)
{
	uint64_t stalls = diff_counters_sum(f->d, "allocstall").v;
	uint64_t scanned = diff_reclaim_pages(f->d, "pgscan_direct").v;
	struct opt_u64 stolen = diff_reclaim_pages(f->d, "pgsteal_direct");
	struct finding *x;

	if (stalls < 10 || scanned < 1000 || !stolen.known || stolen.v >= scanned / 2)
		return;
	x = finder_add(f, FINDING_STALLS, "allocstall",
		       "allocations had to reclaim memory by themselves %llu times, and got %llu of the %llu pages "
		       "that they scanned", (unsigned long long)stalls, (unsigned long long)stolen.v,
		       (unsigned long long)scanned);
	if (x)
		x->events = opt_u64(stalls);
	finding_set_next(f, x, "what takes the memory: the table of uses; vm.watermark_scale_factor wakes kswapd "
			       "earlier");
}

void find_struggle(struct finder *f)
{
	uint64_t kills = events(f->d, "oom_kill");
	struct finding *x;

	find_compaction(f);
	find_stalls(f);
	if (kills == 0)
		return;
	x = finder_add(f, FINDING_OOM, "oom_kill", "the OOM killer ended %llu process%s",
		       (unsigned long long)kills, kills == 1 ? "" : "es");
	if (x)
		x->events = opt_u64(kills);
	finding_set_next(f, x, "dmesg | memtool log decodes its report");
}
