#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The summary, slab, vmalloc and doctor: their numbers against awk's own count of the same
# files, on a hand-made host and on every recorded one.
load ../helper

setup() {
	cd "$BATS_TEST_TMPDIR"
	mkdir -p host/proc/sys/vm host/sys/kernel/slab host/memtool empty/proc
	echo 4096 >host/memtool/page_size
	# free: 600 + 512 pages; over half is in order 0, one block of order 9.
	printf 'Node 0, zone   Normal %6d %6d %6d %6d %6d %6d %6d %6d %6d %6d %6d \n' \
		600 0 0 0 0 0 0 0 0 1 0 >host/proc/buddyinfo
	cat >host/proc/version <<-'END'
		Linux version 6.1.0 (a@b) (gcc) #1 SMP x
	END
	cat >host/proc/meminfo <<-'END'
		MemTotal:         100000 kB
		AnonHugePages:         0 kB
		Hugepagesize:       2048 kB
		VmallocTotal:   34359738367 kB
	END
	cat >host/proc/cpuinfo <<-'END'
		processor	: 0
		vendor_id	: GenuineIntel
		flags		: fpu lm
	END
	cat >host/proc/slabinfo <<-'END'
		slabinfo - version: 2.1
		# name            <active_objs> <num_objs> <objsize> <objperslab> <pagesperslab> : tunables <limit> <batchcount> <sharedfactor> : slabdata <active_slabs> <num_slabs> <sharedavail>
		half                  16     32   1024   16    4 : tunables    0    0    0 : slabdata      2      2      0
		bad name (x)          39     39    104   39    1 : tunables    0    0    0 : slabdata      1      1      0
		fell-back             10     20   1024   16    4 : tunables    0    0    0 : slabdata      2      2      0
		none                   0      0     64   64    1 : tunables    0    0    0 : slabdata      0      0      0
	END
	cat >host/proc/vmallocinfo <<-'END'
		0xffffc90000000000-0xffffc90000005000   20480 kernel_clone+0x94/0x3e0 pages=4 vmalloc N0=4
		0xffffc90000005000-0xffffc9000000a000   20480 kernel_clone+0x94/0x3e0 pages=4 vmalloc N0=3 N1=1
		0xffffc90000010000-0xffffc90000012000    8192 map_it+0x1/0x2 [drv] phys=0x000000004000 ioremap
		0xffffc90000012000-0xffffc90000017000   20480 irq_init+0x1/0x2 vmap
		0xffffc90000100000-0xffffc90000300000 2097152 pcpu_get_vm_areas+0x0/0x10 vmalloc
		0xffffc90000300000-0xffffc90000304000   16384 vm_map_ram
		0xffffc90000400000-0xffffc90000402000    8192 unpurged vm_area
	END
	echo 20 >host/proc/sys/vm/compaction_proactiveness
	echo 1 >host/proc/sys/vm/swappiness
}

