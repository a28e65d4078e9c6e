// SPDX-License-Identifier: GPL-2.0-or-later
/* Reader of /proc/vmallocinfo. */
#include "read/vmallocinfo.h"

#include <errno.h>

#include "base/num.h"
#include "read/vmalloc_callers.h"
#include "read/vmalloc_line.h"
#include "read/vmalloc_ranges.h"

#define NODE_CELLS_MIN ((size_t)4 << 20)
#define LINE_BYTES     80 /* about the least that lines have on average on 64 bits */

struct parser {
	struct vmallocinfo *out;
	struct vmalloc_callers callers;
	struct vmalloc_ranges ranges;
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
	return vmalloc_ranges_add(&p->ranges, line);
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

int read_vmallocinfo(struct arena *arena, struct slice text, struct vmallocinfo *out,
		     struct read_notes *notes)
{
	struct parser p = { .out = out, .callers.arena = arena, .ranges.arena = arena };
	int r;

	*out = (struct vmallocinfo){ 0 };
	*notes = (struct read_notes){ 0 };
	p.callers.node_cells_max = NODE_CELLS_MIN + text.len;
	p.ranges.expected = text.len / LINE_BYTES;
	r = parse(&p, arena, text, notes);
	if (r == 0)
		r = vmalloc_callers_take(&p.callers, out);
	if (r == 0)
		r = vmalloc_ranges_take(&p.ranges, out);
	vmalloc_callers_done(&p.callers);
	vmalloc_ranges_done(&p.ranges);
	return r;
}
