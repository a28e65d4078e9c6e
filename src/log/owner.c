// SPDX-License-Identifier: GPL-2.0-or-later
#include "log/owner.h"

#include <string.h>

#include "log/cursor.h"
#include "log/headless.h"

/* ---- what a report has already ---- */

static uint32_t hash(enum line_kind k, struct slice s)
{
	uint32_t h = 2166136261u ^ (uint32_t)k;

	for (size_t i = 0; i < s.len; i++)
		h = (h ^ (unsigned char)s.p[i]) * 16777619u;
	return h;
}

/* The part of a line that tells it from others of its kind. */
uint32_t owner_key(enum line_kind k, struct slice body)
{
	struct slice s = slice_trim(body), part = s, rest = s, name;
	uint64_t n;
	int node;

	switch (k) {
	case L_ZONE:
		/* Not the rest of another line before it, nor the numbers. */
		if (classify_zone_marks(&rest, &node, &name))
			return hash(k, name) ^ (uint32_t)node;
		break;
	case L_FREE_LIST:
		if (classify_zone_list(&rest, &node, &name))
			return hash(k, name) ^ (uint32_t)node;
		break;
	case L_PCP_ZONE:
		if (classify_zone(&rest, &node, &name))
			part.len = (size_t)(rest.p - s.p);
		break;
	case L_NODE:
		cur_text(&rest, "Node ");
		cur_u64(&rest, &n);
		part.len = (size_t)(rest.p - s.p);
		break;
	case L_GLOBAL:
		cur_until(&rest, ":", &part);
		break;
	case L_HUGEPAGES:
		if (cur_find(&rest, "hugepages_size="))
			part = (struct slice){ s.p, s.len };
		break;
	case L_TOTALS:
		if (cur_u64(&rest, &n))
			part = rest;
		else
			part.len = part.len < 10 ? part.len : 10;
		break;
	default:
		part.len = 0;
	}
	return hash(k, part);
}

static bool seen(const struct log_open *o, uint32_t key)
{
	for (size_t i = 0; i < o->n_seen; i++) {
		if (o->seen[i] == key)
			return true;
	}
	return false;
}

/* A report of a single line, to which a trace may follow at once. */
bool owner_is_small(enum line_kind k)
{
	return k == L_CMA || k == L_SWIOTLB || k == L_PERCPU || k == L_DMA_POOL || k == L_SLUB ||
	       k == L_VMAP || k == L_HUGETLB || k == L_IOMMU || k == L_UNEXPECTED_GFP ||
	       k == L_KMEMLEAK || k == L_PAGE_OWNER;
}

/* These are said without the trace of who asked; one that follows is of another report. */
static bool is_untraced(enum line_kind k)
{
	return k == L_CMA || k == L_SWIOTLB || k == L_DMA_POOL || k == L_SLUB || k == L_VMAP ||
	       k == L_HUGETLB || k == L_IOMMU;
}

static bool wants_meminfo(const struct log_open *o)
{
	/* A kill that stands alone: the memory would have stood above it. */
	return !owner_is_small(o->opened_by) && o->opened_by != L_WARN_ORDER &&
	       !(o->n_items && o->items[0].kind == L_OOM_KILLED);
}

/* ---- whose line is it ---- */

bool owner_caller_fits(const struct log_open *o, const struct frame *f)
{
	/* What stands on a page's title has no stamp, and neither has what goes on with it. */
	if (o->closed || (o->heading && f->has_prefix))
		return false;
	return (!o->caller[0] || !f->caller[0] || strcmp(o->caller, f->caller) == 0);
}

static bool comm_fits(const struct collect *c, const struct log_open *o, struct slice body)
{
	struct slice s = body;

	/* Right below the only open report it is that one's, whatever name somebody put into its first line. */
	if (!o->process.len || (c->n == 1 && (c->line - o->last_line <= 1 ||
					      (c->last == o && c->line - c->last_taken <= 1))))
		return true;
	if (!cur_find(&s, "Comm: ") && !cur_find(&s, "comm: "))
		return true;
	return s.len > o->process.len && memcmp(s.p, o->process.p, o->process.len) == 0 &&
	       cur_space(s.p[o->process.len]);
}

