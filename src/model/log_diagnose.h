/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why the allocation of a report failed: the decisions of the kernel that wrote
 * it, run on the report's own numbers. Those were printed after the failure, so
 * a check that failed then may hold in them; that is said.
 */
#ifndef MODEL_LOG_DIAGNOSE_H
#define MODEL_LOG_DIAGNOSE_H

#include "kernel/watermark.h"
#include "log/report.h"
#include "model/verdict.h"

/* How one zone stood the test of this request. All in pages. */
struct log_zone_check {
	int node;
	const char *zone;
	bool allowed;
	const char *why_not;	    /* not allowed: "above the highest zone of the request", ... */
	struct watermark_test test; /* at MIN with the request's rights */
	bool order0_ok;		    /* the same for a single page */
	bool no_marks;		    /* the report does not hold its watermarks */
	uint64_t managed;
	uint64_t weight;	    /* its managed pages, or a guess from its mark where they are not printed */
};

struct log_remedy {
	const char *action, *command; /* command NULL: none */
	const char *whom;	      /* "operator" or "author" */
};

struct log_diagnosis {
	struct arena arena;
	enum cause cause;
	const char *summary;
	const char *request, *detail; /* its parts: what was asked for; what the zones say. NULL: not of pages */

	/* the request */
	struct gfp gfp;
	bool has_gfp;
	const char **gfp_names; /* flags, composites first, as the kernel's own printing */
	size_t n_gfp_names;
	const char *gfp_mismatch; /* mask and names disagree: a sentence; NULL */
	unsigned int version;	  /* of the kernel, as in struct mm_rules; 0 not known */
	struct mm_rules mm_rules; /* its rules; the newest where it is not known */
	const char *rules;	  /* which kernel's rules, and why those */
	struct opt_u64 size_bytes; /* of the block or area that was asked for */
	bool may_reclaim, may_compact, costly;
	bool in_reclaim;	  /* the task was in reclaim (PF_MEMALLOC): no watermark holds for it */
	bool may_ever_compact;	  /* the kernel can: since 2.6.35 */
	const char *could_help;	  /* sentence: reclaim, compaction, neither */
	struct log_zone_check *checks;
	size_t n_checks;
	int largest_order;	  /* usable block in the allowed zones; -1 none or unknown */
	bool transient;		  /* the numbers of the report would let it succeed */
	bool marks_absurd;	  /* a zone must keep more free than it holds */
	bool weak;		  /* no Mem-Info: judged by the request alone */
	const char *pattern;	  /* a known pattern it fits; NULL */

	struct log_remedy *remedies;
	size_t n_remedies, cap_remedies;
};

/*
 * @before: the page allocator's report that came before this one, or NULL, with
 * its diagnosis: slab's and DMA pools' messages follow it. 0 or -ENOMEM;
 * release with log_diagnosis_done in any case.
 */
int log_diagnose(struct log_diagnosis *d, const struct log_report *r,
		 const struct log_report *before, const struct log_diagnosis *before_d);
void log_diagnosis_done(struct log_diagnosis *d);
/* The cause in a few words. */
const char *log_cause_words(enum cause c);

/* model/log_remedies.c: fills pattern and remedies from the rest; @before as above. */
int log_remedies(struct log_diagnosis *d, const struct log_report *r, const struct log_report *before,
		 const struct log_diagnosis *before_d);

#endif
