// SPDX-License-Identifier: GPL-2.0-or-later
/* memtool map for a person. */
#include <inttypes.h>

#include "out/map.h"
#include "out/text_snapshot.h"

/* Without -v a zone's map has so many lines; a character stands for several blocks then. */
#define MAP_LINES 8

char block_char(enum block_kind kind)
{
	static const char chars[BLOCK_KINDS] = {
		[BLOCK_FREE] = '.',	 [BLOCK_MOVABLE] = 'm', [BLOCK_MIXED] = '+',
		[BLOCK_UNMOVABLE] = 'U', [BLOCK_HUGETLB] = 'H', [BLOCK_ABSENT] = '-',
	};

	return chars[kind];
}

static enum text_tone kind_tone(enum block_kind kind)
{
	return kind == BLOCK_FREE      ? TONE_GOOD
	       : kind == BLOCK_MIXED   ? TONE_WARN
	       : kind == BLOCK_UNMOVABLE ? TONE_BAD
				       : TONE_PLAIN;
}

static void put_title(FILE *f, const struct text_style *st, const struct snapshot *s,
		      const struct pagemap *m, const struct pagemap_zone *z)
{
	auto_strbuf struct strbuf sb = STRBUF_INIT;
	char buf[SIZE_TEXT_MAX];

	sb_printf(&sb, "Node %d ", z->zone->node);
	sb_add_shown(&sb, z->zone->name, 24);
	fprintf(f, "%s%s%s: %" PRIu64 " pageblocks of %s", tone_begin(st, TONE_HEAD), sb_str(&sb),
		tone_end(st, TONE_HEAD), z->n_blocks,
		size_text(st, figures_block_bytes(s, m->order), buf));
	if (z->n_sampled < z->n_blocks)
		fprintf(f, ", %zu of them sampled", z->n_sampled);
	putc('\n', f);
}

static void put_kinds(FILE *f, const struct text_style *st, const struct pagemap_zone *z)
{
	auto_strbuf struct strbuf sb = STRBUF_INIT;
	char buf[SIZE_TEXT_MAX];

	for (unsigned int k = 0; k < BLOCK_KINDS; k++) {
		if (z->kinds[k] == 0)
			continue;
		sb_printf(&sb, "%s%s %" PRIu64 " (%s)", sb.len ? ", " : "", block_kind_name(k), z->kinds[k],
			  percent_text(z->kinds[k] * 1000 / z->n_sampled, buf));
	}
	fputs("  blocks  ", f);
	put_wrapped_at(f, st, 10, 10, sb_str(&sb));
}

static void put_pages(FILE *f, const struct text_style *st, const struct snapshot *s,
		      const struct pagemap_zone *z)
{
	auto_strbuf struct strbuf sb = STRBUF_INIT;
	char buf[SIZE_TEXT_MAX];

	for (unsigned int u = 0; u < PAGE_USES; u++) {
		if (z->pages[u] == 0)
			continue;
		sb_printf(&sb, "%s%s %s", sb.len ? ", " : "", page_use_name(u),
			  size_text(st, figures_bytes(s, opt_u64(z->pages[u])), buf));
	}
	if (z->hole_pages)
		sb_printf(&sb, "; %s of kernel are holes of the zone rather than memory",
			  size_text(st, figures_bytes(s, opt_u64(z->hole_pages)), buf));
	fputs("  pages   ", f);
	put_wrapped_at(f, st, 10, 10, sb_str(&sb));
}

