# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash disable=SC2034,SC2086
# For the guest: the module's files as functions, and TAP.

dir=/sys/kernel/debug/memtool
n=0
failed=0

ok() { n=$((n + 1)); echo "ok $n - $*"; }
not_ok() { n=$((n + 1)); failed=$((failed + 1)); echo "not ok $n - $*"; }
skip() { n=$((n + 1)); echo "ok $n - $1 # SKIP $2"; }
# check TEXT COMMAND...: the command's status decides
check() {
	check_text=$1
	shift
	if "$@"; then ok "$check_text"; else not_ok "$check_text"; fi
}
# figure TEXT COMMAND...: check, where the memory is the module's and the kernel's alone. KASAN's
# quarantine and kmemleak's records are neither, and come and go as they please.
figure() {
	if [ -e /sys/kernel/debug/kmemleak ]; then
		skip "$1" "a debug kernel keeps memory of its own"
	else
		check "$@"
	fi
}
# same TEXT EXPECTED GOT
same() {
	if [ "$2" = "$3" ]; then ok "$1"; else not_ok "$1: expected '$2', got '$3'"; fi
}
finish() {
	echo "1..$n"
	exit "$failed"
}

load() { insmod /memtool.ko || exit 1; }

# ask FILE REQUEST: the answer, all lines. No fork between the two: an answer
# belongs to the open file. $asked is the status of the write.
ask() {
	exec 3<>"$dir/$1"
	if echo "$2" >&3 2>/dev/null; then asked=0; else asked=1; fi
	answer=
	while read -r line <&3; do
		answer="$answer$line
"
	done
	exec 3>&-
}

# value KEY: of $answer's first line that has it
value() {
	for word in $answer; do
		case $word in "$1="*) echo "${word#*=}"; return ;; esac
	done
}

# free_pages ORDER: pages in free blocks of this order or larger
free_pages() {
	awk -v from="$1" '/zone/ { for (i = 5; i <= NF; i++) { p = i == 5 ? 1 : 2 * p
		if (i - 5 >= from) s += $i * p } } END { print s + 0 }' /proc/buddyinfo
}
in_pcp() { awk '/ count:/ { s += $2 } END { print s + 0 }' /proc/zoneinfo; }
# Pages that wait in per-CPU lists are neither free nor merged. From 6.7 on these lists
# grow to tens of MiB while much is freed, and shrink by an eighth a second.
# Empty slabs stay with their caches until these are shrunk, each a hole in some block.
settle() {
	sync
	echo 3 >/proc/sys/vm/drop_caches
	for settle_cache in /sys/kernel/slab/*/shrink; do
		echo 1 >"$settle_cache"
	done 2>/dev/null
	settle_was=999999999
	while settle_now=$(in_pcp) && [ "$settle_now" -gt 1000 ] && [ "$settle_now" -lt $settle_was ]; do
		settle_was=$settle_now
		sleep 1
	done
	echo 1 >/proc/sys/vm/compact_memory
}
# Pages in free blocks of each order or larger, from order 0 up.
by_order() {
	awk '/zone/ { p = 1; for (i = 5; i <= NF; i++) { n[i] += $i * p; p *= 2 } if (NF > top) top = NF }
		END { for (i = top; i >= 5; i--) { s += n[i]; at[i] = s }
			for (i = 5; i <= top; i++) printf "%d ", at[i] }' /proc/buddyinfo
}
# missing BEFORE AFTER [ORDER]: of by_order. The order to 9 (a page block, a huge page), or ORDER, at which most is
# missing, and how much: tenths of a percent of the memory that was free. One stray page costs
# 512 pages at order 9; at order 10 it would be 1 % of a guest of 512 MiB.
missing() {
	echo "$1/$2" | awk -F/ -v to="$((${3:-9} + 1))" '{ split($1, a, " "); split($2, b, " ")
		for (i = 1; i <= to; i++) if ((m = (a[i] - b[i]) * 1000 / a[1]) > most) { most = m; at = i - 1 }
		printf "%d %d\n", at, most + 0.999 }'
}
# back_to BEFORE AFTER [ORDER]: at no order (to ORDER) is more than 2 % of the free memory missing
back_to() {
	read -r _ back_missing <<-END
		$(missing "$1" "$2" "${3:-9}")
	END
	[ "$back_missing" -le 20 ]
}

# The kernel's own complaints, of its watchmen too where they are built in or switched on
# (lockdep, KASAN, KFENCE, SLUB's red zones, UBSAN, kmemleak). The module's missing signature is none.
clean_log() {
	if [ -e /sys/kernel/debug/kmemleak ]; then
		# an object is a suspect 5 s after it was made, and when two scans found no way to it
		sleep 6
		echo scan >/sys/kernel/debug/kmemleak
		echo scan >/sys/kernel/debug/kmemleak
		grep . /sys/kernel/debug/kmemleak && return 1
	fi
	dmesg | grep -E 'WARNING:|BUG[: ]|Oops|Call Trace|invoked oom-killer|Out of memory|leaked|hung task' &&
		return 1
	dmesg | grep -vE 'DMA-API: (preallocated|debugging enabled)' |
		grep -E 'Objects remaining|KFENCE|UBSAN|ODEBUG|DMA-API|possible (circular|recursive)|inconsistent lock' &&
		return 1
	# what gives up watching has not seen
	dmesg | grep -E 'kmemleak: .*(disabled|Cannot allocate)|BUG: MAX_LOCK|turning off the locking' && return 1
	return 0
}
