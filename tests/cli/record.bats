#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# memtool-test: serial
# memtool record, and recordings wherever a command takes --from.
load ../helper

setup() {
	cd "$BATS_TEST_TMPDIR"
	[[ $(memtool record probe/none 2>&1) != *WITH_SQLITE* ]] || skip "built without recordings"
}

# A machine whose numbers we know: sample I has I free blocks of order 0.
machine() {
	mkdir -p m/proc/sys/kernel/random
	printf 'Node 0, zone   Normal %6d 2 3 4 5 6 7 8 9 10 11\n' "$1" >m/proc/buddyinfo
	printf 'MemTotal: 1000000 kB\nMemFree: %d kB\n' "$1" >m/proc/meminfo
	printf 'nr_free_pages %d\ncompact_stall 0\n' "$1" >m/proc/vmstat
	echo 6.1.0-9-amd64 >m/proc/sys/kernel/osrelease
	echo one >m/proc/sys/kernel/random/boot_id
	mkdir -p m/memtool
	date -u -d "@$((1700000000 + $1))" +%Y-%m-%dT%H:%M:%SZ >m/memtool/time
}

samples() {
	for ((i = $1; i <= $2; i++)); do
		machine "$i"
		memtool record -q -s m -n 1 t.rec
	done
}

free0() {
	jq '.zones[0].free_blocks[0]'
}

@test "a recording may come on standard input, as a file or through a pipe, and leaves no copy" {
	need jq
	samples 1 3
	mkdir tmp
	export TMPDIR=$PWD/tmp
	memtool snapshot -f - --at first -J <t.rec >first
	[ "$(free0 <first)" -eq 1 ]
	# shellcheck disable=SC2002 # it is the pipe that is tested
	cat t.rec | memtool snapshot -f - --at last -J >last
	[ "$(free0 <last)" -eq 3 ]
	# shellcheck disable=SC2002
	cat t.rec | memtool diff -f - -J | jq -e '.schema == "memtool.diff/1"' >/dev/null
	memtool snapshot -f - -J <first | cmp - first
	memtool snapshot -f - -J < <(cat first) | cmp - first
	[ -z "$(ls -A tmp)" ]
	[ "$(printf 'SQLite format 3' | memtool snapshot -f - 2>&1 | wc -l)" -eq 1 ]
}

@test "any moment comes back" {
	need jq
	samples 1 5
	[ "$(memtool snapshot -f t.rec -J | free0)" -eq 5 ]
	[ "$(memtool snapshot -f t.rec --at last -J | free0)" -eq 5 ]
	[ "$(memtool snapshot -f t.rec --at first -J | free0)" -eq 1 ]
	[ "$(memtool snapshot -f t.rec --at +2s -J | free0)" -eq 3 ]
	[ "$(memtool snapshot -f t.rec --at -1s -J | free0)" -eq 4 ]
	[ "$(memtool snapshot -f t.rec --at @1700000002 -J | free0)" -eq 2 ]
	[ "$(memtool snapshot -f t.rec --at 2023-11-14T22:13:23.9Z -J | free0)" -eq 3 ]
	run memtool snapshot -f t.rec --at @1600000000
	[ "$status" -eq 1 ]
	[[ $output == *"t.rec: nothing at or before @1600000000"* ]]
	run memtool snapshot -f t.rec --at yesterday
	[ "$status" -eq 2 ]
}

@test "a moment means the same in a recording and in documents one after another" {
	need jq
	samples 1 5
	for i in 1 2 3 4 5; do
		memtool snapshot -f t.rec --at @170000000$i -J
	done >film.json
	# Between two samples the one before holds.
	for args in '--at +1.5s' '--at +1s --at +3.5s' '--at -2.5s' '--at first --at -1s' '--at @1700000002.5 --at last'; do
		for file in t.rec film.json; do
			# shellcheck disable=SC2086 # words
			memtool diff -J $args $file | jq -c '[.from.time, .to.time, .samples]'
		done >both
		cat both
		[ "$(uniq both | wc -l)" -eq 1 ]
	done
	grep -q '"2023-11-14T22:13:22.000Z","2023-11-14T22:13:25.000Z",4' both
	for args in '--at @1600000000' '--at +3s --at +1s'; do
		for file in t.rec film.json; do
			# shellcheck disable=SC2086
			run memtool diff $args $file
			[ "$status" -eq 1 ]
			echo "${output#*: *: }"
		done >both
		cat both
		[ "$(uniq both | wc -l)" -eq 1 ]
	done
}

