#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# advise over recorded kernels: calls that fit, that the kernel at hand has, and that may be made where they stand.
load ../helper
bats_require_minimum_version 1.5.0

Q=$TOP/fixtures/6.1-amd64-4K-quiet
F=$TOP/fixtures/6.1-amd64-4K-fragmented

@test "advice follows practice: cache for many objects, DMA API for devices, kvmalloc for large and scattered" {
	need jq
	api() { memtool advise -s "$Q" --json "$@" | jq -r '.options[0].api'; }
	[ "$(api --size 1M --contiguous no --context process)" = kvmalloc ]
	[ "$(api --size 1M --contiguous no --zeroed)" = kvzalloc ]
	[ "$(api --size 200 --equal-objects 10000)" = kmem_cache_alloc ]
	[ "$(api --size 64K --dma-mask 32 --contiguous yes)" = dma_alloc_coherent ]
	[ "$(api --size 100)" = kmalloc ]
	[ "$(api --size 100 --zeroed --context atomic)" = kzalloc ]
	[ "$(api --size 1M --user-mapped)" = vmalloc_user ]
	[ "$(memtool advise -s "$Q" --json --size 1M --context atomic | jq '[.options[].api] | map(test("vmalloc")) | any')" = false ]
}

@test "above the largest order only a CMA area helps a device, where the kernel has such" {
	way_out() { memtool advise -s "$@" --size 64M --contiguous yes --dma-mask 32 | grep -A2 '^If it fails' | tr -s ' \n' ' '; }
	# Debian's 6.1 has no CMA on amd64; an order of 10 is 4 MiB.
	[[ $(way_out "$Q") == "If it fails: no call gives more than order 10 in one piece: take pieces "* ]]
	[ -d "$TOP/fixtures/7.3-amd64-4K-cma" ] || skip "no fixture"
	[[ $(way_out "$TOP/fixtures/7.3-amd64-4K-cma") == *"order 10 in one piece but a CMA area: reserve one at boot (cma="*"M) "* ]]
	[[ $(way_out "$TOP/fixtures/7.3-amd64-4K-cma" --context atomic) == *"M) and allocate in probe "* ]]
	[ -z "$(way_out "$TOP/fixtures/7.3-amd64-4K-cma" | grep 'when blocks are still there')" ]
}

# Every option of a need, as the body of a function, through the compiler.
compiles() {
	memtool advise -s "$Q" --json "$@" >advice
	jq -r '"#include \"advise_stubs.h\"", (.options | to_entries[] |
		"int try_\(.key)(struct device *dev, struct sg_table sgt);",
		"int try_\(.key)(struct device *dev, struct sg_table sgt)\n{",
		"struct kmem_cache *cache; struct dma_pool *pool; struct page *page; struct scatterlist *sg;",
		"dma_addr_t dma; unsigned int flags; void *p; int i;",
		"(void)cache; (void)pool; (void)page; (void)sg; (void)dma; (void)flags; (void)p; (void)i; (void)dev;",
		.value.code, .value.check, .value.free + ";", "return 0;\n}")' advice >advice.c
	"${CC:-gcc}" -std=gnu11 -fsyntax-only -Wall -Wno-uninitialized -Werror -I"$TOP/tests/cli" advice.c
}

@test "advice is C: each call, its check and its release compile" {
	need jq
	cd "$BATS_TEST_TMPDIR"
	for context in process atomic nofs noio; do
		for size in 64 5000 1M 8M 16G; do
			compiles --size $size --context $context
			compiles --size $size --context $context --contiguous yes --zeroed
			compiles --size $size --context $context --dma-mask 32 --zeroed
			compiles --size $size --context $context --user-mapped
		done
		compiles --size 200 --equal-objects 10000 --context $context --constructor --hot --align 64
		compiles --size 200 --equal-objects 10000 --context $context --dma-mask 24
		compiles --size 200 --equal-objects 10 --context $context --user-mapped
	done
}

