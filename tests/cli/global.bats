#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What holds for the command line as a whole, whatever the command: exit statuses, help, the
# place of options, one-line errors, and where the output goes.
load ../helper

setup() {
	cd "$BATS_TEST_TMPDIR"
	mkdir -p host/proc empty
	# One zone of 4 KiB pages, hand-made: enough for a snapshot.
	printf 'Node 0, zone   Normal %6d %6d %6d %6d %6d %6d %6d %6d %6d %6d %6d \n' \
		12 4 2 1 0 0 1 0 0 0 3 >host/proc/buddyinfo
}

# The tests that need a snapshot wait for the command.
snapshots() {
	memtool snapshot -s host -J >/dev/null 2>err || ! grep -q 'not yet' err || skip "no snapshot yet"
}

commands() {
	memtool --list-options | awk -F '\t' '$1 != "" && $2 == "" { print $1 }'
}

# wrong ARGUMENT...: status 2, nothing on standard output, one line that names the program.
wrong() {
	memtool "$@" >out 2>err && status=0 || status=$?
	[ "$status" -eq 2 ] || { echo "memtool $*: status $status, not 2"; return 1; }
	[ ! -s out ] || { echo "memtool $*: wrote to standard output"; return 1; }
	[ "$(wc -l <err)" -eq 1 ] || { echo "memtool $*: not one line:"; cat err; return 1; }
	grep -q '^memtool: ' err
}

@test "--version is the program's name and a version" {
	run memtool --version
	[ "$status" -eq 0 ]
	[[ $output =~ ^memtool\ [0-9]+\.[0-9]+\.[0-9]+ ]]
	[ "$(memtool -V)" = "$output" ]
	[ "$(memtool snapshot --version)" = "$output" ]
}

@test "--help goes to standard output with status 0 and names every command" {
	memtool --help >out 2>err
	[ ! -s err ]
	for c in $(commands); do
		grep -qE "^  $c " out
	done
	[ "$(memtool -h)" = "$(cat out)" ]
	[ "$(memtool help)" = "$(cat out)" ]
}

@test "every command has --help, -h and help COMMAND, which agree" {
	for c in $(commands); do
		memtool "$c" --help >long 2>err
		[ ! -s err ]
		grep -q "^Usage: memtool $c" long
		[ "$(memtool "$c" -h)" = "$(cat long)" ]
		[ "$(memtool help "$c")" = "$(cat long)" ]
		[ "$(memtool --help "$c" 2>&1)" != "" ]
	done
}

@test "help fits 80 columns" {
	for c in '' $(commands); do
		memtool $c --help | awk -v c="$c" 'length > 80 { print c ": " $0; wide = 1 } END { exit wide }'
	done
}

@test "a wrong command line is status 2 and one line" {
	wrong
	wrong frobnicate
	wrong snap
	wrong help frobnicate
	wrong help snapshot extra
	wrong --frobnicate
	wrong -Z
	wrong snapshot --frobnicate
	wrong snapshot -Z
	wrong snapshot unexpected
	wrong snapshot --sysroot
	wrong snapshot -s
	wrong --sysroot
	wrong snapshot --json=yes
	wrong snapshot --color sometimes
	wrong snapshot --color=
}

@test "an option that takes no value is named as it was typed" {
	wrong snapshot --json=1
	grep -q -- "--json takes no value, as in '--json=1'" err
	wrong snapshot --verbose=2
	grep -q -- '--verbose takes no value' err
	wrong snapshot --bytes=x
	grep -q -- '--bytes takes no value' err
	wrong explain --exit-code=3
	grep -q -- '--exit-code takes no value' err
	wrong snapshot --sysroot=host -Z
	grep -q "unknown option '-Z'" err
	wrong snapshot --nothing=1
	grep -q "unknown option '--nothing=1'" err
}

@test "provoke and verify judge their words before they ask for the module" {
	wrong provoke foo
	wrong provoke set
	wrong provoke release junk
	wrong provoke release 1 2
	wrong provoke list extra
	wrong provoke status extra
	wrong provoke --demo list
	wrong verify -n 0
	wrong verify -n x
	wrong verify --all-cases --records records
	[ ! -e records ]
}

