// SPDX-License-Identifier: GPL-2.0-or-later
/* Debugging aids: built in, on? What each file says, and only that. */
#include "model/doctor.h"

static const struct doctor_aid table[AID_COUNT] = {
	[AID_SLUB_DEBUG] = {
		.name = "slab debugging", .config = "SLUB_DEBUG",
		.gives = "slab corruption, use after free, owners of objects",
		.cost = "none while off; on: larger objects, no merging, each call slower (twice and more)",
		.turn_on = "boot with slub_debug=FZPU (later kernels take slab_debug=FZPU too); "
			   "for one cache: slub_debug=FZPU,CACHE",
	},
	[AID_DEBUG_SLAB] = {
		.name = "SLAB debugging", .config = "DEBUG_SLAB",
		.gives = "slab corruption and statistics of the SLAB allocator (gone in 6.8)",
		.cost = "high: red zones and poison on every object",
		.turn_on = "needs a kernel built with CONFIG_SLAB and CONFIG_DEBUG_SLAB",
		.needs_build = true,
	},
	[AID_PAGE_POISONING] = {
		.name = "page poisoning", .config = "PAGE_POISONING",
		.gives = "writes to freed pages",
		.cost = "fills and checks each page that is freed: some 10% of page allocation",
		.turn_on = "boot with page_poison=1",
	},
	[AID_KASAN] = {
		.name = "KASAN", .config = "KASAN",
		.gives = "the very access that is out of bounds or after free",
		.cost = "two to three times slower, an eighth of memory as shadow (generic mode)",
		.turn_on = "needs a kernel built with CONFIG_KASAN",
		.needs_build = true,
	},
	[AID_KFENCE] = {
		.name = "KFENCE", .config = "KFENCE",
		.gives = "a sample of out of bounds accesses and uses after free, in production",
		.cost = "next to none (a pool of 512 pages)",
		.turn_on = "boot with kfence.sample_interval=100",
	},
	[AID_KMEMLEAK] = {
		.name = "kmemleak", .config = "DEBUG_KMEMLEAK",
		.gives = "objects that nothing points to, with the stack that allocated them",
		.cost = "high: a record for each allocation, scans of all memory",
		.turn_on = "boot with kmemleak=on",
	},
	[AID_PAGE_OWNER] = {
		.name = "page_owner", .config = "PAGE_OWNER",
		.gives = "the stack that allocated each page; mixed pageblocks in pagetypeinfo",
		.cost = "some bytes a page, a stack trace for each allocation of pages",
		.turn_on = "boot with page_owner=on",
	},
	[AID_DEBUG_PAGEALLOC] = {
		.name = "debug_pagealloc", .config = "DEBUG_PAGEALLOC",
		.gives = "a fault at the first access to a freed page",
		.cost = "high: unmaps each page that is freed, splits huge mappings",
		.turn_on = "boot with debug_pagealloc=on",
	},
	[AID_ALLOC_PROFILING] = {
		.name = "allocation profiling", .config = "MEM_ALLOC_PROFILING",
		.gives = "bytes and calls of every allocation site (/proc/allocinfo, 6.10 and later)",
		.cost = "small: made for production",
		.turn_on = "boot with sysctl.vm.mem_profiling=1 (booted with =0, sysctl vm.mem_profiling=1 does)",
	},
	[AID_COMPACTION] = {
		.name = "compaction", .config = "COMPACTION",
		.gives = "free blocks of high order made by moving pages; debugfs extfrag",
		.cost = "none while idle",
		.turn_on = "needs a kernel built with CONFIG_COMPACTION",
		.needs_build = true,
	},
	[AID_CMA] = {
		.name = "CMA", .config = "CMA",
		.gives = "large contiguous DMA buffers after boot",
		.cost = "its area is for movable pages only",
		.turn_on = "boot with cma=64M",
	},
	[AID_FAIL_PAGE_ALLOC] = {
		.name = "fail_page_alloc", .config = "FAIL_PAGE_ALLOC",
		.gives = "page allocations that fail on purpose, to test error paths",
		.cost = "none while its probability is 0",
		.turn_on = "write probability, interval, times and min-order below "
			   "/sys/kernel/debug/fail_page_alloc",
	},
	[AID_FAILSLAB] = {
		.name = "failslab", .config = "FAILSLAB",
		.gives = "slab allocations that fail on purpose, to test error paths",
		.cost = "none while its probability is 0",
		.turn_on = "write probability, interval and times below /sys/kernel/debug/failslab",
	},
};

