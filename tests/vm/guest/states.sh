# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash
# In the guest, for collect: makes $STATES states one after another, drawn from $SEED, and runs
# memtool verify in each with few requests, so that most find a state that was asked little or
# nothing before. Leaves in $OUT an archive of replayable cases for each state.
# shellcheck disable=SC2153 # from collect
seed=$SEED

# pick WORD...: one of them, by the seed
pick() {
	seed=$(((seed * 1103515245 + 12345) % 2147483648))
	shift $((seed / 65536 % $#))
	picked=$1
}

mem_kb=$(awk '/^MemTotal/ { print $2 }' /proc/meminfo)
mkdir -p /fill
mount -t tmpfs -o size=95% none /fill
# Held open: the last close of a block device drops its page cache.
exec 9</dev/vda

# A state for verify to make, and its name for the records.
provoke() {
	states="$states --provoke '$*'"
	tag="$tag+${1#state=}"
	shift
	for word; do
		case $word in
		stride=* | mix=* | order=* | percent=* | to=* | keep=* | zone=* | random=*) tag="$tag,$word" ;;
		esac
	done
}

hog() { # STEP...: user space memory by guest/fragment.c, held until the next state
	/bin/fragment "$@" hold >/var/hog 2>&1 &
	hog=$!
	until grep -q ready /var/hog || ! kill -0 $hog 2>/dev/null; do usleep 20000; done
	tag="$tag+hog:$1,$2,$3"
}

# Page cache from the disk, shared memory, anonymous memory, dentries and inodes.
fill() {
	pick 0 0 30 60 90 110
	[ "$picked" = 0 ] || {
		dd if=/dev/vda of=/dev/null bs=64k count=$((mem_kb * picked / 6400)) 2>/dev/null
		tag="$tag+cache$picked"
	}
	pick 0 0 0 0 20 40 60
	[ "$picked" = 0 ] || {
		dd if=/dev/zero of=/fill/a bs=64k count=$((mem_kb * picked / 6400)) 2>/dev/null
		tag="$tag+shmem$picked"
	}
}

user() {
	pick 3 6 12 25
	left=$((mem_kb * picked / 100))
	pick 1 2 3 4 5
	case $picked in
	1) hog "fill:$left" tables:30 punch:1:3:60 ;;
	2) hog "fill:$left" punch:1:1:90 punch:4:12:10 ;;
	3) hog "fill:$left" tables:200 punch:2:6:80 ;;
	4) hog "fill:$left" punch:1:2:95 lock ;;
	5) hog "pages:$((mem_kb / 3))" "files:6000:7" punch:1:3:90 ;;
	esac
}

zone_name() {
	pick DMA32 Normal
	grep -q "zone *$picked" /proc/buddyinfo || picked=DMA32
	zone=$picked
}

one_state() {
	case $1 in
	quiet) ;;
	user) user ;;
	light)
		pick 16 32 64 128 256 512 && s=$picked
		pick 10 30 60 100 && m=$picked
		pick 20 50 80 95 && p=$picked
		pick 0 1 && provoke state=unmovable_holes stride="$s" mix="$m" percent="$p" random="$picked"
		;;
	holes)
		pick 2 2 4 4 8 16 && s=$picked
		pick 20 50 80 95 100 100 && m=$picked
		pick 60 90 98 99 && p=$picked
		pick 0 1 && provoke state=unmovable_holes stride="$s" mix="$m" percent="$p" random="$picked"
		;;
	block_holes)
		pick 1 2 3 4 5 && o=$picked
		pick 2 2 4 && s=$picked
		pick 90 98 99 && p=$picked
		pick 60 95 100 100 && m=$picked
		provoke state=unmovable_holes order="$o" stride="$s" mix="$m" percent="$p"
		;;
	movable)
		pick 2 2 4 8 && s=$picked
		pick 60 80 90 99 && p=$picked
		pick 0 1 1 1 && provoke state=movable_holes stride="$s" percent="$p" random="$picked"
		;;
	mixed)
		pick 2 4 16 && s=$picked
		pick 20 40 60 80 90 95 && m=$picked
		pick 0 1 && provoke state=unmovable_holes stride="$s" mix="$m" percent=99 random="$picked"
		pick 2 2 3 4 && provoke state=movable_holes stride="$picked" percent=99 random=1
		;;
	sprinkled)
		pick 16 64 256 && s=$picked
		provoke state=unmovable_holes stride="$s" percent=99 random=1
		pick 2 2 3 4 && provoke state=movable_holes stride="$picked" percent=99 random=1
		;;
	hoard)
		pick 1 2 3 4 6 8 && provoke state=hoard order="$picked" percent=99
		;;
	drain)
		pick min low high && t=$picked
		pick 0 0 1 2 && o=$picked
		zone_name
		provoke state=drain zone="$zone" to="$t" order="$o"
		;;
	drained)
		pick holes block_holes movable mixed light user
		one_state "$picked"
		pick low high min && t=$picked
		zone_name
		provoke state=drain zone="$zone" to="$t"
		;;
	highatomic)
		one_state holes
		pick 1 2 3 && provoke state=highatomic order="$picked" count=8
		;;
	slab)
		pick 1 2 8 32 && provoke state=slab_sparse cache=own:256 keep="$picked" bytes=$((mem_kb * 300))
		;;
	dma)
		provoke state=dma
		;;
	esac
}

# One more state, by the seed: its parts in $states, its name in $tag, what user space holds by $hog.
next_state() {
	tag=$1
	states='' hog=''
	rm -f /fill/a
	pick 1 1 1 0
	[ "$picked" = 0 ] || {
		echo 3 >/proc/sys/vm/drop_caches
		echo 1 >/proc/sys/vm/compact_memory
	}
	fill
	pick quiet quiet light light light holes holes block_holes movable movable movable mixed mixed mixed \
		sprinkled sprinkled hoard drain drained drained highatomic slab dma user user user user
	one_state "$picked"
	seed=$((seed + 1))
}

end_state() {
	[ -z "$hog" ] || { kill $hog; wait $hog; } 2>/dev/null
}

# What the OOM killer may take must not be what measures.
echo -900 >/proc/self/oom_score_adj
# end of functions
i=0
while [ $i -lt "$STATES" ]; do
	next_state "$SEED.$i"
	pick 3 5 8
	eval "memtool verify --slow -n $picked --seed $((seed * 7 + i)) --tag '$tag' $states \
		--cases '$OUT/cases' --all-cases -o /dev/null" ||
		echo "$tag: status $?" >>"$OUT/failed"
	end_state
	tar -C "$OUT" -czf "$OUT/$i.tgz" cases && rm -r "$OUT/cases"
	i=$((i + 1))
done
