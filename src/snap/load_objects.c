// SPDX-License-Identifier: GPL-2.0-or-later
/* Loading of the snapshot document: slab, vmalloc, allocation sites. */
#include "snap/load_priv.h"

/* ---- slab ---- */

static void load_statistics(struct loading *l, const cJSON *item, struct slabinfo_cache *c)
{
	size_t n_global, n_cpu;
	uint64_t *global = load_u64s(l, item, "globalstat", &n_global);
	uint64_t *cpu = load_u64s(l, item, "cpustat", &n_cpu);

	if (!global && !cpu)
		return;
	if (n_global != ARRAY_SIZE(c->globalstat) || n_cpu != ARRAY_SIZE(c->cpustat)) {
		load_bad(l, "globalstat");
		return;
	}
	c->has_statistics = true;
	memcpy(c->globalstat, global, sizeof(c->globalstat));
	memcpy(c->cpustat, cpu, sizeof(c->cpustat));
}

static void load_cache(struct loading *l, const cJSON *item, struct slabinfo_cache *c)
{
	c->name = load_str(l, item, "name");
	if (!c->name)
		load_bad(l, "caches");
	c->active_objects = load_need_u64(l, item, "active_objects");
	c->objects = load_need_u64(l, item, "objects");
	c->object_size = load_need_u64(l, item, "object_size");
	c->objects_per_slab = load_need_u64(l, item, "objects_per_slab");
	c->pages_per_slab = load_need_u64(l, item, "pages_per_slab");
	c->active_slabs = load_need_u64(l, item, "active_slabs");
	c->slabs = load_need_u64(l, item, "slabs");
	load_members(l, item, c, snap_tunable_members);
	load_statistics(l, item, c);
}

static struct sysslab_node_count *load_node_counts(struct loading *l, const cJSON *obj, const char *name,
						   size_t *n)
{
	size_t count = load_count(l, obj, name);
	struct sysslab_node_count *v = NULL;
	const cJSON *item;

	*n = 0;
	if (!cJSON_IsArray(jr_get(obj, name)) || !(v = load_array(l, count, sizeof(*v))))
		return NULL;
	cJSON_ArrayForEach(item, jr_get(obj, name)) {
		v[*n].node = load_int(l, item, "node");
		v[*n].count = load_need_u64(l, item, "count");
		(*n)++;
	}
	return v;
}

static void load_aliases(struct loading *l, const cJSON *item, struct sysslab_cache *c)
{
	size_t n = load_count(l, item, "alias_names");
	const cJSON *alias;

	c->alias_names = n ? load_array(l, n, sizeof(*c->alias_names)) : NULL;
	if (!c->alias_names)
		return;
	cJSON_ArrayForEach(alias, jr_get(item, "alias_names")) {
		if (cJSON_IsString(alias))
			c->alias_names[c->n_aliases++] = load_text(l, alias->valuestring);
		else
			load_bad(l, "alias_names");
	}
}

static void load_sysslab_cache(struct loading *l, const cJSON *item, struct sysslab_cache *c)
{
	c->name = load_str(l, item, "name");
	if (!c->name)
		load_bad(l, "sysfs");
	load_aliases(l, item, c);
	load_members(l, item, c, snap_sysslab_members);
	c->ctor = load_str(l, item, "ctor");
	c->node_total = load_node_counts(l, item, "node_total", &c->n_node_total);
	c->node_objects = load_node_counts(l, item, "node_objects", &c->n_node_objects);
}

static void load_caches(struct loading *l, const cJSON *slab)
{
	size_t n = load_count(l, slab, "caches"), n_version;
	uint64_t *version = load_u64s(l, slab, "version", &n_version);
	struct slabinfo *to = &l->s->slab;
	const cJSON *item;

	l->s->has_slab = cJSON_IsArray(jr_get(slab, "caches"));
	if (!l->s->has_slab)
		return;
	if (version && n_version == 2 && version[0] <= 99 && version[1] <= 99) {
		to->version_major = (unsigned int)version[0];
		to->version_minor = (unsigned int)version[1];
	} else if (version) {
		load_bad(l, "version");
	}
	to->statistics = load_bool(l, slab, "statistics");
	to->caches = load_array(l, n, sizeof(*to->caches));
	if (!to->caches)
		return;
	cJSON_ArrayForEach(item, jr_get(slab, "caches"))
		load_cache(l, item, &to->caches[to->n_caches++]);
}

