// SPDX-License-Identifier: GPL-2.0-or-later
/* The lines that begin a report, of all releases; and those that only quote one. */
#include "log/classify.h"

#include <string.h>

#include "log/cursor.h"

static bool has(struct slice s, const char *needle)
{
	return slice_find(s, needle) != NULL;
}

/* "order:0" and then a letter: the words of a title, of whatever script. */
static bool goes_on(struct slice s)
{
	uint64_t order;

	return cur_lit(&s, "order:") && cur_u64(&s, &order) && s.len &&
	       (((unsigned char)*s.p & 0x80) || (*s.p >= 'a' && *s.p <= 'z') || (*s.p >= 'A' && *s.p <= 'Z'));
}

/*
 * "page allocation failure: order:1", to 3.0 "failure. order:1", or broken behind these
 * words; not prose.
 */
static bool page_failure(struct slice s)
{
	const char *at = slice_find(s, "page allocation failure");
	bool first = at == s.p, named = !first && at && at - s.p > 1 && at[-2] == ':';

	if (!cur_find(&s, "page allocation failure") || !(cur_char(&s, ':') || cur_char(&s, '.')))
		return false;
	cur_blanks(&s);
	return s.len ? slice_starts(s, "order") && (first || at[-1] != '"') && !goes_on(s) : first || named;
}

/*
 * "page allocation stalls for 10060ms, order:1", "page allocation stall for 12 secs:
 * order:1": with the time, unlike the kernel's source.
 */
static bool stalls(struct slice s)
{
	if (!cur_find(&s, "page allocation stall"))
		return false;
	cur_char(&s, 's');
	return cur_lit(&s, " for ") && s.len && cur_digit(*s.p);
}

bool classify_is_title(struct slice s)
{
	static const char *const starts[] = {
		"Subject:", "Re: ", "RE: ", "Fwd: ", "Thread-Topic:", "References:"};

	for (size_t i = 0; i < ARRAY_SIZE(starts); i++) {
		if (slice_starts(s, starts[i]))
			return true;
	}
	return false;
}

/*
 * "Allocation of length 1 from process 2 (x) failed", to 2.6.28 without the name; of the
 * vma or region for "N byte allocation"
 */
static bool nommu(struct slice s)
{
	cur_lit(&s, "nommu: "); /* since 6.0 */
	return cur_text(&s, "Allocation of ") && has(s, " from process ") && has(s, " failed") &&
	       (slice_starts(s, "length ") || has(s, " byte allocation"));
}

/*
 * The allocator's own warning; freeing and setting up warn in that file too. Where a function was
 * inlined, the next line says the same with the name of the one that is there.
 */
static bool warned(struct slice s)
{
	struct slice name;

	if (!cur_find(&s, "WARNING:") || !cur_find(&s, "mm/page_alloc.c:") ||
	    slice_starts(s, "0 ") || has(s, "[inline]"))
		return false;
	while (s.len && (cur_digit(*s.p) || *s.p == '.'))
		cur_skip(&s, 1);
	cur_blanks(&s);
	cur_lit(&s, "at ");
	return !cur_ident(&s, &name) || has(name, "alloc") || has(name, "rmqueue") ||
	       slice_eq(name, "get_page_from_freelist");
}

/* "req-size: %zu pages": the kernel's source, where its log has a number or a name. */
static bool is_format(struct slice s)
{
	while (cur_find(&s, "%")) {
		if (s.len > 1 && strchr("dusxplz#", *s.p) && *s.p)
			return true;
	}
	return false;
}

static enum line_kind opening(struct slice s)
{
	if (has(s, "allocation failure")) {
		if (slice_starts(s, "vmalloc: allocation failure"))
			return has(s, "mode:") ? L_PAGE_FAILURE : L_VMALLOC_OLD;
		if (page_failure(s) || has(s, ": vmalloc: allocation failure") ||
		    (has(s, ": vmalloc size ") && has(s, " allocation failure: "))) /* 5.13, 5.14 */
			return L_PAGE_FAILURE;
	}
	if (stalls(s) || has(s, ": vmalloc error: size") || has(s, "-order allocation failed (gfp"))
		return L_PAGE_FAILURE;
	if (warned(s))
		return L_WARN_ORDER;
	if (slice_starts(s, "allocation failed: out of vmalloc space") || /* to 2.6.27, without the size */
	    slice_starts(s, "vmap allocation for size") || slice_starts(s, "vmalloc_node_range for size"))
		return L_VMAP;
	if (slice_starts(s, "SLUB: Unable to allocate memory on") ||
	    slice_starts(s, "SLAB: Unable to allocate memory on"))
		return L_SLUB;
	if (has(s, "alloc failed, req-size:"))
		return L_CMA;
	if (has(s, "swiotlb buffer is full") || has(s, "Out of SW-IOMMU space") ||
	    has(s, "swiotlb: coherent allocation failed") || (has(s, "swiotlb") && has(s, "buffer is full")))
		return L_SWIOTLB;
	if ((has(s, "percpu: ") || has(s, "PERCPU: ")) && has(s, "allocation failed, size="))
		return L_PERCPU;
	if (has(s, "for percpu allocation") && has(s, "illegal size"))
		return L_PERCPU;
	if (slice_starts(s, "DMA: failed to allocate") ||
	    (has(s, "failed to allocate ") && has(s, " pool for atomic ")) ||
	    has(s, "atomic DMA coherent pool is too small") ||
	    (slice_starts(s, "coherent pool") && has(s, "not initialised")))
		return L_DMA_POOL;
	if (nommu(s))
		return L_NOMMU;
	if ((has(s, "iommu_alloc failed, tbl ") && has(s, " npages ")) || has(s, "PCI-DMA: Out of IOMMU space"))
		return L_IOMMU;
	if (slice_starts(s, "HugeTLB: allocating ") && has(s, " of page size "))
		return L_HUGETLB;
	if (slice_starts(s, "unreferenced object"))
		return L_KMEMLEAK;
	if (slice_starts(s, "page last allocated via order") || slice_starts(s, "Page allocated via order"))
		return L_PAGE_OWNER;
	if (slice_starts(s, "Unexpected gfp:"))
		return L_UNEXPECTED_GFP;
	return L_NONE;
}

enum line_kind classify_opening(struct slice s)
{
	enum line_kind k = classify_is_title(s) ? L_NONE : opening(s);

	return k && is_format(s) ? L_NONE : k;
}
