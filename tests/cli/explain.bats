#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# explain over recorded kernels: what must hold by the kernel's rules, the contract's form, mistakes.
load ../helper
bats_require_minimum_version 1.5.0

Q=$TOP/fixtures/6.1-amd64-4K-quiet
F=$TOP/fixtures/6.1-amd64-4K-fragmented

# verdict SYSROOT WORD...: "verdict cause mechanism" of the one request.
verdict() {
	local root=$1
	shift
	memtool explain -s "$root" --json "$@" | jq -r '"\(.verdict) \(.cause) \(.mechanism)"'
}

@test "a quiet machine serves every order that it has" {
	need jq
	for order in 0 3 9 10; do
		[[ $(verdict "$Q" alloc_pages order=$order --gfp GFP_ATOMIC) == "succeeds null "* ]]
	done
	[ "$(verdict "$Q" alloc_pages order=11)" = "fails order_too_big none" ]
	[ "$(verdict "$Q" kmalloc 8M)" = "fails size_limit none" ]
}

@test "an atomic request succeeds up to the largest free order of a zone above its mark, and no further" {
	need jq
	# DMA32 of this recording is far above its watermark and has nothing of order 7 or more.
	largest=$(awk '/DMA32/ {for (i = 5; i <= NF; i++) if ($i > 0) o = i - 5} END {print o}' "$F/proc/buddyinfo")
	[[ $(verdict "$F" alloc_pages order="$largest" --gfp GFP_ATOMIC) == "succeeds null "* ]]
	[ "$(verdict "$F" alloc_pages order=$((largest + 1)) --gfp GFP_ATOMIC)" = "fails fragmentation none" ]
	# with time to compact it is not hopeless
	[ "$(verdict "$F" alloc_pages order=$((largest + 1)) | cut -d' ' -f1)" != fails ]
}

@test "vmalloc looks at RAM and not at fragmentation; kvmalloc falls back to it" {
	need jq
	[[ $(verdict "$F" vmalloc 2M) == "succeeds null vmalloc" ]]
	[ "$(verdict "$F" vmalloc 1T)" = "fails size_limit none" ]
	[ "$(verdict "$F" kvmalloc 3G)" = "fails size_limit none" ]
	[[ $(verdict "$F" kvmalloc 1M) == "succeeds null vmalloc_fallback" ]]
	# single pages come without reclaim too; that it may sleep is said beside the verdict
	[[ $(verdict "$F" vmalloc 64K --gfp GFP_ATOMIC) == "succeeds null vmalloc" ]]
	memtool explain -s "$F" vmalloc 64K --gfp GFP_ATOMIC | grep -q 'under a lock .* is a bug\|may sleep'
	[[ $(verdict "$F" kvmalloc 1M --gfp GFP_ATOMIC) == fails* ]]
}

@test "kmalloc rounds up to the cache that serves it" {
	need jq
	used() { memtool explain -s "$Q" --json kmalloc "$1" | jq '.bytes_used'; }
	[ "$(used 5000)" = 8192 ]
	[ "$(used 65)" = 96 ]
	[ "$(used 129)" = 192 ]
	[ "$(used 193)" = 256 ]
	[ "$(used 8193)" = 16384 ]
	memtool explain -s "$Q" kmalloc 5000 | grep -q 'rounds 5000 bytes up to 8192'
}

