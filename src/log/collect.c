// SPDX-License-Identifier: GPL-2.0-or-later
#include "log/collect.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "log/boot.h"
#include "log/cursor.h"
#include "log/headless.h"
#include "log/join.h"
#include "log/owner.h"

#define MAX_OPEN 32
#define MAX_ITEMS 20000
#define MAX_BYTES (4u << 20)

void collect_free(struct log_open *o)
{
	if (!o)
		return;
	log_report_free(o->r);
	free(o);
}

void collect_done(struct collect *c)
{
	for (size_t i = 0; i < c->n; i++)
		collect_free(c->open[i]);
	free(c->open);
	sb_done(&c->before);
	sb_done(&c->name);
	sb_done(&c->pending);
	sb_done(&c->cpu);
	sb_done(&c->banner);
	memset(c, 0, sizeof(*c));
}

static int note(struct log_open *o, uint32_t key)
{
	if (log_grow(&o->r->arena, &o->seen, &o->cap_seen, o->n_seen, sizeof(*o->seen)))
		return -ENOMEM;
	o->seen[o->n_seen++] = key;
	return 0;
}

/* ---- opening and closing ---- */

/* After how many lines that it did not take a report is over. */
static uint64_t patience(const struct log_open *o)
{
	if (o->past_end)
		return 8;
	if (owner_is_small(o->opened_by))
		return 10;
	return o->opened_by == L_WARN_ORDER || o->opened_by == L_CPU ? 60 : 200;
}

/*
 * A minute after its last line the lines are those of another dump; of others the first line tells
 * that. A slow console takes minutes for a whole one.
 */
static bool is_past(const struct log_open *o, const struct frame *f)
{
	return o->opened_by == L_MEMINFO && f->uptime_us.known && !f->stamp_cut && o->last_uptime_us.known &&
	       f->uptime_us.v > o->last_uptime_us.v + 60000000;
}

static void expire(struct collect *c, const struct frame *f)
{
	for (size_t i = 0; i < c->n; i++) {
		struct log_open *o = c->open[i];

		if (!o->closed && (c->line - o->last_line > patience(o) || is_past(o, f)))
			o->closed = true;
	}
}

struct log_open *collect_next(struct collect *c)
{
	struct log_open *o = c->n ? c->open[0] : NULL;

	if (!o || !o->closed)
		return NULL;
	memmove(c->open, c->open + 1, (c->n - 1) * sizeof(*c->open));
	c->n--;
	if (c->last == o)
		c->last = NULL;
	if (c->trace == o)
		c->trace = NULL;
	return o;
}

bool collect_is_title(const struct log_open *o)
{
	return o->heading && o->n_items == 1;
}

void collect_close_all(struct collect *c)
{
	for (size_t i = 0; i < c->n; i++)
		c->open[i]->closed = true;
	c->before_valid = false;
}

bool collect_is_of_failure(const struct log_open *o)
{
	for (size_t i = 0; i < o->n_items; i++) {
		struct slice s = { o->items[i].text, o->items[i].len };
		const char *at = slice_find(s, "warn_alloc");

		if (o->items[i].kind == L_FRAME && at && !slice_find(s, "? "))
			return true;
	}
	return false;
}

static struct log_open *open_new(struct collect *c, enum line_kind k, const struct frame *f)
{
	struct log_open *o = calloc(1, sizeof(*o));

	if (!o || !(o->r = log_report_new()) || vec_grow(&c->open, &c->cap, c->n, sizeof(*c->open))) {
		collect_free(o);
		return NULL;
	}
	o->opened_by = k;
	o->heading = f->heading && !f->has_prefix;
	o->below_other = c->last_opened && c->line - c->last_opened < 24;
	c->last_opened = c->line;
	o->r->line = c->line;
	o->r->time_ns = f->time_ns;
	o->r->uptime_us = f->uptime_us;
	if (f->stamp[0])
		o->r->stamp = arena_strdup(&o->r->arena, f->stamp);
	memcpy(o->caller, f->caller, sizeof(o->caller));
	if (c->banner.len)
		o->banner = arena_strndup(&o->r->arena, c->banner.buf, c->banner.len);
	o->r->suppressed = c->suppressed;
	c->suppressed = 0;
	/* A caller prints one report at a time; too many at once are closed oldest first. */
	for (size_t i = 0; i < c->n; i++) {
		if (collect_is_title(c->open[i]) || (f->caller[0] && strcmp(c->open[i]->caller, f->caller) == 0) || c->open[i]->opened_by == L_CPU)
			c->open[i]->closed = true;
	}
	if (c->n >= MAX_OPEN)
		c->open[c->n - MAX_OPEN]->closed = true;
	c->open[c->n++] = o;
	return o;
}