@test "a sample equals the tree that it was taken from" {
	need jq
	local d=$TOP/fixtures/6.1-amd64-4K-quiet
	[ -d "$d" ] || skip "no fixture"
	memtool record -q -s "$d" -n 2 -i 0.01 t.rec
	# Beyond when each file was read, there is no difference.
	memtool snapshot -s "$d" -J --without extfrag | jq 'del(.sources, .unavailable)' >direct.json
	for at in first last; do
		memtool snapshot -f t.rec --at $at -J | jq 'del(.sources, .unavailable)' >recorded.json
		cmp direct.json recorded.json
	done
}

@test "this machine: interval, count, signals" {
	[ -r /proc/buddyinfo ] || skip "no /proc/buddyinfo here"
	local start=$EPOCHREALTIME
	memtool record -q -i 0.2 -n 6 --without slab,vmalloc live.rec
	# Five intervals lie between six samples.
	"$PYTHON" -c "import sys; t = $EPOCHREALTIME - $start; sys.exit(not 0.95 < t < 60)"
	"$MEMTOOL" record -i 10 live.rec 2>err 3>&- &
	local pid=$!
	sleep 1
	kill -TERM $pid
	wait $pid
	grep -q 'live.rec: 1 samples' err
	[ ! -e live.rec-wal ]
	memtool snapshot -f live.rec >/dev/null
}

@test "two writers: the second is refused" {
	machine 1
	"$MEMTOOL" record -q -s m -i 30 t.rec 3>&- &
	local pid=$!
	for _ in {1..50}; do
		memtool snapshot -f t.rec >/dev/null 2>&1 && break
		sleep 0.1
	done
	run memtool record -s m -n 1 t.rec
	kill $pid
	wait $pid
	[ "$status" -eq 1 ]
	[ "$output" = "memtool: t.rec: another process is recording to this file" ]
}

@test "JSON Lines" {
	need jq
	machine 7
	memtool record -s m -J -n 3 -i 0.01 >lines
	[ "$(wc -l <lines)" -eq 3 ]
	[ "$(jq -s 'map(.zones[0].free_blocks[0]) | add' lines)" -eq 21 ]
	# A reader that leaves ends it quietly.
	memtool record -q -s m -J -i 0.01 2>err | head -n 1 >/dev/null
	[ ! -s err ]
}

@test "a reader that leaves is no error" {
	natively
	machine 7
	for args in "record -s m -J -n 3 -i 0.1" "watch -s m -n 3 -i 0.1" "diff -s m -i 0.1 -n 3"; do
		# The pipe is closed before the second write, whenever the first comes.
		# shellcheck disable=SC2086 # words
		{ memtool $args 2>err; echo $? >status; } | head -n 1 >/dev/null
		echo "$args: $(cat status err)"
		[ ! -s err ]
		[ "$(cat status)" -eq 0 ]
	done
}

@test "a closed standard output is no matter for what goes to a file" {
	natively
	machine 7
	memtool record -q -s m -n 1 t.rec >&-
	memtool snapshot -s m -J -o out.json >&-
	jq -e .schema out.json
	[ "$(memtool snapshot -f t.rec -J | free0)" -eq 7 ]
}

@test "nothing to read: nothing recorded" {
	mkdir empty
	for args in "-n 1" ""; do
		# shellcheck disable=SC2086 # words
		run timeout 20 "$MEMTOOL" record -s empty $args t.rec
		[ "$status" -eq 1 ]
		[ "${#lines[@]}" -eq 1 ]
		[[ $output == "memtool: empty: no kernel memory file could be read"* ]]
	done
	[ "$(ls)" = empty ]
}

@test "a recording has a name" {
	machine 1
	for args in "-" "-o -"; do
		# shellcheck disable=SC2086 # words
		run memtool record -s m -n 1 $args
		[ "$status" -eq 2 ]
		[ "${#lines[@]}" -eq 1 ]
	done
	run memtool record -s m -J -n 1 lines
	[ "$status" -eq 2 ]
	[ "$(ls)" = m ]
}

@test "who reads a recording leaves nothing beside it" {
	samples 1 2
	for args in "snapshot -f" "diff" "watch" "report -o page.html" "snapshot --at first -f"; do
		# shellcheck disable=SC2086 # words
		memtool $args t.rec >/dev/null
		[ "$(echo t.rec*)" = t.rec ]
	done
	ln -s t.rec link
	memtool snapshot -f link >/dev/null
	[ "$(echo t.rec* link*)" = "t.rec link" ]
}