/* Follows a report of one line at once. */
static bool near(const struct collect *c, const struct log_open *o)
{
	return c->line - o->last_line <= 8;
}

/*
 * The first words on a kill, once an OOM; where the rest is rate-limited or switched off
 * they stand alone.
 */
bool owner_begins_kill(struct slice s)
{
	return (slice_starts(s, "Out of memory: Kill") || slice_starts(s, "Memory cgroup out of memory: Kill") ||
		slice_starts(s, "Out of Memory: Kill")) && /* to 2.6.14 */
	       cur_find(&s, " process ") && s.len && cur_digit(*s.p);
}

/*
 * To 2.6.14 each task that shares the victim's memory has its line. Below a dump also one of another name:
 * the next kill would have a dump of its own.
 */
static bool shares_memory(const struct collect *c, const struct log_open *o, const struct frame *f)
{
	const struct log_item *it = &o->items[o->n_items - 1];
	struct slice last = { it->text, it->len }, now = f->body;
	bool same_time = o->r->stamp ? strcmp(o->r->stamp, f->stamp) == 0 : !f->stamp[0];

	if (o->has_meminfo && same_time && c->last == o && c->line - c->last_taken <= 1 &&
	    slice_starts(now, "Out of Memory: Killed process "))
		return it->kind == L_OOM_KILLED && slice_starts(last, "Out of Memory: Killed process ");
	return it->kind == L_OOM_KILLED && cur_lit(&last, "Out of Memory: Killed process ") &&
	       cur_lit(&now, "Out of Memory: Killed process ") && cur_find(&last, " (") &&
	       cur_find(&now, " (") && last.len == now.len && memcmp(last.p, now.p, now.len) == 0 &&
	       o->r->stamp && strcmp(o->r->stamp, f->stamp) == 0;
}

static bool another_kill(const struct collect *c, const struct log_open *o, const struct frame *f)
{
	return o->past_end && !(o->kills_all && slice_starts(f->body, "Memory cgroup")) && !shares_memory(c, o, f);
}

/* A cgroup's kill that lost its head: no Mem-Info stands between the trace and its counters. */
static bool turns_memcg(const struct collect *c, const struct log_open *o, enum line_kind k)
{
	if (o->opened_by != L_CPU || o->has_meminfo || k != L_OOM_MEMCG || !near(c, o))
		return false;
	for (size_t i = 0; i < o->n_items; i++) {
		struct slice s = { o->items[i].text, o->items[i].len };

		if (o->items[i].kind == L_FRAME && headless_printer(s) && !slice_find(s, "warn_alloc"))
			return true;
	}
	return false;
}

/*
 * A report that lost its head, until what only the OOM killer prints below Mem-Info: its table of tasks or
 * slabs, its summary, its kill. Not below a dump that its trace names as one of a failed allocation.
 */
bool owner_turns_oom(const struct collect *c, const struct log_open *o, enum line_kind k,
		     const struct frame *f)
{
	if (turns_memcg(c, o, k))
		return true;
	if ((o->opened_by != L_MEMINFO && o->opened_by != L_CPU) || !o->has_meminfo || !near(c, o))
		return false;
	if (k != L_OOM_TASKS && k != L_OOM_SLABS && k != L_OOM_KILL &&
	    !(k == L_OOM_OTHER && slice_starts(f->body, "Out of memory")) &&
	    !(k == L_OOM_KILLED && owner_begins_kill(f->body)))
		return false;
	/* A cgroup's kill prints no Mem-Info; the OOM killer is done with one in seconds. */
	if (k == L_OOM_KILLED && slice_starts(f->body, "Memory cgroup"))
		return false;
	if (f->uptime_us.known && !f->stamp_cut && o->last_uptime_us.known &&
	    f->uptime_us.v > o->last_uptime_us.v + 10000000)
		return false;
	return !collect_is_of_failure(o);
}

