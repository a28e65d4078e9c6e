// SPDX-License-Identifier: GPL-2.0-or-later
/* Call traces of all architectures, and who in them asked for the memory. */
#include <errno.h>
#include <string.h>

#include "log/cursor.h"
#include "log/decode.h"
#include "log/subsystem.h"
#include "read/allocators.h"

#define MAX_FRAMES 256

/* ---- one frame ---- */

static int push(struct log_report *r, struct slice name, struct slice module, bool maybe)
{
	struct log_frame *f;

	cur_char(&name, '.'); /* powerpc's entry points */
	if (!name.len || r->n_frames >= MAX_FRAMES)
		return 0;
	if (log_grow(&r->arena, &r->frames, &r->cap_frames, r->n_frames, sizeof(*f)))
		return -ENOMEM;
	f = &r->frames[r->n_frames];
	f->maybe = maybe;
	f->function = arena_strndup(&r->arena, name.p, name.len);
	f->module = module.len ? arena_strndup(&r->arena, module.p, module.len) : NULL;
	if (!f->function || (module.len && !f->module))
		return -ENOMEM;
	r->n_frames++;
	return 0;
}

/* "name+0x12/0x34 [module]" or "name [module]": the name and what stands in the brackets */
static bool function(struct slice *s, struct slice *name, struct slice *module)
{
	struct slice t = *s;
	uint64_t n;

	*module = (struct slice){ t.p, 0 };
	cur_blanks(&t);
	if (!cur_until(&t, "+ \t()[]<>{}:", name) || cur_digit(*name->p))
		return false;
	if (cur_char(&t, '+')) {
		if (!cur_hex(&t, &n))
			return false;
		if (cur_char(&t, '/'))
			cur_hex(&t, &n);
	}
	*s = t;
	cur_blanks(&t);
	if (cur_char(&t, '[') && cur_until(&t, "] (", module)) {
		/* "[module build-id]": the first word is the name */
		struct slice rest = t;

		if (cur_find(&rest, "]"))
			*s = rest;
	}
	return true;
}

/* "[<addr>] (": what shows mail or Markdown as a page takes the blank out of it. */
static bool arm_address(struct slice *s)
{
	return cur_find(s, slice_find(*s, "](") ? "](" : "] (");
}

/* arm: "[<addr>] (callee+0x1/0x2 [m]) from [<addr>] (caller+0x3/0x4 [m])" */
static int arm(struct log_report *r, struct slice s)
{
	struct slice name, module, t = s;

	if (arm_address(&t) && function(&t, &name, &module) && !r->n_frames &&
	    push(r, name, module, false))
		return -ENOMEM;
	if (!cur_find(&s, " from ") || !cur_find(&s, "("))
		return 0;
	return function(&s, &name, &module) ? push(r, name, module, false) : 0;
}

/* arm since 5.19: "callee [m] from caller+0x1/0x2 [m]" */
static int arm_new(struct log_report *r, struct slice s)
{
	struct slice name, module, t = s;

	if (!r->n_frames && function(&t, &name, &module) && push(r, name, module, false))
		return -ENOMEM;
	cur_find(&s, " from ");
	return function(&s, &name, &module) ? push(r, name, module, false) : 0;
}

/* x86-64 to 2.6.17: "<ffffffff8015e9dc>{__alloc_pages+796}", "{:module:name+12}" */
static int braces(struct log_report *r, struct slice s)
{
	struct slice name, module;

	while (cur_find(&s, "{")) {
		module = (struct slice){ s.p, 0 };
		if (cur_char(&s, ':') && !(cur_until(&s, ":", &module) && cur_char(&s, ':')))
			return 0;
		if (cur_until(&s, "+}", &name) && push(r, name, module, false))
			return -ENOMEM;
	}
	return 0;
}

/* "<c0132552> name+0x1/0x2 [m]  <c0142688> name+0x3/0x4" */
static int bare(struct log_report *r, struct slice s)
{
	struct slice name, module;

	while (cur_find(&s, ">")) {
		if (function(&s, &name, &module) && push(r, name, module, false))
			return -ENOMEM;
	}
	return 0;
}

