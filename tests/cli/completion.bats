#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The completions are driven as the shells drive them, and offer what the option tables hold.
load ../helper

setup() {
	cd "$BATS_TEST_TMPDIR"
	mkdir -p folder
	touch file.json folder/inner
	completions=$TOP/$BUILD/completions
	[ -f "$completions/memtool.bash" ] || completions=$TOP/build/completions
}

own_options() {
	memtool --list-options | awk -F '\t' -v c="$1" '$1 == c && $2 != "" { print $2 }'
}

commands() {
	memtool --list-options | awk -F '\t' '$1 != "" && $2 == "" { print $1 }' | sort
}

# bash_complete WORD...: what bash offers for the last word. readline splits at "=" too.
bash_complete() {
	# shellcheck source=/dev/null
	bash --norc --noprofile -c '
		source "$1"
		shift
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		_memtool memtool "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
		printf "%s\n" "${COMPREPLY[@]}"' bash "$completions/memtool.bash" memtool "$@" 2>/dev/null | sort
}

@test "bash: commands, also after global options with arguments" {
	[ "$(bash_complete '')" = "$( (commands && echo help) | sort)" ]
	[ "$(bash_complete help '')" = "$(commands)" ]
	[ "$(bash_complete sn)" = snapshot ]
	[ "$(bash_complete -s folder sn)" = snapshot ]
	[ "$(bash_complete --sysroot = folder sn)" = snapshot ]
	[ "$(bash_complete --json sn)" = snapshot ]
	# An argument is not taken for the command.
	[ "$(bash_complete -o snapshot sn)" = snapshot ]
}

@test "bash: the columns of a table, as it names them" {
	for c in slab vmalloc; do
		memtool "$c" --columns help | awk '/^[a-z]/ { print $1 }' | sort >said
		[ "$(wc -l <said)" -gt 10 ]
		bash_complete "$c" --sort '' | diff said -
		bash_complete "$c" --columns '' | grep -vxF -e all -e help | diff said -
	done
}

@test "bash: every option of every command" {
	for c in $(commands); do
		for o in $(own_options '') $(own_options "$c"); do
			bash_complete "$c" "$o" | grep -qxF -- "$o" || { echo "$c $o"; return 1; }
		done
	done
}

@test "bash: words, files and folders as arguments of options" {
	[ "$(bash_complete snapshot --color '' | tr '\n' ' ')" = 'always auto never ' ]
	[ "$(bash_complete snapshot --color = al)" = always ]
	[ "$(bash_complete snapshot --color =)" = "$(printf 'always\nauto\nnever')" ]
	[ "$(bash_complete snapshot --sysroot '')" = folder ]
	[ "$(bash_complete snapshot --from fi)" = file.json ]
	[ "$(bash_complete -s fo)" = folder ]
}

@test "bash: what a command takes: files, verbs, each API" {
	[ "$(bash_complete log fi)" = file.json ]
	[ "$(bash_complete provoke '' | tr '\n' ' ')" = 'list release set status ' ]
	# as explain says of itself, and each is one that it knows
	memtool explain --help | sed -n '/^APIs: /,/^$/p' | sed '1s/^APIs: //' | tr -d '.' | tr ',' '\n' | awk 'NF { print $1 }' | sort >said
	[ "$(wc -l <said)" -gt 15 ]
	bash_complete explain '' | diff said -
	while read -r api; do
		not grep -q "unknown API" <(memtool explain "$api" 64 2>&1)
	done <said
}

@test "bash: lists with commas" {
	need jq
	memtool --list-options | awk -F '\t' '$4 ~ /,/ && $5 ~ /\|/ { print $1, $2, $5 }' >lists
	while read -r command option values; do
		first=${values%%|*} second=${values#*|} second=${second%%|*}
		bash_complete "$command" "$option" "$first,$second" | grep -qxF -- "$first,$second"
	done <lists
}

@test "bash: the script is clean" {
	need shellcheck
	shellcheck -s bash -S warning "$completions/memtool.bash"
}

zsh_complete() {
	cat >drive.zsh <<-'END'
		# Runs the completion with compadd and _describe caught, in a pseudo-terminal of zpty.
		zmodload zsh/zpty
		zpty shell zsh -f
		send() { zpty -w shell "$1" }
		send "PROMPT=; unsetopt zle_bracketed_paste; fpath=($1 \$fpath); autoload -Uz compinit; compinit -u -d $2/dump"
		send "compdef _memtool memtool; zstyle ':completion:*' list-prompt ''; zstyle ':completion:*' menu no"
		send "LISTMAX=10000; COLUMNS=300; setopt no_beep; zmodload zsh/complist"
		send "bindkey '^I' complete-word; finish() { print -r -- \"LINE<\$BUFFER>\" >$2/line.new; mv $2/line.new $2/line; BUFFER=; zle accept-line }"
		send "zle -N finish; bindkey '^X' finish; print all is re''ady"
		# As long as a busy machine takes; the second key waits for what the first one does.
		zpty -r shell output '*all is ready*'
		zpty -n -w shell "$3"$'\t'
		zpty -n -w shell $'\x18'
		for ((i = 0; i < 250; i++)); do
			[[ -e $2/line ]] && break
			sleep 0.1
		done
		zpty -d shell
	END
	rm -f line
	timeout 30 zsh -f drive.zsh "$completions" "$BATS_TEST_TMPDIR" "$1" >/dev/null 2>&1 || true
	sed -n 's/^LINE<\(.*\)>$/\1/p' line
}

@test "zsh: commands, options and values complete" {
	need zsh
	[ "$(zsh_complete 'memtool snaps')" = 'memtool snapshot ' ]
	[ "$(zsh_complete 'memtool snapshot --syr')" = 'memtool snapshot --syr' ]
	[[ "$(zsh_complete 'memtool snapshot --sysr')" == 'memtool snapshot --sysroot='* ]]
	[ "$(zsh_complete 'memtool snapshot --color=alw')" = 'memtool snapshot --color=always ' ]
	[ "$(zsh_complete 'memtool --color never snaps')" = 'memtool --color never snapshot ' ]
}

@test "zsh: the script parses" {
	need zsh
	zsh -n "$completions/_memtool"
}

fish_complete() {
	# Fish keeps caches in the home folder.
	HOME=$BATS_TEST_TMPDIR fish --no-config -c "source $completions/memtool.fish; complete -C '$1'" | cut -f 1 | sort
}

@test "fish: commands, options and values complete" {
	need fish
	[ "$(fish_complete 'memtool ')" = "$( (commands && echo help) | sort)" ]
	[ "$(fish_complete 'memtool snaps')" = snapshot ]
	[ "$(fish_complete 'memtool -s folder snaps')" = snapshot ]
	[ "$(fish_complete 'memtool snapshot --sysr')" = --sysroot ]
	[ "$(fish_complete 'memtool snapshot --color alw')" = always ]
	for c in $(commands); do
		for o in $(own_options '') $(own_options "$c"); do
			fish_complete "memtool $c $o" | grep -qE -- "^$o=?\$" || { echo "$c $o"; return 1; }
		done
	done
}
