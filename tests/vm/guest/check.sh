# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# In the guest, for check-vm: makes each state of /states and runs memtool verify in it.
# $REQUESTS a state; $SEED; $QUICK takes the marked states only. Leaves in $OUT: records
# (a JSON line a request), wrong/ (each wrong verdict as a case), seen/ (what snapshot said
# of each state), skipped and failed (states that this machine refused, or verify did).

dir=/sys/kernel/debug/memtool
zone=$(awk '/ present/ && $2 > most { most = $2; z = name } /^Node/ { name = $4 } END { print z }' /proc/zoneinfo)

mem_kb=$(awk '/^MemTotal/ { print $2 }' /proc/meminfo)

# The OOM killer shall not take what measures.
echo -900 >/proc/self/oom_score_adj

fresh() {
	echo release >$dir/provoke
	sync
	echo 3 >/proc/sys/vm/drop_caches
	echo 1 >/proc/sys/vm/compact_memory
	# Every other state finds page cache to reclaim.
	[ $((number % 2)) = 0 ] || dd if=/dev/vda of=/dev/null bs=64k count=$((mem_kb / 192)) 2>/dev/null
}

# the parts of a state, one a line
parts() { echo "$state" | sed 's/ + /\n/g'; }

# what a user is told while the state holds; 1 if the module refused it
seen() {
	mkdir -p "$OUT/seen"
	parts >/var/parts
	[ "$state" = quiet ] || while read -r part; do
		# shellcheck disable=SC2086 # words of a state
		memtool provoke --yes set $part </dev/null >>/var/provoked 2>&1 || { tail -n 1 /var/provoked; return 1; }
	done </var/parts
	memtool snapshot >"$OUT/seen/$number" 2>&1 || echo "$state: snapshot: status $?" >>"$OUT/failed"
	memtool snapshot --json >"$OUT/seen/$number.json" 2>&1 || echo "$state: snapshot --json: status $?" >>"$OUT/failed"
	echo release >$dir/provoke
}

# verify MODE COUNT
verify() {
	set -- "$1" -n "$2" --seed $((SEED * 1000 + number)) --tag "$state" \
		--records "$OUT/records" --cases "$OUT/wrong" -o /dev/null
	[ "$state" = quiet ] || while read -r part; do
		set -- "$@" --provoke "state=$part"
	done </var/parts
	memtool verify "$@" || echo "$state: verify $1: status $?" >>"$OUT/failed"
}

number=0
while read -r mark state; do
	case $mark in
	\#*|'') continue ;;
	\*) ;;
	*) [ -z "$QUICK" ] || continue; state="$mark${state:+ $state}" ;;
	esac
	number=$((number + 1))
	state=$(echo "$state" | sed "s/ZONE/$zone/g")
	fresh
	if ! seen >/var/refused; then
		echo "$state: $(cat /var/refused)" >>"$OUT/skipped"
		continue
	fi
	fresh
	verify --wait $((REQUESTS / 2))
	fresh
	verify --slow $((REQUESTS - REQUESTS / 2))
	echo "$number $state"
done </states
echo release >$dir/provoke