/* ---- attaching ---- */

static void took(struct collect *c, struct log_open *o, const struct frame *f)
{
	c->last_taken = o->last_line = c->line;
	memcpy(o->last_stamp, f->stamp, sizeof(o->last_stamp));
	if (f->uptime_us.known && !f->stamp_cut)
		o->last_uptime_us = f->uptime_us;
}

static int attach(struct collect *c, struct log_open *o, enum line_kind k, const struct frame *f)
{
	struct arena *a = &o->r->arena;

	c->run = c->last == o ? c->run + 1 : 1;
	c->last = o;
	took(c, o, f);
	if (owner_stage(k))
		o->stage = owner_stage(k);
	o->lists_due += (k == L_ZONE) - (k == L_FREE_LIST);
	if (o->n_items >= MAX_ITEMS || o->bytes + f->body.len > MAX_BYTES) {
		o->r->truncated = true;
		return 0;
	}
	if (log_grow(a, &o->items, &o->cap_items, o->n_items, sizeof(*o->items)) ||
	    note(o, owner_key(k, f->body)))
		return -ENOMEM;
	o->items[o->n_items].kind = k;
	o->items[o->n_items].has_prefix = f->has_prefix;
	o->items[o->n_items].len = f->body.len;
	o->items[o->n_items].text = arena_strndup(a, f->body.p, f->body.len);
	if (!o->items[o->n_items++].text)
		return -ENOMEM;
	o->bytes += f->body.len;
	o->last_kind = k;
	return 0;
}

/* The rest of a line that was broken: to the end of item @it of the report. */
static int append(struct collect *c, struct log_open *o, struct log_item *it, const struct frame *f)
{
	struct slice have = { it->text, it->len };
	bool blank = join_with_blank(it->kind, have, f->body);
	char *text;

	c->last = o;
	took(c, o, f);
	if (o->bytes + f->body.len > MAX_BYTES || it->len + f->body.len > (1u << 16)) {
		o->r->truncated = true;
		return 0;
	}
	text = arena_alloc(&o->r->arena, it->len + f->body.len + 2);
	if (!text)
		return -ENOMEM;
	memcpy(text, it->text, it->len);
	if (blank)
		text[it->len++] = ' ';
	if (f->body.len)
		memcpy(text + it->len, f->body.p, f->body.len);
	it->len += f->body.len;
	it->text = text;
	/* A copy each time: the sum counts, so that many small pieces end too. */
	o->bytes += it->len;
	return 0;
}

static void mark(struct collect *c, struct log_open *o, enum line_kind k, const struct frame *f)
{
	switch (k) {
	case L_CPU:
		o->has_cpu = true;
		c->trace = o;
		break;
	case L_TRACE:
	case L_FRAME:
		o->has_trace = true;
		c->trace = o;
		break;
	case L_MEMINFO:
	case L_GLOBAL:
	case L_ZONE:
		o->has_meminfo = true;
		if (c->trace == o)
			c->trace = NULL;
		break;
	case L_FREE_LIST:
		o->has_meminfo |= o->opened_by == L_MEMINFO; /* the log may begin within it */
		break;
	case L_TOTALS:
		if (o->opened_by != L_OOM &&
		    (slice_find(f->body, "pages reserved") || slice_find(f->body, "hwpoisoned")))
			o->past_end = true;
		break;
	case L_OOM_MEMCG:
		o->kills_all |= slice_find(f->body, "memory.oom.group") != NULL;
		break;
	case L_OOM_KILLED:
		if (slice_find(f->body, "anon-rss") || slice_find(f->body, "vsz:") ||
		    slice_starts(f->body, "Out of Memory: Killed"))
			o->past_end = true;
		break;
	default:
		break;
	}
}

