# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# In the guest, for compact, after the functions of states.sh: makes $STATES states by $SEED, and in
# each reads what memtool reads, has all memory compacted, and reads the free lists again.
# Leaves in $OUT a tree for each state, with the free lists that came of it in "after".

# In place of verify, which makes the states for collect.
provoke() {
	tag="$tag+$*"
	part=${1#state=}
	shift
	memtool provoke --yes set "$part" "$@" </dev/null >/var/provoked 2>&1 ||
		echo "$tag: $(tail -n 1 /var/provoked)" >>"$OUT/failed"
}

# keep FILE...: into the state's tree. What is small first, the free lists last.
keep() {
	for f; do
		mkdir -p "$tree/${f%/*}"
		cat "/$f" >"$tree/$f"
	done
}

i=0
while [ $i -lt "$STATES" ]; do
	next_state "$SEED.$i"
	tree=$OUT/$i
	keep proc/version proc/sys/kernel/osrelease proc/sys/vm/compact_unevictable_allowed proc/meminfo \
		proc/vmstat proc/kpageflags proc/zoneinfo proc/buddyinfo proc/pagetypeinfo
	echo 1 >/proc/sys/vm/compact_memory
	cat /proc/buddyinfo >"$tree/after"
	echo "$tag" >"$tree/state"
	gzip "$tree/proc/kpageflags"
	echo release >/sys/kernel/debug/memtool/provoke
	end_state
	i=$((i + 1))
done
