// SPDX-License-Identifier: GPL-2.0-or-later
/* gfp flags: bits and names of the kernel at hand, and what they select. */
#include "kernel/gfp.h"

#include <errno.h>
#include <string.h>

#include "base/num.h"

#define V(major, minor) ((unsigned int)(major) << 16 | (unsigned int)(minor) << 8)

static const struct {
	const char *name;
	uint32_t bits[GFP_EPOCHS];
} flag_table[GFP_BITS] = {
#define GFP_FLAG(name, e1, e2, e3, e4, e5) { "__GFP_" #name, { e1, e2, e3, e4, e5 } },
#include "tables/gfp_flags.h"
#undef GFP_FLAG
};

/* E1 has the inverse of KSWAPD_RECLAIM. */
#define E1_NO_KSWAPD UINT64_C(0x400000)

/* Bits above __GFP_ZEROTAGS in E5, which moved with version and configuration. */
static uint64_t variable_bits(const struct mm_rules *r, enum gfp_bit bit)
{
	unsigned int v = r->version;

	switch (bit) {
	case GFP_BIT_ZEROTAGS:
		return v < V(5, 14) ? 0 : 0x800000;
	case GFP_BIT_NOLOCKDEP:
		if (v < V(5, 14))
			return 0x800000;
		if (v < V(5, 18))
			return 0x2000000;
		return v < V(6, 3) ? 0x8000000 : v < V(6, 9) ? 0x4000000 : 0;
	case GFP_BIT_SKIP_KASAN:
		if (v < V(5, 14) || v >= V(6, 9))
			return 0;
		return v < V(5, 18) ? 0x1000000 : v < V(6, 3) ? 0x4000000 : 0x2000000;
	case GFP_BIT_SKIP_ZERO:
		return v >= V(5, 18) && v < V(6, 9) ? 0x1000000 : 0;
	case GFP_BIT_NO_OBJ_EXT:
		return v >= V(6, 10) ? 0x1000000 : 0;
	default:
		return 0;
	}
}

static uint64_t format_bit(const struct gfpformat *f, const char *name)
{
	for (size_t i = 0; i < f->n_flags; i++) {
		if (strcmp(f->flags[i].name, name) == 0)
			return f->flags[i].mask;
	}
	return 0;
}

uint64_t gfp_bit_mask(const struct gfp_names *names, enum gfp_bit bit)
{
	const struct mm_rules *r = names->rules;
	uint64_t mask = 0;

	/* The kernel's own list knows its configuration. */
	if (names->format && names->format->n_flags)
		mask = format_bit(names->format, gfp_bit_name(r, bit));
	if (mask)
		return mask;
	if (bit == GFP_BIT_ATOMIC && !r->gfp_atomic)
		return 0;
	mask = flag_table[bit].bits[r->epoch];
	if (r->epoch == GFP_E5 && bit >= GFP_BIT_ZEROTAGS)
		return variable_bits(r, bit);
	return mask;
}

const char *gfp_bit_name(const struct mm_rules *rules, enum gfp_bit bit)
{
	if (rules->epoch == GFP_E1 && bit == GFP_BIT_DIRECT_RECLAIM)
		return "__GFP_WAIT";
	if (rules->version < V(4, 13) && bit == GFP_BIT_RETRY_MAYFAIL)
		return "__GFP_REPEAT";
	if (bit == GFP_BIT_SKIP_KASAN && rules->version < V(6, 3))
		return "__GFP_SKIP_KASAN_POISON";
	return flag_table[bit].name;
}

struct gfp gfp_from_mask(const struct gfp_names *names, uint64_t mask)
{
	struct gfp g = { 0, mask };

	for (unsigned int b = 0; b < GFP_BITS; b++) {
		uint64_t bits = gfp_bit_mask(names, (enum gfp_bit)b);

		if (bits && (mask & bits) == bits && (g.unknown & bits)) {
			g.flags |= 1u << b;
			g.unknown &= ~bits;
		}
	}
	if (names->rules->epoch == GFP_E1) {
		if (!(mask & E1_NO_KSWAPD))
			g.flags |= GF_KSWAPD_RECLAIM;
		g.unknown &= ~E1_NO_KSWAPD;
	}
	return g;
}

uint64_t gfp_to_mask(const struct gfp_names *names, struct gfp gfp)
{
	uint64_t mask = gfp.unknown;

	for (unsigned int b = 0; b < GFP_BITS; b++) {
		if (gfp.flags >> b & 1)
			mask |= gfp_bit_mask(names, (enum gfp_bit)b);
	}
	if (names->rules->epoch == GFP_E1 && !(gfp.flags & GF_KSWAPD_RECLAIM))
		mask |= E1_NO_KSWAPD;
	return mask;
}

