#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""validate.py [--lines] SCHEMA DOCUMENT...: validate by python3-jsonschema, draft 2020-12.

Installed schemas let members be added. Here every member must be one that the schema names, so
that one without a description does not slip in. With --lines a document is a line.
"""
import json
import sys

from jsonschema import Draft202012Validator


def close(node):
    """Forbid members that are not named."""
    if isinstance(node, dict):
        if "properties" in node and "additionalProperties" not in node:
            node["additionalProperties"] = False
        for value in node.values():
            close(value)
    elif isinstance(node, list):
        for value in node:
            close(value)


def unique(pairs):
    names = [name for name, _ in pairs]
    if len(set(names)) != len(names):
        raise ValueError("a member stands twice: %s" % sorted(n for n in names if names.count(n) > 1)[0])
    return dict(pairs)


def documents(path, lines):
    with open(path, "rb") as f:
        text = f.read().decode("utf-8", "strict")
    for part in text.splitlines() if lines else [text]:
        yield json.loads(part, object_pairs_hook=unique)


def main():
    args = sys.argv[1:]
    lines = args and args[0] == "--lines"
    if lines:
        args = args[1:]
    with open(args[0], encoding="utf-8") as f:
        schema = json.load(f)
    Draft202012Validator.check_schema(schema)
    close(schema)
    validator = Draft202012Validator(schema)
    bad = 0
    for path in args[1:]:
        for doc in documents(path, lines):
            for error in list(validator.iter_errors(doc))[:5]:
                print("%s: /%s: %s" % (path, "/".join(str(p) for p in error.absolute_path), error.message[:200]))
                bad = 1
    return bad


if __name__ == "__main__":
    sys.exit(main())
