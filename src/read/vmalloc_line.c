// SPDX-License-Identifier: GPL-2.0-or-later
/* Parser of one line of /proc/vmallocinfo. */
#include "read/vmalloc_line.h"

#include <limits.h>

#include "read/swar.h"

#define DIGITS_MAX 19 /* that many decimal digits fit 64 bits whatever they are */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_hex_digit(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f');
}

static const char *hex_any(const char *p, const char *end, uint64_t *out)
{
	const char *start = p;
	uint64_t v = 0;

	for (; p < end && p - start <= 16; p++) {
		if (is_digit(*p))
			v = v << 4 | (uint64_t)(*p - '0');
		else if (*p >= 'a' && *p <= 'f')
			v = v << 4 | (uint64_t)(*p - 'a' + 10);
		else
			break;
	}
	*out = v;
	return p > start && p - start <= 16 ? p : NULL;
}

/* "0x" and an address, of 16 digits on 64 bits; NULL if it is not one. */
static const char *address(const char *p, const char *end, uint64_t *out)
{
	uint64_t upper, lower;

	if (end - p <= 2 || p[0] != '0' || p[1] != 'x')
		return NULL;
	if (end - p <= 18 || is_hex_digit(p[18]) || !swar_hex_pair(p + 2, p + 10, &upper, &lower))
		return hex_any(p + 2, end, out);
	*out = upper << 32 | lower;
	return p + 18;
}

/* Decimal digits; NULL if there are none or they do not fit. */
static const char *decimal(const char *p, const char *end, uint64_t *out)
{
	unsigned int digits = end - p >= 8 ? swar_decimal(p, out) : 0;
	const char *start = p;
	uint64_t v = 0;

	if (digits)
		return p + digits;
	while (p < end && p - start <= DIGITS_MAX && is_digit(*p))
		v = v * 10 + (uint64_t)(*p++ - '0');
	*out = v;
	return p == start || p - start > DIGITS_MAX ? NULL : p;
}

/* The end of a word: the next blank, at most @end. */
static const char *word_end(const char *p, const char *end)
{
	const char *blank = memchr(p, ' ', (size_t)(end - p));

	return blank ? blank : end;
}

static bool word_is(const char *p, size_t len, const char *lit, size_t lit_len)
{
	return len == lit_len && memcmp(p, lit, lit_len) == 0;
}

#define WORD_IS(p, len, lit)	 word_is(p, len, lit, sizeof(lit) - 1)
#define WORD_STARTS(p, len, lit) ((len) >= sizeof(lit) - 1 && memcmp(p, lit, sizeof(lit) - 1) == 0)

bool vmalloc_line_node(struct slice *s, unsigned int *node, uint64_t *pages)
{
	const char *end = s->p + s->len, *p = s->p;
	uint64_t n;

	if (s->len < 5 || p[0] != ' ' || p[1] != 'N')
		return false;
	p = decimal(p + 2, end, &n);
	if (!p || n > INT_MAX || p == end || *p != '=')
		return false;
	p = decimal(p + 1, end, pages);
	if (!p)
		return false;
	*node = (unsigned int)n;
	s->len = (size_t)(end - p);
	s->p = p;
	return true;
}

/* What a line says after address and size. */
struct flags {
	bool ioremap, sparse, vmalloc, vmap, user, dma_coherent, vm_map_ram, unpurged;
};

static enum vmalloc_kind kind_of(const struct flags *f)
{
	if (f->unpurged)
		return VMALLOC_UNPURGED;
	if (f->vm_map_ram)
		return VMALLOC_VM_MAP_RAM;
	if (f->dma_coherent)
		return VMALLOC_DMA_COHERENT;
	if (f->user)
		return VMALLOC_USER;
	if (f->sparse)
		return VMALLOC_SPARSE;
	if (f->ioremap)
		return VMALLOC_IOREMAP;
	if (f->vmalloc)
		return VMALLOC_VMALLOC;
	return f->vmap ? VMALLOC_VMAP : VMALLOC_OTHER;
}

/* phys= is hexadecimal, with 0x since 4.5 or so. */
static bool is_hex_word(const char *p, const char *end)
{
	uint64_t v;

	if (end - p > 2 && p[0] == '0' && p[1] == 'x')
		p += 2;
	return hex_any(p, end, &v) == end;
}

