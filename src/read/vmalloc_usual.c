// SPDX-License-Identifier: GPL-2.0-or-later
/* Fast path of the vmallocinfo reader: each byte is looked at once, eight or sixteen at a time. */
#include "read/vmalloc_usual.h"

#include <errno.h>
#include <stdlib.h>

#include "read/swar.h"

/* Where things stand in a line. */
#define START	 2
#define END	 21
#define SIZE	 38
#define CALLER	 46
/* So many bytes are read from a line's start, whatever it is. */
#define ROOM	 512
#define NAME_MIN 16
#define NAME_MAX 254

#define BITS_FIRST 9
#define BITS_MAX   14 /* far more callers than kernels have; a stranger's file may have any number */
/* Names that begin alike lie side by side: no more of them are looked at. */
#define PROBES	   8

void vmalloc_usual_done(struct vmalloc_usual *u)
{
	free(u->slots);
}

/* ---- the callers ---- */

static inline struct vmalloc_usual_slot *slot_at(const struct vmalloc_usual *u, size_t i)
{
	return &u->slots[i & (((size_t)1 << u->bits) - 1)];
}

static inline size_t hash(const struct vmalloc_usual *u, const char *name)
{
	uint64_t h = swar_load(name) * UINT64_C(0x9e3779b97f4a7c15) +
		     swar_load(name + 8) * UINT64_C(0xc2b2ae3d27d4eb4f);

	return (size_t)(h >> (64 - u->bits));
}

static void put(struct vmalloc_usual *u, const struct vmalloc_usual_slot *s)
{
	size_t at = hash(u, s->name);

	for (unsigned int i = 0; i < PROBES; i++) {
		struct vmalloc_usual_slot *to = slot_at(u, at + i);

		if (to->e == s->e)
			return;
		if (!to->e) {
			*to = *s;
			u->n++;
			return;
		}
	}
}

static int grow(struct vmalloc_usual *u)
{
	struct vmalloc_usual bigger = *u;
	size_t n = u->bits ? (size_t)1 << u->bits : 0;

	bigger.bits = u->bits ? u->bits + 1 : BITS_FIRST;
	bigger.n = 0;
	bigger.slots = calloc((size_t)1 << bigger.bits, sizeof(*bigger.slots));
	if (!bigger.slots)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		if (u->slots[i].e)
			put(&bigger, &u->slots[i]);
	}
	free(u->slots);
	*u = bigger;
	return 0;
}

int vmalloc_usual_learn(struct vmalloc_usual *u, struct vmalloc_callers_entry *e)
{
	struct vmalloc_usual_slot s = { e, e->sums.caller, e->len, e->sums.kind };

	if (e->len < NAME_MIN || e->len > NAME_MAX ||
	    (s.kind != VMALLOC_VMALLOC && s.kind != VMALLOC_IOREMAP))
		return 0;
	if (u->bits < BITS_MAX && (u->bits == 0 || u->n >= (size_t)1 << u->bits >> 2) && grow(u) != 0)
		return -ENOMEM;
	put(u, &s);
	return 0;
}

/* Most names have no more than 48 bytes: no branch depends on their length. */
static inline bool has_name(const struct vmalloc_usual_slot *s, const char *p)
{
	size_t last = s->len - 16, mid = last / 2;
	swar_pair differ = (swar_load_pair(s->name) ^ swar_load_pair(p)) |
			   (swar_load_pair(s->name + mid) ^ swar_load_pair(p + mid)) |
			   (swar_load_pair(s->name + last) ^ swar_load_pair(p + last));

	return (differ[0] | differ[1]) == 0 &&
	       (s->len <= 48 || memcmp(s->name + 16, p + 16, last - 16) == 0);
}

/* ---- the line ---- */

static inline bool is_text(const char *p, const char *eight)
{
	return swar_load(p) == swar_load(eight);
}

