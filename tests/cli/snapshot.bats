#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# memtool snapshot: which sources are read, in which order, and what is said of the others.
load ../helper

setup() {
	cd "$BATS_TEST_TMPDIR"
	mkdir -p host/proc empty
	printf 'Node 0, zone   Normal %6d %6d %6d \n' 12 4 2 >host/proc/buddyinfo
	printf 'nr_free_pages 28\n' >host/proc/vmstat
}

# fails STATUS PATTERN ARGUMENT...: that status, one line on standard error that matches, no output.
fails() {
	local want=$1 pattern=$2 status=0
	shift 2
	memtool "$@" >out 2>err || status=$?
	[ "$status" -eq "$want" ] || { echo "memtool $*: status $status, not $want"; cat err; return 1; }
	[ ! -s out ] || { echo "memtool $*: wrote to standard output"; return 1; }
	[ "$(wc -l <err)" -eq 1 ] || { echo "memtool $*: not one line:"; cat err; return 1; }
	grep -qE "$pattern" err || { echo "memtool $*: no $pattern in:"; cat err; return 1; }
}

# ask EXPRESSION <DOCUMENT: a Python expression over the document d.
ask() {
	"$PYTHON" -c "import json,sys; d=json.load(sys.stdin); S={s['name']:s for s in d['sources']}; print(($1))"
}

@test "an empty tree: one line, status 1" {
	fails 1 '^memtool: empty: ' snapshot -s empty
	fails 1 '^memtool: empty: ' snapshot -s empty --json
	fails 1 'none: No such file or directory' snapshot -s none
	fails 1 'host/proc/vmstat: Not a directory' snapshot -s host/proc/vmstat
}

@test "the one source that is asked for is missing: it is named" {
	fails 1 'host/proc/slabinfo: No such file or directory' snapshot -s host --only slabinfo
}

@test "--only and --without choose sources by name and by group" {
	memtool snapshot -s host -J --only buddyinfo >out
	[ "$(ask "d['vmstat'], d['zones'][0]['free_blocks']" <out)" = "(None, [12, 4, 2])" ]
	# Left out is not missing; which kernel it is, is always asked.
	[ "$(ask "S['vmstat']['state'], [u['source'] for u in d['unavailable']]" <out)" = "('skipped', ['/proc/version'])" ]
	memtool snapshot -s host -J --without buddyinfo >out
	[ "$(ask "d['zones'], d['vmstat']['nr_free_pages']" <out)" = "([], 28)" ]
	memtool snapshot -s host -J --without slab,vmalloc,extfrag,buddyinfo >out
	[ "$(ask "sorted(n for n in S if S[n]['state'] == 'skipped')" <out)" = \
		"['buddyinfo', 'buddyinfo-before', 'extfrag_index', 'slab-sysfs', 'slabinfo', 'unusable_index', 'vmallocinfo']" ]
}

@test "a source that is none, or none left: status 2" {
	fails 2 "no source 'slabs'" snapshot -s host --only buddyinfo,slabs
	fails 2 "no source 'x'" snapshot -s host --without x
	fails 2 'no source is left' snapshot -s host --only vmstat --without vmstat
	fails 2 'exclude each other' snapshot -s host --from out
}

@test "every source that --help names exists, and every source is named" {
	memtool snapshot -s host -J >out
	ask "'\n'.join(n for n in S if n not in ('buddyinfo-before', 'kernel'))" <out | sort >have
	memtool snapshot --help | tr '\n' ' ' | sed 's/.*Sources: \([^;]*\);.*/\1/' | tr ' ' '\n' | grep . | sort >named
	diff have named
}

@test "what is missing is named, with a reason and a hint" {
	memtool snapshot -s host -J >out
	[ "$(ask "[(u['reason'], u['hint']) for u in d['unavailable'] if u['source'] == '/proc/zoneinfo']" <out)" = \
		"[('No such file or directory', 'not in this tree')]" ]
	# Members of a source that is not there are null, not 0.
	[ "$(ask "d['slab'], d['vmalloc'], d['meminfo'], d['zones'][0]['free_pages'], d['time']" <out)" = \
		"(None, None, None, None, None)" ]
}

