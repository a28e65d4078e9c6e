#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# memtool plot: pictures that gnuplot accepts, and names that cannot harm it.
load ../helper

setup() {
	cd "$BATS_TEST_TMPDIR"
}

# Samples of a machine whose cache's name is a trap for gnuplot.
film() {
	mkdir -p m/proc m/memtool
	for i in 1 2 3 4; do
		printf 'Node 0, zone   Normal %6d 2 3 4\n' $((i * 10)) >m/proc/buddyinfo
		printf 'compact_stall %d\n' "$i" >m/proc/vmstat
		printf 'slabinfo - version: 2.1\n# name ...\n%s %d 900 512 8 1 : tunables 0 0 0 : slabdata %d %d 0\n' \
			"x\`touch\$IFS\$9pwned\`'\";system('touch\$IFS\$9pwned')" "$i" $((i * 99)) $((i * 99)) >m/proc/slabinfo
		echo "2026-01-31T12:00:0$i.000Z" >m/memtool/time
		memtool snapshot -s m -J
	done >film.json
}

@test "SVG and PNG of a film, every kind" {
	need gnuplot
	film
	memtool plot -o all.svg film.json 2>err
	[ ! -s err ]
	"$PYTHON" -c 'import sys, xml.dom.minidom as x; x.parse("all.svg")'
	for what in 'Free memory by order' 'Unusable free space' 'Slab caches' 'Stalls and compaction' 'MiB' 'time (UTC)'; do
		grep -qF "$what" all.svg
	done
	memtool plot -o all.png film.json
	[ "$(head -c 4 all.png | od -An -tx1 | tr -d ' \n')" = 89504e47 ]
	[ ! -e pwned ]
}

@test "text, and the profile of one snapshot" {
	need gnuplot
	film
	memtool plot --what blocks --terminal dumb film.json | grep -q 'up to order 3'
	memtool plot -s m --terminal dumb | grep -q 'N0-Normal'
	memtool plot --at first --terminal dumb film.json | grep -q 'N0-Normal'
}

@test "the script holds the numbers" {
	film
	memtool plot --script --what blocks film.json >s.gp
	# 40 free pages of 4 KiB at the end.
	grep -qE '^1769860804\.000 0\.15625 ' s.gp
	memtool plot --script --what caches film.json >s.gp
	not grep -F '`' s.gp
}

@test "no gnuplot: one clear line" {
	natively
	film
	run env PATH=/nonexistent "$MEMTOOL" plot film.json
	[ "$status" -eq 1 ]
	[ "$output" = "memtool: gnuplot is not installed (install gnuplot-nox, or use --script)" ]
}

@test "nothing to draw, wrong command lines" {
	film
	run memtool plot --what vmalloc film.json
	[ "$status" -eq 1 ]
	run memtool plot --what pie film.json
	[ "$status" -eq 2 ]
	run memtool plot --size 3 film.json
	[ "$status" -eq 2 ]
}

@test "a picture that does not fit is an error, and no part of it stays" {
	need gnuplot
	[ "$(id -u)" -eq 0 ] || skip "needs root for a small tmpfs"
	film
	mkdir small
	mount -t tmpfs -o size=16k none small 2>/dev/null || skip "cannot mount a tmpfs"
	memtool plot -o small/p.svg film.json 2>err && status=0 || status=$?
	left=$(ls -A small)
	umount small
	[ "$status" -eq 1 ]
	[ -z "$left" ]
	[ "$(cat err)" = 'memtool: small/p.svg: No space left on device' ]
	memtool plot --terminal svg film.json >/dev/full 2>err && status=0 || status=$?
	[ "$status" -eq 1 ]
	[ "$(cat err)" = 'memtool: standard output: No space left on device' ]
}
