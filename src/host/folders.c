// SPDX-License-Identifier: GPL-2.0-or-later
/* Sources that are folders of small files. */
#include <errno.h>
#include <stdlib.h>

#include "host/capture_priv.h"

/* More entries than any kernel folder has: a sysroot may be made up. */
#define MAX_ENTRIES 1000000

static int by_version(const void *a, const void *b)
{
	return strverscmp(*(const char *const *)a, *(const char *const *)b);
}

int taking_list(struct taking *t, const char *dir, const char *prefix, const char ***names, size_t *n)
{
	DIR *d = root_opendir(&t->root, dir);
	const char **found = NULL;
	size_t cap = 0, count = 0;
	struct dirent *e;

	*names = NULL;
	*n = 0;
	if (!d)
		return -errno;
	while ((e = readdir(d)) && count < MAX_ENTRIES) {
		if (strncmp(e->d_name, prefix, strlen(prefix)) != 0 || strcmp(e->d_name, ".") == 0 ||
		    strcmp(e->d_name, "..") == 0)
			continue;
		if (vec_grow(&found, &cap, count, sizeof(*found)) ||
		    !(found[count] = arena_strdup(&t->c->arena, e->d_name))) {
			t->no_memory = true;
			break;
		}
		count++;
	}
	closedir(d);
	/* readdir has no order; a snapshot has. */
	if (count)
		qsort(found, count, sizeof(*found), by_version);
	*names = count ? arena_memdup(&t->c->arena, found, count * sizeof(*found)) : NULL;
	if (count && !*names) {
		t->no_memory = true;
		count = 0;
	}
	*n = count;
	free(found);
	return 0;
}

/* Read DIR/NAME for each of @names (NULL terminated); the first error, if none was there. */
static int take_files(struct taking *t, enum source_id id, const char *dir, const char *const *names)
{
	int first = 0;

	for (; *names; names++) {
		int ret = taking_small(t, id, dir, *names);

		if (ret && ret != -ENOENT && !first)
			first = ret;
		if (ret == -EFBIG)
			break;
	}
	return first;
}

void take_sysctl(struct taking *t)
{
	int ret = take_files(t, SRC_SYSCTL, "proc/sys/vm", source_sysctls);

	taking_small(t, SRC_SYSCTL, "proc/sys/kernel", "kptr_restrict");
	taking_result(t, SRC_SYSCTL, ret ? ret : -ENOENT, NULL);
}

/* The caches being read. */
struct slab_walk {
	uint64_t lacking; /* attributes, by their place in all lists, that no cache of this kernel has */
	bool all;	  /* every attribute */
	bool debug;	  /* some cache may be debugged */
};

static bool is_denied(int err)
{
	return err == -EACCES || err == -EPERM || err == -EFBIG;
}

/* Attributes of one list; 0, or the first error that ends the source. @bit: the list's first place. */
static int take_attrs(struct taking *t, const char *dir, const char *const *attrs, unsigned int bit,
		      struct slab_walk *w)
{
	for (; *attrs; attrs++, bit++) {
		int ret;

		if (w->lacking & UINT64_C(1) << bit)
			continue;
		ret = taking_small(t, SRC_SYSSLAB, dir, *attrs);
		/* What one cache lacks, all lack: the files depend on the configuration. */
		if (ret == -ENOENT && t->c->live)
			w->lacking |= UINT64_C(1) << bit;
		if (is_denied(ret))
			return ret;
	}
	return 0;
}

/* Whether one of the files just read, from @first on, says 1. */
static bool any_set(const struct taking *t, size_t first)
{
	const struct raw_source *s = &t->c->sources[SRC_SYSSLAB];

	for (; first < s->n_files; first++) {
		if (s->files[first].data[0] == '1')
			return true;
	}
	return false;
}

static int take_cache(struct taking *t, const char *dir, bool merged, struct slab_walk *w, bool *probed)
{
	int ret = take_attrs(t, dir, source_slab_attrs, 0, w);
	size_t before = t->c->sources[SRC_SYSSLAB].n_files;

	/* A debugged cache is never merged; one that is not tells of the others. */
	if (!ret && (w->all || (!merged && (w->debug || !*probed)))) {
		ret = take_attrs(t, dir, source_slab_debug_attrs, 16, w);
		w->debug |= any_set(t, before);
		*probed = true;
	}
	if (!ret && w->all)
		ret = take_attrs(t, dir, source_slab_more_attrs, 32, w);
	return ret;
}

static bool debugging_asked_for(const struct taking *t)
{
	const struct raw_file *cmdline = raw_find(t->c, SRC_KERNEL, "proc/cmdline");

	return slice_find(raw_slice(cmdline), "slub_debug") || slice_find(raw_slice(cmdline), "slab_debug");
}

