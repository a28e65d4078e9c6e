#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# memtool log: what it tells to do follows from the report's own numbers, and the kernel has it.
load ../helper

setup() {
	cases=$TOP/tests/log/cases
	logs=$TOP/fixtures/logs
}

# remedies [N]: of the log on stdin the actions and commands of all reports, or of the N-th.
remedies() {
	"$MEMTOOL" log --json | "$PYTHON" -c '
import json, sys
n = int(sys.argv[1]) if len(sys.argv) > 1 else 0
for i, line in enumerate(sys.stdin, 1):
    if n in (0, i):
        for m in json.loads(line)["remedies"]:
            print(m["action"], "|", m["command"] or "")
' "$@"
}

cause() {
	"$MEMTOOL" log --json | "$PYTHON" -c '
import json, sys
print(*[json.loads(line)["cause"] for line in sys.stdin])'
}

@test "a smaller CMA area is smaller than the one of the report" {
	for log in 7.3-amd64-slub 7.3-amd64-atomic-page 7.3-amd64-vmalloc-pages; do
		grep -q "8192 pages cma reserved" "$logs/$log.log"
		run remedies 1 <"$logs/$log.log"
		[[ $output == *"smaller CMA area than the 32 MiB"*"cma=16M "* ]]
	done
	run remedies 1 <"$logs/6.1-arm64-oom-slub.log"
	[[ $output == *"smaller CMA area than the 16 MiB"*"cma=8M "* ]]
	# GFP_ATOMIC must leave 3/8 of min: 22 MiB are missing, and half of the area is not enough
	sed 's/min:[0-9]*kB low/min:60000kB low/' "$logs/7.3-amd64-atomic-page.log" >"$BATS_TEST_TMPDIR/log"
	run remedies 1 <"$BATS_TEST_TMPDIR/log"
	[[ $output == *"cma=8M "* ]]
	# one that is in use, as for a graphics card
	run remedies <"$cases/4.14-arm-stall-mail.log"
	not grep -q "cma=" <<<"$output"
}

@test "a reserve is not made larger where it is what fails the request" {
	for log in "$logs/6.1-arm64-oom-slub.log" "$logs/7.3-amd64-atomic-page.log" "$cases/highatomic-no-release.log"; do
		run remedies <"$log"
		not grep -q min_free_kbytes <<<"$output"
	done
	run remedies <"$cases/highatomic-no-release.log"
	[[ $output == *"(HighAtomic)"* ]]
	not grep -q lowmem_reserve_ratio <<<"$output"
}

@test "marks above all memory: the kernel's own choice for this memory" {
	# the zones that the log has: int_sqrt(16 * kB)
	kb=$(sed -n '/\(DMA\|DMA32\|Normal\) free/s/.*managed:\([0-9]*\)kB.*/\1/p' "$cases/marks-absurd.log" | sort -u | awk '{ n += $1 } END { print int(sqrt(16 * n)) }')
	run remedies <"$cases/marks-absurd.log"
	[[ $output == *"vm.min_free_kbytes=$kb"* ]]
	not grep -q lowmem_reserve_ratio <<<"$output"
}

@test "lowmem_reserve_ratio is changed from what it is, in the field of the zone" {
	# no user pages in the zone: keeping them out gives nothing
	for log in "$logs"/5.10-i386-{dma,atomic-page}.log "$logs"/6.1-amd64-dma{,32}.log "$cases"/{3.2-i386-oom,2.6.16-i386-oom,5.4-arm-lowmem,pae-order1-lists-cut,no-zone-below,small-kinds,vmalloc-words,one-line}.log; do
		run remedies <"$log"
		not grep -q lowmem_reserve_ratio <<<"$output"
	done
	# a third of i386's Normal, which is the second zone
	sed '/Normal free/s/inactive_file:0kB/inactive_file:300000kB/' "$logs/5.10-i386-atomic-page.log" >"$BATS_TEST_TMPDIR/log"
	run remedies <"$BATS_TEST_TMPDIR/log"
	# shellcheck disable=SC2016
	[[ $output == *"user pages, of which zone Normal holds 292 MiB"*'{$2=int(($2+1)/2)} 1'* ]]
	# without ZONE_DMA it is the first one
	sed '/ DMA[ :]/d;/lowmem_reserve\[\]: 0 835/d;s/lowmem_reserve\[\]: 0 0 2558 2558/lowmem_reserve[]: 0 2558 2558/;s/lowmem_reserve\[\]: 0 0 0 0/lowmem_reserve[]: 0 0 0/' \
		"$BATS_TEST_TMPDIR/log" >"$BATS_TEST_TMPDIR/nodma"
	run remedies <"$BATS_TEST_TMPDIR/nodma"
	# shellcheck disable=SC2016
	[[ $output == *'{$1=int(($1+1)/2)} 1'* ]]
}

