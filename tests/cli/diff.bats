#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# memtool diff on files, recorded machines and this one.
load ../helper

setup() {
	cd "$BATS_TEST_TMPDIR"
}

fixture() {
	[ -d "$TOP/fixtures/$1" ] || skip "no fixture $1"
}

@test "two recorded states of one kernel: what was lost, by hand" {
	need jq
	fixture 6.1-amd64-4K-quiet
	local a=$TOP/fixtures/6.1-amd64-4K-quiet b=$TOP/fixtures/6.1-amd64-4K-fragmented
	memtool diff -J "$a" "$b" >d.json
	# Free blocks of each order, counted by awk from the two files.
	for order in 0 4 9; do
		local want
		want=$(awk -v o=$((order + 5)) '$4 == "DMA32" { v[FILENAME] = $o } END { for (f in v) print f, v[f] }' \
			"$a/proc/buddyinfo" "$b/proc/buddyinfo" | sort | awk '{ print $2 }' | tr '\n' ' ')
		local got
		got=$(jq -r --argjson o $order '.zones[] | select(.zone == "DMA32") | .free_blocks[$o] |
			"\(.before) \(.after) \(.change)"' d.json)
		read -r x y <<<"$want"
		# Names sort: fragmented before quiet.
		[ "$got" = "$y $x $((x - y))" ]
	done
}

@test "the same state twice: no change, no finding" {
	need jq
	fixture 6.1-amd64-4K-quiet
	local a=$TOP/fixtures/6.1-amd64-4K-quiet
	memtool diff -J "$a" "$a" >d.json
	jq -e '.findings == [] and ([.caches[].bytes.change, .memory[].change, .callers[].bytes.change] |
		all(. == 0 or . == null))' d.json
}

@test "two kernels: said, and no findings" {
	need jq
	fixture 6.12-amd64-4K-quiet
	memtool diff -J "$TOP/fixtures/6.1-amd64-4K-quiet" "$TOP/fixtures/6.12-amd64-4K-quiet" >d.json
	jq -e '.same_boot == false and .findings == [] and (.notes | map(.note) | index("kernel_changed") != null)' d.json
}

