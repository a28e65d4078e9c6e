// SPDX-License-Identifier: GPL-2.0-or-later
/* Who asked for what: the first line of a report, and the lines on the process below it. */
#include <errno.h>
#include <string.h>

#include "log/cursor.h"
#include "log/decode.h"

static int keep(struct log_report *r, const char **to, struct slice s)
{
	s = slice_trim(s);
	if (*to)
		return 0;
	*to = arena_strndup(&r->arena, s.p, s.len);
	return *to ? 0 : -ENOMEM;
}

/* mm/page_alloc.c prints %#x: "0" without 0x; a mask may have been broken by a line's end. */
bool decode_gfp(struct log_report *r, struct slice *s)
{
	struct slice t = *s, names;
	uint64_t mask;
	struct strbuf clean = STRBUF_INIT;

	cur_blanks(&t);
	if (!cur_hex(&t, &mask)) {
		/* GFP names without a mask: the DMA pool's message. */
		struct slice u = t;
		struct slice word;

		if (!slice_starts(u, "GFP_") && !slice_starts(u, "__GFP_"))
			return false;
		if (!slice_word(&u, &word))
			return false;
		r->gfp.names = arena_strndup(&r->arena, word.p, word.len);
		*s = u;
		return true;
	}
	/* "0x240****(GFP_KERNEL)": somebody blotted it out. */
	r->gfp.has_mask = !(t.len && *t.p == '*');
	r->gfp.mask = r->gfp.has_mask ? mask : 0;
	while (cur_char(&t, '*'))
		;
	cur_blanks(&t);
	if (cur_char(&t, '(') && cur_until(&t, ")", &names)) {
		for (size_t i = 0; i < names.len; i++) {
			if (!cur_space(names.p[i]))
				sb_addch(&clean, names.p[i]);
		}
		r->gfp.names = arena_strndup(&r->arena, sb_str(&clean), clean.len);
		sb_done(&clean);
		cur_char(&t, ')');
	} else if (r->gfp.names == NULL && cur_char(&t, '/')) {
		uint64_t gfp_extra; /* 2.4: "gfp=0x20/0" */

		cur_hex(&t, &gfp_extra);
	}
	*s = t;
	return true;
}

/* ", nodemask=(null),cpuset=/,mems_allowed=0" and the parts of it that versions print */
static int nodes_allowed(struct log_report *r, struct slice s)
{
	struct slice t = s, v;
	int err = 0;

	if (cur_find(&t, "nodemask=")) {
		cur_blanks(&t);
		if (slice_starts(t, "(null)")) {
			err = keep(r, &r->nodemask, (struct slice){ t.p, 6 });
			cur_skip(&t, 6);
		} else {
			struct slice u = t;
			size_t n = 0;

			/* A list holds commas; it ends where a name begins. */
			while (n < u.len &&
			       (cur_digit(u.p[n]) || u.p[n] == '-' ||
				(u.p[n] == ',' && n + 1 < u.len && cur_digit(u.p[n + 1]))))
				n++;
			err = keep(r, &r->nodemask, (struct slice){ u.p, n });
		}
	}
	t = s;
	if (!err && cur_find(&t, "cpuset=") &&
	    (cur_split(&t, ",mems_allowed=", &v) || cur_split(&t, " mems_allowed=", &v))) {
		err = keep(r, &r->cpuset, v);
		if (!err && cur_until(&t, " \t", &v)) {
			/* In the summary of the OOM killer more follows the list. */
			size_t n = 0;

			while (n < v.len && (cur_digit(v.p[n]) || v.p[n] == '-' ||
					     (v.p[n] == ',' && n + 1 < v.len && cur_digit(v.p[n + 1]))))
				n++;
			err = keep(r, &r->mems_allowed, (struct slice){ v.p, n });
		}
	}
	return err;
}

static void order_of(struct log_report *r, struct slice s)
{
	if (!cur_find(&s, "order:") && !cur_find(&s, "order="))
		return;
	cur_blanks(&s);
	r->has_order = cur_i64(&s, &r->order);
}

static void mode_of(struct log_report *r, struct slice s)
{
	if (cur_find(&s, "mode:") || cur_find(&s, "gfp_mask=") || cur_find(&s, "gfp="))
		decode_gfp(r, &s);
}