@test "output by the schema, on every recorded kernel" {
	need_module jsonschema
	for root in "$TOP"/fixtures/*/; do
		[ -d "$root/proc" ] || continue
		memtool explain -s "$root" --json -o "$BATS_TEST_TMPDIR/$(basename "$root")-table.json"
		memtool explain -s "$root" --json -o "$BATS_TEST_TMPDIR/$(basename "$root")-one.json" \
			kmalloc 256K alloc_pages order=4 dma_alloc_coherent 1M thp cma_alloc 1M alloc_percpu 64 \
			kmem_cache_alloc dentry alloc_skb 9000 hugetlb 2M hugetlb 1G vzalloc 1M krealloc 100
	done
	"$PYTHON" "$TOP/tests/json/validate.py" "$TOP/src/share/schema/explain.json" "$BATS_TEST_TMPDIR"/*table.json
	"$PYTHON" "$TOP/tests/json/validate.py" --lines "$TOP/src/share/schema/explain.json" "$BATS_TEST_TMPDIR"/*one.json
}

@test "JSON Lines: one answer a line, in order; a bad line gets an error and the rest stands" {
	need jq
	need_module jsonschema
	cat >"$BATS_TEST_TMPDIR/r" <<-'END'
		{"api":"alloc_pages","order":4,"size":null,"gfp":"GFP_ATOMIC","node":-1}
		{"api":"alloc_pages","order":-4}
		not json
		{"api":"kmalloc","size":18446744073709551615,"gfp":"0xcc0","extra":{"a":[1,2.5,null]}}
		{"api":"no_such"}
		{"api":"kmalloc","size":64,"gfp":"GFP_BOGUS"}
		{"api":"kmem_cache_alloc","cache":"dentry","local_node":0}
	END
	memtool explain -s "$Q" --json --requests "$BATS_TEST_TMPDIR/r" >"$BATS_TEST_TMPDIR/a"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/a")" -eq 7 ]
	[ "$(jq -r 'if .error then "error" else .request.api end' "$BATS_TEST_TMPDIR/a" | tr '\n' ' ')" = \
		"alloc_pages error error kmalloc error error kmem_cache_alloc " ]
	[ "$(sed -n 4p "$BATS_TEST_TMPDIR/a" | jq -c '.verdict, .request.extra')" = $'"fails"\n{"a":[1,2.5,null]}' ]
	# echoed as it came, whatever jq makes of such a number
	sed -n 4p "$BATS_TEST_TMPDIR/a" | grep -q '"size":18446744073709551615,'
	"$PYTHON" "$TOP/tests/json/validate.py" --lines "$TOP/src/share/schema/explain.json" "$BATS_TEST_TMPDIR/a"
	# standard input and a file are the same
	memtool explain -s "$Q" --json --requests - <"$BATS_TEST_TMPDIR/r" | cmp - "$BATS_TEST_TMPDIR/a"
}

@test "--exit-code is 3 when a request would fail, and 0 else" {
	run memtool explain -s "$F" --exit-code alloc_pages order=9 --gfp GFP_ATOMIC
	[ "$status" -eq 3 ]
	run memtool explain -s "$Q" --exit-code alloc_pages order=9
	[ "$status" -eq 0 ]
}

@test "mistakes are one line and status 2" {
	for words in "kmalloc" "kmalloc 4Q" "no_such 4K" "alloc_pages order=99" "kmalloc 4K --gfp GFP_NO" \
		"kmem_cache_alloc" "kmalloc 4K --node -3" "dma_alloc_coherent 4K --dma-mask 65" "--what-if nothing" \
		"kmalloc 4K --gfp __GFP_DMA|__GFP_DMA32"; do
		# shellcheck disable=SC2086
		run memtool explain -s "$Q" $words
		[ "$status" -eq 2 ]
		[ "${#lines[@]}" -eq 1 ]
	done
}

@test "a snapshot document answers as the tree that it was made from" {
	memtool snapshot -s "$F" --json -o "$BATS_TEST_TMPDIR/s.json"
	memtool explain -s "$F" --json >"$BATS_TEST_TMPDIR/a"
	memtool explain --from "$BATS_TEST_TMPDIR/s.json" --json >"$BATS_TEST_TMPDIR/b"
	cmp "$BATS_TEST_TMPDIR/a" "$BATS_TEST_TMPDIR/b"
}

@test "--exit-code: 3 for what fails or likely fails, not for what is switched off" {
	memtool explain -s "$Q" --exit-code >/dev/null
	memtool explain -s "$Q" --exit-code alloc_pages order=3 >/dev/null
	status=0
	memtool explain -s "$Q" --exit-code alloc_pages order=11 >/dev/null || status=$?
	[ "$status" = 3 ]
	status=0
	memtool explain -s "$F" --exit-code >/dev/null || status=$?
	[ "$status" = 3 ]
	status=0
	echo '{"api":"alloc_pages","order":11}' | memtool explain -s "$Q" --exit-code --json --requests - >/dev/null || status=$?
	[ "$status" = 3 ]
}

@test "the table: one screen of 80 columns, one line for requests alike, worst first" {
	cd "$BATS_TEST_TMPDIR"
	COLUMNS=80 memtool explain -s "$F" >out
	[ "$(wc -l <out)" -le 24 ]
	not grep -qE '.{81}' out
	not grep -q ' $' out
	head -n 2 out | grep -q 'atomic .*sleeping .*DMA32'
	grep -q 'alloc_pages(GFP_ATOMIC, 7 to 10)' out
	[ "$(grep -nm 1 '^FAILS' out | cut -d: -f1)" -lt "$(grep -nm 1 '^likely fails' out | cut -d: -f1)" ]
	memtool explain -s "$F" --what-if compact | head -n 1 | grep -q 'after compact'
}

# whole TREE ZONE NODE ORDER [OPTION...]: free blocks of ORDER that a request finds in the zone
whole() {
	local gfp=GFP_$2
	[ "$2" != Normal ] || gfp=GFP_KERNEL
	memtool explain -s "$1" --json --node "$3" "${@:5}" alloc_pages order="$4" --gfp "$gfp|__GFP_MOVABLE|__GFP_THISNODE" |
		jq "[.steps[] | select(.step == \"watermark\" and .zone == \"$2\")][0].evidence.usable_blocks"
}

@test "compaction is foretold no more pageblocks than the page flags allow, and is no remedy where they allow none" {
	need jq zstd
	cd "$BATS_TEST_TMPDIR"
	sum=0
	for f in "$TOP"/fixtures/*-full.tar.zst; do
		zstd -dc "$f" | tar -xf -
		tree=${f##*/} tree=${tree%.tar.zst}
		memtool map -s "$tree" --blocks 0 --json >map
		order=$(jq .block_order map)
		while read -r node zone most; do
			# "free" of that order, and of the next, which is counted where there is none
			free=$(awk -v n="$node," -v z="$zone" -v o="$order" \
				'$2 == n && $4 == z { print $(o + 5), $(o + 6) + 0 }' "$tree/proc/buddyinfo")
			after=$(whole "$tree" "$zone" "$node" "$order" --what-if compact)
			echo "$tree node $node $zone: free $free, $after after compaction, $most more at most"
			[ "$after" -le $((${free% *} + most)) ] || [ "$free" = "0 $after" ]
			[ "$after" -le "${free% *}" ] || sum=$((sum + after - ${free% *}))
		done < <(jq -r '.zones[] | "\(.node) \(.zone) \(.compaction.could_free_blocks_at_most)"' map)
	done
	[ "$sum" -ge 4 ]

	# One page of the slab in each pageblock: none can become free.
	tree=6.12-amd64-4K-full
	memtool explain -s $tree --json alloc_pages order=9 --node 0 --gfp 'GFP_KERNEL|__GFP_THISNODE' >out
	jq -e '[.remedies[].action] | index("compact memory now")' out
	"$PYTHON" -c 'import struct, sys
