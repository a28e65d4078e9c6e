#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# memtool watch, driven by keys in a real terminal (tmux), and without one.
load ../helper

setup() {
	cd "$BATS_TEST_TMPDIR"
	machine 10 A
	S=memtool-watch-$BATS_TEST_NUMBER-$$
}

teardown() {
	tmux -L "$S" kill-server 2>/dev/null || true
}

machine() {
	mkdir -p m/proc m/memtool
	printf 'Node 0, zone   Normal %6d 2 3 4 5 6 7 8 9 10 11\n' "$1" >m/proc/buddyinfo
	printf 'slabinfo - version: 2.1\n# name <active_objs> ...\n' >m/proc/slabinfo
	for i in {1..60}; do
		printf 'cache-%s%d 5 8 512 8 1 : tunables 0 0 0 : slabdata %d %d 0\n' "$2" "$i" $((i * 10)) $((i * 10)) >>m/proc/slabinfo
	done
	date -u -d "@$((1700000000 + $1))" +%Y-%m-%dT%H:%M:%SZ >m/memtool/time
}

# A terminal with memtool watch in it; a shell stands behind, which tells its exit status.
# ncurses keeps its screens until the process ends: no leak of ours.
start() {
	tmux -L "$S" -f /dev/null new-session -d -x 100 -y 30 "TERM=screen-256color ASAN_OPTIONS=detect_leaks=0; export TERM ASAN_OPTIONS; sh"
	tmux -L "$S" send-keys "'$MEMTOOL' watch $*; echo left with \$?" Enter
}

screen() {
	tmux -L "$S" capture-pane -p
}

# until PATTERN: the screen shows it, within 20 s.
until_shows() {
	for _ in {1..200}; do
		screen | grep -qE -- "$1" && return
		sleep 0.1
	done
	screen
	return 1
}

key() {
	tmux -L "$S" send-keys "$@"
}

@test "views, sorting, scrolling, pause, help, quit" {
	need tmux
	start -s m -i 0.2
	until_shows '\[overview\]'
	screen | grep -qE '^ +0 Normal '
	key c
	until_shows '\[caches\]'
	# The largest first: 600 slabs of 4096 bytes.
	screen | grep -A1 'slab cache (by bytes)' | grep -q '2.3M .*cache-A60'
	key s
	until_shows 'by change'
	key s
	until_shows 'by bytes'
	key Down
	until_shows 'cache-A59'
	sleep 0.3
	not grep -q cache-A60 <(screen)
	key h
	until_shows 'longer or shorter interval'
	key v
	until_shows '\[vmalloc\]'
	key r
	until_shows '\[requests\]'
	key Space
	until_shows 'paused'
	key Space
	sleep 0.5
	key q
	until_shows 'left with 0'
	# The terminal is the shell's again: it echoes.
	key 'echo e''cho' Enter
	until_shows '^echo$'
}

@test "a terminal that changes its size" {
	need tmux
	start -s m -i 0.2
	until_shows '\[overview\]'
	key c
	until_shows 'cache-A60'
	not grep -q 'cache-A20 ' <(screen)
	tmux -L "$S" resize-window -x 120 -y 55
	until_shows 'cache-A20$'
	tmux -L "$S" resize-window -x 60 -y 12
	sleep 0.7
	[ "$(screen | grep -c cache-A)" -lt 12 ]
	key q
	until_shows 'left with 0'
}

@test "SIGTERM gives the terminal back" {
	need tmux
	start -s m -i 0.2
	until_shows '\[overview\]'
	pid=$(tmux -L "$S" list-panes -F '#{pane_pid}')
	kill -TERM "$(pgrep -P "$pid" | head -n 1)"
	until_shows 'left with [0-9]|Terminated'
	key 'stty -a | tr " " "\n" | grep -x echo' Enter
	until_shows '^echo$'
	key 'tput cnorm; echo back' Enter
	until_shows '^back$'
}

@test "replay of a recording, step and seek" {
	need tmux
	[[ $(memtool record none/x 2>&1) != *WITH_SQLITE* ]] || skip "built without recordings"
	for i in 1 2 3 4 5; do
		machine "$i" "$i"
		memtool record -q -s m -n 1 t.rec
	done
	start t.rec -i 60
	until_shows '22:13:21, replay'
	key Right
	until_shows '22:13:22, replay'
	key End
	until_shows '22:13:25, replay'
	key Left
	until_shows '22:13:24, replay'
	# A step back compares with the sample before, as a step on does: 4 free pages after 3.
	until_shows '^ +0 Normal +[^ ]+ +\+4K'
	key Home
	until_shows '22:13:21, replay'
	key q
	until_shows 'left with 0'
}

@test "a pipe and a dumb terminal get text" {
	memtool watch -s m -n 2 -i 0.1 >out
	[ "$(grep -c '^memtool watch:' out)" -eq 2 ]
	not grep -q $'\x1b' out
	run env TERM=dumb "$MEMTOOL" watch -s m -n 1
	[ "$status" -eq 0 ]
	run memtool watch -J
	[ "$status" -eq 2 ]
	run memtool watch -s m m
	[ "$status" -eq 1 ]
}

@test "watch and snapshot mean the same by page cache and vmalloc" {
	root=$TOP/fixtures/6.1-amd64-4K-fragmented
	cached=$(memtool snapshot -s "$root" | grep -o 'page cache [^,]*')
	pages=$(memtool snapshot -s "$root" | grep -o '[^ ]* of real pages' | cut -d' ' -f1)
	memtool watch -n 1 -s "$root" </dev/null >"$BATS_TEST_TMPDIR/out"
	grep -qE "^free [^ ]+  $cached  .*vmalloc pages $pages\$" "$BATS_TEST_TMPDIR/out"
	# Of what meminfo calls Cached nothing but shared memory is there.
	[ "$cached" = "page cache 0" ]
	[ "$(awk '/^Cached:/ { c = $2 } /^Shmem:/ { s = $2 } END { print c - s }' "$root/proc/meminfo")" -le 0 ]
}
