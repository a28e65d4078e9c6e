/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a CMA area may be reserved: kernel/dma/contiguous.c:dma_contiguous_reserve, mm/cma.c. */
#ifndef KERNEL_CMA_H
#define KERNEL_CMA_H

#include "kernel/mm.h"

/* Whether the kernel takes cma= (CONFIG_DMA_CMA); true where nothing tells. */
bool cma_built(const struct mm *mm);

/* What to boot with. */
struct cma_boot {
	uint64_t mib;	    /* size of the area; 0: none would do */
	unsigned int below; /* bits: the area must be told to lie below; 0: it does by itself */
};

/*
 * An area that holds @bytes beside what the areas of today hold, within reach of a device of @mask
 * bits. Where there is memory above 4 GiB cma_declare_contiguous_nid places an area there (before 5.11
 * at the end of memory), so that a device of 32 bits needs the limit said.
 */
struct cma_boot cma_boot(const struct mm *mm, uint64_t bytes, int mask);
/* As a boot option: "cma=128M@0-4G". In @a; NULL: out of memory. */
const char *cma_boot_option(struct arena *a, const struct cma_boot *b);

#endif