with open(sys.argv[1], "r+b") as f:
	for at in range(0, f.seek(0, 2), 512 * 8):
		f.seek(at)
		f.write(struct.pack("<Q", 1 << 7))' $tree/proc/kpageflags
	[ "$(memtool map -s $tree --json | jq '[.zones[].compaction.could_free_blocks_at_most] | add')" = 0 ]
	memtool explain -s $tree --json alloc_pages order=9 --node 0 --gfp 'GFP_KERNEL|__GFP_THISNODE' >out
	jq -e '.verdict != "succeeds" and ([.remedies[].action] | length > 0 and (index("compact memory now") | not))' out
	[ "$(whole $tree DMA32 0 9 --what-if compact)" = 0 ]
	# A snapshot has no flags, and needs none to be judged.
	memtool snapshot -s $tree --json -o snap.json
	memtool explain --from snap.json --what-if compact alloc_pages order=9
}

@test "requests are answered whatever of the tree is missing" {
	need jq
	local file
	for file in buddyinfo zoneinfo pagetypeinfo slabinfo meminfo vmstat version; do
		mkdir -p "$BATS_TEST_TMPDIR/$file"
		cp -r "$F/proc" "$BATS_TEST_TMPDIR/$file"
		rm "$BATS_TEST_TMPDIR/$file/proc/$file"
		printf '%s\n' '{"api":"alloc_pages","order":4,"size":null,"gfp":"GFP_ATOMIC","node":-1}' \
			'{"api":"kmalloc","size":100,"gfp":"GFP_KERNEL","node":-1}' '{"api":"vmalloc","size":65536}' |
			memtool explain -s "$BATS_TEST_TMPDIR/$file" --json --requests - >"$BATS_TEST_TMPDIR/out"
		[ "$(jq -s 'map(.probability | numbers) | length' "$BATS_TEST_TMPDIR/out")" = 3 ]
	done
	# what was not readable is named where it would have made the verdict surer
	rm "$BATS_TEST_TMPDIR/zoneinfo/proc/buddyinfo" "$BATS_TEST_TMPDIR/zoneinfo/proc/pagetypeinfo"
	memtool explain -s "$BATS_TEST_TMPDIR/zoneinfo" --json alloc_pages order=4 >"$BATS_TEST_TMPDIR/out"
	[ "$(jq -r '.verdict' "$BATS_TEST_TMPDIR/out")" != fails ]
	memtool explain -s "$BATS_TEST_TMPDIR/buddyinfo" --json alloc_pages order=4 |
		jq -e '.missing == null or (.missing | test("buddyinfo|pagetypeinfo"))'
}