void load_slab(struct loading *l, const cJSON *doc)
{
	const cJSON *slab = jr_get(doc, "slab"), *item;
	size_t n = load_count(l, slab, "sysfs");

	load_caches(l, slab);
	l->s->has_sysslab = n > 0;
	if (!n)
		return;
	l->s->sysslab = load_array(l, n, sizeof(*l->s->sysslab));
	if (!l->s->sysslab)
		return;
	cJSON_ArrayForEach(item, jr_get(slab, "sysfs"))
		load_sysslab_cache(l, item, &l->s->sysslab[l->s->n_sysslab++]);
}

/* ---- vmalloc ---- */

static enum vmalloc_kind load_kind(struct loading *l, const char *name)
{
	for (int k = 0; k < VMALLOC_KINDS; k++) {
		if (name && strcmp(name, vmalloc_kind_name((enum vmalloc_kind)k)) == 0)
			return (enum vmalloc_kind)k;
	}
	load_bad(l, "kind");
	return VMALLOC_OTHER;
}

static void load_callers(struct loading *l, const cJSON *obj, struct vmallocinfo *v)
{
	size_t n = load_count(l, obj, "callers"), nodes;
	const cJSON *item;

	v->callers = load_array(l, n, sizeof(*v->callers));
	if (!v->callers)
		return;
	cJSON_ArrayForEach(item, jr_get(obj, "callers")) {
		struct vmalloc_caller *c = &v->callers[v->n_callers++];

		c->caller = load_str(l, item, "caller");
		if (!c->caller)
			load_bad(l, "caller");
		c->kind = load_kind(l, jr_get_str(item, "kind"));
		c->areas = load_need_u64(l, item, "areas");
		c->bytes = load_need_u64(l, item, "bytes");
		c->pages = load_need_u64(l, item, "pages");
		c->vpages = load_u64(l, item, "vpages").v;
		c->node_pages = load_u64s(l, item, "node_pages", &nodes);
		if (c->node_pages && nodes != v->n_nodes)
			load_bad(l, "node_pages");
	}
}

static void load_kinds(struct loading *l, const cJSON *obj, struct vmallocinfo *v)
{
	const cJSON *item;

	cJSON_ArrayForEach(item, jr_get(obj, "kinds")) {
		enum vmalloc_kind k = load_kind(l, item->string);

		v->kinds[k].areas = load_need_u64(l, item, "areas");
		v->kinds[k].bytes = load_need_u64(l, item, "bytes");
		v->kinds[k].pages = load_need_u64(l, item, "pages");
	}
}

static uint64_t load_hex(struct loading *l, const cJSON *item)
{
	uint64_t v = 0;

	if (!cJSON_IsString(item) || num_hex(item->valuestring, strlen(item->valuestring), &v))
		load_bad(l, "ranges");
	return v;
}

static void load_ranges(struct loading *l, const cJSON *obj, struct vmallocinfo *v)
{
	size_t n = load_count(l, obj, "ranges");
	const cJSON *item;

	if (!cJSON_IsArray(jr_get(obj, "ranges")))
		return;
	v->ranges = load_array(l, n, sizeof(*v->ranges));
	if (!v->ranges)
		return;
	cJSON_ArrayForEach(item, jr_get(obj, "ranges")) {
		struct vmalloc_range *r = &v->ranges[v->n_ranges++];
		const cJSON *start = item->child, *end = start ? start->next : NULL;

		r->start = load_hex(l, start);
		r->end = load_hex(l, end);
		if (r->end < r->start)
			load_bad(l, "ranges");
	}
}

static enum vmalloc_addresses load_addresses(struct loading *l, const char *text)
{
	if (!text || strcmp(text, "none") == 0)
		return VMALLOC_ADDR_NONE;
	if (strcmp(text, "real") == 0)
		return VMALLOC_ADDR_REAL;
	if (strcmp(text, "hashed") == 0)
		return VMALLOC_ADDR_HASHED;
	if (strcmp(text, "zero") != 0)
		load_bad(l, "addresses");
	return VMALLOC_ADDR_ZERO;
}

static void load_node_ids(struct loading *l, const cJSON *obj, struct vmallocinfo *v)
{
	size_t n;
	uint64_t *ids = load_u64s(l, obj, "nodes", &n);

	if (!ids)
		return;
	v->node_ids = load_array(l, n, sizeof(*v->node_ids));
	for (size_t i = 0; v->node_ids && i < n; i++) {
		if (ids[i] > INT32_MAX)
			load_bad(l, "nodes");
		v->node_ids[i] = (int)ids[i];
	}
	v->n_nodes = v->node_ids ? n : 0;
}

