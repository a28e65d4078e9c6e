// SPDX-License-Identifier: GPL-2.0-or-later
/* The summary of a snapshot for a person. */
#include "out/text_snapshot.h"

#include <inttypes.h>

#include "base/timefmt.h"
#include "model/accounts.h"
#include "out/tables.h"
#include "out/text_zone.h"

/* Without -v: so many zones get a block, so many more a line. */
#define MAX_BLOCKS 4
#define MAX_LINES 8
#define TOP_ROWS 5

void text_machine(FILE *f, const struct text_style *st, const struct snapshot *s)
{
	auto_strbuf struct strbuf sb = STRBUF_INIT;
	char when[TIME_RFC3339_MAX], buf[SIZE_TEXT_MAX];

	if (s->host) {
		sb_add_shown(&sb, s->host, 64);
		sb_addstr(&sb, ", ");
	}
	sb_addstr(&sb, "Linux ");
	sb_add_shown(&sb, s->kernel.release ? s->kernel.release : "(release unknown)", 64);
	if (s->kernel.arch) {
		sb_addch(&sb, ' ');
		sb_add_shown(&sb, s->kernel.arch, 16);
	}
	if (s->time_ns.known && s->time_ns.v <= INT64_MAX) {
		time_rfc3339((int64_t)s->time_ns.v, when);
		sb_printf(&sb, ", %s", when);
	}
	if (s->kernel.page_size.known)
		sb_printf(&sb, ", pages of %s", size_text(st, s->kernel.page_size, buf));
	if (s->kernel.pageblock_order.known && s->kernel.pageblock_order.v < 64)
		sb_printf(&sb, ", pageblocks of %s",
			  size_text(st, figures_block_bytes(s, (unsigned int)s->kernel.pageblock_order.v),
				    buf));
	fputs(tone_begin(st, TONE_DIM), f);
	put_wrapped(f, st, 2, sb_str(&sb));
	fputs(tone_end(st, TONE_DIM), f);
}

static void add_meminfo(struct strbuf *sb, const struct text_style *st, const struct snapshot *s,
			const char *label, const char *name)
{
	struct opt_u64 kb = kv_get(&s->meminfo, name);
	char buf[SIZE_TEXT_MAX];

	if (kb.known)
		sb_printf(sb, "%s%s %s", sb->len ? ", " : "", label,
			  size_text(st, opt_u64(sat_mul(kb.v, 1024)), buf));
}

static void add_account(struct strbuf *sb, const struct text_style *st, const struct accounts *a, enum account i)
{
	char buf[SIZE_TEXT_MAX];

	if (a->bytes[i].known)
		sb_printf(sb, "%s%s %s", sb->len ? ", " : "", account_label(i), size_text(st, a->bytes[i], buf));
}

static void put_totals(FILE *f, const struct text_style *st, const struct snapshot *s)
{
	auto_strbuf struct strbuf sb = STRBUF_INIT, line = STRBUF_INIT;
	struct opt_u64 swap = kv_get(&s->meminfo, "SwapTotal");
	struct accounts a = accounts_of(s);

	add_meminfo(&sb, st, s, "total", "MemTotal");
	add_meminfo(&sb, st, s, "free", "MemFree");
	add_meminfo(&sb, st, s, "available", "MemAvailable");
	add_account(&sb, st, &a, ACC_PAGE_CACHE);
	add_account(&sb, st, &a, ACC_SHMEM);
	add_meminfo(&sb, st, s, "slab", "Slab");
	if (swap.known && swap.v == 0)
		sb_addstr(&sb, sb.len ? ", no swap" : "no swap");
	else
		add_meminfo(&sb, st, s, "swap free", "SwapFree");
	if (!sb.len)
		return;
	sb_printf(&line, "memory: %s", sb_str(&sb));
	put_wrapped(f, st, 2, sb_str(&line));
}

static void add_counter(struct strbuf *sb, const struct snapshot *s, const char *label,
			const char *name)
{
	struct opt_u64 v = kv_get(&s->vmstat, name);

	if (v.known)
		sb_printf(sb, "%s%" PRIu64 " %s", sb->len ? ", " : "", v.v, label);
}

/* What compaction did since boot, and how near each node is to proactive compaction. */
static void put_compaction(FILE *f, const struct text_style *st, const struct snapshot *s,
			   const struct figures *fig)
{
	auto_strbuf struct strbuf sb = STRBUF_INIT, line = STRBUF_INIT;
	const struct node_figures *top = NULL;

	add_counter(&sb, s, "direct attempts", "compact_stall");
	add_counter(&sb, s, "succeeded", "compact_success");
	add_counter(&sb, s, "failed", "compact_fail");
	if (sb.len)
		sb_printf(&line, "compaction since boot: %s", sb_str(&sb));
	for (size_t i = 0; i < fig->n_nodes; i++) {
		if (fig->nodes[i].score.known && (!top || fig->nodes[i].score.v > top->score.v))
			top = &fig->nodes[i];
	}
	if (top && top->high.known)
		sb_printf(&line, "%snode %d scores %" PRIu64 " of 100, kcompactd starts above %" PRIu64,
			  line.len ? "; " : "compaction: ", top->node, top->score.v, top->high.v);
	if (line.len)
		put_wrapped(f, st, 2, sb_str(&line));
}