static void say(struct doctor_aid *a, enum answer *which, enum answer answer, const char *evidence)
{
	if (*which != ANSWER_UNKNOWN)
		return;
	*which = answer;
	if (!*a->evidence)
		a->evidence = evidence;
}

/* The configuration answers; an option it does not mention cannot be chosen in that kernel. */
static enum answer configured(const struct snapshot *s, const char *option)
{
	const char *value;

	if (!s->has_kconfig)
		return ANSWER_UNKNOWN;
	value = kconfig_get(&s->kconfig, option);
	return value && strcmp(value, "n") != 0 ? ANSWER_YES : ANSWER_NO;
}

/* The word @name or @name=VALUE of the command line: VALUE ("" without one); NULL if not there. */
static bool boot_option(const struct snapshot *s, const char *name, struct slice *value)
{
	struct slice rest, word;
	bool found = false;

	if (!s->cmdline)
		return false;
	rest = slice_of(s->cmdline);
	while (slice_word(&rest, &word)) {
		if (slice_eq(word, "--"))
			break;
		if (!slice_skip(&word, name))
			continue;
		if (word.len == 0 || word.p[0] == '=') {
			found = true; /* the last one counts */
			*value = word.len ? (struct slice){ word.p + 1, word.len - 1 } : word;
		}
	}
	return found;
}

static bool means_on(struct slice v)
{
	return slice_eq(v, "on") || slice_eq(v, "1") || slice_eq(v, "y") || slice_eq(v, "Y");
}

/* An aid that is off unless the boot option says otherwise, or @by_default is built in. */
static void judge_boot_switch(const struct snapshot *s, struct doctor_aid *a, const char *option,
			      const char *by_default)
{
	struct slice v;

	if (a->built == ANSWER_NO) {
		say(a, &a->on, ANSWER_NO, "not built in");
	} else if (boot_option(s, option, &v)) {
		say(a, &a->on, means_on(v) ? ANSWER_YES : ANSWER_NO, "kernel command line");
	} else if (s->cmdline && a->built == ANSWER_YES) {
		enum answer preset = by_default ? configured(s, by_default) : ANSWER_NO;

		if (preset != ANSWER_UNKNOWN)
			say(a, &a->on, preset, "kernel command line and configuration");
	}
}

static bool any_cache_debugged(const struct snapshot *s)
{
	for (size_t i = 0; i < s->n_sysslab; i++) {
		const struct sysslab_cache *c = &s->sysslab[i];

		if (opt_or(c->red_zone, 0) || opt_or(c->poison, 0) || opt_or(c->store_user, 0) ||
		    opt_or(c->sanity_checks, 0))
			return true;
	}
	return false;
}

/* The flags of one cache stand for all unless the command line picks some: then all are read. */
static bool caches_tell(const struct snapshot *s)
{
	for (size_t i = 0; i < s->n_sysslab; i++) {
		if (s->sysslab[i].red_zone.known && s->sysslab[i].sanity_checks.known)
			return true;
	}
	return false;
}

static void judge_slab(const struct snapshot *s, struct doctor_aid *aids)
{
	struct doctor_aid *slub = &aids[AID_SLUB_DEBUG], *slab = &aids[AID_DEBUG_SLAB];
	struct slice v;

	if (caches_tell(s)) { /* these attributes need SLUB_DEBUG */
		say(slub, &slub->built, ANSWER_YES, "/sys/kernel/slab");
		say(slub, &slub->on, any_cache_debugged(s) ? ANSWER_YES : ANSWER_NO,
		    "/sys/kernel/slab");
	}
	/* CONFIG_SLABINFO needs SLAB, whose limits are never 0, or SLUB_DEBUG. */
	if (s->has_slab && s->slab.n_caches && s->slab.caches[0].limit.known &&
	    s->slab.caches[0].limit.v == 0)
		say(slub, &slub->built, ANSWER_YES, "/proc/slabinfo");
	if (slub->built == ANSWER_NO) {
		say(slub, &slub->on, ANSWER_NO, "not built in");
	} else if (boot_option(s, "slab_debug", &v) || boot_option(s, "slub_debug", &v)) {
		say(slub, &slub->on, v.len && v.p[0] == '-' ? ANSWER_NO : ANSWER_YES,
		    "kernel command line");
	} else if (s->cmdline && slub->built == ANSWER_YES) {
		enum answer preset = configured(s, "SLUB_DEBUG_ON");

		if (preset != ANSWER_UNKNOWN)
			say(slub, &slub->on, preset, "kernel command line and configuration");
	}
	if (s->has_slab && s->slab.version_major >= 2) {
		enum answer statistics = s->slab.statistics ? ANSWER_YES : ANSWER_NO;

		slab->built = slab->on = ANSWER_UNKNOWN;
		say(slab, &slab->built, statistics, "/proc/slabinfo");
	}
	say(slab, &slab->on, slab->built, slab->evidence);
}