/* To 2.6.19 a trace has no title and no line on the task: it stands right below the first line. */
static bool begins_untitled(const struct collect *c, const struct log_open *o)
{
	return c->trace && c->trace != o && !c->trace->has_cpu && c->last == o && !o->has_trace && !o->has_cpu &&
	       o->opened_by == L_PAGE_FAILURE && c->line - o->last_line <= 1;
}

static bool wants(const struct collect *c, const struct log_open *o, enum line_kind k,
		  const struct frame *f)
{
	bool oom = o->opened_by == L_OOM;

	if (owner_turns_oom(c, o, k, f))
		return true;

	if (owner_is_small(o->opened_by) && !near(c, o))
		return false;
	switch (k) {
	case L_CPU:
		return !o->has_cpu && !o->has_meminfo && !is_untraced(o->opened_by) && comm_fits(c, o, f->body);
	case L_CPUSET:
		return !o->has_meminfo && !seen(o, owner_key(k, f->body)) &&
		       (!o->process.len || (f->body.len > o->process.len &&
					    memcmp(f->body.p, o->process.p, o->process.len) == 0));
	case L_HARDWARE:
	case L_WORKQUEUE:
		return o->has_cpu && !o->has_meminfo && !seen(o, owner_key(k, f->body));
	case L_TRACE:
	case L_FRAME:
	case L_FRAME_MARK:
	case L_REGS:
		return !o->has_meminfo && !is_untraced(o->opened_by) &&
		       (o == c->trace || !c->trace || c->trace->closed || begins_untitled(c, o) || o->opened_by == L_KMEMLEAK ||
			o->opened_by == L_PAGE_OWNER || (f->caller[0] && o->caller[0]));
	case L_MEMINFO:
		return wants_meminfo(o) && !o->has_meminfo;
	case L_GLOBAL:
	case L_NODE:
	case L_ZONE:
	case L_FREE_LIST:
	case L_HUGEPAGES:
	case L_TOTALS:
	case L_PCP_ZONE:
		return wants_meminfo(o) && !seen(o, owner_key(k, f->body));
	case L_LOWMEM:
		return o->last_kind == L_ZONE || o->last_kind == L_KV_REST;
	case L_PCP:
		return o->last_kind == L_PCP_ZONE || o->last_kind == L_PCP;
	case L_ALLOC_SITES:
	case L_ALLOC_SITE:
		return o->has_meminfo;
	case L_SLUB_CACHE:
	case L_SLUB_NODE:
	case L_SLUB_DEBUG:
		return o->opened_by == L_SLUB;
	case L_CMA_FREE:
		return o->opened_by == L_CMA;
	case L_LEAK_BODY:
		return o->opened_by == L_KMEMLEAK;
	case L_OWNER_BODY:
		return o->opened_by == L_PAGE_OWNER;
	case L_OOM_MEMCG:
		/* Counters stand above the kill, the word on the rest of the group below it. */
		return oom && ((!o->past_end && !o->has_meminfo) || slice_find(f->body, "memory.oom.group"));
	case L_OOM_MEMCG_STATS:
		/* Where Mem-Info is printed too (to 3.8) it comes after these. */
		return oom && !o->past_end && !o->has_meminfo;
	case L_COMPACTION_OFF:
	case L_OOM_SLABS:
	case L_OOM_TASKS:
	case L_OOM_KILL:
		return oom && !o->past_end;
	case L_OOM_KILLED:
		return oom && !another_kill(c, o, f);
	case L_OOM_OTHER:
		return oom;
	case L_OOM_STAT:
		return oom && (o->last_kind == L_OOM_MEMCG_STATS || o->last_kind == L_OOM_STAT);
	case L_OOM_SLAB:
		return oom && (o->last_kind == L_OOM_SLABS || o->last_kind == L_OOM_SLAB);
	case L_OOM_TASK:
		return oom && (o->last_kind == L_OOM_TASKS || o->last_kind == L_OOM_TASK);
	default:
		return false;
	}
}

