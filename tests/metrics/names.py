#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""names.py DASHBOARD RULES EXPORT...: what dashboard and rules ask for is what `memtool export` prints.

Metric names, label names, and label values that are compared with = or by a list of words, over all EXPORT files;
rules may ask for the names that rules record.
"""
import json
import re
import sys

from prometheus_client.parser import text_string_to_metric_families

dashboard, rules, *exports = sys.argv[1:]
LABELS_OF_SCRAPE = {"instance", "job"}

known = {}
for path in exports:
    with open(path, encoding="utf-8") as f:
        for family in text_string_to_metric_families(f.read()):
            for s in family.samples:
                labels = known.setdefault(s.name, {})
                for name, value in s.labels.items():
                    labels.setdefault(name, set()).add(value)

with open(dashboard, encoding="utf-8") as f:
    board = json.load(f)
exprs = [t["expr"] for p in board["panels"] for t in p.get("targets", [])]
exprs += [v["definition"].replace("label_values(", "").split(",")[0] for v in board["templating"]["list"] if "definition" in v]
with open(rules, encoding="utf-8") as f:
    text = f.read()
recorded = set(re.findall(r"record: (\S+)", text))
exprs += [re.sub(r"#.*|- name:.*", "", text)]

used = 0
for expr in exprs:
    for name, matchers in re.findall(r"\b(memtool[_:][a-zA-Z0-9_:]+)(?:\{([^}]*)\})?", expr):
        if name in recorded:
            continue
        assert name in known, "not exported: %s" % name
        used += 1
        for label, op, value in re.findall(r'(\w+)\s*(=~|=)\s*"((?:[^"\\]|\\.)*)"', matchers or ""):
            if label in LABELS_OF_SCRAPE:
                continue
            assert label in known[name], "%s has no label %s" % (name, label)
            pattern = value.replace("\\\\", "\\") if op == "=~" else re.escape(value)
            assert any(re.fullmatch(pattern, v) for v in known[name][label]), \
                '%s: no %s matches "%s"' % (name, label, value)
            # Of a list of words each must be there.
            for word in value.split("|") if op == "=~" and re.fullmatch(r"[\w|]+", value) else []:
                assert word in known[name][label], "%s: no %s is %s" % (name, label, word)
assert used > 30, used

panels = [p for p in board["panels"] if p["type"] != "row"]
for p in panels:
    assert p["fieldConfig"]["defaults"]["unit"], p["title"]
    assert p["description"] and p["targets"], p["title"]
    assert p["datasource"]["uid"] == "${datasource}" and all(t["datasource"]["uid"] == "${datasource}" for t in p["targets"])
    g = p["gridPos"]
    assert g["x"] + g["w"] <= 24
    for q in panels:
        h = q["gridPos"]
        assert q is p or not (g["x"] < h["x"] + h["w"] and h["x"] < g["x"] + g["w"]
                              and g["y"] < h["y"] + h["h"] and h["y"] < g["y"] + g["h"]), (p["title"], q["title"])
ids = [p["id"] for p in board["panels"]]
assert len(ids) == len(set(ids))