static int frame(struct log_report *r, struct slice s)
{
	struct slice name, module;
	bool maybe;

	if (s.len > 9 && *s.p == '<' && cur_hexdigit(s.p[1]) && s.p[9] == '>' && !slice_find(s, ">{"))
		return bare(r, s);
	if (slice_starts(s, "Function entered"))
		return 0;
	if (slice_find(s, ">{"))
		return braces(r, s);
	if (slice_starts(s, "[<") && (slice_find(s, "] (") || slice_find(s, "](")) && slice_find(s, " from "))
		return arm(r, s);
	if (*s.p != '[' && slice_find(s, " from "))
		return arm_new(r, s);
	while (*s.p == '<' && cur_find(&s, ">"))
		cur_blanks(&s);
	/* addresses: "[<c0123456>]", "[c000000000123456] [c0000000000abcde]", "([<..>] name)" */
	cur_char(&s, '(');
	while (s.len && *s.p == '[' && cur_find(&s, "]"))
		cur_blanks(&s);
	maybe = cur_lit(&s, "? ");
	cur_blanks(&s);
	if (!function(&s, &name, &module))
		return 0;
	if (slice_find(s, "(unreliable)"))
		maybe = true;
	return push(r, name, module, maybe);
}

/* "[<ffff8000000897f8>]": as wide as the kernel's words. */
static void address_width(struct log_report *r, struct slice s)
{
	size_t n = 0;

	if (r->address_bits || !cur_find(&s, "[<"))
		return;
	while (n < s.len && cur_hexdigit(s.p[n]))
		n++;
	if (n < s.len && s.p[n] == '>' && (n == 16 || n == 8))
		r->address_bits = (unsigned int)n * 4;
}

int decode_trace(struct log_report *r, const struct log_item *it)
{
	struct slice s = slice_trim((struct slice){ it->text, it->len }), name, module;

	if (!s.len)
		return 0;
	address_width(r, s);
	if (it->kind == L_FRAME)
		return frame(r, s);
	/* The place of a warning is its first frame. */
	if ((r->event == LOG_EV_ORDER_ABOVE_MAX || r->event == LOG_EV_NOFAIL_ORDER) && !r->n_frames) {
		if (cur_lit(&s, "RIP: ")) {
			cur_find(&s, ":");
			return function(&s, &name, &module) ? push(r, name, module, false) : 0;
		}
		if (cur_lit(&s, "pc : ") || cur_lit(&s, "NIP ["))
			return function(&s, &name, &module) ? push(r, name, module, false) : 0;
	}
	return 0;
}

/* ---- who asked ---- */

/* Printing of the report itself. */
static bool is_report(const char *f)
{
	static const char *const names[] = {
		"dump_stack", "show_stack", "dump_backtrace", "panic", "unwind_backtrace", "warn_alloc",
		"show_trace", "__dump_stack", "dump_header", "show_mem", "__show_mem", "out_of_memory",
		"__out_of_memory", "oom_kill", "mem_cgroup_out_of_memory", "__warn", "report_bug",
		"handle_bug", "exc_invalid_op", "asm_exc_invalid_op", "invalid_op", "do_invalid_op",
		"do_error_trap", "fixup_bug", "bug_handler", "warn_slowpath", "slab_out_of_memory",
		"check_panic_on_oom", "oom_badness", "badness", "oom_evaluate_task", "select_bad_process",
		"pagefault_out_of_memory", "mm_fault_error", "mem_cgroup_oom", "print_", "report_addr",
		"call_break_hook", "brk_handler", "el1_dbg", "el1h_64_sync", "do_debug_exception",
		"early_brk64", "do_trap", "error_code", "el1_brk64", "show_backtrace", "prepare_frametrace",
		"c_backtrace", "dump_bt", "oops_", "__report_bug", "do_el1_brk64", "walk_stackframe",
		NULL
	};

	return function_starts(f, names);
}

