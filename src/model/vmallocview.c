// SPDX-License-Identifier: GPL-2.0-or-later
/* The vmalloc area by who made it. */
#include "model/vmallocview.h"

#include <errno.h>
#include <stdlib.h>

const char *vmalloc_guard_name(enum vmalloc_guard guard)
{
	static const char *const names[] = {
		[GUARD_COUNTED] = "counted", [GUARD_ADDED] = "added", [GUARD_NONE] = "none",
		[GUARD_UNKNOWN] = "unknown", [GUARD_MIXED] = "mixed",
	};

	return names[guard];
}

/* "func+0x1/0x2 [mod]" to its parts; a bare address stays as it is. */
static int split_caller(struct arena *arena, const char *text, struct vmalloc_row *r)
{
	size_t len = strcspn(text, "+ ");
	const char *open = strrchr(text, '['), *close = open ? strchr(open, ']') : NULL;

	r->caller = arena_strndup(arena, text, len);
	if (!r->caller)
		return -ENOMEM;
	if (close && close > open + 1) {
		/* "[mod build-id]" since 5.14 with CONFIG_STACKTRACE_BUILD_ID. */
		r->module = arena_strndup(arena, open + 1, strcspn(open + 1, " ]"));
		if (!r->module)
			return -ENOMEM;
	}
	return 0;
}

/* Callers that register areas without __get_vm_area_node, and so without a guard page. */
static bool registers_itself(const char *caller)
{
	static const char *const names[] = {
		"pcpu_get_vm_areas", "vm_area_register_early", "vm_area_add_early", "iotable_init",
		"add_static_vm_early", "debug_ll_io_init", "pci_reserve_io", "map_kernel",
		"map_kernel_segment", "declare_vma", "declare_kernel_vmas", "paging_init",
		"kasan_mem_notifier", "kasan_alloc_module_shadow", "kasan_module_alloc",
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (strcmp(caller, names[i]) == 0)
			return true;
	}
	return false;
}

/* mm/vmalloc.c:__get_vm_area_node adds a page to the size unless VM_NO_GUARD is set. */
static void take_guard(const struct snapshot *s, const struct vmalloc_caller *c, struct vmalloc_row *r)
{
	uint64_t page = s->kernel.page_size.v, by_pages = sat_mul(c->pages, page);
	uint64_t guards = sat_mul(c->areas, page);

	r->bytes = c->bytes;
	if (!s->kernel.page_size.known) {
		r->guard = GUARD_UNKNOWN;
		return;
	}
	r->guard_bytes = opt_u64(0);
	if (c->pages && c->bytes >= by_pages && c->bytes - by_pages <= guards) {
		r->guard = GUARD_COUNTED;
		r->guard_bytes.v = c->bytes - by_pages;
	} else if (c->kind == VMALLOC_VM_MAP_RAM || registers_itself(r->caller)) {
		r->guard = GUARD_NONE;
	} else if (c->kind == VMALLOC_UNPURGED || c->kind == VMALLOC_OTHER || c->bytes < guards) {
		r->guard = GUARD_UNKNOWN;
	} else {
		r->guard = GUARD_ADDED;
		r->guard_bytes.v = guards;
	}
	r->bytes -= r->guard_bytes.v;
}

static int take_nodes(struct arena *arena, const struct snapshot *s, const uint64_t *from,
		      struct vmalloc_row *to)
{
	if (!from)
		return 0;
	if (!to->node_pages)
		to->node_pages = arena_array(arena, s->vmalloc.n_nodes, sizeof(*to->node_pages));
	if (!to->node_pages)
		return -ENOMEM;
	for (size_t i = 0; i < s->vmalloc.n_nodes; i++)
		to->node_pages[i] = sat_add(to->node_pages[i], from[i]);
	return 0;
}

static int build_row(struct arena *arena, const struct snapshot *s, const struct vmalloc_caller *c,
		     struct vmalloc_row *r)
{
	if (split_caller(arena, c->caller, r))
		return -ENOMEM;
	r->has_kind = true;
	r->kind = c->kind;
	r->areas = c->areas;
	r->virtual_bytes = c->bytes;
	r->pages = c->pages;
	r->vpages = c->vpages;
	r->page_bytes = s->kernel.page_size.known ? opt_u64(sat_mul(c->pages, s->kernel.page_size.v))
						  : OPT_UNKNOWN;
	take_guard(s, c, r);
	return take_nodes(arena, s, c->node_pages, r);
}

