#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# memtool report: by its text, and in a real browser.
load ../helper

setup() {
	cd "$BATS_TEST_TMPDIR"
}

# Two samples of a machine on which somebody chose the names.
hostile() {
	mkdir -p m/proc/sys/kernel m/memtool
	echo '<script>alert(2)</script>' >m/proc/sys/kernel/hostname
	echo '6.1.0"onload="alert(3)' >m/proc/sys/kernel/osrelease
	for i in 1 2; do
		printf 'Node 0, zone   Normal %6d 2 3 4 5\n' $((i * 10)) >m/proc/buddyinfo
		printf 'slabinfo - version: 2.1\n# name <active_objs> ...\n' >m/proc/slabinfo
		for name in '<img src=x onerror=alert(1)>' '"><svg/onload=alert(4)>' "a'b&amp;" kmalloc-64; do
			printf '%s %d %d 512 8 1 : tunables 0 0 0 : slabdata %d %d 0\n' "${name// /_}" $((i * 900)) \
				$((i * 9000 + ${#name})) $((i * 9000 + ${#name})) $((i * 9000 + ${#name})) >>m/proc/slabinfo
		done
		# A name with blanks, as older kernels let through.
		sed -i 's/<img_src=x_onerror/<img src=x onerror/' m/proc/slabinfo
		printf '0x0000000000000000-0x0000000000000000 8192 <b>caller</b>+0x1/0x2 [<i>m</i>] pages=1 vmalloc N0=1\n' \
			>m/proc/vmallocinfo
		echo "2026-01-31T12:00:0$i.000Z" >m/memtool/time
		memtool snapshot -s m -J
	done >film.json
}

@test "names are text, and nothing is loaded from anywhere" {
	hostile
	memtool report -o r.html film.json
	"$PYTHON" - <<'END'
from html.parser import HTMLParser
import re
text = open("r.html", encoding="utf-8").read()
seen = []
class P(HTMLParser):
	def handle_starttag(self, tag, attrs):
		seen.append((tag, dict(attrs)))
	def handle_data(self, data):
		words.append(data)
words = []
P().feed(text)
tags = [t for t, a in seen]
assert "img" not in tags and "b" not in tags and "i" not in tags, set(tags)
assert tags.count("script") == 1
for tag, attrs in seen:
	for name, value in attrs.items():
		assert not name.startswith("on"), (tag, name)
		if name in ("src", "href", "xlink:href"):
			assert value.startswith(("data:", "#")), value
all_words = "".join(words)
for name in ("<img src=x onerror=alert(1)>", '"><svg/onload=alert(4)>', "a'b&amp;", "<b>caller</b>", "<script>alert(2)</script>"):
	assert name in all_words, name
style = re.search(r"<style>(.*?)</style>", text, re.S).group(1)
assert "url(" not in style and "@import" not in style
END
}

@test "every recorded machine, and a recording" {
	local d
	for d in "$TOP"/fixtures/6.1-amd64-4K-fragmented "$TOP"/fixtures/6.1-i386-4K-highmem; do
		[ -d "$d" ] || skip "no fixture"
		memtool report --no-plots -s "$d" -o r.html
		grep -q '<h2 id="zones">' r.html
		not grep -q 'Findings' r.html
	done
}

@test "in a real browser: no message, no request, tables sort, names are text" {
	need chromium
	[ "${TIER:-}" != quick ] || skip "slow"
	hostile
	memtool report -o r.html film.json
	timeout 300 "$PYTHON" "$TOP/tests/pages/browse.py" "$(command -v chromium)" r.html shot
	[ -s shot-desktop.png ] && [ -s shot-phone.png ]
}

@test "wrong command lines" {
	run memtool report --json
	[ "$status" -eq 2 ]
	run memtool report a b
	[ "$status" -eq 2 ]
	run memtool report /nonexistent
	[ "$status" -eq 1 ]
}
