// SPDX-License-Identifier: GPL-2.0-or-later
/* Lines that repeat, but for their addresses. */
#include "read/vmalloc_repeats.h"

#include <errno.h>
#include <stdlib.h>

#include "read/swar.h"

/* Where things stand in a line. */
#define START 2
#define DASH  18
#define END   21
#define TEXT  37
/* How much of a line is known, from the blank before its size to its newline: less is none of an area that has a caller. */
#define LEN_MIN 33
#define LEN_MAX 137
/* So many bytes are looked at behind a line's begin, whatever it is. */
#define ROOM	(TEXT + LEN_MAX)

#define BITS_FIRST 9
#define BITS_STEP  3
#define BITS_MAX   15 /* a stranger's file may have any number */
/* How many slots are looked at from a line's own on: more only where a file was made for it. */
#define PROBES	   32

/* What is looked at for each line, as dense as can be: each next to the one that was met behind it. */
struct vmalloc_repeat_text {
	uint64_t times; /* that it came */
	uint64_t bytes; /* of the area */
	uint32_t len;	/* of the text */
	uint32_t next;	/* the place of the one that came behind it the last time */
	char text[];
};

/* What is not. */
struct vmalloc_repeat {
	struct vmalloc_callers_entry *caller;
	uint64_t pages, node_pages;
	uint32_t node;
	uint8_t n_nodes, more_nodes; /* the parts, and how long those behind the first are */
	bool vpages;
};

/* In units of 8 bytes. */
#define TEXT_UNITS(len) ((sizeof(struct vmalloc_repeat_text) + (len) + 7) / 8)

static inline struct vmalloc_repeat_text *text_at(const struct vmalloc_repeats *r, size_t place)
{
	return (struct vmalloc_repeat_text *)(void *)(r->texts + place);
}

void vmalloc_repeats_done(struct vmalloc_repeats *r)
{
	free(r->texts);
	free(r->v);
	free(r->index);
}

/* ---- the line ---- */

/* Two addresses of 16 digits with what stands before them; a range may end where the next 4 GiB begin. */
static bool take_addresses(struct vmalloc_repeats *r, const char *p, struct vmalloc_range *area)
{
	uint64_t upper_start, upper_end;

	if (memcmp(p, "0x", START) != 0 || memcmp(p + DASH, "-0x", END - DASH) != 0 ||
	    !swar_hex_pair(p + START, p + END, &upper_start, &upper_end) ||
	    !swar_hex_pair(p + START + 8, p + END + 8, &area->start, &area->end))
		return false;
	area->start |= upper_start << 32;
	area->end |= upper_end << 32;
	if (upper_start == upper_end) {
		memcpy(r->around[0], p, sizeof(r->around[0]));
		memcpy(r->around[1], p + DASH, sizeof(r->around[1]));
		r->upper = upper_start << 32;
	}
	return true;
}

/* How long the text of the line at @p is, which has room for one; 0: it is none, or not of a length that is known. */
static inline size_t text_len(const char *p)
{
	const char *text = p + TEXT, *newline = memchr(text, '\n', LEN_MAX);
	size_t len = newline ? (size_t)(newline + 1 - text) : 0;

	return len < LEN_MIN || *text != ' ' ? 0 : len;
}

/* By size, the begin of the caller, and the last words, which are pages and node. */
static inline uint64_t hash(const char *text, size_t len)
{
	const char *end = text + len - 1;

	return swar_load(text) * UINT64_C(0x9e3779b97f4a7c15) + swar_load(text + 8) * UINT64_C(0xc2b2ae3d27d4eb4f) +
	       swar_load(text + 16) * UINT64_C(0xff51afd7ed558ccd) +
	       swar_load(end - 16) * UINT64_C(0x9fb21c651e98df25) +
	       swar_load(end - 8) * UINT64_C(0xd6e8feb86659fd93);
}

static inline swar_pair differ_at(const char *p, const char *q, size_t i)
{
	return swar_load_pair(p + i) ^ swar_load_pair(q + i);
}

