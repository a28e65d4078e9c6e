// SPDX-License-Identifier: GPL-2.0-or-later
#include "log/clean.h"

#include <string.h>

#include "base/jsonr.h"
#include "base/timefmt.h"
#include "log/cursor.h"

/* ESC [ parameters letter, ESC ] text BEL, or ESC and one byte. */
static void skip_ansi(struct slice *s)
{
	cur_skip(s, 1);
	if (cur_char(s, '[')) {
		while (s->len && !(*s->p >= '@' && *s->p <= '~'))
			cur_skip(s, 1);
		if (s->len)
			cur_skip(s, 1);
	} else if (cur_char(s, ']')) {
		while (s->len && *s->p != '\a' && *s->p != 033)
			cur_skip(s, 1);
		if (s->len)
			cur_skip(s, 1);
	} else if (s->len) {
		cur_skip(s, 1);
	}
}

/* "[32m", "[1;31m": a colour whose ESC a form or a page lost. */
static bool lost_colour(struct slice *s)
{
	size_t n = 1;

	while (n < 8 && n < s->len && (cur_digit(s->p[n]) || s->p[n] == ';'))
		n++;
	if (n < 2 || n >= s->len || s->p[n] != 'm')
		return false;
	cur_skip(s, n + 1);
	return true;
}

static bool entity(struct slice *s, struct strbuf *out)
{
	static const struct {
		const char *name;
		char c;
	} names[] = {
		{ "&amp;gt;", '>' }, { "&amp;lt;", '<' }, { "&amp;quot;", '"' }, { "&amp;#39;", '\'' }, /* twice */
		{ "&gt;", '>' },   { "&lt;", '<' },   { "&amp;", '&' },	 { "&quot;", '"' },
		{ "&apos;", '\'' }, { "&nbsp;", ' ' }, { "&#39;", '\'' }, { "&#x27;", '\'' },
		{ "&#34;", '"' },  { "&#62;", '>' },  { "&#60;", '<' },	 { "&#160;", ' ' },
		{ "&#42;", '*' },  { "&#43;", '+' },  { "&#47;", '/' },	 { "&#x2F;", '/' },
		{ "&#58;", ':' },  { "&#91;", '[' },  { "&#93;", ']' },	 { "&#95;", '_' },
		{ "&#9;", ' ' },   { "&#64;", '@' },
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (cur_lit(s, names[i].name)) {
			sb_addch(out, names[i].c);
			return true;
		}
	}
	return false;
}

/* Move behind @close, which stands among the next @reach bytes: markup of a log is short. */
static bool leave_tag(struct slice *s, struct slice rest, char close, size_t reach)
{
	const char *at = memchr(rest.p, close, rest.len < reach ? rest.len : reach);

	if (at)
		cur_skip(s, (size_t)(at + 1 - s->p));
	return at != NULL;
}

/* <br>, </span>, <p class=...>: only tags that pages put around logs; "<c0012345>" is an address. */
static bool tag(struct slice *s, bool *ends_line)
{
	/* the first ones begin a new line */
	static const char *const names[] = { "br",   "p",  "div", "tr", "li", "pre",  "span", "code", "td",
					     "font", "tt", "em",  "strong", "a", "b", "i", "wbr" };
	struct slice t = *s, word;

	cur_skip(&t, 1);
	cur_char(&t, '/');
	if (!cur_ident(&t, &word) || !t.len || !(*t.p == '>' || *t.p == ' ' || *t.p == '/'))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (!slice_eq(word, names[i]))
			continue;
		*ends_line = i < 6;
		return leave_tag(s, t, '>', 300);
	}
	return false;
}

/*
 * [CODE], [SIZE=2], [/COLOR] of forums: in capitals, or with a value or a slash; "[font]" is a module
 * unless it stands @first in the line.
 */
static bool forum_tag(struct slice *s, bool first)
{
	static const char *const names[] = { "CODE", "COLOR", "FONT", "SIZE", "QUOTE", "PRE", "SPOILER",
					     "code", "color", "font", "size", "quote", "pre", "spoiler" };
	struct slice t = *s, word;
	bool closes, upper;

	cur_skip(&t, 1);
	closes = cur_char(&t, '/');
	if (!cur_ident(&t, &word) || !t.len || !(*t.p == ']' || *t.p == '='))
		return false;
	upper = *word.p >= 'A' && *word.p <= 'Z';
	if (!closes && !upper && !first && *t.p != '=')
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (slice_eq(word, names[i]))
			return leave_tag(s, t, ']', 60);
	}
	return false;
}

static bool dirty(struct slice line)
{
	for (size_t i = 0; i < line.len; i++) {
		unsigned char c = (unsigned char)line.p[i];

		if (c < ' ' ? c != '\t' : (c == '&' || c == '\\' || c == 0x7f || c == 0xc2 || c == 0xa0))
			return true;
		if (c == '<' && i + 1 < line.len && (cur_alpha(line.p[i + 1]) || line.p[i + 1] == '/'))
			return true;
		if (c == '[' && i + 1 < line.len && (line.p[i + 1] == '/' || cur_alpha(line.p[i + 1])))
			return true;
		if (c == 'm' && i > 1 && cur_digit(line.p[i - 1]) && memrchr(line.p + (i < 8 ? 0 : i - 8), '[', i < 8 ? i : 8))
			return true;
		if (c == '#' && i + 3 < line.len && line.p[i + 1] == '0' && line.p[i + 2] == '1')
			return true;
	}
	return false;
}