/* " pages=<n> vmalloc[ N<node>=<n>]\n" */
static inline const char *take_vmalloc(const struct vmalloc_usual *u, const struct vmalloc_callers_entry *e,
				       const char *p, uint64_t *pages)
{
	uint64_t text = swar_load(p + 7), node = 0, on_node, *cell;
	unsigned int bits = swar_digits(text), n;

	/* The eighth byte is the number's. */
	if (bits == 0 || memcmp(p, " pages=", 7) != 0)
		return NULL;
	*pages = swar_number(text, bits);
	p += 7 + bits / 8;
	if (!is_text(p, " vmalloc"))
		return NULL;
	p += 8;
	if (*p == '\n')
		return p + 1;
	if (p[0] != ' ' || p[1] != 'N')
		return NULL;
	n = swar_decimal(p + 2, &node);
	cell = vmalloc_callers_cell(u->callers, e, (unsigned int)node);
	p += 2 + n;
	if (n == 0 || *p != '=' || !cell)
		return NULL;
	p++;
	n = bits / 8;
	on_node = *pages;
	/* Nearly always all of them are on that node. */
	if ((swar_load(p) ^ text) << (64 - bits) || p[n] != '\n')
		n = swar_decimal(p, &on_node);
	if (n == 0 || p[n] != '\n')
		return NULL;
	*cell = sat_add(*cell, on_node);
	return p + n + 1;
}

/* " phys=0x<16 digits> ioremap\n" */
static inline const char *take_ioremap(const char *p)
{
	uint64_t high, low;

	if (!is_text(p, " phys=0x") || !swar_hex_pair(p + 8, p + 16, &high, &low) ||
	    !is_text(p + 24, " ioremap") || p[32] != '\n')
		return NULL;
	return p + 33;
}

/* The caller at @p and what stands behind it: the line's end, and whose it is. */
static inline const char *take_caller(const struct vmalloc_usual *u, const char *p,
				      struct vmalloc_callers_entry **e, uint64_t *pages)
{
	size_t at = hash(u, p);

	for (unsigned int i = 0; i < PROBES; i++) {
		const struct vmalloc_usual_slot *s = slot_at(u, at + i);
		const char *next;

		if (!s->e)
			return NULL;
		if (!has_name(s, p))
			continue;
		next = s->kind == VMALLOC_VMALLOC ? take_vmalloc(u, s->e, p + s->len, pages)
						  : take_ioremap(p + s->len);
		if (next) {
			*e = s->e;
			return next;
		}
	}
	return NULL;
}

/* "%7ld " of one to seven digits. */
static inline bool take_size(const char *p, uint64_t *size)
{
	uint64_t text = swar_load(p), other = text ^ SWAR_ONES * ' ', digits;
	unsigned int blanks;

	if (other == 0 || p[7] != ' ')
		return false;
	blanks = (unsigned int)__builtin_ctzll(other) & ~7U;
	digits = (text ^ SWAR_ONES * '0') >> blanks << blanks << 8;
	*size = swar_value(digits);
	return swar_are_digits(digits);
}

/* Most addresses begin as the last one did. */
static inline bool take_upper(struct vmalloc_usual *u, const char *p, uint64_t *address)
{
	if (memcmp(p, u->upper, sizeof(u->upper)) != 0) {
		if (!swar_hex_pair(p, p, &u->upper_value, &u->upper_value)) {
			memset(u->upper, 0, sizeof(u->upper));
			return false;
		}
		memcpy(u->upper, p, sizeof(u->upper));
	}
	*address |= u->upper_value << 32;
	return true;
}

static inline const char *take_line(struct vmalloc_usual *u, const char *p)
{
	struct vmalloc_callers_entry *e;
	struct vmalloc_line line = { 0 };

	if (memcmp(p, "0x", 2) != 0 || memcmp(p + END - 3, "-0x", 3) != 0 || p[SIZE - 1] != ' ' ||
	    !swar_hex_pair(p + START + 8, p + END + 8, &line.start, &line.end) ||
	    !take_upper(u, p + START, &line.start) || !take_upper(u, p + END, &line.end) ||
	    !take_size(p + SIZE, &line.bytes))
		return NULL;
	p = take_caller(u, p + CALLER, &e, &line.pages);
	if (!p)
		return NULL;
	line.kind = e->sums.kind;
	vmalloc_callers_sum(e, &line);
	vmalloc_ranges_add(u->ranges, &line);
	return p;
}

const char *vmalloc_usual_add(struct vmalloc_usual *u, const char *p, const char *end, uint64_t *lines)
{
	const char *next = u->bits ? p : NULL;
	uint64_t n = 0;

	while (next && end - p >= ROOM) {
		next = take_line(u, p);
		if (next) {
			p = next;
			n++;
		}
	}
	*lines += n;
	return p;
}
