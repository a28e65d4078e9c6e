#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# make install puts everything in its place, make uninstall takes exactly that away again.
load ../helper

setup() {
	cd "$TOP"
	[ "$BUILD" = build ] || skip "of the plain build only"
	dest=$BATS_TEST_TMPDIR/dest
}

make_quietly() {
	NO_BUILD=${NO_BUILD-1} "${MAKE:-make}" -s BUILD="$BUILD" "$@"
}

@test "install with PREFIX and DESTDIR: program, pages, completions, schemas" {
	make_quietly install DESTDIR="$dest" PREFIX=/usr
	cd "$dest/usr"
	[ -x bin/memtool ]
	bin/memtool --version
	for page in "$TOP"/man/*.1; do
		cmp "$page" "share/man/man1/${page##*/}"
	done
	for page in "$TOP"/man/*.5; do
		[ ! -e "$page" ] || cmp "$page" "share/man/man5/${page##*/}"
	done
	[ -f share/bash-completion/completions/memtool ]
	[ -f share/zsh/site-functions/_memtool ]
	[ -f share/fish/vendor_completions.d/memtool.fish ]
	for schema in "$TOP"/src/share/schema/*.json; do
		[ ! -e "$schema" ] || cmp "$schema" "share/memtool/schema/${schema##*/}"
	done
	cmp "$TOP/src/share/dashboards/memtool.json" share/memtool/dashboards/memtool.json
	cmp "$TOP/src/share/alerts/memtool.rules.yml" share/memtool/alerts/memtool.rules.yml
	# Nothing outside the prefix, nothing that others may write to, nothing empty.
	[ "$(ls -A "$dest")" = usr ]
	[ -z "$(find . -type f \( -perm /022 -o -size 0 \))" ]
}

@test "uninstall removes what install put there and nothing else" {
	mkdir -p "$dest/usr/share/man/man1" "$dest/usr/bin"
	echo other >"$dest/usr/share/man/man1/other.1"
	make_quietly install DESTDIR="$dest" PREFIX=/usr
	echo mine >"$dest/usr/bin/memtool.local"
	make_quietly uninstall DESTDIR="$dest" PREFIX=/usr
	[ "$(cd "$dest" && find . -type f | sort)" = "./usr/bin/memtool.local
./usr/share/man/man1/other.1" ]
	[ ! -e "$dest/usr/share/memtool" ]
	[ ! -e "$dest/usr/libexec/memtool" ]
}

@test "install twice is the same as once" {
	make_quietly install DESTDIR="$dest" PREFIX=/usr
	(cd "$dest" && find . -type f | sort | xargs cksum) >"$BATS_TEST_TMPDIR/once"
	make_quietly install DESTDIR="$dest" PREFIX=/usr
	(cd "$dest" && find . -type f | sort | xargs cksum) >"$BATS_TEST_TMPDIR/twice"
	cmp "$BATS_TEST_TMPDIR/once" "$BATS_TEST_TMPDIR/twice"
}

@test "another program name renames program, pages and completions" {
	NO_BUILD="" make_quietly -j2 install BUILD="$BATS_TEST_TMPDIR/build" PROGRAM=memfrag CFLAGS=-O0 DESTDIR="$dest" PREFIX=/usr
	[ "$("$dest/usr/bin/memfrag" --version | cut -d ' ' -f 1)" = memfrag ]
	run "$dest/usr/bin/memfrag" --nonsense
	[[ $output == memfrag:* ]]
	[ -f "$dest/usr/share/man/man1/memfrag.1" ]
	grep -q '^complete -F .* memfrag$' "$dest/usr/share/bash-completion/completions/memfrag"
	[ -z "$(find "$dest" -name 'memtool*' -path '*/bin/*')" ]
	# What names the program starts that one, and the pages call it so.
	grep -q '^ExecStart=/usr/bin/memfrag record ' "$dest/usr/lib/systemd/system/memfrag-record.service"
	not grep -rq 'ExecStart=.*/memtool ' "$dest/usr/lib/systemd"
	grep -qx '.Nm memfrag-slab' "$dest/usr/share/man/man1/memfrag-slab.1"
	not grep -rqE '^\.(Nm|Xr) memtool' "$dest/usr/share/man"
}
