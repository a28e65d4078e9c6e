# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash source=lib.sh disable=SC1091,SC2015,SC2034,SC2086,SC2154
# The tour: each step is seen in the file of /proc that it names.
. /t/lib.sh
load
exec 3<>$dir/demo
read -r answer <&3
steps=$(value of)
s=0
while [ $s -lt "$steps" ]; do
	s=$((s + 1))
	areas=$(grep -c memtool_demo /proc/vmallocinfo)
	echo next >&3
	read -r answer <&3
	echo "# $answer"
	same "step $s" $s "$(value step)"
	case $(value proc) in
	slabinfo) check "its cache has a row" grep -q "^$(value cache) " /proc/slabinfo ;;
	vmallocinfo) check "its caller has an area" [ "$(grep -c "$(value caller)" /proc/vmallocinfo)" -gt "$areas" ] ;;
	buddyinfo) same "its frame is aligned to its order" 0 $(($(value pfn) % (1 << $(value order)))) ;;
	esac
done
echo next >&3
read -r answer <&3
same "and ends" end "$(value step)"
same "nothing of it is held at the end" 0 "$(grep -c memtool_demo /proc/vmallocinfo)"
exec 3>&-
# By the program, to a file each.
check "memtool tells the tour" memtool provoke --demo -o "$OUT/tour"
same "in as many steps" "$steps" "$(grep -c '^ *[0-9]*[.)] ' "$OUT/tour")"
check "lists the states" memtool provoke list --json -o "$OUT/list"
check "of which holes are one" grep -q '"unmovable_holes"' "$OUT/list"
check "makes a state" memtool provoke --yes -o "$OUT/made" set hoard order=0 bytes=1048576
check "says what is held" grep -q 'state=hoard' "$OUT/made"
same "and nothing where a file was asked for" "" "$(memtool provoke status -o "$OUT/status")"
check "lets go of it" memtool provoke release
check "it unloads" rmmod memtool
check "the kernel did not complain" clean_log
finish
