# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash source=lib.sh disable=SC1091,SC2015,SC2034,SC2086,SC2154
# Each API, each refusal.
. /t/lib.sh
load

# GFP_KERNEL|__GFP_NORETRY; GFP_KERNEL alone is 0xcc0 on all kernels here
soft=0x10cc0
kver=$(uname -r)
case $kver in 5.*|6.1.*) ;; *) soft=$(printf '0x%x' $((0xcc0 | (1 << 16)))) ;; esac

got() { # API REQUEST
	ask try "api=$1 $2"
	same "$1 $2" "ok=1 0" "ok=$(value ok) $(value errno)"
}
refused() { # WORD ERRNO REQUEST
	ask try "$3"
	same "refused=$1: $3" "ok=0 $1 $2" "ok=$(value ok) $(value refused) $(value errno)"
}

for api in alloc_pages __get_free_pages folio_alloc hugetlb thp; do
	got $api "order=4 gfp=$soft"
	same "$api: order" 4 "$(value order)"
	same "$api: pages" 16 "$(value pages)"
	same "$api: pfn is aligned to its order" 0 $(($(value pfn) % 16))
done
got get_zeroed_page "order=0 gfp=$soft"
for api in alloc_pages_exact kmalloc kzalloc kcalloc krealloc kvmalloc kvzalloc vmalloc vzalloc \
	dma_alloc_coherent alloc_percpu alloc_skb; do
	got $api "size=20000 gfp=$soft"
done
ask try "api=kmalloc size=20000 gfp=$soft"
same "kmalloc of 20000 is an order-3 block" 3 "$(value order)"
ask try "api=alloc_pages_exact size=20000 gfp=$soft"
same "alloc_pages_exact of 20000 has 8 pages to begin with" 8 "$(value pages)"
ask try "api=vmalloc size=1048576 gfp=$soft"
same "vmalloc of 1 MiB has 256 pages" 256 "$(value pages)"
got kmem_cache_alloc "cache=own:500 gfp=$soft"
got kmem_cache_alloc "cache=kmalloc-1k gfp=$soft"
check "own:500 has a row in slabinfo" grep -q '^memtool-500 ' /proc/slabinfo
got thp "" && same "thp asks for a huge page" 9 "$(value order)"
got alloc_pages "order=3 gfp=0x20 context=atomic"
got alloc_pages "order=0 gfp=0 count=1024"
same "1024 of them" 1024 "$(value "done")"
got alloc_pages "order=2 gfp=$soft cpu=0 node=0"
got dma_alloc_coherent "size=4096 gfp=$soft dma_mask=24"
same "24 bits reach no further than ZONE_DMA" DMA "$(value zone)"
ask try "api=alloc_pages order=0 gfp=0x1"
same "__GFP_DMA" DMA "$(value zone)"
ask try "api=alloc_pages order=11 gfp=$soft tag=77"
same "order above the largest: the kernel says ENOMEM" "0 12 77" "$(value ok) $(value errno) $(value tag)"
ask try "api=vmalloc size=$((1 << 45)) gfp=0xcc0"
same "vmalloc of more than there is: ENOMEM" "0 12" "$(value ok) $(value errno)"
if grep -q 'CmaTotal:.*[1-9]' /proc/meminfo; then
	got cma_alloc "size=1048576"
else
	ask try "api=cma_alloc size=1048576"
	same "cma_alloc without CMA: EOPNOTSUPP" "0 95" "$(value ok) $(value errno)"
fi

