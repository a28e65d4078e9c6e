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
settle() {
	sync
	echo 3 >/proc/sys/vm/drop_caches
	settle_left=30
	while [ "$(in_pcp)" -gt 1000 ] && [ $settle_left -gt 0 ]; do
		sleep 1
		settle_left=$((settle_left - 1))
	done
	echo 1 >/proc/sys/vm/compact_memory
}
# back_to BEFORE AFTER PERCENT: no more than that is missing
back_to() { awk -v a="$1" -v b="$2" -v p="$3" 'BEGIN { exit !((a - b) * 100 <= p * a) }'; }

# The kernel's own complaints. What the module's signature brings is none.
clean_log() {
	dmesg | grep -E 'WARNING:|BUG:|Oops|Call Trace|invoked oom-killer|Out of memory|leaked|hung task|Objects remaining' && return 1
	return 0
}
