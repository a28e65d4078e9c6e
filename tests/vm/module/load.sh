# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash source=lib.sh disable=SC1091,SC2015,SC2034,SC2086,SC2154
# Loads and unloads 1,000 times, each tenth time with a state held; nothing may leak.
. /t/lib.sh

load; rmmod memtool
settle
before=$(awk '/^MemFree/ { print $2 }' /proc/meminfo)
i=0
while [ $i -lt "${LOADS:-1000}" ]; do
	insmod /memtool.ko || break
	if [ $((i % 10)) = 0 ]; then
		echo "state=hoard order=8 bytes=16777216" >$dir/provoke || break
		echo "api=kmem_cache_alloc cache=own:100 force=1" >$dir/try || break
	fi
	rmmod memtool || break
	i=$((i + 1))
done
same "loaded and unloaded" "${LOADS:-1000}" $i
settle
after=$(awk '/^MemFree/ { print $2 }' /proc/meminfo)
echo "# MemFree $before kB before, $after kB after"
figure "no more than 4 MiB of free memory went" [ $((before - after)) -lt 4096 ]
check "nothing of it is left in slabinfo" [ "$(grep -c '^memtool' /proc/slabinfo)" = 0 ]
check "the kernel did not complain" clean_log
finish
