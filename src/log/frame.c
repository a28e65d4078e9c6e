// SPDX-License-Identifier: GPL-2.0-or-later
#include "log/frame.h"

#include <stdio.h>
#include <string.h>

#include "log/clean.h"
#include "log/cursor.h"
#include "log/stamp.h"

#define FAR 200 /* how far from the start a prefix may reach */

/*
 * logcat: "06-08 18:46:11.095  pid  tid W tag  : ". The tag is what stood before the line's first
 * colon and a blank: the process, where a report begins.
 */
static bool logcat(struct slice *s, struct frame *f)
{
	struct slice t = *s, level, tag;
	uint64_t v;

	if (!stamp_short(&t, f))
		return false;
	*s = t;
	cur_blanks(&t);
	if (!cur_u64(&t, &v))
		return true;
	cur_blanks(&t);
	if (cur_u64(&t, &v))
		cur_blanks(&t);
	if (cur_ident(&t, &level) && level.len == 1 && strchr("VDIWEF", *level.p)) {
		cur_blanks(&t);
		*s = t;
		cur_until(&t, ":", &tag);
		while (t.len > 1 && *t.p == ':' && !cur_space(t.p[1]) && cur_char(&t, ':'))
			cur_until(&t, ":", &tag);
		if (cur_char(&t, ':') && !slice_starts(t, " page allocation "))
			*s = t;
	}
	return true;
}

/* ---- brackets ---- */

/*
 * "2-3219.1870", "00:12:34.567": numbers of which at least two are told apart by more than
 * a blank or a comma.
 */
static bool odd_stamp(struct slice s)
{
	size_t digits = 0, marks = 0;

	for (size_t i = 0; i < s.len; i++) {
		if (cur_digit(s.p[i]))
			digits++;
		else if (i && i + 1 < s.len && strchr(".:-/", s.p[i]))
			marks++;
		else if (s.p[i] != ' ' && s.p[i] != ',')
			return false;
	}
	return digits >= 4 && marks;
}

/* "[  12.345678]", "[12.3,1]", "[ 12.345678@0]", "[12.345678] [T12]", "[Wed Feb 13 ...]", "[    T1]" */
static bool bracket(struct slice *s, struct frame *f)
{
	struct slice t = *s, inside, rest;
	const char *close;

	if (!cur_char(&t, '['))
		return false;
	close = memchr(t.p, ']', t.len < 64 ? t.len : 64);
	if (!close)
		return false;
	inside = (struct slice){ t.p, (size_t)(close - t.p) };
	rest = (struct slice){ close + 1, (size_t)(t.p + t.len - close - 1) };
	inside = slice_trim(inside);
	if (!inside.len)
		return false;
	struct slice in = inside;
	struct frame since = { 0 };
	/* dmesg -H: the time since the line before */
	if (cur_char(&in, '+') && stamp_uptime(&in, &since) && !in.len) {
		*s = rest;
		return true;
	}
	in = inside;
	if (stamp_uptime(&in, f)) {
		cur_blanks(&in);
		if (slice_eq(in, "s"))
			cur_skip(&in, 1);
		if (cur_char(&in, '@') || cur_char(&in, ',') || cur_char(&in, '#')) {
			if (in.len && in.len < FRAME_CALLER - 1 && in.p[-1] != ',')
				snprintf(f->caller, sizeof(f->caller), "C%.*s", (int)in.len, in.p);
			in.len = 0;
		} else if (in.len && (*in.p == 'T' || *in.p == 'C')) {
			stamp_copy(f->caller, sizeof(f->caller), in.p, in.len);
			in.len = 0;
		}
		if (in.len)
			return false;
		if (!f->stamp[0])
			stamp_keep(f, inside.p, inside.p + inside.len);
		*s = rest;
		return true;
	}
	if ((*inside.p == 'T' || *inside.p == 'C') && inside.len > 1 && inside.len < 12) {
		uint64_t id;

		in = inside;
		cur_skip(&in, 1);
		if (cur_u64(&in, &id) && !in.len) {
			stamp_copy(f->caller, sizeof(f->caller), inside.p, inside.len);
			*s = rest;
			return true;
		}
	}
	in = inside;
	if (((stamp_syslog(&in, f) || stamp_iso(&in, f) || stamp_short(&in, f)) && in.len < 8) ||
	    stamp_foreign(inside, f)) {
		cur_lit(&rest, ": ");
		*s = rest;
		return true;
	}
	if (odd_stamp(inside)) {
		stamp_keep(f, inside.p, inside.p + inside.len);
		*s = rest;
		return true;
	}
	/* "[3:  Binder:9343_3:22875]", "[2:  Binder:711_1:  740]": the CPU, the task's name and its number */
	in = inside;
	uint64_t cpu;
	if (f->stamp[0] && cur_u64(&in, &cpu) && cpu < 1024 && cur_char(&in, ':') && in.len && cur_space(*in.p)) {
		const char *last = in.p + in.len;
		struct slice task;

		while (last > in.p && cur_digit(last[-1]))
			last--;
		task = (struct slice){ last, (size_t)(in.p + in.len - last) };
		while (last > in.p && cur_space(last[-1]))
			last--;
		if (task.len && task.len < 12 && last > in.p && last[-1] == ':') {
			snprintf(f->caller, sizeof(f->caller), "T%.*s", (int)task.len, task.p);
			*s = rest;
			return true;
		}
	}
	/* "[1234:comm]", "[0:swapper/0]", "[pid:1361,cpu5,comm]" of vendor kernels, only after a stamp */
	in = inside;
	uint64_t pid;
	cur_lit(&in, "pid:");
	if (f->stamp[0] && cur_u64(&in, &pid) && in.len > 1 && (*in.p == ':' || *in.p == ',') &&
	    !cur_space(in.p[1])) {
		snprintf(f->caller, sizeof(f->caller), "T%llu", (unsigned long long)pid);
		*s = rest;
		return true;
	}
	return false;
}