@test "what is no measure is named, before anything is printed; node -1 is any" {
	for api in alloc_pages kmalloc get_zeroed_page thp; do
		run -2 memtool explain -s "$Q" kmalloc 64 $api 4X
		[[ ${lines[0]} == "memtool: "*4X* ]]
		[[ $output != *succeeds* ]]
	done
	run -2 memtool explain -s "$Q" alloc_pages 4X
	[[ $output == *"neither a size"*"nor order=N"* ]]
	[ "$(memtool explain -s "$Q" --node -1 --local-node -1 kmalloc 64)" = "$(memtool explain -s "$Q" kmalloc 64)" ]
	run -2 memtool explain -s "$Q" --node -2 kmalloc 64
}

@test "gfp_t has 32 bits: a wider mask is a mistake, not a mask without its upper bits" {
	need jq
	run -2 memtool explain -s "$Q" --gfp 0x100000cc0 kmalloc 64
	[[ $output == *0x100000cc0* ]]
	for gfp in '"0x100000cc0"' 4294970560; do
		echo "{\"api\":\"kmalloc\",\"size\":64,\"gfp\":$gfp}" | memtool explain -s "$Q" --json --requests - |
			jq -e '.error and (.verdict | not)'
	done
	echo '{"api":"kmalloc","size":64,"gfp":3264}' | memtool explain -s "$Q" --json --requests - | jq -e .verdict
}

@test "what is switched off stands last in the table, and is no failure" {
	need jq
	# In this recording huge pages are set to never.
	grep -q '\[never\]' "$F/sys/kernel/mm/transparent_hugepage/enabled"
	cd "$BATS_TEST_TMPDIR"
	memtool explain -s "$F" >out
	grep -q '^off  *-  transparent huge page ' out
	[ "$(sed -n '/^VERDICT/,/^$/p' out | grep -v '^succeeds\|^likely succeeds' | grep . | tail -n 1 | cut -c1-3)" = off ]
	[ "$(memtool explain -v -s "$F" | sed -n '/^VERDICT/,/^$/p' | grep . | tail -n 1 | cut -c1-3)" = off ]
}

@test "one page is no pages" {
	memtool explain -s "$Q" vmalloc 4096 | grep -q 'maps 1 page one by one: 1 TLB entry, '
	memtool explain -s "$Q" alloc_percpu 1 | grep -q ': 1 byte on each of 1 CPU, '
}

