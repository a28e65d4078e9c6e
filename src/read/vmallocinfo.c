// SPDX-License-Identifier: GPL-2.0-or-later
/* Reader of /proc/vmallocinfo. */
#include "read/vmallocinfo.h"

#include <errno.h>

#include "base/cleanup.h"
#include "read/vmalloc_callers.h"
#include "read/vmalloc_line.h"
#include "read/vmalloc_ranges.h"

#define NODE_CELLS_MIN ((size_t)4 << 20)

struct parser {
	struct vmallocinfo *out;
	struct vmalloc_callers callers;
	struct vmalloc_range *ranges;
	size_t n_ranges, ranges_cap;
	bool any_wrong, any_nonzero; /* of the addresses */
};

const char *vmalloc_kind_name(enum vmalloc_kind kind)
{
	static const char *const names[VMALLOC_KINDS] = {
		[VMALLOC_VMALLOC] = "vmalloc",
		[VMALLOC_VMAP] = "vmap",
		[VMALLOC_IOREMAP] = "ioremap",
		[VMALLOC_USER] = "user",
		[VMALLOC_DMA_COHERENT] = "dma-coherent",
		[VMALLOC_SPARSE] = "sparse",
		[VMALLOC_VM_MAP_RAM] = "vm_map_ram",
		[VMALLOC_UNPURGED] = "unpurged",
		[VMALLOC_OTHER] = "other",
	};

	return names[kind];
}

static int add_range(struct parser *p, const struct vmalloc_line *line)
{
	bool nonzero = (line->start | line->end) != 0;

	p->any_nonzero |= nonzero;
	p->any_wrong |= line->end < line->start || line->end - line->start != line->bytes;
	if (!nonzero)
		return 0;
	if (vec_grow(&p->ranges, &p->ranges_cap, p->n_ranges, sizeof(*p->ranges)) != 0)
		return -ENOMEM;
	p->ranges[p->n_ranges++] =
		(struct vmalloc_range){ line->start, line->end, line->kind };
	return 0;
}

static int add_area(struct parser *p, const struct vmalloc_line *line)
{
	struct vmallocinfo *out = p->out;
	int r = vmalloc_callers_add(&p->callers, line);

	if (r)
		return r;
	out->areas++;
	out->bytes = sat_add(out->bytes, line->bytes);
	out->pages = sat_add(out->pages, line->pages);
	out->kinds[line->kind].areas++;
	out->kinds[line->kind].bytes = sat_add(out->kinds[line->kind].bytes, line->bytes);
	out->kinds[line->kind].pages = sat_add(out->kinds[line->kind].pages, line->pages);
	return add_range(p, line);
}

static int parse(struct parser *p, struct arena *arena, struct slice text,
		 struct read_notes *notes)
{
	const char *at = text.p, *end = text.p + text.len;

	while (at < end) {
		const char *begin = at, *why;
		struct vmalloc_line line;

		notes->lines++;
		why = vmalloc_line_parse(&at, end, &line);
		if (!why) {
			int r = add_area(p, &line);

			if (r == -ENOMEM)
				return r;
			if (r)
				why = "not a caller's name";
		}
		if (why)
			notes_bad(notes, arena, notes->lines,
				  (struct slice){ begin, (size_t)(at - begin) - (at[-1] == '\n') },
				  why);
	}
	return p->out->areas == 0 && notes->bad_lines ? -EINVAL : 0;
}

/* Ranges mean something when all of them are as long as the size that the line gives. */
static int finish_ranges(struct parser *p, struct arena *arena)
{
	struct vmallocinfo *out = p->out;

	if (out->areas == 0)
		return 0;
	if (!p->any_nonzero) {
		out->addresses = VMALLOC_ADDR_ZERO;
		return 0;
	}
	if (vmalloc_ranges_adjacent(p->ranges, p->n_ranges, &out->adjacent) != 0)
		return -ENOMEM;
	out->addresses = p->any_wrong ? VMALLOC_ADDR_HASHED : VMALLOC_ADDR_REAL;
	if (p->any_wrong)
		return 0;
	out->ranges = arena_memdup(arena, p->ranges, p->n_ranges * sizeof(*p->ranges));
	out->n_ranges = out->ranges ? p->n_ranges : 0;
	return out->ranges ? 0 : -ENOMEM;
}

int read_vmallocinfo(struct arena *arena, struct slice text, struct vmallocinfo *out,
		     struct read_notes *notes)
{
	struct parser p = { .out = out,
			    .callers = { .arena = arena,
					 .node_cells_max = NODE_CELLS_MIN + text.len } };
	int r;

	*out = (struct vmallocinfo){ 0 };
	*notes = (struct read_notes){ 0 };
	r = parse(&p, arena, text, notes);
	if (r == 0)
		r = vmalloc_callers_take(&p.callers, out);
	if (r == 0)
		r = finish_ranges(&p, arena);
	vmalloc_callers_done(&p.callers);
	free(p.ranges);
	return r;
}