/* A flag by its name; false if it is none that is known. */
static bool parse_flag(const char *p, size_t len, struct vmalloc_line *out, struct flags *f)
{
	if (WORD_IS(p, len, "vmalloc"))
		f->vmalloc = true;
	else if (WORD_IS(p, len, "vmap"))
		f->vmap = true;
	else if (WORD_IS(p, len, "ioremap"))
		f->ioremap = true;
	else if (WORD_IS(p, len, "user"))
		f->user = true;
	else if (WORD_IS(p, len, "vpages"))
		out->vpages = true;
	else if (WORD_IS(p, len, "dma-coherent"))
		f->dma_coherent = true;
	else if (WORD_IS(p, len, "sparse"))
		f->sparse = true;
	else if (WORD_IS(p, len, "vm_map_ram"))
		f->vm_map_ram = true;
	else if (WORD_IS(p, len, "unpurged"))
		f->unpurged = true;
	else
		return false;
	return true;
}

/* A flag of a later kernel: a lower case word, perhaps with a value. */
static bool is_flag_word(const char *p, const char *end)
{
	if (p == end || *p < 'a' || *p > 'z')
		return false;
	for (; p < end; p++) {
		if (!(*p >= 'a' && *p <= 'z') && !is_digit(*p) && *p != '-' && *p != '_' &&
		    *p != '=')
			return false;
	}
	return true;
}

/* The N<node>= parts, which close the line. */
static bool parse_nodes(const char *p, const char *end, struct vmalloc_line *out)
{
	struct slice rest = { p, (size_t)(end - p) };
	unsigned int node;
	uint64_t pages;

	if (!vmalloc_line_node(&rest, &out->node, &out->node_pages))
		return false;
	out->more_nodes = rest;
	for (out->n_nodes = 1; vmalloc_line_node(&rest, &node, &pages);)
		out->n_nodes++;
	return rest.len == 0;
}

/* One word from @p on, with a '=' or a flag: where it ends, or NULL. */
static const char *parse_word(const char *p, const char *end, struct vmalloc_line *out,
			      struct flags *f)
{
	const char *stop;

	if (WORD_STARTS(p, (size_t)(end - p), "pages="))
		return decimal(p + 6, end, &out->pages);
	stop = word_end(p, end);
	if (WORD_STARTS(p, (size_t)(stop - p), "phys="))
		return is_hex_word(p + 5, stop) ? stop : NULL;
	if (parse_flag(p, (size_t)(stop - p), out, f) || is_flag_word(p, stop))
		return stop;
	return NULL;
}

/* The caller, if the first word is no other thing; the whole text before @p is its address and size. */
static const char *parse_caller(const char *p, const char *end, struct vmalloc_line *out)
{
	const char *word = p + 1, *stop = word_end(word, end);
	struct flags unused;

	/* No flag is longer than "dma-coherent". */
	if (stop - word <= 12 && parse_flag(word, (size_t)(stop - word), out, &unused))
		return p;
	if (WORD_STARTS(word, (size_t)(stop - word), "pages=") ||
	    WORD_STARTS(word, (size_t)(stop - word), "phys="))
		return p;
	if (end - stop > 2 && stop[0] == ' ' && stop[1] == '[')
		stop = word_end(stop + 1, end); /* the module */
	out->caller = (struct slice){ word, (size_t)(stop - word) };
	return stop;
}

/* What follows the size: words with one blank before each. */
static const char *parse_words(const char *p, const char *end, struct vmalloc_line *out)
{
	struct flags f = { 0 };

	if (p < end && *p == ' ')
		p = parse_caller(p, end, out);
	while (p < end) {
		if (*p != ' ')
			return "not the words of an area";
		if (end - p > 4 && p[1] == 'N' && is_digit(p[2])) {
			if (!parse_nodes(p, end, out))
				return "not a node and its pages";
			break;
		}
		p = parse_word(p + 1, end, out, &f);
		if (!p)
			return "not the words of an area";
	}
	out->kind = kind_of(&f);
	return NULL;
}

const char *vmalloc_line_parse(const char **at, const char *end, struct vmalloc_line *out)
{
	const char *p = *at, *nl = memchr(p, '\n', (size_t)(end - p));

	*at = nl ? nl + 1 : end;
	*out = (struct vmalloc_line){ .caller = { p, 0 }, .more_nodes = { p, 0 } };
	if (!nl)
		return "cut off";
	p = address(p, nl, &out->start);
	if (!p || nl == p || *p != '-')
		return "not an address range";
	p = address(p + 1, nl, &out->end);
	if (!p || nl == p || *p != ' ')
		return "not an address range";
	while (p < nl && *p == ' ')
		p++;
	p = decimal(p, nl, &out->bytes);
	if (!p)
		return "no size";
	return parse_words(p, nl, out);
}
