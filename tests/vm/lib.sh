# SPDX-License-Identifier: GPL-2.0-or-later
# Shared by the scripts of tests/vm: where things lie, and Debian packages of any suite
# and architecture, fetched by apt under a configuration of our own so that the host's
# package state is neither read nor changed.
# shellcheck shell=bash disable=SC2016

vm_here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
vm_top=$(cd "$vm_here/../.." && pwd)
vm_cache=${MEMTOOL_VM_CACHE:-$vm_top/build/vm}
vm_suites="bullseye bookworm trixie trixie-backports forky sid"

die() { echo "${0##*/}: $*" >&2; exit 1; }
usage_error() { echo "${0##*/}: $* (try --help)" >&2; exit 2; }
note() { [ -n "${VM_QUIET:-}" ] || echo "${0##*/}: $*" >&2; }
need() { command -v "$1" >/dev/null || die "$1 not found (install the package $2)"; }

# The leading comment of the calling script is its help text.
help_exit() { sed -n '3,/^[^#]/{s/^# \{0,1\}//p}' "$0"; exit 0; }

# with_lock NAME COMMAND...: several runs may share the cache
with_lock() {
	local name=$1 fd rc=0
	shift
	mkdir -p "$vm_cache/lock"
	exec {fd}>"$vm_cache/lock/$name"
	flock "$fd"
	"$@" || rc=$?
	exec {fd}>&-
	return $rc
}

# The mirror that the host's own apt uses for Debian's main archive.
vm_mirror() {
	if [ -n "${MEMTOOL_VM_MIRROR:-}" ]; then
		echo "$MEMTOOL_VM_MIRROR"
		return
	fi
	apt-get indextargets --format '$(ORIGIN)|$(LABEL)|$(REPO_URI)' 2>/dev/null |
		awk -F'|' '$1 == "Debian" && $2 == "Debian" { print $3; exit }'
}

vm_apt() {
	local tool=$1
	shift
	APT_CONFIG=$vm_cache/apt/apt.conf "$tool" "$@"
}

vm_apt_setup() {
	local dir=$vm_cache/apt mirror suite arches
	if [ -f "$dir/updated" ] && [ -z "$(find "$dir/updated" -mtime +1)" ]; then
		return 0
	fi
	need apt-get apt
	mirror=$(vm_mirror)
	[ -n "$mirror" ] || die "apt knows no Debian mirror (run apt-get update, or set MEMTOOL_VM_MIRROR)"
	mkdir -p "$dir"/{lists/partial,cache/archives/partial,etc,log,dpkg}
	: >"$dir/dpkg/status"
	for suite in $vm_suites; do
		# Debian 13 has no i386 kernel any more, and pages of 4 KiB on ppc64el from 6.12 on
		case $suite in
		bullseye) arches=amd64,arm64,i386 ;;
		bookworm) arches=amd64,arm64,i386,ppc64el ;;
		*) arches=amd64,arm64 ;;
		esac
		echo "deb [arch=$arches signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main"
	done >"$dir/etc/sources.list"
	# The host's own fragments stay out (hooks, a disabled cache), its way to the mirror does not.
	{
		apt-config dump | grep -iE '^Acquire::[^ ]*(proxy|timeout|ca-?info|verify)' || true
		cat <<-CONF
		APT::Architecture "amd64";
		APT::Architectures { "amd64"; "arm64"; "i386"; "ppc64el"; };
		APT::Install-Recommends "false";
		APT::Sandbox::User "root";
		APT::Cache-Limit "0";
		Acquire::Languages "none";
		Acquire::Retries "3";
		Acquire::Check-Valid-Until "false";
		Dir::State "$dir";
		Dir::State::lists "$dir/lists";
		Dir::State::status "$dir/dpkg/status";
		Dir::Cache "$dir/cache";
		Dir::Log "$dir/log";
		Dir::Etc::main "/dev/null";
		Dir::Etc::parts "/dev/null";
		Dir::Etc::sourcelist "$dir/etc/sources.list";
		Dir::Etc::sourceparts "/dev/null";
		Dir::Etc::preferences "$dir/etc/preferences";
		Dir::Etc::preferencesparts "/dev/null";
		CONF
	} >"$dir/apt.conf"
	note "reading the package lists of ${vm_suites// /, }"
	# A mirror caught in the middle of a sync may lack one list; the rest still serves.
	vm_apt apt-get -qq update || note "some package list could not be read"
	[ -n "$(vm_packages linux-image-)" ] || die "no package list could be read"
	touch "$dir/updated"
}

# vm_packages PREFIX: names of packages that start with PREFIX, in version order
vm_packages() { vm_apt apt-cache pkgnames "$1" | sort -V; }

# vm_has PACKAGE ARCH: apt knows a name that packages only depend on too, but can show nothing of it
vm_has() { vm_apt apt-cache show --no-all-versions "$1:$2" 2>/dev/null | grep . >/dev/null; }

# vm_unpack DIR ARCH PACKAGE[/SUITE]...: fetch (apt checks signature and SHA256) and unpack
vm_unpack() {
	local dir=$1 arch=$2 debs pkg
	shift 2
	mkdir -p "$dir"
	debs=$(mktemp -d "$vm_cache/debs.XXXXXX")
	for pkg; do
		(cd "$debs" && vm_apt apt-get -qq download "${pkg%/*}:$arch${pkg#"${pkg%/*}"}") ||
			die "cannot download $pkg:$arch"
		dpkg-deb -x "$debs"/*.deb "$dir" || die "cannot unpack $pkg:$arch"
		rm -f "$debs"/*.deb
	done
	rmdir "$debs"
}

vm_busybox_fetch() {
	local dir=$vm_cache/busybox tmp
	if [ -x "$dir/$1" ]; then
		return 0
	fi
	tmp=$(mktemp -d "$vm_cache/busybox.XXXXXX")
	vm_unpack "$tmp" "$1" busybox-static/bookworm
	mkdir -p "$dir"
	cp -L "$tmp/bin/busybox" "$dir/$1.new" || die "no busybox for $1"
	mv "$dir/$1.new" "$dir/$1"
	rm -rf "$tmp"
}

# vm_busybox ARCH: path of a static busybox for the guest
vm_busybox() {
	with_lock apt vm_apt_setup && with_lock "busybox-$1" vm_busybox_fetch "$1" &&
		echo "$vm_cache/busybox/$1"
}

# guest_tool ARCH NAME: a static build of guest/NAME.c
guest_tool() {
	local bin=$vm_cache/guest/$1/$2 cc
	case $1 in
	amd64) cc="${CC:-gcc}" ;;
	arm64) cc=aarch64-linux-gnu-gcc ;;
	i386) cc=i686-linux-gnu-gcc ;;
	ppc64el) cc=powerpc64le-linux-gnu-gcc ;;
	esac
	need "$cc" "gcc for $1"
	if [ ! "$bin" -nt "$vm_here/guest/$2.c" ]; then
		mkdir -p "${bin%/*}"
		$cc -std=c17 -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -Wall -Wextra -O2 -static \
			-o "$bin" "$vm_here/guest/$2.c" || die "guest/$2.c does not build for $1"
	fi
	echo "$bin"
}
