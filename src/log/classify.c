// SPDX-License-Identifier: GPL-2.0-or-later
#include "log/classify.h"

#include "log/cursor.h"

static bool has(struct slice s, const char *needle)
{
	return slice_find(s, needle) != NULL;
}

bool classify_zone(struct slice *s, int *node, struct slice *name)
{
	static const char *const zones[] = { "DMA32", "DMA", "Normal", "HighMem", "Movable", "Device" };
	struct slice t = *s;
	uint64_t n = 0;

	if (cur_text(&t, "Node ")) {
		if (!cur_u64(&t, &n) || n > 1023)
			return false;
		cur_blanks(&t);
	}
	for (size_t i = 0; i < ARRAY_SIZE(zones); i++) {
		struct slice u = t;

		if (!cur_lit(&u, zones[i]) || (u.len && *u.p != ' ' && *u.p != ':'))
			continue;
		*name = (struct slice){ t.p, t.len - u.len };
		*node = (int)n;
		*s = u;
		return true;
	}
	return false;
}

bool classify_zone_marks(struct slice *s, int *node, struct slice *name)
{
	const char *at = slice_find(*s, " free:");
	struct slice t = *s;

	if (classify_zone(&t, node, name)) {
		*s = t;
		return true;
	}
	if (!at || !slice_find(*s, "kB min:"))
		return false;
	for (const char *p = at; p > s->p && at - p < 16; p--) {
		t = (struct slice){ p, (size_t)(s->p + s->len - p) };
		if (cur_space(p[-1]) && classify_zone(&t, node, name) && t.p == at) {
			*s = t;
			return true;
		}
	}
	return false;
}

/* "4*8kB", "4_8kB" (Markdown ate the star), "(UM)", "= 12kB" */
static bool free_item(struct slice s)
{
	uint64_t n;

	if (cur_char(&s, '(')) {
		struct slice letters;

		return cur_until(&s, ")", &letters) && letters.len <= 8 &&
		       has((struct slice){ s.p - letters.len, letters.len + s.len }, ")");
	}
	if (cur_char(&s, '=')) {
		cur_blanks(&s);
		return cur_u64(&s, &n) && cur_lit(&s, "kB");
	}
	return cur_u64(&s, &n) && (cur_char(&s, '*') || cur_char(&s, '_')) && cur_u64(&s, &n) &&
	       cur_lit(&s, "kB");
}

bool classify_zone_list(struct slice *s, int *node, struct slice *name)
{
	struct slice t = *s;
	size_t far = s->len < 24 ? s->len : 24;

	if (classify_zone(&t, node, name) && t.len && *t.p == ':') {
		*s = t;
		return true;
	}
	for (size_t i = 1; i < far; i++) {
		t = (struct slice){ s->p + i, s->len - i };
		if (cur_space(s->p[i - 1]) && classify_zone(&t, node, name) && t.len && *t.p == ':') {
			struct slice first = { t.p + 1, t.len - 1 };

			cur_blanks(&first);
			if (!free_item(first))
				continue;
			*s = t;
			return true;
		}
	}
	return false;
}

/* "key:12kB" or "key: 12kB" */
static bool kb_member(struct slice s)
{
	struct slice key;
	uint64_t n;

	if (!cur_until(&s, ": \t", &key) || !cur_char(&s, ':'))
		return false;
	cur_blanks(&s);
	if (!cur_u64(&s, &n))
		return false;
	return cur_lit(&s, "kB") || cur_lit(&s, "KB");
}

/* Members in pages, without a unit, and nothing else: the counts of all nodes. */
static bool global(struct slice s)
{
	struct slice key;
	uint64_t n;
	bool some = false;

	for (cur_blanks(&s); s.len; cur_blanks(&s)) {
		if (!cur_ident(&s, &key) || cur_digit(*key.p) || key.len < 4 || !cur_char(&s, ':') ||
		    !cur_u64(&s, &n) || (s.len && !cur_space(*s.p)))
			return false;
		some = true;
	}
	return some;
}

