// SPDX-License-Identifier: GPL-2.0-or-later
/* memtool explain: would the kernel satisfy a request now, by which path, and why. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/jsonr.h"
#include "cmd/cmd.h"
#include "cmd/get_snapshot.h"
#include "cmd/output.h"
#include "cmd/read_pagemap.h"
#include "cmd/request_args.h"
#include "cmd/request_lines.h"
#include "cmd/summary.h"
#include "cmd/what_if.h"
#include "model/common.h"
#include "model/request_json.h"
#include "out/json_verdict.h"
#include "out/text_verdict.h"

enum {
	OPT_GFP = CMD_OPT(0),
	OPT_NODE,
	OPT_LOCAL_NODE,
	OPT_REQUESTS,
	OPT_DMA_MASK,
	OPT_WHAT_IF,
	OPT_EXIT_CODE,
};

static const struct cmd_option options[] = {
	{ OPT_GFP, "gfp", "FLAGS", "gfp flags as in kernel source, or a hexadecimal mask", NULL },
	{ OPT_NODE, "node", "N", "allocate on NUMA node N (as alloc_pages_node)", NULL },
	{ OPT_LOCAL_NODE, "local-node", "N", "node of the CPU that asks", NULL },
	{ OPT_REQUESTS, "requests", "FILE", "read requests as JSON Lines; - is standard input", "FILE" },
	{ OPT_DMA_MASK, "dma-mask", "BITS", "what the device can address, for dma_alloc_coherent", NULL },
	{ OPT_WHAT_IF, "what-if", "LIST", "judge the state after: compact, drop_caches, min_free_kbytes, "
					  "release_highatomic", "compact|drop_caches|min_free_kbytes|release_highatomic" },
	{ OPT_EXIT_CODE, "exit-code", NULL, "exit 3 if some request would fail, or likely fail", NULL },
	{ 0, NULL, NULL, NULL, NULL },
};

struct args {
	const char *gfp, *requests, *what_if;
	int node, local_node, dma_mask;
	bool exit_code;
};

struct work {
	struct cmd_line *line;
	const struct args *args;
	struct mm mm;
	struct explain e;
	FILE *out;
	bool some_fail;
	bool bounded; /* what compaction can free was asked of the page flags */
};

static int parse_args(struct cmd_line *line, struct args *a)
{
	int opt;

	a->node = a->local_node = -1;
	while ((opt = cmd_next_option(line)) >= 0) {
		switch (opt) {
		case OPT_GFP:
			a->gfp = line->optarg;
			break;
		case OPT_REQUESTS:
			a->requests = line->optarg;
			break;
		case OPT_WHAT_IF:
			a->what_if = line->optarg;
			break;
		case OPT_EXIT_CODE:
			a->exit_code = true;
			break;
		case OPT_NODE:
		case OPT_LOCAL_NODE: /* -1 is any, as in a request */
			if (num_int(line->optarg, -1, INT32_MAX, opt == OPT_NODE ? &a->node : &a->local_node))
				return cmd_usage(line, "'%s' is no node number", line->optarg);
			break;
		case OPT_DMA_MASK:
			if (num_int(line->optarg, 1, 64, &a->dma_mask))
				return cmd_usage(line, "a DMA mask has 1 to 64 bits, not '%s'", line->optarg);
			break;
		}
	}
	if (opt == CMD_STOP)
		return line->status;
	if (a->requests && line->n_args)
		return cmd_usage(line, "--requests and requests on the command line exclude each other");
	if (!line->n_args && (a->gfp || a->node >= 0 || a->local_node >= 0 || a->dma_mask))
		return cmd_usage(line, "--gfp, --node, --local-node and --dma-mask belong to a request on the command line");
	return -1;
}

static void note_verdict(struct work *w, const struct verdict *v)
{
	if (verdict_of(v->probability) <= LIKELY_FAILS)
		w->some_fail = true;
}

/* 256 blocks of 512 pages, of which the kernel tells in some ten milliseconds. */
#define REMEDY_PAGES (UINT64_C(1) << 17)

/*
 * One of the remedies is to compact: what that can free is asked of the page flags, once, and only for
 * a request that needs a remedy.
 */
static int judge(struct work *w, const struct request *r, struct verdict *v)
{
	if (w->e.want_remedies && !w->bounded) {
		int err;

		w->e.want_remedies = false;
		err = explain_request(&w->e, r, v);
		w->e.want_remedies = true;
		if (err || verdict_of(v->probability) == SUCCEEDS)
			return err;
		cmd_bound_compaction(w->line, w->e.mm, REMEDY_PAGES);
		w->bounded = true;
	}
	return explain_request(&w->e, r, v);
}

