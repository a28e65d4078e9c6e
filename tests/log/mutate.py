#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""usage: mutate.py MEMTOOL LOG...

Dresses each log (as dmesg prints it) as other programs would, decodes it, and wants the same
numbers as from the log as it is. Prints what differs; exit 1 if anything does.
"""
import html
import json
import quopri
import re
import subprocess
import sys
import textwrap

# What depends on the dress: when and where.
IGNORED = ("time", "stamp", "uptime_seconds", "line", "text", "suppressed_before", "diagnosis", "summary")
STAMP = re.compile(r"^\[ *(\d+\.\d+)\] ")


def bodies(lines):
    """(stamp, body) of each line; lines without a stamp go on with the one before."""
    stamp = "0.000000"
    for line in lines:
        m = STAMP.match(line)
        if m:
            stamp = m.group(1)
            line = line[m.end():]
        yield stamp, line


def bare(lines):
    return [b for _, b in bodies(lines)]


def syslog(lines):
    return [f"Nov 22 20:15:0{i % 10} host-7 kernel: [{s:>12}] {b}" for i, (s, b) in enumerate(bodies(lines))]


def table(lines):
    """As a log viewer exports it."""
    return ['"2026-11-22 20:15:03.123","host-7.example","%s"' % x for x in syslog(lines)]


def table_bare(lines):
    return ['%d,"%s","warning"' % (i, x) for i, x in enumerate(lines)]


def journal_iso(lines):
    return [f"2026-11-22T20:15:03+0100 host.example kernel: {b}" for _, b in bodies(lines)]


def rfc5424(lines):
    return [f"<4>1 2026-11-22T20:15:03.123456+01:00 host kernel - - - {b}" for _, b in bodies(lines)]


def journal_json(lines):
    return [json.dumps({"__REALTIME_TIMESTAMP": "1795374903123456", "_TRANSPORT": "kernel", "PRIORITY": "4",
                        "SYSLOG_IDENTIFIER": "kernel", "MESSAGE": b}) for _, b in bodies(lines)]


def docker_json(lines):
    return [json.dumps({"log": f"[{s:>12}] {b}\n", "stream": "stdout", "time": "2026-11-22T20:15:03.1Z"})
            for s, b in bodies(lines)]


def cri(lines):
    return [f"2026-11-22T20:15:03.123456789Z stdout F [{s:>12}] {b}" for s, b in bodies(lines)]


def level(lines):
    return [f"<4>[{s:>12}] {b}" for s, b in bodies(lines)]


def caller(lines):
    return [f"[{s:>12}][ T1234] {b}" for s, b in bodies(lines)]


def dmesg_t(lines):
    return [f"[Sun Nov 22 20:15:03 2026] {b}" for _, b in bodies(lines)]


def logcat(lines):
    return [f"11-22 20:15:03.123   123   123 W kernel  : {b}" for _, b in bodies(lines)]


def android(lines):
    return [f"<4>[{s:>12}]  (1)[1234:kworker/1:2]{b}" for s, b in bodies(lines)]


def openwrt(lines):
    return [f"Sun Nov 22 20:15:03 2026 kern.warn kernel: [{s:>12}] {b}" for s, b in bodies(lines)]


def container(lines):
    return [f"node-3 | [{s:>12}] {b}" for s, b in bodies(lines)]


def dmesg_x(lines):
    return [f"kern  :warn  : [{s:>12}] {b}" for s, b in bodies(lines)]


def dmesg_h(lines):
    return [f"[{'Nov22 20:15' if i == 0 else '  +0.000002'}] {b}" for i, (_, b) in enumerate(bodies(lines))]


def talos(lines):
    return [f"kern: warning: [2026-11-22T20:15:03.913975631Z]: {b}" for _, b in bodies(lines)]


def bbcode(lines):
    return [f"[COLOR=#2e3436][FONT=monospace][SIZE=2]{x}[/SIZE][/FONT][/COLOR]" for x in syslog(lines)]


def quoted_printable(lines):
    text = "Here is what it says:\n\n" + "\n".join("> " + x for x in lines)
    return quopri.encodestring(text.encode()).decode().splitlines()


def journal_escapes(lines):
    """journalctl shows the lines of one message as one, their ends as \\x0a."""
    out = []
    for i, (s, b) in enumerate(bodies(lines)):
        goes_on = i and b.startswith(" ") and re.match(r" \w+:\d+ |  cache|  node ", b)
        if goes_on:
            out[-1] += "\\x0a" + b
        else:
            out.append(f"Nov 22 20:15:03 host kernel: {b}")
    return out


def kmsg_records(lines):
    """As /dev/kmsg hands them out: level, number, microseconds, and who printed."""
    out = []
    for i, (s, b) in enumerate(bodies(lines)):
        sec, frac = s.split(".")
        out += [f"4,{1000 + i},{int(sec) * 1000000 + int(frac)},-,caller=T77;{b}", " SUBSYSTEM=pci"]
    return out


def kmsg_wrapped(lines):
    """The same in a mail, broken at its width."""
    out = []
    for i, (s, b) in enumerate(bodies(lines)):
        out += textwrap.wrap(f"4,{1000 + i},{s.replace('.', '')},-;{b}", 72, break_long_words=False,
                             break_on_hyphens=False) or [""]
    return out


def vendor_dates(lines):
    return [f"{i:05X} < 4> [{s:>12}] [03-19 10:05:52.172] {b}" for i, (s, b) in enumerate(bodies(lines))]


def html_mail(lines):
    """A mail's HTML part: breaks instead of lines, blanks that do not break, all quoted-printable."""
    text = "<div dir=\"ltr\">Hello,<br><br>" + "<br>".join(html.escape(x).replace("  ", "\u00a0 ") for x in lines) + "</div>"
    return quopri.encodestring(text.encode()).decode().splitlines()


