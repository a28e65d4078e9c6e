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
atomic_order() {
	cmd hold 0 100000000 kernel noretry
	cmd odd
	cmd pages 4 atomic comp
	cmd drop
}
noretry_order() {
	cmd hold 0 100000000 kernel noretry
	cmd odd
	cmd pages 6 kernel noretry comp zero
	cmd drop
}
atomic_page() {
	cmd hold 0 100000000 kernel noretry
	cmd hold 0 100000000 atomic
	cmd pages 0 atomic
	cmd drop
}
dma32() {
	cmd hold 0 100000000 dma32 kernel noretry
	cmd pages 3 dma32 kernel noretry
	cmd drop
}
dma() {
	cmd hold 0 100000000 dma kernel noretry
	cmd pages 0 dma atomic
	cmd drop
}
slub() {
	cmd hold 0 100000000 kernel noretry
	cmd hold 0 100000000 atomic
	cmd cache atomic
	cmd drop
}
vmalloc_ram() { cmd vmalloc 68719476736 kernel; }
vmalloc_space() { cmd vmalloc 1030792151040000 kernel; }
vmalloc_pages() { cmd vmalloc 1500000000 kernel noretry; cmd vmalloc 420000000 kernel noretry; }
percpu_big() { cmd percpu 1000000 8; }
percpu_many() { cmd percpu 32768 4096; }
cma() { cmd cma 60000; }
bounce() { cmd bounce 131072; }
oom() {
	(
		echo 1000 >/proc/self/oom_score_adj
		exec awk 'BEGIN { x = "0123456789abcdef"; for (;;) x = x x }'
	) >/dev/null 2>&1
}
memcg() {
	mkdir -p /cg
	mount -t cgroup2 none /cg 2>/dev/null || return 0
	echo +memory >/cg/cgroup.subtree_control
	mkdir /cg/small
	echo 16M >/cg/small/memory.max
	sh -c 'echo $$ >/cg/small/cgroup.procs; exec awk "BEGIN { x = \"0123456789abcdef\"; for (;;) x = x x }"' >/dev/null 2>&1
}

for what in ${WHAT:-too_big atomic_order noretry_order atomic_page dma32 dma slub vmalloc_ram vmalloc_space vmalloc_pages percpu_big percpu_many cma bounce oom memcg}; do
	quiet
	step "$what" "$what"
done