static int one_request(struct work *w, const struct request *r, struct jsonw *jw, bool first)
{
	struct verdict v;
	struct text_style st = cmd_style(w->line, w->out);

	if (judge(w, r, &v))
		return cmd_error(EXIT_CANNOT, "out of memory");
	note_verdict(w, &v);
	if (jw) {
		json_verdict(jw, NULL, r, &w->mm.names, NULL, &v);
		jw_finish(jw);
	} else {
		text_verdict(w->out, &st, &w->mm, r, &v, first);
	}
	return 0;
}

static int run_arguments(struct work *w)
{
	bool json = w->line->global->json;
	auto_free struct request *requests = calloc((size_t)w->line->n_args, sizeof(*requests));
	struct request given = { .node = w->args->node,
				 .local_node = w->args->local_node,
				 .dma_mask = w->args->dma_mask,
				 .gfp_text = w->args->gfp };
	struct jsonw jw;
	size_t n = 0;
	int status = requests ? 0 : cmd_error(EXIT_CANNOT, "out of memory");

	w->e.want_steps = json || w->line->global->verbose > 0;
	w->e.want_notes = true;
	w->e.want_remedies = true;
	jw_init(&jw, w->out, false); /* a line a request, as with --requests */
	if (!status)
		status = cmd_request_args(w->line, &w->mm.names, &given, requests, &n);
	for (size_t i = 0; i < n && !status; i++)
		status = one_request(w, &requests[i], json ? &jw : NULL, i == 0);
	return status;
}

/* "-s 'DIR'", "-f 'FILE'", as a shell reads it. */
static void name_state(const struct global_opts *global, struct strbuf *sb)
{
	const char *path = global->sysroot ? global->sysroot : global->from;

	if (!path || strcmp(path, "-") == 0)
		return;
	sb_addstr(sb, global->sysroot ? "-s '" : "-f '");
	for (; *path; path++) {
		if (*path == '\'')
			sb_addstr(sb, "'\\'");
		sb_addch(sb, *path);
	}
	sb_addch(sb, '\'');
}

static int run_table(struct work *w)
{
	auto_strbuf struct strbuf again = STRBUF_INIT;
	struct text_style st = cmd_style(w->line, w->out);
	struct common_table t;
	int r = common_table_make(&w->e, &t);

	name_state(w->line->global, &again);
	st.again = again.len && !again.failed ? sb_str(&again) : NULL;
	/* What is switched off nobody asked for here. */
	for (size_t i = 0; !r && i < t.n_rows; i++) {
		if (!common_is_off(&t.rows[i].verdict))
			note_verdict(w, &t.rows[i].verdict);
	}
	if (r)
		r = cmd_error(EXIT_CANNOT, "out of memory");
	else if (w->line->global->json)
		json_common_table(w->out, &w->mm, &t);
	else
		text_common_table(w->out, &st, &w->mm, &t);
	common_table_done(&t);
	return r;
}

static void bad_line(struct work *w, struct jsonw *jw, const cJSON *request, const char *why)
{
	if (!w->line->global->json) {
		fprintf(w->out, "error: %s\n", why);
		return;
	}
	jw_object(jw, NULL);
	jw_str(jw, "schema", "memtool.explain/1");
	if (request)
		json_echo(jw, "request", request);
	else
		jw_null(jw, "request");
	jw_str(jw, "error", why);
	jw_end_object(jw);
	jw_finish(jw);
}

static int request_line(struct work *w, const char *text, size_t len)
{
	const char *why = NULL;
	char reason[160];
	cJSON *obj = jr_parse(text, len, &why);
	struct request r;
	struct verdict v;
	struct jsonw jw;
	int status = 0;

	jw_init(&jw, w->out, false);
	if (!obj) {
		bad_line(w, &jw, NULL, why);
	} else if (request_from_json(&w->mm.names, obj, &r, reason, sizeof(reason))) {
		bad_line(w, &jw, obj, reason);
	} else if (w->line->global->json) {
		status = judge(w, &r, &v);
		if (!status) {
			note_verdict(w, &v);
			json_verdict(&jw, NULL, &r, &w->mm.names, obj, &v);
			jw_finish(&jw);
		}
	} else {
		status = one_request(w, &r, NULL, true);
	}
	cJSON_Delete(obj);
	return status ? cmd_error(EXIT_CANNOT, "out of memory") : 0;
}