# Every recorded host that is a folder; the others are for the full tier.
hosts() {
	ls -d "$TOP"/fixtures/*/proc 2>/dev/null | sed 's,/proc$,,'
}

page_size() {
	memtool snapshot -s "$1" -J | jq .kernel.page_size
}

@test "slab: bytes, waste and slabs of the minimum order, by hand" {
	need jq
	memtool slab -s host -J >out
	# 2 slabs of 4 pages of 4096: 32768; 16 of 1024 used.
	[ "$(jq -c '.caches[] | select(.name == "half") |
		[.bytes, .active_bytes, .wasted_bytes, .free_bytes, .slack_bytes, .used]' out)" = \
		"[32768,16384,16384,16384,0,0.5]" ]
	# One page, 39 x 104 = 4056: 40 bytes of slack.
	[ "$(jq -c '.caches[] | select(.name == "bad name (x)") | [.bytes, .slack_bytes]' out)" = "[4096,40]" ]
	# 20 objects in 2 slabs of 16: one slab of order 0 with 4 explains it, 3 pages too many.
	[ "$(jq -c '.caches[] | select(.name == "fell-back") |
		[.minimum_order_slabs, .surplus_bytes]' out)" = "[1,12288]" ]
	[ "$(jq -c '.caches[] | select(.name == "none") | [.bytes, .used]' out)" = "[0,null]" ]
	[ "$(jq -c '[.allocator, .active_exact, .total.bytes]' out)" = '["SLUB",false,69632]' ]
}

@test "slab: one cache is one" {
	sed -i '/^half\|^bad name\|^none/d' host/proc/slabinfo
	memtool slab -s host >out
	grep -q ' in 1 cache (' out
	grep -q ' 1 cache has slabs below' out
	memtool snapshot -s host | grep -q '^slab: .* in 1 cache,'
}

@test "slab: columns that were asked for are cut on a terminal alone" {
	memtool slab -s "$TOP"/fixtures/6.12-amd64-4K-quiet --columns all >pipe
	grep -q '^kernfs_node_cache ' pipe
	need script
	script -qc "stty cols 80; $MEMTOOL slab -s '$TOP/fixtures/6.12-amd64-4K-quiet' --columns all" /dev/null >terminal
	grep -q '^kern' terminal
	not grep -q '^kernfs_node_cache ' terminal
	# What was not asked for keeps to 80 columns wherever it goes.
	memtool slab -s "$TOP"/fixtures/6.12-amd64-4K-quiet >pipe
	[ "$(awk 'length > 80' pipe | wc -l)" -eq 0 ]
}

@test "slab: sorting, columns, names, raw" {
	run memtool slab -s host --sort name --columns name,bytes --raw
	[ "${lines[0]}" = "NAME BYTES" ]
	[ "${lines[1]}" = 'bad\x20name\x20(x) 4096' ]
	[ "${lines[4]}" = "none 0" ]
	[ "${#lines[@]}" -eq 5 ]
	run memtool slab -s host --sort -name --columns name --raw
	[ "${lines[1]}" = none ]
	run memtool slab -s host 'fell*' --raw --columns name
	[ "${lines[1]}" = fell-back ]
	[ "${#lines[@]}" -eq 2 ]
	run memtool slab -s host --top 1
	[[ $output == *"3 more caches hold 36K"* ]]
	run memtool slab --columns help
	[[ $output == *"wasted"* || $output == *"waste"* ]]
}

@test "slab: a mistake is one line and 2, nothing to read one line and 1" {
	run memtool slab -s host --columns nosuch
	[ "$status" -eq 2 ]
	[ "${#lines[@]}" -eq 1 ]
	run memtool slab -s host --sort nosuch
	[ "$status" -eq 2 ]
	run memtool slab -s host --top x
	[ "$status" -eq 2 ]
	run memtool slab -s host nosuchcache
	[ "$status" -eq 1 ]
	run memtool slab -s empty
	[ "$status" -eq 1 ]
	[ "${#lines[@]}" -eq 1 ]
	[[ $output == *slabinfo* || $output == *empty* ]]
}

@test "slab and diff name whose objects nothing points to any more" {
	need jq
	mkdir -p host/sys/kernel/debug
	: >host/sys/kernel/debug/kmemleak
	memtool slab -s host | grep -q '^kmemleak knows of no object that nothing points to.$'
	memtool snapshot -s host -J -o before
	for i in 1 2 3 4 5 6 7 8 9; do
		printf 'unreferenced object 0xffff88800%s (size 1024):\n  comm "x", pid 1, jiffies 1\n  backtrace:\n' $i
		printf '    [<0000000000000001>] kmalloc_trace+0x1/0x2\n    [<0000000000000002>] lose+0x1/0x2 [drv]\n'
	done >host/sys/kernel/debug/kmemleak
	memtool slab -s host >out
	grep -q '^Nothing points to 9 objects any more, says kmemleak, 9K in all, allocated by:$' out
	grep -qE '^ +9K +9 lose +drv$' out
	[ "$(memtool slab -s host -J | jq -c .unreferenced)" = \
		'[{"bytes":9216,"objects":9,"function":"lose","module":"drv"}]' ]
	memtool snapshot -s host -J -o after
	[ "$(jq -c '[.kmemleak.objects, .kmemleak.bytes]' after)" = '[9,9216]' ]
	memtool diff -J before after >out
	[ "$(jq -c '[.findings[0].kind, .findings[0].subject, .unreferenced[0].objects.change]' out)" = \
		'["unreferenced","lose",9]' ]
}

# counted DIR: records, pages, stray pages and their pageblocks of page_owner, by awk.
counted() {
	awk '/^Page allocated via order / { pages = 2 ^ ($5 + 0) }
		/^PFN / {
			n++; all += pages
			if ($4 != "Movable" && ($8 == "Movable" || $8 == "CMA")) { stray += pages; block[$6] = 1 }
		}
		END { printf "[%d,%d,%d]\n", all, stray, length(block) }' "$1/sys/kernel/debug/page_owner"
}

@test "slab and diff name who put pages that cannot be moved among movable ones" {
	need jq zstd
	zstd -dc "$TOP/fixtures/6.1-amd64-4K-owner.tar.zst" | tar -xf -
	owner=6.1-amd64-4K-owner
	memtool snapshot -s $owner -J -o after
	[ "$(jq -c '.page_owner | [.pages, .stray_pages, .stray_pageblocks]' after)" = "$(counted $owner)" ]
	# Page tables came last, when only holes between movable pages were left.
	[ "$(memtool slab -s $owner -J | jq -r '.page_owners[0].function')" = pte_alloc_one ]
	memtool slab -s $owner | grep -qE '^ *[0-9]+ +[0-9]+ +[0-9]+ pte_alloc_one +-$'
	# Before them: the same machine, were none of theirs there.
	awk 'BEGIN { RS = ""; ORS = "\n\n" } !/pte_alloc_one/' $owner/sys/kernel/debug/page_owner >few
	mv few $owner/sys/kernel/debug/page_owner
	memtool snapshot -s $owner -J -o before
	pages=$(jq '.page_owner.callers[] | select(.function == "pte_alloc_one") | .pages' after)
	[ "$(memtool diff -J before after | jq -c '.page_owners[0] | [.function, .bytes.change]')" = \
		"[\"pte_alloc_one\",$((pages * 4096))]" ]
}

# sites CASE: unpacks a recording of a kernel that profiles allocations, and holds its sites against awk and sort.
sites() {
	local file=$1/proc/allocinfo
	zstd -dc "$TOP/fixtures/$1.tar.zst" | tar -xf -
	memtool snapshot -s "$1" -J -o s.json
	[ "$(jq -c '.allocinfo | [.bytes, .calls, (.sites | length)]' s.json)" = "$(awk 'NR > 2 && $1 + $2 {
		bytes += $1; calls += $2; n++ } END { printf "[%d,%d,%d]", bytes, calls, n }' "$file")" ]
	[ "$(jq -c '.allocinfo.sites[0] | [.bytes, .calls, .location, .function]' s.json)" = "$(sort -rn "$file" | awk '
		{ sub("func:", "", $4); printf "[%d,%d,\"%s\",\"%s\"]", $1, $2, $3, $4; exit }')" ]
	[ "$(jq '[.allocinfo.sites[] | select(.inaccurate)] | length' s.json)" = \
		"$(awk '/accurate:no/ && $1 + $2' "$file" | wc -l)" ]
}

@test "who allocated, by a kernel that profiles it" {
	need jq zstd
	sites 7.3-amd64-4K-profiled
	jq -e '[.allocinfo.sites[] | select(.calls == 0 or .inaccurate)] | length > 0 and all(.inaccurate)' s.json
	[ -z "$(memtool slab -s 7.3-amd64-4K-profiled | grep 'sites of no allocation')" ]
	m=6.12-amd64-4K-profiled
	sites $m
	# 6.12 takes one byte off where a page was migrated, not 4096.
	migrated=$(awk '$1 == "compact_isolated" { print $2 / 2 }' $m/proc/vmstat)
	jq -e --argjson n "$migrated" '.allocinfo.sites[-1] |
		.function == "compaction_alloc" and .calls == 0 and .bytes == $n * 4095' s.json
	memtool slab -v -s $m >out # all of them
	grep -qE '^14M more are counted at sites of no allocation: they are no memory\.$' out
	[ -z "$(grep compaction_alloc out)" ]
	grep -qE '^ *[0-9]+ +[0-9]+ +[0-9]+ pte_alloc_one +-$' out
	[ -z "$(grep -E 'post_alloc_hook|__alloc_object' out)" ]
}

@test "vmalloc: guard pages are taken off where the kernel adds them" {
	need jq
	memtool vmalloc -s host -J >out
	row() {
		jq -c ".groups[] | select(.caller == \"$1\") |
			[.kind, .areas, .virtual_bytes, .guard_bytes, .guard, .bytes, .page_bytes]" out
	}
	[ "$(row kernel_clone)" = '["vmalloc",2,40960,8192,"counted",32768,32768]' ]
	[ "$(row map_it)" = '["ioremap",1,8192,4096,"added",4096,0]' ]
	[ "$(row irq_init)" = '["vmap",1,20480,4096,"added",16384,0]' ]
	[ "$(row pcpu_get_vm_areas)" = '["vmalloc",1,2097152,0,"none",2097152,0]' ]
	[ "$(jq -c '.groups[] | select(.kind == "vm_map_ram") | [.guard, .bytes]' out)" = '["none",16384]' ]
	[ "$(jq -c '.groups[] | select(.kind == "unpurged") | [.guard, .bytes]' out)" = '["unknown",8192]' ]
	[ "$(jq -c '.groups[] | select(.caller == "map_it") | .module' out)" = '"drv"' ]
	[ "$(jq -c '.groups[] | select(.caller == "kernel_clone") | .nodes' out)" = \
		'[{"node":0,"pages":7},{"node":1,"pages":1}]' ]
	# Between ...17000 and ...100000; above ...304000 the range goes on.
	[ "$(jq -c '.largest_hole.at_least_bytes' out)" = $((0x100000 - 0x17000)) ]
	# 2191360 printed, less 2 + 1 + 1 guard pages.
	[ "$(jq -c '[.total.virtual_bytes, .total.bytes]' out)" = "[2191360,2174976]" ]
}

@test "vmalloc for a person: the sums of the lines, less the guard pages; what is not shown is said" {
	LC_ALL=C COLUMNS=100 memtool vmalloc -s host >out
	# 2174976 without guards, 8 real pages; between ...17000 and ...100000 nothing is mapped.
	grep -q '^2.1M of address space in 7 areas; 32K of real pages; the range has 32T$' out
	grep -q '^Guard pages, 16K, are taken off' out
	grep -q '^Largest hole: 932K between areas' out
	grep -q '^Real pages by node: node 0 28K, node 1 4K$' out
	grep -qE '^kernel_clone +- +vmalloc +2 +32K +32K$' out
	grep -qE '^map_it +drv +ioremap +1 +4K +0$' out
	memtool vmalloc -s host --top 1 >out
	# All but pcpu_get_vm_areas' 2 MiB.
	grep -q '^5 more rows hold 76K (--top 0 shows all)$' out
}

@test "vmalloc: by module and by kind sum up to the same" {
	need jq
	for by in caller module kind; do
		memtool vmalloc -s host -J --by "$by" >out
		[ "$(jq '[.groups[].virtual_bytes] | add' out)" = \
			"$(awk '{ s += $2 } END { print s }' host/proc/vmallocinfo)" ]
		[ "$(jq '[.groups[].areas] | add' out)" = 7 ]
	done
	[ "$(jq '.groups | length' out)" = 5 ]
	run memtool vmalloc -s host --by nothing
	[ "$status" -eq 2 ]
}

@test "summary: the headline says what the free lists say" {
	run memtool snapshot -s host
	[ "$status" -eq 0 ]
	[[ "${lines[0]} ${lines[1]}" == "Memory is partly fragmented: in Node 0 Normal, over half of the free 4.3M"*"order 1 (8K); 46% is usable at order 9 (2M)."* ]]
	printf 'Node 0, zone   Normal 1000 1 0 0 0 0 0 0 0 0 0 \n' >host/proc/buddyinfo
	run memtool snapshot -s host
	[[ "${lines[0]} ${lines[1]}" == "Memory is fragmented: of 3.9M free in Node 0 Normal,"*"none is of order 2 (16K) or above."* ]]
	printf 'Node 0, zone   Normal 0 0 0 0 0 0 0 0 0 0 100 \n' >host/proc/buddyinfo
	run memtool snapshot -s host
	[[ ${lines[0]} == "Memory is not fragmented"* ]]
}

@test "summary: 80 columns on every recorded host, and what was not read is named" {
	for host in host $(hosts); do
		LC_ALL=C memtool snapshot -s "$host" >out
		not grep -nE '.{81}' out
		not env LC_ALL=C grep -n '[^ -~]' out
		not grep -n ' $' out
	done
	run memtool snapshot -s host
	[[ $output == *"/proc/zoneinfo"*"not in this tree"* ]]
}

@test "summary: hostile names reach the terminal escaped" {
	printf 'Node 0, zone   N\033[2J\200x 1 0 0 0 0 0 0 0 0 0 1 \n' >host/proc/buddyinfo
	printf 'slabinfo - version: 2.1\n# name\nev\033il 1 1 8192 1 2 : tunables 0 0 0 : slabdata 9 9 0\n' >host/proc/slabinfo
	for command in snapshot slab; do
		memtool "$command" -s host >out
		not grep -q "$(printf '\033')" out
		not env LC_ALL=C grep -q "$(printf '\200')" out
	done
	printf 'slabinfo - version: 2.1\n# name\nev\302\233\200il 1 1 8192 1 2 : tunables 0 0 0 : slabdata 9 9 0\n' >host/proc/slabinfo
	LC_ALL=C.UTF-8 memtool slab -s host >out
	not env LC_ALL=C grep -q "$(printf '[\233\200]')" out
	grep -q '^ev.*x80il' out
}

@test "colour: only when asked, and never with --color never" {
	memtool snapshot -s host --color always | grep -q "$(printf '\033')"
	memtool snapshot -s host --color never >out
	memtool snapshot -s host >>out
	not grep -q "$(printf '\033')" out
}

@test "every recorded host: slab bytes and free objects equal awk's count" {
	need jq
	n=0
	for host in $(hosts); do
		[ -f "$host/proc/slabinfo" ] || continue
		page=$(page_size "$host")
		memtool slab -s "$host" -J >out
		awk -v page="$page" '!/^#/ && / : tunables / {
			split($0, half, " : tunables "); split(half[1], a, " +"); k = split(half[1], a, " ")
			split($0, tail, " : slabdata "); split(tail[2], t, " ")
			bytes += t[2] * a[k] * page; used += a[k - 4] * a[k - 2]; caches++
		} END { printf "[%d,%.0f,%.0f,%.0f]\n", caches, bytes, used, bytes - used }' "$host/proc/slabinfo" >want
		jq -c '[.total.caches, .total.bytes, .total.active_bytes, .total.wasted_bytes]' out >got
		diff want got || { echo "$host"; return 1; }
		n=$((n + 1))
	done
	[ "$n" -gt 0 ] || skip "no recorded host"
}

@test "every recorded host: vmalloc bytes by caller equal awk's count" {
	need jq
	n=0
	for host in $(hosts); do
		[ -f "$host/proc/vmallocinfo" ] || continue
		memtool vmalloc -s "$host" -J >out
		awk '$3 ~ /^[A-Za-z_].*\+0x/ { sub(/\+0x.*/, "", $3); s[$3] += $2; c[$3]++ }
			END { for (f in s) printf "%s %d %d\n", f, c[f], s[f] }' "$host/proc/vmallocinfo" | sort >want
		jq -r '.groups[] | select(.caller != "" and .caller != null) | "\(.caller) \(.areas) \(.virtual_bytes)"' out |
			awk '{ c[$1] += $2; s[$1] += $3 } END { for (f in s) printf "%s %d %d\n", f, c[f], s[f] }' | sort >got
		diff want got || { echo "$host"; return 1; }
		[ "$(jq .total.virtual_bytes out)" = "$(awk '{ s += $2 } END { printf "%.0f", s }' "$host/proc/vmallocinfo")" ]
		n=$((n + 1))
	done
	[ "$n" -gt 0 ] || skip "no recorded host"
}

