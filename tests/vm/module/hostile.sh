# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash source=lib.sh disable=SC1091,SC2015,SC2034,SC2086,SC2154
# Hostile input to each file: refused with a reason, never a crash.
. /t/lib.sh
load

bad() { # FILE TEXT
	ask "$1" "$2"
	case $asked/$answer in
	0/*) not_ok "$1 takes '$2'" ;;
	*reason=*) ok "$1 refuses '$(echo "$2" | cut -c1-40)'" ;;
	*) not_ok "$1 gives no reason for '$2': $answer" ;;
	esac
}
long=$(head -c 4000 /dev/zero | tr '\0' a)

for f in try provoke demo; do
	for text in "" " " "=" "a" "a=" "=a" "nokey=1" "$long" "api" "state" 'x"y=1' "$(printf 'a=\033[1m')" \
		"$(printf 'a=1\nb=2')" "$(printf 'a=\377')" "%s%n=%x" "release id" "release id=0" "release id=99" "release id=1 id=1"; do
		bad $f "$text"
	done
done
for text in size=-1 size=0 size= size=0x size=1e3 size=18446744073709551616 size=99999999999999999999999 \
	size=+1 size=1k order=32 order=-1 node=-2 node=9223372036854775808 count=0 count=1025 force=2 cpu=-2 \
	dma_mask=0 dma_mask=65 gfp=zz gfp=-1 api=kmalloc api="$(echo "$long" | cut -c1-40)" tag=a; do
	bad try "api=kmalloc $text"
done
for text in bytes=0 bytes=-1 stride=1 stride=0 stride=1025 order=11 mix=0 mix=101 percent=0 percent=100 floor=0 floor=1 \
	deadline=0 deadline=3601 shrinker=2 zone=Nowhere node=5000 node=50 migratetype=odd rate=1 cache=own:64 leave=a \
	follow=2 "follow=1 mix=50" state=hoard state= "stride=1024 order=10"; do
	bad provoke "state=unmovable_holes $text"
done
for text in cache=dentry cache=own:1 cache=own:99999999 cache=own: cache=own:-1 cache=kmalloc-0 cache=kmalloc-9999999999999999999k; do
	bad provoke "state=slab_sparse $text"
done
bad provoke "state=vmalloc size=1073741824 mode=space count=1048577"
bad provoke "state=drain to=nowhere"
bad provoke "state=highatomic order=0"

printf 'api=kmalloc\0size=64' >$dir/try 2>/dev/null && not_ok "a NUL byte" || ok "a NUL byte"
head -c 100000 /dev/urandom >/tmp/junk
i=0
while [ $i -lt 40 ]; do
	for f in try provoke demo batch; do
		dd if=/tmp/junk of=$dir/$f bs=$((i * 53 + 1)) count=3 skip=$i conv=notrunc 2>/dev/null
	done
	i=$((i + 1))
done
ok "random bytes"
dd if=/dev/zero of=$dir/batch bs=65536 count=1 2>/dev/null
yes 'api=kmalloc size=64 gfp=0' 2>/dev/null | head -n 300 | dd of=$dir/batch bs=65535 2>/dev/null
ok "batch of 300 lines"
for f in version states; do
	echo x 2>/dev/null >$dir/$f && not_ok "$f is read only" || ok "$f is read only"
	dd if=$dir/$f bs=1 count=5 2>/dev/null | grep -q . && ok "$f by single bytes" || not_ok "$f by single bytes"
done
same "files are root's alone" 0 "$(find $dir -type f -perm /077 | wc -l)"
same "so is the directory" 0 "$(find $dir -maxdepth 0 -perm /077 | wc -l)"
ask try "api=kmalloc size=64 gfp=0"
same "it still works" 1 "$(value ok)"
check "no state came of it" [ -z "$(cat $dir/provoke)" ]
check "it unloads" rmmod memtool
check "the kernel did not complain" clean_log
finish