@test "a cache of the DMA zone has nothing on a node without that zone" {
	[ -z "$(grep "Node 1, zone *DMA " "$TOP/fixtures/6.1-amd64-4K-2nodes/proc/buddyinfo")" ]
	for node in 0 1; do
		"$MEMTOOL" explain -s "$TOP/fixtures/6.1-amd64-4K-2nodes" --json --node "$node" \
			--gfp 'GFP_KERNEL|__GFP_DMA|__GFP_THISNODE|__GFP_NORETRY' kmalloc 300 >"$BATS_TEST_TMPDIR/$node"
	done
	[ "$(jq -r .verdict "$BATS_TEST_TMPDIR/0")" = succeeds ]
	[ "$(jq -r '"\(.verdict) \(.cause)"' "$BATS_TEST_TMPDIR/1")" = "fails node_bound" ]
}

@test "a larger block is never surer than a smaller one, however little could be read" {
	need jq
	cd "$BATS_TEST_TMPDIR"
	local root o tree=tree
	for root in "$TOP"/fixtures/*-{quiet,fragmented,nonroot,low,cma}; do
		[ -d "$root/proc" ] || continue
		rm -rf "$tree"
		cp -r "$root" "$tree"
		rm -f "$tree/proc/pagetypeinfo"
		for o in 0 1 2 3 4 5 6 7 8 9 10; do
			printf '{"api":"alloc_pages","order":%d,"gfp":"GFP_KERNEL"}\n' $o
			printf '{"api":"alloc_pages","order":%d,"gfp":"GFP_ATOMIC"}\n' $o
		done >requests
		memtool explain -s "$tree" --requests requests --json >answers
		# .001: what is printed is rounded
		jq -s -e '[group_by(.request.gfp)[] | sort_by(.request.order) | [.[].probability] |
			range(10) as $i | .[$i] - .[$i + 1] >= -0.0011] | all' answers >/dev/null ||
			{ echo "$root"; jq -c '[.request.order, .request.gfp, .probability]' answers; return 1; }
	done
}

@test "what is not known is no failure, and the bounds hold for the numbers printed" {
	need jq
	cd "$BATS_TEST_TMPDIR"
	mkdir -p only/proc
	cp "$Q/proc/meminfo" only/proc/
	memtool explain -s only --json kmalloc 64 2>/dev/null >answer
	[ "$(jq -r .verdict answer)" != fails ]
	[ "$(jq '.probability >= 0.75' answer)" = true ]
	for o in 5 6 7 8 9 10; do
		for gfp in GFP_KERNEL 'GFP_KERNEL|__GFP_NORETRY' 'GFP_KERNEL|GFP_DMA' GFP_NOFS; do
			printf '{"api":"alloc_pages","order":%d,"gfp":"%s"}\n' $o "$gfp"
		done
	done >requests
	for root in "$TOP"/fixtures/*-{fragmented,low}; do
		memtool explain -s "$root" --requests requests --json
	done | jq -s -e '[.[] | .probability as $p | .verdict == (if $p <= 0.02 then "fails" elif $p <= 0.25 then "likely_fails"
		elif $p < 0.75 then "uncertain" elif $p < 0.98 then "likely_succeeds" else "succeeds" end)] | all'
}

@test "a line longer than any request costs itself, an endless one ends the reading, answers do not wait" {
	need jq
	cd "$BATS_TEST_TMPDIR"
	{
		head -c 300000 /dev/zero | tr '\0' x
		printf '\n{"api":"kmalloc","size":64}\n{"api":"kmalloc","size":128}'
	} >requests
	[ "$(memtool explain -s "$Q" --json --requests requests | jq -c '[.error != null, .request.size]')" = \
		"$(printf '[true,null]\n[false,64]\n[false,128]')" ]
	run -1 memtool explain -s "$Q" --requests /dev/zero
	[ "${#lines[@]}" -eq 1 ]
	mkfifo ask answered
	memtool explain -s "$Q" --json --requests - <ask >answered 3>&- &
	exec 7>ask 8<answered
	echo '{"api":"kmalloc","size":64}' >&7
	read -r -t 20 line <&8
	exec 7>&- 8<&-
	wait $!
	[[ $line == *'"size":64'* ]]
}

@test "the command under the table gives the verdict of its worst line" {
	local root command
	for root in "$TOP"/fixtures/*-{quiet,fragmented,low,highmem,cma}; do
		[ -d "$root/proc" ] || continue
		memtool explain -s "$root" >"$BATS_TEST_TMPDIR/table"
		command=$(sed -n '/^More, and what would help: /,/^$/ { s/^More.*: //; s/\\$//; p; }' "$BATS_TEST_TMPDIR/table" | tr -d '\n')
		[ -n "$command" ] || continue
		worst=$(sed -n '/^VERDICT/ { n; p; }' "$BATS_TEST_TMPDIR/table" | sed 's/   *.*//')
		eval "$command" >"$BATS_TEST_TMPDIR/one"
		head -1 "$BATS_TEST_TMPDIR/one" | grep -qi ": $worst (" || { echo "$root: $worst: $command"; head -1 "$BATS_TEST_TMPDIR/one"; return 1; }
	done
}

