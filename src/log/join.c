// SPDX-License-Identifier: GPL-2.0-or-later
#include "log/join.h"

#include "log/cursor.h"

static bool ends(struct slice s, const char *what)
{
	size_t n = strlen(what);

	return s.len >= n && memcmp(s.p + s.len - n, what, n) == 0;
}

static struct slice last_word(struct slice s)
{
	size_t n = 0;

	while (n < s.len && !cur_space(s.p[s.len - 1 - n]))
		n++;
	return (struct slice){ s.p + s.len - n, n };
}

static struct slice first_word(struct slice s)
{
	struct slice w = { s.p, 0 };

	slice_word(&s, &w);
	return w;
}

static bool balanced(struct slice s, char open, char close)
{
	int depth = 0;

	for (size_t i = 0; i < s.len; i++)
		depth += (s.p[i] == open) - (s.p[i] == close);
	return depth == 0;
}

/* With one of the kernel's reasons the line is whole; what follows is another's. */
static bool percpu_ends(struct slice s)
{
	static const char *const reasons[] = {"no space left", "new chunk", "to populate",
					      "reserved chunk failed", "for percpu allocation"};

	for (size_t i = 0; i < ARRAY_SIZE(reasons); i++) {
		if (slice_find(s, reasons[i]))
			return true;
	}
	return false;
}

bool join_is_open(enum line_kind kind, struct slice s)
{
	switch (kind) {
	case L_PAGE_FAILURE:
		return ends(s, ",") || ends(s, "|") || !balanced(s, '(', ')') || !slice_find(s, "order") ||
		       !slice_find(s, "mode") || ends(s, "mode:") || ends(s, "nodemask=") ||
		       ends(s, "mems_allowed=");
	case L_OOM:
		return ends(s, ",") || ends(s, "|") || !balanced(s, '(', ')') ||
		       !(slice_find(s, "oom_score_adj=") || slice_find(s, "oomkilladj=") ||
			 slice_find(s, "oom_adj="));
	case L_CPU:
	case L_HARDWARE:
	case L_WORKQUEUE:
	case L_VMAP:
	case L_SLUB:
	case L_SLUB_CACHE:
	case L_SLUB_NODE:
	case L_CMA:
	case L_SWIOTLB:
		return true;
	case L_IOMMU:
		return slice_find(s, "PCI-DMA") != NULL;
	case L_PERCPU:
		return !percpu_ends(s);
	case L_ZONE:
	case L_NODE:
		return true;
	case L_GLOBAL:
		return true;
	case L_LOWMEM:
	case L_HUGEPAGES:
		return true;
	case L_FREE_LIST: {
		struct slice rest = s, total;
		uint64_t n;

		/* Over once "= 12kB" stands. */
		return !(cur_split(&rest, "= ", &total) && cur_u64(&rest, &n) && cur_lit(&rest, "kB"));
	}
	case L_NODE_REST:
		return true;
	case L_FRAME:
		return !balanced(s, '(', ')') || ends(s, " from") || !balanced(s, '[', ']') || ends(s, ">");
	case L_OOM_KILL:
	case L_OOM_KILLED:
	case L_OOM_MEMCG:
	case L_OOM_MEMCG_STATS:
		return true;
	default:
		return false;
	}
}

/* A member that stands whole: "key:12kB", "key:12" in pages is never sure. */
static bool whole_member(struct slice w)
{
	return ends(w, "kB") || ends(w, "KB");
}

/* "o" + "rder=0", "pgtables_by" + "tes": a name broken in two, of a member or of a column */
static bool name_in_two(struct slice a, struct slice b)
{
	static const char *const names[] = { "order", "mode", "gfp_mask", "nodemask", "cpuset", "mems_allowed",
					     "oom_score_adj", "total_vm", "pgtables_bytes", "nr_ptes", "swapents", "cache",
					     "object", "buffer", "size", "default", "slabs", "objs", "free" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		size_t n = strlen(names[i]), rest = n - a.len;

		if (a.len < n && b.len >= rest && memcmp(a.p, names[i], a.len) == 0 &&
		    memcmp(b.p, names[i] + a.len, rest) == 0 && (b.len == rest || strchr(":=", b.p[rest])))
			return true;
	}
	return false;
}

/* "gfp=0xa2" + "0(GFP_ATOMIC)" */
static bool mask_in_two(struct slice a, struct slice b)
{
	size_t n = 0;

	while (n < b.len && strchr("0123456789abcdef", b.p[n]))
		n++;
	return slice_find(a, "=0x") && n && n < b.len && b.p[n] == '(';
}

/* "8-amd64 #1": one word before the number of a build */
static bool before_number(struct slice s)
{
	struct slice word;

	return slice_word(&s, &word) && *word.p != '#' && slice_word(&s, &word) && *word.p == '#';
}

bool join_with_blank(enum line_kind kind, struct slice have, struct slice rest)
{
	struct slice a = last_word(have), b = first_word(rest);
	bool a_colon = slice_find(a, ":") != NULL, b_colon = slice_find(b, ":") != NULL;

	if (!a.len || !b.len)
		return false;
	switch (kind) {
	case L_ZONE:
	case L_NODE:
		if (whole_member(a) || ends(a, "?") || ends(a, "yes") || ends(a, "no"))
			return true;
		/* "shmem_thp: 0kB" was broken at its blank: either way is read */
		if (a_colon && ends(a, ":"))
			return false;
		/* "free:12" + "3kB", "0k" + "B"; but "pages_scanned:0" and "all_..." */
		if (a_colon)
			return !cur_digit(*b.p) && !slice_starts(b, "kB") && !slice_starts(b, "B");
		/* "inacti" + "ve_anon:0kB"; "Node" + "0" */
		return slice_eq(a, "Node") || cur_digit(a.p[a.len - 1]) || slice_eq(a, "all_unreclaimable?");
	case L_GLOBAL:
		if (a_colon && !ends(a, ":"))
			return b_colon || !cur_digit(*b.p);
		return false;
	case L_FREE_LIST:
		if (ends(a, "kB") || ends(a, ")") || ends(a, ":") || ends(a, "="))
			return true;
		return false;
	case L_LOWMEM:
	case L_NODE_REST:
		return true;
	case L_CPU:
		/* Mailers break behind the '-' of a release, too; a terminal anywhere in it: "#1" follows a whole one. */
		return !(cur_digit(*a.p) && slice_find(a, ".") && (ends(a, "-") || before_number(rest)));
	case L_FRAME:
		return ends(have, "from") || ends(have, "]") || ends(have, ")") || ends(have, "?");
	case L_SLUB:
		return !name_in_two(a, b) && !mask_in_two(a, b);
	case L_OOM_MEMCG:
		/* "of /kubepo" + "ds/pod1": a path has no blanks; "limit of" and the path go apart */
		return *a.p != '/' || *b.p == '/' || slice_eq(b, "killed");
	case L_OOM_MEMCG_STATS:
		/* "rss:44" + "8KB", "inactive_a" + "non:0KB" */
		return a_colon ? whole_member(a) : false;
	case L_OOM_TASKS:
	case L_SLUB_CACHE:
	case L_SLUB_NODE:
		return !name_in_two(a, b);
	case L_PAGE_FAILURE:
	case L_OOM:
		/* Names and masks are broken anywhere, the rest at blanks. */
		if (ends(have, "|") || *b.p == '|' || ends(have, "_") || *b.p == '_' || name_in_two(a, b))
			return false;
		return balanced(have, '(', ')') || slice_starts(b, "order")
			       ? !ends(have, ":") || !ends(a, "mode:")
			       : false;
	default:
		return true;
	}
}