/* The name in front of the words that open a report; vmalloc's line of old kernels has none. */
static void name_process(struct log_open *o)
{
	static const char *const words[] = { ": page allocation", ": vmalloc", " invoked oom-killer" };
	const struct log_item *it = &o->items[o->n_items - 1];
	struct slice s = { it->text, it->len };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		const char *at = slice_find(s, words[i]);

		if (at && at > s.p) {
			o->process = (struct slice){ s.p, (size_t)(at - s.p) };
			return;
		}
	}
}

/* "swiotlb buffer is full (sz: 512 bytes)", and what swiotlb_full() of old kernels says of the same. */
static bool same_bounce(struct slice first, struct slice s)
{
	uint64_t then, now;

	return cur_find(&first, "buffer is full (sz: ") && cur_u64(&first, &then) &&
	       cur_find(&s, "Out of SW-IOMMU space for ") && cur_u64(&s, &now) && then == now;
}

/* Old kernels say one failure of vmalloc in up to three lines, each looking like a first one; of swiotlb in two. */
static struct log_open *first_part(const struct collect *c, enum line_kind k, const struct frame *f)
{
	struct log_open *o = c->last;

	if (!o || o->closed || !owner_caller_fits(o, f) || c->line - c->last_taken > 3 || o->n_items > 3 ||
	    o->has_cpu)
		return NULL;
	if (k == L_PAGE_FAILURE && (o->opened_by == L_VMAP || o->opened_by == L_VMALLOC_OLD))
		return o;
	if (k == L_SWIOTLB && o->opened_by == L_SWIOTLB && o->n_items == 1)
		return same_bounce((struct slice){ o->items[0].text, o->items[0].len }, f->body) ? o : NULL;
	return k == L_VMALLOC_OLD && o->opened_by == L_VMAP ? o : NULL;
}

/*
 * 4.12 to 4.14 print the name as a piece of its own: "x: " some lines above "page
 * allocation failure: order:0".
 */
static void keep_name(struct collect *c, const struct frame *f)
{
	struct slice s = f->body, word;

	if (!f->has_prefix || s.len < 2 || s.len > 32 || s.p[s.len - 1] != ':' || !slice_word(&s, &word) || s.len)
		return;
	sb_reset(&c->name);
	sb_add(&c->name, f->body.p, f->body.len);
	c->name_line = c->line;
}

static bool name_is_due(const struct collect *c, enum line_kind k, const struct frame *f)
{
	return k == L_PAGE_FAILURE && f->has_prefix && c->name.len && c->line - c->name_line <= 6 &&
	       (slice_starts(f->body, "page allocation ") || slice_starts(f->body, "vmalloc: "));
}

static int take_opening(struct collect *c, enum line_kind k, const struct frame *line)
{
	auto_strbuf struct strbuf text = STRBUF_INIT;
	struct log_open *o = first_part(c, k, line);
	struct frame whole = *line, *f = &whole;
	int err;

	if (name_is_due(c, k, f)) {
		sb_add(&text, c->name.buf, c->name.len);
		sb_addch(&text, ' ');
		sb_add(&text, f->body.p, f->body.len);
		if (text.failed)
			return -ENOMEM;
		f->body = (struct slice){ sb_str(&text), text.len };
		sb_reset(&c->name);
	}
	if (o)
		o->opened_by = k;
	else
		o = open_new(c, k, f);
	if (!o)
		return -ENOMEM;
	err = attach(c, o, k, f);
	if (err || !o->n_items)
		return err;
	name_process(o);
	if (k == L_WARN_ORDER)
		c->trace = o;
	return 0;
}

/* Whether this line is the rest of the one before it. */
static struct log_open *broken(const struct collect *c, enum line_kind k, const struct frame *f)
{
	struct log_open *o = c->last;
	const struct log_item *it;

