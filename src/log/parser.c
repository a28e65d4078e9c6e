// SPDX-License-Identifier: GPL-2.0-or-later
#include "log/parser.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "log/boot.h"
#include "log/collect.h"
#include "log/cursor.h"
#include "log/decode.h"
#include "log/mime.h"
#include "log/scan.h"
#include "log/utf16.h"

#define MAX_LINE (1u << 20)  /* a longer line is taken in pieces */
#define LOOK_BACK 4096	     /* bytes before a find that may belong to it */
#define LOOK_BACK_LINES 24
#define LOOK_AHEAD_LINES 96
#define PATIENCE 8	     /* lines after a find that open no report: a broken line may be among them */

struct log_parser {
	log_sink sink;
	void *ctx;
	struct utf16 utf16;
	struct strbuf buf;  /* not yet consumed, from a line's start */
	size_t searched;    /* of it, already searched without a find */
	bool collecting;    /* lines are taken one by one */
	size_t collect_to;  /* while collecting: at least up to here */
	unsigned int idle_lines; /* lines taken since then without an open report */
	struct collect collect;
	struct strbuf scratch;
	bool qp;	    /* the lines are quoted-printable */
	struct strbuf soft; /* of such a line, what stands before its soft end */
	unsigned int soft_lines;
	struct frame before; /* the line before: of it the stamps only */
	uint64_t later, earlier; /* lines whose stamp is, against the line before */
};

struct log_parser *log_parser_new(log_sink sink, void *ctx)
{
	struct log_parser *p = calloc(1, sizeof(*p));

	if (p) {
		p->sink = sink;
		p->ctx = ctx;
	}
	return p;
}

void log_parser_free(struct log_parser *p)
{
	if (!p)
		return;
	collect_done(&p->collect);
	sb_done(&p->buf);
	sb_done(&p->scratch);
	sb_done(&p->soft);
	free(p);
}

char *log_parser_room(struct log_parser *p, size_t n)
{
	/* one more for what utf16 held back */
	return sb_grow(&p->buf, n + 1) ? p->buf.buf + p->buf.len : NULL;
}

/* Newlines in a region that is passed over: lines are numbered. */
static uint64_t count_lines(const char *p, size_t len)
{
	uint64_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += p[i] == '\n';
	return n;
}

static void consume(struct log_parser *p, size_t n)
{
	memmove(p->buf.buf, p->buf.buf + n, p->buf.len - n);
	p->buf.len -= n;
	p->searched = p->searched > n ? p->searched - n : 0;
	p->collect_to = p->collect_to > n ? p->collect_to - n : 0;
}

/* Where to begin taking lines so that the one at @at and a few before it are seen. */
static size_t look_back(const char *buf, size_t at)
{
	size_t from = at, lines = 0;

	while (from > 0 && at - from < LOOK_BACK) {
		if (buf[from - 1] == '\n' && ++lines > LOOK_BACK_LINES)
			return from;
		from--;
	}
	if (from == 0)
		return 0;
	/* Not within a line, if one begins in reach. */
	for (size_t i = from; i < at; i++) {
		if (buf[i] == '\n')
			return i + 1;
	}
	return from;
}

/*
 * A trace of something else: no report was lost above it. Nor is one in frames alone,
 * which say nothing of a request.
 */
static bool is_trace_only(const struct log_open *o)
{
	if (o->opened_by != L_CPU || o->has_meminfo)
		return false;
	return o->below_other || !o->n_items || o->items[0].kind != L_CPU || !collect_is_of_failure(o);
}

static int emit(struct log_parser *p)
{
	struct log_open *o;

	while ((o = collect_next(&p->collect))) {
		struct log_report *r = o->r;
		struct slice cpu;
		int err = 0;

		if (is_trace_only(o) || collect_is_title(o)) {
			collect_free(o);
			continue;
		}
		err = log_decode(o);
		if (!err && !r->kernel && boot_cpu(&p->collect, r, &cpu))
			err = decode_kernel(r, cpu);
		if (!err && !r->kernel)
			r->kernel = o->banner;
		if (!err) {
			o->r = NULL;
			err = p->sink(p->ctx, r);
		}
		collect_free(o);
		if (err)
			return err;
	}
	return 0;
}