@test "too much is held back from a request that could use a higher zone: as many times less as it takes" {
	cat >"$BATS_TEST_TMPDIR/log" <<'LOG'
[    5.000001] x: page allocation failure: order:0, mode:0xa20(GFP_ATOMIC), nodemask=(null)
[    5.000002] CPU: 0 PID: 7 Comm: x Not tainted 6.1.9 #1
[    5.000003] Mem-Info:
[    5.000004] Node 0 DMA32 free:400000kB boost:0kB min:4000kB low:5000kB high:6000kB reserved_highatomic:0KB active_anon:0kB inactive_anon:0kB active_file:0kB inactive_file:0kB unevictable:0kB writepending:0kB present:2000000kB managed:2000000kB mlocked:0kB bounce:0kB free_pcp:0kB local_pcp:0kB free_cma:0kB
[    5.000005] lowmem_reserve[]: 0 0 120000 120000 120000
[    5.000006] Node 0 Normal free:100kB boost:0kB min:1000kB low:2000kB high:3000kB reserved_highatomic:0KB active_anon:0kB inactive_anon:0kB active_file:0kB inactive_file:0kB unevictable:0kB writepending:0kB present:900000kB managed:900000kB mlocked:0kB bounce:0kB free_pcp:0kB local_pcp:0kB free_cma:0kB
[    5.000007] lowmem_reserve[]: 0 0 0 0 0
[    5.000008] Node 0 DMA32: 0*4kB 0*8kB 0*16kB 0*32kB 0*64kB 0*128kB 0*256kB 0*512kB 0*1024kB 0*2048kB 97*4096kB (U) = 400000kB
[    5.000009] Node 0 Normal: 25*4kB (U) 0*8kB 0*16kB 0*32kB 0*64kB 0*128kB 0*256kB 0*512kB 0*1024kB 0*2048kB 0*4096kB = 100kB
[    5.000010] 725000 pages RAM
LOG
	run remedies <"$BATS_TEST_TMPDIR/log"
	# shellcheck disable=SC2016
	[[ $output == *"larger ratio"*'awk '"'"'{$2*=2} 1'"'"* ]]
}

@test "a request for ZONE_DMA on a machine with HighMem lacks that zone, not lowmem" {
	run remedies <"$logs/5.10-i386-dma.log"
	not grep -q VMSPLIT <<<"$output"
	[[ $output == *"drop GFP_DMA"*"DMA_BIT_MASK(32)"* ]]
	# all lowmem of this machine is ZONE_DMA
	run remedies <"$cases/5.4-arm-lowmem.log"
	[[ $output == *VMSPLIT* ]]
}