	if (!o || o->closed || !o->n_items || !owner_caller_fits(o, f) || c->line - c->last_taken > 2)
		return NULL;
	it = &o->items[o->n_items - 1];
	struct slice have = { it->text, it->len };
	if (k == L_FRAME)
		return !f->has_prefix && it->kind == L_FRAME && join_is_open(it->kind, have) ? o : NULL;
	if (it->kind == L_NODE_REST && (k == L_ZONE || k == L_FREE_LIST || k == L_NODE_REST))
		return o;
	if (k == L_OOM_STAT || k == L_OOM_TASK)
		return NULL;
	if (!line_is_rest(k))
		return NULL;
	/* With a prefix of its own only what can be nothing else: continued printk lines. */
	if (f->has_prefix)
		return k != L_NONE && join_is_open(it->kind, have) ? o : NULL;
	return join_is_open(it->kind, have) ? o : NULL;
}

/*
 * 4.12 to 4.14 print the first line in pieces, ", mode:0x20(GFP_ATOMIC), nodemask="
 * and "(null)" with stamps of their own, lines of other CPUs between.
 */
static struct log_open *first_line_of(const struct collect *c, const struct frame *f)
{
	bool mode = slice_starts(f->body, ", mode:"), list = slice_starts(f->body, "(null)");

	if (!f->has_prefix || (!mode && !list))
		return NULL;
	for (size_t i = c->n; i-- > 0;) {
		struct log_open *o = c->open[i];
		struct slice have;

		if (o->closed || !o->n_items || o->items[0].kind != L_PAGE_FAILURE || !owner_caller_fits(o, f))
			continue;
		have = (struct slice){ o->items[0].text, o->items[0].len };
		if (mode ? !slice_find(have, "mode:") : !slice_find(have, "(null)") && slice_find(have, "nodemask="))
			return o;
	}
	return NULL;
}

/* The first line of a report may itself be broken: join it with what came before. */
static enum line_kind rejoin(struct collect *c, const struct frame *f, struct frame *joined,
			     struct strbuf *text)
{
	static const char *const glue[] = { " ", "" };

	for (size_t i = 0; i < ARRAY_SIZE(glue) && !classify_is_title(f->body); i++) {
		enum line_kind k;

		sb_reset(text);
		sb_add(text, c->before.buf, c->before.len);
		sb_addstr(text, glue[i]);
		sb_add(text, f->body.p, f->body.len);
		*joined = c->before_frame;
		joined->body = (struct slice){ sb_str(text), text->len };
		k = classify(joined->body);
		if (line_opens(k) || (k == L_OOM_KILLED && owner_begins_kill(joined->body)))
			return k;
	}
	return L_NONE;
}

static bool show_memory(struct slice s)
{
	return slice_find(s, "Show Memory") || slice_find(s, "SysRq");
}

/* Mem-Info follows its request, perhaps after a few strange lines. */
static void note_show_memory(struct collect *c, enum line_kind k, const struct frame *f)
{
	if (k == L_NONE && show_memory(f->body)) {
		c->show_memory = true;
		c->show_memory_line = c->line;
	}
}

/* A Mem-Info of which nobody said first what was refused. */
static struct log_open *open_meminfo(struct collect *c, const struct frame *f)
{
	struct log_open *o = open_new(c, L_MEMINFO, f);

	if (o)
		o->on_request = c->show_memory && c->line - c->show_memory_line <= 12;
	c->show_memory = false;
	return o;
}

static void count_suppressed(struct collect *c, const struct frame *f)
{
	struct slice s = f->body;
	uint64_t n;

	if (!cur_find(&s, ": ") || !cur_u64(&s, &n))
		return;
	if (!slice_find(f->body, "alloc") && !slice_find(f->body, "slab") && !slice_find(f->body, "oom") &&
	    !slice_find(f->body, "swiotlb") && !slice_find(f->body, "show_mem"))
		return;
	c->suppressed = sat_add(c->suppressed, n);
	c->suppressed_all = sat_add(c->suppressed_all, n);
}

