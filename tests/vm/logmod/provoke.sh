# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# Run in a guest with logmod.ko: makes the kernel print every kind of report that it can, and
# keeps the log of each under $OUT/NAME.dmesg.
cmd() { echo "$*" >/proc/logmod; }
# rate limits: one report in ten seconds from 5.4 on
quiet() { sleep 11; }
step() {
	name=$1
	shift
	dmesg -c >/dev/null
	"$@"
	dmesg >"$OUT/$name.dmesg"
}

too_big() { cmd pages 20 kernel; }
# all memory in single pages, every second one given back: none left in a larger block
all='hold 0 100000000 kernel noretry'
rest='hold 0 100000000 atomic'
atomic_order() { cmd "$all; odd; hold 4 100000000 atomic; pages 4 atomic comp; drop"; }
noretry_order() { cmd "$all; odd; hold 6 100000000 atomic; pages 9 kernel noretry comp zero; drop"; }
atomic_page() { cmd "$all; $rest; pages 0 atomic; drop"; }
dma32() { cmd "hold 0 100000000 dma32 kernel noretry; hold 0 100000000 dma32 atomic; pages 0 dma32 atomic; drop"; }
dma() { cmd "hold 0 100000000 dma kernel noretry; hold 0 100000000 dma atomic; pages 0 dma atomic; drop"; }
slub() { cmd "$all; $rest; cache atomic; drop"; }
vmalloc_ram() { cmd vmalloc 68719476736 kernel; }
vmalloc_space() { cmd vmalloc 1030792151040000 kernel; }
vmalloc_pages() { cmd "$all; vmalloc 50000000 kernel noretry; drop"; }
percpu_big() { cmd percpu 1000000 8; }
percpu_many() { cmd percpu 32768 4096; }
cma() { cmd cma 60000; }
bounce() { cmd bounce 131072; }
oom() {
	(
		echo 1000 >/proc/self/oom_score_adj
		exec tail /dev/zero
	) >/dev/null 2>&1
}
# a leak of a slab cache, and then someone asks for the rest
oom_slab() {
	cmd "objects ${OBJECTS:-20000} kernel"
	oom
	cmd drop
}
memcg() {
	mkdir -p /cg
	mount -t cgroup2 none /cg 2>/dev/null || return 0
	echo +memory >/cg/cgroup.subtree_control
	mkdir /cg/small
	echo 16M >/cg/small/memory.max
	sh -c 'echo $$ >/cg/small/cgroup.procs; exec tail /dev/zero' >/dev/null 2>&1
}

for what in ${WHAT:-too_big atomic_order noretry_order atomic_page dma32 dma slub vmalloc_ram vmalloc_pages percpu_big percpu_many cma bounce memcg}; do
	quiet
	step "$what" "$what"
done
