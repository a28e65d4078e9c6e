// SPDX-License-Identifier: GPL-2.0-or-later
/* Head, style and script of the report. */
#include "out/html_frame.h"

/* The page may load nothing at all: whatever got into it by accident stays text. */
const char html_head[] =
	"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
	"style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:\">\n"
	"<link rel=\"icon\" href=\"data:,\">\n<title>";

const char html_style[] =
	"</title>\n<style>\n"
	":root{color-scheme:light dark;--bg:#fff;--fg:#1b1f24;--dim:#57606a;--line:#d0d7de;--card:#f6f8fa;"
	"--bad:#b3261e;--warn:#8a5a00;--good:#116329;--link:#0550ae}\n"
	"@media(prefers-color-scheme:dark){:root{--bg:#14171a;--fg:#e6e8ea;--dim:#9aa4ae;--line:#3a4149;"
	"--card:#1d2227;--bad:#ff8a80;--warn:#f0b849;--good:#7ddc8f;--link:#79b8ff}}\n"
	"*{box-sizing:border-box}body{margin:0 auto;max-width:75rem;padding:1rem;background:var(--bg);"
	"color:var(--fg);font:1rem/1.5 system-ui,sans-serif}\n"
	"h1{font-size:1.5rem;margin:.5rem 0}h2{font-size:1.2rem;margin:2rem 0 .5rem;"
	"border-bottom:1px solid var(--line)}\n"
	"p.dim,td.dim,.dim{color:var(--dim)}a{color:var(--link)}\n"
	"ol.findings{padding-left:1.5rem}ol.findings li{margin:.6rem 0;padding:.6rem .8rem;"
	"background:var(--card);border-left:4px solid var(--bad);overflow-wrap:anywhere}\n"
	"p.none{padding:.6rem .8rem;background:var(--card);border-left:4px solid var(--good)}\n"
	"p.note{padding:.4rem .8rem;background:var(--card);border-left:4px solid var(--warn)}\n"
	".scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}\n"
	"th,td{padding:.2rem .6rem;text-align:left;border-bottom:1px solid var(--line);vertical-align:top}\n"
	"th{white-space:nowrap}td.n,th.n{text-align:right;white-space:nowrap}td.name{overflow-wrap:anywhere;min-width:7rem}td.dim{min-width:14rem}\n"
	"th button{all:unset;cursor:pointer;font-weight:bold}th button:focus-visible{outline:2px solid var(--link)}\n"
	"th[aria-sort=ascending] button::after{content:' \\25B2'}th[aria-sort=descending] button::after{content:' \\25BC'}\n"
	".fails,.likely_fails{color:var(--bad);font-weight:bold}.uncertain{color:var(--warn)}"
	".succeeds,.likely_succeeds{color:var(--good)}\n"
	"figure{margin:1rem 0;background:#fff;border:1px solid var(--line);padding:.3rem;overflow-x:auto}"
	/* Letters that can be read on a phone: there the picture is moved, not shrunk. */
	"figure svg{display:block;width:100%;min-width:38rem;height:auto}\n"
	"details summary{cursor:pointer;margin:.6rem 0;color:var(--link)}\n"
	"@media(min-width:60rem){td.request{white-space:nowrap}}\n"
	/* Pictures are drawn on white: darkness turns lightness about and leaves the hues. */
	"@media screen and (prefers-color-scheme:dark){figure{filter:invert(.91) hue-rotate(180deg)}}\n"
	"@media print{body{max-width:none;font-size:9pt}h2{break-after:avoid}tr,figure,li{break-inside:avoid}"
	".scroll,figure{overflow:visible}figure svg{min-width:0}"
	"a{color:inherit}}\n"
	"</style>\n</head>\n<body>\n";

/* Sorting is all that the script adds: headings become buttons, so keys and pointers both do. */
const char html_tail[] =
	"<script>\n"
	"for (const table of document.querySelectorAll('table.sort')) {\n"
	"  const heads = [...table.tHead.rows[0].cells];\n"
	"  heads.forEach((th, column) => {\n"
	"    const button = document.createElement('button');\n"
	"    button.type = 'button';\n"
	"    button.textContent = th.textContent;\n"
	"    th.textContent = '';\n"
	"    th.append(button);\n"
	"    button.addEventListener('click', () => {\n"
	"      const number = th.classList.contains('n');\n"
	"      const up = th.getAttribute('aria-sort') === (number ? 'descending' : 'none') ||\n"
	"        (!number && !th.hasAttribute('aria-sort'));\n"
	"      const key = row => row.cells[column].dataset.v ?? row.cells[column].textContent;\n"
	"      const body = table.tBodies[0];\n"
	"      const rows = [...body.rows].sort((a, b) => number ? Number(key(a)) - Number(key(b))\n"
	"        : key(a).localeCompare(key(b)));\n"
	"      if (!up) rows.reverse();\n"
	"      body.append(...rows);\n"
	"      for (const other of heads) other.removeAttribute('aria-sort');\n"
	"      th.setAttribute('aria-sort', up ? 'ascending' : 'descending');\n"
	"    });\n"
	"  });\n"
	"}\n"
	"</script>\n</body>\n</html>\n";
