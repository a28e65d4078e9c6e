// SPDX-License-Identifier: GPL-2.0-or-later
/* Orders: of a size, and those that a kernel is built with. */
#include "kernel/order.h"

#include <string.h>

#include "base/num.h"

unsigned int get_order(uint64_t size, uint64_t page_size)
{
	unsigned int order = 0;

	while (order < 64 && sat_shl(page_size, order) < size)
		order++;
	return order;
}

unsigned int arch_max_order(uint64_t page_size)
{
	return page_size == 65536 ? 13 : page_size == 16384 ? 11 : 10;
}

uint64_t default_huge_page(const struct snapshot *s, uint64_t page_size)
{
	struct opt_u64 kb = kv_get(&s->meminfo, "Hugepagesize");

	return kb.known && kb.v ? sat_mul(kb.v, 1024) : sat_mul(page_size, page_size / 8);
}

unsigned int hpage_pmd_order(const struct snapshot *s, uint64_t page_size)
{
	const char *told = snapshot_setting(s, "transparent_hugepage/hpage_pmd_size");
	uint64_t bytes = 0;

	if (!told || num_u64(told, strlen(told), &bytes) != 0 || bytes == 0)
		bytes = default_huge_page(s, page_size);
	return get_order(bytes, page_size);
}

uint64_t skb_data_bytes(const struct snapshot *s, uint64_t size)
{
	/* sizeof(struct skb_shared_info), in whole cache lines of 64 bytes. */
	uint64_t shared_info = opt_or(s->kernel.word_bits, 64) == 32 ? 256 : 320;

	return sat_add(sat_add(size, 63) / 64 * 64, shared_info);
}
