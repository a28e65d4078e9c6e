// SPDX-License-Identifier: GPL-2.0-or-later
/* log/scan: no line that opens a report is passed over, wherever it lies in the buffer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/cleanup.h"
#include "log/classify.h"
#include "log/scan.h"

static const char *const openings[] = {
	"x: page allocation failure. order:0, mode:0x20",
	"x: page allocation failure: order:4, mode:0x40cc0(GFP_KERNEL|__GFP_COMP), nodemask=(null)",
	"x: page allocation stalls for 10060ms, order:1, mode:0x15080c0(GFP_KERNEL_ACCOUNT|__GFP_ZERO)",
	"x: page allocation stall for 12 secs: order:0, mode:0xcc0(GFP_KERNEL) nodemask=(null)",
	"x invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0",
	"SLUB: Unable to allocate memory on node -1, gfp=0x20",
	"SLAB: Unable to allocate memory on node 0 (gfp=0x20)",
	"vmap allocation for size 430080 failed: use vmalloc=<size> to increase size",
	"vmalloc_node_range for size 8192 failed: Address range restricted to 0x1 - 0x2",
	"vmalloc: allocation failure: 4096 bytes",
	"x: vmalloc: allocation failure: 4096 bytes, mode:0xcc0(GFP_KERNEL), nodemask=(null)",
	"x: vmalloc error: size 4096, failed to map pages, mode:0xcc0(GFP_KERNEL)",
	"cma: cma_alloc: alloc failed, req-size: 8 pages, ret: -12",
	"cma: __cma_alloc: reserved: alloc failed, req-size: 8 pages, ret: -16",
	"dev 0: swiotlb buffer is full (sz: 4096 bytes), total 32768 (slots), used 32768 (slots)",
	"PCI-DMA: Out of IOMMU space for 65536 bytes at device 0000:03:01.0",
	"sata_nv 0000:00:07.0: PCI-DMA: Out of IOMMU space for 65536 bytes",
	"DMA: Out of SW-IOMMU space for 65536 bytes at device 0000:00:1f.2",
	"percpu: allocation failed, size=4 align=4 atomic=1, atomic alloc failed, no space left",
	"PERCPU: allocation failed, size=4 align=4, failed to populate",
	"illegal size (1000000) or align (8) for percpu allocation",
	"WARNING: CPU: 1 PID: 2 at mm/page_alloc.c:5023 __alloc_pages+0x1/0x2",
	"DMA: failed to allocate 256 KiB GFP_KERNEL pool for atomic allocation",
	"unreferenced object 0xffff888012345678 (size 64):",
	"page last allocated via order 0, migratetype Unmovable, gfp_mask 0xcc0(GFP_KERNEL), pid 1",
	"Page allocated via order 0, mask 0xcc0(GFP_KERNEL), pid 1, tgid 1 (x), ts 1 ns",
	"Unexpected gfp: 0x4 (GFP_DMA32). Fixing up to gfp: 0xa20 (GFP_ATOMIC). Fix your code!",
	"__alloc_pages: 0-order allocation failed (gfp=0x20/0)",
	"ERROR: 256 KiB atomic DMA coherent pool is too small!",
};

static void test_all_openings(void **state UNUSED)
{
	for (size_t i = 0; i < ARRAY_SIZE(openings); i++) {
		size_t len = strlen(openings[i]);

		if (!line_opens(classify((struct slice){ openings[i], len })) &&
		    classify((struct slice){ openings[i], len }) != L_OOM)
			fail_msg("not an opening line: %s", openings[i]);
		for (size_t at = 0; at < 70; at++) {
			char *buf = malloc(200 + len);

			memset(buf, '.', 200 + len);
			memcpy(buf + at, openings[i], len);
			if (!scan_anchor(buf, 200 + len))
				fail_msg("passed over at %zu: %s", at, openings[i]);
			/* and with nothing behind it */
			if (!scan_anchor(buf, at + len))
				fail_msg("passed over at the end, %zu: %s", at, openings[i]);
			free(buf);
		}
	}
}

static void test_nothing_there(void **state UNUSED)
{
	static const char text[] =
		"systemd[1]: Started Session 12 of user root; all of memory; kworker allowed; item-1; hello\n";

	assert_null(scan_anchor(text, sizeof(text) - 1));
	assert_null(scan_anchor(text, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_openings),
		cmocka_unit_test(test_nothing_there),
	};

	return cmocka_run_group_tests_name("log_scan", tests, NULL, NULL);
}
