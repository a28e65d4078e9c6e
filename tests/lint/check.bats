#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The quick checks of `make lint` that a change of the program may break.
load ../helper

check() {
	run "$TOP/tests/lint/$1"
	echo "$output"
	[ "$status" -ne 77 ] || skip "$output"
	[ "$status" -eq 0 ]
}

@test "manual pages and completions agree with the option tables" {
	check tables
}

@test "memtool-json(5) and schemas cover every document" {
	check json
}

@test "layers include only what is to their left" {
	check layers
}

@test "each source says its licence" {
	check spdx
}

@test "no machine's paths, no package hosts" {
	check forbidden
}

@test "manual pages are well-formed" {
	check man
}