static void put_compaction(FILE *f, const struct text_style *st, const struct snapshot *s,
			   const struct pagemap *m, const struct pagemap_zone *z)
{
	auto_strbuf struct strbuf sb = STRBUF_INIT;
	uint64_t blocks = pagemap_scale(z, z->could_free);
	struct opt_u64 bytes = figures_bytes(s, opt_u64(sat_shl(blocks, m->order)));
	char buf[SIZE_TEXT_MAX];

	if (blocks == 0) {
		sb_addstr(&sb, z->kinds[BLOCK_MOVABLE] ? "compaction has no room to empty a whole block into"
						       : "compaction can free no whole block");
	} else {
		sb_printf(&sb, "compaction could free %s%" PRIu64 " blocks (%s) at most",
			  z->n_sampled < z->n_blocks ? "some " : "", blocks, size_text(st, bytes, buf));
	}
	sb_printf(&sb, "; %s%" PRIu64 " are free now", z->n_sampled < z->n_blocks ? "some " : "",
		  pagemap_scale(z, z->kinds[BLOCK_FREE]));
	if (z->pinning_few)
		sb_printf(&sb, "; in %" PRIu64 " of %" PRIu64 " mixed blocks a sixteenth of the pages or "
			       "fewer keep the rest from being freed", z->pinning_few, z->kinds[BLOCK_MIXED]);
	fputs("  ", f);
	put_wrapped_at(f, st, 2, 4, sb_str(&sb));
}

/* Of several blocks behind a character the commonest kind shows; of equals the worse one. */
static enum block_kind commonest(const struct pagemap_zone *z, size_t from, size_t n)
{
	size_t counts[BLOCK_KINDS] = { 0 };
	enum block_kind most = BLOCK_FREE;

	for (size_t i = from; i < from + n && i < z->n_sampled; i++)
		counts[z->blocks[i].kind]++;
	for (unsigned int k = 0; k < BLOCK_KINDS; k++) {
		if (counts[k] >= counts[most] && counts[k])
			most = k;
	}
	return most;
}

static void put_map(FILE *f, const struct text_style *st, const struct pagemap_zone *z)
{
	size_t columns = (st->width > 34 ? st->width - 14 : 20) / 16 * 16;
	size_t chars = z->n_sampled, per_char = 1;
	enum block_kind last = BLOCK_KINDS;

	if (!st->verbose && chars > columns * MAP_LINES) {
		per_char = (chars + columns * MAP_LINES - 1) / (columns * MAP_LINES);
		chars = (z->n_sampled + per_char - 1) / per_char;
	}
	if (per_char > 1)
		fprintf(f, "  a character for %zu blocks looked at, the commonest of them\n", per_char);
	for (size_t i = 0; i < chars; i++) {
		enum block_kind k = commonest(z, i * per_char, per_char);

		if (i % columns == 0) {
			fprintf(f, "%s  %#10" PRIx64 " ", i ? "\n" : "", z->blocks[i * per_char].pfn);
			last = BLOCK_KINDS;
		}
		if (k != last && st->color)
			fprintf(f, "\x1b[0m%s", tone_begin(st, kind_tone(k)));
		last = k;
		putc(block_char(k), f);
		if (st->color && ((i + 1) % columns == 0 || i + 1 == chars))
			fputs("\x1b[0m", f);
	}
	putc('\n', f);
}

void text_map(FILE *f, const struct text_style *st, const struct snapshot *s,
	      const struct pagemap *m)
{
	text_machine(f, st, s);
	fputs(". free   m movable   + mixed   U unmovable   H hugetlb   - reserved or absent\n", f);
	for (size_t i = 0; i < m->n_zones; i++) {
		const struct pagemap_zone *z = &m->zones[i];

		if (z->n_sampled == 0)
			continue;
		putc('\n', f);
		put_title(f, st, s, m, z);
		put_kinds(f, st, z);
		put_pages(f, st, s, z);
		put_compaction(f, st, s, m, z);
		put_map(f, st, z);
	}
	if (m->n_without_place)
		fprintf(f, "\n%zu zones are left out: zoneinfo does not tell where they lie\n",
			m->n_without_place);
	putc('\n', f);
	put_wrapped(f, st, 0,
		    "Movable pages may be pinned, which no flag tells; pages on per-CPU lists look like "
		    "the kernel's. What compaction could free is a bound from above.");
}
