#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""usage: check.py MEMTOOL SCHEMA CASE.log...

Decodes each log and compares the JSON Lines with CASE.json: an array of as many objects
as there are reports, each naming the members that must be there with these values.
"""
import json
import subprocess
import sys

import jsonschema


def differs(want, got, path):
    """The first place where got lacks what want names, or None."""
    if isinstance(want, dict):
        if not isinstance(got, dict):
            return f"{path}: wants an object, has {got!r}"
        for key, value in want.items():
            if key not in got:
                return f"{path}.{key}: missing"
            found = differs(value, got[key], f"{path}.{key}")
            if found:
                return found
        return None
    if isinstance(want, list) and want and isinstance(want[0], dict):
        if not isinstance(got, list) or len(got) != len(want):
            return f"{path}: wants {len(want)} elements, has {got!r}"
        for i, value in enumerate(want):
            found = differs(value, got[i], f"{path}[{i}]")
            if found:
                return found
        return None
    return None if want == got else f"{path}: wants {want!r}, has {got!r}"


def main():
    memtool, schema_file, *cases = sys.argv[1:]
    with open(schema_file) as f:
        validator = jsonschema.Draft202012Validator(json.load(f))
    bad = 0
    for case in cases:
        out = subprocess.run([memtool, "log", "--json", case], stdout=subprocess.PIPE, check=True, timeout=60)
        got = [json.loads(line) for line in out.stdout.splitlines()]
        for report in got:
            for error in validator.iter_errors(report):
                print(f"{case}: schema: {error.message}")
                bad += 1
        with open(case[: -len(".log")] + ".json") as f:
            want = json.load(f)
        found = f"wants {len(want)} reports, has {len(got)}" if len(want) != len(got) else None
        for i, report in enumerate(want):
            found = found or differs(report, got[i], f"report {i + 1}")
        if found:
            print(f"{case}: {found}")
            bad += 1
    return bad != 0


sys.exit(main())
