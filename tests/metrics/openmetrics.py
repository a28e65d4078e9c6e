#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Parse OpenMetrics files by python3-prometheus-client; print NAME{LABELS} VALUE of all samples of the last."""
import sys

from prometheus_client.openmetrics.parser import text_string_to_metric_families

for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as f:
        families = list(text_string_to_metric_families(f.read()))
    assert families, path
    seen = set()
    for family in families:
        for s in family.samples:
            key = (s.name, tuple(sorted(s.labels.items())))
            assert key not in seen, (path, key)
            seen.add(key)
for family in families:
    for s in family.samples:
        print(s.name, sorted(s.labels.items()), s.value)