/* The blocks of Mem-Info come in this order; 0: not of them. */
int owner_stage(enum line_kind k)
{
	switch (k) {
	case L_MEMINFO: return 1;
	case L_PCP_ZONE:
	case L_PCP: return 2;
	case L_GLOBAL: return 3;
	case L_NODE: return 4;
	case L_ZONE:
	case L_LOWMEM: return 5;
	case L_FREE_LIST: return 6;
	case L_HUGEPAGES: return 7;
	case L_TOTALS: return 8;
	default: return 0;
	}
}

static bool kb_behind(struct slice s, const char *word, uint64_t *kb)
{
	return cur_find(&s, word) && cur_u64(&s, kb) && slice_starts(s, "kB");
}

/* Whether the sum of a free list is what the report's line of the same zone says is free. */
static bool sum_fits(const struct log_open *o, struct slice list)
{
	struct slice rest = list, name, zone_name;
	int node, zone_node;
	uint64_t sum, free_kb;

	if (!classify_zone_list(&rest, &node, &name) || !kb_behind(rest, "= ", &sum))
		return false;
	for (size_t i = 0; i < o->n_items; i++) {
		struct slice z = { o->items[i].text, o->items[i].len };

		if (o->items[i].kind != L_ZONE || !classify_zone(&z, &zone_node, &zone_name) ||
		    zone_node != node || zone_name.len != name.len ||
		    memcmp(zone_name.p, name.p, name.len) != 0)
			continue;
		return kb_behind(z, " free:", &free_kb) && free_kb == sum;
	}
	return false;
}

/* Lines that come right below the one before them, or go to the newest report that can take them. */
static bool newest_first(const struct log_open *o, enum line_kind k)
{
	return k == L_CPU || k == L_TRACE || k == L_FRAME || k == L_FRAME_MARK || k == L_REGS ||
	       k == L_HARDWARE || k == L_WORKQUEUE || k == L_CPUSET || owner_is_small(o->opened_by) ||
	       (k >= L_OOM_MEMCG && k <= L_OOM_OTHER); /* the OOM killer comes once at a time */
}

/*
 * Among several reports that could take the line: the one of the same caller, then the one
 * whose last line has the same stamp;
 * for a free list the one whose zone it adds up to, and for what comes below
 * the lists one that has them all;
 * for Mem-Info the one that has come furthest, since its blocks come in order;
 * then the one that took the last two lines, so that whole blocks stay
 * together; then the oldest, so that alternating lines go in turn.
 */
static bool better(const struct collect *c, enum line_kind k, const struct frame *f,
		   const struct log_open *a, const struct log_open *b)
{
	bool a_now = f->stamp[0] && strcmp(a->last_stamp, f->stamp) == 0;
	bool b_now = f->stamp[0] && strcmp(b->last_stamp, f->stamp) == 0;

	if (k == L_FREE_LIST && sum_fits(a, f->body) != sum_fits(b, f->body))
		return sum_fits(a, f->body);
	if ((k == L_HUGEPAGES || k == L_TOTALS) && (a->lists_due > 0) != (b->lists_due > 0))
		return a->lists_due <= 0;
	if ((a->caller[0] != 0) != (b->caller[0] != 0))
		return a->caller[0] != 0;
	if (a_now != b_now)
		return a_now;
	if (owner_stage(k) && a->stage != b->stage)
		return a->stage > b->stage;
	if (owner_stage(k))
		return a == c->last && a->stage && c->run > 1;
	return newest_first(a, k);
}

struct log_open *owner_of(const struct collect *c, enum line_kind k, const struct frame *f)
{
	struct log_open *found = NULL;

	/* A line that goes on where the last one stopped. */
	if (c->last && !c->last->closed && owner_caller_fits(c->last, f) && wants(c, c->last, k, f) &&
	    (k == L_PCP || k == L_OOM_TASK || k == L_OOM_STAT || k == L_HARDWARE))
		return c->last;
	for (size_t i = 0; i < c->n; i++) {
		struct log_open *o = c->open[i];

		if (!owner_caller_fits(o, f) || !wants(c, o, k, f) || (owner_stage(k) && owner_stage(k) < o->stage))
			continue;
		if (!found || better(c, k, f, o, found))
			found = o;
	}
	return found;
}