@test "a replay goes on with what is recorded after it began" {
	natively
	samples 1 2
	"$MEMTOOL" watch -i 0.5 t.rec >frames 3>&- &
	local pid=$!
	for _ in {1..50}; do
		[ -s frames ] && break
		sleep 0.02
	done
	samples 3 4
	wait $pid
	# One frame a sample, divided by an empty line; the clock is in each.
	for i in 1 2 3 4; do
		grep -q "22:13:2$i" frames
	done
}

@test "costly sources at an interval of their own" {
	need jq
	local d=$TOP/fixtures/6.1-amd64-4K-quiet
	[ -d "$d" ] || skip "no fixture"
	memtool record -q -s "$d" -n 5 -i 0.05 --costly-every 10 t.rec
	[ "$(memtool snapshot -f t.rec --at first -J | jq '.slab.caches | length')" -gt 50 ]
	[ "$(memtool snapshot -f t.rec -J | jq '.slab')" = null ]
	[ "$(memtool snapshot -f t.rec -J | jq -r '.sources[] | select(.name == "slabinfo").state')" = skipped ]
}

# A recording of six samples, 10 s apart; the second and the fifth hold slabinfo, in which
# kmalloc-192 has 1000 pages more each time.
lean() {
	rm -rf m t.rec
	cp -r "$TOP/fixtures/6.1-amd64-4K-quiet" m
	chmod -R u+w m
	mkdir -p m/memtool
	for i in 0 1 2 3 4 5; do
		date -u -d "@$((1700000000 + i * 10))" +%Y-%m-%dT%H:%M:%SZ >m/memtool/time
		echo "$((100 + i * 10)).00 1.00" >m/proc/uptime
		awk -v n="$((1000 * i))" '$1 == "kmalloc-192" { $2 += 21 * n; $3 += 21 * n
			for (f = 1; f < NF; f++) if ($f == "slabdata") { $(f + 1) += n; $(f + 2) += n } } { print }' \
			"$TOP/fixtures/6.1-amd64-4K-quiet/proc/slabinfo" >m/proc/slabinfo
		if [ $((i % 3)) -eq 1 ]; then
			memtool record -q -s m -n 1 t.rec
		else
			memtool record -q -s m -n 1 --without slabinfo t.rec
		fi
	done
}

@test "watch: a file that a sample leaves out is shown as it was read last, with its own time" {
	fixture=$TOP/fixtures/6.1-amd64-4K-quiet
	[ -d "$fixture" ] || skip "no fixture"
	lean
	memtool watch -i 0.05 t.rec </dev/null >frames
	awk 'BEGIN { RS = "" } { print > sprintf("frame%d", ++n) }' <(sed 's/^$/ /; s/^memtool watch/\n&/' frames)
	grep -q 22:13:20 frame1
	not grep -q ' kmalloc-192$' frame1
	# Read in this sample, for the first time: there is nothing to compare it with.
	grep -q ' kmalloc-192$' frame2
	grep 'slab cache' frame2 | not grep -q read
	for i in 3 4; do
		grep -q ' kmalloc-192$' frame$i
		grep -q 'slab cache (by bytes, read 22:13:30)' frame$i
	done
	# The fifth has it: 3000 pages more than in the second, 30 s before, not than in the fourth.
	grep -q 'slab cache (by bytes, change in 30 s)' frame5
	grep -qE ' \+12M .* kmalloc-192$' frame5
	grep -q 22:14:10 frame6
	grep -q 'slab cache (by bytes, read 22:14:00, change in 30 s)' frame6
	grep -qE ' \+12M .* kmalloc-192$' frame6
	# From any place it is the same.
	for i in 0 1 2 3 4 5; do
		memtool watch --at @$((1700000000 + i * 10)) -n 1 t.rec </dev/null >there
		diff <(grep -v '^ *$' frame$((i + 1))) <(grep -v '^ *$' there)
	done
}

@test "watch: nothing is carried over a boot" {
	fixture=$TOP/fixtures/6.1-amd64-4K-quiet
	[ -d "$fixture" ] || skip "no fixture"
	lean
	echo 5.00 1.00 >m/proc/uptime
	echo 2023-11-14T22:14:20Z >m/memtool/time
	memtool record -q -s m -n 1 --without slabinfo t.rec
	memtool watch -i 0.05 --at @1700000050 t.rec </dev/null >frames
	grep -q 22:14:20 frames
	[ "$(grep -c ' kmalloc-192$' frames)" -eq 1 ]
	memtool watch --at last -n 1 t.rec </dev/null >frames
	not grep -q ' kmalloc-192$' frames
}

