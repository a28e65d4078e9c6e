// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/log_gfp.h"

#include <errno.h>
#include <string.h>

#include "read/allocators.h"

/* One kernel for each numbering, the newest last. */
static const struct {
	unsigned int major, minor;
} samples[] = { { 2, 6 }, { 3, 10 }, { 4, 4 }, { 4, 9 }, { 4, 14 }, { 4, 19 }, { 5, 10 },
		{ 5, 15 }, { 6, 1 }, { 6, 6 }, { 6, 12 }, { 7, 3 } };

static bool names_fit(const struct mm_rules *rules, const struct log_report *r, struct gfp *gfp)
{
	struct gfp_names names = { rules, NULL };

	if (gfp_parse(&names, slice_of(r->gfp.names), gfp, NULL))
		return false;
	return !r->gfp.has_mask || gfp_to_mask(&names, *gfp) == r->gfp.mask;
}

/* Kernels to 4.5 print the mask alone; 4.4 added the two reclaim bits to every mask that waits. */
static size_t numbering_of_mask(uint64_t mask)
{
	return mask & 0x2000000 ? 2 : 1;
}

static void guess(struct mm_rules *rules, const struct log_report *r)
{
	size_t n = ARRAY_SIZE(samples);
	struct gfp gfp;

	if (r->gfp.has_mask && !r->gfp.names) {
		n = numbering_of_mask(r->gfp.mask);
		*rules = mm_rules_for(samples[n].major, samples[n].minor, 0, 0, 0);
		rules->label = "no release in the report; a mask without names is of a kernel before 4.6";
		rules->assumed = true;
		return;
	}
	/* The newest that fits: masks of 5.4 and later are alike but for the topmost bits. */
	while (r->gfp.names && n-- > 0) {
		struct mm_rules try = mm_rules_for(samples[n].major, samples[n].minor, 0, 0, 0);

		if (names_fit(&try, r, &gfp)) {
			*rules = try;
			rules->label = "no release in the report; the numbering of its gfp mask";
			rules->assumed = true;
			return;
		}
	}
	rules->label = "no release in the report: the newest rules";
	rules->assumed = true;
}

/* Trees of vendors carry the flags of later kernels: a numbering in which mask and names agree is theirs. */
static bool other_numbering(struct mm_rules *rules, const struct log_report *r)
{
	size_t n = ARRAY_SIZE(samples);

	while (n-- > 0) {
		struct mm_rules try = mm_rules_for(samples[n].major, samples[n].minor, 0, 0, 0);
		struct gfp gfp;

		if (try.epoch != rules->epoch && names_fit(&try, r, &gfp)) {
			rules->epoch = try.epoch;
			return true;
		}
	}
	return false;
}

/* A list of names as the report prints it: split at '|'. */
static int split(struct log_diagnosis *d, const char *text)
{
	size_t n = 1;

	for (const char *p = text; *p; p++)
		n += *p == '|';
	d->gfp_names = arena_array(&d->arena, n, sizeof(*d->gfp_names));
	if (!d->gfp_names)
		return -ENOMEM;
	while (*text) {
		size_t len = strcspn(text, "|");

		if (len) {
			const char *name = arena_strndup(&d->arena, text, len);

			if (!name)
				return -ENOMEM;
			d->gfp_names[d->n_gfp_names++] = name;
		}
		text += len + (text[len] == '|');
	}
	return 0;
}

static int from_mask(struct log_diagnosis *d, const struct log_report *r, const struct gfp_names *names)
{
	auto_strbuf struct strbuf text = STRBUF_INIT;

	d->gfp = gfp_from_mask(names, r->gfp.mask);
	d->has_gfp = true;
	if (!r->gfp.mask)
		return 0; /* no flag, and no name for that */
	gfp_format(names, d->gfp, &text);
	return split(d, sb_str(&text));
}

int log_gfp_decode(struct log_diagnosis *d, const struct log_report *r, struct mm_rules *rules)
{
	struct gfp_names names = { rules, NULL };
	auto_strbuf struct strbuf text = STRBUF_INIT;
	struct slice culprit = { NULL, 0 };
	struct gfp by_mask;

	if (!r->kernel)
		guess(rules, r);
	if (!r->gfp.names)
		return r->gfp.has_mask ? from_mask(d, r, &names) : 0;
	if (split(d, r->gfp.names))
		return -ENOMEM;
	if (gfp_parse(&names, slice_of(r->gfp.names), &d->gfp, &culprit)) {
		/* A name of a vendor's kernel, or cut: what the mask says is all there is. */
		if (r->gfp.has_mask) {
			d->gfp = gfp_from_mask(&names, r->gfp.mask);
			d->has_gfp = true;
		}
		d->gfp_mismatch = arena_printf(&d->arena, "the report names %.*s, which this kernel is not known to have",
					       (int)(culprit.len < 60 ? culprit.len : 60), culprit.p ? culprit.p : "");
		return d->gfp_mismatch ? 0 : -ENOMEM;
	}
	d->has_gfp = true;
	if (!r->gfp.has_mask || gfp_to_mask(&names, d->gfp) == r->gfp.mask)
		return 0;
	if (other_numbering(rules, r))
		return gfp_parse(&names, slice_of(r->gfp.names), &d->gfp, NULL) ? -ENOMEM : 0;
	by_mask = gfp_from_mask(&names, r->gfp.mask);
	if (by_mask.flags == d->gfp.flags && by_mask.unknown == d->gfp.unknown)
		return 0;
	gfp_format(&names, by_mask, &text);
	d->gfp_mismatch = arena_printf(&d->arena,
				       "mask and names disagree: 0x%llx is %s in the numbering of %s; the names are believed",
				       (unsigned long long)r->gfp.mask, sb_str(&text), rules->label);
	return d->gfp_mismatch ? 0 : -ENOMEM;
}

/*
 * mm/vmscan.c sets PF_MEMALLOC in kswapd and around direct reclaim. An interrupt on top of it has none
 * (__gfp_pfmemalloc_flags); frames that are not sure tell nothing. What lies below shrink_node may be the reclaim
 * of a memory cgroup, which has it only since 4.12.
 */
bool log_in_reclaim(const struct log_report *r)
{
	static const char *const reclaim[] = { "kswapd", "balance_pgdat", "try_to_free_pages", "__perform_reclaim", "__node_reclaim",
					       "__zone_reclaim", NULL };
	static const char *const interrupt[] = { "irq_exit", "__irq_exit", "do_IRQ", "common_interrupt", "apic_timer", "asm_", "sysvec_",
						 "__do_softirq", "do_softirq", "handle_softirqs", "call_softirq", "net_rx_action",
						 "tasklet_", "ret_from_i", "el1_irq", "el1h_64_irq", "gic_handle", "handle_irq", "__irq_svc",
						 "__handle_irq", "__handle_domain_irq", "generic_handle", "run_timer_softirq", NULL };

	for (size_t i = 0; i < r->n_frames; i++) {
		const struct log_frame *f = &r->frames[i];

		if (f->maybe || f->module)
			continue;
		if (function_starts(f->function, interrupt))
			return false;
		if (function_starts(f->function, reclaim))
			return true;
	}
	return false;
}