/*
 * A syslog without the tag "kernel:": the host's name is the word without which the line
 * is one of the kernel's.
 */
static void take_host(struct frame *f)
{
	struct slice rest = f->body, host;
	enum line_kind k, whole;

	if (!slice_word(&rest, &host) || !rest.len || strchr(":,=", host.p[host.len - 1]))
		return;
	cur_blanks(&rest);
	k = classify(rest);
	whole = classify(f->body);
	if (k != L_NONE &&
	    (whole == L_NONE || (whole == k && (line_opens(k) || k == L_OOM_KILLED) &&
				 !slice_starts(rest, "invoked"))))
		f->body = rest;
}

/* Stamps of the same form can be compared as they stand: "Nov 22 20:15:03", "2026-11-22T20:15:03". */
static void note_direction(struct log_parser *p, const struct frame *f)
{
	const struct frame *b = &p->before;
	int c = 0;

	if (f->uptime_us.known && b->uptime_us.known)
		c = (f->uptime_us.v > b->uptime_us.v) - (f->uptime_us.v < b->uptime_us.v);
	else if (f->stamp[0] && strlen(f->stamp) == strlen(b->stamp))
		c = strcmp(f->stamp, b->stamp);
	p->later += c > 0;
	p->earlier += c < 0;
	if (f->uptime_us.known || f->stamp[0])
		p->before = *f;
}

static int each(void *ctx, const struct frame *f)
{
	struct log_parser *p = ctx;
	struct frame g = *f;

	note_direction(p, f);

	if (f->host_due && !f->uptime_us.known)
		take_host(&g);
	return collect_line(&p->collect, &g);
}

static int take_text(struct log_parser *p, struct slice line)
{
	int err = frame_line(line, &p->scratch, each, p);

	return err ? err : emit(p);
}

/* What is held back of a mail's line that goes on. */
static int take_soft(struct log_parser *p)
{
	int err;

	if (!p->soft.len && !p->soft_lines)
		return 0;
	err = take_text(p, (struct slice){ sb_str(&p->soft), p->soft.len });
	p->collect.line += p->soft_lines;
	p->soft_lines = 0;
	sb_reset(&p->soft);
	return err;
}

static int take_line(struct log_parser *p, struct slice line)
{
	if (!p->qp)
		return take_text(p, line);
	if (mime_qp_line(line, &p->soft) && p->soft.len < MAX_LINE) {
		p->soft_lines++;
		return 0;
	}
	if (p->soft.failed)
		return -ENOMEM;
	if (p->soft.len || p->soft_lines)
		return take_soft(p);
	return take_text(p, line);
}

static int flush(struct log_parser *p)
{
	int err = take_soft(p);

	return err ? err : collect_flush(&p->collect);
}

/* Take lines one by one until no report is open. Returns the bytes used or a negative error. */
static long take_lines(struct log_parser *p, size_t from, bool end)
{
	size_t at = from;

	while (at < p->buf.len) {
		struct slice rest = { p->buf.buf + at, p->buf.len - at };
		const char *nl = memchr(rest.p, '\n', rest.len);
		size_t n = nl ? (size_t)(nl - rest.p) : rest.len;
		int err;

		if (!nl && !end && rest.len < MAX_LINE)
			break;
		if (n > MAX_LINE)
			n = MAX_LINE;
		err = take_line(p, (struct slice){ rest.p, n });
		if (err)
			return err;
		at += n + (nl && rest.p + n == nl);
		/* Not within a line that goes on softly: it may hold all of a mail. */
		if (!p->collect.n && at > p->collect_to && !p->soft_lines && p->idle_lines++ > PATIENCE) {
			/* What is held back came before the text that is searched next. */
			err = flush(p);
			if (err)
				return err;
			if (p->collect.n)
				continue;
			p->collecting = false;
			break;
		}
	}
	return (long)at;
}

struct lines {
	size_t width[LOOK_AHEAD_LINES];
	bool prefix[LOOK_AHEAD_LINES];
	size_t n;
	size_t bytes; /* of the text that they stand in */
};