struct slice clean_line(struct slice line, struct strbuf *scratch)
{
	struct slice s = line;

	if (!dirty(line))
		return line;
	sb_reset(scratch);
	while (s.len) {
		bool ends_line = false;
		char c = *s.p;

		if (c == 033) {
			skip_ansi(&s);
		} else if (c == '&' && entity(&s, scratch)) {
			continue;
		} else if ((c == '<' && tag(&s, &ends_line)) || (c == '[' && (forum_tag(&s, s.p == line.p) || lost_colour(&s)))) {
			if (ends_line && s.len && scratch->len)
				sb_addch(scratch, '\n');
		} else if (c == '#' && (cur_lit(&s, "#012"))) {
			sb_addch(scratch, '\n');
		} else if (c == '#' && (cur_lit(&s, "#011") || cur_lit(&s, "#015"))) {
			sb_addch(scratch, ' ');
		} else if (c == '\\' && (cur_lit(&s, "\\n") || cur_lit(&s, "\\x0a"))) {
			sb_addch(scratch, '\n');
		} else if (c == '\\' && (cur_lit(&s, "\\t") || cur_lit(&s, "\\x09"))) {
			sb_addch(scratch, ' ');
		} else if (c == '\\' && s.len > 1 && strchr("*_[]<>()#`+-.!|", s.p[1]) && s.p[1]) {
			cur_skip(&s, 1);
			sb_addch(scratch, *s.p);
			cur_skip(&s, 1);
		} else if (c == '\xc2' && s.len > 1 && s.p[1] == '\xa0') {
			sb_addch(scratch, ' '); /* no-break space */
			cur_skip(&s, 2);
		} else if (c == '\xa0' && (s.p == line.p || !(s.p[-1] & 0x80))) {
			sb_addch(scratch, ' '); /* the same in Latin-1 */
			cur_skip(&s, 1);
		} else {
			if (c == '\t' || c == '\r' || c == '\v' || c == '\f')
				c = ' ';
			if (((unsigned char)c >= ' ' && c != 0x7f) || c == '\n')
				sb_addch(scratch, c);
			cur_skip(&s, 1);
		}
	}
	return (struct slice){ sb_str(scratch), scratch->len };
}

/* ---- JSON ---- */

static const char *message_of(const cJSON *o, int depth)
{
	static const char *const names[] = { "MESSAGE", "message", "msg", "log", "line", "text",
					     "textPayload", "@message", "short_message", "body",
					     "Message", "content", "data" };
	static const char *const inner[] = { "jsonPayload", "payload", "event", "record", "fields",
					     "_source", "result" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const char *s = jr_get_str(o, names[i]);

		if (s)
			return s;
	}
	for (size_t i = 0; depth < 3 && i < ARRAY_SIZE(inner); i++) {
		const cJSON *sub = jr_get(o, inner[i]);
		const char *s = cJSON_IsObject(sub) ? message_of(sub, depth + 1) : NULL;

		if (s)
			return s;
	}
	return NULL;
}

static bool has_zone(const char *s)
{
	size_t n = strlen(s);

	return n > 16 && (s[n - 1] == 'Z' || strchr(s + 11, '+') || strchr(s + 11, '-'));
}

static void time_of(const cJSON *o, struct opt_u64 *time_ns)
{
	static const char *const names[] = { "time", "timestamp", "@timestamp", "ts", "Time" };
	const char *us = jr_get_str(o, "__REALTIME_TIMESTAMP");
	uint64_t v;
	int64_t ns;

	if (us && num_u64(us, strlen(us), &v) == 0 && v < UINT64_MAX / 1000) {
		*time_ns = opt_u64(v * 1000);
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const char *s = jr_get_str(o, names[i]);

		if (s && has_zone(s) && time_parse_rfc3339(s, &ns) == 0 && ns >= 0) {
			*time_ns = opt_u64((uint64_t)ns);
			return;
		}
	}
}

bool clean_json(struct slice line, struct strbuf *scratch, struct opt_u64 *time_ns)
{
	struct slice s = slice_trim(line);
	const char *why = NULL, *text;
	cJSON *o;

	while (s.len && s.p[s.len - 1] == ',')
		s.len--;
	/* journalctl -o json-pretty: one member a line. */
	if (slice_starts(s, "\"MESSAGE\""))
		cur_find(&s, ":");
	cur_blanks(&s);
	if (s.len < 2 || (*s.p != '{' && *s.p != '"'))
		return false;
	o = jr_parse(s.p, s.len, &why);
	if (!o)
		return false;
	text = cJSON_IsString(o) ? o->valuestring : message_of(o, 0);
	if (text) {
		sb_reset(scratch);
		sb_addstr(scratch, text);
		time_of(o, time_ns);
	}
	cJSON_Delete(o);
	return text != NULL;
}
