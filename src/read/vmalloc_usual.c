// SPDX-License-Identifier: GPL-2.0-or-later
/* Fast path of the vmallocinfo reader: each byte is looked at once, eight at a time. */
#include "read/vmalloc_usual.h"

#include "read/swar.h"

/* Two addresses and the bytes around them; where the size begins. */
#define ADDRESS_BYTES 18
#define RANGE_BYTES   (2 * ADDRESS_BYTES + 2)

/* "0x" and 16 digits; the byte after them is not looked at. Most addresses begin as the last one did. */
static inline bool take_address(struct vmalloc_usual *u, const char *p, uint64_t *out)
{
	uint64_t lower;

	if (memcmp(p + 2, u->upper, sizeof(u->upper)) != 0) {
		if (!swar_hex(p + 2, &u->upper_value)) {
			memset(u->upper, 0, sizeof(u->upper));
			return false;
		}
		memcpy(u->upper, p + 2, sizeof(u->upper));
	}
	if (!swar_hex(p + 10, &lower))
		return false;
	*out = u->upper_value << 32 | lower;
	return p[0] == '0' && p[1] == 'x';
}

/* "%7ld": the number ends in the eighth byte, or is longer than that. */
static inline const char *take_size(const char *p, uint64_t *out)
{
	uint64_t v = swar_load(p), digits = v ^ SWAR_ONES * ' ';
	unsigned int blanks = digits ? (unsigned int)__builtin_ctzll(digits) / 8 : 8, n;

	n = swar_decimal(p + blanks, out);
	return n && p[blanks + n] == ' ' ? p + blanks + n + 1 : NULL;
}

/* " pages=<n> vmalloc[ N<node>=<n>]\n" */
static inline const char *take_vmalloc(const char *p, struct vmalloc_line *out)
{
	uint64_t node;
	unsigned int n;

	if (memcmp(p, " pages=", 7) != 0)
		return NULL;
	n = swar_decimal(p + 7, &out->pages);
	p += 7 + n;
	if (n == 0 || memcmp(p, " vmalloc", 8) != 0)
		return NULL;
	p += 8;
	if (*p == '\n')
		return p + 1;
	if (p[0] != ' ' || p[1] != 'N')
		return NULL;
	n = swar_decimal(p + 2, &node);
	p += 2 + n;
	if (n == 0 || *p != '=')
		return NULL;
	n = swar_decimal(p + 1, &out->node_pages);
	p += 1 + n;
	out->n_nodes = 1;
	out->node = (unsigned int)node;
	return n && *p == '\n' ? p + 1 : NULL;
}

/* " phys=0x<16 digits> ioremap\n" */
static inline const char *take_ioremap(const char *p)
{
	uint64_t high, low;

	if (memcmp(p, " phys=0x", 8) != 0 || !swar_hex(p + 8, &high) || !swar_hex(p + 16, &low) ||
	    memcmp(p + 24, " ioremap\n", 9) != 0)
		return NULL;
	return p + 33;
}

/* What stands behind the caller. */
static inline const char *take_kind(const char *p, struct vmalloc_line *out)
{
	switch (out->kind) {
	case VMALLOC_VMALLOC:
		return take_vmalloc(p, out);
	case VMALLOC_IOREMAP:
		return take_ioremap(p);
	default:
		return NULL;
	}
}

const char *vmalloc_usual_add(struct vmalloc_usual *u, const char *p)
{
	struct vmalloc_line line = { 0 };
	struct vmalloc_callers_entry *e;
	uint64_t *cell = NULL;

	if (!take_address(u, p, &line.start) || !take_address(u, p + ADDRESS_BYTES + 1, &line.end) ||
	    p[ADDRESS_BYTES] != '-' || p[RANGE_BYTES - 1] != ' ')
		return NULL;
	p = take_size(p + RANGE_BYTES, &line.bytes);
	e = p ? vmalloc_callers_at(u->callers, p) : NULL;
	if (!e)
		return NULL;
	line.kind = e->sums.kind;
	p = take_kind(p + e->len, &line);
	if (p && line.n_nodes)
		cell = vmalloc_callers_cell(u->callers, e, line.node);
	if (!p || (line.n_nodes && !cell))
		return NULL;
	if (cell)
		*cell = sat_add(*cell, line.node_pages);
	vmalloc_callers_sum(e, &line);
	vmalloc_ranges_add(u->ranges, &line);
	return p;
}
