// SPDX-License-Identifier: GPL-2.0-or-later
/* Which files could not be judged, and so what it means that nothing was found. */
#include <errno.h>

#include "model/findings_priv.h"

/* The files that findings are made from. */
enum file { FILE_SLABINFO, FILE_VMALLOCINFO, FILE_PAGETYPEINFO, FILE_BUDDYINFO, FILE_MEMINFO, FILE_VMSTAT, FILES };

static const char *const names[] = { "slabinfo", "vmallocinfo", "pagetypeinfo", "buddyinfo", "meminfo", "vmstat" };

static bool has_file(const struct snapshot *s, enum file file)
{
	switch (file) {
	case FILE_SLABINFO:
		return snapshot_has_part(s, PART_SLAB);
	case FILE_VMALLOCINFO:
		return snapshot_has_part(s, PART_VMALLOC);
	case FILE_PAGETYPEINFO:
		return snapshot_has_part(s, PART_TYPES);
	case FILE_BUDDYINFO:
		return snapshot_free_pages_from(s, 0).known;
	case FILE_MEMINFO:
		return kv_get(&s->meminfo, "MemFree").known;
	default:
		return s->vmstat.n > 0;
	}
}

static const char *why_not_both(bool before, bool after)
{
	if (before && after)
		return NULL;
	return before ? "read before only" : after ? "read after only" : "not read";
}

/* Of the costly files some samples between the ends may be the only ones that hold them. */
static const char *why_not_part(const struct diff *d, enum diff_part part)
{
	const struct snapshot *a = d->ends.part[part].a, *b = d->ends.part[part].b;

	if (diff_has_part(d, part))
		return NULL;
	return a && a == b && a != d->a && a != d->b ? "read once only" : why_not_both(a == d->a && a, b == d->b && b);
}

static const char *why_not(const struct diff *d, enum file file)
{
	static const enum diff_part parts[] = { [FILE_SLABINFO] = PART_SLAB, [FILE_VMALLOCINFO] = PART_VMALLOC,
						[FILE_PAGETYPEINFO] = PART_TYPES };

	if (!d->same_boot)
		return "not of one boot of one kernel";
	if (d->is_reversed)
		return "the second is older";
	if (d->a == d->b)
		return "one sample only";
	return file < ARRAY_SIZE(parts) ? why_not_part(d, parts[file])
					: why_not_both(has_file(d->a, file), has_file(d->b, file));
}

static const char *sentence(const struct finder *f)
{
	const struct findings *fs = f->fs;
	auto_strbuf struct strbuf list = STRBUF_INIT;

	if (fs->n_unjudged == 0)
		return "No finding: nothing grew that would not give way, and no allocation struggled.";
	if (!f->d->same_boot)
		return "Not judged: the two are not of one boot of one kernel.";
	if (f->d->is_reversed)
		return "Not judged: the second is older than the first.";
	if (f->d->a == f->d->b)
		return "Not judged: there is nothing to compare the one sample with.";
	if (fs->n_unjudged == FILES)
		return "Not judged: no file that tells who takes memory was read at both ends.";
	for (size_t i = 0; i < fs->n_unjudged; i++)
		sb_printf(&list, "%s%s (%s)", i ? ", " : "", fs->unjudged[i].source, fs->unjudged[i].reason);
	return arena_printf(&f->fs->arena, "%s for want of a reading at both ends: %s.",
			    fs->n ? "Not judged" : "No finding, but not judged", sb_str(&list));
}

void find_unjudged(struct finder *f)
{
	struct findings *fs = f->fs;

	fs->unjudged = arena_array(&fs->arena, FILES, sizeof(*fs->unjudged));
	if (!fs->unjudged) {
		f->failed = true;
		return;
	}
	for (unsigned int i = 0; i < FILES; i++) {
		const char *reason = why_not(f->d, i);

		if (reason)
			fs->unjudged[fs->n_unjudged++] = (struct unjudged){ names[i], reason };
	}
	if (fs->n == 0 || fs->n_unjudged)
		fs->extent = sentence(f);
	if ((fs->n == 0 || fs->n_unjudged) && !fs->extent)
		f->failed = true;
}
