// SPDX-License-Identifier: GPL-2.0-or-later
/* Lines that were broken behind their prefix are put together before anyone looks at them. */
#include <errno.h>

#include "log/collect.h"
#include "log/join.h"

#define MAX_JOINED (1u << 16)

/* "CPU: 5" and "PID: 1 Comm: x": nothing, and something, but together one line. */
static bool makes_sense(struct slice have, struct slice rest)
{
	auto_strbuf struct strbuf both = STRBUF_INIT;

	sb_add(&both, have.p, have.len);
	sb_addch(&both, ' ');
	sb_add(&both, rest.p, rest.len);
	return classify((struct slice){ sb_str(&both), both.len }) != L_NONE;
}

/*
 * A line without a prefix below one that has one: the rest of it, unless it is
 * a line that the kernel prints so (members of one message), or one whose words
 * can only begin a line.
 */
static bool goes_on(const struct collect *c, const struct frame *f)
{
	struct slice have = { sb_str(&c->pending), c->pending.len };
	enum line_kind k, was;

	if (!c->has_pending || f->has_prefix || !c->pending_frame.has_prefix || !f->body.len ||
	    c->pending.len > MAX_JOINED)
		return false;
	/* The line above was full. */
	if (c->hard_width && c->pending_frame.width >= c->hard_width && !f->starts_blank)
		return true;
	k = classify(f->body);
	was = classify(have);
	if (k == L_OOM_STAT)
		return was != L_OOM_MEMCG_STATS && was != L_OOM_STAT;
	if (line_is_rest(k) || k == L_REGS)
		return true;
	/* Where functions have a prefix, one without it is the end of the one before. */
	if (k == L_FRAME)
		return was != L_TRACE && was != L_FRAME_MARK && was != L_REGS && was != L_CPU &&
		       was != L_HARDWARE && was != L_WORKQUEUE;
	if (was == L_NODE_REST)
		return k == L_ZONE || k == L_FREE_LIST || k == L_PCP_ZONE;
	return was == L_NONE && !classify_is_title(f->body) && makes_sense(have, f->body);
}

static bool glue_with_blank(const struct collect *c, const struct frame *f)
{
	struct slice have = { sb_str(&c->pending), c->pending.len };

	if (f->starts_blank)
		return true;
	if (c->hard_width && c->pending_frame.width != c->hard_width - 1)
		return c->pending_frame.width < c->hard_width;
	return join_with_blank(classify(have), have, f->body);
}

int collect_flush(struct collect *c)
{
	struct frame f = c->pending_frame;
	uint64_t now = c->line;
	int err;

	if (!c->has_pending)
		return 0;
	c->has_pending = false;
	f.body = (struct slice){ sb_str(&c->pending), c->pending.len };
	c->line = c->pending_line;
	err = collect_take(c, &f);
	c->line = now;
	return err;
}

int collect_line(struct collect *c, const struct frame *f)
{
	int err;

	c->line++;
	if (goes_on(c, f)) {
		if (glue_with_blank(c, f))
			sb_addch(&c->pending, ' ');
		sb_add(&c->pending, f->body.p, f->body.len);
		c->pending_frame.width = f->width;
		return c->pending.failed ? -ENOMEM : 0;
	}
	err = collect_flush(c);
	if (err)
		return err;
	sb_reset(&c->pending);
	sb_add(&c->pending, f->body.p, f->body.len);
	c->pending_frame = *f;
	c->pending_frame.body = (struct slice){ NULL, 0 };
	c->pending_line = c->line;
	c->has_pending = true;
	return c->pending.failed ? -ENOMEM : 0;
}