@test "advice does not contradict itself" {
	need jq
	apis() { memtool advise -s "$Q" --json "$@" | jq -r '[.options[].api] | join(" ")'; }
	# who may sleep, but not enter the filesystem, still has vmalloc
	[ "$(apis --size 8M --context nofs)" = "kvmalloc vmalloc" ]
	[ "$(apis --size 8M --context atomic)" = "kmalloc alloc_pages" ]
	# the pages of slab objects are never user space's
	[ "$(apis --size 200 --equal-objects 100 --user-mapped)" = vmalloc_user ]
	[ "$(apis --size 100 --equal-objects 10 --dma-mask 32)" = "dma_pool_alloc dma_alloc_coherent" ]
	# more than INT_MAX is not for kvmalloc
	[ "$(apis --size 4G)" = vmalloc ]
	# above the largest order a way out is named, and not the same again
	memtool advise -s "$Q" --size 8M --contiguous yes | grep -q 'If it fails: no call gives more than order 10'
	# user space never sees what was there before
	memtool advise -s "$Q" --size 1M --contiguous yes --user-mapped | grep -q __GFP_ZERO
}

# as KERNEL: the quiet recording under another release, without what only later ones have
as_kernel() {
	cp -r "$Q" "$BATS_TEST_TMPDIR/as-$1"
	echo "$1" >"$BATS_TEST_TMPDIR/as-$1/proc/sys/kernel/osrelease"
	echo "Linux version $1 (a@b) #1" >"$BATS_TEST_TMPDIR/as-$1/proc/version"
}

@test "advice names no call that the kernel at hand does not have" {
	as_kernel 4.4.302
	local S=$BATS_TEST_TMPDIR/as-4.4.302
	# kvmalloc and memalloc_nofs_save: 4.12; the sgtable wrappers: 5.8
	for context in process nofs noio; do
		not grep -q 'kvmalloc\|kvzalloc\|memalloc_nofs' <(memtool advise -s "$S" -v --size 1M --context $context)
	done
	memtool advise -s "$S" -v --size 1M --context nofs | grep -q memalloc_noio_save
	memtool advise -s "$S" -v --size 1M --dma-mask 32 | grep -q 'dma_map_sg(dev, sgt.sgl'
	not grep -q sgtable_ <(memtool advise -s "$S" -v --size 1M --dma-mask 32)
	memtool advise -s "$Q" -v --size 1M --dma-mask 32 | grep -q dma_map_sgtable
}

@test "scatter-gather takes pages that the device reaches, as many as there are" {
	need jq
	sg() { memtool advise -s "$F" --json "$@" | jq -r '.options[] | select(.api == "scatter-gather") | .code, .verdict'; }
	# all of this machine lies below 32 bits
	not grep -q GFP_DMA <(sg --size 4M --dma-mask 32)
	# below 16 MiB there are 297 free pages of 1024
	sg --size 4M --dma-mask 24 >"$BATS_TEST_TMPDIR/out"
	grep -q 'alloc_page(GFP_KERNEL | GFP_DMA)' "$BATS_TEST_TMPDIR/out"
	grep -q '^likely_fails\|^fails' "$BATS_TEST_TMPDIR/out"
	# no memory at all lies below 24 bits there
	[ -z "$(memtool advise -s "$TOP/fixtures/6.12-arm64-4K-cma" --json --size 1M --dma-mask 24 |
		jq -r '.options[] | select(.api == "scatter-gather")')" ]
}

@test "objects with a constructor are not zeroed over it" {
	# 6.1 mm/slub.c:allocate_slab warns on a constructor with __GFP_ZERO
	memtool advise -s "$Q" -v --size 100 --constructor --zeroed --equal-objects 10 >"$BATS_TEST_TMPDIR/out"
	grep -q 'kmem_cache_alloc(cache' "$BATS_TEST_TMPDIR/out"
	not grep -q 'kmem_cache_zalloc(cache' "$BATS_TEST_TMPDIR/out"
}

@test "a buffer's alignment is asked of an API that gives it" {
	need jq
	code() { memtool advise -s "$Q" --json "$@" | jq -r '.options[0].code'; }
	# kmalloc aligns what is a power of two to itself, and anything else to 8 bytes on x86
	[ "$(code --size 96 --align 64)" = 'p = kmalloc(128, GFP_KERNEL);' ]
	[ "$(code --size 24 --align 64 --context atomic)" = 'p = kmalloc(64, GFP_ATOMIC);' ]
	[ "$(code --size 100 --align 8)" = 'p = kmalloc(100, GFP_KERNEL);' ]
	[ "$(code --size 128 --align 64)" = 'p = kmalloc(128, GFP_KERNEL);' ]
	# above the caches all are pages
	[ "$(code --size 20K --align 64 --contiguous yes)" = 'p = kmalloc(20480, GFP_KERNEL);' ]
	[ "$(code --size 6000 --align 1K)" = 'p = kvmalloc(8192, GFP_KERNEL);' ]
	# vmalloc aligns to a page and no further; a block to its own size
	[ "$(memtool advise -s "$Q" --json --size 20K --align 64K | jq '[.options[].api] | map(test("vmalloc")) | any')" = false ]
	[ "$(code --size 20K --align 64K)" = 'p = kmalloc(65536, GFP_KERNEL);' ]
	memtool advise -s "$Q" -v --size 20K --align 64K | grep -q 'alloc_pages(GFP_KERNEL | __GFP_COMP, 4)'
}