static bool numbers(struct slice s)
{
	uint64_t n;
	bool some = false;

	for (cur_blanks(&s); s.len; cur_blanks(&s)) {
		if (!cur_u64(&s, &n) || (s.len && !cur_space(*s.p)))
			return false;
		some = true;
	}
	return some;
}

/* ---- traces ---- */

/* "name+0x12/0x345", "name.cold+0x1/0x2 [module]" */
static bool symbol(struct slice s)
{
	struct slice name;
	uint64_t n;

	if (!cur_until(&s, "+ \t()[]<>:", &name) || cur_digit(*name.p))
		return false;
	return cur_char(&s, '+') && slice_starts(s, "0x") && cur_hex(&s, &n) && cur_char(&s, '/') &&
	       cur_hex(&s, &n);
}

/*
 * x86-32 from 2.6.16 on: "<c0132552> name+0x1/0x2  <c0142688> name+0x3/0x4", broken behind
 * an address or not
 */
static bool bare_address(struct slice s)
{
	uint64_t n;

	if (!cur_char(&s, '<') || s.len < 9 || s.p[8] != '>' || !cur_hex(&s, &n) || !cur_char(&s, '>'))
		return false;
	cur_blanks(&s);
	return !s.len || symbol(s);
}

static bool frame(struct slice s)
{
	struct slice word, rest;

	cur_lit(&s, "? ");
	if (cur_lit(&s, "<IRQ>") || cur_lit(&s, "<EOI>") || cur_lit(&s, "<NMI>") || cur_lit(&s, "<TASK>"))
		cur_blanks(&s);
	if (slice_starts(s, "[<") || slice_starts(s, "([<") || slice_starts(s, "Function entered at"))
		return true;
	if (bare_address(s))
		return true;
	if (*s.p == '<' && slice_find(s, ">{") && slice_find(s, "+")) /* x86-64 to 2.6.17 */
		return true;
	if (s.len > 10 && *s.p == '[' && cur_hexdigit(s.p[1]) && cur_hexdigit(s.p[8])) {
		/* powerpc: "[c000000012345678] [c0000000000aaaaa] name+0x..", mips: "[<..." */
		rest = s;
		return cur_find(&rest, "] ") && (has(rest, "+0x") || slice_starts(rest, "["));
	}
	cur_lit(&s, "? ");
	rest = s;
	/* arm since 5.19: "name from name+0x1/0x2" */
	if (slice_word(&rest, &word) && (cur_text(&rest, " from ")))
		return symbol(rest);
	if (slice_starts(s, "[") && has(s, "+0x")) {
		rest = s;
		return cur_find(&rest, "] ") && symbol(rest);
	}
	return symbol(s);
}

static bool hexwords(struct slice s)
{
	int n = 0;
	struct slice w;

	cur_char(&s, '>');
	while (slice_word(&s, &w)) {
		if (w.len != 8 && w.len != 16)
			return false;
		for (size_t i = 0; i < w.len; i++) {
			if (!cur_hexdigit(w.p[i]))
				return false;
		}
		n++;
	}
	return n >= 2;
}

static bool regs(struct slice s)
{
	static const char *const starts[] = {
		"RIP:", "RSP:", "RAX:", "RDX:", "RBP:", "R10:", "R13:", "EIP:", "EAX:", "ESI:",
		"DS:", "CR0:", "CR2:", "FS:", "CS:", "ORIG_RAX", "Code:", "PKRU:", "Stack:",
		"Stack :", "pstate:", "pc :", "lr :", "sp :", "x29:", "x28:", "x27:", "x26:",
		"x25:", "x24:", "x23:", "x22:", "x21:", "x20:", "x19:", "x18:", "x17:", "x16:",
		"x15:", "x14:", "x13:", "x12:", "x11:", "x10:", "x9 :", "x8 :", "x7 :", "x6 :",
		"x5 :", "x4 :", "x3 :", "x2 :", "x1 :", "x0 :", "r10:", "r9:", "r8:", "r7:",
		"r6:", "r5:", "r4:", "r3:", "Exception stack", "Modules linked in:",
		"---[ end trace", "------------[ cut here", "NIP:", "REGS:", "MSR:", "CFAR:",
		"GPR", "NIP [", "LR [", "irq event stamp", "hardirqs last", "softirqs last",
		"Instruction dump:", "KASAN", "EFLAGS", "...", "Unloaded tainted modules",
		"Kernel panic", "Tainted:", "<4>",
	};

	for (size_t i = 0; i < ARRAY_SIZE(starts); i++) {
		if (slice_starts(s, starts[i]))
			return true;
	}
	return hexwords(s);
}

