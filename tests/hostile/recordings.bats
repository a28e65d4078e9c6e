#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Recordings that are cut, spoilt, foreign, of another version, left by a crash, or in a place that cannot be written.
load ../helper

setup() {
	cd "$BATS_TEST_TMPDIR"
	mkdir -p m/proc m/memtool
	printf 'MemTotal: 1000 kB\nMemFree: 100 kB\n' >m/proc/meminfo
}

# samples FILE N [OPTION...]: the free pages of sample i are i
samples() {
	local i
	for ((i = 1; i <= $2; i++)); do
		echo "Node 0, zone DMA $i" >m/proc/buddyinfo
		echo "2026-01-31T12:00:$((i + 10)).000Z" >m/memtool/time
		memtool record -q -s m -n 1 "$1"
	done
}

sql() {
	"$PYTHON" -c 'import sqlite3, sys; d = sqlite3.connect(sys.argv[1]); d.execute(sys.argv[2]); d.commit()' "$@"
}

# Every reader says one line, ends with 1, and writes nothing.
refused() {
	local c
	for c in "snapshot -J -f $1" "diff $1" "plot --script $1" "report --no-plots $1" "explain -f $1"; do
		# shellcheck disable=SC2086
		run timeout 20 "$MEMTOOL" $c
		echo "$c: $status $output"
		[ "$status" -eq 1 ]
		[ "${#lines[@]}" -eq 1 ]
		# shellcheck disable=SC2053
		[[ ${lines[0]} == "memtool: $1: "$2 ]]
	done
}

bats_require_minimum_version 1.5.0

@test "cut anywhere" {
	samples t.rec 3
	local size at
	size=$(stat -c %s t.rec)
	for at in 0 1 15 16 99 100 4095 4096 5000 $((size / 2)) $((size - 4096)) $((size - 1)); do
		head -c "$at" t.rec >cut.rec
		run timeout 20 "$MEMTOOL" snapshot -f cut.rec
		echo "at $at of $size: $status $output"
		# SQLite makes up for a byte that is missing at the end.
		[[ $status -eq 0 && $output == *"  free    3 pages"* ]] || [ "$status" -eq 1 ]
		[ "$status" -eq 0 ] || [ "${#lines[@]}" -eq 1 ]
	done
}

@test "bytes changed anywhere: an error or a sample that was recorded, never another" {
	samples t.rec 5
	"$PYTHON" - "$MEMTOOL" <<'END'
import json, random, subprocess, sys
random.seed(5)
good = open("t.rec", "rb").read()
seen = set()
for i in range(60):
	bad = bytearray(good)
	for _ in range(random.choice((1, 4, 60))):
		bad[random.randrange(len(bad))] = random.randrange(256)
	open("bad.rec", "wb").write(bad)
	for args in (["snapshot", "-J", "-f", "bad.rec", "--at", "last"], ["diff", "-J", "bad.rec"]):
		r = subprocess.run([sys.argv[1], *args], capture_output=True, timeout=20)
		seen.add(r.returncode)
		assert r.returncode in (0, 1), (i, args, r)
		if r.returncode == 0 and args[0] == "snapshot":
			zones = json.loads(r.stdout)["zones"]
			assert len(zones) == 1 and zones[0]["free_blocks"][0] in range(1, 6), (i, zones)
assert seen == {0, 1}, seen
END
}

@test "one damaged sample costs itself" {
	need jq
	samples t.rec 6
	sql t.rec "UPDATE image SET data = x'00112233' WHERE sample = 3"
	memtool diff -J t.rec >d.json
	[ "$(jq .samples d.json)" -eq 5 ]
	jq -e '.notes | any(.note == "damaged")' d.json
	memtool diff t.rec >text
	grep -q '1 of the 6 samples looked at are damaged' text
	memtool plot --script -o p.gp t.rec 2>err
	grep -q '1 samples are damaged' err
	run -1 memtool snapshot -f t.rec --at +2s
	[ "$output" = "memtool: t.rec: sample 3 is damaged" ]
	sql t.rec "UPDATE image SET data = 'text', bytes = -1"
	refused t.rec "sample * is damaged"
}

@test "of a newer version, of another program, without its tables, without a sample" {
	samples t.rec 1
	cp t.rec newer.rec
	sql newer.rec 'PRAGMA user_version = 99'
	refused newer.rec 'written by a newer memtool (format 99)'
	run -1 memtool record -s m -n 1 newer.rec
	[ "$output" = 'memtool: newer.rec: written by a newer memtool (format 99)' ]
	sql foreign.rec 'CREATE TABLE sample(id)'
	refused foreign.rec 'not a recording of memtool'
	cp t.rec tables.rec
	sql tables.rec 'DROP TABLE image'
	refused tables.rec 'not a recording of memtool'
	cp t.rec none.rec
	sql none.rec 'DELETE FROM sample'
	refused none.rec 'a recording without a sample'
	{ printf 'SQLite format 3\0' && head -c 9000 /dev/urandom; } >random.rec
	refused random.rec 'file is not a database'
}

@test "a log left by a crash is read, also where nothing may be written" {
	need jq
	echo "Node 0, zone DMA 7" >m/proc/buddyinfo
	"$MEMTOOL" record -q -s m -i 0.02 t.rec 3>&- &
	local pid=$!
	sleep 1
	kill -KILL $pid
	wait $pid || true
	[ -s t.rec-wal ]
	local n
	n=$("$PYTHON" -c 'import shutil, sqlite3
for s in ("", "-wal"): shutil.copy("t.rec" + s, "c.rec" + s)
print(sqlite3.connect("c.rec").execute("SELECT count(*) FROM sample").fetchone()[0])')
	[ "$(memtool diff -J t.rec | jq .samples)" -eq "$n" ]
	[ "$(id -u)" -eq 0 ] || skip "needs root for a read-only tmpfs"
	mkdir ro
	mount -t tmpfs -o size=4m none ro 2>/dev/null || skip "cannot mount a tmpfs"
	cp t.rec t.rec-wal ro/
	mount -o remount,ro ro
	run memtool diff -J ro/t.rec
	local read=$status samples
	samples=$(jq .samples <<<"$output")
	run memtool record -s m -n 1 ro/t.rec
	umount ro
	[ "$read" -eq 0 ]
	[ "$samples" -eq "$n" ]
	[ "$status" -eq 1 ]
	[ "$output" = "memtool: ro/t.rec: Read-only file system" ]
}
