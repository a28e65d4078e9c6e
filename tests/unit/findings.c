// SPDX-License-Identifier: GPL-2.0-or-later
/* model/diff and model/findings: states as the kernel would show them, and the culprit a person would name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "model/findings.h"
#include "model/slabcache.h"

#define MIB (UINT64_C(1) << 20)
#define TOTAL_KB (UINT64_C(1) << 20) /* 1 GiB */
#define SAMPLES 60

/* What a machine of 1 GiB holds, in KiB; what is not named is free. */
struct machine {
	uint64_t cache, anon, slab_r, slab_u, vmalloc, hidden;
	uint64_t leak_objects;	  /* of the cache "leaky", 512 bytes each, 8 a page */
	uint64_t leak_idle;	  /* objects of it that are free */
	uint64_t dentries;	  /* of 192 bytes, 21 a page, reclaimable */
	uint64_t vmalloc_bytes;	  /* of the caller "leaky_probe" */
	uint64_t unmovable;	  /* pageblocks of 512 */
	uint64_t high_blocks;	  /* free blocks of order 9 */
	uint64_t stalls, scanned, stolen, compact_fail, compact_success, kills;
	const char *boot, *release;
};

static const struct machine quiet = { .cache = 200000, .anon = 100000, .slab_r = 20000, .slab_u = 20000,
				      .vmalloc = 8000, .hidden = 6000, .leak_objects = 800,
				      .dentries = 21000, .vmalloc_bytes = 64 << 10, .unmovable = 40,
				      .high_blocks = 300, .boot = "one", .release = "6.1.0" };

static void kb(struct snapshot *s, const char *name, uint64_t v)
{
	assert_int_equal(kv_add(&s->arena, &s->meminfo, slice_of(name), v), 0);
}

static void counter(struct snapshot *s, const char *name, uint64_t v)
{
	assert_int_equal(kv_add(&s->arena, &s->vmstat, slice_of(name), v), 0);
}

static void add_caches(struct snapshot *s, const struct machine *m)
{
	struct slabinfo_cache *c = arena_array(&s->arena, 2, sizeof(*c));
	uint64_t objects = m->leak_objects + m->leak_idle;

	c[0] = (struct slabinfo_cache){ .name = "dentry", .active_objects = m->dentries,
					.objects = m->dentries, .object_size = 192, .objects_per_slab = 21,
					.pages_per_slab = 1, .slabs = m->dentries / 21 };
	c[1] = (struct slabinfo_cache){ .name = "leaky", .active_objects = m->leak_objects,
					.objects = objects, .object_size = 512, .objects_per_slab = 8,
					.pages_per_slab = 1, .slabs = objects / 8 };
	s->slab = (struct slabinfo){ .version_major = 2, .version_minor = 1, .caches = c, .n_caches = 2 };
	s->has_slab = true;
}

static void add_zone(struct snapshot *s, const struct machine *m, uint64_t free_kb)
{
	struct snap_zone *z = arena_array(&s->arena, 1, sizeof(*z));
	struct snap_type *t = arena_array(&s->arena, 2, sizeof(*t));
	uint64_t pages = free_kb / 4, high = m->high_blocks * 512 > pages ? pages / 512 : m->high_blocks;

	z->name = "Normal";
	z->n_orders = 11;
	z->free_blocks = arena_array(&s->arena, 11, sizeof(uint64_t));
	z->free_blocks[9] = high;
	z->free_blocks[0] = pages - high * 512;
	z->free_pages = opt_u64(pages);
	t[0] = (struct snap_type){ .name = "Unmovable", .pageblocks = opt_u64(m->unmovable) };
	t[1] = (struct snap_type){ .name = "Movable", .pageblocks = opt_u64(512 - m->unmovable) };
	z->types = t;
	z->n_types = 2;
	s->zones = z;
	s->n_zones = 1;
}