static bool all_have_cpu(const struct collect *c)
{
	for (size_t i = 0; i < c->n; i++) {
		if (!c->open[i]->closed && !c->open[i]->has_cpu && !collect_is_title(c->open[i]))
			return false;
	}
	return true;
}

int collect_take(struct collect *c, const struct frame *f)
{
	auto_strbuf struct strbuf text = STRBUF_INIT;
	enum line_kind k;
	struct frame joined;
	struct log_open *o;
	int err = 0;

	expire(c, f);
	if (!f->body.len) {
		/* A blank line is nobody's, and does not end what is broken either. */
		if (c->last)
			c->last_taken++;
		return 0;
	}
	err = boot_keep_banner(c, f);
	if (err)
		return err;
	k = classify(f->body);
	if (line_opens(k) && headless_title(c, k, f)) {
		k = L_NONE;
	} else if (line_opens(k)) {
		c->before_valid = c->show_memory = false;
		return take_opening(c, k, f);
	}
	if (k == L_SUPPRESSED)
		count_suppressed(c, f);
	if (k == L_CPU)
		err = boot_keep_cpu(c, f);
	if (err)
		return err;
	o = first_line_of(c, f);
	if (o)
		return append(c, o, &o->items[0], f);
	o = broken(c, k, f);
	if (o) {
		enum line_kind was = o->items[o->n_items - 1].kind;

		err = append(c, o, &o->items[o->n_items - 1], f);
		if (was == L_NODE_REST && !err) {
			struct log_item *it = &o->items[o->n_items - 1];

			it->kind = o->last_kind = classify((struct slice){ it->text, it->len });
			err = note(o, owner_key(it->kind, (struct slice){ it->text, it->len }));
			mark(c, o, it->kind, f);
		}
		return err;
	}
	o = owner_of(c, k, f);
	if (!o && k == L_NODE_REST && c->last && owner_caller_fits(c->last, f) && c->last->has_meminfo)
		o = c->last;
	if (!o && (k == L_MEMINFO || ((f->has_prefix || headless_whole(k, f->body)) && headless_begins(c, k, f))))
		o = open_meminfo(c, f);
	/* Of a report whose first line is lost, if Mem-Info follows; else it is dropped. */
	if (!o && k == L_CPU && all_have_cpu(c))
		o = open_new(c, L_CPU, f);
	if (!o && k == L_FRAME && headless_printer(f->body) && all_have_cpu(c)) {
		o = open_new(c, L_CPU, f);
		if (o)
			o->has_cpu = true; /* it stood above */
	}
	/* "SLUB: Unable to allocate memory" was lost */
	if (!o && k == L_SLUB_CACHE && f->has_prefix && slice_find(f->body, "order:"))
		o = open_new(c, L_SLUB, f);
	if (!o && k == L_OOM_KILLED && owner_begins_kill(f->body))
		o = open_new(c, L_OOM, f);
	if (!o && (k == L_OOM_KILL || (k == L_OOM_MEMCG_STATS && f->has_prefix) ||
		   (k == L_OOM_MEMCG && (f->has_prefix || headless_whole(k, f->body)))))
		o = open_new(c, L_OOM, f);
	if (o) {
		if (owner_turns_oom(c, o, k, f)) {
			o->opened_by = L_OOM;
			o->past_end = false;
		}
		mark(c, o, k, f);
		c->before_valid = false;
		return attach(c, o, k, f);
	}
	if (k == L_NONE && c->before_valid && !f->has_prefix) {
		k = rejoin(c, f, &joined, &text);
		if (k && !headless_title(c, k, &joined)) {
			c->before_valid = false;
			return k == L_OOM_KILLED ? collect_take(c, &joined) : take_opening(c, k, &joined);
		}
	}
	note_show_memory(c, k, f);
	keep_name(c, f);
	c->before_valid = k == L_NONE && f->body.len < 512;
	if (c->before_valid) {
		sb_reset(&c->before);
		sb_add(&c->before, f->body.p, f->body.len);
		c->before_frame = *f;
		if (c->before.failed)
			return -ENOMEM;
	}
	return 0;
}
