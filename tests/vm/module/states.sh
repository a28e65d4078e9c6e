# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash source=lib.sh disable=SC1010,SC1091,SC2015,SC2034,SC2046,SC2086,SC2154
# Each state: what it must do to free memory, its bounds, and that release undoes it.
. /t/lib.sh
load

make() {
	settle
	before=$(by_order)
	before9=$(free_pages 9)
	before4=$(free_pages 4)
	ask provoke "state=$1"
	echo "# $answer"
	same "$1: made" 1 "$(value ok)"
	id=$(value id)
	held=$(value held_bytes)
	bound=$(value bound_by)
}
back() {
	after=$(by_order)
	back_to "$before" "$after"
}
gone() {
	ask provoke "release id=$id"
	same "$1: released" 1 "$(value released)"
	tries=0
	while settle && ! back && [ $tries -lt 10 ]; do
		tries=$((tries + 1))
		sleep 1
	done
	set -- "$1" $(missing "$before" "$after")
	echo "# $1: at order $2 and above $(($3 / 10)).$(($3 % 10)) % of the free memory are missing;" \
		"in per-CPU lists: $(in_pcp) pages; settled $tries times more"
	figure "$1: free blocks by order are back within 2 %" back
}
fails() { # ORDER: an atomic request of this order finds nothing
	ask try "api=alloc_pages order=$1 gfp=0"
	figure "order $1 without reclaim fails" [ "$(value ok)" = 0 ]
}
works() {
	ask try "api=alloc_pages order=$1 gfp=0"
	same "order $1 without reclaim works" 1 "$(value ok)"
}

# what per-CPU lists give back is taken within a tenth of a second
make "unmovable_holes follow=1"
sleep 1
fails 6; fails 9; works 2
check "most memory is free all the same" [ "$(free_pages 0)" -gt $((before4 / 2)) ]
gone unmovable_holes
make "unmovable_holes stride=4 follow=1"
sleep 1
fails 9; works 1
gone "unmovable_holes stride=4"
make "unmovable_holes stride=16 random=1 follow=1"
sleep 1
fails 9; works 1
same "random=1 comes to its end" done "$bound"
gone "random=1"
make "unmovable_holes stride=16 mix=50"
works 9
figure "mix=50 leaves between a quarter and three" [ "$(free_pages 9)" -gt $((before9 / 4)) ]
figure "mix=50 takes between a quarter and three" [ "$(free_pages 9)" -lt $((before9 * 3 / 4)) ]
gone "mix=50"

migrated() { awk '/^pgmigrate_success/ { print $2 }' /proc/vmstat; }
moved=$(migrated)
make "movable_holes random=1"
check "less than a quarter is left in such blocks" [ "$(free_pages 9)" -lt $((before9 / 4)) ]
pieces=$(free_pages 6)
echo 1 >/proc/sys/vm/compact_memory
sleep 1
echo "# pages in blocks of order >= 6: $pieces before compaction, $(free_pages 6) after"
# how far it comes is the kernel's affair: its free scanner gives up early on some patterns
check "compaction can move them" [ "$(migrated)" -gt $((moved + 200)) ]
gone movable_holes

make "hoard order=5 follow=1"
sleep 1
fails 5; fails 10; works 2
same "hoard stops at its bounds" yes "$(case $bound in floor|percent|done|memory) echo yes ;; *) echo "$bound" ;; esac)"
gone hoard
make "hoard order=3 bytes=8388608"
check "bytes= is never passed" [ "$held" -le 8388608 ]
same "and says so" bytes "$bound"
gone "hoard bytes="
make "hoard order=0 percent=30 zone=DMA32"
same "percent= is never passed" percent "$bound"
gone "hoard percent="

make "drain to=low follow=1"
sleep 2
# read now: taking blocks of other migratetypes has boosted the watermarks
low=$(awk '/zone *DMA32/ { z = 1 } z && $1 == "low" { print $2; exit }' /proc/zoneinfo)
free=$(awk '/zone *DMA32/ { z = 1 } z && $2 == "free" { print $3; exit }' /proc/zoneinfo)
cma=$(awk '/^CmaFree/ { print $2 / 4 }' /proc/meminfo)
echo "# low $low, free $free, of it CMA ${cma:-0}"
check "drain to=low: free but for CMA is within 3 MiB of low" [ $((free - ${cma:-0})) -lt $((low + 768)) ]
gone "drain to=low follow=1"
make "drain free_percent=30"
gone "drain free_percent=30"
make "drain free_bytes=262144 floor=67108864"
check "floor= is left" [ "$(free_pages 0)" -ge 16000 ]
gone "drain floor="

if grep -q 'zone *DMA ' /proc/buddyinfo; then
	make "dma"
	# 256 KiB are left: no block of that size among them, but perhaps of a smaller one
	ask try "api=alloc_pages order=6 gfp=0x1"
	same "dma: nothing of order 6 in ZONE_DMA" 0 "$(value ok)"
	gone dma
fi

make "highatomic"
reserved=$(awk '/type.*HighAtomic/ { for (i = 7; i <= NF; i++) { gsub(">", "", $i); s += $i } } END { print s + 0 }' /proc/pagetypeinfo)
echo "# free blocks in the reserve: $reserved"
check "highatomic: blocks held" [ "$held" -gt 0 ]
ask provoke release

for cache in own:256 kmalloc-1k; do
	for r in 0 1; do
		make "slab_sparse cache=$cache reclaimable=$r"
		case $cache$r in
		own:2560) row=memtool-256 ;; own:2561) row=memtool-rcl-256 ;;
		*0) row=kmalloc-1k ;; *) row=kmalloc-rcl-1k ;;
		esac
		use=$(awk -v r="$row" '$1 == r { print int($2 * 100 / $3) }' /proc/slabinfo)
		# SLUB counts as active what lies on per-CPU lists
		figure "slab_sparse $cache $r: $row is in use by ${use:-?} %" [ "${use:-100}" -lt 40 ]
		gone "slab_sparse $cache $r"
	done
done

make "slab_leak rate=8388608 bytes=16777216"
sleep 1
ask provoke status
first=$(value held_bytes)
check "slab_leak grows" [ "$first" -gt 2000000 ]
sleep 2
ask provoke status
check "slab_leak stops at bytes=" [ "$(value held_bytes)" -le 16777216 ]
gone slab_leak

# the kernel never frees the page tables of the vmalloc area: let them be there before
ask provoke "state=vmalloc count=8 size=4194304"
ask provoke release
make "vmalloc count=8 size=4194304"
same "vmalloc: 8 areas of its caller" 8 "$(grep -c "memtool_state_vmalloc.* pages=1024 " /proc/vmallocinfo)"
gone vmalloc
make "vmalloc mode=space count=20 size=134217728"
same "vmalloc space: 20 areas" 20 "$(grep -c memtool_state_vmap /proc/vmallocinfo)"
check "vmalloc space costs page tables only" [ "$held" -lt 16777216 ]
gone "vmalloc space"

if grep -q 'CmaTotal:.*[1-9]' /proc/meminfo; then
	make "cma"
	left=$(awk '/^CmaFree/ { print $2 }' /proc/meminfo)
	check "cma: less than 2 MiB of it free ($left kB)" [ "$left" -lt 2048 ]
	gone cma
else
	ask provoke "state=cma"
	same "cma without CMA: EOPNOTSUPP" "0 95" "$(value ok) $(value errno)"
fi

check "the kernel did not complain" clean_log
ask provoke status
same "no state is left" "" "$answer"
finish