/* ---- parts of Mem-Info ---- */

static bool totals(struct slice s)
{
	static const char *const ends[] = {
		"pages RAM", "pages HighMem/MovableOnly", "pages HighMem", "pages of HIGHMEM",
		"pages reserved", "pages cma reserved", "pages hwpoisoned",
		"pages in swap cache", "total pagecache pages", "pages shared",
		"pages non-shared", "pages in pagetable cache", "pages of RAM", "free pages",
		"reserved pages", "slab pages", "pages shared.", "pages swap cached",
		"pages of slabcache", "pages of kernel cache", "pages nonshared",
		"pages dirty", "pages pagetables", "pages writeback", "pages mapped",
		"pages slab", "pages offlined", "pagecache pages",
	};
	uint64_t n;

	if (slice_starts(s, "Swap cache stats:") || slice_starts(s, "Free swap") ||
	    slice_starts(s, "Total swap") || slice_starts(s, "Swap cache:"))
		return true;
	if (slice_starts(s, "Memory cgroup min protection"))
		return true;
	if (!cur_u64(&s, &n) || !s.len || !cur_space(*s.p))
		return false;
	cur_blanks(&s);
	for (size_t i = 0; i < ARRAY_SIZE(ends); i++) {
		if (slice_eq(s, ends[i]))
			return true;
	}
	return false;
}

static bool pcp(struct slice s)
{
	uint64_t cpu;

	if (!cur_text(&s, "CPU ") && !cur_text(&s, "cpu "))
		return false;
	if (!cur_u64(&s, &cpu))
		return false;
	cur_blanks(&s);
	cur_char(&s, ':');
	cur_blanks(&s);
	return slice_starts(s, "hi:") || slice_starts(s, "Hot:") || slice_starts(s, "Cold:") ||
	       slice_starts(s, "hot:") || slice_starts(s, "cold:");
}

static enum line_kind zone_line(struct slice s)
{
	struct slice t = s, name;
	int node;
	uint64_t n;

	if (classify_zone(&t, &node, &name)) {
		if (cur_text(&t, " per-cpu"))
			return L_PCP_ZONE;
		if (cur_text(&t, " free:"))
			return L_ZONE;
		if (cur_char(&t, ':')) {
			cur_blanks(&t);
			return !t.len || free_item(t) || slice_starts(t, "empty") || cur_digit(*t.p)
				       ? L_FREE_LIST
				       : L_NONE;
		}
		/* broken behind the name */
		cur_blanks(&t);
		return t.len == 0 ? L_NODE_REST : L_NONE;
	}
	t = s;
	if (classify_zone_marks(&t, &node, &name))
		return L_ZONE;
	t = s;
	if (classify_zone_list(&t, &node, &name))
		return L_FREE_LIST;
	t = s;
	if (!cur_text(&t, "Node ") || !cur_u64(&t, &n))
		return L_NONE;
	cur_blanks(&t);
	if (!t.len)
		return L_NODE_REST;
	if (slice_starts(t, "hugepages_total="))
		return L_HUGEPAGES;
	return kb_member(t) ? L_NODE : L_NONE;
}

static bool cpu_line(struct slice s)
{
	struct slice t = s;
	uint64_t n;

	if (cur_text(&t, "CPU: ") && cur_u64(&t, &n))
		return has(t, "PID:") || has(t, "Comm:") || has(t, "UID:") || has(t, "Not tainted") || has(t, "Tainted");
	t = s;
	return (cur_text(&t, "Pid: ") || cur_text(&t, "PID: ")) && cur_u64(&t, &n) &&
	       (has(t, "comm:") || has(t, "Comm:"));
}

