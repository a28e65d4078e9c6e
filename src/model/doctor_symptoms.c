// SPDX-License-Identifier: GPL-2.0-or-later
/* From a symptom to the next command. */
#include "model/doctor.h"

#include <errno.h>

const struct doctor_symptom doctor_symptoms[] = {
	{ "leak", "memory that grows and does not come back" },
	{ "corruption", "slab or page corruption, use after free" },
	{ "failure", "allocations that fail" },
	{ "fragmentation", "free memory that large requests cannot use" },
	{ "who", "which code holds the memory" },
	{ NULL, NULL },
};

#define LEAK "leak"
#define CORRUPTION "corruption"
#define FAILURE "failure"
#define FRAG "fragmentation"
#define WHO "who"

/* alloc_calls of sysfs became alloc_traces of debugfs with 5.14. */
#define OWNERS	     "cat /sys/kernel/debug/slab/CACHE/alloc_traces"
#define OWNERS_BEFORE "cat /sys/kernel/slab/CACHE/alloc_calls"
/*
 * By default one request fails, none that may wait, and no single page (struct fault_attr, mm/fail_page_alloc.c).
 * times takes -1, no limit, but not from 5.10 to 6.1: a large number does.
 */
#define INJECT(name, more)                                                                        \
	"cd /sys/kernel/debug/" name "; echo 1000000000 > times; echo N > ignore-gfp-wait; " more         \
	"echo Y > task-filter; echo 10 > probability; echo 1 > /proc/PID/make-it-fail"

/* In the order of trying; what needs an aid that is not on comes after what does not. */
static const struct doctor_step table[] = {
	{ LEAK, "what grows, over a minute", "memtool record -i 2 -n 30 leak.rec; memtool diff leak.rec", -1, 0 },
	{ LEAK, "the caches that hold most", "memtool slab", -1, 0 },
	{ LEAK, "the vmalloc callers that hold most", "memtool vmalloc", -1, 0 },
	{ LEAK, "allocation sites that hold most", "sort -rn /proc/allocinfo | head", AID_ALLOC_PROFILING, 0 },
	{ LEAK, "objects that nothing points to",
	  "echo scan > /sys/kernel/debug/kmemleak; memtool slab", AID_KMEMLEAK, 0 },
	{ LEAK, "pages by the function that took them", "memtool slab", AID_PAGE_OWNER, 0 },
	{ LEAK, "objects of one cache by the stack that allocated them (needs U in slab_debug)",
	  OWNERS, AID_SLUB_DEBUG, 0 },

	{ CORRUPTION, "what the kernel said so far", "dmesg | memtool log", -1, 0 },
	{ CORRUPTION, "the access itself, sampled in production", "dmesg | grep -A30 'BUG: KFENCE'", AID_KFENCE, 0 },
	{ CORRUPTION, "the access itself, all of them", "dmesg | grep -A30 'BUG: KASAN'", AID_KASAN, 0 },
	{ CORRUPTION, "which object was overwritten, and who had it",
	  "dmesg | grep -A40 'BUG '", AID_SLUB_DEBUG, 0 },
	{ CORRUPTION, "a check of one cache now", "echo 1 > /sys/kernel/slab/CACHE/validate", AID_SLUB_DEBUG, 0 },
	{ CORRUPTION, "writes to freed pages", "dmesg | grep 'page corruption\\|pagealloc: '", AID_PAGE_POISONING, 0 },
	{ CORRUPTION, "the first access to a freed page", "dmesg | grep -i 'oops\\|unable to handle'", AID_DEBUG_PAGEALLOC, 0 },

	{ FAILURE, "the kernel's own reports, decoded", "dmesg | memtool log", -1, 0 },
	{ FAILURE, "which requests would fail now, and why", "memtool explain", -1, 0 },
	{ FAILURE, "the API that fits the need", "memtool advise", -1, 0 },
	{ FAILURE, "CMA areas, and what is free in them", "memtool snapshot --json | jq .cma", AID_CMA, 0 },
	{ FAILURE, "whether the caller copes: let page allocations fail",
	  INJECT("fail_page_alloc", "echo 0 > min-order; "), AID_FAIL_PAGE_ALLOC, 0 },
	{ FAILURE, "whether the caller copes: let slab allocations fail",
	  INJECT("failslab", ""), AID_FAILSLAB, 0 },

	{ FRAG, "where, and from which order on", "memtool snapshot", -1, 0 },
	{ FRAG, "what it breaks", "memtool explain", -1, 0 },
	{ FRAG, "what each pageblock holds", "memtool map", -1, 0 },
	{ FRAG, "free blocks made now, at the price of moving pages",
	  "echo 1 > /proc/sys/vm/compact_memory", AID_COMPACTION, 0 },
	{ FRAG, "caches to shrink: those of many half-empty slabs", "memtool slab --sort waste", -1, 0 },
	{ FRAG, "who put unmovable pages into movable blocks", "memtool slab", AID_PAGE_OWNER, 0 },

	{ WHO, "slab caches", "memtool slab", -1, 0 },
	{ WHO, "vmalloc callers and modules", "memtool vmalloc --by module", -1, 0 },
	{ WHO, "every allocation site", "sort -rn /proc/allocinfo | head", AID_ALLOC_PROFILING, 0 },
	{ WHO, "pages by the function that took them", "memtool slab", AID_PAGE_OWNER, 0 },
	{ WHO, "the owners of a cache's objects", OWNERS, AID_SLUB_DEBUG, 0 },
	{ WHO, "callers of page allocations from now on",
	  "perf record -e kmem:mm_page_alloc -ag sleep 10", -1, 0 },
};