# What it says of a block is what the kernel's own tracepoint and zoneinfo say.
trace=/sys/kernel/tracing
zone_of() { # PFN
	awk -v pfn="$1" '/^Node/ { name = $4 } $1 == "spanned" { n = $2 }
		$1 == "start_pfn:" && pfn >= $2 && pfn < $2 + n { print name; exit }' /proc/zoneinfo
}
exact() { # REQUEST
	echo >$trace/trace
	echo 1 >$trace/events/kmem/mm_page_alloc/enable
	ask try "$1"
	echo 0 >$trace/events/kmem/mm_page_alloc/enable
	pfn=$(($(value pfn)))
	seen=$(sed -n 's/.*mm_page_alloc:.* pfn=\([^ ]*\) order=\([0-9]*\) .*/\1 \2/p' $trace/trace |
		while read -r at order; do echo "$((at)) $order"; done | grep "^$pfn " | sort -u)
	same "$1: frame and order as traced" "$pfn $(value order)" "$seen"
	same "$1: zone of that frame" "$(zone_of $pfn)" "$(value zone)"
}
if [ -e $trace/events/kmem/mm_page_alloc/enable ]; then
	for order in 0 1 3 4 8 10; do
		exact "api=alloc_pages order=$order gfp=$soft"
		exact "api=__get_free_pages order=$order gfp=0"
	done
	exact "api=alloc_pages order=2 gfp=0x1"
	exact "api=folio_alloc order=4 gfp=$soft"
	exact "api=kmalloc size=100000 gfp=$soft"
	exact "api=kvmalloc size=100000 gfp=$soft"
	exact "api=alloc_pages_exact size=65536 gfp=$soft"
	exact "api=dma_alloc_coherent size=65536 gfp=0 dma_mask=24"
	exact "api=thp gfp=0"
else
	skip "the tracepoint of the page allocator" "this kernel has none"
fi

refused oom 1 "api=kmalloc size=64"
refused oom 1 "api=alloc_pages order=3"
refused oom 1 "api=krealloc size=32768"
refused oom 1 "api=alloc_skb size=200000"
refused oom 1 "api=alloc_pages order=1 gfp=$(printf 0x%x $((0xcc0 | 0x8000)))"
refused oom 1 "api=vmalloc size=$(($(awk '/^MemFree/ { print $2 }' /proc/meminfo) * 1024))"
got alloc_pages "order=3 force=1"
refused reserve 1 "api=alloc_pages order=0 gfp=0x20000"
refused gfp 22 "api=alloc_pages order=0 gfp=0x5"
refused gfp 22 "api=alloc_pages order=0 gfp=0x18"
refused gfp 22 "api=alloc_pages order=0 gfp=0xffffffff00000000"
refused gfp 22 "api=kmalloc size=64 gfp=0x2"
refused gfp 22 "api=kmalloc size=64 gfp=0x4"
refused gfp 22 "api=__get_free_pages order=0 gfp=0x2"
refused gfp 22 "api=alloc_pages order=0 gfp=0x8000"
refused gfp 22 "api=alloc_pages order=4 gfp=0x8cc0 force=1"
refused gfp 22 "api=alloc_pages order=0 gfp=0xcc0 context=atomic force=1"
refused gfp 22 "api=vmalloc size=4096 gfp=0x8"
refused bound 7 "api=alloc_pages order=10 count=1024"
refused unsupported 95 "api=kmem_cache_alloc cache=dentry gfp=0"
refused syntax 22 "api=alloc_pages order=0 node=63 gfp=0"
refused syntax 22 "api=alloc_pages order=0 cpu=4096 gfp=0"
refused syntax 22 "api=kmalloc gfp=0"

exec 4<>$dir/batch
printf 'api=kmalloc size=64 gfp=0 tag=1\nbogus\napi=vmalloc size=65536 gfp=%s tag=3\n' $soft >&4
tags=
while read -r answer <&4; do tags="$tags$(value ok)/$(value tag) "; done
exec 4>&-
same "batch answers line by line, in order" "1/1 0/ 1/3 " "$tags"

ask version ""
answer=$(cat $dir/version)
same "version" 1 "$(value interface)"
same "the kernel it was built for" "$kver" "$(value kernel)"
check "the kernel did not complain" clean_log
finish