/* "[ 1234]     0  1234 ...": a row of the task table */
static bool task_row(struct slice s)
{
	uint64_t v;
	int n = 0;

	if (!cur_char(&s, '['))
		return false;
	cur_blanks(&s);
	if (!cur_u64(&s, &v))
		return false;
	cur_blanks(&s);
	if (!cur_char(&s, ']'))
		return false;
	for (cur_blanks(&s); cur_u64(&s, &v); cur_blanks(&s))
		n++;
	return n >= 4;
}

/* "x invoked oom-killer: gfp_mask=", or broken in or behind these words; not prose. */
static bool invoked(struct slice s)
{
	static const char mask[] = "gfp";
	const char *start = s.p, *at = slice_find(s, " invoked oom-killer");

	if (!cur_find(&s, "invoked oom-killer"))
		return false;
	if (!cur_char(&s, ':'))
		return !s.len && at && at - start <= COMM_MAX;
	cur_blanks(&s);
	return memcmp(s.p, mask, s.len < sizeof(mask) - 1 ? s.len : sizeof(mask) - 1) == 0;
}

static enum line_kind oom_line(struct slice s)
{
	struct slice t = s, word, name;
	uint64_t v;

	/* to 2.6.16 without the task's name */
	if (invoked(s) || slice_starts(s, "oom-killer: gfp_mask=") || has(s, " oom-killer: gfp_mask=0x"))
		return L_OOM;
	if (slice_starts(s, "oom-kill:"))
		return L_OOM_KILL;
	if (has(s, "Killed process") || has(s, "Kill process") || has(s, "killed process"))
		return L_OOM_KILLED;
	if (slice_starts(s, "oom_reaper:") || slice_starts(s, "Out of memory and no killable") ||
	    slice_starts(s, "Memory cgroup out of memory") || slice_starts(s, "Out of memory"))
		return L_OOM_OTHER;
	if (slice_starts(s, "Tasks state (memory values"))
		return L_OOM_TASKS;
	/* Two columns in, that it is the table's heading is sure. */
	if (*s.p == '[' && has(s, "pid") && (has(s, "total_vm") || has(s, " uid  tgid ")))
		return L_OOM_TASKS;
	if (task_row(s))
		return L_OOM_TASK;
	if (slice_starts(s, "memory: usage") || slice_starts(s, "swap: usage") ||
	    slice_starts(s, "memory+swap: usage") || slice_starts(s, "kmem: usage") ||
	    (slice_starts(s, "Task in ") && has(s, "killed as a result of limit of")) ||
	    slice_starts(s, "Tasks in "))
		return L_OOM_MEMCG;
	if (slice_starts(s, "Memory cgroup stats"))
		return L_OOM_MEMCG_STATS;
	if (slice_starts(s, "Unreclaimable slab info") ||
	    (slice_starts(s, "Name ") && has(s, "Used") && has(s, "Total")))
		return L_OOM_SLABS;
	/* "kmalloc-64   12KB   16KB"; "anon 123" */
	if (slice_word(&t, &word) && cur_alpha(*word.p)) {
		cur_blanks(&t);
		if (cur_u64(&t, &v)) {
			if (cur_lit(&t, "KB")) {
				cur_blanks(&t);
				if (cur_u64(&t, &v) && slice_eq(t, "KB"))
					return L_OOM_SLAB;
			} else if (!t.len && cur_ident(&word, &name) && !word.len) {
				return L_OOM_STAT;
			}
		}
	}
	return L_NONE;
}

static enum line_kind tail_of_small(struct slice s)
{
	struct slice t = s;
	uint64_t n;

