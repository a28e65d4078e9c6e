// SPDX-License-Identifier: GPL-2.0-or-later
/* Reader of page_owner's records. There may be millions: nothing is kept of one but its sums. */
#include "read/page_owner.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "read/allocators.h"
#include "read/backtrace.h"
#include "read/nameset.h"

/* Tags of the two kinds of names in parser.names; functions of modules have tags from MODULE_FIRST. */
enum { TAG_MODULE, TAG_KERNEL, MODULE_FIRST };

/* Of a function of the kernel proper in parser.names. */
#define ALLOCATES SIZE_MAX

#define NO_BLOCK UINT64_MAX

struct record {
	bool open, placed, counted; /* begun; its line "PFN" is read; its caller is known */
	unsigned int order;
	uint64_t pageblock;
	bool stray, mixed;
};

struct parser {
	struct arena *arena;
	struct lines lines;
	struct nameset names;
	size_t n_modules;
	struct page_owner_caller *callers;
	uint64_t *last_stray; /* of each caller the pageblock of its last stray page */
	size_t n, cap, cap_last;
	struct record now;
	uint64_t last_stray_of_all, last_mixed;
	struct page_owner *out;
	bool any;
};

/* A caller that is not there yet. 0 or -ENOMEM. */
static int add_caller(struct parser *p, struct slice function, struct slice module)
{
	struct page_owner_caller *c;

	if (vec_grow(&p->callers, &p->cap, p->n, sizeof(*p->callers)) ||
	    vec_grow(&p->last_stray, &p->cap_last, p->n, sizeof(*p->last_stray)))
		return -ENOMEM;
	p->last_stray[p->n] = NO_BLOCK;
	c = &p->callers[p->n++];
	*c = (struct page_owner_caller){ .function = arena_strndup(p->arena, function.p, function.len) };
	c->module = module.len ? arena_strndup(p->arena, module.p, module.len) : NULL;
	return c->function && (!module.len || c->module) ? 0 : -ENOMEM;
}

static void count(struct parser *p, size_t caller)
{
	struct page_owner_caller *c = &p->callers[caller];
	uint64_t pages = UINT64_C(1) << p->now.order;

	c->blocks++;
	c->pages = sat_add(c->pages, pages);
	if (p->now.stray) {
		c->stray_pages = sat_add(c->stray_pages, pages);
		c->stray_pageblocks += p->last_stray[caller] != p->now.pageblock;
		p->last_stray[caller] = p->now.pageblock;
	}
	p->now.counted = true;
}

/* Which of the callers @function is: *@caller, or ALLOCATES. 0 or -ENOMEM. */
static int look_up(struct parser *p, struct slice function, struct slice module, size_t *caller)
{
	size_t tag = p->n_modules;
	int r;

	if (module.len) {
		r = nameset_add(&p->names, TAG_MODULE, module, &tag);
		if (r < 0)
			return r;
		p->n_modules += r == 0;
		tag += MODULE_FIRST;
	} else {
		tag = TAG_KERNEL;
	}
	if (nameset_get(&p->names, tag, function, caller))
		return 0;
	*caller = p->n;
	if (!module.len) {
		char name[128] = ""; /* lines_name_ok: at most 127 bytes */

		memcpy(name, function.p, function.len < sizeof(name) ? function.len : sizeof(name) - 1);
		if (function_allocates(name) || function_allocates_skb(name))
			*caller = ALLOCATES;
	}
	r = nameset_add(&p->names, tag, function, caller);
	return r < 0 ? r : *caller == ALLOCATES ? 0 : add_caller(p, function, module);
}

/* A record whose backtrace names nobody is nobody's. */
static int end_record(struct parser *p)
{
	size_t nobody = p->n;
	int r = 0;

	if (p->now.open && p->now.placed && !p->now.counted) {
		r = nameset_add(&p->names, TAG_KERNEL, slice_of(""), &nobody);
		if (r == 0)
			r = add_caller(p, slice_of(""), (struct slice){ 0 });
		if (r >= 0) {
			count(p, nobody);
			r = 0;
		}
	}
	p->now = (struct record){ 0 };
	return r;
}

/* "Page allocated via order 0, mask 0x140cca(GFP_HIGHUSER_MOVABLE|__GFP_COMP), pid 1, ..." */
static const char *begin_record(struct parser *p, struct slice s)
{
	struct slice word;
	uint64_t order;

	if (!slice_word(&s, &word) || word.p[word.len - 1] != ',' ||
	    num_u64(word.p, word.len - 1, &order) || order >= LINES_ORDERS_MAX)
		return "no order";
	p->now = (struct record){ .open = true, .order = (unsigned int)order };
	return NULL;
}