@test "the clock is set on and back, the machine starts anew: one recording" {
	need jq
	# step FROM TO SECONDS BOOT: samples whose clock is off by SECONDS
	step() {
		for ((i = $1; i <= $2; i++)); do
			machine "$i"
			date -u -d "@$((1700000000 + i + $3))" +%Y-%m-%dT%H:%M:%SZ >m/memtool/time
			echo "$((i + $5)).00 1.00" >m/proc/uptime
			echo "$4" >m/proc/sys/kernel/random/boot_id
			memtool record -q -s m -n 1 t.rec
		done
	}
	step 1 4 0 one 100
	step 5 8 3600 one 100
	step 9 12 -3600 one 100
	step 13 22 0 two -10
	memtool diff -J t.rec >all.json
	# The last boot is what can be compared.
	jq -e '.same_boot and .span_s == 9 and .samples == 10' all.json
	jq -e '[.notes[].note] == ["rebooted"]' all.json
	memtool diff -J t.rec --at first --at @1699996412 >one.json
	jq -e '.same_boot and .span_s == 11 and .samples == 12' one.json
	jq -e '[.notes[].note] == ["clock_stepped"]' one.json
	[ "$(memtool snapshot -f t.rec --at @1700003606 -J | free0)" -eq 6 ]
	[ "$(memtool snapshot -f t.rec --at @1699996411 -J | free0)" -eq 11 ]
	memtool plot --script --what blocks t.rec >/dev/null
	"$PYTHON" -c 'import sqlite3
rows = list(sqlite3.connect("t.rec").execute("SELECT boot_id, count(*) FROM boot JOIN sample ON boot.id = boot GROUP BY boot_id"))
assert rows == [("one", 12), ("two", 10)], rows'
}

@test "costly sources within a budget" {
	need jq
	local d=$TOP/fixtures/6.1-amd64-4K-quiet
	[ -d "$d" ] || skip "no fixture"
	# A sample with them takes milliseconds of a processor: at a tenth of a thousandth of one, they
	# are not due again within half a minute; at all of it, each sample has them.
	memtool record -s "$d" -J -n 12 -i 0.02 --budget 0.01 >lean
	[ "$(jq -s 'map(select(.slab != null)) | length' lean)" -eq 1 ]
	memtool record -s "$d" -J -n 12 -i 0.02 --budget 100 >full
	[ "$(jq -s 'map(select(.slab != null)) | length' full)" -ge 6 ]
	# What is not costly is in every sample.
	[ "$(jq -s 'map(select(.zones | length > 0)) | length' lean)" -eq 12 ]
	for bad in 0 101 -1 x ''; do
		run memtool record --budget "$bad" t.rec
		[ "$status" -eq 2 ]
	done
}

@test "the figures can be read with SQL" {
	samples 3 4
	"$PYTHON" - <<-'END'
		import sqlite3
		db = sqlite3.connect("t.rec")
		rows = list(db.execute("SELECT time, release, free_kb, free_blocks, compact_stall, oom_kill FROM samples ORDER BY id"))
		assert rows == [
			("2023-11-14T22:13:23.000Z", "6.1.0-9-amd64", 3, "3 2 3 4 5 6 7 8 9 10 11", 0, None),
			("2023-11-14T22:13:24.000Z", "6.1.0-9-amd64", 4, "4 2 3 4 5 6 7 8 9 10 11", 0, None)], rows
		assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
	END
}

@test "what is no recording is not touched" {
	machine 1
	echo precious >t.rec
	run memtool record -s m -n 1 t.rec
	[ "$status" -eq 1 ]
	[ "$(cat t.rec)" = precious ]
	"$PYTHON" -c 'import sqlite3; d = sqlite3.connect("other.db"); d.execute("CREATE TABLE t(x)"); d.commit()'
	cp other.db before.db
	run memtool record -s m -n 1 other.db
	[ "$status" -eq 1 ]
	[ "$output" = "memtool: other.db: not a recording of memtool" ]
	cmp other.db before.db
	run memtool snapshot -f other.db
	[ "$status" -eq 1 ]
	run memtool record -s m -n 1 missing/t.rec
	[ "$status" -eq 1 ]
	run memtool record -f t.rec
	[ "$status" -eq 2 ]
	run memtool record -i 0 t.rec
	[ "$status" -eq 2 ]
	run memtool record --keep soon t.rec
	[ "$status" -eq 2 ]
}

