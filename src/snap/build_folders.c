// SPDX-License-Identifier: GPL-2.0-or-later
/* Sources of many small files: settings, pools, CMA, slab attributes. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "read/counters.h"
#include "snap/build_priv.h"

/* A source's files as they come; those of one folder follow each other. */
#define EACH_FILE(b, id, f)                                                  \
	for (const struct raw_file *f = file_at((b)->raw, (id), 0); f != NULL; \
	     f = file_at((b)->raw, (id), (size_t)(f - (b)->raw->sources[id].files) + 1))

static const struct raw_file *file_at(const struct raw_capture *raw, enum source_id id, size_t i)
{
	return i < raw->sources[id].n_files ? &raw->sources[id].files[i] : NULL;
}

static bool below(const struct raw_file *f, const char *top, const char **rest)
{
	size_t n = strlen(top);

	if (strncmp(f->dir, top, n) != 0 || (f->dir[n] != '/' && f->dir[n] != '\0'))
		return false;
	*rest = f->dir + n + (f->dir[n] == '/');
	return true;
}

static struct slice first_line(const struct raw_file *f)
{
	struct slice rest = raw_slice(f), line = { "", 0 };

	slice_line(&rest, &line, NULL);
	return slice_trim(line);
}

static void build_sysctls(struct building *b)
{
	struct snap_source *src = &b->s->sources[SRC_SYSCTL];

	EACH_FILE(b, SRC_SYSCTL, f) {
		bool kernel = strcmp(f->dir, "proc/sys/kernel") == 0;
		const char *name = kernel ? arena_printf(&b->s->arena, "kernel.%s", f->name) : f->name;
		int ret = name ? sysctl_add(&b->s->arena, &b->s->sysctl, name, raw_slice(f)) : -ENOMEM;

		if (ret == -ENOMEM)
			b->no_memory = true;
		else if (ret)
			src->bad_lines++;
	}
}

/* Where settings come from, and how their names begin. */
static const struct {
	enum source_id id;
	const char *top, *prefix;
} setting_places[] = {
	{ SRC_SETTINGS, "sys/kernel/mm", "" },
	{ SRC_IOMMU, "sys/class/iommu", "iommu/" },
	{ SRC_IOMMU, "sys/kernel/iommu_groups", "iommu_groups/" },
	{ SRC_MEMCG, "sys/fs/cgroup", "cgroup/" },
};

static void take_setting(struct building *b, const struct raw_file *f, size_t place)
{
	struct snap_setting *v = &b->s->settings[b->s->n_settings];
	struct slice line = first_line(f);
	const char *rest;

	if (!below(f, setting_places[place].top, &rest) || line.len == 0)
		return;
	v->name = arena_printf(&b->s->arena, "%s%s%s%s", setting_places[place].prefix, rest,
			       *rest ? "/" : "", f->name);
	v->text = arena_strndup(&b->s->arena, line.p, line.len);
	b->no_memory |= !v->name || !v->text;
	b->s->n_settings++;
}

static void build_settings(struct building *b)
{
	size_t n = b->raw->sources[SRC_SETTINGS].n_files + b->raw->sources[SRC_IOMMU].n_files +
		   b->raw->sources[SRC_MEMCG].n_files;

	b->s->settings = arena_array(&b->s->arena, n, sizeof(*b->s->settings));
	if (!b->s->settings) {
		b->no_memory = true;
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(setting_places); i++) {
		EACH_FILE(b, setting_places[i].id, f)
			take_setting(b, f, i);
	}
}

/* ---- huge page pools ---- */

/* "hugepages-2048kB" at the end of @dir. */
static bool pool_size(const char *dir, uint64_t *kb)
{
	const char *p = strrchr(dir, '/');
	size_t len;

	p = p ? p + 1 : dir;
	if (strncmp(p, "hugepages-", 10) != 0)
		return false;
	p += 10;
	len = strcspn(p, "k");
	return strcmp(p + len, "kB") == 0 && num_u64(p, len, kb) == 0;
}