@test "no command takes an unknown option" {
	for c in $(commands); do
		wrong "$c" --no-such-option
	done
}

@test "hostile words of the command line are quoted harmlessly" {
	wrong $'\e[31mred'
	not grep -q $'\e' err
	wrong $'two\nlines'
	wrong snapshot $'\e]0;title\a'
	not grep -q $'\e' err
	wrong snapshot --color $'\e[1m'
	not grep -q $'\e' err
	wrong "--$(head -c 20000 /dev/zero | tr '\0' x)"
}

@test "options may stand before and after the command's name" {
	snapshots
	memtool -s host -J snapshot >a
	memtool snapshot -s host -J >b
	memtool snapshot --json --sysroot=host >c
	memtool --sysroot host snapshot --json >d
	memtool -Jshost snapshot >e
	for f in a b c d e; do
		jq -S 'del(.time, .sources?, .host?)' "$f" >"$f.json"
		cmp a.json "$f.json"
	done
}

@test "--sysroot on an empty folder: one line, status 1" {
	run memtool snapshot --sysroot empty
	[ "$status" -eq 1 ]
	[ "${#lines[@]}" -eq 1 ]
	[[ $output == memtool:* ]]
}

@test "--sysroot that is not there, or no folder: one line with the reason, status 1" {
	snapshots
	run memtool snapshot --sysroot nowhere
	[ "$status" -eq 1 ]
	[ "${#lines[@]}" -eq 1 ]
	[[ $output == *nowhere*"No such file or directory"* ]]
	touch file
	run memtool snapshot --sysroot file
	[ "$status" -eq 1 ]
	[ "${#lines[@]}" -eq 1 ]
	[[ $output == *file*"Not a directory"* ]]
}

@test "a --sysroot that is not there is named by every command" {
	for args in snapshot explain slab vmalloc map diff doctor report plot export "advise --size 4K" "record -n 1 t.rec"; do
		# shellcheck disable=SC2086 # words
		memtool $args -s nowhere >out 2>err && status=0 || status=$?
		echo "$args: $status: $(cat err)"
		[ "$status" -eq 1 ]
		[ "$(cat err)" = "memtool: nowhere: No such file or directory" ]
	done
}

@test "--from a file that is missing, a folder, empty, or no JSON: one line, status 1" {
	snapshots
	: >zero
	echo '{"schema":' >cut
	head -c 3000 /dev/urandom >binary
	for f in nowhere empty zero cut binary; do
		memtool snapshot --from "$f" >out 2>err && status=0 || status=$?
		echo "$f: $status: $(cat err)"
		[ "$status" -eq 1 ]
		[ ! -s out ]
		[ "$(wc -l <err)" -eq 1 ]
		grep -q "^memtool: .*$f" err
	done
}

@test "--output writes what standard output would get" {
	snapshots
	memtool snapshot -s host -J >a
	memtool snapshot -s host -J -o b
	jq -S 'del(.time, .sources?)' a >a.json
	jq -S 'del(.time, .sources?)' b >b.json
	cmp a.json b.json
}

@test "--output is whole or not at all" {
	snapshots
	mkdir dir
	echo before >dir/file
	run memtool snapshot -s empty -J -o dir/file
	[ "$status" -eq 1 ]
	[ "$(cat dir/file)" = before ]
	run memtool snapshot -s empty -J -o dir/new
	[ "$status" -eq 1 ]
	[ "$(ls -A dir)" = file ]
	run memtool snapshot -s host -J -o nowhere/file
	[ "$status" -eq 1 ]
	[ "${#lines[@]}" -eq 1 ]
	[[ $output == *"No such file or directory"* ]]
	run memtool snapshot -s host -J -o dir
	[ "$status" -eq 1 ]
	[ "${#lines[@]}" -eq 1 ]
}

