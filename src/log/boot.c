// SPDX-License-Identifier: GPL-2.0-or-later
#include "log/boot.h"

#include <errno.h>

#include "log/cursor.h"

/* init/main.c:start_kernel: "Linux version 6.1.0-13-amd64 (builder) (compiler) #1 ..." */
int boot_keep_banner(struct collect *c, const struct frame *f)
{
	struct slice s = f->body, word;

	if (!cur_lit(&s, "Linux version ") || !slice_word(&s, &word) || !cur_digit(*word.p) || !slice_find(word, "."))
		return 0;
	cur_blanks(&s);
	if (!s.len || *s.p != '(')
		return 0;
	collect_close_all(c);
	sb_reset(&c->banner);
	sb_add(&c->banner, word.p, word.len);
	c->boot_line = c->line;
	return c->banner.failed ? -ENOMEM : 0;
}

int boot_keep_cpu(struct collect *c, const struct frame *f)
{
	if (!slice_find(f->body, "ainted"))
		return 0;
	sb_reset(&c->cpu);
	sb_add(&c->cpu, f->body.p, f->body.len);
	c->cpu_uptime_us = f->uptime_us;
	c->cpu_line = c->line;
	return c->cpu.failed ? -ENOMEM : 0;
}

bool boot_cpu(const struct collect *c, const struct log_report *r, struct slice *line)
{
	bool later = c->cpu_line > r->line;

	/* Of another boot. */
	if (!c->cpu.len || (c->cpu_line < c->boot_line) != (r->line < c->boot_line))
		return false;
	/* A boot's time only grows. */
	if (c->cpu_uptime_us.known && r->uptime_us.known &&
	    (later ? c->cpu_uptime_us.v < r->uptime_us.v : c->cpu_uptime_us.v > r->uptime_us.v))
		return false;
	*line = (struct slice){ c->cpu.buf, c->cpu.len };
	return true;
}
