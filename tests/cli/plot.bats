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

@test "samples at one moment: no picture over time, and not a word of gnuplot's" {
	need gnuplot
	film
	sed -E 's/12:00:0[0-9]/12:00:01/' film.json >moment.json
	memtool plot -o profile.svg moment.json 2>err
	cat err
	[ ! -s err ]
	grep -qF 'N0-Normal' profile.svg
	run memtool plot --what blocks -o blocks.svg moment.json
	[ "$status" -eq 1 ]
	[ "${#lines[@]}" -eq 1 ]
	memtool report -o page.html moment.json 2>err
	[ ! -s err ]
	# All of it in a terminal: labels do not fit, which is not worth a word either.
	memtool plot --what all --terminal dumb film.json 2>err >/dev/null
	[ ! -s err ]
}

@test "the name of --output says the kind of picture, or is refused" {
	need gnuplot
	film
	for name in p.pdf p.xyz p.svg.gz d.svg/p.eps; do
		run memtool plot -o "$name" film.json
		[ "$status" -eq 2 ]
		[ "${#lines[@]}" -eq 1 ]
		[[ $output == *"$name"*.svg*.png*.txt* ]]
		[ ! -e "$name" ]
	done
	mkdir d.pdf
	memtool plot -o d.pdf/picture film.json
	grep -q '<svg' d.pdf/picture
	memtool plot -o P.PNG film.json
	[ "$(head -c 4 P.PNG | od -An -tx1 | tr -d ' \n')" = 89504e47 ]
	memtool plot -o p.pdf --terminal svg film.json
	grep -q '<svg' p.pdf
	memtool plot --script -o p.gp film.json
	grep -q '^set terminal svg' p.gp
}

@test "gnuplot's own error is told in one line" {
	natively
	film
	mkdir bin
	printf '#!/bin/sh\ncat >/dev/null\necho >&2\necho "warning: x" >&2\necho "line 3: no such terminal" >&2\nexit 1\n' >bin/gnuplot
	chmod +x bin/gnuplot
	PATH=$PWD/bin:$PATH memtool plot -o p.svg film.json 2>err && status=0 || status=$?
	[ "$status" -eq 1 ]
	[ "$(cat err)" = 'memtool: gnuplot: line 3: no such terminal' ]
	[ ! -e p.svg ]
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
	# The first mistake is told, in one line.
	run memtool plot --what pie --bogus film.json
	[ "$status" -eq 2 ]
	[ "$output" = "memtool: --what: nothing is called 'pie' (see memtool plot --help)" ]
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

# The numbers of a column of data of the script on standard input.
column() {
	awk -v name="\$$1" -v column="$2" '$1 == name { on = 1; next } $1 == "END_OF_DATA" { on = 0 } on { print $column }' |
		tr '\n' ' '
}

@test "stalls: a rate is over the time since the last sample that tells, and none goes over a boot" {
	film
	for i in 1 2 3 4 5 6; do
		# 10 a second; the third lacks vmstat, the fifth begins anew.
		printf 'compact_stall %d\n' $((i < 5 ? 10 * i : i)) >m/proc/vmstat
		[ "$i" != 3 ] || rm m/proc/vmstat
		mkdir -p m/proc/sys/kernel/random
		echo "boot$((i / 5))" >m/proc/sys/kernel/random/boot_id
		echo "2026-01-31T12:00:0$i.000Z" >m/memtool/time
		memtool snapshot -s m -J
	done >gaps.json
	memtool plot --script --what stalls gaps.json >s.gp
	# The names that gnuplot is given say which column: compact_stall is the eighth of them.
	c=$(grep -o 'using 1:[0-9]* with lines lw 2 lc rgb .[#0-9A-F]*. title .compact_stall' s.gp | grep -o '1:[0-9]*' | cut -d: -f2)
	[ "$(column stalls "$c" <s.gp)" = "NaN 10 NaN 10 NaN 1 " ]
}

@test "a cache that came in between is one that changed" {
	film
	printf 'slabinfo - version: 2.1\n# name ...\nsteady 8 8 512 8 1 : tunables 0 0 0 : slabdata 1 1 0\n' >m/proc/slabinfo
	for i in 1 2 3 4; do
		[ "$i" != 3 ] || printf 'newcomer 800 800 512 8 1 : tunables 0 0 0 : slabdata 1024 1024 0\n' >>m/proc/slabinfo
		echo "2026-01-31T12:00:0$i.000Z" >m/memtool/time
		memtool snapshot -s m -J
	done >came.json
	memtool plot --script --what caches came.json >s.gp
	grep -q "title 'newcomer'" s.gp
	[ "$(column caches 2 <s.gp)" = "0 0 4 4 " ]
}

@test "the heat map is of equal steps of time, though samples are not" {
	mkdir -p m/proc m/memtool
	for t in 0 1 2 9; do
		# All of order 0 but for t blocks of order 1: of order 1 there is 2t of 10 + 2t pages.
		printf 'Node 0, zone   Normal 10 %d\n' "$t" >m/proc/buddyinfo
		date -u -d "@$((1700000000 + t))" +%Y-%m-%dT%H:%M:%SZ >m/memtool/time
		memtool snapshot -s m -J
	done >uneven.json
	memtool plot --script --what unusable uneven.json >s.gp
	awk '$2 == 1' s.gp | sed -n '/^17000000/p' >order1
	# At 0, 3, 6 and 9 s; from 2 to 9 s it was as at 2 s.
	[ "$(awk '{ print $1 - 1700000000 }' order1 | tr '\n' ' ')" = "0 3 6 9 " ]
	[ "$(awk '{ print $3 }' order1 | tr '\n' ' ')" = "1 0.714 0.714 0.357 " ]
}

@test "no two of the events that stall have one colour" {
	film
	for i in 1 2 3 4; do
		for event in allocstall_{dma,dma32,normal,movable,device} compact_{stall,fail,success}; do
			echo "$event $i"
		done >m/proc/vmstat
		echo "2026-01-31T12:00:0$i.000Z" >m/memtool/time
		memtool snapshot -s m -J
	done >stalls.json
	memtool plot --script --what stalls stalls.json >s.gp
	[ "$(grep -o "lc rgb '#[0-9A-F]*' title" s.gp | wc -l)" -eq 8 ]
	[ -z "$(grep -o "lc rgb '#[0-9A-F]*' title" s.gp | sort | uniq -d)" ]
}
