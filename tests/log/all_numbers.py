#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""usage: numbers.py MEMTOOL LOG...

Each number that a report's lines print must be in the JSON, as often as there. Registers, code
bytes and trace offsets are no numbers of the report, nor are the sizes that name the orders.
"""
import collections
import json
import re
import subprocess
import sys

SKIP = re.compile(r"^(R[A-Z0-9]{2}|EIP|EAX|ESI|DS|CR\d|FS|CS|Code|PKRU|ORIG|CPU: |Hardware|Modules|Call|Backtrace|"
                  r"Workqueue|Tainted|Tasks state|\[ *pid|\[<|<|---|x\d+|pc |lr |sp |pstate|Unloaded|logmod:|WARNING|kworker|"
                  r"Mem-Info|oom_reaper|\? |[\w.]+\+0x|cma: number|cma: range|warn_alloc:|Kernel|EFLAGS)")


def numbers(body):
    if re.search(r"\d\*\d+kB", body):
        head, _, rest = body.partition(":")
        yield from re.findall(r"\d+", re.sub(r"DMA32", "DMA", head))
        yield from re.findall(r"(\d+)\*\d+kB", rest)
        yield from re.findall(r"= (\d+)kB", rest)
        return
    body = re.sub(r"DMA32", "DMA", body)
    body = re.sub(r"0x[0-9a-f]+", "", body)
    body = re.sub(r"cpuset=\S*?(,|$)|oom_memcg=\S*?,|task_memcg=\S*?,|stats for .*:$", ",", body)
    body = re.sub(r"[\w.-]*[A-Za-z_][\w.-]*[:=]", " ", body)
    yield from re.findall(r"(?<![\w./-])\d+", body)


def values(x):
    if isinstance(x, dict):
        for v in x.values():
            yield from values(v)
    elif isinstance(x, list):
        for v in x:
            yield from values(v)
    elif isinstance(x, bool) or x is None:
        return
    elif isinstance(x, int):
        yield abs(x)
    elif isinstance(x, str):
        for n in re.findall(r"\d+", x):
            yield int(n)


def main():
    memtool, *logs = sys.argv[1:]
    bad = 0
    for log in logs:
        out = subprocess.run([memtool, "log", "--json", log], stdout=subprocess.PIPE, check=True, timeout=60)
        have = collections.Counter()
        for line in out.stdout.splitlines():
            have.update(values(json.loads(line)))
        with open(log, errors="replace") as f:
            for line in f:
                body = re.sub(r"^\[ *\d+\.\d+\] ", "", line.rstrip()).strip()
                if SKIP.match(body):
                    continue
                for n in numbers(body):
                    if have[int(n)] <= 0:
                        print(f"{log}: {n} of \"{body[:100]}\" is not in the JSON")
                        bad += 1
                    have[int(n)] -= 1
    return bad != 0


sys.exit(main())