	if (slice_starts(s, "cache: ") && has(s, "size:"))
		return L_SLUB_CACHE;
	if (has(s, "debugging increased min order"))
		return L_SLUB_DEBUG;
	if (cur_text(&t, "node ") && cur_u64(&t, &n) && cur_char(&t, ':') && has(t, "slabs:"))
		return L_SLUB_NODE;
	if (has(s, "number of available pages") || (has(s, " free of ") && has(s, "total pages")))
		return L_CMA_FREE;
	if (has(s, "callbacks suppressed"))
		return L_SUPPRESSED;
	if (slice_starts(s, "COMPACTION is disabled"))
		return L_COMPACTION_OFF;
	if (slice_starts(s, "comm \"") || slice_starts(s, "hex dump (first"))
		return L_LEAK_BODY;
	if (slice_starts(s, "backtrace") && has(s, ":"))
		return L_TRACE;
	if (slice_starts(s, "PFN ") || slice_starts(s, "page_owner tracks") ||
	    slice_starts(s, "page last free") || slice_starts(s, "page has been migrated"))
		return L_OWNER_BODY;
	if (slice_starts(s, "Memory allocations"))
		return L_ALLOC_SITES;
	return L_NONE;
}

/* "   12.3 MiB     4567 mm/slub.c:123 func:name" of memory profiling */
static bool alloc_site(struct slice s)
{
	struct slice word;
	uint64_t n;

	if (!cur_u64(&s, &n))
		return false;
	if (cur_char(&s, '.') && !cur_u64(&s, &n))
		return false;
	cur_blanks(&s);
	if (!slice_word(&s, &word) ||
	    !(slice_eq(word, "B") || slice_eq(word, "KiB") || slice_eq(word, "MiB") ||
	      slice_eq(word, "GiB") || slice_eq(word, "kB") || slice_eq(word, "MB") || slice_eq(word, "TiB")))
		return false;
	cur_blanks(&s);
	return cur_u64(&s, &n) && has(s, " func:");
}

/* "x cpuset=/ mems_allowed=0"; where the line was printed in pieces its first ends behind "cpuset=". */
static bool cpuset(struct slice s)
{
	struct slice word, rest;

	if (has(s, " mems_allowed=") && has(s, " cpuset="))
		return true;
	rest = s;
	return cur_split(&rest, " cpuset=", &word) && !rest.len && word.len < 32;
}

enum line_kind classify(struct slice body)
{
	struct slice s = slice_trim(body);
	enum line_kind k;

	if (!s.len)
		return L_NONE;
	k = classify_opening(s);
	if (k)
		return k;
	k = zone_line(s);
	if (k)
		return k;
	if (slice_eq(s, "Mem-Info:") || slice_eq(s, "Mem-info:"))
		return L_MEMINFO;
	if (global(s))
		return L_GLOBAL;
	if (slice_starts(s, "lowmem_reserve[]:") || slice_starts(s, "protections[]:"))
		return L_LOWMEM;
	if (free_item(s))
		return L_FREE_REST;
	if (totals(s))
		return L_TOTALS;
	if (pcp(s))
		return L_PCP;
	if (cpu_line(s))
		return L_CPU;
	if (slice_starts(s, "Hardware name:"))
		return L_HARDWARE;
	if (slice_starts(s, "Workqueue:"))
		return L_WORKQUEUE;
	if (slice_starts(s, "Call Trace:") || slice_starts(s, "Call trace:") || slice_eq(s, "Backtrace:") ||
	    slice_starts(s, "Call Trace ("))
		return L_TRACE;
	if (*s.p == '<' && (slice_eq(s, "<IRQ>") || slice_eq(s, "</IRQ>") || slice_eq(s, "<TASK>") ||
			    slice_eq(s, "</TASK>") || slice_eq(s, "<EOI>") || slice_eq(s, "<<EOE>>") ||
			    slice_eq(s, "<NMI>") || slice_eq(s, "</NMI>")))
		return L_FRAME_MARK;
	if (frame(s))
		return L_FRAME;
	k = tail_of_small(s);
	if (k)
		return k;
	if (cpuset(s))
		return L_CPUSET;
	if (kb_member(s) || slice_starts(s, "all_unreclaimable?"))
		return L_KV_REST;
	k = oom_line(s);
	if (k)
		return k;
	if (alloc_site(s))
		return L_ALLOC_SITE;
	if (regs(s))
		return L_REGS;
	if (numbers(s))
		return L_NUM_REST;
	return L_NONE;
}