static struct snapshot *snapshot(const struct machine *m, uint64_t at_s)
{
	struct snapshot *s = snapshot_new();
	uint64_t leak = (m->leak_objects + m->leak_idle - quiet.leak_objects) / 8 * 4;
	uint64_t vm = m->vmalloc + (m->vmalloc_bytes - quiet.vmalloc_bytes) / 1024;
	uint64_t dentries = (m->dentries - quiet.dentries) / 21 * 4;
	uint64_t used = m->cache + m->anon + m->slab_r + dentries + m->slab_u + leak + vm + m->hidden;

	s->time_ns = opt_u64((1700000000 + at_s) * UINT64_C(1000000000));
	s->uptime_ms = opt_u64((1000 + at_s) * 1000);
	s->host = "h";
	s->boot_id = m->boot;
	s->kernel.release = m->release;
	s->kernel.page_size = opt_u64(4096);
	s->kernel.pageblock_order = opt_u64(9);
	kb(s, "MemTotal", TOTAL_KB);
	kb(s, "MemFree", TOTAL_KB - used);
	kb(s, "Cached", m->cache);
	kb(s, "AnonPages", m->anon);
	kb(s, "SReclaimable", m->slab_r + dentries);
	kb(s, "SUnreclaim", m->slab_u + leak);
	kb(s, "VmallocUsed", vm);
	counter(s, "allocstall_normal", m->stalls);
	counter(s, "pgscan_direct", m->scanned);
	counter(s, "pgsteal_direct", m->stolen);
	counter(s, "compact_fail", m->compact_fail);
	counter(s, "compact_success", m->compact_success);
	counter(s, "oom_kill", m->kills);
	add_caches(s, m);
	add_zone(s, m, TOTAL_KB - used);
	s->has_vmalloc = true;
	s->vmalloc.callers = arena_array(&s->arena, 1, sizeof(*s->vmalloc.callers));
	s->vmalloc.callers[0] = (struct vmalloc_caller){ .caller = "leaky_probe+0x1c/0x40 [leaky]",
							 .kind = VMALLOC_VMALLOC, .areas = 1,
							 .bytes = m->vmalloc_bytes,
							 .pages = m->vmalloc_bytes / 4096 };
	s->vmalloc.n_callers = 1;
	s->vmalloc.pages = vm / 4;
	return s;
}

/* ---- one recording, judged ---- */

struct case_result {
	struct snapshot *a, *b;
	struct diff *d;
	struct history *h;
	struct findings *fs;
};

static struct case_result judge(void (*change)(struct machine *m, unsigned int i), unsigned int samples)
{
	struct case_result r = { .h = history_new() };

	for (unsigned int i = 0; i < samples; i++) {
		struct machine m = quiet;
		struct snapshot *s;

		change(&m, i);
		s = snapshot(&m, i);
		assert_int_equal(history_add(r.h, s), 0);
		if (i == 0) {
			r.a = s;
			continue;
		}
		snapshot_free(r.b);
		r.b = s;
	}
	assert_int_equal(diff_new(r.a, r.b, &r.d), 0);
	assert_int_equal(findings_new(r.d, samples > 2 ? r.h : NULL, &r.fs), 0);
	return r;
}

static void done(struct case_result *r)
{
	findings_free(r->fs);
	diff_free(r->d);
	history_free(r->h);
	snapshot_free(r->a);
	snapshot_free(r->b);
}

static void assert_first(const struct case_result *r, enum finding_kind kind, const char *subject)
{
	assert_true(r->fs->n > 0);
	assert_string_equal(finding_name(r->fs->v[0].kind), finding_name(kind));
	assert_non_null(strstr(r->fs->v[0].subject, subject));
}

static void nothing(struct machine *m, unsigned int i)
{
	/* A machine at rest is not still. */
	m->anon += 40 * (i * 7 % 5);
	m->cache += 100 * (i * 3 % 4);
	m->leak_objects += 8 * (i * 11 % 6);
	m->leak_idle = 8 * (i % 3);
	m->dentries += 21 * (i % 4);
}