void load_vmalloc(struct loading *l, const cJSON *doc)
{
	const cJSON *obj = jr_get(doc, "vmalloc");
	struct vmallocinfo *v = &l->s->vmalloc;

	if (!obj || cJSON_IsNull(obj))
		return;
	l->s->has_vmalloc = true;
	v->areas = load_need_u64(l, obj, "areas");
	v->bytes = load_need_u64(l, obj, "bytes");
	v->pages = load_need_u64(l, obj, "pages");
	v->addresses = load_addresses(l, jr_get_str(obj, "addresses"));
	load_node_ids(l, obj, v);
	load_kinds(l, obj, v);
	load_callers(l, obj, v);
	load_ranges(l, obj, v);
}

/* ---- allocinfo ---- */

void load_allocinfo(struct loading *l, const cJSON *doc)
{
	const cJSON *obj = jr_get(doc, "allocinfo"), *item;
	struct allocinfo *a = &l->s->allocinfo;
	size_t n = load_count(l, obj, "sites");

	if (!cJSON_IsObject(obj))
		return;
	l->s->has_allocinfo = true;
	a->bytes = load_need_u64(l, obj, "bytes");
	a->calls = load_need_u64(l, obj, "calls");
	a->sites = load_array(l, n, sizeof(*a->sites));
	if (!a->sites)
		return;
	cJSON_ArrayForEach(item, jr_get(obj, "sites")) {
		struct allocinfo_site *to = &a->sites[a->n_sites++];

		to->location = load_str(l, item, "location");
		to->function = load_str(l, item, "function");
		to->module = load_str(l, item, "module");
		to->bytes = load_need_u64(l, item, "bytes");
		to->calls = load_need_u64(l, item, "calls");
		to->inaccurate = load_bool(l, item, "inaccurate");
		if (!to->location || !to->function)
			load_bad(l, "sites");
	}
}

/* ---- kmemleak ---- */

void load_kmemleak(struct loading *l, const cJSON *doc)
{
	const cJSON *obj = jr_get(doc, "kmemleak"), *item;
	struct kmemleak *k = &l->s->kmemleak;
	size_t n = load_count(l, obj, "callers");

	if (!cJSON_IsObject(obj))
		return;
	l->s->has_kmemleak = true;
	k->objects = load_need_u64(l, obj, "objects");
	k->bytes = load_need_u64(l, obj, "bytes");
	k->callers = load_array(l, n, sizeof(*k->callers));
	if (!k->callers)
		return;
	cJSON_ArrayForEach(item, jr_get(obj, "callers")) {
		struct kmemleak_caller *to = &k->callers[k->n_callers++];

		to->function = load_str(l, item, "function");
		to->module = load_str(l, item, "module");
		to->objects = load_need_u64(l, item, "objects");
		to->bytes = load_need_u64(l, item, "bytes");
		if (!to->function)
			load_bad(l, "callers");
	}
}

/* ---- page_owner ---- */

static void load_owner(struct loading *l, const cJSON *item, struct page_owner_caller *to)
{
	to->function = load_str(l, item, "function");
	to->module = load_str(l, item, "module");
	to->blocks = load_need_u64(l, item, "blocks");
	to->pages = load_need_u64(l, item, "pages");
	to->stray_pages = load_need_u64(l, item, "stray_pages");
	to->stray_pageblocks = load_need_u64(l, item, "stray_pageblocks");
	if (!to->function)
		load_bad(l, "callers");
}

void load_page_owner(struct loading *l, const cJSON *doc)
{
	const cJSON *obj = jr_get(doc, "page_owner"), *item;
	struct page_owner *o = &l->s->page_owner;
	size_t n = load_count(l, obj, "callers");

	if (!cJSON_IsObject(obj))
		return;
	l->s->has_page_owner = true;
	o->pages = load_need_u64(l, obj, "pages");
	o->stray_pages = load_need_u64(l, obj, "stray_pages");
	o->stray_pageblocks = load_need_u64(l, obj, "stray_pageblocks");
	o->mixed_pageblocks = load_need_u64(l, obj, "mixed_pageblocks");
	o->callers = load_array(l, n, sizeof(*o->callers));
	if (!o->callers)
		return;
	cJSON_ArrayForEach(item, jr_get(obj, "callers"))
		load_owner(l, item, &o->callers[o->n_callers++]);
}
