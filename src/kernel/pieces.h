/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Many blocks one after the other: mm/page_alloc.c:get_page_from_freelist, asked again and again. */
#ifndef KERNEL_PIECES_H
#define KERNEL_PIECES_H

#include "kernel/mm.h"

/*
 * Blocks of @order that a request with these flags could take at once, by its
 * rights at the min watermark, from all zones that it may use: those that lie
 * in the lists, larger ones split, until each zone's mark holds it back.
 * @scratch has room for mm->n_zones.
 */
uint64_t blocks_available(struct mm *mm, uint32_t gfp, int node, unsigned int order,
			  struct mm_zone **scratch);

#endif