static void pool_value(struct snap_hugepages *p, const struct raw_file *f)
{
	struct opt_u64 v = build_number(raw_slice(f));

	if (strcmp(f->name, "nr_hugepages") == 0)
		p->nr = v;
	else if (strcmp(f->name, "free_hugepages") == 0)
		p->free = v;
	else if (strcmp(f->name, "resv_hugepages") == 0)
		p->resv = v;
	else if (strcmp(f->name, "surplus_hugepages") == 0)
		p->surplus = v;
	else if (strcmp(f->name, "nr_overcommit_hugepages") == 0)
		p->overcommit = v;
}

static int by_size(const void *a, const void *b)
{
	const struct snap_hugepages *x = a, *y = b;

	return x->size_kb < y->size_kb ? -1 : x->size_kb > y->size_kb;
}

/* Pools of the folders below @top, by size. */
static void build_pools(struct building *b, enum source_id id, const char *top,
			struct snap_hugepages **pools, size_t *n_pools)
{
	struct snap_hugepages *v = NULL;
	const char *dir = NULL, *rest;
	size_t n = 0, cap = 0;
	uint64_t kb;

	EACH_FILE(b, id, f) {
		if (!below(f, top, &rest) || !pool_size(f->dir, &kb))
			continue;
		if (f->dir != dir) {
			if (vec_grow(&v, &cap, n, sizeof(*v))) {
				b->no_memory = true;
				break;
			}
			memset(&v[n], 0, sizeof(*v));
			v[n++].size_kb = kb;
			dir = f->dir;
		}
		pool_value(&v[n - 1], f);
	}
	if (n) {
		qsort(v, n, sizeof(*v), by_size);
		*pools = arena_memdup(&b->s->arena, v, n * sizeof(*v));
		*n_pools = *pools ? n : 0;
		b->no_memory |= !*pools;
	}
	free(v);
}

/* ---- CMA ---- */

static struct snap_cma *cma_named(struct building *b, const char *name)
{
	struct snapshot *s = b->s;
	size_t len = strcspn(name, "/");

	for (size_t i = 0; i < s->n_cma; i++) {
		if (strlen(s->cma[i].name) == len && memcmp(s->cma[i].name, name, len) == 0)
			return &s->cma[i];
	}
	s->cma[s->n_cma].name = arena_strndup(&s->arena, name, len);
	if (!s->cma[s->n_cma].name) {
		b->no_memory = true;
		return NULL;
	}
	return &s->cma[s->n_cma++];
}

static void cma_value(struct snap_cma *c, const struct raw_file *f)
{
	struct opt_u64 v = build_number(raw_slice(f));

	if (strcmp(f->name, "alloc_pages_success") == 0)
		c->alloc_success = v;
	else if (strcmp(f->name, "alloc_pages_fail") == 0)
		c->alloc_fail = v;
	else if (strcmp(f->name, "total_pages") == 0 || strcmp(f->name, "count") == 0)
		c->total_pages = v;
	else if (strcmp(f->name, "available_pages") == 0)
		c->available_pages = v;
	else if (strcmp(f->name, "used") == 0)
		c->used_pages = v;
	else if (strcmp(f->name, "maxchunk") == 0)
		c->maxchunk_pages = v;
	else if (strcmp(f->name, "base_pfn") == 0)
		c->base_pfn = v;
}

static void build_cma(struct building *b)
{
	size_t n = b->raw->sources[SRC_CMA].n_files;
	const char *rest;

	b->s->cma = arena_array(&b->s->arena, n, sizeof(*b->s->cma));
	if (!b->s->cma) {
		b->no_memory = true;
		return;
	}
	EACH_FILE(b, SRC_CMA, f) {
		struct snap_cma *c;

		if (below(f, "sys/kernel/debug/cma", &rest)) {
			/* debugfs puts "cma-" before the name that sysfs has */
			if (strncmp(rest, "cma-", 4) == 0)
				rest += 4;
		} else if (!below(f, "sys/kernel/mm/cma", &rest)) {
			continue;
		}
		c = *rest ? cma_named(b, rest) : NULL;
		if (c)
			cma_value(c, f);
	}
}

