#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""browse.py CHROMIUM PAGE SCREENSHOT-PREFIX: open a report in headless Chromium at a desktop's and a phone's width.

Speaks the browser's own protocol over a pair of pipes. Fails on a message on the console, a
request beyond the page itself, a script dialog, a page wider than the screen, a table that does not sort by
pointer or by key, and text that became markup. Prints what was counted.
"""
import base64
import json
import os
import pathlib
import subprocess
import sys
import tempfile

chromium, page, prefix = sys.argv[1:4]


class Browser:
    def __init__(self):
        r_in, self.w = os.pipe()
        self.r, w_out = os.pipe()

        def fds():
            os.dup2(r_in, 3)
            os.dup2(w_out, 4)

        # Both are moved out of the way of 3 and 4 first.
        r_in, w_out = (os.dup(fd) if fd in (3, 4) else fd for fd in (r_in, w_out))
        self.dir = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self.process = subprocess.Popen(
            [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe",
             "--disable-dev-shm-usage", "--no-first-run", "--user-data-dir=" + self.dir.name],
            preexec_fn=fds, pass_fds=(3, 4, r_in, w_out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.events, self.buffer, self.id = [], b"", 0

    def receive(self):
        while b"\0" not in self.buffer:
            data = os.read(self.r, 65536)
            if not data:
                sys.exit("the browser is gone")
            self.buffer += data
        text, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(text)

    def call(self, method, session=None, **params):
        self.id += 1
        message = {"id": self.id, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        os.write(self.w, json.dumps(message).encode() + b"\0")
        while True:
            answer = self.receive()
            if answer.get("id") == self.id:
                if "error" in answer:
                    sys.exit("%s: %s" % (method, answer["error"]))
                return answer["result"]
            self.events.append(answer)

    def wait(self, method):
        for e in self.events:
            if e.get("method") == method:
                return
        while True:
            e = self.receive()
            self.events.append(e)
            if e.get("method") == method:
                return


def main():
    b = Browser()
    for name, width, height, dark in (("desktop", 1280, 900, False), ("phone", 390, 844, True)):
        b.events.clear()
        target = b.call("Target.createTarget", url="about:blank")["targetId"]
        s = b.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            b.call(domain + ".enable", s)
        b.call("Emulation.setDeviceMetricsOverride", s, width=width, height=height, deviceScaleFactor=1,
               mobile=name == "phone")
        b.call("Emulation.setEmulatedMedia", s,
               features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        b.events.clear()
        b.call("Page.navigate", s, url=pathlib.Path(page).absolute().as_uri())
        b.wait("Page.loadEventFired")

        def js(code):
            r = b.call("Runtime.evaluate", s, expression=code, returnByValue=True)
            if "exceptionDetails" in r:
                sys.exit("%s: %s" % (code, r["exceptionDetails"]))
            return r["result"].get("value")

        tables = js("document.querySelectorAll('table.sort').length")
        assert tables > 0, "no table"
        # Every column of numbers sorts both ways by pointer and by key.
        column = """(() => { const t = document.querySelector('#%s').nextElementSibling.querySelector('table');
            const c = [...t.tHead.rows[0].cells].findIndex(h => h.classList.contains('n'));
            return [...t.tBodies[0].rows].map(r => Number(r.cells[c].dataset.v)); })()"""
        where = "caches" if js("!!document.querySelector('#caches')") else "memory"
        head = ("document.querySelector('#%s').nextElementSibling.querySelector('th.n button')" % where)
        box = js("(() => { %s.scrollIntoView({block: 'center'}); const r = %s.getBoundingClientRect();"
                 "return [r.x + r.width / 2, r.y + r.height / 2]; })()" % (head, head))
        for kind in ("mousePressed", "mouseReleased"):
            b.call("Input.dispatchMouseEvent", s, type=kind, x=box[0], y=box[1], button="left", clickCount=1)
        first = js(column % where)
        assert first == sorted(first, reverse=True), "the pointer did not sort"
        js("%s.focus()" % head)
        for kind in ("keyDown", "keyUp"):
            b.call("Input.dispatchKeyEvent", s, type=kind, key="Enter", code="Enter", text="\r",
                   windowsVirtualKeyCode=13)
        second = js(column % where)
        assert second == sorted(first), "the key did not sort"
        assert js("document.querySelector('[aria-sort=ascending]') !== null")
        assert js("document.querySelectorAll('img, iframe, object, embed').length") == 0, "markup from a name"
        over = js("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over <= 0, "%s: the page is %d wider than the screen" % (name, over)
        js("window.scrollTo(0, 0)")
        shot = b.call("Page.captureScreenshot", s, format="png")
        pathlib.Path("%s-%s.png" % (prefix, name)).write_bytes(base64.b64decode(shot["data"]))
        requests = [e["params"]["request"]["url"] for e in b.events if e.get("method") == "Network.requestWillBeSent"]
        beyond = [u for u in requests if not u.startswith(("file:", "data:"))]
        assert not beyond, "requests: %s" % beyond
        noise = [e for e in b.events if e.get("method") in ("Runtime.consoleAPICalled", "Runtime.exceptionThrown",
                                                            "Log.entryAdded", "Page.javascriptDialogOpening")]
        assert not noise, "console: %s" % noise
        print("%s: %d tables, %d rows sorted, %d requests" % (name, tables, len(first), len(requests)))
    try:
        b.call("Browser.close")
    finally:
        b.process.wait(timeout=20)


main()
