#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# Hostile files in a tree: memtool says of each what is wrong with it, uses the rest, and neither
# crashes nor hangs nor shows a number that is not there.
load ../helper

SOURCES="buddyinfo pagetypeinfo zoneinfo slabinfo vmallocinfo vmstat meminfo"

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	mkdir -p host/proc
	printf 'Node 0, zone   Normal      1      2      3 \n' >host/proc/buddyinfo
	printf 'nr_free_pages 17\n' >host/proc/vmstat
	printf 'Node 0, zone   Normal\n  pages free     17\n        min      1\n' >host/proc/zoneinfo
}

# snapshot of the tree: JSON in out, messages in err, never longer than a few seconds.
snapshot() {
	local status=0
	timeout 20 "$MEMTOOL" snapshot -s host -J >out 2>err || status=$?
	[ "$status" -eq 0 ] || { cat err; return "$status"; }
	"$PYTHON" -m json.tool <out >/dev/null
}

# Python's view of the document: holds EXPRESSION of d.
holds() {
	"$PYTHON" -c 'import json, sys
d = json.load(open("out"))
def gone(name): return [u for u in d["unavailable"] if u["source"].endswith("/" + name)]
sys.exit(0 if eval(sys.argv[1]) else "does not hold: " + sys.argv[1])' "$1"
}

@test "a directory in place of each file" {
	for s in $SOURCES; do
		setup
		rm -rf "host/proc/$s"
		mkdir "host/proc/$s"
		snapshot
		holds "gone('$s') and gone('$s')[0]['reason']"
		rmdir "host/proc/$s"
	done
}

@test "a FIFO in place of each file: no waiting for a writer" {
	for s in $SOURCES; do
		setup
		rm -f "host/proc/$s"
		mkfifo "host/proc/$s"
		snapshot
		holds "gone('$s') and gone('$s')[0]['reason']"
		rm "host/proc/$s"
	done
}

@test "an endless file in place of each" {
	for s in $SOURCES; do
		setup
		ln -sf /dev/zero "host/proc/$s"
		snapshot
		holds "gone('$s')"
		rm "host/proc/$s"
	done
}

@test "binary junk in place of each file" {
	head -c 100000 /dev/urandom >junk
	for s in $SOURCES; do
		setup
		cp junk "host/proc/$s"
		snapshot
		holds "gone('$s')"
		rm "host/proc/$s"
	done
}

@test "a line of 10 MB in each file" {
	head -c 10000000 /dev/zero | tr '\0' 7 >long
	for s in $SOURCES; do
		setup
		cp long "host/proc/$s"
		snapshot
		holds "gone('$s')"
		rm "host/proc/$s"
	done
}

@test "the other lines of a file with a bad one stand" {
	printf 'Node 0, zone   Normal      1      2      3 \nNode 1, zone   Normal     -1      2      3 \n' >host/proc/buddyinfo
	printf 'nr_free_pages 17\nnr_dirty 99999999999999999999\noom_kill 5\n' >host/proc/vmstat
	snapshot
	holds 'd["vmstat"] == {"nr_free_pages": 17, "oom_kill": 5}'
	holds '[z["free_blocks"] for z in d["zones"]] == [[1, 2, 3]]'
	holds 'all(s["bad_lines"] == 1 for s in d["sources"] if s["name"] in ("buddyinfo", "vmstat"))'
}

@test "a number cut at the end of a file is not taken for a whole one" {
	printf 'nr_free_pages 17\npgfault 16774' >host/proc/vmstat
	snapshot
	holds 'd["vmstat"] == {"nr_free_pages": 17}'
}

@test "counters up to 2^64 - 1 exactly" {
	printf 'a 9007199254740993\nb 18446744073709551615\n' >host/proc/vmstat
	snapshot
	grep -q '9007199254740993' out
	grep -q '18446744073709551615' out
}

@test "a packed kernel configuration: whole, cut, not packed, and one that grows without end" {
	command -v gzip >/dev/null || skip "gzip is not installed"
	printf '# CONFIG_SLAB is not set\nCONFIG_SLUB=y\n' | gzip >host/proc/config.gz
	snapshot
	holds 'd["kconfig"] == {"SLAB": "n", "SLUB": "y"}'
	head -c 30 host/proc/config.gz >cut
	echo "no gzip" >text
	head -c 300000000 /dev/zero | gzip -1 >bomb
	for f in cut text bomb; do
		mv "$f" host/proc/config.gz
		snapshot
		holds 'gone("config.gz") and d.get("kconfig") is None'
		holds 'gone("config.gz")[0]["reason"] == '"$([ "$f" = bomb ] && echo '"too large when unpacked"' || echo '"damaged gzip data"')"
	done
}

# More areas than the buffer holds, and among them a line longer than it.
@test "vmallocinfo of many areas with a line that is larger than its buffer" {
	awk 'BEGIN {
		for (i = 0; i < 6000; i++) {
			printf "0x%016x-0x%016x    8192 some_caller_%d+0x1/0x2 pages=1 vmalloc N%d=1\n", i * 8192, i * 8192 + 8192, i % 7, i % 2
			if (i == 3000) {
				for (j = 0; j < 400000; j++)
					printf "x"
				printf "\n"
			}
		}
	}' >host/proc/vmallocinfo
	snapshot
	holds 'd["vmalloc"]["areas"] == 6000 and d["vmalloc"]["bytes"] == 6000 * 8192 and d["vmalloc"]["pages"] == 6000'
	holds 'sum(sum(c["node_pages"]) for c in d["vmalloc"]["callers"]) == 6000 and d["vmalloc"]["ranges"] == [["0x0", "0x2ee0000"]]'
	holds '[s["bad_lines"] for s in d["sources"] if s["name"] == "vmallocinfo"] == [1]'
}

@test "nothing but junk: one line, exit 1" {
	for s in $SOURCES; do
		head -c 1000 /dev/urandom >"host/proc/$s"
	done
	status=0
	"$MEMTOOL" snapshot -s host >out 2>err || status=$?
	[ "$status" -eq 1 ]
	[ "$(wc -l <err)" -eq 1 ]
}

@test "a tree without anything: one line, exit 1" {
	mkdir empty
	status=0
	"$MEMTOOL" snapshot -s empty >out 2>err || status=$?
	[ "$status" -eq 1 ]
	[ "$(wc -l <err)" -eq 1 ]
	[ ! -s out ]
}