/* Entry of an exception or interrupt: what stands below it asked for nothing. */
static bool is_entry(const char *f)
{
	static const char *const names[] = {"irq_exit",
					    "do_IRQ",
					    "common_interrupt",
					    "ret_from",
					    "apic_timer",
					    "__irq_svc",
					    "do_softirq",
					    "__do_softirq",
					    "handle_softirqs",
					    "call_softirq",
					    "el0_",
					    "el1_",
					    "entry_SYSCALL",
					    "asm_",
					    "system_call",
					    "do_syscall",
					    "worker_thread",
					    "kthread",
					    "process_one_work",
					    NULL};

	return function_starts(f, names);
}

/* Frames with '?' count only where the unwinder was sure of none. */
static bool use_maybe(const struct log_report *r)
{
	size_t sure = 0;

	for (size_t i = 0; i < r->n_frames; i++)
		sure += !r->frames[i].maybe && !is_report(r->frames[i].function);
	return sure < 2;
}

/* To 2.6.25 what lay on the stack by chance is not told from what was called. */
static bool is_unsure(const struct log_report *r, bool maybe)
{
	struct slice k = slice_of(r->kernel ? r->kernel : "");
	uint64_t n;

	if (cur_lit(&k, "2.6.") && cur_u64(&k, &n))
		return maybe || n < 26;
	return maybe;
}

/* Of the kernel proper, and a call of the allocator comes yet: it only lay on the stack. */
static bool is_chance(const struct log_report *r, const struct log_frame *f, bool maybe)
{
	static const char *const reclaim[] = {
		"try_to_free", "do_try_to_free", "shrink_",	   "do_shrink",
		"drain_",      "wake",		 "zone_watermark", NULL};
	int ahead = 0;

	for (const struct log_frame *g = f + 1; !f->module && g < r->frames + r->n_frames && ahead < 3; g++) {
		if ((g->maybe && !maybe) || is_report(g->function))
			continue;
		if (!g->module && (function_allocates(g->function) || function_allocates_skb(g->function)))
			return !function_starts(g->function, reclaim);
		if (is_entry(g->function) &&
		    !function_starts(g->function, (const char *const[]){"apic_timer", "irq", NULL}))
			return false;
		ahead++;
	}
	return false;
}

int decode_requester(struct log_report *r)
{
	bool maybe = use_maybe(r), unsure = is_unsure(r, maybe), skb = false, begun = false;
	const struct log_frame *who = NULL, *inner = NULL, *before = NULL;

	/* Between the report's own frames and the allocator nothing asks: find the last allocator run. */
	for (size_t i = 0; i < r->n_frames; i++) {
		const struct log_frame *f = &r->frames[i];

		if ((f->maybe && !maybe) || is_report(f->function))
			continue;
		if (!f->module && (function_allocates(f->function) || function_allocates_skb(f->function))) {
			skb |= function_allocates_skb(f->function);
			begun = true;
			before = inner;
			inner = f;
			continue;
		}
		if (!begun && !f->module && is_entry(f->function))
			continue;
		if (begun && unsure && is_chance(r, f, maybe))
			continue;
		who = f;
		break;
	}
	/* An initcall asks for itself, whatever runs it. */
	if (who && before && strcmp(who->function, "do_one_initcall") == 0) {
		who = inner;
		inner = before;
	}
	r->api = inner ? inner->function : NULL;
	if (!who)
		return 0;
	r->requester = who->function;
	r->module = who->module;
	r->subsystem = who->module ? who->module : subsystem_of(who->function);
	if (!r->subsystem && skb)
		r->subsystem = "network";
	/* Nothing known of the function itself: its callers may be a module or a known part. */
	for (const struct log_frame *f = who + 1; !r->subsystem && f < r->frames + r->n_frames; f++) {
		if (f->maybe && !maybe)
			continue;
		if (!f->module && is_entry(f->function))
			break;
		r->subsystem = f->module ? f->module : subsystem_of(f->function);
	}
	return 0;
}