@test "every recorded host: pages= leaves exactly one guard page an area" {
	need jq
	n=0
	for host in $(hosts); do
		[ -f "$host/proc/vmallocinfo" ] || continue
		page=$(page_size "$host")
		# Counted by the kernel's pages=, or assumed: neither may exceed a page an area.
		memtool vmalloc -s "$host" -J |
			jq -e --argjson page "$page" 'all(.groups[]; .guard_bytes <= .areas * $page and
				(.guard != "counted" or .bytes == .page_bytes))' >/dev/null || { echo "$host"; return 1; }
		n=$((n + 1))
	done
	[ "$n" -gt 0 ] || skip "no recorded host"
}

@test "every recorded host: the summary's free blocks are buddyinfo's" {
	n=0
	for host in $(hosts); do
		[ -f "$host/proc/buddyinfo" ] || continue
		LC_ALL=C COLUMNS=200 memtool snapshot -v --bytes -s "$host" >out
		awk '{ s = ""; for (i = 5; i <= NF; i++) s = s " " $i; print s }' "$host/proc/buddyinfo" | sort >want
		awk '$1 == "blocks" { s = ""; for (i = 2; i <= NF; i++) s = s " " $i; print s }' out | sort >got
		diff want got || { echo "$host"; return 1; }
		n=$((n + 1))
	done
	[ "$n" -gt 0 ] || skip "no recorded host"
}