@test "what may sleep is not advised where nothing may" {
	# kmem_cache_create and dma_pool_create take mutexes; dma_free_attrs warns with interrupts off
	memtool advise -s "$Q" -v --size 200 --equal-objects 1000 --context atomic >"$BATS_TEST_TMPDIR/out"
	grep -B 1 'kmem_cache_create(' "$BATS_TEST_TMPDIR/out" | grep -q 'where it may sleep'
	memtool advise -s "$Q" -v --size 200 --equal-objects 1000 --dma-mask 32 --context atomic >"$BATS_TEST_TMPDIR/out"
	grep -B 1 'dma_pool_create(' "$BATS_TEST_TMPDIR/out" | grep -q 'where it may sleep'
	tr '\n' ' ' <"$BATS_TEST_TMPDIR/out" | tr -s ' ' | grep -q 'Avoid: .*dma_free_coherent() with interrupts off'
	not grep -q 'interrupts off' <(memtool advise -s "$Q" --size 64K --dma-mask 32)
}

# mm/slab_common.c:slab_unmergeable
@test "a cache that SLUB merges with others is not said to be seen under its name" {
	why() { memtool advise -s "$1" --json --size 192 --equal-objects 1000 "${@:2}" | jq -r '.options[0].why'; }
	need jq
	why "$Q" | grep -q merge
	not grep -q 'a leak shows' <(why "$Q")
	why "$Q" --constructor | grep -q 'under its name'
	as_kernel 6.1.0
	echo 'root=/dev/vda slab_nomerge' >"$BATS_TEST_TMPDIR/as-6.1.0/proc/cmdline"
	why "$BATS_TEST_TMPDIR/as-6.1.0" | grep -q 'under its name'
}

@test "memory for a device is zeroed by who zeroes it" {
	need jq
	code() { memtool advise -s "$1" --json "${@:2}" | jq -r '.options[0] | .code, .why'; }
	# dma_alloc_coherent zeroes on all architectures since 5.0
	code "$Q" --size 64K --dma-mask 32 --zeroed >"$BATS_TEST_TMPDIR/out"
	grep -q 'already zeroed' "$BATS_TEST_TMPDIR/out"
	not grep -q __GFP_ZERO "$BATS_TEST_TMPDIR/out"
	as_kernel 4.1.0
	code "$BATS_TEST_TMPDIR/as-4.1.0" --size 64K --dma-mask 32 >"$BATS_TEST_TMPDIR/out"
	not grep -q 'already zeroed\|__GFP_ZERO' "$BATS_TEST_TMPDIR/out"
	code "$BATS_TEST_TMPDIR/as-4.1.0" --size 64K --dma-mask 32 --zeroed | grep -q 'GFP_KERNEL | __GFP_ZERO'
	# dma_pool_zalloc: 4.3
	code "$BATS_TEST_TMPDIR/as-4.1.0" --size 64 --equal-objects 9 --dma-mask 32 --zeroed >"$BATS_TEST_TMPDIR/out"
	grep -q 'memset(p, 0, 64)' "$BATS_TEST_TMPDIR/out"
	not grep -q dma_pool_zalloc "$BATS_TEST_TMPDIR/out"
	code "$Q" --size 64 --equal-objects 9 --dma-mask 32 --zeroed | grep -q dma_pool_zalloc
}

@test "no way out is named that leads nowhere" {
	# all memory of this machine lies above 1 GiB: no block ever lies below 30 bits
	memtool advise -s "$TOP/fixtures/6.12-arm64-4K-cma" --size 100K --dma-mask 30 >"$BATS_TEST_TMPDIR/out"
	grep -q '^dma_alloc_coherent: fails' "$BATS_TEST_TMPDIR/out"
	not grep -q 'allocate in probe' "$BATS_TEST_TMPDIR/out"
	grep -q 'If it fails: .*no memory below 30 bits' "$BATS_TEST_TMPDIR/out"
	# what user space maps is no slab's
	not grep -q 'kmalloc above two pages' <(memtool advise -s "$Q" --size 4K --user-mapped)
}
