#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# doctor: what it says of options, boot parameters and settings, against the kernel that is said to have them.
load ../helper

setup() {
	cd "$BATS_TEST_TMPDIR"
}

# host RELEASE [CONFIG LINE]...: a machine of that kernel and configuration
host() {
	rm -rf host
	mkdir -p host/boot host/proc/sys/vm host/proc/sys/kernel
	echo "$1" >host/proc/sys/kernel/osrelease
	echo "Linux version $1 (a@b) #1" >host/proc/version
	echo 'root=/dev/vda' >host/proc/cmdline
	echo 'MemTotal: 100000 kB' >host/proc/meminfo
	[ $# -eq 1 ] || printf '%s\n' "${@:2}" >"host/boot/config-$1"
}

# aid CONFIG MEMBER
aid() {
	memtool doctor -s host -J | jq -r ".aids[] | select(.config == \"$1\") | .$2"
}

@test "doctor: a boot option is read by the code that it names" {
	need jq
	# cma= is kernel/dma/contiguous.c's, which is CONFIG_DMA_CMA
	host 6.1.0 CONFIG_CMA=y CONFIG_DMA_CMA=y
	[ "$(aid CMA turn_on)" = 'boot with cma=64M' ]
	host 6.1.0 CONFIG_CMA=y '# CONFIG_DMA_CMA is not set'
	[[ "$(aid CMA turn_on)" == *built*CONFIG_DMA_CMA*cma=64M* ]]
	host 6.1.0 '# CONFIG_CMA is not set'
	[[ "$(aid CMA turn_on)" == *built*CONFIG_DMA_CMA*cma=64M* ]]
	# mm/kfence/core.c:param_set_sample_interval turned nothing on after boot before 5.18
	host 5.15.0 CONFIG_KFENCE=y
	[ "$(aid KFENCE turn_on)" = 'boot with kfence.sample_interval=100' ]
	host 6.1.0 CONFIG_KFENCE=y
	[[ "$(aid KFENCE turn_on)" == *'echo 100 > /sys/module/kfence/parameters/sample_interval'* ]]
	# lib/alloc_tag.c: vm.mem_profiling can be written only where it was not "never" at boot, the default
	host 6.12.0 CONFIG_MEM_ALLOC_PROFILING=y
	[[ "$(aid MEM_ALLOC_PROFILING turn_on)" == 'boot with sysctl.vm.mem_profiling=1'* ]]
}

@test "doctor: what an aid gives is what this kernel's build of it gives" {
	need jq
	# to 5.10 an option left the check out, and hibernation chose it
	host 5.4.0 CONFIG_PAGE_POISONING=y CONFIG_PAGE_POISONING_NO_SANITY=y
	[[ "$(aid PAGE_POISONING gives)" == *'not checked'* ]]
	host 5.4.0 CONFIG_PAGE_POISONING=y '# CONFIG_PAGE_POISONING_NO_SANITY is not set'
	[ "$(aid PAGE_POISONING gives)" = 'writes to freed pages' ]
	# the SLAB allocator, and CONFIG_DEBUG_SLAB with it: 6.7 is the last that has them
	[[ "$(aid DEBUG_SLAB gives)" == *'(gone in 6.8)' ]]
	# KFENCE_POOL_SIZE: (255 + 1) * 2 pages, whatever a page is
	[[ "$(aid KFENCE cost)" == *'512 pages'* ]]
}

@test "doctor: a default is that of the kernel at hand" {
	need jq
	setting() {
		memtool doctor -s host -J | jq -c ".tunables[] | select(.name == \"$1\") | [.default, .at_default]"
	}
	# "mm: thp: set THP defrag by default to madvise": 4.6
	host 4.4.302
	mkdir -p host/sys/kernel/mm/transparent_hugepage
	echo '[always] madvise never' >host/sys/kernel/mm/transparent_hugepage/defrag
	[ "$(setting transparent_hugepage/defrag)" = '["always",true]' ]
	host 6.1.0
	mkdir -p host/sys/kernel/mm/transparent_hugepage
	echo 'always defer defer+madvise [madvise] never' >host/sys/kernel/mm/transparent_hugepage/defrag
	[ "$(setting transparent_hugepage/defrag)" = '["madvise",true]' ]
	# mm/Kconfig: COMPACT_UNEVICTABLE_DEFAULT is 0 with PREEMPT_RT
	host 6.1.0-rt CONFIG_COMPACTION=y CONFIG_PREEMPT_RT=y
	echo 0 >host/proc/sys/vm/compact_unevictable_allowed
	[ "$(setting vm.compact_unevictable_allowed)" = '["0",true]' ]
	host 6.1.0 CONFIG_COMPACTION=y '# CONFIG_PREEMPT_RT is not set'
	echo 0 >host/proc/sys/vm/compact_unevictable_allowed
	[ "$(setting vm.compact_unevictable_allowed)" = '["1",false]' ]
}

# mm/page_alloc.c:zone_highsize: 1/8 of a zone is more than the low watermark
@test "doctor: a fraction of a zone is not said to shrink the per-CPU lists" {
	host 6.1.0
	echo 8 >host/proc/sys/vm/percpu_pagelist_high_fraction
	memtool doctor -s host | grep -A 2 '^vm.percpu_pagelist_high_fraction' >out
	grep -q 'moved: .*1/N of' out
	not grep -q smaller out
}
