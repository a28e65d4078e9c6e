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

/* Attributes of one cache; those that the first cache lacks no cache has. */
static int take_cache(struct taking *t, const char *dir, uint64_t *lacking)
{
	int ret = -ENOENT;

	for (size_t i = 0; source_slab_attrs[i]; i++) {
		int one;

		if (*lacking & UINT64_C(1) << i)
			continue;
		one = taking_small(t, SRC_SYSSLAB, dir, source_slab_attrs[i]);
		if (one == -ENOENT && t->c->live)
			*lacking |= UINT64_C(1) << i;
		else if (one == -EACCES || one == -EPERM || one == -EFBIG)
			return one;
		else if (one == 0)
			ret = 0;
	}
	return ret;
}

void take_sysslab(struct taking *t)
{
	static const char top[] = "sys/kernel/slab";
	const char **names;
	size_t n;
	uint64_t lacking = 0;
	int ret = taking_list(t, top, "", &names, &n);

	for (size_t i = 0; i < n && !t->no_memory; i++) {
		const char *dir = taking_join(t, top, names[i]);
		char target[4096];
		size_t before = t->c->sources[SRC_SYSSLAB].n_files;
		int one = root_readlink(&t->root, dir, target, sizeof(target));

		if (one == 0) {
			taking_add(t, SRC_SYSSLAB, top, names[i], slice_of(target), true, true);
			continue;
		}
		one = take_cache(t, dir, &lacking);
		if (one == -EACCES || one == -EPERM || one == -EFBIG) {
			ret = one;
			/* The attributes are root's; links alone tell nothing. */
			if (before == 0 || one == -EFBIG || t->c->live) {
				t->c->sources[SRC_SYSSLAB].n_files = 0;
				break;
			}
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
