#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# memtool log: cases composed from the kernels' formats, logs of real kernels, and how it behaves.
load ../helper

setup() {
	here=$TOP/tests/log
}

@test "cases from the kernels' formats are decoded as they say" {
	need_module jsonschema
	run "$PYTHON" "$here/check.py" "$MEMTOOL" "$TOP/src/share/schema/log.json" "$here"/cases/*.log
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "reports provoked in real kernels are decoded as they say" {
	need_module jsonschema
	ls "$TOP"/fixtures/logs/*.log >/dev/null 2>&1 || skip "no fixtures"
	run "$PYTHON" "$here/check.py" "$MEMTOOL" "$TOP/src/share/schema/log.json" "$TOP"/fixtures/logs/*.log
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "every number of the real kernels' reports is in the JSON" {
	run "$PYTHON" "$here/all_numbers.py" "$MEMTOOL" "$TOP"/fixtures/logs/*.log
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "prefixes, quotes, wraps and encodings are seen through" {
	run "$PYTHON" "$here/mutate.py" "$MEMTOOL" "$here"/cases/3.*.log "$TOP"/fixtures/logs/6.1-*.log
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "the log may be named by --from, once" {
	local log=$TOP/fixtures/logs/6.1-amd64-dma.log
	"$MEMTOOL" log --json "$log" >"$BATS_TEST_TMPDIR/plain"
	[ -s "$BATS_TEST_TMPDIR/plain" ]
	"$MEMTOOL" log --json -f "$log" </dev/null | diff "$BATS_TEST_TMPDIR/plain" -
	"$MEMTOOL" log --json --from - <"$log" | diff "$BATS_TEST_TMPDIR/plain" -
	run "$MEMTOOL" log -f "$log" "$log"
	[ "$status" -eq 2 ]
}

@test "what the kernel said so far has an end" {
	[ -r /dev/kmsg ] && [ "$(id -u)" -eq 0 ] || skip "no /dev/kmsg"
	timeout 20 "$MEMTOOL" log /dev/kmsg >/dev/null
}

@test "a log that a Windows shell wrote is read like another" {
	local log=$TOP/fixtures/logs/6.1-amd64-atomic-order.log
	"$MEMTOOL" log --json "$log" >"$BATS_TEST_TMPDIR/plain"
	for order in LE BE; do
		{ printf '\xEF\xBB\xBF' | iconv -f UTF-8 -t "UTF-16$order"; iconv -f UTF-8 -t "UTF-16$order" "$log"; } >"$BATS_TEST_TMPDIR/wide"
		"$MEMTOOL" log --json <"$BATS_TEST_TMPDIR/wide" | cmp - "$BATS_TEST_TMPDIR/plain"
	done
}

@test "a log with the newest line first is not read as if it were none" {
	local log=$TOP/fixtures/logs/6.1-amd64-atomic-order.log
	tac "$log" >"$BATS_TEST_TMPDIR/newest-first"
	"$MEMTOOL" log "$BATS_TEST_TMPDIR/newest-first" 2>"$BATS_TEST_TMPDIR/said" >/dev/null
	grep -q "newest-first: the newest line comes first; try: tac $BATS_TEST_TMPDIR/newest-first | memtool log" "$BATS_TEST_TMPDIR/said"
	run --separate-stderr "$MEMTOOL" log "$log"
	[ -z "$stderr" ]
}

@test "reports of two CPUs at once are kept apart" {
	run "$PYTHON" "$here/interleave.py" "$MEMTOOL" "$TOP"/fixtures/logs/6.1-amd64-{atomic-order,dma32}.log
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "a log without reports says so and is no error" {
	run "$MEMTOOL" log <<<'[    1.000000] nothing to see here'
	[ "$status" -eq 0 ]
	[ "$output" = "no report of a failed allocation" ]
	run "$MEMTOOL" log --json </dev/null
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

@test "a file that is not there is an error of one line" {
	run "$MEMTOOL" log /nonexistent
	[ "$status" -eq 1 ]
	[ "${#lines[@]}" -eq 1 ]
	[[ $output == *"/nonexistent: No such file or directory"* ]]
}

@test "a report without its end is decoded as far as it goes and says what is missing" {
	run "$MEMTOOL" log --json <<<'x: page allocation failure: order:4, mode:0x40cc0(GFP_KERNEL|__GFP_COMP), nodemask=(null)'
	[ "$status" -eq 0 ]
	[[ $output == *'"order":4'* ]]
	[[ $output == *'"complete":false'* ]]
	[[ $output == *'"what":"meminfo"'* ]]
}

@test "the first line says what failed, for whom, and why" {
	run "$MEMTOOL" log --color never "$here/cases/3.10-ppc64-order4.log"
	[ "$status" -eq 0 ]
	[[ ${lines[0]} == *page_alloc_failure*"order 4 ("*")  fragmentation" ]]
	[[ $output == *"order 4 ("*"free memory is fragmented"* ]]
	run "$MEMTOOL" log --color never "$here/cases/3.2-i386-oom.log"
	[[ ${lines[0]} == *"oom  render[3361]  order 0 (4K)  zone_restricted" ]]
	[[ $output == *"node 0 HighMem  not allowed: above the highest zone that the flags allow"* ]]
}

@test "--follow shows a report when the pipe falls silent, before it closes" {
	fifo=$BATS_TEST_TMPDIR/fifo
	mkfifo "$fifo"
	timeout 30 "$MEMTOOL" log --follow --json "$fifo" >"$BATS_TEST_TMPDIR/out" 3>&- &
	exec 7>"$fifo"
	echo '[   12.000001] x: page allocation failure: order:3, mode:0x20' >&7
	for _ in $(seq 100); do
		[ -s "$BATS_TEST_TMPDIR/out" ] && break
		sleep 0.1
	done
	[ -s "$BATS_TEST_TMPDIR/out" ]
	exec 7>&-
	wait $!
}

@test "many reports become groups" {
	for i in $(seq 20); do
		echo "[  $i.000001] x: page allocation failure: order:3, mode:0x20"
		echo "[  $i.500001] y: page allocation failure: order:0, mode:0x20"
	done >"$BATS_TEST_TMPDIR/many"
	run "$MEMTOOL" log "$BATS_TEST_TMPDIR/many"
	[ "$status" -eq 0 ]
	[[ ${lines[0]} == "40 reports in 2 groups" ]]
	[[ ${lines[2]} == *"   20  page_alloc_failure "* ]]
}

@test "memory does not grow with the log" {
	case $MEMTOOL in */asan/*) skip "AddressSanitizer reserves more than the limit" ;; esac
	(
		ulimit -v 200000
		{
			yes '[    1.000000] usb 1-1: new high-speed USB device number 6 using xhci_hcd' | head -c 60000000
			head -c 60000000 /dev/zero
			for i in $(seq 2000); do
				echo
				echo "[  $i.000001] x: page allocation failure: order:3, mode:0x20"
			done
		} | "$MEMTOOL" log --summary
	) >"$BATS_TEST_TMPDIR/out"
	grep -q '^2000 reports in 1 group$' "$BATS_TEST_TMPDIR/out"
}

@test "a report without its kernel's release has that of its boot" {
	cat >"$BATS_TEST_TMPDIR/log" <<'LOG'
[    5.000000] cma: cma_alloc: alloc failed, req-size: 8 pages, ret: -12
[    0.000000] Linux version 4.9.0-12-amd64 (builder@host) (gcc version 6.3.0) #1 SMP Debian 4.9.210-1
[    0.000000] Command line: quiet
[    9.000000] cma: cma_alloc: alloc failed, req-size: 16 pages, ret: -12
[    0.000000] Linux version 6.1.0-13-amd64 (builder@host) (gcc-12) #1 SMP PREEMPT_DYNAMIC
[   12.000000] nic 0000:01:00.0: swiotlb buffer is full (sz: 65536 bytes), total 32768 (slots), used 32760 (slots)
[   14.000000] x: page allocation failure: order:0, mode:0xa20(GFP_ATOMIC)
[   14.000001] CPU: 0 PID: 7 Comm: x Not tainted 6.1.0-13-amd64 #1
[    0.000000] Linux version 5.10.0-1-amd64 (builder@host) (gcc-10) #1 SMP
[   15.000000] cma: cma_alloc: alloc failed, req-size: 32 pages, ret: -12
LOG
	run "$MEMTOOL" log --json "$BATS_TEST_TMPDIR/log"
	[ "${#lines[@]}" -eq 5 ]
	[[ ${lines[0]} == *'"kernel":null'* ]]
	[[ ${lines[1]} == *'"kernel":"4.9.0-12-amd64"'* ]]
	[[ ${lines[2]} == *'"kernel":"6.1.0-13-amd64"'* ]]
	[[ ${lines[3]} == *'"kernel":"6.1.0-13-amd64"'* ]]
	[[ ${lines[4]} == *'"kernel":"5.10.0-1-amd64"'* ]]
	# far above it, and who only speaks of one
	{
		sed -n 2p "$BATS_TEST_TMPDIR/log"
		for _ in $(seq 9000); do echo "[    1.000000] something of this boot that is no report"; done
		echo "[    2.000000] The Linux version 5.1 (or so) was better"
		sed -n 4p "$BATS_TEST_TMPDIR/log"
	} >"$BATS_TEST_TMPDIR/far"
	run "$MEMTOOL" log --json "$BATS_TEST_TMPDIR/far"
	[[ $output == *'"kernel":"4.9.0-12-amd64"'* ]]
}

@test "what would pass is told of the zone that passes" {
	need jq
	# Normal, the largest, has nothing above order 2; DMA32 gets a block of order 5
	sed 's/\(Node 0 DMA32: .*\) 0\*128kB/\1 1*128kB (U)/' "$TOP/fixtures/logs/6.1-amd64-atomic-order.log" >"$BATS_TEST_TMPDIR/log"
	run bash -c "'$MEMTOOL' log --json <'$BATS_TEST_TMPDIR/log' | jq -r .summary"
	# min 4766 pages less a half, less a quarter of that for who may not wait, and lowmem_reserve 497
	[[ $output == *"node 0 DMA32 has 63.7 MiB free, of which this request must leave 8.9 MiB, largest usable block order 5"* ]]
}

@test "who asked stands behind what charges the memory to a cgroup" {
	need jq
	# functions of 6.1 to 6.18 in place of the module's write
	asked() { # FRAME...
		local frames
		frames=$(printf '\\n[   63.218046]  %s' "$@")
		sed "s| logmod_write+0x2b3/0x712 \[logmod\]|${frames#*]}|" "$TOP/fixtures/logs/6.1-amd64-noretry-order.log" |
			"$MEMTOOL" log --json | jq -r .requester
	}
	[ "$(asked '__memcg_slab_post_alloc_hook+0x1a2/0x3d0' 'kmem_cache_alloc_noprof+0x2b1/0x310' 'alloc_empty_file+0x5a/0x120')" = alloc_empty_file ]
	[ "$(asked '__memcg_kmem_charge_page+0x81/0x150' '__alloc_pages+0x305/0x330' 'pipe_write+0x2c1/0x6d0')" = pipe_write ]
	[ "$(asked 'alloc_slab_obj_exts+0x4a/0xb0' 'allocate_slab+0x1c1/0x4a0' 'kmem_cache_alloc_noprof+0x2b1/0x310' 'getname_flags+0x4c/0x1d0')" = getname_flags ]
}