static void put_zones(FILE *f, const struct text_style *st, const struct snapshot *s,
		      const struct figures *fig)
{
	size_t blocks = 0, lines = 0, hidden = 0;

	for (size_t i = 0; i < fig->n_worst; i++) {
		const struct zone_figures *z = fig->worst_first[i];

		if (st->verbose || (z->significant && blocks < MAX_BLOCKS)) {
			putc('\n', f);
			text_zone_block(f, st, s, fig, z);
			blocks++;
		} else if (lines < MAX_LINES) {
			if (lines == 0)
				putc('\n', f);
			text_zone_line(f, st, s, fig, z);
			lines++;
		} else {
			hidden++;
		}
	}
	if (hidden)
		fprintf(f, "%zu more zone%s, none worse (-v shows all)\n", hidden, plural(hidden));
}

static int put_table(FILE *f, const struct text_style *st, const struct table *t,
		     const char *columns, const char *sort)
{
	size_t limit = st->verbose ? 4 * TOP_ROWS : TOP_ROWS;
	struct table_choice choice;
	struct slice bad;
	int err = table_choose(t, columns, sort, limit, &choice, &bad);

	if (err)
		return err;
	err = table_print(f, t, &choice, st);
	table_choice_done(&choice);
	return err;
}

static int put_slab(FILE *f, const struct text_style *st, const struct snapshot *s,
		    const struct slabview *v)
{
	struct table t = slab_table(v);
	auto_strbuf struct strbuf sb = STRBUF_INIT;
	char buf[SIZE_TEXT_MAX];

	if (!s->has_slab)
		return 0;
	sb_printf(&sb, "slab: %s in %zu cache%s", size_text(st, v->bytes, buf), v->n_rows, plural(v->n_rows));
	if (v->wasted_bytes.known)
		sb_printf(&sb, ", %s%s not in use", v->counts_all_exact ? "" : "at least ",
			  size_text(st, v->wasted_bytes, buf));
	if (v->has_sysfs && v->reclaimable_bytes.known)
		sb_printf(&sb, ", %s reclaimable", size_text(st, v->reclaimable_bytes, buf));
	sb_addstr(&sb, "; most waste:");
	putc('\n', f);
	put_wrapped(f, st, 2, sb_str(&sb));
	return put_table(f, st, &t, "name,bytes,waste,use,active,size,order,reclaim", "waste");
}

static int put_vmalloc(FILE *f, const struct text_style *st, const struct snapshot *s,
		       const struct vmallocview *v)
{
	struct table t = vmalloc_table(v);
	auto_strbuf struct strbuf sb = STRBUF_INIT;
	char buf[SIZE_TEXT_MAX];

	if (!s->has_vmalloc)
		return 0;
	sb_printf(&sb, "vmalloc: %s in %" PRIu64 " area%s", size_text(st, opt_u64(v->total.bytes), buf),
		  v->total.areas, plural(v->total.areas));
	if (opt_or(v->total.guard_bytes, 0))
		sb_printf(&sb, " (%s of guard pages taken off)",
			  size_text(st, v->total.guard_bytes, buf));
	if (v->total.page_bytes.known)
		sb_printf(&sb, ", %s of real pages", size_text(st, v->total.page_bytes, buf));
	sb_addstr(&sb, "; most:");
	putc('\n', f);
	put_wrapped(f, st, 2, sb_str(&sb));
	return put_table(f, st, &t, "caller,module,kind,areas,bytes,real", NULL);
}

static int put_sites(FILE *f, const struct text_style *st, const struct snapshot *s)
{
	struct table t = allocinfo_table(&s->allocinfo);

	t.n_rows = allocinfo_held(&s->allocinfo);
	if (!s->has_allocinfo || t.n_rows == 0)
		return 0;
	fputs("\nallocation sites (allocinfo) that hold most:\n", f);
	return put_table(f, st, &t, NULL, NULL);
}

int text_snapshot(FILE *f, const struct text_style *st, const struct snapshot *s,
		  const struct figures *fig, const struct slabview *slab,
		  const struct vmallocview *vmalloc)
{
	int err;

	text_headline(f, st, s, fig);
	text_machine(f, st, s);
	put_totals(f, st, s);
	put_compaction(f, st, s, fig);
	put_zones(f, st, s, fig);
	err = put_slab(f, st, s, slab);
	if (!err)
		err = put_vmalloc(f, st, s, vmalloc);
	if (!err)
		err = put_sites(f, st, s);
	text_unavailable(f, st, s);
	return err;
}