/* "PFN 8193 type Movable Block 16 type Movable Flags 0x20000a0014(...)"; a PFN may be hexadecimal. */
static const char *place(struct parser *p, struct slice s)
{
	struct slice word, page_type, block_type;

	if (!p->lines.complete)
		return "cut off";
	slice_word(&s, &word); /* the number of the page */
	if (!slice_word(&s, &word) || !slice_eq(word, "type") || !slice_word(&s, &page_type) ||
	    !slice_word(&s, &word) || !slice_eq(word, "Block"))
		return "no migratetype";
	if (slice_u64(&s, &p->now.pageblock) || p->now.pageblock == NO_BLOCK)
		return "no pageblock";
	if (!slice_word(&s, &word) || !slice_eq(word, "type") || !slice_word(&s, &block_type))
		return "no migratetype";
	p->now.placed = true;
	p->now.mixed = page_type.len != block_type.len ||
		       memcmp(page_type.p, block_type.p, page_type.len) != 0;
	p->now.stray = !slice_eq(page_type, "Movable") &&
		       (slice_eq(block_type, "Movable") || slice_eq(block_type, "CMA"));
	return NULL;
}

static void add_to_all(struct parser *p)
{
	struct page_owner *o = p->out;
	uint64_t pages = UINT64_C(1) << p->now.order;

	p->any = true;
	o->pages = sat_add(o->pages, pages);
	if (p->now.stray) {
		o->stray_pages = sat_add(o->stray_pages, pages);
		o->stray_pageblocks += p->last_stray_of_all != p->now.pageblock;
		p->last_stray_of_all = p->now.pageblock;
	}
	if (p->now.mixed) {
		o->mixed_pageblocks += p->last_mixed != p->now.pageblock;
		p->last_mixed = p->now.pageblock;
	}
}

static int frame(struct parser *p, const char **why)
{
	struct slice function, module;
	size_t caller;
	int r;

	*why = backtrace_frame(&p->lines, &function, &module);
	if (*why)
		return 0;
	r = look_up(p, function, module, &caller);
	if (r == 0 && caller != ALLOCATES)
		count(p, caller);
	return r;
}

static int parse_line(void *parser, const char **why)
{
	struct parser *p = parser;
	struct slice s = p->lines.line;
	int r = 0;

	if (slice_skip(&s, "Page allocated via order ")) {
		r = end_record(p);
		if (r == 0)
			*why = begin_record(p, s);
	} else if (!p->now.open) {
		*why = "not of a record";
	} else if (slice_skip(&s, "PFN ")) {
		*why = p->now.placed ? "a second PFN" : place(p, s);
		if (!*why)
			add_to_all(p);
	} else if (p->now.placed && !p->now.counted && slice_starts(s, " ")) {
		r = frame(p, why);
	}
	/* Migration, cgroup and "Slab cache page" stand below the backtrace and say nothing that is kept. */
	return r;
}

static int most_stray_first(const void *a, const void *b)
{
	const struct page_owner_caller *x = a, *y = b;

	if (x->stray_pages != y->stray_pages)
		return x->stray_pages < y->stray_pages ? 1 : -1;
	if (x->pages != y->pages)
		return x->pages < y->pages ? 1 : -1;
	return strcmp(x->function, y->function);
}

static int hand_over(struct parser *p, size_t max_callers)
{
	size_t n = max_callers && max_callers < p->n ? max_callers : p->n;

	if (p->n)
		qsort(p->callers, p->n, sizeof(*p->callers), most_stray_first);
	p->out->callers = arena_memdup(p->arena, p->callers, n * sizeof(*p->callers));
	p->out->n_callers = p->out->callers ? n : 0;
	return p->out->callers ? 0 : -ENOMEM;
}

int read_page_owner(struct arena *arena, struct slice text, size_t max_callers, struct page_owner *out,
		    struct read_notes *notes)
{
	struct parser p = { .arena = arena, .lines.rest = text, .out = out,
			    .last_stray_of_all = NO_BLOCK, .last_mixed = NO_BLOCK };
	int r;

	*out = (struct page_owner){ 0 };
	*notes = (struct read_notes){ 0 };
	r = lines_each(&p.lines, parse_line, &p, arena, notes);
	if (!r)
		r = end_record(&p);
	if (!r && !p.any && notes->bad_lines)
		r = -EINVAL;
	if (!r)
		r = hand_over(&p, max_callers);
	nameset_done(&p.names);
	free(p.callers);
	free(p.last_stray);
	return r;
}
