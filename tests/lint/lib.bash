# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# For the checks in this folder. Each is a script that prints what is wrong, one line a finding,
# and exits 0 (clean), 1 (findings) or 77 (cannot run here, and says why).
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
BUILD=${BUILD:-build}
export MEMTOOL=$PWD/$BUILD/${PROGRAM:-memtool}
findings=0

# tracked [PATHSPEC...]: files of the tree, also where there is no git (a release's tarball).
tracked() {
	if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
		git ls-files --cached --others --exclude-standard -- "$@" |
			while IFS= read -r f; do [ -f "$f" ] && echo "$f"; done
	else
		local pattern
		for pattern in "${@:-*}"; do
			find . -path "./$BUILD" -prune -o -type f -path "./$pattern" -print | sed 's|^\./||'
		done
	fi
}

finding() {
	echo "$*"
	findings=$((findings + 1))
}

# dirty: a tool has printed findings itself.
dirty() {
	findings=$((findings + 1))
}

need() {
	command -v "$1" >/dev/null && return
	echo "$1 is not installed (make deps-test)"
	exit 77
}

finish() {
	[ "$findings" -eq 0 ]
	exit
}
