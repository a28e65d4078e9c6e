# SPDX-License-Identifier: GPL-2.0-or-later
"""What a plain script does: read the files and sum them. For comparison."""
import re
import sys

root = sys.argv[1] if len(sys.argv) > 1 else "/"
proc = root.rstrip("/") + "/proc/"
free = 0
with open(proc + "buddyinfo") as f:
    for line in f:
        free += sum(int(n) << order for order, n in enumerate(line.split()[4:]))
zones, zone = {}, None
with open(proc + "zoneinfo") as f:
    for line in f:
        word = line.split()
        if word[0] == "Node":
            zone = zones.setdefault((word[1], word[3]), {})
        elif len(word) == 2 and word[1].isdigit():
            zone.setdefault(word[0], int(word[1]))
slab = 0
with open(proc + "slabinfo") as f:
    for line in f:
        word = line.split()
        if len(word) > 14 and word[0] != "#":
            slab += int(word[14]) * int(word[5]) * 4096
callers = {}
with open(proc + "vmallocinfo") as f:
    for line in f:
        m = re.match(r"\S+\s+(\d+) (\S+)", line)
        if m:
            caller = m[2].split("+")[0]
            callers[caller] = callers.get(caller, 0) + int(m[1])
counters = {}
for name in ("vmstat", "meminfo"):
    with open(proc + name) as f:
        for line in f:
            word = line.split()
            counters[word[0]] = int(word[1])
print(free, len(zones), slab, sum(callers.values()), len(counters))