@test "documents are valid by their schemas" {
	need_module jsonschema
	for host in host $(hosts); do
		for command in slab vmalloc doctor; do
			memtool "$command" -s "$host" -J >"$command.${host##*/}.json" 2>err || rm "$command.${host##*/}.json"
		done
	done
	"$PYTHON" - "$TOP/src/share/schema" ./*.json <<-'END'
		import json, os, sys
		from jsonschema import Draft202012Validator
		bad = 0
		for path in sys.argv[2:]:
		    name = os.path.basename(path).split(".")[0]
		    schema = json.load(open(f"{sys.argv[1]}/{name}.json"))
		    Draft202012Validator.check_schema(schema)
		    for e in list(Draft202012Validator(schema).iter_errors(json.load(open(path))))[:3]:
		        print(path, "/".join(map(str, e.path)), e.message[:200])
		        bad = 1
		sys.exit(bad)
	END
	[ "$(ls -- *.host.json | wc -l)" -eq 3 ]
}

@test "doctor: what no file tells is unknown" {
	need jq
	memtool doctor -s host -J >out
	[ "$(jq -c '[.aids[] | select(.config != "DEBUG_SLAB" and .config != "SLUB_DEBUG" and
		(.on != null or .built_in != null)) | .name]' out)" = '[]' ]
	memtool doctor -s host | grep -q '^KASAN  *unknown  *unknown'
}

@test "doctor: what the files tell" {
	need jq
	mkdir -p host/boot host/sys/kernel/debug/fail_page_alloc
	cat >host/boot/config-6.1.0 <<-'END'
		CONFIG_SLUB_DEBUG=y
		CONFIG_DEBUG_KMEMLEAK=y
		CONFIG_DEBUG_KMEMLEAK_DEFAULT_OFF=y
		CONFIG_PAGE_OWNER=y
		CONFIG_PAGE_POISONING=y
		# CONFIG_KASAN is not set
		CONFIG_DEBUG_PAGEALLOC=y
	END
	echo 'root=/dev/vda page_owner=on slub_debug=FZ,kmalloc-64 -- page_poison=1' >host/proc/cmdline
	echo 10 >host/sys/kernel/debug/fail_page_alloc/probability
	memtool doctor -s host -J >out
	aid() {
		jq -c ".aids[] | select(.config == \"$1\") | [.built_in, .on]" out
	}
	[ "$(aid SLUB_DEBUG)" = '[true,true]' ]
	[ "$(aid DEBUG_KMEMLEAK)" = '[true,false]' ]
	[ "$(aid PAGE_OWNER)" = '[true,true]' ]
	[ "$(aid PAGE_POISONING)" = '[true,false]' ] # what follows -- is init's
	[ "$(aid KASAN)" = '[false,false]' ]
	# A boot option turns on what is built in, and nothing else.
	how() {
		jq -r ".aids[] | select(.config == \"$1\") | .turn_on" out
	}
	[ "$(how KFENCE | cut -d ';' -f 1)" = 'needs a kernel built with CONFIG_KFENCE' ]
	[ "$(how KASAN)" = 'needs a kernel built with CONFIG_KASAN' ]
	[ "$(how PAGE_POISONING)" = 'boot with page_poison=1' ]
	[ "$(aid DEBUG_PAGEALLOC)" = '[true,false]' ]
	[ "$(aid FAIL_PAGE_ALLOC)" = '[true,true]' ]
	[ "$(jq -c '.tunables[] | select(.name == "vm.swappiness") | [.value, .default, .at_default]' out)" = \
		'["1","60",false]' ]
	[ "$(jq -c '.tunables[] | select(.name == "vm.compaction_proactiveness") | .at_default' out)" = true ]
	[ "$(jq '[.tunables[] | select(.name == "vm.extfrag_threshold")] | length' out)" = 0 ]
	[ "$(jq -c '[.steps[] | select(.symptom == "leak" and .needs == "page_owner") | .ready]' out)" = '[true]' ]
}

@test "doctor: kasan=off turns off what the processor's tags do, and nothing else" {
	need jq
	mkdir -p host/boot
	on() { # LINE OF THE CONFIGURATION, COMMAND LINE
		printf 'CONFIG_KASAN=y\n%s\n' "$1" >host/boot/config-6.1.0
		echo "$2" >host/proc/cmdline
		memtool doctor -s host -J | jq -c '.aids[] | select(.config == "KASAN") | .on'
	}
	[ "$(on CONFIG_KASAN_GENERIC=y 'root=/dev/vda kasan=off')" = true ]
	[ "$(on CONFIG_KASAN_SW_TAGS=y kasan=off)" = true ]
	[ "$(on CONFIG_KASAN_HW_TAGS=y kasan=off)" = false ]
	[ "$(on CONFIG_KASAN_HW_TAGS=y 'root=/dev/vda')" = null ] # hangs on the processor
}

@test "doctor: a symptom gives commands, usable ones first" {
	for symptom in leak corruption failure fragmentation who; do
		run memtool doctor -s host --symptom "$symptom"
		[ "$status" -eq 0 ]
		[ "${#lines[@]}" -gt 4 ]
	done
	need jq
	memtool doctor -s host -J --symptom leak >out
	[ "$(jq -c '[.steps[].symptom] | unique' out)" = '["leak"]' ]
	[ "$(jq '[.steps[].ready] | (index(null) // 99) >= (rindex(true) // 0)' out)" = true ]
	run memtool doctor -s host --symptom headache
	[ "$status" -eq 2 ]
}

# words N VALUE: N page frames with the flags VALUE (a byte of octal digits at place BYTE of 8).
words() {
	"$PYTHON" -c 'import struct, sys
n, bits = int(sys.argv[1]), [int(b) for b in sys.argv[2:]]
sys.stdout.buffer.write(struct.pack("<Q", sum(1 << b for b in bits)) * n)' "$@"
}

@test "map: kinds of blocks, what compaction could free, by hand" {
	need jq
	cat >host/proc/zoneinfo <<-'END'
		Node 0, zone   Normal
		  pages free     1112
		        min      10
		        low      20
		        high     30
		        spanned  2560
		        present  2560
		        managed  2560
		        protection: (0, 0)
		  start_pfn:           512
	END
	{
		words 512 20			# below the zone: no page
		words 512 10			# free
		words 256 10; words 256 5	# movable, half of it free
		words 500 5; words 12 7		# mixed: 12 of slab keep it
		words 512 7			# slab
		words 512 15 17			# hugetlb
	} >host/proc/kpageflags
	memtool map -s host -J >out
	[ "$(jq -c '.zones[0] | [.zone, .pageblocks, .sampled, .map]' out)" = '["Normal",5,5,".m+UH"]' ]
	[ "$(jq -c '.zones[0].pages | [.free, .movable, .slab, .hugetlb]' out)" = '[768,756,524,512]' ]
	# 256 pages to move, but the only other free page is in the free block.
	[ "$(jq -c '.zones[0].compaction' out)" = \
		'{"free_blocks":1,"could_free_blocks_at_most":0,"could_free_pages_at_most":0,"mixed_blocks_of_few_unmovable":1}' ]
	memtool map -s host | grep -q '^ *0x200 \.m+UH$'
	LC_ALL=C memtool map -s host >text
	not grep -nE '.{81}' text
	need_module jsonschema
	"$PYTHON" -c 'import json, sys, jsonschema
jsonschema.Draft202012Validator(json.load(open(sys.argv[1]))).validate(json.load(open("out")))' \
		"$TOP/src/share/schema/map.json"
	# Three of the pageblocks stand behind the end of a file that was cut; an empty one says nothing.
	head -c $((1536 * 8)) host/proc/kpageflags >cut && mv cut host/proc/kpageflags
	memtool map -s host 2>&1 >/dev/null | grep -q "cut off: 3 pageblocks"
	: >host/proc/kpageflags
	run memtool map -s host
	[ "$status" -eq 1 ]
	[ "$output" = "memtool: /proc/kpageflags: empty" ]
}

@test "map: nothing to read is one line and 1; a snapshot has no flags" {
	run memtool map -s host
	[ "$status" -eq 1 ]
	[ "${#lines[@]}" -eq 1 ]
	[[ $output == *kpageflags* && $output == *"not recorded"* && $output != *CONFIG_* ]]
	run memtool map --from x
	[ "$status" -eq 2 ]
	words 10 10 >host/proc/kpageflags
	run memtool map -s host --order 3 # zoneinfo is not there
	[ "$status" -eq 1 ]
	[ "${#lines[@]}" -eq 1 ]
}

@test "map: frames by use sum up to what was looked at, on this machine" {
	need jq
	[ -r /proc/kpageflags ] && head -c 8 /proc/kpageflags >/dev/null 2>&1 || skip "needs root"
	memtool map --blocks 64 -J >out
	[ "$(jq '.block_order as $o | all(.zones[]; ([.pages[]] | add) == .sampled * pow(2; $o) and
		([.blocks[]] | add) == .sampled and (.map | length) == .sampled)' out)" = true ]
}

@test "doctor: its commands do what they are for" {
	# alloc_calls became alloc_traces with 5.14; slab_leak is judged by 8 samples, over 15 s
	memtool doctor --symptom leak -s "$TOP/fixtures/5.10-i386-4K-highmem" >old
	grep -q '/sys/kernel/slab/CACHE/alloc_calls' old
	not grep -q alloc_traces old
	memtool doctor --symptom leak -s "$TOP/fixtures/6.1-amd64-4K-quiet" >new
	grep -q '/sys/kernel/debug/slab/CACHE/alloc_traces' new
	grep -q 'memtool record -i 2 -n 30 ' new
	# of a fault_attr's defaults one request fails, and none with __GFP_DIRECT_RECLAIM
	memtool doctor --symptom failure -s "$TOP/fixtures/6.1-amd64-4K-quiet" >f
	[ "$(grep -c 'echo N > ignore-gfp-wait; .*task-filter' f)" -eq 2 ]
	# from 5.10 to 6.1 an atomic_t of debugfs takes no sign: -1 is EINVAL
	[ "$(grep -c 'echo [1-9][0-9]* > times;' f)" -eq 2 ]
}

@test "doctor: the commands that it names are there" {
	need jq
	memtool doctor -s host -J | jq -r '.steps[].command' | grep -o '\bmemtool [a-z]*' | sort -u >named
	[ "$(wc -l <named)" -gt 5 ]
	while read -r _ command; do
		memtool --list-options | awk -F '\t' -v c="$command" '$1 == c { found = 1 } END { exit !found }' ||
			{ echo "memtool $command"; return 1; }
	done <named
}

@test "a name that is no cache's is said beside those that are; a list that names no source is a mistake" {
	memtool slab -s "$TOP/fixtures/6.1-amd64-4K-quiet" dentry nonexist 2>err | grep -q '^dentry '
	[ "$(cat err)" = "memtool: no cache is named 'nonexist'" ]
	for option in --only --without; do
		run memtool snapshot -s "$TOP/fixtures/6.1-amd64-4K-quiet" $option ''
		[ "$status" -eq 2 ]
	done
}
