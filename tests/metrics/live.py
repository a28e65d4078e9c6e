#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""live.py MEMTOOL DASHBOARD RULES: `memtool export` read by node_exporter, that by Prometheus, and asked by the dashboard.

memtool writes its file twice a second while both servers run. Fails when a metric is missing in Prometheus, when a
panel of the dashboard asks what Prometheus refuses, or asks for what is never there, and when a rule is not healthy.
"""
import json
import os
import pathlib
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request

memtool, dashboard, rules = sys.argv[1:4]
# Panels that may be empty: nothing was scanned, no source is missing, no deriv of an hour yet.
MAY_BE_EMPTY = {"Yield of direct reclaim"}


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def get(url):
    with urllib.request.urlopen(url, timeout=10) as r:
        return r.read().decode()


def query(port, expr):
    url = "http://127.0.0.1:%d/api/v1/query?query=%s" % (port, urllib.parse.quote(expr))
    try:
        answer = json.loads(get(url))
    except urllib.error.HTTPError as e:
        if e.code == 503:  # it is still reading its log
            return []
        sys.exit("%s: %s" % (expr, e.read().decode()))
    return answer["data"]["result"]


def export(path):
    # Killed with the test if it hangs; replaced whole, as the timer's service does.
    subprocess.run([memtool, "export", "--format", "prometheus", "-o", path], check=True, timeout=60)


def expand(expr):
    return expr.replace("$instance", ".*").replace("$__rate_interval", "1m")


def main():
    os.makedirs("textfile", exist_ok=True)
    node, prom = free_port(), free_port()
    pathlib.Path("prometheus.yml").write_text(
        "global: {scrape_interval: 1s, evaluation_interval: 1s}\n"
        "rule_files: [%s]\n"
        "scrape_configs: [{job_name: node, static_configs: [{targets: ['127.0.0.1:%d']}]}]\n"
        % (json.dumps(os.path.abspath(rules)), node))
    export("textfile/memtool.prom")
    exported = {line.split()[2] for line in open("textfile/memtool.prom", encoding="utf-8")
                if line.startswith("# TYPE ")}
    quiet = {"stdout": open("servers.log", "w"), "stderr": subprocess.STDOUT}
    servers = [
        subprocess.Popen(["prometheus-node-exporter", "--collector.disable-defaults", "--collector.textfile",
                          "--collector.textfile.directory=textfile", "--web.listen-address=127.0.0.1:%d" % node], **quiet),
        subprocess.Popen(["prometheus", "--config.file=prometheus.yml", "--storage.tsdb.path=tsdb",
                          "--web.listen-address=127.0.0.1:%d" % prom], **quiet)]
    try:
        deadline = time.monotonic() + 90
        while True:
            export("textfile/memtool.prom")
            try:
                if len(query(prom, "changes(memtool_snapshot_timestamp_seconds[1m]) >= 3")) == 1:
                    break
            except OSError:
                pass
            if time.monotonic() > deadline:
                sys.exit("Prometheus has no samples: see servers.log")
            time.sleep(0.5)
        assert "node_textfile_scrape_error 0" in get("http://127.0.0.1:%d/metrics" % node)
        there = {r["metric"]["__name__"] for r in query(prom, 'count by (__name__) ({__name__=~"memtool_.*"})')}
        empty = {name for name in exported if not any(
            line.startswith(name) for line in open("textfile/memtool.prom", encoding="utf-8"))}
        missing = {name for name in exported if name not in there} - empty
        assert not missing, "not in Prometheus: %s" % missing
        panels = [p for p in json.load(open(dashboard, encoding="utf-8"))["panels"] if p["type"] != "row"]
        for panel in panels:
            for t in panel["targets"]:
                if not query(prom, expand(t["expr"])):
                    assert panel["title"] in MAY_BE_EMPTY, "no data: %s" % panel["title"]
        states = json.loads(get("http://127.0.0.1:%d/api/v1/rules" % prom))["data"]["groups"]
        rows = [r for g in states for r in g["rules"]]
        ill = [r for r in rows if r["health"] == "err"]
        assert not ill, ill
        print("%d families, %d panels, %d rules" % (len(there), len(panels), len(rows)))
    finally:
        for s in servers:
            s.terminate()
        for s in servers:
            s.wait(timeout=30)


main()
