# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash source=lib.sh disable=SC1091,SC2015,SC2034,SC2086,SC2154
# Makes each state and keeps what a user is told while it holds; seen.check judges it.
. /t/lib.sh
load
# kcompactd would mend what is movable while we look
echo 0 >/proc/sys/vm/compaction_proactiveness

# with NAME STATE...: the state, and in $OUT/seen/NAME what snapshot says
with() {
	name=$1
	shift
	seen=$OUT/seen/$name
	mkdir -p "$seen"
	settle
	memtool snapshot --json >"$seen/before.json"
	if memtool provoke --yes set "$@" >"$seen/made" 2>&1; then
		ok "$name: made"
	else
		not_ok "$name: $(cat "$seen/made")"
	fi
	memtool snapshot >"$seen/text"
	memtool snapshot --json >"$seen/snapshot.json"
}
# asks ARGUMENTS of explain
asks() { memtool explain --json "$@" >>"$seen/explain" 2>&1 || not_ok "$name: explain $*"; }
gone() { memtool provoke --yes release >/dev/null || not_ok "$name: released"; }

# what per-CPU lists give back later is taken, too
with unmovable_holes unmovable_holes stride=4 percent=99 follow=1
asks --gfp GFP_ATOMIC alloc_pages order=9
asks --gfp 'GFP_KERNEL|__GFP_NORETRY' alloc_pages order=9
gone
with movable_holes movable_holes stride=4 percent=99 follow=1
asks --gfp GFP_ATOMIC alloc_pages order=9
asks --gfp 'GFP_KERNEL|__GFP_NORETRY' alloc_pages order=9
gone
with hoard hoard order=5 percent=99 follow=1
asks --gfp GFP_ATOMIC alloc_pages order=8
gone
# room for the tests themselves: at a watermark the next program may bring in the OOM killer
with drain drain zone=all free_percent=3
asks --gfp 'GFP_KERNEL|__GFP_NORETRY' vmalloc 256M
gone
grep -q 'zone *DMA ' /proc/buddyinfo && {
	with dma dma
	asks --gfp 'GFP_NOWAIT|__GFP_DMA' alloc_pages order=9
	asks --gfp GFP_NOWAIT --dma-mask 24 dma_alloc_coherent 512K
	gone
}
with highatomic highatomic order=3 count=16
gone
with slab_sparse slab_sparse cache=own:1024 keep=1 bytes=33554432
memtool slab >"$seen/slab"
gone
with slab_leak slab_leak cache=own:512 rate=8388608
sleep 8
memtool snapshot --json >"$seen/after.json"
memtool diff "$seen/before.json" "$seen/after.json" >"$seen/diff" 2>&1
memtool diff --json "$seen/before.json" "$seen/after.json" >"$seen/diff.json" 2>&1
gone
with vmalloc vmalloc count=64 size=1048576
memtool vmalloc >"$seen/vmalloc"
gone
grep -q 'CmaTotal:.*[1-9]' /proc/meminfo && {
	with cma cma size=1048576
	asks cma_alloc 8M
	gone
}
check "the kernel did not complain" clean_log
finish
