# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# Runs in the guest after the case's own preparation (record puts both in one script):
# the coherent set first, by recorder, then whatever else describes memory and stands still.

tree=$OUT/tree

# keep FILE...: copy what can be read
keep() {
	for f; do
		if [ -f "$f" ] && [ -r "$f" ]; then
			mkdir -p "$tree${f%/*}"
			cat "$f" >"$tree$f" 2>/dev/null || rm -f "$tree$f"
		fi
	done
}

keep_all() {
	for d; do
		[ -d "$d" ] || continue
		find "$d" -type f >/var/list 2>/dev/null
		while read -r f; do keep "$f"; done </var/list
	done
}

keep_rest() {
	cd /proc && for f in cmdline version swaps allocinfo iomem modules mounts uptime stat cpuinfo \
		self/cgroup self/auxv self/smaps pressure/memory sys/vm/* \
		sys/kernel/osrelease sys/kernel/ostype sys/kernel/version sys/kernel/arch \
		sys/kernel/hostname sys/kernel/kptr_restrict sys/kernel/numa_balancing; do
		keep "/proc/$f"
	done
	cd /sys/devices/system && for f in node/online node/possible node/has_* cpu/online cpu/possible cpu/present \
		node/node*/meminfo node/node*/vmstat node/node*/numastat node/node*/distance \
		node/node*/cpulist node/node*/compact; do
		keep "/sys/devices/system/$f"
	done
	keep_all /sys/devices/system/node/node*/hugepages /sys/kernel/mm/hugepages /sys/kernel/mm/cma \
		/sys/kernel/debug/cma /sys/kernel/debug/swiotlb
	keep /sys/kernel/debug/kmemleak /sys/kernel/mm/transparent_hugepage/* /sys/kernel/mm/lru_gen/enabled \
		/sys/kernel/mm/transparent_hugepage/khugepaged/defrag
	keep /sys/kernel/tracing/events/kmem/mm_page_alloc/format
	case " $KEEP " in *" slab "*) keep_slab ;; esac
	case " $KEEP " in *" owner "*) keep_owner ;; esac
	case " $KEEP " in *" kpage "*) keep /proc/kpageflags /proc/kpagecount ;; esac
}

# Packed, as a full machine has no room for what page_owner says of it; record unpacks it.
# Read by cat: page_owner answers ENOMEM to a read with no room for a whole record.
keep_owner() {
	mkdir -p "$tree/sys/kernel/debug"
	cat /sys/kernel/debug/page_owner | gzip -c >"$tree/sys/kernel/debug/page_owner.gz"
}

# Merged caches are links to the one that holds the attributes.
keep_slab() {
	mkdir -p "$tree/sys/kernel/slab"
	for d in /sys/kernel/slab/*; do
		if [ -L "$d" ]; then
			ln -s "$(readlink "$d")" "$tree$d"
		else
			keep "$d"/*
		fi
	done
}

# The recorder takes its own memory before the case takes the machine's.
start_recorder() {
	mkdir -p "$tree"
	rm -f /var/recorder.in
	mkfifo /var/recorder.in
	recorder "$tree" </var/recorder.in >/var/recorder.out 2>&1 &
	recorder=$!
	exec 4>/var/recorder.in
}

record_tree() {
	echo read >&4
	until grep -q '^free lists' /var/recorder.out; do
		kill -0 "$recorder" || break
		usleep 50000
	done
	keep_rest
	echo write >&4
	wait "$recorder"
	recorded=$?
	cat /var/recorder.out
	return $recorded
}

# fragmented STEP...: hold memory as tests/vm/guest/fragment.c says, and let it settle.
# kcompactd would mend proactively within half a second what was just broken. The last free
# pages stay in big blocks: a low reserve while the memory is taken breaks these too.
fragmented() {
	echo 0 >/proc/sys/vm/compaction_proactiveness
	reserve=$(cat /proc/sys/vm/min_free_kbytes) ratio=$(cat /proc/sys/vm/lowmem_reserve_ratio)
	echo 200 >/proc/sys/vm/min_free_kbytes
	echo 100000 100000 100000 100000 100000 >/proc/sys/vm/lowmem_reserve_ratio
	: >/var/fragment.log
	fragment "$@" hold >/var/fragment.log 2>&1 &
	until grep -q ready /var/fragment.log; do
		kill -0 $! 2>/dev/null || { cat /var/fragment.log; dmesg | grep -i oom; exit 1; }
		usleep 100000
	done
	echo "$ratio" >/proc/sys/vm/lowmem_reserve_ratio
	echo "$reserve" >/proc/sys/vm/min_free_kbytes
	sleep 1
}
# end of functions