static void page_cache_fills(struct machine *m, unsigned int i)
{
	nothing(m, i);
	m->cache += i * 10000;
	m->dentries += 21 * 300 * i;
	m->high_blocks -= i * 4;
	m->stalls = 50 * i;
	m->scanned = 40000 * i;
	m->stolen = 39000 * i;
}

static void processes_start(struct machine *m, unsigned int i)
{
	m->anon += i * 8000;
	m->high_blocks -= i * 4;
}

static void slab_leaks(struct machine *m, unsigned int i)
{
	nothing(m, i);
	m->leak_objects += 2048 * i; /* 1 MiB a sample */
	m->unmovable += i / 2;
	m->high_blocks -= i;
}

static void slab_grows_at_once(struct machine *m, unsigned int i)
{
	m->leak_objects += i < 20 ? 0 : 65536;
	m->unmovable += i < 20 ? 0 : 16;
}

static void slab_grows_and_shrinks(struct machine *m, unsigned int i)
{
	m->leak_objects += i < 20 || i > 40 ? 0 : 65536;
}

static void vmalloc_leaks(struct machine *m, unsigned int i)
{
	m->vmalloc_bytes += MIB / 2 * i;
	m->unmovable += i / 4;
}

static void unmovable_pages_spread(struct machine *m, unsigned int i)
{
	m->unmovable += 5 * i;
	m->hidden += 1000 * i;
	m->high_blocks -= 5 * i;
}

static void objects_are_freed_in_slabs(struct machine *m, unsigned int i)
{
	m->leak_objects = 80000 - 1000 * i;
	m->leak_idle = i * 1200;
}

/* A process takes most of memory, and what is left lies in single pages. */
static void free_memory_breaks_up(struct machine *m, unsigned int i)
{
	m->anon += i * 6000;
	m->high_blocks = i < 10 ? 300 : 0;
}

static void compaction_fails(struct machine *m, unsigned int i)
{
	m->compact_fail = 100 * i;
	m->compact_success = 10 * i;
	m->kills = i > 30;
}

static void reclaim_finds_little(struct machine *m, unsigned int i)
{
	m->stalls = 30 * i;
	m->scanned = 10000 * i;
	m->stolen = 900 * i;
}

static void reboots(struct machine *m, unsigned int i)
{
	m->leak_objects += 2048 * i;
	if (i > 30) {
		m->boot = "two";
		m->leak_objects = 800;
	}
}

static void test_quiet(void **state UNUSED)
{
	void (*const harmless[])(struct machine *, unsigned int) = { nothing, page_cache_fills,
								     processes_start, slab_grows_and_shrinks };

	for (size_t i = 0; i < ARRAY_SIZE(harmless); i++) {
		struct case_result r = judge(harmless[i], SAMPLES);

		if (r.fs->n)
			fail_msg("case %zu: %s", i, r.fs->v[0].sentence);
		done(&r);
		r = judge(harmless[i], 2);
		assert_int_equal(r.fs->n, 0);
		done(&r);
	}
}

static void test_slab_leak(void **state UNUSED)
{
	struct case_result r = judge(slab_leaks, SAMPLES);

	assert_first(&r, FINDING_SLAB_LEAK, "leaky");
	assert_true(r.fs->v[0].has_trend);
	/* 1 MiB a second. */
	assert_true(r.fs->v[0].trend.slope > 0.95 * (double)MIB && r.fs->v[0].trend.slope < 1.05 * (double)MIB);
	assert_non_null(strstr(r.fs->v[0].sentence, "suspected leak"));
	assert_non_null(strstr(r.fs->v[0].next, "kmemleak"));
	done(&r);
	/* A second of it is less than is worth a word, and two ends tell no leak from a load. */
	r = judge(slab_leaks, 2);
	assert_int_equal(r.fs->n, 0);
	done(&r);
}

static void test_slab_step(void **state UNUSED)
{
	struct case_result r = judge(slab_grows_at_once, SAMPLES);

	assert_first(&r, FINDING_SLAB_GROWTH, "leaky");
	done(&r);
}

static void test_vmalloc_leak(void **state UNUSED)
{
	struct case_result r = judge(vmalloc_leaks, SAMPLES);

	assert_first(&r, FINDING_VMALLOC_LEAK, "leaky_probe");
	done(&r);
}