static void build_swiotlb(struct building *b)
{
	EACH_FILE(b, SRC_SWIOTLB, f) {
		struct opt_u64 v = build_number(raw_slice(f));

		if (strcmp(f->name, "io_tlb_nslabs") == 0)
			b->s->swiotlb.nslabs = v;
		else if (strcmp(f->name, "io_tlb_used") == 0)
			b->s->swiotlb.used = v;
	}
}

/* ---- /sys/kernel/slab ---- */

static const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

struct alias {
	const char *target, *name;
};

static int by_target(const void *a, const void *b)
{
	const struct alias *x = a, *y = b;
	int c = strcmp(x->target, y->target);

	return c ? c : strcmp(x->name, y->name);
}

static int by_cache_name(const void *a, const void *b)
{
	const struct sysslab_cache *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static size_t read_caches(struct building *b, struct sysslab_cache *v, struct alias *aliases,
			  size_t *n_aliases)
{
	struct sysslab_cache *c = NULL;
	const char *dir = NULL, *rest;
	size_t n = 0;

	EACH_FILE(b, SRC_SYSSLAB, f) {
		int ret;

		if (f->is_link) {
			aliases[(*n_aliases)++] = (struct alias){ last_part(f->data), f->name };
			continue;
		}
		if (!below(f, "sys/kernel/slab", &rest))
			continue;
		if (f->dir != dir) {
			c = &v[n++];
			c->name = arena_strdup(&b->s->arena, rest);
			dir = f->dir;
		}
		ret = c && c->name ? read_sysslab_attr(&b->s->arena, f->name, raw_slice(f), c) : -ENOMEM;
		if (ret == -ENOMEM)
			b->no_memory = true;
		else if (ret)
			b->s->sources[SRC_SYSSLAB].bad_lines++;
	}
	return n;
}

static void give_aliases(struct building *b, const struct alias *aliases, size_t n_aliases)
{
	size_t a = 0;

	for (size_t i = 0; i < b->s->n_sysslab; i++) {
		struct sysslab_cache *c = &b->s->sysslab[i];
		size_t end;

		while (a < n_aliases && strcmp(aliases[a].target, c->name) < 0)
			a++;
		for (end = a; end < n_aliases && strcmp(aliases[end].target, c->name) == 0; end++)
			;
		c->alias_names = end > a ? arena_array(&b->s->arena, end - a, sizeof(*c->alias_names))
					 : NULL;
		for (; a < end && c->alias_names; a++) {
			c->alias_names[c->n_aliases] = arena_strdup(&b->s->arena, aliases[a].name);
			b->no_memory |= !c->alias_names[c->n_aliases];
			c->n_aliases++;
		}
		b->no_memory |= end > a;
	}
}

static size_t count_folders(const struct building *b)
{
	const char *dir = NULL;
	size_t n = 0;

	EACH_FILE(b, SRC_SYSSLAB, f) {
		n += !f->is_link && f->dir != dir;
		dir = f->is_link ? dir : f->dir;
	}
	return n;
}

static void build_sysslab(struct building *b)
{
	size_t n_files = b->raw->sources[SRC_SYSSLAB].n_files, n_aliases = 0;
	struct sysslab_cache *v = arena_array(&b->s->arena, count_folders(b), sizeof(*v));
	struct alias *aliases = calloc(n_files ? n_files : 1, sizeof(*aliases));

	if (v && aliases) {
		b->s->sysslab = v;
		b->s->n_sysslab = read_caches(b, v, aliases, &n_aliases);
	}
	b->no_memory |= !v || !aliases;
	if (!b->no_memory) {
		if (b->s->n_sysslab)
			qsort(v, b->s->n_sysslab, sizeof(*v), by_cache_name);
		if (n_aliases)
			qsort(aliases, n_aliases, sizeof(*aliases), by_target);
		give_aliases(b, aliases, n_aliases);
	}
	b->s->has_sysslab = b->s->n_sysslab > 0;
	free(aliases);
}

void build_folders(struct building *b)
{
	build_sysctls(b);
	build_settings(b);
	build_pools(b, SRC_HUGEPAGES, "sys/kernel/mm/hugepages", &b->s->hugepages, &b->s->n_hugepages);
	build_cma(b);
	build_swiotlb(b);
	build_sysslab(b);
}

/* ---- nodes ---- */

static struct snap_node *node_numbered(struct building *b, struct snap_node *v, size_t *n, int node)
{
	for (size_t i = *n; i > 0; i--) {
		if (v[i - 1].node == node)
			return &v[i - 1];
	}
	(void)b;
	v[*n].node = node;
	return &v[(*n)++];
}

static bool node_of_dir(const struct raw_file *f, int *node)
{
	const char *rest;
	uint64_t v;
	size_t len;

	if (!below(f, "sys/devices/system/node", &rest) || strncmp(rest, "node", 4) != 0)
		return false;
	len = strcspn(rest + 4, "/");
	if (num_u64(rest + 4, len, &v) || v > INT32_MAX)
		return false;
	*node = (int)v;
	return true;
}

static void node_file(struct building *b, struct snap_node *n, const struct raw_file *f)
{
	struct arena *a = &b->s->arena;
	struct read_notes notes = { 0 };
	int ret = 0;

	if (strcmp(f->name, "meminfo") == 0) {
		ret = read_meminfo(a, raw_slice(f), &n->meminfo, &notes);
	} else if (strcmp(f->name, "vmstat") == 0 && n->counters.n == 0) {
		ret = read_vmstat(a, raw_slice(f), &n->counters, &notes);
	} else if (strcmp(f->name, "cpulist") == 0) {
		ret = read_cpulist(a, raw_slice(f), &n->cpus, &n->n_cpus);
		n->has_cpulist = ret == 0;
	} else if (strcmp(f->name, "distance") == 0) {
		ret = read_numbers(a, raw_slice(f), &n->distance, &n->n_distance);
	}
	b->no_memory |= ret == -ENOMEM;
	b->s->sources[SRC_NODES].bad_lines += notes.bad_lines + (ret == -EINVAL);
}

static int by_node(const void *a, const void *b)
{
	const struct snap_node *x = a, *y = b;

	return x->node < y->node ? -1 : x->node > y->node;
}

static void node_pools(struct building *b)
{
	for (size_t i = 0; i < b->s->n_nodes; i++) {
		struct snap_node *n = &b->s->nodes[i];
		char dir[64];

		snprintf(dir, sizeof(dir), "sys/devices/system/node/node%d", n->node);
		build_pools(b, SRC_NODES, dir, &n->hugepages, &n->n_hugepages);
	}
}

void build_nodes(struct building *b)
{
	size_t max = b->s->n_zones + b->zoneinfo.n_nodes + b->raw->sources[SRC_NODES].n_files, n = 0;
	struct snap_node *v = calloc(max ? max : 1, sizeof(*v));
	int node;

	if (!v) {
		b->no_memory = true;
		return;
	}
	for (size_t i = 0; i < b->s->n_zones; i++)
		node_numbered(b, v, &n, b->s->zones[i].node);
	for (size_t i = 0; i < b->zoneinfo.n_nodes; i++)
		node_numbered(b, v, &n, b->zoneinfo.nodes[i].node)->counters =
			b->zoneinfo.nodes[i].counters;
	EACH_FILE(b, SRC_NODES, f) {
		if (node_of_dir(f, &node))
			node_file(b, node_numbered(b, v, &n, node), f);
	}
	if (n) {
		qsort(v, n, sizeof(*v), by_node);
		b->s->nodes = arena_memdup(&b->s->arena, v, n * sizeof(*v));
		b->no_memory |= !b->s->nodes;
		b->s->n_nodes = b->s->nodes ? n : 0;
	}
	free(v);
	node_pools(b);
}