static void vmalloc_numbers(struct log_report *r, struct slice s)
{
	struct slice t = s, u, reason;
	uint64_t n;

	r->kind = LOG_VMALLOC;
	if (cur_find(&t, "allocation failure, allocated ")) {
		if (cur_u64(&t, &n))
			r->allocated_bytes = opt_u64(n);
		if (cur_text(&t, " of ") && cur_u64(&t, &n))
			r->size_bytes = opt_u64(n);
		return;
	}
	t = s;
	/* 5.13, 5.14: "vmalloc size 4096 allocation failure: exceeds total pages, mode:" */
	if (cur_find(&t, "vmalloc size ")) {
		if (cur_u64(&t, &n))
			r->size_bytes = opt_u64(n);
		if (cur_find(&t, "allocation failure: ") && cur_split(&t, ", mode:", &reason))
			r->reason = arena_strndup(&r->arena, reason.p, reason.len);
		return;
	}
	t = s;
	if (cur_find(&t, "allocation failure: ")) {
		if (cur_u64(&t, &n))
			r->size_bytes = opt_u64(n);
		return;
	}
	if (!cur_find(&t, "vmalloc error: size "))
		return;
	if (cur_u64(&t, &n))
		r->size_bytes = opt_u64(n);
	cur_char(&t, ',');
	cur_blanks(&t);
	u = t;
	if (cur_lit(&u, "page order ") && cur_u64(&u, &n) && n < 64) {
		r->has_order = true;
		r->order = (int64_t)n;
	}
	if (cur_lit(&t, "align 0x")) {
		if (cur_hex(&t, &n))
			r->align_bytes = opt_u64(n);
		cur_lit(&t, ", ");
	}
	if (cur_split(&t, ", mode:", &reason))
		r->reason = arena_strndup(&r->arena, reason.p, reason.len);
}

static void stall_time(struct log_report *r, struct slice s)
{
	uint64_t n;

	r->kind = LOG_OTHER;
	r->event = LOG_EV_STALL;
	if (!cur_find(&s, " for ") || !cur_u64(&s, &n))
		return;
	cur_blanks(&s);
	if (cur_lit(&s, "ms"))
		r->stall_ms = opt_u64(n);
	else if (cur_lit(&s, "sec"))
		r->stall_ms = opt_u64(sat_mul(n, 1000));
}

/* More than a name: a prefix that nobody knows stands before it, or what another program printed there. */
static struct slice task_name(struct slice s)
{
	size_t i = s.len;

	if (s.len <= COMM_MAX && !slice_find(s, ": "))
		return s;
	while (i > 1 && s.p[i - 1] != ']' && !(s.p[i - 1] == ' ' && strchr(":>|)", s.p[i - 2])))
		i--;
	while (i < s.len && s.p[i] == ' ')
		i++;
	return i > 1 && i < s.len ? (struct slice){ s.p + i, s.len - i } : s;
}

static int page_failure(struct log_report *r, struct slice s)
{
	struct slice t = s, before;

	r->kind = LOG_PAGE_ALLOC_FAILURE;
	t = s;
	if (cur_split(&t, ": page allocation", &before) || cur_split(&t, ": vmalloc", &before)) {
		if (before.len && before.len < 80 && keep(r, &r->process, task_name(before)))
			return -ENOMEM;
	}
	if (slice_find(s, "vmalloc: allocation failure") || slice_find(s, "vmalloc error: size") ||
	    slice_find(s, ": vmalloc size "))
		vmalloc_numbers(r, s);
	else if (r->size_bytes.known || r->vmap_bytes.known)
		r->kind = LOG_VMALLOC; /* old kernels: the line before said vmalloc */
	if (slice_find(s, "allocation stall"))
		stall_time(r, s);
	/* Linux 2.4: "__alloc_pages: 0-order allocation failed (gfp=0x20/0)" */
	t = s;
	if (cur_lit(&t, "__alloc_pages: ") && cur_i64(&t, &r->order) && slice_starts(t, "-order"))
		r->has_order = true;
	if (!r->has_order)
		order_of(r, s);
	mode_of(r, s);
	return nodes_allowed(r, s);
}

static int oom(struct log_report *r, struct slice s)
{
	struct slice t = s, before;

	r->kind = LOG_OOM;
	if (cur_split(&t, " invoked oom-killer", &before) && before.len && before.len < 80 &&
	    keep(r, &r->process, task_name(before)))
		return -ENOMEM;
	order_of(r, s);
	mode_of(r, s);
	t = s;
	if (cur_find(&t, "oom_score_adj="))
		r->has_oom_score_adj = cur_i64(&t, &r->oom_score_adj);
	return nodes_allowed(r, s);
}