static int merge_row(struct arena *arena, const struct snapshot *s, struct vmalloc_row *to,
		     const struct vmalloc_row *from)
{
	if (to->areas == 0)
		to->guard = from->guard;
	else if (to->guard != from->guard)
		to->guard = GUARD_MIXED;
	to->areas = sat_add(to->areas, from->areas);
	to->virtual_bytes = sat_add(to->virtual_bytes, from->virtual_bytes);
	to->bytes = sat_add(to->bytes, from->bytes);
	to->pages = sat_add(to->pages, from->pages);
	to->vpages = sat_add(to->vpages, from->vpages);
	if (from->guard_bytes.known)
		to->guard_bytes = opt_u64(sat_add(to->guard_bytes.v, from->guard_bytes.v));
	if (from->page_bytes.known)
		to->page_bytes = opt_u64(sat_add(to->page_bytes.v, from->page_bytes.v));
	return take_nodes(arena, s, from->node_pages, to);
}

/* What tells rows apart. */
static int by_group(const void *pa, const void *pb)
{
	const struct vmalloc_row *a = pa, *b = pb;
	const char *module_a = a->module ? a->module : "", *module_b = b->module ? b->module : "";
	int c = 0;

	if (a->caller && b->caller)
		c = strcmp(a->caller, b->caller);
	if (!c)
		c = strcmp(module_a, module_b);
	if (!c)
		c = a->kind < b->kind ? -1 : a->kind > b->kind;
	return c;
}

static int by_bytes(const void *pa, const void *pb)
{
	const struct vmalloc_row *a = pa, *b = pb;

	if (a->bytes != b->bytes)
		return a->bytes > b->bytes ? -1 : 1;
	return by_group(pa, pb);
}

static void hide_parts(enum vmalloc_grouping grouping, struct vmalloc_row *r)
{
	if (grouping == VMALLOC_BY_CALLER)
		return;
	r->caller = NULL;
	if (grouping == VMALLOC_BY_KIND)
		r->module = NULL;
}

static int group_rows(struct arena *arena, const struct snapshot *s,
		      enum vmalloc_grouping grouping, struct vmallocview *v)
{
	size_t n = 0;

	for (size_t i = 0; i < v->n_rows; i++)
		hide_parts(grouping, &v->rows[i]);
	if (v->n_rows)
		qsort(v->rows, v->n_rows, sizeof(*v->rows), by_group);
	for (size_t i = 0; i < v->n_rows; i++) {
		if (n && by_group(&v->rows[n - 1], &v->rows[i]) == 0) {
			if (merge_row(arena, s, &v->rows[n - 1], &v->rows[i]))
				return -ENOMEM;
		} else {
			v->rows[n++] = v->rows[i];
		}
	}
	v->n_rows = n;
	for (size_t i = 0; i < n; i++) {
		if (v->rows[i].areas)
			v->rows[i].average_bytes = v->rows[i].bytes / v->rows[i].areas;
	}
	if (n)
		qsort(v->rows, n, sizeof(*v->rows), by_bytes);
	return 0;
}

int vmallocview_build(struct arena *arena, const struct snapshot *s,
		      enum vmalloc_grouping grouping, struct vmallocview *out)
{
	struct opt_u64 total_kb = kv_get(&s->meminfo, "VmallocTotal");
	struct vmallocview v = { 0 };

	v.node_ids = s->vmalloc.node_ids;
	v.n_nodes = s->vmalloc.n_nodes;
	v.n_rows = s->vmalloc.n_callers;
	v.rows = arena_array(arena, v.n_rows, sizeof(*v.rows));
	if (!v.rows)
		return -ENOMEM;
	for (size_t i = 0; i < v.n_rows; i++) {
		if (build_row(arena, s, &s->vmalloc.callers[i], &v.rows[i]) ||
		    merge_row(arena, s, &v.total, &v.rows[i]))
			return -ENOMEM;
	}
	if (group_rows(arena, s, grouping, &v))
		return -ENOMEM;
	if (total_kb.known)
		v.space_bytes = opt_u64(sat_mul(total_kb.v, 1024));
	v.hole = vmalloc_hole(s);
	*out = v;
	return 0;
}