@test "valid by the schema, on every pair of neighbours" {
	need_module jsonschema
	local prev='' d n=0
	for d in "$TOP"/fixtures/*/; do
		[ -d "$d/proc" ] || continue
		if [ -n "$prev" ]; then
			n=$((n + 1))
			memtool diff -J "$prev" "$d" >"$n.json"
			memtool diff -v "$prev" "$d" >/dev/null
		fi
		prev=$d
	done
	[ "$n" -gt 0 ] || skip "no recorded machine"
	"$PYTHON" "$TOP/tests/json/validate.py" "$TOP/src/share/schema/diff.json" ./*.json
}

@test "this machine: rows, and a later moment" {
	[ -r /proc/buddyinfo ] || skip "no /proc/buddyinfo here"
	run memtool diff -i 0.05 -n 3
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -ge 4 ]
	[[ ${lines[0]} == *free*stall/s* ]]
	memtool diff --after 0.05 | grep -q '^from '
	need_module jsonschema
	memtool diff -i 0.05 -n 2 -J >lines
	"$PYTHON" "$TOP/tests/json/validate.py" --lines "$TOP/src/share/schema/diff.json" lines
}

@test "a file against now, documents one after another, standard input" {
	need jq
	[ -r /proc/buddyinfo ] || skip "no /proc/buddyinfo here"
	memtool snapshot -J >one.json
	memtool diff one.json | grep -q '^to '
	for _ in 1 2 3; do memtool snapshot -J; done >three
	memtool diff three -J | jq -e '.samples == 3'
	memtool diff - -J <three | jq -e '.samples == 3'
	memtool diff -f three --at first --at +0s -J >/dev/null 2>err || grep -q 'only one snapshot' err
}

@test "wrong command lines" {
	for args in 'a b c' '--count 3' '--interval 1 a' '--at first' '--for order=4 a' '--for kmalloc a' \
		'--interval never' '--at 1 --at 2 --at 3 a'; do
		# shellcheck disable=SC2086
		run memtool diff $args
		echo "$args: $output"
		[ "$status" -eq 2 ]
		[ "${#lines[@]}" -eq 1 ]
	done
	run memtool diff /nonexistent
	[ "$status" -eq 1 ]
}

@test "what is to be done next exists in that kernel" {
	local tree next
	for tree in 5.10 6.1 6.12; do
		rm -rf before after
		cp -r "$TOP/fixtures/$tree-amd64-4K-quiet" before
		cp -r before after
		chmod -R u+w after
		awk '/^kmalloc-192 / { $2 += 273066; $3 += 273066
			for (i = 1; i <= NF; i++) if ($i == "slabdata") { $(i + 1) += 13003; $(i + 2) += 13003 } } { print }' \
			before/proc/slabinfo >after/proc/slabinfo
		next=$(memtool diff before after | sed -n '/^ 1\./,/^$/p' | tr -d '\n' | tr -s ' ')
		[[ $next == *kmalloc-192* ]]
		case $tree in
		5.10) [[ $next == *"/sys/kernel/slab/kmalloc-192/alloc_calls"* && $next != *profiling* ]] ;;
		6.1) [[ $next == *"/sys/kernel/debug/slab/kmalloc-192/alloc_traces"* && $next != *profiling* ]] ;;
		6.12) [[ $next == *alloc_traces* && $next == *vm.mem_profiling=1* ]] ;;
		esac
	done
}

@test "what was read on one side only is compared with nothing" {
	need jq
	cp -r "$TOP/fixtures/6.1-amd64-4K-quiet" "$BATS_TEST_TMPDIR/a"
	rm "$BATS_TEST_TMPDIR/a/proc/buddyinfo" "$BATS_TEST_TMPDIR/a/proc/vmstat"
	memtool diff --json "$BATS_TEST_TMPDIR/a" "$TOP/fixtures/6.1-amd64-4K-quiet" >"$BATS_TEST_TMPDIR/d.json"
	[ "$(jq '[.. | objects | select(has("before") and .before == null and has("change")) | .change] | map(select(. != null)) | length' "$BATS_TEST_TMPDIR/d.json")" -eq 0 ]
	memtool diff "$BATS_TEST_TMPDIR/a" "$TOP/fixtures/6.1-amd64-4K-quiet" >"$BATS_TEST_TMPDIR/d"
	not grep -q pgalloc_dma "$BATS_TEST_TMPDIR/d"
}

@test "of two kernels nothing is judged, and that is said" {
	memtool diff "$TOP/fixtures/6.1-amd64-4K-quiet" "$TOP/fixtures/6.12-amd64-4K-fragmented" >"$BATS_TEST_TMPDIR/d"
	grep -q '^Not judged: ' "$BATS_TEST_TMPDIR/d"
	not grep -q 'No finding' "$BATS_TEST_TMPDIR/d"
}

# A copy of a recorded machine as m; at SECONDS sets its clock and uptime on.
copy() {
	fixture "$1"
	rm -rf m
	cp -r "$TOP/fixtures/$1" m
	chmod -R u+w m
	mkdir -p m/memtool m/proc/sys/kernel/random
	at 0
}

at() {
	echo "@$((1700000000 + $1))" | date -u -f - +%Y-%m-%dT%H:%M:%SZ >m/memtool/time
	echo "$((100 + $1)).00 1.00" >m/proc/uptime
}

# vmstat NAME=VALUE...
vmstat() {
	for pair; do
		sed -i "s/^${pair%=*} .*/${pair%=*} ${pair#*=}/" m/proc/vmstat
	done
}

# Ends a state: it goes to the folder $1.
keep() {
	rm -rf "$1"
	cp -r m "$1"
}

@test "zones below their min watermark: what is left there is no broken memory" {
	need jq
	copy 6.1-amd64-4K-low
	# That zone is below min, says zoneinfo.
	[ "$(awk '/zone +DMA32/ { z = 1 } z && /pages free/ { f = $3 } z && $1 == "min" { print (f < $2); exit }' m/proc/zoneinfo)" -eq 1 ]
	at 60
	cp "$TOP/fixtures/6.1-amd64-4K-quiet/proc/vmstat" m/proc/vmstat
	# All of it in blocks below order 4, as what a process or a page cache leaves may be.
	awk '{ for (i = 9; i <= NF; i++) $i = 0 } { print }' "$TOP/fixtures/6.1-amd64-4K-low/proc/buddyinfo" >m/proc/buddyinfo
	keep b
	copy 6.1-amd64-4K-quiet
	memtool diff -J m b >d.json
	jq -e '.findings == [] and .not_judged == []' d.json
	for side in m b; do
		awk '/^Node/ { z = $4 } z == "DMA32" && /pages free/ { print $3 }' $side/proc/zoneinfo
	done | tr '\n' ' ' >want
	[ "$(cat want)" = "$(jq -r '.zones[] | select(.zone == "DMA32").free_pages | "\(.before) \(.after) "' d.json)" ]
}

@test "a counter of 32 bits goes over its end; one of 64 that goes back does not count" {
	need jq
	copy 6.1-i386-4K-highmem
	echo one >m/proc/sys/kernel/random/boot_id
	vmstat pgalloc_normal=4294967000
	keep a
	at 10
	vmstat pgalloc_normal=704
	memtool diff -J a m >d.json
	# 296 to the end, 704 beyond.
	jq -e '.vmstat.pgalloc_normal.change == 1000 and .vmstat.pgalloc_normal.per_second == 100' d.json
	jq -e '[.notes[].note] == []' d.json
	copy 6.1-amd64-4K-quiet
	echo one >m/proc/sys/kernel/random/boot_id
	vmstat pgalloc_normal=4294967000
	keep a
	at 10
	vmstat pgalloc_normal=704
	memtool diff -J a m >d.json
	jq -e '.vmstat.pgalloc_normal.change == null and .same_boot' d.json
	jq -e '[.notes[].note] == ["counter_reset"]' d.json
}

@test "counters that went back, and no boot id: two boots; those of vm.numa_stat do not say so" {
	need jq
	copy 6.1-amd64-4K-quiet
	# Neither the clock nor a boot id to tell by: the uptime alone grew.
	rm m/memtool/time
	vmstat pgfree=900000 numa_hit=900000
	keep a
	echo 500.00 1.00 >m/proc/uptime
	vmstat pgfree=900001 numa_hit=3
	memtool diff -J a m >d.json
	jq -e '.same_boot and .vmstat.pgfree.change == 1 and .vmstat.numa_hit.change == null' d.json
	jq -e '[.notes[].note] == ["counter_reset"]' d.json
	vmstat pgfree=5000
	memtool diff -J a m >d.json
	jq -e '.same_boot == false and ([.notes[].note] | index("rebooted") != null) and .vmstat.pgfree.change == null' d.json
	# What a longer uptime came from is not known: no time between the two is made up.
	jq -e '.span_s == null' d.json
}

@test "a reboot between samples that only the counters tell" {
	need jq
	copy 6.1-amd64-4K-quiet
	for i in 1 2 3 4 5 6; do
		at "$i"
		rm m/proc/uptime
		# The fourth sample is of another boot, and the last is above the first again.
		vmstat pgfree=$((i < 4 ? 50000 + i : 40000 * (i - 3))) compact_stall=$((i < 4 ? 0 : i))
		memtool snapshot -s m -J
	done >film.json
	memtool diff -J film.json >d.json
	jq -e '.same_boot and .samples == 3 and .vmstat.compact_stall.change == 2' d.json
	jq -e '[.notes[].note] == ["rebooted"]' d.json
}

@test "two hosts: said, and nothing is judged" {
	need jq
	copy 6.1-amd64-4K-quiet
	echo alpha >m/proc/sys/kernel/hostname
	keep a
	at 10
	echo beta >m/proc/sys/kernel/hostname
	memtool diff -J a m >d.json
	jq -e '[.notes[].note] == ["host_changed"] and .same_boot == false and .findings == []' d.json
	jq -e '[.not_judged[].reason] | length == 6 and all(. == "not of one boot of one kernel")' d.json
	jq -e '[.vmstat[] | select(has("per_second"))] == []' d.json
}

@test "tasks that were throttled are no pages that were scanned" {
	need jq
	copy 6.1-amd64-4K-quiet
	vmstat allocstall_normal=0 pgscan_direct=0 pgsteal_direct=0 pgscan_direct_throttle=0
	keep a
	at 10
	vmstat allocstall_normal=50 pgscan_direct=2000 pgsteal_direct=1900 pgscan_direct_throttle=100000
	memtool diff -J a m | jq -e '.findings == []'
	vmstat pgsteal_direct=900
	memtool diff m a >/dev/null
	memtool diff -J a m >d.json
	jq -e '.findings | length == 1 and .[0].kind == "allocation_stalls"' d.json
	# 50 events; pages are those of pgscan_direct.
	jq -e '.findings[0].events == 50 and (.findings[0].sentence | test("got 900 of the 2000 pages"))' d.json
}

@test "two caches of one name are one, with the memory of both" {
	need jq
	copy 6.1-amd64-4K-quiet
	# kmalloc-512 as it is, and another of that name with 100 slabs of 4 pages, then 900.
	row() {
		printf 'kmalloc-512 %d %d 512 32 4 : tunables 0 0 0 : slabdata %d %d 0\n' $((32 * $1)) $((32 * $1)) "$1" "$1"
	}
	row 100 >>m/proc/slabinfo
	keep a
	at 10
	sed -i '$d' m/proc/slabinfo
	row 900 >>m/proc/slabinfo
	memtool diff -J a m >d.json
	jq -e '[.caches[] | select(.name == "kmalloc-512")] | length == 1 and .[0].bytes.change == 800 * 4 * 4096 and
		.[0].active_objects.change == 800 * 32' d.json
	jq -e '.findings[0].subject == "kmalloc-512"' d.json
	[ "$(awk '$1 == "kmalloc-512" { p = $6; for (i = 1; i < NF; i++) if ($i == "slabdata") s += $(i + 2) * p * 4096 }
		END { print s }' m/proc/slabinfo)" -eq "$(jq '.caches[] | select(.name == "kmalloc-512").bytes.after' d.json)" ]
}

@test "costly files that the last sample lacks are judged by those that have them" {
	need jq
	[[ $(memtool record none/x 2>&1) != *WITH_SQLITE* ]] || skip "built without recordings"
	copy 6.1-amd64-4K-quiet
	for i in 0 1 2 3 4 5; do
		at $((i * 10))
		# One more slab of kmalloc-192 each time, 21 objects in a page.
		awk -v n="$i" '$1 == "kmalloc-192" { $2 += 21 * n; $3 += 21 * n
			for (f = 1; f < NF; f++) if ($f == "slabdata") { $(f + 1) += n; $(f + 2) += n } } { print }' \
			"$TOP/fixtures/6.1-amd64-4K-quiet/proc/slabinfo" >m/proc/slabinfo
		[ $((i % 3)) -eq 1 ] || rm m/proc/slabinfo
		memtool record -q -s m -n 1 t.rec
	done
	# In the second and fifth of six.
	memtool diff -J t.rec >d.json
	jq -e '.caches[] | select(.name == "kmalloc-192").bytes.change == 3 * 4096' d.json
	jq -e '.notes | map(.note) == ["source_missing"] and
		(.[0].text | test("2023-11-14T22:13:30.000Z to 2023-11-14T22:14:00.000Z"))' d.json
	jq -e '.not_judged == []' d.json
	# In the second only.
	memtool diff -J t.rec --at first --at -20s >d.json
	jq -e '.not_judged == [{"source": "slabinfo", "reason": "read once only"}]' d.json
	memtool diff t.rec --at first --at -20s | grep -q '^No finding, but not judged for want of'
}

@test "nothing found, and nothing judged, are told apart" {
	need jq
	copy 6.1-amd64-4K-nonroot
	keep a
	at 10
	memtool diff a m | tr '\n' ' ' | tr -s ' ' >d
	grep -q 'No finding, but not judged for want of a reading at both ends: slabinfo (not read)' d
	memtool diff -J a m | jq -e '.findings == [] and ([.not_judged[].source] == ["slabinfo", "vmallocinfo", "pagetypeinfo"])'
	# Beside findings it is said, too.
	vmstat oom_kill=7
	memtool diff a m | tr '\n' ' ' | tr -s ' ' >d
	grep -q ' 1\. the OOM killer' d
	grep -q 'Not judged for want of a reading at both ends: slabinfo (not read)' d
	copy 6.1-amd64-4K-quiet
	keep a
	at 10
	memtool diff a m | grep -q '^No finding: '
	rm a/proc/slabinfo
	memtool diff -J a m | jq -e '.not_judged == [{"source": "slabinfo", "reason": "read after only"}]'
}

# Samples 3 s apart of a machine whose zone has so many free blocks of order 3 (its largest).
declining() {
	mkdir -p m/proc m/memtool
	local i=0 n
	for n; do
		printf 'Node 0, zone   Normal 1 2 3 %d\n' "$n" >m/proc/buddyinfo
		date -u -d "@$((1700000000 + 3 * i++))" +%Y-%m-%dT%H:%M:%SZ >m/memtool/time
		memtool snapshot -s m -J
	done >film.json
}

# says ORDER PATTERN: what --for says of the film
says() {
	memtool diff -J --for "alloc_pages order=$1" film.json >d.json
	jq -r .forecast.sentence d.json
	[[ $(jq -r .forecast.sentence d.json) == *"$2"* ]]
}

@test "when a request runs out of blocks, or why that cannot be told" {
	need jq
	declining 100 96 92 88 84 80 76 72 68 64
	# 4 blocks in 3 s, 64 left: 48 s.
	says 3 'the last free block of order 3 is gone in 48 s'
	jq -e '.forecast.supported and .forecast.seconds == 48' d.json
	says 4 'no estimate: the page allocator has no blocks of order 4, its largest is 3'
	declining 100 96 92 88 84
	says 3 'no estimate: it takes at least 8 samples over 15 s'
	declining 90 91 89 90 92 90 91 89 90 91
	says 3 'did not decline for sure'
	declining 1000 998 996 994 992 990 988 986 984 982
	says 3 'last for more than ten times the 27 s'
	declining 900 890 880 870 860 850 840 830 820 100
	says 3 'no estimate: '
	declining 20 18 15 13 11 9 6 4 2 0
	says 3 'no estimate: no block of order 3 or above is free at the end already'
	jq -e '.forecast.supported == false' d.json
	run memtool diff --for cma_alloc film.json
	[ "$status" -eq 2 ]
	# Single pages: what falls back to them lasts as long as they do.
	memtool diff -J --for 'kvmalloc 1M' film.json | jq -e '.forecast.order == 0'
}

@test "the site that leaks is named, also behind hundreds that hold more" {
	copy 6.12-amd64-4K-quiet
	sites() {
		printf 'allocinfo - version: 1.0\n#     <size>  <calls> <tag info>\n'
		for i in {1..300}; do echo "104857600 1 drivers/big.c:$i func:big$i"; done
		# 273000 objects of kmalloc-192, less a few whose bytes were not counted yet when it was read.
		[ -z "$1" ] || echo "$((273000 * 192 - 5 * 192)) 273000 /tmp/leak.c:17 [leak] func:leak_it"
	}
	sites '' >m/proc/allocinfo
	keep a
	at 60
	sites leak >m/proc/allocinfo
	awk '/^kmalloc-192 / { $2 += 273000; $3 += 273000
		for (i = 1; i <= NF; i++) if ($i == "slabdata") { $(i + 1) += 13000; $(i + 2) += 13000 } } { print }' \
		a/proc/slabinfo >m/proc/slabinfo
	memtool diff a m | tr '\n' ' ' | tr -s ' ' >d
	grep -q ' 1\. slab cache kmalloc-192' d
	grep -q 'next: allocation profiling names /tmp/leak.c:17 leak_it \[leak\]: it grew by 50.0 MiB' d
	memtool diff -J a m | jq -e '.sites[0] | .function == "leak_it" and .calls.change == 273000'
}

