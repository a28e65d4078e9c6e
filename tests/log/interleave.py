#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""usage: interleave.py MEMTOOL LOG LOG

Two CPUs report at once: both reports must come out as each alone, where the log names the
caller in any mixture, else where the kernel mixes them (traces are printed whole).
"""
import itertools
import json
import re
import subprocess
import sys

KEYS = ("order", "process", "pid", "kernel", "gfp", "zones", "nodes", "global", "totals", "hugepages", "cause", "module",
        "complete")


def read(name):
    with open(name) as f:
        return [x for x in f.read().splitlines() if "logmod: holds" not in x]


def decode(memtool, lines):
    out = subprocess.run([memtool, "log", "--json"], input="\n".join(lines) + "\n", stdout=subprocess.PIPE, text=True,
                         check=True, timeout=60)
    return [{k: r.get(k) for k in KEYS} for r in map(json.loads, out.stdout.splitlines())]


def alternate(a, b):
    return [x for pair in itertools.zip_longest(a, b) for x in pair if x is not None]


def blocks(a, b, size):
    cut = [[x[i:i + size] for i in range(0, len(x), size)] for x in (a, b)]
    return [line for block in alternate(*cut) for line in block]


def main():
    memtool, one, two = sys.argv[1:]
    a, b = read(one), read(two)
    # another task on the other CPU
    b = [x.replace("sh:", "tcpdump:").replace("Comm: sh", "Comm: tcpdump") for x in b]
    b = [re.sub(r"PID: \d+", "PID: 777", x) for x in b]
    want = decode(memtool, a)[:1] + decode(memtool, b)[:1]
    stamp = re.compile(r"^(\[ *[\d.]+\])")
    ca = [stamp.sub(r"\1[  T106]", x) for x in a]
    cb = [stamp.sub(r"\1[  T777]", x) for x in b]
    ma, mb = (next(i for i, x in enumerate(y) if "Mem-Info" in x) for y in (a, b))
    mixtures = {
        "callers named, line by line": alternate(ca, cb),
        "callers named, blocks of seven": blocks(ca, cb, 7),
        "first lines together, then one after the other": [a[0], b[0]] + a[1:ma] + b[1:mb] + a[ma:] + b[mb:],
        "Mem-Info line by line": [a[0], b[0]] + a[1:ma] + b[1:mb] + alternate(a[ma:], b[mb:]),
        "the second within the first's trace": a[:1] + b[:mb] + a[1:ma] + alternate(a[ma:], b[mb:]),
    }
    bad = 0
    for name, lines in mixtures.items():
        got = decode(memtool, lines)
        if len(got) != 2:
            print(f"{name}: {len(got)} reports")
            bad += 1
            continue
        for i in range(2):
            wrong = [k for k in KEYS if got[i][k] != want[i][k]]
            if wrong:
                print(f"{name}: report {i + 1}: {', '.join(wrong)}")
                bad += 1
    return bad != 0


sys.exit(main())