static int measure(void *ctx, const struct frame *f)
{
	struct lines *l = ctx;

	if (l->n < LOOK_AHEAD_LINES && f->body.len) {
		l->width[l->n] = f->width;
		l->prefix[l->n++] = f->has_prefix;
	}
	return 0;
}

static void look_ahead(struct log_parser *p, size_t from, struct lines *l)
{
	struct slice rest = { p->buf.buf + from, p->buf.len - from }, line;

	while (l->n < LOOK_AHEAD_LINES && slice_line(&rest, &line, NULL) && line.len < LOOK_BACK)
		frame_line(line, &p->scratch, measure, l);
	l->bytes = (size_t)(rest.p - p->buf.buf) - from;
}

/* Whether the lines were cut at a fixed width: those that go on in the next one are all as wide. */
static size_t hard_width(const struct lines *l)
{
	size_t widest = 0, cut = 0, at_widest = 0;

	for (size_t i = 0; i < l->n; i++) {
		if (l->width[i] > widest)
			widest = l->width[i];
	}
	for (size_t i = 0; i + 1 < l->n; i++) {
		if (!l->prefix[i + 1] && l->width[i] + 12 > widest) {
			cut++;
			at_widest += l->width[i] + 1 >= widest;
		}
	}
	return cut >= 3 && at_widest * 10 >= cut * 9 ? widest : 0;
}

static int work(struct log_parser *p, bool end)
{
	size_t used = 0;

	for (;;) {
		struct lines ahead = { .n = 0 };
		const char *at;

		if (p->collecting) {
			long n = take_lines(p, used, end);

			if (n < 0)
				return (int)n;
			used = (size_t)n;
			if (p->collecting)
				break;
			p->searched = used;
		}
		if (p->searched < used)
			p->searched = used;
		at = p->searched < p->buf.len
			     ? scan_anchor(p->buf.buf + p->searched, p->buf.len - p->searched)
			     : NULL;
		if (!at) {
			/* Keep what may belong to a find in the text to come. */
			size_t keep = p->buf.len - used < LOOK_BACK + SCAN_OVERLAP
					      ? used
					      : p->buf.len - LOOK_BACK - SCAN_OVERLAP;

			p->collect.line += count_lines(p->buf.buf + used, keep - used);
			used = keep;
			p->searched = p->buf.len > SCAN_OVERLAP ? p->buf.len - SCAN_OVERLAP : 0;
			if (p->searched < used)
				p->searched = used;
			break;
		}
		size_t hit = (size_t)(at - p->buf.buf);
		size_t start = used + look_back(p->buf.buf + used, hit - used);

		p->collect.line += count_lines(p->buf.buf + used, start - used);
		used = start;
		p->collecting = true;
		p->collect_to = hit;
		p->idle_lines = 0;
		look_ahead(p, start, &ahead);
		p->qp = mime_is_qp((struct slice){ p->buf.buf + start, ahead.bytes });
		p->collect.hard_width = p->qp ? 0 : hard_width(&ahead);
	}
	if (used)
		consume(p, used);
	return 0;
}

int log_parser_fed(struct log_parser *p, size_t n)
{
	p->buf.len += utf16_narrow(&p->utf16, p->buf.buf + p->buf.len, n);
	return work(p, false);
}

int log_parser_idle(struct log_parser *p)
{
	int err = flush(p);

	if (err)
		return err;
	collect_close_all(&p->collect);
	return emit(p);
}

int log_parser_end(struct log_parser *p)
{
	char *room = log_parser_room(p, 1);
	int err;

	if (!room)
		return -ENOMEM;
	p->buf.len += utf16_end(&p->utf16, room);
	err = work(p, true);
	return err ? err : log_parser_idle(p);
}

bool log_parser_busy(const struct log_parser *p)
{
	return p->collect.n != 0 || p->collect.has_pending || p->soft_lines;
}

bool log_parser_backwards(const struct log_parser *p)
{
	return p->earlier >= 4 && p->earlier > 4 * p->later;
}

uint64_t log_parser_suppressed(const struct log_parser *p)
{
	return p->collect.suppressed_all;
}