/* A stamp whose first bytes were cut off: "4.795291] ". */
static bool cut_bracket(struct slice *s, struct frame *f)
{
	struct slice t = *s;
	struct frame g = *f;

	if (!stamp_uptime(&t, &g) || !cur_char(&t, ']') || (t.len && !cur_space(*t.p)))
		return false;
	*f = g;
	f->stamp_cut = true;
	stamp_keep(f, s->p, t.p - 1);
	*s = t;
	return true;
}

/* "<4>" and, after it, the rest of RFC 5424: "1 2016-... host app procid msgid sd msg" */
static bool level(struct slice *s, struct frame *f)
{
	struct slice t = *s, word;
	uint64_t v;

	if (!cur_char(&t, '<'))
		return false;
	cur_blanks(&t);
	if (!cur_u64(&t, &v) || v > 191 || !cur_char(&t, '>'))
		return false;
	*s = t;
	if (!cur_lit(&t, "1 ") || !(stamp_iso(&t, f) || cur_lit(&t, "-")))
		return true;
	for (int i = 0; i < 4; i++) {
		cur_blanks(&t);
		if (!slice_word(&t, &word))
			return true;
	}
	cur_blanks(&t);
	if (cur_lit(&t, "-") || !t.len) {
		*s = t;
	} else {
		while (t.len && *t.p == '[' && cur_find(&t, "]"))
			;
		*s = t;
	}
	cur_blanks(s);
	cur_lit(s, "\xef\xbb\xbf");
	return true;
}

/* A record of /dev/kmsg: "4,1234,56789012,-;", since 5.1 also "4,1234,56789012,-,caller=T12;" */
static bool kmsg_record(struct slice *s, struct frame *f)
{
	struct slice t = *s, caller;
	uint64_t v, us;

	if (!cur_u64(&t, &v) || !cur_char(&t, ',') || !cur_u64(&t, &v) || !cur_char(&t, ',') ||
	    !cur_u64(&t, &us) || !cur_char(&t, ',') || !t.len || !strchr("-c+", *t.p))
		return false;
	cur_skip(&t, 1);
	if (cur_lit(&t, ",caller=") && cur_until(&t, ",;", &caller))
		stamp_copy(f->caller, sizeof(f->caller), caller.p, caller.len);
	if (t.len && *t.p == ',')
		cur_until(&t, ";", &caller);
	if (!cur_char(&t, ';'))
		return false;
	f->uptime_us = opt_u64(us);
	if (!f->stamp[0])
		snprintf(f->stamp, sizeof(f->stamp), "%llu.%06llu",
			 (unsigned long long)us / 1000000, (unsigned long long)us % 1000000);
	*s = t;
	return true;
}

