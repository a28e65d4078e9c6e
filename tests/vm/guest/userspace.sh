# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# In a guest, after the functions of record.sh: makes states from user space, and in each
# asks memtool and then the kernel. $OUT/asked: state|request|verdict|probability|at once|came

# The first such member: that of the verdict, what remedies would bring comes after.
first() { echo "$said" | grep -o "$1" | head -n 1 | sed 's/.*://; s/"//g'; }

# one LABEL "ASK..." "EXPLAIN..."
one() {
	# shellcheck disable=SC2086 # words
	said=$(memtool explain --json $3 2>/dev/null)
	# shellcheck disable=SC2086
	came=$(ask $2 2>>"$OUT/errors") || came=unasked
	verdict=$(first '"verdict":"[a-z_]*"')
	p=$(first '"probability":[0-9.]*')
	once=$(first '"at_once":[a-z]*')
	echo "$state|$1|$verdict|$p|$once|$came" >>"$OUT/asked"
}

thp=/sys/kernel/mm/transparent_hugepage
ask_all() {
	state=$1
	for slots in 256 1024 4096 16384; do
		one "pipe $slots" "pipe $slots" "kmalloc $((slots * 40)) --gfp GFP_KERNEL_ACCOUNT|__GFP_NOWARN"
	done
	for bytes in 8000 32448 65216 130752 261824 523968; do
		one "unix $bytes" "unix $bytes" "alloc_skb $bytes --gfp GFP_KERNEL|__GFP_RETRY_MAYFAIL"
	done
	if [ -d $thp ]; then
		echo madvise >$thp/enabled
		for defrag in never defer defer+madvise madvise always; do
			echo $defrag >$thp/defrag
			one "thp $defrag" thp thp
		done
	fi
	one "hugetlb 2M" hugetlb "hugetlb 2M"
}

release() {
	killall fragment 2>/dev/null
	usleep 300000
	echo 0 >/proc/sys/vm/nr_hugepages
	echo 1 >/proc/sys/vm/compact_memory
	sleep 1
}

echo -1000 >/proc/self/oom_score_adj
ask_all quiet
# Held open: the last close of a block device drops its page cache.
exec 9</dev/vda
dd if=/dev/vda of=/dev/null bs=64k count=6000 2>/dev/null
ask_all cache
# shellcheck disable=SC2154 # of record.sh
fragmented fill:8000 tables:50 punch:1:3:20 punch:2:6:30 punch:4:12:30 punch:8:64:10
ask_all holes
release
fragmented fill:8000 tables:50 punch:1:3:20 punch:2:6:30 punch:4:12:30 punch:8:64:10 lock
ask_all mlocked
release
fragmented fill:90000 tables:8000 punch:1:2:90
ask_all tables
release
fragmented fill:7000 tables:20
ask_all full
release
# As many as the kernel can give leave it no page to live on (7.3).
echo 180 >/proc/sys/vm/nr_hugepages
ask_all hugepages
release
ask_all after
