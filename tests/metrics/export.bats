#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# memtool export against the parsers of those who read it.
load ../helper

setup() {
	cd "$BATS_TEST_TMPDIR"
}

@test "OpenMetrics of every recorded machine, by the reference parser" {
	need_module prometheus_client
	local d
	for d in "$TOP"/fixtures/*/; do
		[ -d "$d/proc" ] && memtool export -s "$d" -o "$(basename "$d").om"
	done
	"$PYTHON" "$TOP/tests/metrics/openmetrics.py" ./*.om >/dev/null
}

@test "Prometheus' format, by promtool with its rules" {
	need promtool
	local d
	for d in "$TOP"/fixtures/6.1-amd64-4K-quiet "$TOP"/fixtures/6.1-i386-4K-highmem; do
		[ -d "$d" ] || skip "no fixture"
		memtool export --format prometheus -s "$d" | promtool check metrics
	done
}

@test "values are those of the file; names are escaped" {
	need_module prometheus_client
	mkdir -p m/proc
	printf 'Node 0, zone      DMA      3      0      2\n' >m/proc/buddyinfo
	printf 'slabinfo - version: 2.1\n# name <active_objs> <num_objs> <objsize> <objperslab> <pagesperslab>\n%s\n%s\n' \
		'a"b\c  5 8 512 8 1 : tunables 0 0 0 : slabdata 1 1 0' \
		'a"b\c  1 8 512 8 1 : tunables 0 0 0 : slabdata 2 2 0' >m/proc/slabinfo
	printf 'compact_fail 18446744073709551615\nnr_free_pages 4\n' >m/proc/vmstat
	memtool export -s m --no-verdicts -o m.om
	"$PYTHON" "$TOP/tests/metrics/openmetrics.py" m.om >samples
	grep -F "memtool_free_blocks [('node', '0'), ('order', '2'), ('zone', 'DMA')] 2" samples
	# Two caches of one name: 3 slabs of 4096 bytes.
	grep -F "memtool_slab_bytes [('cache', 'a\"b\\\\c')] 12288" samples
	grep -F 'compact_fail"} 18446744073709551615' m.om
	not grep nr_free_pages m.om
}

@test "caches that the kernel takes back are told from those that it does not" {
	mkdir -p m/proc
	printf 'slabinfo - version: 2.1\n# name <active_objs> ...\n%s\n%s\n' \
		'dentry  21 21 192 21 1 : tunables 0 0 0 : slabdata 1 1 0' \
		'task_struct  5 8 4096 8 8 : tunables 0 0 0 : slabdata 1 1 0' >m/proc/slabinfo
	memtool export -s m --no-verdicts >m.om
	grep -Fx 'memtool_slab_reclaimable{cache="dentry"} 1' m.om
	grep -Fx 'memtool_slab_reclaimable{cache="task_struct"} 0' m.om
}

@test "a zone without pages has no watermarks, whatever zoneinfo prints for it" {
	[ -d "$TOP/fixtures/6.12-amd64-4K-quiet" ] || skip "no fixture"
	memtool export -s "$TOP/fixtures/6.12-amd64-4K-quiet" --no-verdicts >m.om
	grep -Fx 'memtool_zone_pages{node="0",zone="Movable",kind="managed"} 0' m.om
	not grep -E 'zone="Movable",kind="(min|low|high)"' m.om
	grep -F 'zone="DMA32",kind="min"' m.om
}

@test "names that are no UTF-8 and print alike are one series" {
	mkdir -p m/proc
	printf 'slabinfo - version: 2.1\n# name <active_objs> ...\nbad\377-c %s\nbad\376-c %s\n' \
		'5 8 512 8 1 : tunables 0 0 0 : slabdata 1 1 0' '5 8 512 8 1 : tunables 0 0 0 : slabdata 2 2 0' >m/proc/slabinfo
	memtool export -s m --no-verdicts >m.om
	[ "$(grep -c 'memtool_slab_bytes{' m.om)" -eq 1 ]
	grep 'memtool_slab_bytes{.* 12288$' m.om
}

@test "uses of memory that only some kernels count" {
	mkdir -p old/proc new/proc
	# 4.9: no line Hugetlb, and VmallocUsed is always 0.
	printf '%s kB\n' 'MemTotal: 8000000' 'MemFree: 1000000' 'Cached: 0' 'AnonPages: 0' 'SUnreclaim: 0' \
		'KernelStack: 0' 'VmallocUsed: 0' 'VmallocChunk: 0' 'Hugepagesize: 2048' >old/proc/meminfo
	echo 'HugePages_Total: 500' >>old/proc/meminfo
	echo 'Linux version 4.9.0-8-amd64 (x) (gcc) #1 SMP' >old/proc/version
	memtool export -s old --no-verdicts >m.om
	grep -Fx 'memtool_memory_bytes{use="hugetlb"} 1048576000' m.om
	not grep -E 'use="(vmalloc|other)"' m.om
	# 6.1: a pool of zswap, by zsmalloc; the rest is what no line names.
	printf '%s kB\n' 'MemTotal: 8000000' 'MemFree: 1000000' 'Cached: 0' 'AnonPages: 0' 'SUnreclaim: 0' \
		'KernelStack: 0' 'VmallocUsed: 100' 'VmallocChunk: 0' 'Zswap: 400' >new/proc/meminfo
	echo 'nr_zspages 200' >new/proc/vmstat
	echo 'Linux version 6.1.0-50-amd64 (x) (gcc) #1 SMP' >new/proc/version
	memtool export -s new --no-verdicts >m.om
	grep -Fx 'memtool_memory_bytes{use="compressed"} 819200' m.om
	grep -Fx "memtool_memory_bytes{use=\"other\"} $(((8000000 - 1000000 - 100 - 800) * 1024))" m.om
}

@test "kernel stacks are taken off vmalloc where they are vmalloc'ed only" {
	[ -d "$TOP/fixtures/6.1-i386-4K-highmem" ] || skip "no fixture"
	# i386 has no CONFIG_VMAP_STACK.
	memtool export -s "$TOP/fixtures/6.1-i386-4K-highmem" --no-verdicts >m.om
	grep -Fx "memtool_memory_bytes{use=\"vmalloc\"} $(($(awk '$1 == "VmallocUsed:" { print $2 }' \
		"$TOP/fixtures/6.1-i386-4K-highmem/proc/meminfo") * 1024))" m.om
}

@test "dashboard and rules ask for what is exported" {
	need_module prometheus_client
	local d
	for d in "$TOP"/fixtures/*/; do
		[ ! -d "$d/proc" ] || memtool export --format prometheus -s "$d" -o "$(basename "$d").prom"
	done
	# The recorded machines do not tell the time.
	mkdir -p m/memtool m/proc
	echo 'Node 0, zone DMA 1' >m/proc/buddyinfo
	echo 2026-01-31T12:00:00Z >m/memtool/time
	memtool export --format prometheus -s m -o time.prom
	"$PYTHON" "$TOP/tests/metrics/names.py" "$TOP"/src/share/dashboards/memtool.json \
		"$TOP"/src/share/alerts/memtool.rules.yml ./*.prom
}

@test "alert rules: those that must fire do, and no others" {
	need promtool
	cp "$TOP/tests/metrics/rules.test.yml" "$TOP/src/share/alerts/memtool.rules.yml" .
	promtool check rules memtool.rules.yml
	promtool test rules rules.test.yml
}

@test "node_exporter and Prometheus read it, dashboard and rules work on it" {
	need prometheus prometheus-node-exporter
	[ "${TIER:-}" != quick ] || skip "slow"
	[ -r /proc/buddyinfo ] || skip "no /proc/buddyinfo here"
	timeout 300 "$PYTHON" "$TOP/tests/metrics/live.py" "$MEMTOOL" "$TOP/src/share/dashboards/memtool.json" \
		"$TOP/src/share/alerts/memtool.rules.yml" || { cat servers.log; false; }
}

@test "wrong command lines" {
	run memtool export --format xml
	[ "$status" -eq 2 ]
	run memtool export --json
	[ "$status" -eq 2 ]
}