/* Up to four words and then "kernel:", as syslog and journalctl print: "host kernel: " */
static bool kernel_tag(struct slice *s, int words)
{
	struct slice t = *s, word;

	while (words-- > 0 && slice_word(&t, &word)) {
		struct slice w = word, name;

		if (!cur_ident(&w, &name))
			continue;
		/* crashlog: a router's copy of what the boot before said last. */
		if (!slice_eq(name, "kernel") && !slice_eq(name, "klogd") && !slice_eq(name, "vmunix") &&
		    !slice_eq(name, "KERNEL") && !slice_eq(name, "crashlog"))
			continue;
		if (cur_char(&w, '[') && !cur_find(&w, "]"))
			continue;
		if (!w.len && (cur_lit(&t, " :") || cur_lit(&t, " - - -")))
			; /* the latter: process, message and data of RFC 5424, none of which the kernel has */
		else if (!slice_eq(w, ":"))
			continue;
		/* A process of that name; but old kernels say "vmalloc: allocation failure" of no process. */
		if (slice_starts(t, " page allocation ") ||
		    (word.p == s->p && (slice_starts(t, " vmalloc:") || slice_starts(t, " vmalloc error:"))))
			return false;
		*s = t;
		return true;
	}
	return false;
}

/* "kern  :warn  : " of dmesg -x, "user: warning: " of others; the stamp follows. */
static bool facility(struct slice *s)
{
	static const char *const facilities[] = { "kern", "user", "daemon", "syslog" };
	static const char *const levels[] = { "emerg", "alert",	"crit", "err",	"warning",
					     "warn",  "notice", "info", "debug" };
	struct slice t = *s, word;
	bool known = false;

	if (!cur_ident(&t, &word))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(facilities); i++)
		known |= slice_eq(word, facilities[i]);
	cur_blanks(&t);
	if (!known || !cur_char(&t, ':'))
		return false;
	cur_blanks(&t);
	if (!cur_ident(&t, &word))
		return false;
	known = false;
	for (size_t i = 0; i < ARRAY_SIZE(levels); i++)
		known |= slice_eq(word, levels[i]);
	cur_blanks(&t);
	if (!known || !cur_char(&t, ':'))
		return false;
	cur_blanks(&t);
	if (!t.len || *t.p != '[')
		return false;
	*s = t;
	return true;
}

/* Containers: "stdout F ", "stderr P " after the date. */
static bool cri(struct slice *s)
{
	struct slice t = *s;

	cur_blanks(&t);
	if (!cur_lit(&t, "stdout ") && !cur_lit(&t, "stderr "))
		return false;
	if (!cur_lit(&t, "F ") && !cur_lit(&t, "P "))
		return false;
	*s = t;
	return true;
}

/* "c2  1234 " after a stamp (Android), "(0)" or "-(1)" before "[pid:comm]" (others). */
static bool vendor(struct slice *s, struct frame *f)
{
	struct slice t = *s;
	uint64_t cpu, pid;

	if (!f->stamp[0])
		return false;
	cur_char(&t, '-');
	if (cur_char(&t, '(') && cur_u64(&t, &cpu) && cur_char(&t, ')') && t.len && *t.p == '[') {
		*s = t;
		return true;
	}
	t = *s;
	if (cur_char(&t, 'c') && cur_u64(&t, &cpu) && t.len && cur_space(*t.p)) {
		cur_blanks(&t);
		if (cur_u64(&t, &pid) && t.len && cur_space(*t.p)) {
			snprintf(f->caller, sizeof(f->caller), "T%llu", (unsigned long long)pid);
			*s = t;
			return true;
		}
	}
	return false;
}

static bool quote(struct slice *s)
{
	/* a line of a diff, a string of a program, a heading */
	if (s->len > 1 && ((strchr("+'\"", *s->p) && *s->p && s->p[1] == '[') || (*s->p == '#' && cur_space(s->p[1])))) {
		cur_skip(s, 1);
		return true;
	}
	if (!s->len || !(*s->p == '>' || *s->p == '|' || *s->p == '`'))
		return false;
	cur_skip(s, 1);
	return true;
}

