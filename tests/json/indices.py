#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""indices.py DOCUMENT TREE: the document's indices against the tree's debugfs extfrag files.

Prints how many were compared, and how many of them are neither -1.000, 0.000 nor 1.000.
"""
import json
import re
import sys


def kernel(path):
    """(node, zone) to thousandths; "0.-500" is how C's % prints -500."""
    rows = {}
    with open(path, encoding="ascii") as f:
        for line in f:
            head = re.match(r"Node (\d+), zone\s+(\S+)\s", line)
            values = []
            for whole, sign, part in re.findall(r"(-?\d+)\.(-?)(\d{3})", line[head.end():]):
                milli = abs(int(whole)) * 1000 + int(part)
                values.append(-milli if sign or whole.startswith("-") else milli)
            rows[int(head.group(1)), head.group(2)] = values
    return rows


def main():
    with open(sys.argv[1], encoding="utf-8") as f:
        zones = {(z["node"], z["zone"]): z for z in json.load(f)["zones"]}
    compared = other = 0
    for name in ("extfrag_index", "unusable_index"):
        for key, values in kernel("%s/sys/kernel/debug/extfrag/%s" % (sys.argv[2], name)).items():
            ours = [round(v * 1000) for v in zones[key][name]]
            if ours != values:
                sys.exit("%s: %s %s: %s, the kernel says %s" % (sys.argv[2], name, key, ours, values))
            compared += len(values)
            other += sum(v not in (-1000, 0, 1000) for v in values)
    print(compared, other)


if __name__ == "__main__":
    main()