static void test_pollution(void **state UNUSED)
{
	struct case_result r = judge(unmovable_pages_spread, SAMPLES);

	assert_first(&r, FINDING_POLLUTION, "Unmovable");
	assert_non_null(strstr(r.fs->v[0].sentence, "295 more pageblocks"));
	done(&r);
}

static void test_fragmented(void **state UNUSED)
{
	struct case_result r = judge(free_memory_breaks_up, SAMPLES);

	assert_first(&r, FINDING_FRAGMENTED, "free memory");
	assert_int_equal(r.fs->n, 1);
	/* 1 GiB less 354000 KiB at first, 300 blocks of 2 MiB of it: 11 % lie below. All of it at the end. */
	assert_non_null(strstr(r.fs->v[0].sentence, "100 % of the"));
	assert_non_null(strstr(r.fs->v[0].sentence, "below order 4 (before: 11 %)"));
	done(&r);
}

/* Without meminfo nobody knows what the blocks went to, but the lists tell how much is free. */
static void test_without_meminfo(void **state UNUSED)
{
	void (*const states[])(struct machine *, unsigned int) = { free_memory_breaks_up, unmovable_pages_spread };

	for (size_t i = 0; i < ARRAY_SIZE(states); i++) {
		struct machine m = quiet;
		struct snapshot *a = snapshot(&m, 0), *b;
		struct findings *fs;
		struct diff *d;

		states[i](&m, 59);
		b = snapshot(&m, 59);
		a->meminfo.n = b->meminfo.n = 0;
		assert_int_equal(diff_new(a, b, &d), 0);
		assert_int_equal(findings_new(d, NULL, &fs), 0);
		/* 600 MiB of large blocks went, with 346 MiB of free memory; or 590 MiB, with 59000 KiB. */
		assert_int_equal(fs->n, i);
		if (i) {
			assert_int_equal(fs->v[0].kind, FINDING_FRAGMENTED);
			assert_non_null(strstr(fs->v[0].sentence, "while free memory fell by 57.6 MiB only"));
		}
		assert_int_equal(fs->n_unjudged, 1);
		assert_string_equal(fs->unjudged[0].source, "meminfo");
		assert_string_equal(fs->unjudged[0].reason, "not read");
		findings_free(fs);
		diff_free(d);
		snapshot_free(a);
		snapshot_free(b);
	}
}

/* The kernel's own word beats what only grew; what it knew before, and two objects more, are none. */
static void test_unreferenced(void **state UNUSED)
{
	static struct kmemleak_caller before[] = { { "old", NULL, 100, 6400 } },
				      after[] = { { "lose", "drv", 4000, 4096000 }, { "old", NULL, 102, 6528 } };
	struct snapshot *a = snapshot(&quiet, 0), *b = snapshot(&quiet, 60);
	struct findings *fs;
	struct diff *d;

	a->has_kmemleak = b->has_kmemleak = true;
	a->kmemleak = (struct kmemleak){ before, 1, 100, 6400 };
	b->kmemleak = (struct kmemleak){ after, 2, 4102, 4102528 };
	assert_int_equal(diff_new(a, b, &d), 0);
	assert_int_equal(findings_new(d, NULL, &fs), 0);
	assert_int_equal(fs->n, 1);
	assert_int_equal(fs->v[0].kind, FINDING_UNREFERENCED);
	assert_string_equal(fs->v[0].subject, "lose");
	assert_int_equal(fs->v[0].bytes.v, 4096000);
	assert_non_null(strstr(fs->v[0].sentence, "4000 objects (3.9 MiB) of lose [drv]"));
	findings_free(fs);
	diff_free(d);
	/* The older list had it cut off: then it is not known to be new. */
	a->kmemleak.objects = 4100;
	assert_int_equal(diff_new(a, b, &d), 0);
	assert_int_equal(findings_new(d, NULL, &fs), 0);
	assert_int_equal(fs->n, 0);
	findings_free(fs);
	diff_free(d);
	snapshot_free(a);
	snapshot_free(b);
}

