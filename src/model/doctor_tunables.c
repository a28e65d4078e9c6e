// SPDX-License-Identifier: GPL-2.0-or-later
/* The settings that decide fragmentation and reclaim, and how they stand. */
#include "model/doctor.h"

#include <errno.h>

struct tunable {
	const char *name; /* of /proc/sys/vm, or with a slash of /sys/kernel/mm */
	const char *standard;
	const char *effect;
};

static const struct tunable table[] = {
	{ "min_free_kbytes", NULL,
	  "higher: atomic and high-order requests find more, less memory for use; sets all watermarks" },
	{ "watermark_scale_factor", "10",
	  "higher: low and high move away from min, kswapd starts earlier and frees more" },
	{ "watermark_boost_factor", "15000",
	  "0: no extra reclaim when a pageblock is used by a foreign migratetype; higher: less mixing" },
	{ "extfrag_threshold", "500",
	  "lower: compaction is tried where the index says lack of memory; higher: reclaim instead" },
	{ "compaction_proactiveness", "20",
	  "higher: kcompactd works before requests ask; 0: never" },
	{ "compact_unevictable_allowed", "1",
	  "0: mlocked pages stay where they are and block compaction (default on PREEMPT_RT)" },
	{ "defrag_mode", "0", "1: requests reclaim and compact rather than mix pageblocks" },
	{ "zone_reclaim_mode", "0", "1: reclaims in the local node before taking from another" },
	{ "lowmem_reserve_ratio", NULL,
	  "lower: more of the low zones is kept from requests that can use higher ones" },
	{ "percpu_pagelist_high_fraction", "0",
	  "N from 8 on: the per-CPU lists together hold up to 1/N of a zone; 0: by the low watermark, from 6.7 on as "
	  "many as the load asks for" },
	{ "percpu_pagelist_fraction", "0",
	  "N from 8 on: the list of each CPU holds up to 1/N of a zone; 0: some batches" },
	{ "transparent_hugepage/enabled", NULL,
	  "always: every large mapping asks for blocks of a huge page; never: none does" },
	{ "transparent_hugepage/defrag", "madvise",
	  "always: page faults reclaim and compact; never: only what is free is taken" },
	{ "transparent_hugepage/khugepaged/defrag", "1", "0: khugepaged does not compact" },
	{ "nr_hugepages", "0", "takes blocks of a huge page for good" },
	{ "nr_overcommit_hugepages", "0", "higher: the pool of huge pages may grow on demand" },
	{ "swappiness", "60", "higher: anonymous memory is reclaimed sooner; 0: hardly ever" },
	{ "vfs_cache_pressure", "100", "higher: dentries and inodes are reclaimed sooner" },
	{ "min_slab_ratio", "5", "share of a node from which on zone reclaim frees slab" },
	{ "min_unmapped_ratio", "1", "share of a node from which on zone reclaim frees page cache" },
	{ "overcommit_memory", "0", "user mappings only; decides no kernel allocation" },
};

static int take_value(struct arena *arena, const struct snapshot *s, const struct tunable *from,
		      struct doctor_tunable *to)
{
	const struct sysctl *sysctl;
	const char *text;
	struct slice word;

	if (!strchr(from->name, '/')) {
		sysctl = sysctl_get(&s->sysctl, from->name);
		to->value = sysctl ? sysctl->text : NULL;
		return 0;
	}
	text = snapshot_setting(s, from->name);
	to->value = text;
	if (text && sysctl_choice(slice_of(text), &word)) {
		to->value = arena_strndup(arena, word.p, word.len);
		return to->value ? 0 : -ENOMEM;
	}
	return 0;
}

/* The default, where kernels differ. */
static const char *standard_of(const struct tunable *t, const struct snapshot *s, const struct mm_rules *rules)
{
	const char *rt = kconfig_get(&s->kconfig, "PREEMPT_RT");

	/* COMPACT_UNEVICTABLE_DEFAULT, by mm/Kconfig */
	if (strcmp(t->name, "compact_unevictable_allowed") == 0 && rt && strcmp(rt, "y") == 0)
		return "0";
	if (strcmp(t->name, "transparent_hugepage/defrag") == 0 && !rules->thp_defrag_madvise)
		return "always";
	return t->standard;
}

int doctor_list_tunables(struct arena *arena, const struct snapshot *s, const struct mm_rules *rules,
			 struct doctor *d)
{
	bool sysctls = s->sysctl.n > 0, settings = s->n_settings > 0;

	d->tunables = arena_array(arena, ARRAY_SIZE(table), sizeof(*d->tunables));
	if (!d->tunables)
		return -ENOMEM;
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		const struct tunable *from = &table[i];
		bool vm = !strchr(from->name, '/');
		struct doctor_tunable t = { .standard = standard_of(from, s, rules), .effect = from->effect };

		if (take_value(arena, s, from, &t))
			return -ENOMEM;
		/* Where others of its folder could be read, this kernel does not have it. */
		if (!t.value && (vm ? sysctls : settings))
			continue;
		t.name = arena_printf(arena, vm ? "vm.%s" : "%s", from->name);
		if (!t.name)
			return -ENOMEM;
		if (t.value && t.standard)
			t.at_default = strcmp(t.value, t.standard) == 0 ? ANSWER_YES : ANSWER_NO;
		d->tunables[d->n_tunables++] = t;
	}
	return 0;
}