@test "kvmalloc is told only to whom it serves, and with the scope that the request needs" {
	fails() {
		echo "[    5.000001] x: page allocation failure: order:5, mode:$1, nodemask=(null)"
		echo "[    5.000002] CPU: 0 PID: 7 Comm: x Not tainted ${2:-6.1.9} #1"
	}
	run remedies < <(fails 'GFP_KERNEL' 4.11.9)
	not grep -q kvmalloc <<<"$output"
	run remedies <"$cases/3.10-ppc64-order4.log"
	not grep -q kvmalloc <<<"$output"
	run remedies < <(fails '0xcc0(GFP_KERNEL)')
	[[ $output == *"| p = kvmalloc(size, GFP_KERNEL);"* ]]
	run remedies < <(fails '0xc40(GFP_NOFS)')
	[[ $output == *"memalloc_nofs_save(); p = kvmalloc("*"memalloc_nofs_restore("* ]]
	run remedies < <(fails '0xc00(GFP_NOIO)')
	[[ $output == *"memalloc_noio_save(); p = kvmalloc("*"memalloc_noio_restore("* ]]
	for mode in '0xa20(GFP_ATOMIC)' '0xcc1(GFP_KERNEL|GFP_DMA)' '0xcc4(GFP_KERNEL|GFP_DMA32)' '0x100cca(GFP_HIGHUSER_MOVABLE)'; do
		run remedies < <(fails "$mode")
		not grep -q kvmalloc <<<"$output"
	done
	run remedies <"$logs/6.12-amd64-atomic-order.log"
	not grep -q kvmalloc <<<"$output"
}

@test "slab fails for a memory cgroup only where the cgroup has caches of its own" {
	log='[    5.000001] SLUB: Unable to allocate memory on CPU 1 (of node 0) on node -1, gfp=0x400cc0(GFP_KERNEL_ACCOUNT)
[    5.000002]   cache: NAME, object size: 256, buffer size: 256, default order: 0, min order: 0
[    5.000003]   node 0: slabs: 9, objs: 144, free: 0'
	[ "$(cause <<<"${log/NAME/filp}")" = low_memory ]
	[ "$(cause <<<"${log/NAME/'filp(12:web)'}")" = memcg_limit ]
	run remedies <<<"${log/NAME/filp}"
	not grep -q nokmem <<<"$output"
	boot='[    0.000000] Linux version 6.12.1 (builder@host) (gcc 14) #1 SMP'
	[ "$(cause <<<"$boot"$'\n'"${log/NAME/'filp(12:web)'}")" = low_memory ]
}

@test "what slab says of a failure gets the advice of the page allocator's report" {
	for log in 7.3-amd64-slub 6.1-arm64-oom-slub; do
		n=$("$MEMTOOL" log --json "$logs/$log.log" | wc -l)
		remedies "$((n - 1))" <"$logs/$log.log" >"$BATS_TEST_TMPDIR/page"
		remedies "$n" <"$logs/$log.log" >"$BATS_TEST_TMPDIR/slab"
		grep -q cma= "$BATS_TEST_TMPDIR/slab"
		diff "$BATS_TEST_TMPDIR/page" "$BATS_TEST_TMPDIR/slab"
	done
}

@test "the limit of a memory cgroup is raised in the file of its hierarchy" {
	cat >"$BATS_TEST_TMPDIR/v1" <<'LOG'
[  100.000001] web invoked oom-killer: gfp_mask=0xd0, order=0, oom_score_adj=0
[  100.000002] CPU: 3 PID: 4711 Comm: web Not tainted 3.10.0-1160.el7.x86_64 #1
[  100.000003] Task in /docker/0123abcd killed as a result of limit of /docker/0123abcd
[  100.000004] memory: usage 524288kB, limit 524288kB, failcnt 77
[  100.000005] memory+swap: usage 524288kB, limit 9007199254740988kB, failcnt 0
[  100.000006] kmem: usage 0kB, limit 9007199254740988kB, failcnt 0
[  100.000007] Memory cgroup out of memory: Kill process 4711 (web) score 1000 or sacrifice child
[  100.000008] Killed process 4711 (web) total-vm:900000kB, anon-rss:500000kB, file-rss:0kB, shmem-rss:0kB
LOG
	run remedies <"$BATS_TEST_TMPDIR/v1"
	[[ $output == *"echo 1G > /sys/fs/cgroup/memory/docker/0123abcd/memory.limit_in_bytes"* ]]
	not grep -q memory.max <<<"$output"
	# 4.19 counts both in one, and says "memory+swap" of cgroup v2 too
	sed -i 's/3.10.0-1160.el7.x86_64/4.19.1/; s/memory+swap: usage 524288kB/memory+swap: usage 0kB/' "$BATS_TEST_TMPDIR/v1"
	run remedies <"$BATS_TEST_TMPDIR/v1"
	[[ $output == *memory.max*memory.limit_in_bytes* ]]
	run remedies <"$logs/7.3-amd64-memcg.log"
	[[ $output == *"echo 32M > /sys/fs/cgroup/small/memory.max"* ]]
	not grep -q limit_in_bytes <<<"$output"
	# memory and swap together may not be below
	run remedies <"$cases/memcg-hard-wrap.log"
	[[ ${lines[0]} == *"echo 1G > "*memory.memsw.limit_in_bytes ]]
	[[ ${lines[1]} == *"echo 1G > "*memory.limit_in_bytes ]]
}