/* A stamp further on, behind words that no rule knows: container names, file names of grep, ... */
static bool distant(struct slice *s, struct frame *f, bool tagged)
{
	size_t far = s->len < FAR ? s->len : FAR;

	for (size_t i = 1; i < far; i++) {
		struct slice t = { s->p + i, s->len - i };

		if (s->p[i] == '[' &&
		    strchr(" :>|", s->p[i - 1]) && s->p[i - 1] &&
		    bracket(&t, f) && f->uptime_us.known) {
			*s = t;
			return true;
		}
		if (!tagged && s->p[i] == 'k' && cur_space(s->p[i - 1]) && cur_lit(&t, "kernel: ")) {
			*s = t;
			return true;
		}
	}
	return false;
}

/* How the line lay on the page: tells later where it may have been broken. */
static void measure(struct slice line, struct frame *f)
{
	struct slice s = line;
	bool quoted = false;

	while (s.len && cur_space(s.p[s.len - 1]))
		s.len--;
	f->width = s.len;
	while (s.len && (*s.p == '>' || *s.p == '|')) {
		cur_skip(&s, 1);
		quoted = true;
		if (s.len > 1 && *s.p == ' ' && (s.p[1] == '>' || s.p[1] == '|'))
			cur_skip(&s, 1);
	}
	if (quoted)
		cur_char(&s, ' ');
	f->starts_blank = s.len && cur_space(*s.p);
}

/* What follows a record of /dev/kmsg: " SUBSYSTEM=pci", " DEVICE=+pci:0000:00:01.0" */
static bool is_dictionary(struct slice s)
{
	struct slice name;

	return cur_char(&s, ' ') && s.len && *s.p >= 'A' && *s.p <= 'Z' &&
	       (slice_starts(s, "SUBSYSTEM=") || slice_starts(s, "DEVICE=")) &&
	       cur_until(&s, " ", &name) && !s.len;
}

/* "565 [Sat Sep 11 12:24:42 2021] ...", "12[ 7952.524958] ...": a viewer's number of the line. */
static bool numbered(struct slice *s)
{
	struct slice t = *s, u;
	struct frame ignored = { 0 };
	uint64_t n;

	if (!cur_u64(&t, &n) || t.p - s->p > 7)
		return false;
	if (cur_char(&t, '\t')) { /* cat -n */
		*s = t;
		return true;
	}
	cur_blanks(&t);
	u = t;
	if (!bracket(&u, &ignored) || (!ignored.uptime_us.known && !ignored.stamp[0]))
		return false;
	*s = t;
	return true;
}

static void strip_known(struct slice *s, struct frame *f, bool *dated)
{
	bool named = false;

	for (;;) {
		cur_blanks(s);
		if (quote(s) || numbered(s))
			continue;
		if (level(s, f) || kmsg_record(s, f) || bracket(s, f) || cut_bracket(s, f) ||
		    vendor(s, f) || facility(s)) {
			f->has_prefix = true;
			continue;
		}
		if (!*dated && (stamp_iso(s, f) || (f->host_due = stamp_syslog(s, f)) || logcat(s, f))) {
			f->has_prefix = *dated = true;
			cri(s);
			continue;
		}
		/* Behind seconds since boot journalctl -o short-monotonic has the host, too. */
		if (kernel_tag(s, *dated ? 5 : f->uptime_us.known ? 2 : 1)) {
			f->has_prefix = f->tagged = true;
			f->host_due = false;
			continue;
		}
		/* Once: kernel_tag has looked along the line by now, and would again. */
		if (named || !cur_lit(s, "MESSAGE="))
			return;
		named = true;
	}
}

/* Whether a field of a table holds a line of the kernel's: its stamp, or the tag of its log. */
static bool is_message(struct slice field)
{
	struct slice t = field;
	const char *open = memchr(field.p, '[', field.len < FAR ? field.len : FAR);

	if (open && open + 2 < field.p + field.len && (cur_space(open[1]) || cur_digit(open[1])))
		return true;
	return cur_find(&t, "kernel: ");
}

/*
 * A record of a table that a log viewer exported (RFC 4180): "time","host","message". Its field
 * with the kernel's line, else the longest. False if @line is no such record.
 */
static bool table_field(struct slice line, struct slice *field)
{
	struct slice s = slice_trim(line);
	bool found = false;

	if (s.len < 5 || (*s.p != '"' && s.p[s.len - 1] != '"') || !memmem(s.p, s.len, *s.p == '"' ? "\"," : ",\"", 2))
		return false;
	while (s.len) {
		struct slice one;
		bool quoted = cur_char(&s, '"');
		const char *end = quoted ? memmem(s.p, s.len, "\",", 2) : memchr(s.p, ',', s.len);

		one = (struct slice){ s.p, end ? (size_t)(end - s.p) : s.len };
		cur_skip(&s, one.len + (end ? quoted + 1u : 0));
		if (!end && quoted && one.len && one.p[one.len - 1] == '"')
			one.len--;
		if (!quoted || (found && one.len < field->len && !is_message(one)))
			continue;
		*field = one;
		found = true;
		if (is_message(one))
			break;
	}
	return found;
}