/* What is to be done next about the cache that leaks, where profiling shows @after; for free. */
static char *next_with_sites(struct snapshot *a, struct snapshot *b, struct allocinfo_site *after, size_t n)
{
	struct findings *fs;
	struct diff *d;
	char *next = NULL;

	a->has_allocinfo = b->has_allocinfo = true;
	b->allocinfo = (struct allocinfo){ .sites = after, .n_sites = n };
	for (size_t i = 0; i < n; i++)
		b->allocinfo.bytes += after[i].bytes;
	assert_int_equal(diff_new(a, b, &d), 0);
	assert_int_equal(findings_new(d, NULL, &fs), 0);
	for (size_t i = 0; i < fs->n && !next; i++) {
		if (strcmp(fs->v[i].subject, "leaky") == 0)
			next = strdup(fs->v[i].next);
	}
	assert_non_null(next);
	findings_free(fs);
	diff_free(d);
	return next;
}

/* A cache of 512 bytes got 120832 objects; whose they are, by size and number. */
static void test_sites(void **state UNUSED)
{
	const uint64_t got = 2048 * 59;
	struct machine m = quiet;
	struct snapshot *a = snapshot(&m, 0), *b;
	/* The counters of a site that allocates while they are read: bytes of some calls are not in yet. */
	struct allocinfo_site sites[] = {
		{ "net/core/skbuff.c:1", "of_another_size", NULL, got * 640, got, false },
		{ "fs/mixed.c:2", "of_many_sizes", NULL, got * 530, got, false },
		{ "drivers/leaky.c:3", "leak_it", "leaky", got * 512 - 7 * 512, got, false },
	};
	struct slabinfo_cache *caches;
	char *next;

	m.leak_objects += got;
	b = snapshot(&m, 59);
	next = next_with_sites(a, b, sites, ARRAY_SIZE(sites));
	assert_non_null(strstr(next, "drivers/leaky.c:3 leak_it [leaky]: it grew by 59.0 MiB"));
	free(next);
	/* A document that lists the largest sites only: what this one held before is not known. */
	a->allocinfo.bytes = 1;
	next = next_with_sites(a, b, sites, ARRAY_SIZE(sites));
	assert_null(strstr(next, "leak_it"));
	free(next);
	a->allocinfo.bytes = 0;
	/* More than the cache got cannot be of it. */
	sites[2].calls = got * 2;
	sites[2].bytes = got * 2 * 512;
	next = next_with_sites(a, b, sites, ARRAY_SIZE(sites));
	assert_null(strstr(next, "leak_it"));
	free(next);
	/* Another cache of that size got as many: whose the site's are cannot be told. */
	sites[2].calls = got;
	sites[2].bytes = got * 512;
	caches = arena_array(&b->arena, 3, sizeof(*caches));
	memcpy(caches, b->slab.caches, 2 * sizeof(*caches));
	caches[2] = caches[1];
	caches[2].name = "twin";
	b->slab.caches = caches;
	b->slab.n_caches = 3;
	next = next_with_sites(a, b, sites, ARRAY_SIZE(sites));
	assert_null(strstr(next, "leak_it"));
	free(next);
	snapshot_free(a);
	snapshot_free(b);
}

