// SPDX-License-Identifier: GPL-2.0-or-later
/* Reader of kmemleak's list of unreferenced objects. */
#include "read/kmemleak.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "read/allocators.h"
#include "read/backtrace.h"
#include "read/lines.h"
#include "read/nameset.h"

struct parser {
	struct arena *arena;
	struct lines lines;
	struct nameset seen; /* functions, of the kernel proper and of each module */
	struct kmemleak_caller *callers;
	size_t n, cap;
	struct kmemleak *out;
	bool in_object, in_trace; /* between its first line and the next object's; below "backtrace" */
	bool counted;		  /* the object's caller is known */
	uint64_t size;
	const char *outermost; /* the last function so far, should all be allocators */
};

/* Add the object to what its caller lost. 0 or -ENOMEM. */
static int count(struct parser *p, const char *function, const char *module)
{
	const char *key = module ? arena_printf(p->arena, "%s [%s]", function, module) : function;
	size_t index = p->n;
	int r;

	if (!key)
		return -ENOMEM;
	r = nameset_add(&p->seen, 0, slice_of(key), &index);
	if (r < 0)
		return r;
	if (r == 0) {
		if (vec_grow(&p->callers, &p->cap, p->n, sizeof(*p->callers)) != 0)
			return -ENOMEM;
		p->callers[p->n++] = (struct kmemleak_caller){ .function = function, .module = module };
	}
	p->callers[index].objects++;
	p->callers[index].bytes = sat_add(p->callers[index].bytes, p->size);
	p->counted = true;
	return 0;
}

static int end_object(struct parser *p)
{
	bool lost = p->in_object && !p->counted;

	p->in_object = p->in_trace = false;
	return lost ? count(p, p->outermost ? p->outermost : "", NULL) : 0;
}

/* "unreferenced object 0xffff888004d0a800 (size 1024):"; newer kernels may put "(percpu)" before "(size". */
static const char *begin_object(struct parser *p, struct slice s)
{
	const char *size = slice_find(s, "(size "), *end;

	if (!size)
		return "no size";
	size += strlen("(size ");
	end = memchr(size, ')', (size_t)(s.p + s.len - size));
	if (!end || num_u64(size, (size_t)(end - size), &p->size) != 0)
		return "no size";
	p->in_object = true;
	p->counted = false;
	p->outermost = NULL;
	p->out->objects++;
	p->out->bytes = sat_add(p->out->bytes, p->size);
	return NULL;
}

static int frame(struct parser *p, const char **why)
{
	const char *function, *module;
	struct slice name, of;

	*why = backtrace_frame(&p->lines, &name, &of);
	if (*why)
		return 0;
	function = arena_strndup(p->arena, name.p, name.len);
	module = of.len ? arena_strndup(p->arena, of.p, of.len) : NULL;
	if (!function || (of.len && !module))
		return -ENOMEM;
	if (!module && (function_allocates(function) || function_allocates_skb(function))) {
		p->outermost = function;
		return 0;
	}
	return count(p, function, module);
}

static int parse_line(void *parser, const char **why)
{
	struct parser *p = parser;
	struct slice s = slice_trim(p->lines.line);
	int r = 0;

	if (slice_skip(&s, "unreferenced object ")) {
		r = end_object(p);
		*why = r ? NULL : begin_object(p, s);
	} else if (!p->in_object) {
		*why = "not of an object";
	} else if (slice_starts(s, "backtrace")) {
		p->in_trace = true;
	} else if (p->in_trace && !p->counted) {
		r = frame(p, why);
	}
	/* comm, the hex dump, and frames beyond the caller say nothing that is kept. */
	return r;
}

static int by_bytes(const void *a, const void *b)
{
	const struct kmemleak_caller *x = a, *y = b;

	if (x->bytes != y->bytes)
		return x->bytes < y->bytes ? 1 : -1;
	return strcmp(x->function, y->function);
}

static int hand_over(struct parser *p, size_t max_callers)
{
	size_t n = max_callers && max_callers < p->n ? max_callers : p->n;

	if (p->n)
		qsort(p->callers, p->n, sizeof(*p->callers), by_bytes);
	p->out->callers = arena_memdup(p->arena, p->callers, n * sizeof(*p->callers));
	p->out->n_callers = p->out->callers ? n : 0;
	return p->out->callers ? 0 : -ENOMEM;
}

int read_kmemleak(struct arena *arena, struct slice text, size_t max_callers, struct kmemleak *out,
		  struct read_notes *notes)
{
	struct parser p = { .arena = arena, .lines.rest = text, .out = out };
	int r;

	*out = (struct kmemleak){ 0 };
	*notes = (struct read_notes){ 0 };
	r = lines_each(&p.lines, parse_line, &p, arena, notes);
	if (!r)
		r = end_object(&p);
	if (!r && out->objects == 0 && notes->bad_lines)
		r = -EINVAL;
	if (!r)
		r = hand_over(&p, max_callers);
	nameset_done(&p.seen);
	free(p.callers);
	return r;
}