@test "killed at any moment: the file opens, and at most one sample is lost" {
	# Each sample is acknowledged (-v) after it is on disk. KILLS=200 in the full tier.
	machine 1
	"$PYTHON" - "$MEMTOOL" "${KILLS:-20}" <<'END'
import random, signal, sqlite3, subprocess, sys, time
random.seed(1)
total = 0
for i in range(int(sys.argv[2])):
	p = subprocess.Popen([sys.argv[1], "record", "-v", "-s", "m", "-i", "0.01", "k.rec"],
	                     stderr=subprocess.PIPE, text=True)
	p.stderr.readline()
	time.sleep(random.random() * 0.15)
	p.send_signal(signal.SIGKILL)
	acked = 1 + p.stderr.read().count("sample ")
	p.wait()
	db = sqlite3.connect("k.rec")
	assert db.execute("PRAGMA quick_check").fetchone() == ("ok",)
	n, last = db.execute("SELECT count(*), max(id) FROM sample").fetchone()
	images = db.execute("SELECT count(*) FROM image").fetchone()[0]
	db.close()
	assert total + acked <= n <= total + acked + 1, (i, total, acked, n)
	assert n == images == last, (n, images, last)
	total = n
	r = subprocess.run([sys.argv[1], "snapshot", "-f", "k.rec", "-J"], stdout=subprocess.PIPE)
	assert r.returncode == 0 and b'"free_blocks":[1,2,' in r.stdout
END
}

@test "a full disk: one clear message, and all earlier samples are there" {
	[ "$(id -u)" -eq 0 ] || skip "needs root for a small tmpfs"
	mkdir small
	mount -t tmpfs -o size=1m none small 2>/dev/null || skip "cannot mount a tmpfs"
	local d=$TOP/fixtures/6.1-amd64-4K-quiet status=0
	[ -d "$d" ] || d=m
	machine 1
	"$MEMTOOL" record -v -s "$d" -i 0.01 -n 5000 small/t.rec 2>err || status=$?
	grep -c '^sample ' err >acked
	grep -v '^sample ' err >message
	memtool snapshot -f small/t.rec >/dev/null && opened=yes
	cp small/t.rec* .
	umount small
	[ "$status" -eq 1 ]
	[ "$opened" = yes ]
	grep -q 'small/t.rec: no space left on device' message
	[ "$(grep -c 'space left' message)" -eq 1 ]
	[ "$("$PYTHON" -c 'import sqlite3; print(sqlite3.connect("t.rec").execute("SELECT count(*) FROM sample").fetchone()[0])')" \
		-eq "$(cat acked)" ]
}

@test "--keep drops what is older, and nothing younger" {
	local d=$TOP/fixtures/6.1-amd64-4K-quiet
	[ -d "$d" ] || skip "no fixture"
	samples() {
		"$PYTHON" -c 'import sqlite3; print(sqlite3.connect("t.rec").execute("SELECT count(*) FROM sample").fetchone()[0])'
	}
	memtool record -q -s "$d" -n 1 --keep 1h t.rec
	memtool record -q -s "$d" -n 1 --keep 1h t.rec
	[ "$(samples)" -eq 2 ]
	sleep 2.1
	memtool record -q -s "$d" -n 1 --keep 2s t.rec
	[ "$(samples)" -eq 1 ]
	memtool snapshot -f t.rec >/dev/null
}

@test "--keep holds while it records" {
	need jq
	machine 1
	rm -r m/memtool
	memtool record -q -s m -i 0.05 -n 60 --keep 1s t.rec
	# An eighth of it may be held beyond, and a sample on each side.
	"$PYTHON" -c 'import sqlite3
n, span = sqlite3.connect("t.rec").execute("SELECT count(*), (max(time_ns) - min(time_ns)) / 1e9 FROM sample").fetchone()
assert 1 < n < 60 and span < 2, (n, span)'
}

@test "bounds: --max-size" {
	local d=$TOP/fixtures/6.1-amd64-4K-quiet
	[ -d "$d" ] || skip "no fixture"
	for _ in {1..70}; do
		memtool record -q -s "$d" -n 1 --max-size 1M t.rec
	done
	[ "$(stat -c %s t.rec)" -le 1048576 ]
	memtool snapshot -f t.rec >/dev/null
}

@test "--json has its lines in --output's file, too" {
	cd "$BATS_TEST_TMPDIR"
	memtool record --json -n 2 -i 0.1 -o lines
	[ "$(wc -l <lines)" -eq 2 ]
	memtool diff --json lines >/dev/null
	run memtool record --json -n 1 -o /dev/full
	[ "$status" -eq 1 ]
	[[ $output == *'No space left'* ]]
}