/* Release after "Not tainted" or after the letters of "Tainted:". */
static int release(struct log_report *r, struct slice s)
{
	struct slice word, rest;
	struct strbuf letters = STRBUF_INIT;
	bool found = false;

	if (cur_find(&s, "Not tainted")) {
		r->tainted = arena_strdup(&r->arena, "");
	} else if (cur_find(&s, "Tainted:")) {
		/* Letters, blanks, newer kernels also "[W]=WARN, [O]=OOT_MODULE"; then the release. */
		for (rest = s; slice_word(&rest, &word); s = rest) {
			if (cur_digit(*word.p) && slice_find(word, "."))
				break;
			if (*word.p != '[' && *word.p != '-')
				sb_add(&letters, word.p, word.len);
		}
		r->tainted = arena_strndup(&r->arena, sb_str(&letters), letters.len);
		sb_done(&letters);
	} else {
		return 0;
	}
	while (!found && slice_word(&s, &word))
		found = cur_digit(*word.p) && slice_find(word, ".");
	if (!found)
		return 0;
	/* 2.6 had it in brackets: "(2.6.18-8.el5 #1)" */
	while (word.len && (word.p[word.len - 1] == ')' || word.p[word.len - 1] == ','))
		word.len--;
	return keep(r, &r->kernel, word);
}

int decode_kernel(struct log_report *r, struct slice cpu_line)
{
	const char *tainted = r->tainted;
	int err = release(r, cpu_line);

	r->tainted = tainted;
	return err;
}

static int cpu(struct log_report *r, struct slice s)
{
	struct slice t = s, comm;
	uint64_t n;
	size_t end;

	if (cur_text(&t, "CPU: ") && cur_u64(&t, &n))
		r->cpu = opt_u64(n);
	t = s;
	if ((cur_find(&t, " UID: ")) && cur_u64(&t, &n))
		r->uid = opt_u64(n);
	t = s;
	if (cur_find(&t, "PID: ") || (t = s, cur_find(&t, "Pid: "))) {
		if (cur_u64(&t, &n))
			r->pid = opt_u64(n);
	}
	t = s;
	if (cur_find(&t, "Comm: ") || (t = s, cur_find(&t, "comm: "))) {
		static const char *const after[] = { " Kdump:", " Not tainted", " Tainted:", " veid:" };

		end = t.len;
		for (size_t i = 0; i < ARRAY_SIZE(after); i++) {
			const char *at = slice_find(t, after[i]);

			if (at && (size_t)(at - t.p) < end)
				end = (size_t)(at - t.p);
		}
		comm = slice_trim((struct slice){ t.p, end });
		/* What stood before the first line's words may hold more than the name. */
		if (r->process) {
			size_t have = strlen(r->process);

			if (comm.len && have > comm.len &&
			    memcmp(r->process + have - comm.len, comm.p, comm.len) == 0)
				r->process = NULL;
		}
		if (comm.len && comm.len < 80 && keep(r, &r->process, comm))
			return -ENOMEM;
	}
	return release(r, s);
}

int decode_header(struct log_report *r, const struct log_item *it)
{
	struct slice s = slice_trim((struct slice){ it->text, it->len }), t = s, v;
	uint64_t n;

	if (line_opens(it->kind) && (!r->first_line || it->kind == L_PAGE_FAILURE)) {
		r->first_line = arena_strndup(&r->arena, s.p, s.len);
		if (!r->first_line)
			return -ENOMEM;
	}
	switch (it->kind) {
	case L_PAGE_FAILURE:
		return page_failure(r, s);
	case L_OOM:
		return oom(r, s);
	case L_VMALLOC_OLD:
		vmalloc_numbers(r, s);
		return 0;
	case L_VMAP:
		if (!r->first_line || r->kind != LOG_VMALLOC)
			r->kind = LOG_VMAP;
		if (cur_find(&t, "for size ") && cur_u64(&t, &n))
			r->vmap_bytes = opt_u64(n);
		if (cur_find(&t, "restricted to ") && cur_hex(&t, &n)) {
			r->range_start = opt_u64(n);
			if (cur_text(&t, " - ") && cur_hex(&t, &n))
				r->range_end = opt_u64(n);
		}
		return 0;
	case L_CPU:
		return cpu(r, s);
	case L_HARDWARE:
		return cur_find(&t, "Hardware name:") ? keep(r, &r->hardware, t) : 0;
	case L_WORKQUEUE:
		return cur_find(&t, "Workqueue:") ? keep(r, &r->workqueue, t) : 0;
	case L_CPUSET:
		if (!r->process && cur_split(&t, " cpuset=", &v) && v.len < 80 && keep(r, &r->process, v))
			return -ENOMEM;
		return nodes_allowed(r, s);
	default:
		return 0;
	}
}