/* Who spoils pageblocks is said; of two more none. */
static void test_stray_pages(void **state UNUSED)
{
	static struct page_owner_caller before[] = { { "fill", "drv", 10, 10, 2, 2 } },
					after[] = { { "fill", "drv", 900, 900, 800, 40 },
						    { "pte_alloc_one", NULL, 2, 2, 2, 2 } };
	struct snapshot *a = snapshot(&quiet, 0), *b = snapshot(&quiet, 60);
	struct findings *fs;
	struct diff *d;

	a->has_page_owner = b->has_page_owner = true;
	a->page_owner = (struct page_owner){ before, 1, 10, 2, 2, 2 };
	b->page_owner = (struct page_owner){ after, 2, 902, 802, 40, 40 };
	assert_int_equal(diff_new(a, b, &d), 0);
	assert_int_equal(findings_new(d, NULL, &fs), 0);
	assert_int_equal(fs->n, 1);
	assert_int_equal(fs->v[0].kind, FINDING_STRAY_PAGES);
	assert_string_equal(fs->v[0].subject, "fill");
	assert_non_null(strstr(fs->v[0].sentence, "fill [drv] put pages"));
	assert_non_null(strstr(fs->v[0].sentence, "38 more pageblocks"));
	findings_free(fs);
	diff_free(d);
	/* Cut off in the older list: what it had there is not known, and it is not accused. */
	a->page_owner = (struct page_owner){ before, 0, 10, 2, 2, 2 };
	assert_int_equal(diff_new(a, b, &d), 0);
	assert_int_equal(findings_new(d, NULL, &fs), 0);
	assert_int_equal(fs->n, 0);
	findings_free(fs);
	diff_free(d);
	snapshot_free(a);
	snapshot_free(b);
}

static void test_waste_and_struggle(void **state UNUSED)
{
	struct case_result r = judge(objects_are_freed_in_slabs, SAMPLES);

	assert_first(&r, FINDING_SLAB_WASTE, "leaky");
	done(&r);
	r = judge(compaction_fails, SAMPLES);
	assert_int_equal(r.fs->n, 2);
	assert_first(&r, FINDING_COMPACTION_FAILS, "compact_fail");
	assert_non_null(strstr(r.fs->v[0].sentence, "5900"));
	assert_int_equal(r.fs->v[1].kind, FINDING_OOM);
	done(&r);
	r = judge(reclaim_finds_little, SAMPLES);
	assert_first(&r, FINDING_STALLS, "allocstall");
	done(&r);
}

/* Across a boot nothing is subtracted; it is said. */
static void test_reboot(void **state UNUSED)
{
	struct case_result r = judge(reboots, SAMPLES);

	assert_false(r.d->same_boot);
	assert_int_equal(r.d->said[0].note, DIFF_REBOOTED);
	assert_int_equal(r.fs->n, 0);
	assert_int_equal(diff_counter_get(r.d, "allocstall_normal").kind, CHANGE_RESET);
	assert_int_equal(history_last_boot(r.h), 31);
	done(&r);
}

static void test_identity(void **state UNUSED)
{
	struct machine m = quiet;
	struct snapshot *a = snapshot(&m, 0), *b;
	struct diff *d;

	m.release = "6.12.0";
	b = snapshot(&m, 60);
	assert_int_equal(diff_new(a, b, &d), 0);
	assert_int_equal(d->said[0].note, DIFF_KERNEL_CHANGED);
	diff_free(d);
	/* The clock was set back by an hour; the uptime knows better. */
	b->kernel.release = a->kernel.release;
	b->time_ns.v -= UINT64_C(3600) * 1000000000;
	assert_int_equal(diff_new(a, b, &d), 0);
	assert_int_equal(d->said[0].note, DIFF_CLOCK_STEPPED);
	assert_true(d->span_ns == UINT64_C(60) * 1000000000);
	diff_free(d);
	snapshot_free(a);
	snapshot_free(b);
}

static void test_came_and_went(void **state UNUSED)
{
	struct machine m = quiet;
	struct snapshot *a = snapshot(&m, 0), *b = snapshot(&m, 1);
	struct diff *d;

	b->slab.caches[1].name = "newcomer";
	b->vmalloc.n_callers = 0;
	assert_int_equal(diff_new(a, b, &d), 0);
	assert_int_equal(d->n_caches, 3);
	for (size_t i = 0; i < d->n_caches; i++) {
		enum change_kind want = strcmp(d->caches[i].name, "newcomer") == 0 ? CHANGE_CAME
					: strcmp(d->caches[i].name, "leaky") == 0	? CHANGE_WENT
										: CHANGE_BOTH;

		assert_int_equal(d->caches[i].bytes.kind, want);
	}
	assert_int_equal(d->callers[0].bytes.kind, CHANGE_WENT);
	diff_free(d);
	snapshot_free(a);
	snapshot_free(b);
}

