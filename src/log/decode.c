// SPDX-License-Identifier: GPL-2.0-or-later
#include "log/decode.h"

#include <string.h>

#include "log/cursor.h"

static bool has_item(const struct log_open *o, enum line_kind k)
{
	for (size_t i = 0; i < o->n_items; i++) {
		if (o->items[i].kind == k)
			return true;
	}
	return false;
}

static int lacks(struct log_report *r, const char *what, const char *why)
{
	return log_text_add(&r->arena, &r->missing, what, why);
}

/* What a report of its kind carries and this one does not. */
static int missing(struct log_open *o)
{
	struct log_report *r = o->r;
	bool big = r->kind == LOG_PAGE_ALLOC_FAILURE || r->kind == LOG_VMALLOC || r->kind == LOG_OOM ||
		   r->event == LOG_EV_STALL || r->event == LOG_EV_MEMINFO_ONLY;
	bool nommu = r->event == LOG_EV_NOMMU; /* says neither order nor flags, and has no trace */
	int err = 0;

	if (big && !r->first_line)
		err = lacks(r, "header", "the line that says what was asked for is not in the log");
	/* vmalloc's own message has no order */
	if (!err && big && r->kind != LOG_VMALLOC && r->first_line && !r->has_order)
		err = lacks(r, "order", "cut from the first line");
	if (!err && big && r->first_line && !r->gfp.has_mask)
		err = lacks(r, "gfp", "cut from the first line");
	if (!err && (big || nommu) && !r->is_memcg && !r->has_meminfo)
		err = lacks(r, "meminfo", "no Mem-Info block follows: cut, filtered or rate-limited");
	if (!err && r->has_meminfo && !r->n_zones)
		err = lacks(r, "zones", "the Mem-Info block ends before the zones");
	if (!err && r->has_meminfo && r->n_zones) {
		bool lines = true, lists = true;

		for (size_t i = 0; i < r->n_zones; i++) {
			lines &= r->zones[i].has_line;
			lists &= r->zones[i].has_free_list && (r->zones[i].n_orders || opt_or(r->zones[i].free_kb, 1) == 0);
		}
		if (!lines)
			err = lacks(r, "watermarks", "a zone's line of watermarks is not in the log");
		if (!err && !lists)
			err = lacks(r, "free_blocks", "a zone's free list is not in the log");
	}
	if (!err && big && !r->n_frames)
		err = lacks(r, "call_trace", "no call trace in the log");
	if (!err && r->kind == LOG_SLUB && !r->first_line)
		err = lacks(r, "header", "the line that says what was asked for is not in the log");
	if (!err && r->kind == LOG_SLUB && !r->cache)
		err = lacks(r, "cache", "the line on the cache does not follow");
	if (!err && r->kind == LOG_OOM && !has_item(o, L_OOM_KILLED) && !r->no_killable)
		err = lacks(r, "victim", "the line on the killed process does not follow");
	r->complete = !r->missing.n && !r->truncated;
	return err;
}

static int decode_item(struct log_report *r, const struct log_item *it)
{
	switch (it->kind) {
	case L_PAGE_FAILURE:
	case L_OOM:
	case L_VMAP:
	case L_VMALLOC_OLD:
	case L_CPU:
	case L_HARDWARE:
	case L_WORKQUEUE:
	case L_CPUSET:
		return decode_header(r, it);
	case L_SLUB:
	case L_CMA:
	case L_SWIOTLB:
	case L_PERCPU:
	case L_WARN_ORDER:
	case L_DMA_POOL:
	case L_KMEMLEAK:
	case L_PAGE_OWNER:
	case L_UNEXPECTED_GFP:
	case L_NOMMU:
	case L_IOMMU:
	case L_HUGETLB:
	case L_SLUB_CACHE:
	case L_SLUB_NODE:
	case L_SLUB_DEBUG:
	case L_CMA_FREE:
	case L_LEAK_BODY:
		return decode_small(r, it);
	case L_FRAME:
	case L_REGS:
		return decode_trace(r, it);
	case L_OOM_MEMCG:
	case L_OOM_MEMCG_STATS:
	case L_OOM_STAT:
	case L_OOM_SLAB:
	case L_OOM_TASKS:
	case L_OOM_TASK:
	case L_OOM_KILL:
	case L_OOM_KILLED:
	case L_OOM_OTHER:
		return decode_oom(r, it);
	case L_COMPACTION_OFF:
		r->no_compaction = true;
		return decode_meminfo(r, it);
	default:
		return decode_meminfo(r, it);
	}
}

/* A report whose first line is lost: who called the printing of Mem-Info tells what it was. */
static void kind_by_trace(struct log_report *r, bool on_request)
{
	if (on_request) {
		r->event = LOG_EV_SHOW_MEMORY;
		return;
	}
	for (size_t i = 0; i < r->n_frames; i++) {
		const char *f = r->frames[i].function;

		if (strncmp(f, "warn_alloc", 10) == 0)
			r->kind = LOG_PAGE_ALLOC_FAILURE;
		else if (strncmp(f, "oom_kill_process", 16) == 0 || strcmp(f, "dump_header") == 0)
			r->kind = LOG_OOM;
		else
			continue;
		return;
	}
	r->event = LOG_EV_MEMINFO_ONLY;
}

/* An OOM report cut before it names the cgroup: only the memcg's own OOM path has these callers. */
static void memcg_by_trace(struct log_report *r)
{
	static const char *const callers[] = { "mem_cgroup_out_of_memory", "mem_cgroup_oom_synchronize",
					       "mem_cgroup_handle_oom", "__mem_cgroup_try_charge",
					       "mem_cgroup_do_charge", "try_charge", "try_charge_memcg" };

	for (size_t i = 0; i < r->n_frames; i++) {
		for (size_t k = 0; k < ARRAY_SIZE(callers); k++)
			r->is_memcg |= !r->frames[i].maybe && strcmp(r->frames[i].function, callers[k]) == 0;
	}
}

int log_decode(struct log_open *o)
{
	struct log_report *r = o->r;
	int err = 0;

	r->kind = LOG_OTHER;
	for (size_t i = 0; i < o->n_items && !err; i++)
		err = decode_item(r, &o->items[i]);
	if (r->kind == LOG_OTHER && o->opened_by == L_OOM)
		r->kind = LOG_OOM;
	if (r->kind == LOG_OTHER && o->opened_by == L_SLUB)
		r->kind = LOG_SLUB;
	if (!err && r->kind == LOG_OTHER && r->event == LOG_EV_NONE)
		kind_by_trace(r, o->on_request);
	if (!err && r->kind == LOG_OOM && !r->has_meminfo)
		memcg_by_trace(r);
	if (!err)
		decode_page_size(r);
	if (!err)
		err = decode_requester(r);
	if (!err)
		err = missing(o);
	return err;
}
