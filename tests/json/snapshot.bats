#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The snapshot document over every recorded machine: valid by its schema, the same each time, and
# the same again after it was loaded.
load ../helper

SCHEMA=$TOP/src/share/schema/snapshot.json

machines() {
	local d found=
	for d in "$TOP"/fixtures/*/; do
		[ -d "$d/proc" ] && { echo "$d"; found=1; }
	done
	[ "$found" ] || skip "no recorded machine in fixtures/"
}

@test "every recorded machine: valid by the schema" {
	need_module jsonschema
	cd "$BATS_TEST_TMPDIR"
	machines >list
	while read -r d; do
		memtool snapshot -s "$d" -J >"$(basename "$d").json"
	done <list
	"$PYTHON" "$TOP/tests/json/validate.py" "$SCHEMA" ./*.json
}

@test "this machine, with all there is: valid by the schema" {
	need_module jsonschema
	[ -r /proc/buddyinfo ] || skip "no /proc/buddyinfo here"
	memtool snapshot -J --with slab-sysfs >"$BATS_TEST_TMPDIR/live.json"
	"$PYTHON" "$TOP/tests/json/validate.py" "$SCHEMA" "$BATS_TEST_TMPDIR/live.json"
}

@test "the validator finds what is wrong" {
	need_module jsonschema
	cd "$BATS_TEST_TMPDIR"
	mkdir -p host/proc
	printf 'nr_free_pages 28\n' >host/proc/vmstat
	memtool snapshot -s host -J >good
	"$PYTHON" "$TOP/tests/json/validate.py" "$SCHEMA" good
	local change
	for change in 's/"zones":\[\]/"zones":{}/' 's/"host":/"hosts":/' 's/28/-0.5/' 's/"time":null/"time":"now"/'; do
		sed "$change" good >bad
		not cmp -s good bad
		not "$PYTHON" "$TOP/tests/json/validate.py" "$SCHEMA" bad
	done
}

@test "every recorded machine: the same bytes each time, and after --from" {
	cd "$BATS_TEST_TMPDIR"
	machines >list
	while read -r d; do
		memtool snapshot -s "$d" -J >a
		memtool snapshot -s "$d" -J | cmp a -
		memtool snapshot -f a -J | cmp a -
		memtool snapshot -f - -J <a | cmp a -
	done <list
}

@test "this machine: the same bytes after --from" {
	[ -r /proc/buddyinfo ] || skip "no /proc/buddyinfo here"
	memtool snapshot -J >"$BATS_TEST_TMPDIR/a"
	memtool snapshot -f "$BATS_TEST_TMPDIR/a" -J | cmp "$BATS_TEST_TMPDIR/a" -
}

@test "indices are the kernel's own, wherever it recorded them" {
	cd "$BATS_TEST_TMPDIR"
	machines >list
	while read -r d; do
		[ -f "$d/sys/kernel/debug/extfrag/extfrag_index" ] || continue
		memtool snapshot -s "$d" -J >doc
		"$PYTHON" "$TOP/tests/json/indices.py" doc "$d"
	done <list >compared
	# Fragmented states among them, or nothing was compared.
	awk '{ n += $1; other += $2 } END { print n, other; exit !(n > 0 && other > 0) }' compared
}