@test "a file that is another: unavailable, and the rest stands" {
	head -c 4096 /dev/urandom >host/proc/slabinfo
	: >host/proc/meminfo
	mkdir host/proc/zoneinfo
	mkfifo host/proc/vmallocinfo
	ln -s /etc/passwd host/proc/pagetypeinfo
	timeout 20 "$MEMTOOL" snapshot -s host -J >out
	[ "$(ask "[S[n]['reason'] for n in ('slabinfo', 'meminfo', 'zoneinfo', 'vmallocinfo', 'pagetypeinfo')]" <out)" = \
		"[\"not in this file's format\", 'empty', 'is a directory', 'is a FIFO, not a file', 'No such file or directory']" ]
	[ "$(ask "d['zones'][0]['free_blocks']" <out)" = "[12, 4, 2]" ]
}

@test "an endless file is refused, not read for ever" {
	truncate -s 300M host/proc/vmallocinfo
	timeout 60 "$MEMTOOL" snapshot -s host -J >out
	[ "$(ask "S['vmallocinfo']['reason']" <out)" = "too large" ]
}

@test "a line that cannot be read costs that line, and is counted" {
	printf 'Node 0, zone   Normal 1 2 3 \nNode 1, zone   Normal 1 99999999999999999999999 3 \n' >host/proc/buddyinfo
	memtool snapshot -s host -J >out
	[ "$(ask "[z['node'] for z in d['zones']], S['buddyinfo']['bad_lines']" <out)" = "([0], 1)" ]
	ask "S['buddyinfo']['bad_excerpt']" <out | grep -q 99999999999999999999999
}

@test "-o writes whole or not at all" {
	memtool snapshot -s host -J -o whole
	memtool snapshot -s host -J | cmp - whole
	fails 1 'nowhere/x: No such file' snapshot -s host -J -o nowhere/x
	if [ -w /dev/full ]; then
		fails 1 'No space left' snapshot -s host -J -o /dev/full
		memtool snapshot -s host -J >/dev/full 2>err && status=0 || status=$?
		[ "$status" -eq 1 ]
	fi
}

@test "a closed pipe ends quietly" {
	memtool snapshot -s host -J 2>err | true
	[ ! -s err ]
	# More than a pipe and its buffers hold.
	for i in {1..20000}; do echo "counter_with_a_name_$i $i"; done >host/proc/vmstat
	memtool snapshot -s host -J 2>err | head -c 10 >/dev/null
	[ ! -s err ]
}

@test "--from: a bad document is one line, status 1" {
	echo '{"schema":"memtool.snapshot/1","zones":[{"node":"x"}]}' >bad
	fails 1 '^memtool: bad: snapshot with a bad "node"' snapshot --from bad
	echo 'hello' >bad
	fails 1 '^memtool: bad: not JSON' snapshot --from bad
	: >bad
	fails 1 '^memtool: bad: no snapshot' snapshot --from bad
	fails 1 '^memtool: none: No such file' snapshot --from none
	fails 1 '^memtool: empty: no kernel memory file' snapshot --from empty
	memtool snapshot -s host -J | head -c 200 >bad
	fails 1 '^memtool: bad: ends in the middle' snapshot --from bad
	fails 1 'no snapshot' snapshot --from - </dev/null
}

@test "live: what decides is read last and back to back, buddyinfo at the very end" {
	[ -r /proc/buddyinfo ] || skip "no /proc/buddyinfo here"
	memtool snapshot -J >out
	ask "' '.join(sorted((n for n in S if S[n]['state'] == 'read' and not S[n]['optional']
		and n not in ('kernel', 'sysctl')), key=lambda n: S[n]['time']))" <out >order
	grep -qE '^(vmallocinfo )?(slabinfo )?vmstat meminfo (pagetypeinfo )?zoneinfo buddyinfo$' order
	[ "$(ask "S['buddyinfo-before']['time'] < min(S[n]['time'] for n in S if n not in ('buddyinfo-before', 'kernel')
		and S[n]['state'] == 'read')" <out)" = True ]
	[ "$(ask "d['zones'][0]['drift'] >= 0" <out)" = True ]
	[ "$(ask "d['kernel']['release']" <out)" = "$(uname -r)" ]
	[ "$(ask "d['kernel']['page_size']" <out)" = "$(getconf PAGESIZE)" ]
}

@test "live: the root folder as a sysroot is this machine, now" {
	[ -r /proc/buddyinfo ] || skip "no /proc/buddyinfo here"
	memtool snapshot -s / -J --without slab-sysfs >out
	[ "$(ask "d['time'] is not None and S['zoneinfo']['duration_ns'] > 0" <out)" = True ]
	[ "$(ask "d['kernel']['page_size'], d['kernel']['arch']" <out)" = "($(getconf PAGESIZE), '$(uname -m)')" ]
}

