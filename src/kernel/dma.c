// SPDX-License-Identifier: GPL-2.0-or-later
/* Where DMA memory comes from. */
#include "kernel/dma.h"

#include <string.h>

static bool is_x86(const struct mm *mm)
{
	const char *a = mm->snap->kernel.arch;

	return !a || strcmp(a, "x86_64") == 0 || (a[0] == 'i' && strstr(a, "86"));
}

static bool word_on_cmdline(const struct mm *mm, const char *option, const char *value)
{
	struct slice line = slice_of(mm->snap->cmdline ? mm->snap->cmdline : ""), word;
	size_t len = strlen(option);

	while (slice_word(&line, &word)) {
		if (word.len > len && memcmp(word.p, option, len) == 0 &&
		    slice_find((struct slice){ word.p + len, word.len - len }, value))
			return true;
	}
	return false;
}

static bool config_is(const struct mm *mm, const char *name)
{
	const char *v = kconfig_get(&mm->snap->kconfig, name);

	return v && strcmp(v, "y") == 0;
}

/* What the files of IOMMUs show. */
struct iommu_view {
	bool read;	 /* /sys/class/iommu was there */
	unsigned int units, intel, translated, identity;
};

static struct iommu_view look(const struct mm *mm)
{
	struct iommu_view v = { 0 };

	for (size_t i = 0; i < mm->snap->n_settings; i++) {
		const struct snap_setting *s = &mm->snap->settings[i];

		if (strncmp(s->name, "iommu/", 6) == 0) {
			v.read = true;
			v.units += strcmp(s->text, "1") == 0;
			v.intel += strncmp(s->name + 6, "dmar", 4) == 0;
		} else if (strncmp(s->name, "iommu_groups/", 13) == 0) {
			v.translated += strncmp(s->text, "DMA", 3) == 0;
			v.identity += strcmp(s->text, "identity") == 0;
		}
	}
	return v;
}

static enum dma_path translated(const struct mm *mm, const struct iommu_view *v)
{
	return v->intel && !mm->rules.dma_iommu_generic ? DMA_PATH_IOMMU_CONTIGUOUS : DMA_PATH_IOMMU;
}

enum dma_path dma_path(const struct mm *mm)
{
	struct iommu_view v = look(mm);

	if (v.translated && v.identity)
		return DMA_PATH_MIXED;
	if (v.translated)
		return translated(mm, &v);
	if (v.identity || (v.read && !v.units))
		return DMA_PATH_DIRECT;
	if (word_on_cmdline(mm, "iommu=", "off") || word_on_cmdline(mm, "iommu=", "pt") ||
	    word_on_cmdline(mm, "iommu.passthrough=", "1"))
		return DMA_PATH_DIRECT;
	if (!v.read && !mm->snap->cmdline)
		return DMA_PATH_UNKNOWN;
	if (v.units || word_on_cmdline(mm, "intel_iommu=", "on"))
		return config_is(mm, "IOMMU_DEFAULT_PASSTHROUGH") ? DMA_PATH_DIRECT : translated(mm, &v);
	return DMA_PATH_UNKNOWN;
}

int dma_zone_bits(const struct mm *mm, enum gfp_zone kind)
{
	uint64_t end = 0;
	int bits = 0;

	for (size_t i = 0; i < mm->n_zones; i++) {
		const struct snap_zone *s = mm->zones[i].snap;
		uint64_t last = sat_add(opt_or(s->start_pfn, 0), opt_or(s->spanned_pages, 0));

		if (mm->zones[i].kind == kind && sat_mul(last, mm->page_size) > end)
			end = sat_mul(last, mm->page_size);
	}
	while (bits < 64 && end > UINT64_C(1) << bits)
		bits++;
	return end ? bits : 0;
}

int dma_limit_bits(const struct mm *mm)
{
	return is_x86(mm) ? 24 : dma_zone_bits(mm, GFP_ZONE_DMA);
}

uint32_t dma_direct_optimal_gfp_mask(const struct mm *mm, int mask)
{
	if (mask <= dma_limit_bits(mm))
		return GF_DMA;
	return mask <= 32 ? GF_DMA32 : 0;
}

/* Whether every zone that a request with @gfp may use lies below @mask bits. */
static bool all_in_reach(const struct mm *mm, uint32_t gfp, int mask)
{
	enum gfp_zone highest;
	bool any = false;

	gfp_zone_index(mm, gfp, &highest);
	for (size_t i = 0; i < mm->n_zones; i++) {
		int bits = dma_zone_bits(mm, mm->zones[i].kind);

		if (mm->zones[i].kind > highest)
			continue;
		any = true;
		/* where it is not told zone DMA32 ends with the 32 bits */
		if (bits ? bits > mask : mm->zones[i].kind > GFP_ZONE_DMA32 || mask < 32)
			return false;
	}
	return any;
}

bool dma_page_flags(const struct mm *mm, int mask, uint32_t *gfp)
{
	const uint32_t zones[] = { 0, GF_DMA32, GF_DMA };
	enum dma_path path = dma_path(mm);

	if (mask >= 64 || path == DMA_PATH_IOMMU || path == DMA_PATH_IOMMU_CONTIGUOUS)
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(zones); i++) {
		if (!all_in_reach(mm, *gfp | zones[i], mask))
			continue;
		*gfp |= zones[i];
		return true;
	}
	return false;
}

bool dma_out_of_reach(const struct mm *mm, int mask)
{
	for (size_t i = 0; i < mm->n_zones; i++) {
		const struct snap_zone *s = mm->zones[i].snap;

		if (!s->start_pfn.known || mask >= 64 || sat_mul(s->start_pfn.v, mm->page_size) >> mask == 0)
			return false;
	}
	return mm->n_zones > 0;
}