@test "what kmemleak keeps of each object grows with what others allocate" {
	need zstd
	zstd -dc "$TOP/fixtures/6.1-amd64-4K-owner.tar.zst" | tar -xf -
	mv 6.1-amd64-4K-owner m
	mkdir -p m/memtool m/proc/sys/kernel/random
	at 0
	keep a
	at 60
	grep -q '^kmemleak_object ' m/proc/slabinfo
	awk '/^kmemleak_object / { $2 += 273000; $3 += 273000
		for (i = 1; i <= NF; i++) if ($i == "slabdata") { $(i + 1) += 13000; $(i + 2) += 13000 } } { print }' \
		a/proc/slabinfo >m/proc/slabinfo
	memtool diff -J a m >d.json
	jq -e '.caches[0].name == "kmemleak_object" and .findings == []' d.json
}

@test "two in the wrong order: what shrank did not grow" {
	need jq
	copy 6.1-amd64-4K-quiet
	echo one >m/proc/sys/kernel/random/boot_id
	at 60
	keep later
	at 0
	awk '/^kmalloc-192 / { $2 += 21000; $3 += 21000
		for (i = 1; i <= NF; i++) if ($i == "slabdata") { $(i + 1) += 1000; $(i + 2) += 1000 } } { print }' \
		later/proc/slabinfo >m/proc/slabinfo
	vmstat pgfree=1000 oom_kill=0
	# In order nothing grew.
	memtool diff -J m later | jq -e '.findings == [] and .not_judged == []'
	memtool diff -J later m >d.json
	jq -e '.findings == [] and ([.not_judged[].reason] | unique == ["the second is older"])' d.json
	jq -e '[.notes[].note] == ["time_went_back"]' d.json
	memtool diff later m | grep -q '^Not judged: the second is older than the first\.$'
}