static void strip(struct slice line, struct frame *f)
{
	struct slice s = line;
	bool dated = false;

	f->tagged = false;
	f->heading = slice_starts(s, "# ");
	measure(line, f);
	if (is_dictionary(s)) {
		f->body = (struct slice){ s.p, 0 };
		return;
	}
	if (table_field(s, &s))
		f->has_prefix = true;
	strip_known(&s, f, &dated);
	if (!f->uptime_us.known && distant(&s, f, f->tagged)) {
		f->has_prefix = true;
		strip_known(&s, f, &dated);
	}
	while (s.len && (cur_space(s.p[s.len - 1]) || s.p[s.len - 1] == '`'))
		s.len--;
	f->body = s;
}

/*
 * Where a console lost the end of a line, the stamp of the next one stands in its
 * middle: "? page_[  659.105948] kworker/2:1H: page allocation failure".
 */
static bool next_stamp(struct slice s, size_t *at)
{
	const char *p = s.p, *end = s.p + s.len;

	while ((p = memchr(p, '[', (size_t)(end - p)))) {
		struct slice t = { p + 1, (size_t)(end - p - 1) };
		struct frame f = { 0 };

		cur_blanks(&t);
		if (p > s.p && stamp_uptime(&t, &f) && t.len > 1 && *t.p == ']' && t.p - p > 10 &&
		    (t.p[1] == ' ' || t.p[1] == '[')) {
			*at = (size_t)(p - s.p);
			return true;
		}
		p++;
	}
	return false;
}

/* A page that lost its lines' ends: ", err 5 Jul 19 05:19:24 host kernel: next one" */
static bool next_tag(struct slice s, size_t *at)
{
	for (size_t i = 1; i < s.len; i++) {
		struct slice t = { s.p + i, s.len - i };
		struct frame f = { 0 };

		if (*t.p >= 'A' && *t.p <= 'S' && cur_space(t.p[-1]) && stamp_syslog(&t, &f) && kernel_tag(&t, 5)) {
			*at = i;
			return true;
		}
	}
	return false;
}

/* One line, or several that run into each other. */
static int hand_out(struct slice text, struct frame *f,
		    int (*each)(void *ctx, const struct frame *f), void *ctx)
{
	for (;;) {
		size_t at;
		int err;

		strip(text, f);
		if (!(f->uptime_us.known && next_stamp(f->body, &at)) && !(f->tagged && next_tag(f->body, &at)))
			return each(ctx, f);
		text = (struct slice){ f->body.p + at, (size_t)(text.p + text.len - f->body.p) - at };
		f->body = slice_trim((struct slice){ f->body.p, at });
		err = each(ctx, f);
		if (err)
			return err;
		*f = (struct frame){ .time_ns = f->time_ns };
	}
}

int frame_line(struct slice line, struct strbuf *scratch,
	       int (*each)(void *ctx, const struct frame *f), void *ctx)
{
	struct frame base = { 0 };
	struct slice text = line, rest, one;
	auto_strbuf struct strbuf json = STRBUF_INIT;
	bool first = true;

	if (clean_json(line, &json, &base.time_ns)) {
		text = (struct slice){ sb_str(&json), json.len };
		base.has_prefix = true;
	}
	text = clean_line(text, scratch);
	/* JSON and escaped newlines: several lines in one; the first line's stamp holds for all. */
	rest = text;
	if (!memchr(text.p ? text.p : "", '\n', text.len)) {
		return hand_out(text, &base, each, ctx);
	}
	while (slice_line(&rest, &one, NULL)) {
		struct frame f = base, own = { .time_ns = base.time_ns };
		int err;

		/* Lines of a page that stand behind each other have prefixes of their own. */
		strip(one, &own);
		if (own.has_prefix && own.stamp[0])
			f = (struct frame){ .time_ns = base.time_ns };
		err = hand_out(one, &f, each, ctx);
		if (first)
			base = f;
		first = false;
		if (err)
			return err;
	}
	return 0;
}