@test "what a request cannot have is a mistake, not overlooked" {
	for words in "get_zeroed_page order=9" "get_zeroed_page 64K" "alloc_pages order=2 order=3" "kmalloc 64 128" \
		"alloc_pages order=1 --dma-mask 24" "--node 7" "--gfp GFP_DMA" "--dma-mask 24"; do
		# shellcheck disable=SC2086 # options are words
		run -2 memtool explain -s "$Q" $words
	done
	[ "$(verdict "$TOP/fixtures/6.1-amd64-4K-2nodes" alloc_pages order=1 --local-node 9)" = "fails node_bound none" ]
}

@test "a request as the table's JSON has it gets the table's verdict" {
	need jq
	local root
	for root in "$Q" "$F" "$TOP/fixtures/6.1-i386-4K-highmem"; do
		memtool explain -s "$root" --json >"$BATS_TEST_TMPDIR/table"
		jq -c '.verdicts[].request' "$BATS_TEST_TMPDIR/table" >"$BATS_TEST_TMPDIR/requests"
		diff <(jq -c '.verdicts[] | [.request, .verdict, .probability]' "$BATS_TEST_TMPDIR/table") \
			<(memtool explain -s "$root" --json --requests "$BATS_TEST_TMPDIR/requests" | jq -c '[.request, .verdict, .probability]')
	done
}

@test "without zoneinfo no mark is made up, and nothing is sure" {
	cd "$BATS_TEST_TMPDIR"
	mkdir -p bare/proc
	printf 'Node 0, zone   Normal    2000 500 100 20 4 0 0 0 0 0 0 \n' >bare/proc/buddyinfo
	# A zone of so many free pages may be below min (a host of 64 GiB) or far above it.
	memtool explain --json -s bare alloc_pages order=2 --gfp GFP_NOWAIT >v
	[ "$(jq -r .verdict v)" = uncertain ]
	[ "$(jq -c '.steps[0] | [.step, (.evidence | has("mark_pages", "min_pages", "margin_pages"))]' v)" = '["watermark",false,false,false]' ]
	memtool explain -v -s bare alloc_pages order=2 --gfp GFP_NOWAIT >t
	grep -q 'watermarks are not$' t
	not grep -q 'above' t
}

@test "a name that would speak to the terminal is shown, not sent" {
	cd "$BATS_TEST_TMPDIR"
	printf '{"api":"kmem_cache_alloc","cache":"a\\u001b]0;title\\u0007b"}\n' >in
	memtool explain -vv -s "$TOP/fixtures/6.1-amd64-4K-quiet" --requests in >out
	not grep -q "$(printf '[\033\007]')" out
	grep -qF 'kmem_cache_alloc(a\x1b]0;title\x07b, GFP_KERNEL)' out
}

@test "where no zone may serve, nothing is waited for" {
	need jq
	memtool explain --json -s "$TOP/fixtures/6.1-amd64-4K-nodes-sparse" --gfp 'GFP_KERNEL|__GFP_THISNODE' --node 1 alloc_pages order=0 >"$BATS_TEST_TMPDIR/v"
	[ "$(jq -c '[.verdict, .cause, .at_once, .may_wait]' "$BATS_TEST_TMPDIR/v")" = '["fails","node_bound",true,false]' ]
	not grep -q 'depends on' "$BATS_TEST_TMPDIR/v"
	# a pool filled at start would take its blocks from the same zones
	memtool explain --json -s "$TOP/fixtures/6.1-amd64-4K-nodes-sparse" --gfp 'GFP_KERNEL|__GFP_THISNODE' --node 1 alloc_pages order=3 >"$BATS_TEST_TMPDIR/v"
	jq -e '.remedies | length > 0 and all(.action | test("pool") | not)' "$BATS_TEST_TMPDIR/v"
}

