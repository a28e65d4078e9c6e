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