/* kasan= is read by mm/kasan/hw_tags.c alone (to 7.3), which also needs a processor that has memory tags. */
static void judge_kasan(const struct snapshot *s, struct doctor_aid *a)
{
	enum answer tags = configured(s, "KASAN_HW_TAGS");
	struct slice v;

	if (a->built == ANSWER_NO)
		say(a, &a->on, ANSWER_NO, "not built in");
	else if (tags == ANSWER_YES && boot_option(s, "kasan", &v) && slice_eq(v, "off"))
		say(a, &a->on, ANSWER_NO, "kernel command line");
	else if (tags == ANSWER_NO && a->built == ANSWER_YES)
		say(a, &a->on, ANSWER_YES, "kernel configuration");
}

static void judge_number(struct doctor_aid *a, const struct probe *p)
{
	uint64_t n;

	if (!p || p->state == PROBE_UNKNOWN)
		return;
	if (p->state == PROBE_ABSENT) {
		say(a, &a->built, ANSWER_NO, p->path);
		say(a, &a->on, ANSWER_NO, p->path);
		return;
	}
	a->built = ANSWER_YES; /* whatever the configuration that was found says */
	a->evidence = p->path;
	if (p->text && num_u64(p->text, strlen(p->text), &n) == 0)
		say(a, &a->on, n ? ANSWER_YES : ANSWER_NO, p->path);
}

static void judge_kmemleak(const struct snapshot *s, const struct probe *p, struct doctor_aid *a)
{
	struct slice v;

	if (p && p->state != PROBE_UNKNOWN)
		say(a, &a->built, p->state == PROBE_PRESENT ? ANSWER_YES : ANSWER_NO, p->path);
	if (a->built == ANSWER_NO) {
		say(a, &a->on, ANSWER_NO, "not built in");
	} else if (boot_option(s, "kmemleak", &v)) {
		say(a, &a->on, slice_eq(v, "on") ? ANSWER_YES : ANSWER_NO, "kernel command line");
	} else if (s->cmdline && a->built == ANSWER_YES && s->has_kconfig) {
		bool off = configured(s, "DEBUG_KMEMLEAK_DEFAULT_OFF") == ANSWER_YES;

		say(a, &a->on, off ? ANSWER_NO : ANSWER_YES, "kernel command line and configuration");
	}
}

/* The file is made only when page_owner was turned on at boot; so is the mixed section. */
static void judge_page_owner(const struct snapshot *s, const struct probe *p, struct doctor_aid *a)
{
	bool mixed = false;

	for (size_t i = 0; i < s->n_zones; i++) {
		for (size_t j = 0; j < s->zones[i].n_types; j++)
			mixed |= s->zones[i].types[j].mixed_pageblocks.known;
	}
	if (mixed || (p && p->state == PROBE_PRESENT)) {
		say(a, &a->built, ANSWER_YES, mixed ? "/proc/pagetypeinfo" : p->path);
		say(a, &a->on, ANSWER_YES, mixed ? "/proc/pagetypeinfo" : p->path);
	} else if (p && p->state == PROBE_ABSENT) {
		say(a, &a->on, ANSWER_NO, p->path);
	}
	judge_boot_switch(s, a, "page_owner", NULL);
}

