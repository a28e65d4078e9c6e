/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of log_remedies. Each adds what helps, the most effective first; 0 or -ENOMEM. */
#ifndef MODEL_LOG_ADVICE_H
#define MODEL_LOG_ADVICE_H

#include "model/log_diagnose.h"

struct log_advice {
	struct log_diagnosis *d; /* gets them */
	const struct log_report *r;
	/* Whose zones tell it: those of the page allocator's report that @r follows, else its own. */
	const struct log_diagnosis *zones_d;
	const struct log_report *zones_r;
};

/* @command: printf's format of a command or a piece of C; NULL: none. */
int log_advise(const struct log_advice *a, const char *whom, const char *action, const char *command, ...)
	__attribute__((format(printf, 4, 5)));

/* What sets the masks of a device: both at once since 3.13. */
const char *log_mask_call(const struct log_advice *a);

/* Within a function that returns an int and calls its advice a. */
#define OPERATOR(...) \
	do { if (log_advise(a, "operator", __VA_ARGS__)) return -ENOMEM; } while (0)
#define AUTHOR(...) \
	do { if (log_advise(a, "author", __VA_ARGS__)) return -ENOMEM; } while (0)

/* A kernel that is too old for something is not told of it; one that is not known is. */
bool log_since(const struct log_advice *a, unsigned int major, unsigned int minor);
/* 64 or 32; 0 where nothing of the report tells. */
unsigned int log_word_bits(const struct log_report *r);
/* The range that the report names is a small one kept for modules and BPF programs. */
bool log_module_range(const struct log_report *r);
bool log_has_zone(const struct log_report *r, const char *name);
/* The zone of a check; NULL if the report has none. */
const struct log_zone *log_zone_of(const struct log_report *r, const struct log_zone_check *c);
/* The allowed zone that counts most and has its marks; NULL if none. */
const struct log_zone_check *log_main_check(const struct log_advice *a);
/* The request may not wait, as far as its flags are known. */
bool log_is_atomic(const struct log_advice *a);
/* It wants a zone of low addresses, and there is kernel memory above that. */
bool log_wants_low_zone(const struct log_advice *a);
/* "64M", the largest unit that divides it, as the command line and cgroups take it; never NULL. */
const char *log_size_word(const struct log_advice *a, uint64_t bytes);
/* The smallest power of two that is no less; saturates. */
uint64_t log_pow2_up(uint64_t n);

/* model/log_patterns.c: what is known of who asked. */
int log_pattern_advice(const struct log_advice *a);
/* model/log_holders.c: who holds the memory, as the report counts it; and that much of it is in no counter. */
int log_holders_advice(const struct log_advice *a);
int log_uncounted_advice(const struct log_advice *a);
/* model/log_reserve.c: CMA, lowmem_reserve and HighAtomic hold back what is free. */
int log_reserve_advice(const struct log_advice *a);
/* The zones that the flags allow are exhausted. */
int log_zone_advice(const struct log_advice *a);
/* A reserve of twice the size, which kswapd keeps free; not where it is a large part of the zone already. */
int log_min_free_advice(const struct log_advice *a, const char *action);
/* kswapd begins at marks that lie further above the minimum. */
int log_scale_advice(const struct log_advice *a);
/* model/log_limits.c: areas and limits of a fixed size. */
int log_memcg_advice(const struct log_advice *a);
int log_vmalloc_advice(const struct log_advice *a);
int log_cma_advice(const struct log_advice *a);
int log_swiotlb_advice(const struct log_advice *a);
int log_percpu_advice(const struct log_advice *a);
int log_dma_pool_advice(const struct log_advice *a);
/* The request is the pool's own, made while the kernel boots. */
bool log_fills_dma_pool(const struct log_report *r);
int log_hugetlb_advice(const struct log_advice *a);
/* A hash table that the kernel sizes by the machine's memory at boot. */
bool log_boot_table(const struct log_report *r);
int log_boot_table_advice(const struct log_advice *a);
int log_too_big_advice(const struct log_advice *a);
/* kvmalloc where the kernel has it and the request could be served by it. */
int log_kvmalloc_advice(const struct log_advice *a);

#endif
