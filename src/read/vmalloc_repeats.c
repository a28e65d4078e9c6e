// SPDX-License-Identifier: GPL-2.0-or-later
/* Lines that repeat, but for their addresses. */
#include "read/vmalloc_repeats.h"

#include <errno.h>
#include <stdlib.h>

#include "read/swar.h"

/* Where things stand in a line. */
#define START 2
#define END   21
#define SIZE  38
/* How much of a line is known, from its size to its newline: less is none of an area that has a caller. */
#define LEN_MIN 32
#define LEN_MAX 136
/* So many bytes are looked at behind a line's begin, whatever it is. */
#define ROOM	(SIZE + LEN_MAX)

#define BITS_FIRST 9
#define BITS_STEP  3
#define BITS_MAX   15 /* a stranger's file may have any number */
/* How many slots are looked at from a line's own on: more only where a file was made for it. */
#define PROBES	   32

/* What is looked at for each line stands first. */
struct vmalloc_repeat {
	uint64_t times;	 /* that it came */
	uint64_t bytes;	 /* of the area */
	uint32_t len;	 /* of the text */
	uint32_t next;	 /* the one that came behind it the last time */
	char text[LEN_MAX];
	struct vmalloc_callers_entry *caller;
	uint64_t pages, node_pages;
	uint32_t node;
	uint8_t n_nodes, more_nodes; /* the parts, and how long those behind the first are */
	bool vpages;
};

void vmalloc_repeats_done(struct vmalloc_repeats *r)
{
	free(r->v);
	free(r->index);
}

/* ---- the line ---- */

/* Most addresses begin as the last one did. */
static inline bool take_upper(struct vmalloc_repeats *r, const char *p, uint64_t *address)
{
	uint64_t digits = swar_load(p) ^ SWAR_ONES * '0', value;

	if (digits != r->upper) {
		if (!swar_hex_pair(p, p, &value, &value))
			return false;
		r->upper = digits;
		r->upper_value = value;
	}
	*address |= r->upper_value << 32;
	return true;
}

/* Whether the line begins with two addresses of 16 digits: then its size ends where it always does. */
static inline bool take_addresses(struct vmalloc_repeats *r, const char *p, uint64_t *start, uint64_t *end)
{
	return memcmp(p, "0x", 2) == 0 && memcmp(p + END - 3, "-0x", 3) == 0 && p[SIZE - 1] == ' ' &&
	       swar_hex_pair(p + START + 8, p + END + 8, start, end) && take_upper(r, p + START, start) &&
	       take_upper(r, p + END, end);
}