@test "log --output keeps the old file when a log cannot be read; --follow writes as it goes" {
	natively
	cp "$(printf '%s\n' "$TOP"/fixtures/logs/*.log | head -n 1)" good.log
	echo before >file
	for args in nowhere "good.log nowhere" "-F nowhere"; do
		# shellcheck disable=SC2086 # words
		run memtool log $args -o file
		[ "$status" -eq 1 ]
		[ "${#lines[@]}" -eq 1 ]
		[ "$(cat file)" = before ]
	done
	[ "$(ls -d file*)" = file ]
	mkfifo log
	"$MEMTOOL" log -F log -J -o file 3>&- &
	pid=$!
	exec 8>log
	cat good.log >&8
	for _ in {1..50}; do
		jq -e .schema file >/dev/null 2>&1 && break
		sleep 0.1
	done
	kill $pid
	wait $pid || true
	exec 8>&-
	jq -e .schema file
	[ "$(ls -d file*)" = file ]
}

@test "--output over a link writes the file behind it; the link stays" {
	snapshots
	mkdir there
	echo before >there/real
	ln -s there/real link
	ln -s ../link there/second
	memtool snapshot -s host -J -o there/second
	[ -L link ] && [ -L there/second ] && [ ! -L there/real ]
	jq -e .schema there/real
	# A link to what is not there yet makes it.
	ln -s there/new dangling
	memtool snapshot -s host -J -o dangling
	[ -L dangling ]
	jq -e .schema there/new
	ln -s loop loop
	run memtool snapshot -s host -J -o loop
	[ "$status" -eq 1 ]
	[ "${#lines[@]}" -eq 1 ]
	[ "$(ls there)" = "$(printf 'new\nreal\nsecond')" ]
}

@test "--output keeps the mode of the file" {
	snapshots
	umask 022
	touch old
	chmod 640 old
	memtool snapshot -s host -J -o old
	jq -e .schema old
	[ "$(stat -c %a old)" = 640 ]
	memtool snapshot -s host -J -o new
	[ "$(stat -c %a new)" = 644 ]
	if [ "$(id -u)" -eq 0 ]; then
		chown 12:34 old
		memtool snapshot -s host -J -o old
		[ "$(stat -c %u:%g:%a old)" = 12:34:640 ]
	fi
}

@test "--output to what is open already, a pipe or a file, writes there" {
	natively
	snapshots
	[ -e /proc/self/fd/1 ] || skip "no /proc"
	# Never by the name of a device itself: a mistake here could cost it.
	ln -s /proc/self/fd/1 out
	memtool snapshot -s host -J -o out | jq -e .schema
	{ echo first; memtool snapshot -s host -J -o out; echo last; } >file
	[ -L out ]
	[ "$(sed -n '1p;$p' file)" = "$(printf 'first\nlast')" ]
	sed '1d;$d' file | jq -e .schema
	ln -s /proc/self/fd/7 seven
	memtool snapshot -s host -J -o seven 7>file
	jq -e .schema file
	mkfifo fifo
	ln -s fifo to-fifo
	cat fifo >got 3>&- &
	memtool snapshot -s host -J -o to-fifo
	wait $!
	jq -e .schema got
	[ -p fifo ]
}

@test "a signal while --output is written leaves nothing beside the file, and the file" {
	natively
	mkdir dir
	mkfifo log
	for sig in TERM INT HUP; do
		echo before >dir/file
		# INT is ignored in what a shell starts in the background.
		"$PYTHON" -c 'import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execv(sys.argv[1], sys.argv[1:])' "$MEMTOOL" log log -o dir/file 3>&- &
		pid=$!
		exec 8>log
		for _ in {1..50}; do
			[ "$(ls -A dir)" = file ] || break
			sleep 0.1
		done
		[ "$(ls -A dir)" != file ]
		kill -$sig $pid
		wait $pid && status=0 || status=$?
		exec 8>&-
		[ "$status" -gt 128 ]
		[ "$(ls -A dir)" = file ]
		[ "$(cat dir/file)" = before ]
	done
}