/* Each line an answer: what is wrong with one costs that one. */
static int answer_lines(struct work *w, struct request_lines *in, const char *name)
{
	int status = 0;

	while (!status) {
		struct slice line;
		struct jsonw jw;
		int r = request_lines_next(in, &line);

		if (r == 0)
			break;
		if (r == -E2BIG) {
			jw_init(&jw, w->out, false);
			bad_line(w, &jw, NULL, "longer than any request");
		} else if (r < 0) {
			return cmd_error(EXIT_CANNOT, "%s: %s", name,
					 r == -EFBIG ? "no list of requests: a line does not end" : strerror(-r));
		} else {
			line = slice_trim(line);
			if (line.len)
				status = request_line(w, line.p, line.len);
		}
	}
	return status;
}

static int run_requests(struct work *w)
{
	const char *path = w->args->requests;
	bool std_in = strcmp(path, "-") == 0;
	auto_close int fd = std_in ? -1 : open(path, O_RDONLY | O_CLOEXEC);
	auto_free char *buf = malloc(REQUEST_LINE_MAX);
	struct request_lines in = { .fd = std_in ? STDIN_FILENO : fd, .answers = w->out, .buf = buf };

	if (in.fd < 0)
		return cmd_error(EXIT_CANNOT, "%s: %s", path, strerror(errno));
	if (!buf)
		return cmd_error(EXIT_CANNOT, "out of memory");
	w->e.want_steps = w->line->global->verbose > 0 || w->line->global->json;
	w->e.want_notes = w->line->global->verbose > 0;
	w->e.want_remedies = w->line->global->verbose > 0;
	return answer_lines(w, &in, std_in ? "standard input" : path);
}

static int answer(struct work *w)
{
	struct mm changed = { 0 };
	struct mm *mm = &w->mm;
	int status = 0;

	if (w->args->what_if) {
		status = cmd_what_if(w->line, w->args->what_if, &w->mm, &changed);
		mm = &changed;
		if (!status && !w->line->global->json)
			fprintf(w->out, "As it would be after %s:\n\n", w->args->what_if);
	}
	if (!status && explain_init(&w->e, mm))
		status = cmd_error(EXIT_CANNOT, "out of memory");
	if (!status) {
		status = w->args->requests	? run_requests(w)
			 : w->line->n_args == 0 ? run_table(w)
						: run_arguments(w);
		explain_done(&w->e);
	}
	arena_done(&changed.arena);
	return status;
}

static int with_output(struct work *w)
{
	struct outfile out;
	int status = cmd_output_open(w->line, &out);

	if (status)
		return status;
	w->out = out.f;
	return cmd_output_close(w->line, &out, answer(w));
}

static int run(struct cmd_line *line)
{
	struct args args = { 0 };
	auto_snapshot struct snapshot *s = NULL;
	struct work w = { .line = line, .args = &args };
	int status = parse_args(line, &args);

	if (status >= 0)
		return status;
	status = cmd_get_snapshot(line, 0, &s);
	if (status)
		return status;
	if (mm_init(&w.mm, s)) {
		mm_done(&w.mm);
		return cmd_error(EXIT_CANNOT, "out of memory");
	}
	if (w.mm.n_zones == 0)
		cmd_error(EXIT_CANNOT, "neither buddyinfo nor zoneinfo could be read: what follows "
				       "is what holds on any machine");
	status = with_output(&w);
	mm_done(&w.mm);
	return status == 0 && args.exit_code && w.some_fail ? EXIT_VERDICT : status;
}

const struct cmd cmd_explain = {
	.name = "explain",
	.summary = "say whether the kernel would satisfy a request now, and why",
	.args = "[API [SIZE|order=N]]...",
	.arg_values =
		"alloc_pages|__get_free_pages|get_zeroed_page|alloc_pages_exact|folio_alloc|kmalloc|kzalloc|kcalloc|"
		"krealloc|kvmalloc|kvzalloc|vmalloc|vzalloc|kmem_cache_alloc|dma_alloc_coherent|alloc_percpu|cma_alloc|"
		"hugetlb|thp|alloc_skb",
	.description =
		"Walks the decisions that this kernel version would make on this state. Without an API it\n"
		"prints a table of what drivers commonly ask, worst first. -v shows the path, -vv the\n"
		"arithmetic and the kernel's functions.\n\n"
		"APIs: alloc_pages, __get_free_pages, get_zeroed_page, alloc_pages_exact, folio_alloc,\n"
		"kmalloc, kzalloc, kcalloc, krealloc, kvmalloc, kvzalloc, vmalloc, vzalloc,\n"
		"kmem_cache_alloc CACHE, dma_alloc_coherent, alloc_percpu, cma_alloc, hugetlb, thp, alloc_skb.",
	.options = options,
	.run = run,
};