void take_sysslab(struct taking *t)
{
	static const char top[] = "sys/kernel/slab";
	struct slab_walk walk = { .debug = debugging_asked_for(t) };
	const char **names;
	size_t n;
	bool probed = false;
	int ret = taking_list(t, top, "", &names, &n);

	walk.all = !t->c->live || (t->insist & SRC_BIT(SRC_SYSSLAB));
	for (size_t i = 0; i < n && !t->no_memory; i++) {
		const char *dir = taking_join(t, top, names[i]);
		char target[4096];
		int one = root_readlink(&t->root, dir, target, sizeof(target));

		if (one == 0) {
			taking_add(t, SRC_SYSSLAB, top, names[i], slice_of(target), true, true);
			continue;
		}
		ret = take_cache(t, dir, names[i][0] == ':', &walk, &probed);
		if (ret) {
			/* The attributes are root's, and links alone tell nothing. */
			t->c->sources[SRC_SYSSLAB].n_files = 0;
			break;
		}
	}
	taking_result(t, SRC_SYSSLAB, ret ? ret : -ENOENT, NULL);
}

static void take_pools(struct taking *t, enum source_id id, const char *top)
{
	static const char *const files[] = { "nr_hugepages",	   "free_hugepages",
					     "resv_hugepages",	   "surplus_hugepages",
					     "nr_overcommit_hugepages", NULL };
	const char **names;
	size_t n;

	taking_list(t, top, "hugepages-", &names, &n);
	for (size_t i = 0; i < n; i++)
		take_files(t, id, taking_join(t, top, names[i]), files);
}

void take_nodes(struct taking *t)
{
	static const char *const files[] = { "meminfo", "vmstat", "distance", "cpulist", NULL };
	static const char top[] = "sys/devices/system/node";
	const char **names;
	size_t n;
	int ret = taking_list(t, top, "node", &names, &n), one;

	for (size_t i = 0; i < n && !t->no_memory; i++) {
		const char *dir;

		if (names[i][4] == '\0' || names[i][4 + strspn(names[i] + 4, "0123456789")])
			continue;
		dir = taking_join(t, top, names[i]);
		one = take_files(t, SRC_NODES, dir, files);
		ret = ret ? ret : one;
		take_pools(t, SRC_NODES, taking_join(t, dir, "hugepages"));
	}
	taking_result(t, SRC_NODES, ret ? ret : -ENOENT, NULL);
}

void take_hugepages(struct taking *t)
{
	static const char top[] = "sys/kernel/mm/hugepages";

	take_pools(t, SRC_HUGEPAGES, top);
	taking_result(t, SRC_HUGEPAGES, -ENOENT, NULL);
}

void take_settings(struct taking *t)
{
	static const char thp[] = "sys/kernel/mm/transparent_hugepage";
	static const char *const top[] = { "enabled",	    "defrag",	      "shmem_enabled",
					   "use_zero_page", "hpage_pmd_size", "shrink_underused", NULL };
	static const char *const khuge[] = { "defrag",		 "pages_to_scan",
					     "max_ptes_none",	 "max_ptes_swap",
					     "max_ptes_shared",	 "alloc_sleep_millisecs",
					     "scan_sleep_millisecs", NULL };
	static const char *const size[] = { "enabled", "shmem_enabled", "stats/anon_fault_alloc",
					    "stats/anon_fault_fallback", NULL };
	static const char *const other[] = { "lru_gen/enabled", "numa/demotion_enabled", "ksm/run", NULL };
	const char **names;
	size_t n;
	int ret = take_files(t, SRC_SETTINGS, thp, top);

	take_files(t, SRC_SETTINGS, "sys/kernel/mm/transparent_hugepage/khugepaged", khuge);
	taking_list(t, thp, "hugepages-", &names, &n);
	for (size_t i = 0; i < n; i++)
		take_files(t, SRC_SETTINGS, taking_join(t, thp, names[i]), size);
	take_files(t, SRC_SETTINGS, "sys/kernel/mm", other);
	taking_result(t, SRC_SETTINGS, ret ? ret : -ENOENT, NULL);
}

void take_cma(struct taking *t)
{
	static const char sysfs[] = "sys/kernel/mm/cma", debug[] = "sys/kernel/debug/cma";
	static const char *const counts[] = { "alloc_pages_success", "alloc_pages_fail",
					      "total_pages", "available_pages", NULL };
	static const char *const sizes[] = { "base_pfn", "count", "used", "maxchunk", NULL };
	static const char *const range[] = { "base_pfn", NULL };
	const char **names;
	size_t n;
	int ret = taking_list(t, sysfs, "", &names, &n), other;

	for (size_t i = 0; i < n; i++)
		take_files(t, SRC_CMA, taking_join(t, sysfs, names[i]), counts);
	other = taking_list(t, debug, "", &names, &n);
	for (size_t i = 0; i < n; i++) {
		take_files(t, SRC_CMA, taking_join(t, debug, names[i]), sizes);
		take_files(t, SRC_CMA, taking_join(t, taking_join(t, debug, names[i]), "ranges/0"), range);
	}
	/* A kernel with CMA and no area has an empty folder: that is an answer too. */
	if (ret == 0 || other == 0)
		taking_result(t, SRC_CMA, 0, "no CMA area");
	else
		taking_result(t, SRC_CMA, other == -EACCES ? other : ret, NULL);
}

void take_swiotlb(struct taking *t)
{
	static const char *const files[] = { "io_tlb_nslabs", "io_tlb_used", NULL };
	int ret = take_files(t, SRC_SWIOTLB, "sys/kernel/debug/swiotlb", files);

	taking_result(t, SRC_SWIOTLB, ret ? ret : -ENOENT, NULL);
}
