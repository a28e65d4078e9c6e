/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where all of memory is: the kernel's own totals as uses that do not overlap. */
#ifndef MODEL_ACCOUNTS_H
#define MODEL_ACCOUNTS_H

#include "snap/snapshot.h"

enum account {
	ACC_FREE,
	ACC_PER_CPU_LISTS,	/* pages parked on per-CPU lists (zoneinfo) */
	ACC_PAGE_CACHE,		/* Cached + Buffers + SwapCached - Shmem */
	ACC_SHMEM,
	ACC_ANON,
	ACC_SLAB_RECLAIMABLE,
	ACC_SLAB_UNRECLAIMABLE,
	ACC_VMALLOC,		/* pages behind vmalloc, kernel stacks taken off */
	ACC_KERNEL_STACKS,
	ACC_PAGE_TABLES,
	ACC_PERCPU,
	ACC_HUGETLB,
	ACC_COMPRESSED,		/* pools of zswap and zram */
	ACC_BALLOON,		/* held for the host by a balloon driver (6.18) */
	ACC_GPU,		/* pages of GPU drivers (7.1) */
	ACC_OTHER,		/* total less all of the above: pages taken straight from the page allocator */
	ACC_COUNT
};

struct accounts {
	struct opt_u64 total_bytes;
	struct opt_u64 bytes[ACC_COUNT]; /* what the kernel does not tell is unknown, and then so is OTHER */
};

/* "page_cache": for JSON. */
const char *account_name(enum account a);
/* "page cache": for a sentence. */
const char *account_label(enum account a);

/* Bytes of the pages behind vmalloc, kernel stacks among them; unknown where no file counts them. */
struct opt_u64 accounts_vmalloc_bytes(const struct snapshot *s);
/* kernel/fork.c: stacks are vmalloc'ed with CONFIG_VMAP_STACK; the caller's name changed over time. */
bool vmalloc_caller_is_stack(const char *caller);
struct accounts accounts_of(const struct snapshot *s);
/* Page size of the snapshot's machine, 4096 if it does not tell. */
uint64_t snapshot_page_size(const struct snapshot *s);

#endif