/* Composites in the order in which show_gfp_flags tries them (include/trace/events/mmflags.h). */
enum composite {
	C_TRANSHUGE,
	C_TRANSHUGE_LIGHT,
	C_HIGHUSER_MOVABLE,
	C_HIGHUSER,
	C_USER,
	C_TEMPORARY,
	C_KERNEL_ACCOUNT,
	C_KERNEL,
	C_NOFS,
	C_ATOMIC,
	C_NOIO,
	C_NOWAIT,
	C_DMA,
	C_DMA32,
	C_COUNT
};

static const char *const composite_names[C_COUNT] = {
	"GFP_TRANSHUGE", "GFP_TRANSHUGE_LIGHT", "GFP_HIGHUSER_MOVABLE", "GFP_HIGHUSER",
	"GFP_USER",	 "GFP_TEMPORARY",	"GFP_KERNEL_ACCOUNT",	"GFP_KERNEL",
	"GFP_NOFS",	 "GFP_ATOMIC",		"GFP_NOIO",		"GFP_NOWAIT",
	"GFP_DMA",	 "GFP_DMA32",
};

/* 0 where this kernel has no such name. */
static uint32_t composite_flags(const struct mm_rules *r, enum composite c)
{
	/* To 4.3 nothing but NO_KSWAPD keeps kswapd asleep: every composite wakes it. */
	const uint32_t kswapd = GF_KSWAPD_RECLAIM;
	const uint32_t highuser_movable = GF_KERNEL | GF_HARDWALL | GF_HIGHMEM | GF_MOVABLE;
	const uint32_t light = GF_COMP | GF_NOMEMALLOC | GF_NOWARN;

	switch (c) {
	case C_TRANSHUGE:
		if (r->version < V(4, 6))
			return (highuser_movable | light | GF_NORETRY) & ~kswapd;
		return (highuser_movable | light) & ~kswapd;
	case C_TRANSHUGE_LIGHT:
		return r->version < V(4, 8) ? 0 : (highuser_movable | light) & ~GF_RECLAIM;
	case C_HIGHUSER_MOVABLE:
		return highuser_movable;
	case C_HIGHUSER:
		return GF_KERNEL | GF_HARDWALL | GF_HIGHMEM;
	case C_USER:
		return GF_KERNEL | GF_HARDWALL;
	case C_TEMPORARY:
		return r->version < V(4, 14) ? GF_KERNEL | GF_RECLAIMABLE : 0;
	case C_KERNEL_ACCOUNT:
		return GF_KERNEL | GF_ACCOUNT;
	case C_KERNEL:
		return GF_KERNEL;
	case C_NOFS:
		return GF_RECLAIM | GF_IO;
	case C_ATOMIC:
		return kswapd | GF_HIGH | (r->gfp_atomic ? (uint32_t)GF_ATOMIC : 0);
	case C_NOIO:
		return GF_RECLAIM;
	case C_NOWAIT:
		return kswapd | (r->nowait_nowarn ? (uint32_t)GF_NOWARN : 0);
	case C_DMA:
		return GF_DMA;
	case C_DMA32:
		return GF_DMA32;
	case C_COUNT:
		break;
	}
	return 0;
}

bool gfp_composite_at(const struct mm_rules *rules, unsigned int i, const char **name,
		      uint32_t *flags)
{
	if (i >= C_COUNT)
		return false;
	*name = composite_names[i];
	*flags = composite_flags(rules, (enum composite)i);
	return true;
}

bool gfp_composite(const struct mm_rules *rules, struct slice name, uint32_t *flags)
{
	for (unsigned int c = 0; c < C_COUNT; c++) {
		if (slice_eq(name, composite_names[c])) {
			*flags = composite_flags(rules, (enum composite)c);
			return *flags != 0;
		}
	}
	return false;
}

/* Names that other versions use for what these flags mean, and sums that have a name. */
static const struct {
	const char *name;
	int flags;
} synonyms[] = {
	{ "__GFP_WAIT", GF_DIRECT_RECLAIM },
	{ "__GFP_REPEAT", GF_RETRY_MAYFAIL },
	{ "__GFP_RECLAIM", GF_DIRECT_RECLAIM | GF_KSWAPD_RECLAIM },
	{ "__GFP_SKIP_KASAN_POISON", GF_SKIP_KASAN },
	{ "__GFP_SKIP_KASAN_UNPOISON", GF_SKIP_KASAN },
	{ "GFP_HIGHMEM", GF_HIGHMEM },
	{ "GFP_MOVABLE", GF_MOVABLE },
	{ "__GFP_NO_KSWAPD", 0 },
	{ "0", 0 },
};

