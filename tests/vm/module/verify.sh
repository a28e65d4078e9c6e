# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=dash source=lib.sh disable=SC1091,SC2015,SC2034,SC2086,SC2154
# verify as on a production host: what it leaves behind, and each verdict as a case, which
# verify.check replays on the host.
. /t/lib.sh
load
settle

counters() { awk '/^(allocstall|compact_stall|compact_fail|compact_success|pgscan_direct|oom_kill|pgmigrate)/ { s += $2 } END { print s + 0 }' /proc/vmstat; }
before=$(counters)
memtool verify -n 70 --seed 5 --json -o "$OUT/verify.json" --cases "$OUT/cases" --all-cases --records "$OUT/records"
same "verify: status" 0 $?
same "nothing was reclaimed, compacted or killed for it" "$before" "$(counters)"
ask provoke status
same "no state is left" "" "$answer"
memtool verify -n 40 --seed 6 --wait -o "$OUT/text" --cases "$OUT/cases-wait" --all-cases \
	--provoke "state=unmovable_holes stride=8 percent=95"
same "verify --wait --provoke: status" 0 $?
ask provoke status
same "the state that it made is released" "" "$answer"
memtool verify --sysroot / >/dev/null 2>&1
same "verify --sysroot: a usage error" 2 $?
check "the kernel did not complain" clean_log
finish
