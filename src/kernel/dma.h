/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where DMA memory comes from: kernel/dma/direct.c, drivers/iommu/dma-iommu.c. */
#ifndef KERNEL_DMA_H
#define KERNEL_DMA_H

#include "kernel/mm.h"

/* How a device's coherent memory is mapped. Each device may differ: this is what most have. */
enum dma_path {
	DMA_PATH_DIRECT,  /* no IOMMU, or its domains are identity ones (passthrough) */
	DMA_PATH_IOMMU,	  /* dma-iommu: single pages do for who may sleep */
	DMA_PATH_IOMMU_CONTIGUOUS, /* translated, but by VT-d's own code (to 5.10): one block */
	DMA_PATH_MIXED,	  /* some devices are translated, others not */
	DMA_PATH_UNKNOWN, /* nothing tells; taken as direct */
};

/*
 * By the types of the IOMMU groups, else the IOMMUs that are there, the
 * command line and the configuration.
 */
enum dma_path dma_path(const struct mm *mm);

/* The bits that address the last byte of the zones of a kind; 0 if there are none. */
int dma_zone_bits(const struct mm *mm, enum gfp_zone kind);
/* zone_dma_bits: 24 on x86, the end of ZONE_DMA elsewhere; 0 if there is none. */
int dma_limit_bits(const struct mm *mm);

/*
 * kernel/dma/direct.c:dma_direct_optimal_gfp_mask: GF_DMA, GF_DMA32 or 0 for a device that
 * reaches @mask bits.
 */
uint32_t dma_direct_optimal_gfp_mask(const struct mm *mm, int mask);

/*
 * Single pages for a device that reaches @mask bits, with no bouncing: adds the zone to @gfp. Behind an
 * IOMMU any page does. False if no zone lies below the mask as a whole, and @gfp is as it was.
 */
bool dma_page_flags(const struct mm *mm, int mask, uint32_t *gfp);

/* No page of this machine lies below @mask bits; false where it is not told where memory begins. */
bool dma_out_of_reach(const struct mm *mm, int mask);

#endif
