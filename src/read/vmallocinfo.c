// SPDX-License-Identifier: GPL-2.0-or-later
/* Reader of /proc/vmallocinfo. */
#include "read/vmallocinfo.h"

#include <errno.h>
#include <stdlib.h>

#include "read/vmalloc_callers.h"
#include "read/vmalloc_line.h"
#include "read/vmalloc_ranges.h"
#include "read/vmalloc_usual.h"

#define NODE_CELLS_MIN ((size_t)4 << 20)

struct vmallocinfo_reader {
	struct arena arena; /* becomes the caller's in the end */
	struct vmalloc_callers callers;
	struct vmalloc_ranges ranges;
	struct vmalloc_usual usual;
	struct read_notes notes;
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

/* Any line. */
static int add_line(struct vmallocinfo_reader *reader, const char **at, const char *end)
{
	const char *begin = *at, *why;
	struct vmalloc_line line;
	size_t len;

	why = vmalloc_line_parse(at, end, &line);
	if (!why) {
		struct vmalloc_callers_entry *e = NULL;
		int r = vmalloc_callers_add(&reader->callers, &line, &e);

		if (r == 0)
			r = vmalloc_usual_learn(&reader->usual, e);
		if (r == -ENOMEM)
			return r;
		if (r == 0)
			vmalloc_ranges_add(&reader->ranges, &line);
		else
			why = "not a caller's name";
	}
	if (why) {
		len = (size_t)(*at - begin);
		notes_bad(&reader->notes, &reader->arena, reader->notes.lines,
			  (struct slice){ begin, len - (begin[len - 1] == '\n') }, why);
	}
	return 0;
}

struct vmallocinfo_reader *vmallocinfo_reader_new(void)
{
	struct vmallocinfo_reader *r = calloc(1, sizeof(*r));

	if (r) {
		r->callers.arena = &r->arena;
		r->callers.node_cells_max = NODE_CELLS_MIN;
		r->usual = (struct vmalloc_usual){ .callers = &r->callers, .ranges = &r->ranges };
	}
	return r;
}

int vmallocinfo_reader_add(struct vmallocinfo_reader *reader, struct slice piece)
{
	const char *at = piece.p, *end = piece.p + piece.len;
	int r = 0;

	reader->callers.node_cells_max += piece.len;
	while (at < end && r == 0) {
		at = vmalloc_usual_add(&reader->usual, at, end, &reader->notes.lines);
		reader->notes.lines++;
		r = add_line(reader, &at, end);
	}
	return r;
}

int vmallocinfo_reader_join(struct vmallocinfo_reader *r, struct vmallocinfo_reader *later)
{
	int ret = vmalloc_callers_join(&r->callers, &later->callers);

	if (ret)
		return ret;
	vmalloc_ranges_join(&r->ranges, &later->ranges);
	notes_join(&r->notes, &later->notes);
	arena_move(&r->arena, &later->arena); /* the notes' excerpt is in it */
	return 0;
}

int vmallocinfo_reader_take(struct vmallocinfo_reader *reader, struct arena *arena,
			    struct vmallocinfo *out, struct read_notes *notes)
{
	int r;

	*out = (struct vmallocinfo){ 0 };
	r = vmalloc_callers_take(&reader->callers, out);
	if (r == 0)
		r = vmalloc_ranges_take(&reader->ranges, &reader->arena, out);
	if (r == 0 && out->areas == 0 && reader->notes.bad_lines)
		r = -EINVAL;
	*notes = reader->notes;
	arena_move(arena, &reader->arena);
	return r;
}

void vmallocinfo_reader_free(struct vmallocinfo_reader *r)
{
	if (!r)
		return;
	vmalloc_callers_done(&r->callers);
	vmalloc_usual_done(&r->usual);
	arena_done(&r->arena);
	free(r);
}

int read_vmallocinfo(struct arena *arena, struct slice text, struct vmallocinfo *out,
		     struct read_notes *notes)
{
	struct vmallocinfo_reader *reader = vmallocinfo_reader_new();
	int r = -ENOMEM;

	*out = (struct vmallocinfo){ 0 };
	*notes = (struct read_notes){ 0 };
	if (reader)
		r = vmallocinfo_reader_add(reader, text);
	if (r == 0)
		r = vmallocinfo_reader_take(reader, arena, out, notes);
	vmallocinfo_reader_free(reader);
	return r;
}
