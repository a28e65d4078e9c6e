// SPDX-License-Identifier: GPL-2.0-or-later
/* Reader of /proc/vmallocinfo. */
#include "read/vmallocinfo.h"

#include <errno.h>
#include <stdlib.h>

#include "read/vmalloc_callers.h"
#include "read/vmalloc_line.h"
#include "read/vmalloc_ranges.h"
#include "read/vmalloc_repeats.h"

#define NODE_CELLS_MIN ((size_t)4 << 20)

/* What hangs on the order of lines. */
struct part {
	struct part *next;
	uint64_t number;
	struct vmalloc_ranges ranges;
	struct read_notes notes;
};

struct vmallocinfo_reader {
	struct arena arena; /* becomes the caller's in the end */
	struct vmalloc_callers callers;
	struct vmalloc_repeats repeats;
	struct part *parts; /* ascending */
	struct part *part;  /* the one that is read */
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

/* Any line. What is wrong with it is set, or NULL. */
static int count_line(struct vmallocinfo_reader *reader, const char **at, const char *end, const char **why)
{
	struct vmalloc_callers_entry *caller;
	const char *begin = *at;
	struct vmalloc_line line;
	int r;

	*why = vmalloc_line_parse(at, end, &line);
	if (*why)
		return 0;
	r = vmalloc_callers_find(&reader->callers, line.caller, line.kind, &caller);
	if (r)
		return r;
	if (!caller) {
		*why = "not a caller's name";
		return 0;
	}
	vmalloc_ranges_add(&reader->part->ranges, (struct vmalloc_range){ line.start, line.end }, line.bytes,
			   line.kind == VMALLOC_UNPURGED);
	r = vmalloc_repeats_learn(&reader->repeats, begin, end, &line, caller);
	if (r == 0)
		r = vmalloc_callers_add(&reader->callers, caller, &line, 1);
	return r < 0 ? r : 0;
}

static int add_line(struct vmallocinfo_reader *reader, const char **at, const char *end)
{
	struct read_notes *notes = &reader->part->notes;
	const char *begin = *at, *why;
	int r = count_line(reader, at, end, &why);
	size_t len = (size_t)(*at - begin);

	if (why)
		notes_bad(notes, &reader->arena, notes->lines, (struct slice){ begin, len - (begin[len - 1] == '\n') },
			  why);
	return r;
}

/* The parts of two lists in one, of equal ones @a's first. */
static struct part *merge(struct part *a, struct part *b)
{
	struct part *parts = NULL, **end = &parts;

	while (a && b) {
		struct part **first = b->number < a->number ? &b : &a;

		*end = *first;
		*first = (*first)->next;
		end = &(*end)->next;
	}
	*end = a ? a : b;
	return parts;
}

int vmallocinfo_reader_part(struct vmallocinfo_reader *r, uint64_t number)
{
	struct part *part = calloc(1, sizeof(*part));

	if (!part)
		return -ENOMEM;
	part->number = number;
	r->parts = merge(r->parts, part);
	r->part = part;
	r->repeats.ranges = &part->ranges;
	return 0;
}

struct vmallocinfo_reader *vmallocinfo_reader_new(void)
{
	struct vmallocinfo_reader *r = calloc(1, sizeof(*r));

	if (!r)
		return NULL;
	r->callers.arena = &r->arena;
	r->callers.node_cells_max = NODE_CELLS_MIN;
	if (vmallocinfo_reader_part(r, 0)) {
		free(r);
		return NULL;
	}
	return r;
}

int vmallocinfo_reader_add(struct vmallocinfo_reader *reader, struct slice piece)
{
	const char *at = piece.p, *end = piece.p + piece.len;
	uint64_t *lines = &reader->part->notes.lines;
	int r = 0;

	reader->callers.node_cells_max += piece.len;
	while (r == 0) {
		at = vmalloc_repeats_add(&reader->repeats, at, end, lines);
		if (at == end)
			break;
		++*lines;
		r = add_line(reader, &at, end);
	}
	return r;
}

int vmallocinfo_reader_join(struct vmallocinfo_reader *r, struct vmallocinfo_reader *later)
{
	int ret = vmalloc_repeats_sum(&later->repeats, &later->callers);

	if (ret == 0)
		ret = vmalloc_callers_join(&r->callers, &later->callers);
	r->parts = merge(r->parts, later->parts);
	later->parts = NULL;
	arena_move(&r->arena, &later->arena); /* the notes' excerpts are in it */
	return ret;
}

/* All parts as one. */
static struct part *join_parts(struct vmallocinfo_reader *r)
{
	struct part *first = r->parts;

	for (struct part *p = first->next; p; p = p->next) {
		vmalloc_ranges_join(&first->ranges, &p->ranges);
		notes_join(&first->notes, &p->notes);
	}
	return first;
}

int vmallocinfo_reader_take(struct vmallocinfo_reader *reader, struct arena *arena,
			    struct vmallocinfo *out, struct read_notes *notes)
{
	struct part *all = join_parts(reader);
	int r;

	*out = (struct vmallocinfo){ 0 };
	r = vmalloc_repeats_sum(&reader->repeats, &reader->callers);
	if (r == 0)
		r = vmalloc_callers_take(&reader->callers, out);
	if (r == 0)
		r = vmalloc_ranges_take(&all->ranges, &reader->arena, out);
	if (r == 0 && out->areas == 0 && all->notes.bad_lines)
		r = -EINVAL;
	*notes = all->notes;
	arena_move(arena, &reader->arena);
	return r;
}

void vmallocinfo_reader_free(struct vmallocinfo_reader *r)
{
	if (!r)
		return;
	while (r->parts) {
		struct part *p = r->parts;

		r->parts = p->next;
		free(p);
	}
	vmalloc_callers_done(&r->callers);
	vmalloc_repeats_done(&r->repeats);
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