@test "an area that is too small is made larger than it is" {
	sed 's/32768/131072/g' "$logs/7.3-amd64-bounce.log" >"$BATS_TEST_TMPDIR/bounce"
	run remedies <"$BATS_TEST_TMPDIR/bounce"
	[[ $output == *"swiotlb=262144 "* ]]
	# more than a segment holds: no size of it helps
	run remedies 1 <"$cases/swiotlb-size20.log"
	not grep -q swiotlb= <<<"$output"
	sed 's/60000 pages/100000 pages/' "$logs/7.3-amd64-cma.log" >"$BATS_TEST_TMPDIR/cma"
	run remedies <"$BATS_TEST_TMPDIR/cma"
	[[ $output == *"larger area than the 32 MiB"*"cma=512M "* ]]
	# the report does not say how large it is
	run remedies <<<'[   11.000000] cma: __cma_alloc: reserved: alloc failed, req-size: 1024 pages, ret: -12'
	[[ $output == *"by the 4 MiB"*"cma=SIZE "* ]]
	run remedies <<<'[   11.000000] cma: __cma_alloc: hugetlb0: alloc failed, req-size: 1024 pages, ret: -12'
	[[ $output == *"hugetlb_cma="* ]]
	run remedies <<<'[    9.000000] ERROR: 256 KiB atomic DMA coherent pool is too small!'
	[[ $output == *"coherent_pool=512K "* ]]
}

@test "percpu: what pcpu_alloc says is what is told" {
	run remedies <"$cases/percpu-quoted.log"
	not grep -q "nr_cpus\|holds the memory" <<<"$output"
	[[ $output == *GFP_KERNEL* ]]
	run remedies <<<'[   20.000000] percpu: allocation failed, size=8 align=8 atomic=1, alloc from reserved chunk failed'
	not grep -q "check the size" <<<"$output"
	[[ $output == *"reserve of fixed size"* ]]
	run remedies <<<'[   20.000000] percpu: allocation failed, size=8 align=8 atomic=0, failed to populate'
	[[ $output == *nr_cpus* ]]
}

@test "the pool for atomic DMA at boot: no device asked, and no user page is there" {
	for log in small-kinds vmalloc-words one-line; do
		"$MEMTOOL" log --json "$cases/$log.log" | grep '"dma_pool"' >"$BATS_TEST_TMPDIR/pools"
		[ -s "$BATS_TEST_TMPDIR/pools" ]
		not grep -q "DMA_BIT_MASK\|coherent_pool=2M" "$BATS_TEST_TMPDIR/pools"
	done
}

@test "the vmalloc area is made larger where the kernel has such a parameter" {
	run remedies <"$cases/4.4-arm64-vmalloc.log"
	not grep -q "vmalloc=" <<<"$output"
	[[ ${lines[0]} == *modules* ]]
	run remedies <<<'[   45.000000] vmap allocation for size 8392704 failed: use vmalloc=<size> to increase size'
	[[ $output == *"by 8.0 MiB at least"*vmalloc=SIZE* ]]
	not grep -q "vmalloc=[0-9]" <<<"$output"
	# the range is all of i386's area, 120 MiB
	run remedies <<<'[   45.000000] vmalloc_node_range for size 8392704 failed: Address range restricted to 0xf7800000 - 0xff000000'
	[[ $output == *"than the 120 MiB of now"*"vmalloc=240M "* ]]
	# that of arm's modules
	run remedies <<<'[   45.000000] vmalloc_node_range for size 8392704 failed: Address range restricted to 0xbf000000 - 0xc0000000'
	not grep -q "vmalloc=" <<<"$output"
	[[ $output == *modules* ]]
}