static enum answer ready(const struct doctor *d, const struct doctor_step *step)
{
	if (step->aid < 0)
		return ANSWER_YES;
	/* Fault injection is used by turning it on: it needs only to be built in. */
	if (step->aid == AID_FAIL_PAGE_ALLOC || step->aid == AID_FAILSLAB)
		return d->aids[step->aid].built;
	return d->aids[step->aid].on;
}

static unsigned int rank(enum answer a)
{
	return a == ANSWER_YES ? 0 : a == ANSWER_UNKNOWN ? 1 : 2;
}

int doctor_list_steps(struct arena *arena, const struct mm_rules *rules, struct doctor *d)
{
	d->steps = arena_array(arena, ARRAY_SIZE(table), sizeof(*d->steps));
	if (!d->steps)
		return -ENOMEM;
	for (const struct doctor_symptom *x = doctor_symptoms; x->name; x++) {
		for (unsigned int r = 0; r <= 2; r++) {
			for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
				struct doctor_step step = table[i];

				step.ready = ready(d, &step);
				if (!rules->slab_traces && strcmp(step.command, OWNERS) == 0)
					step.command = OWNERS_BEFORE;
				if (strcmp(step.symptom, x->name) == 0 && rank(step.ready) == r)
					d->steps[d->n_steps++] = step;
			}
		}
	}
	return 0;
}

/* A boot option is of no use to a kernel that was built without the aid. */
static int doctor_say_config(struct arena *arena, struct doctor *d)
{
	for (unsigned int i = 0; i < AID_COUNT; i++) {
		struct doctor_aid *a = &d->aids[i];

		if (a->built != ANSWER_NO || a->needs_build)
			continue;
		a->turn_on = arena_printf(arena, "needs a kernel built with CONFIG_%s; then %s", a->config,
					  a->turn_on);
		if (!a->turn_on)
			return -ENOMEM;
	}
	return 0;
}

int doctor_build(struct arena *arena, const struct snapshot *s,
		 const struct probe probes[PROBE_COUNT], struct doctor *out)
{
	const struct mm_rules rules = mm_rules_of(s);
	struct doctor d = { .n_tunables = 0 };
	int err;

	doctor_judge_aids(s, &rules, probes, d.aids);
	err = doctor_say_config(arena, &d);
	if (!err)
		err = doctor_list_tunables(arena, s, &rules, &d);
	if (!err)
		err = doctor_list_steps(arena, &rules, &d);
	if (!err)
		*out = d;
	return err;
}