static void judge_profiling(const struct snapshot *s, struct doctor_aid *a)
{
	struct opt_u64 on = sysctl_u64(&s->sysctl, "mem_profiling");

	if (on.known)
		say(a, &a->built, ANSWER_YES, "vm.mem_profiling");
	if (s->has_allocinfo)
		say(a, &a->built, ANSWER_YES, "/proc/allocinfo");
	if (on.known)
		say(a, &a->on, on.v ? ANSWER_YES : ANSWER_NO, "vm.mem_profiling");
	else if (a->built == ANSWER_NO)
		say(a, &a->on, ANSWER_NO, "not built in");
}

/* CONFIG_PAGE_POISONING_NO_SANITY, to 5.10: hibernation chose it. */
static void judge_poisoning(const struct snapshot *s, struct doctor_aid *a)
{
	if (configured(s, "PAGE_POISONING_NO_SANITY") == ANSWER_YES)
		a->gives = "nothing in this build: freed pages are filled, but not checked "
			   "(CONFIG_PAGE_POISONING_NO_SANITY)";
	judge_boot_switch(s, a, "page_poison", NULL);
}

static void judge_compaction(const struct snapshot *s, struct doctor_aid *a)
{
	if (kv_get(&s->vmstat, "compact_stall").known) {
		a->built = ANSWER_UNKNOWN;
		say(a, &a->built, ANSWER_YES, "/proc/vmstat");
	} else if (s->vmstat.n) {
		say(a, &a->built, ANSWER_NO, "/proc/vmstat");
	}
	say(a, &a->on, a->built, a->evidence);
}

static void judge_cma(const struct snapshot *s, struct doctor_aid *a)
{
	struct opt_u64 total = kv_get(&s->meminfo, "CmaTotal");

	/* cma= is read by kernel/dma/contiguous.c */
	if (configured(s, "DMA_CMA") == ANSWER_NO) {
		a->turn_on = "needs a kernel built with CONFIG_CMA and CONFIG_DMA_CMA; then boot with cma=64M";
		a->needs_build = true;
	}
	if (total.known) {
		a->built = ANSWER_UNKNOWN;
		say(a, &a->built, ANSWER_YES, "/proc/meminfo");
		say(a, &a->on, total.v ? ANSWER_YES : ANSWER_NO, "/proc/meminfo");
	} else if (a->built == ANSWER_NO) {
		say(a, &a->on, ANSWER_NO, "not built in");
	}
}

void doctor_judge_aids(const struct snapshot *s, const struct mm_rules *rules, const struct probe *probes,
		       struct doctor_aid *aids)
{
	const struct probe *none = NULL;

	for (unsigned int i = 0; i < AID_COUNT; i++) {
		aids[i] = table[i];
		aids[i].evidence = "";
		say(&aids[i], &aids[i].built, configured(s, aids[i].config), "kernel configuration");
		if (aids[i].built == ANSWER_UNKNOWN)
			aids[i].evidence = "";
	}
	judge_slab(s, aids);
	judge_poisoning(s, &aids[AID_PAGE_POISONING]);
	judge_kasan(s, &aids[AID_KASAN]);
	if (rules->kfence_late)
		aids[AID_KFENCE].turn_on = "echo 100 > /sys/module/kfence/parameters/sample_interval, or boot with "
					   "kfence.sample_interval=100";
	judge_number(&aids[AID_KFENCE], probes ? &probes[PROBE_KFENCE] : none);
	judge_kmemleak(s, probes ? &probes[PROBE_KMEMLEAK] : none, &aids[AID_KMEMLEAK]);
	judge_page_owner(s, probes ? &probes[PROBE_PAGE_OWNER] : none, &aids[AID_PAGE_OWNER]);
	judge_boot_switch(s, &aids[AID_DEBUG_PAGEALLOC], "debug_pagealloc",
			  "DEBUG_PAGEALLOC_ENABLE_DEFAULT");
	judge_profiling(s, &aids[AID_ALLOC_PROFILING]);
	judge_compaction(s, &aids[AID_COMPACTION]);
	judge_cma(s, &aids[AID_CMA]);
	judge_number(&aids[AID_FAIL_PAGE_ALLOC], probes ? &probes[PROBE_FAIL_PAGE_ALLOC] : none);
	judge_number(&aids[AID_FAILSLAB], probes ? &probes[PROBE_FAILSLAB] : none);
	for (unsigned int i = 0; i < AID_COUNT; i++) {
		if (aids[i].built == ANSWER_NO)
			say(&aids[i], &aids[i].on, ANSWER_NO, "not built in");
	}
}