def mail(lines):
    return ["> > " + x for x in lines]


def colour(lines):
    return [f"\x1b[32m[{s:>12}] \x1b[0m\x1b[33m{b}\x1b[0m" for s, b in bodies(lines)]


def crlf(lines):
    return [x + "\r" for x in lines]


def entities(lines):
    return [html.escape(x) + "<br />" for x in lines]


def markdown(lines):
    return ["```"] + [x.replace("*", "\\*").replace("_", "\\_") for x in lines] + ["```"]


def stars_lost(lines):
    return [re.sub(r"(\d)\*(\d+kB)", r"\1_\2", x) for x in lines]


def spaced(lines):
    return [x for line in lines for x in (line + " " * 30, "")]


def wrap_at(width, quote=""):
    def wrap(lines):
        out = []
        for line in syslog(lines):
            out += textwrap.wrap(line, width, break_long_words=False, break_on_hyphens=False,
                                 drop_whitespace=True) or [""]
        return [quote + x for x in out]
    wrap.__name__ = f"wrap_{width}{'_quoted' if quote else ''}"
    return wrap


def cut_at(width, quote=""):
    """A terminal breaks where it ends, also within words."""
    def cut(lines):
        return [quote + line[i:i + width] for line in syslog(lines) for i in range(0, max(len(line), 1), width)]
    cut.__name__ = f"cut_{width}{'_quoted' if quote else ''}"
    return cut


DRESSES = [bare, syslog, table, table_bare, journal_iso, rfc5424, journal_json, docker_json, cri, level, caller, dmesg_t, logcat, android,
           openwrt, container, dmesg_x, dmesg_h, talos, bbcode, quoted_printable, journal_escapes, kmsg_records, kmsg_wrapped, vendor_dates, html_mail, mail, colour, crlf, entities, markdown, stars_lost, spaced,
           wrap_at(80), wrap_at(72), wrap_at(76, "> "), cut_at(80), cut_at(100), cut_at(98, "> ")]


def decode(memtool, lines):
    out = subprocess.run([memtool, "log", "--json"], input="\n".join(lines) + "\n", stdout=subprocess.PIPE, text=True,
                         check=True, timeout=60)
    reports = [json.loads(x) for x in out.stdout.splitlines()]
    for r in reports:
        for key in IGNORED:
            r.pop(key, None)
        # a name cut in two within a trace is not put together again by guess
        r.pop("call_trace", None)
    return reports


def first_difference(a, b, path=""):
    if type(a) is not type(b):
        return f"{path}: {a!r} became {b!r}"
    if isinstance(a, dict):
        for key in a.keys() | b.keys():
            if key not in a or key not in b:
                return f"{path}.{key}: {a.get(key)!r} became {b.get(key)!r}"
            found = first_difference(a[key], b[key], f"{path}.{key}")
            if found:
                return found
    elif isinstance(a, list):
        if len(a) != len(b):
            return f"{path}: {len(a)} elements became {len(b)}"
        for i, (x, y) in enumerate(zip(a, b)):
            found = first_difference(x, y, f"{path}[{i}]")
            if found:
                return found
    elif a != b:
        return f"{path}: {a!r} became {b!r}"
    return None


def main():
    memtool, *logs = sys.argv[1:]
    bad = total = 0
    for log in logs:
        with open(log, errors="replace") as f:
            lines = f.read().splitlines()
        want = decode(memtool, lines)
        for dress in DRESSES:
            # one line cut within a word could end anywhere: only several show the width
            if dress.__name__.startswith("cut") and len(lines) < 10:
                continue
            total += 1
            found = first_difference(want, decode(memtool, dress(lines)))
            if found:
                bad += 1
                print(f"{log}: {dress.__name__}: {found}")
    print(f"{total - bad} of {total} dresses are seen through")
    return bad != 0


sys.exit(main())