static bool parse_part(const struct gfp_names *names, struct slice part, struct gfp *out)
{
	uint32_t flags;
	uint64_t mask;

	if (gfp_composite(names->rules, part, &flags)) {
		out->flags |= flags;
		return true;
	}
	/* A flag that this kernel lacks (__GFP_ATOMIC in 6.4) changes nothing there: accepted, ignored. */
	for (unsigned int b = 0; b < GFP_BITS; b++) {
		if (slice_eq(part, flag_table[b].name)) {
			if (b != GFP_BIT_ATOMIC || names->rules->gfp_atomic)
				out->flags |= 1u << b;
			return true;
		}
	}
	for (size_t i = 0; i < ARRAY_SIZE(synonyms); i++) {
		if (slice_eq(part, synonyms[i].name)) {
			out->flags |= (uint32_t)synonyms[i].flags;
			return true;
		}
	}
	/* gfp_t is an unsigned int. */
	if (num_hex(part.p, part.len, &mask) == 0 && mask <= UINT32_MAX) {
		struct gfp g = gfp_from_mask(names, mask);

		out->flags |= g.flags;
		out->unknown |= g.unknown;
		return true;
	}
	return false;
}

int gfp_parse(const struct gfp_names *names, struct slice text, struct gfp *out,
	      struct slice *culprit)
{
	struct gfp g = { 0, 0 };
	bool kswapd = names->rules->epoch == GFP_E1; /* there a flag keeps it asleep */

	text = slice_trim(text);
	for (;;) {
		const char *bar = memchr(text.p, '|', text.len);
		struct slice part = { text.p, bar ? (size_t)(bar - text.p) : text.len };

		part = slice_trim(part);
		if (slice_eq(part, "GFP_TRANSHUGE") || slice_eq(part, "__GFP_NO_KSWAPD"))
			kswapd = false;
		if (!parse_part(names, part, &g)) {
			if (culprit)
				*culprit = part;
			return -EINVAL;
		}
		if (!bar)
			break;
		text.len -= (size_t)(bar + 1 - text.p);
		text.p = bar + 1;
	}
	if (kswapd)
		g.flags |= GF_KSWAPD_RECLAIM;
	*out = g;
	return 0;
}

void gfp_format(const struct gfp_names *names, struct gfp gfp, struct strbuf *sb)
{
	const struct mm_rules *r = names->rules;
	uint32_t left = gfp.flags;
	size_t start = sb->len;

	/* To 4.3 every request wakes kswapd unless told not to; the name would only confuse. */
	if (r->epoch == GFP_E1 && !(left & GF_DIRECT_RECLAIM) && !(left & GF_HIGH))
		left &= ~(uint32_t)GF_KSWAPD_RECLAIM;
	for (unsigned int c = 0; c < C_COUNT; c++) {
		uint32_t flags = composite_flags(r, (enum composite)c);

		if (flags && (left & flags) == flags) {
			sb_printf(sb, "%s%s", sb->len > start ? "|" : "", composite_names[c]);
			left &= ~flags;
		}
	}
	for (unsigned int b = 0; b < GFP_BITS; b++) {
		if (left >> b & 1)
			sb_printf(sb, "%s%s", sb->len > start ? "|" : "",
				  gfp_bit_name(r, (enum gfp_bit)b));
	}
	if (gfp.unknown || sb->len == start)
		sb_printf(sb, "%s0x%llx", sb->len > start ? "|" : "", (unsigned long long)gfp.unknown);
}

enum gfp_zone gfp_zone(uint32_t flags)
{
	if (flags & GF_DMA)
		return GFP_ZONE_DMA;
	if (flags & GF_DMA32)
		return GFP_ZONE_DMA32;
	if (flags & GF_HIGHMEM)
		return flags & GF_MOVABLE ? GFP_ZONE_MOVABLE : GFP_ZONE_HIGHMEM;
	return GFP_ZONE_NORMAL;
}

bool gfp_zone_valid(uint32_t flags)
{
	int zones = !!(flags & GF_DMA) + !!(flags & GF_HIGHMEM) + !!(flags & GF_DMA32);

	return zones <= 1;
}

const char *migratetype_name(enum migratetype type)
{
	static const char *const names[MIGRATE_TYPES] = { "Unmovable",	"Movable", "Reclaimable",
							  "HighAtomic", "CMA",	   "Isolate" };

	return names[type];
}

enum migratetype gfp_migratetype(uint32_t flags)
{
	if (flags & GF_MOVABLE)
		return MIGRATE_MOVABLE;
	return flags & GF_RECLAIMABLE ? MIGRATE_RECLAIMABLE : MIGRATE_UNMOVABLE;
}
