#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# What memtool says of every recorded machine against counts that awk makes of the same files.
load ../helper

# each FUNCTION FILE: FUNCTION prints lines from FILE, json prints them from the document; both
# sorted must be equal, on every machine that has the file.
each() {
	local d n=0
	need "$PYTHON" awk
	cd "$BATS_TEST_TMPDIR" || return
	for d in "$TOP"/fixtures/*/; do
		[ -s "$d/$2" ] || continue
		"$1" "$d/$2" | LC_ALL=C sort >counted
		memtool snapshot -s "$d" -J | json "$1" | LC_ALL=C sort >said
		diff counted said || {
			echo "differs: $d$2"
			return 1
		}
		n=$((n + 1)) lines=$(wc -l <counted)
		[ "$lines" -gt 0 ]
	done
	[ "$n" -gt 0 ] || skip "no recorded machine has $2"
}

# json WHAT: the same lines from the document on standard input.
json() {
	"$PYTHON" -c '
import json, sys
d = json.load(sys.stdin)
what = sys.argv[1]
if what == "free_pages":
    for z in d["zones"]:
        if "buddyinfo" in z["seen_in"]:
            print(z["node"], z["zone"], sum(n << o for o, n in enumerate(z["free_blocks"])),
                  len(z["free_blocks"]))
elif what == "free_by_type":
    for z in d["zones"]:
        for t, v in (z.get("free_blocks_by_type") or {}).items():
            print(z["node"], z["zone"], t, *v)
elif what == "pageblocks":
    for z in d["zones"]:
        if z.get("pageblocks"):
            print(z["node"], z["zone"], *z["pageblocks"].values())
elif what == "watermarks":
    for z in d["zones"]:
        w = z["watermarks"]
        print(z["node"], z["zone"], w["min"], w["low"], w["high"], z["spanned_pages"],
              z["present_pages"], z["managed_pages"], *z["protection"])
elif what == "zone_counters":
    for z in d["zones"]:
        for k, v in (z.get("counters") or {}).items():
            print(z["node"], z["zone"], k, v)
elif what == "caches":
    for c in d["slab"]["caches"]:
        print(c["name"], c["active_objects"], c["objects"], c["bytes"] // d["kernel"]["page_size"])
elif what == "vmalloc_by_caller":
    sums = {}
    for c in d["vmalloc"]["callers"]:
        s = sums.setdefault(c["caller"], [0, 0, 0])
        s[0] += c["areas"]; s[1] += c["bytes"]; s[2] += c["pages"]
    for k, v in sums.items():
        print(k or "-", *v)
    print("all", d["vmalloc"]["areas"], d["vmalloc"]["bytes"], d["vmalloc"]["pages"])
else:
    for k, v in d[what].items():
        print(k, v)
' "$1"
}

free_pages() {
	tr -d , <"$1" | awk '{
		n = 0
		for (i = 5; i <= NF; i++)
			n += $i * 2 ^ (i - 5)
		printf "%s %s %.0f %d\n", $2, $4, n, NF - 4
	}'
}

free_by_type() {
	tr -d ',>' <"$1" | awk '/^Node.* type / { $1 = $3 = $5 = ""; $0 = $0; $1 = $1; print }'
}

pageblocks() {
	tr -d , <"$1" | awk '/^Number of blocks/ { on = 1; next } /^Number|^$|^Page/ { on = 0 }
		on { $1 = $3 = ""; $0 = $0; $1 = $1; print }'
}

watermarks() {
	tr -d '(),' <"$1" | awk '
		function flush() {
			if (zone != "")
				print node, zone, v["min"], v["low"], v["high"], v["spanned"], v["present"], v["managed"] p
		}
		$1 == "Node" { flush(); node = $2; zone = $4; p = ""; pagesets = 0 }
		$1 == "pagesets" { pagesets = 1 }
		NF == 2 && !pagesets { v[$1] = $2 }
		$1 == "protection:" { for (i = 2; i <= NF; i++) p = p " " $i }
		END { flush() }'
}

zone_counters() {
	tr -d , <"$1" | awk '
		$1 == "Node" { node = $2; zone = $4; on = 0 }
		$1 == "protection:" { on = 1; next }
		$1 == "pagesets" { on = 0 }
		on && NF == 2 { print node, zone, $1, $2 }'
}

caches() {
	awk 'NR > 2 { sub(/ : tunables.*slabdata/, ""); print $1, $2, $3, $6 * $8 }' "$1"
}

vmalloc_by_caller() {
	awk '{
		caller = "-"
		if ($3 ~ /\+0x/)
			caller = $4 ~ /^\[/ ? $3 " " $4 : $3
		pages = 0
		for (i = 3; i <= NF; i++)
			if ($i ~ /^pages=/)
				pages = substr($i, 7)
		areas[caller]++; bytes[caller] += $2; backed[caller] += pages
		n++; b += $2; p += pages
	}
	END {
		for (c in areas)
			printf "%s %d %.0f %.0f\n", c, areas[c], bytes[c], backed[c]
		printf "all %d %.0f %.0f\n", n, b, p
	}' "$1"
}

vmstat() {
	cat "$1"
}

meminfo() {
	sed 's/:  */ /; s/ kB$//' "$1"
}

@test "buddyinfo: free pages and orders of each zone" {
	each free_pages proc/buddyinfo
}
@test "pagetypeinfo: free blocks of each zone and migratetype" {
	each free_by_type proc/pagetypeinfo
}
@test "pagetypeinfo: pageblocks of each zone" {
	each pageblocks proc/pagetypeinfo
}
@test "zoneinfo: watermarks, sizes and protection of each zone" {
	each watermarks proc/zoneinfo
}
@test "zoneinfo: counters of each zone" {
	each zone_counters proc/zoneinfo
}
@test "slabinfo: objects and pages of each cache" {
	each caches proc/slabinfo
}
@test "vmallocinfo: areas, bytes and pages of each caller" {
	each vmalloc_by_caller proc/vmallocinfo
}
@test "vmstat: every name and number" {
	each vmstat proc/vmstat
}
@test "meminfo: every name and number" {
	each meminfo proc/meminfo
}
