/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Orders: of a size, and those that a kernel is built with. */
#ifndef KERNEL_ORDER_H
#define KERNEL_ORDER_H

#include <stdint.h>

#include "snap/snapshot.h"

/* include/asm-generic/getorder.h: smallest order whose block holds @size bytes; 64 if none does. */
unsigned int get_order(uint64_t size, uint64_t page_size);

/* ARCH_FORCE_MAX_ORDER's default, of the largest order: it grows with the page on arm64. */
unsigned int arch_max_order(uint64_t page_size);

/* Bytes of hugetlb's default page (Hugepagesize); where not told, what one page of page-table entries maps. */
uint64_t default_huge_page(const struct snapshot *s, uint64_t page_size);

/*
 * include/linux/huge_mm.h:HPAGE_PMD_ORDER: hpage_pmd_size where the kernel tells, else the order of
 * hugetlb's default page, which a PMD maps but on s390 and on ppc64 with hash tables.
 */
unsigned int hpage_pmd_order(const struct snapshot *s, uint64_t page_size);

/* net/core/skbuff.c:__alloc_skb: what is allocated for @size bytes of data, the shared info behind them included. */
uint64_t skb_data_bytes(const struct snapshot *s, uint64_t size);

#endif