/* How long the text of the line at @p is, which has room for one; 0: not of a length that is known. */
static inline size_t text_len(const char *p)
{
	const char *text = p + SIZE, *newline = memchr(text, '\n', LEN_MAX);
	size_t len = newline ? (size_t)(newline + 1 - text) : 0;

	return len < LEN_MIN ? 0 : len;
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

/*
 * Whether @p, which has room for one, is that text. Its newline is compared too. Most have no more than 64
 * bytes: no branch depends on how many.
 */
static inline bool is_same(const struct vmalloc_repeat *s, const char *p)
{
	size_t last = s->len - 16;
	swar_pair differ = differ_at(s->text, p, 0) | differ_at(s->text, p, 16) |
			   differ_at(s->text, p, last < 32 ? last : 32) | differ_at(s->text, p, last);

	return (differ[0] | differ[1]) == 0 &&
	       (s->len <= 64 || memcmp(s->text + 48, p + 48, last - 48) == 0);
}

/* ---- what is known ---- */

/* A slot holds the number in v, from 1 on, and above it as many bits of the hash; 0: empty. */
#define NUMBER_BITS 16

static inline uint32_t slot_of(uint64_t h, size_t number)
{
	return (uint32_t)h << NUMBER_BITS | (uint32_t)number;
}

static inline uint32_t *slot_at(const struct vmalloc_repeats *r, uint64_t h, unsigned int i)
{
	return &r->index[((h >> (64 - r->bits)) + i) & (((uint64_t)1 << r->bits) - 1)];
}

/* False if there is no place for it. */
static bool put(struct vmalloc_repeats *r, size_t number)
{
	const struct vmalloc_repeat *s = &r->v[number - 1];
	uint64_t h = hash(s->text, s->len);

	for (unsigned int i = 0; i < PROBES; i++) {
		uint32_t *slot = slot_at(r, h, i);

		if (*slot == 0) {
			*slot = slot_of(h, number);
			return true;
		}
	}
	return false;
}

static int grow(struct vmalloc_repeats *r)
{
	unsigned int bits = r->bits ? r->bits + BITS_STEP : BITS_FIRST;
	uint32_t *bigger = calloc((size_t)1 << bits, sizeof(*bigger));

	if (!bigger)
		return -ENOMEM;
	free(r->index);
	r->index = bigger;
	r->bits = bits;
	for (size_t i = 0; i < r->n; i++)
		put(r, i + 1); /* or it is met as new when it comes again */
	return 0;
}

static bool is_full(const struct vmalloc_repeats *r)
{
	return r->bits == 0 || r->n >= (size_t)1 << r->bits >> 1;
}

int vmalloc_repeats_learn(struct vmalloc_repeats *r, const char *p, const char *end,
			  const struct vmalloc_line *line, struct vmalloc_callers_entry *caller)
{
	uint64_t address;
	size_t len;

	/* What waits to be purged counts as free: not for these. */
	if (end - p < ROOM || line->kind == VMALLOC_UNPURGED || !take_addresses(r, p, &address, &address))
		return 0;
	len = text_len(p);
	if (!len)
		return 0;
	if (is_full(r) && r->bits < BITS_MAX && grow(r) != 0)
		return -ENOMEM;
	if (is_full(r))
		return 0;
	if (vec_grow(&r->v, &r->cap, r->n, sizeof(*r->v)) != 0)
		return -ENOMEM;
	r->v[r->n] = (struct vmalloc_repeat){
		.times = 1, .bytes = line->bytes, .len = (uint32_t)len, .caller = caller, .pages = line->pages,
		.node_pages = line->node_pages, .node = line->node, .n_nodes = (uint8_t)line->n_nodes,
		.more_nodes = (uint8_t)line->more_nodes.len, .vpages = line->vpages,
	};
	memcpy(r->v[r->n].text, p + SIZE, len);
	if (!put(r, r->n + 1))
		return 0;
	r->n++;
	return 1;
}

/* By its place in the table; NULL if there is none. */
static struct vmalloc_repeat *find(const struct vmalloc_repeats *r, const char *p)
{
	const char *text = p + SIZE;
	size_t len = text_len(p);
	uint64_t h;

	if (!len)
		return NULL;
	h = hash(text, len);
	for (unsigned int i = 0; i < PROBES; i++) {
		uint32_t slot = *slot_at(r, h, i);
		struct vmalloc_repeat *s;

		if (slot == 0)
			return NULL;
		s = &r->v[(slot & ((1U << NUMBER_BITS) - 1)) - 1];
		if ((slot ^ (uint32_t)h << NUMBER_BITS) >> NUMBER_BITS == 0 && is_same(s, text))
			return s;
	}
	return NULL;
}

const char *vmalloc_repeats_add(struct vmalloc_repeats *r, const char *p, const char *end, uint64_t *lines)
{
	struct vmalloc_line line = { 0 };
	struct vmalloc_repeat *last = r->v;
	uint64_t n = 0;

	while (r->n && end - p >= ROOM && take_addresses(r, p, &line.start, &line.end)) {
		/* Areas that were made together stand together: often one need not be looked for. */
		struct vmalloc_repeat *s = &r->v[last->next];

		if (!is_same(s, p + SIZE)) {
			s = find(r, p);
			if (!s)
				break;
			last->next = (uint32_t)(s - r->v);
		}
		s->times++;
		line.bytes = s->bytes;
		vmalloc_ranges_add(r->ranges, &line);
		p += SIZE + s->len;
		last = s;
		n++;
	}
	*lines += n;
	return p;
}

int vmalloc_repeats_sum(struct vmalloc_repeats *r, struct vmalloc_callers *callers)
{
	int ret = 0;

	for (size_t i = 0; ret == 0 && i < r->n; i++) {
		struct vmalloc_repeat *s = &r->v[i];
		struct vmalloc_line line = {
			.bytes = s->bytes, .pages = s->pages, .vpages = s->vpages, .n_nodes = s->n_nodes,
			.node = s->node, .node_pages = s->node_pages,
			.more_nodes = { s->text + s->len - 1 - s->more_nodes, s->more_nodes },
		};

		ret = vmalloc_callers_add(callers, s->caller, &line, s->times);
		s->times = 0;
	}
	return ret;
}
