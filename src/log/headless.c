// SPDX-License-Identifier: GPL-2.0-or-later
/* Reports whose first lines are lost, and first lines that are none. */
#include "log/headless.h"

#include <string.h>

#include "log/cursor.h"
#include "log/owner.h"

/* Who prints a report: the log begins within its trace, or what stood above is lost. */
bool headless_printer(struct slice s)
{
	return !slice_find(s, "? ") &&
	       (slice_find(s, "warn_alloc") || slice_find(s, "oom_kill_process") || slice_find(s, "dump_header"));
}

/* It has the zone of the line @body already, with other figures. */
static bool zone_differs(const struct log_open *o, struct slice body)
{
	uint32_t key = owner_key(L_ZONE, body);
	struct slice now = body;

	if (!cur_find(&now, "free:"))
		return false;
	for (size_t i = 0; i < o->n_items; i++) {
		struct slice then = { o->items[i].text, o->items[i].len };

		/* The shorter may have been cut or broken. */
		if (o->items[i].kind == L_ZONE && owner_key(L_ZONE, then) == key && cur_find(&then, "free:"))
			return memcmp(then.p, now.p, then.len < now.len ? then.len : now.len) != 0;
	}
	return false;
}

/* A zone once more with other figures: another dump that lost its head, if no stamps tell. */
static void end_dump_before(struct collect *c, const struct frame *f)
{
	for (size_t i = 0; i < c->n; i++) {
		if (c->open[i]->opened_by == L_MEMINFO && zone_differs(c->open[i], f->body))
			c->open[i]->closed = true;
	}
}

/* The log begins within Mem-Info, or its head was lost. */
bool headless_begins(struct collect *c, enum line_kind k, const struct frame *f)
{
	if (k != L_NODE && k != L_ZONE && k != L_FREE_LIST)
		return false;
	if (k == L_ZONE)
		end_dump_before(c, f);
	for (size_t i = 0; i < c->n; i++) {
		/* Of two that print at once each has its own. */
		if (owner_caller_fits(c->open[i], f) && !collect_is_title(c->open[i]))
			return false;
	}
	return true;
}

/* Without a prefix, as dmesg -t prints, a line must be one that nobody writes by hand. */
bool headless_whole(enum line_kind k, struct slice s)
{
	if (k == L_OOM_MEMCG)
		return (slice_starts(s, "Task in /") && slice_find(s, " killed as a result of limit of /")) ||
		       (slice_starts(s, "memory: usage ") && slice_find(s, "kB, limit ") && slice_find(s, ", failcnt "));
	return k == L_ZONE ? slice_find(s, "kB min:") && slice_find(s, "kB low:")
			   : k == L_FREE_LIST && slice_find(s, "kB = ");
}

/*
 * The title of a page or a thread, which has words of the kernel's: without what the kernel says behind
 * them, or with more before them than a task's name. Old kernels say less too, but dmesg has a prefix.
 */
bool headless_title(const struct collect *c, enum line_kind k, const struct frame *f)
{
	struct slice s = f->body, name;

	if (f->has_prefix)
		return false;
	/* "page allocation failure. order: 2" alone: every kernel says who, or in what mode. */
	if (k == L_PAGE_FAILURE && !slice_find(s, "mode") &&
	    (f->heading || (c->line <= 3 && slice_starts(s, "page allocation"))))
		return true;
	if (k == L_SLUB)
		return !slice_find(s, "gfp");
	if (k == L_SWIOTLB)
		return slice_find(s, "buffer is full") && !slice_find(s, "sz:") && !slice_find(s, "size");
	if (k != L_PAGE_FAILURE || c->line > 3 || !cur_split(&s, ": page allocation", &name))
		return false;
	/* "[00:02:54/00:04:07]swapper/0": another program's output; a forum's tags have a blank behind them. */
	for (size_t i = name.len; i > 0 && i + COMM_MAX > name.len; i--) {
		if (name.p[i - 1] == ']')
			return i == name.len || name.p[i] == ' ';
	}
	return name.len > COMM_MAX;
}