@test "a reserve that is a tenth of the zone already is not doubled" {
	run remedies <"$logs/6.1-amd64-atomic-page.log"
	[[ $output == *min_free_kbytes* ]]
	sed 's/boost:[0-9]*kB min:[0-9]*kB/boost:0kB min:80000kB/' "$logs/6.1-amd64-atomic-page.log" >"$BATS_TEST_TMPDIR/log"
	run remedies <"$BATS_TEST_TMPDIR/log"
	not grep -q min_free_kbytes <<<"$output"
}

@test "huge pages: as many as were had, of that size, on that node" {
	run remedies <"$cases/small-kinds.log"
	[[ ${lines[0]} == *"hugepagesz=1G hugepages=11 "* ]]
	[[ ${lines[1]} == *"hugepagesz=2M hugepages=1:40 "* ]]
}

@test "rings: ethtool is for those of a network device" {
	ring() { # FUNCTION THAT ASKED FOR THE BLOCK, AND ITS MODULE
		sed "s/ logmod_write+0x2b3\/0x712 \[logmod\]/ dma_direct_alloc+0x6a\/0x290\n[   63.218046]  $1/" \
			"$logs/6.1-amd64-noretry-order.log" >"$BATS_TEST_TMPDIR/log"
		remedies <"$BATS_TEST_TMPDIR/log"
	}
	run ring 'nvme_alloc_queue+0xa5\/0x1d0 [nvme]'
	not grep -q ethtool <<<"$output"
	[[ $output == *"module parameters"* ]]
	run ring 'e1000e_setup_rx_resources+0x6d\/0x130 [e1000e]\n[   63.218047]  __dev_open+0xf1\/0x1a0'
	[[ $output == *"ethtool -G"* ]]
}

@test "an IOMMU: by a word that the kernel knows" {
	run remedies <<<'[   12.000000] nic 0000:01:00.0: swiotlb buffer is full (sz: 65536 bytes), total 32768 (slots), used 32760 (slots)'
	[[ $output == *intel_iommu=on* ]]
	not grep -q amd_iommu=on <<<"$output"
}

@test "who holds the memory is named as far as the kernel itself names it" {
	# 24000 objects of 3000 bytes were leaked by logmod.c.
	run remedies 1 <"$logs/6.12-amd64-oom-slab.log"
	[[ $output == *"Slab cache logmod_objects has 68.7 MiB. take_objects [logmod] (logmod.c:141) allocated 68.7 MiB |"* ]]
	# What mm/ takes is taken for others, and bytes of no allocation are no memory.
	sed 's/ 24000 logmod/     0 logmod/' "$logs/6.12-amd64-oom-slab.log" >"$BATS_TEST_TMPDIR/log"
	run remedies 1 <"$BATS_TEST_TMPDIR/log"
	[[ $output == *"Slab cache logmod_objects has 68.7 MiB |"* ]]
	# Without a module, and of a module that was built elsewhere.
	sed 's,logmod.c:141 \[logmod\],drivers/x/y.c:141,' "$logs/6.12-amd64-oom-slab.log" >"$BATS_TEST_TMPDIR/log"
	run remedies 1 <"$BATS_TEST_TMPDIR/log"
	[[ $output == *". take_objects (drivers/x/y.c:141) allocated 68.7 MiB |"* ]]
	sed 's,logmod.c:141 ,/var/lib/dkms/logmod.c:141 ,' "$logs/6.12-amd64-oom-slab.log" >"$BATS_TEST_TMPDIR/log"
	run remedies 1 <"$BATS_TEST_TMPDIR/log"
	[[ $output == *". take_objects [logmod] (logmod.c:141) allocated 68.7 MiB |"* ]]
}