@test "a full disk is an error with status 1" {
	snapshots
	[ -c /dev/full ] || skip "no /dev/full"
	for args in "snapshot -s host" "snapshot -s host -J" "--help" "--version" "snapshot --help"; do
		memtool $args >/dev/full 2>err && status=0 || status=$?
		echo "$args: $status: $(cat err)"
		[ "$status" -eq 1 ]
		[ "$(wc -l <err)" -eq 1 ]
		grep -q 'No space left on device' err
	done
}

@test "a closed standard output is an error, a closed pipe ends quietly" {
	natively
	snapshots
	memtool snapshot -s host -J >&- 2>err && status=0 || status=$?
	[ "$status" -eq 1 ]
	[ "$(wc -l <err)" -eq 1 ]
	for args in "snapshot -s host" "snapshot -s host -J" "--help"; do
		{ memtool $args 2>err; echo $? >status; } | true
		[ ! -s err ]
		[ "$(cat status)" -le 1 ]
	done
}

@test "NO_COLOR, --color and a dumb terminal" {
	snapshots
	memtool snapshot -s host --color always >with
	memtool snapshot -s host >without
	not grep -q $'\e' without
	NO_COLOR=1 memtool snapshot -s host --color auto >auto
	cmp auto without
	memtool snapshot -s host --color never >never
	cmp never without
}

@test "--quiet keeps errors, drops remarks" {
	snapshots
	run memtool snapshot -q -s empty
	[ "$status" -eq 1 ]
	[ "${#lines[@]}" -eq 1 ]
	memtool snapshot -q -s host >out 2>err
	[ ! -s err ]
}

@test "a locale with other number signs changes nothing" {
	snapshots
	memtool snapshot -s host -J >a
	LC_ALL=de_DE.UTF-8 LC_NUMERIC=de_DE.UTF-8 memtool snapshot -s host -J >b
	jq -S 'del(.time, .sources?)' a >a.json
	jq -S 'del(.time, .sources?)' b >b.json
	cmp a.json b.json
}

@test "few file descriptors and little memory end in a message, never in a signal" {
	natively
	for n in 6 7 8 10 12; do
		(ulimit -n $n; memtool snapshot -s host -J) >out 2>err && status=0 || status=$?
		echo "$n descriptors: $status: $(cat err)"
		[ "$status" -le 1 ]
	done
}

# wide COMMAND...: its lines beyond 80 columns, but for those that name a function of the kernel
wide() {
	LC_ALL=C memtool "$@" </dev/null | awk -v c="$*" 'length($0) > 80 && !/\+0x/ { print c ": " $0 }'
}

@test "what is for a person fits 80 columns" {
	requests="kmalloc 1M alloc_pages order=9 dma_alloc_coherent 1M vmalloc 64M kvmalloc 3M hugetlb 2M thp
		alloc_skb 64K cma_alloc 1M alloc_percpu 64 kmem_cache_alloc dentry"
	# By a short name: commands for copying repeat the path that was given, however long it is.
	for root in 5.10-i386-4K-highmem 6.1-amd64-4K-2nodes-fragmented 6.12-arm64-4K-cma 6.1-ppc64el-64K-quiet; do
		ln -s "$TOP/fixtures/$root" "$root"
		for words in snapshot "snapshot -v" explain "explain -v" "explain $requests" "explain -v $requests" \
			"explain -vv $requests" doctor "doctor -v" "doctor --symptom leak" \
			"doctor --symptom fragmentation" "doctor --symptom who" slab vmalloc \
			"advise -v --size 1M --contiguous no" "advise -v --equal-objects 10000 --size 200" \
			"advise -v --size 256K --dma-mask 32" "advise -v --size 64K --context atomic"; do
			# shellcheck disable=SC2086 # words
			wide $words -s "$root"
		done
		wide diff "$TOP/fixtures/6.1-amd64-4K-quiet" "$root"
	done >out
	# Commands are for copying, and a row of the summary stays whole.
	for f in "$TOP"/fixtures/logs/*.log; do
		wide log "$f"
		wide log -v "$f"
	done | grep -v '  sysctl ' >>out || true
	cat out
	[ ! -s out ]
}