@test "live: the last five are open before the first byte is read" {
	natively
	need strace
	strace -o trace -e trace=openat,read "$MEMTOOL" snapshot -J >/dev/null 2>&1 || skip "strace cannot trace here"
	grep -nE '"proc/(buddyinfo|zoneinfo|pagetypeinfo|meminfo|vmstat)"' trace | cut -d: -f1 >opens
	[ "$(wc -l <opens)" -eq 5 ]
	last_open=$(tail -n 1 opens)
	first_read=$(grep -n 'read(.*"Node 0, zone' trace | head -n 1 | cut -d: -f1)
	[ "$last_open" -lt "$first_read" ]
	# The last file read on this machine is buddyinfo (the C library looks for a time zone later).
	grep 'read(' trace | grep -v '= 0$' | grep -v '"TZif' | tail -n 1 | grep -q '"Node 0, zone'
}

@test "as an ordinary user: a summary, what is missing named, status 0" {
	[ "$(id -u)" -eq 0 ] || skip "needs root to become somebody else"
	need setpriv
	cp "$MEMTOOL" "$BATS_TEST_TMPDIR/program"
	chmod 755 "$BATS_TEST_TMPDIR/program"
	as_nobody() { setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs -- "$@"; }
	as_nobody "$BATS_TEST_TMPDIR/program" --version >/dev/null 2>&1 || skip "nobody cannot reach the program"
	as_nobody "$BATS_TEST_TMPDIR/program" snapshot >text 2>err
	[ ! -s err ]
	grep -q 'slabinfo' text
	as_nobody "$BATS_TEST_TMPDIR/program" snapshot -J >out
	[ "$(ask "[(u['reason'], u['hint']) for u in d['unavailable'] if u['source'] == '/proc/slabinfo']" <out)" = \
		"[('Permission denied', 'run as root to see slab caches')]" ]
	[ "$(ask "len(d['zones']) > 0, d['slab'], d['vmalloc']" <out)" = "(True, None, None)" ]
	as_nobody "$BATS_TEST_TMPDIR/program" snapshot --only slabinfo >out 2>err && status=0 || status=$?
	[ "$status" -eq 1 ]
	[ "$(cat err)" = "memtool: /proc/slabinfo: Permission denied (run as root to see slab caches)" ]
}

@test "the manual page tells what each source costs" {
	memtool snapshot -s host -J >out
	for name in $(ask "' '.join(n for n in S if n != 'kernel')" <out); do
		awk -v n="$name" '$1 == ".It" && $3 == n { found = 1 } found && /^Cost: ./ { cost = 1 } END { exit !cost }' \
			"$TOP/man/memtool-snapshot.1" || { echo "no $name"; return 1; }
	done
}

@test "what chooses the sources to read is a mistake where none is read" {
	memtool snapshot --json -s "$TOP/fixtures/6.1-amd64-4K-quiet" >s.json
	for option in --only --without --with; do
		fails 2 'with --from' snapshot --from s.json "$option" slab
	done
}

@test "pages where their size is not known, the source that is meant" {
	printf 'Node 0, zone   Normal    2000 500 100 20 4 0 0 0 0 0 0 \n' >host/proc/buddyinfo
	rm host/proc/vmstat
	memtool snapshot -s host >t
	head -n 1 t | grep -q '^Memory is fragmented: of 3624 pages free in Node 0 Normal'
	memtool snapshot -v -s host >t
	not grep -q '/proc/buddyinfo: not a running kernel' t
	grep -q 'buddyinfo-before: not a running kernel' t
}

@test "a count has its size in a narrow column, too" {
	COLUMNS=64 memtool snapshot -s "$TOP/fixtures/6.1-amd64-4K-fragmented" >t
	grep -q '^  blocks    3k  4k  69   2   0' t
}

@test "the jq example of the manual page does on zones without lists" {
	need jq
	sed -n '/^\$ memtool snapshot --json |$/,/^\.Ed/p' "$TOP/man/memtool.1" | sed '/^\.Ed/d; s/^\$ //; s/--json/& -s $TREE/' >example
	[ "$(wc -l <example)" -eq 3 ]
	export TREE=$TOP/fixtures/6.1-amd64-4K-fragmented
	# shellcheck source=/dev/null
	. ./example >t
	[ "$(wc -l <t)" -ge 2 ]
}
