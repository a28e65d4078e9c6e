#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# In a guest: records $seconds of each of $films while what it is named after happens, and leaves
# NAME.rec, NAME.json and NAME.txt in $OUT. /dev/vdb is swap, /dev/vda is free until the guest ends.
# shellcheck disable=SC2154
provoke=/sys/kernel/debug/memtool/provoke
mem_mb=$(awk '/^MemTotal/ { print int($2 / 1024) }' /proc/meminfo)

# ---- what is set up before its film ----

# A filesystem on a disk: what a file's pages need to be page cache. (A block device read without one loses
# its pages when the last who has it open closes it; a file on a tmpfs is shared memory.)
disk() {
	[ -d /disk ] && return
	mkdir /disk
	mke2fs -F /dev/vda 1200000 >/dev/null && mount -t ext4 /dev/vda /disk || exit 1
	i=0
	while [ $i -lt 14 ]; do
		dd if=/dev/zero of=/disk/big$i bs=1M count=40 2>/dev/null
		i=$((i + 1))
	done
	i=0
	while [ $i -lt 28 ]; do
		mkdir /disk/dir$i
		j=0
		while [ $j -lt 500 ]; do
			: >/disk/dir$i/a-file-of-some-name-$j
			j=$((j + 1))
		done
		i=$((i + 1))
	done
	sync
}

# ---- what happens in a film ----

busy=$((seconds - 4))

# To the end of the recording, which on a busy host may take longer than $seconds.
each_second() {
	i=0
	while kill -0 $recorder 2>/dev/null; do
		"$@"
		i=$((i + 1))
		sleep 1
	done
}

read_20m() { dd if=/disk/big$((i / 2 % 14)) of=/dev/null bs=1M skip=$((i % 2 * 20)) count=20 2>/dev/null; }
write_10m() { dd if=/dev/zero of=/disk/new$((i % 30)) bs=1M count=10 2>/dev/null; }
walk() { find /disk/dir$((i % 28)) -size +1 >/dev/null; }
storm() {
	n=$((10 + i * 7 % 23))
	while [ $n -gt 0 ]; do
		sleep 0.3 &
		n=$((n - 1))
	done
}
# A quarter more than there is memory.
fill() { [ $i -ge $busy ] || dd if=/dev/zero of=/fill/f$i bs=1M count=$((mem_mb * 5 / 4 / busy)) 2>/dev/null; }
map_1m() { echo "state=vmalloc mode=pages count=1 size=1048576" >$provoke; }
map_64k() { echo "state=vmalloc mode=pages count=1 size=65536" >$provoke; }

quiet() { sleep $busy; }
cache() { each_second read_20m; }
write() { each_second write_10m; }
find_walk() { each_second walk; }
forks() { each_second storm; }
swap() {
	mkdir -p /fill
	mount -t tmpfs -o size=150% fill /fill
	each_second fill
}
slab() { echo "state=slab_leak cache=own:512 rate=524288 bytes=268435456" >$provoke; }
slab_slow() { echo "state=slab_leak cache=own:1024 rate=65536 bytes=67108864" >$provoke; }
slab_kmalloc() { echo "state=slab_leak cache=kmalloc-2048 rate=262144 bytes=268435456" >$provoke; }
slab_step() { echo "state=slab_leak cache=own:256 rate=33554432 bytes=33554432" >$provoke; }
slab_burst() {
	sleep 6
	echo "state=slab_leak cache=own:256 rate=8388608 bytes=33554432" >$provoke
	sleep 7
	echo release >$provoke
}
vmalloc() { each_second map_1m; }
vmalloc_slow() { each_second map_64k; }
pollution() { sleep 5; echo "state=unmovable_holes stride=8 percent=40" >$provoke; }
# The clock is set an hour on and two back.
clock() {
	sleep 6
	date -s "@$(($(date +%s) + 3600))" >/dev/null
	sleep 6
	date -s "@$(($(date +%s) - 7200))" >/dev/null
}
# The machine sleeps for 70 seconds (S3) and is woken by its clock.
suspend() {
	sleep 8
	echo 0 >/sys/class/rtc/rtc0/wakealarm
	echo +70 >/sys/class/rtc/rtc0/wakealarm
	echo mem >/sys/power/state
}
film() {
	echo "film $1" >/dev/console
	case $1 in
	cache | write | find_walk) disk ;;
	esac
	sync
	echo 3 >/proc/sys/vm/drop_caches
	sleep 1
	memtool record -q -i 1 -n "$seconds" "/tmp/$1.rec" &
	recorder=$!
	sleep 1
	"$1"
	wait $recorder
	memtool diff -J "/tmp/$1.rec" >"$OUT/$1.json"
	memtool diff "/tmp/$1.rec" >"$OUT/$1.txt"
	mv "/tmp/$1.rec" "$OUT/"
	echo release >$provoke
	if [ -d /fill ]; then
		umount /fill && rmdir /fill
	fi
	sleep 1
}

# What cannot be brought home in time is not begun.
for name in $films; do
	[ "$(cut -d. -f1 /proc/uptime)" -lt "$limit" ] || break
	film "$name"
done
[ -d /disk ] && umount /disk
exit 0
