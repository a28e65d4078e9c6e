# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash source=lib.sh disable=SC1091,SC2015,SC2034,SC2086,SC2154
# Users at once; removal while a state is held, while a file is open, while one builds;
# death of the writer; deadline; release under pressure.
. /t/lib.sh
load
settle
free0=$(by_order)

user() { # TAG: its own answers only
	i=0
	while [ $i -lt 100 ]; do
		ask try "api=kmalloc size=$((64 + $1)) gfp=0 tag=$1"
		[ "$(value tag)" = "$1" ] || { echo "$answer" >>/tmp/mixed; break; }
		ask provoke "state=hoard order=6 bytes=1048576"
		[ "$(value ok)" = 1 ] && { ask provoke "release id=$(value id)"; }
		i=$((i + 1))
	done
	echo $i >>/tmp/users
}
user 1 & user 2 & user 3 &
wait
same "three users, 100 rounds each" "100 100 100" "$(tr '\n' ' ' </tmp/users | sed 's/ $//')"
check "no answer went to another user" [ ! -e /tmp/mixed ]
check "no state is left" [ -z "$(cat $dir/provoke)" ]

# a debug kernel takes seconds to make it
ask provoke "state=hoard order=8 deadline=10"
ask provoke status
same "a state with deadline=10" hoard "$(value state)"
sleep 11
ask provoke status
same "is gone after 11 seconds" "" "$answer"

exec 4<$dir/version
rmmod memtool 2>/dev/null && not_ok "removal with an open file" || ok "an open file keeps the module"
exec 4<&-

exec 4<>$dir/demo
echo next >&4
read -r answer <&4
same "demo holds step 1" 1 "$(value step)"
exec 4>&-

# the writer is killed in the middle: what it took goes back
(echo "state=unmovable_holes stride=2" >$dir/provoke) &
sleep 0.05 2>/dev/null || usleep 50000
kill -9 $! 2>/dev/null
wait
ask provoke release
ok "a writer killed while it builds (released: $(value released))"

(echo "state=unmovable_holes stride=2" >$dir/provoke) &
sleep 0.02 2>/dev/null || usleep 20000
rmmod memtool 2>/dev/null
wait
grep -q '^memtool ' /proc/modules || load
ok "removal while a state is being built"

ask provoke "state=hoard order=9"
ask provoke "state=slab_sparse"
ask provoke "state=vmalloc"
ask provoke "state=movable_holes bytes=33554432"
ask provoke "state=slab_leak rate=33554432"
check "removal with five states held" rmmod memtool
# To order 3: users, their shells and five states leave nearly every pageblock Unmovable, and the
# kernel's own pages of that time lie in any of them: one a block is enough for the large orders.
# That a state by itself gives these back, too, states.sh shows.
tries=0
while settle && ! back_to "$free0" "$(by_order)" 3 && [ $tries -lt 10 ]; do
	tries=$((tries + 1))
	sleep 1
done
echo "# pages in blocks of each order and above: $free0 before, $(by_order) after"
figure "free blocks to order 3 are back within 2 %" back_to "$free0" "$(by_order)" 3
check "no cache is left" [ "$(grep -c '^memtool' /proc/slabinfo)" = 0 ]
check "no area is left" [ "$(grep -c memtool /proc/vmallocinfo)" = 0 ]

load
ask provoke "state=hoard order=0 shrinker=1 percent=80"
held=$(value held_bytes)
# page cache beyond what is left: kswapd must come to the shrinker
dd if=/dev/zero of=/tmp/fill bs=1M count=$((held / 1048576 / 2)) 2>/dev/null
ask provoke status
echo "# $answer"
check "pressure makes it let go" [ "$(value shrunk_pages)" -gt 0 ]
rm -f /tmp/fill
ask provoke release
check "it unloads" rmmod memtool
check "the kernel did not complain" clean_log
finish
