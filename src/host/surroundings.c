// SPDX-License-Identifier: GPL-2.0-or-later
/* What stands around an allocation: IOMMUs, and the memory cgroup of the reader. */
#include <errno.h>
#include <stdlib.h>

#include "host/capture_priv.h"

/* One group a device, or a few; more tell nothing new. */
#define MAX_GROUPS 512
#define MAX_LEVELS 32

/* The kind of each group's default domain: "DMA", "DMA-FQ", "identity"; and which IOMMUs there are. */
void take_iommu(struct taking *t)
{
	static const char class[] = "sys/class/iommu", groups[] = "sys/kernel/iommu_groups";
	const char **names;
	size_t n;
	int ret = taking_list(t, class, "", &names, &n);

	for (size_t i = 0; i < n; i++)
		taking_add(t, SRC_IOMMU, class, names[i], slice_of("1\n"), false, true);
	taking_list(t, groups, "", &names, &n);
	for (size_t i = 0; i < n && i < MAX_GROUPS; i++)
		taking_small(t, SRC_IOMMU, taking_join(t, groups, names[i]), "type");
	/* An empty folder is an answer: no IOMMU. */
	if (ret == 0 && t->c->sources[SRC_IOMMU].n_files == 0)
		taking_add(t, SRC_IOMMU, class, "none", slice_of("0\n"), false, true);
	taking_result(t, SRC_IOMMU, ret, NULL);
}

/* "0::/user.slice" (version 2) or "9:memory:/user.slice" (version 1): the path, else NULL. */
static const char *own_cgroup(struct taking *t, bool *v1)
{
	struct slice rest, line;
	const char *v2_path = NULL;

	if (taking_peek(t, "proc/self", "cgroup", &(const char *){ NULL }))
		return NULL;
	rest = (struct slice){ t->scratch.data, t->scratch.len };
	while (slice_line(&rest, &line, NULL)) {
		const char *a = memchr(line.p, ':', line.len);
		const char *b = a ? memchr(a + 1, ':', line.len - (size_t)(a + 1 - line.p)) : NULL;
		const char *path;

		if (!b || b[1] != '/')
			continue;
		path = arena_strndup(&t->c->arena, b + 2, line.len - (size_t)(b + 2 - line.p));
		/* A path is a name below the mount, never one out of it. */
		if (!path || strstr(path, ".."))
			continue;
		if (slice_find((struct slice){ a, (size_t)(b + 1 - a) }, "memory")) {
			*v1 = true;
			return path;
		}
		if (b == a + 1)
			v2_path = path;
	}
	*v1 = false;
	return v2_path;
}

/* Limits and use of the group and of all above it: each of them may refuse a charge. */
void take_memcg(struct taking *t)
{
	static const char *const files[2][2] = { { "memory.max", "memory.current" },
						 { "memory.limit_in_bytes", "memory.usage_in_bytes" } };
	bool v1 = false;
	const char *path = own_cgroup(t, &v1);
	const char *top = v1 ? "sys/fs/cgroup/memory" : "sys/fs/cgroup";
	size_t len = path ? strlen(path) : 0;
	int ret = path ? 0 : -ENOENT;

	for (int level = 0; path && level < MAX_LEVELS; level++) {
		const char *part = arena_strndup(&t->c->arena, path, len);
		const char *dir = part && *part ? taking_join(t, top, part) : top;
		int one = taking_small(t, SRC_MEMCG, dir, files[v1][0]);

		if (one == 0)
			one = taking_small(t, SRC_MEMCG, dir, files[v1][1]);
		if (one && one != -ENOENT)
			ret = one;
		if (len == 0)
			break;
		while (len > 0 && path[len - 1] != '/')
			len--;
		len -= len > 0;
	}
	taking_result(t, SRC_MEMCG, ret ? ret : -ENOENT, NULL);
}