@test "a zone that the machine has not is not named" {
	memtool explain -s "$TOP/fixtures/6.1-i386-4K-highmem" dma_alloc_coherent 64K --dma-mask 32 >"$BATS_TEST_TMPDIR/t"
	grep -q 'below 32 bits (zone Normal)' "$BATS_TEST_TMPDIR/t"
}

@test "a bound that is not known is not said to be passed" {
	mkdir -p "$BATS_TEST_TMPDIR/m/proc"
	cp "$F/proc/meminfo" "$BATS_TEST_TMPDIR/m/proc"
	memtool explain -s "$BATS_TEST_TMPDIR/m" 2>/dev/null >"$BATS_TEST_TMPDIR/out"
	grep -q 'sleeping unknown' "$BATS_TEST_TMPDIR/out"
	not grep -q 'unknown.* too$' "$BATS_TEST_TMPDIR/out"
}

@test "each step that -v shows says something" {
	memtool explain -v -s "$TOP/fixtures/6.1-i386-4K-highmem" vmalloc 1M vmalloc 200M vmalloc 4G alloc_percpu 8K \
		alloc_percpu 1M thp >"$BATS_TEST_TMPDIR/out"
	memtool explain -v -s "$TOP/fixtures/6.12-arm64-4K-cma" cma_alloc 4M >>"$BATS_TEST_TMPDIR/out"
	grep -E '^  (pass|maybe|fail|skip) ' "$BATS_TEST_TMPDIR/out" >"$BATS_TEST_TMPDIR/steps"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/steps")" -ge 6 ]
	not grep -nE '^.{0,38}$' "$BATS_TEST_TMPDIR/steps"
}

@test "what stands behind a prompt is for a shell" {
	memtool explain -s "$TOP/fixtures/6.1-i386-4K-highmem" vmalloc 200M hugetlb dma_alloc_coherent 64M >"$BATS_TEST_TMPDIR/out"
	grep -q 'vmalloc=.*on the kernel command line' "$BATS_TEST_TMPDIR/out"
	not grep -q '\$ .*on the kernel command line' "$BATS_TEST_TMPDIR/out"
}

@test "to 4.3 the last resort is the type Reserve, not yet HighAtomic" {
	need jq
	local zone='Node    0, zone   Normal, type' t=$BATS_TEST_TMPDIR/t
	mkdir -p "$t/proc/sys/kernel"
	echo 4.1.0 >"$t/proc/sys/kernel/osrelease"
	echo 'Node 0, zone   Normal      0      0      0      0      0      0      0      0      1      0      1 ' >"$t/proc/buddyinfo"
	{
		printf 'Page block order: 10\nPages per block:  1024\n\nFree pages count per migrate type at order '
		seq -s ' ' 0 10
		for type in Unmovable Reclaimable Movable; do
			echo "$zone $type 0 0 0 0 0 0 0 0 0 0 0"
		done
		echo "$zone Reserve 0 0 0 0 0 0 0 0 1 0 1"
		echo
		echo 'Number of blocks type Unmovable Reclaimable Movable Reserve'
		echo 'Node 0, zone Normal 10 1 20 2'
	} >"$t/proc/pagetypeinfo"
	printf 'Node 0, zone   Normal\n  pages free     1280\n        min      10\n        low      12\n        high     15\n' >"$t/proc/zoneinfo"
	printf '        spanned  33792\n        present  33792\n        managed  33000\n        protection: (0, 0)\n' >>"$t/proc/zoneinfo"
	memtool explain -s "$t" --json alloc_pages order=4 >"$BATS_TEST_TMPDIR/v"
	[ "$(jq -c '[.mechanism, (.steps[] | select(.step == "free_list").evidence | .path, .migratetype)]' "$BATS_TEST_TMPDIR/v")" = \
		'["reserve","reserve","Reserve"]' ]
}