static inline size_t at_most(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Bits where the first 80 bytes of @p, which has room for a text, are not those of @t. */
static inline swar_pair text_differs(const struct vmalloc_repeat_text *t, const char *p)
{
	size_t last = t->len - 16;

	return differ_at(t->text, p, 0) | differ_at(t->text, p, 16) | differ_at(t->text, p, at_most(last, 32)) |
	       differ_at(t->text, p, at_most(last, 48)) | differ_at(t->text, p, at_most(last, 64));
}

/* The bytes behind those; its newline is one of them. */
static inline bool rest_is_same(const struct vmalloc_repeat_text *t, const char *p)
{
	return t->len <= 80 || memcmp(t->text + 80, p + 80, t->len - 80) == 0;
}

/*
 * Whether the line at @p, which has room for one, says what @t says, and begins as the last one did: then it is
 * of @area. All is looked at before anything is decided.
 */
static inline bool is_repeat(const struct vmalloc_repeats *r, const struct vmalloc_repeat_text *t, const char *p,
			     struct vmalloc_range *area)
{
	static const swar_bytes start = { 255, 255, 255, 255, 255, 255, 255, 255, 255, 255 };
	static const swar_bytes end = { 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255 };
	swar_pair lower, wrong, differs;

	lower = swar_hex_values(p + START + 8, p + END + 8, &wrong);
	differs = wrong | (differ_at(r->around[0], p, 0) & (swar_pair)start) |
		  (differ_at(r->around[1], p + DASH, 0) & (swar_pair)end) | text_differs(t, p + TEXT);
	area->start = lower[0] | r->upper;
	area->end = lower[1] | r->upper;
	return (differs[0] | differs[1]) == 0 && rest_is_same(t, p + TEXT);
}

/* ---- what is known ---- */

/* A slot holds a place, one more than it is, and above it as many bits of the hash; 0: empty. */
#define PLACE_BITS 19
_Static_assert(((1 << BITS_MAX >> 1) * TEXT_UNITS(LEN_MAX)) < 1 << PLACE_BITS, "a place fits its bits");

static inline uint32_t slot_of(uint64_t h, size_t place)
{
	return (uint32_t)h << PLACE_BITS | (uint32_t)(place + 1);
}

static inline uint32_t *slot_at(const struct vmalloc_repeats *r, uint64_t h, unsigned int i)
{
	return &r->index[((h >> (64 - r->bits)) + i) & (((uint64_t)1 << r->bits) - 1)];
}

/* False if there is no room for it. */
static bool put(struct vmalloc_repeats *r, size_t place)
{
	const struct vmalloc_repeat_text *t = text_at(r, place);
	uint64_t h = hash(t->text, t->len);

	for (unsigned int i = 0; i < PROBES; i++) {
		uint32_t *slot = slot_at(r, h, i);

		if (*slot == 0) {
			*slot = slot_of(h, place);
			return true;
		}
	}
	return false;
}

/* Half as many may be known as there are slots: there is room for them all, touched when it is used. */
static size_t room(unsigned int bits)
{
	return (size_t)1 << bits >> 1;
}

static int grow(struct vmalloc_repeats *r)
{
	unsigned int bits = r->bits ? r->bits + BITS_STEP : BITS_FIRST;
	void *texts = realloc(r->texts, room(bits) * TEXT_UNITS(LEN_MAX) * sizeof(*r->texts));
	void *v = realloc(r->v, room(bits) * sizeof(*r->v));
	uint32_t *index = calloc((size_t)1 << bits, sizeof(*index));

	r->texts = texts ? texts : r->texts;
	r->v = v ? v : r->v;
	if (!texts || !v || !index) {
		free(index);
		return -ENOMEM;
	}
	free(r->index);
	r->index = index;
	r->bits = bits;
	for (size_t at = 0; at < r->texts_len; at += TEXT_UNITS(text_at(r, at)->len))
		put(r, at); /* or it is met as new when it comes again */
	return 0;
}

static bool is_full(const struct vmalloc_repeats *r)
{
	return r->bits == 0 || r->n >= room(r->bits);
}

int vmalloc_repeats_learn(struct vmalloc_repeats *r, const char *p, const char *end,
			  const struct vmalloc_line *line, struct vmalloc_callers_entry *caller)
{
	struct vmalloc_repeat_text *t;
	struct vmalloc_range area;
	size_t len;

	/* What waits to be purged counts as free: not for these. */
	if (end - p < ROOM || line->kind == VMALLOC_UNPURGED || !take_addresses(r, p, &area))
		return 0;
	len = text_len(p);
	if (!len)
		return 0;
	if (is_full(r) && r->bits < BITS_MAX && grow(r) != 0)
		return -ENOMEM;
	if (is_full(r))
		return 0;
	t = text_at(r, r->texts_len);
	*t = (struct vmalloc_repeat_text){ .times = 1, .bytes = line->bytes, .len = (uint32_t)len };
	memcpy(t->text, p + TEXT, len);
	r->v[r->n] = (struct vmalloc_repeat){
		.caller = caller, .pages = line->pages, .node_pages = line->node_pages, .node = line->node,
		.n_nodes = (uint8_t)line->n_nodes, .more_nodes = (uint8_t)line->more_nodes.len,
		.vpages = line->vpages,
	};
	if (!put(r, r->texts_len))
		return 0;
	r->texts_len += TEXT_UNITS(len);
	r->n++;
	return 1;
}

/* By its hash; NULL if there is none. */
static struct vmalloc_repeat_text *find(const struct vmalloc_repeats *r, const char *p)
{
	const char *text = p + TEXT;
	size_t len = text_len(p);
	uint64_t h;

	if (!len)
		return NULL;
	h = hash(text, len);
	for (unsigned int i = 0; i < PROBES; i++) {
		uint32_t slot = *slot_at(r, h, i);
		struct vmalloc_repeat_text *t;

		if (slot == 0)
			return NULL;
		t = text_at(r, (slot & ((1U << PLACE_BITS) - 1)) - 1);
		if ((slot ^ (uint32_t)h << PLACE_BITS) >> PLACE_BITS == 0 && t->len == len &&
		    memcmp(t->text, text, len) == 0)
			return t;
	}
	return NULL;
}

const char *vmalloc_repeats_add(struct vmalloc_repeats *r, const char *p, const char *end, uint64_t *lines)
{
	struct vmalloc_repeat_text *last, *t;
	struct vmalloc_range area;
	uint64_t n = 0;

	if (r->n == 0)
		return p;
	last = text_at(r, 0);
	while (end - p >= ROOM) {
		/* Areas that were made together stand together: often one need not be looked for. */
		t = text_at(r, last->next);
		if (!is_repeat(r, t, p, &area)) {
			t = take_addresses(r, p, &area) ? find(r, p) : NULL;
			if (!t)
				break;
			last->next = (uint32_t)((uint64_t *)(void *)t - r->texts);
		}
		t->times++;
		vmalloc_ranges_add(r->ranges, area, t->bytes, false);
		p += TEXT + t->len;
		last = t;
		n++;
	}
	*lines += n;
	return p;
}

int vmalloc_repeats_sum(struct vmalloc_repeats *r, struct vmalloc_callers *callers)
{
	struct vmalloc_repeat_text *t;
	size_t at = 0;
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < r->n; i++, at += TEXT_UNITS(t->len)) {
		const struct vmalloc_repeat *v = &r->v[i];
		struct vmalloc_line line = { .pages = v->pages, .vpages = v->vpages, .n_nodes = v->n_nodes,
					     .node = v->node, .node_pages = v->node_pages };

		t = text_at(r, at);
		line.bytes = t->bytes;
		line.more_nodes = (struct slice){ t->text + t->len - 1 - v->more_nodes, v->more_nodes };
		ret = vmalloc_callers_add(callers, v->caller, &line, t->times);
		t->times = 0;
	}
	return ret;
}
