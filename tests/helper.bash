# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# For bats files: load ../helper
#	$TOP		the tree
#	$MEMTOOL	the program under test (a sanitizer build, a wrapper with valgrind, ...)
#	memtool ...	runs it
#	$PYTHON		a Python that has the distribution's packages
#	need WORD...	skips the test when a program is missing
#	natively	skips the test when $MEMTOOL is a wrapper with valgrind: descriptors, PATH and traces are not memtool's then
TOP=$(cd "${BATS_TEST_DIRNAME:-$PWD}/../.." && pwd)
export TOP
export MEMTOOL=${MEMTOOL:-$TOP/${BUILD:-build}/${PROGRAM:-memtool}}
PYTHON=python3
[ -x /usr/bin/python3 ] && PYTHON=/usr/bin/python3
export PYTHON

memtool() {
	"$MEMTOOL" "$@"
}

need() {
	local word
	for word; do
		command -v "$word" >/dev/null || skip "$word is not installed (make deps-test)"
	done
}

natively() {
	[ -z "${VALGRIND:-}" ] || skip "not under valgrind"
}

need_module() {
	"$PYTHON" -c "import $1" 2>/dev/null || skip "python3 module $1 is not installed (make deps-test)"
}

# not COMMAND...: fails if COMMAND succeeds, also in the middle of a test (bats ignores a bare "!").
not() {
	! "$@"
}
