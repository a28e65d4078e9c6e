// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * All words are searched for at once: two or three neighbouring bytes that the
 * words share, and that are rare in other logs, are compared in many places at
 * a time; only where they match are the words themselves looked at.
 */
#include "log/scan.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define WORD(w, off) { w, sizeof(w) - 1, off }

/* The word, its length, and where in it the telling bytes of the table below stand. */
static const struct anchor {
	const char *word;
	unsigned char len, off;
} anchors[] = {
	WORD("allocation", 1),	       /* llo: failure, stall; vmalloc, vmap, percpu */
	WORD("Unable to alloc", 11),
	WORD("vmalloc_node_range for", 3),
	WORD("vmalloc error", 3),
	WORD("alloc failed", 1),       /* cma */
	WORD("alloc.c:", 1),	       /* warning of an order too big */
	WORD("allocated via", 1),      /* page_owner */
	WORD("failed to alloc", 11),   /* DMA pool */
	WORD("warn_alloc", 6),	       /* in the trace, should the line above be broken in its words */
	WORD("__alloc_pages", 3),
	WORD("cma_alloc", 5),
	WORD("pcpu_alloc", 6),
	WORD("oom-kill", 2),	       /* m-: invoked oom-killer; oom-kill: */
	WORD("em-Info:", 1),
	WORD("em-info:", 1),
	WORD("lowmem_reserve", 5),     /* m_r: of a log that begins within Mem-Info */
	WORD(", failcnt", 5),	       /* lcn: the same of a memory cgroup's OOM */
	WORD("Allocation of len", 1),  /* llo: without an MMU */
	WORD("swiotlb", 5),	       /* lb */
	WORD("SW-IOMMU", 1),	       /* W- */
	WORD("PCI-DMA: Out", 2),       /* I- */
	WORD("emory: Kill", 7),	       /* Ki: Out of memory: Kill(ed); to 2.6.14 Out of Memory */
	WORD("unreferenced obj", 1),   /* nre */
	WORD("all_unreclaimable?", 5), /* nre: of zones or nodes whose other lines are lost */
	WORD("coherent pool", 7),      /* t p */
	WORD("xpected gfp", 8),	       /* gf */
	WORD("Linux version ", 4),     /* x v: a boot, of that kernel */
	WORD("total pagecache", 8),    /* gec: below free lists, should all above them be lost */
};

#define N_ANCHORS (sizeof(anchors) / sizeof(anchors[0]))

/* A word whose telling bytes stand at p[at], all within [p, p + len). */
static const char *word_at(const char *p, size_t len, size_t at)
{
	for (size_t k = 0; k < N_ANCHORS; k++) {
		const struct anchor *a = &anchors[k];

		if (at >= a->off && at - a->off + a->len <= len &&
		    memcmp(p + at - a->off, a->word, a->len) == 0)
			return p + at - a->off;
	}
	return NULL;
}

/*
 * @LANES places a step. One body for each width, so that no vector is passed
 * between functions that were compiled for different processors.
 */
#define DEFINE_SCAN(name, LANES, ATTR)                                                         \
	typedef unsigned char name##_bytes __attribute__((vector_size(LANES)));          \
	typedef uint64_t name##_words __attribute__((vector_size(LANES)));               \
	ATTR static const char *name(const char *p, size_t len, size_t *from)                 \
	{                                                                                \
		size_t i = *from;                                                        \
		for (; i + (LANES) + 2 <= len; i += (LANES)) {                           \
			name##_bytes b0, b1, b2, hit;                                    \
			name##_words w;                                                  \
			uint64_t some = 0;                                               \
			memcpy(&b0, p + i, sizeof(b0));                                  \
			memcpy(&b1, p + i + 1, sizeof(b1));                              \
			memcpy(&b2, p + i + 2, sizeof(b2));                              \
			hit = (name##_bytes)((b0 == 'l') &                               \
					     (((b1 == 'l') & (b2 == 'o')) |              \
					      ((b1 == 'c') & (b2 == 'n')))) |            \
			      (name##_bytes)((b0 == 'm') &                               \
					     ((b1 == '-') | ((b1 == '_') & (b2 == 'r')))) | \
			      (name##_bytes)((b0 == 'l') & (b1 == 'b')) |                \
			      (name##_bytes)(((b0 == 'W') | (b0 == 'I')) & (b1 == '-')) | \
			      (name##_bytes)((b0 == 'K') & (b1 == 'i')) |                \
			      (name##_bytes)((b0 == 'n') & (b1 == 'r') & (b2 == 'e')) |  \
			      (name##_bytes)((b1 == ' ') &                               \
					     (((b0 == 't') & (b2 == 'p')) |              \
					      ((b0 == 'x') & (b2 == 'v')))) |            \
			      (name##_bytes)((b0 == 'g') &                               \
					     ((b1 == 'f') | ((b1 == 'e') & (b2 == 'c')))); \
			w = (name##_words)hit;                                           \
			for (size_t k = 0; k < (LANES) / 8; k++)                         \
				some |= w[k];                                            \
			if (!some)                                                       \
				continue;                                                \
			for (size_t j = 0; j < (LANES); j++) {                           \
				const char *at = hit[j] ? word_at(p, len, i + j) : NULL; \
				if (at)                                                  \
					return at;                                       \
			}                                                                \
		}                                                                        \
		*from = i;                                                               \
		return NULL;                                                             \
	}

DEFINE_SCAN(scan_16, 16, )
#if defined(__x86_64__)
#define TARGET __attribute__((target("avx2")))
DEFINE_SCAN(scan_32, 32, TARGET)
#endif

const char *scan_anchor(const char *p, size_t len)
{
	const char *at = NULL;
	size_t i = 0;

#if defined(__x86_64__)
	if (__builtin_cpu_supports("avx2"))
		at = scan_32(p, len, &i);
#endif
	if (!at)
		at = scan_16(p, len, &i);
	for (; !at && i < len; i++)
		at = word_at(p, len, i);
	return at;
}
