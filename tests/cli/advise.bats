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
