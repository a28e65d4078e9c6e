// SPDX-License-Identifier: GPL-2.0-or-later
/* vmalloc areas by caller, module or kind as a table. */
#include "out/tables.h"

enum vmalloc_column {
	COL_CALLER, COL_MODULE, COL_KIND, COL_AREAS, COL_BYTES, COL_VIRTUAL, COL_GUARD, COL_GUARDED,
	COL_REAL, COL_PAGES, COL_VPAGES, COL_AVERAGE, VMALLOC_COLUMNS
};

static const struct table_column columns[VMALLOC_COLUMNS] = {
	[COL_CALLER] = { "caller", "caller", TABLE_TEXT, true, "function that made the areas" },
	[COL_MODULE] = { "module", "module", TABLE_TEXT, true, "its module; none: the kernel proper" },
	[COL_KIND] = { "kind", "kind", TABLE_TEXT, true,
		       "vmalloc, vmap, ioremap, user, dma-coherent, sparse, vm_map_ram, unpurged, other" },
	[COL_AREAS] = { "areas", "areas", TABLE_COUNT, true, "areas" },
	[COL_BYTES] = { "bytes", "bytes", TABLE_BYTES, true, "address space without guard pages" },
	[COL_VIRTUAL] = { "virtual", "virtual_bytes", TABLE_BYTES, false,
			  "address space as the kernel prints it" },
	[COL_GUARD] = { "guard", "guard_bytes", TABLE_BYTES, false, "guard pages taken off" },
	[COL_GUARDED] = { "guarded", "guard", TABLE_TEXT, false,
			  "how they are known: counted (by pages=), added (one an area), none, unknown, mixed" },
	[COL_REAL] = { "real", "page_bytes", TABLE_BYTES, true,
		       "real pages behind it (vmap and ioremap own none)" },
	[COL_PAGES] = { "pages", "pages", TABLE_COUNT, false, "the same in pages" },
	[COL_VPAGES] = { "vpages", "vpages", TABLE_COUNT, false,
			 "areas so large that their array of pages is vmalloc'ed too" },
	[COL_AVERAGE] = { "average", "average_bytes", TABLE_BYTES, false, "bytes of an area" },
};

static struct table_cell cell_of(const void *data, size_t row, size_t column)
{
	const struct vmallocview *v = data;
	const struct vmalloc_row *r = &v->rows[row];

	switch (column) {
	case COL_CALLER:
		return cell_text(r->caller);
	case COL_MODULE:
		return cell_text(r->module);
	case COL_KIND:
		return cell_text(vmalloc_kind_name(r->kind));
	case COL_AREAS:
		return cell_number(r->areas);
	case COL_BYTES:
		return cell_number(r->bytes);
	case COL_VIRTUAL:
		return cell_number(r->virtual_bytes);
	case COL_GUARD:
		return cell_opt(r->guard_bytes);
	case COL_GUARDED:
		return cell_text(vmalloc_guard_name(r->guard));
	case COL_REAL:
		return cell_opt(r->page_bytes);
	case COL_PAGES:
		return cell_number(r->pages);
	case COL_VPAGES:
		return cell_number(r->vpages);
	default:
		return cell_number(r->average_bytes);
	}
}

static void more(struct jsonw *jw, const void *data, size_t row)
{
	const struct vmallocview *v = data;

	vmalloc_nodes_json(jw, v, &v->rows[row]);
}

void vmalloc_nodes_json(struct jsonw *jw, const struct vmallocview *v, const struct vmalloc_row *r)
{
	if (!r->node_pages) {
		jw_null(jw, "nodes");
		return;
	}
	jw_array_inline(jw, "nodes");
	for (size_t i = 0; i < v->n_nodes; i++) {
		if (!r->node_pages[i])
			continue;
		jw_object(jw, NULL);
		jw_i64(jw, "node", v->node_ids[i]);
		jw_u64(jw, "pages", r->node_pages[i]);
		jw_end_object(jw);
	}
	jw_end_array(jw);
}

struct table vmalloc_table(const struct vmallocview *v)
{
	return (struct table){ columns, VMALLOC_COLUMNS, v->n_rows, cell_of, v, more };
}
