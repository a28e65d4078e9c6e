// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The guided tour: the module makes one allocation after another and holds it
 * while we look where it shows in /proc.
 */
#include "cmd/demo.h"

#include <errno.h>
#include <string.h>

#include "cmd/output.h"
#include "host/root.h"
#include "module/interface.h"
#include "read/buddyinfo.h"

struct tour {
	FILE *out;
	int fd;		/* of the module's demo file */
	struct root root;
	struct bytes before, after; /* a file of /proc before and after a step */
};

static const struct read_limits limits = { (size_t)64 << 20, UINT64_C(10) * 1000000000, 0 };

static bool load(struct tour *t, const char *path, struct bytes *b)
{
	return root_read_file(&t->root, path, &limits, b, NULL) == 0;
}

static struct slice text_of(const struct bytes *b)
{
	return b->data ? (struct slice){ b->data, b->len } : (struct slice){ "", 0 };
}

static void show_line(struct tour *t, const char *mark, struct slice line)
{
	auto_strbuf struct strbuf sb = STRBUF_INIT;

	sb_add_quoted(&sb, line, 200);
	fprintf(t->out, "    %s %s\n", mark, sb_str(&sb));
}

/* Lines of @text that have @word: as their first one, or anywhere if not @first. */
static void show_lines(struct tour *t, const char *mark, struct slice text, struct slice word, bool first)
{
	struct slice line;
	char name[80];

	snprintf(name, sizeof(name), "%.*s%s", (int)word.len, word.p, first ? " " : "");
	while (slice_line(&text, &line, NULL)) {
		if (first ? slice_starts(line, name) : slice_find(line, name) != NULL)
			show_line(t, mark, line);
	}
}

/* The free list columns that moved, zone by zone. */
static void show_buddyinfo(struct tour *t)
{
	struct arena arena = { 0 };
	struct buddyinfo a, b;
	struct read_notes notes;

	if (read_buddyinfo(&arena, text_of(&t->before), &a, &notes) ||
	    read_buddyinfo(&arena, text_of(&t->after), &b, &notes) || a.n_rows != b.n_rows) {
		arena_done(&arena);
		return;
	}
	for (size_t i = 0; i < a.n_rows; i++) {
		const struct buddyinfo_row *x = &a.rows[i], *y = &b.rows[i];
		bool moved = false;

		for (unsigned int o = 0; o < x->n_orders && o < y->n_orders; o++) {
			int64_t delta = (int64_t)(y->free_blocks[o] - x->free_blocks[o]);

			if (!delta)
				continue;
			if (!moved)
				fprintf(t->out, "    node %d %s free blocks:", x->node, x->zone);
			moved = true;
			fprintf(t->out, " order %u %+lld", o, (long long)delta);
		}
		if (moved)
			putc('\n', t->out);
	}
	arena_done(&arena);
}

static void word(struct tour *t, struct slice answer, const char *key, const char *label)
{
	struct slice v;

	if (module_field(answer, key, &v))
		fprintf(t->out, "  %-18s %.*s\n", label, (int)v.len, v.p);
}

static void show_place(struct tour *t, struct slice answer, struct slice proc)
{
	struct slice key;

	fprintf(t->out, "  in /proc/%.*s:\n", (int)proc.len, proc.p);
	if (slice_eq(proc, "buddyinfo")) {
		show_buddyinfo(t);
	} else if (slice_eq(proc, "slabinfo") && module_field(answer, "cache", &key)) {
		show_lines(t, "before", text_of(&t->before), key, true);
		show_lines(t, "now   ", text_of(&t->after), key, true);
	} else if (module_field(answer, "caller", &key)) {
		show_lines(t, "now   ", text_of(&t->after), key, false);
	}
}

static void show_step(struct tour *t, struct slice answer)
{
	struct slice api, size, note, proc, vaddr, end;

	if (!module_field(answer, "api", &api) || !module_field(answer, "size", &size))
		return;
	fprintf(t->out, "\n%lld. %.*s: %.*s bytes\n", (long long)module_number(answer, "step", 0),
		(int)api.len, api.p, (int)size.len, size.p);
	if (module_field(answer, "note", &note) && note.len > 2)
		fprintf(t->out, "  %.*s\n", (int)note.len - 2, note.p + 1);
	if (module_field(answer, "vaddr", &vaddr) && module_field(answer, "vaddr_end", &end))
		fprintf(t->out, "  %-18s %.*s - %.*s\n", "virtual addresses", (int)vaddr.len, vaddr.p,
			(int)end.len, end.p);
	word(t, answer, "pfn", "first page frame");
	word(t, answer, "order", "order");
	word(t, answer, "zone", "zone");
	word(t, answer, "node", "node");
	word(t, answer, "cache", "slab cache");
	word(t, answer, "kmem_cache_size", "kmem_cache_size");
	word(t, answer, "ksize", "ksize");
	word(t, answer, "dma", "bus address");
	fprintf(t->out, "  %-18s %s\n", "contiguous",
		module_number(answer, "contiguous", 0) ? "yes, physically"
						       : "no: scattered frames, mapped in a row");
	if (module_field(answer, "proc", &proc))
		show_place(t, answer, proc);
}

/* Which file a step shows in is known only after it: look at all three before. */
static int step(struct tour *t, bool *more)
{
	static const char *const files[] = { "buddyinfo", "slabinfo", "vmallocinfo" };
	struct bytes before[ARRAY_SIZE(files)] = { { 0 } };
	auto_strbuf struct strbuf answer = STRBUF_INIT;
	struct slice line, proc, reason;
	char path[64];
	int r;

	sb_grow(&answer, 4096);
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		snprintf(path, sizeof(path), "proc/%s", files[i]);
		load(t, path, &before[i]);
	}
	r = module_ask(t->fd, "next", &answer);
	line = (struct slice){ sb_str(&answer), answer.len };
	*more = !r && !slice_starts(line, "step=end");
	if (*more && module_field(line, "reason", &reason)) {
		fprintf(t->out, "\n%.*s\n", (int)line.len, line.p);
	} else if (*more && module_field(line, "proc", &proc)) {
		for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
			if (!slice_eq(proc, files[i]))
				continue;
			snprintf(path, sizeof(path), "proc/%s", files[i]);
			load(t, path, &t->after);
			t->before = before[i];
		}
		show_step(t, line);
		t->before = (struct bytes){ 0 };
	}
	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		bytes_free(&before[i]);
	return r;
}

/* All steps, from the first. 0 or negative errno. */
static int steps(struct tour *t)
{
	bool more = true;
	int r = root_open(&t->root, NULL);

	if (r)
		return r;
	fputs("Each allocation is made by the module, shown, looked up in /proc, and given back.\n", t->out);
	while (more && !r)
		r = step(t, &more);
	bytes_free(&t->after);
	root_close(&t->root);
	return r;
}

int demo_tour(struct cmd_line *line, const struct module *m)
{
	auto_close int fd = module_file(m, MEMTOOL_FILE_DEMO);
	struct outfile out;
	int r = fd, status;

	if (fd < 0)
		return cmd_error(EXIT_CANNOT, "memtool.ko: demo: %s", strerror(-r));
	status = cmd_output_open(line, &out);
	if (status)
		return status;
	r = steps(&(struct tour){ .out = out.f, .fd = fd });
	if (r)
		status = cmd_error(EXIT_CANNOT, "memtool.ko: demo: %s", strerror(-r));
	return cmd_output_close(line, &out, status);
}