/* What LSMs keep of an inode goes with it, though its cache is not accounted as reclaimable. */
static void test_goes_with_inodes(void **state UNUSED)
{
	struct sysslab_cache caches[] = {
		{ .name = "ext4_inode_cache", .reclaim_account = opt_u64(1) },
		{ .name = "lsm_inode_cache", .reclaim_account = opt_u64(0) },
		{ .name = "lsm_file_cache", .reclaim_account = opt_u64(0) },
	};
	struct snapshot s = { .sysslab = caches, .n_sysslab = ARRAY_SIZE(caches) };

	assert_true(slab_cache_is_reclaimable(&s, "ext4_inode_cache"));
	assert_true(slab_cache_is_reclaimable(&s, "lsm_inode_cache"));
	assert_false(slab_cache_is_reclaimable(&s, "lsm_file_cache"));
	assert_false(slab_cache_is_reclaimable(&s, "kmalloc-64"));
	/* By name alone, as the kernel makes them (6.12): KMEM_CACHE names a cache by its structure. */
	assert_true(slab_cache_is_reclaimable(&s, "bdev_cache"));
	assert_true(slab_cache_is_reclaimable(&s, "extent_status"));
	assert_true(slab_cache_is_reclaimable(&s, "mb_cache_entry"));
	assert_true(slab_cache_is_reclaimable(&s, "proc_inode_cache"));
	assert_false(slab_cache_is_reclaimable(&s, "hugetlbfs_inode_cache"));
	assert_false(slab_cache_is_reclaimable(&s, "mqueue_inode_cache"));
	assert_false(slab_cache_is_reclaimable(&s, "shmem_inode_cache"));
}

/* Attributes of caches are in some samples of a recording: of either end they count. */
static void test_attributes_of_either_end(void **state UNUSED)
{
	struct sysslab_cache caches[] = { { .name = "leaky", .reclaim_account = opt_u64(1) } };
	struct snapshot *a = snapshot(&quiet, 0), *b = snapshot(&quiet, 60);
	struct diff *d;

	a->sysslab = caches;
	a->n_sysslab = 1;
	assert_int_equal(diff_new(a, b, &d), 0);
	for (size_t i = 0; i < d->n_caches; i++)
		assert_true(d->caches[i].reclaimable);
	diff_free(d);
	snapshot_free(a);
	snapshot_free(b);
}

static void test_forecast(void **state UNUSED)
{
	struct case_result r = judge(unmovable_pages_spread, 50);

	assert_int_equal(findings_forecast(r.fs, r.d, r.h, 9, "alloc_pages order=9"), 0);
	/* 300 blocks, 5 fewer each second: gone at 60 s, 11 s after the last of 50 samples. */
	assert_true(r.fs->forecast.supported);
	assert_true(r.fs->forecast.s > 9 && r.fs->forecast.s < 13);
	done(&r);
	r = judge(nothing, SAMPLES);
	assert_int_equal(findings_forecast(r.fs, r.d, r.h, 9, "alloc_pages order=9"), 0);
	assert_false(r.fs->forecast.supported);
	done(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_quiet),	     cmocka_unit_test(test_slab_leak),
		cmocka_unit_test(test_slab_step),    cmocka_unit_test(test_vmalloc_leak),
		cmocka_unit_test(test_pollution),    cmocka_unit_test(test_fragmented),
		cmocka_unit_test(test_without_meminfo),
		cmocka_unit_test(test_unreferenced),
		cmocka_unit_test(test_stray_pages), cmocka_unit_test(test_sites),
		cmocka_unit_test(test_waste_and_struggle),
		cmocka_unit_test(test_reboot),	     cmocka_unit_test(test_identity),
		cmocka_unit_test(test_came_and_went), cmocka_unit_test(test_forecast),
		cmocka_unit_test(test_goes_with_inodes), cmocka_unit_test(test_attributes_of_either_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
